//! A JSON body taken at its word: the framework reads numbers and truth values as text where text is wanted; here they are faults.

use std::ops::Deref;

use poem::{Request, RequestBody, Result};
use poem_openapi::error::ParseRequestPayloadError;
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaMediaType, MetaRequest, Registry};
use poem_openapi::types::{ParseFromJSON, ToJSON};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::Value;

/// The body.
pub struct Strict<T>(pub T);

impl<T> Deref for Strict<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'a, T: ParseFromJSON + ToJSON> ApiExtractor<'a> for Strict<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(json_body::<T>())
    }

    async fn from_request(
        _: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        let bytes = body.take()?.into_bytes().await?;
        parse(&bytes).map(Self)
    }
}

/// How the document describes a JSON body that has to be there.
pub fn json_body<T: ParseFromJSON>() -> MetaRequest {
    let content = MetaMediaType {
        content_type: Json::<T>::CONTENT_TYPE,
        schema: T::schema_ref(),
    };
    MetaRequest {
        description: None,
        content: vec![content],
        required: true,
    }
}

/// The edge words what is wrong: it looks for the field in the document.
pub fn parse<T: ParseFromJSON + ToJSON>(bytes: &[u8]) -> Result<T> {
    let refuse = |reason: String| ParseRequestPayloadError { reason };
    if bytes.is_empty() {
        return Err(refuse("there is none".to_owned()).into());
    }
    let said: Value = serde_json::from_slice(bytes).map_err(|error| refuse(error.to_string()))?;
    let read = T::parse_from_json(Some(said.clone()));
    let read = read.map_err(|error| refuse(error.into_message()))?;
    match read.to_json().is_some_and(|read| differs(&said, &read)) {
        true => Err(refuse("a value was taken for text".to_owned()).into()),
        false => Ok(read),
    }
}

/// Whether something that was no text was read as one.
fn differs(said: &Value, read: &Value) -> bool {
    match (said, read) {
        (Value::Number(_) | Value::Bool(_), Value::String(_)) => true,
        (Value::Object(said), Value::Object(read)) => said
            .iter()
            .any(|(name, said)| read.get(name).is_some_and(|read| differs(said, read))),
        (Value::Array(said), Value::Array(read)) => {
            let pairs = said.iter().zip(read);
            said.len() == read.len() && pairs.into_iter().any(|(said, read)| differs(said, read))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use poem_openapi::Object;
    use serde_json::json;

    #[derive(Object)]
    struct Words {
        text: String,
        #[oai(default)]
        more: Vec<String>,
        free: Option<Value>,
    }

    #[test]
    fn what_is_no_text_is_not_read_as_one() {
        for (body, fits) in [
            (json!({ "text": "5" }), true),
            (json!({ "text": 5 }), false),
            (json!({ "text": true }), false),
            (json!({ "text": "a", "more": ["b", 1] }), false),
            (
                json!({ "text": "a", "more": ["b"], "free": { "text": 5 } }),
                true,
            ),
        ] {
            let read = parse::<Words>(body.to_string().as_bytes());
            assert_eq!(read.is_ok(), fits, "{body}");
        }
    }
}
