//! The one statement that changes games: each where its version is still the one that was read, clocks and deadline reckoned by
//! Postgres, with the move, the event and the ending's outbox row in the same commit.

use std::time::{Duration, Instant};

use rookery_chess::live::{Change, Clocks, Event, Game, Seat};
use shakmaty::fen::Fen;
use shakmaty::{Color, EnPassantMode};
use sqlx::PgConnection;
use uuid::Uuid;

use super::events;
use super::row::{GameRow, letter};

/// A change, against the version that it was decided on.
#[derive(Debug, Clone)]
pub(super) struct Write {
    pub(super) id: Uuid,
    pub(super) version: i64,
    pub(super) change: Change,
    /// Of the ending, should this be it.
    pub(super) event_id: Uuid,
    /// Whether it is the bot's turn then, or the bot has an offer to answer.
    pub(super) bot_asked: bool,
    /// When the request reached this process: waiting here costs the player nothing.
    pub(super) arrived: Instant,
}

/// Of our own queueing, so much at most is given back to the player: a node that hangs for longer must not stop clocks.
const QUEUEING_FORGIVEN: Duration = Duration::from_millis(100);

impl Write {
    fn side(&self) -> Color {
        use shakmaty::Position as _;
        self.change.next.position.turn()
    }

    fn queued_ms(&self) -> f64 {
        // A flag is judged by the clock alone.
        match self.change.clocks {
            Clocks::Flag => 0.0,
            _ => self.arrived.elapsed().min(QUEUEING_FORGIVEN).as_secs_f64() * 1000.0,
        }
    }
}

