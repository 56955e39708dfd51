//! Linear programs with known optima, degenerate ones among them, and properties that every optimum has.

use std::sync::atomic::AtomicBool;

use rookery_theory::Rational;
use rookery_theory::lp::{Problem, Range, Relation, Unsolvable, estimate, solve};

fn number(text: &str) -> Rational {
    Rational::parse(text).expect("a number")
}

/// Rows as `(relation, right, coefficients)`; all variables not negative.
fn program(costs: &[&str], rows: &[(Relation, &str, &[&str])]) -> Problem {
    let mut problem = Problem::default();
    for (relation, right, _) in rows {
        problem.add_row(*relation, number(right));
    }
    for (variable, cost) in costs.iter().enumerate() {
        let entries = rows
            .iter()
            .enumerate()
            .map(|(row, (_, _, coefficients))| (row as u32, number(coefficients[variable])))
            .collect();
        problem.add_variable(Range::NotNegative, number(cost), entries);
    }
    problem
}

fn optimum(problem: &Problem) -> Result<(String, Vec<String>), Unsolvable> {
    let stop = AtomicBool::new(false);
    let solution = solve(problem, None, &stop)?;
    let values = solution.values.iter().map(Rational::to_string).collect();
    Ok((solution.objective.to_string(), values))
}

use Relation::{AtMost, Equal};

#[test]
fn dantzigs_textbook_program() {
    // Chvatal (1983), Linear Programming, chapter 2: optimum 13 at (2, 0, 1).
    let problem = program(
        &["5", "4", "3"],
        &[
            (AtMost, "5", &["2", "3", "1"]),
            (AtMost, "11", &["4", "1", "2"]),
            (AtMost, "8", &["3", "4", "2"]),
        ],
    );
    let (objective, values) = optimum(&problem).expect("an optimum");
    assert_eq!(objective, "13");
    assert_eq!(values, ["2", "0", "1"]);
}

#[test]
fn beale_1955_does_not_cycle() {
    // The smallest program on which Dantzig's rule cycles; optimum 1/20 at (1/25, 0, 1, 0).
    let problem = program(
        &["0.75", "-150", "0.02", "-6"],
        &[
            (AtMost, "0", &["0.25", "-60", "-0.04", "9"]),
            (AtMost, "0", &["0.5", "-90", "-0.02", "3"]),
            (AtMost, "1", &["0", "0", "1", "0"]),
        ],
    );
    let (objective, values) = optimum(&problem).expect("an optimum");
    assert_eq!(objective, "1/20");
    assert_eq!(values, ["1/25", "0", "1", "0"]);
}

#[test]
fn klee_and_minty_1972_cube() {
    // Three dimensions, in the form of Chvatal (1983), chapter 4: optimum 10000 at (0, 0, 10000).
    let problem = program(
        &["100", "10", "1"],
        &[
            (AtMost, "1", &["1", "0", "0"]),
            (AtMost, "100", &["20", "1", "0"]),
            (AtMost, "10000", &["200", "20", "1"]),
        ],
    );
    assert_eq!(
        optimum(&problem).expect("an optimum"),
        (
            "10000".to_owned(),
            vec!["0".into(), "0".into(), "10000".into()]
        )
    );
}

#[test]
fn equations_need_a_first_phase() {
    // x + y = 1 and x − y = 1/3 have one solution.
    let problem = program(
        &["1", "2"],
        &[(Equal, "1", &["1", "1"]), (Equal, "1/3", &["1", "-1"])],
    );
    assert_eq!(
        optimum(&problem).expect("an optimum"),
        ("4/3".to_owned(), vec!["2/3".into(), "1/3".into()])
    );
}

#[test]
fn free_variables_take_negative_values() {
    // Maximise −x with x ≥ −7/2 free.
    let mut problem = Problem::default();
    problem.add_row(AtMost, number("7/2"));
    problem.add_variable(Range::Free, number("-1"), vec![(0, number("-1"))]);
    assert_eq!(
        optimum(&problem).expect("an optimum"),
        ("7/2".to_owned(), vec!["-7/2".into()])
    );
}

