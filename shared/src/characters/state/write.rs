//! Records of the document as rows: Postgres reads the JSON. Each statement takes a list of records that were judged before.

use sqlx::{Error, PgConnection};
use uuid::Uuid;

use super::import::Awake;

pub(super) async fn archetypes(connection: &mut PgConnection, records: &str) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into characters_archetypes (id, archetype, created_at)
        select archetype ->> 'id', archetype, to_timestamp("createdAt" / 1000.0)
        from json_to_recordset($1::text::json) as record (archetype jsonb, "createdAt" bigint)"#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Who they are, and their minds with their turns.
pub(super) async fn characters(
    connection: &mut PgConnection,
    records: &str,
    turns: &[Awake],
) -> Result<(), Error> {
    let keys: Vec<Uuid> = turns.iter().map(|turn| turn.key).collect();
    let tiers: Vec<i16> = turns.iter().map(|turn| turn.tier as i16).collect();
    let delays_ms: Vec<f64> = turns
        .iter()
        .map(|turn| turn.delay.as_secs_f64() * 1e3)
        .collect();
    sqlx::query!(
        r#"with record as (
            select * from rows from (json_to_recordset($1::text::json) as (
                id text, name text, archetype text, identity jsonb, metadata jsonb, location text, "initialCloseness" double precision,
                "createdAt" bigint, "updatedAt" bigint, mind json, called boolean, "toKeep" boolean, "ticksSkipped" bigint
            )) with ordinality
            join unnest($2::uuid[], $3::smallint[], $4::double precision[]) with ordinality as turn (key, tier, delay_ms, ordinality)
                using (ordinality)
        ), persona as (
            insert into characters (key, id, name, archetype, identity, metadata, location, initial_closeness, created_at, updated_at)
            select key, id, name, archetype, identity, metadata, location, "initialCloseness",
                to_timestamp("createdAt" / 1000.0), to_timestamp("updatedAt" / 1000.0)
            from record
        )
        insert into characters_minds (key, mind, tier, next_tick_at, called_at, keep_at, ticks_skipped)
        select key, mind, tier, case when tier > 0 then clock_timestamp() + delay_ms * interval '1 millisecond' end,
            case when called then clock_timestamp() end, case when "toKeep" then clock_timestamp() + interval '1 minute' end,
            coalesce("ticksSkipped", 0)
        from record"#,
        records,
        &keys,
        &tiers,
        &delays_ms,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn proximity(connection: &mut PgConnection, records: &str) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into characters_proximity (key, player_id, closeness, high_water, at_slow, total_interactions,
            last_interaction_at, updated_at)
        select who.key, "playerId", closeness, "highWaterMark", "atSlow", "totalInteractions",
            to_timestamp("lastInteractionAt" / 1000.0), to_timestamp("updatedAt" / 1000.0)
        from json_to_recordset($1::text::json) as record (
            "characterId" text, "playerId" text, closeness double precision, "highWaterMark" double precision, "atSlow" bigint,
            "totalInteractions" bigint, "lastInteractionAt" bigint, "updatedAt" bigint
        ) join characters as who on who.id = "characterId""#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn relationships(
    connection: &mut PgConnection,
    records: &str,
) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into characters_relationships (from_key, to_key, type, strength, trust, notes, at_slow, interactions,
            last_interaction_at, updated_at)
        select holder.key, held.key, type, strength, trust, notes, "atSlow", interactions,
            to_timestamp("lastInteractionAt" / 1000.0), to_timestamp("updatedAt" / 1000.0)
        from json_to_recordset($1::text::json) as record (
            "fromId" text, "toId" text, type text, strength double precision, trust double precision, notes text, "atSlow" bigint,
            interactions bigint, "lastInteractionAt" bigint, "updatedAt" bigint
        ) join characters as holder on holder.id = "fromId" join characters as held on held.id = "toId""#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Numbered anew in the order of the document.
pub(super) async fn memories(connection: &mut PgConnection, records: &str) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into characters_memories (id, key, player_id, kind, content, event_type, tags, importance, decay_rate, at_slow,
            pinned, source, superseded_at, superseded_by, embedding, embedding_model, created_at)
        select record.id, who.key, "playerId", kind, content, "eventType", tags, importance, "decayRate", "atSlow", pinned,
            coalesce(source, 'null'), to_timestamp("supersededAt" / 1000.0), "supersededBy", decode(embedding, 'base64'), "embeddingModel",
            to_timestamp("createdAt" / 1000.0)
        from rows from (json_to_recordset($1::text::json) as (
            id uuid, "characterId" text, "playerId" text, kind text, content text, "eventType" text, tags text[],
            importance double precision, "decayRate" double precision, "atSlow" bigint, pinned boolean, source jsonb,
            "supersededAt" bigint, "supersededBy" uuid, embedding text, "embeddingModel" text, "createdAt" bigint
        )) with ordinality as record join characters as who on who.id = "characterId" order by ordinality"#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Numbered anew in the order of the document.
