//! What the engine declares of its analyses, written into the operations that order them, so that it is never older than the engine.

use rookery_theory::analyses;
use rookery_theory::analysis::options::{OptionInfo, SOLVER};
use serde_json::{Map, Value, json};

/// Names the analyses, the solvers and all options where they can be given, and shows what a `config` looks like.
pub fn explain(document: &mut Value) {
    for operation in document["paths"]
        .as_object_mut()
        .into_iter()
        .flat_map(|paths| paths.values_mut())
        .filter_map(Value::as_object_mut)
        .flat_map(|item| item.values_mut())
    {
        let parameters = operation.get_mut("parameters");
        for parameter in parameters
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            match parameter["name"].as_str() {
                Some("plugin") => {
                    append(parameter, &plugins());
                    // Of the first order shown, so that parameter and body of the document make one.
                    parameter["example"] = json!(shown()[0].plugin);
                }
                Some("solver") => append(parameter, &solvers()),
                _ => {}
            }
        }
        if operation["operationId"] == "create_task" {
            operation["requestBody"]["content"]["application/json"]["examples"] = examples();
        }
    }
    let schemas = &mut document["components"]["schemas"];
    append(
        &mut schemas["TaskOptions"]["properties"]["config"],
        &options(),
    );
    append(
        &mut schemas["BatchedTask"]["properties"]["plugin"],
        &plugins(),
    );
}

fn append(described: &mut Value, more: &str) {
    let before = described["description"].as_str().unwrap_or_default();
    described["description"] = json!(format!("{before} {more}").trim_start());
}

fn plugins() -> String {
    format!(
        "One of {}.",
        quoted(analyses().iter().map(|info| info.name))
    )
}

fn solvers() -> String {
    let default = SOLVER.default();
    format!(
        "{}; `{}` unless said.",
        SOLVER.values(),
        default.as_str().unwrap_or_default()
    )
}

fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// Every option with the analyses that have it, as a list in Markdown.
fn options() -> String {
    let mut declared: Vec<(&OptionInfo, Vec<&str>)> = Vec::new();
    for info in analyses() {
        for option in info.options {
            match declared
                .iter_mut()
                .find(|(known, _)| std::ptr::eq(*known, *option))
            {
                Some((_, names)) => names.push(info.name),
                None => declared.push((option, vec![info.name])),
            }
        }
    }
    let lines = declared.into_iter().map(|(option, names)| {
        let default = match option.default() {
            Value::Null => String::new(),
            Value::String(default) => format!("; {default} unless said"),
            default => format!("; {default} unless said"),
        };
        format!(
            "\n- `{}` ({}{default}): {}. Of {}.",
            option.name,
            option.values(),
            option.description,
            quoted(names.into_iter())
        )
    });
    format!(
        "`GET /api/analyses` lists those of each analysis.\n{}",
        lines.collect::<String>()
    )
}

/// An order of an example game, to show its `config`.
struct Shown {
    plugin: &'static str,
    game: &'static str,
    config: Value,
}

fn shown() -> [Shown; 7] {
    let order = |plugin, game, config| Shown {
        plugin,
        game,
        config,
    };
    [
        order(
            "Nash Equilibrium",
            "battle-of-sexes",
            json!({ "solver": "pure", "max_equilibria": 2 }),
        ),
        order(
            "Verify Profile",
            "matching-pennies",
            json!({ "profile": {
                "Matcher": { "Heads": "1/2", "Tails": "1/2" },
                "Mismatcher": { "Heads": 0.5, "Tails": 0.5 },
            } }),
        ),
        order(
            "Best Response",
            "trust-game",
            json!({ "player": 0, "profile": { "n_bob": { "Honor": 0.25, "Betray": 0.75 } } }),
        ),
        order(
            "CFR Equilibrium",
            "signaling-game",
            json!({ "algorithm": "mccfr", "iterations": 5000, "seed": 7 }),
        ),
        order(
            "Replicator Dynamics",
            "stag-hunt",
            json!({ "time_steps": 500, "initial_population": [0.4, 0.6] }),
        ),
        order(
            "MAID Verify Profile",
            "prisoners-dilemma-maid",
            json!({ "profile": { "Row": { "D1": "Defect" }, "Column": { "D2": "Defect" } } }),
        ),
        order(
            "Value of Information",
            "signaling-game-maid",
            json!({ "decision": "Response", "observation": "Type" }),
        ),
    ]
}

fn examples() -> Value {
    let examples = shown().into_iter().zip(1..).map(|(order, number)| {
        let summary = format!("`{}` of `{}`", order.plugin, order.game);
        let example = json!({ "summary": summary, "value": { "config": order.config } });
        (format!("case_{number}"), example)
    });
    Value::Object(Map::from_iter(examples))
}

#[cfg(test)]
mod tests {
    use rookery_theory::Config;
    use rookery_theory::analysis::{check, find, fit};

    use super::*;

    #[test]
    fn the_orders_shown_would_be_accepted() {
        let games = rookery_theory::examples();
        for order in shown() {
            let game = games.iter().find(|game| game.id() == order.game);
            let game = game.unwrap_or_else(|| panic!("no example is called {}", order.game));
            let info = find(order.plugin).expect("it is an analysis");
            assert_eq!(fit(game, info), Ok(()), "{}", order.plugin);
            let config = Config::from_json(&order.config);
            let checked = config.and_then(|config| check(game, info, &config));
            assert_eq!(checked, Ok(()), "{}", order.plugin);
        }
    }

    #[test]
    fn an_author_of_clients_finds_every_analysis_and_every_option() {
        let document = super::super::spec();
        let submit = &document["paths"]["/api/tasks"]["post"];
        let body = &submit["requestBody"]["content"]["application/json"];
        assert_eq!(
            body["examples"].as_object().map(Map::len),
            Some(shown().len())
        );
        let parameters = submit["parameters"].as_array().expect("there are some");
        let plugin = parameters.iter().find(|one| one["name"] == "plugin");
        let names = plugin.map(|plugin| plugin["description"].to_string());
        let names = names.expect("the analysis is a parameter");
        let config = &document["components"]["schemas"]["TaskOptions"]["properties"]["config"]["description"];
        for info in analyses() {
            assert!(names.contains(&format!("`{}`", info.name)), "{}", info.name);
            for option in info.options {
                let quoted = format!("`{}`", option.name);
                assert!(config.to_string().contains(&quoted), "{}", option.name);
            }
        }
    }
}
