//! Cards as other programs write them, and as nobody should.

use serde_json::{Value, json};

use super::*;
use crate::dice::Dice;
use crate::scene::Scene;

fn imported(card: Value) -> Result<Imported, BadCard> {
    read(card.to_string().as_bytes())
}

/// Written by Pillow 13.0.0: a grey pixel, a comment, and the card of a beekeeper.
const PICTURE: &str = "\
    89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000f74455874436f6d6d656e74006e6f7468696e67b0c30861\
    000000de7445587463686172610065794a7a6347566a496a6f67496d4e6f59584a6858324e68636d5266646a49694c4341696333426c593139325a58\
    4a7a61573975496a6f67496a49754d43497349434a6b59585268496a6f6765794a755957316c496a6f67496c4e6c636d467761476c755a5349734943\
    4a6b5a584e6a636d6c7764476c766269493649434a3765324e6f59584a39665342725a575677637942695a57567a4c69497349434a775a584a7a6232\
    356862476c306553493649434a6a5957787449697767496e52685a334d694f694262496d527964576c6b496c313966513d3d1df9fd820000000a4944\
    4154789c636000000002000148afa4710000000049454e44ae426082";

fn picture() -> Vec<u8> {
    let digits: Vec<u8> = PICTURE.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pairs = digits
        .chunks(2)
        .map(|pair| str::from_utf8(pair).expect("ASCII"));
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal"))
        .collect()
}

#[test]
fn a_card_becomes_a_persona() {
    let card = json!({ "spec": "chara_card_v2", "spec_version": "2.0", "data": {
        "name": "Mira", "description": "{{char}} met {{User}} at sea.", "personality": "brave", "scenario": "A storm.", "first_mes": "Ahoy!",
        "mes_example": "", "creator_notes": "", "system_prompt": "Obey.", "post_history_instructions": "", "alternate_greetings": [],
        "tags": ["sailor", "loyal"], "creator": "somebody", "character_version": "3", "extensions": { "depth": { "prompt": "x" } },
    } });
    let mira = imported(card).expect("a good card");
    assert_eq!(
        (mira.name.as_str(), mira.id, mira.archetype),
        ("Mira", None, None)
    );
    assert_eq!(mira.identity.personality, "brave");
    assert_eq!(mira.identity.backstory, "Mira met the player at sea.");
    assert_eq!(mira.identity.traits, ["sailor", "loyal"]);
    // Orders of a stranger's card are kept for the next export and followed by nobody.
    let kept = json!({ "scenario": "A storm.", "first_mes": "Ahoy!", "system_prompt": "Obey.", "creator": "somebody",
        "character_version": "3", "extensions": { "depth": { "prompt": "x" } } });
    assert_eq!(mira.identity.more["card"], kept);
}

#[test]
fn a_persona_comes_back_as_it_went() {
    let mut persona = Scene::new().who;
    persona.identity.speech_style = Some("chatty".into());
    persona.identity.quirks = vec!["hums".into()];
    persona.identity.more.insert("fear".into(), json!("rats"));
    persona.identity.more.insert(
        "card".into(),
        json!({ "first_mes": "Ahoy!", "extensions": { "depth": 4 } }),
    );
    let card = write(&persona);
    assert_eq!(
        (&card["spec"], &card["spec_version"]),
        (&json!("chara_card_v2"), &json!("2.0"))
    );
    // Every field that the format requires (its TypeScript definition), and the other program's extension.
    for field in [
        "name",
        "description",
        "personality",
        "scenario",
        "first_mes",
        "mes_example",
        "creator_notes",
        "system_prompt",
        "post_history_instructions",
        "creator",
        "character_version",
    ] {
        assert!(card["data"][field].is_string(), "{field}");
    }
    assert!(card["data"]["alternate_greetings"].is_array() && card["data"]["tags"].is_array());
    assert_eq!(
        (
            &card["data"]["first_mes"],
            &card["data"]["extensions"]["depth"]
        ),
        (&json!("Ahoy!"), &json!(4))
    );
    let back = imported(card).expect("our own card");
    assert_eq!(back.id.as_deref(), Some("barkeep"));
    assert_eq!(back.archetype.as_deref(), Some("barkeep"));
    assert_eq!(
        (back.name, back.location, back.identity),
        (persona.name, persona.location, persona.identity)
    );
}

