//! Completing a vertex of one player's polytope to equilibria.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use super::bimatrix::Bimatrix;
use super::expand::Expansion;
use super::face::{Matrix, face};
use super::vertices::Walk;
use super::{Known, Search};

/// How often the caller hears from a long search, in vertices.
const REPORT: u64 = 1 << 14;

/// Meets the vertices of one polytope one by one and adds the equilibria that they belong to.
///
/// The game is turned so that the walk is over the mixtures of the player with fewer strategies: that polytope has fewer vertices.
pub struct Matching<'a, 'g> {
    game: Cow<'a, Bimatrix>,
    /// Each row a reply, each column a strategy of the player whose mixtures are met.
    replies: Matrix,
    exchanged: bool,
    search: &'a Search<'a>,
    expansion: &'a mut Expansion<'g>,
    /// Vertices met, by support and tight replies.
    seen: HashSet<(Vec<usize>, Vec<usize>)>,
    vertices: u64,
    /// Whether a face was left unfinished.
    unfinished: bool,
}

impl<'a, 'g> Matching<'a, 'g> {
    pub fn new(
        original: &'a Bimatrix,
        search: &'a Search<'a>,
        expansion: &'a mut Expansion<'g>,
    ) -> Matching<'a, 'g> {
        let exchanged = original.first.rows > original.first.columns;
        let game = if exchanged {
            Cow::Owned(original.exchanged())
        } else {
            Cow::Borrowed(original)
        };
        let replies = game.second.transposed();
        Matching {
            game,
            replies,
            exchanged,
            search,
            expansion,
            seen: HashSet::new(),
            vertices: 0,
            unfinished: false,
        }
    }

    /// The game as it is walked: its first player's mixtures are the ones to meet.
    pub fn game(&self) -> &Bimatrix {
        &self.game
    }

    /// The matrix of the polytope that is walked: a row per reply, a column per strategy.
    pub fn replies(&self) -> &Matrix {
        &self.replies
    }

    pub fn stop(&self) -> &'a AtomicBool {
        self.search.stop
    }

    /// Whether an equilibrium may be missing although every vertex was met.
    pub fn is_cut(&self) -> bool {
        self.unfinished || self.expansion.cut
    }

    /// Counts a vertex; breaks when the search is to end.
    pub fn count(&mut self) -> ControlFlow<()> {
        self.vertices += 1;
        if self.vertices.is_multiple_of(REPORT) {
            self.report();
        }
        if self.search.stopped() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Meets the vertex whose positive components are exactly `support` and whose tight replies are exactly `tight`,
    /// both in any order.
    pub fn meet(&mut self, mut support: Vec<usize>, mut tight: Vec<usize>) -> ControlFlow<()> {
        self.count()?;
        support.sort_unstable();
        tight.sort_unstable();
        if self.seen.contains(&(support.clone(), tight.clone())) {
            return ControlFlow::Continue(());
        }
        let (replies, walk) = face(&self.game.first, &support, &tight, self.search.stop);
        self.unfinished |= walk == Walk::Broken;
        if !replies.is_empty() {
            let (points, _) = face(&self.replies, &tight, &support, self.search.stop);
            for point in &points {
                for reply in &replies {
                    let (x, y) = if self.exchanged {
                        (reply, point)
                    } else {
                        (point, reply)
                    };
                    self.expansion.add(x, y, self.search);
                }
            }
            let found = self.expansion.equilibria.len();
            if found.is_power_of_two() || found.is_multiple_of(64) {
                self.report();
            }
        }
        self.seen.insert((support, tight));
        if self.expansion.cut {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn report(&self) {
        let found = &self.expansion.equilibria;
        (self.search.progress)(Known {
            fraction: None,
            message: format!(
                "{} vertices examined, {} equilibria found",
                self.vertices,
                found.len()
            ),
            equilibria: found,
        });
    }
}
