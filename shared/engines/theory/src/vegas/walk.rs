//! Every play of a program, depth first: who moves when, knowing what, with which choices.
//!
//! A player's information is the list of all it has seen, layer by layer: its own values, values shown and revealed by others,
//! that somebody has committed to something, and who has quit. So recall is perfect. A player may quit at each of its moves and
//! then has nothing but quitting left.

use std::collections::HashMap;
use std::rc::Rc;

use super::choices::{Choice, Choices};
use super::evaluate::{At, Paid, Trouble};
use super::layers::{Act, Does, Layers};
use super::program::{FieldId, Plays, Program, Value};
use super::settle::settle;

/// Most decision points and ends of a tree.
pub const MAX_NODES: usize = 100_000;
/// Steps of evaluation and bookkeeping that one walk may take; about a fifth of a second.
const FUEL: u64 = 12_000_000;

/// What finding or keeping a view costs, in such steps: room is made and a hash computed.
const VIEW: usize = 16;

/// Somebody's turn.
pub struct Point<'w> {
    pub act: &'w Act,
    pub choices: &'w Choices,
    /// The player and the number of the information set, counted in the order of their first points; nothing for nature.
    pub infoset: Option<PlayerAndSet>,
}

pub type PlayerAndSet = (usize, usize);

/// What a walk is for. `point`, then for each choice `choose` and what lies below, then `back`.
pub trait Visitor {
    fn point(&mut self, point: &Point<'_>);
    fn choose(&mut self, choice: usize);
    fn back(&mut self);
    /// The end of a play, with what is paid; `values` reads the play.
    fn end(&mut self, paid: &Paid, values: &dyn Fn(FieldId) -> Value);
}

/// Why a walk ends early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// The program is wrong, at this byte offset.
    Wrong(String, usize),
    TooLarge,
}

impl From<At> for Stuck {
    fn from(At(trouble, offset): At) -> Stuck {
        match trouble {
            Trouble::TooLong => Stuck::TooLarge,
            _ => Stuck::Wrong(trouble.to_string(), offset),
        }
    }
}

/// What a field holds so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    Empty,
    Quit,
    /// A position in the field's domain.
    Value(u32),
}

pub struct Walk<'g> {
    pub(super) program: &'g Program,
    pub(super) layers: &'g Layers,
    pub(super) slots: Vec<Slot>,
    pub(super) fuel: u64,
    /// By role: how often it has quit on this path.
    pub(super) quits: Vec<u32>,
    /// By layer begun: what each player has seen before it.
    views: Vec<Vec<u32>>,
    view_numbers: HashMap<(u32, Box<[u32]>), u32>,
    infosets: HashMap<(usize, usize, u32), usize>,
    /// By information set: what can be chosen there.
    known: Vec<Rc<Choices>>,
    frames: Vec<Frame>,
    nodes: usize,
}

/// A point on the path being walked.
struct Frame {
    layer: usize,
    position: usize,
    choices: Rc<Choices>,
    next: usize,
    /// What the fields of the act held before it.
    before: Vec<Slot>,
}

/// Seen by others than the one who commits.
const CONCEALED: u32 = 0;
const QUIT: u32 = 1;
const FIRST_VALUE: u32 = 2;

pub fn walk(program: &Program, layers: &Layers, visitor: &mut dyn Visitor) -> Result<(), Stuck> {
    let players = program.players().len();
    let mut walk = Walk {
        program,
        layers,
        slots: vec![Slot::Empty; program.fields.len()],
        fuel: FUEL,
        quits: vec![0; program.roles.len()],
        views: vec![(0..players as u32).collect()],
        view_numbers: HashMap::new(),
        infosets: HashMap::new(),
        known: Vec::new(),
        frames: Vec::new(),
        nodes: 0,
    };
    let (mut layer, mut position) = (0, 0);
    loop {
        walk.descend(layer, position, visitor)?;
        match walk.backtrack(visitor) {
            Some(next) => (layer, position) = next,
            None => return Ok(()),
        }
    }
}

