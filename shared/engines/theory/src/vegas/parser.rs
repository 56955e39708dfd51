//! Reads the tokens of a Vegas program as declarations and statements.

use super::syntax::{
    Constant, Expression, Handler, Macro, Move, SourceTree, Step, StepKind, TypeDeclaration,
    TypeExpression, Variable, Word,
};
use super::token::{Kind, Token, Tokens};
use crate::parse::{ParseError, Source};

/// How deep parentheses, operators and branches may be nested: recursion goes no deeper on any input.
const MAX_NESTING: usize = 128;

/// Most values that a type can list: types are compared value by value.
const MAX_LISTED: usize = 1_000;

/// The name under which draws by nobody in particular are kept.
pub const SAMPLE: &str = "Sample";

pub struct Parser<'s, 'a> {
    source: &'s Source<'a>,
    tokens: Tokens<'a>,
    at: usize,
    nesting: usize,
    /// The `||` that ends the guard being read, where one does: the grammar uses the same symbol inside a guard and after it.
    handler_at: Option<usize>,
    pub(super) expressions: Vec<Expression<'a>>,
}

pub fn read<'a>(source: &Source<'a>) -> Result<SourceTree<'a>, ParseError> {
    let mut parser = Parser {
        source,
        tokens: Tokens::read(source)?,
        at: 0,
        nesting: 0,
        handler_at: None,
        expressions: Vec::new(),
    };
    parser.program()
}

