//! All extreme equilibria of a two-player game for "Nash Equilibrium", and how they hang together.

use serde_json::{Value, json};

use super::nash::{Brought, Method, Task};
use crate::solve::{Component, Equilibrium, components, enumerate};

const VERTICES: Method = Method {
    solver: "gambit-enummixed",
    method: "branching on labels, exact",
    shortfall: None,
};

/// Every extreme equilibrium, and `components`, where the list is complete: for each connected component of the set of all equilibria the
/// numbers of its extreme ones in the list, their count as `size`, its maximal Nash subsets and its index. A subset `[[a, b], [c]]` says that any
/// mix of the first player's strategies in equilibria a and b goes with the second player's in c.
pub fn extreme(task: &Task<'_>, most: Option<usize>) -> Brought {
    let mut brought = task.search(VERTICES, most, enumerate);
    if brought.complete {
        let profiles: Vec<Equilibrium> = brought
            .solutions
            .iter()
            .map(|solution| solution.profile.clone())
            .collect();
        let found = components(task.table, &profiles, &|| task.control.stopped());
        if !task.control.stopped() {
            let shown = found.iter().map(shown).collect();
            brought.more.insert("components".to_owned(), shown);
        }
    }
    brought
}

fn shown(component: &Component) -> Value {
    let pair = |[rows, columns]: [&Vec<usize>; 2]| json!([rows, columns]);
    json!({
        "equilibria": component.equilibria,
        "size": component.equilibria.len(),
        "maximal_subsets": component.subsets.as_ref().map(|subsets| {
            subsets.iter().map(|subset| pair([&subset.rows, &subset.columns])).collect::<Vec<_>>()
        }),
        "index": component.index,
    })
}
