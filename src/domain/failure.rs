//! Failed requests and failed sends.

use serde::{Deserialize, Serialize};

use crate::text::SafeText;

/// Class of a failed request: whether the server may have carried it out, and whether to send it again.
///
/// The outbox relies on this distinction. `Refused` and `NotFound` are final until the user changes something. After
/// `NotSent` and `RetryLater` a request can be sent again unchanged without any risk of doing something twice. Only
/// after `Uncertain` may the server have carried it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// Not carried out, and sending it again unchanged is pointless: the server rejected it, or it could not be
    /// encoded.
    Refused,
    /// Not carried out, because the server says that the room does not exist.
    NotFound,
    /// Not carried out, because the server says that a user whom the request names does not exist.
    UnknownUser,
    /// Not carried out, because the server says that we are not a member of the room.
    NotMember,
    /// Never left this machine: there was no connection, or the queue was full.
    NotSent,
    /// Not carried out: the server limits the rate of requests and asks for a longer delay than the client waits
    /// automatically.
    RetryLater,
    /// Unknown: it was sent, but no usable reply came back (connection lost, time-out, 5xx, unreadable reply).
    Uncertain,
}

impl Failure {
    /// Whether the same request may succeed later.
    pub fn may_succeed_later(self) -> bool {
        match self {
            Self::NotSent | Self::RetryLater | Self::Uncertain => true,
            Self::Refused | Self::NotFound | Self::UnknownUser | Self::NotMember => false,
        }
    }

    /// Classifies a reply by its HTTP status, given that the reply is not a success.
    pub fn from_status(status: u16) -> Self {
        match status {
            429 => Self::RetryLater,
            // An unreadable 2xx page comes from a proxy, and 408 may refer to a request that was read in full.
            0..300 | 408 | 500.. => Self::Uncertain,
            _ => Self::Refused,
        }
    }
}

/// Reason why a message of the user was not sent. Stored with the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SendFailure {
    /// The server refused it, or it cannot be sent, such as an unreadable file. Holds the explanation, a complete
    /// sentence.
    Refused(SafeText),
    /// The room was deleted.
    RoomDeleted,
    /// Another account wrote the message. It is sent only if the user asks for it.
    OtherAccount,
}

#[cfg(test)]
mod tests {
    use super::Failure::{self, Refused, RetryLater, Uncertain};

    #[test]
    fn only_the_servers_own_rejections_are_final() {
        let known = [(400, Refused), (404, Refused), (302, Refused), (429, RetryLater)];
        for (status, failure) in known.into_iter().chain([200, 408, 500, 502, 503, 504].map(|s| (s, Uncertain))) {
            assert_eq!(Failure::from_status(status), failure, "{status}");
        }
    }
}
