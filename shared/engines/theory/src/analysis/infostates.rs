//! Behaviour by information set as clients see it: `{information set: {action: probability}}`.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::options::PROFILE;
use super::{Config, ConfigError, Control};
use crate::cfr::{Behaviour, Flat};
use crate::game::{ExtensiveGame, InfosetId};
use crate::rational::Rational;

/// How far the probabilities of a set may be from adding up to 1: what is written in decimals is rarely exact.
const TOLERANCE: f64 = 1e-6;

/// Most probabilities that a result lists: clients get them as text, and each is stored.
const MOST_LISTED: usize = 200_000;
/// Most of them when the run is to end within 50 ms.
const MOST_WHEN_STOPPED: usize = 20_000;

/// A key for each of the first information sets: its id, or that of its first node. Where one name serves two sets, the later
/// ones carry their player's name and if need be a number.
fn keys(game: &ExtensiveGame, first: usize) -> Vec<String> {
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
    (0..first).map(key).collect()
}

/// Behaviour at the first information sets of a game: at all of them, unless they are very many.
pub struct Listing<'a> {
    game: &'a ExtensiveGame,
    flat: &'a Flat,
    keys: Vec<String>,
}

impl<'a> Listing<'a> {
    pub fn new(game: &'a ExtensiveGame, flat: &'a Flat, control: &Control<'_>) -> Listing<'a> {
        let most = match control.stopped() {
            true => MOST_WHEN_STOPPED,
            false => MOST_LISTED,
        };
        let mut listed = 0;
        let sets = (0..game.infosets().len()).take_while(|set| {
            listed += game.actions(InfosetId::new(*set)).len();
            listed <= most
        });
        Listing {
            game,
            flat,
            keys: keys(game, sets.count()),
        }
    }

    /// Adds what everybody does, as doubles.
    pub fn add(&self, details: &mut Map<String, Value>, behaviour: &Behaviour) {
        let players = behaviour.0.iter().enumerate();
        let strategy = players.flat_map(|(player, behaviour)| self.of(player, behaviour));
        self.insert(details, strategy.collect());
    }

    /// Adds what one player does, as doubles.
    pub fn add_one(&self, details: &mut Map<String, Value>, player: usize, behaviour: &[f64]) {
        self.insert(details, self.of(player, behaviour).collect());
    }

    fn insert(&self, details: &mut Map<String, Value>, strategy: Map<String, Value>) {
        details.insert("strategy".to_owned(), Value::Object(strategy));
        let (listed, all) = (self.keys.len(), self.game.infosets().len());
        if listed < all {
            let what = format!("only the first {listed} of {all} information sets are listed");
            details.insert("strategy_note".to_owned(), json!(what));
        }
    }

    /// Each of the player's information sets with `{action: probability}`.
    fn of<'b>(
        &'b self,
        player: usize,
        behaviour: &'b [f64],
    ) -> impl Iterator<Item = (String, Value)> + 'b {
        let sets = self.flat.sets[player].iter().enumerate();
        sets.filter_map(move |(place, set)| {
            let key = self.keys.get(set.index())?;
            let labels = self.game.actions(*set).iter();
            let shares = &behaviour[self.flat.sequences[player].of(place)];
            let actions: Map<String, Value> = labels
                .zip(shares)
                .map(|(action, share)| (action.label.to_string(), json!(share)))
                .collect();
            Some((key.clone(), Value::Object(actions)))
        })
    }
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
    let keys = keys(game, game.infosets().len());
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
