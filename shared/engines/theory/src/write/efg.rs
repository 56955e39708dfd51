//! Gambit's `.efg`: the tree in prefix order.

use std::fmt::{self, Write};

use super::{put_text, put_texts};
use crate::game::{ExtensiveGame, Mover, Node, OutcomeId, Target};

/// The game as an `.efg` file, in the layout that Gambit itself writes: everything described at every use, so that readers which
/// do not know omitted descriptions take it too. Information sets and outcomes are numbered by their first use.
pub fn efg(game: &ExtensiveGame) -> String {
    let mut writer = Writer {
        game,
        file: String::new(),
        sets: vec![0; game.infosets().len()],
        set_counts: vec![0; game.players().len()],
        chance_nodes: 0,
        outcomes: vec![0; game.outcomes().len()],
        outcome_count: 0,
    };
    writer.write().expect("a String takes everything");
    writer.file
}

struct Writer<'a> {
    game: &'a ExtensiveGame,
    file: String,
    /// The number of each information set in the file; 0 until it is met.
    sets: Vec<usize>,
    /// How many sets each player has so far.
    set_counts: Vec<usize>,
    chance_nodes: usize,
    /// The number of each outcome in the file; 0 until it is met.
    outcomes: Vec<usize>,
    outcome_count: usize,
}

impl Writer<'_> {
    fn write(&mut self) -> fmt::Result {
        self.file.push_str("EFG 2 R ");
        put_text(&mut self.file, &self.game.meta().title);
        self.file.push(' ');
        let players = self.game.players().iter().map(String::as_str);
        put_texts(&mut self.file, players);
        self.file.push('\n');
        let comment = self.game.meta().description.as_deref();
        put_text(&mut self.file, comment.unwrap_or_default());
        self.file.push_str("\n\n");
        let mut pending = vec![self.game.root()];
        while let Some(target) = pending.pop() {
            match target {
                Target::Outcome(outcome) => {
                    self.file.push_str("t \"\" ");
                    self.outcome(Some(outcome))?;
                }
                Target::Node(id) => {
                    let node = self.game.node(id);
                    self.node(node)?;
                    pending.extend(node.actions.iter().rev().map(|action| action.target));
                }
            }
            self.file.push('\n');
        }
        Ok(())
    }

    fn node(&mut self, node: &Node) -> fmt::Result {
        self.file.push_str(match node.mover {
            Mover::Chance => "c ",
            Mover::Infoset(_) => "p ",
        });
        put_text(&mut self.file, &node.label);
        let name = match node.mover {
            Mover::Chance => {
                self.chance_nodes += 1;
                write!(self.file, " {} ", self.chance_nodes)?;
                None
            }
            Mover::Infoset(set) => {
                let player = self.game.infoset(set).player.index();
                let number = &mut self.sets[set.index()];
                if *number == 0 {
                    self.set_counts[player] += 1;
                    *number = self.set_counts[player];
                }
                write!(self.file, " {} {number} ", player + 1)?;
                self.game.infoset(set).id.as_ref()
            }
        };
        put_text(
            &mut self.file,
            &name.map(ToString::to_string).unwrap_or_default(),
        );
        self.file.push_str(" { ");
        for action in &node.actions {
            put_text(&mut self.file, &action.label);
            self.file.push(' ');
            if let (Mover::Chance, Some(probability)) = (node.mover, &action.probability) {
                write!(self.file, "{probability} ")?;
            }
        }
        self.file.push_str("} ");
        self.outcome(node.outcome)
    }

    fn outcome(&mut self, outcome: Option<OutcomeId>) -> fmt::Result {
        let Some(id) = outcome else {
            self.file.push('0');
            return Ok(());
        };
        let number = &mut self.outcomes[id.index()];
        if *number == 0 {
            self.outcome_count += 1;
            *number = self.outcome_count;
        }
        write!(self.file, "{number} ")?;
        let outcome = self.game.outcome(id);
        put_text(&mut self.file, &outcome.label.to_string());
        self.file.push_str(" { ");
        for (player, payoff) in outcome.payoffs.iter().enumerate() {
            let comma = if player == 0 { "" } else { ", " };
            write!(self.file, "{comma}{payoff}")?;
        }
        self.file.push_str(" }");
        Ok(())
    }
}
