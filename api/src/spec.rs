//! The one function that makes the OpenAPI document: what poem-openapi emits, polished for generators and people.

mod operations;
mod page;
mod schemas;

use std::collections::HashMap;
use std::marker::PhantomData;

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem_openapi::registry::{MetaApi, Registry};
use poem_openapi::{LicenseObject, OpenApi, OpenApiService, ServerObject};
use serde_json::Value;

use crate::Areas;
pub use page::Page;

pub const TITLE: &str = "Rookery";
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

const DESCRIPTION: &str = "A self-hosted backend for games that machines play and study. Whatever takes longer than a request \
becomes a task: the answer names it, `GET /api/tasks/{task_id}` follows it.\n\n\
Errors leave in the envelope of their area, always with an `X-Request-Id`. Every POST that creates something accepts an \
`Idempotency-Key`.";

/// The document that is served at `/openapi.json`, shown at `/docs` and committed as `openapi/rookery.json`.
pub fn spec() -> Value {
    let mut document = raw();
    schemas::polish(&mut document);
    operations::polish(&mut document);
    document
}

/// As poem-openapi emits it.
fn raw() -> Value {
    serde_json::from_str(&raw_text()).expect("poem-openapi emits JSON")
}

fn raw_text() -> String {
    service().spec()
}

fn service() -> OpenApiService<Described<Areas>, ()> {
    OpenApiService::new(Described(PhantomData), TITLE, VERSION)
        .description(DESCRIPTION)
        .license(
            LicenseObject::new("GPL-3.0-or-later").url("https://www.gnu.org/licenses/gpl-3.0.html"),
        )
        .server(ServerObject::new("http://127.0.0.1:8000").description("As `./dev up` starts it"))
}

/// The operations' description without anything that could serve them: a document needs no database.
struct Described<T>(PhantomData<T>);

impl<T: OpenApi> OpenApi for Described<T> {
    fn meta() -> Vec<MetaApi> {
        T::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn add_routes(self, _: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {}
}
