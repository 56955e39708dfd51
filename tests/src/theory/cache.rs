//! What is found once is not computed twice: results by what was asked, conversions with their games.

use serde_json::{Value, json};

use super::steps::{analysed, stairs, upload};
use crate::harness::TestApp;

/// The stairs take longer than a result must have taken to be kept.
#[tokio::test]
async fn the_same_question_about_the_same_rules_is_answered_at_once() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let first = upload(&app, "stairs.nfg", &stairs()).await;
    let found = analysed(&app, &first, "IESDS", &[]).await;
    assert_eq!(found["details"]["cached"], Value::Null);
    // Another id and title, the same rules.
    let renamed = stairs().replace("\"stairs\"", "\"renamed\"");
    let second = upload(&app, "renamed.nfg", &renamed).await;
    assert_ne!(first, second);
    let mut again = analysed(&app, &second, "IESDS", &[]).await;
    assert_eq!(again["details"]["cached"], true);
    again["details"]
        .as_object_mut()
        .expect("an object")
        .remove("cached");
    assert_eq!(again, found);
    let other = stairs().replace("\n\n0 0 ", "\n\n1 0 ");
    assert_ne!(other, stairs());
    let third = upload(&app, "other.nfg", &other).await;
    let other = analysed(&app, &third, "IESDS", &[]).await;
    assert_eq!(other["details"]["cached"], Value::Null, "another payoff");
}

#[tokio::test]
async fn a_conversion_is_kept_until_the_game_changes() {
    let app = TestApp::start().await;
    let kept = async || {
        sqlx::query_scalar::<_, i64>("select count(*) from theory_conversions")
            .fetch_one(&app.store.pool)
            .await
            .expect("the conversions can be counted")
    };
    let path = "/api/games/trust-game/as/normal";
    let first = app.get(path).await.expect(200);
    assert_eq!(kept().await, 1);
    assert_eq!(app.get(path).await.expect(200), first);
    assert_eq!(kept().await, 1);
    let mut game = app.get("/api/games/trust-game").await.expect(200);
    let outcome = "o_coop";
    assert_eq!(game["outcomes"][outcome]["payoffs"]["Alice"], json!(1));
    game["outcomes"][outcome]["payoffs"]["Alice"] = json!(7);
    upload(&app, "changed.json", &game.to_string()).await;
    let changed = app.get(path).await.expect(200);
    assert_ne!(changed["payoffs"], first["payoffs"]);
}
