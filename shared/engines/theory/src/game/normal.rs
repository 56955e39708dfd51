//! Games in normal (strategic) form: a payoff for each player at each profile of strategies.

use serde::{Deserialize, Serialize};

use super::{Meta, PlayerId};
use crate::rational::Rational;

/// A finite game of n players in normal form.
///
/// The payoff table is flat: profiles in lexicographic order of strategy indices (the last player's varies fastest), and at
/// each profile one payoff per player.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "NormalParts", into = "NormalParts")]
pub struct NormalGame(NormalParts);

/// The unchecked content of a [`NormalGame`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NormalParts {
    pub meta: Meta,
    pub players: Vec<String>,
    pub strategies: Vec<Vec<String>>,
    pub payoffs: Vec<Rational>,
    /// Of a game made from an influence diagram: who takes each decision of the diagram.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub maid_decision_to_player: Vec<(String, PlayerId)>,
}

impl TryFrom<NormalParts> for NormalGame {
    type Error = String;

    fn try_from(parts: NormalParts) -> Result<NormalGame, String> {
        if parts.players.is_empty() {
            return Err("a game needs at least one player".to_owned());
        }
        if parts.strategies.len() != parts.players.len() {
            return Err(format!(
                "{} players but {} lists of strategies",
                parts.players.len(),
                parts.strategies.len()
            ));
        }
        if let Some(name) = super::extensive::first_repeated(&parts.players) {
            return Err(format!("two players are called `{name}`"));
        }
        let mut size = parts.players.len();
        for (player, strategies) in parts.players.iter().zip(&parts.strategies) {
            if strategies.is_empty() {
                return Err(format!("player `{player}` has no strategies"));
            }
            if let Some(name) = super::extensive::first_repeated(strategies) {
                return Err(format!("player `{player}` has two strategies `{name}`"));
            }
            size = size
                .checked_mul(strategies.len())
                .ok_or("the payoff table is too large")?;
        }
        let known = |(_, player): &(String, PlayerId)| player.index() < parts.players.len();
        if !parts.maid_decision_to_player.iter().all(known) {
            return Err("a decision belongs to a player who is not there".to_owned());
        }
        if parts.payoffs.len() != size {
            return Err(format!(
                "{} payoffs where {size} are needed",
                parts.payoffs.len()
            ));
        }
        Ok(NormalGame(parts))
    }
}

impl From<NormalGame> for NormalParts {
    fn from(game: NormalGame) -> NormalParts {
        game.0
    }
}

impl NormalGame {
    pub fn meta(&self) -> &Meta {
        &self.0.meta
    }

    pub fn meta_mut(&mut self) -> &mut Meta {
        &mut self.0.meta
    }

    pub fn players(&self) -> &[String] {
        &self.0.players
    }

    /// Strategy labels, one list per player.
    pub fn strategies(&self) -> &[Vec<String>] {
        &self.0.strategies
    }

    /// The decisions of the influence diagram that this game was made from, each with the player who takes it.
    pub fn maid_decision_to_player(&self) -> &[(String, PlayerId)] {
        &self.0.maid_decision_to_player
    }

    /// How many strategies each player has.
    pub fn sizes(&self) -> Vec<usize> {
        self.0.strategies.iter().map(Vec::len).collect()
    }

    /// The number of strategy profiles.
    pub fn profiles(&self) -> usize {
        self.0.payoffs.len() / self.0.players.len()
    }

    /// The payoffs at the profile with this lexicographic number, one per player.
    pub fn payoffs_at(&self, profile: usize) -> &[Rational] {
        let players = self.0.players.len();
        &self.0.payoffs[profile * players..(profile + 1) * players]
    }

    /// How far apart, in profile numbers, two neighbouring strategies of each player lie.
    pub fn strides(&self) -> Vec<usize> {
        let mut strides = vec![1; self.0.players.len()];
        for player in (1..strides.len()).rev() {
            strides[player - 1] = strides[player] * self.0.strategies[player].len();
        }
        strides
    }
}
