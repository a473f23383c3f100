//! The paths and events of a service, by which a misspelled target of a fault is recognised.

use crate::server::endpoints::{Endpoints, may_be_id};
use crate::server::options::Service;

use super::parse::{FaultError, FaultRules};
use super::scope::Scope;

/// The events to which a fault can be limited.
struct Events {
    service: &'static str,
    /// Events that the server sends.
    names: &'static [&'static str],
}

/// An acknowledgement is named like an event.
const ACKNOWLEDGEMENT: &str = "ack";

const MINCHAT: Events = Events {
    service: "MinChat",
    names: &[
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

const VCHAT: Events = Events {
    service: "V Chat",
    names: &[
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
    let events = match service {
        Service::MinChat => &MINCHAT,
        Service::VChat => &VCHAT,
    };
    let unknown = |kind, word: &str, known| {
        Err(FaultError::Target { service: events.service, kind, word: word.to_owned(), known })
    };
    match scope {
        Scope::All => Ok(()),
        Scope::Event(pattern) => {
            let is_known = match pattern.strip_suffix('*') {
                Some(start) => events.names.iter().any(|event| event.starts_with(start)),
                None => pattern == ACKNOWLEDGEMENT || events.names.contains(&pattern.as_str()),
            };
            if is_known { Ok(()) } else { unknown("event", pattern, events.names.to_vec()) }
        }
        Scope::Route { method, segments } => {
            let endpoints = Endpoints::of(service);
            let fitting: Vec<&str> = endpoints.matching(segments).collect();
            let has_method = |method: &str| fitting.iter().any(|endpoint| endpoint.starts_with(method));
            let path = format!("/{}", segments.join("/"));
            match *method {
                // Every path has this method, for web pages.
                None | Some("OPTIONS") if !fitting.is_empty() => Ok(()),
                Some("HEAD") if has_method("GET ") => Ok(()),
                Some(method) if has_method(&format!("{method} ")) => Ok(()),
                Some(method) if !fitting.is_empty() => unknown("request", &format!("{method} {path}"), fitting),
                _ => match unknown_word(endpoints, segments) {
                    Some((word, known)) => unknown("path segment", word, known),
                    None => unknown("path", &path, similar_paths(endpoints, segments)),
                },
            }
        }
    }
}

/// Returns the first segment that no path has, and the words that paths have at its place.
fn unknown_word(endpoints: Endpoints, segments: &[String]) -> Option<(&str, Vec<&'static str>)> {
    let is_known = |segment: &str| endpoints.paths().iter().any(|path| path.split('/').any(|word| word == segment));
    let (index, word) = segments.iter().enumerate().find(|(_, segment)| !may_be_id(segment) && !is_known(segment))?;
    Some((word, endpoints.words_after(&segments[..index])))
}

/// Returns the paths that begin as the segments do, as far as any path does.
fn similar_paths(endpoints: Endpoints, segments: &[String]) -> Vec<&'static str> {
    let beginnings = (0..=segments.len()).rev().map(|length| [&segments[..length], &["**".to_owned()]].concat());
    let fitting = beginnings.map(|pattern| endpoints.matching(&pattern).collect::<Vec<_>>());
    let fitting = fitting.into_iter().find(|fitting| !fitting.is_empty()).unwrap_or_default();
    let mut paths: Vec<&str> = fitting.into_iter().filter_map(|endpoint| Some(endpoint.split_once(' ')?.1)).collect();
    paths.dedup();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(service: Service, scope: &str) -> String {
        check(service, &Scope::parse(scope).unwrap()).unwrap_err().to_string()
    }

    fn accepts(service: Service, scope: &str) -> bool {
        check(service, &Scope::parse(scope).unwrap()).is_ok()
    }

    /// Regression test: these were accepted and had no effect.
    #[test]
    fn misspelled_targets_are_refused() {
        for scope in ["message", "typing.*", "ack", "*", "POST /v1/messages", "/v1/**", "/v1/chat/cmx1r7bdg0000"] {
            assert!(accepts(Service::MinChat, scope), "{scope}");
        }
        for scope in ["v1OnNewMessage", "/api/v2/channel/*/message", "/api/**", "/socket.io", "/"] {
            assert!(accepts(Service::VChat, scope), "{scope}");
        }
        assert_eq!(error(Service::MinChat, "mesage"), "MinChat has no event \"mesage\".");
        assert_eq!(error(Service::VChat, "message"), "V Chat has no event \"message\".");
        assert_eq!(error(Service::MinChat, "/v1/mesages"), "MinChat has no path segment \"mesages\".");
        assert_eq!(error(Service::MinChat, "/v1/mess*"), "MinChat has no path segment \"mess*\".");
        assert_eq!(error(Service::VChat, "/api/v1/channel"), "V Chat has no path segment \"v1\".");
    }

    /// Regression test: a wrong path was accepted if each of its words is part of some path.
    #[test]
    fn wrong_paths_of_known_words_are_refused() {
        for scope in
            ["/messages", "/v1/list", "/v1/messages/list", "/v1", "/", "/v1/**/seen", "/v1/chat/cmx1r7bdg0000/seen"]
        {
            let path = scope.to_owned();
            assert_eq!(error(Service::MinChat, scope), format!("MinChat has no path {path:?}."));
        }
        for scope in [
            "/api/v2/message/channel",
            "/api/v2/channel/members",
            "/api/v2/channel/*/mute",
            "/api/v2/channel/*/group/stars",
            "/api/v2/**/message",
            "/channel/**",
        ] {
            assert_eq!(error(Service::VChat, scope), format!("V Chat has no path {scope:?}."));
        }
        assert_eq!(error(Service::MinChat, "PUT /v1/user"), "MinChat has no request \"PUT /v1/user\".");
        assert_eq!(
            error(Service::VChat, "PATCH /api/v2/channel/*"),
            "V Chat has no request \"PATCH /api/v2/channel/*\"."
        );
        assert!(accepts(Service::MinChat, "HEAD /v1/user") && accepts(Service::MinChat, "OPTIONS /v1/chat"));
        let all = check(Service::MinChat, &Scope::parse("PUT /v1/user").unwrap()).unwrap_err().sentence(|_, _| None);
        assert_eq!(all, "MinChat has no request \"PUT /v1/user\". Use GET /v1/user, POST /v1/user.");
        let near = check(Service::VChat, &Scope::parse("/api/v2/call/accept").unwrap()).unwrap_err();
        assert_eq!(
            near.sentence(|_, _| None),
            "V Chat has no path \"/api/v2/call/accept\". Use /api/v2/call/accept/*."
        );
    }

    #[test]
    fn every_event_of_minchat_is_known() {
        let source = include_str!("../minchat/wire.rs");
        let calls = source.split("delivery(").skip(1).filter_map(|rest| rest.split(',').next());
        for name in calls.flat_map(|call| call.split('"').skip(1).step_by(2)) {
            assert!(MINCHAT.names.contains(&name), "{name}");
        }
    }
}
