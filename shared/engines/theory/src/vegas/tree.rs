//! The tree of a program, and what playing a program through brings to light.

use std::collections::HashMap;

use dashu_int::IBig;

use super::choices::Choice;
use super::evaluate::Paid;
use super::layers::{Act, Does, Layers};
use super::program::{FieldId, Program, RoleId, Value};
use super::walk::{MAX_NODES, Point, Stuck, Visitor, walk};
use crate::game::{
    Action, ExtensiveGame, ExtensiveParts, InformationSet, InfosetId, Meta, Mover, Name, Node,
    NodeId, Outcome, OutcomeId, PlayerId, Series, Target, Text,
};
use crate::rational::Rational;

/// How a player's choice to play no further is called.
const QUIT: &str = "Quit";
/// Most values that a warning lists.
const SHOWN_VALUES: usize = 12;

/// What is wrong with a program, and the byte offset where.
pub struct Wrong(pub String, pub usize);

/// What playing a program through showed.
#[derive(Default)]
pub struct Played {
    /// Why it has no tree.
    pub blocker: Option<String>,
    /// Deposits and payments that do not balance.
    pub warning: Option<String>,
}

/// Plays a program through: an error where some play cannot go on or be paid out.
pub fn play(program: &Program) -> Result<Played, Wrong> {
    let layers = match Layers::new(program) {
        Ok(layers) => layers,
        Err(blocker) => {
            return Ok(Played {
                blocker: Some(blocker),
                warning: None,
            });
        }
    };
    let mut balance = Balance {
        program,
        path: Vec::new(),
        quits: 0,
        warning: None,
    };
    let blocker = match walk(program, &layers, &mut balance) {
        Ok(()) => None,
        Err(Stuck::TooLarge) => Some(too_large()),
        Err(Stuck::Wrong(what, offset)) => return Err(Wrong(what, offset)),
    };
    Ok(Played {
        blocker,
        warning: balance.warning,
    })
}

pub fn build(program: &Program, meta: Meta) -> Result<ExtensiveGame, String> {
    let layers = Layers::new(program)?;
    let players = program.players();
    let names = players.iter().map(|role| program.role(*role).name.clone());
    let mut builder = Builder {
        program,
        layers: &layers,
        parts: ExtensiveParts {
            meta,
            players: names.collect(),
            ..ExtensiveParts::default()
        },
        players,
        path: Vec::new(),
        sets_of_player: vec![0; program.roles.len()],
        outcomes: HashMap::new(),
        labels: HashMap::new(),
    };
    match walk(program, &layers, &mut builder) {
        Ok(()) => ExtensiveGame::new(builder.parts).map_err(|defect| defect.to_string()),
        Err(Stuck::TooLarge) => Err(too_large()),
        Err(Stuck::Wrong(what, _)) => Err(what),
    }
}

fn too_large() -> String {
    format!("the tree of this program is too large: the limit is {MAX_NODES} nodes")
}

/// Checks that whatever is deposited is paid out or burnt when nobody quits.
struct Balance<'p> {
    program: &'p Program,
    /// Per point on the path: which choice is quitting, if any, and which was taken.
    path: Vec<(Option<usize>, usize)>,
    quits: usize,
    warning: Option<String>,
}

impl Visitor for Balance<'_> {
    fn point(&mut self, point: &Point<'_>) {
        let quitting = point.infoset.map(|_| point.choices.list.len() - 1);
        self.path.push((quitting, usize::MAX));
    }

    fn choose(&mut self, choice: usize) {
        if let Some((quitting, taken)) = self.path.last_mut() {
            self.quits -= usize::from(*quitting == Some(*taken));
            *taken = choice;
            self.quits += usize::from(*quitting == Some(choice));
        }
    }

    fn back(&mut self) {
        if let Some((quitting, taken)) = self.path.pop() {
            self.quits -= usize::from(quitting == Some(taken));
        }
    }

    fn end(&mut self, paid: &Paid, values: &dyn Fn(FieldId) -> Value) {
        if self.quits > 0 || self.warning.is_some() {
            return;
        }
        let deposits: IBig = self
            .program
            .roles
            .iter()
            .map(|role| IBig::from(role.stake))
            .sum();
        let amounts = paid.to.iter().map(|(_, amount)| IBig::from(*amount));
        let given = amounts.sum::<IBig>() + IBig::from(paid.burnt);
        if given != deposits {
            let fields = (0..self.program.fields.len()).map(FieldId);
            let shown = fields.take(SHOWN_VALUES).map(|field| {
                let value = self.program.value_text(values(field));
                format!("{} = {value}", self.program.field_name(field))
            });
            let play = shown.collect::<Vec<_>>().join(", ");
            self.warning = Some(format!(
                "payments and burns add up to {given}, deposits to {deposits}, when {play}"
            ));
        }
    }
}

