//! One search by several threads: each works down its own stack of nodes and hands its oldest one to whoever has none.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Scope;

use super::face::Point;
use super::leaf::{pairs_of_face, pairs_of_leaf};
use super::node::{Node, Settled};
use super::tableau::Halt;
use super::vertices::Walk;

/// How many nodes the first thread examines alone: small searches are over before a second one has started.
const ALONE: u64 = 32;

/// Most bytes of nodes that one thread has in stock: beyond that a search gives up its claim rather than the machine's memory.
const MOST_BYTES: usize = 256 << 20;

/// What the nodes of a search are examined for.
pub trait Harvest: Sync {
    /// Takes a completely labelled pair; breaks when there are enough.
    fn take(&self, x: &Point, y: &Point) -> ControlFlow<()>;
}

/// The state that the threads share.
pub struct Crew<'a, 'p, H> {
    pub harvest: &'a H,
    pub stop: &'a AtomicBool,
    /// How many threads there may be at this moment.
    pub threads: &'a (dyn Fn() -> usize + Sync),
    board: Mutex<Board<'p>>,
    changed: Condvar,
    /// Threads without work.
    idle: AtomicUsize,
    /// Set while the helpers are to hand over what they have and leave.
    gathering: AtomicBool,
    /// Set when a part of the search was given up or there is enough.
    cut: AtomicBool,
    /// Set when a part was left out for want of memory.
    left_out: AtomicBool,
    examined: AtomicU64,
    work: AtomicU64,
    done: AtomicU64,
}

struct Board<'p> {
    waiting: Vec<Node<'p>>,
    /// Threads besides the first, idle ones too.
    helpers: usize,
    working: usize,
    finished: bool,
}

impl<'a, 'p, H: Harvest> Crew<'a, 'p, H> {
    pub fn new(
        harvest: &'a H,
        stop: &'a AtomicBool,
        threads: &'a (dyn Fn() -> usize + Sync),
    ) -> Crew<'a, 'p, H> {
        Crew {
            harvest,
            stop,
            threads,
            board: Mutex::new(Board {
                waiting: Vec::new(),
                helpers: 0,
                working: 0,
                finished: false,
            }),
            changed: Condvar::new(),
            idle: AtomicUsize::new(0),
            gathering: AtomicBool::new(false),
            cut: AtomicBool::new(false),
            left_out: AtomicBool::new(false),
            examined: AtomicU64::new(0),
            work: AtomicU64::new(0),
            done: AtomicU64::new(0),
        }
    }

    /// Examines these nodes and all below them. Of this thread, `tell` is called for every pair and every node, `between` after every node.
    pub fn search(
        &self,
        nodes: Vec<Node<'p>>,
        mut tell: impl FnMut(),
        mut between: impl FnMut(&mut Pause<'_, 'a, 'p, H>),
    ) {
        self.lock().working = 1;
        let mut own = nodes;
        std::thread::scope(|scope| {
            while let Some(node) = self.next(&mut own) {
                self.examine(node, &mut own, &mut tell);
                tell();
                self.share(&mut own);
                if self.examined() > ALONE {
                    self.hire(scope);
                }
                between(&mut Pause {
                    crew: self,
                    own: &mut own,
                });
            }
            self.lock().finished = true;
            self.changed.notify_all();
        });
    }

    /// Whether every node was examined to its end.
    pub fn is_complete(&self) -> bool {
        !self.is_over() && !self.has_left_out()
    }

    /// Whether a part was left out that no node stands for any more.
    pub fn has_left_out(&self) -> bool {
        self.left_out.load(Ordering::Relaxed)
    }

    /// Counts a share of the search as over: an earlier attempt's.
    pub fn add_done(&self, share: u64) {
        self.done.fetch_add(share, Ordering::Relaxed);
    }

    /// Nodes examined.
    pub fn examined(&self) -> u64 {
        self.examined.load(Ordering::Relaxed)
    }

    /// Entries of tableaux computed.
    pub fn work(&self) -> u64 {
        self.work.load(Ordering::Relaxed)
    }

    /// The share of the search that is over, in parts of [`super::node::WHOLE`].
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    fn hire<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) {
        let mut board = self.lock();
        if 1 + board.helpers >= (self.threads)() {
            return;
        }
        board.helpers += 1;
        board.working += 1;
        let number = board.helpers;
        drop(board);
        scope.spawn(move || self.help(number));
    }

