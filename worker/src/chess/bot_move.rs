//! `chess.bot_move` and `chess.bot_move.deep`: a bot answers a move or a draw offer. Reads the game, thinks on the compute pool, and acts
//! by the same command as a human. Whoever takes the turn has it for some seconds; a second answer to the same ply is refused.

use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow};
use rookery_chess::bot::{Act, Answer, Bot, Clock, Decision, Difficulty, Record, Turn};
use rookery_chess::live::{Command, Refusal, Seat};
use rookery_chess::rules::notation::Step;
use rookery_chess::search::Watch;
use rookery_queue::worker::{Chore, DueContext, JobError, Reason, Stop, Workload};
use rookery_shared::chess::{
    BotMove, BotThink, CommandError, Game, deep_bots, overdue_bots, quick_bots,
};
use shakmaty::{Color, Position as _};
use uuid::Uuid;

use crate::context::Context;

/// Far longer than any bot thinks.
const TIMEOUT: Duration = Duration::from_secs(10);

impl Chore<Context> for BotMove {
    const TIMEOUT: Duration = TIMEOUT;
    /// Most of the time they wait for Postgres.
    const CONCURRENCY: usize = 32;
    const WORKLOAD: Workload = Workload::Moment;

    async fn overdue(context: &Context, limit: usize) -> anyhow::Result<Vec<Uuid>> {
        overdue(context, &quick_bots(), limit).await
    }

    async fn run(ids: Vec<Uuid>, ctx: DueContext<Context>, stop: Stop) -> Result<(), JobError> {
        run(ids, &ctx, &stop).await
    }
}

impl Chore<Context> for BotThink {
    const TIMEOUT: Duration = TIMEOUT;
    /// They think most of the time: more would wait for a thread with a turn in hand that another process could have taken.
    const CONCURRENCY: usize = 4;

    async fn overdue(context: &Context, limit: usize) -> anyhow::Result<Vec<Uuid>> {
        overdue(context, &deep_bots(), limit).await
    }

    async fn run(ids: Vec<Uuid>, ctx: DueContext<Context>, stop: Stop) -> Result<(), JobError> {
        run(ids, &ctx, &stop).await
    }
}

async fn overdue(context: &Context, bots: &[String], limit: usize) -> anyhow::Result<Vec<Uuid>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(overdue_bots(&context.store, bots, limit).await?)
}

async fn run(ids: Vec<Uuid>, ctx: &DueContext<Context>, stop: &Stop) -> Result<(), JobError> {
    for id in ids {
        let arrived = Instant::now();
        let taken = ctx.app.chess.take_bot_turn(id).await;
        if let Some(game) = taken.context("the game could not be read")? {
            answer(game, arrived, ctx, stop).await?;
        }
    }
    Ok(())
}

async fn answer(
    game: Game,
    arrived: Instant,
    ctx: &DueContext<Context>,
    stop: &Stop,
) -> Result<(), JobError> {
    let Some(question) = Question::of(&game)? else {
        return Ok(());
    };
    let help = ctx.app.stockfish_for(question.difficulty);
    let advice = match help.filter(|_| question.is_on_move()) {
        Some(stockfish) => stockfish.best_move(&game.uci_moves()).await,
        None => None,
    };
    let color = question.color;
    let app = ctx.app.clone();
    let reply = ctx.compute(stop, move |stop| {
        app.bots.with(question.difficulty, |bot| {
            question.put_to(bot, advice.as_deref(), &mut Halt(stop))
        })
    });
    let Some(reply) = reply.await else {
        return Err(JobError::Stopped);
    };
    if let Some(pause) = reply.pause(&game) {
        let put_off = ctx.app.chess.postpone_bot_turn(&game, pause).await;
        return Ok(put_off.context("the turn could not be put off")?);
    }
    for command in reply.commands(color, &game) {
        let done = ctx
            .app
            .chess
            .command(game.row.id, arrived, |_| command.clone());
        match done.await {
            Ok(_) => {}
            Err(CommandError::Store(error)) => return Err(anyhow::Error::from(error).into()),
            Err(CommandError::Refused(Refusal::IllegalMove(mv), _)) => {
                return Err(anyhow!("the bot wants to play {mv}, which is not legal").into());
            }
            Err(moot) => {
                tracing::debug!(game.id = %game.row.id, %moot, "the game went on without the bot's answer");
                break;
            }
        }
    }
    Ok(())
}

