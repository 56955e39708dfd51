//! Pure strategies of a tree: one action at each information set that the strategy itself does not rule out.

use crate::game::{ExtensiveGame, InfosetId, PlayerId};

/// Which plans count as different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// An action at every information set.
    Full,
    /// No action where the player's own earlier choices rule the information set out. Plans that differ only there have
    /// the same payoffs, so nothing is lost. Players without perfect recall keep all plans.
    Reduced,
}

/// A player's pure strategies.
#[derive(Clone, Debug)]
pub struct Plans {
    /// The player's information sets in pre-order.
    pub sets: Vec<InfosetId>,
    /// In lexicographic order, the first set's action varying slowest.
    pub plans: Vec<Plan>,
}

/// For each of the player's information sets the number of the chosen action; `None` where the set cannot be reached.
pub type Plan = Vec<Option<usize>>;

/// A player's information sets as the enumeration needs them.
struct Layout {
    sets: Vec<InfosetId>,
    /// How many actions each set has.
    sizes: Vec<usize>,
    /// Which set and action must have been chosen before (reduced plans only).
    needs: Vec<Option<(usize, usize)>>,
}

impl Plans {
    pub fn of(game: &ExtensiveGame, player: PlayerId, reduction: Reduction) -> Plans {
        let layout = Layout::of(game, player, reduction);
        let mut plans: Vec<Plan> = Vec::new();
        let mut plan: Plan = Vec::with_capacity(layout.sets.len());
        loop {
            while plan.len() < layout.sets.len() {
                let relevant =
                    layout.needs[plan.len()].is_none_or(|(set, action)| plan[set] == Some(action));
                plan.push(relevant.then_some(0));
            }
            plans.push(plan.clone());
            // The last set with a further action takes it; all sets after it start again.
            loop {
                match plan.pop() {
                    None => {
                        return Plans {
                            sets: layout.sets,
                            plans,
                        };
                    }
                    Some(Some(action)) if action + 1 < layout.sizes[plan.len()] => {
                        plan.push(Some(action + 1));
                        break;
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// How many plans the player has, saturating; linear in the tree.
    pub fn count(game: &ExtensiveGame, player: PlayerId, reduction: Reduction) -> u128 {
        let layout = Layout::of(game, player, reduction);
        // Below each set and action, the product over the sets that it opens of the sum over their actions.
        let mut below: Vec<Vec<u128>> = layout.sizes.iter().map(|size| vec![1; *size]).collect();
        let mut total: u128 = 1;
        for set in (0..layout.sets.len()).rev() {
            let here = below[set]
                .iter()
                .fold(0u128, |sum, count| sum.saturating_add(*count));
            let above = match layout.needs[set] {
                None => &mut total,
                Some((parent, action)) => &mut below[parent][action],
            };
            *above = above.saturating_mul(here);
        }
        total
    }

    /// The number of profiles of such plans, saturating.
    pub fn count_profiles(game: &ExtensiveGame, reduction: Reduction) -> u128 {
        let players = (0..game.players().len()).map(PlayerId::new);
        players.fold(1, |product: u128, player| {
            product.saturating_mul(Plans::count(game, player, reduction))
        })
    }

    /// The plans' names: action labels joined by `/`, `*` where no action is needed, `∅` for a player who never moves.
    pub fn labels(&self, game: &ExtensiveGame) -> Vec<String> {
        let label = |plan: &Plan| {
            if plan.is_empty() {
                return "∅".to_owned();
            }
            let choices = self.sets.iter().zip(plan);
            let names: Vec<&str> = choices
                .map(|(set, action)| {
                    action.map_or("*", |action| game.actions(*set)[action].label.as_str())
                })
                .collect();
            names.join("/")
        };
        let mut labels: Vec<String> = self.plans.iter().map(label).collect();
        let mut seen = std::collections::HashSet::with_capacity(labels.len());
        for (number, label) in labels.iter_mut().enumerate() {
            // Action labels that hold a slash can make two plans look alike.
            if !seen.insert(label.clone()) {
                *label = format!("{label} #{}", number + 1);
                seen.insert(label.clone());
            }
        }
        labels
    }
}

impl Layout {
    fn of(game: &ExtensiveGame, player: PlayerId, reduction: Reduction) -> Layout {
        let sets = game.infosets_of(player);
        let sizes = sets.iter().map(|set| game.actions(*set).len()).collect();
        let forgets = game
            .forgetful_infosets()
            .iter()
            .any(|set| game.infoset(*set).player == player);
        let mut needs = vec![None; sets.len()];
        if reduction == Reduction::Reduced && !forgets {
            let last = game.last_own_moves();
            let mut places = vec![0; game.infosets().len()];
            for (place, set) in sets.iter().enumerate() {
                places[set.index()] = place;
                needs[place] = last[game.members(*set)[0].index()]
                    .map(|(set, action)| (places[set.index()], action));
            }
        }
        Layout { sets, sizes, needs }
    }
}
