//! Reading a strategy profile that a client gives: mixed strategies, or behaviour strategies of a tree.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Config, ConfigError, has_normal_form, options};
use crate::convert::{Plans, Reduction};
use crate::game::{ExtensiveGame, Game, InfosetId, PlayerId};
use crate::rational::Rational;
use crate::tree::Behaviour;

/// A profile, probabilities exact and summing to one.
pub enum Profile {
    /// By player the probability of each strategy of the (reduced) normal form.
    Mixed(Vec<Vec<Rational>>),
    Behaviour(Behaviour),
}

/// How far from one the probabilities of a mixture may sum: what rounded decimals need. They are scaled to sum to one exactly.
const SLACK: &str = "1e-9";

/// Most full plans among which a strategy's name is looked up when no reduced plan has it.
const MOST_PLANS: u128 = 10_000;
/// Most choices that these may list together.
const MOST_CHOICES: u128 = 1 << 20;

/// `{player: {strategy: probability}}`, strategies that are left out having none; or in a tree
/// `{player: {information set: {action: probability}}}`, where a set is called by its own id, or by the id or label of any of its nodes.
/// Probabilities are numbers or texts like `"1/3"`. Who has no choice may be left out.
pub fn read(game: &Game, config: &Config) -> Result<Profile, ConfigError> {
    let Some(given) = config.get(&options::PROFILE).and_then(Value::as_object) else {
        return wrong("Profile verification requires a 'profile' in config".to_owned());
    };
    if let Some(name) = given.keys().find(|name| !game.players().contains(name)) {
        return wrong(format!("profile names an unknown player: {name}"));
    }
    let mixtures = given.values().filter_map(Value::as_object);
    let behaves = mixtures.flat_map(Map::values).any(Value::is_object);
    match game {
        Game::Extensive(tree) if behaves => behaviour(tree, given).map(Profile::Behaviour),
        _ => mixed(game, given).map(Profile::Mixed),
    }
}

fn wrong<T>(what: String) -> Result<T, ConfigError> {
    Err(ConfigError {
        option: Some(options::PROFILE.name.to_owned()),
        what,
    })
}

fn mixed(game: &Game, given: &Map<String, Value>) -> Result<Vec<Vec<Rational>>, ConfigError> {
    if let Err(why) = has_normal_form(game) {
        return wrong(format!(
            "{why}: give the profile by information set and action"
        ));
    }
    let players = game.players().iter().enumerate();
    players
        .map(|(number, player)| {
            let names = Names::of(game, number);
            let given = given.get(player).and_then(Value::as_object);
            let whose = format!("player '{player}'");
            mixture(&whose, names.count(), given, |name| names.find(name))
        })
        .collect()
}

/// A player's strategies by name.
struct Names<'g> {
    /// The tree and the player's reduced plans in it.
    plans: Option<(&'g ExtensiveGame, PlayerId, Plans)>,
    places: HashMap<String, usize>,
}

impl Names<'_> {
    fn of(game: &Game, player: usize) -> Names<'_> {
        let numbered = |labels: Vec<String>| labels.into_iter().zip(0..).collect();
        match game {
            Game::Extensive(tree) => {
                let player = PlayerId::new(player);
                let plans = Plans::of(tree, player, Reduction::Reduced);
                Names {
                    places: numbered(plans.labels(tree)),
                    plans: Some((tree, player, plans)),
                }
            }
            Game::Normal(table) => Names {
                places: numbered(table.strategies()[player].clone()),
                plans: None,
            },
            _ => Names {
                places: HashMap::new(),
                plans: None,
            },
        }
    }

    fn count(&self) -> usize {
        self.places.len()
    }

    /// The strategy of this name, or the reduced plan that a full plan of this name comes to.
    fn find(&self, name: &str) -> Option<usize> {
        if let Some(place) = self.places.get(name) {
            return Some(*place);
        }
        let (tree, player, reduced) = self.plans.as_ref()?;
        let plans = Plans::count(tree, *player, Reduction::Full);
        if plans > MOST_PLANS || plans * tree.infosets().len() as u128 > MOST_CHOICES {
            return None;
        }
        let full = Plans::of(tree, *player, Reduction::Full);
        let place = full.labels(tree).iter().position(|label| label == name)?;
        let agrees = |plan: &Vec<Option<usize>>| {
            let pairs = plan.iter().zip(&full.plans[place]);
            pairs
                .into_iter()
                .all(|(one, all)| one.is_none() || one == all)
        };
        reduced.plans.iter().position(agrees)
    }
}

