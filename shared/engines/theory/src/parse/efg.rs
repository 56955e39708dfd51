//! Gambit's `.efg` extensive-form files: the tree in prefix order, descriptions of sets and outcomes at their first use.

use std::collections::HashMap;

use super::lexer::{Lexer, Token};
use super::names::distinct;
use super::nfg::{payoff_list, players};
use super::position::Source;
use super::{Limits, ParseError, chance};
use crate::game::{
    Action, CHANCE, ExtensiveGame, ExtensiveParts, Game, InformationSet, InfosetId, Meta, Mover,
    Name, Node, NodeId, Outcome, OutcomeId, PlayerId, Series, Target,
};
use crate::rational::Rational;

/// Reads the file; node ids are `n_k`, outcome ids `o_k`, information sets `h_player_k`, all counted from 0 in file order.
pub fn read(source: &Source<'_>, limits: &Limits) -> Result<Game, ParseError> {
    let mut lexer = Lexer::new(source)?;
    lexer.keyword(&["EFG"], "`EFG`")?;
    lexer.keyword(&["2"], "the format version `2`")?;
    lexer.keyword(&["R", "D"], "`R` or `D`")?;
    let title = lexer.text("a title in quotes")?;
    let mut warnings = Vec::new();
    let mut players = players(&mut lexer, limits, &mut warnings)?;
    if players.is_empty() {
        return Err(lexer.error_at(0, "the game has no players"));
    }
    if let Some(name) = players.iter_mut().find(|name| *name == CHANCE) {
        warnings.push(format!(
            "The player '{CHANCE}' was renamed: nature has that name"
        ));
        name.push_str(" (player)");
    }
    let description = match lexer.peek() {
        Token::Text(_) => Some(lexer.text("a comment")?).filter(|comment| !comment.is_empty()),
        _ => None,
    };
    let tags = ["imported", "extensive"].map(str::to_owned).to_vec();
    let parts = ExtensiveParts {
        meta: Meta {
            id: String::new(),
            title,
            description,
            tags,
            warnings,
        },
        players,
        efg_content: Some(source.text.to_owned()),
        ..ExtensiveParts::default()
    };
    let mut reader = Reader {
        set_counts: vec![0; parts.players.len()],
        lexer,
        limits,
        parts,
        sets: HashMap::new(),
        outcomes: HashMap::new(),
        undefined: Vec::new(),
        counter: 0,
        entries: 0,
    };
    reader.tree()?;
    reader.finish()
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    limits: &'a Limits,
    parts: ExtensiveParts,
    /// Information sets by player (`None` is nature) and number in the file.
    sets: HashMap<(Option<PlayerId>, usize), Described>,
    /// How many information sets each player has so far.
    set_counts: Vec<usize>,
    /// Outcomes by number in the file.
    outcomes: HashMap<usize, OutcomeId>,
    /// For each entry of `parts.outcomes`, where it was first named while its payoffs are still unknown.
    undefined: Vec<Option<usize>>,
    /// Numbers nodes and end nodes without an outcome.
    counter: usize,
    /// Nodes read, end nodes included.
    entries: usize,
}

/// What the first use of an information set says about all its nodes.
struct Described {
    mover: Mover,
    labels: Vec<String>,
    probabilities: Vec<Option<Rational>>,
    warning: Option<String>,
}

