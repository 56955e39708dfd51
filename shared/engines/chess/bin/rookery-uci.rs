//! The engine for chess programs: speaks UCI on standard input and output.

use std::io::{self, BufRead as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rookery_chess::bot::{self, Bot, Difficulty, Turn};
use rookery_chess::search::{Limits, Report, Searcher, Watch};
use rookery_chess::uci::{self, Budget, Clock, Go, Request, SetOption, Setup};
use shakmaty::{Move, Position as _};

const HASH_MB: usize = 16;

/// Work for the thread that searches, which alone holds the engine: in the order in which it was asked for.
enum Work {
    NewGame,
    Hash(usize),
    Level(Option<Difficulty>),
    Seed(u64),
    Search(Box<Task>),
}

struct Task {
    setup: Setup,
    go: Go,
    lines: usize,
    began: Instant,
    stop: Arc<AtomicBool>,
}

fn main() -> io::Result<()> {
    let (work, todo) = mpsc::channel();
    let searching = thread::Builder::new()
        .name("search".to_owned())
        // The deepest line needs a few hundred kilobytes.
        .stack_size(8 << 20)
        .spawn(move || search_all(&todo))?;

    let mut stop = Arc::new(AtomicBool::new(false));
    let mut setup = Setup::default();
    let mut lines = 1;
    let mut endless = false;
    for line in io::stdin().lock().split(b'\n') {
        let task = match Request::parse(&String::from_utf8_lossy(&line?)) {
            Request::Uci => {
                say(&uci::greeting(HASH_MB));
                continue;
            }
            Request::IsReady => {
                say("readyok");
                continue;
            }
            Request::Position(new) => {
                setup = *new;
                continue;
            }
            Request::SetOption(SetOption::MultiPv(new)) => {
                lines = new;
                continue;
            }
            Request::SetOption(SetOption::Other) | Request::Unknown => continue,
            Request::Faulty(text) => {
                say(&format!("info string {text}"));
                continue;
            }
            Request::Stop => {
                stop.store(true, Ordering::Relaxed);
                continue;
            }
            Request::Quit => {
                endless = true;
                break;
            }
            Request::NewGame => Work::NewGame,
            Request::SetOption(SetOption::Hash(megabytes)) => Work::Hash(megabytes),
            Request::SetOption(SetOption::Level(level)) => Work::Level(level),
            Request::SetOption(SetOption::Seed(seed)) => Work::Seed(seed),
            Request::Go(go) => {
                // One that waits for `stop` would wait for ever; others end by themselves and come first.
                if endless {
                    stop.store(true, Ordering::Relaxed);
                }
                stop = Arc::new(AtomicBool::new(false));
                endless = go.infinite;
                Work::Search(Box::new(Task {
                    setup: setup.clone(),
                    go,
                    lines,
                    began: now(),
                    stop: stop.clone(),
                }))
            }
        };
        if work.send(task).is_err() {
            break;
        }
    }
    // The input has ended: what ends by itself may still answer.
    if endless {
        stop.store(true, Ordering::Relaxed);
    }
    drop(work);
    searching
        .join()
        .map_err(|_| io::Error::other("the search has panicked"))
}

fn search_all(todo: &Receiver<Work>) {
    let mut searcher = Searcher::new(HASH_MB);
    let mut bot = None;
    let mut seed = 0_u64;
    for work in todo {
        match work {
            Work::NewGame => {
                searcher.clear();
                seed = seed.wrapping_add(1);
            }
            Work::Hash(megabytes) => searcher = Searcher::new(megabytes),
            Work::Level(level) => bot = level.map(Bot::new),
            Work::Seed(new) => seed = new,
            Work::Search(task) => match &mut bot {
                Some(bot) => say(&uci::played(play(bot, &task, seed))),
                None => search(&mut searcher, &task),
            },
        }
    }
}

/// A bot's limits are its own; the clock hurries it.
fn play(bot: &mut Bot, task: &Task, seed: u64) -> Option<Move> {
    let setup = &task.setup;
    let remaining = *task.go.clock.remaining.get(setup.position.turn());
    let turn = Turn {
        record: &setup.record,
        seed,
        clock: remaining.map(|remaining| bot::Clock { remaining }),
        draw_offer: None,
    };
    let mut watch = Timed { task, budget: None };
    let played = bot.play(&turn, &mut watch);
    played.or_else(|| setup.position.legal_moves().first().copied())
}

fn search(searcher: &mut Searcher, task: &Task) {
    let Task {
        setup, go, lines, ..
    } = task;
    let budget = if go.infinite {
        None
    } else if let Some(time) = go.move_time {
        Some(Clock::exactly(time))
    } else {
        go.clock.budget(setup.position.turn())
    };
    let limits = Limits {
        nodes: go.nodes.unwrap_or(u64::MAX),
        depth: go.depth.unwrap_or(u8::MAX),
        multipv: *lines,
    };
    let mut watch = Timed { task, budget };
    let report = searcher.search(&setup.position, &setup.history, &limits, &mut watch);
    // `go infinite` answers only when it is told to.
    while go.infinite && !task.stop.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(2));
    }
    if !report.lines.is_empty() {
        say(&uci::info(&report, task.began.elapsed()));
    }
    say(&uci::best_move(&report));
}

/// Ends a search by the clock or by `stop`.
struct Timed<'a> {
    task: &'a Task,
    budget: Option<Budget>,
}

impl Watch for Timed<'_> {
    fn stop(&mut self, _nodes: u64) -> bool {
        self.task.stop.load(Ordering::Relaxed)
            || self
                .budget
                .is_some_and(|budget| self.task.began.elapsed() >= budget.hard)
    }

    fn depth_done(&mut self, report: &Report) {
        let elapsed = self.task.began.elapsed();
        say(&uci::info(report, elapsed));
        if self.budget.is_some_and(|budget| elapsed >= budget.soft) {
            self.task.stop.store(true, Ordering::Relaxed);
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the engine knows no clock, but this program plays by one"
)]
fn now() -> Instant {
    Instant::now()
}

/// Who does not listen any more gets nothing: the input ends then, too.
fn say(text: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}
