//! The influence diagram of a program in which nobody quits: a node per value, a utility per player.
//!
//! A player observes its own earlier values and what was shown or revealed in earlier steps. A decision has one domain
//! whatever came before, so a player's guard may depend on the chosen value only; nature's guards become distributions.

use dashu_int::IBig;

use super::evaluate::{At, Evaluator};
use super::layers::{Domain, domain};
use super::program::{CodeId, FieldId, Move, Program, RoleId, Value};
use super::syntax::StepKind;
use crate::game::{
    DomainValue, MaidGame, MaidKind, MaidNode, MaidParts, Meta, PlayerId, TabularCpd,
};
use crate::rational::Rational;

/// Most entries of one table.
const MAX_CELLS: usize = 200_000;
/// Steps of evaluation that all tables together may take.
const FUEL: u64 = 8_000_000;
/// Most values, each of which is a node.
const MAX_VALUES: usize = 256;

pub fn build(program: &Program, meta: Meta) -> Result<MaidGame, String> {
    if program.fields.len() > MAX_VALUES {
        return Err(format!(
            "an influence diagram can have {MAX_VALUES} values at most"
        ));
    }
    let players = program.players();
    let mut diagram = Diagram {
        program,
        domains: domains(program)?,
        fuel: FUEL,
        parts: MaidParts {
            meta,
            agents: players
                .iter()
                .map(|role| program.role(*role).name.clone())
                .collect(),
            nodes: Vec::new(),
            edges: Vec::new(),
            cpds: Vec::new(),
        },
    };
    diagram.values()?;
    for (player, role) in players.into_iter().enumerate() {
        diagram.utility(player, role)?;
    }
    MaidGame::try_from(diagram.parts).map_err(|error| error.to_string())
}

/// The domains of all fields, false before true as diagrams have it.
fn domains(program: &Program) -> Result<Vec<Domain>, String> {
    let of_field = |(number, field)| {
        let mut domain = domain(field, &|| program.field_name(FieldId(number)))?;
        if domain.weights.is_none() && domain.values.contains(&Value::Truth(true)) {
            domain.values.reverse();
        }
        Ok(domain)
    };
    program.fields.iter().enumerate().map(of_field).collect()
}

struct Diagram<'p> {
    program: &'p Program,
    domains: Vec<Domain>,
    fuel: u64,
    parts: MaidParts,
}

