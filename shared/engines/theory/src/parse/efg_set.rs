//! The information sets of an `.efg` file: actions listed at the first node, and perhaps again at later ones.

use std::borrow::Cow;

use super::efg::Reader;
use super::lexer::Token;
use super::names::labels;
use super::{ParseError, chance};
use crate::game::{Action, InformationSet, InfosetId, Mover, NodeId, PlayerId, Target, Text};
use crate::rational::Rational;

/// Who moves at a node and what can be done there; the targets are filled in as the subtrees are read.
pub struct Move {
    pub mover: Mover,
    pub actions: Vec<Action>,
    pub warning: Option<Box<Text>>,
}

/// Where actions point until their subtree is read.
const PENDING: Target = Target::Node(NodeId::FIRST);

/// From how many nodes with repeated action names on they are only counted.
pub const MOST_WARNINGS: usize = 20;

/// Action names, and for nature their probabilities.
type Listed<'a> = (Vec<Cow<'a, str>>, Vec<Rational>);

impl<'a> Reader<'a> {
    /// `number ["label"] [{ actions }]`
    pub fn set(&mut self, player: Option<PlayerId>) -> Result<Move, ParseError> {
        let at = self.lexer.offset();
        let number = self.lexer.count("an information set number")?;
        self.lexer.skip_text()?;
        let owner = player.map_or(0, |player| player.index() + 1);
        let first = self.sets[owner].get(number);
        let listed_at = self.lexer.offset();
        let listed = match self.lexer.peek() {
            Token::Open => Some(self.lexer.clone()),
            _ => None,
        };
        match (first, listed) {
            (None, None) => Err(self.lexer.error_at(
                at,
                format!("information set {number} is used before its actions are listed"),
            )),
            (None, Some(_)) => {
                let actions = self.actions(player)?;
                self.sets[owner].insert(number, self.parts.nodes.len());
                self.new_set(player, actions, listed_at)
            }
            (Some(first), None) => self.known_set(first),
            (Some(first), Some(list)) => {
                if !self.is_repetition(first)? {
                    self.lexer = list;
                    let actions = self.actions(player)?;
                    self.check_repetition(first, actions, number)
                        .map_err(|what| self.lexer.error_at(listed_at, what))?;
                }
                self.known_set(first)
            }
        }
    }

    fn known_set(&mut self, first: usize) -> Result<Move, ParseError> {
        let actions = &self.parts.nodes[first].actions;
        let label_bytes = actions.iter().map(|action| action.label.len()).sum();
        self.promise(actions.len(), label_bytes)?;
        let first = &self.parts.nodes[first];
        let copy = |action: &Action| Action {
            target: PENDING,
            ..action.clone()
        };
        Ok(Move {
            mover: first.mover,
            actions: first.actions.iter().map(copy).collect(),
            warning: first.warning.clone(),
        })
    }

    /// Reads `{ "a" … }` as long as it is what the set's first node has, and says whether it all was.
    fn is_repetition(&mut self, first: usize) -> Result<bool, ParseError> {
        self.lexer.advance()?;
        for action in &self.parts.nodes[first].actions {
            match self.lexer.peek() {
                Token::Text(raw) if action.label == *raw => self.lexer.advance()?,
                _ => return Ok(false),
            };
            if let Some(probability) = &action.probability
                && self.lexer.number("probability")? != *probability
            {
                return Ok(false);
            }
            self.lexer.take(Token::Comma)?;
        }
        Ok(self.lexer.take(Token::Close)?.is_some())
    }

    /// Whether actions listed once more are the set's; other names are taken to be slips.
    fn check_repetition(
        &mut self,
        first: usize,
        (names, mut probabilities): Listed<'_>,
        number: usize,
    ) -> Result<(), String> {
        let known = &self.parts.nodes[first].actions;
        if known.len() != names.len() {
            return Err(format!(
                "information set {number} has {} actions here and {} before",
                names.len(),
                known.len()
            ));
        }
        if !probabilities.is_empty() {
            chance::settle(&mut probabilities)?;
            let before = known
                .iter()
                .filter_map(|action| action.probability.as_ref());
            if !before.eq(&probabilities) {
                return Err(format!(
                    "chance set {number} has other probabilities here than before"
                ));
            }
        }
        let (names, _) = labels(names);
        if names
            .iter()
            .zip(known)
            .any(|(name, action)| *name != action.label)
        {
            let counted = self.relabelled.get_or_insert((self.counter, 0));
            counted.1 += 1;
        }
        Ok(())
    }

    fn new_set(
        &mut self,
        player: Option<PlayerId>,
        (names, mut probabilities): Listed<'_>,
        listed_at: usize,
    ) -> Result<Move, ParseError> {
        let mut warning = None;
        let mover = match player {
            None => {
                warning = chance::settle(&mut probabilities)
                    .map_err(|what| self.lexer.error_at(listed_at, what))?
                    .map(|warning| Box::new(warning.into()));
                Mover::Chance
            }
            Some(player) => {
                let earlier = &mut self.set_counts[player.index()];
                self.parts.infosets.push(InformationSet {
                    id: Some(format!("h_{}_{earlier}", player.index()).into()),
                    player,
                });
                *earlier += 1;
                Mover::Infoset(InfosetId::new(self.parts.infosets.len() - 1))
            }
        };
        let label_bytes = names.iter().map(|name| name.len()).sum();
        self.promise(names.len(), label_bytes)?;
        let (labels, renamed) = labels(names);
        if let Some(name) = renamed {
            self.renamed += 1;
            if self.renamed <= MOST_WARNINGS {
                self.parts.meta.warnings.push(format!(
                    "Node 'n_{}' has several actions '{name}': they were numbered",
                    self.counter
                ));
            }
        }
        let mut probabilities = probabilities.into_iter();
        let action = |label: Text| Action {
            label,
            target: PENDING,
            probability: probabilities.next(),
            warning: None,
        };
        Ok(Move {
            mover,
            actions: labels.into_iter().map(action).collect(),
            warning,
        })
    }

    /// `{ "a" "b" … }`, for nature `{ "a" 1/2 "b" 1/2 … }`
    fn actions(&mut self, player: Option<PlayerId>) -> Result<Listed<'a>, ParseError> {
        self.lexer.open("the actions")?;
        let (mut names, mut probabilities) = (Vec::new(), Vec::new());
        while self.lexer.peek() != Token::Close {
            names.push(self.lexer.label("an action name in quotes or `}`")?);
            if player.is_none() {
                probabilities.push(self.lexer.number("probability")?);
            }
            self.lexer.take(Token::Comma)?;
        }
        if names.is_empty() {
            return Err(self.lexer.expected("at least one action"));
        }
        self.lexer.close("the actions")?;
        Ok((names, probabilities))
    }
}
