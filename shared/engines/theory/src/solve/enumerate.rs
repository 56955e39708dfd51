//! Every extreme equilibrium of a two-player game, by deciding label by label which player's mixture it constrains.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::bimatrix::Bimatrix;
use super::crew::{Crew, Harvest};
use super::expand::Expansion;
use super::face::Point;
use super::kept::{Kept, fingerprint};
use super::node::{Node, WHOLE};
use super::polytope::Polytope;
use super::{Equilibrium, Found, Known, Search, pure};
use crate::game::NormalGame;
use crate::rational::Rational;

/// How often the caller hears from a long search, in entries of tableaux computed: about a fifth of a second of one thread.
const REPORT: u64 = 1 << 28;

/// How many equilibria are worth a word in any case.
const MANY: usize = 256;

/// The equilibria are the pairs of a vertex `x` of `{ x ≥ 0 : Bᵀx ≤ 1 }` and a vertex `y` of `{ y ≥ 0 : Ay ≤ 1 }` that leave out no label: every
/// strategy is unused or a best reply (Mangasarian 1964; Winkels 1979; Avis, Rosenberg, Savani and von Stengel 2010).
///
/// The search is a tree as in Audet, Hansen, Jaumard and Savard (2001): a node fixes some labels as tight in the one polytope and some
/// in the other, and is cut off once a face is empty. Before it branches, every open label is tried on both faces, with linear programs in
/// doubles whose negative answers are proved; a label left with one place is fixed there. It then branches on the label
/// that leaves least of both faces, judged by the vertices that the linear programs went through. Where doubles cannot decide, the rest of a
/// node is enumerated in exact arithmetic.
///
/// Equilibria in pure strategies are looked up first, which is cheap, so that a run that is cut short has at least them.
/// Equilibria come out in a fixed order: those with small supports first, then by probabilities.
pub fn enumerate(game: &NormalGame, search: &Search<'_>) -> Found {
    let in_pure = pure(game, search).equilibria;
    if search.enough(game, in_pure.len()) {
        return Found {
            equilibria: in_pure,
            complete: false,
        };
    }
    let bimatrix = Bimatrix::of(game, search.stop);
    let labels_of_first = bimatrix.first.rows;
    let polytopes = [
        Polytope::new(bimatrix.second.transposed(), 0),
        Polytope::new(bimatrix.first.clone(), labels_of_first),
    ];
    let harvest = Equilibria(Mutex::new(List {
        expansion: Expansion::new(game, &bimatrix, search),
        pairs: HashSet::new(),
    }));
    // Which ones are found first would depend on the threads.
    let alone: &(dyn Fn() -> usize + Sync) = &|| 1;
    let threads = search.most.map_or(search.threads, |_| alone);
    let crew = Crew::new(&harvest, search.stop, threads);
    let fingerprint = fingerprint(&polytopes);
    let nodes = match restored(&polytopes, fingerprint, search) {
        Some((nodes, kept)) => {
            crew.add_done(kept.done);
            harvest.list().restore(kept.pairs);
            nodes
        }
        None => vec![Node::root(&polytopes, search.stop)],
    };
    let mut told = Told::default();
    let tell = || {
        let list = harvest.list();
        let found = &list.expansion.equilibria;
        if told.is_news(crew.work(), found.len()) {
            (search.progress)(Known {
                fraction: Some(crew.done() as f64 / WHOLE as f64),
                message: format!(
                    "{} branches examined, {} equilibria found",
                    crew.examined(),
                    found.len()
                ),
                equilibria: found,
            });
        }
    };
    crew.search(nodes, tell, |pause| {
        if search.keeper.due() && !crew.has_left_out() {
            let nodes = pause.gather();
            let pairs = harvest.list().pairs.iter().cloned().collect();
            let state = Kept::new(fingerprint, nodes, pairs, crew.done()).to_bytes();
            state
                .into_iter()
                .for_each(|state| search.keeper.keep(state));
        }
    });
    let mut list = harvest.list();
    let mut equilibria = std::mem::take(&mut list.expansion.equilibria);
    let complete = crew.is_complete() && !list.expansion.cut;
    if !complete {
        let known: HashSet<Equilibrium> = equilibria.iter().cloned().collect();
        let missing = in_pure
            .into_iter()
            .filter(|equilibrium| !known.contains(equilibrium));
        for equilibrium in missing {
            if !search.enough(game, equilibria.len()) {
                equilibria.push(equilibrium);
            }
        }
    }
    equilibria.sort_by_cached_key(|equilibrium| {
        (
            support_size(equilibrium),
            std::cmp::Reverse(equilibrium.strategies.clone()),
        )
    });
    Found {
        equilibria,
        complete,
    }
}

/// What an earlier attempt left to do, and what it had; where that cannot be restored, the search starts again.
fn restored<'p>(
    polytopes: &'p [Polytope; 2],
    fingerprint: u64,
    search: &Search<'p>,
) -> Option<(Vec<Node<'p>>, Kept)> {
    let kept = Kept::from_bytes(&search.keeper.kept()?, fingerprint)?;
    let nodes = kept.nodes(polytopes, search.stop).ok()?;
    Some((nodes, kept))
}

fn support_size(equilibrium: &Equilibrium) -> usize {
    equilibrium
        .strategies
        .iter()
        .flatten()
        .filter(|probability| !probability.is_zero())
        .count()
}

/// When the caller was told last.
#[derive(Default)]
struct Told {
    work: u64,
    found: usize,
}

impl Told {
    /// The first equilibrium is worth a word, and then a certain amount of work or of equilibria.
    fn is_news(&mut self, work: u64, found: usize) -> bool {
        let is_first = found > 0 && self.found == 0;
        let is_news = is_first || work >= self.work + REPORT || found >= 4 * self.found + MANY;
        if is_news {
            *self = Told { work, found };
        }
        is_news
    }
}

struct Equilibria<'a>(Mutex<List<'a>>);

struct List<'a> {
    expansion: Expansion<'a>,
    /// The pairs found, as mixtures of the reduced game.
    pairs: HashSet<[Vec<Rational>; 2]>,
}

impl List<'_> {
    fn restore(&mut self, pairs: Vec<[Vec<Rational>; 2]>) {
        for pair in pairs {
            self.expansion.add(&pair[0], &pair[1]);
            self.pairs.insert(pair);
        }
    }
}

impl<'a> Equilibria<'a> {
    fn list(&self) -> MutexGuard<'_, List<'a>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Harvest for Equilibria<'_> {
    fn take(&self, x: &Point, y: &Point) -> ControlFlow<()> {
        if x.is_origin() {
            // The pair that plays nothing.
            return ControlFlow::Continue(());
        }
        let pair = [x.mixture(), y.mixture()];
        let mut list = self.list();
        if !list.pairs.contains(&pair) {
            let meaning = list.expansion.meaning;
            let most = list.expansion.most;
            // The certificates take longer than anything else that needs the lock.
            drop(list);
            let equilibria = meaning.equilibria(&pair[0], &pair[1], most);
            list = self.list();
            if list.pairs.insert(pair) {
                list.expansion.store(equilibria);
            }
        }
        if list.expansion.cut {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}
