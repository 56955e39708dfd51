//! Reading one game: its row, its moves, and the state machine's game in them.

use std::sync::Arc;

use rookery_chess::live;
use rookery_queue::Pool;
use shakmaty::{Role, Square};
use sqlx::PgConnection;
use uuid::Uuid;

use super::row::{GameRow, PlayedMove, unreadable};
use crate::StoreError;

/// A game as it was at one version.
#[derive(Debug, Clone)]
pub struct Game {
    pub row: GameRow,
    /// All moves, in order.
    pub moves: Arc<Vec<Arc<PlayedMove>>>,
    pub(super) live: Arc<live::Game>,
}

impl Game {
    /// The state machine's game.
    pub fn live(&self) -> &live::Game {
        &self.live
    }

    /// As UCI text.
    pub fn uci_moves(&self) -> Vec<String> {
        self.moves.iter().map(|played| played.uci()).collect()
    }

    /// Of a row whose moves are known.
    pub(super) fn of(row: GameRow, moves: Arc<Vec<Arc<PlayedMove>>>) -> Result<Self, StoreError> {
        let live = Arc::new(row.live()?);
        Ok(Self { row, moves, live })
    }
}

/// A game is read again when moves were taken back between the two statements.
const READS: usize = 5;

/// The game, with the moves that are known already kept where they still hold.
pub(super) async fn load(
    connection: &mut PgConnection,
    id: Uuid,
    known: Option<&Game>,
) -> Result<Option<Game>, StoreError> {
    for _ in 0..READS {
        let Some(game) = load_once(connection, id, known).await? else {
            return Ok(None);
        };
        if game.moves.len() == usize::try_from(game.row.ply).unwrap_or(0) {
            return Ok(Some(game));
        }
    }
    Err(StoreError::Unreadable(format!(
        "game {id} has not as many moves as it should"
    )))
}

async fn load_once(
    connection: &mut PgConnection,
    id: Uuid,
    known: Option<&Game>,
) -> Result<Option<Game>, StoreError> {
    let row = sqlx::query_as!(
        GameRow,
        r#"select *, clock_timestamp() as "now!" from chess_games where id = $1"#,
        id
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if let Some(known) = known
        && known.row.version == row.version
    {
        return Ok(Some(Game {
            row,
            moves: Arc::clone(&known.moves),
            live: Arc::clone(&known.live),
        }));
    }
    let moves = match known {
        Some(known) => newer_moves(connection, &row, known).await?,
        None => None,
    };
    let moves = match moves {
        Some(moves) => moves,
        None => moves_after(connection, id, (0, row.version)).await?,
    };
    Ok(Some(Game::of(row, Arc::new(moves))?))
}

/// The known moves and those since; none when some of the known were taken back.
async fn newer_moves(
    connection: &mut PgConnection,
    row: &GameRow,
    known: &Game,
) -> Result<Option<Vec<Arc<PlayedMove>>>, StoreError> {
    if row.ply < known.row.ply {
        return Ok(None);
    }
    let newer = moves_after(connection, row.id, (known.row.version, row.version)).await?;
    let joins = newer
        .first()
        .is_none_or(|first| first.ply == known.row.ply + 1);
    let whole = known.moves.len() + newer.len() == usize::try_from(row.ply).unwrap_or(0);
    Ok((joins && whole).then(|| known.moves.iter().cloned().chain(newer).collect()))
}

/// By version, so that a move made since the row was read stays out.
async fn moves_after(
    connection: &mut PgConnection,
    id: Uuid,
    (after, until): (i64, i64),
) -> Result<Vec<Arc<PlayedMove>>, StoreError> {
    let rows = sqlx::query!(
        "select ply, version, from_square, to_square, promotion, san, played_at, elapsed_ms, clock_ms
        from chess_game_moves where game_id = $1 and version > $2 and version <= $3 order by ply",
        id,
        after,
        until
    )
    .fetch_all(connection)
    .await?;
    let square = |text: &str| {
        text.parse::<Square>()
            .map_err(|error| unreadable(text, error))
    };
    rows.into_iter()
        .map(|row| {
            let promotion = row
                .promotion
                .as_deref()
                .and_then(|text| text.chars().next());
            Ok(Arc::new(PlayedMove {
                ply: row.ply,
                version: row.version,
                from: square(&row.from_square)?,
                to: square(&row.to_square)?,
                promotion: promotion.and_then(Role::from_char),
                san: row.san.into(),
                played_at: row.played_at,
                elapsed_ms: row.elapsed_ms,
                clock_ms: row.clock_ms,
            }))
        })
        .collect()
}

/// Those of the games that are in progress, without their moves.
pub(super) async fn load_many(pool: &Pool, ids: &[Uuid]) -> Result<Vec<Game>, StoreError> {
    let rows = sqlx::query_as!(
        GameRow,
        r#"select *, clock_timestamp() as "now!" from chess_games where id = any($1) and status = 'in_progress'"#,
        ids
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| Game::of(row, Arc::default()))
        .collect()
}
