//! A request under construction; awaiting it sends it.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use tokio::time::timeout;

use super::reply::Reply;
use super::{PATIENCE, conformance};

#[must_use = "a call is sent by awaiting it"]
pub struct Call {
    method: Method,
    path: String,
    request: RequestBuilder,
}

impl Call {
    pub(super) fn new(method: Method, path: &str, request: RequestBuilder) -> Self {
        Self {
            method,
            path: path.to_owned(),
            request,
        }
    }

    pub fn header(self, name: &str, value: &str) -> Self {
        self.map(|request| request.header(name, value))
    }

    /// Encodes the values, unlike a query in the path.
    pub fn query(self, pairs: &[(&str, &str)]) -> Self {
        self.map(|request| request.query(pairs))
    }

    pub fn json(self, body: &Value) -> Self {
        self.map(|request| request.json(body))
    }

    pub fn body(self, body: impl Into<reqwest::Body>) -> Self {
        self.map(|request| request.body(body))
    }

    /// A form with one file in its field `file`.
    pub fn file(self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        let part = Part::bytes(content.into()).file_name(name.to_owned());
        self.form(Form::new().part("file", part))
    }

    pub fn form(self, form: Form) -> Self {
        self.map(|request| request.multipart(form))
    }

    fn map(self, change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Self {
        Self {
            request: change(self.request),
            ..self
        }
    }

    /// Every answer of every test is held against the document.
    pub async fn send(self) -> Reply {
        let answer = async {
            let response = self.request.send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let body = response.bytes().await?;
            Ok::<_, reqwest::Error>(Reply {
                call: format!("{} {}", self.method, self.path),
                status,
                headers,
                body: body.to_vec(),
            })
        };
        let reply = match timeout(PATIENCE, answer).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(error)) => panic!("{} {}: {error:?}", self.method, self.path),
            Err(_) => panic!("{} {}: no answer", self.method, self.path),
        };
        conformance::check(&self.method, &self.path, &reply);
        reply
    }
}

impl IntoFuture for Call {
    type Output = Reply;
    type IntoFuture = Pin<Box<dyn Future<Output = Reply> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
