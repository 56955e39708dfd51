//! Solvers against a brute force that shares nothing with them but the rational numbers.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use rookery_theory::game::{Meta, NormalGame, NormalParts};
use rookery_theory::rational::Rational;
use rookery_theory::solve::{Found, Search, enumerate, lemke_howson, pure};

/// A profile: both players' probabilities.
type Profile = Vec<Vec<Rational>>;

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }
}

fn game(rows: usize, columns: usize, payoffs: Vec<Rational>) -> NormalGame {
    let labels = |count: usize| (0..count).map(|number| number.to_string()).collect();
    let players = vec!["A".to_owned(), "B".to_owned()];
    NormalGame::try_from(NormalParts {
        meta: Meta::default(),
        players,
        strategies: vec![labels(rows), labels(columns)],
        payoffs,
        maid_decision_to_player: Vec::new(),
    })
    .expect("well formed")
}

/// Games of all kinds: ties, zeros, duplicate rows, huge and fractional payoffs, zero-sum.
fn random_game(random: &mut Random, largest: u64) -> NormalGame {
    let rows = 1 + random.below(largest) as usize;
    let columns = 1 + random.below(largest) as usize;
    let kind = random.below(7);
    let mut payoffs: Vec<Rational> = Vec::new();
    for cell in 0..rows * columns {
        for player in 0..2 {
            let number = match kind {
                0 => Rational::from(random.below(2) as i64),
                1 => Rational::from(random.below(3) as i64 - 1),
                2 => Rational::from(random.below(101) as i64),
                3 => Rational::parse(&format!("{}/{}", random.below(5), 1 + random.below(4)))
                    .expect("a fraction"),
                4 => Rational::parse(&format!("1000000000000000000{}", random.below(3)))
                    .expect("a number"),
                5 if player == 1 => -payoffs[2 * cell].clone(),
                _ => Rational::from(random.below(4) as i64),
            };
            payoffs.push(number);
        }
    }
    if kind == 6 && rows > 1 {
        let first: Vec<Rational> = payoffs[..2 * columns].to_vec();
        let from = payoffs.len() - 2 * columns;
        payoffs[from..].clone_from_slice(&first);
    }
    game(rows, columns, payoffs)
}

/// All extreme equilibria: every vertex of either best-reply polytope from every choice of tight constraints, then every pair.
fn brute_force(game: &NormalGame) -> BTreeSet<Profile> {
    let (rows, columns) = (game.sizes()[0], game.sizes()[1]);
    let positive = |player: usize| {
        let values: Vec<Rational> = (0..game.profiles())
            .map(|profile| game.payoffs_at(profile)[player].clone())
            .collect();
        let lowest = values.iter().min().expect("not empty").clone();
        values
            .into_iter()
            .map(|value| value - lowest.clone() + Rational::ONE)
            .collect::<Vec<_>>()
    };
    let (first, second) = (positive(0), positive(1));
    let of_row_player: Vec<Vec<Rational>> = (0..columns)
        .map(|column| {
            (0..rows)
                .map(|row| second[row * columns + column].clone())
                .collect()
        })
        .collect();
    let of_column_player: Vec<Vec<Rational>> = (0..rows)
        .map(|row| first[row * columns..(row + 1) * columns].to_vec())
        .collect();
    let mut equilibria = BTreeSet::new();
    let replies = vertices(&of_column_player, columns);
    for x in vertices(&of_row_player, rows) {
        for y in &replies {
            let row_fits =
                |row: usize| x[row].is_zero() || dot(&of_column_player[row], y) == Rational::ONE;
            let column_fits = |column: usize| {
                y[column].is_zero() || dot(&of_row_player[column], &x) == Rational::ONE
            };
            let zero = x.iter().all(Rational::is_zero);
            if !zero && (0..rows).all(row_fits) && (0..columns).all(column_fits) {
                equilibria.insert(vec![normalised(&x), normalised(y)]);
            }
        }
    }
    equilibria
}

fn dot(a: &[Rational], b: &[Rational]) -> Rational {
    a.iter()
        .zip(b)
        .fold(Rational::ZERO, |sum, (a, b)| sum + a * b)
}

fn normalised(weights: &[Rational]) -> Vec<Rational> {
    let total: Rational = weights.iter().sum();
    weights.iter().map(|weight| weight / &total).collect()
}

