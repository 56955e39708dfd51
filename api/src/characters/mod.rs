//! Characters: minds that live on the queue, and what players do with them.

mod archetype_view;
mod archetypes;
mod cards;
mod conversations;
mod decision_stream;
mod decisions;
mod difference_view;
mod emotions;
mod errand;
mod events;
mod experiments;
mod factions;
mod facts;
mod goal_view;
mod goals;
mod gossip;
mod groups;
mod hierarchy;
mod introspection;
mod memories;
mod memory_view;
mod needs;
mod people;
mod proximity;
mod refusals;
mod relationships;
mod reputation;
mod routine;
mod settings;
mod simulate;
mod snapshots;
mod state;
mod state_document;
mod system;
mod talk;
mod view;

use std::time::Duration;

use poem_openapi::Tags;
use rookery_shared::characters::Characters as Cast;

use crate::platform::drain::Drain;

/// The area's operations.
pub type Characters = (Somebody, Life, Social, Bodies, World, Whole);

/// Who there is.
type Somebody = (
    people::People,
    introspection::Introspection,
    cards::Cards,
    proximity::Proximity,
    memories::Memories,
);

/// What is said and done.
type Life = (
    talk::Talk,
    conversations::Conversations,
    events::Events,
    decisions::Decisions,
    decision_stream::DecisionStream,
);

/// How it runs.
type World = (
    system::System,
    settings::Settings,
    experiments::Experiments,
    simulate::Simulations,
);

/// What goes on within a character, and between two.
type Social = (
    emotions::Emotions,
    needs::Wants,
    goals::Goals,
    routine::Routines,
    relationships::Relationships,
    gossip::Gossip,
    reputation::Reputations,
);

/// What many have in common.
type Bodies = (
    archetypes::Archetypes,
    facts::Facts,
    groups::Groups,
    factions::Factions,
    hierarchy::Hierarchy,
);

/// The state of them all.
type Whole = (state::State, snapshots::Snapshots);

/// An answer may take as long as `patience`.
pub fn characters(cast: &Cast, drain: &Drain, patience: Duration) -> Characters {
    let room = state::Room::default();
    (
        (
            people::People::new(cast.clone()),
            introspection::Introspection::new(cast.clone()),
            cards::Cards::new(cast.clone()),
            proximity::Proximity::new(cast.clone()),
            memories::Memories::new(cast.clone()),
        ),
        (
            talk::Talk::new(cast.clone(), patience),
            conversations::Conversations::new(cast.clone(), patience),
            events::Events::new(cast.clone()),
            decisions::Decisions::new(cast.clone()),
            decision_stream::DecisionStream::new(cast.clone(), drain.clone()),
        ),
        (
            emotions::Emotions::new(cast.clone()),
            needs::Wants::new(cast.clone()),
            goals::Goals::new(cast.clone()),
            routine::Routines::new(cast.clone()),
            relationships::Relationships::new(cast.clone()),
            gossip::Gossip::new(cast.clone()),
            reputation::Reputations::new(cast.clone()),
        ),
        (
            archetypes::Archetypes::new(cast.clone()),
            facts::Facts::new(cast.clone()),
            groups::Groups::new(cast.clone()),
            factions::Factions::new(cast.clone()),
            hierarchy::Hierarchy::new(cast.clone()),
        ),
        (
            system::System::new(cast.clone()),
            settings::Settings::new(cast.clone()),
            experiments::Experiments::new(cast.clone()),
            simulate::Simulations::new(cast.clone()),
        ),
        (
            state::State::new(cast.clone(), room.clone()),
            snapshots::Snapshots::new(cast.clone(), room),
        ),
    )
}

#[derive(Tags)]
enum Tag {
    /// Characters: registering them, and looking into them.
    Characters,
    /// How close they are to players.
    #[oai(rename = "Characters: proximity")]
    Proximity,
    /// Talking to them, and letting them talk with each other.
    #[oai(rename = "Characters: chat")]
    Talk,
    /// What happens in the game.
    #[oai(rename = "Characters: events")]
    Events,
    /// What they did, and why.
    #[oai(rename = "Characters: decisions")]
    Decisions,
    /// Figures and settings.
    #[oai(rename = "Characters: system")]
    System,
    /// What they feel, lack, want and plan, and what they hold of each other.
    #[oai(rename = "Characters: social")]
    Social,
    /// What they remember.
    #[oai(rename = "Characters: memories")]
    Memories,
    /// What is so in their world.
    #[oai(rename = "Characters: world facts")]
    Facts,
    /// Experiments with the prompts of language models.
    #[oai(rename = "Characters: experiments")]
    Experiments,
    /// Groups and factions.
    #[oai(rename = "Characters: groups")]
    Groups,
    /// The whole state: kept, taken out and put back.
    #[oai(rename = "Characters: state")]
    State,
}
