//! What draws people to what: the tables that the scores of actions are made of.

use crate::archetype::nature::Nature;
use crate::emotion::Emotion;

/// How a feeling of full strength pulls toward (or away from) an action of this nature.
pub(super) fn pull(emotion: Emotion, nature: Nature) -> f64 {
    use Nature::*;
    match (emotion, nature) {
        (Emotion::Joy, Perform | Play) => 0.5,
        (Emotion::Joy, Talk | Serve | Care) => 0.3,
        (Emotion::Joy, Fight) => -0.3,
        (Emotion::Sadness, Contemplate | Rest) => 0.4,
        (Emotion::Sadness, Perform | Play | Trade) => -0.4,
        (Emotion::Anger, Fight) => 0.7,
        (Emotion::Anger, Command | Watch) => 0.3,
        (Emotion::Anger, Serve | Care | Trade | Rest | Play) => -0.3,
        (Emotion::Fear, Hide) => 0.7,
        (Emotion::Fear, Watch | Observe) => 0.5,
        (Emotion::Fear, Move) => 0.3,
        (Emotion::Fear, Perform | Fight | Rest | Play | Steal) => -0.4,
        (Emotion::Surprise, Observe) => 0.5,
        (Emotion::Surprise, Talk) => 0.3,
        (Emotion::Disgust, Move) => 0.4,
        (Emotion::Disgust, Serve | Eat | Care) => -0.3,
        (Emotion::Trust, Talk | Care) => 0.3,
        (Emotion::Trust, Serve | Trade) => 0.2,
        (Emotion::Trust, Watch | Steal | Hide) => -0.2,
        (Emotion::Anticipation, Work | Learn | Move) => 0.3,
        (Emotion::Anticipation, Observe) => 0.2,
        (Emotion::Anticipation, Rest) => -0.2,
        _ => 0.0,
    }
}

/// What an event calls for, told from the words of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occasion {
    Danger,
    Guest,
    Loss,
    Offence,
    Kindness,
    Feast,
    Bargain,
    Words,
    Arrival,
    Other,
}

impl Occasion {
    pub(super) fn of(kind: &str) -> Self {
        let known = |word: &str| {
            OCCASIONS
                .iter()
                .find(|(_, words)| words.split(' ').any(|one| one.eq_ignore_ascii_case(word)))
        };
        kind.split(|letter: char| !letter.is_ascii_alphanumeric())
            .find_map(known)
            .map_or(Self::Other, |(occasion, _)| *occasion)
    }

    /// How much it calls for an action of this nature, when it matters as much as anything can.
    pub(super) fn calls_for(self, nature: Nature) -> f64 {
        use Nature::*;
        match (self, nature) {
            (Self::Danger, Watch) => 1.6,
            (Self::Danger, Fight | Hide) => 1.0,
            (Self::Danger, Observe | Care | Command) => 0.8,
            (Self::Danger, Talk) => 0.6,
            (Self::Danger, Perform | Rest | Eat | Trade | Play | Contemplate) => -0.8,
            (Self::Guest, Serve) => 1.4,
            (Self::Guest, Trade | Talk) => 0.8,
            (Self::Guest, Perform | Observe) => 0.5,
            (Self::Guest, Rest | Eat) => -0.4,
            (Self::Loss, Contemplate | Care) => 1.0,
            (Self::Loss, Talk) => 0.8,
            (Self::Loss, Perform | Play | Trade) => -0.6,
            (Self::Offence, Talk) => 1.0,
            (Self::Offence, Fight | Watch | Command) => 0.8,
            (Self::Offence, Serve | Care) => -0.6,
            (Self::Kindness, Talk) => 1.2,
            (Self::Kindness, Care | Serve) => 0.7,
            (Self::Kindness, Perform) => 0.4,
            (Self::Feast, Perform | Play) => 1.3,
            (Self::Feast, Serve | Talk | Eat) => 0.8,
            (Self::Bargain, Trade) => 1.4,
            (Self::Bargain, Talk) => 0.6,
            (Self::Words, Talk) => 1.4,
            (Self::Arrival, Observe | Talk) => 1.0,
            (Self::Arrival, Watch) => 0.9,
            (Self::Other, Observe) => 0.8,
            (Self::Other, Talk | Watch) => 0.5,
            _ => 0.0,
        }
    }
}

const OCCASIONS: [(Occasion, &str); 9] = [
    (
        Occasion::Danger,
        "fight brawl combat attack attacked threat fire storm raid danger ambush monster intruder alarm battle earthquake flood \
    theft robbery explosion",
    ),
    (
        Occasion::Guest,
        "customer guest patron order request visitor",
    ),
    (
        Occasion::Loss,
        "death loss funeral injury wounded illness failure defeat",
    ),
    (
        Occasion::Offence,
        "insult betrayal lie conflict argument quarrel",
    ),
    (
        Occasion::Kindness,
        "gift rescue help thanks praise compliment",
    ),
    (
        Occasion::Feast,
        "festival feast celebration wedding victory success complete completed party birthday",
    ),
    (
        Occasion::Bargain,
        "trade sale purchase offer market delivery",
    ),
    (
        Occasion::Words,
        "dialogue message question talk conversation said news rumor rumour",
    ),
    (
        Occasion::Arrival,
        "stranger arrives arrival arrived enters meeting discovery noise",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_understood_by_the_words_of_their_type() {
        for (kind, occasion) in [
            ("bar_fight", Occasion::Danger),
            ("customer_arrives", Occasion::Guest),
            ("quest_complete", Occasion::Feast),
            ("Stranger-Arrives", Occasion::Arrival),
            ("gift", Occasion::Kindness),
            ("", Occasion::Other),
            ("xyzzy", Occasion::Other),
        ] {
            assert_eq!(Occasion::of(kind), occasion, "{kind}");
        }
    }
}
