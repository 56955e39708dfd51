//! What the tools of the catalogue are, as language models are told of them.

use super::{Kind, Parameter, Tool};

/// The tool of that name.
pub(super) fn find(name: &str) -> Option<Tool> {
    TABLE.lines().map(read).find(|tool| tool.name == name)
}

#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = String> {
    TABLE.lines().map(|line| read(line).name)
}

fn read(line: &str) -> Tool {
    let mut fields = line.split(" | ");
    let (name, description) = halves(fields.next().unwrap_or_default());
    Tool {
        name: name.to_owned(),
        description: description.to_owned(),
        parameters: fields.map(parameter).collect(),
    }
}

fn parameter(field: &str) -> Parameter {
    let (name, rest) = halves(field);
    let (description, kind) = halves(rest);
    Parameter {
        name: name.trim_end_matches('?').to_owned(),
        description: format!("{description}."),
        kind: match kind {
            "text" => Kind::Text,
            "who" => Kind::Character,
            words => Kind::OneOf(words.split(", ").map(str::to_owned).collect()),
        },
        required: !name.ends_with('?'),
    }
}

fn halves(text: &str) -> (&str, &str) {
    text.split_once(": ").expect("a test reads each line")
}

/// `name: what it does`, then for each parameter `name: what it is: text, who, or the words to choose from`. A parameter whose name ends
/// with `?` may be left out.
const TABLE: &str = "\
observe: Look around and take note of what goes on. | focus?: What to watch: text
talk_to: Say something to somebody near. | target: Whom to speak to: who | message: What to say: text
rest: Sit or lie down for a while.
eat_meal: Have something to eat. | dish?: What to eat: bread and cheese, stew, soup, fruit
go_to: Walk to another place. | location: The place's name: text
serve_drink: Pour a drink for a guest. | drink: What to pour: ale, cider, mead, wine, water | customer?: Whom it is for: who
serve_meal: Bring a guest something to eat. | dish: What to bring: stew, roast, soup, bread and cheese | customer?: Whom it is for: who
rent_room: Give a guest a bed for the night. | room: Which one: attic, front room, back room | guest?: Whom it is for: who
tidy_up: Clean and put things in their places. | what?: What to clean: counter, tables, floor, mugs
cook_meal: Prepare food. | dish: What to prepare: stew, roast, soup, bread, pie
taste_dish: Try what is on the fire and season it.
tell_story: Tell those present a story. | topic: What it is about: text
sing_song: Sing for those present. | song: What kind of song: ballad, drinking song, lament, love song, hymn
strike_up_tune: Play an instrument. | tune: What kind of tune: jig, reel, slow air, march
compose_verse: Work on a song or a poem. | subject: What it is about: text
dance: Dance. | dance: Which dance: jig, round dance, slow dance
paint: Draw or paint something. | subject: What to paint: text
trade_item: Buy, sell or swap something. | deal: What to do: buy, sell, swap | item: What it is about: text | partner?: With whom: who
appraise: Look a thing over and name its worth. | item: The thing: text
call_out_wares: Praise the goods to whoever passes. | item?: What to praise: text
count_coins: Go through the takings and the books.
patrol: Walk the rounds and look for trouble. | area: Where: inside, the door, the street, the yard
stand_watch: Stay at a post and keep an eye on it. | post?: Where: the door, the gate, the wall
question_stranger: Ask somebody who they are and what they want. | target?: Whom to question: who | question: What to ask: text
train: Practise with weapons or in the body. | discipline: What to practise: sword, spear, shield, bow, wrestling
challenge: Dare somebody to a contest or a fight. | target: Whom to dare: who | contest: To what: arm wrestling, a duel, a wager
sharpen_blade: Put an edge on a tool or a weapon.
defend: Stand between somebody and harm. | target?: Whom to protect: who
swear_oath: Give a solemn word. | oath: What is sworn: text
inspect: Examine something closely. | object: What to examine: text
give_order: Tell somebody of lower rank what to do. | target: Whom to tell: who | order: What is to be done: text
hold_audience: Hear what people ask for and answer them.
bestow_gift: Give somebody a present. | target: Who gets it: who | gift: What it is: text
host_feast: Invite people to eat and drink. | occasion: What is celebrated: text
settle_quarrel: Make peace between people who are at odds.
study: Read up on a subject. | subject: What to read about: text
write_notes: Write down what is worth keeping. | subject: What to write about: text
teach: Explain something to somebody. | target: Whom to teach: who | subject: What to explain: text
debate: Argue a question with somebody. | target: With whom: who | question: The question: text
recall_past: Sink into memories. | subject: What is remembered: text
counsel: Give somebody advice. | target: Whom to advise: who | advice: What to advise: text
sneak: Move without being seen. | where: To what: text
pick_pocket: Take something from somebody unnoticed. | target: Whose purse: who
listen_in: Overhear what others say. | target?: On whom: who
hide: Get out of sight.
lie_in_wait: Stay hidden until somebody comes along. | where: Where: text
beg: Ask for alms. | target?: Of whom: who
heal: Treat wounds and sickness. | target?: Whom to treat: who | treatment: How: bandage, herbs, salve, rest
brew_potion: Make a remedy or a draught. | potion: What to brew: healing draught, sleeping draught, antidote, tonic
gather_herbs: Look for useful plants. | herb?: Which: yarrow, mint, sage, willow bark
forge_item: Make something of metal. | item: What to make: horseshoe, nails, knife, sword, hinge
repair_item: Mend something that is broken. | item: What to mend: text
tend_forge: Keep fire and bellows going.
build: Construct something. | what: What to construct: text
dig: Dig for ore or earth.
tend_crops: Weed, water and look after plants. | crop?: Which: wheat, cabbage, turnips, beans
feed_animals: Look after the animals. | animal?: Which: hens, pigs, cows, horses
harvest: Bring in what is ripe. | crop: Which: wheat, cabbage, turnips, apples
do_chores: Do the work of the day. | chore?: Which: chop wood, sweep, wash, mend clothes
fetch_water: Go to the well.
run_errand: Carry a message or a thing to somebody. | errand: What is to be done: text
hunt: Go after game. | prey: What game: hare, deer, boar, pheasant
track: Follow traces. | what: Whose traces: text
set_trap: Lay a trap. | trap?: Which kind: snare, pit, net
fish: Try for a catch.
mend_nets: Repair nets and lines.
haul_cargo: Carry and stow heavy things. | cargo?: What: barrels, crates, sacks
scan_horizon: Look far out for whatever comes.
ask_way: Ask somebody about the road. | target?: Whom to ask: who | destination: Where to: text
pray: Turn to the gods. | intention?: What for: text
bless: Speak a blessing over somebody. | target: Over whom: who
give_alms: Give to somebody in need. | target?: To whom: who
cast_spell: Work a spell. | spell: Which: light, ward, mending, scrying
read_omens: Look for signs of what is to come. | means?: In what: tea leaves, stars, bones, smoke
meditate: Sit still and clear the mind.
play: Play a game. | game: Which: tag, hide and seek, marbles, make-believe
ask_question: Ask somebody about something. | target: Whom to ask: who | question: What to ask: text";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_says_what_is_required_and_what_may_be_chosen() {
        let schema = find("serve_drink").expect("it is in the table").schema();
        assert_eq!(schema["required"], serde_json::json!(["drink"]));
        assert_eq!(schema["properties"]["drink"]["enum"][0], "ale");
        assert_eq!(schema["properties"]["customer"]["type"], "string");
    }
}
