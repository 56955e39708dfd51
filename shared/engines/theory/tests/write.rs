//! What the writers write reads back as the same game, and equal games, however they are written, have equal fingerprints.

use std::collections::HashMap;

use rookery_theory::game::{
    Action, ExtensiveParts, InformationSet, InfosetId, Meta, Mover, Node, NodeId, NormalParts,
    Outcome, OutcomeId, PlayerId, Target, Text,
};
use rookery_theory::{ExtensiveGame, Game, Limits, NormalGame, Rational, examples, parse, write};
use serde_json::json;

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn number(&mut self) -> Rational {
        let texts = [
            "0",
            "-1",
            "7",
            "0.1",
            "-2/3",
            "1/7",
            "22.75",
            "9007199254740993",
            "1e-30",
            "3e25",
            "123456789012345678901234567890/7",
            "-0.000000000001",
        ];
        Rational::parse(texts[self.below(texts.len())]).expect("a number")
    }

    /// A label with all that quoting can go wrong about; the number makes it differ from its siblings.
    fn label(&mut self, number: usize) -> String {
        let texts = [
            "a",
            "say \"yes\"",
            "two\nlines",
            "é{}",
            "a, b",
            "\\n \\\"x",
            "",
            "long enough to be shared",
        ];
        format!("{}{number}", texts[self.below(texts.len())])
    }
}

