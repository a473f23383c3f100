//! Checks of single values. Each error is a sentence that says what to write instead.

use std::borrow::Cow;

use url::{Host, Url};

use super::quotable::quotable;

/// Returns the address in normalized form, without a slash at the end. No part of an invalid one is quoted: a key may
/// be written in any of them.
pub(super) fn url(written: &str, allow_plain_http: bool) -> Result<String, String> {
    let example = "Write it like https://api.minchat.io.";
    let url = Url::parse(written).map_err(|error| format!("The address is not valid ({error}). {example}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("The address does not begin with http:// or https://. {example}"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("The address must not contain a user name or password. {example}"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("The address must not contain `?` or `#`. {example}"));
    }
    if url.scheme() == "http" && !allow_plain_http && !is_loopback(&url) {
        let sentence = "This address would send your credentials and messages unencrypted to another machine. Use \
                        https://, or allow it with `allow_plain_http = true` in the profile.";
        return Err(sentence.to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Completes an address without a scheme, such as `localhost:4000`: with that of an unencrypted connection on this
/// machine only. A single word is no address.
pub(super) fn with_scheme(written: &str) -> Cow<'_, str> {
    let has_scheme = written.contains("://");
    if has_scheme || !(written.contains(['.', ':']) || written == "localhost") {
        return written.into();
    }
    let is_local = Url::parse(&format!("http://{written}")).is_ok_and(|url| is_loopback(&url));
    let scheme = if is_local { "http" } else { "https" };
    format!("{scheme}://{written}").into()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Returns a line of text without surrounding spaces. It must not be empty or contain control characters.
pub(super) fn line(noun: &str, written: &str) -> Result<String, String> {
    let trimmed = written.trim();
    if trimmed.is_empty() {
        return Err(format!("The {noun} is empty. Write one, or remove it."));
    }
    if trimmed.chars().any(char::is_control) {
        return Err(format!("The {noun} contains a control character. Remove it."));
    }
    Ok(trimmed.to_owned())
}

/// Returns the address if it has no path. The address of a V Chat server is that of its root.
pub(super) fn without_path(address: String) -> Result<String, String> {
    match Url::parse(&address) {
        Ok(url) if url.path() != "/" => {
            Err("The address of a V Chat server has no path. Remove what follows the host.".to_owned())
        }
        _ => Ok(address),
    }
}

/// Returns a secret that is sent in a header and must be one printable ASCII word. The error never contains it.
pub(super) fn word(noun: &str, written: &str, advice: &str) -> Result<String, String> {
    let trimmed = written.trim();
    if trimmed.is_empty() {
        return Err(format!("The {noun} is empty. {advice}"));
    }
    let is_valid = trimmed.chars().all(|c| c.is_ascii_graphic());
    if is_valid { Ok(trimmed.to_owned()) } else { Err(format!("The {noun} is not a single ASCII word. {advice}")) }
}

/// Parses a number from an environment variable or a flag.
pub(super) fn number(written: &str) -> Result<u64, String> {
    written.trim().parse().map_err(|_| "This is not a whole number. Write a number such as 100000.".to_owned())
}

/// Parses a boolean from an environment variable.
pub(super) fn switch(written: &str) -> Result<bool, String> {
    match written.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(format!("`{}` is not a boolean. Write true or false.", quotable(written, ["true", "false"]))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_slash_is_removed() {
        assert_eq!(url("https://api.minchat.io/", false).as_deref(), Ok("https://api.minchat.io"));
        assert_eq!(url("https://host:8443/base/", false).as_deref(), Ok("https://host:8443/base"));
    }

    #[test]
    fn scheme_may_be_left_out() {
        for (written, expected) in [
            ("localhost:4000", "http://localhost:4000"),
            ("localhost", "http://localhost"),
            ("127.0.0.1:4000/x", "http://127.0.0.1:4000/x"),
            ("[::1]:4000", "http://[::1]:4000"),
            ("chat.example.com", "https://chat.example.com"),
            ("10.0.0.1:80", "https://10.0.0.1:80"),
            ("http://10.0.0.1", "http://10.0.0.1"),
            ("nowhere", "nowhere"),
            ("", ""),
        ] {
            assert_eq!(with_scheme(written), expected);
        }
    }

    #[test]
    fn path_in_a_vchat_address_is_rejected() {
        assert_eq!(without_path("https://host:8443".into()).as_deref(), Ok("https://host:8443"));
        let error = without_path("https://host:8443/api/v2".into());
        assert!(error.is_err_and(|sentence| sentence.contains("Remove what follows the host")));
    }

    #[test]
    fn plain_http_needs_permission_except_on_loopback() {
        for loopback in ["http://localhost:4000", "http://127.8.9.1:1", "http://[::1]:4000", "http://a.localhost"] {
            assert_eq!(url(loopback, false).as_deref(), Ok(loopback));
        }
        assert!(url("http://10.0.0.1", false).is_err_and(|sentence| sentence.contains("allow_plain_http")));
        assert_eq!(url("http://10.0.0.1", true).as_deref(), Ok("http://10.0.0.1"));
        for remote in [
            "http://localhost.evil.org",
            "http://notlocalhost",
            "http://128.0.0.1",
            "http://0.0.0.0",
            "http://[::2]",
            "http://[::ffff:10.0.0.1]",
            "HTTP://example.org",
            "http://127.0.0.1.example.org",
        ] {
            assert!(url(remote, false).is_err_and(|sentence| sentence.contains("Use https://")), "{remote}");
        }
    }

    #[test]
    fn invalid_address_is_rejected_without_its_secrets() {
        for wrong in ["api.minchat.io", "ftp://x", "https://me:secret@x", "https://x?y", "https://x#y", ""] {
            let result = url(wrong, true);
            assert!(result.is_err(), "{wrong}");
            assert!(!format!("{result:?}").contains("secret"), "{result:?}");
        }
        for wrong in [
            "https://me:secret@",
            "ftp://secret@x",
            "x@secret@y",
            "https://x?key=secret",
            "a b#secret",
            "ftp://secret",
            "https//secret",
            "https://secret:x",
            "https:///secret:x",
            "secret.example",
            "http://secret",
            "https://x/secret?a",
        ] {
            assert!(url(wrong, false).is_err_and(|sentence| !sentence.contains("secret")), "{wrong}");
        }
    }

    #[test]
    fn invalid_secret_is_rejected_without_being_quoted() {
        assert_eq!(word("API key", " abc-123 ", "").as_deref(), Ok("abc-123"));
        assert!(word("API key", "hunter two", "").is_err_and(|sentence| !sentence.contains("hunter")));
        assert!(word("API key", "", "").is_err());
    }
}
