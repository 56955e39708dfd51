//! Types of expressions, and who may read what in them.

use std::collections::HashMap;

use super::check::Checker;
use super::program::{CodeId, FieldId, Node, RoleId, Value};
use super::syntax::{Binding, Constant, ExpressionId, Operator, Shape, Word};
use super::types::{Type, ValueType, Wholes};
use crate::parse::ParseError;

/// How high an expression may be with its macros spelled out: evaluation recurses no deeper.
const MAX_HEIGHT: u32 = 1_000;

/// Who reads, which decides what is visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Macros see their parameters only.
    Macro,
    /// The guard of a role's move: sees the role's own hidden values.
    Guard(RoleId),
    Outcome,
}

pub struct Scope<'a> {
    pub reader: Reader,
    /// Parameters and `let` variables, innermost last.
    pub locals: Vec<(&'a str, Type)>,
    /// Optional fields that are known to have a value here, in the order in which that was learnt.
    present: Vec<FieldId>,
    /// How often each is in the list.
    times: HashMap<FieldId, usize>,
}

impl Scope<'_> {
    /// Takes it that these fields have a value, until that is forgotten.
    pub fn learn(&mut self, fields: &[FieldId]) {
        for field in fields {
            self.present.push(*field);
            *self.times.entry(*field).or_insert(0) += 1;
        }
    }

    /// How much is known, for [`Scope::forget`].
    pub fn knows(&self) -> usize {
        self.present.len()
    }

    /// Back to what was known before.
    pub fn forget(&mut self, before: usize) {
        for field in self.present.drain(before..) {
            if let Some(times) = self.times.get_mut(&field) {
                *times -= 1;
            }
        }
    }

    fn has(&self, field: FieldId) -> bool {
        self.times.get(&field).is_some_and(|times| *times > 0)
    }

    pub fn new(reader: Reader) -> Scope<'static> {
        Scope {
            reader,
            locals: Vec::new(),
            present: Vec::new(),
            times: HashMap::new(),
        }
    }
}

