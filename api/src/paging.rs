//! Links from page to page, for lists whose body is a plain array.

use poem::http::Uri;

/// The value of a `Link` header: this request's address with another cursor.
pub fn next_link(uri: &Uri, cursor: &str) -> String {
    let kept = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let cursor = format!("cursor={}", encoded(cursor));
    let query: Vec<&str> = kept.chain([cursor.as_str()]).collect();
    format!("<{}?{}>; rel=\"next\"", uri.path(), query.join("&"))
}

/// RFC 3986: everything but unreserved characters as `%XX`.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_parameters_stay() {
        let link = |uri: &'static str| next_link(&Uri::from_static(uri), "a b/ü");
        assert_eq!(
            link("/api/games"),
            "</api/games?cursor=a%20b%2F%C3%BC>; rel=\"next\""
        );
        assert_eq!(
            link("/api/tasks?owner=x&cursor=old&limit=2"),
            "</api/tasks?owner=x&limit=2&cursor=a%20b%2F%C3%BC>; rel=\"next\""
        );
    }
}
