//! "Nash Equilibrium" against what the literature knows, through the whole system.

use serde_json::{Value, json};

use super::steps::{
    POKER, THREE_AGREE, endless_game, kuhn_poker, mixtures, nash, sorted, table, upload,
};
use crate::harness::TestApp;

const AGT: &str = include_str!("../../games/agt-3-3.nfg");
const AGT_DEGENERATE: &str = include_str!("../../games/agt-3-3-degenerate.nfg");
const SHAPLEY: &str = include_str!("../../games/shapley.nfg");

#[tokio::test]
async fn a_dilemma_has_its_one_equilibrium_as_the_contract_words_it() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let result = nash(&app, "prisoners-dilemma", &[]).await;
    assert_eq!(result["summary"], "1 Nash equilibrium");
    let details = &result["details"];
    assert_eq!(details["exhaustive"], true);
    assert_eq!(details["solver"], "gambit-enummixed");
    assert!(details["computation_time_ms"].is_u64(), "{details}");
    let equilibrium = &details["equilibria"][0];
    assert_eq!(
        equilibrium["description"],
        "Pure: Row plays Defect, Column plays Defect"
    );
    let profile = json!({
        "Row": { "Cooperate": 0.0, "Defect": 1.0 },
        "Column": { "Cooperate": 0.0, "Defect": 1.0 },
    });
    assert_eq!(equilibrium["behavior_profile"], profile);
    assert_eq!(equilibrium["strategies"], profile);
    let payoffs = json!({ "Row": -2.0, "Column": -2.0 });
    assert_eq!(equilibrium["outcomes"], payoffs);
    assert_eq!(equilibrium["payoffs"], payoffs);
    assert_eq!(equilibrium["regret"], 0.0);
}

#[tokio::test]
async fn mixtures_are_shown_as_doubles_and_as_fractions() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let result = nash(&app, "rock-paper-scissors", &[]).await;
    assert_eq!(result["summary"], "1 Nash equilibrium");
    let equilibrium = &result["details"]["equilibria"][0];
    assert_eq!(equilibrium["description"], "Mixed equilibrium");
    for mixture in values(&equilibrium["strategies"]) {
        assert!(
            values(mixture)
                .iter()
                .all(|share| **share == json!(1.0 / 3.0)),
            "{mixture}"
        );
    }
    for mixture in values(&equilibrium["exact"]["strategies"]) {
        assert!(
            values(mixture).iter().all(|share| **share == json!("1/3")),
            "{mixture}"
        );
    }
}

fn values(object: &Value) -> Vec<&Value> {
    object.as_object().expect("an object").values().collect()
}

/// Luce and Raiffa (1957): two pure equilibria, and one in which each goes to the favourite with 2/3.
#[tokio::test]
async fn the_battle_of_the_sexes_has_three() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let battle = table("battle", json!([[[2, 1], [0, 0]], [[0, 0], [1, 2]]]));
    let id = upload(&app, "battle.json", &battle).await;
    let result = nash(&app, &id, &[]).await;
    assert_eq!(result["summary"], "3 Nash equilibria");
    assert_eq!(
        mixtures(&result),
        sorted(vec![
            json!({ "Row": { "1": "1", "2": "0" }, "Column": { "1": "1", "2": "0" } }),
            json!({ "Row": { "1": "0", "2": "1" }, "Column": { "1": "0", "2": "1" } }),
            json!({ "Row": { "1": "2/3", "2": "1/3" }, "Column": { "1": "1/3", "2": "2/3" } }),
        ])
    );
    let pure = nash(&app, &id, &[("solver", "pure")]).await;
    assert_eq!(pure["summary"], "2 Nash equilibria");
    assert_eq!(pure["details"]["solver"], "gambit-enumpure");
}

/// Nisan, Roughgarden, Tardos, Vazirani (2007), chapter 3: the equilibria under figure 3.2.
#[tokio::test]
async fn the_textbook_s_three_by_two_game() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "agt.nfg", AGT).await;
    let result = nash(&app, &id, &[]).await;
    assert_eq!(
        mixtures(&result),
        sorted(vec![
            mixture(["1", "0", "0"], ["1", "0"]),
            mixture(["4/5", "1/5", "0"], ["2/3", "1/3"]),
            mixture(["0", "1/3", "2/3"], ["1/3", "2/3"]),
        ])
    );
}

