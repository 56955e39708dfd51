//! Why a command changes nothing.

/// Checked in this order: is the sender a player; is the game in the state that the command is for; is `ply` the next one; is it
/// the sender's turn; does the move, the offer or the claim exist. So a stranger learns nothing about a game, and who sends a
/// move twice hears that it was played rather than that it is the other side's turn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("Move {0} is not legal from current position.")]
    IllegalMove(String),
    #[error("Move {0} needs a promotion: q, r, b or n.")]
    PromotionRequired(String),
    #[error("You cannot challenge yourself.")]
    SelfChallenge,
    #[error("You are not a player of this game.")]
    NotAPlayer,
    #[error("You cannot join your own challenge.")]
    OwnChallenge,
    #[error("It is not your turn.")]
    NotYourTurn,
    #[error("The next ply is {next}, not {sent}.")]
    PlyConflict { next: u32, sent: u32 },
    #[error("The game has ended.")]
    GameEnded,
    #[error("The game has not started.")]
    GameNotStarted,
    #[error("The game has already started.")]
    GameStarted,
    #[error("There is no draw offer to answer.")]
    NoDrawOffer,
    #[error("You have already offered this; the other side has not answered.")]
    AlreadyOffered,
    #[error(
        "Neither threefold repetition nor the fifty-move rule applies, and the position is not dead."
    )]
    NothingToClaim,
    #[error("It is too late to abort: resign or offer a draw.")]
    TooLateToAbort,
    #[error("There is nothing to take back.")]
    NothingToTakeBack,
    #[error("Moves of a rated game cannot be taken back.")]
    Rated,
    /// The moves that came with the command are not those of the game.
    #[error("The game has changed meanwhile.")]
    VersionConflict,
}

/// What kind of fault it is: the answer's class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 400: wrong at any time.
    BadRequest,
    /// 403: not for this sender.
    Forbidden,
    /// 409: not in the game's present state.
    Conflict,
}

impl Refusal {
    /// The word in the answer's `error`.
    pub const fn code(&self) -> &'static str {
        self.row().0
    }

    pub const fn fault(&self) -> Fault {
        self.row().1
    }

    const fn row(&self) -> (&'static str, Fault) {
        match self {
            Self::IllegalMove(_) => ("illegal_move", Fault::BadRequest),
            Self::PromotionRequired(_) => ("promotion_required", Fault::BadRequest),
            Self::SelfChallenge => ("invalid_request", Fault::BadRequest),
            Self::NotAPlayer => ("not_a_player", Fault::Forbidden),
            Self::OwnChallenge => ("own_challenge", Fault::Forbidden),
            Self::NotYourTurn => ("not_your_turn", Fault::Conflict),
            Self::PlyConflict { .. } => ("ply_conflict", Fault::Conflict),
            Self::GameEnded => ("game_ended", Fault::Conflict),
            Self::GameNotStarted => ("game_not_started", Fault::Conflict),
            Self::GameStarted => ("game_started", Fault::Conflict),
            Self::NoDrawOffer => ("no_draw_offer", Fault::Conflict),
            Self::AlreadyOffered => ("already_offered", Fault::Conflict),
            Self::NothingToClaim => ("nothing_to_claim", Fault::Conflict),
            Self::TooLateToAbort => ("too_late_to_abort", Fault::Conflict),
            Self::NothingToTakeBack => ("nothing_to_take_back", Fault::Conflict),
            Self::Rated => ("rated_game", Fault::Conflict),
            Self::VersionConflict => ("version_conflict", Fault::Conflict),
        }
    }
}
