//! Writing decisions: the log, what is remembered of them, and what they do to others.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use rookery_characters::decision::{Action, Decision, Effects, Explanation, Trigger};
use rookery_characters::memory::NewMemory;
use rookery_queue::Queue;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::scene::Scene;
use super::tallies::Tally;
use super::{World, experiments, memories, relations};
use crate::StoreError;

/// A decision that was made, with what it takes to log it.
pub(super) struct Made {
    pub(super) key: Uuid,
    pub(super) character_id: String,
    pub(super) player_id: String,
    pub(super) trigger: Trigger,
    pub(super) decision: Decision,
    pub(super) effects: Effects,
    pub(super) provider: String,
    pub(super) context_tokens: u32,
    pub(super) response_tokens: u32,
    pub(super) duration: Duration,
    pub(super) variant: Option<String>,
}

/// What nobody was asked for.
pub const OFFLINE: &str = "offline";

impl Made {
    pub(super) fn offline(
        scene: &Scene,
        (trigger, decision): (Trigger, Decision),
        effects: Effects,
        duration: Duration,
    ) -> Self {
        Self {
            key: scene.key,
            character_id: scene.persona.id.clone(),
            player_id: scene.player_id.clone(),
            trigger,
            decision,
            effects,
            provider: OFFLINE.to_owned(),
            context_tokens: 0,
            response_tokens: 0,
            duration,
            variant: None,
        }
    }

    fn announced(&self, id: Uuid, now_ms: i64) -> Announced {
        let action = &self.decision.action;
        Announced {
            id,
            character_id: self.character_id.clone(),
            trigger_type: self.trigger.as_str().to_owned(),
            action: action.name().to_owned(),
            action_type: action.kind().to_owned(),
            detail: detail(action),
            provider: self.provider.clone(),
            created_at: now_ms,
        }
    }
}

/// A decision as those who watch hear of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Announced {
    pub id: Uuid,
    pub character_id: String,
    pub trigger_type: String,
    pub action: String,
    pub action_type: String,
    /// A tool's arguments, or the words.
    pub detail: Value,
    pub provider: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// Where decisions are published, many in one payload.
pub const DECISIONS: &str = "characters:decisions";

/// After the commit. Whoever hears nothing finds them in the log.
pub(super) fn announce(queue: &Queue, announced: &[Announced]) {
    if announced.is_empty() {
        return;
    }
    match serde_json::to_vec(announced) {
        Ok(payload) => queue.publish(DECISIONS, payload),
        Err(error) => tracing::error!(%error, "decisions do not serialise"),
    }
}

/// In the transaction that writes the minds. Answers with what to announce once it is committed.
pub(super) async fn write(
    connection: &mut PgConnection,
    world: &World,
    made: Vec<Made>,
    tally: &mut Tally,
    mut kept: Vec<(Uuid, NewMemory)>,
) -> Result<Vec<Announced>, StoreError> {
    let announced = log(connection, (&made, world), tally).await?;
    let keys = addressed(connection, &made).await?;
    let mut post = Vec::new();
    let mut bonds = Vec::new();
    let mut moves = Vec::new();
    for one in made {
        let effects = one.effects;
        kept.extend(effects.memories.into_iter().map(|memory| (one.key, memory)));
        let letters = effects.letters.into_iter();
        post.extend(letters.filter_map(|(to, letter)| Some((*keys.get(&to)?, letter))));
        let relationships = effects.relationships.into_iter();
        bonds.extend(relationships.filter_map(|(to, bond)| Some((one.key, *keys.get(&to)?, bond))));
        moves.extend(effects.moved_to.map(|place| (one.key, place)));
    }
    memories::insert(connection, &kept, world).await?;
    if !post.is_empty() {
        let (to, letters): (Vec<Uuid>, Vec<_>) = post.into_iter().unzip();
        let letters: Vec<String> = letters
            .iter()
            .map(serde_json::to_string)
            .collect::<Result<_, _>>()?;
        sqlx::query!(
            "insert into characters_mail (key, letter)
            select key, letter::json from unnest($1::uuid[], $2::text[]) with ordinality as new (key, letter, number)
            where exists (select from characters where characters.key = new.key) order by number",
            &to,
            &letters
        )
        .execute(&mut *connection)
        .await?;
    }
    if !bonds.is_empty() {
        relations::store(connection, &bonds).await?;
    }
    if !moves.is_empty() {
        let (keys, places): (Vec<Uuid>, Vec<String>) = moves.into_iter().unzip();
        sqlx::query!(
            "update characters set location = new.place from unnest($1::uuid[], $2::text[]) as new (key, place)
            where characters.key = new.key",
            &keys,
            &places
        )
        .execute(connection)
        .await?;
    }
    Ok(announced)
}

/// The keys of whom the decisions have to do with; who is gone has none.
async fn addressed(
    connection: &mut PgConnection,
    made: &[Made],
) -> Result<HashMap<String, Uuid>, StoreError> {
    let letters = made.iter().flat_map(|one| &one.effects.letters);
    let bonds = made.iter().flat_map(|one| &one.effects.relationships);
    let ids: BTreeSet<&String> = letters
        .map(|(id, _)| id)
        .chain(bonds.map(|(id, _)| id))
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<String> = ids.into_iter().cloned().collect();
    let rows = sqlx::query!("select id, key from characters where id = any($1)", &ids)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.key)).collect())
}

