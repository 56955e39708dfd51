//! Who is asking: API keys for the open areas once they are set, account tokens for the others.

mod keys;
mod tokens;

use poem::Request;
use poem::http::{StatusCode, header};
use uuid::Uuid;

use crate::areas::{Credential, credential};
use crate::config::Config;
use crate::errors::Problem;
use keys::ApiKeys;
pub use keys::KeyName;
pub use tokens::{TokenError, Tokens};

/// Whom a request comes from, as far as the edge can tell. Handlers find it among the request's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody in particular.
    Anonymous,
    /// The holder of one of `ROOKERY_API_KEYS`.
    Key(KeyName),
    /// The account that a token names.
    Account(Uuid),
}

/// Lets in who shows what the path's area asks for.
pub struct Gate {
    keys: ApiKeys,
    tokens: Option<Tokens>,
}

impl Gate {
    pub fn new(config: &Config) -> Self {
        Self {
            keys: ApiKeys::new(&config.api_keys),
            tokens: config.jwt_secret.as_deref().map(Tokens::new),
        }
    }

    pub fn admit(&self, request: &Request) -> Result<Caller, Problem> {
        match credential(request.uri().path()) {
            Credential::None | Credential::Own => Ok(Caller::Anonymous),
            Credential::ApiKey if self.keys.is_empty() => Ok(Caller::Anonymous),
            Credential::ApiKey => {
                let shown = request.header("x-api-key").or_else(|| bearer(request));
                let name = shown.and_then(|key| self.keys.find(key));
                name.map(Caller::Key)
                    .ok_or_else(|| unauthorized(API_KEY_REQUIRED))
            }
            Credential::Account => {
                let token = bearer(request).ok_or_else(|| unauthorized(TOKEN_REQUIRED))?;
                let tokens = self
                    .tokens
                    .as_ref()
                    .ok_or_else(|| unauthorized("This server has no token secret"))?;
                match tokens.verify(token) {
                    Ok(account) => Ok(Caller::Account(account)),
                    Err(TokenError::Expired) => Err(unauthorized("The token has expired")),
                    Err(_) => Err(unauthorized("The token is not valid")),
                }
            }
        }
    }
}

pub const API_KEY_REQUIRED: &str = "A valid API key is required";
pub const TOKEN_REQUIRED: &str = "A Bearer token is required";

fn unauthorized(text: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, text)
}

/// The scheme's name is case-insensitive (RFC 9110, 11.1).
fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.header(header::AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
