//! Limit on the number of requests per client (§1.5).

use std::collections::HashMap;

use crate::domain::{MINUTE, Timestamp};

/// Length of a counting window, in milliseconds. All counts are reset at its end.
const WINDOW: i64 = 5 * MINUTE;
/// Maximum number of clients that are counted. When there are more, all counts are reset, which bounds their memory.
const MAX_CLIENTS: usize = 10_000;

/// Counts the requests of each client in the current window.
#[derive(Debug, Default)]
pub(crate) struct RateLimiter {
    /// Requests allowed in a window; `None` means no limit.
    limit: Option<u32>,
    window_start: Timestamp,
    counts: HashMap<String, u32>,
}

impl RateLimiter {
    /// Creates a limiter that allows `limit` requests in five minutes.
    pub(crate) fn new(limit: Option<u32>) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Counts a request; returns whether it is allowed.
    pub(crate) fn allow(&mut self, now: Timestamp, client: String) -> bool {
        let Some(limit) = self.limit else { return true };
        if now - self.window_start >= WINDOW || self.counts.len() > MAX_CLIENTS {
            (self.window_start, self.counts) = (now, HashMap::new());
        }
        let count = self.counts.entry(client).or_default();
        *count = count.saturating_add(1);
        *count <= limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_per_client_and_window() {
        let mut limiter = RateLimiter::new(Some(2));
        let mut allow = |now: i64, client: &str| limiter.allow(Timestamp(now), client.to_owned());
        assert!(allow(WINDOW, "a") && allow(WINDOW, "a") && !allow(WINDOW, "a"));
        assert!(allow(WINDOW, "b"));
        assert!(!allow(2 * WINDOW - 1, "a"));
        assert!(allow(2 * WINDOW, "a"));
    }

    #[test]
    fn without_a_limit_every_request_is_allowed() {
        let mut limiter = RateLimiter::new(None);
        assert!((0..100).all(|_| limiter.allow(Timestamp(0), String::new())));
    }
}
