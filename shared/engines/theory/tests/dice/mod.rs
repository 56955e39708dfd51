//! Liar's dice built from its rules as `.efg` text.

use std::collections::HashMap;
use std::fmt::Write as _;

/// Liar's dice with one die each: bids go up by quantity, then face; the highest face is wild.
pub fn liars_dice(faces: usize) -> String {
    let mut tree = Tree::default();
    let names: Vec<String> = (1..=faces).map(|face| face.to_string()).collect();
    tree.chance(&names);
    for first in 0..faces {
        tree.chance(&names);
        for second in 0..faces {
            bid(&mut tree, [first, second], faces, &mut Vec::new());
        }
    }
    tree.file("Liar's dice")
}

fn bid(tree: &mut Tree, dice: [usize; 2], faces: usize, bids: &mut Vec<usize>) {
    let mover = bids.len() % 2;
    let last = bids.last().copied();
    let higher = last.map_or(0, |last| last + 1)..2 * faces;
    let mut labels: Vec<String> = higher
        .clone()
        .map(|bid| format!("{}x{}", bid / faces + 1, bid % faces + 1))
        .collect();
    if last.is_some() {
        labels.push("liar".to_owned());
    }
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    tree.decision(mover, format!("{}|{bids:?}", dice[mover]), &labels);
    for next in higher {
        bids.push(next);
        bid(tree, dice, faces, bids);
        bids.pop();
    }
    if let Some(last) = last {
        let (quantity, face) = (last / faces + 1, last % faces);
        let shown = dice
            .iter()
            .filter(|die| **die == face || **die == faces - 1)
            .count();
        let bidder_wins = shown >= quantity;
        // The bidder is the other player.
        let first_wins = bidder_wins == (mover == 1);
        tree.end(if first_wins { 1 } else { -1 });
    }
}

/// A tree under construction; information sets are named by player and what the player has seen.
#[derive(Default)]
struct Tree {
    text: String,
    infosets: HashMap<(usize, String), usize>,
    outcomes: usize,
}

impl Tree {
    fn chance(&mut self, labels: &[String]) {
        let share = labels.len();
        write!(self.text, "c \"\" {} \"\" {{", share).expect("a text");
        for label in labels {
            write!(self.text, " \"{label}\" 1/{share}").expect("a text");
        }
        self.text.push_str(" } 0\n");
    }

    fn decision(&mut self, player: usize, seen: String, labels: &[&str]) {
        let next = self.infosets.len() + 1;
        let number = *self.infosets.entry((player, seen)).or_insert(next);
        write!(self.text, "p \"\" {} {number} \"\" {{", player + 1).expect("a text");
        for label in labels {
            write!(self.text, " \"{label}\"").expect("a text");
        }
        self.text.push_str(" } 0\n");
    }

    /// The end of play; the amount goes to the first player from the second.
    fn end(&mut self, amount: i64) {
        self.outcomes += 1;
        let number = self.outcomes;
        writeln!(
            self.text,
            "t \"\" {number} \"\" {{ {amount}, {} }}",
            -amount
        )
        .expect("a text");
    }

    fn file(self, title: &str) -> String {
        format!(
            "EFG 2 R \"{title}\" {{ \"1\" \"2\" }}\n\"\"\n\n{}",
            self.text
        )
    }
}
