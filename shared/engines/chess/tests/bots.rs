//! Bots at the board: whole games, played again from their seeds, and what each level sees and does.

use std::time::Duration;

use rookery_chess::bot::{Act, Answer, Bot, Clock, Decision, Difficulty, Record, Turn};
use rookery_chess::search::{Unwatched, Watch};
use shakmaty::fen::Fen;
use shakmaty::san::San;
use shakmaty::uci::UciMove;
use shakmaty::{CastlingMode, Chess, Color, Position, Role};

/// From this position, or the initial one, by these moves.
fn game(fen: &str, moves: &str) -> Record {
    let mut record = match fen {
        "startpos" => Record::default(),
        fen => Record::starting(position(fen)),
    };
    for word in moves.split_whitespace() {
        let san: San = word.parse().expect("SAN");
        let mv = san.to_move(record.position()).expect("legal");
        assert!(record.play(mv));
    }
    record
}

fn position(fen: &str) -> Chess {
    fen.parse::<Fen>()
        .expect("FEN")
        .into_position(CastlingMode::Standard)
        .expect("a legal position")
}

const fn turn(record: &Record, seed: u64) -> Turn<'_> {
    Turn {
        record,
        seed,
        clock: None,
        draw_offer: None,
    }
}

fn decide(bot: &mut Bot, turn: &Turn<'_>) -> Decision {
    bot.decide(turn, &mut Unwatched).expect("there is a move")
}

fn played(bot: &mut Bot, turn: &Turn<'_>) -> String {
    let mv = decide(bot, turn).act.played().expect("it plays on");
    UciMove::from_standard(mv).to_string()
}

/// The first half-moves of a game of this level against itself.
fn opening(difficulty: Difficulty, seed: u64, plies: u32) -> Vec<String> {
    let mut bot = Bot::new(difficulty);
    let mut record = Record::default();
    let mut moves = Vec::new();
    while record.ply() < plies {
        let Some(decision) = bot.decide(&turn(&record, seed), &mut Unwatched) else {
            break;
        };
        let Some(mv) = decision.act.played() else {
            break;
        };
        assert!(record.play(mv), "{difficulty} plays legal moves");
        moves.push(UciMove::from_standard(mv).to_string());
    }
    moves
}

const QUICK: [Difficulty; 4] = [
    Difficulty::Beginner,
    Difficulty::Easy,
    Difficulty::Medium,
    Difficulty::Hard,
];

#[test]
fn a_game_is_played_again_from_its_seed() {
    for difficulty in QUICK {
        let first = opening(difficulty, 42, 200);
        assert!(first.len() > 20);
        assert_eq!(first, opening(difficulty, 42, 200), "{difficulty}");
        assert_ne!(first, opening(difficulty, 43, 200), "{difficulty}");
    }
    let first = opening(Difficulty::Expert, 7, 28);
    assert_eq!(first, opening(Difficulty::Expert, 7, 28));
}

/// What it played before must not show: not even in what its tables remember.
#[test]
fn a_bot_may_play_many_games_at_once() {
    let record = game("startpos", "a4 h5 Na3 Nh6 c3 Rh7");
    let mut fresh = Bot::new(Difficulty::Expert);
    let expected = played(&mut fresh, &turn(&record, 5));
    let mut busy = Bot::new(Difficulty::Expert);
    let other = game("startpos", "h4 a5 Nh3 Na6 f3 Ra7 Rh2");
    for seed in 0..3 {
        played(&mut busy, &turn(&other, seed));
    }
    assert_eq!(played(&mut busy, &turn(&record, 5)), expected);
}

