//! The keys of an identity provider: fetched when the first token asks for them, kept, and fetched again when a token names
//! one that is not among them.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::{Client, Url, redirect};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::Instant;

use super::claims::TokenTerms;
use super::key_set::KeySet;

/// One source of keys.
#[derive(Clone)]
pub struct RemoteKeys(Arc<Source>);

struct Source {
    url: Url,
    client: Client,
    terms: TokenTerms,
    known: RwLock<Option<Known>>,
    /// When the source was last asked; held while it is being asked.
    asked: Arc<Mutex<Option<Instant>>>,
}

#[derive(Clone)]
struct Known {
    keys: Arc<KeySet>,
    at: Instant,
}

/// A token with an invented key name must not make us ask more often than this.
const PAUSE: Duration = Duration::from_secs(30);
/// The same while there are no keys at all and every token has to wait for them.
const PAUSE_WITHOUT_KEYS: Duration = Duration::from_secs(2);
/// After this a key that was withdrawn is withdrawn here too, if the source answers.
const FRESH: Duration = Duration::from_secs(600);
/// A provider that takes longer counts as away.
const PATIENCE: Duration = Duration::from_secs(5);
/// A key set of a few keys has some kilobytes.
const MAX_BYTES: usize = 256 * 1024;

/// There are no keys, and none can be had at the moment.
pub struct Away;

impl RemoteKeys {
    pub fn new(url: Url, terms: TokenTerms) -> anyhow::Result<Self> {
        let client = Client::builder()
            .timeout(PATIENCE)
            // Whoever can make the source redirect could otherwise choose the keys.
            .redirect(redirect::Policy::none())
            .build()
            .context("the client for ROOKERY_JWKS_URL cannot be made")?;
        Ok(Self(Arc::new(Source {
            url,
            client,
            terms,
            known: RwLock::new(None),
            asked: Arc::default(),
        })))
    }

    /// The keys as they are known, asked for anew when `is_missing` finds that they lack something.
    pub async fn keys(&self, is_missing: impl Fn(&KeySet) -> bool) -> Result<Arc<KeySet>, Away> {
        match self.0.known() {
            Some(known) if !is_missing(&known.keys) => {
                if known.at.elapsed() > FRESH {
                    self.ask_meanwhile();
                }
                return Ok(known.keys);
            }
            _ => {}
        }
        let asked = Arc::clone(&self.0.asked).lock_owned().await;
        // Somebody else may have asked while we waited.
        let known = self.0.known();
        let is_enough = known.as_ref().is_some_and(|known| !is_missing(&known.keys));
        if !is_enough && may_ask(*asked, known.is_some()) {
            // A task of its own: a client that hangs up must not take the answer with it.
            let source = Arc::clone(&self.0);
            let asking = tokio::spawn(async move { source.ask(asked).await });
            // It ends without a result only when the runtime does.
            let _ended = asking.await;
        }
        let known = self.0.known().ok_or(Away)?;
        Ok(known.keys)
    }

    /// Asks without letting anybody wait, unless it is being done already.
    fn ask_meanwhile(&self) {
        if let Ok(asked) = Arc::clone(&self.0.asked).try_lock_owned()
            && may_ask(*asked, true)
        {
            let source = Arc::clone(&self.0);
            tokio::spawn(async move { source.ask(asked).await });
        }
    }
}

#[cfg(test)]
impl RemoteKeys {
    /// As if the pause between two questions were over.
    pub async fn forget_when_it_was_asked(&self) {
        *self.0.asked.lock().await = None;
    }
}

fn may_ask(asked: Option<Instant>, has_keys: bool) -> bool {
    let pause = if has_keys { PAUSE } else { PAUSE_WITHOUT_KEYS };
    asked.is_none_or(|asked| asked.elapsed() >= pause)
}

impl Source {
    fn known(&self) -> Option<Known> {
        let known = self.known.read();
        known
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .clone()
    }

    /// Keys that are known already stay when the source does not answer well.
    async fn ask(&self, mut asked: OwnedMutexGuard<Option<Instant>>) {
        *asked = Some(Instant::now());
        match self.fetch().await {
            Ok(keys) => {
                tracing::info!(keys = keys.len(), "fetched the keys of account tokens");
                let known = Known {
                    keys: Arc::new(keys),
                    at: Instant::now(),
                };
                let mut place = self
                    .known
                    .write()
                    .unwrap_or_else(|poisoned| poisoned.into_inner());
                *place = Some(known);
            }
            Err(error) => {
                tracing::warn!(error = %format_args!("{error:#}"), "the keys of account tokens cannot be fetched");
            }
        }
    }

    async fn fetch(&self) -> anyhow::Result<KeySet> {
        let request = self.client.get(self.url.clone());
        let mut response = request.send().await?.error_for_status()?;
        if !response.status().is_success() {
            bail!("the source answers {}", response.status());
        }
        let mut text = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            text.extend_from_slice(&chunk);
            if text.len() > MAX_BYTES {
                bail!("the source sends more than {MAX_BYTES} bytes");
            }
        }
        let keys = KeySet::parse(&text, &self.terms).context("the source sends no key set")?;
        if keys.len() == 0 {
            bail!("the source has no key that tokens could be signed with");
        }
        Ok(keys)
    }
}
