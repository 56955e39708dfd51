//! Which decisions rely on which: the relevance graph and its strongly connected components.

use super::diagram::{Diagram, Role};

/// For each node whether the decision relies on it, in pycid's words whether it is *r-reachable*: whether what happens at that node
/// (a decision's rule, nature's table) can matter to the best rule of `decision`. For decisions this is *s-reachability* (Koller and
/// Milch 2003, definition 5.2): a new parent of the node is d-connected, given the decision and its parents, with a utility of the
/// decider below the decision.
///
/// The Bayes ball of Shachter (1998) visits each edge at most twice, so one decision takes linear time.
pub fn requisite(diagram: &Diagram, decision: usize) -> Vec<bool> {
    let mut relied_on = vec![false; diagram.nodes()];
    let Some(agent) = diagram.decider(decision) else {
        return relied_on;
    };
    let below = diagram.descendants(decision);
    let mut given = vec![false; diagram.nodes()];
    given[decision] = true;
    for parent in diagram.parents(decision) {
        given[*parent] = true;
    }
    enum From {
        Child,
        Parent,
    }
    let mut down = vec![false; diagram.nodes()];
    let utilities = diagram.utilities_of(agent).into_iter();
    let mut balls: Vec<(usize, From)> = utilities
        .filter(|utility| below[*utility])
        .map(|utility| (utility, From::Child))
        .collect();
    while let Some((node, from)) = balls.pop() {
        let (up, through) = match (from, given[node]) {
            (From::Child, true) => (false, false),
            (From::Child, false) => (true, true),
            (From::Parent, true) => (true, false),
            (From::Parent, false) => (false, true),
        };
        if up && !std::mem::replace(&mut relied_on[node], true) {
            let parents = diagram.parents(node).iter();
            balls.extend(parents.map(|parent| (*parent, From::Child)));
        }
        if through && !std::mem::replace(&mut down[node], true) {
            let children = diagram.children(node).iter();
            balls.extend(children.map(|child| (*child, From::Parent)));
        }
    }
    relied_on
}

/// For each open decision, in the order of [`Diagram::decisions`], the other open decisions that it relies on.
pub fn relied_on(diagram: &Diagram) -> Vec<Vec<usize>> {
    let decisions = diagram.decisions();
    let relies = |decision: &usize| {
        let requisite = requisite(diagram, *decision);
        decisions
            .iter()
            .copied()
            .filter(|other| other != decision && requisite[*other])
            .collect()
    };
    decisions.iter().map(relies).collect()
}

/// The strongly connected components of the relevance graph, each after those it relies on: the order in which they can be solved.
/// Tarjan's algorithm (1972) without recursion.
pub fn components(diagram: &Diagram) -> Vec<Vec<usize>> {
    let decisions = diagram.decisions();
    let mut place = vec![usize::MAX; diagram.nodes()];
    for (position, decision) in decisions.iter().enumerate() {
        place[*decision] = position;
    }
    let edges = relied_on(diagram);
    let mut state = Tarjan {
        entered: vec![None; decisions.len()],
        low: vec![0; decisions.len()],
        open: vec![false; decisions.len()],
        stack: Vec::new(),
        count: 0,
    };
    let mut found = Vec::new();
    for root in 0..decisions.len() {
        if state.entered[root].is_some() {
            continue;
        }
        state.enter(root);
        let mut path = vec![(root, edges[root].iter())];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            match next.next() {
                Some(target) => {
                    let target = place[*target];
                    match state.entered[target] {
                        None => {
                            state.enter(target);
                            path.push((target, edges[target].iter()));
                        }
                        Some(number) if state.open[target] => {
                            state.low[node] = state.low[node].min(number);
                        }
                        Some(_) => {}
                    }
                }
                None => {
                    path.pop();
                    if let Some((above, _)) = path.last() {
                        state.low[*above] = state.low[*above].min(state.low[node]);
                    }
                    if let Some(mut component) = state.close(node) {
                        component.sort_unstable();
                        let names = component.into_iter().map(|position| decisions[position]);
                        found.push(names.collect());
                    }
                }
            }
        }
    }
    found
}

struct Tarjan {
    entered: Vec<Option<usize>>,
    low: Vec<usize>,
    open: Vec<bool>,
    stack: Vec<usize>,
    count: usize,
}

impl Tarjan {
    fn enter(&mut self, node: usize) {
        self.entered[node] = Some(self.count);
        self.low[node] = self.count;
        self.open[node] = true;
        self.stack.push(node);
        self.count += 1;
    }

    /// The component that a finished node is the first of.
    fn close(&mut self, node: usize) -> Option<Vec<usize>> {
        if self.entered[node] != Some(self.low[node]) {
            return None;
        }
        let start = self.stack.iter().rposition(|open| *open == node)?;
        let component = self.stack.split_off(start);
        for node in &component {
            self.open[*node] = false;
        }
        Some(component)
    }
}

/// Whether the agent's own decisions rely on each other in a circle; if not, they can be optimised one after the other (*sufficient
/// recall*, *solubility*: Lauritzen and Nilsson 2001).
pub fn has_circle(diagram: &Diagram) -> bool {
    components(diagram)
        .iter()
        .any(|component| component.len() > 1)
}

/// Whether each of the agent's decisions observes everything that its earlier ones observed and chose.
pub fn remembers(diagram: &Diagram, agent: crate::game::PlayerId) -> bool {
    let own: Vec<usize> = diagram
        .order()
        .iter()
        .copied()
        .filter(|node| matches!(diagram.role(*node), Role::Decision(owner) if *owner == agent))
        .collect();
    own.windows(2).all(|pair| {
        let knows = |node: &usize| diagram.parents(pair[1]).contains(node);
        knows(&pair[0]) && diagram.parents(pair[0]).iter().all(knows)
    })
}