impl<'a> Checker<'_, 'a> {
    /// Checks an expression that must have a value of this type.
    pub fn expect(
        &mut self,
        id: ExpressionId,
        wanted: &ValueType,
        scope: &mut Scope<'a>,
    ) -> Result<CodeId, ParseError> {
        let (code, found) = self.expression(id, scope)?;
        if found.optional || !found.is.fits(wanted) {
            let what = format!("expected a value of type {wanted}, found one of type {found}");
            return Err(self.error_in(id, what));
        }
        Ok(code)
    }

    pub fn expression(
        &mut self,
        id: ExpressionId,
        scope: &mut Scope<'a>,
    ) -> Result<(CodeId, Type), ParseError> {
        let tree = self.tree;
        let (node, is) = match &tree.expressions[id.0].shape {
            Shape::Constant(Constant::Whole(whole)) => (
                Node::Constant(Value::Whole(*whole)),
                ValueType::Whole(Wholes::Range(*whole, *whole)).surely(),
            ),
            Shape::Constant(Constant::Truth(truth)) => (
                Node::Constant(Value::Truth(*truth)),
                ValueType::Truth.surely(),
            ),
            Shape::Address(digits) => (
                Node::Constant(Value::Address(self.address(digits))),
                ValueType::Address.surely(),
            ),
            Shape::Name(name) => self.local(id, name, scope)?,
            Shape::Field(role, name) => {
                let (field, is) = self.readable(*role, *name, scope)?;
                (Node::Field(field), is)
            }
            Shape::Call(name, arguments) => self.call(*name, arguments, scope)?,
            Shape::Minus(inner) => (
                Node::Minus(self.expect(*inner, &ValueType::WHOLE, scope)?),
                ValueType::WHOLE.surely(),
            ),
            Shape::Not(inner) => (
                Node::Not(self.expect(*inner, &ValueType::Truth, scope)?),
                ValueType::Truth.surely(),
            ),
            Shape::Present(inner) => (
                Node::Present(self.tested_for_null(*inner, scope)?),
                ValueType::Truth.surely(),
            ),
            Shape::Missing(inner) => {
                let present = Node::Present(self.tested_for_null(*inner, scope)?);
                let present = self.add(id, present)?;
                (Node::Not(present), ValueType::Truth.surely())
            }
            Shape::Chain(first, rest) => self.chain(*first, rest, scope)?,
            Shape::Cases(cases, otherwise) => self.cases(id, cases, *otherwise, scope)?,
            Shape::Let(binding, body) => {
                let value = self.binding(binding, scope)?;
                let (body, is) = self.expression(*body, scope)?;
                scope.locals.pop();
                (Node::Let(value, body), is)
            }
        };
        Ok((self.add(id, node)?, is))
    }

    /// The value of a `let`; its variable is in scope afterwards.
    pub fn binding(
        &mut self,
        binding: &Binding<'a>,
        scope: &mut Scope<'a>,
    ) -> Result<CodeId, ParseError> {
        let is = self.value_type(&binding.is)?;
        let value = self.expect(binding.value, &is, scope)?;
        scope.locals.push((binding.name.text, is.surely()));
        Ok(value)
    }

    fn local(
        &self,
        id: ExpressionId,
        name: &str,
        scope: &Scope<'_>,
    ) -> Result<(Node, Type), ParseError> {
        match scope.locals.iter().rposition(|(local, _)| *local == name) {
            Some(position) => Ok((Node::Local(position), scope.locals[position].1.clone())),
            None => Err(self.error_in(id, format!("nothing here is called `{name}`"))),
        }
    }

    /// A field as the reader sees it here.
    fn readable(
        &self,
        role: Word<'a>,
        name: Word<'a>,
        scope: &Scope<'_>,
    ) -> Result<(FieldId, Type), ParseError> {
        let shown = format!("{}.{}", role.text, name.text);
        if scope.reader == Reader::Macro {
            let what = format!("a macro cannot read `{shown}`; pass it as an argument");
            return Err(self.error(role.offset, what));
        }
        if !self.role_ids.contains_key(role.text) {
            return Err(self.error(role.offset, format!("`{}` is not a role", role.text)));
        }
        let Some(field) = self.field_ids.get(&(role.text, name.text)).copied() else {
            return Err(self.error(role.offset, format!("`{shown}` has no value here")));
        };
        let owner = self.program.field(field).role;
        if self.hidden.contains_key(&field) && scope.reader != Reader::Guard(owner) {
            let what = format!("`{shown}` cannot be read before it is revealed");
            return Err(self.error(role.offset, what));
        }
        let found = self.program.field(field);
        let is = Type {
            is: found.is.clone(),
            optional: found.optional && !scope.has(field),
        };
        Ok((field, is))
    }

    fn tested_for_null(
        &mut self,
        id: ExpressionId,
        scope: &Scope<'_>,
    ) -> Result<FieldId, ParseError> {
        let tree = self.tree;
        let Shape::Field(role, name) = &tree.expressions[id.0].shape else {
            return Err(self.error_in(id, "only a role's value can be compared with null"));
        };
        let (field, _) = self.readable(*role, *name, scope)?;
        if !self.program.field(field).optional {
            let what = format!(
                "`{}` is never null here: quitters are dealt with otherwise; say `or null` or `|| null` where it is written to go on without it",
                self.program.field_name(field)
            );
            return Err(self.error_in(id, what));
        }
        Ok(field)
    }

    fn call(
        &mut self,
        name: Word<'a>,
        arguments: &[ExpressionId],
        scope: &mut Scope<'a>,
    ) -> Result<(Node, Type), ParseError> {
        if let Some(called) = self.macro_ids.get(name.text).copied() {
            let signature = self.signatures[called].clone();
            if arguments.len() != signature.parameters.len() {
                let what = format!(
                    "the macro `{}` takes {} arguments, not {}",
                    name.text,
                    signature.parameters.len(),
                    arguments.len()
                );
                return Err(self.error(name.offset, what));
            }
            let mut values = Vec::with_capacity(arguments.len());
            for (argument, wanted) in arguments.iter().zip(&signature.parameters) {
                values.push(self.expect(*argument, wanted, scope)?);
            }
            return Ok((Node::Call(called, values), signature.result.surely()));
        }
        let mut values = Vec::with_capacity(arguments.len());
        match name.text {
            "alldiff" => {
                for argument in arguments {
                    values.push(self.expect(*argument, &ValueType::WHOLE, scope)?);
                }
                Ok((Node::AllDifferent(values), ValueType::Truth.surely()))
            }
            "abs" => match arguments {
                [argument] => {
                    let value = self.expect(*argument, &ValueType::WHOLE, scope)?;
                    Ok((Node::Absolute(value), ValueType::WHOLE.surely()))
                }
                _ => Err(self.error(name.offset, "`abs` takes one argument")),
            },
            _ => Err(self.error(name.offset, format!("no macro is called `{}`", name.text))),
        }
    }

    fn chain(
        &mut self,
        first: ExpressionId,
        rest: &[(Operator, ExpressionId)],
        scope: &mut Scope<'a>,
    ) -> Result<(Node, Type), ParseError> {
        const NOTHING: Vec<FieldId> = Vec::new();
        let known = scope.knows();
        let mut before = None;
        let (first_code, mut left) = self.expression(first, scope)?;
        let mut left_id = first;
        let mut so_far = self.tests(first_code);
        let mut operands = Vec::with_capacity(rest.len());
        for (operator, operand) in rest {
            // The right side of `&&` is looked at when the left side holds, that of `||` when it does not.
            let learnt = match operator {
                Operator::And => &so_far.present_if_true,
                Operator::Or => &so_far.present_if_false,
                _ => &NOTHING,
            };
            if before != Some(*operator) {
                scope.forget(known);
            }
            scope.learn(&learnt[scope.knows() - known..]);
            before = Some(*operator);
            let (code, right) = self.expression(*operand, scope)?;
            left = self.applied(*operator, (left_id, &left), (*operand, &right))?;
            so_far = so_far.then(*operator, self.tests(code));
            operands.push((*operator, code));
            left_id = *operand;
        }
        scope.forget(known);
        Ok((Node::Chain(first_code, operands), left))
    }

    fn applied(
        &self,
        operator: Operator,
        (left_id, left): (ExpressionId, &Type),
        (right_id, right): (ExpressionId, &Type),
    ) -> Result<Type, ParseError> {
        let both = |wanted: ValueType| {
            for (id, found) in [(left_id, left), (right_id, right)] {
                if found.optional || !found.is.fits(&wanted) {
                    let operator = operator.text();
                    let what = format!("`{operator}` takes values of type {wanted}, not {found}");
                    return Err(self.error_in(id, what));
                }
            }
            Ok(())
        };
        match operator {
            Operator::And | Operator::Or | Operator::Iff | Operator::Xor => {
                both(ValueType::Truth)?;
                Ok(ValueType::Truth.surely())
            }
            Operator::Equal | Operator::Unequal => {
                if left.optional != right.optional || left.is.union(&right.is).is_none() {
                    let what = format!("values of types {left} and {right} cannot be compared");
                    return Err(self.error_in(right_id, what));
                }
                Ok(ValueType::Truth.surely())
            }
            Operator::Times
            | Operator::Divide
            | Operator::Modulo
            | Operator::Plus
            | Operator::Minus => {
                both(ValueType::WHOLE)?;
                Ok(ValueType::WHOLE.surely())
            }
            Operator::Less
            | Operator::LessOrEqual
            | Operator::GreaterOrEqual
            | Operator::Greater => {
                both(ValueType::WHOLE)?;
                Ok(ValueType::Truth.surely())
            }
        }
    }

    fn cases(
        &mut self,
        id: ExpressionId,
        cases: &[(ExpressionId, ExpressionId)],
        otherwise: ExpressionId,
        scope: &mut Scope<'a>,
    ) -> Result<(Node, Type), ParseError> {
        let outside = scope.knows();
        let mut checked = Vec::with_capacity(cases.len());
        let mut types: Vec<Type> = Vec::with_capacity(cases.len() + 1);
        for (condition, result) in cases {
            let condition = self.expect(*condition, &ValueType::Truth, scope)?;
            let tests = self.tests(condition);
            let known = scope.knows();
            scope.learn(&tests.present_if_true);
            let (result, is) = self.expression(*result, scope)?;
            scope.forget(known);
            scope.learn(&tests.present_if_false);
            types.push(is);
            checked.push((condition, result));
        }
        let (otherwise, is) = self.expression(otherwise, scope)?;
        scope.forget(outside);
        types.push(is);
        let mut all = types[0].clone();
        for is in &types[1..] {
            let union = all.is.union(&is.is).ok_or_else(|| {
                self.error_in(
                    id,
                    format!("the results have different types, {all} and {is}"),
                )
            })?;
            all = Type {
                is: union,
                optional: all.optional || is.optional,
            };
        }
        Ok((Node::Cases(checked, otherwise), all))
    }

    /// What the outcome of a condition says about missing values.
    pub fn tests(&self, condition: CodeId) -> Tests {
        match &self.program.code.nodes[condition.0] {
            Node::Present(field) => Tests {
                present_if_true: vec![*field],
                present_if_false: Vec::new(),
            },
            Node::Not(inner) => {
                let inner = self.tests(*inner);
                Tests {
                    present_if_true: inner.present_if_false,
                    present_if_false: inner.present_if_true,
                }
            }
            Node::Chain(first, rest) => rest
                .iter()
                .fold(self.tests(*first), |tests, (operator, operand)| {
                    tests.then(*operator, self.tests(*operand))
                }),
            _ => Tests::default(),
        }
    }

    fn address(&mut self, digits: &str) -> usize {
        let digits = digits.to_ascii_lowercase();
        let known = &mut self.program.code.addresses;
        *self.address_ids.entry(digits).or_insert_with_key(|digits| {
            known.push(digits.clone());
            known.len() - 1
        })
    }

    pub fn add(&mut self, id: ExpressionId, node: Node) -> Result<CodeId, ParseError> {
        let height = 1 + self.height_below(&node);
        if height > MAX_HEIGHT {
            let what = format!("with its macros this is nested more than {MAX_HEIGHT} levels deep");
            return Err(self.error_in(id, what));
        }
        self.heights.push(height);
        let code = &mut self.program.code;
        code.offsets.push(self.tree.expressions[id.0].offset);
        code.nodes.push(node);
        Ok(CodeId(code.nodes.len() - 1))
    }

    fn height_below(&self, node: &Node) -> u32 {
        let of = |id: &CodeId| self.heights[id.0];
        let highest = |list: &[CodeId]| list.iter().map(of).max().unwrap_or(0);
        match node {
            Node::Constant(_) | Node::Field(_) | Node::Local(_) | Node::Present(_) => 0,
            Node::Not(inner) | Node::Minus(inner) | Node::Absolute(inner) => of(inner),
            Node::Chain(first, rest) => {
                let rest = rest.iter().map(|(_, operand)| of(operand));
                rest.fold(of(first), u32::max)
            }
            Node::Cases(cases, otherwise) => {
                let cases = cases.iter().map(|(test, result)| of(test).max(of(result)));
                cases.fold(of(otherwise), u32::max)
            }
            Node::Let(value, body) => of(value).max(of(body)),
            Node::AllDifferent(list) => highest(list),
            Node::Call(called, list) => {
                let body = self.program.code.macros[*called];
                highest(list).max(of(&body))
            }
        }
    }

    pub fn error_in(&self, id: ExpressionId, what: impl Into<String>) -> ParseError {
        self.error(self.tree.expressions[id.0].offset, what)
    }
}

/// Which optional fields surely have a value when a condition holds, and when it does not.
#[derive(Default)]
pub struct Tests {
    pub present_if_true: Vec<FieldId>,
    pub present_if_false: Vec<FieldId>,
}

impl Tests {
    /// What `self operator more` says.
    fn then(mut self, operator: Operator, more: Tests) -> Tests {
        match operator {
            Operator::And => {
                self.present_if_true.extend(more.present_if_true);
                self.present_if_false.clear();
                self
            }
            Operator::Or => {
                self.present_if_false.extend(more.present_if_false);
                self.present_if_true.clear();
                self
            }
            _ => Tests::default(),
        }
    }
}

/// What a caller of a macro needs to know of it.
#[derive(Clone)]
pub struct Signature {
    pub parameters: Vec<ValueType>,
    pub result: ValueType,
}

/// The names of fields, by role and name.
pub type FieldNames<'a> = HashMap<(&'a str, &'a str), FieldId>;
