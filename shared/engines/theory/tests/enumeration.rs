//! All equilibria of two-player games: the same whatever the threads, the interruptions and the attempts.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rookery_theory::Keeper;
use rookery_theory::game::{Meta, NormalGame, NormalParts};
use rookery_theory::rational::Rational;
use rookery_theory::solve::{
    Component, Equilibrium, Found, NashSubset, Search, components, enumerate,
};

/// Payoffs uniform in 0..=highest, by xorshift64*.
fn random_game(size: usize, highest: u64, seed: u64) -> NormalGame {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % (highest + 1)
    };
    let payoffs = (0..2 * size * size).map(|_| Rational::from(next() as i64));
    game(size, payoffs.collect())
}

fn game(size: usize, payoffs: Vec<Rational>) -> NormalGame {
    let labels = || (0..size).map(|number| number.to_string()).collect();
    NormalGame::try_from(NormalParts {
        maid_decision_to_player: Vec::new(),
        meta: Meta::default(),
        players: vec!["A".to_owned(), "B".to_owned()],
        strategies: vec![labels(), labels()],
        payoffs,
    })
    .expect("well formed")
}

/// Both players divide soldiers among three fields and fight for each; who wins more fields wins.
fn blotto(soldiers: i64) -> NormalGame {
    let plans: Vec<[i64; 3]> = (0..=soldiers)
        .flat_map(|a| (0..=soldiers - a).map(move |b| [a, b, soldiers - a - b]))
        .collect();
    let mut payoffs = Vec::new();
    for own in &plans {
        for other in &plans {
            let won: i64 = own.iter().zip(other).map(|(a, b)| (a - b).signum()).sum();
            payoffs.push(Rational::from(won.signum()));
            payoffs.push(Rational::from(-won.signum()));
        }
    }
    game(plans.len(), payoffs)
}

fn solve(game: &NormalGame) -> Found {
    let stop = AtomicBool::new(false);
    enumerate(game, &Search::new(&stop))
}

/// Keeps the state now and then, and ends the attempt after that.
struct Impatient<'a> {
    stop: &'a AtomicBool,
    asked: AtomicUsize,
    patience: usize,
    kept: Mutex<Option<Vec<u8>>>,
}

