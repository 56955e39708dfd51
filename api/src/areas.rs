//! THE table of areas: which area a path belongs to, and so its error envelope, body limit and kind of credential.

use crate::theory::too_large as file_too_large;

/// A product area, or the platform under them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    Theory,
    Characters,
    Chess,
    Worlds,
    Arena,
    Platform,
}

/// A prefix matches whole path segments: `/api/games` owns `/api/games/x`, not `/api/gamesome`.
const TABLE: &[(&str, Area)] = &[
    ("/api/games", Area::Theory),
    ("/api/analyses", Area::Theory),
    ("/api/tasks", Area::Theory),
    ("/api/reset", Area::Theory),
    ("/api/plugins", Area::Theory),
    ("/api/characters", Area::Characters),
    ("/api/chat", Area::Characters),
    ("/api/events", Area::Characters),
    ("/api/proximity", Area::Characters),
    ("/api/decisions", Area::Characters),
    ("/api/emotions", Area::Characters),
    ("/api/relationships", Area::Characters),
    ("/api/goals", Area::Characters),
    ("/api/world-facts", Area::Characters),
    ("/api/groups", Area::Characters),
    ("/api/conversations", Area::Characters),
    ("/api/state", Area::Characters),
    ("/api/stats", Area::Characters),
    ("/api/metrics", Area::Characters),
    ("/api/config", Area::Characters),
    ("/api/experiment", Area::Characters),
    ("/api/archetypes", Area::Characters),
    ("/api/v1/agents", Area::Worlds),
    ("/api/v1/games", Area::Worlds),
    ("/v1/games", Area::Chess),
    ("/internal/games", Area::Chess),
    ("/health", Area::Chess),
    ("/api/chess", Area::Arena),
    ("/api/connect4", Area::Arena),
    ("/api/tictactoe", Area::Arena),
    ("/api/arena", Area::Arena),
    ("/ws", Area::Arena),
];

/// The shape of an error body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// `{"detail": text, list of fields, or object}`
    Detail,
    /// `{"error": text, "code": CODE, "requestId": id}`
    Coded,
    /// `{"error": code, "message": text}`
    Message,
    /// `Detail` and `Coded` in one, where both contracts have a say.
    Shared,
}

/// What a request has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Nothing, ever.
    None,
    /// One of `ROOKERY_API_KEYS`, once these are set; until then nothing.
    ApiKey,
    /// A token that names an account.
    Account,
    /// The area checks keys that it issued itself.
    Own,
}

/// How large a body may be, and what is said to a larger one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyLimit {
    pub bytes: u64,
    pub status: u16,
    pub text: String,
}

const MIB: u64 = 1024 * 1024;

/// The one endpoint of the first areas that takes files.
const UPLOAD: &str = "/api/games/upload";

/// Takes a whole world of characters: what `/api/state/export` gave must fit.
const IMPORT: &str = "/api/state/import";

const IMPORT_MIB: u64 = 256;

/// Two contracts document it, one of them with answers for pages of any origin.
const HEALTH: &str = "/api/health";

impl Area {
    /// The area whose longest prefix owns the path.
    pub fn of(path: &str) -> Self {
        TABLE
            .iter()
            .filter(|(prefix, _)| owns(prefix, path))
            .max_by_key(|(prefix, _)| prefix.len())
            .map_or(Self::Platform, |(_, area)| *area)
    }

    pub fn envelope(self) -> Envelope {
        match self {
            Self::Theory | Self::Arena | Self::Platform => Envelope::Detail,
            Self::Characters => Envelope::Coded,
            Self::Chess | Self::Worlds => Envelope::Message,
        }
    }

    /// What a parameter or body that cannot be read is answered with: two of the contracts know only 400.
    pub fn invalid_status(self) -> u16 {
        match self {
            Self::Theory | Self::Arena | Self::Platform => 422,
            Self::Characters | Self::Chess | Self::Worlds => 400,
        }
    }

    /// The word for such a request, for programs.
    pub fn invalid_code(self) -> &'static str {
        match self {
            Self::Chess => "invalid_request",
            Self::Theory | Self::Arena | Self::Platform | Self::Characters | Self::Worlds => {
                "validation_error"
            }
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Theory => "theory",
            Self::Characters => "characters",
            Self::Chess => "chess",
            Self::Worlds => "worlds",
            Self::Arena => "arena",
            Self::Platform => "platform",
        }
    }
}

/// The shape of an error under the path. What nobody owns below `/api/` may have been meant for either of two contracts.
pub fn envelope(path: &str) -> Envelope {
    match Area::of(path) {
        Area::Platform if path.starts_with("/api/") => Envelope::Shared,
        area => area.envelope(),
    }
}

/// Whether pages of every origin may read the answers: the contract of the characters says so, whatever origins are named.
pub fn is_open_to_pages(path: &str) -> bool {
    Area::of(path) == Area::Characters || path == HEALTH
}

/// Whether a body is JSON however it is labelled: that contract asks for no media type, and curl calls every body a form.
pub fn reads_every_body_as_json(path: &str) -> bool {
    Area::of(path) == Area::Characters
}

/// Whether the body is left to its handler as it comes in, instead of being held in memory first.
pub fn reads_its_own_body(path: &str) -> bool {
    path == IMPORT
}

