//! A JSON Web Key Set (RFC 7517) as keys to verify with: public ones only, each with the one algorithm that its type means.

use std::collections::HashMap;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;

use super::claims::{self, TokenTerms};
use super::seen::Seen;

/// What tokens may be signed with.
pub struct KeySet {
    keys: Vec<Key>,
    by_id: HashMap<String, usize>,
    pub seen: Seen,
}

/// One key and what a token under it must say.
pub struct Key {
    pub decoding: DecodingKey,
    pub validation: Validation,
    algorithm: Algorithm,
}

/// What the keys of a set are used with here.
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];

/// Providers show a handful; more than this is no key set.
const MAX_KEYS: usize = 64;

/// RS256 asks for 2048 bits at least (RFC 7518, 3.3).
const MIN_RSA_DIGITS: usize = 2048 / 6;

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

/// The members that matter here; a set may hold keys of other kinds and uses, which are passed over (RFC 7517, 5).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    kid: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// None when the text is no key set.
    pub fn parse(text: &[u8], terms: &TokenTerms) -> Option<Self> {
        let document: Document = serde_json::from_slice(text).ok()?;
        if document.keys.len() > MAX_KEYS {
            return None;
        }
        let mut set = Self {
            keys: Vec::new(),
            by_id: HashMap::new(),
            seen: Seen::default(),
        };
        for jwk in document.keys {
            let Ok(jwk) = serde_json::from_value::<Jwk>(jwk) else {
                continue;
            };
            let Some((algorithm, decoding)) = jwk.key() else {
                continue;
            };
            if let Some(id) = jwk.kid {
                // Of two keys with one name the first counts: which is meant cannot be known.
                set.by_id.entry(id).or_insert(set.keys.len());
            }
            set.keys.push(Key {
                decoding,
                validation: claims::validation(algorithm, terms),
                algorithm,
            });
        }
        Some(set)
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// The key of this name; without a name the only one of the algorithm. Never a key of another algorithm.
    pub fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<&Key> {
        match id {
            Some(id) => {
                let key = self.keys.get(*self.by_id.get(id)?)?;
                (key.algorithm == algorithm).then_some(key)
            }
            None => {
                let mut fitting = self.keys.iter().filter(|key| key.algorithm == algorithm);
                fitting.next().filter(|_| fitting.next().is_none())
            }
        }
    }
}

impl Jwk {
    /// `oct` is not among them: a secret that is published is none.
    fn key(&self) -> Option<(Algorithm, DecodingKey)> {
        if self
            .purpose
            .as_deref()
            .is_some_and(|purpose| purpose != "sig")
        {
            return None;
        }
        let (name, algorithm, key) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => {
                let (n, e) = (self.n.as_deref()?, self.e.as_deref()?);
                if n.len() < MIN_RSA_DIGITS {
                    return None;
                }
                let key = DecodingKey::from_rsa_components(n, e);
                ("RS256", Algorithm::RS256, key)
            }
            ("EC", Some("P-256")) => {
                let key = DecodingKey::from_ec_components(self.x.as_deref()?, self.y.as_deref()?);
                ("ES256", Algorithm::ES256, key)
            }
            ("OKP", Some("Ed25519")) => {
                let key = DecodingKey::from_ed_components(self.x.as_deref()?);
                ("EdDSA", Algorithm::EdDSA, key)
            }
            _ => return None,
        };
        // RFC 9864 names the curve where RFC 8037 named the scheme.
        let is_meant = |alg: &str| alg == name || algorithm == Algorithm::EdDSA && alg == "Ed25519";
        if !self.alg.as_deref().is_none_or(is_meant) {
            return None;
        }
        Some((algorithm, key.ok()?))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::auth::TokenError;
    use jsonwebtoken::{EncodingKey, Header, encode, get_current_timestamp};
    use serde_json::json;
    use uuid::Uuid;

