//! The weights of the features, in centipawns, in the order of `features`: written by `examples/tune.rs` from games that
//! `examples/selfplay.rs` has let this engine play.

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
    80, 322, 336, 476, 977, // pawn square
    0, 0, 0, 0, -3, 4, -3, -5, -2, 4, 4, 8, 2, -4, 11, 17, 5, 9, 10, 17, 7, 11, 9, 11, 10, 12, 13,
    14, 0, 0, 0, 0, // knight square
    -35, -25, -19, -11, -18, -8, -1, 0, -9, 0, 4, 16, 0, 8, 16, 22, 0, 7, 15, 25, -9, 0, 8, 15,
    -17, -9, -2, 7, -26, -17, -9, -1, // bishop square
    -20, -16, -14, -8, -8, 0, 2, 5, -5, -1, 6, 8, 1, 3, 8, 12, 0, 5, 7, 12, -4, 1, 3, 8, -8, -4, 0,
    4, -13, -8, -4, 0, // rook square
    -4, 0, 1, 4, -3, -1, 2, 5, -7, -1, 1, 6, -5, -1, 2, 5, -4, -2, 2, 4, -3, -1, 3, 5, -3, -1, 1,
    5, -3, -1, 2, 5, // queen square
    -9, -9, -5, 4, -6, -3, 0, 4, -4, -1, -1, 0, -2, 0, 1, 4, -1, 0, 2, 4, -3, -1, 1, 3, -5, -3, -1,
    1, -6, -5, -3, -1, // king square
    39, 47, 23, 16, 19, 25, 5, -5, -15, -10, -22, -26, -35, -31, -42, -46, -50, -46, -57, -61, -60,
    -56, -67, -71, -65, -61, -72, -76, -70, -66, -77, -81, // knight mobility
    -38, -22, -12, -11, -1, 8, 12, 22, 26, // bishop mobility
    -36, -27, -19, -12, -6, -5, 0, 4, 8, 13, 19, 24, 30, 36, // rook mobility
    -21, -20, -14, -11, -8, -5, -3, 2, 1, 3, 7, 11, 14, 17, 21, // queen mobility
    -19, -17, -15, -14, -12, -12, -9, -10, -7, -5, -4, -4, -2, 0, 1, 3, 3, 6, 8, 9, 10, 12, 13, 15,
    16, 18, 19, 21, // bishop pair
    36, // bishop own pawns
    -5, // outpost
    22, 14, // behind pawn
    6,  // rook open file
    27, // rook half open file
    8,  // rook seventh
    7,  // doubled
    -7, // isolated
    -5, -15, // backward
    0, -13, // connected
    0, 4, 7, 9, 14, 39, 60, 0, // passed
    0, 0, 0, 3, 20, 43, 75, 0, // passed blocked
    0, 0, -2, -4, -7, -13, -21, 0, // passed free
    0, 0, 2, 5, 14, 27, 40, 0, // passed supported
    5, // passed own king
    0, 1, 1, 0, -1, 1, 0, -1, // passed their king
    0, 1, 0, 0, 0, 1, 0, 0, // rook behind passed
    9, // shield
    18, 6, // storm
    -10, -1,  // king open file
    -23, // king half open file
    -12, // danger
    -7, 0, -4, -4, -10, -12, -16, -25, -35, -43, -54, -65, -78, -92, -106, -123, -140, -157, -177,
    -198, -220, -242, -266, -290, -316, -343, -371, -400, -420, -420, -420, -420, -420, -420, -420,
    -420, -420, -420, -420, -420, -420, -420, -420, -420, -420, -420, -420, -420,
    // pawn threat
    0, 49, 50, 63, 61, 0, // minor threat
    2, 15, 19, 40, 39, 0, // rook threat
    3, 11, 15, 0, 40, 0,  // king threat
    8,  // hanging
    19, // push threat
    18, // tempo
    31,
];

const ENDGAME: [i16; COUNT] = [
    // material
    108, 305, 326, 546, 973, // pawn square
    0, 0, 0, 0, -5, -6, -2, -6, -3, 4, -3, -2, 8, 3, 3, 6, 15, 10, 13, 13, 19, 19, 17, 19, 24, 25,
    25, 25, 0, 0, 0, 0, // knight square
    -19, -14, -7, -2, -14, -7, -2, 6, -7, -1, 2, 11, 0, 5, 10, 16, 0, 6, 10, 18, -7, 0, 6, 11, -13,
    -7, -1, 5, -19, -13, -7, -1, // bishop square
    -10, -6, -3, 1, -7, -5, 1, 3, -2, 0, 3, 6, 0, 2, 5, 8, 1, 1, 6, 7, -3, 1, 0, 5, -6, -3, 0, 2,
    -9, -6, -3, 0, // rook square
    0, -3, -3, -4, -2, -2, -2, -3, 0, -1, 0, 1, 1, 2, 1, 2, 3, 2, 2, 2, 4, 3, 4, 4, 5, 4, 4, 4, 6,
    6, 6, 5, // queen square
    -15, -10, -5, 0, -10, -5, 0, 4, -5, 0, 5, 9, 0, 4, 9, 15, 0, 4, 9, 14, -6, 0, 4, 9, -10, -5, 0,
    4, -15, -10, -5, 0, // king square
    -37, -27, -15, -4, -26, -14, -1, 10, -14, -1, 10, 20, -2, 9, 22, 32, -2, 10, 22, 33, -14, -1,
    11, 23, -25, -14, -1, 10, -38, -26, -14, -2, // knight mobility
    -43, -22, -16, -6, 1, 8, 13, 20, 25, // bishop mobility
    -36, -31, -23, -17, -11, -5, 2, 6, 13, 17, 23, 29, 36, 42, // rook mobility
    -42, -36, -30, -24, -16, -11, -5, 3, 6, 13, 18, 23, 29, 34, 43, // queen mobility
    -39, -36, -33, -30, -27, -24, -21, -18, -15, -12, -9, -6, -3, 1, 3, 6, 9, 12, 16, 18, 22, 24,
    27, 30, 33, 36, 39, 42, // bishop pair
    51, // bishop own pawns
    -5, // outpost
    14, 7,   // behind pawn
    5,   // rook open file
    10,  // rook half open file
    12,  // rook seventh
    22,  // doubled
    -20, // isolated
    -5, -10, // backward
    -7, -11, // connected
    0, -1, 2, 5, 17, 37, 60, 0, // passed
    0, 12, 13, 28, 53, 88, 131, 0, // passed blocked
    0, -5, -7, -12, -23, -39, -62, 0, // passed free
    0, 4, 7, 17, 38, 72, 112, 0,  // passed supported
    11, // passed own king
    27, 27, 17, 8, -2, -4, -9, -13, // passed their king
    -35, -33, -20, -1, 15, 22, 29, 32, // rook behind passed
    20, // shield
    -4, -1, // storm
    6, 2,  // king open file
    -4, // king half open file
    2,  // danger
    1, -2, -4, -6, -8, -9, -12, -14, -17, -17, -20, -22, -24, -26, -28, -30, -32, -34, -36, -38,
    -40, -42, -44, -46, -48, -50, -52, -54, -56, -58, -60, -60, -60, -60, -60, -60, -60, -60, -60,
    -60, -60, -60, -60, -60, -60, -60, -60, -60, // pawn threat
    0, 40, 45, 40, 40, 0, // minor threat
    15, 15, 15, 28, 30, 0, // rook threat
    18, 19, 19, 10, 20, 0,  // king threat
    31, // hanging
    22, // push threat
    12, // tempo
    13,
];
