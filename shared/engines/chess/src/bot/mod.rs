//! Bots of six difficulties: what they play, when they take a draw or give up, and how long they seem to think.
//!
//! A decision is a function of the game so far, the game's seed and, when time runs out, the clock: the same game is played
//! again on any machine.

mod book;
mod choice;
mod dice;
mod difficulty;
mod level;
mod manners;
mod pace;
mod record;

use std::time::Duration;

use shakmaty::{Color, Move, Position};

use crate::search::{Limits, Report, Searcher, Watch};

use choice::{Chance, choose};
use dice::Dice;
use level::Level;
use manners::Standing;
use pace::Effort;

pub use difficulty::{Difficulty, UnknownDifficulty};
pub use pace::Clock;
pub use record::Record;

/// One who plays, with the memory that its level searches with. A bot may play any number of games at once: it remembers
/// nothing between two moves.
pub struct Bot {
    level: Level,
    searcher: Searcher,
}

/// What a bot is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    pub record: &'a Record,
    /// Of the whole game.
    pub seed: u64,
    /// None: it need not hurry, nor seem to think.
    pub clock: Option<Clock>,
    /// Who has offered a draw that is not answered.
    pub draw_offer: Option<Color>,
}

/// What a bot does when it is its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    pub act: Act,
    /// How long a human would have thought about it.
    pub think: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Play(Move),
    /// Offers a draw and plays.
    PlayOfferingDraw(Move),
    AcceptDraw,
    ClaimDraw,
    Resign,
}

impl Act {
    pub const fn played(self) -> Option<Move> {
        match self {
            Self::Play(mv) | Self::PlayOfferingDraw(mv) => Some(mv),
            Self::AcceptDraw | Self::ClaimDraw | Self::Resign => None,
        }
    }
}

/// What a bot says to a draw offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Accept,
    Decline,
}

/// What it has thought of, before it speaks or moves.
struct Thought {
    mv: Move,
    effort: Effort,
    /// None: it knows the position from its book.
    standing: Option<Standing>,
    dice: Dice,
}

impl Thought {
    fn decision(mut self, act: Act, turn: &Turn<'_>) -> Decision {
        let think = turn.clock.map_or(Duration::ZERO, |clock| {
            pace::think(clock, self.effort, &mut self.dice)
        });
        Decision { act, think }
    }
}

impl Bot {
    pub fn new(difficulty: Difficulty) -> Self {
        let level = difficulty.level();
        Self {
            level,
            searcher: Searcher::new(level.table_megabytes),
        }
    }

    /// What it does, being on the move. None if there is no legal move, or it was stopped before it had an idea.
    pub fn decide(&mut self, turn: &Turn<'_>, watch: &mut dyn Watch) -> Option<Decision> {
        let mut thought = self.think(turn, watch)?;
        let act = match thought.standing {
            Some(standing) => self.behave(turn, standing, &mut thought, watch),
            None => Act::Play(thought.mv),
        };
        Some(thought.decision(act, turn))
    }

    /// The move it plays where there is nobody to talk to about draws and resigning. None as in [`Bot::decide`].
    pub fn play(&mut self, turn: &Turn<'_>, watch: &mut dyn Watch) -> Option<Move> {
        self.think(turn, watch).map(|thought| thought.mv)
    }

    /// What it does when it has `mv` from somebody who plays better. None if that is not legal.
    pub fn adopt(&mut self, turn: &Turn<'_>, mv: Move, watch: &mut dyn Watch) -> Option<Decision> {
        let record = turn.record;
        if !record.position().is_legal(mv) {
            return None;
        }
        let standing = Standing::of(self.glance(turn, 0, watch)?, record);
        let mut thought = Thought {
            mv,
            effort: Effort::Usual,
            standing: Some(standing),
            dice: Dice::new(turn.seed, u64::from(record.ply())),
        };
        let act = self.behave(turn, standing, &mut thought, watch);
        Some(thought.decision(act, turn))
    }

