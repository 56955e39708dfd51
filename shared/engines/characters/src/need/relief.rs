//! Which deeds meet which need. Ours: the contract's engine leaves it to the game.

use super::Need::{self, Purpose, Rest, Safety, Social, Sustenance};
use crate::archetype::nature::Nature;

/// How far a deed of this nature meets this need: 0 not at all, 1 in full.
pub fn relief(nature: Nature, need: Need) -> f64 {
    met_by(nature)
        .iter()
        .find(|(met, _)| *met == need)
        .map_or(0.0, |(_, part)| *part)
}

/// The needs that a deed of this nature meets, each with how far.
pub fn met_by(nature: Nature) -> &'static [(Need, f64)] {
    match nature {
        Nature::Rest => &[(Rest, 1.0)],
        Nature::Contemplate => &[(Rest, 0.5), (Purpose, 0.5)],
        Nature::Eat => &[(Sustenance, 1.0)],
        Nature::Talk => &[(Social, 1.0)],
        Nature::Perform => &[(Social, 0.7), (Purpose, 0.8)],
        Nature::Play => &[(Social, 0.7), (Rest, 0.2)],
        Nature::Serve | Nature::Care => &[(Purpose, 0.9), (Social, 0.4)],
        Nature::Trade => &[(Purpose, 0.8), (Social, 0.4)],
        Nature::Watch => &[(Safety, 1.0), (Purpose, 0.8)],
        Nature::Observe => &[(Safety, 0.6)],
        Nature::Hide => &[(Safety, 1.0), (Rest, 0.1)],
        Nature::Move => &[(Safety, 0.2)],
        Nature::Work | Nature::Learn => &[(Purpose, 0.9)],
        Nature::Command => &[(Purpose, 0.8)],
        Nature::Fight | Nature::Steal => &[(Purpose, 0.5)],
    }
}

/// What somebody gets out of it to whom it is done.
pub fn met_in_receiving(nature: Nature) -> &'static [(Need, f64)] {
    match nature {
        Nature::Talk | Nature::Play => &[(Social, 0.5)],
        Nature::Perform => &[(Social, 0.3)],
        Nature::Serve => &[(Sustenance, 0.5), (Social, 0.3)],
        Nature::Care => &[(Safety, 0.5), (Social, 0.3)],
        Nature::Fight => &[(Safety, -0.6)],
        Nature::Steal => &[(Safety, -0.3)],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archetype::{catalogue, nature};

    #[test]
    fn every_need_can_be_met_by_every_archetype_or_by_others() {
        for archetype in catalogue::all() {
            let natures = || archetype.tools.iter().map(|tool| nature::of(&tool.name));
            for need in Need::ALL {
                assert!(
                    natures().any(|nature| relief(nature, need) > 0.0),
                    "{} never meets {}",
                    archetype.id,
                    need.as_str()
                );
            }
        }
        assert_eq!(met_by(nature::of("talk_to")), &[(Social, 1.0)]);
        assert_eq!(relief(Nature::Eat, Social), 0.0);
    }
}