#[test]
fn from_medium_on_nobody_misses_a_mate_in_one() {
    // Back-rank mate; smothered mate (Lucena 1497); promotion to a mate.
    let mates = [
        ("6k1/5ppp/8/8/8/8/5PPP/3R2K1 w - - 0 1", "d1d8"),
        ("6rk/6pp/8/6N1/8/8/5PPP/6K1 w - - 0 1", "g5f7"),
        ("k7/7P/1K6/8/8/8/8/8 w - - 0 1", "h7h8q"),
    ];
    for difficulty in Difficulty::ALL {
        if difficulty < Difficulty::Medium {
            continue;
        }
        let mut bot = Bot::new(difficulty);
        for (fen, mate) in mates {
            let record = game(fen, "");
            for seed in 0..5 {
                let mv = played(&mut bot, &turn(&record, seed));
                assert!(mv == mate || mv == "h7h8r", "{difficulty}: {mv} in {fen}");
            }
        }
    }
}

/// Of a hundred games, those in which the queen under attack is left where it stands or put where it is lost.
#[test]
fn the_better_the_player_the_more_rarely_the_queen_is_lost() {
    // After 4... g6 White's queen on h5 is attacked by a pawn.
    let record = game("startpos", "e4 e5 Qh5 Nc6 Nf3 g6");
    let lost = QUICK.map(|difficulty| {
        let mut bot = Bot::new(difficulty);
        (0..100)
            .filter(|seed| {
                let mv = decide(&mut bot, &turn(&record, *seed)).act.played();
                let mut after = record.position().clone();
                after.play_unchecked(mv.expect("it plays on"));
                let queen = after.board().queens() & after.board().white();
                let taken =
                    |mv: &shakmaty::Move| mv.role() != Role::Queen && queen.contains(mv.to());
                after.legal_moves().iter().any(taken)
            })
            .count()
    });
    assert!(lost[0] >= lost[1] && lost[1] >= lost[2], "{lost:?}");
    assert_eq!(lost[2..], [0, 0], "{lost:?}");
}

#[test]
fn a_draw_is_accepted_when_lost_and_declined_when_won() {
    let queen_down = game(
        "rnb1kbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR b KQkq - 0 20",
        "",
    );
    let queen_up = game(
        "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNB1KBNR b KQkq - 0 20",
        "",
    );
    for difficulty in QUICK {
        let mut bot = Bot::new(difficulty);
        let offered = |record| Turn {
            draw_offer: Some(Color::White),
            ..turn(record, 1)
        };
        let act = decide(&mut bot, &offered(&queen_down)).act;
        assert_eq!(act, Act::AcceptDraw, "{difficulty}");
        let act = decide(&mut bot, &offered(&queen_up)).act;
        assert!(act.played().is_some(), "{difficulty}");
        // The same while its opponent is on the move.
        let answer = |bot: &mut Bot, record, color: Color| {
            let asked = Turn {
                draw_offer: Some(!color),
                ..turn(record, 1)
            };
            bot.answer(&asked, color, &mut Unwatched)
        };
        assert_eq!(answer(&mut bot, &queen_down, Color::White), Answer::Decline);
        assert_eq!(answer(&mut bot, &queen_up, Color::White), Answer::Accept);
        assert_eq!(answer(&mut bot, &queen_up, Color::Black), Answer::Decline);
    }
}

#[test]
fn a_repetition_is_claimed_by_who_is_not_better() {
    let shuffle = "Kd2 Kd7 Ke2 Ke7 Kd2 Kd7 Ke2 Ke7";
    let rook_down = game("8/4k3/4p3/8/8/4P3/r3K3/8 w - - 0 60", "");
    let mut bot = Bot::new(Difficulty::Hard);
    assert!(
        decide(&mut bot, &turn(&rook_down, 1))
            .act
            .played()
            .is_some()
    );
    let repeated = game("r7/4k3/4p3/8/8/4P3/4K3/8 w - - 0 60", shuffle);
    let act = decide(&mut bot, &turn(&repeated, 1)).act;
    assert_eq!(act, Act::ClaimDraw);
    let better = game("R7/4k3/4p3/8/8/4P3/4K3/8 w - - 0 60", shuffle);
    assert!(decide(&mut bot, &turn(&better, 1)).act.played().is_some());
}