/// The vertices of `{ z ≥ 0 : M·z ≤ 1 }`.
fn vertices(matrix: &[Vec<Rational>], variables: usize) -> BTreeSet<Vec<Rational>> {
    let mut found = BTreeSet::new();
    for tight in 0u32..1 << (variables + matrix.len()) {
        if tight.count_ones() as usize != variables {
            continue;
        }
        let free: Vec<usize> = (0..variables)
            .filter(|variable| tight >> variable & 1 == 0)
            .collect();
        let equations = (0..matrix.len()).filter(|row| tight >> (variables + row) & 1 == 1);
        let system = equations
            .map(|row| {
                free.iter()
                    .map(|variable| matrix[row][*variable].clone())
                    .chain([Rational::ONE])
                    .collect()
            })
            .collect();
        let Some(solution) = solve(system) else {
            continue;
        };
        let mut point = vec![Rational::ZERO; variables];
        for (variable, value) in free.iter().zip(solution) {
            point[*variable] = value;
        }
        let inside = point.iter().all(|value| !value.is_negative())
            && matrix.iter().all(|row| dot(row, &point) <= Rational::ONE);
        if inside {
            found.insert(point);
        }
    }
    found
}

/// Gauss-Jordan; `None` for singular systems.
fn solve(mut system: Vec<Vec<Rational>>) -> Option<Vec<Rational>> {
    let size = system.len();
    for step in 0..size {
        let pivot = (step..size).find(|row| !system[*row][step].is_zero())?;
        system.swap(step, pivot);
        let divisor = system[step][step].clone();
        for entry in &mut system[step] {
            *entry = &*entry / &divisor;
        }
        for row in (0..size).filter(|row| *row != step) {
            let factor = system[row][step].clone();
            let pivot_row = system[step].clone();
            for (entry, pivot) in system[row].iter_mut().zip(&pivot_row) {
                *entry = &*entry - &(&factor * pivot);
            }
        }
    }
    Some(
        system
            .into_iter()
            .map(|mut row| row.pop().expect("the right-hand side"))
            .collect(),
    )
}

fn run(
    game: &NormalGame,
    most: Option<usize>,
    solver: fn(&NormalGame, &Search<'_>) -> Found,
) -> Found {
    let stop = AtomicBool::new(false);
    solver(
        game,
        &Search {
            most,
            ..Search::new(&stop)
        },
    )
}

fn profiles(found: &Found) -> BTreeSet<Profile> {
    assert!(
        found
            .equilibria
            .iter()
            .all(|equilibrium| equilibrium.regret.is_zero())
    );
    let profiles: BTreeSet<Profile> = found
        .equilibria
        .iter()
        .map(|equilibrium| equilibrium.strategies.clone())
        .collect();
    assert_eq!(
        profiles.len(),
        found.equilibria.len(),
        "no equilibrium is listed twice"
    );
    profiles
}

fn compare(seed: u64, games: usize, largest: u64) {
    let mut random = Random(seed);
    for number in 0..games {
        let game = random_game(&mut random, largest);
        let expected = brute_force(&game);
        let found = run(&game, None, enumerate);
        assert_eq!(
            profiles(&found),
            expected,
            "game {number} of seed {seed}: {game:?}"
        );
        assert!(found.complete, "game {number} of seed {seed}: {game:?}");
        let by_paths = profiles(&run(&game, None, lemke_howson));
        assert!(
            !by_paths.is_empty() && by_paths.is_subset(&expected),
            "game {number} of seed {seed}: {game:?}"
        );
        let in_pure = profiles(&run(&game, None, pure));
        let expected_pure: BTreeSet<Profile> = expected
            .into_iter()
            .filter(|profile| profile.iter().flatten().all(Rational::is_integer))
            .collect();
        assert_eq!(
            in_pure, expected_pure,
            "game {number} of seed {seed}: {game:?}"
        );
    }
}

#[test]
fn small_games_of_every_kind() {
    compare(0x5eed_0001, 3_000, 3);
}

#[test]
fn larger_games_of_every_kind() {
    compare(0x5eed_0002, 2_500, 4);
}

#[test]
fn crowded_games_of_five() {
    compare(0x5eed_0005, 250, 5);
}

#[test]
fn games_without_ties_have_an_odd_number() {
    let mut random = Random(0x5eed_0003);
    for size in 5..=9 {
        // Payoffs of 50 bits: a tie is less likely than a cosmic ray (Wilson 1971: generic games have an odd number).
        let payoffs = (0..2 * size * size)
            .map(|_| Rational::from(random.below(1 << 50) as i64))
            .collect();
        let found = run(&game(size, size, payoffs), None, enumerate);
        assert!(found.complete);
        assert_eq!(profiles(&found).len() % 2, 1, "{size}x{size}");
    }
}
