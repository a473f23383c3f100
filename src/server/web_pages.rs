//! Protection against web pages: a page in a browser on this machine can send requests to this server as well.
//!
//! A page of another site must not read or change anything here, even if it knows a key. Its requests name the page in
//! the `Origin` header, or say in `Sec-Fetch-Site` that they come from elsewhere. A page may also give its own host
//! name this machine's address ("DNS rebinding"); its requests then name that host.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::options::Options;

/// Error text for a request that names another host than this machine.
const OTHER_HOST: &str = "The request is for another host. This server is reached as 127.0.0.1 or localhost, unless \
                          --bind names another address";
/// Error text for a request that names another host, if the server listens on a network.
const OTHER_NAME: &str = "The request is for another host. This server is reached under the IP addresses and the host \
                          name of its machine";
/// Error text for a request of a web page.
const OTHER_ORIGIN: &str =
    "Web pages may not use this server. Start it with --cors ORIGIN to allow those of one origin";
/// Where the addresses of images begin that a page shows: uploads, and V Chat's default profile picture.
const IMAGES: [&str; 2] = ["/files/", "/default_user_image.png"];

/// The requests that the server answers.
#[derive(Debug, Clone)]
pub(super) struct WebPolicy {
    /// Whether only the names of this machine are accepted as hosts.
    is_local: bool,
    /// Names besides `localhost` that are accepted as hosts unless `is_local`.
    names: Vec<String>,
    /// Origins of the web pages that may use the server.
    origins: Vec<String>,
}

impl WebPolicy {
    /// The policy of a server with these options.
    pub(super) fn new(options: &Options) -> Self {
        Self { is_local: options.is_local(), names: options.host_names.clone(), origins: options.cors.clone() }
    }

    /// Returns why a request is refused, as an error text; `None` if it is accepted.
    pub(super) fn refusal(&self, uri: &Uri, headers: &HeaderMap) -> Option<&'static str> {
        let hosts = headers.get_all(HOST).iter().map(|host| host.to_str().unwrap_or_default());
        let mut hosts = hosts.chain(uri.authority().map(Authority::as_str));
        if hosts.any(|host| !self.is_own_host(host)) {
            return Some(if self.is_local { OTHER_HOST } else { OTHER_NAME });
        }
        let mut origins = headers.get_all(ORIGIN).iter().peekable();
        let is_allowed = |origin: &HeaderValue| self.origins.iter().any(|allowed| *origin == **allowed);
        if origins.peek().is_some() {
            return (!origins.all(is_allowed)).then_some(OTHER_ORIGIN);
        }
        // Browsers request the images and scripts of a page without an origin, so it is not known whose page it is. The
        // server has no pages of its own: only what the user enters or opens comes from nowhere else.
        let mut sites = headers.get_all(HeaderName::from_static("sec-fetch-site")).iter();
        let is_image = || IMAGES.iter().any(|start| uri.path().starts_with(start));
        let is_foreign = sites.any(|site| site != "none") && (self.origins.is_empty() || !is_image());
        is_foreign.then_some(OTHER_ORIGIN)
    }

    /// Whether `Host: host` names this machine, with or without a port.
    ///
    /// A page can give the names of its own domain the address of this machine, but not an address, a name below
    /// `localhost` or this machine's name.
    fn is_own_host(&self, host: &str) -> bool {
        let Ok(host) = host.parse::<Authority>() else { return false };
        let name = host.host().to_ascii_lowercase();
        let address = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
            Some(address) => address.parse::<Ipv6Addr>().map(IpAddr::from),
            None => name.parse::<Ipv4Addr>().map(IpAddr::from),
        };
        if let Ok(address) = address {
            return !self.is_local || address.to_canonical().is_loopback();
        }
        let is_known = || self.names.iter().any(|known| known.eq_ignore_ascii_case(&name));
        name == "localhost" || name.ends_with(".localhost") || (!self.is_local && is_known())
    }
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

    /// A policy of a server that listens on `bind` on a machine with the name `box`.
    fn policy(bind: &str) -> WebPolicy {
        let host_names = vec!["box".to_owned()];
        WebPolicy::new(&Options { bind: bind.parse().unwrap(), host_names, ..Options::default() })
    }

    #[test]
    fn local_server_has_only_names_of_loopback() {
        for bind in ["127.0.0.1:1", "127.8.9.1:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            let policy = policy(bind);
            for host in [
                "localhost",
                "LocalHost:4000",
                "127.0.0.1:4000",
                "127.8.9.1",
                "[::1]:80",
                "[::ffff:7f00:1]",
                "a.localhost",
            ] {
                assert!(policy.is_own_host(host), "{bind}, {host}");
            }
            for host in ["10.0.0.1", "0.0.0.0", "[::]", "[fe80::1]", "[::ffff:a00:1]", "box", "box:4000"] {
                assert!(!policy.is_own_host(host), "{bind}, {host}");
            }
        }
    }

    /// Any name was accepted, so a page could give its own name the address of the server.
    #[test]
    fn server_on_a_network_has_addresses_and_its_own_name() {
        for bind in ["0.0.0.0:1", "[::]:1", "10.0.0.1:1", "[::ffff:10.0.0.1]:1"] {
            let policy = policy(bind);
            for host in ["localhost", "10.0.0.1:4000", "192.168.7.7", "[fe80::1]:80", "box", "BOX:4000"] {
                assert!(policy.is_own_host(host), "{bind}, {host}");
            }
            for host in ["box.evil.example", "evil.example:4000", "box."] {
                assert!(!policy.is_own_host(host), "{bind}, {host}");
            }
        }
    }

    #[test]
    fn names_of_strangers_are_never_accepted() {
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "evillocalhost",
            "127.0.0.1.evil.example",
            "user@evil.example",
            "2130706433",
            "[evil.example]",
            "127.0.0.1@evil.example",
            "localhost/evil",
        ] {
            assert!(!policy("127.0.0.1:1").is_own_host(host), "{host}");
            assert!(!policy("0.0.0.0:1").is_own_host(host), "{host}");
        }
    }
}
