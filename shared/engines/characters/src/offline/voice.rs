//! How somebody speaks, and what their trade is, as tags of sentences.

use super::phrases::{Mask, mask_of};
use crate::archetype::Archetype;
use crate::{Persona, emotion::Emotion};

/// The tags of a speech style: told from the persona's own, else from the archetype's, else from the personality.
pub(super) fn voice(who: &Persona, archetype: &Archetype) -> Mask {
    let own = who.identity.speech_style.as_deref().unwrap_or_default();
    let said = [own, &archetype.speech_style, &who.identity.personality];
    let voice = said.into_iter().find_map(named);
    mask_of(voice.unwrap_or("plain"))
}

fn named(style: &str) -> Option<&'static str> {
    style
        .split(|letter: char| !letter.is_alphabetic())
        .find_map(|word| {
            let row = VOICES
                .iter()
                .find(|(_, words)| words.split(' ').any(|one| one.eq_ignore_ascii_case(word)));
            row.map(|row| row.0)
        })
}

const VOICES: [(&str, &str); 9] = [
    (
        "warm",
        "warm chatty caring motherly welcoming cheerful cosy jovial kind loyal",
    ),
    (
        "gruff",
        "gruff short terse blunt hearty rough commanding laconic stern menacing brusque",
    ),
    (
        "lyrical",
        "lyrical poetic playful musical flowery theatrical dreamy dramatic",
    ),
    (
        "learned",
        "learned precise scholarly academic curious analytical literal dry",
    ),
    (
        "courtly",
        "courtly polished formal noble haughty elegant regal eloquent",
    ),
    (
        "sly",
        "sly smooth cunning whispering flattering mocking shrewd cryptic witty persuasive sarcastic",
    ),
    (
        "plain",
        "plain simple friendly honest humble quiet neighbourly",
    ),
    ("young", "young childlike excited naive"),
    ("pious", "pious solemn devout holy gentle serene"),
];

/// What somebody of a trade has to give, and what it keeps the hands busy with.
pub(super) struct Trade {
    pub(super) tag: &'static str,
    pub(super) goods: &'static [&'static str],
    pub(super) chores: &'static [&'static str],
    of: &'static [&'static str],
}

pub(super) fn trade(archetype: &str) -> &'static Trade {
    let trade = TRADES.iter().find(|trade| trade.of.contains(&archetype));
    trade.unwrap_or(&COMMON)
}

const fn row(
    tag: &'static str,
    of: &'static [&'static str],
    goods: &'static [&'static str],
    chores: &'static [&'static str],
) -> Trade {
    Trade {
        tag,
        goods,
        chores,
        of,
    }
}

static COMMON: Trade = row(
    "common",
    &[],
    &[
        "a loaf of bread",
        "a warm scarf",
        "a jar of honey",
        "a good rope",
    ],
    &[
        "sweeping the yard",
        "mending a shirt",
        "chopping wood",
        "fetching water",
    ],
);

