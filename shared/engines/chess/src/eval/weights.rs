//! The weights of the features, in centipawns, in the order of `features`: written by `examples/tune.rs` from games that
//! `examples/selfplay.rs` has let this engine play.
//!
//! The games: `selfplay 3000 10 1000`, `selfplay 5000 11 400`, and with the weights that these gave the first 1,900 of
//! `selfplay 5000 12 600`: 627,000 positions.

use super::features::COUNT;
use super::sink::Packed;

pub(super) static WEIGHTS: [Packed; COUNT] = {
    let mut weights = [Packed::new(0, 0); COUNT];
    let mut index = 0;
    while index < COUNT {
        weights[index] = Packed::new(MIDDLEGAME[index] as i32, ENDGAME[index] as i32);
        index += 1;
    }
    weights
};

const MIDDLEGAME: [i16; COUNT] = [
    // material
    79, 320, 336, 470, 976, // pawn square
    0, 0, 0, 0, -3, 6, -5, -4, -4, 4, 1, 9, 0, -4, 12, 18, 5, 12, 10, 15, 7, 12, 9, 10, 9, 12, 14,
    14, 0, 0, 0, 0, // knight square
    -35, -21, -20, -11, -19, -8, -1, -4, -10, -1, 3, 14, 0, 10, 18, 21, -1, 7, 15, 25, -9, 0, 8,
    16, -17, -9, -2, 7, -27, -17, -9, -1, // bishop square
    -20, -16, -14, -7, -7, 1, 1, 5, -7, -2, 8, 7, 1, 2, 10, 13, 0, 8, 7, 11, -5, 1, 3, 8, -8, -4,
    -1, 4, -14, -8, -4, 0, // rook square
    -6, 0, 0, 5, -5, 0, 2, 4, -8, 0, 1, 5, -6, -1, 2, 4, -5, -3, 3, 4, -4, -1, 3, 5, -2, -2, 1, 5,
    -2, -1, 2, 5, // queen square
    -9, -9, -4, 9, -6, -3, 0, 4, -4, 1, -2, -2, -2, -1, 0, 2, -2, -2, 3, 2, -5, -2, 1, 3, -3, -3,
    0, 1, -6, -5, -3, -1, // king square
    41, 47, 23, 14, 19, 24, 6, -5, -15, -10, -22, -26, -35, -31, -42, -46, -50, -45, -57, -62, -60,
    -56, -67, -71, -65, -61, -72, -76, -70, -66, -77, -81, // knight mobility
    -38, -20, -13, -11, 0, 7, 12, 22, 23, // bishop mobility
    -36, -27, -18, -10, -6, -3, 1, 3, 8, 12, 19, 24, 29, 36, // rook mobility
    -23, -22, -12, -10, -9, -3, -3, 2, 1, 2, 7, 10, 13, 17, 22, // queen mobility
    -19, -17, -15, -13, -11, -11, -9, -11, -6, -5, -6, -5, -2, 0, 1, 3, 3, 5, 8, 9, 10, 12, 13, 15,
    16, 18, 19, 21, // bishop pair
    36, // bishop own pawns
    -5, // outpost
    20, 15, // behind pawn
    5,  // rook open file
    27, // rook half open file
    7,  // rook seventh
    8,  // doubled
    -7, // isolated
    -5, -15, // backward
    5, -13, // connected
    0, 2, 7, 9, 10, 38, 60, 0, // passed
    0, -2, 2, 0, 21, 43, 75, 0, // passed blocked
    0, -1, -2, -5, -6, -12, -22, 0, // passed free
    0, 0, 2, 4, 13, 27, 41, 0, // passed supported
    4, // passed own king
    0, 2, 1, -2, -2, 2, -1, -1, // passed their king
    -1, -1, 1, -1, -2, 2, 1, 0, // rook behind passed
    9, // shield
    18, 5, // storm
    -9, -1,  // king open file
    -22, // king half open file
    -14, // danger
    -9, 0, -7, -5, -12, -13, -15, -24, -35, -43, -54, -63, -77, -91, -104, -122, -141, -156, -176,
    -197, -220, -242, -266, -290, -316, -343, -371, -400, -420, -420, -420, -420, -420, -420, -420,
    -420, -420, -420, -420, -420, -420, -420, -420, -420, -420, -420, -420, -420,
    // pawn threat
    0, 51, 51, 63, 61, 0, // minor threat
    3, 19, 22, 41, 40, 0, // rook threat
    3, 12, 16, 0, 40, 0,  // king threat
    8,  // hanging
    20, // push threat
    21, // tempo
    33,
];

