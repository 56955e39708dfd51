//! A pool of UCI programs beside our own engine (`STOCKFISH_PATH`): started once, restarted when they die, never trusted.

mod program;
mod protocol;

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;

use program::Program;
use program::{Patience, ProgramError};

/// A program that just failed is left alone for that long: our own engine plays meanwhile.
const REST: Duration = Duration::from_secs(10);

/// As many programs at once as there are cores; more would only slow each other down.
pub struct Stockfish {
    path: PathBuf,
    strength: Strength,
    patience: Patience,
    places: Semaphore,
    idle: Mutex<Vec<Program>>,
    rests_until: Mutex<Option<Instant>>,
}

/// Of the strongest bot. So many nodes take Stockfish about a third of a second.
const STRENGTH: Strength = Strength {
    elo: 2400,
    nodes: 200_000,
};

/// How well the program is to play, and what it may spend on a move.
#[derive(Debug, Clone, Copy)]
struct Strength {
    elo: u32,
    nodes: u64,
}

impl Stockfish {
    /// The pool, if the program is of use.
    pub async fn open(path: PathBuf) -> Option<Self> {
        match Self::probe(path.clone(), STRENGTH).await {
            Ok(pool) => {
                tracing::info!(uci.path = %path.display(), "the strongest bot plays by this program");
                Some(pool)
            }
            Err(error) => {
                tracing::warn!(uci.path = %path.display(), %error, "not used; our own engine plays");
                None
            }
        }
    }

    /// Starts one program, so that one that cannot be used is known at once.
    ///
    /// # Errors
    /// When it does not start, does not speak UCI in time, or cannot limit its strength.
    async fn probe(path: PathBuf, strength: Strength) -> Result<Self, ProgramError> {
        let pool = Self::new(path, strength, Patience::default());
        let program = Program::start(&pool.path, pool.strength.elo, pool.patience).await?;
        pool.idle.lock().await.push(program);
        Ok(pool)
    }

