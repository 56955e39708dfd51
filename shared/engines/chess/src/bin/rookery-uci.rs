//! The engine for chess programs: speaks UCI on standard input and output.

use std::io::{self, BufRead as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rookery_chess::search::{Limits, Report, Searcher, Watch};
use rookery_chess::uci::{self, Budget, Clock, Go, Request, SetOption, Setup};
use shakmaty::Position as _;

const HASH_MB: usize = 16;

/// Work for the thread that searches, which alone holds the engine: in the order in which it was asked for.
enum Work {
    NewGame,
    Hash(usize),
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
            Request::Go(go) => {
                // Two at a time are not foreseen: the first ends.
                stop.store(true, Ordering::Relaxed);
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
    for work in todo {
        match work {
            Work::NewGame => searcher.clear(),
            Work::Hash(megabytes) => searcher = Searcher::new(megabytes),
            Work::Search(task) => search(&mut searcher, &task),
        }
    }
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
    say(&format!(
        "{}\n{}",
        uci::info(&report, task.began.elapsed()),
        uci::best_move(&report)
    ));
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