#[test]
fn tells_what_has_no_optimum() {
    let infeasible = program(&["1"], &[(AtMost, "-1", &["1"])]);
    assert_eq!(optimum(&infeasible), Err(Unsolvable::Infeasible));
    let unbounded = program(&["1", "0"], &[(AtMost, "1", &["1", "-1"])]);
    assert_eq!(optimum(&unbounded), Err(Unsolvable::Unbounded));
    let contradictory = program(
        &["1", "1"],
        &[(Equal, "1", &["1", "1"]), (Equal, "2", &["1", "1"])],
    );
    assert_eq!(optimum(&contradictory), Err(Unsolvable::Infeasible));
    let problem = program(&["1"], &[(AtMost, "1", &["1"])]);
    assert_eq!(
        solve(&problem, None, &AtomicBool::new(true)),
        Err(Unsolvable::Stopped)
    );
}

#[test]
fn keeps_numbers_that_doubles_cannot_tell_apart() {
    // Two bounds that differ in the thirtieth digit; the smaller one binds.
    let problem = program(
        &["1"],
        &[
            (AtMost, "1.000000000000000000000000000002", &["1"]),
            (AtMost, "1.000000000000000000000000000001", &["1"]),
        ],
    );
    let (objective, _) = optimum(&problem).expect("an optimum");
    assert_eq!(
        objective,
        "1000000000000000000000000000001/1000000000000000000000000000000"
    );
}

#[test]
fn numbers_beyond_doubles_are_solved_exactly() {
    let problem = program(
        &["1", "1"],
        &[
            (AtMost, "1e400", &["1", "2"]),
            (AtMost, "1e400", &["2", "1"]),
        ],
    );
    let (objective, _) = optimum(&problem).expect("an optimum");
    assert_eq!(objective, (number("2e400") * number("1/3")).to_string());
}

/// Numbers in `0..below`, by xorshift64*.
fn random(seed: u64) -> impl FnMut(u64) -> i64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move |below| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        ((state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below) as i64
    }
}

#[test]
fn optima_satisfy_both_programs_and_agree() {
    for seed in 0..200 {
        let mut next = random(seed);
        let (rows, columns) = (1 + next(8) as usize, 1 + next(8) as usize);
        let mut problem = Problem::default();
        let mut right = Vec::new();
        let mut relations = Vec::new();
        for _ in 0..rows {
            let relation = if next(3) == 0 { Equal } else { AtMost };
            // Zeros make many of them degenerate.
            let bound = Rational::from(next(3));
            problem.add_row(relation, bound.clone());
            right.push(bound);
            relations.push(relation);
        }
        let mut matrix = Vec::new();
        let mut costs = Vec::new();
        for _ in 0..columns {
            let entries: Vec<(u32, Rational)> = (0..rows as u32)
                .map(|row| (row, Rational::from(next(7) - 2)))
                .collect();
            let cost = Rational::from(next(9) - 4);
            problem.add_variable(Range::NotNegative, cost.clone(), entries.clone());
            matrix.push(entries);
            costs.push(cost);
        }
        let stop = AtomicBool::new(false);
        let Ok(solution) = solve(&problem, None, &stop) else {
            continue;
        };
        let mut left = vec![Rational::ZERO; rows];
        for (column, value) in matrix.iter().zip(&solution.values) {
            assert!(!value.is_negative());
            for (row, entry) in column {
                left[*row as usize] += &(entry * value);
            }
        }
        for row in 0..rows {
            match relations[row] {
                AtMost => assert!(left[row] <= right[row] && !solution.duals[row].is_negative()),
                Equal => assert_eq!(left[row], right[row]),
            }
        }
        for (column, cost) in matrix.iter().zip(&costs) {
            let price = column
                .iter()
                .map(|(row, entry)| entry * &solution.duals[*row as usize])
                .fold(Rational::ZERO, |sum, term| sum + term);
            assert!(price >= *cost, "seed {seed}");
        }
        let primal = costs
            .iter()
            .zip(&solution.values)
            .map(|(cost, value)| cost * value)
            .fold(Rational::ZERO, |sum, term| sum + term);
        let dual = right
            .iter()
            .zip(&solution.duals)
            .map(|(bound, dual)| bound * dual)
            .fold(Rational::ZERO, |sum, term| sum + term);
        assert_eq!(primal, solution.objective, "seed {seed}");
        assert_eq!(dual, solution.objective, "seed {seed}");
        if let Some(estimate) = estimate(&problem, None, &stop) {
            assert!((estimate.objective - solution.objective.to_f64()).abs() < 1e-6);
        }
    }
}
