//! Writers of the same games at the same time, through two nodes: none breaks, and what is left is whole.

use futures_util::future::join_all;
use serde_json::json;

use super::steps::{AXELROD, THREE_AGREE, id_of};
use crate::harness::{Node, TestApp};

#[tokio::test]
async fn uploads_deletions_and_resets_do_not_break_each_other() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let examples = app.get("/api/games").await.expect(200);
    let deeds = (0..60).map(|number| {
        let node = if number % 2 == 0 { &*app } else { &other };
        do_one(node, number)
    });
    join_all(deeds).await;
    // Each game that is left can be read, and a last reset leaves the examples alone.
    let left = app.get("/api/games").await.expect(200);
    for game in left.as_array().expect("a list") {
        app.get(&format!("/api/games/{}", id_of(game)))
            .await
            .expect(200);
    }
    app.post("/api/reset").await.expect(200);
    assert_eq!(app.get("/api/games").await.expect(200), examples);
}

async fn do_one(node: &Node, number: usize) {
    match number % 5 {
        0 => drop(node.post("/api/reset").await.expect(200)),
        1 => {
            let gone = node.delete("/api/games/axelrod").await;
            assert!([200, 404].contains(&gone.status), "{}", gone.text());
        }
        2 => {
            // Two states of one game, each as many times as the other.
            let text = if number.is_multiple_of(2) {
                AXELROD.to_owned()
            } else {
                AXELROD.replace("[1, 1]", "[2, 2]")
            };
            node.post("/api/games/upload")
                .file("axelrod.json", text)
                .await
                .expect(200);
        }
        3 => {
            let order = node.post("/api/tasks?game_id=axelrod&plugin=IESDS").await;
            assert!([200, 404].contains(&order.status), "{}", order.text());
        }
        _ => drop(
            node.post("/api/games/upload")
                .file("agree.nfg", THREE_AGREE)
                .await
                .expect(200),
        ),
    }
}

/// Readers see one state or the other, never a mixture.
#[tokio::test]
async fn a_game_is_replaced_whole() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let states = [1, 2].map(|number| {
        AXELROD
            .replace("Prisoner's Dilemma", &format!("state {number}"))
            .replace("[1, 1]", &format!("[{number}, {number}]"))
    });
    app.post("/api/games/upload")
        .file("a.json", states[0].clone())
        .await
        .expect(200);
    let writing = async {
        for number in 0..30 {
            let text = states[number % 2].clone();
            other
                .post("/api/games/upload")
                .file("a.json", text)
                .await
                .expect(200);
        }
    };
    let reading = async {
        for _ in 0..60 {
            let game = app.get("/api/games/axelrod").await.expect(200);
            let number = if game["title"] == "state 1" { 1.0 } else { 2.0 };
            assert_eq!(game["payoffs"][1][1], json!([number, number]), "{game}");
        }
    };
    tokio::join!(writing, reading);
}
