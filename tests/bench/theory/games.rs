//! The games that are measured: random ones from fixed seeds, the same for everyone on every machine, and their texts.

use std::fmt::Write as _;

use rookery_theory::{Game, Limits, NormalGame, parse};

/// A game of two players with the same number of strategies, payoffs in whole numbers.
pub struct Square {
    pub size: usize,
    /// By row, then by column: what the row player gets, and the column player.
    pub payoffs: Vec<[i64; 2]>,
}

impl Square {
    /// Each payoff uniform between 0 and 100.
    pub fn random(size: usize, seed: u64) -> Self {
        let mut numbers = Numbers::new(seed);
        let payoffs = (0..size * size).map(|_| [(); 2].map(|()| numbers.below(101)));
        let payoffs = payoffs.collect();
        Self { size, payoffs }
    }

    /// What one gets the other pays.
    pub fn zero_sum(size: usize, seed: u64) -> Self {
        let mut square = Self::random(size, seed);
        for cell in &mut square.payoffs {
            cell[1] = -cell[0];
        }
        square
    }

    /// As Gambit writes it: the row player's strategy changes fastest.
    pub fn nfg(&self) -> String {
        let size = self.size;
        let mut text =
            format!("NFG 1 R \"random\" {{ \"Row\" \"Column\" }} {{ {size} {size} }}\n\n");
        for column in 0..size {
            for row in 0..size {
                let [first, second] = self.payoffs[row * size + column];
                write!(text, "{first} {second} ").expect("writing to a string does not fail");
            }
        }
        text
    }

    /// As `lrsnash` reads it: the sizes, then each player's payoffs row by row.
    pub fn lrs(&self) -> String {
        let mut text = format!("{} {}\n", self.size, self.size);
        for player in 0..2 {
            for (place, cell) in self.payoffs.iter().enumerate() {
                let end = if (place + 1) % self.size == 0 {
                    "\n"
                } else {
                    " "
                };
                write!(text, "{}{end}", cell[player]).expect("writing to a string does not fail");
            }
        }
        text
    }

    pub fn game(&self) -> anyhow::Result<Game> {
        Ok(parse(
            "random.nfg",
            self.nfg().as_bytes(),
            &Limits::default(),
        )?)
    }

    pub fn table(&self) -> anyhow::Result<NormalGame> {
        match self.game()? {
            Game::Normal(table) => Ok(table),
            _ => anyhow::bail!("an .nfg file of two players is a table"),
        }
    }
}

/// Marsaglia's xorshift64 in Vigna's starred form (2016): enough for games, and the same everywhere.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: i64) -> i64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as i64 % end
    }
}
