//! Web links in untrusted text, and the hosts that they really lead to.
//!
//! Only `http` and `https` count as links. An address is kept in the ASCII form that browsers send: an
//! internationalised host name becomes its `xn--` form, so that look-alike letters cannot disguise it. This module
//! opens nothing.

use linkify::{LinkFinder, LinkKind};
use url::Url;

use super::sanitize::SafeText;

/// A web address, normalised and checked for disguises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The complete address in printable ASCII; begins with `http:` or `https:`.
    pub address: String,
    /// The host that it leads to, with the port unless it is the scheme's default.
    pub host: String,
    /// Whether the host differs from how the text spells it, because it is written in another script or as a number.
    pub disguised: bool,
    /// Whether a user name or password precedes the host, a common way to make one host look like another.
    pub has_credentials: bool,
}

impl Link {
    /// Returns the links in `text` in order of appearance, without duplicates.
    pub fn find(text: &str) -> Vec<Self> {
        let mut finder = LinkFinder::new();
        finder.kinds(&[LinkKind::Url]);
        let mut links: Vec<Self> = Vec::new();
        for found in finder.links(text) {
            // A `⟨U+…⟩` badge stands for an invisible character, which no legitimate address contains: cut the address
            // there.
            let written = found.as_str().split('⟨').next().unwrap_or_default();
            if let Some(link) = Self::read(written)
                && !links.iter().any(|known| known.address == link.address)
            {
                links.push(link);
            }
        }
        links
    }

    /// Parses a single address, such as that of an attachment; `None` unless it is a valid `http` or `https` address.
    pub fn read(written: &str) -> Option<Self> {
        let url = Url::parse(written).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let name = url.host_str()?;
        let host = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        let address = url.as_str();
        // `Url` guarantees this, but the address is passed to other programs, so check it again.
        if !address.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let disguised = !written.to_ascii_lowercase().contains(name) || name.contains("xn--");
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        Some(Self { address: address.to_owned(), host, disguised, has_credentials })
    }

    /// Returns the host, safe to be shown in a sentence.
    pub fn display_host(&self) -> SafeText {
        SafeText::line(&self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<String> {
        Link::find(text).into_iter().map(|link| link.address).collect()
    }

    #[test]
    fn punctuation_around_links_is_left_out() {
        let text = "see https://example.org/a(b), or <http://x.org:8080/?q=1#z>. https://example.org/a(b)!";
        assert_eq!(addresses(text), ["https://example.org/a(b)", "http://x.org:8080/?q=1#z"]);
        assert_eq!(addresses("nothing, example.org, mailto:a@b.c, https://"), Vec::<String>::new());
    }

    #[test]
    fn other_schemes_are_not_links() {
        for other in
            ["file:///etc/passwd", "javascript:alert(1)", "ssh://-oProxyCommand=x", "ftp://x.org", "vscode://x"]
        {
            assert_eq!(addresses(other), Vec::<String>::new(), "{other}");
            assert_eq!(Link::read(other), None, "{other}");
        }
    }

    #[test]
    fn disguised_hosts_are_normalised_and_flagged() {
        let link = &Link::find("https://ex\u{430}mple.org/ login")[0];
        assert_eq!((link.host.as_str(), link.disguised), ("xn--exmple-4nf.org", true));
        assert_eq!(link.address, "https://xn--exmple-4nf.org/");
        let plain = &Link::find("HTTPS://Example.ORG/Path")[0];
        assert_eq!((plain.host.as_str(), plain.disguised, plain.has_credentials), ("example.org", false, false));
        let number = Link::read("http://2130706433/");
        assert!(number.is_some_and(|link| link.disguised && link.host == "127.0.0.1"));
    }

    #[test]
    fn user_name_before_host_is_flagged() {
        let link = &Link::find("https://example.org@evil.example/x")[0];
        assert_eq!((link.host.as_str(), link.has_credentials), ("evil.example", true));
        assert!(Link::find("https://a:b@evil.example/")[0].has_credentials);
    }

    #[test]
    fn addresses_contain_only_printable_ascii() {
        for text in
            ["https://x.org/a\u{1b}[2J", "https://x.org/\u{202e}gpj.exe", "https://x.org/a\u{7}b", "https://x.org/é ü"]
        {
            for raw in [text.to_owned(), SafeText::block(text).to_string()] {
                for link in Link::find(&raw) {
                    assert!(link.address.bytes().all(|byte| byte.is_ascii_graphic()), "{link:?}");
                    assert!(link.address.starts_with("https://x.org/"), "{link:?}");
                }
            }
        }
    }
}
