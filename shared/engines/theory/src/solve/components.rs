//! The shape of the set of all equilibria of a two-player game: its connected components and maximal Nash subsets.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use dashu_int::IBig;

use super::Equilibrium;
use super::bimatrix::positive_integers;
use super::certify::{Weights, weighted_sum};
use super::linear::sign_of_determinant;
use super::number::Overflow;
use crate::game::NormalGame;
use crate::rational::Rational;

/// Components with more extreme equilibria, or more maximal Nash subsets, are told without their subsets.
const MOST_EQUILIBRIA: usize = 4_096;
const MOST_SUBSETS: usize = 512;

/// A connected component of the set of equilibria.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// The numbers of its extreme equilibria in the list that it was made from, in order.
    pub equilibria: Vec<usize>,
    /// The component is the union of these; `None` if there are too many.
    pub subsets: Option<Vec<NashSubset>>,
    /// Its index, where it is a single equilibrium that is not degenerate; the indices of all components of a game sum to 1.
    pub index: Option<i8>,
}

/// Mixtures of the row player, any mix of which is in equilibrium with any mix of these of the column player. Each mixture is told by the
/// number of the first equilibrium that has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NashSubset {
    pub rows: Vec<usize>,
    pub columns: Vec<usize>,
}

/// The components of a complete list of extreme equilibria, in order of their first members; `stopped` ends the work early, with the rest
/// of the components left out.
///
/// Draw an edge between two mixtures that are in equilibrium with each other: the components of this graph are those of the set, and its
/// maximal complete bipartite subgraphs are the maximal Nash subsets (Winkels 1979; Avis, Rosenberg, Savani and von Stengel 2010).
pub fn components(
    game: &NormalGame,
    equilibria: &[Equilibrium],
    stopped: &dyn Fn() -> bool,
) -> Vec<Component> {
    let graph = Graph::new(equilibria);
    let positive = Positive::new(game);
    let mut components = Vec::new();
    for members in graph.components() {
        if stopped() {
            break;
        }
        let index = match members[..] {
            [only] => positive.index(game, &equilibria[only]),
            _ => None,
        };
        components.push(Component {
            subsets: graph.subsets(&members),
            equilibria: members,
            index,
        });
    }
    components
}

/// The mixtures as vertices, the equilibria as edges.
struct Graph {
    /// For each equilibrium the first one with the same mixture of the row player, and of the column player.
    ends: Vec<[usize; 2]>,
}

impl Graph {
    fn new(equilibria: &[Equilibrium]) -> Graph {
        let mut first: [HashMap<&[Rational], usize>; 2] = [HashMap::new(), HashMap::new()];
        let mut ends = Vec::with_capacity(equilibria.len());
        for (number, equilibrium) in equilibria.iter().enumerate() {
            let mut end = |player: usize| {
                let mixture = equilibrium.strategies[player].as_slice();
                *first[player].entry(mixture).or_insert(number)
            };
            ends.push([end(0), end(1)]);
        }
        Graph { ends }
    }

    /// The equilibria grouped by connection, by merging the smaller name into the greater.
    fn components(&self) -> Vec<Vec<usize>> {
        let mut parent: Vec<usize> = (0..self.ends.len()).collect();
        let root = |parent: &mut Vec<usize>, mut number: usize| {
            while parent[number] != number {
                parent[number] = parent[parent[number]];
                number = parent[number];
            }
            number
        };
        for (number, ends) in self.ends.iter().enumerate() {
            for end in ends {
                let (a, b) = (root(&mut parent, number), root(&mut parent, *end));
                parent[a.max(b)] = a.min(b);
            }
        }
        let mut components: Vec<Vec<usize>> = vec![Vec::new(); self.ends.len()];
        for number in 0..self.ends.len() {
            components[root(&mut parent, number)].push(number);
        }
        components.retain(|members| !members.is_empty());
        components
    }

