//! Outcomes and what is done about quitters: `withdraw …`, `|| …` and `or …`.

use super::parser::Parser;
use super::syntax::{Handler, Outcome};
use super::token::Kind;
use crate::parse::ParseError;

impl<'a> Parser<'_, 'a> {
    /// After `or`: what the step as a whole says about quitters.
    pub fn step_handler(&mut self) -> Result<Handler<'a>, ParseError> {
        self.word_handler()
            .ok_or_else(|| self.expected("`split`, `burn` or `null` after `or`"))
    }

    /// After `||`: what one mover's quitting leads to.
    pub fn move_handler(&mut self) -> Result<Handler<'a>, ParseError> {
        match self.word_handler() {
            Some(handler) => Ok(handler),
            None => Ok(Handler::Pay(self.outcome()?)),
        }
    }

    fn word_handler(&mut self) -> Option<Handler<'a>> {
        let handler = match self.peek().text {
            "split" => Handler::Split,
            "burn" => Handler::Burn,
            "null" => Handler::Null,
            _ => return None,
        };
        self.advance();
        Some(handler)
    }

    pub fn outcome(&mut self) -> Result<Outcome<'a>, ParseError> {
        self.nested(|parser| {
            let mut cases = Vec::new();
            loop {
                if let Some(last) = parser.unconditional_outcome()? {
                    return Ok(if cases.is_empty() {
                        last
                    } else {
                        Outcome::Cases(cases, Box::new(last))
                    });
                }
                let condition = parser.condition()?;
                parser.expect("?", "after the condition of an outcome")?;
                let outcome = parser.outcome()?;
                parser.expect(":", "between the two outcomes of a condition")?;
                cases.push((condition, outcome));
            }
        })
    }

    /// An outcome that does not start with a condition; nothing where a condition starts.
    fn unconditional_outcome(&mut self) -> Result<Option<Outcome<'a>>, ParseError> {
        match self.peek().text {
            "{" => self.items().map(Some),
            "let" => {
                self.advance();
                let binding = self.binding()?;
                let rest = self.outcome()?;
                Ok(Some(Outcome::Let(Box::new(binding), Box::new(rest))))
            }
            "(" if !self.parenthesis_starts_condition() => {
                self.advance();
                let inner = self.outcome()?;
                self.expect(")", "to close the parenthesis")?;
                Ok(Some(inner))
            }
            _ => Ok(None),
        }
    }

    fn items(&mut self) -> Result<Outcome<'a>, ParseError> {
        let offset = self.peek().offset;
        self.expect("{", "before the payments")?;
        let mut pay: Vec<_> = Vec::new();
        let mut burn = None;
        while !self.take("}") {
            let token = self.peek();
            if self.take("burn") {
                if burn.is_some() {
                    let what = "an outcome can burn only once; add the amounts up";
                    return Err(self.error(token.offset, what));
                }
                burn = Some(self.expression()?);
            } else if token.kind == Kind::Role {
                let role = self.word();
                self.expect("->", "between a role and what it is paid")?;
                pay.push((role, self.expression()?));
            } else {
                return Err(self.expected("`Role -> amount`, `burn amount` or `}`"));
            }
            self.take(";");
        }
        if pay.is_empty() && burn.is_none() {
            return Err(self.error(offset, "an outcome needs at least one payment"));
        }
        Ok(Outcome::Items { offset, pay, burn })
    }
}
