//! A JSON body that may be missing altogether: many clients send a POST without one, and then without a `Content-Type`.

use poem::{Request, RequestBody, Result};
use poem_openapi::registry::{MetaRequest, Registry};
use poem_openapi::types::{ParseFromJSON, ToJSON};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use crate::strict;

/// The body, or what its type is by default.
pub struct OptionalBody<T>(pub T);

impl<'a, T: ParseFromJSON + ToJSON + Default> ApiExtractor<'a> for OptionalBody<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(MetaRequest {
            required: false,
            ..strict::json_body::<T>()
        })
    }

    async fn from_request(
        _: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        let Ok(body) = body.take() else {
            return Ok(Self(T::default()));
        };
        let bytes = body.into_bytes().await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        // What is there must be JSON, however it is labelled: curl calls every body a form.
        strict::parse(&bytes).map(Self)
    }
}
