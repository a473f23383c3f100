//! HTTP replies, as both transports (`plain_http` and `tls_http`) return them, and the errors of calls without a reply.

use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hyper::http::HeaderMap;

use crate::domain::Timestamp;

/// Value of the `User-Agent` header.
pub(super) const USER_AGENT: &str = concat!("minchat-tui/", env!("CARGO_PKG_VERSION"));

/// Limit for establishing an HTTP connection.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Maximum size of a body, in bytes. A page of messages has about 20 KB.
const MAX_BODY_BYTES: usize = 8 << 20;

/// An HTTP reply with an uninterpreted body.
pub(super) struct RawReply {
    pub(super) status: u16,
    /// Delay that the server asks for (`Retry-After`).
    pub(super) retry_after: Option<Duration>,
    /// Difference between the server's clock and ours in milliseconds, if the reply has a date.
    pub(super) clock_offset: Option<i64>,
    pub(super) body: Vec<u8>,
}

impl RawReply {
    /// Creates a reply from status and headers. The body is appended as it arrives.
    pub(super) fn new(status: u16, headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let our_time = now();
        let server_time = text("date").and_then(Timestamp::parse_http);
        let retry_after = text("retry-after").and_then(|text| parse_retry_after(text, server_time.unwrap_or(our_time)));
        let clock_offset = server_time.map(|server_time| server_time - our_time);
        Self { status, retry_after, clock_offset, body: Vec::new() }
    }

    /// Appends a part of the body. Fails when the body gets too large.
    pub(super) fn append(&mut self, part: &[u8]) -> Result<(), CallError> {
        if self.body.len() + part.len() > MAX_BODY_BYTES {
            return Err(CallError::TooLarge);
        }
        self.body.extend_from_slice(part);
        Ok(())
    }
}

/// Reads `Retry-After`: a number of seconds, or a date by the server's clock (RFC 9110 §10.2.3). `now` is the server's
/// time.
fn parse_retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = Timestamp::parse_http(text)?;
    Some(Duration::from_millis(u64::try_from(at - now).unwrap_or(0)))
}

fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

type BoxError = Box<dyn Error + Send + Sync>;

/// A reason why a call has no reply.
pub(super) enum CallError {
    /// The call took too long.
    TimedOut,
    /// No part of a file was transferred for too long.
    Stalled,
    /// The body is larger than [`MAX_BODY_BYTES`], or takes too much memory once it is parsed.
    TooLarge,
    /// There was no connection, so nothing was sent.
    NotConnected(BoxError),
    /// Any other error.
    Other(BoxError),
}

impl CallError {
    /// Wraps an error that occurred before the first byte was sent.
    pub(super) fn not_connected(error: impl Into<BoxError>) -> Self {
        Self::NotConnected(error.into())
    }
}

impl<E: Into<BoxError>> From<E> for CallError {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date_by_the_servers_clock() {
        let retry_after = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", text.parse().unwrap());
            headers.insert("date", "Sun, 06 Nov 1994 08:49:37 GMT".parse().unwrap());
            RawReply::new(429, &headers).retry_after.map(|delay| delay.as_secs())
        };
        assert_eq!(retry_after("12"), Some(12));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:50:07 GMT"), Some(30));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        for nonsense in ["", "soon", "-5", "1.5", "99999999999999999999999"] {
            assert_eq!(retry_after(nonsense), None, "{nonsense}");
        }
    }
}