impl Walk<'_> {
    /// From an act on to the end of a play, taking the first choice everywhere.
    fn descend(
        &mut self,
        mut layer: usize,
        mut position: usize,
        visitor: &mut dyn Visitor,
    ) -> Result<(), Stuck> {
        let layers = self.layers;
        while let Some(acts) = layers.list.get(layer) {
            let Some(act) = acts.get(position) else {
                self.close(layer)?;
                (layer, position) = (layer + 1, 0);
                continue;
            };
            let (choices, infoset) = self.choices_at(layer, position)?;
            if is_shown(self.program, act) {
                self.count()?;
                visitor.point(&Point {
                    act,
                    choices: &choices,
                    infoset,
                });
                visitor.choose(0);
            }
            self.frames.push(Frame {
                layer,
                position,
                before: act.fields.iter().map(|field| self.slots[field.0]).collect(),
                choices,
                next: 0,
            });
            self.choose_next();
            position += 1;
        }
        self.count()?;
        self.spend(self.slots.len() as u64)?;
        let mut fuel = self.fuel;
        let read = |field| self.read(field);
        let paid = settle(self.program, &read, &mut fuel)?;
        visitor.end(&paid, &read);
        self.fuel = fuel;
        Ok(())
    }

    /// Back to the last point with a choice left, which is taken: where to go on from. Nothing when all is done.
    fn backtrack(&mut self, visitor: &mut dyn Visitor) -> Option<(usize, usize)> {
        loop {
            let frame = self.frames.last()?;
            let act = &self.layers.list[frame.layer][frame.position];
            for (field, before) in act.fields.iter().zip(&frame.before) {
                self.slots[field.0] = *before;
            }
            if frame.choices.list[frame.next - 1] == Choice::Quit {
                self.quits[act.role.0] -= 1;
            }
            self.views.truncate(frame.layer + 1);
            let (next, end) = (frame.next, frame.choices.list.len());
            let after = (frame.layer, frame.position + 1);
            let shown = is_shown(self.program, act);
            if next < end {
                if shown {
                    visitor.choose(next);
                }
                self.choose_next();
                return Some(after);
            }
            if shown {
                visitor.back();
            }
            self.frames.pop();
        }
    }

    fn choose_next(&mut self) {
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        let act = &self.layers.list[frame.layer][frame.position];
        match &frame.choices.list[frame.next] {
            Choice::Play(values) => {
                for (field, value) in act.fields.iter().zip(values.iter()) {
                    self.slots[field.0] = Slot::Value(*value);
                }
            }
            Choice::Quit => {
                for field in &act.fields {
                    self.slots[field.0] = Slot::Quit;
                }
                self.quits[act.role.0] += 1;
            }
        }
        frame.next += 1;
    }

    fn choices_at(
        &mut self,
        layer: usize,
        position: usize,
    ) -> Result<(Rc<Choices>, Option<PlayerAndSet>), Stuck> {
        let layers = self.layers;
        let act = &layers.list[layer][position];
        let Plays::Player(player) = self.program.role(act.role).plays else {
            return Ok((Rc::new(self.draws(act)?), None));
        };
        let key = (layer, position, self.views[layer][player]);
        let infoset = match self.infosets.get(&key) {
            Some(infoset) => *infoset,
            None => {
                let choices = self.moves(act)?;
                self.known.push(Rc::new(choices));
                self.infosets.insert(key, self.known.len() - 1);
                self.known.len() - 1
            }
        };
        Ok((Rc::clone(&self.known[infoset]), Some((player, infoset))))
    }

    /// All have acted in a layer: everybody sees what there is to see.
    fn close(&mut self, layer: usize) -> Result<(), Stuck> {
        let acts = &self.layers.list[layer];
        let fields: usize = acts.iter().map(|act| act.fields.len()).sum();
        let players = self.views[layer].len();
        self.spend((players * (fields + VIEW)) as u64)?;
        let mut seen = Vec::with_capacity(players);
        for (player, view) in self.views[layer].iter().enumerate() {
            let mut slice = Vec::with_capacity(fields);
            for act in acts {
                let own = self.program.role(act.role).plays == Plays::Player(player);
                slice.extend(act.fields.iter().map(|field| match self.slots[field.0] {
                    Slot::Value(_) if act.does == Does::Commit && !own => CONCEALED,
                    Slot::Value(value) => FIRST_VALUE + value,
                    Slot::Quit | Slot::Empty => QUIT,
                }));
            }
            let next = (players + self.view_numbers.len()) as u32;
            let number = *self
                .view_numbers
                .entry((*view, slice.into_boxed_slice()))
                .or_insert(next);
            seen.push(number);
        }
        self.views.push(seen);
        Ok(())
    }

    pub(super) fn read(&self, field: FieldId) -> Value {
        match self.slots[field.0] {
            Slot::Value(value) => self.layers.domains[field.0].values[value as usize],
            Slot::Empty | Slot::Quit => Value::Missing,
        }
    }

    pub(super) fn spend(&mut self, steps: u64) -> Result<(), Stuck> {
        self.fuel = self.fuel.checked_sub(steps).ok_or(Stuck::TooLarge)?;
        Ok(())
    }

    fn count(&mut self) -> Result<(), Stuck> {
        self.nodes += 1;
        match self.nodes > MAX_NODES {
            true => Err(Stuck::TooLarge),
            false => Ok(()),
        }
    }
}

/// Nature's revealing is no turn: there is nothing to choose.
fn is_shown(program: &Program, act: &Act) -> bool {
    program.is_player(act.role) || act.does != Does::Reveal
}
