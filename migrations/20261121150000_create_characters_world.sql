-- The world that the characters share: one row. `epoch` is raised when the whole is replaced (import, restore): what was under way for the
-- world before is refused at its commit.
create table characters_world (
    only_one boolean primary key default true,
    epoch bigint not null default 1,
    -- what the seeded choices hang on
    seed bigint not null default 0,
    -- ticks counted at `anchored_at`, by the intervals of `config` since then (rookery_characters::ticks)
    fast_ticks bigint not null default 0,
    slow_ticks bigint not null default 0,
    anchored_at timestamptz not null default clock_timestamp(),
    config jsonb not null default '{}',
    config_version bigint not null default 1,
    -- the run of the experiment that is on or was last; 0: there was none
    experiment_run bigint not null default 0,
    experiment_active boolean not null default false,
    -- the dormant character that was asked last: they take turns
    dormant_turn uuid not null default '00000000-0000-0000-0000-000000000000',
    -- when dormant characters were asked last
    dormant_at timestamptz not null default clock_timestamp(),
    constraint characters_world_only_one check (only_one)
);
insert into characters_world default values;

create table characters_archetypes (
    id text primary key,
    archetype jsonb not null,
    created_at timestamptz not null default clock_timestamp()
);

-- Who somebody is: what people write and seldom change.
create table characters (
    key uuid primary key,
    -- the name clients use
    id text not null,
    name text not null,
    archetype text not null,
    identity jsonb not null,
    metadata jsonb not null default '{}',
    location text,
    initial_closeness double precision not null default 0,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    constraint characters_id_unique unique (id)
);
create index characters_by_location on characters (location, key) where location is not null;

