//! HTTP proxies named by the environment (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`).
//!
//! REST calls over TLS use them, because `reqwest` does. The socket library connects by itself and knows no proxies, so
//! the user has to be told why signing in works and the live connection does not.

use std::error::Error;
use std::sync::OnceLock;

use hyper::http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use super::error::{Lasting, NetError, TransportProblem};

/// The variables that can name the proxy of https addresses, as `hyper-util` reads them: of two that differ in case, the
/// first one that is set counts, and the second pair only if the first one names no proxy.
const VARIABLES: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];

/// The variable that names the proxy, once it was looked for.
static USED: OnceLock<&'static str> = OnceLock::new();

/// Looks for the variable that names the proxy, so that advice is about the one that is used. `read` returns the value of
/// a variable.
pub fn find_proxy_variable(read: impl Fn(&str) -> Option<String>) {
    USED.get_or_init(|| find(read));
}

fn used_variable() -> &'static str {
    USED.get().copied().unwrap_or(VARIABLES[0][0])
}

/// Returns the variable that names the proxy; `HTTPS_PROXY` if none does.
fn find(read: impl Fn(&str) -> Option<String>) -> &'static str {
    let set = |[one, other]: [&'static str; 2]| {
        let (name, value) = read(one).map(|value| (one, value)).or_else(|| Some((other, read(other)?)))?;
        names_proxy(&value).then_some(name)
    };
    VARIABLES.into_iter().find_map(set).unwrap_or(VARIABLES[0][0])
}

/// Returns advice about a proxy that does not work.
pub(super) fn advice() -> String {
    format!("Check {}, or exclude the host with NO_PROXY.", used_variable())
}

/// Returns advice about a proxy that asks for a user name and a password.
pub(super) fn password_advice() -> String {
    format!("Write them into {}: http://USER:PASSWORD@HOST:PORT", used_variable())
}

fn names_proxy(value: &str) -> bool {
    Matcher::builder().all(value.to_owned()).build().intercept(&Uri::from_static("https://host.example")).is_some()
}

/// What is wrong with a proxy that is none of HTTP.
pub(super) const SOCKS: &str = "SOCKS proxies are not supported.";

/// Returns the address of the proxy through which REST calls to `url` go, without user name and password.
fn proxy_of(proxies: &Matcher, url: &str) -> Option<Uri> {
    let uri = url.parse::<Uri>().ok().filter(|uri| uri.scheme_str() == Some("https"))?;
    Some(proxies.intercept(&uri)?.uri().clone())
}

/// Whether a proxy speaks SOCKS. An HTTP request would be sent to it.
pub(super) fn is_socks(proxy: &Uri) -> bool {
    proxy.scheme_str().is_some_and(|scheme| scheme.starts_with("socks"))
}

/// Checks the proxy through which REST calls to `url` would go.
///
/// # Errors
/// It cannot be used.
pub(super) fn check(url: &str) -> Result<(), NetError> {
    check_with(&Matcher::from_env(), url)
}

fn check_with(proxies: &Matcher, url: &str) -> Result<(), NetError> {
    if proxy_of(proxies, url).is_some_and(|proxy| is_socks(&proxy)) {
        return Err(NetError::permanent(&format!("Cannot reach {url}: {SOCKS} {}", advice())));
    }
    Ok(())
}

