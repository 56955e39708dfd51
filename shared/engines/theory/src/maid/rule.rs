//! Decision rules: what an agent does at each configuration of what a decision observes.

use std::collections::BTreeMap;

use crate::rational::Rational;

/// The rules of some decisions, by node.
pub type Rules = BTreeMap<usize, Rule>;

/// The probability of each action at each configuration of the decision's parents.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rule {
    actions: usize,
    /// Configuration after configuration.
    probabilities: Vec<Rational>,
}

impl Rule {
    /// `probabilities` holds a distribution over `actions` actions for each configuration, one after the other.
    pub fn new(actions: usize, probabilities: Vec<Rational>) -> Rule {
        Rule {
            actions,
            probabilities,
        }
    }

    /// One action at each configuration.
    pub fn pure(actions: usize, choices: &[usize]) -> Rule {
        let mut probabilities = vec![Rational::ZERO; actions * choices.len()];
        for (configuration, choice) in choices.iter().enumerate() {
            probabilities[configuration * actions + choice] = Rational::ONE;
        }
        Rule::new(actions, probabilities)
    }

    /// All actions alike, whatever is observed.
    pub fn uniform(actions: usize, configurations: usize) -> Rule {
        let share = Rational::from_parts(1.into(), (actions as u64).into());
        Rule::new(actions, vec![share; actions * configurations])
    }

    pub fn actions(&self) -> usize {
        self.actions
    }

    pub fn configurations(&self) -> usize {
        self.probabilities.len() / self.actions
    }

    pub fn probabilities(&self) -> &[Rational] {
        &self.probabilities
    }

    /// The distribution over actions at a configuration.
    pub fn at(&self, configuration: usize) -> &[Rational] {
        &self.probabilities[configuration * self.actions..(configuration + 1) * self.actions]
    }

    /// The action taken with certainty at a configuration.
    pub fn choice(&self, configuration: usize) -> Option<usize> {
        let certain = |probability: &Rational| *probability == Rational::ONE;
        self.at(configuration).iter().position(certain)
    }

    pub fn is_pure(&self) -> bool {
        (0..self.configurations()).all(|configuration| self.choice(configuration).is_some())
    }

    /// The same with one action for certain at one configuration.
    pub fn with_choice(&self, configuration: usize, action: usize) -> Rule {
        let mut changed = self.clone();
        let start = configuration * self.actions;
        changed.probabilities[start..start + self.actions].fill(Rational::ZERO);
        changed.probabilities[start + action] = Rational::ONE;
        changed
    }
}
