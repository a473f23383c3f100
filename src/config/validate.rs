//! Single values, checked: each refusal is a sentence that says what to write instead.

use url::{Host, Url};

/// The address in its normal form, without a slash at the end.
pub(super) fn url(written: &str, allow_plain_http: bool) -> Result<String, String> {
    let example = "Write it like `https://api.minchat.io`.";
    let shown = shown(written);
    let url = Url::parse(written).map_err(|error| format!("`{shown}` is not an address ({error}). {example}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("`{shown}` is not an http or https address. {example}"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("The address must hold no user or password. {example}"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("The address `{shown}` must end before any `?` or `#`. {example}"));
    }
    if url.scheme() == "http" && !allow_plain_http && !loopback(&url) {
        return Err(format!(
            "`{shown}` would send the key or token and every message unencrypted to another machine. Use https://, or \
             write `allow_plain_http = true` into the profile to permit it."
        ));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// An address as it may stand in a sentence: people put keys into what stands before an `@` or after a `?`.
fn shown(written: &str) -> String {
    let (scheme, rest) = written.split_once("//").map_or(("", written), |(scheme, rest)| (scheme, rest));
    let slashes = if scheme.is_empty() { "" } else { "//" };
    // Whatever stands before the last `@`: a key that was written as it is may hold any of the other marks.
    let (user, rest) = rest.rsplit_once('@').map_or(("", rest), |(_, rest)| ("***@", rest));
    let (place, tail) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    let tail = tail.chars().next().map(|mark| format!("{mark}***")).unwrap_or_default();
    format!("{scheme}{slashes}{user}{place}{tail}")
}

fn loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A name for one line: something in it, no control characters.
pub(super) fn line(what: &str, written: &str) -> Result<String, String> {
    let trimmed = written.trim();
    if trimmed.is_empty() {
        return Err(format!("The {what} is empty. Write one, or leave it out."));
    }
    if trimmed.chars().any(char::is_control) {
        return Err(format!("The {what} holds a control character. Write it without."));
    }
    Ok(trimmed.to_owned())
}

/// The address of a server that is named without a path: everything on it stands at the root.
pub(super) fn root(address: String) -> Result<String, String> {
    match Url::parse(&address) {
        Ok(url) if url.path() != "/" => {
            let origin = url.origin().ascii_serialization();
            Err(format!("A V Chat server is named without a path. Write `{origin}` instead of `{address}`."))
        }
        _ => Ok(address),
    }
}

/// A secret that goes into a header: one printable ASCII word. The refusal never holds it.
pub(super) fn word(what: &str, written: &str, advice: &str) -> Result<String, String> {
    let trimmed = written.trim();
    let sound = !trimmed.is_empty() && trimmed.chars().all(|c| c.is_ascii_graphic());
    if sound { Ok(trimmed.to_owned()) } else { Err(format!("The {what} is not one word of ASCII. {advice}")) }
}

/// A whole number in an environment variable or an option.
pub(super) fn number(written: &str) -> Result<u64, String> {
    written.trim().parse().map_err(|_| format!("`{written}` is no whole number. Write one, such as 100000."))
}

/// A switch in an environment variable.
pub(super) fn switch(written: &str) -> Result<bool, String> {
    match written.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(format!("`{written}` is neither true nor false. Write one of them.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_loses_its_last_slash() {
        assert_eq!(url("https://api.minchat.io/", false).as_deref(), Ok("https://api.minchat.io"));
        assert_eq!(url("https://host:8443/base/", false).as_deref(), Ok("https://host:8443/base"));
    }

    #[test]
    fn a_path_is_refused_where_there_is_none() {
        assert_eq!(root("https://host:8443".into()).as_deref(), Ok("https://host:8443"));
        let refused = root("https://host:8443/api/v2".into());
        assert!(refused.is_err_and(|sentence| sentence.contains("Write `https://host:8443` instead")));
    }

    #[test]
    fn plain_http_is_for_this_machine_unless_it_is_permitted() {
        for here in ["http://localhost:4000", "http://127.8.9.1:1", "http://[::1]:4000", "http://a.localhost"] {
            assert_eq!(url(here, false).as_deref(), Ok(here));
        }
        assert!(url("http://10.0.0.1", false).is_err_and(|sentence| sentence.contains("allow_plain_http")));
        assert_eq!(url("http://10.0.0.1", true).as_deref(), Ok("http://10.0.0.1"));
        for elsewhere in [
            "http://localhost.evil.org",
            "http://notlocalhost",
            "http://128.0.0.1",
            "http://0.0.0.0",
            "http://[::2]",
            "http://[::ffff:10.0.0.1]",
            "HTTP://example.org",
            "http://127.0.0.1.example.org",
        ] {
            assert!(url(elsewhere, false).is_err_and(|sentence| sentence.contains("Use https://")), "{elsewhere}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for wrong in ["api.minchat.io", "ftp://x", "https://me:secret@x", "https://x?y", "https://x#y", ""] {
            let refused = url(wrong, true);
            assert!(refused.is_err(), "{wrong}");
            assert!(!format!("{refused:?}").contains("secret"), "{refused:?}");
        }
        for wrong in ["https://me:secret@", "ftp://secret@x", "x@secret@y", "https://x?key=secret", "a b#secret"] {
            assert!(url(wrong, true).is_err_and(|sentence| !sentence.contains("secret")), "{wrong}");
        }
    }

    #[test]
    fn a_key_that_is_no_word_is_refused_without_being_shown() {
        assert_eq!(word("API key", " abc-123 ", "").as_deref(), Ok("abc-123"));
        assert!(word("API key", "hunter two", "").is_err_and(|sentence| !sentence.contains("hunter")));
        assert!(word("API key", "", "").is_err());
    }
}
