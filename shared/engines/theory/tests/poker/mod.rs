//! Kuhn and Leduc poker built from their rules, for tests and the benchmark.

use rookery_theory::game::{
    Action, ExtensiveGame, ExtensiveParts, InformationSet, InfosetId, Mover, Node, NodeId, Outcome,
    OutcomeId, PlayerId, Target,
};
use rookery_theory::{Game, Rational};

/// Three cards, ante 1, one bet of 1 (Kuhn 1950).
pub fn kuhn() -> Game {
    build(&Rules {
        ranks: vec![0, 1, 2],
        raises: vec![1],
        most_raises: 1,
    })
}

/// Six cards of three ranks, ante 1, bets of 2 and after a public card of 4, two of them in each round (Southey et al. 2005).
pub fn leduc() -> Game {
    build(&Rules {
        ranks: vec![0, 0, 1, 1, 2, 2],
        raises: vec![2, 4],
        most_raises: 2,
    })
}

struct Rules {
    /// The rank of each card; cards of one rank are told apart by the players, but not by the showdown.
    ranks: Vec<usize>,
    /// The size of a bet in each round.
    raises: Vec<i64>,
    most_raises: usize,
}

/// A state of play.
#[derive(Clone)]
struct State {
    cards: Vec<usize>,
    paid: [i64; 2],
    round: usize,
    raises: usize,
    /// Whether the first of the round has acted.
    opened: bool,
    mover: usize,
    history: String,
}

struct Builder<'r> {
    rules: &'r Rules,
    parts: ExtensiveParts,
}

fn build(rules: &Rules) -> Game {
    let mut builder = Builder {
        rules,
        parts: ExtensiveParts {
            players: vec!["Alice".to_owned(), "Bob".to_owned()],
            ..ExtensiveParts::default()
        },
    };
    let state = State {
        cards: Vec::new(),
        paid: [1, 1],
        round: 0,
        raises: 0,
        opened: false,
        mover: 0,
        history: String::new(),
    };
    let root = builder.deal(&state, 2);
    builder.parts.root = Some(root);
    Game::Extensive(ExtensiveGame::new(builder.parts).expect("the rules make a tree"))
}

impl Builder<'_> {
    fn node(&mut self, mover: Mover) -> usize {
        let id = format!("n{}", self.parts.nodes.len());
        self.parts.nodes.push(Node {
            id: id.into(),
            label: String::new().into(),
            mover,
            actions: Vec::new(),
            outcome: None,
            warning: None,
        });
        self.parts.nodes.len() - 1
    }

    fn add(&mut self, node: usize, label: String, target: Target, odds: Option<usize>) {
        let probability =
            odds.map(|odds| Rational::parse(&format!("1/{odds}")).expect("a fraction"));
        self.parts.nodes[node].actions.push(Action {
            label: label.into(),
            target,
            probability,
            warning: None,
        });
    }

    /// Deals this many more cards, one after the other, then play goes on.
    fn deal(&mut self, state: &State, more: usize) -> Target {
        if more == 0 {
            return self.act(state);
        }
        let node = self.node(Mover::Chance);
        let left: Vec<usize> = (0..self.rules.ranks.len())
            .filter(|card| !state.cards.contains(card))
            .collect();
        for card in &left {
            let mut next = state.clone();
            next.cards.push(*card);
            let target = self.deal(&next, more - 1);
            self.add(node, card.to_string(), target, Some(left.len()));
        }
        Target::Node(NodeId::new(node))
    }

    fn act(&mut self, state: &State) -> Target {
        let me = state.mover;
        let public = state.cards.get(2).map_or(String::new(), usize::to_string);
        let name = format!("{me}:{}:{public}:{}", state.cards[me], state.history);
        let known = self.parts.infosets.iter();
        let set = known
            .map(|set| &set.id)
            .position(|id| id.as_ref().is_some_and(|id| *id == name.as_str()));
        let set = set.unwrap_or_else(|| {
            self.parts.infosets.push(InformationSet {
                id: Some(name.into()),
                player: PlayerId::new(me),
            });
            self.parts.infosets.len() - 1
        });
        let node = self.node(Mover::Infoset(InfosetId::new(set)));
        let facing = state.paid[1 - me] > state.paid[me];
        if facing {
            let target = self.end([-state.paid[0], -state.paid[1]][me], me);
            self.add(node, "fold".to_owned(), target, None);
        }
        let mut next = state.clone();
        next.paid[me] = state.paid[1 - me];
        next.mover = 1 - me;
        next.opened = true;
        next.history.push('c');
        let target = if state.opened {
            self.close(next)
        } else {
            self.act(&next)
        };
        self.add(node, "call".to_owned(), target, None);
        if state.raises < self.rules.most_raises {
            let mut next = state.clone();
            next.paid[me] = state.paid[1 - me] + self.rules.raises[state.round];
            next.raises += 1;
            next.mover = 1 - me;
            next.opened = true;
            next.history.push('r');
            let target = self.act(&next);
            self.add(node, "raise".to_owned(), target, None);
        }
        Target::Node(NodeId::new(node))
    }

    /// A round is over.
    fn close(&mut self, mut state: State) -> Target {
        if state.round + 1 < self.rules.raises.len() {
            state.round += 1;
            state.raises = 0;
            state.opened = false;
            state.mover = 0;
            state.history.push('/');
            return self.deal(&state, 1);
        }
        let ranks = &self.rules.ranks;
        let public = state.cards.get(2).map(|card| ranks[*card]);
        let strength = |player: usize| {
            let rank = ranks[state.cards[player]];
            if Some(rank) == public { 100 } else { rank }
        };
        let won = match strength(0).cmp(&strength(1)) {
            std::cmp::Ordering::Greater => state.paid[1],
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Less => -state.paid[0],
        };
        self.end(won, 0)
    }

    /// The player wins this much of the other.
    fn end(&mut self, won: i64, player: usize) -> Target {
        let mut payoffs = [won, -won];
        payoffs.rotate_right(player);
        let number = self.parts.outcomes.len();
        self.parts.outcomes.push(Outcome {
            id: format!("o{number}").into(),
            label: String::new().into(),
            payoffs: payoffs.map(Rational::from).to_vec(),
        });
        Target::Outcome(OutcomeId::new(number))
    }
}
