//! Evaluation of expressions and outcomes, in exact whole numbers and a bounded number of steps.

use super::program::{Code, CodeId, FieldId, Node, Payout, Program, RoleId, Value};
use super::syntax::Operator;

/// What keeps an expression from having a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("this divides by zero")]
    DivisionByZero,
    #[error("this number is too large")]
    Overflow,
    #[error("this reads a value that is missing because its owner has quit")]
    Missing,
    #[error("this program takes too long to evaluate")]
    TooLong,
}

/// A trouble and the byte offset of the expression that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At(pub Trouble, pub usize);

/// Evaluates with the values that `read` gives to fields; every step takes one of `fuel`.
pub struct Evaluator<'p, R> {
    pub code: &'p Code,
    pub read: R,
    pub fuel: &'p mut u64,
    /// Parameters and `let` variables; those of the expression being evaluated start at `frame`.
    locals: Vec<Value>,
    frame: usize,
}

/// What each role is paid and how much is burnt.
#[derive(Debug)]
pub struct Paid {
    pub to: Vec<(RoleId, i128)>,
    pub burnt: i128,
}

/// Amounts by role, and the one to burn.
type Items<'p> = (&'p [(RoleId, CodeId)], Option<CodeId>);

impl Paid {
    pub fn amount(&self, role: RoleId) -> i128 {
        self.to
            .iter()
            .find(|(paid, _)| *paid == role)
            .map_or(0, |(_, amount)| *amount)
    }
}

