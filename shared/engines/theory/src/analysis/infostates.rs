//! Behaviour by information set as clients see it: `{information set: {action: probability}}`.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::options::PROFILE;
use super::{Config, ConfigError};
use crate::cfr::{Behaviour, Flat};
use crate::game::{ExtensiveGame, InfosetId};
use crate::rational::Rational;

/// How far the probabilities of a set may be from adding up to 1: what is written in decimals is rarely exact.
const TOLERANCE: f64 = 1e-6;

/// A key for each information set: its id, or that of its first node. Where one name serves two sets, the later
/// ones carry their player's name and if need be a number.
pub fn keys(game: &ExtensiveGame) -> Vec<String> {
    let mut used: HashMap<String, usize> = HashMap::new();
    let key = |set: usize| {
        let set = InfosetId::new(set);
        let named = game.infoset(set);
        let plain = named.id.as_ref().map_or_else(
            || game.node(game.members(set)[0]).id.to_string(),
            ToString::to_string,
        );
        let owned = || format!("{}:{plain}", game.players()[named.player.index()]);
        let mut key = plain.clone();
        if used.contains_key(&key) {
            key = owned();
        }
        while let Some(times) = used.get_mut(&key) {
            *times += 1;
            key = format!("{}#{times}", owned());
        }
        used.insert(key.clone(), 1);
        key
    };
    (0..game.infosets().len()).map(key).collect()
}

/// What everybody does, as doubles.
pub fn shown(game: &ExtensiveGame, flat: &Flat, behaviour: &Behaviour) -> Value {
    let keys = keys(game);
    let of = |(player, behaviour): (usize, &Vec<f64>)| {
        by_set(game, flat, player, behaviour)
            .map(|(set, actions)| (keys[set.index()].clone(), actions))
            .collect::<Vec<_>>()
    };
    Value::Object(behaviour.0.iter().enumerate().flat_map(of).collect())
}

/// What one player does, as doubles.
pub fn shown_for(game: &ExtensiveGame, flat: &Flat, player: usize, behaviour: &[f64]) -> Value {
    let keys = keys(game);
    Value::Object(
        by_set(game, flat, player, behaviour)
            .map(|(set, actions)| (keys[set.index()].clone(), actions))
            .collect(),
    )
}

/// Each of a player's information sets with `{action: probability}`.
fn by_set<'a>(
    game: &'a ExtensiveGame,
    flat: &'a Flat,
    player: usize,
    behaviour: &'a [f64],
) -> impl Iterator<Item = (InfosetId, Value)> + 'a {
    let sets = flat.sets[player].iter().enumerate();
    sets.map(move |(place, set)| {
        let labels = game.actions(*set).iter().map(|action| &action.label);
        let shares = &behaviour[flat.sequences[player].of(place)];
        let actions: Map<String, Value> = labels
            .zip(shares)
            .map(|(label, share)| (label.to_string(), json!(share)))
            .collect();
        (*set, Value::Object(actions))
    })
}

/// The play that the option `profile` describes, exactly, by information set; uniform at sets that it leaves out and throughout
/// when it is not given. Numbers are read as the decimals they are written as, texts as fractions.
pub fn given(game: &ExtensiveGame, config: &Config) -> Result<Vec<Vec<Rational>>, ConfigError> {
    let mut play: Vec<Vec<Rational>> = (0..game.infosets().len())
        .map(|set| {
            let actions = game.actions(InfosetId::new(set)).len();
            vec![Rational::ONE / Rational::from(actions as i64); actions]
        })
        .collect();
    let Some(Value::Object(profile)) = config.get(&PROFILE) else {
        return Ok(play);
    };
    let keys = keys(game);
    let sets: HashMap<&str, usize> = keys
        .iter()
        .enumerate()
        .map(|(set, key)| (key.as_str(), set))
        .collect();
    for (key, actions) in profile {
        let set = *sets
            .get(key.as_str())
            .ok_or_else(|| refused(format!("profile: there is no information set '{key}'")))?;
        if let Value::Object(actions) = actions {
            play[set] = mixture(game, InfosetId::new(set), actions)
                .map_err(|what| refused(format!("profile: information set '{key}': {what}")))?;
        }
    }
    Ok(play)
}

/// One information set's probabilities; actions left out have probability 0. Scaled so that they add up to 1 exactly.
fn mixture(
    game: &ExtensiveGame,
    set: InfosetId,
    given: &Map<String, Value>,
) -> Result<Vec<Rational>, String> {
    let actions = game.actions(set);
    let mut shares = vec![Rational::ZERO; actions.len()];
    for (label, value) in given {
        let place = actions
            .iter()
            .position(|action| action.label.as_str() == label)
            .ok_or_else(|| format!("there is no action '{label}'"))?;
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err(format!("the probability of '{label}' is not a number")),
        };
        let share = Rational::parse(&text)
            .map_err(|error| format!("the probability of '{label}' {error}"))?;
        if share.is_negative() {
            return Err(format!("the probability of '{label}' is negative"));
        }
        shares[place] = share;
    }
    let total: Rational = shares.iter().sum();
    if (total.to_f64() - 1.0).abs() > TOLERANCE {
        return Err(format!(
            "the probabilities add up to {}, not to 1",
            total.to_f64()
        ));
    }
    Ok(shares.iter().map(|share| share / &total).collect())
}

/// The same play in doubles.
pub fn in_doubles(flat: &Flat, play: &[Vec<Rational>]) -> Behaviour {
    let of = flat.sets.iter().map(|sets| {
        let shares = sets.iter().flat_map(|set| &play[set.index()]);
        std::iter::once(1.0)
            .chain(shares.map(Rational::to_f64))
            .collect()
    });
    Behaviour(of.collect())
}

fn refused(what: String) -> ConfigError {
    ConfigError {
        option: Some(PROFILE.name.to_owned()),
        what,
    }
}
