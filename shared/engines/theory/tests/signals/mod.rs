//! Random small trees with chance, hidden moves, perfect recall and payoffs on the way.

use rookery_theory::{Game, Limits, parse};

/// Nature draws a type that A sees; A moves, B sees a random part of that and moves, C (if there is one) sees nothing, A moves again.
pub fn game(players: usize, seed: u64) -> Game {
    let names = &["A", "B", "C"][..players];
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let mut writer = Writer {
        players,
        random: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
        ends: 0,
        text: format!("EFG 2 R \"signals {seed}\" {{ {} }}\n", names.join(" ")),
    };
    let sees_move = writer.next(2) == 0;
    writer.text += "c \"\" 1 \"\" { \"x\" 1/6 \"y\" 1/3 \"z\" 1/2 } 0\n";
    for kind in 0..3u64 {
        writer.player(1, 1 + kind, 2);
        for first in 0..2u64 {
            let seen = if sees_move { first } else { kind / 2 };
            writer.player(2, 1 + seen, 3);
            for _ in 0..3 {
                if players == 3 {
                    writer.player(3, 1, 2);
                }
                for _ in 0..players - 1 {
                    writer.player(1, 10 + 2 * kind + first, 2);
                    writer.end();
                    writer.end();
                }
            }
        }
    }
    parse("signals.efg", writer.text.as_bytes(), &Limits::default()).expect("well formed")
}

struct Writer {
    players: usize,
    random: u64,
    ends: usize,
    text: String,
}

impl Writer {
    /// Xorshift64*.
    fn next(&mut self, below: u64) -> u64 {
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        (self.random.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below
    }

    /// A node; every third pays something at once.
    fn player(&mut self, player: usize, set: u64, actions: usize) {
        let labels: Vec<String> = (0..actions).map(|action| format!("\"{action}\"")).collect();
        let outcome = if self.next(3) == 0 {
            self.outcome()
        } else {
            "0".to_owned()
        };
        self.text += &format!(
            "p \"\" {player} {set} \"\" {{ {} }} {outcome}\n",
            labels.join(" ")
        );
    }

    fn end(&mut self) {
        let outcome = self.outcome();
        self.text += &format!("t \"\" {outcome}\n");
    }

    fn outcome(&mut self) -> String {
        self.ends += 1;
        let payoffs: Vec<String> = (0..self.players)
            .map(|_| format!("{}/2", self.next(21) as i64 - 10))
            .collect();
        format!("{} \"\" {{ {} }}", self.ends, payoffs.join(", "))
    }
}