/// The degenerate variant of Avis, Rosenberg, Savani and von Stengel (2010): the first row's equilibria are a segment, of which
/// both ends are extreme.
#[tokio::test]
async fn a_degenerate_game_shows_the_ends_of_its_segment() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "degenerate.nfg", AGT_DEGENERATE).await;
    let result = nash(&app, &id, &[]).await;
    assert_eq!(result["details"]["exhaustive"], true);
    assert_eq!(
        mixtures(&result),
        sorted(vec![
            mixture(["1", "0", "0"], ["1", "0"]),
            mixture(["1", "0", "0"], ["2/3", "1/3"]),
            mixture(["0", "1/3", "2/3"], ["1/3", "2/3"]),
        ])
    );
}

fn mixture(rows: [&str; 3], columns: [&str; 2]) -> Value {
    json!({
        "I": { "S1": rows[0], "S2": rows[1], "S3": rows[2] },
        "II": { "S1": columns[0], "S2": columns[1] },
    })
}

/// Any non-empty set of strategies that both mix evenly: 2ⁿ − 1.
#[tokio::test]
async fn pure_coordination_has_one_for_every_set() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    for (size, count) in [(3, 7), (4, 15)] {
        let payoff = |row, column| {
            if row == column {
                json!([1, 1])
            } else {
                json!([0, 0])
            }
        };
        let rows = (0..size).map(|row| (0..size).map(|column| payoff(row, column)).collect());
        let name = format!("coordination-{size}");
        let id = upload(&app, "c.json", &table(&name, Value::Array(rows.collect()))).await;
        let result = nash(&app, &id, &[]).await;
        assert_eq!(result["summary"], format!("{count} Nash equilibria"));
        assert_eq!(mixtures(&result).len(), count);
    }
}

#[tokio::test]
async fn shapley_s_game_has_one() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "shapley.nfg", SHAPLEY).await;
    let thirds = json!({ "a": "1/3", "b": "1/3", "c": "1/3" });
    let result = nash(&app, &id, &[]).await;
    assert_eq!(
        mixtures(&result),
        [json!({ "Row": thirds, "Column": thirds })]
    );
}

/// Reiley, Urbancic and Walker (2008): Alice bets every king and a third of her queens, Bob calls two bets of three, and the game is
/// worth 1/3 to Alice.
#[tokio::test]
async fn poker_with_two_cards_is_solved_with_its_chance_move() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "poker.efg", POKER).await;
    let result = nash(&app, &id, &[]).await;
    assert_eq!(
        mixtures(&result),
        [json!({
            "Alice": { "Bet/Bet": "1/3", "Bet/Fold": "2/3", "Fold/Bet": "0", "Fold/Fold": "0" },
            "Bob": { "Call": "2/3", "Fold": "1/3" },
        })]
    );
    let equilibrium = &result["details"]["equilibria"][0];
    assert_eq!(
        equilibrium["exact"]["payoffs"],
        json!({ "Alice": "1/3", "Bob": "-1/3" })
    );
}

/// Kuhn (1950): worth −1/18 to the first player, whichever of the equilibria is found.
#[tokio::test]
async fn kuhn_s_poker_is_worth_what_kuhn_says() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "kuhn.efg", &kuhn_poker()).await;
    let result = nash(&app, &id, &[("solver", "quick")]).await;
    assert_eq!(result["details"]["solver"], "gambit-lcp");
    let equilibrium = &result["details"]["equilibria"][0];
    assert_eq!(
        equilibrium["exact"]["payoffs"],
        json!({ "First": "-1/18", "Second": "1/18" })
    );
    assert_eq!(equilibrium["regret"], 0.0);
}

