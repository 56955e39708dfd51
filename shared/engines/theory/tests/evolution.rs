//! Replicator Dynamics and Evolutionary Stability against closed forms and textbook games.

use std::sync::atomic::AtomicBool;

use rookery_theory::evolution::{
    Encounters, Selection, Stability, log_fixation, stability, stationary,
};
use rookery_theory::{
    AnalysisResult, Config, ConfigError, Control, Game, Limits, analyze, check, find, fit, parse,
};
use serde_json::{Value, json};

/// A symmetric game: the second player earns what the first would in the same place.
fn symmetric(labels: &[&str], payoffs: &[&[i64]]) -> Game {
    let quoted: Vec<String> = labels.iter().map(|label| format!("\"{label}\"")).collect();
    let names = quoted.join(" ");
    let mut text = format!(
        "NFG 1 R \"population\" {{ \"Row\" \"Column\" }} {{ {{ {names} }} {{ {names} }} }}"
    );
    for (column, met) in payoffs.iter().enumerate() {
        for (row, own) in payoffs.iter().enumerate() {
            text += &format!(" {} {}", own[column], met[row]);
        }
    }
    parse("population.nfg", text.as_bytes(), &Limits::default()).expect("well formed")
}

fn run(game: &Game, name: &str, config: Value) -> AnalysisResult {
    let stop = AtomicBool::new(false);
    let config = Config::from_json(&config).expect("a config");
    analyze(
        game,
        find(name).expect("an analysis"),
        &config,
        &Control::new(&stop),
    )
    .expect("a result")
}

fn encounters(game: &Game) -> Encounters {
    let Game::Normal(table) = game else {
        panic!("a normal form")
    };
    Encounters::of(table).expect("square")
}

fn close(value: &Value, expected: f64, tolerance: f64) {
    let value = value.as_f64().expect("a number");
    assert!(
        (value - expected).abs() <= tolerance,
        "{value} where {expected} is expected"
    );
}

fn dilemma() -> Game {
    symmetric(&["Cooperate", "Defect"], &[&[-1, -3], &[0, -2]])
}

fn hawks_and_doves() -> Game {
    // Maynard Smith 1982: V = 2, C = 4.
    symmetric(&["Hawk", "Dove"], &[&[-1, 2], &[0, 1]])
}

fn rock_paper_scissors() -> Game {
    symmetric(
        &["Rock", "Paper", "Scissors"],
        &[&[0, -1, 1], &[1, 0, -1], &[-1, 1, 0]],
    )
}

#[test]
fn replicator_has_the_shape_that_clients_know() {
    let result = run(&dilemma(), "Replicator Dynamics", json!({}));
    assert_eq!(result.summary, "Mixed equilibrium reached");
    let details = &result.details;
    assert_eq!(details["time_steps"], 100);
    assert_eq!(details["dt"], 0.01);
    assert_eq!(details["strategy_labels"], json!(["Cooperate", "Defect"]));
    assert_eq!(details["initial_state"], json!([0.5, 0.5]));
    let trajectory = details["trajectory"].as_array().expect("a list");
    assert_eq!(trajectory.len(), 101);
    assert_eq!(details["times"].as_array().map(Vec::len), Some(101));
    assert_eq!(details["times"][100], 1.0);
    assert_eq!(trajectory[100], details["final_state"]);
    // One Euler step by hand: the payoffs differ by 1 whoever is met, so x changes by 0.01 · 0.5 · 0.5.
    close(&trajectory[1][1], 0.5025, 1e-15);
}

#[test]
fn defection_grows_logistically() {
    // With a constant advantage of 1 the equation is dx/dt = x(1 - x): x(t) = 1 / (1 + exp(-t)) from one half.
    let config = json!({"time_steps": 50_000, "dt": 1e-4});
    let result = run(&dilemma(), "Replicator Dynamics", config);
    close(
        &result.details["final_state"][1],
        1.0 / (1.0 + (-5.0f64).exp()),
        1e-5,
    );
    assert_eq!(result.summary, "Converges to Defect");
    assert_eq!(result.details["at_rest"], false);
}

#[test]
fn hawks_and_doves_settle_where_both_earn_the_same() {
    let config =
        json!({"time_steps": 10_000, "dt": 0.1, "initial_population": {"Hawk": 1, "Dove": 99}});
    let result = run(&hawks_and_doves(), "Replicator Dynamics", config);
    close(&result.details["initial_state"][0], 0.01, 1e-15);
    close(&result.details["final_state"][0], 0.5, 1e-9);
    assert_eq!(result.details["at_rest"], true);
}

