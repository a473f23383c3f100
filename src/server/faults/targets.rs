//! The paths and events of a service, by which a misspelled target of a fault is recognised.

use crate::server::options::Service;

use super::parse::{FaultError, FaultRules};
use super::scope::Scope;

/// Length from which a segment of a path that contains a digit is taken for an id.
const MIN_ID: usize = 8;

/// The words to which a fault can be limited.
struct Targets {
    service: &'static str,
    /// First segments of paths.
    roots: &'static [&'static str],
    /// Further segments of paths, without placeholders.
    segments: &'static [&'static str],
    /// Events that the server sends.
    events: &'static [&'static str],
}

/// An acknowledgement is named like an event.
const ACKNOWLEDGEMENT: &str = "ack";

const MINCHAT: Targets = Targets {
    service: "MinChat",
    roots: &["v1", "files", "socket.io", "sdk-test", "__sandbox"],
    segments: &["user", "list", "chat", "participants", "messages", "seen", "faults"],
    events: &[
        "message",
        "message.update",
        "message.delete",
        "message.seen",
        "chat",
        "typing.start",
        "typing.stop",
        "user.status",
        "ai.event",
        "error",
    ],
};

const VCHAT: Targets = Targets {
    service: "V Chat",
    roots: &["api", "files", "socket.io", "default_user_image.png", "__sandbox"],
    segments: &[
        "v2",
        "auth",
        "connect",
        "logout",
        "profile",
        "image",
        "lang",
        "name",
        "password",
        "push",
        "users",
        "last-seen",
        "user-ban",
        "ban",
        "un-ban",
        "channel",
        "peer-room",
        "order",
        "messages",
        "message",
        "stars",
        "star",
        "un-star",
        "one-seen",
        "on",
        "off",
        "delete",
        "me",
        "all",
        "clear",
        "deliver",
        "notification",
        "mute",
        "un-mute",
        "archive",
        "un-archive",
        "nick-name",
        "translate",
        "stop",
        "un-read-count",
        "url-preview",
        "single",
        "my-info",
        "group",
        "broadcast",
        "my-status",
        "members",
        "leave",
        "title",
        "description",
        "extra-data",
        "available-users-to-add",
        "status",
        "call",
        "active",
        "history",
        "agora-access",
        "create",
        "accept",
        "reject",
        "end",
        "cancel",
        "expire",
        "remove",
        "ring",
        "emit",
        "faults",
    ],
    events: &[
        "v1OnNewMessage",
        "v1OnDeleteMessageFromAll",
        "v1OnMyOnline",
        "v1OnRoomStatusChange",
        "v1OnEnterChatRoom",
        "v1OnDeliverChatRoom",
        "v1OnKickGroupMember",
        "v1OnBanUserChat",
        "v1OnNewCall",
        "v1OnCallAccepted",
        "v1OnCallRejected",
        "v1OnCallCanceled",
        "v1OnCallEnded",
        "v1OnCallTimeout",
        "v1OnIceCandidate",
        "v1OnException",
    ],
};

impl FaultRules {
    /// Parses the faults of a service.
    ///
    /// # Errors
    /// The text is malformed, or a fault is limited to a path or an event that the service does not have.
    pub fn of_service(text: &str, service: Service) -> Result<Self, FaultError> {
        let rules: Self = text.parse()?;
        rules.0.iter().try_for_each(|rule| check(service, &rule.scope))?;
        Ok(rules)
    }
}

