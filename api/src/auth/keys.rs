//! API keys: kept as SHA-256, compared in a time that says nothing about how close a guess was.

use std::fmt;

use sha2::{Digest, Sha256};

/// The first bytes of a key's hash: names its holder in limits and logs without giving the key away.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyName([u8; 8]);

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The keys that were configured. SHA-256 is enough here: keys are long and random, unlike passwords.
pub struct ApiKeys(Vec<[u8; 32]>);

impl ApiKeys {
    pub fn new(keys: &[String]) -> Self {
        Self(
            keys.iter()
                .map(|key| Sha256::digest(key.trim()).into())
                .collect(),
        )
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Looks at every key and every byte, whatever matches.
    pub fn find(&self, key: &str) -> Option<KeyName> {
        let shown: [u8; 32] = Sha256::digest(key).into();
        let mut found = false;
        for known in &self.0 {
            found |= is_same(known, &shown);
        }
        let [a, b, c, d, e, f, g, h, ..] = shown;
        found.then_some(KeyName([a, b, c, d, e, f, g, h]))
    }
}

fn is_same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    let difference = a
        .iter()
        .zip(b)
        .fold(0, |difference, (a, b)| difference | (a ^ b));
    std::hint::black_box(difference) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_whole_or_not_at_all() {
        let keys = ApiKeys::new(&[
            "correct horse battery".to_owned(),
            " staple staple staple ".to_owned(),
        ]);
        assert!(keys.find("correct horse battery").is_some());
        assert!(keys.find("staple staple staple").is_some());
        for wrong in [
            "",
            "correct horse batter",
            "correct horse battery ",
            "Correct horse battery",
        ] {
            assert_eq!(keys.find(wrong), None, "{wrong}");
        }
        assert!(ApiKeys::new(&[]).is_empty());
    }

    #[test]
    fn two_keys_have_two_names() {
        let keys = ApiKeys::new(&[
            "first first first first".to_owned(),
            "second second second".to_owned(),
        ]);
        assert_ne!(
            keys.find("first first first first"),
            keys.find("second second second")
        );
    }
}
