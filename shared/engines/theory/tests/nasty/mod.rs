//! Games that are hard on one analysis or another: huge, degenerate, deep, wide, forgetful, or with enormous numbers.

use rookery_theory::game::{
    Action, ExtensiveGame, ExtensiveParts, InformationSet, InfosetId, Meta, Mover, Node, NodeId,
    NormalParts, Outcome, OutcomeId, PlayerId, Target,
};
use rookery_theory::{Game, Limits, NormalGame, Rational, parse};

use crate::diagrams::{chance, decision, diagram, payoff};
use crate::poker::leduc;

/// Each with its name.
pub fn games() -> Vec<(&'static str, Game)> {
    vec![
        ("2x2 all equal", table(&[2, 2], |_| 0.into())),
        ("28x28 all equal", table(&[28, 28], |_| 7.into())),
        ("700x700 random", table(&[700, 700], random)),
        ("1x400000", table(&[1, 400_000], random)),
        ("10 players x 2", table(&[2; 10], random)),
        ("10 players x 2 equal", table(&[2; 10], |_| 1.into())),
        ("10x10x10", table(&[10; 3], random)),
        ("5 players x 4", table(&[4; 5], random)),
        ("one player x 1000", table(&[1_000], random)),
        ("14x14 enormous", table(&[14, 14], enormous)),
        ("3x3x3 enormous", table(&[3, 3, 3], enormous)),
        ("60x60 zero-sum", table(&[60, 60], zero_sum)),
        ("centipede of 100000", centipede(100_000)),
        ("wide tree", wide(50_000)),
        (
            "2^17 sets",
            perfect_information(17, |number| [number, -number]),
        ),
        ("2^12 sets enormous", {
            perfect_information(12, |number| [number * 1_000_003, number % 977])
        }),
        ("one player, 2^13 ends", one_player(13)),
        ("leduc", leduc()),
        ("one outcome", lone_outcome(2)),
        ("one outcome, 40 players", lone_outcome(40)),
        ("absent-minded", absent_minded()),
        ("imperfect recall", forgetful(12)),
        ("diagram with many chances", chances(14)),
        ("diagram with many decisions", decisions(8)),
        ("diagram with wide domains", wide_domains()),
        ("vegas program", program()),
    ]
}

/// Xorshift64* of the number.
fn random(number: usize) -> Rational {
    Rational::from(draw(number, 101))
}

