//! The ladder of bots: neighbouring levels play each other from varied openings, both colours, and the differences are printed
//! in Elo with their 95 % intervals.
//!
//! `ladder [--games n] [--pair beginner,easy] [--seed n] [--json]`; a `--pair` may come more than once.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use rookery_chess::bot::{Act, Bot, Difficulty, Record, Turn};
use rookery_chess::search::Unwatched;
use shakmaty::san::San;
use shakmaty::{Color, KnownOutcome, Position};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some(order) = Order::parse(&words) else {
        eprintln!("usage: ladder [--games n] [--pair beginner,easy]... [--seed n] [--json]");
        return ExitCode::FAILURE;
    };
    for (lower, upper) in &order.pairs {
        let tally = play_match(*lower, *upper, &order);
        match order.format {
            Format::Text => println!("{}", tally.text(*lower, *upper)),
            Format::Json => println!("{}", tally.json(*lower, *upper)),
        }
    }
    ExitCode::SUCCESS
}

struct Order {
    games: u64,
    seed: u64,
    pairs: Vec<(Difficulty, Difficulty)>,
    format: Format,
}

#[derive(Clone, Copy)]
enum Format {
    Text,
    Json,
}

impl Order {
    fn parse(words: &[String]) -> Option<Self> {
        let mut order = Self {
            games: 200,
            seed: 1,
            pairs: Vec::new(),
            format: Format::Text,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--games" => order.games = words.next()?.parse().ok()?,
                "--seed" => order.seed = words.next()?.parse().ok()?,
                "--json" => order.format = Format::Json,
                "--pair" => {
                    let (lower, upper) = words.next()?.split_once(',')?;
                    order.pairs.push((lower.parse().ok()?, upper.parse().ok()?));
                }
                _ => return None,
            }
        }
        if order.pairs.is_empty() {
            let all = Difficulty::ALL;
            order.pairs = all.windows(2).map(|pair| (pair[0], pair[1])).collect();
        }
        Some(order)
    }
}

/// Both sides may reach most of what is played from these: each is played twice with the colours changed.
const OPENINGS: [&str; 25] = [
    "e4 e5 Nf3 Nc6",
    "e4 e5 Nc3 Nf6",
    "e4 e5 Bc4 Nf6",
    "e4 e5 d4 exd4",
    "e4 c5 Nf3 d6",
    "e4 c5 Nf3 e6",
    "e4 c5 c3 d5",
    "e4 c5 Nc3 Nc6",
    "e4 e6 d4 d5",
    "e4 e6 d3 d5",
    "e4 c6 d4 d5",
    "e4 d5 exd5 Qxd5",
    "e4 d6 d4 Nf6",
    "e4 g6 d4 Bg7",
    "e4 Nf6 e5 Nd5",
    "d4 d5 c4 e6",
    "d4 d5 c4 c6",
    "d4 d5 Bf4 Nf6",
    "d4 Nf6 c4 e6",
    "d4 Nf6 c4 g6",
    "d4 f5 g3 Nf6",
    "c4 e5 Nc3 Nf6",
    "c4 c5 Nf3 Nf6",
    "Nf3 d5 g3 Nf6",
    "b3 e5 Bb2 Nc6",
];

/// As the upper level sees it.
#[derive(Default)]
struct Tally {
    wins: u64,
    draws: u64,
    losses: u64,
    plies: u64,
    lower_moves: Vec<Duration>,
    upper_moves: Vec<Duration>,
}

fn play_match(lower: Difficulty, upper: Difficulty, order: &Order) -> Tally {
    let mut tally = Tally::default();
    let mut lower = Bot::new(lower);
    let mut upper = Bot::new(upper);
    for game in 0..order.games {
        let opening = OPENINGS[usize::try_from(game / 2).unwrap_or(0) % OPENINGS.len()];
        let upper_color = if game % 2 == 0 {
            Color::White
        } else {
            Color::Black
        };
        let table = Table {
            record: opened(opening),
            seed: order.seed.wrapping_mul(1_000_003).wrapping_add(game),
            upper_color,
        };
        match table.play(&mut lower, &mut upper, &mut tally) {
            Some(winner) if winner == upper_color => tally.wins += 1,
            Some(_) => tally.losses += 1,
            None => tally.draws += 1,
        }
    }
    tally
}