async fn log(
    connection: &mut PgConnection,
    (made, world): (&[Made], &World),
    tally: &mut Tally,
) -> Result<Vec<Announced>, StoreError> {
    let mut announced = Vec::with_capacity(made.len());
    if made.is_empty() {
        return Ok(announced);
    }
    let mut ids = Vec::with_capacity(made.len());
    let mut keys = Vec::with_capacity(made.len());
    let mut players = Vec::with_capacity(made.len());
    let mut triggers = Vec::with_capacity(made.len());
    let mut events = Vec::with_capacity(made.len());
    let mut actions = Vec::with_capacity(made.len());
    let mut kinds = Vec::with_capacity(made.len());
    let mut details = Vec::with_capacity(made.len());
    let mut explanations = Vec::with_capacity(made.len());
    let mut providers = Vec::with_capacity(made.len());
    let mut tiers = Vec::with_capacity(made.len());
    let mut asked = Vec::with_capacity(made.len());
    let mut answered = Vec::with_capacity(made.len());
    let mut durations = Vec::with_capacity(made.len());
    let mut variants = Vec::with_capacity(made.len());
    for one in made {
        let action = &one.decision.action;
        let duration_ms = one.duration.as_secs_f64() * 1000.0;
        let id = Uuid::now_v7();
        announced.push(one.announced(id, world.now.ms));
        ids.push(id);
        keys.push(one.key);
        players.push(one.player_id.clone());
        triggers.push(one.trigger.as_str().to_owned());
        events.push(event(&one.trigger));
        actions.push(action.name().to_owned());
        kinds.push(action.kind().to_owned());
        details.push(detail(action).to_string());
        explanations.push(serde_json::to_string(&shortened(
            &one.decision.explanation,
        ))?);
        providers.push(one.provider.clone());
        tiers.push(one.decision.inference_tier.as_str().to_owned());
        asked.push(one.context_tokens.cast_signed());
        answered.push(one.response_tokens.cast_signed());
        durations.push(duration_ms);
        variants.push(one.variant.clone());
        count(one, duration_ms, tally);
        if let (Some(variant), Some(run)) = (&one.variant, world.experiment) {
            tally.add(experiments::tally(run, variant, action.kind()), 1);
        }
    }
    sqlx::query!(
        "insert into characters_decisions (id, key, player_id, trigger_type, trigger_event, action, action_type, detail, explanation,
            provider, inference_tier, context_tokens, response_tokens, duration_ms, variant)
        select id, key, player_id, trigger_type, trigger_event, action, action_type, detail::json, explanation::json, provider,
            inference_tier, context_tokens, response_tokens, duration_ms, variant
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                $10::text[], $11::text[], $12::int[], $13::int[], $14::float8[], $15::text[])
            as new (id, key, player_id, trigger_type, trigger_event, action, action_type, detail, explanation, provider,
                inference_tier, context_tokens, response_tokens, duration_ms, variant)",
        &ids,
        &keys,
        &players,
        &triggers,
        &events as &[Option<String>],
        &actions,
        &kinds,
        &details,
        &explanations,
        &providers,
        &tiers,
        &asked,
        &answered,
        &durations,
        &variants as &[Option<String>],
    )
    .execute(connection)
    .await?;
    Ok(announced)
}

fn event(trigger: &Trigger) -> Option<String> {
    match trigger {
        Trigger::Event { event, .. } => Some(event.kind.clone()),
        Trigger::FastTick | Trigger::SlowTick => None,
    }
}

fn detail(action: &Action) -> Value {
    match action {
        Action::ToolCall { arguments, .. } => Value::Object(arguments.clone()),
        Action::Dialogue { text } => Value::String(text.clone()),
        Action::Idle => Value::Null,
    }
}

/// Options that the log explains: the best ones.
const OPTIONS: usize = 4;

fn shortened(explanation: &Explanation) -> Explanation {
    let mut options: Vec<_> = explanation.scores.iter().collect();
    let total = |parts: &std::collections::BTreeMap<String, f64>| parts.values().sum::<f64>();
    options.sort_by(|a, b| total(b.1).total_cmp(&total(a.1)));
    let best = options.into_iter().take(OPTIONS);
    Explanation {
        scores: best
            .map(|(name, parts)| (name.clone(), parts.clone()))
            .collect(),
        ..explanation.clone()
    }
}

fn count(made: &Made, duration_ms: f64, tally: &mut Tally) {
    let action = &made.decision.action;
    tally.add("decisions", 1);
    tally.add(format!("action:{}", action.kind()), 1);
    if let Action::ToolCall { tool, .. } = action {
        tally.add(format!("tool:{tool}"), 1);
    }
    for hint in &made.decision.explanation.hints {
        tally.add(format!("hint:{hint}"), 1);
    }
    inferred(
        tally,
        made.context_tokens + made.response_tokens,
        duration_ms,
    );
}

/// A request that somebody answered, a model or the offline provider.
pub(super) fn inferred(tally: &mut Tally, tokens: u32, duration_ms: f64) {
    tally.add("inference:requests", 1);
    tally.add("inference:tokens", i64::from(tokens));
    tally.add("inference:us", (duration_ms * 1000.0) as i64);
    tally.took("latency", duration_ms);
}
