//! The requests or events that a fault is limited to.

use std::fmt;

/// Methods of HTTP requests.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
/// Start of the paths of Socket.IO. Faults without a scope leave its requests alone, so that a connection can begin.
const SOCKETS: &str = "/socket.io";
/// Longest event name that is compared.
const MAX_NAME: usize = 128;

/// The part of a fault after `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scope {
    /// All requests and events.
    All,
    /// Requests.
    Route {
        /// The method; `None` means any.
        method: Option<&'static str>,
        /// Segments of the path: `*` is any segment, and `**` at the end all that follow.
        segments: Vec<String>,
    },
    /// Events with this name. A `*` at the end stands for the rest of a name.
    Event(String),
}

impl Scope {
    /// Parses `/v1/messages`, `POST /v1/messages`, `/v1/**` or the name of an event.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (method, path) = match text.split_once(' ') {
            Some((method, path)) => {
                (Some(*METHODS.iter().find(|known| known.eq_ignore_ascii_case(method))?), path.trim())
            }
            None => (None, text),
        };
        if let Some(path) = path.strip_prefix('/') {
            let segments = path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
            return Some(Self::Route { method, segments });
        }
        let is_name = method.is_none() && !text.is_empty() && text.len() <= MAX_NAME;
        (is_name && !text.contains(char::is_whitespace)).then(|| Self::Event(text.to_owned()))
    }

    /// Whether it is limited to some requests or events.
    pub(super) fn is_limited(&self) -> bool {
        *self != Self::All
    }

    /// Whether it includes a request with this method and path.
    pub(super) fn includes_request(&self, method: &str, path: &str) -> bool {
        match self {
            // A preflight request carries out nothing, and no program sees its result.
            Self::All => !path.starts_with(SOCKETS) && method != "OPTIONS",
            Self::Event(_) => false,
            Self::Route { method: only, segments } => {
                only.is_none_or(|only| only == method) && includes_path(segments, path)
            }
        }
    }

    /// Whether it includes an event with this name. Acknowledgements are called `ack`, and only included if named.
    pub(super) fn includes_event(&self, name: &str, is_ack: bool) -> bool {
        match self {
            Self::All => !is_ack,
            Self::Route { .. } => false,
            Self::Event(pattern) => match pattern.strip_suffix('*') {
                Some(start) => !is_ack && name.starts_with(start),
                None => pattern == name,
            },
        }
    }
}

fn includes_path(pattern: &[String], path: &str) -> bool {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    for (index, wanted) in pattern.iter().enumerate() {
        if wanted == "**" && index + 1 == pattern.len() {
            return true;
        }
        let Some(segment) = segments.next() else { return false };
        if wanted != "*" && wanted != segment {
            return false;
        }
    }
    segments.next().is_none()
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => Ok(()),
            Self::Event(name) => write!(f, "@{name}"),
            Self::Route { method, segments } => {
                f.write_str("@")?;
                method.map_or(Ok(()), |method| write!(f, "{method} "))?;
                write!(f, "/{}", segments.join("/"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn includes(scope: &str, method: &str, path: &str) -> bool {
        Scope::parse(scope).unwrap().includes_request(method, path)
    }

    #[test]
    fn route_matches_whole_paths() {
        for (scope, path) in [
            ("/v1/messages", "/v1/messages"),
            ("/v1/messages", "/v1/messages/"),
            ("/v1/messages/*", "/v1/messages/ab12"),
            ("/v1/*/list", "/v1/chat/list"),
            ("/v1/**", "/v1"),
            ("/v1/**", "/v1/messages/ab12/seen"),
            ("post /v1/messages", "/v1/messages"),
            ("/", "/"),
            ("/socket.io", "/socket.io/"),
        ] {
            assert!(includes(scope, "POST", path), "{scope} {path}");
        }
        for (scope, path) in [
            ("/v1/messages", "/v1/messages/ab12"),
            ("/v1/messages", "/v1/message"),
            ("/v1/messages/*", "/v1/messages"),
            ("GET /v1/messages", "/v1/messages"),
            ("message", "/message"),
        ] {
            assert!(!includes(scope, "POST", path), "{scope} {path}");
        }
    }

    #[test]
    fn event_matches_by_name_or_start() {
        let includes = |scope: &str, name: &str| Scope::parse(scope).unwrap().includes_event(name, name == "ack");
        assert!(includes("message", "message") && !includes("message", "message.update"));
        assert!(includes("message*", "message") && includes("message*", "message.update"));
        assert!(includes("ack", "ack") && !includes("*", "ack") && !includes("/v1/message", "message"));
        assert!(Scope::All.includes_event("message", false) && !Scope::All.includes_event("ack", true));
    }

    #[test]
    fn faults_without_a_scope_leave_connecting_alone() {
        assert!(Scope::All.includes_request("GET", "/v1/user"));
        assert!(
            !Scope::All.includes_request("GET", "/socket.io/") && !Scope::All.includes_request("OPTIONS", "/v1/user")
        );
    }

    #[test]
    fn scope_is_written_as_it_is_read() {
        for text in ["message.*", "/v1/messages", "POST /v1/**", "/"] {
            assert_eq!(Scope::parse(text).unwrap().to_string(), format!("@{text}"));
        }
        for text in ["", " ", "FETCH /v1", "two words", "POST message"] {
            assert_eq!(Scope::parse(text), None, "{text}");
        }
    }
}
