//! A position as text, for people at a terminal.

use std::fmt::Write as _;

use shakmaty::{Chess, Color, File, Position as _, Rank, Square};

/// Eight lines of figures, White's side at the bottom, with ranks, files and whose turn it is.
pub fn drawn(position: &Chess) -> String {
    let mut text = String::new();
    for rank in Rank::ALL.into_iter().rev() {
        text.push(rank.char());
        for file in File::ALL {
            let piece = position.board().piece_at(Square::from_coords(file, rank));
            text.push(' ');
            text.push(piece.map_or('.', |piece| piece.char()));
        }
        text.push('\n');
    }
    text.push_str("  a b c d e f g h\n");
    let side = match position.turn() {
        Color::White => "White",
        Color::Black => "Black",
    };
    writeln!(text, "{side} to move").expect("a string takes everything");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_position_is_drawn_as_everybody_knows_it() {
        let expected = "8 r n b q k b n r\n7 p p p p p p p p\n6 . . . . . . . .\n5 . . . . . . . .\n4 . . . . . . . .\n\
                        3 . . . . . . . .\n2 P P P P P P P P\n1 R N B Q K B N R\n  a b c d e f g h\nWhite to move\n";
        assert_eq!(drawn(&Chess::default()), expected);
    }
}
