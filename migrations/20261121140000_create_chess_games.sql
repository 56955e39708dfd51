-- Live chess. This table is the truth about every game: the node that answers keeps nothing that counts. Each change raises `version`
-- and is made where the version is still the one that was read (shared/src/chess/commit.rs).
create table chess_games (
    id uuid primary key,
    creator_account_id uuid not null,
    -- who alone may join; null: anyone but the creator
    opponent_account_id uuid,
    color_preference varchar(8) not null,
    white_account_id uuid,
    black_account_id uuid,
    status varchar(32) not null,
    rated boolean not null default true,
    variant_code varchar(32) not null default 'standard',
    draw_policy varchar(16) not null default 'fide',
    time_initial_ms int not null,
    time_increment_ms int not null,
    -- what is left at `turn_started_at`
    white_clock_ms int not null,
    black_clock_ms int not null,
    side_to_move char(1) not null default 'w',
    fen text not null,
    -- keys of the positions since the last irreversible move, for repetition (rookery_chess::rules::History)
    history bytea not null,
    ply int not null default 0,
    draw_offer char(1),
    takeback_offer char(1),
    result varchar(8),
    end_reason varchar(32),
    -- how a fallen flag was judged: exact, or static when the search for a mating sequence was given up
    adjudication varchar(8),
    bot_id varchar(32),
    bot_color char(1),
    bot_seed bigint,
    -- a human-like pause before the bot's moves
    bot_thinks boolean not null default false,
    -- when the bot has to answer: the truth behind the alarm; a worker that takes the turn moves it a lease ahead
    bot_due_at timestamptz,
    rematch_of uuid references chess_games (id),
    rematch_id uuid references chess_games (id),
    rematch_offer char(1),
    version bigint not null default 1,
    -- the version that ended it; later ones only speak of a rematch
    ended_version bigint,
    turn_started_at timestamptz,
    -- when the flag of the side to move falls, by Postgres' clock: the truth behind the alarm
    deadline_at timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    ended_at timestamptz,
    updated_at timestamptz not null default clock_timestamp(),
    constraint chess_games_status_known check (status in ('waiting_for_opponent', 'in_progress', 'ended')),
    constraint chess_games_result_known check (result in ('1-0', '0-1', '1/2-1/2')),
    constraint chess_games_running_has_deadline check ((status = 'in_progress') = (deadline_at is not null)),
    constraint chess_games_ended_has_reason check ((status = 'ended') = (end_reason is not null) and (status = 'ended') = (ended_at is not null)),
    constraint chess_games_clocks_not_negative check (white_clock_ms >= 0 and black_clock_ms >= 0)
    -- No index on deadline_at or bot_due_at: every move would have to touch it. The sweep looks through the games in progress.
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);

create index chess_games_by_white on chess_games (white_account_id, id desc);
create index chess_games_by_black on chess_games (black_account_id, id desc);
create index chess_games_by_creator on chess_games (creator_account_id, id desc) where status = 'waiting_for_opponent';
create index chess_games_by_invited on chess_games (opponent_account_id, id desc) where status = 'waiting_for_opponent';
create index chess_games_by_status on chess_games (status, id desc);

-- The last guard against a doubled move is the primary key.
create table chess_game_moves (
    game_id uuid not null references chess_games (id) on delete cascade,
    ply int not null,
    id uuid not null default gen_random_uuid(),
    -- of the game, after this move: the event's number
    version bigint not null,
    move_number int not null,
    color char(1) not null,
    from_square char(2) not null,
    to_square char(2) not null,
    promotion char(1),
    san varchar(16) not null,
    fen_after text not null,
    played_at timestamptz not null,
    elapsed_ms int not null,
    -- the mover's, increment included
    clock_ms int not null,
    primary key (game_id, ply)
);

-- What happened beside the moves. Together with the moves: one entry a version.
create table chess_game_events (
    game_id uuid not null references chess_games (id) on delete cascade,
    version bigint not null,
    id uuid not null default gen_random_uuid(),
    event_type varchar(32) not null,
    payload json not null,
    created_at timestamptz not null,
    primary key (game_id, version)
);

-- Ended games that other services have to hear of: written by the statement that ends the game, relayed to a Redis stream.
create table chess_outbox (
    event_id uuid primary key,
    game_id uuid not null unique references chess_games (id) on delete cascade,
    payload json not null,
    created_at timestamptz not null default clock_timestamp(),
    sent_at timestamptz
);

create index chess_outbox_unsent on chess_outbox (created_at) where sent_at is null;
