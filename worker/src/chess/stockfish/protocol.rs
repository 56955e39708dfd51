//! What a UCI program says, as far as it concerns us (Universal Chess Interface, Huber and Meyer-Kahlen 2000).

/// One line of the program.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said<'a> {
    UciOk,
    ReadyOk,
    /// `UCI_Elo` can be set between the two.
    EloRange(u32, u32),
    /// None: it has no move, or none that could be one.
    BestMove(Option<&'a str>),
    Other,
}

impl<'a> Said<'a> {
    pub(super) fn read(line: &'a str) -> Self {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("uciok") => Self::UciOk,
            Some("readyok") => Self::ReadyOk,
            Some("bestmove") => Self::BestMove(words.next().filter(|word| is_move(word))),
            Some("option") => {
                elo_range(line).map_or(Self::Other, |(low, high)| Self::EloRange(low, high))
            }
            _ => Self::Other,
        }
    }
}

/// Four or five letters and digits, such as e7e8q.
fn is_move(word: &str) -> bool {
    (4..=5).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn elo_range(line: &str) -> Option<(u32, u32)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    if words.get(..3) != Some(&["option", "name", "UCI_Elo"]) {
        return None;
    }
    let after = |name| {
        let at = words.iter().position(|word| *word == name)?;
        words.get(at + 1)?.parse().ok()
    };
    Some((after("min")?, after("max")?))
}

/// `position` and `go` for a game from the initial position.
pub(super) fn go(moves: &[String], nodes: u64) -> String {
    let played = if moves.is_empty() {
        String::new()
    } else {
        format!(" moves {}", moves.join(" "))
    };
    format!("position startpos{played}\ngo nodes {nodes}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_stockfish_are_understood() {
        // As Debian's Stockfish 15.1 writes them.
        let option = "option name UCI_Elo type spin default 1350 min 1350 max 2850";
        assert_eq!(Said::read(option), Said::EloRange(1350, 2850));
        assert_eq!(Said::read("uciok"), Said::UciOk);
        assert_eq!(Said::read("readyok"), Said::ReadyOk);
        assert_eq!(
            Said::read("bestmove e7e8q ponder a7a6"),
            Said::BestMove(Some("e7e8q"))
        );
        assert_eq!(
            Said::read("info depth 1 seldepth 1 multipv 1 score cp 18 nodes 20 pv e2e4"),
            Said::Other
        );
    }

    #[test]
    fn nonsense_is_no_move() {
        for line in [
            "bestmove",
            "bestmove (none)",
            "bestmove 0000000",
            "bestmove e2\u{e9}",
        ] {
            assert_eq!(Said::read(line), Said::BestMove(None), "{line}");
        }
        assert_eq!(Said::read("option name UCI_Elo min max"), Said::Other);
        assert_eq!(Said::read(""), Said::Other);
    }

    #[test]
    fn a_game_is_told_by_its_moves() {
        assert_eq!(go(&[], 7), "position startpos\ngo nodes 7\n");
        let moves = ["e2e4", "e7e5"].map(str::to_owned);
        assert_eq!(
            go(&moves, 7),
            "position startpos moves e2e4 e7e5\ngo nodes 7\n"
        );
    }
}
