//! What a failed request leaves behind.

/// What is known of a request that failed: whether it can have been carried out, and whether to ask again.
///
/// An outbox lives by it. `Refused` and `NotFound` stay failed until the user changes something; `NotSent` and `Later` may be
/// asked again as they are, without anything happening twice; only `Uncertain` may be on the server already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It was not carried out, and asking again as it is will not help: the server said no, or it cannot even be asked.
    Refused,
    /// It was not carried out, and never will be: the server says that the room does not exist (any more).
    NotFound,
    /// It never left: there was no connection, or no room for it.
    NotSent,
    /// It was not carried out: the server asks to come back later, and that is longer than a request waits by itself.
    Later,
    /// Nobody knows: it left, and nothing came back that says (a cut line, a time limit, a 5xx, an answer that cannot be
    /// read).
    Uncertain,
}

impl Failure {
    /// What an answer of this HTTP status says that refuses a request.
    pub fn of_status(status: u16) -> Self {
        match status {
            429 => Self::Later,
            // A proxy's 2xx page is no answer of the server's, and 408 is one to what it may have read.
            0..300 | 408 | 500.. => Self::Uncertain,
            _ => Self::Refused,
        }
    }

    /// Whether the request was surely not carried out.
    pub fn is_certain(self) -> bool {
        self != Self::Uncertain
    }
}

#[cfg(test)]
mod tests {
    use super::Failure::{self, Later, Refused, Uncertain};

    #[test]
    fn only_what_the_server_itself_said_is_certain() {
        let known = [(400, Refused), (404, Refused), (302, Refused), (429, Later)];
        for (status, failure) in known.into_iter().chain([200, 408, 500, 502, 503, 504].map(|s| (s, Uncertain))) {
            assert_eq!(Failure::of_status(status), failure, "{status}");
            assert_eq!(failure.is_certain(), failure != Uncertain);
        }
    }
}
