//! What somebody could do now, each option with its score and what the score is the sum of.

use crate::archetype::nature::{self, Nature};
use crate::archetype::{Kind, Tool};
use crate::closeness::Tier;
use crate::decision::{Neighbour, Percept, Trigger};
use crate::need;
use crate::relationship::Regard;
use crate::words;

use super::chance::Chance;
use super::leanings::{Occasion, pull};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// By its place among the archetype's tools.
    Tool(usize),
    Dialogue,
    Idle,
}

/// What a score is the sum of, in the order of [`Scored::parts`].
pub(super) const PARTS: [&str; 9] = [
    "habit", "need", "goal", "emotion", "routine", "company", "event", "novelty", "chance",
];
const HABIT: usize = 0;
const NEED: usize = 1;
const GOAL: usize = 2;
const EMOTION: usize = 3;
const ROUTINE: usize = 4;
const COMPANY: usize = 5;
const EVENT: usize = 6;
const NOVELTY: usize = 7;
const CHANCE: usize = 8;

#[derive(Debug, Clone, Copy)]
pub(super) struct Scored {
    pub(super) choice: Choice,
    pub(super) parts: [f64; PARTS.len()],
}

impl Scored {
    pub(super) fn total(&self) -> f64 {
        self.parts.iter().sum()
    }
}

/// Weights of the parts: tuned so that one pressing matter (an event of importance 8, a critical need, a step of a weighty goal)
/// outdoes habit and chance together, and a mild one does not.
const NEEDED: f64 = 1.2;
const GOAL_STEP: f64 = 0.08;
const IN_ROUTINE: f64 = 0.5;
const REPEATED: f64 = 0.45;
const FORGETS: f64 = 0.75;
const NOISE: f64 = 0.35;
const NEW: f64 = 0.08;
/// Goals that are looked at, tools of a phase and deeds, at most: the newest and weightiest matter.
const LOOKED_AT: usize = 8;

/// All that is open to it, in no order.
pub(super) fn scored(percept: &Percept<'_>, chance: &mut Chance) -> Vec<Scored> {
    let view = View::of(percept);
    let tools = percept.archetype.tools.iter().enumerate();
    let mut options: Vec<Scored> = Vec::with_capacity(percept.archetype.tools.len() + 2);
    for (at, tool) in tools {
        let alone = percept.near.is_empty();
        let wants_somebody = tool
            .parameters
            .iter()
            .any(|one| one.required && one.kind == Kind::Character);
        if alone && wants_somebody {
            continue;
        }
        options.push(view.tool(at, tool));
    }
    options.push(view.dialogue());
    options.push(view.idle());
    for option in &mut options {
        option.parts[CHANCE] = chance.unit() * NOISE;
    }
    options
}

/// What is looked up once for all options.
struct View<'a> {
    percept: &'a Percept<'a>,
    occasion: Option<(Occasion, f64)>,
    /// What was asked for in so many words: an order, an event's description.
    asked: Option<&'a str>,
    phase: Option<&'a crate::routine::Phase>,
}

impl<'a> View<'a> {
    fn of(percept: &'a Percept<'a>) -> Self {
        let routine = percept.mind.routine.as_ref();
        let (occasion, asked) = match percept.trigger {
            Trigger::Event { event, importance } => {
                let told = ["order", "task", "description", "message"];
                let asked = told.iter().find_map(|key| event.data.get(key)?.as_str());
                let weight = (importance / 10.0).clamp(0.0, 1.0);
                (Some((Occasion::of(&event.kind), weight)), asked)
            }
            Trigger::FastTick | Trigger::SlowTick => (None, None),
        };
        Self {
            percept,
            occasion,
            asked,
            phase: routine.and_then(|routine| routine.phase(percept.now.fast)),
        }
    }

    fn tool(&self, at: usize, tool: &Tool) -> Scored {
        let nature = nature::of(&tool.name);
        let mut parts = [0.0; PARTS.len()];
        parts[HABIT] = 0.4 - 0.03 * at.min(8) as f64;
        parts[NEED] = self.need(nature);
        parts[GOAL] = self.goals(&tool.name);
        parts[EMOTION] = self.emotion(nature);
        parts[ROUTINE] = self.routine(&tool.name);
        parts[COMPANY] = self.company(nature);
        parts[EVENT] = self.event(nature)
            + match self
                .asked
                .is_some_and(|asked| words::mentions_all(asked, &tool.name))
            {
                true => 1.0,
                false => 0.0,
            };
        parts[NOVELTY] = self.novelty(&tool.name);
        Scored {
            choice: Choice::Tool(at),
            parts,
        }
    }