fn draw(number: usize, below: u64) -> i64 {
    let mut state = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for _ in 0..3 {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
    }
    ((state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below) as i64
}

/// Up to 10^300, or a fraction whose denominator has 400 bits.
fn enormous(number: usize) -> Rational {
    let digits = |length: usize, seed: usize| -> String {
        let digit = |place: usize| char::from(b'1' + draw(seed * 1_000 + place, 9) as u8);
        (0..length).map(digit).collect()
    };
    let text = match number % 3 {
        0 => digits(300, number),
        _ => format!("{}/{}", digits(120, number), digits(121, number + 7)),
    };
    Rational::parse(&text).expect("a number")
}

/// The second payoff of a pair is minus the first.
fn zero_sum(number: usize) -> Rational {
    let payoff = draw(number / 2, 1_000);
    Rational::from(if number.is_multiple_of(2) {
        payoff
    } else {
        -payoff
    })
}

fn table(sizes: &[usize], payoff: fn(usize) -> Rational) -> Game {
    let count = sizes.iter().product::<usize>() * sizes.len();
    let names = |size: usize| (0..size).map(|place| format!("s{place}")).collect();
    Game::Normal(
        NormalGame::try_from(NormalParts {
            maid_decision_to_player: Vec::new(),
            meta: Meta::default(),
            players: (0..sizes.len())
                .map(|player| format!("P{player}"))
                .collect(),
            strategies: sizes.iter().map(|size| names(*size)).collect(),
            payoffs: (0..count).map(payoff).collect(),
        })
        .expect("a table"),
    )
}

/// A tree under construction.
#[derive(Default)]
struct Builder(ExtensiveParts);

impl Builder {
    fn new(players: usize) -> Builder {
        Builder(ExtensiveParts {
            players: (0..players).map(|player| format!("P{player}")).collect(),
            root: Some(Target::Node(NodeId::new(0))),
            ..ExtensiveParts::default()
        })
    }

    fn set(&mut self, player: usize) -> Mover {
        self.0.infosets.push(InformationSet {
            id: None,
            player: PlayerId::new(player),
        });
        Mover::Infoset(InfosetId::new(self.0.infosets.len() - 1))
    }

    /// A node whose actions lead to these places; chance takes each equally often.
    fn node(&mut self, mover: Mover, targets: impl Iterator<Item = Target>) {
        let mut actions: Vec<Action> = targets
            .enumerate()
            .map(|(number, target)| Action {
                label: format!("a{number}").into(),
                target,
                probability: None,
                warning: None,
            })
            .collect();
        if mover == Mover::Chance {
            let odds = Rational::ONE / Rational::from(actions.len() as i64);
            for action in &mut actions {
                action.probability = Some(odds.clone());
            }
        }
        self.0.nodes.push(Node {
            id: format!("n{}", self.0.nodes.len()).into(),
            label: "".into(),
            mover,
            actions,
            outcome: None,
            warning: None,
        });
    }

    fn end(&mut self, payoffs: impl Iterator<Item = i64>) -> Target {
        let number = self.0.outcomes.len();
        self.0.outcomes.push(Outcome {
            id: format!("o{number}").into(),
            label: "".into(),
            payoffs: payoffs.map(Rational::from).collect(),
        });
        Target::Outcome(OutcomeId::new(number))
    }

    fn built(self) -> Game {
        Game::Extensive(ExtensiveGame::new(self.0).expect("a tree"))
    }
}

fn next_node(number: usize) -> Target {
    Target::Node(NodeId::new(number))
}

/// Two players by turns go on or stop; who stops wins 1 of the other.
pub fn centipede(depth: usize) -> Game {
    let mut tree = Builder::new(2);
    let stops = [1, -1].map(|won| tree.end([won, -won].into_iter()));
    for number in 0..depth {
        let on = match number + 1 == depth {
            true => stops[0],
            false => next_node(number + 1),
        };
        let set = tree.set(number % 2);
        tree.node(set, [on, stops[number % 2]].into_iter());
    }
    tree.built()
}

/// Nature deals one of many cards, which the first player sees and the second does not.
fn wide(cards: usize) -> Game {
    let mut tree = Builder::new(2);
    tree.node(Mover::Chance, (1..=cards).map(next_node));
    let hidden = tree.set(1);
    for card in 0..cards {
        let set = match card % 2 {
            0 => tree.set(0),
            _ => hidden,
        };
        let ends =
            [draw(card, 100), draw(card + 1, 100)].map(|won| tree.end([won, -won].into_iter()));
        tree.node(set, ends.into_iter());
    }
    tree.built()
}

/// Two players by turns, everything seen.
fn perfect_information(depth: u32, pay: fn(i64) -> [i64; 2]) -> Game {
    let mut tree = Builder::new(2);
    let inner = (1usize << depth) - 1;
    for number in 0..inner {
        let level = (number + 1).ilog2() as usize;
        let targets = [2 * number + 1, 2 * number + 2].map(|child| match child < inner {
            true => next_node(child),
            false => tree.end(pay(draw(child, 1_000)).into_iter()),
        });
        let set = tree.set(level % 2);
        tree.node(set, targets.into_iter());
    }
    tree.built()
}

pub fn one_player(depth: u32) -> Game {
    let mut tree = Builder::new(1);
    let inner = (1usize << depth) - 1;
    for number in 0..inner {
        let targets = [2 * number + 1, 2 * number + 2].map(|child| match child < inner {
            true => next_node(child),
            false => tree.end([draw(child, 1_000)].into_iter()),
        });
        let set = tree.set(0);
        tree.node(set, targets.into_iter());
    }
    tree.built()
}

fn lone_outcome(players: usize) -> Game {
    let mut tree = Builder::new(players);
    let end = tree.end((0..players).map(|player| player as i64));
    tree.0.root = Some(end);
    tree.built()
}

/// The driver of Piccione and Rubinstein (1997), with a second player who does nothing.
fn absent_minded() -> Game {
    let mut tree = Builder::new(2);
    let ends = [0, 4, 1].map(|won| tree.end([won, 0].into_iter()));
    let set = tree.set(0);
    tree.node(set, [ends[0], next_node(1)].into_iter());
    tree.node(set, [ends[1], ends[2]].into_iter());
    tree.built()
}

/// Both players by turns know how far play is, but not how it came there.
fn forgetful(depth: u32) -> Game {
    let mut tree = Builder::new(2);
    let inner = (1usize << depth) - 1;
    let sets: Vec<Mover> = (0..depth as usize)
        .map(|level| tree.set(level % 2))
        .collect();
    for number in 0..inner {
        let targets = [2 * number + 1, 2 * number + 2].map(|child| match child < inner {
            true => next_node(child),
            false => tree.end([draw(child, 100), draw(child + 1, 100)].into_iter()),
        });
        tree.node(sets[(number + 1).ilog2() as usize], targets.into_iter());
    }
    tree.built()
}

/// Two agents who see one end of a long chain of noisy signals each.
fn chances(count: usize) -> Game {
    let ids: Vec<String> = (0..count).map(|number| format!("C{number}")).collect();
    let mut items = vec![chance("C0", &["0", "1"], &[], &[&["1/3"], &["2/3"]])];
    for pair in ids.windows(2) {
        let rows: [&[&str]; 2] = [&["1/7", "4/5"], &["6/7", "1/5"]];
        items.push(chance(&pair[1], &["0", "1"], &[&pair[0]], &rows));
    }
    let last = &ids[count - 1];
    items.push(decision("D", "A", &["l", "r"], &["C0"]));
    items.push(decision("E", "B", &["l", "r"], &[last]));
    items.push(payoff("U", "A", &["D", "E"], &[3, 0, 0, 2]));
    items.push(payoff(
        "V",
        "B",
        &["D", "E", "C0"],
        &[1, 0, 0, 2, 5, 1, 0, 2],
    ));
    diagram(&["A", "B"], &items)
}

/// Agents by turns, each of whom sees the two decisions before.
fn decisions(count: usize) -> Game {
    let ids: Vec<String> = (0..count).map(|number| format!("D{number}")).collect();
    let mut items = Vec::new();
    for (number, id) in ids.iter().enumerate() {
        let seen: Vec<&str> = ids[number.saturating_sub(2)..number]
            .iter()
            .map(String::as_str)
            .collect();
        let agent = ["A", "B"][number % 2];
        items.push(decision(id, agent, &["l", "r"], &seen));
    }
    let all: Vec<&str> = ids.iter().map(String::as_str).collect();
    for (number, agent) in ["A", "B"].into_iter().enumerate() {
        let payoffs: Vec<i64> = (0..1 << count)
            .map(|place| draw(place * 2 + number, 50))
            .collect();
        items.push(payoff(&format!("U{agent}"), agent, &all, &payoffs));
    }
    diagram(&["A", "B"], &items)
}

/// Three agents move at once, with many choices.
fn wide_domains() -> Game {
    let actions: Vec<String> = (0..9).map(|number| format!("a{number}")).collect();
    let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
    let agents = ["A", "B", "C"];
    let mut items: Vec<_> = agents
        .iter()
        .map(|agent| decision(&format!("D{agent}"), agent, &actions, &[]))
        .collect();
    for (number, agent) in agents.iter().enumerate() {
        let payoffs: Vec<i64> = (0..729)
            .map(|place| draw(place * 3 + number, 100))
            .collect();
        items.push(payoff(
            &format!("U{agent}"),
            agent,
            &["DA", "DB", "DC"],
            &payoffs,
        ));
    }
    diagram(&agents, &items)
}

/// Seven rounds of two moves, with a chance to quit at each.
fn program() -> Game {
    let rounds: String = (0..7)
        .map(|round| format!("yield A(x{round}: bool) B(y{round}: bool); "))
        .collect();
    let text = format!(
        "game main() {{ join A() $ 5 B() $ 5; {rounds} withdraw A.x0 == B.y3 ? {{ A -> 10; B -> 0 }} : {{ A -> 0; B -> 10 }} }}"
    );
    parse("game.vg", text.as_bytes(), &Limits::default()).expect("a program")
}
