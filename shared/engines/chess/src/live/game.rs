//! How a live game begins, and what becomes of it by a command.

use shakmaty::{Chess, Color, Position as _};
use uuid::Uuid;

use super::command::{Change, Clocks, Command, Event};
use super::refusal::Refusal;
use super::state::{
    ColorPreference, DrawPolicy, EndReason, Ending, Game, Offers, Seat, Seats, Status,
};
use crate::rules::notation::Step;
use crate::rules::{self, History, Winnable};

/// What an account asks for when it opens a game to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    pub creator: Uuid,
    /// Nobody: anyone but the creator may join.
    pub invited: Option<Uuid>,
    pub preference: ColorPreference,
    pub rated: bool,
    pub policy: DrawPolicy,
}

impl Game {
    /// A game that waits for its opponent.
    pub fn challenge(challenge: Challenge) -> Result<Self, Refusal> {
        if challenge.invited == Some(challenge.creator) {
            return Err(Refusal::SelfChallenge);
        }
        let position = Chess::default();
        Ok(Self {
            status: Status::WaitingForOpponent,
            rated: challenge.rated,
            policy: challenge.policy,
            creator: challenge.creator,
            invited: challenge.invited,
            preference: challenge.preference,
            seats: None,
            history: History::starting(&position),
            position,
            ply: 0,
            offers: Offers::default(),
            ending: None,
        })
    }

    /// A game against a bot, in progress at once and never rated; `drawn` is the account's colour if it has no preference.
    pub fn against_bot(
        creator: Uuid,
        preference: ColorPreference,
        drawn: Color,
        policy: DrawPolicy,
    ) -> Self {
        let position = Chess::default();
        Self {
            status: Status::InProgress,
            rated: false,
            policy,
            creator,
            invited: None,
            preference,
            seats: Some(Seats::new(
                preference.color_or(drawn),
                Seat::Account(creator),
                Seat::Bot,
            )),
            history: History::starting(&position),
            position,
            ply: 0,
            offers: Offers::default(),
            ending: None,
        }
    }

    /// What the command leads to. Nothing is written: the store does that, if the game is still the same by then.
    pub fn apply(&self, command: &Command) -> Result<Change, Refusal> {
        match *command {
            Command::Join { account, coin } => {
                self.join(account, if coin { Color::White } else { Color::Black })
            }
            Command::Decline { account } => self.decline(account),
            Command::Move {
                by,
                from,
                to,
                promotion,
                ply,
            } => self.play(
                by,
                Step {
                    from,
                    to,
                    promotion,
                },
                ply,
            ),
            Command::Resign { by } => {
                let color = self.player(by)?;
                Ok(self.ended(Ending::won(!color, EndReason::Resignation)))
            }
            Command::Abort { by } => {
                self.player(by)?;
                if self.ply >= 2 {
                    return Err(Refusal::TooLateToAbort);
                }
                Ok(self.ended(Ending::unplayed(EndReason::Aborted)))
            }
            Command::OfferDraw { by } => self.offer_draw(by),
            Command::AcceptDraw { by } => self.accept_draw(by),
            Command::DeclineDraw { by } => self.decline_draw(by),
            Command::ClaimDraw { by } => self.claim_draw(by),
            Command::Takeback { by, ref moves } => self.take_back(by, moves),
            Command::Flag => self.flag(),
        }
    }

    fn join(&self, account: Uuid, drawn: Color) -> Result<Change, Refusal> {
        if account == self.creator {
            return Err(Refusal::OwnChallenge);
        }
        if self.invited.is_some_and(|invited| invited != account) {
            return Err(Refusal::NotAPlayer);
        }
        self.waiting()?;
        let next = Self {
            status: Status::InProgress,
            seats: Some(Seats::new(
                self.preference.color_or(drawn),
                Seat::Account(self.creator),
                Seat::Account(account),
            )),
            ..self.clone()
        };
        Ok(Change {
            next,
            clocks: Clocks::Start,
            event: Event::Joined,
        })
    }

    fn decline(&self, account: Uuid) -> Result<Change, Refusal> {
        self.color_of(Seat::Account(account))?;
        self.waiting()?;
        let reason = if account == self.creator {
            EndReason::Aborted
        } else {
            EndReason::Declined
        };
        Ok(Change {
            clocks: Clocks::Keep,
            ..self.ended(Ending::unplayed(reason))
        })
    }

    fn flag(&self) -> Result<Change, Refusal> {
        self.in_progress()?;
        let winner = !self.position.turn();
        let verdict = rules::winnable(&self.position, winner);
        let ending = match verdict.winnable {
            Winnable::Yes => Ending::won(winner, EndReason::Timeout),
            Winnable::No => Ending::drawn(EndReason::TimeoutVsInsufficientMaterial),
        };
        Ok(Change {
            clocks: Clocks::Flag,
            event: Event::Flagged(verdict.adjudication),
            ..self.ended(ending)
        })
    }

    /// The colour of one who plays, or could play were the game joined.
    fn color_of(&self, seat: Seat) -> Result<Option<Color>, Refusal> {
        match self.seats {
            Some(seats) => seats.color_of(seat).map(Some).ok_or(Refusal::NotAPlayer),
            None => [Some(self.creator), self.invited]
                .into_iter()
                .flatten()
                .any(|account| Seat::Account(account) == seat)
                .then_some(None)
                .ok_or(Refusal::NotAPlayer),
        }
    }

    /// The colour of one who plays in a game in progress.
    pub(super) fn player(&self, by: Seat) -> Result<Color, Refusal> {
        let color = self.color_of(by)?;
        self.in_progress()?;
        color.ok_or(Refusal::GameNotStarted)
    }

    fn in_progress(&self) -> Result<(), Refusal> {
        match self.status {
            Status::InProgress => Ok(()),
            Status::WaitingForOpponent => Err(Refusal::GameNotStarted),
            Status::Ended => Err(Refusal::GameEnded),
        }
    }

    fn waiting(&self) -> Result<(), Refusal> {
        match self.status {
            Status::WaitingForOpponent => Ok(()),
            Status::InProgress => Err(Refusal::GameStarted),
            Status::Ended => Err(Refusal::GameEnded),
        }
    }

    /// This game, over without a move.
    pub(super) fn ended(&self, ending: Ending) -> Change {
        Change {
            next: self.clone().over(ending),
            clocks: Clocks::Stop,
            event: Event::Ended,
        }
    }

    pub(super) fn over(self, ending: Ending) -> Self {
        Self {
            status: Status::Ended,
            offers: Offers::default(),
            ending: Some(ending),
            ..self
        }
    }
}

impl ColorPreference {
    fn color_or(self, drawn: Color) -> Color {
        match self {
            Self::White => Color::White,
            Self::Black => Color::Black,
            Self::Random => drawn,
        }
    }
}
