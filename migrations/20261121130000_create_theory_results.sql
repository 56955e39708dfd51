-- The game's rules without its name: what results depend on. Null in rows that are older than the column: those find no result.
alter table theory_documents add column fingerprint bytea
    constraint theory_documents_fingerprint_is_sha256 check (octet_length(fingerprint) = 32);

-- What an analysis found that took its time. A lost row costs a computation.
create table theory_results (
    -- SHA-256 of the rules' fingerprint, the analysis, its options and the engine's version
    question bytea primary key,
    result json not null,
    used_at timestamptz not null default clock_timestamp(),
    constraint theory_results_question_is_sha256 check (octet_length(question) = 32)
);

create index theory_results_used_at_idx on theory_results (used_at);

-- Games in other forms, as clients see them.
create table theory_conversions (
    document_hash bytea not null references theory_documents (hash) on delete cascade,
    format text not null,
    game json not null,
    primary key (document_hash, format)
);

-- Where a long run stood, for the attempt that goes on from there.
create table theory_checkpoints (
    task_id uuid primary key references tasks (id) on delete cascade,
    state bytea not null,
    kept_at timestamptz not null default clock_timestamp()
);
