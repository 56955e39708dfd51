//! Evolutionarily stable strategies (Maynard Smith, Price 1973), decided exactly and against mixed mutants too.

use super::Encounters;
use crate::rational::Rational;

/// Whether a population of one pure strategy withstands every small group of mutants, pure or mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stability {
    Stable,
    Unstable,
    /// Too many mutants do as well against it as itself for the test, which is exponential in their number.
    Undecided,
}

/// Most mutants among whose mixtures an invader is looked for.
const MOST_MUTANTS: usize = 10;

/// A strategy is stable if it is a best reply to itself and does better than every other best reply does against that reply.
///
/// Against mixtures of other best replies j, k this asks that the form Σ yⱼ·yₖ·(a_sk − a_jk) is positive for all y ≥ 0 but 0: strict
/// copositivity (Haigh 1975, Abakuks 1980).
pub fn stability(game: &Encounters, strategy: usize) -> Stability {
    let own = game.payoff(strategy, strategy);
    let others = || (0..game.size()).filter(|other| *other != strategy);
    if others().any(|other| game.payoff(other, strategy) > own) {
        return Stability::Unstable;
    }
    let rivals: Vec<usize> = others()
        .filter(|other| game.payoff(*other, strategy) == own)
        .collect();
    let advantage =
        |mutant: &usize, met: &usize| game.payoff(strategy, *met) - game.payoff(*mutant, *met);
    if rivals
        .iter()
        .any(|rival| !advantage(rival, rival).is_positive())
    {
        return Stability::Unstable;
    }
    if rivals.len() > MOST_MUTANTS {
        return Stability::Undecided;
    }
    let form: Vec<Vec<Rational>> = rivals
        .iter()
        .map(|one| {
            rivals
                .iter()
                .map(|other| &advantage(one, other) + &advantage(other, one))
                .collect()
        })
        .collect();
    let faces = 1usize..1 << rivals.len();
    if faces
        .into_iter()
        .all(|face| is_positive_inside(&form, face))
    {
        Stability::Stable
    } else {
        Stability::Unstable
    }
}

/// Whether the form has no point inside this face of the simplex where it is stationary and not positive.
///
/// The least value on the simplex is taken inside some face. Where the stationary points of a face are not isolated the form is
/// constant along them up to the border, so that a smaller face has the same value: singular systems need no look.
fn is_positive_inside(form: &[Vec<Rational>], face: usize) -> bool {
    let members: Vec<usize> = (0..form.len())
        .filter(|member| face >> member & 1 == 1)
        .collect();
    // Form · y − λ = 0 for each member, and Σ y = 1; λ is the form's value there.
    let mut system: Vec<Vec<Rational>> = members
        .iter()
        .map(|row| {
            let entries = members.iter().map(|column| form[*row][*column].clone());
            entries.chain([-Rational::ONE, Rational::ZERO]).collect()
        })
        .collect();
    let ones = std::iter::repeat_n(Rational::ONE, members.len());
    system.push(ones.chain([Rational::ZERO, Rational::ONE]).collect());
    let Some(mut solution) = solve(system) else {
        return true;
    };
    let value = solution.pop().unwrap_or_default();
    value.is_positive() || solution.iter().any(|share| !share.is_positive())
}

/// Gauss and Jordan's elimination of a square system with its right-hand side in the last column; `None` when singular.
fn solve(mut system: Vec<Vec<Rational>>) -> Option<Vec<Rational>> {
    for step in 0..system.len() {
        let pivot = (step..system.len()).find(|row| !system[*row][step].is_zero())?;
        system.swap(step, pivot);
        let divisor = system[step][step].clone();
        for entry in &mut system[step] {
            *entry = &*entry / &divisor;
        }
        let line = system[step].clone();
        for (number, row) in system.iter_mut().enumerate() {
            if number == step || row[step].is_zero() {
                continue;
            }
            let factor = row[step].clone();
            for (entry, above) in row.iter_mut().zip(&line) {
                *entry = &*entry - &(&factor * above);
            }
        }
    }
    system.into_iter().map(|mut row| row.pop()).collect()
}
