-- Recorded tasks: this table is the truth, Redis only carries ids as wake-up hints (ARCHITECTURE.md).
-- payload, progress, partial and result are `json`, not `jsonb`: they are stored and returned as written (key order,
-- `1.0`, `\u0000`), nobody searches in them, and a finish costs less.
create table tasks (
    id uuid primary key,
    kind text not null,
    owner text not null,
    subject text,
    payload json not null,
    priority smallint not null,
    status text not null default 'pending',
    version bigint not null default 1,
    attempt integer not null default 0,
    max_attempts integer not null,
    run_at timestamptz not null default clock_timestamp(),
    lease_until timestamptz,
    worker text,
    cancel_requested boolean not null default false,
    progress json,
    partial json,
    result json,
    error text,
    past_attempts jsonb not null default '[]',
    trace_context text,
    hinted_at timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    completed_at timestamptz,
    constraint tasks_status_known check (status in ('pending', 'running', 'completed', 'failed', 'cancelled')),
    constraint tasks_priority_known check (priority between 0 and 2),
    constraint tasks_running_is_leased check ((status = 'running') = (lease_until is not null)),
    constraint tasks_finished_has_time check ((status in ('completed', 'failed', 'cancelled')) = (completed_at is not null))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

create index tasks_waiting on tasks (kind, priority, run_at) where status = 'pending';
create index tasks_leased on tasks (lease_until) where status = 'running';
create index tasks_by_owner on tasks (owner, id desc);