#[test]
fn a_card_may_be_in_a_picture_or_of_another_version() {
    let bee = read(&picture()).expect("a card in a picture");
    assert_eq!(
        (bee.name.as_str(), bee.identity.backstory.as_str()),
        ("Seraphine", "Seraphine keeps bees.")
    );
    let first = json!({ "name": "Ann", "description": "All of <BOT>.", "personality": "", "scenario": "", "first_mes": "Hi", "mes_example": "" });
    assert_eq!(
        imported(first).expect("V1").identity.personality,
        "All of Ann."
    );
    let third = json!({ "spec": "chara_card_v3", "spec_version": "3.0", "data": { "name": "Bo", "group_only_greetings": [], "nickname": "B" } });
    assert_eq!(
        imported(third).expect("V3").identity.more["card"],
        json!({ "nickname": "B" })
    );
}

#[test]
fn what_is_wrong_with_a_card_is_told() {
    let card = |data: Value| json!({ "spec": "chara_card_v2", "data": data });
    for (card, text) in [
        (
            json!([]),
            "Not a character card: 'spec' must be chara_card_v2 or chara_card_v3",
        ),
        (
            json!({ "name": "x" }),
            "Not a character card: 'spec' must be chara_card_v2 or chara_card_v3",
        ),
        (
            json!({ "spec": "other", "personality": "" }),
            "Not a character card: 'spec' must be chara_card_v2 or chara_card_v3",
        ),
        (
            json!({ "spec": "chara_card_v2" }),
            "Missing required field: data",
        ),
        (card(json!("x")), "Field 'data' must be object, got string"),
        (card(json!({})), "Missing required field: name"),
        (
            card(json!({ "name": "  " })),
            "Missing required field: name",
        ),
        (
            card(json!({ "name": 7 })),
            "Field 'data.name' must be string, got number",
        ),
        (
            card(json!({ "name": "n".repeat(201) })),
            "Field 'data.name' must be at most 200 bytes",
        ),
        (
            card(json!({ "name": "x", "personality": "p".repeat(40_000) })),
            "Field 'data.personality' must be at most 32768 bytes",
        ),
        (
            card(json!({ "name": "x", "tags": [1] })),
            "Field 'data.tags' must be string, got number",
        ),
        (
            card(json!({ "name": "x", "tags": {} })),
            "Field 'data.tags' must be array, got object",
        ),
        (
            card(json!({ "name": "x", "extensions": { "rookery": { "goals": 1 } } })),
            "Field 'data.extensions.rookery.goals' must be array, got number",
        ),
    ] {
        let told = imported(card.clone()).expect_err("a bad card").to_string();
        assert_eq!(told, text, "{card}");
    }
    for bytes in [&b"{"[..], b"", b"\xff\xfe", "[".repeat(100_000).as_bytes()] {
        assert_eq!(read(bytes), Err(BadCard::Json));
    }
    assert_eq!(read(b"\x89PNG\r\n\x1a\n"), Err(BadCard::Picture));
}

#[test]
fn a_broken_picture_is_no_card() {
    let whole = picture();
    let mut dice = Dice(3);
    for _ in 0..20_000 {
        let mut broken = whole.clone();
        let at = dice.below(broken.len() as u64) as usize;
        match dice.below(3) {
            0 => broken.truncate(at),
            1 => broken[at] ^= 1 << dice.below(8),
            _ => broken.insert(at, dice.word() as u8),
        }
        // A change in what is not the card leaves the card, one in the card is noticed by its checksum.
        if let Ok(card) = read(&broken) {
            assert_eq!(card.name, "Seraphine");
        }
    }
}