    fn help(&self, number: usize) {
        // Leaves the board in order even if this thread panics, so that the first one does not wait for it.
        let mut leaving = Leaving {
            crew: self,
            own: Vec::new(),
        };
        let own = &mut leaving.own;
        while !self.gathering.load(Ordering::Relaxed) && number < (self.threads)() {
            let Some(node) = self.next(own) else {
                break;
            };
            self.examine(node, own, &mut || ());
            self.share(own);
        }
    }

    /// The next node for this thread, waiting for one if others may still find some.
    fn next(&self, own: &mut Vec<Node<'p>>) -> Option<Node<'p>> {
        if self.is_over() {
            return None;
        }
        if let Some(node) = own.pop() {
            return Some(node);
        }
        let mut board = self.lock();
        loop {
            if let Some(node) = board.waiting.pop() {
                return Some(node);
            }
            if board.working == 1 {
                board.finished = true;
                self.changed.notify_all();
            }
            if board.finished || self.is_over() || self.gathering.load(Ordering::Relaxed) {
                return None;
            }
            board.working -= 1;
            self.idle.fetch_add(1, Ordering::Relaxed);
            board = self
                .changed
                .wait(board)
                .unwrap_or_else(PoisonError::into_inner);
            self.idle.fetch_sub(1, Ordering::Relaxed);
            board.working += 1;
        }
    }

    fn examine(&self, mut node: Node<'p>, own: &mut Vec<Node<'p>>, tell: &mut dyn FnMut()) {
        self.examined.fetch_add(1, Ordering::Relaxed);
        let share = node.share;
        let mut take = |x: &Point, y: &Point| {
            tell();
            self.harvest.take(x, y)
        };
        let settled = node.settle();
        self.work.fetch_add(node.take_work(), Ordering::Relaxed);
        let walk = match settled {
            Ok(Settled::Empty) => Walk::Complete,
            Ok(Settled::Leaf) => pairs_of_leaf(&node, self.stop, &mut take),
            Ok(Settled::Open(label)) => match node.branch(label) {
                Ok([mut other, here]) => {
                    if other.is_some() && own.len() * node.bytes() > MOST_BYTES {
                        other = None;
                        self.left_out.store(true, Ordering::Relaxed);
                    }
                    let branches = || [&other, &here].into_iter().flatten();
                    let open: u64 = branches().map(|branch| branch.share).sum();
                    self.done.fetch_add(share - open, Ordering::Relaxed);
                    own.extend(other.into_iter().chain(here));
                    return;
                }
                Err(Halt::Doubt) => pairs_of_face(&node, self.stop, &mut take),
                Err(Halt::Stopped) => Walk::Broken,
            },
            Err(Halt::Doubt) => pairs_of_face(&node, self.stop, &mut take),
            Err(Halt::Stopped) => Walk::Broken,
        };
        match walk {
            Walk::Complete => {
                self.done.fetch_add(share, Ordering::Relaxed);
            }
            Walk::Broken => {
                self.cut.store(true, Ordering::Relaxed);
                own.push(node);
            }
        }
    }

    /// Hands over the oldest node, the largest part, when somebody has none.
    fn share(&self, own: &mut Vec<Node<'p>>) {
        if own.len() > 1 && self.idle.load(Ordering::Relaxed) > 0 {
            self.lock().waiting.push(own.remove(0));
            self.changed.notify_one();
        }
    }

    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.cut.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Board<'p>> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A moment between two nodes of the first thread.
pub struct Pause<'c, 'a, 'p, H> {
    crew: &'c Crew<'a, 'p, H>,
    own: &'c mut Vec<Node<'p>>,
}

impl<'p, H: Harvest> Pause<'_, '_, 'p, H> {
    /// All nodes that are left to examine, after the helpers have handed over theirs.
    pub fn gather(&mut self) -> &[Node<'p>] {
        let crew = self.crew;
        let mut board = crew.lock();
        crew.gathering.store(true, Ordering::Relaxed);
        crew.changed.notify_all();
        while board.helpers > 0 {
            board = crew
                .changed
                .wait(board)
                .unwrap_or_else(PoisonError::into_inner);
        }
        crew.gathering.store(false, Ordering::Relaxed);
        // The oldest first, so that they are shared first.
        board.waiting.append(self.own);
        *self.own = std::mem::take(&mut board.waiting);
        self.own
    }
}

struct Leaving<'c, 'a, 'p, H: Harvest> {
    crew: &'c Crew<'a, 'p, H>,
    own: Vec<Node<'p>>,
}

impl<H: Harvest> Drop for Leaving<'_, '_, '_, H> {
    fn drop(&mut self) {
        let mut board = self.crew.lock();
        board.waiting.append(&mut self.own);
        board.helpers -= 1;
        board.working -= 1;
        drop(board);
        self.crew.changed.notify_all();
    }
}