impl<'p, R: Fn(FieldId) -> Value> Evaluator<'p, R> {
    pub fn new(program: &'p Program, read: R, fuel: &'p mut u64) -> Evaluator<'p, R> {
        Evaluator {
            code: &program.code,
            read,
            fuel,
            locals: Vec::new(),
            frame: 0,
        }
    }

    pub fn payout(&mut self, payout: &'p Payout) -> Result<Paid, At> {
        let (pay, burn) = self.items(payout)?;
        let mut to = Vec::with_capacity(pay.len());
        for (role, amount) in pay {
            to.push((*role, self.whole(*amount)?));
        }
        let burnt = match burn {
            Some(amount) => self.whole(amount)?,
            None => 0,
        };
        Ok(Paid { to, burnt })
    }

    /// What one role is paid, whatever the amounts of the others.
    pub fn amount(&mut self, payout: &'p Payout, role: RoleId) -> Result<i128, At> {
        let (pay, _) = self.items(payout)?;
        match pay.iter().find(|(paid, _)| *paid == role) {
            Some((_, amount)) => self.whole(*amount),
            None => Ok(0),
        }
    }

    fn items(&mut self, mut payout: &'p Payout) -> Result<Items<'p>, At> {
        loop {
            match payout {
                Payout::Items { pay, burn } => return Ok((pay, *burn)),
                Payout::Cases(cases, otherwise) => {
                    payout = otherwise;
                    for (condition, outcome) in cases {
                        if self.truth(*condition)? {
                            payout = outcome;
                            break;
                        }
                    }
                }
                Payout::Let(value, rest) => {
                    let value = self.value(*value)?;
                    self.locals.push(value);
                    payout = rest;
                }
            }
        }
    }

    /// A missing truth value counts as false, as the language has it.
    pub fn truth(&mut self, id: CodeId) -> Result<bool, At> {
        Ok(self.value(id)? == Value::Truth(true))
    }

    fn whole(&mut self, id: CodeId) -> Result<i128, At> {
        match self.value(id)? {
            Value::Whole(whole) => Ok(whole),
            _ => Err(At(Trouble::Missing, self.code.offsets[id.0])),
        }
    }

    /// Recursion is bounded: the checker measures the height of every expression, macros included.
    pub fn value(&mut self, id: CodeId) -> Result<Value, At> {
        let code = self.code;
        let fail = |trouble| At(trouble, code.offsets[id.0]);
        *self.fuel = self
            .fuel
            .checked_sub(1)
            .ok_or_else(|| fail(Trouble::TooLong))?;
        Ok(match &code.nodes[id.0] {
            Node::Constant(value) => *value,
            Node::Field(field) => (self.read)(*field),
            Node::Local(position) => self.locals[self.frame + position],
            Node::Present(field) => Value::Truth((self.read)(*field) != Value::Missing),
            Node::Not(inner) => Value::Truth(!self.truth(*inner)?),
            Node::Minus(inner) => {
                let whole = self.whole(*inner)?.checked_neg();
                Value::Whole(whole.ok_or_else(|| fail(Trouble::Overflow))?)
            }
            Node::Absolute(inner) => {
                let whole = self.whole(*inner)?.checked_abs();
                Value::Whole(whole.ok_or_else(|| fail(Trouble::Overflow))?)
            }
            Node::Chain(first, rest) => {
                let mut value = self.value(*first)?;
                for (operator, operand) in rest {
                    value = self.apply(value, *operator, *operand)?;
                }
                value
            }
            Node::Cases(cases, otherwise) => {
                for (condition, result) in cases {
                    if self.truth(*condition)? {
                        return self.value(*result);
                    }
                }
                return self.value(*otherwise);
            }
            Node::Let(value, body) => {
                let value = self.value(*value)?;
                self.locals.push(value);
                let result = self.value(*body);
                self.locals.pop();
                return result;
            }
            Node::AllDifferent(list) => {
                let mut values = Vec::with_capacity(list.len());
                let mut different = true;
                for item in list {
                    let value = self.value(*item)?;
                    different &= !values.contains(&value);
                    values.push(value);
                }
                Value::Truth(different)
            }
            Node::Call(called, arguments) => {
                for argument in arguments {
                    let value = self.value(*argument)?;
                    self.locals.push(value);
                }
                let callee = self.locals.len() - arguments.len();
                let caller = std::mem::replace(&mut self.frame, callee);
                let result = self.value(code.macros[*called]);
                self.locals.truncate(self.frame);
                self.frame = caller;
                return result;
            }
        })
    }

    fn apply(&mut self, left: Value, operator: Operator, right: CodeId) -> Result<Value, At> {
        let is_true = left == Value::Truth(true);
        match operator {
            Operator::And if !is_true => return Ok(Value::Truth(false)),
            Operator::Or if is_true => return Ok(Value::Truth(true)),
            _ => {}
        }
        let offset = self.code.offsets[right.0];
        let right = self.value(right)?;
        Ok(match operator {
            Operator::And | Operator::Or => Value::Truth(right == Value::Truth(true)),
            Operator::Equal | Operator::Iff => Value::Truth(left == right),
            Operator::Unequal | Operator::Xor => Value::Truth(left != right),
            _ => {
                let (Value::Whole(left), Value::Whole(right)) = (left, right) else {
                    return Err(At(Trouble::Missing, offset));
                };
                arithmetic(left, operator, right).map_err(|trouble| At(trouble, offset))?
            }
        })
    }
}

/// Division rounds towards zero and a remainder has the sign of the dividend, as on the machines that the language is compiled for.
fn arithmetic(left: i128, operator: Operator, right: i128) -> Result<Value, Trouble> {
    let whole = match operator {
        Operator::Less => return Ok(Value::Truth(left < right)),
        Operator::LessOrEqual => return Ok(Value::Truth(left <= right)),
        Operator::Greater => return Ok(Value::Truth(left > right)),
        Operator::GreaterOrEqual => return Ok(Value::Truth(left >= right)),
        Operator::Plus => left.checked_add(right),
        Operator::Minus => left.checked_sub(right),
        Operator::Times => left.checked_mul(right),
        _ if right == 0 => return Err(Trouble::DivisionByZero),
        Operator::Divide => left.checked_div(right),
        _ => left.checked_rem(right),
    };
    whole.map(Value::Whole).ok_or(Trouble::Overflow)
}
