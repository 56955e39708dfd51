//! The search for all pairs of vertices that leave out no label: deciding label by label whose half it is tight in.

use std::sync::atomic::AtomicBool;

use super::half::{Face, Half};
use super::labels::Labels;
use super::polytope::Polytope;
use super::tableau::Halt;

/// A part of the search space: all completely labelled pairs of a vertex in the first half's face and one in the second's,
/// except those whose first vertex has a forbidden label tight. The parts of one search do not overlap.
#[derive(Clone)]
pub struct Node<'p> {
    pub first: Half<'p>,
    pub second: Half<'p>,
    /// Labels that are fixed in neither half.
    pub undecided: Labels,
    /// Labels that must not be tight in the first half: the pairs with them are another node's.
    pub forbidden: Labels,
    /// The share of the whole search that this node is, in parts of [`WHOLE`]: halved at every branching (Knuth 1975).
    pub share: u64,
}

/// The share of the root.
pub const WHOLE: u64 = 1 << 62;

/// What a node turned out to be.
pub enum Settled {
    /// It holds no completely labelled pair.
    Empty,
    /// Every label is fixed: any vertex of the one face and any of the other are completely labelled.
    Leaf,
    /// This label may be tight in either half.
    Open(usize),
}

impl<'p> Node<'p> {
    pub fn root([first, second]: &'p [Polytope; 2], stop: &'p AtomicBool) -> Node<'p> {
        Node {
            first: Half::whole(first, stop),
            second: Half::whole(second, stop),
            undecided: Labels::all(first.labels()),
            forbidden: Labels::none(first.labels()),
            share: WHOLE,
        }
    }

    /// How many tableau entries were computed since the last call.
    pub fn take_work(&mut self) -> u64 {
        self.first.take_work() + self.second.take_work()
    }

    /// About how much memory this takes.
    pub fn bytes(&self) -> usize {
        self.first.bytes() + self.second.bytes()
    }

    /// Fixes every label that can only be tight in one of the halves. What is left has alternatives for every label.
    pub fn settle(&mut self) -> Result<Settled, Halt> {
        loop {
            if let Some(settled) = self.fix_forced()? {
                return Ok(settled);
            }
            match self.fix_implied()? {
                Some(Face::Kept) => continue,
                Some(Face::Empty) => return Ok(Settled::Empty),
                None if self.is_forbidden()? => return Ok(Settled::Empty),
                None => return Ok(self.choose().map_or(Settled::Leaf, Settled::Open)),
            }
        }
    }

    /// The two halves of the node, without empty ones: where the label is tight in the second half only, and where it is in the first.
    pub fn branch(&mut self, label: usize) -> Result<[Option<Node<'p>>; 2], Halt> {
        let mut other = self.clone();
        let there = other.second.fix(label)?;
        let mut here = self.clone();
        let face = here.first.fix(label)?;
        other.forbidden.insert(label);
        for node in [&mut other, &mut here] {
            node.undecided.remove(label);
            node.share /= 2;
        }
        let kept = |node, face| (face == Face::Kept).then_some(node);
        Ok([kept(other, there), kept(here, face)])
    }

    /// Labels that are tight nowhere on one face must be tight on the other. `Some` when that cannot be.
    fn fix_forced(&mut self) -> Result<Option<Settled>, Halt> {
        loop {
            let only = |half: &Half<'_>| self.undecided.common(half.never());
            if let Some(label) = only(&self.first) {
                if self.second.fix(label)? == Face::Empty {
                    return Ok(Some(Settled::Empty));
                }
                self.undecided.remove(label);
            } else if let Some(label) = only(&self.second) {
                if self.first.fix(label)? == Face::Empty {
                    return Ok(Some(Settled::Empty));
                }
                self.undecided.remove(label);
            } else {
                let unknown = |half: &Half<'_>| {
                    self.undecided
                        .first_outside(half.tight_somewhere(), half.never())
                };
                if let Some(label) = unknown(&self.first) {
                    self.first.probe(label)?;
                } else if let Some(label) = unknown(&self.second) {
                    self.second.probe(label)?;
                } else {
                    return Ok(None);
                }
            }
        }
    }

    /// Fixes labels that are tight everywhere on one of the faces anyway: there is nothing to decide. `None` if there was none.
    fn fix_implied(&mut self) -> Result<Option<Face>, Halt> {
        for half in [&mut self.first, &mut self.second] {
            let nothing = Labels::none(half.polytope.labels());
            while let Some(label) = self
                .undecided
                .first_outside(half.loose_somewhere(), &nothing)
            {
                if half.is_always_tight(label)? {
                    self.undecided.remove(label);
                    return half.fix(label).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn is_forbidden(&mut self) -> Result<bool, Halt> {
        let nothing = Labels::none(self.first.polytope.labels());
        while let Some(label) = self
            .forbidden
            .first_outside(self.first.loose_somewhere(), &nothing)
        {
            if self.first.is_always_tight(label)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The label that leaves the least on both sides, as far as the vertices met can tell.
    fn choose(&self) -> Option<usize> {
        let left = |label: usize| self.first.frequency(label) + self.second.frequency(label);
        self.undecided
            .iter()
            .map(|label| (left(label), label))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, label)| label)
    }
}
