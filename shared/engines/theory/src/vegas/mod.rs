//! The Vegas language (as elazarg/vegas defines it): games written as a protocol of joining, committing, revealing and paying out.
//!
//! Read ([`read`]), checked, played through once, and lowered to a tree ([`to_extensive`]) or an influence diagram ([`to_maid`]).

mod check;
mod check_expression;
mod choices;
mod declarations;
mod diagram;
mod evaluate;
mod layers;
mod parse_expression;
mod parse_outcome;
mod parser;
mod program;
mod settle;
mod syntax;
mod token;
mod tree;
mod types;
mod walk;

use crate::convert::ConversionError;
use crate::game::{ExtensiveGame, MaidGame, Meta, VegasGame};
use crate::parse::{Limits, ParseError, Source};
use program::Program;

/// Reads and checks a program, and plays it through as far as its size allows.
pub fn read(source: &Source<'_>, limits: &Limits) -> Result<VegasGame, ParseError> {
    let program = compile(source, limits)?;
    let played =
        tree::play(&program).map_err(|tree::Wrong(what, offset)| source.error(offset, what))?;
    let diagram = diagram::build(&program, Meta::default());
    let players = program.players();
    Ok(VegasGame {
        players: players
            .iter()
            .map(|role| program.role(*role).name.clone())
            .collect(),
        meta: Meta {
            tags: vec!["vegas".to_owned()],
            warnings: program.warnings.into_iter().chain(played.warning).collect(),
            ..Meta::default()
        },
        source_code: source.text.to_owned(),
        tree_blocker: played.blocker,
        diagram_blocker: diagram.err(),
    })
}

/// The tree of a program: quitting is a move, simultaneous moves are hidden from each other by information sets. Payoffs are
/// what a player is paid less its deposit.
pub fn to_extensive(game: &VegasGame) -> Result<ExtensiveGame, ConversionError> {
    if let Some(blocker) = &game.tree_blocker {
        return Err(ConversionError(blocker.clone()));
    }
    let program = recompile(game)?;
    let meta = game.meta.converted("efg", "vegas", "from-vegas");
    tree::build(&program, meta).map_err(ConversionError)
}

/// The influence diagram of a program, in which nobody quits.
pub fn to_maid(game: &VegasGame) -> Result<MaidGame, ConversionError> {
    if let Some(blocker) = &game.diagram_blocker {
        return Err(ConversionError(blocker.clone()));
    }
    let program = recompile(game)?;
    let meta = game.meta.converted("maid", "vegas", "from-vegas");
    diagram::build(&program, meta).map_err(ConversionError)
}

fn compile(source: &Source<'_>, limits: &Limits) -> Result<Program, ParseError> {
    check::check(source, &parser::read(source)?, limits)
}

fn recompile(game: &VegasGame) -> Result<Program, ConversionError> {
    let source = Source::of(&game.source_code);
    let limits = Limits {
        players: usize::MAX,
        ..Limits::default()
    };
    compile(&source, &limits).map_err(|error| ConversionError(error.to_string()))
}
