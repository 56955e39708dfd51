//! `/api/characters/{id}/routine`: planning a day, and what it is time for.

use reqwest::Method;
use serde_json::{Value, json};

use super::cast::{invalid, missing, pass, tavern};

const PATH: &str = "/api/characters/barkeep/routine";

/// 240 ticks a day: ten an hour.
fn day() -> Value {
    json!({ "dayFastTicks": 240, "phases": [
        { "fromHour": 6.0, "activity": "tidy up", "location": "cellar", "tools": ["tidy_up"] },
        { "fromHour": 17.5, "activity": "serve guests", "location": "tavern", "tools": [] },
    ] })
}

#[tokio::test]
async fn a_day_is_planned_and_says_what_it_is_time_for() {
    let app = tavern().await;
    let free = json!({ "characterId": "barkeep", "routine": null, "phase": null, "day": null, "hour": null });
    assert_eq!(app.get(PATH).await.expect(200), free);
    let planned = app.call(Method::PUT, PATH).json(&day()).await.expect(200);
    assert_eq!(planned["routine"], day());
    // At midnight it is still time for what began last.
    assert_eq!(
        (&planned["day"], &planned["hour"]),
        (&json!(0), &json!(0.0))
    );
    assert_eq!(planned["phase"]["activity"], "serve guests");
    pass(&app, 240 + 65, 0).await;
    let morning = app.get(PATH).await.expect(200);
    assert_eq!(
        (&morning["day"], &morning["hour"]),
        (&json!(1), &json!(6.5))
    );
    assert_eq!(morning["phase"]["location"], "cellar");
    assert_eq!(app.delete(PATH).await.expect(200), free);
}

#[tokio::test]
async fn what_is_no_day_is_refused() {
    let app = tavern().await;
    let put = |body: Value| app.call(Method::PUT, PATH).json(&body).send();
    let with = |phase: Value| put(json!({ "dayFastTicks": 10, "phases": [phase] }));
    invalid(
        &put(json!({})).await,
        "Missing required field: dayFastTicks",
    );
    invalid(
        &put(json!({ "dayFastTicks": 10 })).await,
        "Missing required field: phases",
    );
    invalid(
        &put(json!({ "dayFastTicks": "long", "phases": [] })).await,
        "Field 'dayFastTicks' must be number, got string",
    );
    invalid(
        &with(json!({ "fromHour": 1 })).await,
        "Missing required field: phases.0.activity",
    );
    invalid(
        &with(json!({ "fromHour": 24, "activity": "rest" })).await,
        "fromHour must be at least 0 and less than 24, and later than the phase before",
    );
    invalid(
        &with(json!({ "fromHour": 1, "activity": "" })).await,
        "Field 'phases.0.activity' must not be empty",
    );
    for odd in [json!(0), json!(-5), json!(1e18)] {
        let reply =
            put(json!({ "dayFastTicks": odd, "phases": [{ "fromHour": 1, "activity": "rest" }] }));
        assert_eq!(reply.await.status, 400);
    }
    let nobody = app
        .call(Method::PUT, "/api/characters/nobody/routine")
        .json(&day())
        .await;
    missing(&nobody, "Character not found: nobody");
    assert_eq!(app.get(PATH).await.expect(200)["routine"], json!(null));
}
