//! The archetypes that every world has.

use std::sync::LazyLock;

use super::Archetype;
use super::tools;

/// The archetype of that id.
pub fn find(id: &str) -> Option<&'static Archetype> {
    ALL.iter().find(|archetype| archetype.id == id)
}

/// All of them, those of the contract's examples first.
pub fn all() -> &'static [Archetype] {
    &ALL
}

static ALL: LazyLock<Vec<Archetype>> = LazyLock::new(|| KINDS.lines().map(archetype).collect());

/// What everybody does.
const EVERYBODY: [&str; 4] = ["observe", "talk_to", "rest", "eat_meal"];

fn archetype(line: &str) -> Archetype {
    let mut fields = line.split(" | ");
    let mut next = || fields.next().expect("a test reads each line").to_owned();
    Archetype {
        id: next(),
        name: next(),
        description: next(),
        speech_style: next(),
        tools: next()
            .split(' ')
            .chain(EVERYBODY)
            .map(|name| tools::find(name).expect("a test looks up each name"))
            .collect(),
    }
}

/// Id, name, what it is, how it speaks, the tools of its own.
const KINDS: &str = "\
barkeep | Barkeep | Pours drinks, keeps the peace and hears everything. | warm, chatty, calls people dear | serve_drink tell_story trade_item tidy_up
merchant | Merchant | Buys cheap, sells dear and knows the price of all things. | sly, brisk, flattering | trade_item appraise call_out_wares count_coins
bard | Bard | Lives by songs and stories, and collects both. | lyrical, playful, fond of images | sing_song tell_story strike_up_tune compose_verse
guard | Guard | Keeps watch over a place and those in it. | gruff, short, watchful | patrol stand_watch question_stranger train
villager | Villager | Lives here, works here and knows everybody. | plain, friendly, neighbourly | do_chores fetch_water tell_story trade_item
warrior | Warrior | Fights for a living and trains for the next fight. | gruff, proud, direct | train challenge sharpen_blade defend
scholar | Scholar | Reads, writes and argues about what is so. | learned, precise, curious | study write_notes teach debate
rogue | Rogue | Goes where nobody should and takes what nobody guards. | sly, quick, half joking | sneak pick_pocket listen_in trade_item
healer | Healer | Mends bodies and calms minds. | warm, calm, caring | heal brew_potion gather_herbs counsel
smith | Smith | Shapes metal for whoever pays. | gruff, honest, down to earth | forge_item repair_item tend_forge trade_item
blacksmith | Blacksmith | Makes horseshoes, nails and blades at a hot forge. | gruff, hearty, down to earth | forge_item repair_item tend_forge sharpen_blade
farmer | Farmer | Works the land and watches the weather. | plain, patient, neighbourly | tend_crops feed_animals harvest trade_item
hunter | Hunter | Reads tracks and brings home meat and furs. | gruff, quiet, watchful | hunt track set_trap trade_item
noble | Noble | Owns much, owes more and is used to being heard. | courtly, polished, a little haughty | hold_audience give_order bestow_gift host_feast
priest | Priest | Speaks for the gods and looks after souls. | pious, gentle, solemn | pray bless counsel give_alms
mage | Mage | Studies the arcane and sometimes survives it. | learned, cryptic, absorbed | cast_spell study brew_potion meditate
child | Child | Small, curious and everywhere at once. | young, excited, blunt | play ask_question run_errand hide
elder | Elder | Has seen it all before and remembers most of it. | solemn, kindly, full of sayings | counsel tell_story settle_quarrel recall_past
npc | Townsperson | Somebody with a life of their own. | plain, friendly | do_chores go_to trade_item tell_story
sailor | Sailor | At home on any deck and in any harbour. | hearty, gruff, full of sea words | mend_nets haul_cargo scan_horizon tell_story
thief | Thief | Lives on other people's purses. | sly, nervous, whispering | pick_pocket sneak hide trade_item
innkeeper | Innkeeper | Has a bed, a meal and a word for every guest. | warm, busy, welcoming | serve_meal serve_drink rent_room tidy_up
traveler | Traveler | On the road from somewhere to somewhere else. | friendly, curious, a little tired | go_to ask_way tell_story trade_item
soldier | Soldier | Follows orders and waits for the next one. | gruff, disciplined, dry | patrol train stand_watch defend
knight | Knight | Sworn to a lord, a cause and a code. | courtly, earnest, brave | defend train challenge swear_oath
captain | Captain | Leads others and answers for them. | gruff, commanding, fair | give_order patrol inspect defend
ruler | Ruler | Reigns, and pays for it in sleep. | courtly, measured, used to obedience | hold_audience give_order bestow_gift settle_quarrel
advisor | Advisor | Whispers the right word into the right ear. | learned, careful, courtly | counsel write_notes study listen_in
servant | Servant | Keeps a house running and is seldom noticed. | plain, polite, discreet | serve_meal tidy_up run_errand listen_in
cook | Cook | Rules a kitchen. | hearty, warm, bossy | cook_meal serve_meal taste_dish trade_item
baker | Baker | Up before the sun, smells of bread. | warm, plain, cheerful | cook_meal call_out_wares trade_item tidy_up
fisher | Fisher | Out with the tide and back with the catch. | plain, patient, dry | fish mend_nets trade_item scan_horizon
miner | Miner | Digs for ore and hopes for gold. | gruff, hearty, plain | dig haul_cargo trade_item sharpen_blade
alchemist | Alchemist | Mixes, distils and writes down what exploded. | learned, eager, absent-minded | brew_potion study gather_herbs trade_item
ranger | Ranger | Guards the wild roads and those who walk them. | gruff, quiet, calm | track patrol gather_herbs hunt
druid | Druid | Speaks for root, beast and rain. | pious, calm, fond of nature | gather_herbs heal meditate bless
monk | Monk | Keeps silence, hours and a garden. | pious, calm, brief | meditate pray write_notes tend_crops
witch | Witch | Knows every herb and most secrets. | cryptic, sly, amused | brew_potion read_omens cast_spell gather_herbs
seer | Seer | Sees what will be and is rarely thanked for it. | cryptic, solemn, gentle | read_omens meditate counsel recall_past
teacher | Teacher | Explains it once more. | learned, patient, warm | teach write_notes study tell_story
artist | Artist | Paints what others overlook. | lyrical, moody, sincere | paint compose_verse trade_item recall_past
dancer | Dancer | Speaks best with feet and hands. | lyrical, lively, teasing | dance strike_up_tune play tell_story
beggar | Beggar | Asks for little and notices much. | plain, humble, sharp | beg listen_in tell_story hide
bandit | Bandit | Takes toll on a road that is not his. | gruff, menacing, mocking | lie_in_wait challenge hide trade_item
pirate | Pirate | A sailor with fewer rules. | hearty, mocking, full of sea words | scan_horizon challenge haul_cargo tell_story
spy | Spy | Somebody else, today. | sly, smooth, polite | listen_in sneak write_notes hide
detective | Detective | Finds out who did it. | learned, dry, precise | question_stranger inspect write_notes track
doctor | Doctor | Examines, prescribes and worries later. | learned, calm, caring | heal inspect counsel write_notes
engineer | Engineer | Builds it, breaks it and builds it better. | learned, eager, plain | repair_item inspect study build
pilot | Pilot | Gets there, mostly in one piece. | hearty, dry, quick | go_to inspect repair_item tell_story
robot | Robot | A made mind with a task. | precise, formal, literal | inspect repair_item run_errand haul_cargo
companion | Companion | Walks at somebody's side, whatever comes. | warm, loyal, teasing | defend counsel tell_story go_to";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_archetype_has_a_handful_of_different_tools_that_exist() {
        let mut ids = BTreeSet::new();
        for archetype in all() {
            let id = &archetype.id;
            assert!(ids.insert(id), "{id} is there twice");
            assert!(!archetype.description.is_empty() && !archetype.speech_style.is_empty());
            let names: BTreeSet<_> = archetype.tools.iter().map(|tool| &tool.name).collect();
            assert_eq!(names.len(), archetype.tools.len(), "{id}");
            assert!((4..=8).contains(&names.len()), "{id}");
        }
    }

    #[test]
    fn every_tool_belongs_to_somebody() {
        for name in tools::names() {
            let mut tools = all().iter().flat_map(|archetype| &archetype.tools);
            assert!(tools.any(|tool| tool.name == name), "{name}");
        }
    }

    /// The archetypes and tools of the contract's examples and of `areas/characters.md`.
    #[test]
    fn the_archetypes_of_the_contract_are_there_with_its_tools() {
        for id in "barkeep merchant bard guard villager warrior scholar rogue healer smith blacksmith farmer hunter noble priest mage child elder npc"
            .split(' ')
        {
            assert!(find(id).is_some(), "{id}");
        }
        let has = |id: &str, tool: &str| {
            let archetype = find(id).expect("looked up above");
            archetype.tools.iter().any(|one| one.name == tool)
        };
        for (id, tool) in [
            ("barkeep", "serve_drink"),
            ("barkeep", "tell_story"),
            ("barkeep", "trade_item"),
            ("guard", "patrol"),
            ("guard", "observe"),
            ("bard", "talk_to"),
        ] {
            assert!(has(id, tool), "{tool} of {id}");
        }
        assert!(!has("guard", "serve_drink"));
    }
}