struct Builder<'p> {
    program: &'p Program,
    layers: &'p Layers,
    parts: ExtensiveParts,
    players: Vec<RoleId>,
    /// The points on the path and the choices taken at them.
    path: Vec<(NodeId, usize)>,
    sets_of_player: Vec<usize>,
    outcomes: HashMap<Vec<Rational>, OutcomeId>,
    labels: HashMap<(FieldId, Does, Box<[u32]>), Text>,
}

impl Builder<'_> {
    /// Makes the choice taken last lead here.
    fn link(&mut self, target: Target) {
        match self.path.last() {
            Some((node, choice)) => {
                self.parts.nodes[node.index()].actions[*choice].target = target;
            }
            None => self.parts.root = Some(target),
        }
    }

    fn label(&mut self, act: &Act, choice: &Choice) -> Text {
        let Choice::Play(values) = choice else {
            return QUIT.into();
        };
        let key = (act.fields[0], act.does, values.clone());
        if let Some(label) = self.labels.get(&key) {
            return label.clone();
        }
        let texts = act.fields.iter().zip(values.iter()).map(|(field, value)| {
            let value = self.layers.domains[field.0].values[*value as usize];
            let text = self.program.value_text(value);
            match act.fields.len() {
                1 => text,
                _ => format!("{}={text}", self.program.field(*field).name),
            }
        });
        let values = texts.collect::<Vec<_>>().join(", ");
        let label: Text = match act.does {
            Does::Show => values.into(),
            Does::Commit => format!("commit {values}").into(),
            Does::Reveal => format!("reveal {values}").into(),
        };
        self.labels.insert(key, label.clone());
        label
    }

    fn set(&mut self, player: usize, number: usize) -> Mover {
        if number == self.parts.infosets.len() {
            let of_player = &mut self.sets_of_player[player];
            self.parts.infosets.push(InformationSet {
                id: Some(format!("h_{player}_{of_player}").into()),
                player: PlayerId::new(player),
            });
            *of_player += 1;
        }
        Mover::Infoset(InfosetId::new(number))
    }
}

impl Visitor for Builder<'_> {
    fn point(&mut self, point: &Point<'_>) {
        let node = NodeId::new(self.parts.nodes.len());
        self.link(Target::Node(node));
        let total: IBig = point
            .choices
            .weights
            .iter()
            .map(|weight| IBig::from(*weight))
            .sum();
        let actions = point
            .choices
            .list
            .iter()
            .enumerate()
            .map(|(number, choice)| Action {
                label: self.label(point.act, choice),
                // Replaced as soon as the choice is followed.
                target: Target::Node(node),
                probability: (point.choices.weights.get(number))
                    .map(|weight| Rational::from_parts(IBig::from(*weight), total.clone())),
                warning: None,
            });
        let actions = actions.collect();
        let first = self.program.field_name(point.act.fields[0]);
        let mover = match point.infoset {
            Some((player, number)) => self.set(player, number),
            None => Mover::Chance,
        };
        self.parts.nodes.push(Node {
            id: Name::numbered(Series::Node, node.index()),
            label: first.into(),
            mover,
            actions,
            outcome: None,
            warning: None,
        });
        self.path.push((node, 0));
    }

    fn choose(&mut self, choice: usize) {
        if let Some((_, taken)) = self.path.last_mut() {
            *taken = choice;
        }
    }

    fn back(&mut self) {
        self.path.pop();
    }

    fn end(&mut self, paid: &Paid, _: &dyn Fn(FieldId) -> Value) {
        let payoff = |role: &RoleId| {
            let stake = IBig::from(self.program.role(*role).stake);
            Rational::from(IBig::from(paid.amount(*role)) - stake)
        };
        let payoffs: Vec<Rational> = self.players.iter().map(payoff).collect();
        let next = self.parts.outcomes.len();
        let outcome = *self.outcomes.entry(payoffs).or_insert_with_key(|payoffs| {
            self.parts.outcomes.push(Outcome {
                id: Name::numbered(Series::Outcome, next),
                label: Name::numbered(Series::OutcomeLabel, next + 1),
                payoffs: payoffs.clone(),
            });
            OutcomeId::new(next)
        });
        self.link(Target::Outcome(outcome));
    }
}
