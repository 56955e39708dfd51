//! The order of play: layers in which roles act at the same time, each seeing all earlier layers.
//!
//! Where several show values in one step, nobody may wait for the others, so the step becomes two layers: all commit, then
//! all reveal. A player's guard is then checked when it reveals, nature's when it draws.

use super::program::{CodeId, Field, FieldId, Move, Program, RoleId, Step, Value};
use super::syntax::StepKind;
use super::types::{ValueType, Wholes};

/// Most values that a single move can choose from.
const MAX_CHOICES: u128 = 20_000;

pub struct Layers {
    /// Roles within a layer are in the order of their names.
    pub list: Vec<Vec<Act>>,
    /// By field: what it can be.
    pub domains: Vec<Domain>,
}

/// What one role does in a layer.
#[derive(Clone, Debug)]
pub struct Act {
    pub role: RoleId,
    pub fields: Vec<FieldId>,
    pub does: Does,
    pub guard: Option<CodeId>,
    /// Where the program says so.
    pub offset: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Does {
    /// Chooses values that all see.
    Show,
    /// Chooses values that only the role itself knows.
    Commit,
    /// Lets all see what it committed.
    Reveal,
}

#[derive(Clone, Debug)]
pub struct Domain {
    pub values: Vec<Value>,
    /// By value, where nature draws and not all are equally likely.
    pub weights: Option<Vec<i128>>,
}

impl Layers {
    /// The reason when the values of some move cannot be listed.
    pub fn new(program: &Program) -> Result<Layers, String> {
        let mut domains = Vec::with_capacity(program.fields.len());
        let mut listed = 0;
        for (number, field) in program.fields.iter().enumerate() {
            let name = || program.field_name(FieldId(number));
            let domain = domain(field, &name)?;
            listed += domain.values.len() as u128;
            if listed > 10 * MAX_CHOICES {
                return Err(format!(
                    "the values up to `{}` are too many to list",
                    name()
                ));
            }
            domains.push(domain);
        }
        let layers = Layers {
            list: program
                .steps
                .iter()
                .flat_map(|step| of_step(program, step))
                .filter(|layer| !layer.is_empty())
                .collect(),
            domains,
        };
        for act in layers.list.iter().flatten() {
            let choices = act.fields.iter().fold(1_u128, |product, field| {
                product.saturating_mul(layers.domains[field.0].values.len() as u128)
            });
            if act.does != Does::Reveal && choices > MAX_CHOICES {
                return Err(format!(
                    "a move of {} has {choices} choices; the limit is {MAX_CHOICES}",
                    program.role(act.role).name
                ));
            }
        }
        Ok(layers)
    }
}

fn of_step(program: &Program, step: &Step) -> Vec<Vec<Act>> {
    let mut movers: Vec<&Move> = step
        .moves
        .iter()
        .filter(|moved| !moved.fields.is_empty())
        .collect();
    movers.sort_by_key(|moved| &program.role(moved.role).name);
    let act = |moved: &Move, does, guard| Act {
        role: moved.role,
        fields: moved.fields.clone(),
        does,
        guard,
        offset: step.offset,
    };
    let together = |does| -> Vec<Act> {
        movers
            .iter()
            .map(|moved| act(moved, does, moved.guard))
            .collect()
    };
    match step.kind {
        StepKind::Commit => vec![together(Does::Commit)],
        StepKind::Reveal => vec![together(Does::Reveal)],
        // Draws by nobody in particular come one after the other; all see all of them.
        StepKind::Sample => movers
            .iter()
            .map(|moved| vec![act(moved, Does::Show, moved.guard)])
            .collect(),
        _ if movers.len() < 2 => vec![together(Does::Show)],
        _ => {
            let guard_when = |moved: &Move, revealing: bool| {
                moved
                    .guard
                    .filter(|_| program.is_player(moved.role) == revealing)
            };
            let commit = |moved: &&Move| act(moved, Does::Commit, guard_when(moved, false));
            let reveal = |moved: &&Move| act(moved, Does::Reveal, guard_when(moved, true));
            vec![
                movers.iter().map(commit).collect(),
                movers.iter().map(reveal).collect(),
            ]
        }
    }
}

/// The values of a field: those of its distribution where it has one, else those of its type.
pub fn domain(field: &Field, name: &dyn Fn() -> String) -> Result<Domain, String> {
    if let Some(distribution) = &field.distribution {
        let (values, weights) = distribution.iter().copied().unzip();
        return Ok(Domain {
            values,
            weights: Some(weights),
        });
    }
    let values = match &field.is {
        ValueType::Truth => vec![Value::Truth(true), Value::Truth(false)],
        ValueType::Whole(wholes) => match wholes.count() {
            Some(count) if count <= MAX_CHOICES => Wholes::values(wholes)
                .into_iter()
                .map(Value::Whole)
                .collect(),
            Some(count) => {
                let name = name();
                return Err(format!(
                    "`{name}` has {count} values; the limit is {MAX_CHOICES}"
                ));
            }
            None => {
                let what = "is of type int, which has no bounds; give it a range";
                return Err(format!("`{}` {what}", name()));
            }
        },
        ValueType::Address => {
            return Err(format!(
                "`{}` is an address and has no list of values",
                name()
            ));
        }
    };
    Ok(Domain {
        values,
        weights: None,
    })
}
