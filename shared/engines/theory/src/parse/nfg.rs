//! Gambit's `.nfg` strategic-form files, with payoffs given cell by cell or as numbered outcomes.

use super::lexer::{Lexer, Token};
use super::names::distinct;
use super::position::Source;
use super::{Limits, ParseError};
use crate::convert::{nodes_of_simultaneous_tree, simultaneous_tree};
use crate::game::{Game, Meta, NormalGame, NormalParts};
use crate::rational::Rational;

/// Two players make a normal game; three and more a tree of simultaneous moves, as the API's normal form is a matrix.
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
    let strategies = strategies(&mut lexer, &players, &mut warnings)?;
    let cells = cells(&strategies, limits).map_err(|what| lexer.error_at(at, what))?;
    let description = match lexer.peek() {
        Token::Text(_) => {
            Some(lexer.text("a comment")?.into_owned()).filter(|comment| !comment.is_empty())
        }
        _ => None,
    };
    let table = match lexer.peek() {
        Token::Open => outcome_table(&mut lexer, players.len(), cells)?,
        _ => payoff_table(&mut lexer, players.len(), cells)?,
    };
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
    let payoffs = last_player_fastest(table, &strategies);
    let game = NormalGame::try_from(NormalParts {
        meta,
        players,
        strategies,
        payoffs,
    })
    .map_err(|what| lexer.error_at(at, what))?;
    if game.players().len() == 2 {
        return Ok(Game::Normal(game));
    }
    if nodes_of_simultaneous_tree(&game) > limits.nodes {
        return Err(lexer.error_at(
            at,
            format!(
                "the game tree of this table has more than {} nodes",
                limits.nodes
            ),
        ));
    }
    let meta = game.meta().clone();
    Ok(Game::Extensive(simultaneous_tree(&game, meta)))
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
        names.push(lexer.text("a player name")?.into_owned());
    }
    lexer.close("the player names")?;
    let (names, renamed) = distinct(names, |position| format!("Player{position}"));
    warnings.extend(
        renamed
            .into_iter()
            .map(|name| format!("Several players are called '{name}': they were numbered")),
    );
    Ok(names)
}

/// `{ { "label" … } … }` or `{ 3 2 }`; every list is bounded by the file's own length except the announced dimensions, whose
/// labels are made only once their product is known to be small.
fn strategies(
    lexer: &mut Lexer<'_>,
    players: &[String],
    warnings: &mut Vec<String>,
) -> Result<Vec<Vec<String>>, ParseError> {
    lexer.open("the strategies")?;
    let mut lists = Vec::new();
    while lexer.peek() != Token::Close {
        if lists.len() == players.len() {
            return Err(lexer.expected("`}` after the strategies of the last player"));
        }
        let at = lexer.offset();
        let names = match lexer.peek() {
            Token::Open => labels(lexer)?,
            Token::Word(_) => {
                let count = lexer.count("a number of strategies")?;
                if count > lexer.bytes_left() {
                    return Err(lexer.error_at(
                        at,
                        format!("{count} strategies announced, but the file has fewer payoffs"),
                    ));
                }
                vec![String::new(); count]
            }
            _ => return Err(lexer.expected("a list of strategies or their number")),
        };
        let player = &players[lists.len()];
        if names.is_empty() {
            return Err(lexer.error_at(at, format!("player `{player}` has no strategies")));
        }
        let (names, renamed) = distinct(names, |position| format!("S{position}"));
        warnings.extend(renamed.into_iter().map(|name| {
            format!("Player '{player}' has several strategies '{name}': they were numbered")
        }));
        lists.push(names);
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

fn labels(lexer: &mut Lexer<'_>) -> Result<Vec<String>, ParseError> {
    lexer.open("the strategies of a player")?;
    let mut labels = Vec::new();
    while lexer.peek() != Token::Close {
        labels.push(lexer.text("a strategy name in quotes or `}`")?.into_owned());
    }
    lexer.close("the strategies of a player")?;
    Ok(labels)
}

fn cells(strategies: &[Vec<String>], limits: &Limits) -> Result<usize, String> {
    let entries = strategies
        .iter()
        .try_fold(strategies.len(), |product, list| {
            product.checked_mul(list.len())
        });
    match entries {
        Some(entries) if entries <= limits.cells => Ok(entries / strategies.len()),
        _ => Err(format!("the table has more than {} payoffs", limits.cells)),
    }
}

fn payoff_table(
    lexer: &mut Lexer<'_>,
    players: usize,
    cells: usize,
) -> Result<Vec<Vec<Rational>>, ParseError> {
    let mut table = Vec::with_capacity(cells.min(lexer.bytes_left()));
    for cell in 0..cells {
        let mut payoffs = Vec::with_capacity(players);
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
        table.push(payoffs);
    }
    Ok(table)
}

fn outcome_table(
    lexer: &mut Lexer<'_>,
    players: usize,
    cells: usize,
) -> Result<Vec<Vec<Rational>>, ParseError> {
    lexer.open("the outcomes")?;
    let mut outcomes = vec![vec![Rational::ZERO; players]];
    while lexer.peek() != Token::Close {
        lexer.open("an outcome")?;
        if let Token::Text(_) = lexer.peek() {
            lexer.text("an outcome name")?;
        }
        let mut payoffs = Vec::with_capacity(players);
        each_payoff(lexer, players, |_, payoff| payoffs.push(payoff))?;
        outcomes.push(payoffs);
        lexer.close("the payoffs of an outcome")?;
        lexer.take(Token::Comma)?;
    }
    lexer.close("the outcomes")?;
    let mut table = Vec::with_capacity(cells.min(lexer.bytes_left()));
    for cell in 0..cells {
        lexer.take(Token::Comma)?;
        let at = lexer.offset();
        if lexer.peek() == Token::End {
            return Err(lexer.expected(&format!("outcome number {} of {cells}", cell + 1)));
        }
        let number = lexer.count("an outcome number")?;
        let payoffs = outcomes
            .get(number)
            .ok_or_else(|| lexer.error_at(at, format!("there is no outcome {number}")))?;
        table.push(payoffs.clone());
    }
    Ok(table)
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

/// The file lists profiles with player 1's strategy varying fastest; [`NormalGame`] wants the last player's.
fn last_player_fastest(mut table: Vec<Vec<Rational>>, strategies: &[Vec<String>]) -> Vec<Rational> {
    let sizes: Vec<usize> = strategies.iter().map(Vec::len).collect();
    let mut profile = vec![0; sizes.len()];
    let mut payoffs = Vec::with_capacity(table.len() * sizes.len());
    for _ in 0..table.len() {
        let in_file = sizes
            .iter()
            .zip(&profile)
            .rev()
            .fold(0, |number, (size, strategy)| number * size + strategy);
        payoffs.append(&mut table[in_file]);
        for (strategy, size) in profile.iter_mut().zip(&sizes).rev() {
            *strategy += 1;
            if *strategy < *size {
                break;
            }
            *strategy = 0;
        }
    }
    payoffs
}