fn read(name: &str, text: &str) -> Game {
    parse(name, text.as_bytes(), &Limits::default())
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A tree of up to `most` nodes: chance, shared and absent-minded information sets, outcomes at inner nodes, shared outcomes.
fn random_tree(random: &mut Random, most: usize) -> ExtensiveGame {
    let players = 1 + random.below(3);
    let mut parts = ExtensiveParts {
        meta: Meta {
            title: "a \"random\" tree".to_owned(),
            description: Some("with a comment\nof two lines".to_owned()),
            ..Meta::default()
        },
        players: (0..players).map(|player| random.label(player)).collect(),
        outcomes: (0..6)
            .map(|number| Outcome {
                id: format!("o_{number}").into(),
                label: random.label(number).into(),
                payoffs: (0..players).map(|_| random.number()).collect(),
            })
            .collect(),
        ..ExtensiveParts::default()
    };
    // Actions that wait for a target, as node and number of the action.
    let mut open: Vec<Option<(usize, usize)>> = vec![None];
    let mut sets: Vec<Vec<Text>> = Vec::new();
    while let Some(from) = open.pop() {
        let target = if parts.nodes.len() >= most || random.below(3) == 0 {
            Target::Outcome(OutcomeId::new(random.below(6)))
        } else {
            let (mover, labels) = match random.below(4) {
                0 => (
                    Mover::Chance,
                    (0..3).map(|action| random.label(action).into()).collect(),
                ),
                1 if !sets.is_empty() => {
                    let set = random.below(sets.len());
                    (Mover::Infoset(InfosetId::new(set)), sets[set].clone())
                }
                _ => {
                    let actions = 1 + random.below(3);
                    sets.push(
                        (0..actions)
                            .map(|action| random.label(action).into())
                            .collect(),
                    );
                    parts.infosets.push(InformationSet {
                        id: None,
                        player: PlayerId::new(random.below(players)),
                    });
                    (
                        Mover::Infoset(InfosetId::new(sets.len() - 1)),
                        sets[sets.len() - 1].clone(),
                    )
                }
            };
            let probabilities =
                ["1/7", "2/7", "4/7"].map(|text| Rational::parse(text).expect("a number"));
            let number = parts.nodes.len();
            let action = |(position, label): (usize, Text)| Action {
                label,
                target: Target::Node(NodeId::FIRST),
                probability: (mover == Mover::Chance).then(|| probabilities[position].clone()),
                warning: None,
            };
            let node = Node {
                id: format!("n_{number}").into(),
                label: if random.below(2) == 0 {
                    random.label(number).into()
                } else {
                    Text::EMPTY
                },
                mover,
                actions: labels.into_iter().enumerate().map(action).collect(),
                outcome: (random.below(4) == 0).then(|| OutcomeId::new(random.below(6))),
                warning: None,
            };
            open.extend(
                (0..node.actions.len())
                    .rev()
                    .map(|action| Some((number, action))),
            );
            parts.nodes.push(node);
            Target::Node(NodeId::new(number))
        };
        match from {
            None => parts.root = Some(target),
            Some((node, action)) => parts.nodes[node].actions[action].target = target,
        }
    }
    ExtensiveGame::new(parts).expect("well formed")
}

/// Walks both trees at once.
fn assert_same_tree(one: &ExtensiveGame, other: &ExtensiveGame) {
    assert_eq!(one.players(), other.players());
    let mut sets: HashMap<InfosetId, InfosetId> = HashMap::new();
    let mut pending = vec![(one.root(), other.root())];
    while let Some(pair) = pending.pop() {
        let (left, right) = match pair {
            (Target::Outcome(left), Target::Outcome(right)) => {
                assert_eq!(one.outcome(left).payoffs, other.outcome(right).payoffs);
                assert_eq!(one.outcome(left).label, other.outcome(right).label);
                continue;
            }
            (Target::Node(left), Target::Node(right)) => (one.node(left), other.node(right)),
            _ => panic!("a node against an end"),
        };
        assert_eq!(left.label, right.label);
        let payoffs = |game: &ExtensiveGame, node: &Node| {
            node.outcome
                .map(|outcome| game.outcome(outcome).payoffs.clone())
        };
        assert_eq!(payoffs(one, left), payoffs(other, right));
        match (left.mover, right.mover) {
            (Mover::Chance, Mover::Chance) => {}
            (Mover::Infoset(left), Mover::Infoset(right)) => {
                assert_eq!(one.infoset(left).player, other.infoset(right).player);
                assert_eq!(*sets.entry(left).or_insert(right), right, "a set was split");
                assert_eq!(
                    one.members(left).len(),
                    other.members(right).len(),
                    "sets were joined"
                );
            }
            _ => panic!("nature against a player"),
        }
        assert_eq!(left.actions.len(), right.actions.len());
        for (left, right) in left.actions.iter().zip(&right.actions) {
            assert_eq!(
                (&left.label, &left.probability),
                (&right.label, &right.probability)
            );
            pending.push((left.target, right.target));
        }
    }
}

fn assert_same(one: &Game, other: &Game) {
    assert_eq!(
        (one.title(), one.description()),
        (other.title(), other.description())
    );
    match (one, other) {
        (Game::Extensive(one), Game::Extensive(other)) => assert_same_tree(one, other),
        (Game::Normal(one), Game::Normal(other)) => {
            assert_eq!(one.players(), other.players());
            assert_eq!(one.strategies(), other.strategies());
            for profile in 0..one.profiles() {
                assert_eq!(one.payoffs_at(profile), other.payoffs_at(profile));
            }
        }
        _ => panic!("another form of game"),
    }
    assert_eq!(one.fingerprint(), other.fingerprint());
}

fn assert_survives(game: &Game) {
    assert_same(game, &read("g.json", &write::json(game).to_string()));
    match game {
        Game::Extensive(tree) => assert_same(game, &read("g.efg", &write::efg(tree))),
        Game::Normal(table) => assert_same(game, &read("g.nfg", &write::nfg(table))),
        Game::Maid(_) | Game::Vegas(_) => {}
    }
}

#[test]
fn random_trees_survive_every_format() {
    let mut random = Random(0x5eed_0001);
    for size in 0..300 {
        assert_survives(&Game::Extensive(random_tree(&mut random, size % 60)));
    }
}

#[test]
fn random_tables_survive_every_format() {
    let mut random = Random(0x5eed_0002);
    for _ in 0..200 {
        let sizes: Vec<usize> = (0..2 + random.below(3))
            .map(|_| 1 + random.below(4))
            .collect();
        let entries = sizes.iter().product::<usize>() * sizes.len();
        let table = NormalGame::try_from(NormalParts {
            meta: Meta {
                title: "a table".to_owned(),
                ..Meta::default()
            },
            players: (0..sizes.len())
                .map(|player| random.label(player))
                .collect(),
            strategies: sizes
                .iter()
                .map(|size| (0..*size).map(|number| random.label(number)).collect())
                .collect(),
            payoffs: (0..entries).map(|_| random.number()).collect(),
            maid_decision_to_player: Vec::new(),
        });
        assert_survives(&Game::Normal(table.expect("well formed")));
    }
}

#[test]
fn examples_and_gambits_samples_survive() {
    for game in examples() {
        if matches!(game, Game::Extensive(_) | Game::Normal(_)) {
            assert_survives(&game);
        }
    }
    let samples = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../../shared/games/gambit"
    );
    let Ok(files) = std::fs::read_dir(samples) else {
        return;
    };
    for file in files {
        let path = file.expect("a directory entry").path();
        let text = std::fs::File::open(&path).and_then(std::io::read_to_string);
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a file name");
        assert_survives(&read(name, &text.expect("a readable file")));
    }
}

