//! Who stands above whom in a faction, who may order whom, and who follows when a place falls empty.

use serde::{Deserialize, Serialize};

use crate::bounds::{bounded, share};

/// A body with ranks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Faction {
    pub id: String,
    pub name: String,
    /// The most who may hold each rank, from the top; none said: any number.
    #[serde(default)]
    pub max_members: Vec<Option<u32>>,
}

/// Somebody's place in a faction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rank {
    pub character_id: String,
    pub faction_id: String,
    /// 0 is the top.
    pub rank_level: u32,
    /// Milliseconds since 1970.
    pub since: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rank {level} of {faction} is full: {most} at most")]
pub struct RankFull {
    pub faction: String,
    pub level: u32,
    pub most: u32,
}

impl Faction {
    /// Whether one more may hold this rank, so many holding it now.
    pub fn has_room(&self, level: u32, holders: u32) -> Result<(), RankFull> {
        let place = usize::try_from(level).ok();
        let most = place.and_then(|place| self.max_members.get(place).copied().flatten());
        match most {
            Some(most) if holders >= most => Err(RankFull {
                faction: self.id.clone(),
                level,
                most,
            }),
            _ => Ok(()),
        }
    }
}

impl Rank {
    /// Orders go down within a faction, never up or sideways.
    pub fn may_order(&self, other: &Self) -> bool {
        self.faction_id == other.faction_id && self.rank_level < other.rank_level
    }
}

/// What somebody brings for an empty place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claim<'a> {
    pub character_id: &'a str,
    /// -100 to 100.
    pub reputation: f64,
    /// 0 to 100: what the others hold of them, on the average.
    pub trust: f64,
    pub since: i64,
}

/// From here on seniority counts in full.
const SENIOR_MS: f64 = 30.0 * 24.0 * 60.0 * 60.0 * 1_000.0;

impl Claim<'_> {
    /// 0 to 1. The weights, and the thirty days, are defaults of the contract's engine.
    pub fn score(&self, now_ms: i64) -> f64 {
        let served = now_ms.saturating_sub(self.since) as f64;
        0.4 * (bounded(self.reputation, -100.0, 100.0) + 100.0) / 200.0
            + 0.3 * share(self.trust / 100.0)
            + 0.3 * share(served / SENIOR_MS)
    }
}

/// Who follows: the best score, of equals the first by id.
pub fn successor<'a>(claims: &[Claim<'a>], now_ms: i64) -> Option<&'a str> {
    let best = claims.iter().max_by(|one, other| {
        let scores = one.score(now_ms).total_cmp(&other.score(now_ms));
        scores.then_with(|| other.character_id.cmp(one.character_id))
    });
    best.map(|claim| claim.character_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(faction: &str, level: u32) -> Rank {
        Rank {
            character_id: format!("{faction}-{level}"),
            faction_id: faction.to_owned(),
            rank_level: level,
            since: 0,
        }
    }

    #[test]
    fn orders_go_down_within_a_faction() {
        assert!(rank("staff", 0).may_order(&rank("staff", 1)));
        assert!(rank("staff", 0).may_order(&rank("staff", 9)));
        assert!(!rank("staff", 1).may_order(&rank("staff", 1)));
        assert!(!rank("staff", 1).may_order(&rank("staff", 0)));
        assert!(!rank("staff", 0).may_order(&rank("watch", 1)));
    }

    #[test]
    fn a_rank_holds_as_many_as_it_may() {
        let staff = Faction {
            id: "staff".into(),
            name: "Tavern Staff".into(),
            max_members: vec![Some(1), None],
        };
        assert_eq!(staff.has_room(0, 0), Ok(()));
        assert!(staff.has_room(0, 1).is_err());
        assert_eq!(staff.has_room(1, 1_000), Ok(()));
        assert_eq!(staff.has_room(u32::MAX, 1_000), Ok(()));
    }

    #[test]
    fn the_best_claim_follows() {
        const DAY: i64 = 86_400_000;
        let claim = |character_id, reputation, trust, days: i64| Claim {
            character_id,
            reputation,
            trust,
            since: 100 * DAY - days * DAY,
        };
        // By hand: .4 · .75 + .3 · .5 + .3 · .5 = .6; seniority counts no more than thirty days.
        let score = claim("a", 50.0, 50.0, 15).score(100 * DAY);
        assert!((score - 0.6).abs() < 1e-12);
        let old = claim("a", 100.0, 100.0, 90).score(100 * DAY);
        assert!((old - 1.0).abs() < 1e-12);
        let claims = [
            claim("elara", 10.0, 60.0, 3),
            claim("theron", 10.0, 60.0, 30),
            claim("fynn", 10.0, 60.0, 40),
        ];
        assert_eq!(successor(&claims, 100 * DAY), Some("fynn"), "ties go by id");
        assert_eq!(successor(&[], 0), None);
        let broken = Claim {
            since: i64::MIN,
            ..claim("x", f64::NAN, f64::INFINITY, 0)
        };
        assert!((0.0..=1.0).contains(&broken.score(i64::MAX)));
    }
}
