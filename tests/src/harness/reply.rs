//! An answer with everything that a test may want to look at.

use reqwest::header::HeaderMap;
use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Reply {
    /// Method and path, for the message of a test that fails.
    pub call: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {error} in {}", self.call, self.text()))
    }

    /// The body, if the status is this one.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.call, self.text());
        self.json()
    }

    /// Asserts a refusal in the envelope `{"detail": text}`, and nothing beside it.
    #[track_caller]
    pub fn refused(&self, status: u16, text: &str) {
        assert_eq!(
            self.expect(status),
            serde_json::json!({ "detail": text }),
            "{}",
            self.call
        );
    }

    /// Asserts a refusal in the envelope `{"error": code, "message": text}`; a conflict may bring more.
    #[track_caller]
    pub fn refused_as(&self, status: u16, code: &str) {
        let body = self.expect(status);
        assert_eq!(body["error"], code, "{}: {body}", self.call);
        let message = body["message"].as_str();
        assert!(
            message.is_some_and(|text| !text.is_empty()),
            "{}: {body}",
            self.call
        );
    }

    /// The text of a refusal in the envelope `{"detail": text}`.
    #[track_caller]
    pub fn detail(&self, status: u16) -> String {
        let body = self.expect(status);
        match body["detail"].as_str() {
            Some(text) => text.to_owned(),
            None => panic!("{}: detail is no text in {body}", self.call),
        }
    }
}
