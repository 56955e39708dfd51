//! W3C trace context: continued when the client sent one, else begun here.

use std::fmt;

use poem::Request;

/// Where this request stands in its trace. Handlers find it among the request's data; tasks keep it on their row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    trace_id: u128,
    span_id: u64,
    flags: u8,
}

impl TraceContext {
    /// A new span in the client's trace, or the first of a new one. A header that breaks the rules is as good as none.
    pub fn of(request: &Request) -> Self {
        let parent = request
            .headers()
            .get("traceparent")
            .and_then(|value| value.to_str().ok())
            .and_then(Self::parse);
        let span_id = rand::random_range(1..=u64::MAX);
        match parent {
            Some(parent) => Self { span_id, ..parent },
            None => Self {
                trace_id: rand::random_range(1..=u128::MAX),
                span_id,
                flags: SAMPLED,
            },
        }
    }

    /// `00-<32 hexadecimal digits>-<16>-<2>`, lower case, neither id zero; later versions may carry more behind it.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (version, trace_id, span_id, flags) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let version = digits(version, 2)?;
        if version == 0xff || version == 0 && parts.next().is_some() {
            return None;
        }
        let trace_id = digits(trace_id, 32).filter(|id| *id != 0)?;
        let span_id = digits(span_id, 16).filter(|id| *id != 0)?;
        let flags = digits(flags, 2)?;
        Some(Self {
            trace_id,
            span_id: u64::try_from(span_id).ok()?,
            flags: u8::try_from(flags).ok()? & SAMPLED,
        })
    }

    /// The trace alone, as it is searched for.
    pub fn trace_id(&self) -> TraceId {
        TraceId(self.trace_id)
    }
}

/// The only flag of version 00.
const SAMPLED: u8 = 1;

/// As the `traceparent` header writes it.
impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "00-{:032x}-{:016x}-{:02x}",
            self.trace_id, self.span_id, self.flags
        )
    }
}

/// The name of a whole trace.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TraceId(u128);

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

fn digits(text: &str, count: usize) -> Option<u128> {
    let lower = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if text.len() == count && lower {
        u128::from_str_radix(text, 16).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the recommendation, section 3.2.2.
    const EXAMPLE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_trace_is_continued_with_a_span_of_our_own() {
        let request = Request::builder().header("traceparent", EXAMPLE).finish();
        let context = TraceContext::of(&request);
        assert_eq!(
            context.trace_id().to_string(),
            "4bf92f3577b34da6a3ce929d0e0e4736"
        );
        assert!(!context.to_string().contains("00f067aa0ba902b7"));
        assert!(context.to_string().ends_with("-01"));
    }

    #[test]
    fn the_written_form_reads_back() {
        let parsed = TraceContext::parse(EXAMPLE).expect("the example is valid");
        assert_eq!(parsed.to_string(), EXAMPLE);
    }

    #[test]
    fn broken_headers_are_ignored() {
        for bad in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        ] {
            assert_eq!(TraceContext::parse(bad), None, "{bad}");
        }
    }
}
