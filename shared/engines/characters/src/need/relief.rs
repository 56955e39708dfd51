//! Which tool meets which need. Ours: the contract's engine leaves it to the game.

use super::Need::{self, Purpose, Rest, Safety, Social, Sustenance};
use crate::words::look_up;

/// Needs that a tool of this name meets, each with its share of a full meeting.
pub fn met_by(tool: &str) -> &'static [(Need, f64)] {
    look_up(tool, table).unwrap_or_default()
}

fn table(word: &str) -> Option<&'static [(Need, f64)]> {
    Some(match word {
        "rest" | "sleep" | "nap" | "sit" | "relax" | "lounge" => &[(Rest, 1.0)],
        "idle" | "wait" | "daydream" => &[(Rest, 0.2)],
        "meditate" | "pray" => &[(Rest, 0.4), (Purpose, 0.6)],
        "eat" | "drink" | "dine" | "feast" | "snack" | "forage" | "taste" => &[(Sustenance, 1.0)],
        "cook" | "bake" | "brew" => &[(Purpose, 0.6), (Sustenance, 0.5)],
        "talk" | "chat" | "greet" | "gossip" | "converse" | "speak" | "ask" | "joke" | "flirt"
        | "visit" | "comfort" | "argue" | "beg" => &[(Social, 1.0)],
        "tell" | "sing" | "perform" | "play" | "dance" | "recite" | "entertain" | "story"
        | "compose" => &[(Social, 0.7), (Purpose, 0.6)],
        "serve" | "trade" | "sell" | "buy" | "haggle" | "appraise" | "teach" | "advise"
        | "help" | "give" | "bless" | "preach" | "negotiate" => &[(Purpose, 0.8), (Social, 0.3)],
        "patrol" | "guard" | "defend" | "protect" | "inspect" | "scout" | "question" | "arrest" => {
            &[(Safety, 0.8), (Purpose, 0.6)]
        }
        "observe" | "watch" | "listen" | "look" => &[(Safety, 0.5)],
        "hide" | "flee" | "lock" | "barricade" | "retreat" | "sneak" => &[(Safety, 1.0)],
        "fight" | "attack" | "duel" | "threaten" | "challenge" => &[(Safety, 0.4), (Purpose, 0.3)],
        "hunt" | "fish" | "gather" | "harvest" | "farm" | "trap" | "milk" => {
            &[(Purpose, 0.8), (Sustenance, 0.3)]
        }
        "work" | "craft" | "forge" | "repair" | "build" | "clean" | "tend" | "plant" | "plow"
        | "heal" | "treat" | "study" | "read" | "research" | "write" | "train" | "practice"
        | "investigate" | "explore" | "search" | "order" | "command" | "rule" | "judge"
        | "sail" | "cast" | "enchant" | "steal" | "pick" | "smelt" | "mend" | "prepare" | "mix"
        | "carry" | "polish" | "sharpen" | "count" | "navigate" | "report" | "examine"
        | "remember" | "track" | "feed" => &[(Purpose, 1.0)],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contracts_tools_meet_something() {
        assert_eq!(met_by("serve_drink")[0].0, Purpose);
        assert_eq!(met_by("tell_story")[0].0, Social);
        assert_eq!(met_by("trade_item")[0].0, Purpose);
        assert_eq!(met_by("patrol")[0].0, Safety);
        assert_eq!(met_by("observe")[0].0, Safety);
        assert_eq!(met_by("talk_to"), &[(Social, 1.0)]);
        assert!(met_by("xyzzy").is_empty());
    }
}
