//! Backward induction (Zermelo 1913, Kuhn 1953): the subgame perfect equilibria in pure strategies of a tree with perfect information.

use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::game::{ExtensiveGame, InfosetId, Mover, Node, NodeId, OutcomeId, PlayerId, Target};
use crate::rational::Rational;

/// A subgame perfect equilibrium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// By node index the number of the action taken there; 0 at chance nodes.
    pub choices: Vec<u32>,
    /// Expected payoffs at the root, one per player.
    pub payoffs: Vec<Rational>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solutions {
    pub found: Vec<Solution>,
    /// Whether these are all.
    pub complete: bool,
}

/// How many nodes are solved between two looks at the stop flag.
const CHECK: usize = 1024;

/// The first information set with several nodes, which is what perfect information forbids.
pub fn confusion(game: &ExtensiveGame) -> Option<InfosetId> {
    (0..game.infosets().len())
        .map(InfosetId::new)
        .find(|set| game.members(*set).len() > 1)
}

/// At most `most` solutions of a tree with perfect information. The first takes a time linear in the tree; each choice between
/// equally good actions starts another, which solves again only what comes after that choice. Nothing found means stopped.
pub fn backward_induction(game: &ExtensiveGame, most: usize, stop: &AtomicBool) -> Solutions {
    let mut induction = Induction {
        game,
        values: vec![Value::Unknown; game.nodes().len()],
        choices: vec![0; game.nodes().len()],
        ties: Vec::new(),
        stop,
    };
    let mut found = Vec::new();
    let mut next = induction.solve_from(0);
    while next.is_ok() {
        found.push(induction.solution());
        if found.len() >= most {
            return Solutions {
                found,
                complete: induction.ties.is_empty(),
            };
        }
        let Some(position) = induction.take_other() else {
            return Solutions {
                found,
                complete: true,
            };
        };
        next = induction.solve_from(position + 1);
    }
    Solutions {
        found,
        complete: false,
    }
}

struct Stopped;

/// What the players get from a place on. Most places pass on the payoffs of one outcome, so those are not copied.
#[derive(Clone)]
enum Value {
    Unknown,
    Outcome(OutcomeId),
    Sum(Rc<[Rational]>),
}

struct Induction<'g> {
    game: &'g ExtensiveGame,
    /// By node.
    values: Vec<Value>,
    choices: Vec<u32>,
    /// Ascending positions of the nodes that have another best action after the one taken. Positions count the nodes from the last
    /// in pre-order back to the root, so that children come before their parents.
    ties: Vec<usize>,
    stop: &'g AtomicBool,
}

impl Induction<'_> {
    /// Takes the first best action at each node from this position on, the choices before it standing.
    fn solve_from(&mut self, start: usize) -> Result<(), Stopped> {
        let nodes = self.game.preorder().len();
        for position in start..nodes {
            if position % CHECK == 0 && self.stop.load(Ordering::Relaxed) {
                return Err(Stopped);
            }
            self.solve_at(position, 0);
        }
        Ok(())
    }

    /// At the last tie, takes the next best action; says where.
    fn take_other(&mut self) -> Option<usize> {
        let position = self.ties.pop()?;
        let taken = self.choices[self.node_at(position).index()];
        self.solve_at(position, taken as usize + 1);
        Some(position)
    }

    fn node_at(&self, position: usize) -> NodeId {
        let order = self.game.preorder();
        order[order.len() - 1 - position]
    }

    /// Values a node, whose mover takes the first best action that is not before `from`.
    fn solve_at(&mut self, position: usize, from: usize) {
        let id = self.node_at(position);
        let node = self.game.node(id);
        let value = match node.mover {
            Mover::Chance => self.average(node),
            Mover::Infoset(set) => {
                let player = self.game.infoset(set).player;
                let mut best = self.best_actions(node, player, from);
                let choice = best
                    .next()
                    .expect("a node has a best action, and a tie has one more");
                let tied = best.next().is_some();
                drop(best);
                self.choices[id.index()] = choice as u32;
                if tied {
                    self.ties.push(position);
                }
                self.value(node.actions[choice].target)
            }
        };
        self.values[id.index()] = match node.outcome {
            None => value,
            Some(outcome) => {
                let met = &self.game.outcome(outcome).payoffs;
                let later = self.payoffs(&value).iter();
                Value::Sum(later.zip(met).map(|(later, met)| later + met).collect())
            }
        };
    }

    fn best_actions<'a>(
        &'a self,
        node: &'a Node,
        player: PlayerId,
        from: usize,
    ) -> impl Iterator<Item = usize> + 'a {
        let payoff = move |action: usize| {
            let target = node.actions[action].target;
            &self.payoffs_of(target)[player.index()]
        };
        let best = (0..node.actions.len()).map(payoff).max();
        (from..node.actions.len()).filter(move |action| Some(payoff(*action)) == best)
    }

    fn average(&self, node: &Node) -> Value {
        if let [only] = node.actions.as_slice() {
            return self.value(only.target);
        }
        let mut total = vec![Rational::ZERO; self.game.players().len()];
        for action in &node.actions {
            let Some(probability) = action.probability.as_ref().filter(|p| !p.is_zero()) else {
                continue;
            };
            for (sum, payoff) in total.iter_mut().zip(self.payoffs_of(action.target)) {
                *sum += &(payoff * probability);
            }
        }
        Value::Sum(total.into())
    }

    fn value(&self, target: Target) -> Value {
        match target {
            Target::Outcome(outcome) => Value::Outcome(outcome),
            Target::Node(node) => self.values[node.index()].clone(),
        }
    }

    fn payoffs_of(&self, target: Target) -> &[Rational] {
        match target {
            Target::Outcome(outcome) => &self.game.outcome(outcome).payoffs,
            Target::Node(node) => self.payoffs(&self.values[node.index()]),
        }
    }

    fn payoffs<'a>(&'a self, value: &'a Value) -> &'a [Rational] {
        match value {
            Value::Unknown => unreachable!("children are valued before their parents"),
            Value::Outcome(outcome) => &self.game.outcome(*outcome).payoffs,
            Value::Sum(payoffs) => payoffs,
        }
    }

    fn solution(&self) -> Solution {
        Solution {
            choices: self.choices.clone(),
            payoffs: self.payoffs_of(self.game.root()).to_vec(),
        }
    }
}
