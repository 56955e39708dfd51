//! Who is asking: API keys for the open areas once they are set, account tokens for the others.

mod accounts;
mod claims;
mod key_set;
mod keys;
mod remote_keys;
mod seen;
mod tokens;

use poem::Request;
use poem::http::{StatusCode, header};
use uuid::Uuid;

use crate::areas::{Credential, credential, takes_token_in_query};
use crate::config::Config;
use crate::errors::Problem;
use accounts::Accounts;
pub use claims::{TokenError, TokenTerms};
use keys::ApiKeys;
pub use keys::KeyName;
pub use tokens::Tokens;

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
    accounts: Accounts,
}

impl Gate {
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        Ok(Self {
            keys: ApiKeys::new(&config.api_keys),
            accounts: Accounts::new(config)?,
        })
    }

    pub async fn admit(&self, request: &Request) -> Result<Caller, Problem> {
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
                let token = shown_token(request).ok_or_else(|| unauthorized(TOKEN_REQUIRED))?;
                if self.accounts.is_closed() {
                    return Err(unauthorized("This server has no token secret"));
                }
                let account = self.accounts.verify(token).await.map_err(refusal)?;
                Ok(Caller::Account(account))
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

/// Keys that cannot be fetched are no fault of the token's: its holder may come again.
fn refusal(error: TokenError) -> Problem {
    match error {
        TokenError::KeysAway => Problem::unavailable(error),
        _ => unauthorized(&error.to_string()),
    }
}

/// In the header; or, where a browser opens a stream and cannot set headers, in the query (RFC 6750, 2.3).
fn shown_token(request: &Request) -> Option<&str> {
    if request.headers().contains_key(header::AUTHORIZATION) {
        return bearer(request);
    }
    if !takes_token_in_query(request.uri().path()) {
        return None;
    }
    // A JWT has no character that a query would have to escape.
    let mut pairs = request.uri().query()?.split('&');
    pairs.find_map(|pair| pair.strip_prefix("access_token="))
}
