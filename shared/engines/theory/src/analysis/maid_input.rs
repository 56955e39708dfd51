//! What the analyses of influence diagrams start from: the diagram in numbers, and nodes by name.

use super::{AnalysisError, ConfigError, Unfit};
use crate::game::{Game, MaidGame, MaidKind, PlayerId};
use crate::maid::{Diagram, Halt};

/// Most entries (configurations × actions) of all decision rules together: results spell rules out.
const MOST_RULES: usize = 1 << 16;

impl From<Halt> for AnalysisError {
    fn from(halt: Halt) -> AnalysisError {
        match halt {
            Halt::Stopped => AnalysisError::Stopped,
            Halt::TooLarge(what) => AnalysisError::Unfit(Unfit(what)),
        }
    }
}

/// The influence diagram that every analysis applicable to those only is given.
pub fn maid(game: &Game) -> &MaidGame {
    match game {
        Game::Maid(game) => game,
        _ => unreachable!("analyses of influence diagrams are applicable to those only"),
    }
}

/// The diagram, ready to compute with.
pub fn diagram(game: &Game) -> Result<(&MaidGame, Diagram), Unfit> {
    let game = maid(game);
    let diagram = Diagram::of(game).map_err(|gap| Unfit(format!("incomplete diagram: {gap}")))?;
    Ok((game, diagram))
}

/// Complete, with decisions whose rules are not too long to show.
pub fn has_rules(game: &Game) -> Result<(), Unfit> {
    let (_, diagram) = diagram(game)?;
    let decisions = diagram.decisions();
    if decisions.is_empty() {
        return Err(Unfit("the diagram has no decision nodes".to_owned()));
    }
    let size = |decision: &usize| {
        diagram
            .configurations(*decision)
            .saturating_mul(diagram.sizes()[*decision])
    };
    let total = decisions.iter().fold(0, |total: usize, decision| {
        total.saturating_add(size(decision))
    });
    if total > MOST_RULES {
        return Err(Unfit(format!(
            "the decision rules have {total} entries; at most {MOST_RULES} are allowed"
        )));
    }
    Ok(())
}

/// The decision node that an option names, and who decides there.
pub fn decision(
    game: &MaidGame,
    option: &str,
    name: Option<&str>,
) -> Result<(usize, PlayerId), ConfigError> {
    let node = node(game, option, name)?;
    match game.nodes()[node].kind {
        MaidKind::Decision(agent) => Ok((node, agent)),
        kind => Err(wrong(
            option,
            format!(
                "`{}` is a {kind} node, not a decision",
                game.nodes()[node].id
            ),
        )),
    }
}

/// The node that an option names.
pub fn node(game: &MaidGame, option: &str, name: Option<&str>) -> Result<usize, ConfigError> {
    let name =
        name.ok_or_else(|| wrong(option, format!("'{option}' config parameter required")))?;
    game.find(name)
        .ok_or_else(|| wrong(option, format!("there is no node `{name}`")))
}

pub fn wrong(option: &str, what: String) -> ConfigError {
    ConfigError {
        option: Some(option.to_owned()),
        what,
    }
}
