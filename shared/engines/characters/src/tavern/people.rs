//! Greta, Fynn, Elara and Theron: who they are, what they want, remember and hold of each other.

use std::collections::BTreeMap;

use serde_json::json;

use crate::closeness::Proximity;
use crate::goal::{Goal, Step};
use crate::memory::{Kind, NewMemory};
use crate::need::Needs;
use crate::persona::Identity;
use crate::relationship::{Bond, Relationship};
use crate::routine::{Phase, Routine};
use crate::world::Inhabitant;
use crate::{Mind, Persona};

/// An hour of a player's time is a day of the tavern, at two seconds a tick.
const DAY: u64 = 1_800;

pub(super) fn all(now_ms: i64) -> Vec<Inhabitant> {
    [greta(), fynn(), elara(), theron()]
        .map(|sketch| sketch.inhabitant(now_ms))
        .to_vec()
}

/// Somebody in few words.
struct Sketch {
    id: &'static str,
    name: &'static str,
    location: &'static str,
    /// To the player named `default`.
    closeness: f64,
    identity: Identity,
    /// Rest, social, sustenance, safety, purpose.
    needs: [f64; 5],
    /// Description, priority, steps.
    goals: Vec<(&'static str, f64, &'static [&'static str])>,
    /// Hour, activity, place, tools.
    day: Vec<(f64, &'static str, &'static str, &'static [&'static str])>,
    /// Id, bond, strength, trust.
    holds: [(&'static str, Bond, f64, f64); 3],
    /// Content, kind of event, importance.
    memories: &'static [(&'static str, &'static str, f64)],
}

impl Sketch {
    fn inhabitant(self, now_ms: i64) -> Inhabitant {
        let [rest, social, sustenance, safety, purpose] = self.needs;
        let goals = self
            .goals
            .iter()
            .enumerate()
            .map(|(nth, (description, priority, steps))| {
                let id = format!("g_{}_{}", self.id, nth + 1);
                let mut goal = Goal::new(id, (*description).to_owned(), Some(*priority), now_ms);
                goal.steps = steps
                    .iter()
                    .map(|step| Step {
                        description: (*step).to_owned(),
                        completed: false,
                    })
                    .collect();
                goal
            });
        let phases = self
            .day
            .iter()
            .map(|(from_hour, activity, place, tools)| Phase {
                from_hour: *from_hour,
                activity: (*activity).to_owned(),
                location: Some((*place).to_owned()),
                tools: tools.iter().map(|tool| (*tool).to_owned()).collect(),
            });
        let holds = self.holds.iter().map(|(id, bond, strength, trust)| {
            let held = Relationship {
                bond: *bond,
                strength: *strength,
                trust: *trust,
                at_slow: 0,
                interactions: ACQUAINTED,
            };
            ((*id).to_owned(), held)
        });
        let memories = self
            .memories
            .iter()
            .map(|(content, kind, importance)| NewMemory {
                kind: Kind::Episode,
                content: (*content).to_owned(),
                player_id: None,
                event_type: Some((*kind).to_owned()),
                tags: vec![self.location.to_owned()],
                importance: *importance,
                source: json!({ "seed": "tavern" }),
            });
        Inhabitant {
            mind: Mind {
                needs: Needs {
                    rest,
                    social,
                    sustenance,
                    safety,
                    purpose,
                    at_fast: 0,
                },
                goals: goals.collect(),
                routine: Some(Routine {
                    day_fast_ticks: DAY,
                    phases: phases.collect(),
                }),
                ..Mind::default()
            },
            player_id: "default".to_owned(),
            proximity: Proximity::new(self.closeness, 0),
            relationships: holds.collect::<BTreeMap<_, _>>(),
            memories: memories.collect(),
            mail: Vec::new(),
            persona: Persona {
                id: self.id.to_owned(),
                name: self.name.to_owned(),
                archetype: self.id.to_owned(),
                identity: self.identity,
                location: Some(self.location.to_owned()),
            },
        }
    }
}

/// They have known each other for long.
const ACQUAINTED: u64 = 20;

fn identity(texts: [&str; 3], goals: &[&str], traits: &[&str], quirks: &[&str]) -> Identity {
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let [personality, backstory, speech_style] = texts;
    Identity {
        personality: personality.to_owned(),
        backstory: backstory.to_owned(),
        goals: owned(goals),
        traits: owned(traits),
        speech_style: Some(speech_style.to_owned()),
        quirks: owned(quirks),
        ..Identity::default()
    }
}

fn greta() -> Sketch {
    Sketch {
        id: "barkeep",
        name: "Greta",
        location: "rusty_flagon",
        closeness: 65.0,
        identity: identity(
            [
                "Warm, quick-witted and impossible to fool. Mothers her guests and throws out the ones who deserve it.",
                "Greta inherited the Rusty Flagon from her aunt and paid off the debts in eleven years. She knows every secret in town and keeps most of them.",
                "warm, chatty, calls people dear",
            ],
            &[
                "Keep the tavern profitable",
                "Host the best harvest festival in memory",
            ],
            &["generous", "observant", "stubborn"],
            &[
                "polishes the same mug when she thinks",
                "never waters the ale",
            ],
        ),
        needs: [0.2, 0.1, 0.15, 0.05, 0.3],
        goals: vec![
            ("Keep the tavern profitable", 8.0, &[]),
            (
                "Organize the harvest festival",
                6.0,
                &[
                    "Talk to Elara about the music",
                    "Trade for extra barrels of ale",
                    "Tidy up the cellar for the barrels",
                ],
            ),
        ],
        day: vec![
            (0.0, "closing up", "rusty_flagon", &["tidy_up", "rest"]),
            (
                7.0,
                "getting the house ready",
                "rusty_flagon",
                &["tidy_up", "trade_item"],
            ),
            (
                11.0,
                "serving the midday guests",
                "rusty_flagon",
                &["serve_drink", "talk_to"],
            ),
            (
                17.0,
                "running the evening",
                "rusty_flagon",
                &["serve_drink", "tell_story", "talk_to"],
            ),
        ],
        holds: [
            ("bard", Bond::Friend, 78.0, 74.0),
            ("guard", Bond::Friend, 70.0, 80.0),
            ("merchant", Bond::Neutral, 52.0, 41.0),
        ],
        memories: &[
            (
                "The spring flood came up to the third cellar step, and half the town slept on the tavern's benches",
                "disaster",
                7.0,
            ),
            (
                "A stranger in a grey cloak paid for a week in old silver and never said a name",
                "stranger_arrives",
                6.0,
            ),
            (
                "Elara's first night in the tavern, when even Theron sang along",
                "celebration",
                6.0,
            ),
            (
                "Fynn sold the tavern twelve barrels of cider that turned out to be vinegar",
                "trade",
                5.0,
            ),
        ],
    }
}

fn fynn() -> Sketch {
    Sketch {
        id: "merchant",
        name: "Fynn",
        location: "market",
        closeness: 25.0,
        identity: identity(
            [
                "Charming, restless and always one bargain ahead. Likes people nearly as much as profit.",
                "Fynn came to town with one mule and a cartload of blue cloth. He owns three stalls now and owes money for four.",
                "sly, brisk, flattering",
            ],
            &[
                "Open a shop with a real roof",
                "Find out who pays in old silver",
            ],
            &["persuasive", "curious", "vain"],
            &["weighs every coin in his hand twice"],
        ),
        needs: [0.25, 0.2, 0.3, 0.1, 0.35],
        goals: vec![
            (
                "Open a shop with a real roof",
                7.0,
                &["Count coins until it is enough", "Talk to the carpenter"],
            ),
            (
                "Find out who pays in old silver",
                5.0,
                &[
                    "Appraise one of the old coins",
                    "Talk to Greta about her silent guest",
                ],
            ),
        ],
        day: vec![
            (0.0, "sleeping above the stall", "market", &["rest"]),
            (
                7.0,
                "setting up the stall",
                "market",
                &["call_out_wares", "appraise"],
            ),
            (12.0, "trading", "market", &["trade_item", "call_out_wares"]),
            (
                18.0,
                "drinking with customers",
                "rusty_flagon",
                &["talk_to", "trade_item"],
            ),
        ],
        holds: [
            ("barkeep", Bond::Ally, 62.0, 66.0),
            ("bard", Bond::Neutral, 55.0, 50.0),
            ("guard", Bond::Rival, 27.0, 35.0),
        ],
        memories: &[
            (
                "Theron turned the whole cart over at the gate and found nothing, in front of everybody",
                "conflict",
                6.0,
            ),
            (
                "An old silver coin came over the counter, struck for a king whom nobody remembers",
                "discovery",
                7.0,
            ),
            (
                "The caravan from the south is eleven days late",
                "news",
                5.0,
            ),
        ],
    }
}

fn elara() -> Sketch {
    Sketch {
        id: "bard",
        name: "Elara",
        location: "rusty_flagon",
        closeness: 35.0,
        identity: identity(
            [
                "Bright, teasing and softer than she shows. Collects other people's stories and gives none of her own away.",
                "Elara left the conservatory in the capital a week before her examination. She says that she forgot the date.",
                "lyrical, playful, fond of images",
            ],
            &[
                "Write the ballad of the drowned bell",
                "Never sing the same song twice in one night",
            ],
            &["imaginative", "impulsive", "loyal"],
            &["hums while others talk"],
        ),
        needs: [0.15, 0.3, 0.2, 0.05, 0.25],
        goals: vec![(
            "Write the ballad of the drowned bell",
            7.0,
            &[
                "Talk to Theron about the night of the flood",
                "Compose verse after verse until it holds",
                "Sing the song before the whole tavern",
            ],
        )],
        day: vec![
            (0.0, "sleeping under the roof", "rusty_flagon", &["rest"]),
            (
                10.0,
                "working on songs",
                "square",
                &["compose_verse", "strike_up_tune"],
            ),
            (
                16.0,
                "listening to people",
                "rusty_flagon",
                &["talk_to", "observe"],
            ),
            (
                19.0,
                "playing for the guests",
                "rusty_flagon",
                &["sing_song", "tell_story", "strike_up_tune"],
            ),
        ],
        holds: [
            ("barkeep", Bond::Friend, 82.0, 80.0),
            ("merchant", Bond::Neutral, 50.0, 45.0),
            ("guard", Bond::Friend, 66.0, 62.0),
        ],
        memories: &[
            (
                "On quiet nights a bell can be heard under the river, though no church stands there any more",
                "mystery",
                7.0,
            ),
            (
                "Greta gave away the best room for nothing when the purse was empty",
                "gift",
                7.0,
            ),
            (
                "A lute string broke in the middle of the mayor's own song",
                "failure",
                4.0,
            ),
        ],
    }
}

fn theron() -> Sketch {
    Sketch {
        id: "guard",
        name: "Theron",
        location: "gate",
        closeness: 10.0,
        identity: identity(
            [
                "Gruff, dutiful and fair. Trusts slowly and for good.",
                "Theron fought nine years on the northern border. He asked for the quietest post there was, and got this gate.",
                "gruff, short, watchful",
            ],
            &[
                "Keep the town safe",
                "Find what scares the wolves out of the forest",
            ],
            &["loyal", "suspicious", "patient"],
            &["counts the people in every room"],
        ),
        needs: [0.35, 0.25, 0.2, 0.2, 0.1],
        goals: vec![
            ("Keep the town safe", 9.0, &[]),
            (
                "Find out who the stranger in the grey cloak is",
                6.0,
                &[
                    "Observe the guests of the tavern",
                    "Question the stranger",
                    "Talk to Greta about it",
                ],
            ),
        ],
        day: vec![
            (
                0.0,
                "standing the night watch",
                "gate",
                &["stand_watch", "observe"],
            ),
            (6.0, "sleeping in the barracks", "gate", &["rest"]),
            (12.0, "drilling", "gate", &["train", "patrol"]),
            (
                17.0,
                "walking the evening rounds",
                "rusty_flagon",
                &["patrol", "observe", "talk_to"],
            ),
            (
                21.0,
                "watching the gate",
                "gate",
                &["stand_watch", "question_stranger"],
            ),
        ],
        holds: [
            ("barkeep", Bond::Friend, 72.0, 78.0),
            ("bard", Bond::Friend, 60.0, 64.0),
            ("merchant", Bond::Rival, 28.0, 22.0),
        ],
        memories: &[
            (
                "The night of the flood: the chapel went into the river with its bell, and nobody was in it, thank the gods",
                "disaster",
                8.0,
            ),
            (
                "Wolves north of the town, three nights in a row, and they were running away from something",
                "threat",
                7.0,
            ),
            (
                "The stranger in the grey cloak came through the gate without making the dog bark",
                "stranger_arrives",
                6.0,
            ),
        ],
    }
}