#[test]
fn only_who_plays_well_gives_up_and_not_before_it_is_late() {
    // Black is a queen and a rook up and does nothing with it. Three steps of one king and five of the other: no position comes
    // three times, so that nobody hopes for a draw.
    let lost = "qr1k4/8/8/8/8/7K/8/8 w - - 0 40";
    let white = ["Kg3", "Kh4", "Kh3"].into_iter().cycle();
    let black = ["Ke8", "Ke7", "Kd7", "Kc8", "Kd8"].into_iter().cycle();
    let walk: Vec<&str> = white
        .zip(black)
        .flat_map(|(w, b)| [w, b])
        .take(34)
        .collect();
    for difficulty in QUICK.into_iter().chain([Difficulty::Expert]) {
        let mut bot = Bot::new(difficulty);
        let early = decide(&mut bot, &turn(&game(lost, &walk[..6].join(" ")), 3)).act;
        assert!(early.played().is_some(), "{difficulty}: {early:?}");
        let late = decide(&mut bot, &turn(&game(lost, &walk[..34].join(" ")), 3)).act;
        let gives_up = difficulty >= Difficulty::Hard;
        assert_eq!(late == Act::Resign, gives_up, "{difficulty}: {late:?}");
    }
}

#[test]
fn a_move_from_elsewhere_is_played_if_it_is_legal() {
    let record = game("startpos", "a4 h5");
    let mut bot = Bot::new(Difficulty::Hard);
    let good = record.read("e2e4").expect("legal");
    let decision = bot.adopt(&turn(&record, 1), good, &mut Unwatched);
    assert_eq!(decision.map(|decision| decision.act), Some(Act::Play(good)));
    let stale = game("startpos", "a4")
        .read("h7h5")
        .expect("legal for Black");
    assert_eq!(bot.adopt(&turn(&record, 1), stale, &mut Unwatched), None);
}

#[test]
fn a_bot_without_a_move_says_so() {
    let mated = game("startpos", "f3 e5 g4 Qh4#");
    let stalemate = game("7k/5Q2/6K1/8/8/8/8/8 b - - 0 1", "");
    for record in [mated, stalemate] {
        for difficulty in QUICK {
            let decision = Bot::new(difficulty).decide(&turn(&record, 1), &mut Unwatched);
            assert_eq!(decision, None);
        }
    }
}

#[test]
fn thinking_takes_a_human_time_and_never_the_clock() {
    let record = game("startpos", "a4 h5");
    for difficulty in QUICK {
        let mut bot = Bot::new(difficulty);
        for seconds in [1, 60, 300, 3600] {
            let clock = Clock {
                remaining: Duration::from_secs(seconds),
            };
            let timed = Turn {
                clock: Some(clock),
                ..turn(&record, 9)
            };
            let think = decide(&mut bot, &timed).think;
            assert!(think * 20 <= clock.remaining);
            assert!(!think.is_zero());
        }
        assert!(decide(&mut bot, &turn(&record, 9)).think.is_zero());
    }
}

/// Every level but the slowest, in the position with the most legal moves (218: Petrović 1964).
#[test]
fn a_monstrous_position_is_played() {
    let record = game("R6R/3Q4/1Q4Q1/4Q3/2Q4Q/Q4Q2/pp1Q4/kBNN1KB1 w - - 0 1", "");
    for difficulty in QUICK.into_iter().chain([Difficulty::Expert]) {
        let act = decide(&mut Bot::new(difficulty), &turn(&record, 1)).act;
        let mv = act.played().expect("it plays");
        assert!(record.position().is_legal(mv));
    }
}

struct Impatient;

impl Watch for Impatient {
    fn stop(&mut self, _nodes: u64) -> bool {
        true
    }
}

#[test]
fn one_that_is_stopped_at_once_plays_legally_or_not_at_all() {
    let record = game("startpos", "a4 h5 Na3 Nh6 c3 Rh7");
    for difficulty in Difficulty::ALL {
        let decision = Bot::new(difficulty).decide(&turn(&record, 1), &mut Impatient);
        if let Some(mv) = decision.and_then(|decision| decision.act.played()) {
            assert!(record.position().is_legal(mv));
        }
    }
}