    fn new(path: PathBuf, strength: Strength, patience: Patience) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            path,
            strength,
            patience,
            places: Semaphore::new(cores),
            idle: Mutex::default(),
            rests_until: Mutex::default(),
        }
    }

    /// What it plays after these moves from the initial position, as it says it: whether that is legal is for the caller to see. None
    /// when it cannot answer now.
    pub async fn best_move(&self, moves: &[String]) -> Option<String> {
        if self.is_resting().await {
            return None;
        }
        let _place = self.places.acquire().await.ok()?;
        match self.ask(moves).await {
            Ok(answer) => Some(answer),
            Err(error) => {
                tracing::warn!(%error, "the UCI program failed; our own engine plays");
                *self.rests_until.lock().await = Some(Instant::now() + REST);
                None
            }
        }
    }

    /// A program that failed is dropped and with it killed; one that has been idle may have died, and gets a successor.
    async fn ask(&self, moves: &[String]) -> Result<String, ProgramError> {
        let idle = self.idle.lock().await.pop();
        if let Some(mut program) = idle {
            match program.best_move(moves, self.strength.nodes).await {
                Err(ProgramError::Ended) => {}
                answer => return self.settle(program, answer).await,
            }
        }
        let mut program = Program::start(&self.path, self.strength.elo, self.patience).await?;
        let answer = program.best_move(moves, self.strength.nodes).await;
        self.settle(program, answer).await
    }

    async fn settle(
        &self,
        program: Program,
        answer: Result<String, ProgramError>,
    ) -> Result<String, ProgramError> {
        if answer.is_ok() {
            self.idle.lock().await.push(program);
        }
        answer
    }

    async fn is_resting(&self) -> bool {
        self.rests_until
            .lock()
            .await
            .is_some_and(|until| Instant::now() < until)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A program of a few lines of shell, in a folder of its own that goes with it.
    struct Fake {
        folder: PathBuf,
    }

    impl Fake {
        fn new(name: &str, script: &str) -> Self {
            let folder =
                std::env::temp_dir().join(format!("rookery-uci-{}-{name}", std::process::id()));
            fs::create_dir_all(&folder).expect("a folder for a test");
            let path = folder.join("engine");
            fs::write(&path, format!("#!/bin/sh\n{script}")).expect("a script for a test");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
            Self { folder }
        }

        fn path(&self) -> PathBuf {
            self.folder.join("engine")
        }

        fn starts(&self) -> usize {
            fs::read_to_string(self.folder.join("starts")).map_or(0, |text| text.lines().count())
        }

        fn pool(&self) -> Stockfish {
            let patience = Patience {
                start: Duration::from_secs(20),
                answer: Duration::from_millis(300),
            };
            Stockfish::new(self.path(), STRENGTH, patience)
        }
    }

    impl Drop for Fake {
        fn drop(&mut self) {
            // A folder that stays behind in the temporary directory does no harm.
            drop(fs::remove_dir_all(&self.folder));
        }
    }

    /// Speaks UCI properly; what it does when it is to move is put in.
    fn polite(on_go: &str) -> String {
        format!(
            "echo started >> \"$(dirname \"$0\")/starts\"\n\
             while read -r line; do case \"$line\" in\n\
             uci) echo 'id name fake'\n echo 'option name UCI_LimitStrength type check default false'\n \
             echo 'option name UCI_Elo type spin default 1350 min 1350 max 2850'\n echo uciok;;\n\
             isready) echo readyok;;\n\
             go*) {on_go};;\n\
             quit) exit 0;;\n\
             esac; done\n"
        )
    }

    #[tokio::test]
    async fn a_program_is_started_once_and_asked_many_times() {
        let fake = Fake::new(
            "good",
            &polite("echo 'info depth 1'; echo 'bestmove e2e4 ponder e7e5'"),
        );
        let pool = fake.pool();
        for _ in 0..5 {
            assert_eq!(pool.best_move(&[]).await.as_deref(), Some("e2e4"));
        }
        assert_eq!(fake.starts(), 1);
    }

    #[tokio::test]
    async fn one_that_died_after_its_answer_gets_a_successor() {
        let fake = Fake::new("dies-after", &polite("echo 'bestmove e2e4'; exit 1"));
        let pool = fake.pool();
        for _ in 0..3 {
            assert_eq!(pool.best_move(&[]).await.as_deref(), Some("e2e4"));
        }
        assert_eq!(fake.starts(), 3);
    }

    #[tokio::test]
    async fn one_that_dies_hangs_or_never_ends_its_line_is_given_up_for_a_while() {
        let cases = [
            ("dies", polite("exit 3")),
            ("hangs", polite("read -r never")),
            ("silent", "exec cat > /dev/null".to_owned()),
            ("endless-line", polite("exec tr '\\0' a < /dev/zero")),
            ("endless-lines", polite("exec yes info")),
            ("no-move", polite("echo 'bestmove (none)'")),
            ("nonsense", polite("echo 'bestmove'")),
        ];
        for (name, script) in cases {
            let fake = Fake::new(name, &script);
            let mut pool = fake.pool();
            if name == "silent" {
                pool.patience.start = Duration::from_millis(300);
            }
            assert_eq!(pool.best_move(&[]).await, None, "{name}");
            let starts = fake.starts();
            assert_eq!(pool.best_move(&[]).await, None, "{name}");
            assert_eq!(fake.starts(), starts, "{name} is left alone");
        }
    }

    #[tokio::test]
    async fn what_cannot_limit_its_strength_is_refused() {
        let fake = Fake::new(
            "strong",
            "while read -r line; do case \"$line\" in uci) echo uciok;; esac; done",
        );
        let refused = Stockfish::probe(fake.path(), STRENGTH).await;
        assert!(matches!(refused, Err(ProgramError::Strength(2400))));
    }

    #[tokio::test]
    #[ignore = "needs Stockfish: STOCKFISH_PATH=/usr/games/stockfish cargo test -p rookery-worker -- --ignored stockfish"]
    async fn stockfish_itself_plays_a_legal_move_several_times() {
        let path = std::env::var_os("STOCKFISH_PATH").expect("STOCKFISH_PATH is set");
        let pool = Stockfish::probe(PathBuf::from(path), STRENGTH)
            .await
            .expect("it starts and can limit its strength");
        let mut moves = vec!["e2e4".to_owned()];
        for _ in 0..6 {
            let record = rookery_chess::bot::Record::replay(moves.iter().map(String::as_str));
            let answer = pool.best_move(&moves).await.expect("it answers");
            let legal = record.and_then(|record| record.read(&answer));
            assert!(legal.is_some(), "{answer} after {moves:?}");
            moves.push(answer);
        }
        assert_eq!(pool.idle.lock().await.len(), 1, "one program did it all");
    }

    #[tokio::test]
    async fn what_is_not_there_is_refused() {
        let refused = Stockfish::probe(PathBuf::from("/nonexistent/engine"), STRENGTH).await;
        assert!(matches!(refused, Err(ProgramError::Start(_))));
    }
}
