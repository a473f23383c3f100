//! Links in text that somebody else wrote: found, read by the rules of the web, and told by where they really lead.
//!
//! Only http and https are links here. An address is kept as browsers send it, in ASCII: a host in another script is
//! its `xn--` form, so that no letter can pass for another one. Opens nothing.

use linkify::{LinkFinder, LinkKind};
use url::Url;

use super::sanitize::SafeText;

/// A link of the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The whole address, in ASCII, without any control character; begins with `http:` or `https:`.
    pub address: String,
    /// The host that it really leads to, with a port that is not the usual one.
    pub host: String,
    /// The host is not what it looks like in the text: it is written in another script, or as a number.
    pub disguised: bool,
    /// A name or password stands before the host, which is how one host is made to look like another.
    pub has_user: bool,
}

impl Link {
    /// The links in `text`, in order, each once.
    pub fn find(text: &str) -> Vec<Self> {
        let mut finder = LinkFinder::new();
        finder.kinds(&[LinkKind::Url]);
        let mut links: Vec<Self> = Vec::new();
        for found in finder.links(text) {
            // A badge stands for a character that would have ended no link, and is a disguise: the address ends there.
            let written = found.as_str().split('⟨').next().unwrap_or_default();
            if let Some(link) = Self::read(written)
                && !links.iter().any(|known| known.address == link.address)
            {
                links.push(link);
            }
        }
        links
    }

    /// An address by itself, such as a file's; `None` when it is none of the web.
    pub fn read(written: &str) -> Option<Self> {
        let url = Url::parse(written).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let name = url.host_str()?;
        let host = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        let address = url.as_str();
        // The library has seen to it; what is handed to another program is looked at all the same.
        if !address.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let disguised = !written.to_ascii_lowercase().contains(name) || name.contains("xn--");
        let has_user = !url.username().is_empty() || url.password().is_some();
        Some(Self { address: address.to_owned(), host, disguised, has_user })
    }

    /// The host, for a sentence on the screen.
    pub fn shown_host(&self) -> SafeText {
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
    fn links_are_found_where_people_put_them() {
        let text = "see https://example.org/a(b), or <http://x.org:8080/?q=1#z>. https://example.org/a(b)!";
        assert_eq!(addresses(text), ["https://example.org/a(b)", "http://x.org:8080/?q=1#z"]);
        assert_eq!(addresses("nothing, example.org, mailto:a@b.c, https://"), Vec::<String>::new());
    }

    #[test]
    fn only_the_web_is_a_link() {
        for other in
            ["file:///etc/passwd", "javascript:alert(1)", "ssh://-oProxyCommand=x", "ftp://x.org", "vscode://x"]
        {
            assert_eq!(addresses(other), Vec::<String>::new(), "{other}");
            assert_eq!(Link::read(other), None, "{other}");
        }
    }

    #[test]
    fn a_host_in_another_script_is_told_in_its_encoded_form() {
        let link = &Link::find("https://ex\u{430}mple.org/ login")[0];
        assert_eq!((link.host.as_str(), link.disguised), ("xn--exmple-4nf.org", true));
        assert_eq!(link.address, "https://xn--exmple-4nf.org/");
        let plain = &Link::find("HTTPS://Example.ORG/Path")[0];
        assert_eq!((plain.host.as_str(), plain.disguised, plain.has_user), ("example.org", false, false));
        let number = Link::read("http://2130706433/");
        assert!(number.is_some_and(|link| link.disguised && link.host == "127.0.0.1"));
    }

    #[test]
    fn a_name_before_the_host_is_noticed() {
        let link = &Link::find("https://example.org@evil.example/x")[0];
        assert_eq!((link.host.as_str(), link.has_user), ("evil.example", true));
        assert!(Link::find("https://a:b@evil.example/")[0].has_user);
    }

    #[test]
    fn nothing_in_an_address_can_be_obeyed_or_read_as_an_option() {
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