#[test]
fn shares_stay_shares_however_long_the_step() {
    let mut steps = 0;
    for dt in [0.01, 1.0, 10.0] {
        let config = json!({"time_steps": 2_000, "dt": dt, "initial_population": [0.5, 0.3, 0.2]});
        let result = run(&rock_paper_scissors(), "Replicator Dynamics", config);
        for state in result.details["trajectory"].as_array().expect("a list") {
            let shares: Vec<f64> = state
                .as_array()
                .expect("a state")
                .iter()
                .map(|share| share.as_f64().expect("a finite number"))
                .collect();
            assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)));
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            steps += 1;
        }
    }
    assert_eq!(steps, 3 * 2_001);
}

#[test]
fn long_trajectories_are_thinned_out() {
    let config = json!({"time_steps": 100_000});
    let result = run(&rock_paper_scissors(), "Replicator Dynamics", config);
    let trajectory = result.details["trajectory"].as_array().expect("a list");
    assert!(trajectory.len() < 70_000, "{}", trajectory.len());
    let every = result.details["every"].as_u64().expect("a number");
    assert_eq!(
        result.details["times"][1],
        json!(every as f64 * 0.01),
        "times say which steps were kept"
    );
    close(&result.details["final_state"][0], 1.0 / 3.0, 1e-12);
}

#[test]
fn bad_starts_are_named() {
    let info = find("Replicator Dynamics").expect("an analysis");
    for (given, what) in [
        (
            json!([1]),
            "initial_population has 1 entries for 2 strategies",
        ),
        (json!([1, -1]), "initial_population has the entry -1"),
        (
            json!({"Hawks": 1}),
            "initial_population names an unknown strategy: Hawks",
        ),
        (
            json!([0, 0]),
            "initial_population must have a positive, finite sum",
        ),
    ] {
        let config = Config::from_json(&json!({"initial_population": given})).expect("a config");
        let error: ConfigError = check(&hawks_and_doves(), info, &config).expect_err(what);
        assert_eq!(error.to_string(), what);
        assert_eq!(error.option.as_deref(), Some("initial_population"));
    }
}

#[test]
fn games_that_are_no_population_are_refused() {
    let text = r#"NFG 1 R "2x3" { "A" "B" } { 2 3 } 0 0 0 0 0 0 0 0 0 0 0 0"#;
    let game = parse("g.nfg", text.as_bytes(), &Limits::default()).expect("well formed");
    for name in ["Replicator Dynamics", "Evolutionary Stability"] {
        let why = fit(&game, find(name).expect("an analysis")).expect_err("not square");
        assert_eq!(
            why.to_string(),
            format!("{name} needs a square payoff matrix; this one is 2x3")
        );
    }
}

fn fixation(game: &Game, pair: (usize, usize), population: u64, intensity: f64) -> f64 {
    let selection = Selection {
        population,
        intensity,
    };
    let stop = AtomicBool::new(false);
    log_fixation(&encounters(game), pair, &selection, &stop).expect("not stopped")
}

#[test]
fn without_differences_the_chance_is_one_in_n() {
    let same = symmetric(&["A", "B"], &[&[7, 7], &[7, 7]]);
    for population in [2, 10, 1_000_000] {
        let expected = -(population as f64).ln();
        assert!((fixation(&same, (0, 1), population, 1.0) - expected).abs() < 1e-12);
        assert!((fixation(&dilemma(), (0, 1), population, 0.0) - expected).abs() < 1e-12);
    }
}

#[test]
fn a_constant_advantage_has_the_closed_form() {
    // ρ = (1 − exp(−s)) / (1 − exp(−N·s)) (Traulsen, Nowak, Pacheco 2006, for frequency-independent payoffs).
    let game = symmetric(&["A", "B"], &[&[1, 1], &[0, 0]]);
    for (population, intensity) in [(10u64, 0.1f64), (100, 0.01), (1000, 1.0)] {
        let advantage = intensity;
        let closed = |s: f64| ((1.0 - (-s).exp()) / (1.0 - (-(population as f64) * s).exp())).ln();
        let up = fixation(&game, (0, 1), population, intensity);
        assert!((up - closed(advantage)).abs() < 1e-9, "{up}");
        // Going down: exp(N·s) overflows where the logarithm does not.
        let down = fixation(&game, (1, 0), population, intensity);
        let ratio = -((population - 1) as f64) * advantage;
        assert!((down - up - ratio).abs() < 1e-7 * ratio.abs(), "{down}");
    }
}

