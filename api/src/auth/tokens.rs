//! Account tokens signed with this server's own secret (HS256): minted for the machine's owner, verified at the edge.

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, encode, get_current_timestamp,
};
use serde::Serialize;
use uuid::Uuid;

use super::claims::{self, LEEWAY_S, TokenError, TokenTerms};

/// One shared secret, both ways.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    terms: TokenTerms,
}

#[derive(Serialize)]
struct Minted<'a> {
    sub: Uuid,
    aud: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'a str>,
    iat: u64,
    exp: u64,
}

impl Tokens {
    /// Under the usual terms.
    pub fn new(secret: &str) -> Self {
        Self::under(secret, TokenTerms::default())
    }

    pub fn under(secret: &str, terms: TokenTerms) -> Self {
        Self {
            encoding: EncodingKey::from_secret(secret.as_bytes()),
            decoding: DecodingKey::from_secret(secret.as_bytes()),
            validation: claims::validation(Algorithm::HS256, &terms),
            terms,
        }
    }

    /// A token for the account; a negative lifetime makes one that has expired already, for trying that out.
    pub fn mint(&self, account: Uuid, ttl_s: i64) -> Result<String, jsonwebtoken::errors::Error> {
        let now = get_current_timestamp();
        // Further back than clocks are forgiven, or one of -1 s would still open the door.
        let born = if ttl_s < 0 { now - LEEWAY_S } else { now };
        let minted = Minted {
            sub: account,
            aud: &self.terms.jwt_audience,
            iss: self.terms.jwt_issuer.as_deref(),
            iat: born.saturating_add_signed(ttl_s.min(0)),
            exp: born.saturating_add_signed(ttl_s),
        };
        encode(&Header::new(Algorithm::HS256), &minted, &self.encoding)
    }

