//! What every account token must say, whoever signed it, and why one opens nothing.

use clap::Args;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use thiserror::Error;
use uuid::Uuid;

/// For whom tokens are, and by whom.
#[derive(Args, Clone, Debug)]
pub struct TokenTerms {
    /// Whom account tokens are for (`aud`): one made for another service does not open this one.
    #[arg(long, env = "ROOKERY_JWT_AUDIENCE", default_value = AUDIENCE)]
    pub jwt_audience: String,

    /// Who alone may issue account tokens (`iss`). Unset: whoever holds a key.
    #[arg(long, env = "ROOKERY_JWT_ISSUER")]
    pub jwt_issuer: Option<String>,
}

const AUDIENCE: &str = "rookery";

/// How far the clocks of issuer and server may differ, in seconds. Machines that ask a time server differ by milliseconds.
pub const LEEWAY_S: u64 = 5;

/// Longer than any identity provider makes them.
const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// Why a token opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    #[error("The token has expired")]
    Expired,
    #[error("The token is not valid")]
    Invalid,
    #[error("The token's subject is not an account id (a UUID)")]
    Subject,
    /// Nothing against the token: what it is signed with could not be looked up yet.
    #[error("The keys that tokens are signed with cannot be fetched")]
    KeysAway,
}

/// What a valid token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    pub account: Uuid,
    /// Seconds since 1970.
    pub expires_at: u64,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: f64,
}

impl Default for TokenTerms {
    fn default() -> Self {
        Self {
            jwt_audience: AUDIENCE.to_owned(),
            jwt_issuer: None,
        }
    }
}

/// The algorithm is the key's, never the token's: `none` and public keys taken for secrets end here.
pub fn validation(algorithm: Algorithm, terms: &TokenTerms) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.set_audience(&[&terms.jwt_audience]);
    let mut required = vec!["exp", "aud", "sub"];
    if let Some(issuer) = &terms.jwt_issuer {
        validation.set_issuer(&[issuer]);
        required.push("iss");
    }
    validation.set_required_spec_claims(&required);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY_S;
    validation
}

/// Signature, time, audience, issuer and subject.
pub fn verify(
    token: &str,
    key: &DecodingKey,
    validation: &Validation,
) -> Result<Verified, TokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::Invalid);
    }
    let token = decode::<Claims>(token, key, validation).map_err(refusal)?;
    if token.header.crit.is_some() {
        return Err(TokenError::Invalid);
    }
    Ok(Verified {
        account: token.claims.sub.parse().map_err(|_| TokenError::Subject)?,
        expires_at: token.claims.exp as u64,
    })
}

/// The header of a token that is not too long to be looked at.
pub fn header(token: &str) -> Result<jsonwebtoken::Header, TokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::Invalid);
    }
    jsonwebtoken::decode_header(token).map_err(refusal)
}

fn refusal(error: Error) -> TokenError {
    match error.kind() {
        ErrorKind::ExpiredSignature => TokenError::Expired,
        _ => TokenError::Invalid,
    }
}