/// Alice does not trust while Bob honours with at most 1/2: the ends of that segment.
#[tokio::test]
async fn the_trust_game_ends_in_distrust() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let result = nash(&app, "trust-game", &[]).await;
    let distrust = |honor: &str, betray: &str| json!({ "Alice": { "Trust": "0", "Don't": "1" }, "Bob": { "Honor": honor, "Betray": betray } });
    assert_eq!(
        mixtures(&result),
        sorted(vec![distrust("0", "1"), distrust("1/2", "1/2")])
    );
}

/// Zero-sum, x against 1 on the diagonal: both play the first with 1/(x + 1), here far beyond the precision of doubles.
#[tokio::test]
async fn payoffs_beyond_doubles_stay_exact() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let large = "10000000000000000000";
    let text =
        format!("NFG 1 R \"large\" {{ \"A\" \"B\" }} {{ 2 2 }} {large} -{large} 0 0 0 0 1 -1");
    let id = upload(&app, "large.nfg", &text).await;
    let mix = json!({ "S1": "1/10000000000000000001", "S2": "10000000000000000000/10000000000000000001" });
    let result = nash(&app, &id, &[]).await;
    assert_eq!(mixtures(&result), [json!({ "A": mix, "B": mix })]);
    let payoffs = &result["details"]["equilibria"][0]["exact"]["payoffs"];
    assert_eq!(payoffs["A"], "10000000000000000000/10000000000000000001");
}

#[tokio::test]
async fn fractions_in_json_are_taken_as_they_are() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    // Row's 1/3 beats 0.333333333333333333 by less than a double can tell.
    let close =
        table("close", json!([[["1/3", 0]], [[0.3, 0]]])).replace("0.3", "0.333333333333333333");
    let id = upload(&app, "close.json", &close).await;
    let result = nash(&app, &id, &[]).await;
    assert_eq!(
        mixtures(&result),
        [json!({ "Row": { "1": "1", "2": "0" }, "Column": { "1": "1" } })]
    );
}

/// All three to one side, or each to either side half the time: then left pays q², right (1 − q)².
#[tokio::test]
async fn three_players_get_every_equilibrium() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "agree.nfg", THREE_AGREE).await;
    let all = |left: &str, right: &str| {
        let player = json!({ "left": left, "right": right });
        json!({ "A": player, "B": player, "C": player })
    };
    let pure = nash(&app, &id, &[("solver", "pure")]).await;
    assert_eq!(pure["summary"], "2 Nash equilibria");
    assert_eq!(pure["details"]["exhaustive"], true);
    assert_eq!(mixtures(&pure), sorted(vec![all("1", "0"), all("0", "1")]));
    let default = nash(&app, &id, &[]).await;
    assert_eq!(default["summary"], "3 Nash equilibria");
    assert_eq!(default["details"]["exhaustive"], true);
    assert_eq!(
        mixtures(&default),
        sorted(vec![all("1", "0"), all("0", "1"), all("1/2", "1/2")])
    );
}

#[tokio::test]
async fn a_game_without_pure_equilibria_says_so() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let result = nash(&app, "matching-pennies", &[("solver", "pure")]).await;
    assert_eq!(result["summary"], "No Nash equilibria found");
    assert_eq!(result["details"]["equilibria"], json!([]));
}

#[tokio::test]
async fn max_equilibria_is_honoured_and_not_called_complete() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "agt.nfg", AGT).await;
    for solver in ["exhaustive", "quick"] {
        let options = [("solver", solver), ("max_equilibria", "1")];
        let result = nash(&app, &id, &options).await;
        assert_eq!(result["summary"], "1 Nash equilibrium+", "{solver}");
        assert_eq!(result["details"]["exhaustive"], false, "{solver}");
        assert_eq!(mixtures(&result).len(), 1, "{solver}");
    }
}

#[tokio::test]
async fn quick_is_quick_on_what_nobody_enumerates() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "endless.nfg", &endless_game()).await;
    let result = nash(&app, &id, &[("solver", "quick")]).await;
    assert_eq!(result["summary"], "1 Nash equilibrium+");
    assert_eq!(result["details"]["equilibria"][0]["regret"], 0.0);
}