    /// The account that a valid token names.
    pub fn verify(&self, token: &str) -> Result<Uuid, TokenError> {
        let verified = claims::verify(token, &self.decoding, &self.validation)?;
        Ok(verified.account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const SECRET: &str = "a secret of thirty-two bytes or more";
    const ACCOUNT: &str = "00000000-0000-0000-0000-000000000007";

    /// Signed with the right secret, whatever it says.
    fn signed(algorithm: Algorithm, claims: &Value) -> String {
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        encode(&Header::new(algorithm), claims, &key).expect("a token can be made")
    }

    #[test]
    fn a_token_names_its_account() {
        let tokens = Tokens::new(SECRET);
        let account = Uuid::from_u128(7);
        let token = tokens.mint(account, 60).expect("a token can be made");
        assert_eq!(tokens.verify(&token), Ok(account));
    }

    #[test]
    fn a_negative_lifetime_is_over_at_once() {
        let tokens = Tokens::new(SECRET);
        for ttl_s in [-1, -60, i64::MIN] {
            let token = tokens.mint(Uuid::from_u128(7), ttl_s);
            let token = token.expect("a token can be made");
            assert_eq!(tokens.verify(&token), Err(TokenError::Expired), "{ttl_s}");
        }
    }

    #[test]
    fn clocks_may_differ_by_a_few_seconds() {
        let now = get_current_timestamp();
        let verify = |name: &str, at: u64| {
            let mut claims = json!({ "sub": ACCOUNT, "aud": "rookery", "exp": now + 60 });
            claims[name] = json!(at);
            Tokens::new(SECRET).verify(&signed(Algorithm::HS256, &claims))
        };
        assert!(verify("exp", now - 2).is_ok());
        assert_eq!(verify("exp", now - 60), Err(TokenError::Expired));
        assert!(verify("nbf", now + 2).is_ok());
        assert_eq!(verify("nbf", now + 60), Err(TokenError::Invalid));
    }

    #[test]
    fn only_what_is_meant_for_us_is_let_in() {
        let tokens = Tokens::new(SECRET);
        let later = get_current_timestamp() + 60;
        let verify = |claims: Value| tokens.verify(&signed(Algorithm::HS256, &claims));
        for (claims, expected) in [
            (
                json!({ "sub": ACCOUNT, "aud": "rookery", "exp": later }),
                Ok(Uuid::from_u128(7)),
            ),
            (
                json!({ "sub": ACCOUNT, "aud": ["elsewhere", "rookery"], "exp": later }),
                Ok(Uuid::from_u128(7)),
            ),
            (
                json!({ "sub": ACCOUNT, "aud": "elsewhere", "exp": later }),
                Err(TokenError::Invalid),
            ),
            (
                json!({ "sub": ACCOUNT, "exp": later }),
                Err(TokenError::Invalid),
            ),
            (
                json!({ "sub": ACCOUNT, "aud": "rookery" }),
                Err(TokenError::Invalid),
            ),
            (
                json!({ "sub": ACCOUNT, "aud": "rookery", "exp": "tomorrow" }),
                Err(TokenError::Invalid),
            ),
            (
                json!({ "aud": "rookery", "exp": later }),
                Err(TokenError::Invalid),
            ),
            (
                json!({ "sub": 7, "aud": "rookery", "exp": later }),
                Err(TokenError::Invalid),
            ),
            (
                json!({ "sub": "alice", "aud": "rookery", "exp": later }),
                Err(TokenError::Subject),
            ),
            (json!("no object"), Err(TokenError::Invalid)),
        ] {
            let text = claims.to_string();
            assert_eq!(verify(claims), expected, "{text}");
        }
    }

    #[test]
    fn an_issuer_that_is_named_must_be_the_token_s() {
        let named = |issuer: Option<&str>| TokenTerms {
            jwt_issuer: issuer.map(str::to_owned),
            ..TokenTerms::default()
        };
        let ours = Tokens::under(SECRET, named(Some("https://id.example.org")));
        let token = |tokens: &Tokens| {
            let token = tokens.mint(Uuid::from_u128(7), 60);
            token.expect("a token can be made")
        };
        assert!(ours.verify(&token(&ours)).is_ok());
        let nobody = Tokens::under(SECRET, named(None));
        assert_eq!(ours.verify(&token(&nobody)), Err(TokenError::Invalid));
        let another = Tokens::under(SECRET, named(Some("https://evil.example.org")));
        assert_eq!(ours.verify(&token(&another)), Err(TokenError::Invalid));
    }

    #[test]
    fn another_secret_and_another_algorithm_open_nothing() {
        let tokens = Tokens::new(SECRET);
        let foreign =
            Tokens::new("another secret of thirty-two bytes...").mint(Uuid::from_u128(7), 60);
        assert_eq!(
            tokens.verify(&foreign.expect("a token can be made")),
            Err(TokenError::Invalid)
        );
        let claims =
            json!({ "sub": ACCOUNT, "aud": "rookery", "exp": get_current_timestamp() + 60 });
        assert_eq!(
            tokens.verify(&signed(Algorithm::HS512, &claims)),
            Err(TokenError::Invalid)
        );
        // {"alg":"none"}.{"sub":"00000000-0000-0000-0000-000000000007","aud":"rookery","exp":99999999999}.
        let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDciLCJhdWQiOiJyb29rZXJ5IiwiZXhwIjo5OTk5OTk5OTk5OX0.";
        assert_eq!(tokens.verify(unsigned), Err(TokenError::Invalid));
    }

    /// Extensions that a token calls critical must be understood (RFC 7515, 4.1.11), and we understand none.
    #[test]
    fn a_critical_extension_is_refused() {
        let mut header = Header::new(Algorithm::HS256);
        header.crit = Some(vec!["exp".to_owned()]);
        let claims =
            json!({ "sub": ACCOUNT, "aud": "rookery", "exp": get_current_timestamp() + 60 });
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        let token = encode(&header, &claims, &key).expect("a token can be made");
        assert_eq!(Tokens::new(SECRET).verify(&token), Err(TokenError::Invalid));
    }
}
