//! Gambit's `.efg` extensive-form files: the tree in prefix order, descriptions of sets and outcomes at their first use.

use std::collections::BTreeMap;

use super::efg_set::{MOST_WARNINGS, Move};
use super::lexer::{Lexer, Token};
use super::nfg::{comment, each_payoff, players};
use super::numbered::Numbered;
use super::position::Source;
use super::{Limits, ParseError};
use crate::game::{
    ExtensiveGame, ExtensiveParts, Game, Meta, Name, Node, NodeId, Outcome, OutcomeId, PlayerId,
    Series, Target, Text,
};
use crate::rational::Rational;

/// Reads the file; node ids are `n_k`, outcome ids `o_k`, information sets `h_player_k`, all counted from 0 in file order.
pub fn read(source: &Source<'_>, limits: &Limits) -> Result<Game, ParseError> {
    let mut lexer = Lexer::new(source)?;
    lexer.keyword(&["EFG"], "`EFG`")?;
    lexer.keyword(&["2"], "the format version `2`")?;
    lexer.keyword(&["R", "D"], "`R` or `D`")?;
    let title = lexer.text("a title in quotes")?.into_owned();
    let mut warnings = Vec::new();
    let players = players(&mut lexer, limits, &mut warnings)?;
    if players.is_empty() {
        return Err(lexer.error_at(0, "the game has no players"));
    }
    let description = comment(&mut lexer)?;
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
        sets: (0..=parts.players.len())
            .map(|_| Numbered::default())
            .collect(),
        set_counts: vec![0; parts.players.len()],
        lexer,
        limits,
        parts,
        outcomes: Numbered::default(),
        undefined: BTreeMap::new(),
        counter: 0,
        numbered_outcomes: 0,
        entries: 0,
        promised: 1,
        label_bytes: 0,
        null_payoffs: 0,
        renamed: 0,
        relabelled: None,
    };
    reader.tree()?;
    reader.finish()
}

/// The state of reading; [`super::efg_set`] reads the information sets.
pub struct Reader<'a> {
    pub lexer: Lexer<'a>,
    limits: &'a Limits,
    pub parts: ExtensiveParts,
    /// For nature, then for each player: the first node of an information set by the set's number in the file.
    pub sets: Vec<Numbered>,
    /// How many information sets each player has so far.
    pub set_counts: Vec<usize>,
    /// Outcomes by number in the file.
    outcomes: Numbered,
    /// Outcomes whose payoffs are still unknown, and where they were first named.
    undefined: BTreeMap<usize, usize>,
    /// Numbers nodes and end nodes without an outcome.
    pub counter: usize,
    /// Counts the outcomes that have a number in the file.
    numbered_outcomes: usize,
    /// Nodes read, end nodes included.
    entries: usize,
    /// Nodes that there must be at least: those read and those that actions wait for.
    promised: usize,
    /// What the labels of all nodes' actions take, written out.
    label_bytes: usize,
    /// Payoffs made up for ends without an outcome.
    null_payoffs: usize,
    /// How many information sets repeat an action name.
    pub renamed: usize,
    /// The first node whose action names are not those of its information set, and how many there are.
    pub relabelled: Option<(usize, usize)>,
}

/// How many times the size limit of a file the labels of all nodes may take when each node lists its own, as clients see it.
const LABEL_EXPANSION: usize = 16;

/// How many actions may wait for nodes that the rest of the file is too short for: a file cut off is reported at its end.
const SLACK: usize = 1_000;

/// Most payoffs per allowed node that ends without an outcome may get.
const NULL_PAYOFFS: usize = 8;

