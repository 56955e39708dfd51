//! Takes so many turns of a usual mind and prints nothing but how many: `time` says what they cost. With `offline` as second argument each
//! turn is decided as well; with `json` the mind is read from and written to its document as well.

use rookery_characters::archetype::catalogue;
use rookery_characters::closeness::Tier;
use rookery_characters::decision::{Action, Neighbour, Percept, Trigger};
use rookery_characters::emotion::Emotion;
use rookery_characters::event::Event;
use rookery_characters::goal::{Goal, Step};
use rookery_characters::letter::Letter;
use rookery_characters::persona::Identity;
use rookery_characters::relationship::Relationship;
use rookery_characters::{Config, Mind, Now, Persona, offline, turn};
use serde_json::json;

const USAGE: &str = "turns NUMBER [offline|json]";

fn main() {
    let mut arguments = std::env::args().skip(1);
    let number = arguments.next().and_then(|number| number.parse().ok());
    let number: u64 = number.expect(USAGE);
    let with = arguments.next().unwrap_or_default();
    let who = persona("barkeep", "Greta");
    let near = [("guard", "Theron"), ("bard", "Elara"), ("merchant", "Fynn")];
    let near = near.map(|(id, name)| Neighbour {
        id: id.to_owned(),
        name: name.to_owned(),
        archetype: id.to_owned(),
        relationship: Relationship::default(),
    });
    let mut mind = usual_mind();
    let mut done = 0_u64;
    for turn_number in 0..number {
        let now = Now {
            ms: turn_number as i64 * 2_000,
            fast: turn_number,
            slow: turn_number / 15,
        };
        if with == "json" {
            let document = serde_json::to_string(&mind).expect("it is a document");
            mind = serde_json::from_str(&document).expect("it was just written");
        }
        done += turn::take_in(&who, &mut mind, &letters(turn_number), now).len() as u64;
        let percept = Percept {
            who: &who,
            archetype: catalogue::find("barkeep").expect("it is in the catalogue"),
            mind: &mind,
            now,
            config: &Config::default(),
            player_id: "default",
            closeness: 65.0,
            tier: Tier::Active,
            trigger: &Trigger::FastTick,
            near: &near,
            memories: &[],
            facts: &[],
            seed: 1,
        };
        let action = match with.as_str() {
            "offline" => offline::decide(&percept).action,
            _ => usual_action(turn_number),
        };
        let (next, effects) = turn::carry_out(&percept, &action);
        mind = next;
        done += effects.letters.len() as u64;
    }
    println!("{number} turns, {done} memories and letters");
}

fn persona(id: &str, name: &str) -> Persona {
    Persona {
        id: id.to_owned(),
        name: name.to_owned(),
        archetype: id.to_owned(),
        identity: Identity::default(),
        location: Some("tavern".to_owned()),
    }
}

fn usual_mind() -> Mind {
    let mut mind = Mind::default();
    for emotion in [Emotion::Joy, Emotion::Anticipation] {
        mind.feelings.apply(emotion, 0.7, None, Now::default());
    }
    for number in 0..3 {
        let step = |description: &str| Step {
            description: description.to_owned(),
            completed: false,
        };
        mind.goals.push(Goal {
            steps: vec![
                step("Buy decorations at the market"),
                step("Invite the performers of the town"),
            ],
            ..Goal::new(format!("g_{number}"), "Hold a festival".into(), None, 0)
        });
    }
    mind
}

/// A word every third turn, an event every twentieth.
fn letters(turn: u64) -> Vec<Letter> {
    let mut letters = Vec::new();
    if turn.is_multiple_of(3) {
        letters.push(Letter::Said {
            from: "guard".to_owned(),
            name: "Theron".to_owned(),
            text: format!("All is quiet at the gate, for the {turn}th time."),
        });
    }
    if turn.is_multiple_of(20) {
        letters.push(Letter::Event {
            event: Event {
                kind: "bar_fight".to_owned(),
                source: Some("patron".to_owned()),
                target: None,
                data: json!({ "severity": "minor", "location": "tavern" }),
                importance: Some(6.0),
                timestamp: turn as i64,
            },
            importance: 6.0,
        });
    }
    letters
}

fn usual_action(turn: u64) -> Action {
    let (tool, arguments) = match turn % 4 {
        0 => (
            "serve_drink",
            json!({ "drink": "ale", "customer": "guard" }),
        ),
        1 => (
            "talk_to",
            json!({ "target": "bard", "message": "A song, dear?" }),
        ),
        2 => ("observe", json!({ "focus": "the door" })),
        _ => return Action::Idle,
    };
    Action::ToolCall {
        tool: tool.to_owned(),
        arguments: arguments.as_object().cloned().unwrap_or_default(),
    }
}
