//! One player's information sets and sequences, numbered so that what comes later in play has the higher number.

/// A player with perfect recall has one past at each information set: the own move that led there. A sequence is an own move
/// together with its past; sequence 0 is the empty one, and each information set owns a run of consecutive sequences, one per action.
pub struct Sequences {
    /// First sequence of each information set; one entry more than sets.
    first: Vec<u32>,
    /// The sequence before each information set: smaller than the set's own.
    parent: Vec<u32>,
}

impl Sequences {
    /// No information sets yet, only the empty sequence.
    pub(super) fn new() -> Sequences {
        Sequences {
            first: vec![1],
            parent: Vec::new(),
        }
    }

    /// Adds an information set after all that can come before it; its past is set later.
    pub(super) fn push(&mut self, actions: usize) {
        self.first.push((self.len() + actions) as u32);
        self.parent.push(0);
    }

    pub(super) fn set_parent(&mut self, set: usize, parent: u32) {
        self.parent[set] = parent;
    }

    /// How many sequences there are, the empty one included; never 0.
    #[expect(
        clippy::len_without_is_empty,
        reason = "the empty sequence is always there"
    )]
    pub fn len(&self) -> usize {
        self.first.last().map_or(1, |end| *end as usize)
    }

    /// How many information sets.
    pub fn sets(&self) -> usize {
        self.parent.len()
    }

    /// The sequences of an information set.
    pub fn of(&self, set: usize) -> std::ops::Range<usize> {
        self.first[set] as usize..self.first[set + 1] as usize
    }

    /// The sequence before an information set.
    pub fn parent(&self, set: usize) -> usize {
        self.parent[set] as usize
    }

    /// Turns a probability per own move into the probability of all own moves up to it, the realisation plan.
    pub fn realise(&self, behaviour: &[f64], plan: &mut [f64]) {
        plan[0] = 1.0;
        for set in 0..self.sets() {
            let reach = plan[self.parent(set)];
            for sequence in self.of(set) {
                plan[sequence] = reach * behaviour[sequence];
            }
        }
    }

    /// Turns weights of own moves into behaviour: in proportion within each information set, uniform where all are 0.
    pub fn normalise(&self, weights: &mut [f64]) {
        weights[0] = 1.0;
        for set in 0..self.sets() {
            let weights = &mut weights[self.of(set)];
            let total: f64 = weights.iter().sum();
            if total > 0.0 {
                weights.iter_mut().for_each(|weight| *weight /= total);
            } else {
                let even = 1.0 / weights.len() as f64;
                weights.fill(even);
            }
        }
    }
}