    fn think(&mut self, turn: &Turn<'_>, watch: &mut dyn Watch) -> Option<Thought> {
        let record = turn.record;
        let mut dice = Dice::new(turn.seed, u64::from(record.ply()));
        let theory = book::play(
            record.position(),
            record.ply(),
            self.level.reading,
            &mut dice,
        );
        if let Some(mv) = theory.filter(|_| !record.draw_can_be_claimed()) {
            return Some(Thought {
                mv,
                effort: Effort::Obvious,
                standing: None,
                dice,
            });
        }
        let report = self.look(turn, &mut dice, watch)?;
        let best = report.lines.first()?;
        let line = match &self.level.human {
            Some(human) => {
                let chance = Chance {
                    dice: &mut dice,
                    seed: turn.seed,
                };
                choose(&report.lines, record.last_move(), human, chance)?
            }
            None => best,
        };
        let mv = *line.moves.first()?;
        Some(Thought {
            mv,
            effort: effort(&report, record, mv),
            standing: Some(Standing::of(best.score.centipawns(), record)),
            dice,
        })
    }

    /// The move, or what comes before it.
    fn behave(
        &mut self,
        turn: &Turn<'_>,
        standing: Standing,
        thought: &mut Thought,
        watch: &mut dyn Watch,
    ) -> Act {
        let bot = turn.record.position().turn();
        if turn.record.draw_can_be_claimed() && standing.claims_draw() {
            Act::ClaimDraw
        } else if turn.draw_offer == Some(!bot) && standing.accepts_draw() {
            Act::AcceptDraw
        } else if self.gives_up(turn, standing, watch) {
            thought.effort = Effort::Hard;
            Act::Resign
        } else if turn.draw_offer.is_none() && standing.offers_draw(&mut thought.dice) {
            Act::PlayOfferingDraw(thought.mv)
        } else {
            Act::Play(thought.mv)
        }
    }

    /// What it says to the draw that its opponent has offered, whoever is on the move.
    pub fn answer(&mut self, turn: &Turn<'_>, bot: Color, watch: &mut dyn Watch) -> Answer {
        let record = turn.record;
        let position = record.position();
        let value = self.glance(turn, 0, watch).map(|value| {
            if position.turn() == bot {
                value
            } else {
                -value
            }
        });
        let accepts = value.is_some_and(|value| Standing::of(value, record).accepts_draw());
        if accepts {
            Answer::Accept
        } else {
            Answer::Decline
        }
    }

    /// The search that its move comes from.
    fn look(&mut self, turn: &Turn<'_>, dice: &mut Dice, watch: &mut dyn Watch) -> Option<Report> {
        let nodes = pace::nodes(self.level.nodes, turn.clock);
        // Who has no other weakness would play the same game again and again.
        let spread = u64::try_from(dice.between(850, 1150)).expect("positive");
        let limits = Limits {
            nodes: (nodes * spread / 1000).max(1),
            depth: self.level.depth,
            multipv: self.level.human.map_or(1, |human| human.lines),
        };
        let (position, keys) = turn.record.before(0)?;
        self.searcher.clear();
        Some(self.searcher.search(position, keys, &limits, watch))
    }

    /// What the side to move has there, by a quarter of the work.
    fn glance(&mut self, turn: &Turn<'_>, plies_ago: usize, watch: &mut dyn Watch) -> Option<i32> {
        let limits = Limits {
            nodes: (pace::nodes(self.level.nodes, turn.clock) / 4).max(1),
            depth: self.level.depth,
            multipv: 1,
        };
        let (position, keys) = turn.record.before(plies_ago)?;
        self.searcher.clear();
        let report = self.searcher.search(position, keys, &limits, watch);
        Some(report.lines.first()?.score.centipawns())
    }

    /// Lost now, and as lost on its last two turns.
    fn gives_up(&mut self, turn: &Turn<'_>, now: Standing, watch: &mut dyn Watch) -> bool {
        let Some(resigns) = self.level.resigns else {
            return false;
        };
        now.is_lost(resigns)
            && [2, 4].into_iter().all(|plies| {
                self.glance(turn, plies, watch)
                    .is_some_and(|value| value <= -resigns)
            })
    }
}

/// Two moves this close are hard to tell apart.
const CLOSE: i32 = 15;

fn effort(report: &Report, record: &Record, mv: Move) -> Effort {
    let taken_back = mv.is_capture()
        && record
            .last_move()
            .is_some_and(|last| last.is_capture() && last.to() == mv.to());
    if taken_back || record.position().legal_moves().len() == 1 {
        return Effort::Obvious;
    }
    match report.lines.as_slice() {
        [first, second, ..] if first.score.centipawns() - second.score.centipawns() < CLOSE => {
            Effort::Hard
        }
        _ => Effort::Usual,
    }
}