impl Diagram<'_> {
    /// The nodes of the fields, in the order of the fields, with the edges into them.
    fn values(&mut self) -> Result<(), String> {
        let program = self.program;
        for step in &program.steps {
            for moved in &step.moves {
                self.restrict(step.kind, moved)?;
            }
        }
        // Fields that all can see when the step begins.
        let mut public: Vec<FieldId> = Vec::new();
        for step in &program.steps {
            let mut shown: Vec<FieldId> = Vec::new();
            for moved in &step.moves {
                let observed: Vec<FieldId> = (0..program.fields.len())
                    .map(FieldId)
                    .take_while(|field| field.0 < self.parts.nodes.len())
                    .filter(|field| {
                        public.contains(field) || program.field(*field).role == moved.role
                    })
                    .collect();
                if step.kind != StepKind::Reveal {
                    self.choose(moved, observed)?;
                }
                if step.kind != StepKind::Commit {
                    shown.extend(&moved.fields);
                }
            }
            public.extend(shown);
        }
        Ok(())
    }

    /// Applies a player's guard to the domain of what it chooses.
    fn restrict(&mut self, kind: StepKind, moved: &Move) -> Result<(), String> {
        let Some(guard) = moved.guard else {
            return Ok(());
        };
        let program = self.program;
        let name = &program.role(moved.role).name;
        let others = self.others(guard, moved);
        if !program.is_player(moved.role) {
            return match kind {
                StepKind::Reveal => Err(format!(
                    "what {name} may reveal depends on a condition, which an influence diagram cannot express"
                )),
                _ => Ok(()),
            };
        }
        if let Some(other) = others.first() {
            return Err(format!(
                "what {name} may choose depends on {}, which an influence diagram cannot express",
                program.field_name(*other)
            ));
        }
        let [field] = moved.fields[..] else {
            return Err(format!(
                "a condition ties several values of {name} together, which an influence diagram cannot express"
            ));
        };
        let mut kept = Vec::new();
        for value in self.domains[field.0].values.clone() {
            let mut known = vec![Value::Missing; self.domains.len()];
            known[field.0] = value;
            if self.holds(guard, &known)? {
                kept.push(value);
            }
        }
        if kept.is_empty() {
            return Err(format!("the condition leaves {name} nothing to choose"));
        }
        self.domains[field.0].values = kept;
        Ok(())
    }

    fn choose(&mut self, moved: &Move, mut observed: Vec<FieldId>) -> Result<(), String> {
        let program = self.program;
        let role = program.role(moved.role);
        for field in &moved.fields {
            let node = self.parts.nodes.len();
            let kind = match role.plays {
                super::program::Plays::Player(player) => {
                    let sources = observed.iter().map(|source| (source.0, node));
                    self.parts.edges.extend(sources);
                    MaidKind::Decision(PlayerId::new(player))
                }
                super::program::Plays::Nature => MaidKind::Chance,
            };
            let domain = &self.domains[field.0].values;
            self.parts.nodes.push(MaidNode {
                id: format!("{}_{}", role.name, program.field(*field).name),
                kind,
                domain: domain.iter().map(|value| self.shown(*value)).collect(),
            });
            if kind == MaidKind::Chance {
                self.draw(moved, *field)?;
            }
            // Who chooses several values at once knows them all.
            observed.push(*field);
        }
        Ok(())
    }

    /// The distribution of a value that nature draws, given what its guard depends on.
    fn draw(&mut self, moved: &Move, field: FieldId) -> Result<(), String> {
        let name = self.program.field_name(field);
        let domain = self.domains[field.0].clone();
        let weights = domain
            .weights
            .unwrap_or_else(|| vec![1; domain.values.len()]);
        let parents = match moved.guard {
            Some(_) if moved.fields.len() > 1 => {
                return Err(format!(
                    "a condition ties `{name}` to other draws, which an influence diagram cannot express"
                ));
            }
            Some(guard) => self.others(guard, moved),
            None => Vec::new(),
        };
        let node = field.0;
        self.parts
            .edges
            .extend(parents.iter().map(|parent| (parent.0, node)));
        let mut values = vec![Vec::new(); domain.values.len()];
        for configuration in 0..self.configurations(&parents, domain.values.len())? {
            let mut known = self.configuration(&parents, configuration);
            let mut column = Vec::with_capacity(values.len());
            for (value, weight) in domain.values.iter().zip(&weights) {
                known[field.0] = *value;
                let admitted = match moved.guard {
                    Some(guard) => self.holds(guard, &known)?,
                    None => true,
                };
                column.push(if admitted { *weight } else { 0 });
            }
            let total: IBig = column.iter().map(|weight| IBig::from(*weight)).sum();
            if total == IBig::ZERO {
                return Err(format!("the condition can leave `{name}` without a value"));
            }
            for (row, weight) in values.iter_mut().zip(column) {
                row.push(Rational::from_parts(IBig::from(weight), total.clone()));
            }
        }
        self.parts.cpds.push(TabularCpd {
            node,
            parents: parents.iter().map(|parent| parent.0).collect(),
            values,
        });
        Ok(())
    }

    fn utility(&mut self, player: usize, role: RoleId) -> Result<(), String> {
        let program = self.program;
        let parents = program.withdraw.fields(&program.code, role);
        let stake = IBig::from(program.role(role).stake);
        let mut column = Vec::new();
        for configuration in 0..self.configurations(&parents, 1)? {
            let known = self.configuration(&parents, configuration);
            let read = |field: FieldId| known[field.0];
            let amount = Evaluator::new(program, read, &mut self.fuel)
                .amount(&program.withdraw, role)
                .map_err(|At(trouble, _)| format!("in some case {trouble}"))?;
            column.push(Rational::from(IBig::from(amount) - &stake));
        }
        let mut domain = column.clone();
        domain.sort();
        domain.dedup();
        if domain.len().saturating_mul(column.len()) > MAX_CELLS {
            return Err(too_large(&program.role(role).name));
        }
        let row = |value: &Rational| {
            let hits = column.iter().map(|payoff| match payoff == value {
                true => Rational::ONE,
                false => Rational::ZERO,
            });
            hits.collect()
        };
        let node = self.parts.nodes.len();
        self.parts.cpds.push(TabularCpd {
            node,
            parents: parents.iter().map(|parent| parent.0).collect(),
            values: domain.iter().map(row).collect(),
        });
        self.parts
            .edges
            .extend(parents.iter().map(|parent| (parent.0, node)));
        self.parts.nodes.push(MaidNode {
            id: format!("U_{}", program.role(role).name),
            kind: MaidKind::Utility(PlayerId::new(player)),
            domain: domain.into_iter().map(DomainValue::Number).collect(),
        });
        Ok(())
    }

    /// How many combinations of values these fields have, where a table with so many columns is allowed.
    fn configurations(&self, fields: &[FieldId], rows: usize) -> Result<usize, String> {
        let columns = fields.iter().fold(1_usize, |product, field| {
            product.saturating_mul(self.domains[field.0].values.len())
        });
        match columns.saturating_mul(rows.max(fields.len())) > MAX_CELLS {
            true => Err(too_large("some value or payoff")),
            false => Ok(columns),
        }
    }

    /// One of them by its number, the first field's value most significant: values by field.
    fn configuration(&self, fields: &[FieldId], mut number: usize) -> Vec<Value> {
        let mut known = vec![Value::Missing; self.domains.len()];
        for field in fields.iter().rev() {
            let values = &self.domains[field.0].values;
            known[field.0] = values[number % values.len()];
            number /= values.len();
        }
        known
    }

    /// What a guard reads besides the values that are being chosen.
    fn others(&self, guard: CodeId, moved: &Move) -> Vec<FieldId> {
        let mut fields = self.program.code.fields(guard);
        fields.retain(|field| !moved.fields.contains(field));
        fields
    }

    fn holds(&mut self, guard: CodeId, known: &[Value]) -> Result<bool, String> {
        Evaluator::new(
            self.program,
            |field: FieldId| known[field.0],
            &mut self.fuel,
        )
        .truth(guard)
        .map_err(|At(trouble, _)| format!("in some case {trouble}"))
    }

    fn shown(&self, value: Value) -> DomainValue {
        match value {
            Value::Whole(whole) => DomainValue::Number(IBig::from(whole).into()),
            Value::Truth(truth) => DomainValue::Truth(truth),
            other => DomainValue::Text(self.program.value_text(other)),
        }
    }
}

fn too_large(what: &str) -> String {
    format!("the table of {what} would have more than {MAX_CELLS} entries")
}
