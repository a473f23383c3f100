//! Limit on Socket.IO sessions.
//!
//! The limit on connections does not cover sessions: one that was opened by polling has no connection between its
//! requests, and the library keeps one that was closed before it joined until its time to join is over. Each session
//! therefore takes a slot, and gives it back when the library forgets the session.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::Uri;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::limits::Limits;

/// Free slots for sessions. Each transport has its own: nobody can use up those for WebSockets by polling.
pub(super) struct Sessions {
    polling: Arc<Semaphore>,
    websocket: Arc<Semaphore>,
}

/// The slot of a session. The library keeps the extensions of the request that opened a session with the session.
#[derive(Clone)]
struct Slot {
    #[expect(dead_code, reason = "it is released when it is dropped")]
    permit: Arc<OwnedSemaphorePermit>,
}

impl Sessions {
    /// Creates the slots that `limits` allow.
    pub(super) fn new(limits: &Limits) -> Self {
        let slots = |count| Arc::new(Semaphore::new(count));
        Self { polling: slots(limits.polling_sessions), websocket: slots(limits.connections) }
    }

    /// Takes a slot for the session that `request` may open. Returns false if none is free.
    pub(super) fn admit(&self, request: &mut Request) -> bool {
        let Some(slots) = self.slots(request.uri()) else { return true };
        let Ok(permit) = Arc::clone(slots).try_acquire_owned() else { return false };
        request.extensions_mut().insert(Slot { permit: Arc::new(permit) });
        true
    }

    /// Returns the slots for the session that a request to `uri` may open. The query is read as the library reads it.
    fn slots(&self, uri: &Uri) -> Option<&Arc<Semaphore>> {
        let fields = || uri.query().unwrap_or_default().split('&');
        if !uri.path().starts_with("/socket.io") || fields().any(|field| field.starts_with("sid=")) {
            return None;
        }
        let transport = fields().find_map(|field| field.strip_prefix("transport="));
        Some(if transport == Some("websocket") { &self.websocket } else { &self.polling })
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    /// One session of each transport.
    fn one_each() -> Sessions {
        Sessions::new(&Limits { connections: 1, polling_sessions: 1, ..Limits::default() })
    }

    /// Whether these requests are admitted, one after the other, when one session of each transport may be open.
    fn admitted(queries: &[&str]) -> Vec<bool> {
        let sessions = one_each();
        let mut requests = Vec::new();
        let admit = |query: &&str| {
            let mut request = Request::builder().uri(format!("/socket.io/?EIO=4&{query}")).body(Body::empty()).unwrap();
            let admitted = sessions.admit(&mut request);
            requests.push(request);
            admitted
        };
        queries.iter().map(admit).collect()
    }

    #[test]
    fn each_transport_has_its_own_slots() {
        assert_eq!(admitted(&["transport=polling", "transport=polling"]), [true, false]);
        assert_eq!(admitted(&["transport=websocket", "transport=websocket"]), [true, false]);
        assert_eq!(admitted(&["transport=polling", "transport=websocket"]), [true, true]);
        assert_eq!(admitted(&["transport=polling&sid=a", "transport=polling", "sid=a"]), [true, true, true]);
    }

    /// The library reads the first value of a field, and knows no percent-encoding.
    #[test]
    fn ambiguous_query_takes_the_slot_of_its_session() {
        for query in ["transport=polling&transport=websocket", "x&transport=polling", "transport=polling&Sid=a"] {
            assert_eq!(admitted(&[query, "transport=polling"]), [true, false], "{query}");
        }
    }

    #[test]
    fn slot_is_free_when_the_request_is_dropped() {
        let sessions = one_each();
        for _ in 0..3 {
            let mut request = Request::builder().uri("/socket.io/?transport=polling").body(Body::empty()).unwrap();
            assert!(sessions.admit(&mut request));
        }
    }
}
