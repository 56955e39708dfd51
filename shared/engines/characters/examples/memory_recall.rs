//! How much of the evidence retrieval finds on LoCoMo (Maharana et al. 2024), without a model: reads the data set's JSON from standard input
//! (`data/locomo10.json` of its repository) and prints the share of a question's evidence among the first 5, 10, 25 and 50 memories.

use std::collections::BTreeMap;
use std::io;

use rookery_characters::memory::index::{Index, Text};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Sample {
    /// `session_<n>`: turns; other keys are of no use here.
    conversation: BTreeMap<String, Value>,
    qa: Vec<Question>,
}

#[derive(Deserialize)]
struct Question {
    question: String,
    #[serde(default)]
    evidence: Vec<String>,
}

#[derive(Deserialize)]
struct Turn {
    speaker: String,
    dia_id: String,
    text: String,
    /// What a picture shows.
    blip_caption: Option<String>,
}

const DEPTHS: [usize; 4] = [5, 10, 25, 50];
const DAY_MS: i64 = 24 * 3_600_000;

fn main() {
    let samples: Vec<Sample> =
        serde_json::from_reader(io::stdin().lock()).expect("LoCoMo's JSON on standard input");
    let mut found = [0.0; DEPTHS.len()];
    let mut asked = 0;
    for sample in &samples {
        let (index, numbers) = read(sample);
        for question in &sample.qa {
            let wanted: Vec<i64> = question
                .evidence
                .iter()
                .flat_map(|ids| ids.split([';', ' ', ',']))
                .filter_map(|id| numbers.get(id).copied())
                .collect();
            if wanted.is_empty() {
                continue;
            }
            asked += 1;
            let hits = index.search(&index.weigh(&question.question));
            for (found, depth) in found.iter_mut().zip(DEPTHS) {
                let first = &hits[..depth.min(hits.len())];
                let is_in = |number: &&i64| first.iter().any(|hit| hit.number == **number);
                *found += wanted.iter().filter(is_in).count() as f64 / wanted.len() as f64;
            }
        }
    }
    println!("{asked} questions");
    for (found, depth) in found.iter().zip(DEPTHS) {
        println!("recall@{depth}: {:.3}", found / f64::from(asked));
    }
}

/// A conversation as one character's memories.
fn read(sample: &Sample) -> (Index, BTreeMap<String, i64>) {
    let mut index = Index::default();
    let mut numbers = BTreeMap::new();
    let sessions = (1..).map_while(|session| {
        let turns = sample.conversation.get(&format!("session_{session}"))?;
        Some((session, turns))
    });
    for (session, turns) in sessions {
        let turns: Vec<Turn> = serde_json::from_value(turns.clone()).expect("a session's turns");
        for turn in turns {
            let number = numbers.len() as i64;
            let picture = turn.blip_caption.unwrap_or_default();
            index.add(Text {
                number,
                at_ms: session * DAY_MS,
                content: &format!("{}: {} {picture}", turn.speaker, turn.text),
            });
            numbers.insert(turn.dia_id, number);
        }
    }
    (index, numbers)
}
