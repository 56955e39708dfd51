//! Extensive to normal form: the expected payoffs of every profile of pure strategies, chance averaged out exactly.

use super::plans::{Plans, Reduction};
use crate::game::{
    ExtensiveGame, Meta, Mover, NodeId, NormalGame, NormalParts, Outcome, PlayerId, Target,
};
use crate::rational::Rational;

/// Most choices (plans × information sets) that the plans of one player may list together.
const MOST_CHOICES: u128 = 1 << 20;

/// The normal form would not fit into the memory that it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooLarge {
    #[error(
        "the normal form of this game has {profiles} strategy profiles; at most {most} payoffs are allowed"
    )]
    Profiles { profiles: u128, most: usize },
    #[error(
        "the strategies of player {number} of this game list {choices} choices together; at most {MOST_CHOICES} are allowed"
    )]
    Choices {
        /// From 1.
        number: usize,
        choices: u128,
    },
}

impl TooLarge {
    /// Whether the normal form has at most so many payoff entries (profiles × players), and strategies that can be listed: in a deep tree
    /// few strategies may say what to do at very many information sets. Linear in the tree.
    pub fn check(game: &ExtensiveGame, reduction: Reduction, most: usize) -> Result<(), TooLarge> {
        let players = game.players().len();
        let profiles = Plans::count_profiles(game, reduction);
        if profiles.saturating_mul(players as u128) > most as u128 {
            return Err(TooLarge::Profiles { profiles, most });
        }
        for player in 0..players {
            let sets = game.infosets_of(PlayerId::new(player)).len() as u128;
            let plans = Plans::count(game, PlayerId::new(player), reduction);
            let choices = plans.saturating_mul(sets);
            // A single plan is no longer than the tree.
            if choices > MOST_CHOICES && plans > 1 {
                return Err(TooLarge::Choices {
                    number: player + 1,
                    choices,
                });
            }
        }
        Ok(())
    }
}

/// The game's normal form, for any number of players and with any recall.
///
/// Each end of the tree adds (chance probability × payoffs met on the way) to the profiles that lead there; the work is the sum over
/// the ends of the number of those profiles. `most` bounds the payoff entries (profiles × players).
pub fn normal_form(
    game: &ExtensiveGame,
    meta: Meta,
    reduction: Reduction,
    most: usize,
) -> Result<NormalGame, TooLarge> {
    let players = game.players().len();
    TooLarge::check(game, reduction, most)?;
    let plans: Vec<Plans> = (0..players)
        .map(|player| Plans::of(game, PlayerId::new(player), reduction))
        .collect();
    let profiles: usize = plans.iter().map(|plans| plans.plans.len()).product();
    let mut table = Table {
        game,
        strides: strides(&plans),
        payoffs: vec![Rational::ZERO; profiles * players],
        places: places(game, &plans),
        plans: &plans,
    };
    table.fill();
    let payoffs = table.payoffs;
    let strategies = plans.iter().map(|plans| plans.labels(game)).collect();
    let parts = NormalParts {
        meta,
        players: game.players().to_vec(),
        strategies,
        payoffs,
        maid_decision_to_player: decisions(game),
    };
    Ok(NormalGame::try_from(parts)
        .expect("every player has a plan, and plans have distinct labels"))
}

/// Who takes each decision of the diagram that the tree was made from: the mover at any of its nodes.
fn decisions(game: &ExtensiveGame) -> Vec<(String, PlayerId)> {
    let mover = |node: &NodeId| match game.node(*node).mover {
        Mover::Chance => None,
        Mover::Infoset(set) => Some(game.infoset(set).player),
    };
    game.maid_to_efg_nodes()
        .iter()
        .filter_map(|(decision, nodes)| Some((decision.clone(), mover(nodes.first()?)?)))
        .collect()
}

fn strides(plans: &[Plans]) -> Vec<usize> {
    let mut strides = vec![1; plans.len()];
    for player in (1..plans.len()).rev() {
        strides[player - 1] = strides[player] * plans[player].plans.len();
    }
    strides
}

