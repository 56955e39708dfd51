//! What bounds durable moves: the same tables written by pgbench, one statement a move, and 32 moves a statement.

use sqlx::AssertSqlSafe;

use crate::limits::pgbench;
use crate::machine::Machine;
use crate::stage::Stage;

/// Moves a second.
pub struct Bare {
    pub one_by_one: f64,
    pub together: f64,
}

/// Games in progress that the moves go to.
const GAMES: u32 = 20_000;
const CLIENTS: u32 = 16;
const TOGETHER: u32 = 32;
/// Each moves in a part of the games of its own: they would wait for each other otherwise.
const BATCHERS: u32 = 4;

pub async fn measure(machine: &Machine) -> anyhow::Result<Bare> {
    let stage = Stage::open(machine).await?;
    sqlx::raw_sql(AssertSqlSafe(games()))
        .execute(&stage.pool)
        .await?;
    sqlx::raw_sql("vacuum analyze chess_games")
        .execute(&stage.pool)
        .await?;
    let one = format!(
        "\\set n random(1, {GAMES})\n{}",
        moves("id = lpad(to_hex(cast(:n as int)), 32, '0')::uuid")
    );
    let part = GAMES / BATCHERS;
    let last = part - TOGETHER;
    let beyond = TOGETHER - 1;
    let many = format!(
        "\\set n 1 + :client_id * {part} + random(0, {last})\n{}",
        moves(&format!(
            "id in (select lpad(to_hex(cast(:n as int) + step), 32, '0')::uuid from generate_series(0, {beyond}) step)"
        ))
    );
    let one_by_one = pgbench(machine, &stage.database_url, CLIENTS, &one).await?;
    let together = pgbench(machine, &stage.database_url, BATCHERS, &many).await?;
    stage.close().await?;
    Ok(Bare {
        one_by_one,
        together: together * f64::from(TOGETHER),
    })
}

fn games() -> String {
    format!(
        "insert into chess_games (id, creator_account_id, white_account_id, black_account_id, color_preference, status, \
            time_initial_ms, time_increment_ms, white_clock_ms, black_clock_ms, fen, history, turn_started_at, deadline_at, started_at) \
        select lpad(to_hex(n), 32, '0')::uuid, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'white', 'in_progress', \
            10800000, 0, 10800000, 10800000, '{FEN}', '\\x0011223344556677', now(), now() + interval '3 hours', now() \
        from generate_series(1, {GAMES}) n"
    )
}

const FEN: &str = "rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq - 0 1";

/// The least that a durable move needs: the game where its version and clock allow it, and the move's own row.
fn moves(which: &str) -> String {
    format!(
        "with moved as (update chess_games set version = version + 1, ply = ply + 1, \
            side_to_move = case side_to_move when 'w' then 'b' else 'w' end, fen = '{FEN}', history = '\\x0011223344556677', \
            turn_started_at = clock_timestamp(), deadline_at = clock_timestamp() + interval '3 hours', updated_at = clock_timestamp() \
            where {which} and status = 'in_progress' and deadline_at > clock_timestamp() \
            returning id, version, ply, side_to_move, fen) \
        insert into chess_game_moves (game_id, ply, version, move_number, color, from_square, to_square, san, fen_after, played_at, \
            elapsed_ms, clock_ms) \
        select id, ply, version, (ply + 1) / 2, side_to_move, 'e2', 'e4', 'e4', fen, clock_timestamp(), 10, 1000 from moved;\n"
    )
}