fn behaviour(tree: &ExtensiveGame, given: &Map<String, Value>) -> Result<Behaviour, ConfigError> {
    if let Some(set) = tree.forgetful_infosets().first() {
        let player = &tree.players()[tree.infoset(*set).player.index()];
        return wrong(format!(
            "player '{player}' has imperfect recall: give the profile by strategies"
        ));
    }
    let mut behaviour: Vec<Option<Vec<Rational>>> = vec![None; tree.infosets().len()];
    let names = set_names(tree);
    for (number, player) in tree.players().iter().enumerate() {
        let number = PlayerId::new(number);
        for (name, actions) in given
            .get(player)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let Some(set) = names.get(&(number, name.clone())) else {
                return wrong(format!(
                    "profile names an unknown information set of player '{player}': {name}"
                ));
            };
            let Some(actions) = actions.as_object() else {
                return wrong(format!(
                    "profile must give information set '{name}' of player '{player}' an object of probabilities"
                ));
            };
            behaviour[set.index()] = Some(at(tree, *set, Some(actions))?);
        }
    }
    let sets = (0..tree.infosets().len()).map(InfosetId::new);
    behaviour
        .into_iter()
        .zip(sets)
        .map(|(actions, set)| actions.map_or_else(|| at(tree, set, None), Ok))
        .collect()
}

/// What information sets are called: by the labels of their nodes where that tells them apart, by their nodes' ids, by their own.
fn set_names(tree: &ExtensiveGame) -> HashMap<(PlayerId, String), InfosetId> {
    let mut by_label: HashMap<(PlayerId, &str), Option<InfosetId>> = HashMap::new();
    let mut by_id = Vec::new();
    for set in (0..tree.infosets().len()).map(InfosetId::new) {
        let player = tree.infoset(set).player;
        for node in tree.members(set) {
            let node = tree.node(*node);
            by_id.push(((player, node.id.to_string()), set));
            if node.label.is_empty() {
                continue;
            }
            by_label
                .entry((player, node.label.as_str()))
                .and_modify(|known| *known = known.filter(|known| *known == set))
                .or_insert(Some(set));
        }
    }
    let mut names: HashMap<(PlayerId, String), InfosetId> = by_label
        .into_iter()
        .filter_map(|((player, label), set)| Some(((player, label.to_owned()), set?)))
        .collect();
    names.extend(by_id);
    for set in (0..tree.infosets().len()).map(InfosetId::new) {
        let infoset = tree.infoset(set);
        if let Some(id) = &infoset.id {
            names.insert((infoset.player, id.to_string()), set);
        }
    }
    names
}

fn at(
    tree: &ExtensiveGame,
    set: InfosetId,
    given: Option<&Map<String, Value>>,
) -> Result<Vec<Rational>, ConfigError> {
    let actions = tree.actions(set);
    let player = &tree.players()[tree.infoset(set).player.index()];
    let whose = format!(
        "player '{player}' at information set '{}'",
        super::backward_induction::key(tree, set)
    );
    mixture(&whose, actions.len(), given, |name| {
        actions.iter().position(|action| *action.label == *name)
    })
}

fn mixture(
    whose: &str,
    count: usize,
    given: Option<&Map<String, Value>>,
    find: impl Fn(&str) -> Option<usize>,
) -> Result<Vec<Rational>, ConfigError> {
    let Some(given) = given else {
        return if count == 1 {
            Ok(vec![Rational::ONE])
        } else {
            wrong(format!("profile has no strategy for {whose}"))
        };
    };
    let mut mixture = vec![Rational::ZERO; count];
    for (name, value) in given {
        let Some(place) = find(name) else {
            return wrong(format!(
                "profile names an unknown strategy of {whose}: {name}"
            ));
        };
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        match Rational::parse(&text) {
            Ok(probability) if !probability.is_negative() => mixture[place] += &probability,
            _ => {
                return wrong(format!(
                    "profile gives '{name}' of {whose} the probability {value}"
                ));
            }
        }
    }
    let total: Rational = mixture.iter().sum();
    let off = (&total - &Rational::ONE).abs();
    if Rational::parse(SLACK).is_ok_and(|slack| off > slack) {
        let total = total.to_f64();
        return wrong(format!(
            "the probabilities of {whose} sum to {total}, not to 1"
        ));
    }
    Ok(mixture.iter().map(|weight| weight / &total).collect())
}
