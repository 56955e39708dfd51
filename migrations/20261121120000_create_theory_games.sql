-- A game's document by its SHA-256: immutable, so that a queued analysis names the game as it was when it was ordered, whatever
-- becomes of the game meanwhile. `json`, not `jsonb`: read as written, nobody searches in it.
create table theory_documents (
    hash bytea primary key,
    document json not null,
    -- since when no game has it; the workers' housekeeping sets it and, much later, deletes the row
    unused_since timestamptz,
    constraint theory_documents_hash_is_sha256 check (octet_length(hash) = 32)
);

create table theory_games (
    id text primary key,
    format text not null,
    -- the item of the list of games, made once at upload
    summary json not null,
    -- {analysis: null when it can take this game, else why not}: a submit reads this instead of the game
    fit json not null,
    document_hash bytea not null references theory_documents (hash),
    version bigint not null default 1,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp()
);

create index theory_games_document_hash_idx on theory_games (document_hash);

-- One row once the examples were loaded: a store that its owner has emptied stays empty.
create table theory_examples (
    only_row boolean primary key default true,
    loaded_at timestamptz not null default clock_timestamp(),
    constraint theory_examples_one_row check (only_row)
);