impl Keeper for Impatient<'_> {
    fn kept(&self) -> Option<Vec<u8>> {
        self.kept.lock().expect("unbroken").clone()
    }

    fn due(&self) -> bool {
        (self.asked.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(self.patience)
    }

    fn keep(&self, state: Vec<u8>) {
        *self.kept.lock().expect("unbroken") = Some(state);
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Runs the search in attempts that end after so many nodes each; the last result, and how many attempts it took.
fn in_attempts(game: &NormalGame, patience: usize, threads: usize) -> (Found, usize) {
    let mut state = None;
    for attempt in 1.. {
        let stop = AtomicBool::new(false);
        let keeper = Impatient {
            stop: &stop,
            asked: AtomicUsize::new(0),
            patience,
            kept: Mutex::new(state),
        };
        let search = Search {
            keeper: &keeper,
            threads: &|| threads,
            ..Search::new(&stop)
        };
        let found = enumerate(game, &search);
        if found.complete {
            return (found, attempt);
        }
        state = keeper.kept.into_inner().expect("unbroken");
        assert!(state.is_some() && attempt < 10_000, "attempts lead nowhere");
    }
    unreachable!("attempts end")
}

#[test]
fn two_threads_find_the_same_in_the_same_order() {
    for seed in 1..=6 {
        for (size, highest) in [(12, 100), (14, 100), (11, 2)] {
            let game = random_game(size, highest, seed);
            let stop = AtomicBool::new(false);
            let search = Search {
                threads: &|| 2,
                ..Search::new(&stop)
            };
            let found = enumerate(&game, &search);
            assert!(found.complete);
            assert_eq!(found, solve(&game), "{size} {highest} {seed}");
        }
    }
}

#[test]
fn threads_may_come_and_go() {
    let calls = AtomicUsize::new(0);
    let game = random_game(15, 100, 7);
    let stop = AtomicBool::new(false);
    let search = Search {
        threads: &|| 1 + calls.fetch_add(1, Ordering::Relaxed) / 7 % 3,
        ..Search::new(&stop)
    };
    assert_eq!(enumerate(&game, &search), solve(&game));
}

#[test]
fn an_interrupted_search_goes_on_where_it_was() {
    for threads in [1, 2] {
        for (patience, size, highest, seed) in [(1, 9, 2, 1), (3, 10, 100, 2), (40, 14, 100, 3)] {
            let game = random_game(size, highest, seed);
            let (found, attempts) = in_attempts(&game, patience, threads);
            assert!(attempts > 1, "{size} {highest} {seed}");
            assert_eq!(found, solve(&game), "{size} {highest} {seed}");
        }
    }
}

#[test]
fn a_state_of_another_game_is_left_alone() {
    let stop = AtomicBool::new(false);
    let keep = |game: &NormalGame, state: Option<Vec<u8>>| {
        let stop = AtomicBool::new(false);
        let keeper = Impatient {
            stop: &stop,
            asked: AtomicUsize::new(0),
            patience: if state.is_some() { usize::MAX } else { 10 },
            kept: Mutex::new(state),
        };
        let search = Search {
            keeper: &keeper,
            ..Search::new(&stop)
        };
        let found = enumerate(game, &search);
        (found, keeper.kept.into_inner().expect("unbroken"))
    };
    let (_, state) = keep(&random_game(12, 100, 1), None);
    let other = random_game(12, 100, 2);
    assert_eq!(keep(&other, state).0, solve(&other));
    let nonsense = Some(b"{\"version\":1}".to_vec());
    assert_eq!(
        keep(&other, nonsense).0,
        enumerate(&other, &Search::new(&stop))
    );
}

#[test]
fn degenerate_games_have_as_many_as_lrsnash_finds() {
    // Counts by lrsnash (lrslib 0.71b).
    for (game, count) in [(blotto(2), 9), (blotto(3), 9), (blotto(4), 36)] {
        let found = solve(&game);
        assert!(found.complete);
        assert_eq!(found.equilibria.len(), count);
    }
}

#[test]
fn the_square_of_the_extreme_strategies_solves_a_zero_sum_game() {
    // In a zero-sum game every optimal strategy goes with every other (von Neumann 1928); 21 plans each.
    let found = solve(&blotto(5));
    let side = |player: usize| -> BTreeSet<Vec<Rational>> {
        let mixtures = found.equilibria.iter();
        mixtures
            .map(|equilibrium| equilibrium.strategies[player].clone())
            .collect()
    };
    assert!(found.complete);
    assert_eq!(found.equilibria.len(), side(0).len() * side(1).len());
    assert_eq!(side(0), side(1));
    assert!(found.equilibria.iter().all(|one| one.payoffs[0].is_zero()));
}

#[test]
fn coordination_has_every_support_and_more_than_a_list_holds_is_cut() {
    let coordination = |size: usize| {
        let cell = |cell: usize| Rational::from(i64::from(cell / 2 / size == cell / 2 % size));
        game(size, (0..2 * size * size).map(cell).collect())
    };
    let found = solve(&coordination(8));
    assert!(found.complete);
    assert_eq!(found.equilibria.len(), (1 << 8) - 1);
    let found = solve(&coordination(28));
    assert!(!found.complete);
    assert!(found.equilibria.len() >= 28);
    assert!(
        found
            .equilibria
            .iter()
            .all(|one: &Equilibrium| one.regret.is_zero())
    );
}

fn bimatrix(rows: usize, first: &[i64], second: &[i64]) -> NormalGame {
    let columns = first.len() / rows;
    let labels = |count: usize| (0..count).map(|number| number.to_string()).collect();
    let cells = first.iter().zip(second).flat_map(|(a, b)| [*a, *b]);
    NormalGame::try_from(NormalParts {
        maid_decision_to_player: Vec::new(),
        meta: Meta::default(),
        players: vec!["A".to_owned(), "B".to_owned()],
        strategies: vec![labels(rows), labels(columns)],
        payoffs: cells.map(Rational::from).collect(),
    })
    .expect("well formed")
}

fn components_of(game: &NormalGame) -> (Found, Vec<Component>) {
    let found = solve(game);
    assert!(found.complete);
    let components = components(game, &found.equilibria, &|| false);
    let mut members: Vec<usize> = components
        .iter()
        .flat_map(|component| component.equilibria.clone())
        .collect();
    members.sort_unstable();
    assert_eq!(members, (0..found.equilibria.len()).collect::<Vec<_>>());
    (found, components)
}

#[test]
fn indices_sum_to_one() {
    // Shapley (1974); pure equilibria that are strict have index 1.
    for seed in 1..=30 {
        let size = 3 + seed as usize % 7;
        let game = random_game(size, 1 << 40, seed);
        let (found, components) = components_of(&game);
        let indices = components.iter().map(|component| component.index);
        let sum: i32 = indices
            .map(|index| i32::from(index.expect("no ties")))
            .sum();
        assert_eq!(sum, 1, "seed {seed}");
        for component in &components {
            let [only] = component.equilibria[..] else {
                panic!("no ties, no continua: seed {seed}");
            };
            let mut shares = found.equilibria[only].strategies.iter().flatten();
            if shares.all(Rational::is_integer) {
                assert_eq!(component.index, Some(1));
            }
        }
    }
}

#[test]
fn nash_subsets_that_overlap_make_one_component() {
    // The column player does not care. T is best where L is at least as likely as R, B where R is at least as likely as L: T goes with
    // L, C and ½L + ½R, B with R, C and ½L + ½R, and both with C and ½L + ½R.
    let game = bimatrix(2, &[1, 0, 0, 0, 0, 1], &[0; 6]);
    let (found, components) = components_of(&game);
    assert_eq!(found.equilibria.len(), 6);
    let [component] = &components[..] else {
        panic!("one component: {components:?}");
    };
    assert_eq!(component.index, None);
    let subsets = component.subsets.as_ref().expect("few");
    let mut sizes: Vec<(usize, usize)> = subsets
        .iter()
        .map(|subset| (subset.rows.len(), subset.columns.len()))
        .collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [(1, 3), (1, 3), (2, 2)]);
    // Every mix within a subset is an equilibrium: so are its corners.
    for subset in subsets {
        for row in &subset.rows {
            for column in &subset.columns {
                let x = &found.equilibria[*row].strategies[0];
                let y = &found.equilibria[*column].strategies[1];
                let together =
                    |one: &&Equilibrium| one.strategies[0] == *x && one.strategies[1] == *y;
                assert!(found.equilibria.iter().any(|one| together(&one)));
            }
        }
    }
}

#[test]
fn the_trust_game_has_a_segment_of_equilibria() {
    // Not trusting, against betrayal with at least 1/2 (Kreps 1990).
    let (found, components) = components_of(&bimatrix(2, &[0, 0, -1, 1], &[0, 0, 2, 1]));
    assert_eq!(found.equilibria.len(), 2);
    assert_eq!(components.len(), 1);
    let subset = NashSubset {
        rows: vec![0],
        columns: vec![0, 1],
    };
    assert_eq!(components[0].subsets, Some(vec![subset]));
}
