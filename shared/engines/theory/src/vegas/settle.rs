//! Who gets what at the end of a play, quitters and all.

use super::evaluate::{At, Evaluator, Paid, Trouble};
use super::program::{FieldId, Handler, Program, RoleId, Step, Value};

/// What a quitter loses.
#[derive(Clone, Copy)]
enum Forfeit {
    ToTheOthers,
    ToNobody,
}

/// The payments at the end of a play in which the fields have the values that `read` gives.
///
/// The first step that somebody left undone and that says what then happens decides. Without such a step, a missing value
/// that the program may not test for null costs its owner the deposit; else `withdraw` decides.
pub fn settle(
    program: &Program,
    read: &dyn Fn(FieldId) -> Value,
    fuel: &mut u64,
) -> Result<Paid, At> {
    let is_missing = |field: &FieldId| read(*field) == Value::Missing;
    let undone = |step: &Step| {
        let mut fields = step.moves.iter().flat_map(|moved| &moved.fields);
        fields.any(is_missing)
    };
    let handled = |step: &&Step| step.handler.is_some() && undone(step);
    if let Some(step) = program.steps.iter().find(handled) {
        match &step.handler {
            Some(Handler::Pay(payout)) => {
                return Evaluator::new(program, read, fuel).payout(payout);
            }
            Some(Handler::Split) => return forfeits(program, step, read, Forfeit::ToTheOthers),
            _ => return forfeits(program, step, read, Forfeit::ToNobody),
        }
    }
    let unanswered = |step: &&Step| {
        let mut fields = step.moves.iter().flat_map(|moved| &moved.fields);
        fields.any(|field| is_missing(field) && !program.field(*field).optional)
    };
    match program.steps.iter().find(unanswered) {
        Some(step) => forfeits(program, step, read, Forfeit::ToNobody),
        None => Evaluator::new(program, read, fuel).payout(&program.withdraw),
    }
}

/// Players who left nothing undone up to this step get their deposits back, and what the others lose where it goes to them:
/// in equal whole parts, the remainder lost.
fn forfeits(
    program: &Program,
    step: &Step,
    read: &dyn Fn(FieldId) -> Value,
    forfeit: Forfeit,
) -> Result<Paid, At> {
    let last = program
        .steps
        .iter()
        .position(|other| std::ptr::eq(other, step))
        .unwrap_or(program.steps.len() - 1);
    let moves = || program.steps[..=last].iter().flat_map(|step| &step.moves);
    let has_quit = |role: RoleId| {
        moves()
            .filter(|moved| moved.role == role)
            .flat_map(|moved| &moved.fields)
            .any(|field| read(*field) == Value::Missing)
    };
    let (quit, stayed): (Vec<RoleId>, Vec<RoleId>) = program
        .players()
        .into_iter()
        .partition(|role| has_quit(*role));
    let too_large = || At(Trouble::Overflow, step.offset);
    let mut lost = 0_i128;
    for role in &quit {
        lost = lost
            .checked_add(program.role(*role).stake)
            .ok_or_else(too_large)?;
    }
    let share = match forfeit {
        Forfeit::ToNobody => 0,
        Forfeit::ToTheOthers => lost / stayed.len().max(1) as i128,
    };
    let mut to = Vec::with_capacity(stayed.len());
    for role in stayed {
        let stake = program.role(role).stake;
        to.push((role, stake.checked_add(share).ok_or_else(too_large)?));
    }
    Ok(Paid { to, burnt: 0 })
}