#[test]
fn two_individuals_decide_by_one_comparison() {
    // N = 2: one mutant and one resident meet each other only, and the Fermi function decides.
    let game = symmetric(&["A", "B"], &[&[5, 1], &[3, 9]]);
    let expected = 1.0 / (1.0 + (-0.5f64 * (1.0 - 3.0)).exp());
    let found = fixation(&game, (0, 1), 2, 0.5).exp();
    assert!((found - expected).abs() < 1e-14, "{found}");
}

#[test]
fn equals_the_absorption_probability_of_the_chain() {
    // Stag hunt, N = 12: the birth and death chain solved as a linear system, by relaxation.
    let payoffs = [[4.0, 0.0], [3.0, 2.0]];
    let game = symmetric(&["Stag", "Hare"], &[&[4, 0], &[3, 2]]);
    let (population, intensity) = (12usize, 0.7f64);
    let mut chance = vec![0.0; population + 1];
    chance[population] = 1.0;
    for _ in 0..20_000 {
        for mutants in 1..population {
            let (i, n) = (mutants as f64, population as f64);
            let mutant = ((i - 1.0) * payoffs[0][0] + (n - i) * payoffs[0][1]) / (n - 1.0);
            let resident = (i * payoffs[1][0] + (n - i - 1.0) * payoffs[1][1]) / (n - 1.0);
            let up = 1.0 / (1.0 + (-intensity * (mutant - resident)).exp());
            let down = 1.0 - up;
            chance[mutants] = up * chance[mutants + 1] + down * chance[mutants - 1];
        }
    }
    let found = fixation(&game, (0, 1), population as u64, intensity).exp();
    assert!((found - chance[1]).abs() < 1e-12, "{found} {}", chance[1]);
}

#[test]
fn stationary_distributions_balance() {
    let stop = AtomicBool::new(false);
    let ln = |rates: [[f64; 3]; 3]| -> Vec<Vec<f64>> {
        rates
            .iter()
            .map(|row| row.iter().map(|rate| rate.ln()).collect())
            .collect()
    };
    let rates = [[0.0, 0.3, 0.2], [0.1, 0.0, 0.4], [0.5, 0.6, 0.0]];
    let shares = stationary(&ln(rates), &stop).expect("not stopped");
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-15);
    for state in 0..3 {
        let leaving = shares[state] * rates[state].iter().sum::<f64>();
        let arriving: f64 = (0..3).map(|from| shares[from] * rates[from][state]).sum();
        assert!((leaving - arriving).abs() < 1e-15);
    }
    // A thousand orders of magnitude apart: two states in proportion to their rates all the same.
    let far = vec![
        vec![f64::NEG_INFINITY, -2300.0],
        vec![-2301.0, f64::NEG_INFINITY],
    ];
    let shares = stationary(&far, &stop).expect("not stopped");
    assert!((shares[1] / shares[0] - 1.0f64.exp()).abs() < 1e-12);
}

#[test]
fn evolution_has_the_shape_that_clients_know() {
    let result = run(&dilemma(), "Evolutionary Stability", json!({}));
    assert_eq!(result.summary, "Defect dominates (100.0%)");
    let details = &result.details;
    assert_eq!(details["population_size"], 100);
    assert_eq!(details["mutation_rate"], 0.001);
    assert_eq!(details["intensity_of_selection"], 1.0);
    assert_eq!(details["strategy_labels"], json!(["Cooperate", "Defect"]));
    assert_eq!(details["ess"], json!(["Defect"]));
    let fixation = &details["fixation_probabilities"];
    // The defector's advantage is (N + 1)/(N − 1) at any mix: the closed form again.
    let s = 101.0f64 / 99.0;
    close(
        &fixation["Defect_invades_Cooperate"],
        1.0 - (-s).exp(),
        1e-12,
    );
    assert!(
        fixation["Cooperate_invades_Defect"]
            .as_f64()
            .is_some_and(|rare| rare > 0.0 && rare < 1e-40)
    );
    close(&details["stationary_distribution"]["Defect"], 1.0, 1e-12);
}

