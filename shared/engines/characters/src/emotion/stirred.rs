//! What events stir.

use super::Emotion::{self, Anger, Anticipation, Disgust, Fear, Joy, Sadness, Surprise, Trust};
use crate::words::look_up;

/// Intensities at full weight, by the kind of an event or by a word in it.
pub fn stirred_by(kind: &str) -> &'static [(Emotion, f64)] {
    look_up(kind, table).unwrap_or_default()
}

/// Combat, death, gift, insult, betrayal, threat and success are the defaults of the contract's engine, the rest is ours.
fn table(word: &str) -> Option<&'static [(Emotion, f64)]> {
    Some(match word {
        "combat" | "fight" | "brawl" | "battle" | "attack" | "ambush" | "raid" => {
            &[(Fear, 0.6), (Anger, 0.4)]
        }
        "death" | "kill" | "murder" | "funeral" => &[(Sadness, 0.9), (Fear, 0.5)],
        "gift" | "give" | "present" => &[(Joy, 0.7), (Trust, 0.5)],
        "insult" | "mock" | "humiliate" => &[(Anger, 0.7), (Sadness, 0.3)],
        "betrayal" | "betray" => &[(Anger, 0.8), (Disgust, 0.6)],
        "threat" | "threaten" | "danger" | "monster" => &[(Fear, 0.7)],
        "success" | "victory" | "win" | "quest_complete" => &[(Joy, 0.8)],
        "failure" | "defeat" | "loss" | "lose" => &[(Sadness, 0.6), (Anger, 0.2)],
        "rescue" | "save" => &[(Joy, 0.6), (Trust, 0.7)],
        "heal" | "help" | "comfort" => &[(Trust, 0.6), (Joy, 0.4)],
        "theft" | "steal" | "rob" | "robbery" => &[(Anger, 0.6), (Disgust, 0.3)],
        "lie" | "deceive" | "cheat" => &[(Disgust, 0.5), (Anger, 0.4)],
        "conflict" | "argument" | "quarrel" => &[(Anger, 0.5)],
        "fire" | "flood" | "disaster" | "storm" | "plague" => &[(Fear, 0.8), (Sadness, 0.4)],
        "discovery" | "discover" | "find" => &[(Surprise, 0.6), (Anticipation, 0.5)],
        "surprise" | "mystery" => &[(Surprise, 0.7)],
        "celebration" | "festival" | "feast" | "wedding" | "party" => {
            &[(Joy, 0.7), (Anticipation, 0.3)]
        }
        "song" | "story" | "perform" | "joke" | "music" => &[(Joy, 0.4)],
        "praise" | "compliment" | "thank" | "thanks" => &[(Joy, 0.5), (Trust, 0.3)],
        "alliance" | "promise" | "pact" => &[(Trust, 0.6), (Joy, 0.3)],
        "trade" | "sale" => &[(Trust, 0.3), (Joy, 0.2)],
        "dialogue" | "conversation" => &[(Trust, 0.2)],
        "meeting" | "arrival" | "arrives" | "greet" => &[(Anticipation, 0.3)],
        "departure" | "farewell" | "leaves" => &[(Sadness, 0.2)],
        "rumour" | "rumor" | "omen" | "stranger" => &[(Anticipation, 0.4), (Surprise, 0.2)],
        "poison" | "rot" | "corruption" => &[(Disgust, 0.7), (Fear, 0.3)],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_name_or_by_a_word() {
        assert_eq!(stirred_by("threat"), &[(Fear, 0.7)]);
        assert_eq!(stirred_by("bar_fight"), stirred_by("combat"));
        assert_eq!(stirred_by("customer_arrives"), stirred_by("meeting"));
        assert!(stirred_by("tuesday").is_empty());
        assert!(stirred_by("").is_empty());
    }
}
