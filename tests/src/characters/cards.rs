//! Character cards: in and out, as JSON and out of a picture.

use serde_json::{Value, json};

use crate::harness::TestApp;

/// Written by Pillow 13.0.0: a grey pixel, a comment, and the card of a beekeeper, a druid.
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
    let bytes = pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal"));
    bytes.collect()
}

fn card(data: &Value) -> Value {
    json!({ "spec": "chara_card_v2", "spec_version": "2.0", "data": data })
}

#[tokio::test]
async fn a_character_goes_out_and_comes_in_again() {
    let app = TestApp::start().await;
    let identity = json!({ "personality": "Warm.", "backstory": "Born here.", "goals": ["Keep the tavern"], "traits": ["kind"],
        "speechStyle": "chatty", "quirks": ["hums"] });
    let body = json!({ "id": "greta", "name": "Greta", "archetype": "barkeep", "identity": identity, "location": "tavern" });
    app.post("/api/characters").json(&body).await.expect(201);
    let out = app.get("/api/characters/greta/card").await.expect(200);
    assert_eq!(
        (&out["spec"], &out["data"]["name"]),
        (&json!("chara_card_v2"), &json!("Greta"))
    );

    let again = app
        .post("/api/characters/card")
        .json(&out)
        .await
        .expect(400);
    assert_eq!(again["error"], "Character already exists: greta");
    let path = "/api/characters/card?id=twin&initialCloseness=30";
    let twin = app.post(path).json(&out).await.expect(201);
    let twin = &twin["character"];
    assert_eq!(
        (&twin["id"], &twin["archetype"], &twin["location"]),
        (&json!("twin"), &json!("barkeep"), &json!("tavern"))
    );
    assert_eq!(
        (&twin["identity"], &twin["activityTier"]),
        (&identity, &json!("background"))
    );
    let missing = app.get("/api/characters/nobody/card").await.expect(404);
    assert_eq!(missing["error"], "Character not found: nobody");
}

#[tokio::test]
async fn a_card_from_elsewhere_finds_its_place() {
    let app = TestApp::start().await;
    let call = app
        .post("/api/characters/card")
        .header("content-type", "image/png");
    let bee = call.body(picture()).await.expect(201);
    let bee = &bee["character"];
    assert_eq!(
        (&bee["id"], &bee["archetype"]),
        (&json!("seraphine"), &json!("druid"))
    );
    assert_eq!(bee["identity"]["backstory"], "Seraphine keeps bees.");

    let data = json!({ "name": "Old Tom", "description": "{{char}} knows {{user}}.", "first_mes": "Ahoy!", "tags": ["pirate-ish"], "creator": "x" });
    let tom = app
        .post("/api/characters/card")
        .json(&card(&data))
        .await
        .expect(201);
    let tom = &tom["character"];
    assert_eq!(
        (&tom["id"], &tom["archetype"]),
        (&json!("old_tom"), &json!("npc"))
    );
    assert_eq!(tom["identity"]["personality"], "Old Tom knows the player.");
    let out = app.get("/api/characters/old_tom/card").await.expect(200);
    assert_eq!(
        (&out["data"]["first_mes"], &out["data"]["creator"]),
        (&json!("Ahoy!"), &json!("x"))
    );
}

#[tokio::test]
async fn what_is_no_card_changes_nothing() {
    let app = TestApp::start().await;
    let spec = "Not a character card: 'spec' must be chara_card_v2 or chara_card_v3";
    for (body, text) in [
        (json!({}), spec),
        (json!([1]), spec),
        (card(&json!({})), "Missing required field: name"),
        (
            card(&json!({ "name": 7 })),
            "Field 'data.name' must be string, got number",
        ),
        (
            card(&json!({ "name": "x", "personality": "p".repeat(40_000) })),
            "Field 'data.personality' must be at most 32768 bytes",
        ),
    ] {
        let refused = app
            .post("/api/characters/card")
            .json(&body)
            .await
            .expect(400);
        assert_eq!(
            (&refused["error"], &refused["code"]),
            (&json!(text), &json!("VALIDATION_ERROR"))
        );
    }
    let path = "/api/characters/card?archetype=dragon";
    let refused = app
        .post(path)
        .json(&card(&json!({ "name": "x" })))
        .await
        .expect(400);
    assert_eq!(refused["error"], "Unknown archetype: dragon");
    let nul = card(&json!({ "name": "x", "creator": "\u{0}" }));
    app.post("/api/characters/card")
        .json(&nul)
        .await
        .expect(400);
    let mut broken = picture();
    broken.truncate(120);
    let call = app
        .post("/api/characters/card")
        .header("content-type", "image/png");
    let refused = call.body(broken).await.expect(400);
    assert_eq!(refused["error"], "The picture holds no character card");
    let all = app.get("/api/characters").await.expect(200);
    assert_eq!(all["characters"], json!([]));
}
