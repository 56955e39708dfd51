//! `/docs`, `/openapi.json` and `/`: the API's description of itself, without a network.

use crate::harness::{TestApp, document};

#[tokio::test]
async fn the_document_is_served_as_it_is_made() {
    let app = TestApp::start().await;
    let reply = app.get("/openapi.json").await;
    assert_eq!(&reply.expect(200), document());
}

#[tokio::test]
async fn the_page_asks_nothing_of_other_hosts() {
    let app = TestApp::start().await;
    let reply = app.get("/docs").await;
    assert_eq!(reply.status, 200);
    assert!(
        reply
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
    );
    let page = reply.text();
    // Whatever a browser would fetch by itself; links that a reader may follow are something else.
    for attribute in [
        "src=\"http",
        "src='http",
        "src=\"//",
        "@import",
        "url(http",
        "url(//",
    ] {
        assert!(!page.contains(attribute), "{attribute}");
    }
    for tag in page.split("<link").skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        assert!(
            !tag.contains("href=\"http") && !tag.contains("href=\"//"),
            "{tag}"
        );
    }
    let policy = reply
        .header("content-security-policy")
        .expect("the page has a policy");
    for directive in policy.split(';') {
        assert!(!directive.contains("http"), "{directive}");
    }
}

#[tokio::test]
async fn the_root_leads_to_the_documentation() {
    let app = TestApp::start().await;
    let reply = app.get("/").await;
    assert_eq!(reply.status, 307);
    assert_eq!(reply.header("location"), Some("/docs"));
}
