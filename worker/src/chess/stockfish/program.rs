//! One UCI program: a process, its two pipes, and bounds on everything it may do to us.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use super::protocol::{Said, go};

/// Killed when dropped.
pub(super) struct Program {
    _child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    line: Vec<u8>,
    patience: Patience,
}

/// How long a program may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub start: Duration,
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            // Stockfish loads its network first: up to 1.4 s on a busy machine.
            start: Duration::from_secs(10),
            answer: Duration::from_secs(2),
        }
    }
}

/// Why a program is of no use.
#[derive(Debug, Error)]
pub(super) enum ProgramError {
    #[error("the UCI program does not start: {0}")]
    Start(io::Error),
    #[error("the UCI program ended")]
    Ended,
    #[error("the UCI program took too long")]
    Late,
    #[error("the UCI program wrote a line of more than {LONGEST_LINE} bytes")]
    LineTooLong,
    #[error("the UCI program has no option UCI_Elo that reaches {0}")]
    Strength(u32),
    #[error("the UCI program named no move")]
    NoMove,
}

/// A long principal variation with its figures stays far below.
const LONGEST_LINE: u64 = 16 * 1024;

impl Program {
    pub(super) async fn start(
        path: &Path,
        elo: u32,
        patience: Patience,
    ) -> Result<Self, ProgramError> {
        let mut child = Command::new(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .env_clear()
            .kill_on_drop(true)
            .spawn()
            .map_err(ProgramError::Start)?;
        let mut program = Self {
            input: child.stdin.take().expect("it was asked for"),
            output: BufReader::new(child.stdout.take().expect("it was asked for")),
            _child: child,
            line: Vec::new(),
            patience,
        };
        timeout(patience.start, program.agree(elo))
            .await
            .map_err(|_late| ProgramError::Late)??;
        Ok(program)
    }

    /// What it would play, with a search of so many nodes.
    pub(super) async fn best_move(
        &mut self,
        moves: &[String],
        nodes: u64,
    ) -> Result<String, ProgramError> {
        timeout(self.patience.answer, self.ask(moves, nodes))
            .await
            .map_err(|_late| ProgramError::Late)?
    }

    async fn agree(&mut self, elo: u32) -> Result<(), ProgramError> {
        self.say("uci\n").await?;
        let mut reaches = false;
        loop {
            match Said::read(self.hear().await?) {
                Said::EloRange(low, high) => reaches = (low..=high).contains(&elo),
                Said::UciOk => break,
                _ => {}
            }
        }
        if !reaches {
            return Err(ProgramError::Strength(elo));
        }
        self.say(&format!(
            "setoption name Threads value 1\nsetoption name Hash value 16\n\
             setoption name UCI_LimitStrength value true\nsetoption name UCI_Elo value {elo}\nisready\n"
        ))
        .await?;
        while Said::read(self.hear().await?) != Said::ReadyOk {}
        Ok(())
    }

    async fn ask(&mut self, moves: &[String], nodes: u64) -> Result<String, ProgramError> {
        self.say(&go(moves, nodes)).await?;
        loop {
            match Said::read(self.hear().await?) {
                Said::BestMove(Some(best)) => return Ok(best.to_owned()),
                Said::BestMove(None) => return Err(ProgramError::NoMove),
                _ => {}
            }
        }
    }

    async fn say(&mut self, text: &str) -> Result<(), ProgramError> {
        // A pipe that breaks means that nobody holds its other end.
        let written = self.input.write_all(text.as_bytes()).await;
        written.map_err(|_broken| ProgramError::Ended)
    }

    /// The next line; what is not UTF-8 says nothing to us.
    async fn hear(&mut self) -> Result<&str, ProgramError> {
        self.line.clear();
        let read = (&mut self.output)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut self.line)
            .await;
        match read {
            Ok(0) | Err(_) => Err(ProgramError::Ended),
            Ok(_) if self.line.ends_with(b"\n") => {
                Ok(str::from_utf8(&self.line).unwrap_or_default())
            }
            Ok(read) if u64::try_from(read).unwrap_or(u64::MAX) >= LONGEST_LINE => {
                Err(ProgramError::LineTooLong)
            }
            Ok(_) => Err(ProgramError::Ended),
        }
    }
}
