//! Which account a token names: by this server's own secret, by an identity provider's keys, or by either.

use anyhow::Context;
use jsonwebtoken::Algorithm;
use uuid::Uuid;

use super::claims::{self, TokenError};
use super::key_set;
use super::remote_keys::RemoteKeys;
use super::tokens::Tokens;
use crate::config::Config;

/// Whatever tokens may be signed with here.
pub struct Accounts {
    own: Option<Tokens>,
    remote: Option<RemoteKeys>,
}

impl Accounts {
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let terms = &config.token_terms;
        let secret = config.jwt_secret.as_deref();
        let remote = config.jwks_url.as_deref().map(|url| {
            let url = url.parse().context("ROOKERY_JWKS_URL is not an address")?;
            RemoteKeys::new(url, terms.clone())
        });
        Ok(Self {
            own: secret.map(|secret| Tokens::under(secret, terms.clone())),
            remote: remote.transpose()?,
        })
    }

    /// Whether any token could be valid.
    pub fn is_closed(&self) -> bool {
        self.own.is_none() && self.remote.is_none()
    }

    /// A token says whose key it claims, never how it is to be checked: HS256 means our secret and nothing else, every other
    /// algorithm a key of the provider that is of this kind.
    pub async fn verify(&self, token: &str) -> Result<Uuid, TokenError> {
        let header = claims::header(token)?;
        if header.alg == Algorithm::HS256 {
            let own = self.own.as_ref().ok_or(TokenError::Invalid)?;
            return own.verify(token);
        }
        let remote = self.remote.as_ref().ok_or(TokenError::Invalid)?;
        if !key_set::ALGORITHMS.contains(&header.alg) {
            return Err(TokenError::Invalid);
        }
        let id = header.kid.as_deref();
        let keys = remote
            .keys(|keys| keys.find(id, header.alg).is_none())
            .await;
        let keys = keys.map_err(|_| TokenError::KeysAway)?;
        let key = keys.find(id, header.alg).ok_or(TokenError::Invalid)?;
        if let Some(verified) = keys.seen.find(token) {
            return Ok(verified.account);
        }
        let verified = claims::verify(token, &key.decoding, &key.validation)?;
        keys.seen.keep(token, verified);
        Ok(verified.account)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use poem::endpoint::make_sync;
    use poem::http::StatusCode;
    use poem::listener::TcpAcceptor;
    use poem::{Response, Server};
    use serde_json::{Value, json};
    use tokio::net::TcpListener;

    use super::*;
    use crate::auth::TokenTerms;
    use crate::auth::key_set::tests::{ed25519, signed};

    /// A provider in this process: what it answers, and how often it was asked.
    struct Provider {
        accounts: Accounts,
        asked: Arc<AtomicUsize>,
    }

    impl Provider {
        async fn forget_when_it_was_asked(&self) {
            let remote = self.accounts.remote.as_ref();
            remote
                .expect("there is a provider")
                .forget_when_it_was_asked()
                .await;
        }
    }

    async fn provider(answers: Vec<(StatusCode, String)>) -> Provider {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let acceptor = TcpAcceptor::from_tokio(listener).expect("the listener can be served");
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let endpoint = make_sync(move |_| {
            let turn = counter.fetch_add(1, Ordering::SeqCst);
            let (status, body) = &answers[turn.min(answers.len() - 1)];
            Response::builder().status(*status).body(body.clone())
        });
        tokio::spawn(Server::new_with_acceptor(acceptor).run(endpoint));
        let url = format!("http://{address}/keys")
            .parse()
            .expect("this is an address");
        let remote = RemoteKeys::new(url, TokenTerms::default()).expect("a client can be made");
        let accounts = Accounts {
            own: None,
            remote: Some(remote),
        };
        Provider { accounts, asked }
    }

    fn set(keys: Value) -> (StatusCode, String) {
        (StatusCode::OK, json!({ "keys": keys }).to_string())
    }

    #[tokio::test]
    async fn keys_are_fetched_once_and_asked_for_again_when_one_is_missing() {
        let old = set(json!([ed25519("old")]));
        let both = set(json!([ed25519("old"), ed25519("new")]));
        let provider = provider(vec![old, both]).await;
        let verify = async |kid| provider.accounts.verify(&signed(Some(kid))).await;
        for _ in 0..3 {
            assert_eq!(verify("old").await, Ok(Uuid::from_u128(7)));
        }
        assert_eq!(provider.asked.load(Ordering::SeqCst), 1);
        provider.forget_when_it_was_asked().await;
        assert_eq!(verify("new").await, Ok(Uuid::from_u128(7)));
        // An invented name so soon after is refused without asking.
        assert_eq!(verify("invented").await, Err(TokenError::Invalid));
        assert_eq!(provider.asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn many_who_come_at_once_wait_for_one_answer() {
        let provider = provider(vec![set(json!([ed25519("a")]))]).await;
        let token = signed(Some("a"));
        let crowd = (0..32).map(|_| provider.accounts.verify(&token));
        for verified in futures_util::future::join_all(crowd).await {
            assert_eq!(verified, Ok(Uuid::from_u128(7)));
        }
        assert_eq!(provider.asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn keys_stay_while_the_provider_is_away() {
        let broken = (StatusCode::INTERNAL_SERVER_ERROR, "away".to_owned());
        let provider = provider(vec![set(json!([ed25519("a")])), broken]).await;
        let verify = async |kid| provider.accounts.verify(&signed(Some(kid))).await;
        assert_eq!(verify("a").await, Ok(Uuid::from_u128(7)));
        provider.forget_when_it_was_asked().await;
        assert_eq!(verify("b").await, Err(TokenError::Invalid));
        assert_eq!(verify("a").await, Ok(Uuid::from_u128(7)));
        assert_eq!(provider.asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn without_any_keys_nobody_is_judged() {
        for answer in [
            (StatusCode::NOT_FOUND, "{}".to_owned()),
            (StatusCode::OK, "<html>".to_owned()),
            (StatusCode::OK, "x".repeat(1024 * 1024)),
            (StatusCode::FOUND, String::new()),
            set(json!([])),
        ] {
            let provider = provider(vec![answer]).await;
            let verified = provider.accounts.verify(&signed(Some("a"))).await;
            assert_eq!(verified, Err(TokenError::KeysAway));
        }
    }

    #[tokio::test]
    async fn a_token_under_the_secret_does_not_ask_the_provider() {
        let provider = provider(vec![set(json!([ed25519("a")]))]).await;
        let ours = Tokens::new("a secret of thirty-two bytes or more");
        let token = ours
            .mint(Uuid::from_u128(7), 60)
            .expect("a token can be made");
        // This server has no secret: nothing is checked with it.
        assert_eq!(
            provider.accounts.verify(&token).await,
            Err(TokenError::Invalid)
        );
        let both = Accounts {
            own: Some(ours),
            ..provider.accounts
        };
        assert_eq!(both.verify(&token).await, Ok(Uuid::from_u128(7)));
        assert_eq!(provider.asked.load(Ordering::SeqCst), 0);
        assert_eq!(
            both.verify(&signed(Some("a"))).await,
            Ok(Uuid::from_u128(7))
        );
    }

    #[tokio::test]
    async fn nonsense_is_refused_before_anything_is_looked_up() {
        let provider = provider(vec![set(json!([ed25519("a")]))]).await;
        let long = format!("{}{}", signed(Some("a")), "A".repeat(64 * 1024));
        for token in ["", ".", "..", "a.b.c", "e30.e30.e30", &long] {
            assert_eq!(
                provider.accounts.verify(token).await,
                Err(TokenError::Invalid)
            );
        }
        assert_eq!(provider.asked.load(Ordering::SeqCst), 0);
    }
}
