//! Who remembers what: each node's last own move, which decides about perfect recall.

use super::{ExtensiveGame, InfosetId, Mover, PlayerId, Target};

/// A player's most recent own move before a node: the information set and the number of the action chosen there.
pub type OwnMove = (InfosetId, usize);

impl ExtensiveGame {
    /// The information sets where a player has forgotten an own move or what was known at it; none means perfect recall.
    ///
    /// Perfect recall holds when all members of each information set share the last own move: by induction, then, they share
    /// the whole own history. An absent-minded set fails too, its first member having another past than its second.
    pub fn forgetful_infosets(&self) -> Vec<InfosetId> {
        let last = self.last_own_moves();
        let forgets = |set: &InfosetId| {
            let members = self.members(*set);
            members
                .iter()
                .any(|node| last[node.index()] != last[members[0].index()])
        };
        (0..self.infosets().len())
            .map(InfosetId::new)
            .filter(forgets)
            .collect()
    }

    /// The last own move of the mover before each node; `None` at chance nodes and where there was none.
    pub fn last_own_moves(&self) -> Vec<Option<OwnMove>> {
        enum Step {
            Visit(Target),
            Chose(PlayerId, OwnMove),
            Restore(PlayerId, Option<OwnMove>),
        }
        let mut last = vec![None; self.nodes().len()];
        let mut past: Vec<Option<OwnMove>> = vec![None; self.players().len()];
        let mut pending = vec![Step::Visit(self.root())];
        while let Some(step) = pending.pop() {
            let node = match step {
                Step::Visit(Target::Node(node)) => node,
                Step::Visit(Target::Outcome(_)) => continue,
                Step::Chose(player, own) => {
                    past[player.index()] = Some(own);
                    continue;
                }
                Step::Restore(player, before) => {
                    past[player.index()] = before;
                    continue;
                }
            };
            let actions = self.node(node).actions.iter().enumerate().rev();
            let Mover::Infoset(set) = self.node(node).mover else {
                pending.extend(actions.map(|(_, action)| Step::Visit(action.target)));
                continue;
            };
            let player = self.infoset(set).player;
            last[node.index()] = past[player.index()];
            pending.push(Step::Restore(player, past[player.index()]));
            for (position, action) in actions {
                pending.push(Step::Visit(action.target));
                pending.push(Step::Chose(player, (set, position)));
            }
        }
        last
    }
}
