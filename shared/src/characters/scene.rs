//! What a decision starts from, read for many characters at once: minds, who is near, whose player is close, what is so in the world.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rookery_characters::archetype::{Archetype, catalogue};
use rookery_characters::closeness::{Proximity, Tier};
use rookery_characters::decision::{Fact, Neighbour, Percept, Trigger};
use rookery_characters::memory::Recalled;
use rookery_characters::prompt::Variant;
use rookery_characters::relationship::Relationship;
use rookery_characters::{Mind, Persona};
use sqlx::PgConnection;
use uuid::Uuid;

use super::relations::known;
use super::{DEFAULT_PLAYER, Experiment, World};
use crate::StoreError;

/// One character in its world at one moment.
#[derive(Debug, Clone)]
pub struct Scene {
    pub key: Uuid,
    pub persona: Persona,
    pub archetype: Cow<'static, Archetype>,
    pub mind: Mind,
    /// Whom it is closest to, and how close.
    pub player_id: String,
    pub closeness: f64,
    /// When they last had to do with each other.
    pub player_seen_ms: Option<i64>,
    pub tier: Tier,
    pub near: Vec<Neighbour>,
    pub memories: Vec<Recalled>,
    pub facts: Arc<Vec<Fact>>,
    pub world: Arc<World>,
    /// The one that is on.
    pub experiment: Option<Arc<Experiment>>,
}

impl Scene {
    /// The character's variant in the experiment that is on.
    pub fn variant(&self) -> Option<(&str, &Variant)> {
        self.experiment.as_ref()?.of(&self.persona.id)
    }

    pub fn percept<'a>(&'a self, trigger: &'a Trigger) -> Percept<'a> {
        Percept {
            who: &self.persona,
            archetype: &self.archetype,
            mind: &self.mind,
            now: self.world.now,
            config: &self.world.config,
            player_id: &self.player_id,
            closeness: self.closeness,
            tier: self.tier,
            trigger,
            near: &self.near,
            memories: &self.memories,
            facts: &self.facts,
            seed: self.world.seed,
        }
    }
}

/// A mind and whose it is, as read with or without a lock.
pub(super) struct Actor {
    pub(super) key: Uuid,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) archetype: String,
    pub(super) identity: String,
    pub(super) location: Option<String>,
    pub(super) initial_closeness: f64,
    pub(super) mind: String,
}

/// So many of those at the same place are noticed.
const NEAR: i64 = 8;
/// So many of the facts that were set last are known to everybody.
const FACTS: i64 = 12;
/// Players that are looked at for who is closest.
const CLOSEST: i64 = 4;

/// The scenes of these actors, in their order; `about` says to whom each is to be seen, where it is not the closest player.
pub(super) async fn scenes(
    connection: &mut PgConnection,
    world: World,
    actors: Vec<Actor>,
    player: Option<&str>,
) -> Result<Vec<Scene>, StoreError> {
    let experiment = Experiment::read(connection, &world).await?;
    let world = Arc::new(world);
    let facts = Arc::new(facts(connection).await?);
    let kinds = kinds(connection, &actors).await?;
    let closest = closest(connection, &actors, &world, player).await?;
    let mut near = neighbours(connection, &actors, &world).await?;
    actors
        .into_iter()
        .map(|actor| {
            let closest = closest.get(&actor.key).cloned().unwrap_or_else(|| Closest {
                player_id: player.unwrap_or(DEFAULT_PLAYER).to_owned(),
                closeness: actor.initial_closeness,
                seen_ms: None,
            });
            let archetype = match catalogue::find(&actor.archetype) {
                Some(known) => Cow::Borrowed(known),
                None => kinds
                    .get(&actor.archetype)
                    .map_or_else(|| Cow::Borrowed(anybody()), |kind| Cow::Owned(kind.clone())),
            };
            Ok(Scene {
                key: actor.key,
                tier: Tier::of(closest.closeness, &world.config.proximity),
                archetype,
                mind: serde_json::from_str(&actor.mind)?,
                player_id: closest.player_id,
                closeness: closest.closeness,
                player_seen_ms: closest.seen_ms,
                near: near.remove(&actor.key).unwrap_or_default(),
                memories: Vec::new(),
                facts: Arc::clone(&facts),
                world: Arc::clone(&world),
                experiment: experiment.clone(),
                persona: Persona {
                    identity: serde_json::from_str(&actor.identity)?,
                    id: actor.id,
                    name: actor.name,
                    archetype: actor.archetype,
                    location: actor.location,
                },
            })
        })
        .collect()
}

/// Whose archetype is gone, by an import of an older world, is still somebody.
fn anybody() -> &'static Archetype {
    catalogue::find("npc").expect("the catalogue has somebody without a trade")
}

