//! What can be chosen at a point of play: values that the guard admits, and quitting.

use super::evaluate::{At, Evaluator, Trouble};
use super::layers::{Act, Does};
use super::program::{FieldId, Value};
use super::walk::{Slot, Stuck, Walk};

/// The choices at a point, in the order in which they are shown.
pub struct Choices {
    pub list: Vec<Choice>,
    /// Nature's weights, by choice; none where a player moves.
    pub weights: Vec<i128>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// For each field a position in its domain.
    Play(Box<[u32]>),
    Quit,
}

impl Walk<'_> {
    /// What a player can do: depends on nothing that the player does not know.
    pub fn moves(&mut self, act: &Act) -> Result<Choices, Stuck> {
        let mut list = match self.quits[act.role.0] {
            0 => self.plays(act)?,
            _ => Vec::new(),
        };
        list.push(Choice::Quit);
        Ok(Choices {
            list,
            weights: Vec::new(),
        })
    }

    /// What nature can do, with weights.
    pub fn draws(&mut self, act: &Act) -> Result<Choices, Stuck> {
        let list = self.plays(act)?;
        if list.is_empty() {
            let name = &self.program.role(act.role).name;
            let what = format!("the condition leaves {name} without a value to draw");
            return Err(Stuck::Wrong(what, act.offset));
        }
        let domain = &self.layers.domains[act.fields[0].0];
        let weight = |choice: &Choice| match (choice, &domain.weights) {
            (Choice::Play(values), Some(weights)) => weights[values[0] as usize],
            _ => 1,
        };
        Ok(Choices {
            weights: list.iter().map(weight).collect(),
            list,
        })
    }

    fn plays(&mut self, act: &Act) -> Result<Vec<Choice>, Stuck> {
        let before: Vec<Slot> = act.fields.iter().map(|field| self.slots[field.0]).collect();
        if act.does == Does::Reveal {
            let held = before.iter().map(|slot| match slot {
                Slot::Value(value) => Some(*value),
                Slot::Empty | Slot::Quit => None,
            });
            let held: Option<Box<[u32]>> = held.collect();
            return Ok(match held {
                Some(held) if self.admits(act)? => vec![Choice::Play(held)],
                _ => Vec::new(),
            });
        }
        let sizes: Vec<u32> = act
            .fields
            .iter()
            .map(|field| self.layers.domains[field.0].values.len() as u32)
            .collect();
        let mut admitted = Vec::new();
        let mut values = vec![0; sizes.len()];
        loop {
            self.spend(1 + values.len() as u64)?;
            for (field, value) in act.fields.iter().zip(&values) {
                self.slots[field.0] = Slot::Value(*value);
            }
            if self.admits(act)? {
                admitted.push(Choice::Play(values.clone().into_boxed_slice()));
            }
            // The last field changes fastest.
            let Some(place) = (0..sizes.len()).rfind(|place| values[*place] + 1 < sizes[*place])
            else {
                break;
            };
            values[place] += 1;
            values[place + 1..].fill(0);
        }
        for (field, slot) in act.fields.iter().zip(before) {
            self.slots[field.0] = slot;
        }
        Ok(admitted)
    }

    /// Whether the guard holds for the values in the slots. A guard that calculates with the value of somebody who has quit does not.
    fn admits(&mut self, act: &Act) -> Result<bool, Stuck> {
        let Some(guard) = act.guard else {
            return Ok(true);
        };
        let mut fuel = self.fuel;
        let read = |field: FieldId| -> Value { self.read(field) };
        let holds = Evaluator::new(self.program, read, &mut fuel).truth(guard);
        self.fuel = fuel;
        match holds {
            Err(At(Trouble::Missing, _)) => Ok(false),
            holds => Ok(holds?),
        }
    }
}
