//! Who would follow when a place of a faction falls empty.

use std::collections::HashMap;

use rookery_characters::hierarchy::{Claim, Rank, successor};
use rookery_characters::relationship::{Bond, Relationship};
use rookery_characters::reputation::{GENERAL, Reputation};

use super::{CharacterError, Characters};
use crate::StoreError;

/// Somebody who might follow.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub rank: Rank,
    pub reputation: f64,
    /// What the other candidates hold of them, on the average.
    pub trust: f64,
    /// 0 to 1.
    pub score: f64,
}

/// The best score first.
#[derive(Debug, Clone)]
pub struct Succession {
    pub heir_id: Option<String>,
    pub candidates: Vec<Candidate>,
}

/// Of larger factions, the highest ranks: each is judged by all the others.
const MOST: usize = 200;

/// What a character has: reputation, and what others hold of it.
struct Standing {
    reputation: f64,
    trust: f64,
}

impl Characters {
    /// Among those below the rank.
    pub async fn succession(
        &self,
        faction_id: &str,
        level: u32,
    ) -> Result<Succession, CharacterError> {
        let (_, ranks) = self.faction(faction_id).await?;
        let below = ranks.into_iter().filter(|rank| rank.rank_level > level);
        let ranks: Vec<Rank> = below.take(MOST).collect();
        let (now_ms, mut standings) = self.standings(&ranks).await?;
        let mut candidates: Vec<Candidate> = ranks
            .into_iter()
            .filter_map(|rank| {
                let Standing { reputation, trust } = standings.remove(&rank.character_id)?;
                let claim = claim(&rank, reputation, trust);
                Some(Candidate {
                    score: claim.score(now_ms),
                    reputation,
                    trust,
                    rank,
                })
            })
            .collect();
        let claims: Vec<Claim<'_>> = candidates
            .iter()
            .map(|one| claim(&one.rank, one.reputation, one.trust))
            .collect();
        let heir_id = successor(&claims, now_ms).map(str::to_owned);
        candidates.sort_by(|one, other| {
            let scores = other.score.total_cmp(&one.score);
            scores.then_with(|| one.rank.character_id.cmp(&other.rank.character_id))
        });
        Ok(Succession {
            heir_id,
            candidates,
        })
    }

    /// And the moment they are true of.
    async fn standings(
        &self,
        ranks: &[Rank],
    ) -> Result<(i64, HashMap<String, Standing>), StoreError> {
        let world = self.world().await?;
        let ids: Vec<String> = ranks.iter().map(|rank| rank.character_id.clone()).collect();
        let minds = sqlx::query!(
            r#"select id, (mind -> 'reputation')::text as reputation
            from characters join characters_minds using (key) where id = any($1)"#,
            &ids
        )
        .fetch_all(&self.store.pool)
        .await?;
        let ties = sqlx::query!(
            "select other.id, type as bond, strength, trust, at_slow, interactions
            from characters_relationships
            join characters as one on one.key = from_key
            join characters as other on other.key = to_key
            where one.id = any($1) and other.id = any($1)",
            &ids
        )
        .fetch_all(&self.store.pool)
        .await?;
        // Whoever never dealt with somebody holds of them what one holds of strangers.
        let stranger = Relationship::default().trust;
        let others = minds.len().saturating_sub(1).max(1) as f64;
        let mut standings = HashMap::with_capacity(minds.len());
        for row in minds {
            let stored = row
                .reputation
                .as_deref()
                .map(serde_json::from_str::<Reputation>);
            let reputation = stored.transpose()?.unwrap_or_default();
            let standing = Standing {
                reputation: reputation.at(world.now.slow).score(GENERAL),
                trust: stranger,
            };
            standings.insert(row.id, standing);
        }
        for row in ties {
            let held = Relationship {
                bond: Bond::named(&row.bond).unwrap_or(Bond::Neutral),
                strength: row.strength,
                trust: row.trust,
                at_slow: row.at_slow.cast_unsigned(),
                interactions: row.interactions.cast_unsigned(),
            };
            if let Some(standing) = standings.get_mut(&row.id) {
                standing.trust += (held.at(world.now.slow).trust - stranger) / others;
            }
        }
        Ok((world.now.ms, standings))
    }
}

fn claim(rank: &Rank, reputation: f64, trust: f64) -> Claim<'_> {
    Claim {
        character_id: &rank.character_id,
        reputation,
        trust,
        since: rank.since,
    }
}
