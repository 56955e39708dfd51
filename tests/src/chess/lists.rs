//! Lists of games, page by page, and games as PGN.

use serde_json::{Value, json};
use shakmaty::san::San;
use shakmaty::{Chess, Position as _};

use super::known_games::{BLACK_IS_BARE, SCHOLARS_MATE};
use super::players::{Account, Game, app, seconds, terms, text};
use crate::harness::{Node, TestApp};

async fn make(app: &TestApp, creator: &Account, own: &Value) -> String {
    let made = creator.post(app, "/v1/games").json(&terms(own)).await;
    text(&made.expect(201), "id")
}

async fn list(node: &Node, who: &Account, query: &str) -> (Vec<String>, Value) {
    let page = who
        .get(node, &format!("/v1/games?{query}"))
        .await
        .expect(200);
    let games = page["games"].as_array().expect("a list");
    let ids = games.iter().map(|game| text(game, "id")).collect();
    (ids, page["next_cursor"].clone())
}

#[tokio::test]
async fn an_account_finds_its_games_and_challenges() {
    let app = app().await;
    let (a, b, stranger) = (Account::new(), Account::new(), Account::new());
    let waiting = make(&app, &a, &json!({ "opponent_account_id": b.id })).await;
    let running = make(&app, &a, &json!({ "opponent_account_id": b.id })).await;
    let over = make(&app, &b, &json!({ "opponent_account_id": a.id })).await;
    let open = make(&app, &stranger, &json!({})).await;
    b.post(&app, &format!("/v1/games/{running}/join"))
        .await
        .expect(200);
    a.post(&app, &format!("/v1/games/{over}/join"))
        .await
        .expect(200);
    a.post(&app, &format!("/v1/games/{over}/resign"))
        .await
        .expect(200);
    for account in [&a, &b] {
        let of = |status: &str| format!("account={}{status}", account.id);
        let (all, next) = list(&app, &stranger, &of("")).await;
        assert_eq!(
            all,
            [over.clone(), running.clone(), waiting.clone()],
            "the newest first"
        );
        assert_eq!(next, Value::Null);
        for (status, id) in [
            ("waiting_for_opponent", &waiting),
            ("in_progress", &running),
            ("ended", &over),
        ] {
            let (found, _) = list(&app, account, &of(&format!("&status={status}"))).await;
            assert_eq!(found, std::slice::from_ref(id), "{status}");
        }
    }
    let (everybodys, _) = list(&app, &a, "status=waiting_for_opponent").await;
    assert_eq!(everybodys, [open, waiting]);
    let nobody = Account::new();
    let (none, _) = list(&app, &nobody, &format!("account={}", nobody.id)).await;
    assert!(none.is_empty());
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let app = app().await;
    let creator = Account::new();
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(make(&app, &creator, &json!({})).await);
    }
    made.reverse();
    let mut seen = Vec::new();
    let mut query = format!("account={}&limit=3", creator.id);
    loop {
        let (page, next) = list(&app, &creator, &query).await;
        assert!(page.len() <= 3);
        seen.extend(page);
        let Some(next) = next.as_str() else { break };
        assert!(
            seen.len() < made.len(),
            "the last page says that it is the last"
        );
        query = format!("account={}&limit=3&cursor={next}", creator.id);
        // What comes in between is newer and does not move the pages.
        make(&app, &creator, &json!({})).await;
    }
    assert_eq!(seen, made);
}

#[tokio::test]
async fn a_list_that_makes_no_sense_is_refused() {
    let app = app().await;
    let account = Account::new();
    for query in [
        "status=lost",
        "account=me",
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=x",
        "cursor=x",
    ] {
        let refused = account.get(&app, &format!("/v1/games?{query}")).await;
        refused.refused_as(400, "invalid_request");
    }
}

/// The moves of a PGN's text, without numbers, comments and result.
pub fn sans(body: &str) -> Vec<String> {
    let pgn = read(&format!("\n\n{body}"));
    pgn.moves.into_iter().map(|(san, _)| san).collect()
}

/// A PGN, taken apart.
struct Pgn {
    /// Names and values.
    tags: Vec<(String, String)>,
    /// SAN and the clock after it.
    moves: Vec<(String, String)>,
    result: String,
}

fn read(pgn: &str) -> Pgn {
    let (head, body) = pgn.split_once("\n\n").expect("tags, an empty line, moves");
    let tags = head.lines().map(|line| {
        let inner = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix("\"]"));
        let (name, value) = inner
            .and_then(|inner| inner.split_once(" \""))
            .expect("a tag");
        (name.to_owned(), value.to_owned())
    });
    let text = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut moves = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("{[%clk ") {
        let san = before.trim().rsplit(' ').next().expect("a move");
        let (clock, after) = after.split_once("]}").expect("a comment ends");
        moves.push((san.to_owned(), clock.to_owned()));
        rest = after;
    }
    Pgn {
        tags: tags.collect(),
        moves,
        result: rest.trim().to_owned(),
    }
}

#[tokio::test]
async fn a_game_is_exported_with_its_clocks() {
    let app = app().await;
    for (moves, result, sans) in [
        (SCHOLARS_MATE, "1-0", Some("e4 e5 Bc4 Nc6 Qh5 Nf6 Qxf7#")),
        (BLACK_IS_BARE, "*", None),
    ] {
        let game = Game::start(&[&app], &seconds(3661, 5)).await;
        let last = game.play_all(moves).await;
        let reply = game.black.get(&app, &game.path("pgn")).await;
        assert_eq!(reply.status, 200);
        assert_eq!(
            reply.header("content-type"),
            Some("application/x-chess-pgn")
        );
        let pgn = reply.text();
        assert!(pgn.lines().all(|line| line.len() < 80), "{pgn}");
        let pgn = read(&pgn);
        assert_eq!(pgn.result, result);
        for (name, value) in [
            ("Result", result),
            ("White", game.white.id.as_str()),
            ("Black", game.black.id.as_str()),
            ("TimeControl", "3661+5"),
        ] {
            let found = pgn.tags.iter().find(|(tag, _)| tag == name);
            assert_eq!(
                found.map(|(_, value)| value.as_str()),
                Some(value),
                "{name}"
            );
        }
        let mut position = Chess::default();
        let stored = last["moves"].as_array().expect("a list");
        assert_eq!(pgn.moves.len(), stored.len());
        for ((san, clock), stored) in pgn.moves.iter().zip(stored) {
            assert_eq!(text(stored, "san"), *san);
            // Whole seconds, as the comment has them.
            let seconds = stored["clock_ms"].as_i64().expect("a clock") / 1000;
            let shown = format!(
                "{}:{:02}:{:02}",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60
            );
            assert_eq!(clock.split('.').next(), Some(shown.as_str()));
            let san: San = san.parse().expect("SAN");
            let legal = san.to_move(&position).expect("a legal move");
            position = position.play(legal).expect("a legal move");
        }
        if let Some(sans) = sans {
            let played: Vec<_> = pgn.moves.iter().map(|(san, _)| san.as_str()).collect();
            assert_eq!(played.join(" "), sans);
        }
    }
}