impl<'a> Parser<'_, 'a> {
    fn program(&mut self) -> Result<SourceTree<'a>, ParseError> {
        let mut types = Vec::new();
        let mut macros = Vec::new();
        while !self.take("game") {
            if self.take("type") {
                let name = self.name("the name of a type")?;
                self.expect("=", "after the name of a type")?;
                let is = self.type_expression()?;
                types.push(TypeDeclaration { name, is });
            } else if self.take("macro") {
                macros.push(self.macro_declaration()?);
            } else {
                return Err(self.expected("`type`, `macro` or `game`"));
            }
        }
        self.name("the name of the game")?;
        self.expect("(", "after the name of the game")?;
        self.expect(")", "after the name of the game")?;
        self.expect("{", "before the first step of the game")?;
        let mut steps = Vec::new();
        while !self.take("withdraw") {
            steps.push(self.step()?);
        }
        let withdraw = self.outcome()?;
        self.expect("}", "after the outcome of the game")?;
        if self.peek().kind != Kind::End {
            return Err(self.expected("the end of the file"));
        }
        Ok(SourceTree {
            types,
            macros,
            steps,
            withdraw,
            expressions: std::mem::take(&mut self.expressions),
        })
    }

    fn macro_declaration(&mut self) -> Result<Macro<'a>, ParseError> {
        let first_expression = self.expressions.len();
        let name = self.name("the name of a macro")?;
        self.expect("(", "before the parameters of a macro")?;
        let mut parameters = Vec::new();
        while !self.take(")") {
            if !parameters.is_empty() {
                self.expect(",", "between the parameters of a macro")?;
            }
            let parameter = self.name("the name of a parameter")?;
            self.expect(":", "before the type of a parameter")?;
            parameters.push((parameter, self.type_expression()?));
        }
        self.expect(":", "before the type of a macro's result")?;
        let result = self.type_expression()?;
        self.expect("=", "before the body of a macro")?;
        let body = self.expression()?;
        self.take(";");
        Ok(Macro {
            name,
            parameters,
            result,
            body,
            first_expression,
        })
    }

    pub fn type_expression(&mut self) -> Result<TypeExpression<'a>, ParseError> {
        if !self.take("{") {
            return Ok(TypeExpression::Named(self.name("a type")?));
        }
        let first = self.whole("a value of the type")?;
        if self.take("..") {
            let offset = self.peek().offset;
            let last = self.whole("the last value of the range")?;
            self.expect("}", "after a range")?;
            if last < first {
                return Err(self.error(offset, "the range is empty: its end is before its start"));
            }
            return Ok(TypeExpression::Range(first, last));
        }
        let mut values = vec![first];
        while self.take(",") {
            if values.len() == MAX_LISTED {
                let what = format!("a type can list {MAX_LISTED} values at most; use a range");
                return Err(self.error(self.peek().offset, what));
            }
            values.push(self.whole("a value of the type")?);
        }
        self.expect("}", "after the values of a type")?;
        Ok(TypeExpression::Values(values))
    }

    fn step(&mut self) -> Result<Step<'a>, ParseError> {
        let start = self.peek();
        let kind = match start.text {
            "join" => StepKind::Join,
            "random" => StepKind::Random,
            "sample" => StepKind::Sample,
            "yield" => StepKind::Yield,
            "commit" => StepKind::Commit,
            "reveal" => StepKind::Reveal,
            _ => {
                return Err(self.expected(
                    "`join`, `random`, `sample`, `yield`, `commit`, `reveal` or `withdraw`",
                ));
            }
        };
        self.advance();
        let mut handler = None;
        let mut moves = Vec::new();
        match kind {
            StepKind::Sample => {
                let variables = self.variables()?;
                moves.extend(variables.into_iter().map(|variable| Move {
                    role: Word {
                        text: SAMPLE,
                        offset: start.offset,
                    },
                    variables: vec![variable],
                    deposit: 0,
                    guard: None,
                    handler: None,
                }));
            }
            StepKind::Random => {
                while self.peek().kind == Kind::Role {
                    let role = self.word();
                    if self.take("(") {
                        self.expect(")", "after a random role, which takes no values")?;
                    }
                    moves.push(Move {
                        role,
                        variables: Vec::new(),
                        deposit: 0,
                        guard: None,
                        handler: None,
                    });
                }
            }
            _ => {
                if self.take("or") {
                    handler = Some(self.step_handler()?);
                }
                while self.peek().kind == Kind::Role {
                    moves.push(self.role_move()?);
                }
            }
        }
        if moves.is_empty() {
            return Err(self.expected(if kind == StepKind::Sample {
                "a variable"
            } else {
                "a role"
            }));
        }
        self.expect(";", "after a step")?;
        Ok(Step {
            kind,
            offset: start.offset,
            handler,
            moves,
        })
    }

    fn role_move(&mut self) -> Result<Move<'a>, ParseError> {
        let role = self.word();
        let variables = match self.peek().text {
            "(" => self.variables()?,
            _ => Vec::new(),
        };
        let deposit = match self.take("$") {
            true => self.whole("the deposit")?,
            false => 0,
        };
        let mut guard = None;
        if self.take("where") {
            self.handler_at = self.handler_after_guard();
            guard = Some(self.expression()?);
            self.handler_at = None;
        }
        let handler = match self.take("||") {
            true => Some(self.move_handler()?),
            false => None,
        };
        Ok(Move {
            role,
            variables,
            deposit,
            guard,
            handler,
        })
    }

    fn variables(&mut self) -> Result<Vec<Variable<'a>>, ParseError> {
        self.expect("(", "before the values")?;
        let mut variables = Vec::new();
        while !self.take(")") {
            if !variables.is_empty() {
                self.expect(",", "between the values")?;
            }
            let name = self.name("the name of a value")?;
            self.expect(":", "before the type of a value")?;
            let is = self.type_expression()?;
            let distribution = match self.take("~") {
                true => Some(self.distribution()?),
                false => None,
            };
            variables.push(Variable {
                name,
                is,
                distribution,
            });
        }
        Ok(variables)
    }

    fn distribution(&mut self) -> Result<Vec<(Constant, i128)>, ParseError> {
        let weighted = match self.advance().text {
            "weighted" => true,
            "uniform" => false,
            _ => {
                self.at -= 1;
                return Err(self.expected("`uniform` or `weighted`"));
            }
        };
        self.expect("{", "before the values of a distribution")?;
        let mut values = Vec::new();
        loop {
            let value = match self.peek().text {
                "true" | "false" => Constant::Truth(self.advance().text == "true"),
                _ => Constant::Whole(self.whole("a value of the distribution")?),
            };
            let mut weight = 1;
            if weighted {
                self.expect(":", "between a value and its weight")?;
                weight = self.whole("a weight")?;
            }
            values.push((value, weight));
            if !self.take(",") {
                self.expect("}", "after the values of a distribution")?;
                return Ok(values);
            }
        }
    }

    /// The last `||` outside parentheses before the first thing that only a handler can hold.
    fn handler_after_guard(&self) -> Option<usize> {
        let mut depth = 0_usize;
        let mut last = None;
        let mut at = self.at;
        loop {
            let token = self.tokens.list[at];
            let before = self.tokens.list[at - 1].text;
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                "||" if depth == 0 => last = Some(at),
                "{" if before != ":" => return last,
                "let" | "split" | "burn" => return last,
                "null" if !matches!(before, "==" | "!=") => return last,
                ";" | "" => return None,
                // The next mover: every other role is followed by the name of its value.
                _ if token.kind == Kind::Role && self.tokens.list[at + 1].text != "." => {
                    return None;
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Whether the parenthesis at the next token belongs to a condition rather than holding a whole outcome.
    pub fn parenthesis_starts_condition(&self) -> bool {
        let after = self.tokens.closing.get(&self.at).map(|end| end + 1);
        after.is_some_and(|after| {
            let text = self.tokens.list[after].text;
            text == "?"
                || super::syntax::PRECEDENCES
                    .iter()
                    .flat_map(|level| level.iter())
                    .any(|(operator, _)| *operator == text)
        })
    }

    /// Runs `read` one level deeper.
    pub fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, ParseError>,
    ) -> Result<T, ParseError> {
        if self.nesting == MAX_NESTING {
            let what = format!("this is nested more than {MAX_NESTING} levels deep");
            return Err(self.error(self.peek().offset, what));
        }
        self.nesting += 1;
        let result = read(self);
        self.nesting -= 1;
        result
    }

    pub fn at_handler(&self) -> bool {
        self.handler_at == Some(self.at)
    }

    pub fn peek(&self) -> Token<'a> {
        self.tokens.list[self.at]
    }

    /// The token this many places after the next one, or the last.
    pub fn peek_at(&self, ahead: usize) -> Token<'a> {
        let last = self.tokens.list.len() - 1;
        self.tokens.list[(self.at + ahead).min(last)]
    }

    pub fn advance(&mut self) -> Token<'a> {
        let token = self.peek();
        if token.kind != Kind::End {
            self.at += 1;
        }
        token
    }

    /// Takes the next token as a word, whatever it is.
    pub fn word(&mut self) -> Word<'a> {
        let token = self.advance();
        Word {
            text: token.text,
            offset: token.offset,
        }
    }

    /// Takes the next token if it is this symbol or keyword.
    pub fn take(&mut self, fixed: &str) -> bool {
        let token = self.peek();
        let found = token.kind == Kind::Fixed && token.text == fixed;
        if found {
            self.advance();
        }
        found
    }

    pub fn expect(&mut self, fixed: &str, place: &str) -> Result<(), ParseError> {
        match self.take(fixed) {
            true => Ok(()),
            false => Err(self.expected(&format!("`{fixed}` {place}"))),
        }
    }

    pub fn name(&mut self, what: &str) -> Result<Word<'a>, ParseError> {
        match self.peek().kind {
            Kind::Name => Ok(self.word()),
            _ => Err(self.expected(what)),
        }
    }

    pub fn whole(&mut self, what: &str) -> Result<i128, ParseError> {
        let token = self.peek();
        if token.kind != Kind::Whole {
            return Err(self.expected(what));
        }
        self.advance();
        token
            .text
            .parse()
            .map_err(|_| self.error(token.offset, format!("{what} is too large")))
    }

    pub fn expected(&self, what: &str) -> ParseError {
        let token = self.peek();
        let found = match token.kind {
            Kind::End => "the end of the file".to_owned(),
            _ => format!("`{}`", token.text.chars().take(40).collect::<String>()),
        };
        self.error(token.offset, format!("expected {what}, found {found}"))
    }

    pub fn error(&self, offset: usize, what: impl Into<String>) -> ParseError {
        self.source.error(offset, what)
    }
}

impl Handler<'_> {
    pub fn is_null(&self) -> bool {
        matches!(self, Handler::Null)
    }
}