/// Makes those changes whose game still has the version that they were decided on, whose time is not over (for a flag: is over),
/// and that nobody else is changing at this moment. Returns the games as they are now; one that is missing was not changed.
///
/// Each game may be among the changes once.
pub(super) async fn write(
    connection: &mut PgConnection,
    writes: &[Write],
) -> Result<Vec<GameRow>, sqlx::Error> {
    let mut new = Columns::default();
    for write in writes {
        new.push(write);
    }
    // Locked rows are skipped: two groups that wait for each other's games would never end, and a game that somebody is changing
    // will have another version anyway. The time is one for the whole group, taken before anything else.
    sqlx::query_as!(
        GameRow,
        r#"with tick as materialized (select clock_timestamp() as at),
        new as materialized (
            select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::float8[], $6::text[], $7::text[], $8::bytea[],
                $9::int[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::uuid[], $16::uuid[], $17::bool[],
                $18::text[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[], $24::uuid[])
            as new (id, version, status, clocks, queued_ms, side, fen, history, ply, draw_offer, takeback_offer, result, end_reason,
                adjudication, white, black, bot_asked, from_square, to_square, promotion, san, event_type, payload, event_id)
        ),
        ready as materialized (
            select new.*, tick.at, g.side_to_move as mover, g.deadline_at, g.time_increment_ms, g.white_clock_ms, g.black_clock_ms,
                greatest(0, floor(extract(epoch from tick.at - g.turn_started_at) * 1000 - new.queued_ms))::int as elapsed_ms
            from new join chess_games g on g.id = new.id and g.version = new.version cross join tick
            where case when new.clocks = 'flag' then g.deadline_at <= tick.at
                else g.deadline_at is null or g.deadline_at + make_interval(secs => new.queued_ms / 1000) > tick.at end
            for update of g skip locked
        ),
        reckoned as materialized (
            select ready.*,
                case when mover = 'b' or clocks in ('keep', 'start') then white_clock_ms when clocks = 'flag' then 0
                    else greatest(white_clock_ms - elapsed_ms, 0) + case clocks when 'switch' then time_increment_ms else 0 end end as white_ms,
                case when mover = 'w' or clocks in ('keep', 'start') then black_clock_ms when clocks = 'flag' then 0
                    else greatest(black_clock_ms - elapsed_ms, 0) + case clocks when 'switch' then time_increment_ms else 0 end end as black_ms
            from ready
        ),
        done as (
            update chess_games g set
                status = r.status, side_to_move = r.side, fen = r.fen, history = r.history, ply = r.ply,
                draw_offer = r.draw_offer, takeback_offer = r.takeback_offer,
                result = r.result, end_reason = r.end_reason, adjudication = r.adjudication,
                white_account_id = r.white, black_account_id = r.black,
                white_clock_ms = r.white_ms, black_clock_ms = r.black_ms,
                turn_started_at = case when r.clocks in ('start', 'switch', 'restart') then r.at else g.turn_started_at end,
                deadline_at = case when r.status <> 'in_progress' then null
                    when r.clocks in ('start', 'switch', 'restart')
                        then r.at + make_interval(secs => (case r.side when 'w' then r.white_ms else r.black_ms end) / 1000.0)
                    else g.deadline_at end,
                started_at = case r.clocks when 'start' then r.at else g.started_at end,
                ended_at = case when r.status <> 'ended' then null when r.clocks = 'flag' then g.deadline_at else r.at end,
                bot_due_at = case when r.status = 'in_progress' and r.bot_asked then r.at end,
                ended_version = case r.status when 'ended' then g.version + 1 end,
                version = g.version + 1, updated_at = r.at
            from reckoned r where g.id = r.id
            returning g.*, r.at as now, r.event_id
        ),
        played as (
            insert into chess_game_moves (game_id, ply, version, move_number, color, from_square, to_square, promotion, san, fen_after,
                played_at, elapsed_ms, clock_ms)
            select id, ply, version + 1, (ply + 1) / 2, mover, from_square, to_square, promotion, san, fen, at, elapsed_ms,
                case mover when 'w' then white_ms else black_ms end
            from reckoned where san is not null
        ),
        taken_back as (
            delete from chess_game_moves m using reckoned r where r.clocks = 'restart' and m.game_id = r.id and m.ply > r.ply
        ),
        told as (
            insert into chess_game_events (game_id, version, event_type, payload, created_at)
            select id, version + 1, event_type, payload::json, at from reckoned where event_type is not null
        ),
        to_send as (
            insert into chess_outbox (event_id, game_id, payload)
            select event_id, id, json_build_object('type', 'GameEnded', 'event_id', event_id, 'game_id', id,
                'white_account_id', white_account_id, 'black_account_id', black_account_id, 'result', result, 'end_reason', end_reason,
                'time_control', json_build_object('initial_seconds', time_initial_ms / 1000, 'increment_seconds', time_increment_ms / 1000),
                'rated', rated, 'bot_id', bot_id, 'bot_color', bot_color, 'plies', ply, 'ended_at', ended_at)
            from done where status = 'ended' and started_at is not null
        )
        select id as "id!", creator_account_id as "creator_account_id!", opponent_account_id, color_preference as "color_preference!",
            white_account_id, black_account_id, status as "status!", rated as "rated!", variant_code as "variant_code!",
            draw_policy as "draw_policy!", time_initial_ms as "time_initial_ms!", time_increment_ms as "time_increment_ms!",
            white_clock_ms as "white_clock_ms!", black_clock_ms as "black_clock_ms!", side_to_move as "side_to_move!", fen as "fen!",
            history as "history!", ply as "ply!", draw_offer, takeback_offer, result, end_reason, adjudication, bot_id, bot_color,
            bot_seed, bot_thinks as "bot_thinks!", bot_due_at, rematch_of, rematch_id, rematch_offer, version as "version!", ended_version,
            turn_started_at, deadline_at, created_at as "created_at!", started_at, ended_at, updated_at as "updated_at!", now as "now!"
        from done"#,
        &new.id,
        &new.version,
        &new.status as &[&str],
        &new.clocks as &[&str],
        &new.queued_ms,
        &new.side as &[&str],
        &new.fen,
        &new.history,
        &new.ply,
        &new.draw_offer as &[Option<&str>],
        &new.takeback_offer as &[Option<&str>],
        &new.result as &[Option<&str>],
        &new.end_reason as &[Option<&str>],
        &new.adjudication as &[Option<&str>],
        &new.white as &[Option<Uuid>],
        &new.black as &[Option<Uuid>],
        &new.bot_asked,
        &new.from as &[Option<String>],
        &new.to as &[Option<String>],
        &new.promotion as &[Option<String>],
        &new.san as &[Option<String>],
        &new.event_type as &[Option<&str>],
        &new.payload as &[Option<String>],
        &new.event_id,
    )
    .fetch_all(connection)
    .await
}

/// The changes, column by column.
#[derive(Default)]
struct Columns {
    id: Vec<Uuid>,
    version: Vec<i64>,
    status: Vec<&'static str>,
    clocks: Vec<&'static str>,
    queued_ms: Vec<f64>,
    side: Vec<&'static str>,
    fen: Vec<String>,
    history: Vec<Vec<u8>>,
    ply: Vec<i32>,
    draw_offer: Vec<Option<&'static str>>,
    takeback_offer: Vec<Option<&'static str>>,
    result: Vec<Option<&'static str>>,
    end_reason: Vec<Option<&'static str>>,
    adjudication: Vec<Option<&'static str>>,
    white: Vec<Option<Uuid>>,
    black: Vec<Option<Uuid>>,
    bot_asked: Vec<bool>,
    from: Vec<Option<String>>,
    to: Vec<Option<String>>,
    promotion: Vec<Option<String>>,
    san: Vec<Option<String>>,
    event_type: Vec<Option<&'static str>>,
    payload: Vec<Option<String>>,
    event_id: Vec<Uuid>,
}

impl Columns {
    fn push(&mut self, write: &Write) {
        let next = &write.change.next;
        self.id.push(write.id);
        self.version.push(write.version);
        self.status.push(next.status.as_str());
        self.clocks.push(clocks_word(write.change.clocks));
        self.queued_ms.push(write.queued_ms());
        self.side.push(letter(write.side()));
        self.history.push(next.history.to_bytes());
        self.ply.push(next.ply.cast_signed());
        self.draw_offer.push(next.offers.draw.map(letter));
        self.takeback_offer.push(next.offers.takeback.map(letter));
        self.result.push(
            next.ending
                .and_then(|ending| ending.result)
                .map(|result| result.as_str()),
        );
        self.end_reason
            .push(next.ending.map(|ending| ending.reason.as_str()));
        self.adjudication.push(match &write.change.event {
            Event::Flagged(adjudication) => Some(adjudication.as_str()),
            _ => None,
        });
        self.white
            .push(account(next.seats.map(|seats| seats.white)));
        self.black
            .push(account(next.seats.map(|seats| seats.black)));
        self.bot_asked.push(write.bot_asked);
        let event = events::stored(&write.change.event);
        self.event_type.push(event.as_ref().map(|(kind, _)| *kind));
        self.payload.push(event.map(|(_, payload)| payload));
        self.event_id.push(write.event_id);
        if let Event::Moved(played) = &write.change.event {
            self.from.push(Some(played.from.to_string()));
            self.to.push(Some(played.to.to_string()));
            self.promotion
                .push(played.promotion.map(|role| role.char().to_string()));
            self.san.push(Some(played.san.clone()));
            self.fen.push(played.fen_after.clone());
        } else {
            self.from.push(None);
            self.to.push(None);
            self.promotion.push(None);
            self.san.push(None);
            self.fen.push(fen(next));
        }
    }
}

pub(super) fn fen(game: &Game) -> String {
    Fen::from_position(&game.position, EnPassantMode::Legal).to_string()
}

fn account(seat: Option<Seat>) -> Option<Uuid> {
    match seat {
        Some(Seat::Account(account)) => Some(account),
        Some(Seat::Bot) | None => None,
    }
}

fn clocks_word(clocks: Clocks) -> &'static str {
    match clocks {
        Clocks::Start => "start",
        Clocks::Switch => "switch",
        Clocks::Restart => "restart",
        Clocks::Stop => "stop",
        Clocks::Flag => "flag",
        Clocks::Keep => "keep",
    }
}
