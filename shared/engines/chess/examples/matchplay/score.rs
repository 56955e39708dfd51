//! Wins, draws and losses, and what they say about the difference in strength.

use std::fmt;

/// Points of the first player. Games come in pairs from one opening: the pair is the independent event.
#[derive(Default)]
pub struct Tally {
    wins: u32,
    draws: u32,
    losses: u32,
    /// Half points of each pair, 0 to 4.
    pairs: [u32; 5],
}

impl Tally {
    /// Half points of both games.
    pub fn add_pair(&mut self, first: u32, second: u32) {
        for half_points in [first, second] {
            match half_points {
                0 => self.losses += 1,
                1 => self.draws += 1,
                _ => self.wins += 1,
            }
        }
        self.pairs[(first + second).min(4) as usize] += 1;
    }

    /// Share of the points, with the half-width of its 95 % interval.
    fn share(&self) -> (f64, f64) {
        let count: f64 = self.pairs.iter().copied().map(f64::from).sum();
        let points = |kind: usize| kind as f64 / 4.0;
        let weighted = |of: &dyn Fn(usize) -> f64| -> f64 {
            let sum: f64 = (0..5)
                .map(|kind| f64::from(self.pairs[kind]) * of(kind))
                .sum();
            sum / count.max(1.0)
        };
        let mean = weighted(&points);
        let variance = weighted(&|kind| (points(kind) - mean).powi(2));
        (mean, 1.96 * (variance / count.max(1.0)).sqrt())
    }
}

/// The logistic model of the rating scale (Elo, 1978): ten to one in odds is 400 points.
fn elo(share: f64) -> f64 {
    let share = share.clamp(0.001, 0.999);
    -400.0 * (1.0 / share - 1.0).log10()
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mean, half) = self.share();
        write!(
            f,
            "+{} ={} -{}: {:.0} Elo [{:.0}, {:.0}]",
            self.wins,
            self.draws,
            self.losses,
            elo(mean),
            elo(mean - half),
            elo(mean + half)
        )
    }
}
