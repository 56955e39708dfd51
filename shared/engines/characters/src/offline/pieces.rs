//! Cuts a reply into the pieces in which it is streamed.

/// Words with the space before them, a few at a time: together they are the reply, to the byte.
pub fn pieces(reply: &str) -> impl Iterator<Item = &str> {
    let mut rest = reply;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let spaces = rest
            .char_indices()
            .skip(1)
            .filter(|(_, letter)| *letter == ' ');
        let cut = spaces.map(|(at, _)| at).find(|at| *at >= LEAST);
        let most = rest.floor_char_boundary(MOST);
        let (piece, after) = rest.split_at(cut.unwrap_or(rest.len()).min(most));
        rest = after;
        Some(piece)
    })
}

/// Bytes of a piece: about as much as models send at a time, and never a wall of text.
const LEAST: usize = 8;
const MOST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_reply() {
        let long = "ß".repeat(500);
        for reply in [
            "",
            "Hm.",
            "Welcome, dear! What can I get you tonight?",
            &long,
        ] {
            assert_eq!(pieces(reply).collect::<String>(), reply);
            assert!(pieces(reply).all(|piece| !piece.is_empty() && piece.len() <= 64));
        }
        assert!(pieces("Welcome, dear! What can I get you tonight?").count() > 3);
    }
}
