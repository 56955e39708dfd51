//! Whether a mind of a document is one that the engine could have left there.

use rookery_characters::Mind;
use rookery_characters::need::Needs;

use super::reading::{Fault, read};
use super::record::WorldRecord;

pub(super) fn check(text: &str, path: &str, world: &WorldRecord) -> Result<(), Fault> {
    let mind: Mind = read(text, path)?;
    if let Some(field) = unknown(text, &mind) {
        return Err(Fault::of(format!("Unknown field: {path}.{field}")));
    }
    let wrong = |field: &str, text: &str| Err(Fault::at(&format!("{path}.{field}"), text));
    let Needs {
        rest,
        social,
        sustenance,
        safety,
        purpose,
        at_fast,
    } = mind.needs;
    if ![rest, social, sustenance, safety, purpose]
        .iter()
        .all(|need| (0.0..=1.0).contains(need))
    {
        return wrong("needs", "must have numbers between 0 and 1");
    }
    let felt = &mind.feelings.0;
    if !felt
        .iter()
        .all(|feeling| (0.0..=1.0).contains(&feeling.intensity))
    {
        return wrong("feelings", "must have intensities between 0 and 1");
    }
    if !felt
        .iter()
        .all(|feeling| (0.0..=1.0).contains(&feeling.decay_rate))
    {
        return wrong("feelings", "must have decay rates between 0 and 1");
    }
    if felt
        .iter()
        .map(|feeling| feeling.at_fast)
        .chain([at_fast])
        .any(|at| at > world.fast_ticks)
    {
        return wrong("feelings", "or needs lie after world.fastTicks");
    }
    if mind.reputation.at_slow > world.slow_ticks {
        return wrong("reputation.atSlow", "lies after world.slowTicks");
    }
    if !mind
        .reputation
        .scores
        .values()
        .all(|score| (-100.0..=100.0).contains(score))
    {
        return wrong("reputation.scores", "must be between -100 and 100");
    }
    if !mind
        .goals
        .iter()
        .all(|goal| (1.0..=10.0).contains(&goal.priority))
    {
        return wrong("goals", "must have priorities between 1 and 10");
    }
    if mind
        .routine
        .is_some_and(|routine| routine.day_fast_ticks == 0)
    {
        return wrong("routine.dayFastTicks", "must be positive");
    }
    if mind.rumours.iter().any(|rumour| rumour.hops > 1_000_000) {
        return wrong("rumours", "went through too many mouths");
    }
    Ok(())
}

/// A field of the mind that the engine does not know: it would be gone after the next turn.
fn unknown(text: &str, mind: &Mind) -> Option<String> {
    let sent: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
    let known = serde_json::to_value(mind).ok()?;
    let field = sent.into_iter().find(|(name, _)| known.get(name).is_none());
    field.map(|(name, _)| name)
}
