//! What the evaluation looks at: each feature has a place in the table of weights.

/// A run of neighbouring features of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    pub name: &'static str,
    pub start: usize,
    pub len: usize,
}

impl Group {
    const fn after(before: Group, name: &'static str, len: usize) -> Self {
        Self {
            name,
            start: before.start + before.len,
            len,
        }
    }

    /// The feature with this index; beyond the end: the last.
    pub(super) fn at(self, index: usize) -> usize {
        self.start + index.min(self.len - 1)
    }
}

macro_rules! groups {
    ($first:ident $first_len:literal $(, $name:ident $len:literal)* $(,)?) => {
        pub(super) const $first: Group = Group { name: stringify!($first), start: 0, len: $first_len };
        groups!(@rest $first; $($name $len,)*);
        /// All of them, in the order of the table.
        pub const GROUPS: &[Group] = &[$first, $($name),*];
    };
    (@rest $before:ident; $name:ident $len:literal, $($more:ident $more_len:literal,)*) => {
        pub(super) const $name: Group = Group::after($before, stringify!($name), $len);
        groups!(@rest $name; $($more $more_len,)*);
    };
    (@rest $before:ident;) => {
        pub const COUNT: usize = $before.start + $before.len;
    };
}

groups! {
    // Pawn, knight, bishop, rook, queen.
    MATERIAL 5,
    // By rank, then by distance of the file from the edge: left and right are the same.
    PAWN_SQUARE 32,
    KNIGHT_SQUARE 32,
    BISHOP_SQUARE 32,
    ROOK_SQUARE 32,
    QUEEN_SQUARE 32,
    KING_SQUARE 32,
    // By squares that can be reached and are not held by a pawn.
    KNIGHT_MOBILITY 9,
    BISHOP_MOBILITY 14,
    ROOK_MOBILITY 15,
    QUEEN_MOBILITY 28,
    BISHOP_PAIR 1,
    BISHOP_OWN_PAWNS 1,
    // Knight, bishop.
    OUTPOST 2,
    BEHIND_PAWN 1,
    ROOK_OPEN_FILE 1,
    ROOK_HALF_OPEN_FILE 1,
    ROOK_SEVENTH 1,
    DOUBLED 1,
    // On a closed, on an open file.
    ISOLATED 2,
    BACKWARD 2,
    // By rank.
    CONNECTED 8,
    PASSED 8,
    PASSED_BLOCKED 8,
    PASSED_FREE 8,
    PASSED_SUPPORTED 1,
    // By the king's distance from the square before the pawn.
    PASSED_OWN_KING 8,
    PASSED_THEIR_KING 8,
    ROOK_BEHIND_PASSED 1,
    // One rank, two ranks before the king.
    SHIELD 2,
    STORM 2,
    KING_OPEN_FILE 1,
    KING_HALF_OPEN_FILE 1,
    // By the force of the attack on the king.
    DANGER 48,
    // By the attacked piece.
    PAWN_THREAT 6,
    MINOR_THREAT 6,
    ROOK_THREAT 6,
    KING_THREAT 1,
    HANGING 1,
    PUSH_THREAT 1,
    TEMPO 1,
}
