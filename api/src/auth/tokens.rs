//! Account tokens: JWTs signed with HS256, minted for a machine's owner and verified at the edge.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, get_current_timestamp,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// Whom our tokens are for: one made for another service does not open this one.
const AUDIENCE: &str = "rookery";

/// How far the clocks of issuer and server may differ, in seconds.
const LEEWAY_S: u64 = 30;

/// One shared secret, both ways.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: Uuid,
    aud: String,
    iat: u64,
    exp: u64,
}

/// Why a token opens nothing.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid")]
    Invalid,
}

impl Tokens {
    pub fn new(secret: &str) -> Self {
        // The algorithm is ours to choose, never the token's: `none` and public-key tricks end here.
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "aud", "sub"]);
        validation.leeway = LEEWAY_S;
        Self {
            encoding: EncodingKey::from_secret(secret.as_bytes()),
            decoding: DecodingKey::from_secret(secret.as_bytes()),
            validation,
        }
    }

    /// A token for the account; a negative lifetime makes one that has expired already, for trying that out.
    pub fn mint(&self, account: Uuid, ttl_s: i64) -> Result<String, jsonwebtoken::errors::Error> {
        let now = get_current_timestamp();
        let claims = Claims {
            sub: account,
            aud: AUDIENCE.to_owned(),
            iat: now,
            exp: now.saturating_add_signed(ttl_s),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
    }

    /// The account that a valid token names.
    pub fn verify(&self, token: &str) -> Result<Uuid, TokenError> {
        match decode::<Claims>(token, &self.decoding, &self.validation) {
            Ok(token) => Ok(token.claims.sub),
            Err(error) if matches!(error.kind(), ErrorKind::ExpiredSignature) => {
                Err(TokenError::Expired)
            }
            Err(_) => Err(TokenError::Invalid),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "a secret of thirty-two bytes or more";

    #[test]
    fn a_token_names_its_account() {
        let tokens = Tokens::new(SECRET);
        let account = Uuid::from_u128(7);
        let token = tokens.mint(account, 60).expect("a token can be made");
        assert_eq!(tokens.verify(&token), Ok(account));
    }

    #[test]
    fn time_is_forgiving_for_half_a_minute() {
        let tokens = Tokens::new(SECRET);
        let verify = |ttl_s| {
            tokens.verify(
                &tokens
                    .mint(Uuid::from_u128(7), ttl_s)
                    .expect("a token can be made"),
            )
        };
        assert!(verify(-20).is_ok());
        assert_eq!(verify(-60), Err(TokenError::Expired));
    }

    #[test]
    fn another_secret_another_audience_and_no_signature_open_nothing() {
        let tokens = Tokens::new(SECRET);
        let foreign =
            Tokens::new("another secret of thirty-two bytes...").mint(Uuid::from_u128(7), 60);
        assert_eq!(
            tokens.verify(&foreign.expect("a token can be made")),
            Err(TokenError::Invalid)
        );
        let claims = Claims {
            sub: Uuid::from_u128(7),
            aud: "elsewhere".to_owned(),
            iat: 0,
            exp: u64::MAX / 2,
        };
        let elsewhere = encode(&Header::new(Algorithm::HS256), &claims, &tokens.encoding);
        assert_eq!(
            tokens.verify(&elsewhere.expect("a token can be made")),
            Err(TokenError::Invalid)
        );
        let longer = encode(&Header::new(Algorithm::HS512), &claims, &tokens.encoding);
        assert_eq!(
            tokens.verify(&longer.expect("a token can be made")),
            Err(TokenError::Invalid)
        );
        // {"alg":"none"}.{"sub":"00000000-0000-0000-0000-000000000007","aud":"rookery","exp":99999999999}.
        let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDciLCJhdWQiOiJyb29rZXJ5IiwiZXhwIjo5OTk5OTk5OTk5OX0.";
        assert_eq!(tokens.verify(unsigned), Err(TokenError::Invalid));
    }
}
