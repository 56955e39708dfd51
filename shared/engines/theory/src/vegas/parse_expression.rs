//! Expressions: precedence climbing, one table entry per chain.

use super::parser::Parser;
use super::syntax::{Binding, Constant, Expression, ExpressionId, Operator, PRECEDENCES, Shape};
use super::token::Kind;
use crate::parse::ParseError;

/// Where `== null` and `!= null` bind: looser than `+`, tighter than `<`.
const NULL_TEST: usize = 3;

impl<'a> Parser<'_, 'a> {
    pub fn expression(&mut self) -> Result<ExpressionId, ParseError> {
        self.nested(|parser| {
            let mut value = parser.condition()?;
            let mut cases = Vec::new();
            let offset = parser.offset_of(value);
            while parser.take("?") {
                let result = parser.expression()?;
                cases.push((value, result));
                parser.expect(":", "between the two results of a condition")?;
                value = parser.condition()?;
            }
            Ok(if cases.is_empty() {
                value
            } else {
                parser.add(offset, Shape::Cases(cases, value))
            })
        })
    }

    /// An expression without `? :` outside parentheses.
    pub fn condition(&mut self) -> Result<ExpressionId, ParseError> {
        self.nested(|parser| parser.chain(0))
    }

    fn chain(&mut self, precedence: usize) -> Result<ExpressionId, ParseError> {
        if precedence == PRECEDENCES.len() {
            return self.unary();
        }
        let first = self.operand(precedence)?;
        let mut rest = Vec::new();
        while let Some(operator) = self.operator(precedence) {
            self.advance();
            rest.push((operator, self.operand(precedence)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        let offset = self.offset_of(first);
        Ok(self.add(offset, Shape::Chain(first, rest)))
    }

    fn operand(&mut self, precedence: usize) -> Result<ExpressionId, ParseError> {
        let mut operand = self.chain(precedence + 1)?;
        if precedence + 1 == NULL_TEST {
            while self.peek_at(1).text == "null" && matches!(self.peek().text, "==" | "!=") {
                let shape = match self.advance().text {
                    "==" => Shape::Missing(operand),
                    _ => Shape::Present(operand),
                };
                self.advance();
                let offset = self.offset_of(operand);
                operand = self.nested(|parser| Ok(parser.add(offset, shape)))?;
            }
        }
        Ok(operand)
    }

    fn operator(&self, precedence: usize) -> Option<Operator> {
        if self.at_handler() {
            return None;
        }
        let token = self.peek();
        PRECEDENCES[precedence]
            .iter()
            .find(|(text, _)| token.kind == Kind::Fixed && *text == token.text)
            .map(|(_, operator)| *operator)
    }

    fn unary(&mut self) -> Result<ExpressionId, ParseError> {
        let offset = self.peek().offset;
        if self.take("-") {
            let operand = self.nested(Parser::unary)?;
            return Ok(self.add(offset, Shape::Minus(operand)));
        }
        if self.take("!") {
            let operand = self.nested(Parser::unary)?;
            return Ok(self.add(offset, Shape::Not(operand)));
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<ExpressionId, ParseError> {
        let token = self.peek();
        let shape = match (token.kind, token.text) {
            (Kind::Whole, _) => Shape::Constant(Constant::Whole(self.whole("a number")?)),
            (Kind::Fixed, "true" | "false") => {
                self.advance();
                Shape::Constant(Constant::Truth(token.text == "true"))
            }
            (Kind::Address, text) => {
                self.advance();
                Shape::Address(text)
            }
            (Kind::Role, _) => {
                let role = self.word();
                self.expect(".", "after a role in an expression")?;
                Shape::Field(role, self.name("the name of a value")?)
            }
            (Kind::Name, text) => {
                let name = self.word();
                if self.peek().text == "(" {
                    Shape::Call(name, self.arguments()?)
                } else {
                    Shape::Name(text)
                }
            }
            (Kind::Fixed, "(") => {
                self.advance();
                let inner = self.expression()?;
                self.expect(")", "to close the parenthesis")?;
                return Ok(inner);
            }
            (Kind::Fixed, "let!") => {
                self.advance();
                let binding = self.binding()?;
                let body = self.expression()?;
                Shape::Let(Box::new(binding), body)
            }
            _ => return Err(self.expected("an expression")),
        };
        Ok(self.add(token.offset, shape))
    }

    fn arguments(&mut self) -> Result<Vec<ExpressionId>, ParseError> {
        self.expect("(", "before the arguments")?;
        let mut arguments = Vec::new();
        while !self.take(")") {
            if !arguments.is_empty() {
                self.expect(",", "between the arguments")?;
            }
            arguments.push(self.expression()?);
        }
        Ok(arguments)
    }

    /// `name: type = value in`
    pub fn binding(&mut self) -> Result<Binding<'a>, ParseError> {
        let name = self.name("the name of the new variable")?;
        self.expect(":", "before the type of the new variable")?;
        let is = self.type_expression()?;
        self.expect("=", "before the value of the new variable")?;
        let value = self.expression()?;
        self.expect("in", "after the value of the new variable")?;
        Ok(Binding { name, is, value })
    }

    fn offset_of(&self, expression: ExpressionId) -> usize {
        self.expressions[expression.0].offset
    }

    fn add(&mut self, offset: usize, shape: Shape<'a>) -> ExpressionId {
        self.expressions.push(Expression { offset, shape });
        ExpressionId(self.expressions.len() - 1)
    }
}
