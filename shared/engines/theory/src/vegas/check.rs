//! Checks a program as it is written and resolves its names: steps, handlers, outcomes.

use std::collections::{HashMap, HashSet};

use super::check_expression::{FieldNames, Reader, Scope, Signature};
use super::parser::SAMPLE;
use super::program::{
    Code, Field, FieldId, Handler, Move, Payout, Plays, Program, Role, RoleId, Step, Value,
};
use super::syntax::{self, Constant, SourceTree, StepKind, Variable, Word};
use super::types::ValueType;
use crate::parse::{Limits, ParseError, Source};

pub struct Checker<'s, 'a> {
    source: &'s Source<'a>,
    pub(super) tree: &'s SourceTree<'a>,
    pub(super) types: HashMap<&'a str, ValueType>,
    pub(super) macro_ids: HashMap<&'a str, usize>,
    pub(super) signatures: Vec<Signature>,
    pub(super) role_ids: HashMap<&'a str, RoleId>,
    pub(super) field_ids: FieldNames<'a>,
    pub(super) address_ids: HashMap<String, usize>,
    /// Values committed and not yet revealed, with the offset of the commitment.
    pub(super) hidden: HashMap<FieldId, usize>,
    /// The height of each code node.
    pub(super) heights: Vec<u32>,
    /// Players that some `withdraw` outcome does not mention.
    unpaid: HashSet<RoleId>,
    pub(super) program: Program,
}

pub fn check<'a>(
    source: &Source<'a>,
    tree: &SourceTree<'a>,
    limits: &Limits,
) -> Result<Program, ParseError> {
    let mut checker = Checker {
        source,
        tree,
        types: HashMap::new(),
        macro_ids: HashMap::new(),
        signatures: Vec::new(),
        role_ids: HashMap::new(),
        field_ids: HashMap::new(),
        address_ids: HashMap::new(),
        hidden: HashMap::new(),
        heights: Vec::new(),
        unpaid: HashSet::new(),
        program: Program {
            roles: Vec::new(),
            fields: Vec::new(),
            steps: Vec::new(),
            withdraw: Payout::Items {
                pay: Vec::new(),
                burn: None,
            },
            code: Code::default(),
            warnings: Vec::new(),
        },
    };
    checker.types()?;
    checker.macros()?;
    for step in &tree.steps {
        checker.step(step, limits)?;
    }
    checker.end()?;
    Ok(checker.program)
}

