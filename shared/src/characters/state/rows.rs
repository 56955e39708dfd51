//! The rows of each table as records of the document: Postgres writes the JSON.

use futures_util::Stream;
use sqlx::{Error, PgConnection};

/// In the order in which they were made.
pub(super) fn characters(
    connection: &mut PgConnection,
) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select id, name, archetype, identity, metadata, location, initial_closeness as "initialCloseness",
                (extract(epoch from created_at) * 1000)::bigint as "createdAt",
                (extract(epoch from updated_at) * 1000)::bigint as "updatedAt",
                mind, called_at is not null as called, keep_at is not null as "toKeep", ticks_skipped as "ticksSkipped"
            from characters join characters_minds using (key) order by key
        ) as record"#
    )
    .fetch(connection)
}

pub(super) fn archetypes(
    connection: &mut PgConnection,
) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select archetype, (extract(epoch from created_at) * 1000)::bigint as "createdAt"
            from characters_archetypes order by id
        ) as record"#
    )
    .fetch(connection)
}

pub(super) fn proximity(
    connection: &mut PgConnection,
) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select id as "characterId", player_id as "playerId", closeness, high_water as "highWaterMark", at_slow as "atSlow",
                total_interactions as "totalInteractions",
                (extract(epoch from last_interaction_at) * 1000)::bigint as "lastInteractionAt",
                (extract(epoch from met.updated_at) * 1000)::bigint as "updatedAt"
            from characters_proximity as met join characters using (key) order by met.key, player_id
        ) as record"#
    )
    .fetch(connection)
}

pub(super) fn relationships(
    connection: &mut PgConnection,
) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select holder.id as "fromId", held.id as "toId", type, strength, trust, notes, at_slow as "atSlow", interactions,
                (extract(epoch from last_interaction_at) * 1000)::bigint as "lastInteractionAt",
                (extract(epoch from bond.updated_at) * 1000)::bigint as "updatedAt"
            from characters_relationships as bond
                join characters as holder on holder.key = from_key join characters as held on held.key = to_key
            order by from_key, to_key
        ) as record"#
    )
    .fetch(connection)
}

/// Of each character in the order in which they were made: neighbours belong together. Base64 comes in lines of 76.
pub(super) fn memories(connection: &mut PgConnection) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select memory.id, who.id as "characterId", player_id as "playerId", kind, content, event_type as "eventType", tags,
                importance, decay_rate as "decayRate", at_slow as "atSlow", pinned, source,
                (extract(epoch from superseded_at) * 1000)::bigint as "supersededAt", superseded_by as "supersededBy",
                replace(encode(embedding, 'base64'), E'\n', '') as embedding, embedding_model as "embeddingModel",
                (extract(epoch from memory.created_at) * 1000)::bigint as "createdAt"
            from characters_memories as memory join characters as who using (key) order by memory.key, number
        ) as record"#
    )
    .fetch(connection)
}

pub(super) fn messages(connection: &mut PgConnection) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select who.id as "characterId", player_id as "playerId", role, content, task_id as "taskId",
                (extract(epoch from message.created_at) * 1000)::bigint as "createdAt"
            from characters_messages as message join characters as who using (key) order by message.id
        ) as record"#
    )
    .fetch(connection)
}

/// Decisions of one moment keep their order by their ids, which grow.
pub(super) fn decisions(
    connection: &mut PgConnection,
) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select decision.id, who.id as "characterId", player_id as "playerId", trigger_type as "triggerType",
                trigger_event as "triggerEvent", action, action_type as "actionType", detail, explanation, provider,
                inference_tier as "inferenceTier", context_tokens as "contextTokens", response_tokens as "responseTokens",
                duration_ms as "durationMs", variant,
                (extract(epoch from decision.created_at) * 1000)::bigint as "createdAt"
            from characters_decisions as decision join characters as who using (key) order by decision.id
        ) as record"#
    )
    .fetch(connection)
}

pub(super) fn mail(connection: &mut PgConnection) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select who.id as "characterId", letter, (extract(epoch from mail.created_at) * 1000)::bigint as "createdAt"
            from characters_mail as mail join characters as who using (key) order by number
        ) as record"#
    )
    .fetch(connection)
}

/// Those that have not reached everybody.
pub(super) fn events(connection: &mut PgConnection) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select id, event, importance, player_id as "playerId", (extract(epoch from created_at) * 1000)::bigint as "createdAt"
            from characters_events where spread_at is null order by id
        ) as record"#
    )
    .fetch(connection)
}

pub(super) fn facts(connection: &mut PgConnection) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select key, value, category, source, (extract(epoch from valid_from) * 1000)::bigint as "validFrom",
                (extract(epoch from valid_to) * 1000)::bigint as "validTo"
            from characters_world_facts order by number
        ) as record"#
    )
    .fetch(connection)
}

pub(super) fn groups(connection: &mut PgConnection) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select id, name, purpose, leader_id as "leaderId", cohesion, array(
                    select who.id from characters_group_members as member join characters as who using (key)
                    where group_id = band.id order by place, member.key
                ) as "memberIds",
                (extract(epoch from created_at) * 1000)::bigint as "createdAt"
            from characters_groups as band order by id
        ) as record"#
    )
    .fetch(connection)
}

pub(super) fn factions(connection: &mut PgConnection) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select id, name, max_members as "maxMembers", (
                    select coalesce(json_agg(json_build_object('characterId', who.id, 'rankLevel', rank_level,
                        'since', (extract(epoch from since) * 1000)::bigint) order by rank_level, since, ranks.key), '[]')
                    from characters_ranks as ranks join characters as who using (key) where faction_id = faction.id
                ) as ranks,
                (extract(epoch from created_at) * 1000)::bigint as "createdAt"
            from characters_factions as faction order by id
        ) as record"#
    )
    .fetch(connection)
}

pub(super) fn conversations(
    connection: &mut PgConnection,
) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select id, participant_ids as "participantIds", topic, max_turns as "maxTurns", turns, status,
                (extract(epoch from started_at) * 1000)::bigint as "startedAt",
                (extract(epoch from completed_at) * 1000)::bigint as "completedAt"
            from characters_conversations order by started_at, id
        ) as record"#
    )
    .fetch(connection)
}

pub(super) fn variants(connection: &mut PgConnection) -> impl Stream<Item = Result<String, Error>> {
    sqlx::query_scalar!(
        r#"select row_to_json(record)::text as "record!" from (
            select name, config, weight, (extract(epoch from created_at) * 1000)::bigint as "createdAt"
            from characters_variants order by created_at, name
        ) as record"#
    )
    .fetch(connection)
}