/// What a bot is asked, with everything that its answer follows from.
struct Question {
    difficulty: Difficulty,
    color: Color,
    record: Record,
    seed: u64,
    clock: Clock,
    draw_offer: Option<Color>,
}

impl Question {
    /// None if the bot has nothing to say.
    fn of(game: &Game) -> anyhow::Result<Option<Self>> {
        let row = &game.row;
        let id = row.bot_id.as_deref();
        let (Some(color), Some(difficulty)) = (row.bot(), id.and_then(Difficulty::of_bot)) else {
            return Err(anyhow!("game {} has no bot of ours: {id:?}", row.id));
        };
        let moves = game.uci_moves();
        let record = Record::replay(moves.iter().map(String::as_str));
        let record =
            record.with_context(|| format!("the moves of game {} are not legal", row.id))?;
        // As the turn began, not as it is: the same game asks the same question again.
        let left = match color {
            Color::White => row.white_clock_ms,
            Color::Black => row.black_clock_ms,
        };
        let question = Self {
            difficulty,
            color,
            record,
            seed: row.bot_seed.unwrap_or_default().cast_unsigned(),
            clock: Clock {
                remaining: Duration::from_millis(u64::try_from(left).unwrap_or(0)),
            },
            draw_offer: game.live().offers.draw,
        };
        let asked = question.is_on_move() || question.draw_offer == Some(!color);
        Ok(asked.then_some(question))
    }

    fn is_on_move(&self) -> bool {
        self.record.position().turn() == self.color
    }

    /// `advice`: what a program that nobody trusts would play.
    fn put_to(&self, bot: &mut Bot, advice: Option<&str>, watch: &mut dyn Watch) -> Option<Reply> {
        let turn = Turn {
            record: &self.record,
            seed: self.seed,
            clock: Some(self.clock),
            draw_offer: self.draw_offer,
        };
        if !self.is_on_move() {
            return Some(Reply::ToOffer(bot.answer(&turn, self.color, watch)));
        }
        let advised = advice.and_then(|text| {
            let mv = self.record.read(text);
            if mv.is_none() {
                tracing::warn!(
                    advice = text,
                    "the UCI program's move is not legal; our own engine plays"
                );
            }
            bot.adopt(&turn, mv?, watch)
        });
        advised
            .or_else(|| bot.decide(&turn, watch))
            .map(Reply::ToMove)
    }
}

enum Reply {
    ToMove(Decision),
    ToOffer(Answer),
}

impl Reply {
    /// How long the bot has to wait still if it is to seem to think.
    fn pause(&self, game: &Game) -> Option<Duration> {
        let Self::ToMove(decision) = self else {
            return None;
        };
        let row = &game.row;
        let spent = (row.now - row.turn_started_at?)
            .to_std()
            .unwrap_or_default();
        let left = decision.think.saturating_sub(spent);
        (row.bot_thinks && !left.is_zero()).then_some(left)
    }

    fn commands(&self, color: Color, game: &Game) -> Vec<Command> {
        let by = Seat::Bot;
        let play = |mv| {
            let step = Step::of(mv, color);
            Command::Move {
                by,
                from: step.from,
                to: step.to,
                promotion: step.promotion,
                ply: Some(game.live().ply + 1),
            }
        };
        match self {
            Self::ToMove(decision) => match decision.act {
                Act::Play(mv) => vec![play(mv)],
                Act::PlayOfferingDraw(mv) => vec![Command::OfferDraw { by }, play(mv)],
                Act::AcceptDraw => vec![Command::AcceptDraw { by }],
                Act::ClaimDraw => vec![Command::ClaimDraw { by }],
                Act::Resign => vec![Command::Resign { by }],
            },
            Self::ToOffer(Answer::Accept) => vec![Command::AcceptDraw { by }],
            Self::ToOffer(Answer::Decline) => vec![Command::DeclineDraw { by }],
        }
    }
}

/// A worker that was told to leave still finishes a thought: that is sooner than another one's beginning.
struct Halt<'a>(&'a Stop);

impl Watch for Halt<'_> {
    fn stop(&mut self, _nodes: u64) -> bool {
        self.0
            .reason()
            .is_some_and(|reason| reason != Reason::Draining)
    }
}
