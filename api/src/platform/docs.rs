//! `/docs` and `/openapi.json`: the API's description of itself, from the binary, without a network.

use std::sync::OnceLock;

use poem::http::header;
use poem::{IntoResponse, Response};
use poem_openapi::OpenApi;

use crate::spec;

/// Made at the first request: the page is 1.5 MB, which most processes never serve.
#[derive(Default)]
pub struct Docs {
    page: OnceLock<spec::Page>,
    document: OnceLock<String>,
}

#[OpenApi]
impl Docs {
    /// The documentation as a page
    #[oai(path = "/docs", method = "get", hidden)]
    async fn docs(&self) -> Response {
        let page = self.page.get_or_init(spec::Page::new);
        Response::builder()
            .content_type("text/html; charset=utf-8")
            .header(header::CONTENT_SECURITY_POLICY, page.policy.clone())
            .body(page.html.clone())
    }

    /// The document itself
    #[oai(path = "/openapi.json", method = "get", hidden)]
    async fn openapi(&self) -> Response {
        let document = self.document.get_or_init(|| spec::spec().to_string());
        Response::builder()
            .content_type("application/json")
            .body(document.clone())
    }

    /// There is no start page yet
    #[oai(path = "/", method = "get", hidden)]
    async fn index(&self) -> Response {
        poem::web::Redirect::temporary("/docs").into_response()
    }
}
