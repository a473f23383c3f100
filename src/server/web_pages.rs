//! Protection against web pages: a page in a browser on this machine can send requests to this server as well.
//!
//! A page of another site must not read or change anything here, even if it knows a key. Its requests name the page in
//! the `Origin` header, or say in `Sec-Fetch-Site` that they come from elsewhere. A page may also give its own host name
//! this machine's address ("DNS rebinding"); its requests then name that host.

use std::net::Ipv4Addr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::options::Options;

/// Error text for a request that names another host.
const OTHER_HOST: &str = "The request is for another host. This server is reached as 127.0.0.1 or localhost, unless \
                          --bind names another address";
/// Error text for a request of a web page.
const OTHER_ORIGIN: &str =
    "Web pages may not use this server. Start it with --cors ORIGIN to allow those of one origin";

/// The requests that the server answers.
#[derive(Debug, Clone)]
pub(super) struct WebPolicy {
    /// Whether only the names of this machine are accepted as hosts.
    is_local: bool,
    /// Origins of the web pages that may use the server.
    origins: Vec<String>,
}

impl WebPolicy {
    /// The policy of a server with these options.
    pub(super) fn new(options: &Options) -> Self {
        Self { is_local: options.bind.ip().is_loopback(), origins: options.cors.clone() }
    }

    /// Returns why a request is refused, as an error text; `None` if it is accepted.
    pub(super) fn refusal(&self, uri: &Uri, headers: &HeaderMap) -> Option<&'static str> {
        let mut hosts = headers.get_all(HOST).iter();
        let is_other = |host: &HeaderValue| !host.to_str().is_ok_and(is_local_host);
        let is_other_target = uri.authority().is_some_and(|host| !is_local_host(host.as_str()));
        if self.is_local && (hosts.any(is_other) || is_other_target) {
            return Some(OTHER_HOST);
        }
        let mut origins = headers.get_all(ORIGIN).iter().peekable();
        let is_allowed = |origin: &HeaderValue| self.origins.iter().any(|allowed| *origin == **allowed);
        if origins.peek().is_some() {
            return (!origins.all(is_allowed)).then_some(OTHER_ORIGIN);
        }
        // Images and scripts of a page are requested without an origin.
        let site = headers.get(HeaderName::from_static("sec-fetch-site"));
        let is_foreign = site.is_some_and(|site| site != "none" && site != "same-origin");
        (is_foreign && self.origins.is_empty()).then_some(OTHER_ORIGIN)
    }
}

/// Whether `Host: host` names this machine, with or without a port.
fn is_local_host(host: &str) -> bool {
    let Ok(host) = host.parse::<Authority>() else { return false };
    let name = host.host().to_ascii_lowercase();
    let is_loopback = || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    name == "localhost" || name.ends_with(".localhost") || name == "[::1]" || is_loopback()
}

/// Returns the headers with which browsers let the pages of the allowed origins read responses. `more_headers` are
/// request headers of the service besides the common ones.
pub(super) fn cors(origins: &[String], more_headers: &[HeaderName]) -> CorsLayer {
    use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
    let origins = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    let headers = [AUTHORIZATION, CONTENT_TYPE].into_iter().chain(more_headers.iter().cloned());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_headers(headers.collect::<Vec<_>>())
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for host in ["localhost", "LocalHost:4000", "127.0.0.1:4000", "127.8.9.1", "[::1]:80", "chat.localhost"] {
            assert!(is_local_host(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "evillocalhost",
            "127.0.0.1.evil.example",
            "0.0.0.0",
            "user@evil.example",
            "2130706433",
            "[::]",
            "127.0.0.1@evil.example",
            "10.0.0.1",
            "localhost/evil",
        ] {
            assert!(!is_local_host(host), "{host}");
        }
    }
}
