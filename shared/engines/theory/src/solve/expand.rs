//! From vertices of the best-reply polytopes of the reduced game to equilibria of the original one.

use std::sync::atomic::{AtomicBool, Ordering};

use super::bimatrix::Bimatrix;
use super::certify::certify;
use super::{Equilibrium, Search, capacity};
use crate::game::NormalGame;
use crate::rational::Rational;

/// The equilibria found so far.
pub struct Expansion<'a> {
    pub meaning: Meaning<'a>,
    pub equilibria: Vec<Equilibrium>,
    /// Whether some were left out because there are enough of them, or too many.
    pub cut: bool,
    pub most: usize,
}

/// What the strategies of a reduced game mean in the original one.
#[derive(Clone, Copy)]
pub struct Meaning<'a> {
    game: &'a NormalGame,
    rows: &'a [Vec<usize>],
    columns: &'a [Vec<usize>],
    stop: &'a AtomicBool,
}

impl<'a> Expansion<'a> {
    pub fn new(game: &'a NormalGame, bimatrix: &'a Bimatrix, search: &Search<'a>) -> Expansion<'a> {
        Expansion {
            meaning: Meaning {
                game,
                rows: &bimatrix.rows,
                columns: &bimatrix.columns,
                stop: search.stop,
            },
            equilibria: Vec::new(),
            cut: false,
            most: capacity(game).min(search.most.unwrap_or(usize::MAX)),
        }
    }

    /// Adds the equilibria that a completely labelled pair of vertices stands for.
    pub fn add(&mut self, x: &[Rational], y: &[Rational]) {
        let room = self.most - self.equilibria.len().min(self.most);
        self.store(self.meaning.equilibria(x, y, room));
    }

    /// Adds what [`Meaning::equilibria`] made.
    pub fn store(&mut self, equilibria: Vec<Equilibrium>) {
        let room = self.most - self.equilibria.len().min(self.most);
        self.equilibria.extend(equilibria.into_iter().take(room));
        self.cut |= self.equilibria.len() >= self.most || self.meaning.stop.load(Ordering::Relaxed);
    }
}

impl Meaning<'_> {
    /// The equilibria that a completely labelled pair of vertices stands for, at most so many: one for each choice of a representative of
    /// each class of duplicates that is used.
    pub fn equilibria(&self, x: &[Rational], y: &[Rational], most: usize) -> Vec<Equilibrium> {
        let sizes = self.game.sizes();
        let (x, y) = (normalised(x), normalised(y));
        let mut equilibria = Vec::new();
        let mut rows = Representatives::new(self.rows, &x);
        loop {
            let mut columns = Representatives::new(self.columns, &y);
            loop {
                if equilibria.len() >= most || self.stop.load(Ordering::Relaxed) {
                    return equilibria;
                }
                let profile = vec![rows.mixture(sizes[0], &x), columns.mixture(sizes[1], &y)];
                equilibria.push(certify(self.game, profile));
                if !columns.advance() {
                    break;
                }
            }
            if !rows.advance() {
                return equilibria;
            }
        }
    }
}

fn normalised(weights: &[Rational]) -> Vec<Rational> {
    let total: Rational = weights.iter().sum();
    weights.iter().map(|weight| weight / &total).collect()
}

/// One choice of a member in each class that is used.
struct Representatives<'a> {
    classes: &'a [Vec<usize>],
    /// The used classes, with the position of the chosen member.
    chosen: Vec<(usize, usize)>,
}

impl<'a> Representatives<'a> {
    fn new(classes: &'a [Vec<usize>], weights: &[Rational]) -> Representatives<'a> {
        let chosen = (0..weights.len())
            .filter(|class| !weights[*class].is_zero())
            .map(|class| (class, 0))
            .collect();
        Representatives { classes, chosen }
    }

    fn mixture(&self, size: usize, weights: &[Rational]) -> Vec<Rational> {
        let mut mixture = vec![Rational::ZERO; size];
        for (class, member) in &self.chosen {
            mixture[self.classes[*class][*member]] = weights[*class].clone();
        }
        mixture
    }

    /// The next choice; `false` after the last.
    fn advance(&mut self) -> bool {
        for (class, member) in self.chosen.iter_mut().rev() {
            *member += 1;
            if *member < self.classes[*class].len() {
                return true;
            }
            *member = 0;
        }
        false
    }
}