impl Reader<'_> {
    /// Reads nodes in prefix order; the stack holds the nodes with actions that still wait for a target, the next of them
    /// and their number.
    fn tree(&mut self) -> Result<(), ParseError> {
        let mut open: Vec<(NodeId, usize, usize)> = Vec::new();
        loop {
            self.entries += 1;
            let target = self.entry()?;
            match open.last_mut() {
                None => self.parts.root = Some(target),
                Some((parent, action, _)) => {
                    self.parts.nodes[parent.index()].actions[*action].target = target;
                    *action += 1;
                }
            }
            if let Target::Node(node) = target {
                open.push((node, 0, self.parts.nodes[node.index()].actions.len()));
            }
            while let Some((_, action, actions)) = open.last()
                && action == actions
            {
                open.pop();
            }
            if open.is_empty() {
                return Ok(());
            }
        }
    }

    fn entry(&mut self) -> Result<Target, ParseError> {
        let kind = match self.lexer.peek() {
            Token::Word(word) => word.as_bytes(),
            _ => b"",
        };
        if !matches!(kind, b"c" | b"p" | b"t") {
            return Err(self.lexer.expected("a node: `c`, `p` or `t`"));
        }
        self.lexer.advance()?;
        let label = match self.lexer.peek() {
            Token::Text(_) => self.lexer.text("a node name")?.into(),
            _ => Text::EMPTY,
        };
        if kind == b"t" {
            let outcome = self.outcome()?;
            return Ok(Target::Outcome(match outcome {
                Some(outcome) => outcome,
                None => self.null_end()?,
            }));
        }
        let player = if kind == b"c" {
            None
        } else {
            Some(self.player()?)
        };
        let Move {
            mover,
            actions,
            warning,
        } = self.set(player)?;
        let outcome = self.outcome()?;
        self.parts.nodes.push(Node {
            id: Name::numbered(Series::Node, self.counter),
            label,
            mover,
            actions,
            outcome,
            warning,
        });
        self.counter += 1;
        Ok(Target::Node(NodeId::new(self.parts.nodes.len() - 1)))
    }

    /// Accounts for a node with these actions before they are made: a file may refer to a long list in a few bytes.
    pub fn promise(&mut self, actions: usize, label_bytes: usize) -> Result<(), ParseError> {
        let at = self.lexer.offset();
        self.promised = self.promised.saturating_add(actions);
        self.label_bytes = self.label_bytes.saturating_add(label_bytes);
        if self.promised > self.limits.nodes {
            let what = format!("the tree has more than {} nodes", self.limits.nodes);
            return Err(self.lexer.error_at(at, what));
        }
        if self.promised - self.entries > self.lexer.bytes_left() + SLACK {
            let what = format!(
                "{} nodes are still to come, but the file ends before",
                self.promised - self.entries
            );
            return Err(self.lexer.error_at(at, what));
        }
        if self.label_bytes > self.limits.bytes.saturating_mul(LABEL_EXPANSION) {
            let what = "the action labels of all nodes together are too long";
            return Err(self.lexer.error_at(at, what));
        }
        Ok(())
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

    /// `number ["label"] [{ payoffs }]`; number 0 is no outcome.
    fn outcome(&mut self) -> Result<Option<OutcomeId>, ParseError> {
        let at = self.lexer.offset();
        let number = self.lexer.count("an outcome number")?;
        let label = match self.lexer.peek() {
            Token::Text(_) => Some(self.lexer.text("an outcome name")?),
            _ => None,
        };
        let payoffs_at = self.lexer.offset();
        let listed = self.lexer.take(Token::Open)?.is_some();
        if number == 0 {
            return match listed {
                false => Ok(None),
                true => Err(self
                    .lexer
                    .error_at(payoffs_at, "outcome 0 is no outcome and has no payoffs")),
            };
        }
        let index = match self.outcomes.get(number) {
            Some(index) => index,
            None => {
                let index = self.new_outcome(number);
                if !listed {
                    self.undefined.insert(index, at);
                }
                index
            }
        };
        let outcome = &mut self.parts.outcomes[index];
        if let Some(label) = label.filter(|label| !label.is_empty())
            && matches!(outcome.label.number(), Some((Series::OutcomeLabel, _)))
        {
            outcome.label = Name::from(label.as_ref());
        }
        if listed {
            let players = self.parts.players.len();
            let mut same = true;
            if outcome.payoffs.is_empty() {
                if !self.undefined.is_empty() {
                    self.undefined.remove(&index);
                }
                outcome.payoffs.reserve_exact(players);
                each_payoff(&mut self.lexer, players, |_, payoff| {
                    outcome.payoffs.push(payoff);
                })?;
            } else {
                each_payoff(&mut self.lexer, players, |player, payoff| {
                    same &= outcome.payoffs[player] == payoff;
                })?;
            }
            self.lexer.close("the payoffs of an outcome")?;
            if !same {
                return Err(self.lexer.error_at(
                    payoffs_at,
                    format!("outcome {number} had other payoffs before"),
                ));
            }
        }
        Ok(Some(OutcomeId::new(index)))
    }

    fn new_outcome(&mut self, number: usize) -> usize {
        let index = self.parts.outcomes.len();
        let counted = self.numbered_outcomes;
        self.outcomes.insert(number, index);
        self.parts.outcomes.push(Outcome {
            id: Name::numbered(Series::Outcome, counted),
            label: Name::numbered(Series::OutcomeLabel, counted + 1),
            payoffs: Vec::new(),
        });
        self.numbered_outcomes += 1;
        index
    }

    /// An end node without an outcome gets one of its own that pays nobody.
    fn null_end(&mut self) -> Result<OutcomeId, ParseError> {
        self.null_payoffs += self.parts.players.len();
        if self.null_payoffs > self.limits.nodes.saturating_mul(NULL_PAYOFFS) {
            let what = "too many ends without an outcome for so many players";
            return Err(self.lexer.error_at(self.lexer.offset(), what));
        }
        let number = self.counter;
        self.counter += 1;
        let payoffs = vec![Rational::ZERO; self.parts.players.len()];
        self.parts.outcomes.push(Outcome {
            id: Name::numbered(Series::Terminal, number),
            label: Name::numbered(Series::TerminalLabel, number + 1),
            payoffs,
        });
        Ok(OutcomeId::new(self.parts.outcomes.len() - 1))
    }

    fn finish(self) -> Result<Game, ParseError> {
        if self.lexer.peek() != Token::End {
            return Err(self
                .lexer
                .expected("the end of the file after the last node"));
        }
        if let Some(at) = self.undefined.values().next() {
            return Err(self
                .lexer
                .error_at(*at, "this outcome's payoffs are listed nowhere"));
        }
        let mut parts = self.parts;
        if let Some(more) = self
            .renamed
            .checked_sub(MOST_WARNINGS)
            .filter(|more| *more > 0)
        {
            parts.meta.warnings.push(format!(
                "{more} more nodes have several actions of one name: they were numbered"
            ));
        }
        if let Some((node, nodes)) = self.relabelled {
            parts.meta.warnings.push(format!(
                "Node 'n_{node}' names the actions of its information set differently ({nodes} such nodes): the first names are kept"
            ));
        }
        let game =
            ExtensiveGame::new(parts).map_err(|defect| self.lexer.error_at(0, defect.what))?;
        Ok(Game::Extensive(game))
    }
}
