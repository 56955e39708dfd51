//! How much an event matters to somebody, 1 to 10: what the event says of itself, else by its type.

use crate::event::Event;

/// Below it an event is noticed and not remembered.
pub const WORTH_KEEPING: f64 = 3.0;

/// Where an event of a type that is not in the table starts.
const USUAL: f64 = 3.0;
/// More for whom it was done to.
const AS_TARGET: f64 = 2.0;
/// More for whoever did it.
const AS_SOURCE: f64 = 1.0;

/// How much it matters to the character of this id.
pub fn of_event(event: &Event, character_id: &str) -> f64 {
    let stated = event.importance.filter(|importance| importance.is_finite());
    stated
        .unwrap_or_else(|| usual(event, character_id))
        .clamp(1.0, 10.0)
}

fn usual(event: &Event, character_id: &str) -> f64 {
    if let Some(known) = of_type(&event.kind) {
        return known;
    }
    let is_me = |id: &Option<String>| id.as_deref() == Some(character_id);
    let as_target = if is_me(&event.target) { AS_TARGET } else { 0.0 };
    let as_source = if is_me(&event.source) { AS_SOURCE } else { 0.0 };
    USUAL + as_target + as_source
}

/// Of the types that everybody takes alike.
fn of_type(kind: &str) -> Option<f64> {
    Some(match kind {
        "death" => 10.0,
        "betrayal" | "rescue" => 9.0,
        "quest_complete" => 8.0,
        "combat" | "discovery" => 7.0,
        "gift" | "conflict" => 6.0,
        "dialogue" => 5.0,
        "trade" => 4.0,
        "routine" => 2.0,
        "ambient" => 1.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn event(kind: &str, importance: Option<f64>) -> Event {
        Event {
            kind: kind.to_owned(),
            source: Some("guard".to_owned()),
            target: Some("barkeep".to_owned()),
            data: Value::Null,
            importance,
            timestamp: 0,
        }
    }

    #[test]
    fn what_the_event_says_wins_over_its_type() {
        assert_eq!(of_event(&event("death", Some(2.0)), "barkeep"), 2.0);
        assert_eq!(of_event(&event("death", Some(40.0)), "barkeep"), 10.0);
        assert_eq!(of_event(&event("death", Some(f64::NAN)), "barkeep"), 10.0);
        assert_eq!(of_event(&event("combat", None), "nobody"), 7.0);
    }

    #[test]
    fn an_unknown_event_matters_most_to_its_target() {
        let fight = event("bar_fight", None);
        assert_eq!(of_event(&fight, "barkeep"), 5.0);
        assert_eq!(of_event(&fight, "guard"), 4.0);
        assert_eq!(of_event(&fight, "bard"), 3.0);
    }
}
