//! A mind that is written anything to and does anything.

use serde_json::{Map, json};

use super::stage;
use crate::Mind;
use crate::decision::Action;
use crate::dice::Dice;
use crate::emotion::Emotion;
use crate::event::Event;
use crate::goal::{Goal, MOST_GOALS};
use crate::gossip::{MOST_RUMOURS, Rumour};
use crate::letter::Letter;
use crate::mind::{MOST_DEEDS, MOST_GLIMPSES};
use crate::need::Need;

/// Whatever somebody is written and does, for a thousand turns: everything stays in its bounds, and the document reads as it was written.
#[test]
fn no_content_breaks_a_mind() {
    let mut dice = Dice(9);
    let mut greta = stage("barkeep", &["guard", "bard", "merchant"]);
    for round in 0..1_000_u64 {
        greta.now.fast += dice.below(50);
        greta.now.slow += dice.below(3);
        greta.now.ms += 1_000 * dice.below(120) as i64;
        let letters: Vec<_> = (0..dice.below(30))
            .map(|_| strange_letter(&mut dice))
            .collect();
        greta.takes_in(&letters);
        let effects = greta.does(&strange_action(&mut dice));
        assert!(effects.letters.len() <= 20, "{:?}", effects.letters.len());
        for (id, held) in effects.relationships {
            let known = greta.near.iter_mut().find(|one| one.id == id);
            known.expect("only those near are held").relationship = held;
            assert!((0.0..=100.0).contains(&held.strength) && (0.0..=100.0).contains(&held.trust));
        }
        let mind = &greta.mind;
        assert_eq!(mind.decisions, round + 1);
        assert!(mind.feelings.0.len() <= 8 && mind.goals.len() <= MOST_GOALS);
        assert!(
            mind.feelings
                .0
                .iter()
                .all(|one| (0.0..=1.0).contains(&one.intensity))
        );
        assert!(
            Need::ALL
                .iter()
                .all(|need| (0.0..=1.0).contains(&mind.needs.get(*need)))
        );
        assert!(mind.rumours.len() <= MOST_RUMOURS && mind.recent.len() <= MOST_DEEDS);
        assert!(mind.working.len() <= MOST_GLIMPSES && mind.impressions.len() <= 16);
        assert!(mind.unreflected.is_finite());
        let stored = serde_json::to_string(mind).expect("it is a document");
        assert!(stored.len() < 200_000, "{} bytes", stored.len());
        // JSON has no NaN and no infinity: a document that held one could not be read again.
        let read: Mind = serde_json::from_str(&stored).expect("it was written by us");
        assert_eq!(read.decisions, mind.decisions);
    }
}

fn strange_number(dice: &mut Dice) -> f64 {
    let numbers = [
        f64::NAN,
        f64::INFINITY,
        -1e308,
        1e308,
        -0.0,
        0.5,
        3.0,
        7.0,
        11.0,
    ];
    numbers[dice.below(numbers.len() as u64) as usize]
}

fn strange_text(dice: &mut Dice) -> String {
    let texts = [
        "barkeep",
        "guard",
        "bar_fight",
        "gift",
        "",
        "ü_ß",
        "“\u{0}\n<|",
        "talk_to",
        "go_to",
    ];
    let text = texts[dice.below(texts.len() as u64) as usize];
    match dice.below(20) {
        0 => text.repeat(2_000),
        1 => format!("{text}{}", dice.below(1_000_000)),
        _ => text.to_owned(),
    }
}

fn strange_letter(dice: &mut Dice) -> Letter {
    let importance = strange_number(dice);
    match dice.below(7) {
        0 => Letter::Event {
            event: Event {
                kind: strange_text(dice),
                source: Some(strange_text(dice)),
                target: Some(strange_text(dice)),
                data: json!({ "location": strange_text(dice), strange_text(dice): [1, 2] }),
                importance: Some(importance),
                timestamp: dice.word() as i64,
            },
            importance,
        },
        1 => Letter::Said {
            from: strange_text(dice),
            name: strange_text(dice),
            text: strange_text(dice),
        },
        2 => Letter::Done {
            from: strange_text(dice),
            name: strange_text(dice),
            tool: strange_text(dice),
            what: strange_text(dice),
            to: Some(strange_text(dice)),
        },
        3 => Letter::Told {
            rumour: Rumour {
                id: strange_text(dice),
                content: strange_text(dice),
                about: Some(strange_text(dice)),
                origin: strange_text(dice),
                heard_from: strange_text(dice),
                importance,
                credibility: strange_number(dice),
                hops: dice.word() as u32,
                created_at: dice.below(100_000_000) as i64,
                told_to: vec![strange_text(dice)],
            },
        },
        4 => Letter::Infected {
            from: strange_text(dice),
            emotion: Emotion::ALL[dice.below(8) as usize],
            intensity: importance,
        },
        5 => Letter::Ordered {
            from: strange_text(dice),
            name: strange_text(dice),
            goal: Goal::new(strange_text(dice), strange_text(dice), Some(importance), 0),
        },
        _ => Letter::Regarded {
            dimension: strange_text(dice),
            delta: importance,
        },
    }
}

fn strange_action(dice: &mut Dice) -> Action {
    match dice.below(5) {
        0 => Action::Idle,
        1 => Action::Dialogue {
            text: strange_text(dice),
        },
        _ => {
            let arguments = (0..dice.below(12)).map(|_| {
                let value = match dice.below(3) {
                    0 => json!(strange_text(dice)),
                    1 => json!(dice.word()),
                    _ => json!(["guard"]),
                };
                (strange_text(dice), value)
            });
            let arguments: Map<_, _> = arguments.collect();
            Action::ToolCall {
                tool: strange_text(dice),
                arguments,
            }
        }
    }
}
