//! The example games, their wire shapes as the contract shows them, and their storage form.

use rookery_theory::{Format, Game, conversion, convert, examples};
use serde_json::{Value, json};

fn example(id: &str) -> Game {
    examples()
        .into_iter()
        .find(|game| game.id() == id)
        .expect("an example")
}

/// The fields that the contract shows must be equal; fields beside them may be added.
fn assert_shows(shown: &Value, contract: &Value) {
    for (key, value) in contract.as_object().expect("an object") {
        assert_eq!(&shown[key], value, "field {key}");
    }
}

#[test]
fn trust_game_as_the_contract_shows_it() {
    assert_shows(
        &example("trust-game").wire(),
        &json!({
            "id": "trust-game",
            "title": "Trust Game",
            "players": ["Alice", "Bob"],
            "root": "n_start",
            "nodes": {
                "n_start": {"id": "n_start", "player": "Alice", "actions": [
                    {"label": "Trust", "target": "n_bob"}, {"label": "Don't", "target": "o_decline"}
                ]},
                "n_bob": {"id": "n_bob", "player": "Bob", "actions": [
                    {"label": "Honor", "target": "o_coop"}, {"label": "Betray", "target": "o_betray"}
                ]}
            },
            "outcomes": {
                "o_coop": {"label": "Cooperate", "payoffs": {"Alice": 1, "Bob": 1}},
                "o_betray": {"label": "Betray", "payoffs": {"Alice": -1, "Bob": 2}},
                "o_decline": {"label": "Decline", "payoffs": {"Alice": 0, "Bob": 0}}
            },
            "version": "v1",
            "format_name": "extensive"
        }),
    );
}

#[test]
fn matching_pennies_as_the_contract_shows_it() {
    assert_shows(
        &example("matching-pennies").wire(),
        &json!({
            "id": "matching-pennies",
            "title": "Matching Pennies",
            "players": ["Matcher", "Mismatcher"],
            "strategies": [["Heads", "Tails"], ["Heads", "Tails"]],
            "payoffs": [[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]],
            "version": "v1",
            "format_name": "normal"
        }),
    );
}

#[test]
fn every_example_survives_storage_and_the_wire() {
    let limits = rookery_theory::Limits::default();
    for game in examples() {
        let stored = serde_json::to_string(&game).expect("serialises");
        assert_eq!(
            serde_json::from_str::<Game>(&stored).expect("reads back"),
            game,
            "{}",
            game.id()
        );
        // A program goes in as its text, which has no id and no title.
        if let Game::Vegas(program) = &game {
            let text = program.source_code.as_bytes();
            let mut read = rookery_theory::parse("shown.vg", text, &limits).expect("as before");
            read.set_id(game.id());
            game.title().clone_into(&mut read.meta_mut().title);
            assert_eq!(read, game);
            continue;
        }
        let shown = game.wire().to_string();
        let read = rookery_theory::parse("shown.json", shown.as_bytes(), &limits)
            .expect("the wire form is an input form");
        assert_eq!(read.wire(), game.wire(), "{}", game.id());
    }
}

#[test]
fn trust_game_as_a_matrix() {
    let matrix = convert(&example("trust-game"), Format::Normal).expect("two players");
    assert_shows(
        &matrix.wire(),
        &json!({
            "id": "trust-game-nfg",
            "players": ["Alice", "Bob"],
            "strategies": [["Trust", "Don't"], ["Honor", "Betray"]],
            "payoffs": [[[1.0, 1.0], [-1.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]]],
            "tags": ["converted", "from-efg"],
            "format_name": "normal"
        }),
    );
}

#[test]
fn chance_is_averaged_out_exactly() {
    let matrix = convert(&example("signaling-game"), Format::Normal)
        .expect("two players")
        .wire();
    assert_eq!(
        matrix["strategies"],
        json!([
            ["Beer/Beer", "Beer/Quiche", "Quiche/Beer", "Quiche/Quiche"],
            [
                "Fight/Fight",
                "Fight/Retreat",
                "Retreat/Fight",
                "Retreat/Retreat"
            ]
        ])
    );
    // Both types drink beer, the receiver fights after beer: 9/10 · 1 + 1/10 · 0 and 9/10 · 0 + 1/10 · 1.
    assert_eq!(matrix["payoffs"][0][0], json!([0.9, 0.1]));
    // Strong beer, weak quiche; fight after quiche only: 9/10 · 3 + 1/10 · 1 and 9/10 · 1 + 1/10 · 1.
    assert_eq!(matrix["payoffs"][1][2], json!([2.8, 1.0]));
}

#[test]
fn a_matrix_as_a_tree() {
    let tree = convert(&example("matching-pennies"), Format::Extensive)
        .expect("possible")
        .wire();
    assert_eq!(tree["id"], "matching-pennies-efg");
    assert_eq!(tree["root"], "n_root");
    assert_eq!(tree["nodes"]["n_p2_1"]["information_set"], "h_p2");
    assert_eq!(
        tree["nodes"]["n_p2_1"]["actions"][0],
        json!({"label": "Heads", "target": "o_1_0"})
    );
    assert_eq!(
        tree["outcomes"]["o_1_0"],
        json!({"label": "Tails, Heads", "payoffs": {"Matcher": -1, "Mismatcher": 1}})
    );
    let check = conversion(&example("matching-pennies"), Format::Extensive);
    assert_eq!(
        check.warnings,
        ["Simultaneity represented via information sets"]
    );
}

/// A document as the first version of this engine stored it: games stored then must be read for ever.
#[test]
fn a_stored_tree_of_the_first_version_is_read() {
    let stored = r#"{"format_name":"extensive","meta":{"id":"","title":"t","tags":["imported"]},"players":["A"],
        "root":{"node":0},"nodes":[
        {"id":"n_0","mover":"chance","actions":[{"label":"l","target":{"node":1},"probability":"1/3"},
            {"label":"r","target":{"outcome":0},"probability":"2/3","warning":"w"}],"warning":"rescaled"},
        {"id":"left","label":"L","mover":{"infoset":0},"actions":[{"label":"x","target":{"outcome":0}}],"outcome":1}],
        "infosets":[{"player":0}],"outcomes":[{"id":"o_0","label":"end","payoffs":["123456789012345678901/7"]},
        {"id":"o_terminal_1","label":"Terminal 2","payoffs":["0"]}],"efg_content":"EFG"}"#;
    let game: Game = serde_json::from_str(stored).expect("reads back");
    let again = serde_json::to_value(&game).expect("stores");
    assert_eq!(
        again,
        serde_json::from_str::<Value>(stored).expect("is JSON")
    );
    let shown = game.wire();
    assert_eq!(shown["nodes"]["left"]["outcome"], "o_terminal_1");
    assert_eq!(shown["outcomes"]["o_terminal_1"]["label"], "Terminal 2");
    assert_eq!(shown["nodes"]["n_0"]["warning"], "rescaled");
}