/// Refuses a scope that includes nothing on a service.
fn check(service: Service, scope: &Scope) -> Result<(), FaultError> {
    let targets = match service {
        Service::MinChat => &MINCHAT,
        Service::VChat => &VCHAT,
    };
    match scope {
        Scope::All => Ok(()),
        Scope::Event(pattern) => {
            let is_known = match pattern.strip_suffix('*') {
                Some(start) => targets.events.iter().any(|event| event.starts_with(start)),
                None => pattern == ACKNOWLEDGEMENT || targets.events.contains(&pattern.as_str()),
            };
            let unknown = || targets.unknown("event", pattern, targets.events);
            if is_known { Ok(()) } else { Err(unknown()) }
        }
        Scope::Route { segments, .. } => {
            let is_unknown = |(index, segment): &(usize, &String)| {
                !is_placeholder(segment) && !targets.known_at(*index).contains(&segment.as_str())
            };
            match segments.iter().enumerate().find(is_unknown) {
                Some((index, segment)) => Err(targets.unknown("path with", segment, targets.known_at(index))),
                None => Ok(()),
            }
        }
    }
}

/// Whether a segment of a path stands for any, or may be the id of something.
fn is_placeholder(segment: &str) -> bool {
    segment.contains('*') || segment.len() >= MIN_ID && segment.contains(|c: char| c.is_ascii_digit())
}

impl Targets {
    fn known_at(&self, index: usize) -> &'static [&'static str] {
        if index == 0 { self.roots } else { self.segments }
    }

    fn unknown(&self, kind: &'static str, word: &str, known: &'static [&'static str]) -> FaultError {
        FaultError::Target { service: self.service, kind, word: word.to_owned(), known }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(service: Service, scope: &str) -> String {
        check(service, &Scope::parse(scope).unwrap()).unwrap_err().to_string()
    }

    /// Regression test: these were accepted and had no effect.
    #[test]
    fn misspelled_targets_are_refused() {
        for scope in ["message", "typing.*", "ack", "*", "POST /v1/messages", "/v1/**", "/v1/chat/cmx1r7bdg0000", "/"] {
            assert_eq!(check(Service::MinChat, &Scope::parse(scope).unwrap()), Ok(()), "{scope}");
        }
        for scope in ["v1OnNewMessage", "/api/v2/channel/*/message", "/api/**", "/socket.io"] {
            assert_eq!(check(Service::VChat, &Scope::parse(scope).unwrap()), Ok(()), "{scope}");
        }
        assert_eq!(error(Service::MinChat, "mesage"), "MinChat has no event \"mesage\".");
        assert_eq!(error(Service::VChat, "message"), "V Chat has no event \"message\".");
        assert_eq!(error(Service::MinChat, "/v1/mesages"), "MinChat has no path with \"mesages\".");
        assert_eq!(error(Service::MinChat, "/messages"), "MinChat has no path with \"messages\".");
        assert_eq!(error(Service::VChat, "/api/v1/channel"), "V Chat has no path with \"v1\".");
    }

    /// Words in quotes between these two texts.
    fn words(source: &'static str, start: &str, end: &str) -> Vec<&'static str> {
        let parts = source.split(start).skip(1).filter_map(|rest| rest.split(end).next());
        parts.flat_map(|part| part.split('"').skip(1).step_by(2)).collect()
    }

    #[test]
    fn every_path_of_the_sandbox_is_known() {
        let routes = include_str!("../minchat/http/routes.rs");
        for path in routes.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = path.replace(['{', '}'], "*");
            assert_eq!(check(Service::MinChat, &Scope::parse(&path).unwrap()), Ok(()), "{path}");
        }
        let files = [
            include_str!("../vchat/http/calls.rs"),
            include_str!("../vchat/http/groups.rs"),
            include_str!("../vchat/http/people.rs"),
            include_str!("../vchat/http/rooms.rs"),
            include_str!("../vchat/http/sandbox.rs"),
        ];
        for method in ["GET", "POST", "PATCH", "DELETE"] {
            for word in files.iter().flat_map(|file| words(file, &format!("(\"{method}\", ["), "]")) {
                assert!(VCHAT.segments.contains(&word), "{word}");
            }
        }
        for word in words(include_str!("../minchat/wire.rs"), "delivery(", ",") {
            assert!(MINCHAT.events.contains(&word), "{word}");
        }
    }
}
