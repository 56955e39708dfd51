//! Those who play: our own search, or a program that speaks UCI.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use rookery_chess::search::{Limits, Searcher, Unwatched};
use rookery_chess::uci::Setup;
use shakmaty::uci::UciMove;
use shakmaty::{CastlingMode, Move};

pub enum Player {
    Own(Box<Searcher>, Limits),
    Uci(Box<Process>),
}

/// A move and what the player thinks of its position.
pub struct Choice {
    pub m: Move,
    pub centipawns: i32,
}

impl Player {
    pub fn start(spec: &str) -> Result<Self, String> {
        let wrong = || format!("not a player: {spec}");
        match spec.split_once(' ').ok_or_else(wrong)? {
            ("own", limits) => {
                let (name, number) = limits.split_once(' ').ok_or_else(wrong)?;
                let number: u64 = number.trim().parse().map_err(|_| wrong())?;
                let mut limits = Limits {
                    nodes: u64::MAX,
                    depth: u8::MAX,
                    multipv: 1,
                };
                match name {
                    "nodes" => limits.nodes = number,
                    "depth" => limits.depth = u8::try_from(number).map_err(|_| wrong())?,
                    _ => return Err(wrong()),
                }
                Ok(Self::Own(Box::new(Searcher::new(16)), limits))
            }
            ("uci", rest) => Process::start(rest).map(|process| Self::Uci(Box::new(process))),
            _ => Err(wrong()),
        }
    }

    pub fn new_game(&mut self) -> Result<(), String> {
        match self {
            Self::Own(searcher, _) => {
                searcher.clear();
                Ok(())
            }
            Self::Uci(process) => {
                process.say("ucinewgame")?;
                process.say("isready")?;
                process.wait_for("readyok").map(|_| ())
            }
        }
    }

    pub fn choose(&mut self, setup: &Setup, moves: &[Move]) -> Result<Choice, String> {
        match self {
            Self::Own(searcher, limits) => {
                let report =
                    searcher.search(&setup.position, &setup.history, limits, &mut Unwatched);
                let line = report.lines.first().ok_or("no line")?;
                Ok(Choice {
                    m: *line.moves.first().ok_or("no move")?,
                    centipawns: line.score.centipawns(),
                })
            }
            Self::Uci(process) => process.choose(setup, moves),
        }
    }
}

pub struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    go: String,
}

impl Process {
    fn start(spec: &str) -> Result<Self, String> {
        let mut parts = spec.split(';').map(str::trim);
        let mut words = parts.next().unwrap_or_default().split_whitespace();
        let program = words.next().ok_or("a program is missing")?;
        let mut child = Command::new(program)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        let input = child.stdin.take().ok_or("no input")?;
        let output = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut process = Self {
            child,
            input,
            output,
            go: "go nodes 10000".to_owned(),
        };
        process.say("uci")?;
        process.wait_for("uciok")?;
        for part in parts {
            match part.split_once('=') {
                Some((name, value)) => {
                    process.say(&format!("setoption name {name} value {value}"))?;
                }
                None => part.clone_into(&mut process.go),
            }
        }
        Ok(process)
    }

    fn choose(&mut self, setup: &Setup, moves: &[Move]) -> Result<Choice, String> {
        let mut line = "position startpos moves".to_owned();
        for m in moves {
            line.push(' ');
            line.push_str(&m.to_uci(CastlingMode::Standard).to_string());
        }
        self.say(&line)?;
        let go = self.go.clone();
        self.say(&go)?;
        let lines = self.wait_for("bestmove")?;
        let best = lines
            .last()
            .and_then(|last| last.split_whitespace().nth(1))
            .ok_or("no best move")?;
        let m = best
            .parse::<UciMove>()
            .ok()
            .and_then(|uci| uci.to_move(&setup.position).ok())
            .ok_or_else(|| format!("illegal move {best} after {line}"))?;
        let centipawns = lines.iter().rev().find_map(|line| read_score(line));
        Ok(Choice {
            m,
            centipawns: centipawns.unwrap_or(0),
        })
    }

    fn say(&mut self, line: &str) -> Result<(), String> {
        writeln!(self.input, "{line}")
            .and_then(|()| self.input.flush())
            .map_err(|error| error.to_string())
    }

    /// All lines up to the one that begins like this.
    fn wait_for(&mut self, beginning: &str) -> Result<Vec<String>, String> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            let read = self
                .output
                .read_line(&mut line)
                .map_err(|error| error.to_string())?;
            if read == 0 {
                return Err(format!("the engine has ended before {beginning}"));
            }
            let done = line.starts_with(beginning);
            lines.push(line);
            if done {
                return Ok(lines);
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It ends by itself when its input closes; if it does not listen any more, it is ended.
        if self.say("quit").is_err() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

fn read_score(line: &str) -> Option<i32> {
    let mut words = line.split_whitespace().skip_while(|word| *word != "score");
    words.next()?;
    let kind = words.next()?;
    let number: i32 = words.next()?.parse().ok()?;
    match kind {
        "cp" => Some(number),
        "mate" => Some(if number > 0 { 29_000 } else { -29_000 }),
        _ => None,
    }
}