    fn dialogue(&self) -> Scored {
        let mut parts = [0.0; PARTS.len()];
        let heard = !self.percept.near.is_empty() || self.percept.tier == Tier::Active;
        parts[HABIT] = if heard { 0.2 } else { -0.4 };
        parts[NEED] = 0.5 * self.need(Nature::Talk);
        parts[EMOTION] = 0.8 * self.emotion(Nature::Talk);
        parts[EVENT] = 0.8 * self.event(Nature::Talk);
        parts[NOVELTY] = self.novelty("dialogue");
        Scored {
            choice: Choice::Dialogue,
            parts,
        }
    }

    fn idle(&self) -> Scored {
        let mut parts = [0.0; PARTS.len()];
        parts[HABIT] = match self.percept.tier {
            Tier::Active => -0.1,
            Tier::Background => 0.05,
            Tier::Dormant => 0.25,
        };
        parts[NEED] = 0.4 * self.need(Nature::Rest);
        parts[EVENT] = self.occasion.map_or(0.0, |(_, weight)| -weight);
        parts[NOVELTY] = self.novelty("idle");
        Scored {
            choice: Choice::Idle,
            parts,
        }
    }

    /// The square of a lack: it is hardly felt at first and presses at the end.
    fn need(&self, nature: Nature) -> f64 {
        let needs = &self.percept.mind.needs;
        let met = need::met_by(nature).iter();
        let relief = met.map(|(need, part)| part * needs.get(*need).clamp(0.0, 1.0).powi(2));
        NEEDED * relief.sum::<f64>()
    }

    fn goals(&self, tool: &str) -> f64 {
        let open = self.percept.mind.goals.iter().filter(|goal| goal.is_open());
        let wanted = open.take(LOOKED_AT).filter_map(|goal| {
            let step = match goal.next_step() {
                Some(step) => &step.description,
                None if goal.steps.is_empty() => &goal.description,
                None => return None,
            };
            let named = words::mentions_all(step, tool);
            let hinted =
                named || words::of(tool).any(|word| word.len() > 3 && words::mentions(step, word));
            let share = if named { 1.0 } else { 0.6 };
            hinted.then_some(goal.priority.clamp(0.0, 10.0) * GOAL_STEP * share)
        });
        wanted.fold(0.0, f64::max)
    }

    fn emotion(&self, nature: Nature) -> f64 {
        let felt = self.percept.mind.feelings.0.iter().take(LOOKED_AT);
        felt.map(|feeling| pull(feeling.emotion, nature) * feeling.intensity.clamp(0.0, 1.0))
            .sum()
    }

    fn routine(&self, tool: &str) -> f64 {
        let Some(phase) = self.phase else { return 0.0 };
        if phase.tools.iter().take(LOOKED_AT).any(|one| one == tool) {
            return IN_ROUTINE;
        }
        match words::of(tool).any(|word| word.len() > 3 && words::mentions(&phase.activity, word)) {
            true => IN_ROUTINE,
            false => 0.0,
        }
    }

    fn company(&self, nature: Nature) -> f64 {
        let Some(other) = best_of(self.percept.near, nature) else {
            return 0.0;
        };
        let warmth = (other.relationship.strength - 50.0).clamp(-50.0, 50.0) / 50.0;
        match nature {
            Nature::Talk | Nature::Care | Nature::Serve | Nature::Play => 0.15 + 0.2 * warmth,
            Nature::Perform | Nature::Trade => 0.15,
            Nature::Fight | Nature::Steal => match other.relationship.bond.regard() {
                Regard::Hostile => 0.15,
                Regard::Indifferent => -0.3,
                Regard::Warm => -0.7,
            },
            _ => 0.0,
        }
    }

    fn event(&self, nature: Nature) -> f64 {
        self.occasion.map_or(0.0, |(occasion, weight)| {
            occasion.calls_for(nature) * weight
        })
    }

    /// Less for what was done just now, a little more for what was not done for long.
    fn novelty(&self, action: &str) -> f64 {
        let recent = self
            .percept
            .mind
            .recent
            .iter()
            .rev()
            .take(LOOKED_AT)
            .enumerate();
        let same = recent.filter(|(_, deed)| deed.action == action);
        let worn: f64 = same
            .map(|(age, _)| FORGETS.powi(i32::try_from(age).unwrap_or(i32::MAX)))
            .sum();
        match worn > 0.0 {
            true => -REPEATED * worn,
            false => NEW,
        }
    }
}

/// With whom somebody would do such a thing: enemies are for fights, friends for the rest.
pub(super) fn best_of(near: &[Neighbour], nature: Nature) -> Option<&Neighbour> {
    let liking = |one: &&Neighbour| match nature {
        Nature::Fight | Nature::Steal => -one.relationship.strength,
        _ => one.relationship.strength,
    };
    near.iter().reduce(|best, one| {
        if liking(&one) > liking(&best) {
            one
        } else {
            best
        }
    })
}
