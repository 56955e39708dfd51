//! The weights of the features, in centipawns, in the order of `features`. Set by hand; to be tuned by `examples/tune.rs`.

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
    85, 325, 335, 480, 975, // pawn square
    0, 0, 0, 0, -4, -2, -1, -8, -1, 3, 7, 11, 2, 6, 10, 14, 5, 9, 13, 17, 8, 9, 10, 11, 11, 12, 13,
    14, 0, 0, 0, 0, // knight square
    -35, -27, -19, -11, -17, -9, -1, 7, -9, -1, 7, 15, -1, 7, 15, 23, -1, 7, 15, 23, -9, -1, 7, 15,
    -17, -9, -1, 7, -25, -17, -9, -1, // bishop square
    -20, -16, -12, -8, -8, -4, 0, 4, -4, 0, 4, 8, 0, 4, 8, 12, 0, 4, 8, 12, -4, 0, 4, 8, -8, -4, 0,
    4, -12, -8, -4, 0, // rook square
    -4, -1, 2, 5, -4, -1, 2, 5, -4, -1, 2, 5, -4, -1, 2, 5, -4, -1, 2, 5, -4, -1, 2, 5, -4, -1, 2,
    5, -4, -1, 2, 5, // queen square
    -10, -8, -6, -4, -5, -3, -1, 1, -3, -1, 1, 3, -1, 1, 3, 5, -1, 1, 3, 5, -3, -1, 1, 3, -5, -3,
    -1, 1, -7, -5, -3, -1, // king square
    38, 46, 24, 16, 18, 26, 4, -4, -15, -11, -22, -26, -35, -31, -42, -46, -50, -46, -57, -61, -60,
    -56, -67, -71, -65, -61, -72, -76, -70, -66, -77, -81, // knight mobility
    -40, -21, -14, -7, 0, 7, 14, 21, 28, // bishop mobility
    -38, -25, -20, -15, -10, -5, 0, 5, 10, 15, 20, 25, 30, 35, // rook mobility
    -21, -18, -15, -12, -9, -6, -3, 0, 3, 6, 9, 12, 15, 18, 21, // queen mobility
    -19, -18, -16, -15, -13, -12, -10, -9, -7, -6, -4, -3, -1, 0, 1, 3, 4, 6, 7, 9, 10, 12, 13, 15,
    16, 18, 19, 21, // bishop pair
    35, // bishop own pawns
    -3, // outpost
    22, 15, // behind pawn
    6,  // rook open file
    28, // rook half open file
    12, // rook seventh
    8,  // doubled
    -8, // isolated
    -8, -16, // backward
    -6, -14, // connected
    0, 4, 8, 11, 20, 38, 60, 0, // passed
    0, 0, 0, 5, 18, 42, 75, 0, // passed blocked
    0, 0, -2, -4, -8, -14, -20, 0, // passed free
    0, 0, 2, 6, 14, 26, 40, 0, // passed supported
    6, // passed own king
    0, 0, 0, 0, 0, 0, 0, 0, // passed their king
    0, 0, 0, 0, 0, 0, 0, 0, // rook behind passed
    8, // shield
    16, 8, // storm
    -10, -4,  // king open file
    -24, // king half open file
    -12, // danger
    0, 0, -2, -4, -8, -13, -19, -26, -35, -44, -55, -66, -79, -92, -107, -123, -140, -158, -178,
    -198, -220, -242, -266, -290, -316, -343, -371, -400, -420, -420, -420, -420, -420, -420, -420,
    -420, -420, -420, -420, -420, -420, -420, -420, -420, -420, -420, -420, -420,
    // pawn threat
    0, 48, 48, 62, 62, 0, // minor threat
    4, 12, 14, 38, 38, 0, // rook threat
    2, 14, 14, 0, 40, 0,  // king threat
    8,  // hanging
    22, // push threat
    12, // tempo
    14,
];

const ENDGAME: [i16; COUNT] = [
    // material
    105, 310, 325, 540, 970, // pawn square
    0, 0, 0, 0, -6, -6, -6, -6, 0, 0, 0, 0, 6, 6, 6, 6, 12, 12, 12, 12, 18, 18, 18, 18, 24, 24, 24,
    24, 0, 0, 0, 0, // knight square
    -19, -13, -7, -1, -13, -7, -1, 5, -7, -1, 5, 11, -1, 5, 11, 17, -1, 5, 11, 17, -7, -1, 5, 11,
    -13, -7, -1, 5, -19, -13, -7, -1, // bishop square
    -9, -6, -3, 0, -6, -3, 0, 2, -3, 0, 2, 5, 0, 2, 5, 8, 0, 2, 5, 8, -3, 0, 2, 5, -6, -3, 0, 2,
    -9, -6, -3, 0, // rook square
    -2, -2, -2, -2, -1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5,
    5, 5, 5, // queen square
    -15, -10, -5, 0, -10, -5, 0, 4, -5, 0, 4, 9, 0, 4, 9, 14, 0, 4, 9, 14, -5, 0, 4, 9, -10, -5, 0,
    4, -15, -10, -5, 0, // king square
    -38, -26, -14, -2, -26, -14, -2, 10, -14, -2, 10, 22, -2, 10, 22, 34, -2, 10, 22, 34, -14, -2,
    10, 22, -26, -14, -2, 10, -38, -26, -14, -2, // knight mobility
    -43, -21, -14, -7, 0, 7, 14, 21, 28, // bishop mobility
    -36, -30, -24, -18, -12, -6, 0, 6, 12, 18, 24, 30, 36, 42, // rook mobility
    -42, -36, -30, -24, -18, -12, -6, 0, 6, 12, 18, 24, 30, 36, 42, // queen mobility
    -39, -36, -33, -30, -27, -24, -21, -18, -15, -12, -9, -6, -3, 0, 3, 6, 9, 12, 15, 18, 21, 24,
    27, 30, 33, 36, 39, 42, // bishop pair
    50, // bishop own pawns
    -6, // outpost
    15, 8,   // behind pawn
    3,   // rook open file
    8,   // rook half open file
    8,   // rook seventh
    22,  // doubled
    -20, // isolated
    -8, -14, // backward
    -6, -10, // connected
    0, 0, 4, 8, 18, 36, 60, 0, // passed
    0, 10, 14, 28, 50, 85, 130, 0, // passed blocked
    0, -4, -8, -14, -24, -40, -60, 0, // passed free
    0, 4, 8, 18, 38, 70, 110, 0,  // passed supported
    12, // passed own king
    26, 22, 16, 8, 0, -6, -10, -12, // passed their king
    -34, -30, -20, -4, 10, 20, 28, 32, // rook behind passed
    20, // shield
    -2, -2, // storm
    2, 1, // king open file
    2, // king half open file
    0, // danger
    0, -2, -4, -6, -8, -10, -12, -14, -16, -18, -20, -22, -24, -26, -28, -30, -32, -34, -36, -38,
    -40, -42, -44, -46, -48, -50, -52, -54, -56, -58, -60, -60, -60, -60, -60, -60, -60, -60, -60,
    -60, -60, -60, -60, -60, -60, -60, -60, -60, // pawn threat
    0, 40, 45, 40, 40, 0, // minor threat
    14, 14, 14, 28, 30, 0, // rook threat
    14, 18, 18, 10, 20, 0,  // king threat
    30, // hanging
    16, // push threat
    10, // tempo
    12,
];
