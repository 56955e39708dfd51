//! One or some equilibria of a two-player game by the paths of Lemke and Howson (1964), in exact arithmetic.

use std::collections::HashSet;

use dashu_int::IBig;

use super::bimatrix::Bimatrix;
use super::dictionary::{Dictionary, Variable};
use super::expand::Expansion;
use super::number::{Exact, Overflow};
use super::{Found, Known, Search};
use crate::game::NormalGame;
use crate::rational::Rational;

/// Follows the path of every label from the artificial equilibrium, then from each equilibrium found, until enough are found or no
/// path leads to a new one. Never complete: equilibria that no path reaches are not seen (Aggarwal 1973).
pub fn lemke_howson(game: &NormalGame, search: &Search<'_>) -> Found {
    let bimatrix = Bimatrix::of(game, search.stop);
    let mut expansion = Expansion::new(game, &bimatrix, search);
    match follow::<i128>(&bimatrix, search, &mut expansion) {
        Ok(()) => {}
        Err(Overflow) => {
            expansion = Expansion::new(game, &bimatrix, search);
            follow::<IBig>(&bimatrix, search, &mut expansion)
                .expect("integers of any size do not overflow");
        }
    }
    Found {
        equilibria: expansion.equilibria,
        complete: false,
    }
}

/// A basis of each polytope: the row player's mixture `x` with the column player's slacks, and `y` with the row player's slacks.
#[derive(Clone)]
struct Pair<N> {
    rows: usize,
    columns: usize,
    x: Dictionary<N>,
    y: Dictionary<N>,
}

fn follow<N: Exact>(
    game: &Bimatrix,
    search: &Search<'_>,
    expansion: &mut Expansion<'_>,
) -> Result<(), Overflow> {
    let mut waiting = vec![Pair::<N>::artificial(game)?];
    let mut seen = HashSet::new();
    while let Some(start) = waiting.pop() {
        for label in 0..start.rows + start.columns {
            if search.stopped() || expansion.cut {
                return Ok(());
            }
            let mut pair = start.clone();
            if !pair.path(label, search)? {
                return Ok(());
            }
            let (x, y) = pair.point();
            let is_artificial = x.iter().all(Rational::is_zero);
            if !is_artificial && seen.insert((x.clone(), y.clone())) {
                expansion.add(&x, &y);
                (search.progress)(Known {
                    fraction: None,
                    message: format!(
                        "{} equilibria found by Lemke-Howson paths",
                        expansion.equilibria.len()
                    ),
                    equilibria: &expansion.equilibria,
                });
                waiting.push(pair);
            }
        }
    }
    Ok(())
}

impl<N: Exact> Pair<N> {
    fn artificial(game: &Bimatrix) -> Result<Pair<N>, Overflow> {
        let (rows, columns) = (game.first.rows, game.first.columns);
        let x = Dictionary::new(columns, rows, |column, row| game.second.at(row, column))?;
        let y = Dictionary::new(rows, columns, |row, column| game.first.at(row, column))?;
        Ok(Pair {
            rows,
            columns,
            x,
            y,
        })
    }

    /// Drops a label and pivots until it is taken up again; `false` when stopped on the way.
    fn path(&mut self, dropped: usize, search: &Search<'_>) -> Result<bool, Overflow> {
        let mut entering = dropped;
        // The label is nonbasic on one side at a completely labelled pair, on both only at a degenerate one.
        let mut in_x = self.x.column_of(self.x_variable(dropped)).is_some();
        loop {
            if search.stopped() {
                return Ok(false);
            }
            let variable = if in_x {
                self.x_variable(entering)
            } else {
                self.y_variable(entering)
            };
            let (rows, columns) = (self.rows, self.columns);
            let dictionary = if in_x { &mut self.x } else { &mut self.y };
            let column = dictionary
                .column_of(variable)
                .expect("the label that was taken up twice is nonbasic on the other side");
            let row = dictionary
                .leaving(column)?
                .expect("best-reply polytopes of positive matrices are bounded");
            let left = dictionary.basic()[row];
            dictionary.pivot(row, column)?;
            entering = match (in_x, left < columns) {
                (true, _) => left,
                (false, true) => rows + left,
                (false, false) => left - columns,
            };
            if entering == dropped {
                return Ok(true);
            }
            in_x = !in_x;
        }
    }

    /// Labels are the row player's strategies, then the column player's.
    fn x_variable(&self, label: usize) -> Variable {
        label
    }

    fn y_variable(&self, label: usize) -> Variable {
        if label < self.rows {
            self.columns + label
        } else {
            label - self.rows
        }
    }

    fn point(&self) -> (Vec<Rational>, Vec<Rational>) {
        let x = (0..self.rows)
            .map(|variable| self.x.value(variable))
            .collect();
        let y = (0..self.columns)
            .map(|variable| self.y.value(variable))
            .collect();
        (x, y)
    }
}
