//! Every analysis against every nasty game: no panic, an end soon after the stop flag is raised, and no giant result.

#[expect(dead_code, reason = "other tests run analyses on diagrams")]
mod diagrams;
mod nasty;
#[expect(dead_code, reason = "other tests play Kuhn poker")]
mod poker;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rookery_theory::game::{Format, PlayerId};
use rookery_theory::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, Game, analyses, analyze, check,
    convert, fit,
};
use serde_json::{Map, Value, json};

/// How long a run goes on before it is stopped.
const PATIENCE: Duration = Duration::from_millis(20);
/// What clients are promised is 50 ms; a loaded machine with tests beside each other gets more, and JSON is slow when not optimised.
const MOST_LAG: Duration = Duration::from_secs(5);
/// Bytes of a result as JSON.
const MOST_JSON: usize = 20_000_000;

/// Tables with more profiles than this are not unfolded to trees, which takes long enough without anything to stop.
const MOST_UNFOLDED: usize = 100_000;

#[test]
fn whatever_runs_can_be_stopped_and_shown() {
    let mut worst = Duration::ZERO;
    for (name, game) in nasty::games() {
        for info in analyses() {
            if unfolds_a_large_table(info, &game) || fit(&game, info).is_err() {
                continue;
            }
            for config in configs(info, &game) {
                let what = format!("{name}: {} {}", info.name, head(&config));
                let config = Config::from_json(&config).expect("options that exist");
                if check(&game, info, &config).is_err() {
                    continue;
                }
                let (result, lag) = stopped_after(PATIENCE, &game, info, &config);
                let size = match &result {
                    Ok(result) => size(result),
                    Err(
                        AnalysisError::Stopped
                        | AnalysisError::Unfit(_)
                        | AnalysisError::TooLarge(_),
                    ) => 0,
                    Err(error) => panic!("{what}: {error}"),
                };
                if lag > Duration::from_millis(50) || size > MOST_JSON / 10 {
                    println!("{what}: {} ms, {} kB", lag.as_millis(), size / 1_000);
                }
                assert!(lag < MOST_LAG, "{what}: stopped after {lag:?}");
                assert!(size < MOST_JSON, "{what}: {size} bytes of JSON");
                worst = worst.max(lag);
            }
        }
    }
    println!("worst lag {} ms", worst.as_millis());
}

fn unfolds_a_large_table(info: &AnalysisInfo, game: &Game) -> bool {
    match game {
        Game::Normal(table) => {
            table.profiles() > MOST_UNFOLDED && !info.applicable_to.contains(&Format::Normal)
        }
        _ => false,
    }
}

/// Few strategies of a deep tree can have very many choices each: they are counted before they are listed.
#[test]
fn strategies_that_do_not_fit_into_memory_are_refused() {
    let game = nasty::one_player(16);
    let info = analyses()
        .iter()
        .find(|info| info.name == "Dominance")
        .expect("an analysis");
    let refusal = fit(&game, info).expect_err("65,536 strategies of 65,535 choices");
    assert_eq!(
        refusal.to_string(),
        "the strategies of player 1 of this game list 4294901760 choices together; at most 1048576 are allowed"
    );
}

/// The probabilities of a hundred thousand tosses of a coin have as many digits each.
#[test]
fn profiles_that_do_not_fit_into_memory_are_refused() {
    let game = nasty::centipede(100_000);
    let info = analyses()
        .iter()
        .find(|info| info.name == "Verify Profile")
        .expect("an analysis");
    let config = json!({"profile": profile(&game, Play::Uniform)});
    let config = Config::from_json(&config).expect("options that exist");
    let refusal = check(&game, info, &config).expect_err("too long");
    assert_eq!(refusal.option.as_deref(), Some("profile"));
}

fn head(config: &Value) -> String {
    config.to_string().chars().take(60).collect()
}

