//! A checked Vegas program: names resolved, types right, nothing read before it may be.

use std::collections::HashSet;

use super::syntax::{Operator, StepKind};
use super::types::ValueType;

macro_rules! position {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub usize);
    )*};
}

position!(
    /// A position in [`Program::roles`].
    RoleId
    /// A position in [`Program::fields`].
    FieldId
    /// A position in [`Code::nodes`].
    CodeId
);

#[derive(Debug)]
pub struct Program {
    pub roles: Vec<Role>,
    pub fields: Vec<Field>,
    pub steps: Vec<Step>,
    pub withdraw: Payout,
    pub code: Code,
    /// What is legal but hardly meant.
    pub warnings: Vec<String>,
}

#[derive(Debug)]
pub struct Role {
    pub name: String,
    pub stake: i128,
    pub plays: Plays,
}

/// Who decides what a role does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plays {
    /// A player, with its position among the players.
    Player(usize),
    Nature,
}

/// A value that a role writes once; a commitment and its revealing are one field.
#[derive(Debug)]
pub struct Field {
    pub role: RoleId,
    pub name: String,
    pub is: ValueType,
    /// The program may ask whether it is null, and so says itself what follows when the owner quits.
    pub optional: bool,
    /// What nature draws it from, with weights, where the program says so.
    pub distribution: Option<Vec<(Value, i128)>>,
}

#[derive(Debug)]
pub struct Step {
    pub kind: StepKind,
    pub offset: usize,
    pub moves: Vec<Move>,
    pub handler: Option<Handler>,
}

#[derive(Debug)]
pub struct Move {
    pub role: RoleId,
    pub fields: Vec<FieldId>,
    pub guard: Option<CodeId>,
}

/// Who gets what when a mover of the step has quit.
#[derive(Debug)]
pub enum Handler {
    /// Quitters lose their deposits to the others in equal parts.
    Split,
    /// Quitters lose their deposits.
    Burn,
    Pay(Payout),
}

#[derive(Debug)]
pub enum Payout {
    Items {
        pay: Vec<(RoleId, CodeId)>,
        burn: Option<CodeId>,
    },
    Cases(Vec<(CodeId, Payout)>, Box<Payout>),
    Let(CodeId, Box<Payout>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Whole(i128),
    Truth(bool),
    /// A position in [`Code::addresses`].
    Address(usize),
    /// Its owner has quit.
    Missing,
}

/// The expressions of a program.
#[derive(Debug, Default)]
pub struct Code {
    pub nodes: Vec<Node>,
    /// Where in the source each node is.
    pub offsets: Vec<usize>,
    pub macros: Vec<CodeId>,
    pub addresses: Vec<String>,
}

#[derive(Debug)]
pub enum Node {
    Constant(Value),
    Field(FieldId),
    /// A parameter or `let` variable, by its position in the frame.
    Local(usize),
    Present(FieldId),
    Not(CodeId),
    Minus(CodeId),
    Chain(CodeId, Vec<(Operator, CodeId)>),
    Cases(Vec<(CodeId, CodeId)>, CodeId),
    Let(CodeId, CodeId),
    AllDifferent(Vec<CodeId>),
    Absolute(CodeId),
    /// A macro by its position in [`Code::macros`], with its arguments.
    Call(usize, Vec<CodeId>),
}

impl Program {
    pub fn role(&self, id: RoleId) -> &Role {
        &self.roles[id.0]
    }

    pub fn field(&self, id: FieldId) -> &Field {
        &self.fields[id.0]
    }

    /// `Role.value`
    pub fn field_name(&self, id: FieldId) -> String {
        let field = self.field(id);
        format!("{}.{}", self.role(field.role).name, field.name)
    }

    /// The roles that are players, in joining order.
    pub fn players(&self) -> Vec<RoleId> {
        (0..self.roles.len())
            .map(RoleId)
            .filter(|role| self.is_player(*role))
            .collect()
    }

    pub fn is_player(&self, role: RoleId) -> bool {
        self.role(role).plays != Plays::Nature
    }

    pub fn value_text(&self, value: Value) -> String {
        match value {
            Value::Whole(whole) => whole.to_string(),
            Value::Truth(truth) => truth.to_string(),
            Value::Address(address) => self.code.addresses[address].clone(),
            Value::Missing => "null".to_owned(),
        }
    }
}

impl Code {
    /// The fields that an expression reads or tests, in reading order, each once.
    pub fn fields(&self, expression: CodeId) -> Vec<FieldId> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut pending = vec![expression];
        while let Some(id) = pending.pop() {
            match &self.nodes[id.0] {
                Node::Constant(_) | Node::Local(_) => {}
                Node::Field(field) | Node::Present(field) => {
                    if seen.insert(*field) {
                        found.push(*field);
                    }
                }
                Node::Not(inner) | Node::Minus(inner) | Node::Absolute(inner) => {
                    pending.push(*inner);
                }
                Node::Chain(first, rest) => {
                    pending.extend(rest.iter().rev().map(|(_, operand)| *operand));
                    pending.push(*first);
                }
                Node::Cases(cases, otherwise) => {
                    pending.push(*otherwise);
                    for (condition, result) in cases.iter().rev() {
                        pending.extend([*result, *condition]);
                    }
                }
                Node::Let(value, body) => pending.extend([*body, *value]),
                // Macros read nothing but their parameters.
                Node::AllDifferent(list) | Node::Call(_, list) => {
                    pending.extend(list.iter().rev());
                }
            }
        }
        found
    }
}

impl Payout {
    /// The fields that decide on or enter what a role is paid.
    pub fn fields(&self, code: &Code, role: RoleId) -> Vec<FieldId> {
        let mut found: Vec<FieldId> = Vec::new();
        let mut seen = HashSet::new();
        let mut pending = vec![self];
        while let Some(payout) = pending.pop() {
            let mut expressions = Vec::new();
            match payout {
                Payout::Items { pay, .. } => {
                    let paid = pay.iter().filter(|(paid, _)| *paid == role);
                    expressions.extend(paid.map(|(_, amount)| *amount));
                }
                Payout::Cases(cases, otherwise) => {
                    pending.push(otherwise);
                    pending.extend(cases.iter().rev().map(|(_, payout)| payout));
                    expressions.extend(cases.iter().map(|(condition, _)| *condition));
                }
                Payout::Let(value, rest) => {
                    pending.push(rest);
                    expressions.push(*value);
                }
            }
            for expression in expressions {
                for field in code.fields(expression) {
                    if seen.insert(field) {
                        found.push(field);
                    }
                }
            }
        }
        found
    }
}