impl<'a> Checker<'_, 'a> {
    fn step(&mut self, step: &syntax::Step<'a>, limits: &Limits) -> Result<(), ParseError> {
        let joins = matches!(step.kind, StepKind::Join | StepKind::Random);
        if joins && step.handler.is_some() {
            return Err(self.error(step.offset, "nobody can quit a `join`: it takes no `or`"));
        }
        let mut movers = HashSet::new();
        for moved in &step.moves {
            if step.kind == StepKind::Sample {
                self.role_ids.entry(SAMPLE).or_insert_with(|| {
                    self.program.roles.push(nature(SAMPLE));
                    RoleId(self.program.roles.len() - 1)
                });
            } else if !movers.insert(moved.role.text) {
                let what = format!("`{}` moves twice in one step", moved.role.text);
                return Err(self.error(moved.role.offset, what));
            } else if joins {
                self.join(step.kind, moved, limits)?;
            }
            if !self.role_ids.contains_key(moved.role.text) {
                let what = format!("`{}` has not joined", moved.role.text);
                return Err(self.error(moved.role.offset, what));
            }
            if !joins && moved.deposit != 0 {
                return Err(self.error(moved.role.offset, "deposits are made with `join`"));
            }
            if let Some(handler) = &moved.handler {
                self.handler_allowed(step, moved.role, handler)?;
            }
        }
        // Handlers see what was visible before the step.
        let mut handler = None;
        for moved in &step.moves {
            for written in moved.handler.iter().chain(&step.handler) {
                handler = handler.or(self.handler(written, moved.role)?);
            }
        }
        let mut moves = Vec::with_capacity(step.moves.len());
        let mut written = Vec::new();
        for moved in &step.moves {
            let (checked, names) = self.moved(step, moved)?;
            moves.push(checked);
            written.extend(names);
        }
        for (name, field, offset) in written {
            match step.kind {
                StepKind::Commit => drop(self.hidden.insert(field, offset)),
                StepKind::Reveal => drop(self.hidden.remove(&field)),
                _ => {}
            }
            self.field_ids.insert(name, field);
        }
        self.program.steps.push(Step {
            kind: step.kind,
            offset: step.offset,
            moves,
            handler,
        });
        Ok(())
    }

    fn join(
        &mut self,
        kind: StepKind,
        moved: &syntax::Move<'a>,
        limits: &Limits,
    ) -> Result<(), ParseError> {
        let name = moved.role;
        if name.text == SAMPLE {
            let what = format!("`{SAMPLE}` is the name of what `sample` draws; use another one");
            return Err(self.error(name.offset, what));
        }
        if self.role_ids.contains_key(name.text) {
            return Err(self.error(name.offset, format!("`{}` has joined before", name.text)));
        }
        let roles = self.program.roles.len();
        if roles == limits.players {
            let what = format!("more than {} roles join", limits.players);
            return Err(self.error(name.offset, what));
        }
        let players = self.program.players().len();
        self.role_ids.insert(name.text, RoleId(roles));
        self.program.roles.push(match kind {
            StepKind::Random => nature(name.text),
            _ => Role {
                name: name.text.to_owned(),
                stake: moved.deposit,
                plays: Plays::Player(players),
            },
        });
        Ok(())
    }

    fn handler_allowed(
        &self,
        step: &syntax::Step<'a>,
        mover: Word<'a>,
        handler: &syntax::Handler<'a>,
    ) -> Result<(), ParseError> {
        let what = if matches!(step.kind, StepKind::Join | StepKind::Random) {
            "nobody can quit a `join`: it takes no `||`".to_owned()
        } else if step.moves.len() > 1 {
            "several move in this step: say after its keyword what happens when one quits, `or split`, `or burn` or `or null`".to_owned()
        } else if step.handler.is_some() && !handler.is_null() {
            "the step says twice what happens when its mover quits".to_owned()
        } else {
            return Ok(());
        };
        Err(self.error(mover.offset, what))
    }

    /// What is paid when a mover quits; nothing when the game goes on.
    fn handler(
        &mut self,
        handler: &syntax::Handler<'a>,
        mover: Word<'a>,
    ) -> Result<Option<Handler>, ParseError> {
        Ok(match handler {
            syntax::Handler::Null => None,
            syntax::Handler::Split => Some(Handler::Split),
            syntax::Handler::Burn => Some(Handler::Burn),
            syntax::Handler::Pay(outcome) => {
                let mover = self.role_ids.get(mover.text).copied();
                let mut scope = Scope::new(Reader::Outcome);
                Some(Handler::Pay(self.outcome(outcome, mover, &mut scope)?))
            }
        })
    }

    #[expect(
        clippy::type_complexity,
        reason = "the names become visible only after the whole step"
    )]
    fn moved(
        &mut self,
        step: &syntax::Step<'a>,
        moved: &syntax::Move<'a>,
    ) -> Result<(Move, Vec<((&'a str, &'a str), FieldId, usize)>), ParseError> {
        let role = self.role_ids[moved.role.text];
        let optional = match step.kind {
            StepKind::Join => step.moves.len() > 1,
            _ => step
                .handler
                .iter()
                .chain(&moved.handler)
                .any(|handler| handler.is_null()),
        };
        let mut written = Vec::with_capacity(moved.variables.len());
        let mut names = HashSet::new();
        for variable in &moved.variables {
            let name = (moved.role.text, variable.name.text);
            if !names.insert(name) {
                let what = format!("`{}.{}` is written twice in one step", name.0, name.1);
                return Err(self.error(variable.name.offset, what));
            }
            let field = match step.kind {
                StepKind::Reveal => self.revealed(name, variable, optional)?,
                _ => self.declared(role, name, variable, moved.variables.len(), optional)?,
            };
            written.push((name, field, variable.name.offset));
        }
        let fields: Vec<FieldId> = written.iter().map(|(_, field, _)| *field).collect();
        let mut guard = None;
        if let Some(condition) = moved.guard {
            for (name, field, _) in &written {
                self.field_ids.insert(*name, *field);
            }
            let mut scope = Scope::new(Reader::Guard(role));
            scope.learn(&fields);
            guard = Some(self.expect(condition, &ValueType::Truth, &mut scope)?);
            if step.kind != StepKind::Reveal {
                for (name, _, _) in &written {
                    self.field_ids.remove(name);
                }
            }
        }
        let checked = Move {
            role,
            fields,
            guard,
        };
        Ok((checked, written))
    }

    fn declared(
        &mut self,
        role: RoleId,
        name: (&'a str, &'a str),
        variable: &Variable<'a>,
        together: usize,
        optional: bool,
    ) -> Result<FieldId, ParseError> {
        let offset = variable.name.offset;
        if let Some(before) = self.field_ids.get(&name) {
            let what = match self.hidden.contains_key(before) {
                true => format!("`{}.{}` is committed already; `reveal` it", name.0, name.1),
                false => format!("`{}.{}` is written already", name.0, name.1),
            };
            return Err(self.error(offset, what));
        }
        let is = self.value_type(&variable.is)?;
        let distribution = match &variable.distribution {
            None => None,
            Some(_) if self.program.is_player(role) => {
                let what = format!(
                    "`{}` is a player: only nature draws from a distribution",
                    name.0
                );
                return Err(self.error(offset, what));
            }
            Some(_) if together > 1 => {
                let what = "a value drawn from a distribution must be the only one of its move";
                return Err(self.error(offset, what));
            }
            Some(values) => Some(self.distribution(values, &is, offset)?),
        };
        self.program.fields.push(Field {
            role,
            name: name.1.to_owned(),
            is,
            optional,
            distribution,
        });
        Ok(FieldId(self.program.fields.len() - 1))
    }

    fn revealed(
        &mut self,
        name: (&'a str, &'a str),
        variable: &Variable<'a>,
        optional: bool,
    ) -> Result<FieldId, ParseError> {
        let offset = variable.name.offset;
        let known = self.field_ids.get(&name).copied();
        let Some(field) = known.filter(|field| self.hidden.contains_key(field)) else {
            let what = format!(
                "`{}.{}` is not committed, so it cannot be revealed",
                name.0, name.1
            );
            return Err(self.error(offset, what));
        };
        if variable.distribution.is_some() {
            let what = "the distribution belongs where the value is committed";
            return Err(self.error(offset, what));
        }
        let is = self.value_type(&variable.is)?;
        let field_data = &mut self.program.fields[field.0];
        if field_data.is != is {
            let what = format!(
                "`{}.{}` was committed with type {}, not {is}",
                name.0, name.1, field_data.is
            );
            return Err(self.error(offset, what));
        }
        field_data.optional |= optional;
        Ok(field)
    }

    fn distribution(
        &self,
        values: &[(Constant, i128)],
        is: &ValueType,
        offset: usize,
    ) -> Result<Vec<(Value, i128)>, ParseError> {
        let mut seen = HashSet::new();
        let mut distribution = Vec::with_capacity(values.len());
        for (constant, weight) in values {
            let (value, shown, belongs) = match (constant, is) {
                (Constant::Whole(whole), ValueType::Whole(wholes)) => (
                    Value::Whole(*whole),
                    whole.to_string(),
                    wholes.contains(*whole),
                ),
                (Constant::Whole(whole), _) => (Value::Whole(*whole), whole.to_string(), false),
                (Constant::Truth(truth), is) => (
                    Value::Truth(*truth),
                    truth.to_string(),
                    *is == ValueType::Truth,
                ),
            };
            if !belongs {
                return Err(self.error(offset, format!("{shown} is not of type {is}")));
            }
            if !seen.insert(value) {
                return Err(self.error(offset, format!("{shown} is in the distribution twice")));
            }
            if *weight == 0 {
                return Err(self.error(offset, format!("{shown} has the weight 0; leave it out")));
            }
            distribution.push((value, *weight));
        }
        Ok(distribution)
    }

    /// An outcome; when `quitter` is given it must pay exactly the other players, else it should pay all.
    fn outcome(
        &mut self,
        outcome: &syntax::Outcome<'a>,
        quitter: Option<RoleId>,
        scope: &mut Scope<'a>,
    ) -> Result<Payout, ParseError> {
        match outcome {
            syntax::Outcome::Items { offset, pay, burn } => {
                let mut paid = Vec::with_capacity(pay.len());
                for (role, amount) in pay {
                    let id = self.payee(*role, quitter)?;
                    if paid.iter().any(|(other, _)| *other == id) {
                        return Err(
                            self.error(role.offset, format!("`{}` is paid twice", role.text))
                        );
                    }
                    paid.push((id, self.expect(*amount, &ValueType::WHOLE, scope)?));
                }
                let burn = match burn {
                    Some(amount) => Some(self.expect(*amount, &ValueType::WHOLE, scope)?),
                    None => None,
                };
                let left_out: Vec<RoleId> = (self.program.players().into_iter())
                    .filter(|role| Some(*role) != quitter)
                    .filter(|role| paid.iter().all(|(other, _)| other != role))
                    .collect();
                match (quitter, left_out.first()) {
                    (Some(_), Some(role)) => {
                        let name = &self.program.role(*role).name;
                        let what = format!("this does not say what `{name}` is paid");
                        return Err(self.error(*offset, what));
                    }
                    _ => self.unpaid.extend(left_out),
                }
                Ok(Payout::Items { pay: paid, burn })
            }
            syntax::Outcome::Cases(cases, otherwise) => {
                let outside = scope.knows();
                let mut checked = Vec::with_capacity(cases.len());
                for (condition, case) in cases {
                    let condition = self.expect(*condition, &ValueType::Truth, scope)?;
                    let tests = self.tests(condition);
                    let known = scope.knows();
                    scope.learn(&tests.present_if_true);
                    let case = self.outcome(case, quitter, scope)?;
                    scope.forget(known);
                    scope.learn(&tests.present_if_false);
                    checked.push((condition, case));
                }
                let otherwise = self.outcome(otherwise, quitter, scope)?;
                scope.forget(outside);
                Ok(Payout::Cases(checked, Box::new(otherwise)))
            }
            syntax::Outcome::Let(binding, rest) => {
                let value = self.binding(binding, scope)?;
                let rest = self.outcome(rest, quitter, scope)?;
                scope.locals.pop();
                Ok(Payout::Let(value, Box::new(rest)))
            }
        }
    }

    fn payee(&self, role: Word<'a>, quitter: Option<RoleId>) -> Result<RoleId, ParseError> {
        let what = match self.role_ids.get(role.text) {
            None => format!("`{}` is not a role", role.text),
            Some(id) if !self.program.is_player(*id) => {
                format!("`{}` is nature and cannot be paid; use `burn`", role.text)
            }
            Some(id) if Some(*id) == quitter => {
                format!("`{}` has quit and gets nothing", role.text)
            }
            Some(id) => return Ok(*id),
        };
        Err(self.error(role.offset, what))
    }

    fn end(&mut self) -> Result<(), ParseError> {
        if let Some((field, offset)) = self.hidden.iter().min_by_key(|(_, offset)| **offset) {
            let name = self.program.field_name(*field);
            return Err(self.error(*offset, format!("`{name}` is committed but never revealed")));
        }
        if self.program.players().is_empty() {
            return Err(ParseError::at_start("no player joins the game".to_owned()));
        }
        let tree = self.tree;
        self.program.withdraw =
            self.outcome(&tree.withdraw, None, &mut Scope::new(Reader::Outcome))?;
        let mut unpaid: Vec<RoleId> = self.unpaid.drain().collect();
        unpaid.sort_unstable();
        for role in unpaid {
            let name = &self.program.role(role).name;
            let warning =
                format!("`withdraw` does not mention {name} everywhere; there {name} gets nothing");
            self.program.warnings.push(warning);
        }
        Ok(())
    }

    pub fn error(&self, offset: usize, what: impl Into<String>) -> ParseError {
        self.source.error(offset, what)
    }
}

fn nature(name: &str) -> Role {
    Role {
        name: name.to_owned(),
        stake: 0,
        plays: Plays::Nature,
    }
}
