//! Swagger UI from the binary, under a policy that runs its own scripts and no others.

use sha2::{Digest, Sha256};

use super::{raw_text, service, spec};

/// The documentation page and the policy it is served with.
pub struct Page {
    pub html: String,
    pub policy: String,
}

impl Page {
    pub fn new() -> Self {
        let html = service()
            .swagger_ui_html()
            .replace(&raw_text(), &spec().to_string());
        let hashes: String = scripts(&html)
            .map(|script| format!(" 'sha256-{}'", base64(&Sha256::digest(script))))
            .collect();
        // The UI writes style attributes and data: images, and calls this server.
        let policy = format!(
            "default-src 'none'; script-src{hashes}; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:; \
             connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
        );
        Self { html, policy }
    }
}

impl Default for Page {
    fn default() -> Self {
        Self::new()
    }
}

/// The text of every inline script, which is what a policy's hash is taken of.
fn scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (_, rest) = rest.split_once('>')?;
        rest.split_once("</script>").map(|(script, _)| script)
    })
}

/// RFC 4648 with padding; one use does not earn a dependency.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .fold(0u32, |word, byte| word << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for position in 0..4 {
            if position <= chunk.len() {
                text.push(char::from(
                    ALPHABET[(word >> (18 - 6 * position)) as usize & 63],
                ));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn the_page_shows_the_polished_document_and_admits_only_its_own_scripts() {
        let page = Page::new();
        assert!(page.html.contains(&spec().to_string()));
        assert_eq!(
            page.policy.matches("'sha256-").count(),
            scripts(&page.html).count()
        );
        assert!(scripts(&page.html).count() >= 2);
        assert!(!page.policy.contains("script-src 'unsafe-inline'"));
    }
}