/// The defaults, and every choice of algorithm or solver; with a profile where one is needed.
fn configs(info: &AnalysisInfo, game: &Game) -> Vec<Value> {
    let mut configs = Vec::new();
    match info.name {
        "Nash Equilibrium" => {
            let solvers = [
                "exhaustive",
                "quick",
                "pure",
                "logit",
                "approximate",
                "lp",
                "lcp",
                "liap",
            ];
            configs.extend(solvers.map(|solver| json!({"solver": solver})));
        }
        "CFR Equilibrium" if matches!(game, Game::Extensive(_)) => {
            let algorithms = ["cfr", "cfr+", "mccfr", "dcfr", "pcfr+"];
            configs.extend(algorithms.map(|algorithm| json!({"algorithm": algorithm})));
        }
        "MAID Nash Equilibrium" | "MAID Subgame Perfect Equilibrium" => {
            configs.extend(["pure", "mixed"].map(|solver| json!({"solver": solver})));
        }
        "Verify Profile" => {
            configs.push(json!({"profile": profile(game, Play::First)}));
        }
        "MAID Verify Profile" => {
            let Some(Game::Maid(diagram)) = diagram_of(game) else {
                return configs;
            };
            let rule = |node: usize| {
                let node = &diagram.nodes()[node];
                (node.id.clone(), json!(node.domain[0]))
            };
            let rules: Map<String, Value> = diagram.decisions().into_iter().map(rule).collect();
            configs.push(json!({"profile": rules}));
        }
        "Value of Information" | "Value of Control" => {
            let Some(Game::Maid(diagram)) = diagram_of(game) else {
                return configs;
            };
            let name = match info.name {
                "Value of Control" => "variable",
                _ => "observation",
            };
            let decision = diagram
                .decisions()
                .last()
                .map(|node| &diagram.nodes()[*node].id);
            let ids = diagram.nodes().iter().map(|node| &node.id);
            let suits = |config: &Value| {
                Config::from_json(config).is_ok_and(|config| check(game, info, &config).is_ok())
            };
            configs.extend(
                ids.map(|id| json!({"decision": decision, name: id}))
                    .find(suits),
            );
        }
        _ => configs.push(json!({})),
    }
    configs
}

/// The diagram that diagrams' analyses make of the game.
fn diagram_of(game: &Game) -> Option<Game> {
    convert(game, Format::Maid).ok()
}

#[derive(Clone, Copy)]
enum Play {
    First,
    Uniform,
}

/// Everybody's first choice, or each equally often, everywhere.
fn profile(game: &Game, play: Play) -> Value {
    let game = match game {
        Game::Maid(_) | Game::Vegas(_) => convert(game, Format::Extensive).expect("it fits"),
        other => other.clone(),
    };
    let mixture = |labels: &[&str]| -> Value {
        let shares = labels.iter().enumerate().map(|(number, label)| {
            let share = match play {
                Play::First => json!(usize::from(number == 0)),
                Play::Uniform => json!(format!("1/{}", labels.len())),
            };
            ((*label).to_owned(), share)
        });
        Value::Object(shares.collect())
    };
    let of = |player: usize| -> Value {
        match &game {
            Game::Normal(table) => {
                let labels: Vec<&str> = table.strategies()[player]
                    .iter()
                    .map(String::as_str)
                    .collect();
                mixture(&labels)
            }
            Game::Extensive(tree) => {
                let sets = tree.infosets_of(PlayerId::new(player)).into_iter();
                let shares = sets.map(|set| {
                    let labels: Vec<&str> = tree
                        .actions(set)
                        .iter()
                        .map(|action| action.label.as_str())
                        .collect();
                    (
                        tree.node(tree.members(set)[0]).id.to_string(),
                        mixture(&labels),
                    )
                });
                Value::Object(shares.collect())
            }
            _ => json!({}),
        }
    };
    let players = game.players().iter().enumerate();
    Value::Object(
        players
            .map(|(number, name)| (name.clone(), of(number)))
            .collect(),
    )
}

/// The result, and how long after the flag was raised it came.
#[expect(clippy::disallowed_methods, reason = "the lag is what is tested")]
fn stopped_after(
    patience: Duration,
    game: &Game,
    info: &AnalysisInfo,
    config: &Config,
) -> (Result<AnalysisResult, AnalysisError>, Duration) {
    let stop = AtomicBool::new(false);
    let (over, is_over) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let stop = &stop;
        let stopper = scope.spawn(move || {
            // Waits for the end of the run, but not longer than this.
            let _ = is_over.recv_timeout(patience);
            let raised = Instant::now();
            stop.store(true, Ordering::Relaxed);
            let _ = is_over.recv();
            raised
        });
        let result = analyze(game, info, config, &Control::new(stop));
        let ended = Instant::now();
        drop(over);
        let raised = stopper.join().expect("it only waits");
        (result, ended.saturating_duration_since(raised))
    })
}

fn size(result: &AnalysisResult) -> usize {
    serde_json::to_vec(result).map_or(usize::MAX, |text| text.len())
}
