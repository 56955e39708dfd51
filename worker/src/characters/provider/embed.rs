//! Vectors of texts, from a provider that makes them.

use rookery_characters::inference::{Purpose, Usage, estimated_tokens};
use serde_json::{Value, json};

use super::call;
use super::failure::Failure;
use super::format::count;
use super::link::{Charge, Link, Time};
use super::{About, ModelError};

/// A thousand texts of 3,072 numbers, as text.
const MOST_BYTES: usize = 64 * 1024 * 1024;

impl Link {
    /// One vector for each text, in their order.
    pub(super) async fn embed(
        &self,
        model: &str,
        texts: &[String],
        time: Time,
    ) -> Result<Vec<Vec<f32>>, ModelError> {
        let charge = Charge {
            model,
            tier: "embedding",
            purpose: Purpose::Keeping,
            prompt_tokens: texts.iter().map(|text| estimated_tokens(text)).sum(),
            completion_tokens: 0,
        };
        let post = self.post(self.url("embeddings")?);
        let post =
            post.json(&json!({ "model": model, "input": texts, "encoding_format": "float" }));
        let nobody = About::default();
        let made = self.metered(&charge, &nobody, time, async {
            let body = call::whole(call::send(post).await?, MOST_BYTES).await?;
            read(&body, texts.len())
        });
        made.await?.map_err(|failure| {
            tracing::warn!(provider = self.name, ?failure, "no vectors were made");
            failure.for_clients(time.patience)
        })
    }
}

fn read(body: &[u8], wanted: usize) -> Result<(Vec<Vec<f32>>, Usage), Failure> {
    let body: Value = serde_json::from_slice(body)
        .map_err(|error| Failure::malformed(format!("no JSON: {error}")))?;
    let mut vectors = vec![Vec::new(); wanted];
    for (place, item) in body["data"].as_array().into_iter().flatten().enumerate() {
        let index = item["index"]
            .as_u64()
            .and_then(|index| usize::try_from(index).ok());
        let slot = vectors.get_mut(index.unwrap_or(place));
        let numbers = item["embedding"].as_array();
        let (Some(slot), Some(numbers)) = (slot, numbers) else {
            return Err(Failure::malformed("vectors that nobody asked for"));
        };
        *slot = numbers
            .iter()
            .filter_map(|number| number.as_f64().map(|n| n as f32))
            .collect();
    }
    let dimensions = vectors.first().map_or(0, Vec::len);
    let fit = vectors
        .iter()
        .all(|vector| vector.len() == dimensions && dimensions > 0);
    if !fit && wanted > 0 {
        return Err(Failure::malformed(
            "vectors are missing or differ in length",
        ));
    }
    let usage = Usage {
        prompt_tokens: count(&body["usage"]["prompt_tokens"]),
        ..Usage::default()
    };
    Ok((vectors, usage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_in_the_order_of_their_texts() {
        let body = br#"{"data":[{"index":1,"embedding":[0.5,-1]},{"index":0,"embedding":[1,0]}],"usage":{"prompt_tokens":9}}"#;
        let (vectors, usage) = read(body, 2).expect("two vectors");
        assert_eq!(vectors, [[1.0, 0.0], [0.5, -1.0]]);
        assert_eq!(usage.prompt_tokens, 9);
    }

    #[test]
    fn a_vector_too_few_or_too_many_is_none() {
        let body = br#"{"data":[{"index":0,"embedding":[1,0]}]}"#;
        assert!(read(body, 2).is_err());
        assert!(read(body, 0).is_err());
        let uneven = br#"{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":[1]}]}"#;
        assert!(read(uneven, 2).is_err());
        assert!(read(b"[]", 1).is_err());
    }
}
