-- The answer to a request that carried an Idempotency-Key, kept a day.
-- The row is inserted by the transaction that does the work: until it commits, a twin waits on the primary key.
create table idempotency_keys (
    scope       text        not null,
    key         text        not null,
    fingerprint bytea       not null,
    -- json, not jsonb: given again as it was written; null only inside the transaction that works on it
    answer      json,
    created_at  timestamptz not null default clock_timestamp(),
    constraint idempotency_keys_pkey primary key (scope, key)
);

create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