-- What somebody feels and intends: a document that the engine reads and writes (rookery_characters::mind), and when it is their turn.
create table characters_minds (
    key uuid primary key references characters (key) on delete cascade,
    mind json not null,
    version bigint not null default 1,
    -- 2 active, 1 background, 0 dormant: by the closest player, as of the last look
    tier smallint not null default 0,
    -- when an active or background character is asked next; no index: every turn would have to touch it
    next_tick_at timestamptz,
    -- counts the decisions that were begun: who commits one shows the number it began with
    fence bigint not null default 0,
    -- a decision that waits for a language model: its trigger, and until when its worker has it
    thinking json,
    lease_until timestamptz,
    -- mail waits for somebody who would not be asked soon
    called_at timestamptz,
    ticks_skipped bigint not null default 0,
    -- raised by whatever changes the memories: caches of them look at it
    memories_version bigint not null default 0,
    constraint characters_minds_tier_known check (tier between 0 and 2)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
create index characters_minds_awake on characters_minds (tier) where tier > 0;
create index characters_minds_dormant on characters_minds (key) where tier = 0;
create index characters_minds_called on characters_minds (key) where called_at is not null;
create index characters_minds_thinking on characters_minds (key) where thinking is not null;

-- Closeness of a character to a player, as of slow tick `at_slow`; it fades by a closed form.
create table characters_proximity (
    key uuid not null references characters (key) on delete cascade,
    player_id text not null,
    closeness double precision not null,
    high_water double precision not null,
    at_slow bigint not null,
    total_interactions bigint not null default 0,
    last_interaction_at timestamptz,
    updated_at timestamptz not null default clock_timestamp(),
    primary key (key, player_id)
);

-- One direction each: what `from_key` holds of `to_key`, as of slow tick `at_slow`.
create table characters_relationships (
    from_key uuid not null references characters (key) on delete cascade,
    to_key uuid not null references characters (key) on delete cascade,
    type text not null,
    strength double precision not null,
    trust double precision not null,
    notes text not null default '',
    at_slow bigint not null,
    interactions bigint not null default 0,
    last_interaction_at timestamptz,
    updated_at timestamptz not null default clock_timestamp(),
    primary key (from_key, to_key)
);
create index characters_relationships_by_target on characters_relationships (to_key);

-- Episodic memory.
create extension if not exists btree_gin;
create table characters_memories (
    id uuid primary key,
    key uuid not null references characters (key) on delete cascade,
    -- grows with time within a character: neighbours in it belong to the same conversation
    number bigint generated always as identity,
    -- null: it has to do with no player
    player_id text,
    -- episode, dialogue, reflection, summary, fact
    kind text not null,
    content text not null,
    event_type text,
    tags text[] not null default '{}',
    importance double precision not null,
    -- `current_importance` is worked out from these on reading
    decay_rate double precision not null,
    at_slow bigint not null,
    pinned boolean not null default false,
    -- what it was made from: a decision, a chat, an event, other memories
    source jsonb not null default '{}',
    -- when it stopped being so, and what says so now
    superseded_at timestamptz,
    superseded_by uuid,
    embedding bytea,
    embedding_model text,
    words tsvector generated always as (to_tsvector('english', content)) stored,
    created_at timestamptz not null default clock_timestamp()
);
create index characters_memories_by_character on characters_memories (key, number desc);
create index characters_memories_by_weight on characters_memories (key, importance desc);
create index characters_memories_words on characters_memories using gin (key, words);

-- What was said between a player and a character.
create table characters_messages (
    id bigint generated always as identity primary key,
    key uuid not null references characters (key) on delete cascade,
    player_id text not null,
    -- user or assistant
    role text not null,
    content text not null,
    -- the task of the chat: written once, however often the task is tried
    task_id uuid,
    created_at timestamptz not null default clock_timestamp(),
    constraint characters_messages_role_known check (role in ('user', 'assistant')),
    constraint characters_messages_once unique (task_id, role)
);
create index characters_messages_by_character on characters_messages (key, player_id, id desc);

create table characters_decisions (
    id uuid primary key,
    key uuid not null references characters (key) on delete cascade,
    player_id text not null,
    trigger_type text not null,
    trigger_event text,
    -- what was done in a word: a tool's name, dialogue, idle
    action text not null,
    -- tool_call, dialogue, idle
    action_type text not null,
    -- arguments or words
    detail json not null,
    -- scores, memories, prompt hash: why
    explanation json not null,
    provider text not null,
    inference_tier text not null,
    context_tokens int not null,
    response_tokens int not null,
    duration_ms double precision not null,
    variant text,
    created_at timestamptz not null default clock_timestamp()
);
create index characters_decisions_by_character on characters_decisions (key, created_at desc);
create index characters_decisions_by_time on characters_decisions using brin (created_at);

-- What happened, as it was told to us. `spread_at`: when it had reached the mail of all whom it concerns.
create table characters_events (
    id uuid primary key,
    event jsonb not null,
    importance double precision not null,
    -- who had a part in it, if a player had
    player_id text,
    created_at timestamptz not null default clock_timestamp(),
    spread_at timestamptz
);
create index characters_events_to_spread on characters_events (created_at) where spread_at is null;

-- What a character has yet to take in: events, words, rumours. It is taken in at the next turn, in this order.
create table characters_mail (
    number bigint generated always as identity primary key,
    key uuid not null references characters (key) on delete cascade,
    letter json not null,
    created_at timestamptz not null default clock_timestamp()
);
create index characters_mail_by_character on characters_mail (key, number);

create table characters_world_facts (
    number bigint generated always as identity primary key,
    key text not null,
    value jsonb not null,
    category text not null,
    source text not null,
    valid_from timestamptz not null default clock_timestamp(),
    -- null: it is so now
    valid_to timestamptz
);
create unique index characters_world_facts_now on characters_world_facts (key) where valid_to is null;
create index characters_world_facts_then on characters_world_facts (key, valid_from desc);

create table characters_groups (
    id text primary key,
    name text not null,
    purpose text not null,
    leader_id text,
    cohesion double precision not null,
    created_at timestamptz not null default clock_timestamp()
);
create table characters_group_members (
    group_id text not null references characters_groups (id) on delete cascade,
    key uuid not null references characters (key) on delete cascade,
    place int not null,
    primary key (group_id, key)
);
create index characters_group_members_by_character on characters_group_members (key);

create table characters_factions (
    id text primary key,
    name text not null,
    -- the most who may hold each rank, from the top; null: any number
    max_members jsonb not null default '[]',
    created_at timestamptz not null default clock_timestamp()
);
create table characters_ranks (
    faction_id text not null references characters_factions (id) on delete cascade,
    key uuid not null references characters (key) on delete cascade,
    -- 0 is the top
    rank_level int not null,
    since timestamptz not null default clock_timestamp(),
    primary key (faction_id, key)
);
create index characters_ranks_by_character on characters_ranks (key);

create table characters_conversations (
    id text primary key,
    participant_ids text[] not null,
    topic text not null,
    max_turns int not null,
    turns jsonb not null default '[]',
    -- active, completed, failed
    status text not null,
    task_id uuid,
    started_at timestamptz not null default clock_timestamp(),
    completed_at timestamptz
);

create table characters_variants (
    name text primary key,
    config jsonb not null,
    weight double precision not null,
    created_at timestamptz not null default clock_timestamp()
);

create table characters_snapshots (
    id text primary key,
    name text not null,
    description text not null default '',
    -- the snapshot it was forked from
    parent_id text,
    -- the export, gzip
    state bytea not null,
    characters bigint not null,
    created_at timestamptz not null default clock_timestamp()
);

-- Every call of a provider. Money in millionths of a dollar.
create table characters_llm_calls (
    id uuid primary key,
    provider text not null,
    model text not null,
    tier text not null,
    purpose text not null,
    character_id text,
    player_id text,
    task_id uuid,
    prompt_tokens int not null default 0,
    cached_tokens int not null default 0,
    completion_tokens int not null default 0,
    cost_micro_usd bigint not null default 0,
    duration_ms double precision not null,
    -- ok, empty, malformed, timeout, rate_limited, error, cancelled
    outcome text not null,
    created_at timestamptz not null default clock_timestamp()
);
create index characters_llm_calls_by_time on characters_llm_calls using brin (created_at);

-- Counts, by who counted and in which ten seconds: written with what they count, added up on reading. Old ones are gathered under
-- `counted_at` = 'epoch' by housekeeping.
create table characters_tallies (
    source uuid not null,
    counted_at timestamptz not null,
    name text not null,
    count bigint not null,
    primary key (counted_at, source, name)
);
