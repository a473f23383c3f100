//! HTTP proxies named by the environment (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`).
//!
//! REST calls over TLS use them, because `reqwest` does. The socket library connects by itself and knows no proxies, so
//! the user has to be told why signing in works and the live connection does not.

use hyper::http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use super::error::NetError;

/// Explains why the socket cannot reach `url`, if REST calls to it go through a proxy of the environment.
pub(super) fn explain(url: &str, error: NetError) -> NetError {
    explain_with(&Matcher::from_env(), url, error)
}

fn explain_with(proxies: &Matcher, url: &str, error: NetError) -> NetError {
    let uri = url.parse::<Uri>().ok().filter(|uri| uri.scheme_str() == Some("https"));
    if error.permanent || uri.is_none_or(|uri| proxies.intercept(&uri).is_none()) {
        return error;
    }
    NetError::transient(&format!(
        "Cannot reach {url} directly. Live messages cannot use the proxy that HTTPS_PROXY or ALL_PROXY names. Ask for \
         direct access to this host, or start the program with a tool that redirects connections, such as proxychains."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(url: &str, error: NetError) -> String {
        let proxies = Matcher::builder().https("http://proxy.example:3128").no("chat.internal").build();
        explain_with(&proxies, url, error).reason.to_string()
    }

    /// Regression test: the socket said "host not found" for ever, although signing in through the proxy worked.
    #[test]
    fn proxy_that_the_socket_cannot_use_is_named() {
        let reason = explained("https://chat.example.com", NetError::transient("Cannot reach it: host not found."));
        assert!(reason.contains("HTTPS_PROXY") && reason.contains("directly"), "{reason}");
    }

    #[test]
    fn other_failures_keep_their_reason() {
        let direct = ["https://chat.internal", "http://127.0.0.1:7777", "https://not a url"];
        for url in direct {
            assert_eq!(explained(url, NetError::transient("No route.")), "No route.", "{url}");
        }
        let refused = NetError::permanent("The server refused the key.");
        assert_eq!(explained("https://chat.example.com", refused), "The server refused the key.");
    }
}