/// Explains why a REST call to `url` found no connection.
pub(super) fn explain_call(url: &str, error: &(dyn Error + 'static)) -> NetError {
    explain_call_with(&Matcher::from_env(), url, error)
}

fn explain_call_with(proxies: &Matcher, url: &str, error: &(dyn Error + 'static)) -> NetError {
    let problem = TransportProblem::of(url, error);
    match (proxy_of(proxies, url), problem.no_connection) {
        (Some(proxy), Some(cause)) => {
            let address = proxy.authority().map_or("", |authority| authority.as_str());
            let advice = advice();
            NetError::transient(&format!("Cannot reach {url} through the proxy {address}: {cause}. {advice}"))
        }
        _ => problem.into(),
    }
}

/// Explains why the socket cannot reach `url`, if REST calls to it go through a proxy of the environment.
pub(super) fn explain_socket(url: &str, error: NetError) -> NetError {
    explain_socket_with(&Matcher::from_env(), url, error)
}

fn explain_socket_with(proxies: &Matcher, url: &str, error: NetError) -> NetError {
    if error.lasts != Lasting::Briefly || proxy_of(proxies, url).is_none() {
        return error;
    }
    NetError::transient(&format!(
        "Cannot reach {url} directly. Live messages cannot use the proxy that {} names. Ask for direct access to this \
         host, or start the program with a tool that redirects connections, such as proxychains.",
        used_variable()
    ))
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind};

    use super::*;

    fn explained(url: &str, error: NetError) -> String {
        let proxies = Matcher::builder().https("http://proxy.example:3128").no("chat.internal").build();
        explain_socket_with(&proxies, url, error).reason.to_string()
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

    /// Regression test: the server was blamed for a proxy that could not be reached or that refused.
    #[test]
    fn proxy_that_does_not_work_is_named() {
        let proxies = Matcher::builder().https("http://alice:s3cret@proxy.example:3128").no("chat.internal").build();
        let reason = |url, error: io::Error| explain_call_with(&proxies, url, &error).reason.to_string();
        let (url, advice) = ("https://chat.example.com", advice());
        let named = "Cannot reach https://chat.example.com through the proxy proxy.example:3128";
        assert_eq!(reason(url, ErrorKind::ConnectionRefused.into()), format!("{named}: connection refused. {advice}"));
        for (error, cause) in [
            ("tunnel error: proxy authorization required", "it asks for a user name and a password (HTTP 407)"),
            ("tunnel error: unsuccessful", "it refuses a connection to this server"),
            ("failed to lookup address information", "host not found"),
        ] {
            assert_eq!(reason(url, io::Error::other(error)), format!("{named}: {cause}. {advice}"));
        }
        let untrusted = reason(url, io::Error::other("certificate verify failed: self-signed certificate"));
        assert!(untrusted.starts_with("The certificate of https://chat.example.com"), "{untrusted}");
        let direct = reason("https://chat.internal", ErrorKind::ConnectionRefused.into());
        assert_eq!(
            direct,
            "Cannot reach https://chat.internal: connection refused. Check the address and the network."
        );
    }

    /// Regression test: the program sent a request of HTTP to it, and said "connection failed".
    #[test]
    fn socks_proxy_is_refused_before_it_is_used() {
        let proxies = Matcher::builder().all("socks5://127.0.0.1:9050").no("chat.internal").build();
        let error = check_with(&proxies, "https://chat.example.com").unwrap_err();
        assert!(error.lasts == Lasting::UntilChanged && error.reason.contains(SOCKS), "{}", error.reason);
        assert_eq!(check_with(&proxies, "https://chat.internal"), Ok(()));
        assert_eq!(check_with(&proxies, "http://127.0.0.1:4000"), Ok(()), "calls without TLS use no proxy");
    }

    /// Regression test: advice named both variables, although only one was set.
    #[test]
    fn variable_that_is_used_is_found() {
        let proxy = "http://127.0.0.1:3128";
        for (set, expected) in [
            (&[("HTTPS_PROXY", proxy), ("ALL_PROXY", proxy)][..], "HTTPS_PROXY"),
            (&[("https_proxy", proxy), ("ALL_PROXY", proxy)], "https_proxy"),
            (&[("ALL_PROXY", proxy)], "ALL_PROXY"),
            (&[("all_proxy", "socks5://127.0.0.1:9050")], "all_proxy"),
            (&[("HTTPS_PROXY", ""), ("https_proxy", proxy), ("ALL_PROXY", proxy)], "ALL_PROXY"),
            (&[], "HTTPS_PROXY"),
        ] {
            let found = find(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()));
            assert_eq!(found, expected, "{set:?}");
        }
    }
}