    /// The key pair of RFC 8037, appendix A.1, its private half as PKCS #8 (RFC 8410, section 7).
    pub const ED25519_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const ED25519_DER: [u8; 48] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20, 0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec,
        0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c,
        0xae, 0x7f, 0x60,
    ];

    /// A token for account 7, signed with the Ed25519 key.
    pub fn signed(kid: Option<&str>) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = kid.map(str::to_owned);
        let claims = json!({ "sub": Uuid::from_u128(7), "aud": "rookery", "exp": get_current_timestamp() + 60 });
        encode(&header, &claims, &EncodingKey::from_ed_der(&ED25519_DER))
            .expect("a token can be made")
    }

    pub fn ed25519(kid: &str) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": ED25519_X })
    }

    fn set(keys: Value) -> KeySet {
        let document = json!({ "keys": keys }).to_string();
        KeySet::parse(document.as_bytes(), &TokenTerms::default()).expect("this is a key set")
    }

    fn verify(set: &KeySet, token: &str) -> Result<Uuid, TokenError> {
        let header = claims::header(token)?;
        let key = set.find(header.kid.as_deref(), header.alg);
        let key = key.ok_or(TokenError::Invalid)?;
        claims::verify(token, &key.decoding, &key.validation).map(|verified| verified.account)
    }

    /// Made with Python's `cryptography` 48.0.0 for account 7, valid until 2100; only the public halves were kept.
    const RSA_N: &str = "nB0RBEpK9GAJW8AbJewdwoWWxn473XFtawRJVWt4YZmOuzugDh4AVFuJMKeRskxsNnZtk2GTQrZiowLXRIpldTeqIU8Xbf4FbotxPJ8oJJapBhKdBopIBtCVd_XE78C5YZb14TCg0_Y69rDDnm8XoMScCqrm6ZyOnS36tCQkmssvrWPRct9hj17vTxfwypqj4ZhL5xgb8LQa7Ddov5TdRqrDEKCRTIdUdyv4O5MgjdG3ZQRd-ScPm11ggFkp08a3dcYnWNBRB35XbzqOz9W6-xDIG5Su34XI5Rk-y9N_liLjYn8v4SHtaCHJFgDVwRc_qlsSxI80FA3QdJQsnmx5Ow";
    const EC_X: &str = "fmJ54-qx_ERwIEWZAtXYckFVwI-0o3C69GH61GsNIg0";
    const EC_Y: &str = "Ef_vZM6e6xuuPdFu0azLPlotcupVsdaFIY4oECzl0nA";
    const RS256: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJzdWIiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDciLCJhdWQiOiJyb29rZXJ5IiwiZXhwIjo0MTAyNDQ0ODAwfQ.g7JNC5uCqpoojnQenCDAy9mHzzW8cXYWFMAcVhqFBm8YYb30CMHeFKvosq_-obYysMxBC89fkjuOJw_eweL9CeWvZsKS8sS-OmSDpDbnCK3pLel18l2LPjlZMNVa67vqOR-y_KqxoZ9515lISq_tx1CjHI-1TRrAyv4ZyyU2NpkcC3jRtqNtPlc1Mp1hPeq01nfWjOGxWQChXAVXOTZhfefaPkbjFcGX-Id8Q2_7WMFv7dpXgFIQfO-RuYrvgqz3fhw2E5CirqS2GsXiUsW4LWnL3tzE3UXCRlAFUTz9kYdZZuNckXTmFpQkUnBEaPYVhR-RvaX-A2lBjorIHc35YA";
    const ES256: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImUifQ.eyJzdWIiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDciLCJhdWQiOiJyb29rZXJ5IiwiZXhwIjo0MTAyNDQ0ODAwfQ.eJlS0UWSM7igIhFLzVULQT0Pmbo8eNeGS2vhqc_3wFRfpXsisJHsFOXgyoZ_oXAynjcXqP_RzK8clSu9HFLq3A";
    /// HS256 with the RSA key's public PEM as the secret: what opens the door where the token chooses the algorithm.
    const CONFUSED: &str = "eyJhbGciOiJIUzI1NiIsImtpZCI6InIifQ.eyJzdWIiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDciLCJhdWQiOiJyb29rZXJ5IiwiZXhwIjo0MTAyNDQ0ODAwfQ.b-sLuiBzac8UUffnSR4kZxuJDgiPhpT3UxABSKdnLc8";

    fn rsa(kid: &str) -> Value {
        json!({ "kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig", "n": RSA_N, "e": "AQAB" })
    }

    fn p256(kid: &str) -> Value {
        json!({ "kty": "EC", "crv": "P-256", "kid": kid, "x": EC_X, "y": EC_Y })
    }

    #[test]
    fn each_kind_of_key_opens_to_its_own_tokens() {
        let set = set(json!([rsa("r"), p256("e"), ed25519("d")]));
        for token in [RS256, ES256, &signed(Some("d"))] {
            assert_eq!(verify(&set, token), Ok(Uuid::from_u128(7)), "{token}");
        }
        for token in [CONFUSED, &signed(Some("r")), &signed(Some("unknown"))] {
            assert_eq!(verify(&set, token), Err(TokenError::Invalid), "{token}");
        }
    }

    #[test]
    fn a_token_that_was_changed_opens_nothing() {
        let set = set(json!([rsa("r"), p256("e")]));
        for token in [RS256, ES256] {
            let (rest, signature) = token.rsplit_once('.').expect("a token has three parts");
            let (header, _) = rest.split_once('.').expect("a token has three parts");
            // {"sub":"00000000-0000-0000-0000-000000000008","aud":"rookery","exp":4102444800}
            let payload = "eyJzdWIiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDgiLCJhdWQiOiJyb29rZXJ5IiwiZXhwIjo0MTAyNDQ0ODAwfQ";
            let half = &signature[..signature.len() / 2];
            for changed in [
                format!("{header}.{payload}.{signature}"),
                format!("{rest}."),
                format!("{rest}.{half}"),
                rest.to_owned(),
            ] {
                assert_eq!(
                    verify(&set, &changed),
                    Err(TokenError::Invalid),
                    "{changed}"
                );
            }
        }
    }

    #[test]
    fn keys_of_other_kinds_and_uses_are_passed_over() {
        let mut encrypts = ed25519("a");
        encrypts["use"] = json!("enc");
        let mut other = ed25519("b");
        other["alg"] = json!("ES256");
        let mut short = rsa("c");
        short["n"] = json!("AQAB");
        let set = set(json!([
            encrypts, other, short,
            { "kty": "oct", "kid": "d", "k": "c2VjcmV0" },
            { "kty": "EC", "crv": "P-521", "kid": "e", "x": "AA", "y": "AA" },
            { "kty": "OKP", "crv": "X25519", "kid": "f", "x": ED25519_X },
            { "kid": "g" }, 7, null,
            ed25519("h"),
        ]));
        assert_eq!(set.len(), 1);
        assert_eq!(verify(&set, &signed(Some("h"))), Ok(Uuid::from_u128(7)));
    }

    #[test]
    fn a_token_without_a_name_needs_the_only_key_of_its_algorithm() {
        let one = set(json!([ed25519("a"), rsa("b")]));
        assert!(verify(&one, &signed(None)).is_ok());
        let two = set(json!([ed25519("a"), ed25519("b")]));
        assert_eq!(verify(&two, &signed(None)), Err(TokenError::Invalid));
    }

    #[test]
    fn what_is_no_key_set_is_none() {
        let crowd = json!({ "keys": vec![ed25519("a"); MAX_KEYS + 1] }).to_string();
        for text in ["", "[]", "{}", r#"{"keys": {}}"#, "<html>", &crowd] {
            assert!(
                KeySet::parse(text.as_bytes(), &TokenTerms::default()).is_none(),
                "{text}"
            );
        }
    }
}
