//! What handlers return when they refuse, and how it gets into the document: one generic type for every area.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use poem::http::StatusCode;
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaResponse, MetaResponses, Registry};
use rookery_shared::StoreError;

use super::Problem;

/// One way in which an operation can refuse, as its document shows it.
pub trait Case {
    const STATUS: u16;
    /// When this happens: the response's description.
    const WHEN: &'static str;
    /// A text that a client may really get.
    const EXAMPLE: &'static str;
    /// What programs compare; `code_of` the status when empty.
    const CODE: &'static str = "";
}

/// The refusals of one operation: `()`, one [`Case`], or a tuple of them.
pub trait Cases {
    fn list() -> Vec<Declared>;
}

/// A [`Case`] as data.
#[derive(Clone, Copy, Debug)]
pub struct Declared {
    pub status: u16,
    pub when: &'static str,
    pub example: &'static str,
    pub code: &'static str,
}

impl Declared {
    fn of<C: Case>() -> Self {
        Self {
            status: C::STATUS,
            when: C::WHEN,
            example: C::EXAMPLE,
            code: C::CODE,
        }
    }
}

impl Cases for () {
    fn list() -> Vec<Declared> {
        Vec::new()
    }
}

impl<A: Case> Cases for A {
    fn list() -> Vec<Declared> {
        vec![Declared::of::<A>()]
    }
}

impl<A: Case, B: Case> Cases for (A, B) {
    fn list() -> Vec<Declared> {
        vec![Declared::of::<A>(), Declared::of::<B>()]
    }
}

impl<A: Case, B: Case, C: Case> Cases for (A, B, C) {
    fn list() -> Vec<Declared> {
        vec![
            Declared::of::<A>(),
            Declared::of::<B>(),
            Declared::of::<C>(),
        ]
    }
}

impl<A: Case, B: Case, C: Case, D: Case> Cases for (A, B, C, D) {
    fn list() -> Vec<Declared> {
        vec![
            Declared::of::<A>(),
            Declared::of::<B>(),
            Declared::of::<C>(),
            Declared::of::<D>(),
        ]
    }
}

/// What a handler returns when it refuses: `Result<Json<Game>, Fail<GameMissing>>`.
///
/// The type parameter is the operation's own refusals; what the edge can answer anywhere (401, 413, 422, 429, 500, 503 …) the
/// document adds by itself.
#[derive(Debug)]
pub struct Fail<C: Cases> {
    problem: Box<Problem>,
    cases: PhantomData<fn() -> C>,
}

impl<C: Cases> Fail<C> {
    /// Refuses with one of the declared cases.
    pub fn case<K: Case>(_: K, text: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(K::STATUS).unwrap_or(StatusCode::BAD_REQUEST);
        let mut problem = Problem::new(status, text);
        if !K::CODE.is_empty() {
            problem.code = Cow::Borrowed(K::CODE);
        }
        Self::from(problem)
    }
}

impl<C: Cases> From<Problem> for Fail<C> {
    fn from(problem: Problem) -> Self {
        debug_assert!(
            problem.status.is_server_error()
                || problem.status == StatusCode::UNPROCESSABLE_ENTITY
                || C::list()
                    .iter()
                    .any(|case| case.status == problem.status.as_u16()),
            "{} is not declared by this operation",
            problem.status
        );
        Self {
            problem: Box::new(problem),
            cases: PhantomData,
        }
    }
}

impl<C: Cases> From<StoreError> for Fail<C> {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

/// poem-openapi has room for a description only. The cases of one status travel in it, apart by control characters that no text
/// of ours holds, and the document's polish unpacks them.
const CASE_END: char = '\u{1e}';
const PART_END: char = '\u{1f}';

impl Declared {
    fn pack(&self) -> String {
        format!(
            "{}{PART_END}{}{PART_END}{}{CASE_END}",
            self.when, self.example, self.code
        )
    }
}

/// A case as the polish finds it in a description.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown<'a> {
    pub when: &'a str,
    pub example: &'a str,
    pub code: &'a str,
}

/// The cases in a description; none when it is an ordinary sentence.
pub fn unpack(description: &str) -> Vec<Shown<'_>> {
    description
        .split_terminator(CASE_END)
        .filter_map(|case| {
            let (when, rest) = case.split_once(PART_END)?;
            let (example, code) = rest.split_once(PART_END)?;
            Some(Shown {
                when,
                example,
                code,
            })
        })
        .collect()
}

impl<C: Cases> ApiResponse for Fail<C> {
    fn meta() -> MetaResponses {
        let mut packed: BTreeMap<u16, String> = BTreeMap::new();
        for case in C::list() {
            packed
                .entry(case.status)
                .or_default()
                .push_str(&case.pack());
        }
        let responses = packed
            .into_iter()
            .map(|(status, description)| MetaResponse {
                // Leaked, as the registry wants text that lives for ever: a few kilobytes, when a process makes its document.
                description: description.leak(),
                status: Some(status),
                status_range: None,
                content: Vec::new(),
                headers: Vec::new(),
            })
            .collect();
        MetaResponses { responses }
    }

    fn register(_: &mut Registry) {}
}

impl<C: Cases> From<Fail<C>> for poem::Error {
    fn from(fail: Fail<C>) -> Self {
        (*fail.problem).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Missing;
    impl Case for Missing {
        const STATUS: u16 = 404;
        const WHEN: &'static str = "No game has this id.";
        const EXAMPLE: &'static str = "Game not found: chess";
    }
    struct Hidden;
    impl Case for Hidden {
        const STATUS: u16 = 404;
        const WHEN: &'static str = "The game is somebody else's.";
        const EXAMPLE: &'static str = "Game not found: go";
        const CODE: &'static str = "hidden";
    }

    #[test]
    fn cases_of_one_status_share_a_response_and_come_apart_again() {
        let meta = <Fail<(Missing, Hidden)> as ApiResponse>::meta();
        assert_eq!(meta.responses.len(), 1);
        let shown = unpack(meta.responses[0].description);
        assert_eq!(shown.len(), 2);
        assert_eq!(shown[0].example, "Game not found: chess");
        assert_eq!(shown[1].code, "hidden");
        assert_eq!(unpack("An ordinary sentence."), Vec::new());
    }

    #[test]
    fn a_refusal_carries_the_status_and_code_of_its_case() {
        let error: poem::Error =
            Fail::<(Missing, Hidden)>::case(Hidden, "Game not found: go").into();
        let problem = error
            .data::<Problem>()
            .expect("the problem rides on the error");
        assert_eq!(
            (problem.status.as_u16(), problem.code.as_ref()),
            (404, "hidden")
        );
    }
}
