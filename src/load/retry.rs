//! Repeats what prepares a load test until the server accepts it, as the client does. Messages are never repeated: their
//! errors are the result of the test.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::service::CallError;

/// Attempts before a failure is the result.
const ATTEMPTS: u32 = 8;
/// Time before the second attempt; it doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_millis(100);
/// Longest time between two attempts, also if the server asks for more.
const MAX_DELAY: Duration = Duration::from_secs(5);

/// Counts requests and their attempts. Clones count together.
#[derive(Debug, Clone, Default)]
pub(super) struct Retry(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicU64,
    attempts: AtomicU64,
}

impl Retry {
    /// Makes a request until it succeeds, fails for good, or was made often enough.
    pub(super) async fn until_done<T, F>(&self, mut request: impl FnMut() -> F) -> Result<T, CallError>
    where
        F: Future<Output = Result<T, CallError>>,
    {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        let mut delay = FIRST_DELAY;
        let mut left = ATTEMPTS;
        loop {
            self.0.attempts.fetch_add(1, Ordering::Relaxed);
            left -= 1;
            match request().await {
                Err(error) if left > 0 && error.is_temporary() => {
                    tokio::time::sleep(error.wait().unwrap_or(delay).min(MAX_DELAY)).await;
                    delay *= 2;
                }
                outcome => return outcome,
            }
        }
    }

    /// Number of requests.
    pub(super) fn requests(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// Number of attempts of all requests.
    pub(super) fn attempts(&self) -> u64 {
        self.0.attempts.load(Ordering::Relaxed)
    }
}
