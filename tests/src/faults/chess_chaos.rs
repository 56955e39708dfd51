//! Chess while nodes and workers are killed and Redis is emptied: no acknowledged move is lost or doubled, every game is legal.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use chrono::{DateTime, Utc};
use futures_util::future::try_join_all;
use shakmaty::fen::Fen;
use shakmaty::san::SanPlus;
use shakmaty::uci::UciMove;
use shakmaty::{Chess, EnPassantMode, Position as _};
use sqlx::PgPool;
use uuid::Uuid;

use super::chess_clients::{Enough, Nodes, Played};
use super::own_redis::OwnRedis;
use super::process::Process;
use super::programs::{Api, migrate, worker};
use super::stage::Stage;
use super::until::{PATIENCE, holds};

/// Twelve: each node and each worker twice, and Redis four times.
const ENOUGH: Enough = Enough {
    moves: 10_000,
    troubles: 12,
};
const CLIENTS: u64 = 24;
/// Half-moves between two troubles.
const PEACE: usize = 700;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_move_is_lost_or_doubled() -> anyhow::Result<()> {
    let redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    migrate(&stage).await?;
    let (one, other) = (
        Api::start(&stage, "one").await?,
        Api::start(&stage, "other").await?,
    );
    let nodes = Nodes::new(one, other, ENOUGH);
    let mut workers = [worker(&stage)?, worker(&stage)?];
    let clients = (0..CLIENTS).map(|seed| nodes.play_games(seed));
    let (games, ()) = tokio::try_join!(
        try_join_all(clients),
        make_trouble(&stage, &redis, (&nodes, &mut workers))
    )?;
    let games: Vec<_> = games.into_iter().flatten().collect();
    let played: usize = games.iter().map(|game| game.moves.len()).sum();
    assert!(played >= ENOUGH.moves, "{played}");
    all_end(&stage.pool).await?;
    audit(&stage.pool, &games).await?;
    let node = nodes.nodes[0].read().await;
    for game in &games {
        is_told_alike(&node, game).await?;
    }
    Ok(())
}

/// Kills one program after the other and empties Redis, until the clients have played enough.
async fn make_trouble(
    stage: &Stage,
    redis: &OwnRedis,
    (nodes, workers): (&Nodes, &mut [Process; 2]),
) -> anyhow::Result<()> {
    for trouble in 0.. {
        holds("moves are played", 2 * PATIENCE, async || {
            let played = nodes.acknowledged.load(Ordering::Relaxed);
            Ok(played >= (trouble + 1) * PEACE || nodes.has_enough())
        })
        .await?;
        if nodes.has_enough() {
            break;
        }
        let whom = trouble / 3 % 2;
        match trouble % 3 {
            0 => {
                nodes.nodes[whom].write().await.process.kill()?;
                let next = Api::start(stage, &format!("node-{trouble}")).await?;
                *nodes.nodes[whom].write().await = next;
            }
            1 => {
                workers[whom].kill()?;
                workers[whom] = worker(stage)?;
            }
            _ => redis.forget_everything().await?,
        }
        nodes.troubles.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// The games that were left alone end although nobody looks at them.
async fn all_end(pool: &PgPool) -> anyhow::Result<()> {
    holds("every flag falls", PATIENCE, async || {
        let open: i64 =
            sqlx::query_scalar("select count(*) from chess_games where status = 'in_progress'")
                .fetch_one(pool)
                .await?;
        Ok(open == 0)
    })
    .await
}

type Row = (Uuid, i32, String, String, Option<String>, String, String);

/// What is stored against what the clients were told, and against the rules as shakmaty has them.
async fn audit(pool: &PgPool, games: &[Played]) -> anyhow::Result<()> {
    let rows: Vec<Row> = sqlx::query_as(
        "select game_id, ply, from_square::text, to_square::text, promotion::text, san, fen_after
        from chess_game_moves order by game_id, ply",
    )
    .fetch_all(pool)
    .await?;
    let mut moves: HashMap<String, Vec<Row>> = HashMap::new();
    for row in rows {
        moves.entry(row.0.to_string()).or_default().push(row);
    }
    let ends: Vec<(Uuid, i32, String, String, DateTime<Utc>)> = sqlx::query_as(
        "select id, ply, fen, end_reason, ended_at from chess_games where status = 'ended'",
    )
    .fetch_all(pool)
    .await?;
    let ends: HashMap<_, _> = ends
        .into_iter()
        .map(|end| (end.0.to_string(), end))
        .collect();
    for game in games {
        let stored = moves.remove(&game.id).unwrap_or_default();
        let kept: Vec<_> = stored
            .iter()
            .map(|(_, _, from, to, promotion, ..)| {
                format!("{from}{to}{}", promotion.as_deref().unwrap_or_default())
            })
            .collect();
        assert_eq!(kept, game.moves, "game {}", game.id);
        let (_, ply, fen, reason, ended_at) = &ends[&game.id];
        assert_eq!(usize::try_from(*ply)?, kept.len(), "game {}", game.id);
        let mut position = Chess::default();
        for ((_, ply, .., san, fen_after), (uci, expected)) in
            stored.iter().zip(kept.iter().zip(1..))
        {
            assert_eq!(*ply, expected, "game {}: each half-move once", game.id);
            let uci: UciMove = uci.parse()?;
            let legal = uci.to_move(&position)?;
            let named = SanPlus::from_move_and_play_unchecked(&mut position, legal);
            assert_eq!(*san, named.to_string(), "game {}", game.id);
            assert_eq!(*fen_after, fen_of(&position), "game {}", game.id);
        }
        assert_eq!(*fen, fen_of(&position), "game {}", game.id);
        if game.is_left
            && let Some(deadline) = game.deadline
        {
            assert_eq!(reason, "timeout", "game {}", game.id);
            assert_eq!(*ended_at, deadline, "game {}", game.id);
        }
    }
    assert!(moves.is_empty(), "moves of games that nobody played");
    Ok(())
}

fn fen_of(position: &Chess) -> String {
    Fen::from_position(position, EnPassantMode::Legal).to_string()
}

/// The PGN has the acknowledged moves, and replays.
async fn is_told_alike(node: &Api, game: &Played) -> anyhow::Result<()> {
    let path = format!("/v1/games/{}/pgn", game.id);
    let call = node.call(reqwest::Method::GET, &path);
    let account = crate::chess::players::Account::new();
    let answer = call
        .header("authorization", account.bearer())
        .send()
        .await?;
    let pgn = answer.error_for_status()?.text().await?;
    let (_, body) = pgn.split_once("\n\n").unwrap_or_default();
    let mut position = Chess::default();
    let mut replayed = Vec::new();
    for san in crate::chess::lists::sans(body) {
        let played: SanPlus = san.parse()?;
        let legal = played.san.to_move(&position)?;
        replayed.push(UciMove::from_standard(legal).to_string());
        position = position.play(legal)?;
    }
    assert_eq!(replayed, game.moves, "game {}", game.id);
    Ok(())
}
