//! A Vegas program as it is written: names not yet resolved, every part with its place in the file.
//!
//! Expressions live in one table. A chain of operators of one precedence and a chain of `c ? a : d ? b : …` are one entry
//! each, so the depth of an entry is the depth of the nesting that a reader sees, and that is limited.

/// A part of the text, with its byte offset.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    pub text: &'a str,
    pub offset: usize,
}

#[derive(Debug)]
pub struct SourceTree<'a> {
    pub types: Vec<TypeDeclaration<'a>>,
    pub macros: Vec<Macro<'a>>,
    pub steps: Vec<Step<'a>>,
    pub withdraw: Outcome<'a>,
    pub expressions: Vec<Expression<'a>>,
}

#[derive(Debug)]
pub struct TypeDeclaration<'a> {
    pub name: Word<'a>,
    pub is: TypeExpression<'a>,
}

#[derive(Clone, Debug)]
pub enum TypeExpression<'a> {
    Values(Vec<i128>),
    Range(i128, i128),
    Named(Word<'a>),
}

#[derive(Debug)]
pub struct Macro<'a> {
    pub name: Word<'a>,
    pub parameters: Vec<(Word<'a>, TypeExpression<'a>)>,
    pub result: TypeExpression<'a>,
    pub body: ExpressionId,
    /// The entries of the expression table from here up to `body` are this macro's.
    pub first_expression: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    Join,
    Random,
    Sample,
    Yield,
    Commit,
    Reveal,
}

/// One statement: what its movers do, they do at the same time.
#[derive(Debug)]
pub struct Step<'a> {
    pub kind: StepKind,
    pub offset: usize,
    pub handler: Option<Handler<'a>>,
    pub moves: Vec<Move<'a>>,
}

#[derive(Debug)]
pub struct Move<'a> {
    /// The word `sample` when nobody in particular moves.
    pub role: Word<'a>,
    pub variables: Vec<Variable<'a>>,
    pub deposit: i128,
    pub guard: Option<ExpressionId>,
    pub handler: Option<Handler<'a>>,
}

#[derive(Debug)]
pub struct Variable<'a> {
    pub name: Word<'a>,
    pub is: TypeExpression<'a>,
    pub distribution: Option<Vec<(Constant, i128)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    Whole(i128),
    Truth(bool),
}

/// What happens to the deposits when a mover of a step quits.
#[derive(Debug)]
pub enum Handler<'a> {
    Split,
    Burn,
    /// The value is missing and the game goes on.
    Null,
    Pay(Outcome<'a>),
}

#[derive(Debug)]
pub enum Outcome<'a> {
    Items {
        offset: usize,
        pay: Vec<(Word<'a>, ExpressionId)>,
        burn: Option<ExpressionId>,
    },
    Cases(Vec<(ExpressionId, Outcome<'a>)>, Box<Outcome<'a>>),
    Let(Box<Binding<'a>>, Box<Outcome<'a>>),
}

#[derive(Debug)]
pub struct Binding<'a> {
    pub name: Word<'a>,
    pub is: TypeExpression<'a>,
    pub value: ExpressionId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpressionId(pub usize);

#[derive(Debug)]
pub struct Expression<'a> {
    pub offset: usize,
    pub shape: Shape<'a>,
}

#[derive(Debug)]
pub enum Shape<'a> {
    Constant(Constant),
    Address(&'a str),
    Name(&'a str),
    Field(Word<'a>, Word<'a>),
    Call(Word<'a>, Vec<ExpressionId>),
    Minus(ExpressionId),
    Not(ExpressionId),
    /// `… == null`
    Missing(ExpressionId),
    /// `… != null`
    Present(ExpressionId),
    /// Operators of one precedence, applied from left to right.
    Chain(ExpressionId, Vec<(Operator, ExpressionId)>),
    Cases(Vec<(ExpressionId, ExpressionId)>, ExpressionId),
    Let(Box<Binding<'a>>, ExpressionId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Times,
    Divide,
    Modulo,
    Plus,
    Minus,
    Less,
    LessOrEqual,
    GreaterOrEqual,
    Greater,
    Equal,
    Unequal,
    /// `<->`
    Iff,
    /// `<-!->`
    Xor,
    And,
    Or,
}

/// The precedences, loosest first. `&&` and `||` share one.
pub const PRECEDENCES: [&[(&str, Operator)]; 5] = [
    &[("&&", Operator::And), ("||", Operator::Or)],
    &[
        ("==", Operator::Equal),
        ("!=", Operator::Unequal),
        ("<->", Operator::Iff),
        ("<-!->", Operator::Xor),
    ],
    &[
        ("<", Operator::Less),
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        (">", Operator::Greater),
    ],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
    &[
        ("*", Operator::Times),
        ("/", Operator::Divide),
        ("%", Operator::Modulo),
    ],
];

impl Operator {
    pub fn text(self) -> &'static str {
        PRECEDENCES
            .iter()
            .flat_map(|level| level.iter())
            .find(|(_, operator)| *operator == self)
            .map_or("", |(text, _)| text)
    }
}