/// Whether the handler knows better than the edge how long it may take: language models have limits of their own, and a large
/// world takes its time.
pub fn measures_its_own_time(path: &str) -> bool {
    ["/api/chat", "/api/conversations", "/api/state"]
        .iter()
        .any(|prefix| owns(prefix, path))
}

/// What the path's area asks for.
pub fn credential(path: &str) -> Credential {
    match Area::of(path) {
        Area::Theory | Area::Characters => Credential::ApiKey,
        Area::Chess if path == "/health" => Credential::None,
        Area::Chess | Area::Arena => Credential::Account,
        Area::Worlds => Credential::Own,
        Area::Platform => Credential::None,
    }
}

/// Whether the token may stand in the query instead of a header: browsers open streams without asking the page for headers.
/// Nowhere else, since addresses end up in logs and histories.
pub fn takes_token_in_query(path: &str) -> bool {
    Area::of(path) == Area::Chess && (path.ends_with("/events") || path.ends_with("/ws"))
}

/// The limit of the path's body, where an uploaded file may have so many MiB.
pub fn body_limit(path: &str, file_mb: u64) -> BodyLimit {
    let beyond = |bytes: u64, status: u16| BodyLimit {
        bytes,
        status,
        text: format!("Request body exceeds {bytes} bytes"),
    };
    match Area::of(path) {
        // The handler judges the file itself; the slack is for the form around it.
        Area::Theory if path == UPLOAD => BodyLimit {
            bytes: (file_mb + 1) * MIB,
            status: 400,
            text: file_too_large(file_mb),
        },
        Area::Characters if path == IMPORT => beyond(IMPORT_MIB * MIB, 400),
        Area::Characters => beyond(MIB, 400),
        _ => beyond(MIB, 413),
    }
}

fn owns(prefix: &str, path: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_look_alike_belong_to_different_areas() {
        for (path, area) in [
            ("/api/games", Area::Theory),
            ("/api/games/trust-game/as/normal", Area::Theory),
            ("/api/tasks/1/events", Area::Theory),
            ("/api/v1/games", Area::Worlds),
            ("/api/v1/agents/register", Area::Worlds),
            ("/v1/games/1/moves", Area::Chess),
            ("/internal/games", Area::Chess),
            ("/health", Area::Chess),
            ("/api/health", Area::Platform),
            ("/api/metrics", Area::Characters),
            ("/metrics", Area::Platform),
            ("/api/chess/games", Area::Arena),
            ("/ws/chess/1", Area::Arena),
            ("/api/gamesome", Area::Platform),
            ("/healthy", Area::Platform),
            ("/", Area::Platform),
            ("", Area::Platform),
        ] {
            assert_eq!(Area::of(path), area, "{path}");
        }
    }

    #[test]
    fn no_prefix_is_in_the_table_twice() {
        for (i, (prefix, _)) in TABLE.iter().enumerate() {
            assert!(
                TABLE[i + 1..].iter().all(|(other, _)| other != prefix),
                "{prefix}"
            );
        }
    }

    #[test]
    fn limits_follow_the_contracts() {
        assert_eq!(body_limit("/api/chat", 5).status, 400);
        assert_eq!(
            body_limit("/api/chat", 5).text,
            "Request body exceeds 1048576 bytes"
        );
        assert_eq!(body_limit("/v1/games", 5).status, 413);
        assert_eq!(body_limit("/api/state/import", 5).bytes, 256 * MIB);
        assert_eq!(body_limit("/api/state/snapshot", 5).bytes, MIB);
        assert!(body_limit("/api/games/upload", 7).bytes > 7 * MIB);
    }

    #[test]
    fn what_nobody_owns_below_api_is_refused_in_both_shapes() {
        for (path, expected) in [
            ("/api/nothing", Envelope::Shared),
            ("/api/health", Envelope::Shared),
            ("/nothing", Envelope::Detail),
            ("/api/games/x", Envelope::Detail),
            ("/api/characters/x", Envelope::Coded),
            ("/api/v1/games", Envelope::Message),
        ] {
            assert_eq!(envelope(path), expected, "{path}");
        }
    }

    #[test]
    fn what_asks_a_language_model_measures_its_own_time() {
        assert!(measures_its_own_time("/api/chat/barkeep"));
        assert!(!measures_its_own_time("/api/chats"));
        assert!(!measures_its_own_time("/api/characters"));
    }

    #[test]
    fn health_checks_ask_for_nothing() {
        for path in ["/health", "/api/health", "/livez", "/readyz", "/metrics"] {
            assert_eq!(credential(path), Credential::None, "{path}");
        }
        assert_eq!(credential("/v1/games"), Credential::Account);
    }

    #[test]
    fn only_streams_of_accounts_take_a_token_in_the_query() {
        for path in ["/v1/games/1/events", "/v1/games/1/ws"] {
            assert!(takes_token_in_query(path), "{path}");
        }
        for path in [
            "/v1/games/1",
            "/v1/games",
            "/v1/games/1/moves",
            "/api/tasks/1/events",
        ] {
            assert!(!takes_token_in_query(path), "{path}");
        }
    }
}