/// For each information set its place among its owner's sets.
fn places(game: &ExtensiveGame, plans: &[Plans]) -> Vec<usize> {
    let mut places = vec![0; game.infosets().len()];
    for plans in plans {
        for (place, set) in plans.sets.iter().enumerate() {
            places[set.index()] = place;
        }
    }
    places
}

struct Table<'a> {
    game: &'a ExtensiveGame,
    plans: &'a [Plans],
    places: Vec<usize>,
    strides: Vec<usize>,
    payoffs: Vec<Rational>,
}

/// A path of play so far: where it stands, and how many entries of the shared trails belong to it.
struct Step {
    target: Target,
    probability: Rational,
    /// Payoffs met on the way, `None` while there were none.
    collected: Option<Vec<Rational>>,
    /// For each player the plans that still lead here.
    compatible: Vec<std::rc::Rc<Vec<usize>>>,
}

impl Table<'_> {
    fn fill(&mut self) {
        let everything = self
            .plans
            .iter()
            .map(|plans| std::rc::Rc::new((0..plans.plans.len()).collect::<Vec<_>>()));
        let mut pending = vec![Step {
            target: self.game.root(),
            probability: Rational::ONE,
            collected: None,
            compatible: everything.collect(),
        }];
        while let Some(step) = pending.pop() {
            // What no plan of some player reaches counts for nothing.
            if step.probability.is_zero() || step.compatible.iter().any(|plans| plans.is_empty()) {
                continue;
            }
            match step.target {
                Target::Outcome(outcome) => self.add(&step, self.game.outcome(outcome)),
                Target::Node(node) => {
                    let node = self.game.node(node);
                    let collected = match node.outcome {
                        None => step.collected.clone(),
                        Some(outcome) => {
                            Some(sum(step.collected.as_ref(), self.game.outcome(outcome)))
                        }
                    };
                    for (action, choice) in node.actions.iter().enumerate() {
                        let mut next = Step {
                            target: choice.target,
                            probability: step.probability.clone(),
                            collected: collected.clone(),
                            compatible: step.compatible.clone(),
                        };
                        match node.mover {
                            Mover::Chance => {
                                next.probability = choice
                                    .probability
                                    .as_ref()
                                    .map_or(Rational::ZERO, |probability| {
                                        &step.probability * probability
                                    })
                            }
                            Mover::Infoset(set) => {
                                let player = self.game.infoset(set).player.index();
                                let place = self.places[set.index()];
                                let plans = &self.plans[player].plans;
                                let kept = step.compatible[player]
                                    .iter()
                                    .copied()
                                    .filter(|plan| plans[*plan][place] == Some(action));
                                next.compatible[player] = std::rc::Rc::new(kept.collect());
                            }
                        }
                        pending.push(next);
                    }
                }
            }
        }
    }

    /// Adds an end's share to every profile of compatible plans.
    fn add(&mut self, step: &Step, end: &Outcome) {
        let players = self.plans.len();
        let share: Vec<Rational> = sum(step.collected.as_ref(), end)
            .iter()
            .map(|payoff| &step.probability * payoff)
            .collect();
        if share.iter().all(Rational::is_zero) {
            return;
        }
        let mut profiles = vec![0];
        for (plans, stride) in step.compatible.iter().zip(&self.strides) {
            profiles = profiles
                .iter()
                .flat_map(|profile| plans.iter().map(move |plan| profile + plan * stride))
                .collect();
        }
        for profile in profiles {
            for (payoff, share) in self.payoffs[profile * players..].iter_mut().zip(&share) {
                if !share.is_zero() {
                    *payoff += share;
                }
            }
        }
    }
}

fn sum(collected: Option<&Vec<Rational>>, outcome: &Outcome) -> Vec<Rational> {
    match collected {
        None => outcome.payoffs.clone(),
        Some(collected) => collected
            .iter()
            .zip(&outcome.payoffs)
            .map(|(before, here)| before + here)
            .collect(),
    }
}
