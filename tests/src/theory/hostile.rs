//! Files made to hurt: huge, deep, lying about their size, not even text.

use std::time::{Duration, Instant};

use super::steps::upload;
use crate::harness::TestApp;

const MIB: usize = 1024 * 1024;
const TOO_LARGE: &str = "File too large. Maximum size is 5.0MB";

/// What a header claims costs nothing: far less time than making room for it would take.
const AT_ONCE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_file_beyond_five_mebibytes_is_too_large() {
    let app = TestApp::start().await;
    let padded = |bytes: usize| {
        let mut text = b"NFG 1 R \"t\" { \"A\" \"B\" } { 1 1 } 1 1".to_vec();
        text.resize(bytes, b' ');
        text
    };
    app.post("/api/games/upload")
        .file("fits.nfg", padded(5 * MIB))
        .await
        .expect(200);
    for bytes in [5 * MIB + 1, 7 * MIB, 20 * MIB] {
        app.post("/api/games/upload")
            .file("large.nfg", padded(bytes))
            .await
            .refused(400, TOO_LARGE);
    }
}

#[tokio::test]
async fn a_header_may_claim_anything() {
    let app = TestApp::start().await;
    let many = |count: usize, text: &str| text.repeat(count);
    for (name, text) in [
        (
            "cells.nfg",
            "NFG 1 R \"t\" { \"A\" \"B\" } { 1000000 1000000 } 0 0".to_owned(),
        ),
        (
            "huge.nfg",
            "NFG 1 R \"t\" { \"A\" \"B\" } { 18446744073709551616 2 } 0".to_owned(),
        ),
        (
            "product.nfg",
            format!(
                "NFG 1 R \"t\" {{ {}}} {{ {}}} 0",
                many(40, "\"P\" "),
                many(40, "1000 ")
            ),
        ),
        (
            "players.nfg",
            format!(
                "NFG 1 R \"t\" {{ {}}} {{ {}}} 0",
                many(100_000, "\"P\" "),
                many(100_000, "2 ")
            ),
        ),
        (
            "players.efg",
            format!("EFG 2 R \"t\" {{ {}}}\nt \"\" 0", many(100_000, "\"P\" ")),
        ),
    ] {
        let started = Instant::now();
        let detail = app
            .post("/api/games/upload")
            .file(name, text)
            .await
            .detail(400);
        assert!(
            detail.starts_with(&format!("Invalid game format: {name} - line 1, column ")),
            "{detail}"
        );
        assert!(
            started.elapsed() < AT_ONCE,
            "{name} took {:?}",
            started.elapsed()
        );
    }
}

#[tokio::test]
async fn numbers_may_be_long_but_not_endless() {
    let app = TestApp::start().await;
    for number in [
        "1e999999999",
        "1e-999999999",
        &format!("1/{}", "9".repeat(MIB)),
        &"9".repeat(2 * MIB),
    ] {
        let started = Instant::now();
        let text = format!("NFG 1 R \"t\" {{ \"A\" \"B\" }} {{ 1 1 }} {number} 0");
        app.post("/api/games/upload")
            .file("number.nfg", text)
            .await
            .detail(400);
        assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    }
}

#[tokio::test]
async fn what_is_not_text_is_refused_where_it_stops_being_text() {
    let app = TestApp::start().await;
    for name in ["bytes.json", "bytes.nfg", "bytes.efg"] {
        let bytes = b"{\"id\":\n \"\xff\xfe\"}".to_vec();
        let detail = app
            .post("/api/games/upload")
            .file(name, bytes)
            .await
            .detail(400);
        assert!(
            detail.starts_with(&format!("Invalid game format: {name} - line 2, column 3: ")),
            "{detail}"
        );
    }
    let zeros = app
        .post("/api/games/upload")
        .file("zeros.json", vec![0; 1000])
        .await
        .detail(400);
    assert!(zeros.contains("line 1, column 1"), "{zeros}");
}

#[tokio::test]
async fn depth_breaks_nothing() {
    let app = TestApp::start().await;
    for (name, text) in [
        ("lists.json", "[".repeat(4 * MIB)),
        ("objects.json", "{\"a\":".repeat(800_000)),
        (
            "braces.nfg",
            format!("NFG 1 R \"t\" {}", "{ ".repeat(2 * MIB)),
        ),
    ] {
        let started = Instant::now();
        let detail = app
            .post("/api/games/upload")
            .file(name, text)
            .await
            .detail(400);
        assert!(detail.starts_with("Invalid game format: "), "{detail}");
        assert!(
            started.elapsed() < AT_ONCE,
            "{name} took {:?}",
            started.elapsed()
        );
    }
    assert_eq!(app.get("/livez").await.status, 200);
}

/// A tree of one long branch is a game: it is stored, shown, and refused to what cannot take it.
#[tokio::test]
async fn a_long_branch_is_a_game_like_any_other() {
    const DEPTH: usize = 20_000;
    let app = TestApp::start().await;
    let mut text = "EFG 2 R \"branch\" { \"A\" \"B\" }\n".to_owned();
    for depth in 1..=DEPTH {
        text += &format!(
            "p \"\" {} {depth} \"\" {{ \"on\" \"off\" }} 0\n",
            1 + depth % 2
        );
    }
    text += "t \"\" 1 \"\" { 1 1 }\n";
    text += &"t \"\" 1\n".repeat(DEPTH);
    let id = upload(&app, "branch.efg", &text).await;
    let shown = app.get(&format!("/api/games/{id}")).await.expect(200);
    assert_eq!(
        shown["nodes"].as_object().map(serde_json::Map::len),
        Some(DEPTH)
    );
    app.get(&format!("/api/games/{id}/as/normal"))
        .await
        .detail(400);
    app.delete(&format!("/api/games/{id}")).await.expect(200);
}

#[tokio::test]
async fn a_game_with_too_many_plans_is_refused_where_they_are_listed() {
    let app = TestApp::start().await;
    // The first player holds one of 30 cards, with two choices each: 2³⁰ plans.
    let cards = 30;
    let deal: String = (0..cards)
        .map(|card| format!("\"{card}\" 1/{cards} "))
        .collect();
    let mut text = format!("EFG 2 R \"plans\" {{ \"A\" \"B\" }}\nc \"\" 1 \"\" {{ {deal}}} 0\n");
    for card in 1..=cards {
        text += &format!("p \"\" 1 {card} \"\" {{ \"l\" \"r\" }} 0\n");
        text += &format!("t \"\" {card} \"\" {{ 1 -1 }}\n");
        text += "p \"\" 2 1 \"\" { \"l\" \"r\" } 0\n";
        text += &format!("t \"\" {card}\nt \"\" {card}\n");
    }
    let id = upload(&app, "plans.efg", &text).await;
    let order = async |plugin: &str| {
        app.post("/api/tasks")
            .query(&[("game_id", id.as_str()), ("plugin", plugin)])
            .await
    };
    let refused = order("IESDS").await.detail(400);
    assert!(
        refused.starts_with("Plugin 'IESDS' cannot run on this game (format: extensive): "),
        "{refused}"
    );
    // Its information sets are few: these look at the tree.
    for plugin in ["Validation", "Nash Equilibrium", "CFR Equilibrium"] {
        order(plugin).await.expect(200);
    }
}