impl Reader<'_> {
    /// Reads nodes in prefix order; the stack holds the nodes whose actions still wait for a target.
    fn tree(&mut self) -> Result<(), ParseError> {
        let mut open: Vec<(NodeId, usize)> = Vec::new();
        loop {
            self.entries += 1;
            if self.entries > self.limits.nodes {
                return Err(self.lexer.error_at(
                    self.lexer.offset(),
                    format!("the tree has more than {} nodes", self.limits.nodes),
                ));
            }
            let target = self.entry()?;
            match open.last() {
                None => self.parts.root = Some(target),
                Some((parent, action)) => {
                    self.parts.nodes[parent.index()].actions[*action].target = target
                }
            }
            if let Target::Node(node) = target {
                open.push((node, 0));
            } else if let Some((_, action)) = open.last_mut() {
                *action += 1;
            }
            while let Some((node, action)) = open.last() {
                if *action < self.parts.nodes[node.index()].actions.len() {
                    break;
                }
                open.pop();
                if let Some((_, action)) = open.last_mut() {
                    *action += 1;
                }
            }
            if open.is_empty() {
                return Ok(());
            }
        }
    }

    fn entry(&mut self) -> Result<Target, ParseError> {
        let kind = self
            .lexer
            .keyword(&["c", "p", "t"], "a node: `c`, `p` or `t`")?;
        let label = match self.lexer.peek() {
            Token::Text(_) => self.lexer.text("a node name")?,
            _ => String::new(),
        };
        if kind == "t" {
            let outcome = self.outcome()?;
            return Ok(Target::Outcome(outcome.unwrap_or_else(|| self.null_end())));
        }
        let player = if kind == "c" {
            None
        } else {
            Some(self.player()?)
        };
        let set = self.set(player)?;
        let outcome = self.outcome()?;
        let described = &self.sets[&set];
        // Targets are filled in as the subtrees are read; until then every action points at the root.
        let pending = Target::Node(NodeId::new(0));
        let actions = described.labels.iter().zip(&described.probabilities);
        let actions = actions.map(|(label, probability)| Action {
            label: label.into(),
            target: pending,
            probability: probability.clone(),
            warning: None,
        });
        let node = Node {
            id: Name::numbered(Series::Node, self.counter),
            label: label.into(),
            mover: described.mover,
            actions: actions.collect(),
            outcome,
            warning: described.warning.as_ref().map(|text| Box::new(text.into())),
        };
        self.counter += 1;
        self.parts.nodes.push(node);
        Ok(Target::Node(NodeId::new(self.parts.nodes.len() - 1)))
    }

    fn player(&mut self) -> Result<PlayerId, ParseError> {
        let at = self.lexer.offset();
        let number = self.lexer.count("a player number")?;
        if number == 0 || number > self.parts.players.len() {
            return Err(self.lexer.error_at(
                at,
                format!(
                    "there is no player {number}: the game has {}",
                    self.parts.players.len()
                ),
            ));
        }
        Ok(PlayerId::new(number - 1))
    }

    /// `number ["label"] [{ actions }]`
    fn set(&mut self, player: Option<PlayerId>) -> Result<(Option<PlayerId>, usize), ParseError> {
        let at = self.lexer.offset();
        let key = (player, self.lexer.count("an information set number")?);
        if let Token::Text(_) = self.lexer.peek() {
            self.lexer.text("an information set name")?;
        }
        if self.lexer.peek() != Token::Open {
            return match self.sets.contains_key(&key) {
                true => Ok(key),
                false => Err(self.lexer.error_at(
                    at,
                    format!(
                        "information set {} is used before its actions are listed",
                        key.1
                    ),
                )),
            };
        }
        let actions_at = self.lexer.offset();
        let (names, mut probabilities) = self.actions(player)?;
        if let Some(known) = self.sets.get(&key) {
            if known.labels.len() != names.len() {
                let what = format!(
                    "information set {} has {} actions here and {} before",
                    key.1,
                    names.len(),
                    known.labels.len()
                );
                return Err(self.lexer.error_at(actions_at, what));
            }
            return Ok(key);
        }
        let mut warning = None;
        if player.is_none() {
            warning = chance::settle(&mut probabilities)
                .map_err(|what| self.lexer.error_at(actions_at, what))?;
        }
        let mover = match player {
            None => Mover::Chance,
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
        let (labels, renamed) = distinct(names, |position| format!("Action {position}"));
        if let Some(name) = renamed.first() {
            self.parts.meta.warnings.push(format!(
                "Node 'n_{}' has several actions '{name}': they were numbered",
                self.counter
            ));
        }
        let mut probabilities: Vec<_> = probabilities.into_iter().map(Some).collect();
        probabilities.resize(labels.len(), None);
        self.sets.insert(
            key,
            Described {
                mover,
                labels,
                probabilities,
                warning,
            },
        );
        Ok(key)
    }

    /// `{ "a" "b" … }`, for nature `{ "a" 1/2 "b" 1/2 … }`
    fn actions(
        &mut self,
        player: Option<PlayerId>,
    ) -> Result<(Vec<String>, Vec<Rational>), ParseError> {
        self.lexer.open("the actions")?;
        let (mut names, mut probabilities) = (Vec::new(), Vec::new());
        while self.lexer.peek() != Token::Close {
            names.push(self.lexer.text("an action name in quotes or `}`")?);
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

    /// `number ["label"] [{ payoffs }]`; number 0 is no outcome.
    fn outcome(&mut self) -> Result<Option<OutcomeId>, ParseError> {
        let at = self.lexer.offset();
        let number = self.lexer.count("an outcome number")?;
        let label = match self.lexer.peek() {
            Token::Text(_) => self.lexer.text("an outcome name")?,
            _ => String::new(),
        };
        let payoffs_at = self.lexer.offset();
        let payoffs = match self.lexer.take(Token::Open)? {
            None => None,
            Some(()) => {
                let payoffs = payoff_list(&mut self.lexer, self.parts.players.len())?;
                self.lexer.close("the payoffs of an outcome")?;
                Some(payoffs)
            }
        };
        if number == 0 {
            return match payoffs {
                None => Ok(None),
                Some(_) => Err(self
                    .lexer
                    .error_at(payoffs_at, "outcome 0 is no outcome and has no payoffs")),
            };
        }
        let id = match self.outcomes.get(&number) {
            Some(id) => *id,
            None => {
                let id = self.new_outcome(at);
                self.outcomes.insert(number, id);
                id
            }
        };
        let known = &mut self.parts.outcomes[id.index()];
        if let Some(payoffs) = payoffs {
            if self.undefined[id.index()].take().is_none() && known.payoffs != payoffs {
                return Err(self.lexer.error_at(
                    payoffs_at,
                    format!("outcome {number} had other payoffs before"),
                ));
            }
            known.payoffs = payoffs;
        }
        if !label.is_empty() {
            known.label = label.into();
        }
        Ok(Some(id))
    }

    fn new_outcome(&mut self, at: usize) -> OutcomeId {
        let number = self.outcomes.len();
        self.undefined.push(Some(at));
        self.parts.outcomes.push(Outcome {
            id: Name::numbered(Series::Outcome, number),
            label: Name::numbered(Series::OutcomeLabel, number + 1),
            payoffs: Vec::new(),
        });
        OutcomeId::new(self.parts.outcomes.len() - 1)
    }

    /// An end node without an outcome gets one of its own that pays nobody.
    fn null_end(&mut self) -> OutcomeId {
        let number = self.counter;
        self.counter += 1;
        self.undefined.push(None);
        let payoffs = vec![Rational::ZERO; self.parts.players.len()];
        self.parts.outcomes.push(Outcome {
            id: Name::numbered(Series::Terminal, number),
            label: Name::numbered(Series::TerminalLabel, number + 1),
            payoffs,
        });
        OutcomeId::new(self.parts.outcomes.len() - 1)
    }

    fn finish(self) -> Result<Game, ParseError> {
        if self.lexer.peek() != Token::End {
            return Err(self
                .lexer
                .expected("the end of the file after the last node"));
        }
        if let Some(at) = self.undefined.iter().find_map(|at| *at) {
            return Err(self
                .lexer
                .error_at(at, "this outcome's payoffs are listed nowhere"));
        }
        let game =
            ExtensiveGame::new(self.parts).map_err(|defect| self.lexer.error_at(0, defect.what))?;
        Ok(Game::Extensive(game))
    }
}