const ENDGAME: [i16; COUNT] = [
    // material
    110, 304, 326, 549, 973, // pawn square
    0, 0, 0, 0, -5, -4, 0, -6, -4, 5, -5, -2, 8, 3, 2, 7, 16, 11, 14, 10, 21, 20, 17, 18, 24, 25,
    26, 24, 0, 0, 0, 0, // knight square
    -19, -14, -7, -2, -14, -7, -3, 8, -7, -2, 0, 9, 2, 5, 10, 16, 1, 7, 9, 18, -7, 1, 7, 11, -14,
    -7, 0, 5, -20, -13, -7, -2, // bishop square
    -9, -6, -3, 1, -7, -4, 0, 2, -2, 0, 3, 7, 0, 2, 6, 7, 2, 1, 5, 7, -3, 1, 0, 5, -6, -3, 0, 2,
    -9, -6, -3, 1, // rook square
    0, -3, -2, -4, -2, -2, -2, -5, 0, 0, 1, 0, 1, 2, 0, 2, 2, 2, 3, 2, 4, 3, 3, 5, 6, 4, 4, 5, 7,
    7, 6, 4, // queen square
    -16, -10, -5, 0, -10, -5, -1, 4, -5, 1, 5, 9, 0, 3, 9, 14, 0, 4, 9, 13, -6, 0, 4, 9, -9, -4, 0,
    4, -15, -9, -5, 0, // king square
    -36, -26, -15, -6, -25, -14, 0, 9, -14, -1, 9, 19, -2, 8, 23, 31, -3, 10, 22, 31, -13, -1, 12,
    23, -25, -13, -1, 11, -38, -26, -14, -2, // knight mobility
    -44, -23, -16, -5, 2, 9, 13, 19, 22, // bishop mobility
    -37, -31, -24, -16, -11, -3, 3, 7, 14, 16, 22, 28, 36, 42, // rook mobility
    -42, -36, -30, -24, -15, -10, -5, 4, 7, 13, 18, 23, 29, 33, 44, // queen mobility
    -39, -36, -33, -31, -27, -23, -21, -18, -15, -12, -10, -7, -2, 1, 3, 6, 10, 12, 17, 18, 23, 24,
    27, 30, 33, 36, 39, 42, // bishop pair
    51, // bishop own pawns
    -4, // outpost
    14, 7,   // behind pawn
    7,   // rook open file
    12,  // rook half open file
    13,  // rook seventh
    22,  // doubled
    -22, // isolated
    -6, -10, // backward
    -7, -10, // connected
    0, -1, 3, 5, 16, 37, 60, 0, // passed
    0, 13, 14, 26, 55, 89, 132, 0, // passed blocked
    0, -5, -7, -12, -22, -40, -64, 0, // passed free
    0, 4, 6, 16, 37, 74, 113, 0,  // passed supported
    10, // passed own king
    28, 31, 17, 5, -4, -3, -9, -13, // passed their king
    -37, -35, -20, -1, 18, 24, 30, 32, // rook behind passed
    21, // shield
    -6, -2, // storm
    8, 1,  // king open file
    -6, // king half open file
    4,  // danger
    1, -2, -4, -6, -8, -8, -12, -14, -18, -17, -21, -22, -25, -26, -28, -30, -32, -34, -36, -38,
    -39, -42, -44, -46, -48, -50, -52, -54, -56, -58, -60, -60, -60, -60, -60, -60, -60, -60, -60,
    -60, -60, -60, -60, -60, -60, -60, -60, -60, // pawn threat
    0, 40, 45, 40, 40, 0, // minor threat
    16, 17, 15, 29, 30, 0, // rook threat
    19, 20, 20, 10, 20, 0,  // king threat
    32, // hanging
    24, // push threat
    12, // tempo
    13,
];