#[test]
fn a_cycle_spends_its_time_evenly() {
    let result = run(
        &rock_paper_scissors(),
        "Evolutionary Stability",
        json!({"population_size": 1000}),
    );
    assert_eq!(result.summary, "Mixed evolutionary stable state");
    for label in ["Rock", "Paper", "Scissors"] {
        close(
            &result.details["stationary_distribution"][label],
            1.0 / 3.0,
            1e-12,
        );
    }
    assert_eq!(result.details["ess"], json!([]));
}

#[test]
fn a_million_individuals_have_finite_results() {
    // The two invasions' probabilities are in the ratio exp(β·Σ advantages) (Traulsen, Nowak, Pacheco 2006); the hawks' advantages
    // (N + 2 − 2i)/(N − 1) over i = 1 … N − 1 sum to 2.
    let game = hawks_and_doves();
    for (population, intensity) in [(1_000, 1.0), (1_000_000, 1.0), (1_000_000, 1000.0)] {
        let up = fixation(&game, (0, 1), population, intensity);
        let down = fixation(&game, (1, 0), population, intensity);
        assert!(
            (up - down - 2.0 * intensity).abs() < 1e-6,
            "{population}, {intensity}: {up} {down}"
        );
    }
    let config = json!({"population_size": 1_000_000, "intensity_of_selection": 1000});
    let result = run(&game, "Evolutionary Stability", config);
    assert_eq!(result.summary, "Hawk dominates (100.0%)");
}

fn verdicts(game: &Game) -> Vec<Stability> {
    let encounters = encounters(game);
    (0..encounters.size())
        .map(|strategy| stability(&encounters, strategy))
        .collect()
}

#[test]
fn textbook_strategies_are_stable_or_not() {
    use Stability::{Stable, Unstable};
    // Maynard Smith 1982: Hawk is stable only where the prize is worth the fight.
    assert_eq!(verdicts(&hawks_and_doves()), [Unstable, Unstable]);
    let worth_it = symmetric(&["Hawk", "Dove"], &[&[1, 6], &[0, 3]]);
    assert_eq!(verdicts(&worth_it), [Stable, Unstable]);
    let bourgeois = symmetric(
        &["Hawk", "Dove", "Bourgeois"],
        &[&[-4, 8, 2], &[0, 4, 2], &[-2, 6, 4]],
    );
    assert_eq!(verdicts(&bourgeois), [Unstable, Unstable, Stable]);
    assert_eq!(verdicts(&rock_paper_scissors()), [Unstable; 3]);
    let coordination = symmetric(&["Left", "Right"], &[&[1, 0], &[0, 1]]);
    assert_eq!(verdicts(&coordination), [Stable, Stable]);
    // Tit for tat does not withstand drift to cooperation: neutral is not stable.
    let neutral = symmetric(&["TFT", "ALLC"], &[&[3, 3], &[3, 3]]);
    assert_eq!(verdicts(&neutral), [Unstable, Unstable]);
}

#[test]
fn mutants_that_fail_alone_may_invade_together() {
    // Each mutant earns -1 against itself, but 3 against the other: half of each earns 1 where the resident earns 0.
    let game = symmetric(&["R", "A", "B"], &[&[0, 0, 0], &[0, -1, 3], &[0, 3, -1]]);
    assert_eq!(verdicts(&game)[0], Stability::Unstable);
    // With 1/2 in place of 3 (all doubled) they earn (-1 + 1/2)/2 < 0 together.
    let game = symmetric(&["R", "A", "B"], &[&[0, 0, 0], &[0, -2, 1], &[0, 1, -2]]);
    assert_eq!(verdicts(&game)[0], Stability::Stable);
    // On the border, equal parts earn exactly as much as the resident: not stable.
    let game = symmetric(&["R", "A", "B"], &[&[0, 0, 0], &[0, -1, 1], &[0, 1, -1]]);
    assert_eq!(verdicts(&game)[0], Stability::Unstable);
}

#[test]
fn a_stopped_run_shows_what_it_has() {
    let stop = AtomicBool::new(true);
    let control = Control::new(&stop);
    let replicator = find("Replicator Dynamics").expect("an analysis");
    let result =
        analyze(&dilemma(), replicator, &Config::default(), &control).expect("the first state");
    assert_eq!(result.details["steps_done"], 0);
    assert_eq!(result.details["exhaustive"], false);
    let evolution = find("Evolutionary Stability").expect("an analysis");
    assert!(analyze(&dilemma(), evolution, &Config::default(), &control).is_err());
}