    /// The maximal complete bipartite subgraphs of a component: every intersection of neighbourhoods, with all who have it.
    fn subsets(&self, members: &[usize]) -> Option<Vec<NashSubset>> {
        if members.len() > MOST_EQUILIBRIA {
            return None;
        }
        let mut neighbours: HashMap<usize, BTreeSet<usize>> = HashMap::new();
        for [row, column] in members.iter().map(|member| self.ends[*member]) {
            neighbours.entry(row).or_default().insert(column);
        }
        let mut closed: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
        for columns in neighbours.values() {
            let cut: Vec<BTreeSet<usize>> = closed
                .iter()
                .map(|other| other & columns)
                .filter(|common| !common.is_empty())
                .collect();
            closed.extend(cut);
            closed.insert(columns.clone());
            if closed.len() > MOST_SUBSETS {
                return None;
            }
        }
        let subset = |columns: BTreeSet<usize>| {
            let has_all = |(_, theirs): &(&usize, &BTreeSet<usize>)| columns.is_subset(theirs);
            let mut rows: Vec<usize> = neighbours
                .iter()
                .filter(has_all)
                .map(|(row, _)| *row)
                .collect();
            rows.sort_unstable();
            NashSubset {
                rows,
                columns: columns.into_iter().collect(),
            }
        };
        let mut subsets: Vec<NashSubset> = closed.into_iter().map(subset).collect();
        subsets.sort_unstable();
        Some(subsets)
    }
}

/// Both players' payoffs as positive integers, profile by profile.
struct Positive([Vec<IBig>; 2]);

impl Positive {
    fn new(game: &NormalGame) -> Positive {
        Positive([0, 1].map(|player| {
            let all: Vec<&Rational> = (0..game.profiles())
                .map(|profile| &game.payoffs_at(profile)[player])
                .collect();
            positive_integers(&all)
        }))
    }

    /// The index (Shapley 1974): (−1)^(k+1) times the signs of both determinants of the payoffs on the supports, all made positive;
    /// `None` of a degenerate equilibrium.
    fn index(&self, game: &NormalGame, equilibrium: &Equilibrium) -> Option<i8> {
        let mixtures = [0, 1].map(|player| Weights::of(&equilibrium.strategies[player]));
        let [rows, columns] = &mixtures;
        let size = rows.used.len();
        if size != columns.used.len() || !has_only_own_replies(game, equilibrium, &mixtures) {
            return None;
        }
        let width = game.sizes()[1];
        let line = |payoffs: &[IBig], row: usize| -> Vec<IBig> {
            let cells = columns.used.iter();
            cells
                .map(|(column, _)| payoffs[row * width + column].clone())
                .collect()
        };
        let mut index = if size % 2 == 1 { 1 } else { -1 };
        for payoffs in &self.0 {
            let matrix: Vec<Vec<IBig>> = rows
                .used
                .iter()
                .map(|(row, _)| line(payoffs, *row))
                .collect();
            let sign = sign_of_determinant::<i128>(&matrix)
                .or_else(|Overflow| sign_of_determinant::<IBig>(&matrix))
                .expect("integers of any size do not overflow");
            index *= match sign {
                Ordering::Greater => 1,
                Ordering::Less => -1,
                Ordering::Equal => return None,
            };
        }
        Some(index)
    }
}

/// Whether no unused strategy is a best reply.
fn has_only_own_replies(
    game: &NormalGame,
    equilibrium: &Equilibrium,
    mixtures: &[Weights; 2],
) -> bool {
    let strides = game.strides();
    (0..2).all(|player| {
        let theirs = &mixtures[1 - player];
        let best = &equilibrium.payoffs[player] * &Rational::from(theirs.total.clone());
        let value = |strategy: usize| {
            weighted_sum(theirs.used.iter().map(|(other, weight)| {
                let profile = strategy * strides[player] + other * strides[1 - player];
                (&game.payoffs_at(profile)[player], weight)
            }))
        };
        let shares = equilibrium.strategies[player].iter().enumerate();
        shares
            .filter(|(_, share)| share.is_zero())
            .all(|(strategy, _)| value(strategy) < best)
    })
}