async fn facts(connection: &mut PgConnection) -> Result<Vec<Fact>, StoreError> {
    let rows = sqlx::query!(
        "select key, value, category from characters_world_facts where valid_to is null order by number desc limit $1",
        FACTS
    )
    .fetch_all(connection)
    .await?;
    let facts = rows.into_iter().map(|row| Fact {
        key: row.key,
        value: row.value,
        category: row.category,
    });
    Ok(facts.collect())
}

/// Archetypes that were added here.
async fn kinds(
    connection: &mut PgConnection,
    actors: &[Actor],
) -> Result<HashMap<String, Archetype>, StoreError> {
    let unknown: BTreeSet<_> = actors
        .iter()
        .map(|actor| &actor.archetype)
        .filter(|id| catalogue::find(id).is_none())
        .cloned()
        .collect();
    if unknown.is_empty() {
        return Ok(HashMap::new());
    }
    let unknown: Vec<String> = unknown.into_iter().collect();
    let rows = sqlx::query!(
        r#"select id, archetype::text as "archetype!" from characters_archetypes where id = any($1)"#,
        &unknown
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.id, serde_json::from_str(&row.archetype)?)))
        .collect()
}

#[derive(Clone)]
struct Closest {
    player_id: String,
    closeness: f64,
    seen_ms: Option<i64>,
}

async fn closest(
    connection: &mut PgConnection,
    actors: &[Actor],
    world: &World,
    player: Option<&str>,
) -> Result<HashMap<Uuid, Closest>, StoreError> {
    let keys: Vec<Uuid> = actors.iter().map(|actor| actor.key).collect();
    let rows = sqlx::query!(
        r#"select key as "key!", met.player_id, met.closeness, met.high_water, met.at_slow, met.last_interaction_at
        from unnest($1::uuid[]) as asked (key) cross join lateral (
            select player_id, closeness, high_water, at_slow, last_interaction_at from characters_proximity as met
            where met.key = asked.key and ($2::text is null or player_id = $2)
            order by closeness desc limit $3
        ) as met"#,
        &keys,
        player,
        CLOSEST
    )
    .fetch_all(connection)
    .await?;
    let mut closest: HashMap<Uuid, Closest> = HashMap::with_capacity(keys.len());
    for row in rows {
        let stored = Proximity {
            closeness: row.closeness,
            high_water: row.high_water,
            at_slow: row.at_slow.cast_unsigned(),
        };
        let now = stored.at(world.now.slow, &world.config.proximity).closeness;
        match closest.get(&row.key) {
            Some(best) if best.closeness >= now => {}
            _ => {
                let found = Closest {
                    player_id: row.player_id,
                    closeness: now,
                    seen_ms: row.last_interaction_at.map(|at| at.timestamp_millis()),
                };
                closest.insert(row.key, found);
            }
        }
    }
    Ok(closest)
}

struct Passer {
    key: Uuid,
    id: String,
    name: String,
    archetype: String,
}

async fn neighbours(
    connection: &mut PgConnection,
    actors: &[Actor],
    world: &World,
) -> Result<HashMap<Uuid, Vec<Neighbour>>, StoreError> {
    let places: BTreeSet<_> = actors
        .iter()
        .filter_map(|actor| actor.location.clone())
        .collect();
    if places.is_empty() {
        return Ok(HashMap::new());
    }
    let places: Vec<String> = places.into_iter().collect();
    let rows = sqlx::query!(
        r#"select place as "place!", there.key, there.id, there.name, there.archetype
        from unnest($1::text[]) as place cross join lateral (
            select key, id, name, archetype from characters where location = place order by key limit $2
        ) as there"#,
        &places,
        NEAR + 1
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut there: HashMap<String, Vec<Passer>> = HashMap::new();
    let mut others = BTreeSet::new();
    for row in rows {
        others.insert(row.key);
        there.entry(row.place).or_default().push(Passer {
            key: row.key,
            id: row.id,
            name: row.name,
            archetype: row.archetype,
        });
    }
    let keys: Vec<Uuid> = actors.iter().map(|actor| actor.key).collect();
    let others: Vec<Uuid> = others.into_iter().collect();
    let bonds = known(connection, &keys, &others).await?;
    let near = |actor: &Actor| -> Vec<Neighbour> {
        let there = actor.location.as_ref().and_then(|place| there.get(place));
        let others = there
            .into_iter()
            .flatten()
            .filter(|other| other.key != actor.key);
        others
            .take(usize::try_from(NEAR).unwrap_or(usize::MAX))
            .map(|other| Neighbour {
                id: other.id.clone(),
                name: other.name.clone(),
                archetype: other.archetype.clone(),
                relationship: bonds
                    .get(&(actor.key, other.key))
                    .map_or_else(Relationship::default, |bond| bond.at(world.now.slow)),
            })
            .collect()
    };
    Ok(actors
        .iter()
        .map(|actor| (actor.key, near(actor)))
        .collect())
}