fn opened(moves: &str) -> Record {
    let mut record = Record::default();
    for word in moves.split_whitespace() {
        let san: San = word.parse().expect("written above");
        let mv = san.to_move(record.position()).expect("written above");
        assert!(record.play(mv));
    }
    record
}

struct Table {
    record: Record,
    seed: u64,
    upper_color: Color,
}

impl Table {
    /// The winner; none: a draw. Ends by the rules, by fivefold repetition and 75 moves at the latest, or as the bots agree.
    #[expect(
        clippy::disallowed_methods,
        reason = "a measurement reads the clock; the library does not"
    )]
    fn play(mut self, lower: &mut Bot, upper: &mut Bot, tally: &mut Tally) -> Option<Color> {
        let mut draw_offer = None;
        loop {
            let position = self.record.position();
            let mover = position.turn();
            if position.halfmoves() >= 150 || self.repeated_five_times() {
                return None;
            }
            if let Some(outcome) = position.outcome().known() {
                return match outcome {
                    KnownOutcome::Decisive { winner } => Some(winner),
                    KnownOutcome::Draw => None,
                };
            }
            let (bot, times) = if mover == self.upper_color {
                (&mut *upper, &mut tally.upper_moves)
            } else {
                (&mut *lower, &mut tally.lower_moves)
            };
            let turn = Turn {
                record: &self.record,
                seed: self.seed ^ u64::from(mover.is_white()) << 63,
                clock: None,
                draw_offer,
            };
            let start = Instant::now();
            let decision = bot
                .decide(&turn, &mut Unwatched)
                .expect("there is a move and nobody stops it");
            times.push(start.elapsed());
            tally.plies += 1;
            let mv = match decision.act {
                Act::Resign => return Some(!mover),
                Act::AcceptDraw | Act::ClaimDraw => return None,
                Act::Play(mv) => {
                    draw_offer = draw_offer.filter(|by| *by == mover);
                    mv
                }
                Act::PlayOfferingDraw(mv) => {
                    draw_offer = Some(mover);
                    mv
                }
            };
            assert!(self.record.play(mv), "a bot plays legal moves");
        }
    }

    fn repeated_five_times(&self) -> bool {
        let keys = self.record.keys();
        keys.iter().filter(|key| keys.last() == Some(key)).count() >= 5
    }
}

impl Tally {
    fn games(&self) -> f64 {
        (self.wins + self.draws + self.losses) as f64
    }

    /// The estimate and its 95 % interval (Wilson 1927; draws make it a little too wide).
    fn elo(&self) -> [f64; 3] {
        let n = self.games();
        let share = (self.wins as f64 + self.draws as f64 / 2.0) / n;
        let z = 1.96;
        let middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let reach =
            z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        [share, middle - reach, middle + reach].map(|share| {
            let share = share.clamp(0.001, 0.999);
            -400.0 * (1.0 / share - 1.0).log10()
        })
    }

    fn text(&self, lower: Difficulty, upper: Difficulty) -> String {
        let [elo, low, high] = self.elo();
        format!(
            "{upper} against {lower}: +{} ={} -{}, {elo:+.0} Elo [{low:+.0}, {high:+.0}], {:.0} plies a game; \
             a move of {upper} took {}, of {lower} {}",
            self.wins,
            self.draws,
            self.losses,
            self.plies as f64 / self.games(),
            took(&self.upper_moves),
            took(&self.lower_moves),
        )
    }

    fn json(&self, lower: Difficulty, upper: Difficulty) -> String {
        let [elo, low, high] = self.elo();
        format!(
            r#"{{"lower":"{lower}","upper":"{upper}","wins":{},"draws":{},"losses":{},"elo":{elo:.1},"elo_low":{low:.1},"elo_high":{high:.1},"lower_p50_ms":{:.3},"lower_p99_ms":{:.3},"upper_p50_ms":{:.3},"upper_p99_ms":{:.3}}}"#,
            self.wins,
            self.draws,
            self.losses,
            quantile(&self.lower_moves, 50),
            quantile(&self.lower_moves, 99),
            quantile(&self.upper_moves, 50),
            quantile(&self.upper_moves, 99),
        )
    }
}

fn took(times: &[Duration]) -> String {
    format!(
        "{:.2} ms (p99 {:.2})",
        quantile(times, 50),
        quantile(times, 99)
    )
}

/// In milliseconds.
fn quantile(times: &[Duration], percent: usize) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    let at = times.len().saturating_sub(1) * percent / 100;
    times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}
