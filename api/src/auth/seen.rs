//! Tokens whose signatures were checked lately: a public key's signature costs 200-300 µs, a look here two.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jsonwebtoken::get_current_timestamp;
use sha2::{Digest, Sha256};

use super::claims::Verified;

/// Lives as long as the keys that the signatures were checked with.
#[derive(Default)]
pub struct Seen(Mutex<Generations>);

/// When the young fill up they become the old, and the old are forgotten.
#[derive(Default)]
struct Generations {
    young: HashMap<Fingerprint, Verified>,
    old: HashMap<Fingerprint, Verified>,
}

/// The whole token's SHA-256: tokens themselves are not kept.
type Fingerprint = [u8; 32];

/// Per generation; about 60 bytes each.
const MAX_TOKENS: usize = 8192;

impl Seen {
    /// What the token says, if it was found valid before and its time is not over.
    pub fn find(&self, token: &str) -> Option<Verified> {
        let fingerprint = fingerprint(token);
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let young = generations.young.get(&fingerprint).copied();
        let verified = match young {
            Some(verified) => verified,
            None => {
                let verified = generations.old.remove(&fingerprint)?;
                generations.keep(fingerprint, verified);
                verified
            }
        };
        (verified.expires_at >= get_current_timestamp()).then_some(verified)
    }

    pub fn keep(&self, token: &str, verified: Verified) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.keep(fingerprint(token), verified);
    }
}

impl Generations {
    fn keep(&mut self, fingerprint: Fingerprint, verified: Verified) {
        if self.young.len() >= MAX_TOKENS {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(fingerprint, verified);
    }
}

fn fingerprint(token: &str) -> Fingerprint {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn until(expires_at: u64) -> Verified {
        Verified {
            account: Uuid::from_u128(7),
            expires_at,
        }
    }

    #[test]
    fn a_token_is_found_until_its_time_is_over() {
        let seen = Seen::default();
        let now = get_current_timestamp();
        seen.keep("lasting", until(now + 60));
        seen.keep("over", until(now - 1));
        assert_eq!(seen.find("lasting"), Some(until(now + 60)));
        assert_eq!(seen.find("over"), None);
        assert_eq!(seen.find("lastin"), None);
    }

    #[test]
    fn who_comes_again_is_kept_and_the_crowd_is_forgotten() {
        let seen = Seen::default();
        let verified = until(u64::MAX);
        for visitor in 0..5 * MAX_TOKENS {
            seen.keep(&visitor.to_string(), verified);
            if visitor % 1000 == 0 {
                seen.keep("regular", seen.find("regular").unwrap_or(verified));
            }
        }
        assert!(seen.find("regular").is_some());
        assert!(seen.find("0").is_none());
        let generations = seen.0.lock().expect("nobody panicked");
        assert!(generations.young.len() + generations.old.len() <= 2 * MAX_TOKENS);
    }
}
