//! Gambit's `.nfg` strategic-form files, with payoffs given cell by cell or as numbered outcomes.

use std::borrow::Cow;

use super::lexer::{Lexer, Token};
use super::names::distinct;
use super::position::Source;
use super::{Limits, ParseError};
use crate::game::{CHANCE, Game, Meta, NormalGame, NormalParts};
use crate::rational::Rational;

/// Reads the file; strategies without names are `S1`, `S2` ….
pub fn read(source: &Source<'_>, limits: &Limits) -> Result<Game, ParseError> {
    let mut lexer = Lexer::new(source)?;
    lexer.keyword(&["NFG"], "`NFG`")?;
    lexer.keyword(&["1"], "the format version `1`")?;
    lexer.keyword(&["R", "D"], "`R` or `D`")?;
    let mut warnings = Vec::new();
    let title = lexer.text("a title in quotes")?.into_owned();
    let players = players(&mut lexer, limits, &mut warnings)?;
    if players.len() < 2 {
        return Err(lexer.error_at(0, "an .nfg file needs at least two players"));
    }
    let at = lexer.offset();
    let lists = strategies(&mut lexer, &players)?;
    let sizes: Vec<usize> = lists.iter().map(Strategies::count).collect();
    let cells = cells(&sizes, limits).map_err(|what| lexer.error_at(at, what))?;
    let strategies = lists
        .into_iter()
        .zip(&players)
        .map(|(list, player)| list.named(player, &mut warnings))
        .collect();
    let description = comment(&mut lexer)?;
    let mut table = Table::new(sizes, cells, lexer.bytes_left());
    match lexer.peek() {
        Token::Open => outcome_body(&mut lexer, &mut table)?,
        _ => payoff_body(&mut lexer, &mut table)?,
    }
    if lexer.peek() != Token::End {
        return Err(lexer.expected("the end of the file after the last payoff"));
    }
    let tags = ["imported", "nfg", "strategic-form"]
        .map(str::to_owned)
        .to_vec();
    let meta = Meta {
        id: String::new(),
        title,
        description,
        tags,
        warnings,
    };
    let game = NormalGame::try_from(NormalParts {
        meta,
        players,
        strategies,
        payoffs: table.payoffs,
        maid_decision_to_player: Vec::new(),
    });
    Ok(Game::Normal(game.map_err(|what| lexer.error_at(at, what))?))
}

/// `{ "name" … }`, shared with `.efg`.
pub fn players(
    lexer: &mut Lexer<'_>,
    limits: &Limits,
    warnings: &mut Vec<String>,
) -> Result<Vec<String>, ParseError> {
    lexer.open("the player names")?;
    let mut names = Vec::new();
    while let Token::Text(_) = lexer.peek() {
        if names.len() == limits.players {
            return Err(lexer.error_at(
                lexer.offset(),
                format!("more than {} players", limits.players),
            ));
        }
        names.push(lexer.label("a player name")?.into_owned());
    }
    lexer.close("the player names")?;
    let (mut names, renamed) = distinct(names, |position| format!("Player{position}"));
    if let Some(name) = names.iter_mut().find(|name| *name == CHANCE) {
        warnings.push(format!(
            "The player '{CHANCE}' was renamed: nature has that name"
        ));
        name.push_str(" (player)");
    }
    warnings.extend(
        renamed
            .into_iter()
            .map(|name| format!("Several players are called '{name}': they were numbered")),
    );
    Ok(names)
}

/// The comment that either format may have after its header.
pub fn comment(lexer: &mut Lexer<'_>) -> Result<Option<String>, ParseError> {
    match lexer.peek() {
        Token::Text(_) => {
            let comment = lexer.text("a comment")?.into_owned();
            Ok(Some(comment).filter(|comment| !comment.is_empty()))
        }
        _ => Ok(None),
    }
}

/// What the header says about one player's strategies; names for a mere number of them are made only once the table's size
/// is known to be allowed.
enum Strategies<'a> {
    Named(Vec<Cow<'a, str>>),
    Counted(usize),
}

impl Strategies<'_> {
    fn count(&self) -> usize {
        match self {
            Strategies::Named(names) => names.len(),
            Strategies::Counted(count) => *count,
        }
    }

    fn named(self, player: &str, warnings: &mut Vec<String>) -> Vec<String> {
        let names = match self {
            Strategies::Named(names) => names.into_iter().map(Cow::into_owned).collect(),
            Strategies::Counted(count) => vec![String::new(); count],
        };
        let (names, renamed) = distinct(names, |position| format!("S{position}"));
        if let Some(name) = renamed.first() {
            warnings.push(format!(
                "Player '{player}' has several strategies '{name}': they were numbered"
            ));
        }
        names
    }
}

