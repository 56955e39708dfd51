//! Typed indices into a game's tables.

use serde::{Deserialize, Serialize};

macro_rules! index {
    ($(#[$doc:meta] $name:ident),*) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(u32);

        impl $name {
            pub const FIRST: $name = $name(0);

            /// Tables are bounded far below 2^32 entries by [`crate::Limits`].
            pub fn new(index: usize) -> $name {
                $name(u32::try_from(index).expect("tables hold fewer than 2^32 entries"))
            }

            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index!(
    /// A position in the player list; nature has none.
    PlayerId,
    /// A decision or chance node of a tree.
    NodeId,
    /// An entry of a tree's outcome table.
    OutcomeId,
    /// An information set of a tree.
    InfosetId
);