pub(super) async fn messages(connection: &mut PgConnection, records: &str) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into characters_messages (key, player_id, role, content, task_id, created_at)
        select who.key, "playerId", role, content, "taskId", to_timestamp("createdAt" / 1000.0)
        from rows from (json_to_recordset($1::text::json) as (
            "characterId" text, "playerId" text, role text, content text, "taskId" uuid, "createdAt" bigint
        )) with ordinality as record join characters as who on who.id = "characterId" order by ordinality"#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn decisions(connection: &mut PgConnection, records: &str) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into characters_decisions (id, key, player_id, trigger_type, trigger_event, action, action_type, detail,
            explanation, provider, inference_tier, context_tokens, response_tokens, duration_ms, variant, created_at)
        select record.id, who.key, "playerId", "triggerType", "triggerEvent", action, "actionType", coalesce(detail, 'null'),
            explanation, provider, "inferenceTier", "contextTokens", "responseTokens", "durationMs", variant, to_timestamp("createdAt" / 1000.0)
        from json_to_recordset($1::text::json) as record (
            id uuid, "characterId" text, "playerId" text, "triggerType" text, "triggerEvent" text, action text, "actionType" text,
            detail json, explanation json, provider text, "inferenceTier" text, "contextTokens" int, "responseTokens" int,
            "durationMs" double precision, variant text, "createdAt" bigint
        ) join characters as who on who.id = "characterId""#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// In the order of the document, which is the order of taking in.
pub(super) async fn mail(connection: &mut PgConnection, records: &str) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into characters_mail (key, letter, created_at)
        select who.key, letter, to_timestamp("createdAt" / 1000.0)
        from rows from (json_to_recordset($1::text::json) as ("characterId" text, letter json, "createdAt" bigint))
            with ordinality as record join characters as who on who.id = "characterId" order by ordinality"#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn events(connection: &mut PgConnection, records: &str) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into characters_events (id, event, importance, player_id, created_at)
        select id, event, importance, "playerId", to_timestamp("createdAt" / 1000.0)
        from json_to_recordset($1::text::json) as record (
            id uuid, event jsonb, importance double precision, "playerId" text, "createdAt" bigint
        )"#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A value that is null is JSON's null, not Postgres'.
pub(super) async fn facts(connection: &mut PgConnection, records: &str) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into characters_world_facts (key, value, category, source, valid_from, valid_to)
        select key, coalesce(value, 'null'), category, source, to_timestamp("validFrom" / 1000.0), to_timestamp("validTo" / 1000.0)
        from rows from (json_to_recordset($1::text::json) as (
            key text, value jsonb, category text, source text, "validFrom" bigint, "validTo" bigint
        )) with ordinality as record order by ordinality"#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn groups(connection: &mut PgConnection, records: &str) -> Result<(), Error> {
    sqlx::query!(
        r#"with record as (
            select * from json_to_recordset($1::text::json) as record (
                id text, name text, purpose text, "leaderId" text, cohesion double precision, "memberIds" text[], "createdAt" bigint
            )
        ), band as (
            insert into characters_groups (id, name, purpose, leader_id, cohesion, created_at)
            select id, name, purpose, "leaderId", cohesion, to_timestamp("createdAt" / 1000.0) from record
        )
        insert into characters_group_members (group_id, key, place)
        select record.id, who.key, place - 1
        from record, unnest("memberIds") with ordinality as member (id, place) join characters as who on who.id = member.id"#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn factions(connection: &mut PgConnection, records: &str) -> Result<(), Error> {
    sqlx::query!(
        r#"with record as (
            select * from json_to_recordset($1::text::json) as record (
                id text, name text, "maxMembers" jsonb, ranks json, "createdAt" bigint
            )
        ), faction as (
            insert into characters_factions (id, name, max_members, created_at)
            select id, name, "maxMembers", to_timestamp("createdAt" / 1000.0) from record
        )
        insert into characters_ranks (faction_id, key, rank_level, since)
        select record.id, who.key, "rankLevel", to_timestamp(since / 1000.0)
        from record, json_to_recordset(ranks) as held ("characterId" text, "rankLevel" int, since bigint)
            join characters as who on who.id = "characterId""#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// One that was going on has nobody any more who carries it on.
pub(super) async fn conversations(
    connection: &mut PgConnection,
    records: &str,
) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into characters_conversations (id, participant_ids, topic, max_turns, turns, status, started_at, completed_at)
        select id, "participantIds", topic, "maxTurns", turns, case status when 'active' then 'failed' else status end,
            to_timestamp("startedAt" / 1000.0),
            case status when 'active' then clock_timestamp() else to_timestamp("completedAt" / 1000.0) end
        from json_to_recordset($1::text::json) as record (
            id text, "participantIds" text[], topic text, "maxTurns" int, turns jsonb, status text, "startedAt" bigint,
            "completedAt" bigint
        )"#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn variants(connection: &mut PgConnection, records: &str) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into characters_variants (name, config, weight, created_at)
        select name, config, weight, to_timestamp("createdAt" / 1000.0)
        from json_to_recordset($1::text::json) as record (name text, config jsonb, weight double precision, "createdAt" bigint)"#,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}
