//! Ways from one form to another through a third.

use crate::game::Format;

/// The conversions that exist, each from the first form to the second.
const STEPS: [(Format, Format); 5] = [
    (Format::Vegas, Format::Maid),
    (Format::Vegas, Format::Extensive),
    (Format::Maid, Format::Extensive),
    (Format::Extensive, Format::Normal),
    (Format::Normal, Format::Extensive),
];

/// The forms on the shortest way from one form to another, `from` left out: breadth first. `None` when there is no way.
pub fn way(from: Format, to: Format) -> Option<Vec<Format>> {
    let mut ways: Vec<Vec<Format>> = vec![Vec::new()];
    let mut next = 0;
    while let Some(way) = ways.get(next).cloned() {
        let here = way.last().copied().unwrap_or(from);
        if here == to {
            return Some(way);
        }
        let onward = STEPS.iter().filter(|(start, _)| *start == here);
        for (_, target) in onward {
            if *target != from && !ways.iter().any(|way| way.contains(target)) {
                let mut longer = way.clone();
                longer.push(*target);
                ways.push(longer);
            }
        }
        next += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_shortest_way() {
        use Format::{Extensive, Maid, Normal, Vegas};
        assert_eq!(way(Maid, Normal), Some(vec![Extensive, Normal]));
        assert_eq!(way(Vegas, Normal), Some(vec![Extensive, Normal]));
        assert_eq!(way(Vegas, Maid), Some(vec![Maid]));
        assert_eq!(way(Normal, Extensive), Some(vec![Extensive]));
        assert_eq!(way(Extensive, Maid), None);
        assert_eq!(way(Normal, Normal), Some(vec![]));
    }
}
