//! The prompts of talk: a player's message to a character, and a turn in a conversation among characters.

use crate::decision::Percept;
use crate::inference::{Message, Purpose, Request, Role, Tier};

use super::budget::{Budget, Cut, Part, fit};
use super::decision::PER_MESSAGE;
use super::quote::{plain, quoted};
use super::{Prompt, Variant, persona, situation};

/// Tier, length of the reply, memories and temperature are defaults of the contract's engine; how much context a talk may have is ours:
/// six messages of a usual length with a persona and what is so.
const CHAT: Budget = Budget {
    context: 1_600,
    response: 300,
    tools: 0,
    memories: 3,
};
const CONVERSATION: Budget = Budget {
    context: 1_000,
    response: 200,
    tools: 0,
    memories: 3,
};
const TEMPERATURE: f64 = 0.8;
/// Messages of the past that are shown, and lines of a conversation.
const HISTORY: usize = 6;

/// Percent of the context: the persona's and the history's, at most. What they leave is the situation's and the message's.
const SYSTEM: u32 = 35;
const PAST: u32 = 30;

const CHAT_TASK: &str = "A player talks to you. Answer in your own voice, in one to four sentences: only what you say aloud. \
     Never leave your role, never speak for the player, no narration, no markup. \
     What you do not know you do not know; what you remember you may use.";
const CONVERSATION_TASK: &str = "You talk with others. Say your next line in your own voice, in one to three sentences: only what you say \
     aloud. Never leave your role, never speak for others, no narration, no markup.";

/// A conversation among characters, as far as it went.
#[derive(Debug, Clone, Copy)]
pub struct Talk<'a> {
    pub topic: &'a str,
    /// Oldest first.
    pub lines: &'a [Line<'a>],
}

#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// The speaker's id and name.
    pub id: &'a str,
    pub name: &'a str,
    pub text: &'a str,
}

/// The player's messages in `history` are the user's, the character's are the assistant's; oldest first.
pub fn chat(
    percept: &Percept<'_>,
    history: &[Message],
    message: &str,
    variant: &Variant,
) -> Prompt {
    let room = CHAT.bytes(100 - SYSTEM - PAST);
    let asked = format!("The player says: {}", quoted(message, room / 2));
    let cut = (message.len() > room / 2).then_some(Cut {
        part: "message",
        kept: room / 2,
        of: message.len(),
    });
    let mut past: Vec<Message> = Vec::new();
    let mut left = CHAT.bytes(PAST);
    for old in history.iter().rev().take(HISTORY) {
        let (role, content) = match old.role {
            Role::Assistant => (Role::Assistant, plain(&old.content, left / 2)),
            Role::User | Role::System => (Role::User, quoted(&old.content, left / 2)),
        };
        let cost = content.len() + PER_MESSAGE as usize * 4 + 3;
        if content.is_empty() || cost > left {
            break;
        }
        left -= cost;
        past.push(Message { role, content });
    }
    past.reverse();
    let mut prompt = spoken(
        percept,
        (CHAT, CHAT_TASK, Purpose::Chat),
        variant,
        (past, asked),
    );
    prompt.cut.extend(cut);
    prompt
}

pub fn conversation(percept: &Percept<'_>, talk: &Talk<'_>, variant: &Variant) -> Prompt {
    let room = CONVERSATION.bytes(100 - SYSTEM);
    let first = talk.lines.len().saturating_sub(HISTORY);
    let lines: Vec<String> = talk.lines[first..]
        .iter()
        .map(|line| match line.id == percept.who.id {
            true => format!("You: {}", plain(line.text, room / 12)),
            false => format!("{}: {}", plain(line.name, 60), quoted(line.text, room / 12)),
        })
        .collect();
    let said = match lines.is_empty() {
        true => "You begin.".to_owned(),
        false => format!("Said so far:\n{}\nYour turn.", lines.join("\n")),
    };
    let asked = format!("You talk about {}. {said}", quoted(talk.topic, room / 12));
    let about = (CONVERSATION, CONVERSATION_TASK, Purpose::Conversation);
    spoken(percept, about, variant, (Vec::new(), asked))
}

/// System, past, and last what is so with what is asked.
fn spoken(
    percept: &Percept<'_>,
    (budget, task, purpose): (Budget, &str, Purpose),
    variant: &Variant,
    (past, asked): (Vec<Message>, String),
) -> Prompt {
    let whom = (percept.who, percept.archetype);
    let (system, mut cut) = persona::system(whom, task, variant, budget.bytes(SYSTEM));
    let tokens = |text: &str| crate::inference::estimated_tokens(text) + PER_MESSAGE;
    let taken = tokens(&system) + past.iter().map(|one| tokens(&one.content)).sum::<u32>();
    let left = budget.context.saturating_sub(taken + PER_MESSAGE) as usize * 4;
    let mut parts = situation::parts(percept, variant, &budget);
    parts.insert(
        0,
        Part::prose("closeness", (3, 10), closeness(percept, purpose)),
    );
    parts.push(Part::lines("asked", (0, 100), "", vec![asked]));
    let (last, more_cut) = fit(&parts, left);
    cut.extend(more_cut);

    let mut messages = vec![Message {
        role: Role::System,
        content: system,
    }];
    for message in past {
        alternate(&mut messages, message);
    }
    let last = Message {
        role: Role::User,
        content: last,
    };
    alternate(&mut messages, last);
    Prompt {
        request: Request {
            tier: variant.inference_tier.unwrap_or(Tier::Mid),
            purpose,
            messages,
            tools: Vec::new(),
            schema: None,
            max_tokens: variant.max_tokens.unwrap_or(budget.response),
            temperature: variant.temperature.unwrap_or(TEMPERATURE),
        },
        hints: Vec::new(),
        cut,
    }
}

/// Many models' templates refuse two messages of one role in a row, or an assistant that speaks first.
fn alternate(messages: &mut Vec<Message>, next: Message) {
    let Some(last) = messages.last_mut() else {
        return messages.push(next);
    };
    match (last.role, next.role) {
        (Role::System, Role::Assistant) => {}
        (one, other) if one == other => {
            last.content.push('\n');
            last.content.push_str(&next.content);
        }
        _ => messages.push(next),
    }
}

fn closeness(percept: &Percept<'_>, purpose: Purpose) -> String {
    if purpose != Purpose::Chat {
        return String::new();
    }
    let how = match percept.closeness {
        close if close >= 80.0 => "a dear friend",
        close if close >= 60.0 => "a friend",
        close if close >= 40.0 => "an acquaintance",
        _ => "nearly a stranger",
    };
    format!("The player is {how} to you.")
}
