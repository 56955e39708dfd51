//! Sentences to choose from: each says when it fits, and the one that fits the moment best is the likeliest.

mod action;
mod bank;
mod meeting;
mod myself;
mod odd;
mod world;

pub(super) use bank::{Mask, Slot, Voice, mask_of, pick};

/// What a sentence is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    Greeting,
    Farewell,
    Thanks,
    Praise,
    Apology,
    MyName,
    YourName,
    NameGiven,
    Mood,
    Place,
    Person,
    PersonUnknown,
    Goal,
    Past,
    Work,
    Trade,
    Story,
    News,
    Help,
    Told,
    ToldNothing,
    Recalled,
    Lore,
    Insult,
    Threat,
    Riddle,
    Assent,
    Refusal,
    Statement,
    Question,
    Silence,
    /// What is added to an answer.
    Aside,
    /// What an answer ends with, so that the talk goes on.
    Prompt,
    /// Said aloud to nobody in particular.
    Remark,
    /// Said aloud when something has happened.
    Outcry,
    /// Said to another character.
    Address,
    /// A first turn of a conversation about something.
    Opening,
    /// A later turn.
    Reply,
    /// A last turn.
    Closing,
    /// What a story, a song or a note is about.
    Subject,
}

/// `tags | sentence` by line, as [`bank`] reads it.
fn lines(topic: Topic) -> &'static str {
    match topic {
        Topic::Greeting => meeting::GREETING,
        Topic::Farewell => meeting::FAREWELL,
        Topic::Thanks => meeting::THANKS,
        Topic::Praise => meeting::PRAISE,
        Topic::Apology => meeting::APOLOGY,
        Topic::MyName => meeting::MY_NAME,
        Topic::YourName => meeting::YOUR_NAME,
        Topic::NameGiven => meeting::NAME_GIVEN,
        Topic::Assent => meeting::ASSENT,
        Topic::Refusal => meeting::REFUSAL,
        Topic::Mood => myself::MOOD,
        Topic::Goal => myself::GOAL,
        Topic::Past => myself::PAST,
        Topic::Work => myself::WORK,
        Topic::Told => myself::TOLD,
        Topic::ToldNothing => myself::TOLD_NOTHING,
        Topic::Recalled => myself::RECALLED,
        Topic::Aside => myself::ASIDE,
        Topic::Prompt => myself::PROMPT,
        Topic::Place => world::PLACE,
        Topic::Person => world::PERSON,
        Topic::PersonUnknown => world::PERSON_UNKNOWN,
        Topic::Trade => world::TRADE,
        Topic::Story => world::STORY,
        Topic::News => world::NEWS,
        Topic::Help => world::HELP,
        Topic::Lore => world::LORE,
        Topic::Insult => odd::INSULT,
        Topic::Threat => odd::THREAT,
        Topic::Riddle => odd::RIDDLE,
        Topic::Statement => odd::STATEMENT,
        Topic::Question => odd::QUESTION,
        Topic::Silence => odd::SILENCE,
        Topic::Remark => action::REMARK,
        Topic::Outcry => action::OUTCRY,
        Topic::Address => action::ADDRESS,
        Topic::Opening => action::OPENING,
        Topic::Reply => action::REPLY,
        Topic::Closing => action::CLOSING,
        Topic::Subject => action::SUBJECT,
    }
}

/// In the order of the type.
const TOPICS: [Topic; 40] = [
    Topic::Greeting,
    Topic::Farewell,
    Topic::Thanks,
    Topic::Praise,
    Topic::Apology,
    Topic::MyName,
    Topic::YourName,
    Topic::NameGiven,
    Topic::Mood,
    Topic::Place,
    Topic::Person,
    Topic::PersonUnknown,
    Topic::Goal,
    Topic::Past,
    Topic::Work,
    Topic::Trade,
    Topic::Story,
    Topic::News,
    Topic::Help,
    Topic::Told,
    Topic::ToldNothing,
    Topic::Recalled,
    Topic::Lore,
    Topic::Insult,
    Topic::Threat,
    Topic::Riddle,
    Topic::Assent,
    Topic::Refusal,
    Topic::Statement,
    Topic::Question,
    Topic::Silence,
    Topic::Aside,
    Topic::Prompt,
    Topic::Remark,
    Topic::Outcry,
    Topic::Address,
    Topic::Opening,
    Topic::Reply,
    Topic::Closing,
    Topic::Subject,
];