static TRADES: [Trade; 14] = [
    row(
        "inn",
        &["barkeep", "innkeeper", "cook", "baker", "servant"],
        &[
            "a cool ale",
            "hot cider",
            "a bowl of stew",
            "honeyed mead",
            "dark bread and cheese",
        ],
        &[
            "polishing the mugs",
            "wiping down the counter",
            "tapping a new barrel",
            "stirring the stew",
            "counting the spoons",
        ],
    ),
    row(
        "market",
        &["merchant"],
        &[
            "a bolt of blue cloth",
            "a pouch of pepper",
            "a fine lantern",
            "a brass compass",
            "a silver thimble",
        ],
        &[
            "sorting the wares",
            "going over the books",
            "weighing spices",
            "polishing the scales",
        ],
    ),
    row(
        "song",
        &["bard", "dancer", "artist"],
        &[
            "a ballad",
            "a new verse",
            "a tune to dance to",
            "a portrait in rhyme",
        ],
        &[
            "tuning the strings",
            "hunting for a rhyme",
            "copying out a song",
            "practising a hard run",
        ],
    ),
    row(
        "watch",
        &[
            "guard",
            "soldier",
            "warrior",
            "knight",
            "captain",
            "detective",
        ],
        &[
            "a spare whetstone",
            "an old helmet",
            "a torch",
            "some dry biscuit",
        ],
        &[
            "walking the rounds",
            "checking the locks",
            "oiling the hinges of the gate",
            "sharpening a spear",
        ],
    ),
    row(
        "forge",
        &["smith", "blacksmith", "miner", "engineer", "robot", "pilot"],
        &[
            "a good knife",
            "a set of horseshoes",
            "a door hinge",
            "a bag of nails",
        ],
        &[
            "feeding the fire",
            "straightening nails",
            "mending a plough",
            "filing an edge",
        ],
    ),
    row(
        "land",
        &["farmer", "villager"],
        &[
            "a basket of eggs",
            "a sack of turnips",
            "fresh butter",
            "a string of onions",
        ],
        &[
            "weeding the beans",
            "feeding the hens",
            "mending the fence",
            "turning the hay",
        ],
    ),
    row(
        "wild",
        &["hunter", "ranger", "druid", "companion"],
        &[
            "a brace of hares",
            "a warm fur",
            "dried venison",
            "a fox tail",
        ],
        &[
            "reading tracks",
            "waxing a bowstring",
            "laying snares",
            "drying meat",
        ],
    ),
    row(
        "lore",
        &[
            "scholar",
            "mage",
            "alchemist",
            "teacher",
            "advisor",
            "witch",
            "seer",
        ],
        &[
            "a copied page",
            "a bottle of good ink",
            "a rare herb",
            "an old map",
        ],
        &[
            "comparing two manuscripts",
            "labelling jars",
            "ruling a page",
            "correcting a table of stars",
        ],
    ),
    row(
        "faith",
        &["priest", "monk", "elder"],
        &["a blessing", "a candle", "a bowl of soup", "a quiet hour"],
        &[
            "trimming the candles",
            "sweeping the chapel",
            "visiting the sick",
            "copying a prayer",
        ],
    ),
    row(
        "court",
        &["noble", "ruler"],
        &[
            "an invitation",
            "a glass of old wine",
            "a letter with my seal",
            "a ring of no great worth",
        ],
        &[
            "reading petitions",
            "answering letters",
            "planning a feast",
            "hearing complaints",
        ],
    ),
    row(
        "shadow",
        &["rogue", "thief", "spy", "bandit", "beggar"],
        &[
            "a ring with a history",
            "a set of picks",
            "a useful rumour",
            "a key without a door",
        ],
        &[
            "keeping out of sight",
            "listening at doors",
            "counting other people's coins",
            "practising knots",
        ],
    ),
    row(
        "sea",
        &["sailor", "pirate", "fisher", "traveler"],
        &[
            "a barrel of herring",
            "a coil of rope",
            "a carved whale tooth",
            "a flask of rum",
        ],
        &[
            "mending nets",
            "splicing rope",
            "drying sails",
            "reading the sky",
        ],
    ),
    row(
        "cure",
        &["healer", "doctor"],
        &[
            "willow bark tea",
            "a pot of salve",
            "a clean bandage",
            "a draught for sleep",
        ],
        &[
            "grinding herbs",
            "rolling bandages",
            "boiling water",
            "looking after a fever",
        ],
    ),
    row(
        "small",
        &["child"],
        &[
            "a shiny marble",
            "half an apple",
            "a snail",
            "a very good stick",
        ],
        &[
            "building a dam",
            "counting ants",
            "chasing the cat",
            "collecting stones",
        ],
    ),
];

/// The word of a mood, stronger ones for stronger feelings.
pub(super) fn feeling(emotion: Emotion, intensity: f64) -> &'static [&'static str] {
    let strong = intensity >= 0.6;
    match (emotion, strong) {
        (Emotion::Joy, true) => &["overjoyed", "radiant", "happy as a lark"],
        (Emotion::Joy, false) => &["cheerful", "happy", "glad"],
        (Emotion::Sadness, true) => &["heartbroken", "very sad", "sad to the bone"],
        (Emotion::Sadness, false) => &["sad", "downcast", "heavy-hearted"],
        (Emotion::Anger, true) => &["furious", "angry as a wasp", "enraged"],
        (Emotion::Anger, false) => &["angry", "cross", "annoyed"],
        (Emotion::Fear, true) => &["terrified", "frightened", "scared stiff"],
        (Emotion::Fear, false) => &["afraid", "uneasy", "anxious"],
        (Emotion::Surprise, true) => &["astonished", "stunned", "thunderstruck"],
        (Emotion::Surprise, false) => &["surprised", "taken aback", "puzzled"],
        (Emotion::Disgust, true) => &["revolted", "disgusted", "sick of it all"],
        (Emotion::Disgust, false) => &["out of sorts", "disgusted", "queasy"],
        (Emotion::Trust, true) => &["at home", "safe", "among friends"],
        (Emotion::Trust, false) => &["calm", "content", "at ease"],
        (Emotion::Anticipation, true) => &["full of anticipation", "wide awake", "eager"],
        (Emotion::Anticipation, false) => &["expectant", "restless", "curious"],
    }
}