#[test]
fn numbers_are_written_exactly() {
    let text = r#"NFG 1 R "exact" { "A" "B" } { 1 2 } 1/3 0.1 1e25 -7"#;
    let game = read("g.nfg", text);
    assert_eq!(
        write::json(&game)["payoffs"],
        json!([[["1/3", 0.1], [1e25, -7]]])
    );
    let Game::Normal(table) = &game else {
        panic!("a table")
    };
    let written = write::nfg(table);
    assert!(
        written.ends_with("\n1/3 1/10 \n10000000000000000000000000 -7 \n"),
        "{written}"
    );
}

const SHORT: &str = r#"EFG 2 R "one" { "A" "B" } "" c "" 1 "" { "l" 1/2 "r" 0.5 } 0
p "" 1 1 "" { "x" "y" } 0 t "" 1 "win" { 1 -1 } t "" 2 "loss" { -1 1 }
p "" 2 5 "" { "x" "y" } 0 t "" 1 t "" 2"#;

#[test]
fn a_fingerprint_is_that_of_the_rules() {
    let game = read("one.efg", SHORT);
    let spellings = [
        // Other numbers, ids, titles, omissions.
        r#"EFG 2 D "two" { "A" "B" } c "" 3 "" { "l" .5 "r" 5e-1 } 0
        p "" 1 9 "h" { "x" "y" } 0 t "" 7 "win" { 1, -1 } t "" 9 "loss" { -2/2, 1.0 }
        p "" 2 1 "" { "x" "y" } 0 t "" 7 t "" 9"#,
    ];
    for spelling in spellings {
        assert_eq!(read("two.efg", spelling).fingerprint(), game.fingerprint());
    }
    let mut tagged = game.clone();
    tagged.set_id("an-id");
    tagged.meta_mut().tags.push("tag".to_owned());
    assert_eq!(tagged.fingerprint(), game.fingerprint());
    let json = read("one.json", &game.wire().to_string());
    assert_eq!(json.fingerprint(), game.fingerprint());
    assert_eq!(json.fingerprint_with_ids(), game.fingerprint_with_ids());
    let renamed = game.wire().to_string().replace("n_1", "n_left");
    let renamed = read("one.json", &renamed);
    assert_eq!(renamed.fingerprint(), game.fingerprint());
    assert_ne!(renamed.fingerprint_with_ids(), game.fingerprint_with_ids());
}

#[test]
fn every_change_of_the_rules_changes_the_fingerprint() {
    let mut prints = vec![read("one.efg", SHORT).fingerprint()];
    for (from, to) in [
        ("{ 1 -1 }", "{ 1 -2 }"),
        ("1/2 \"r\" 0.5", "1/4 \"r\" 3/4"),
        ("\"A\"", "\"C\""),
        ("\"l\"", "\"left\""),
        ("1 1 \"\" { \"x\"", "1 1 \"\" { \"z\""),
        ("\"win\"", "\"victory\""),
        ("p \"\" 2 5", "p \"node\" 2 5"),
        ("p \"\" 2 5", "p \"\" 1 5"),
        ("p \"\" 2 5", "p \"\" 1 1"),
        ("0.5 } 0", "0.5 } 1"),
        ("t \"\" 1 t \"\" 2", "t \"\" 2 t \"\" 1"),
    ] {
        assert!(SHORT.contains(from), "{from}");
        let changed = read("one.efg", &SHORT.replacen(from, to, 1)).fingerprint();
        assert!(!prints.contains(&changed), "{from} to {to}");
        prints.push(changed);
    }
}