/// `{ { "label" … } … }` or `{ 3 2 }`
fn strategies<'a>(
    lexer: &mut Lexer<'a>,
    players: &[String],
) -> Result<Vec<Strategies<'a>>, ParseError> {
    lexer.open("the strategies")?;
    let mut lists = Vec::new();
    while lexer.peek() != Token::Close {
        if lists.len() == players.len() {
            return Err(lexer.expected("`}` after the strategies of the last player"));
        }
        let at = lexer.offset();
        let list = match lexer.peek() {
            Token::Open => Strategies::Named(labels(lexer)?),
            Token::Word(_) => {
                let count = lexer.count("a number of strategies")?;
                if count > lexer.bytes_left() {
                    return Err(lexer.error_at(
                        at,
                        format!("{count} strategies announced, but the file has fewer payoffs"),
                    ));
                }
                Strategies::Counted(count)
            }
            _ => return Err(lexer.expected("a list of strategies or their number")),
        };
        if list.count() == 0 {
            let player = &players[lists.len()];
            return Err(lexer.error_at(at, format!("player `{player}` has no strategies")));
        }
        lists.push(list);
    }
    if lists.len() < players.len() {
        return Err(lexer.expected(&format!(
            "the strategies of player `{}`",
            players[lists.len()]
        )));
    }
    lexer.close("the strategies")?;
    Ok(lists)
}

fn labels<'a>(lexer: &mut Lexer<'a>) -> Result<Vec<Cow<'a, str>>, ParseError> {
    lexer.open("the strategies of a player")?;
    let mut labels = Vec::new();
    while lexer.peek() != Token::Close {
        labels.push(lexer.label("a strategy name in quotes or `}`")?);
    }
    lexer.close("the strategies of a player")?;
    Ok(labels)
}

fn cells(sizes: &[usize], limits: &Limits) -> Result<usize, String> {
    let entries = sizes
        .iter()
        .try_fold(sizes.len(), |product, size| product.checked_mul(*size));
    match entries {
        Some(entries) if entries <= limits.cells => Ok(entries / sizes.len()),
        _ => Err(format!("the table has more than {} payoffs", limits.cells)),
    }
}

/// The payoffs of a [`NormalGame`], which has the last player's strategy vary fastest, while a file has the first player's.
struct Table {
    sizes: Vec<usize>,
    /// The profile whose turn it is in the file, and its number in the game.
    profile: Vec<usize>,
    number: usize,
    cells: usize,
    payoffs: Vec<Rational>,
}

impl Table {
    /// A cell takes a byte of the file at least: without enough of them nothing is allocated, as the file ends too soon.
    fn new(sizes: Vec<usize>, cells: usize, bytes_left: usize) -> Table {
        let entries = if cells <= bytes_left {
            cells * sizes.len()
        } else {
            0
        };
        Table {
            profile: vec![0; sizes.len()],
            number: 0,
            cells,
            payoffs: vec![Rational::ZERO; entries],
            sizes,
        }
    }

    fn players(&self) -> usize {
        self.sizes.len()
    }

    /// Sets the payoffs of the current profile and moves on to the next one of the file.
    fn put(&mut self, payoffs: &[Rational]) {
        let start = self.number * self.players();
        if let Some(cell) = self.payoffs.get_mut(start..start + payoffs.len()) {
            cell.clone_from_slice(payoffs);
        }
        let mut stride = self.cells;
        for (strategy, size) in self.profile.iter_mut().zip(&self.sizes) {
            stride /= size;
            *strategy += 1;
            self.number += stride;
            if *strategy < *size {
                return;
            }
            *strategy = 0;
            self.number -= stride * size;
        }
    }
}

fn payoff_body(lexer: &mut Lexer<'_>, table: &mut Table) -> Result<(), ParseError> {
    let (cells, players) = (table.cells, table.players());
    let mut payoffs = Vec::with_capacity(players);
    for cell in 0..cells {
        payoffs.clear();
        for player in 0..players {
            lexer.take(Token::Comma)?;
            if lexer.peek() == Token::End {
                return Err(lexer.expected(&format!(
                    "payoff {} of {}",
                    cell * players + player + 1,
                    cells * players
                )));
            }
            payoffs.push(lexer.number("payoff")?);
        }
        table.put(&payoffs);
    }
    Ok(())
}

fn outcome_body(lexer: &mut Lexer<'_>, table: &mut Table) -> Result<(), ParseError> {
    let players = table.players();
    lexer.open("the outcomes")?;
    // Number 0 is no outcome: it pays nobody.
    let mut outcomes = vec![Rational::ZERO; players];
    while lexer.peek() != Token::Close {
        lexer.open("an outcome")?;
        lexer.skip_text()?;
        each_payoff(lexer, players, |_, payoff| outcomes.push(payoff))?;
        lexer.close("the payoffs of an outcome")?;
        lexer.take(Token::Comma)?;
    }
    lexer.close("the outcomes")?;
    for cell in 0..table.cells {
        lexer.take(Token::Comma)?;
        let at = lexer.offset();
        if lexer.peek() == Token::End {
            return Err(lexer.expected(&format!("outcome number {} of {}", cell + 1, table.cells)));
        }
        let number = lexer.count("an outcome number")?;
        let payoffs = number
            .checked_mul(players)
            .and_then(|start| outcomes.get(start..)?.get(..players));
        table.put(
            payoffs.ok_or_else(|| lexer.error_at(at, format!("there is no outcome {number}")))?,
        );
    }
    Ok(())
}

/// One payoff per player, with or without commas, each handed to `take` with its player; shared with `.efg`.
pub fn each_payoff(
    lexer: &mut Lexer<'_>,
    players: usize,
    mut take: impl FnMut(usize, Rational),
) -> Result<(), ParseError> {
    for player in 0..players {
        if lexer.peek() == Token::Close {
            return Err(lexer.expected(&format!("payoff {} of {players}", player + 1)));
        }
        take(player, lexer.number("payoff")?);
        lexer.take(Token::Comma)?;
    }
    Ok(())
}
