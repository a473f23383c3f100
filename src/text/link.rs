//! Web links in untrusted text, and the hosts that they really lead to.
//!
//! Only `http` and `https` count as links. An address is kept in the ASCII form that browsers send: an
//! internationalised host name becomes its `xn--` form, so that look-alike letters cannot disguise it. This module
//! opens nothing.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};

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
    /// Whether the host differs from how the text spells it, because it is written in another script or as a number, or
    /// because the text seems to go on with it after the end of the link.
    pub disguised: bool,
    /// Whether a user name or password precedes the host, a common way to make one host look like another.
    pub has_credentials: bool,
}

impl Link {
    /// Returns the links in `text` in order of appearance, without duplicates.
    pub fn find(text: &str) -> Vec<Self> {
        Self::without_duplicates(Self::locate(text).into_iter().map(|(_, link)| link))
    }

    /// Returns each link once. It is disguised if it is so anywhere.
    pub(super) fn without_duplicates(links: impl Iterator<Item = Self>) -> Vec<Self> {
        let mut distinct: Vec<Self> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for link in links {
            match places.get(&link.address).and_then(|place| distinct.get_mut(*place)) {
                Some(known) => known.disguised |= link.disguised,
                None => {
                    places.insert(link.address.clone(), distinct.len());
                    distinct.push(link);
                }
            }
        }
        distinct
    }

    /// Returns the links in `text` in order of appearance, each with its range of bytes.
    pub fn locate(text: &str) -> Vec<(Range<usize>, Self)> {
        if !text.contains("://") {
            return Vec::new();
        }
        let mut finder = LinkFinder::new();
        finder.kinds(&[LinkKind::Url]);
        let searched = with_plain_hosts(text);
        let mut links = Vec::new();
        for found in finder.links(&searched) {
            let mut written = &text[found.start()..found.end()];
            if let Some(end) = written.find(ends_link) {
                // Without its last punctuation mark, in case there is one before the end.
                let cut = finder.links(&found.as_str()[..end]).next();
                written = &written[..cut.map_or(0, |cut| cut.end())];
            }
            let mut written = written.trim_end_matches(is_final_mark);
            // The marks of an emphasis around the link.
            if let Some(mark) = text[..found.start()].chars().next_back().filter(|mark| "_~*".contains(*mark)) {
                written = written.trim_end_matches(mark);
            }
            let Some(mut link) = Self::read(written) else { continue };
            let end = found.start() + written.len();
            let after = text.get(end..).unwrap_or_default();
            link.disguised |= ends_in_host(written) && continues_host(after);
            links.push((found.start()..end, link));
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
        let disguised =
            !written_host(written).is_some_and(|host| host.eq_ignore_ascii_case(name)) || name.contains("xn--");
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        Some(Self { address: address.to_owned(), host, disguised, has_credentials })
    }

    /// Whether this address and `other` are on the same host, and this one is at least as well protected on its way.
    pub fn is_on_host_of(&self, other: &Self) -> bool {
        let is_encrypted = |link: &Self| link.address.starts_with("https:");
        self.has_host_of(other) && (is_encrypted(self) || !is_encrypted(other))
    }

    /// Whether this address and `other` are on the same host, perhaps at different ports.
    pub fn has_host_of(&self, other: &Self) -> bool {
        let host = |link: &Self| Url::parse(&link.address).ok()?.host_str().map(str::to_owned);
        host(self).is_some_and(|own| host(other) == Some(own))
    }

    /// Returns the host, safe to be shown in a sentence.
    pub fn display_host(&self) -> SafeText {
        SafeText::line(&self.host)
    }
}

/// Returns the text with `x` instead of the parts of hosts that [`linkify`] does not take for one: IPv6 addresses in
/// brackets, and top-level domains that are not in ASCII, such as `.рф`. Every byte stays where it is.
fn with_plain_hosts(text: &str) -> Cow<'_, str> {
    let mut plain = Cow::Borrowed(text);
    for (scheme, _) in text.match_indices("://") {
        let rest = &text[scheme + 3..];
        let authority = &rest[..rest.find(|c| "/?#\"<>".contains(c) || ends_link(c)).unwrap_or(rest.len())];
        let start = authority.rfind('@').map_or(0, |at| at + 1);
        let host = &authority[start..];
        let hidden = match host.strip_prefix('[').and_then(|address| address.find(']')) {
            Some(end) => 0..end + 2,
            None => {
                let end = host.find(|c: char| !c.is_alphanumeric() && !"-.".contains(c)).unwrap_or(host.len());
                let name = host[..end].trim_end_matches('.');
                name.rfind('.').map_or(0, |dot| dot + 1)..name.len()
            }
        };
        let part = &host[hidden.clone()];
        let is_name = part.chars().next().is_some_and(|c| !c.is_ascii() && c.is_alphabetic());
        let is_address = part.starts_with('[') && part.contains(':');
        if is_name || is_address {
            let begin = scheme + 3 + start;
            plain.to_mut().replace_range(begin + hidden.start..begin + hidden.end, &"x".repeat(part.len()));
        }
    }
    plain
}

/// Returns the host as an address spells it: what stands between `//` and the next `/`, `?`, `#` or port. `None` if the
/// beginning is not written plainly, such as with backslashes, which browsers take for slashes.
fn written_host(address: &str) -> Option<&str> {
    let after = address.split_once(':')?.1.strip_prefix("//")?;
    let path = after.find(['?', '#']).unwrap_or(after.len());
    if after.get(..path)?.contains('\\') {
        return None;
    }
    let authority = after.get(..after.find(['/', '?', '#']).unwrap_or(after.len()))?;
    // The colons inside of brackets belong to an IPv6 address.
    let end = match authority.find(']') {
        Some(bracket) if authority.starts_with('[') => bracket + 1,
        _ => authority.find(':').unwrap_or(authority.len()),
    };
    authority.get(..end)
}

/// Whether an address has neither path, query nor fragment.
fn ends_in_host(address: &str) -> bool {
    address.split_once("//").is_some_and(|(_, after)| !after.contains(['/', '?', '#']))
}

/// Whether the text after a link that ends in its host may be read as the rest of the host: if it has letters or digits
/// of an address, or delimiters, before the next space. Browsers take some characters for a dot or a slash that end a
/// link here, such as `。`. Text of scripts that are written without spaces may follow a link.
fn continues_host(after: &str) -> bool {
    // Read only as far as it takes: the next link is in the same word, if there is no blank between them.
    let mut word = after.chars().take_while(|c| !matches!(c, ' ' | '\n' | '\t' | '\u{3000}'));
    let is_fullwidth = |c: char| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '／' | '＼' | '＠');
    let is_dot = after.starts_with(['.', '。', '．', '｡', '․']);
    word.any(|c| c.is_ascii_alphanumeric() || "/\\@".contains(c) || is_fullwidth(c) || is_dot && c.is_alphanumeric())
}

/// Characters that are never part of a link in running text, besides white space.
///
/// Addresses may contain letters of any script, but the punctuation of scripts that are written without spaces belongs
/// to the sentence: a browser copies it percent-encoded. [`linkify`] knows the punctuation of ASCII only.
const LINK_ENDS: &[RangeInclusive<char>] = &[
    // The opening bracket of a `⟨U+…⟩` badge, which stands for an invisible character.
    '⟨'..='⟨',
    // Quotation marks other than the apostrophes U+2018 and U+2019, and guillemets.
    '\u{201a}'..='\u{201f}',
    '«'..='«',
    '»'..='»',
    '‹'..='›',
    // Armenian full stop; Arabic comma, semicolon, question mark and full stop; dandas; Myanmar and Ethiopic stops.
    '\u{589}'..='\u{589}',
    '\u{60c}'..='\u{60c}',
    '\u{61b}'..='\u{61b}',
    '\u{61f}'..='\u{61f}',
    '\u{6d4}'..='\u{6d4}',
    '\u{964}'..='\u{965}',
    '\u{104a}'..='\u{104b}',
    '\u{1361}'..='\u{1368}',
    // CJK punctuation, without the letters in its block; vertical and small forms; halfwidth and fullwidth forms.
    '\u{3000}'..='\u{3003}',
    '\u{3008}'..='\u{3020}',
    '\u{3030}'..='\u{3030}',
    '\u{fe10}'..='\u{fe19}',
    '\u{fe30}'..='\u{fe6b}',
    '\u{ff01}'..='\u{ff0f}',
    '\u{ff1a}'..='\u{ff20}',
    '\u{ff3b}'..='\u{ff40}',
    '\u{ff5b}'..='\u{ff65}',
];

/// Whether `c` is never part of a link in running text.
fn ends_link(c: char) -> bool {
    c.is_whitespace() || LINK_ENDS.iter().any(|range| range.contains(&c))
}

/// Whether `c` belongs to the sentence at the end of a link, but may be part of one elsewhere.
fn is_final_mark(c: char) -> bool {
    matches!(c, '‘' | '’' | '…' | '–' | '—' | '·' | '•')
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

    /// There was "no http or https link" in messages with these.
    #[test]
    fn hosts_may_be_numbers_in_brackets_or_names_of_any_script() {
        for (text, found) in [
            ("see https://[2001:db8::1]:8080/x.", "https://[2001:db8::1]:8080/x"),
            ("(http://[::1])", "http://[::1]/"),
            ("http://me@[::1]:80/a?b", "http://me@[::1]/a?b"),
            ("https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/"),
            ("Откройте https://пример.рф, пожалуйста", "https://xn--e1afmkfd.xn--p1ai/"),
            ("https://пример.рф:8443/путь.", "https://xn--e1afmkfd.xn--p1ai:8443/%D0%BF%D1%83%D1%82%D1%8C"),
            ("请看https://例子.中国/a，谢谢", "https://xn--fsqu00a.xn--fiqs8s/a"),
            ("https://مثال.إختبار/a", "https://xn--mgbh0fb.xn--kgbechtv/a"),
        ] {
            assert_eq!(addresses(text), [found], "{text}");
        }
        for text in ["https://[not an address]/", "https://[::1", "http://[]/", "https://[::zz]/", "://[::1]"] {
            assert_eq!(addresses(text), Vec::<String>::new(), "{text}");
        }
        assert!(Link::find("https://пример.рф").iter().all(|link| link.disguised), "its letters may look like others");
    }

    /// The question before a disguised link was skipped if its path repeated the real host.
    #[test]
    fn host_is_compared_where_it_is_written() {
        for disguised in [
            "http://2130706433/127.0.0.1",
            "http://0x7f.1/?127.0.0.1",
            "http://127.1/#127.0.0.1",
            "https://ｅvil.example/evil.example",
            "https://%65vil.example/evil.example",
            "https://evil。example/evil.example",
            "https:evil.example/https://evil.example",
            "https:///evil.example/evil.example",
            "https:\\\\evil.example/evil.example",
            "https://evil.example\\@bank.example",
            "https://@evil.example/evil.example",
            "https://bank.example@evil.example/evil.example",
            "https://bank.example:443@evil.example/evil.example",
            "https://bücher.example/xn--bcher-kva.example",
            "https://xn--bcher-kva.example/",
            "http://[0:0:0:0:0:0:0:1]/[::1]",
            "https://ev\til.example/evil.example",
        ] {
            let link = Link::read(disguised).unwrap_or_else(|| panic!("{disguised} is an address"));
            assert!(link.disguised, "{disguised} leads to {}", link.host);
        }
        for plain in [
            "https://example.org",
            "HTTPS://EXAMPLE.org:8080/a?b=https://c.org#d",
            "http://127.0.0.1/2130706433",
            "http://[::1]:8080/x",
            "https://example.org/a\u{e9}?user@host:1",
            "https://example.org?a\\b",
        ] {
            assert!(!Link::read(plain).unwrap_or_else(|| panic!("{plain} is an address")).disguised, "{plain}");
        }
    }

    #[test]
    fn links_end_before_punctuation_of_any_script() {
        for (text, address) in [
            ("请看https://x.org/a，谢谢", "https://x.org/a"),
            ("「https://x.org/c」を参照", "https://x.org/c"),
            ("（https://x.org/b）", "https://x.org/b"),
            ("https://x.org/a。次", "https://x.org/a"),
            ("https://x.org/a、https", "https://x.org/a"),
            ("https://x.org/a\u{3000}b", "https://x.org/a"),
            ("https://x.org/a\u{a0}b", "https://x.org/a"),
            ("https://x.org/a.\u{2009}b", "https://x.org/a"),
            ("『https://x.org/d』！", "https://x.org/d"),
            ("여기https://x.org/k〉요", "https://x.org/k"),
            ("انظر https://x.org/ar، شكرا", "https://x.org/ar"),
            ("https://x.org/ur۔", "https://x.org/ur"),
            ("देखें https://x.org/hi।", "https://x.org/hi"),
            ("voir «https://x.org/fr» ici", "https://x.org/fr"),
            ("siehe „https://x.org/de“.", "https://x.org/de"),
            ("‘https://x.org/en’", "https://x.org/en"),
            ("https://x.org/dash—and more", "https://x.org/dash%E2%80%94and"),
            ("https://x.org/dots…", "https://x.org/dots"),
        ] {
            assert_eq!(addresses(text), [address], "{text}");
        }
    }

    /// The link ended inside of the host, and led to the first part of it without a question.
    #[test]
    fn link_that_ends_inside_of_a_host_is_disguised() {
        for text in [
            "https://evil。example/",
            "https://evil．example",
            "https://evil｡例え/",
            "https://bank.example%40evil.example/",
            "HTTPS://bank.example%2eevil.example/x",
            "https://bank.example|evil.example",
            "https://bank.example:443＠evil.example/",
            "https://bank.example／evil",
            "https://bank.example\u{a0}.evil.example",
            "https://bank.example⟨U+200B⟩.evil.example",
            "https://bank.example「evil」",
        ] {
            let links = Link::find(text);
            assert!(links.iter().all(|link| link.disguised), "{text}: {links:?}");
            let twice =
                Link::find(&format!("https://evil https://bank.example {text} https://evil https://bank.example"));
            assert!(links.is_empty() || twice.iter().any(|link| link.disguised), "{text}: {twice:?}");
        }
        for text in [
            "https://x.org",
            "(https://x.org)",
            "<https://x.org>, and",
            "see https://x.org. Or",
            "https://x.org/a。b",
            "https://x.org?a。b",
            "「https://x.org」を参照",
            "请看https://x.org，谢谢",
            "“https://x.org”…",
            "https://x.org: yes",
        ] {
            let links = Link::find(text);
            assert!(links.len() == 1 && !links[0].disguised, "{text}: {links:?}");
        }
    }

    #[test]
    fn letters_and_apostrophes_of_any_script_stay_in_links() {
        for (text, address) in [
            ("https://ja.wikipedia.org/wiki/東京_(曖昧さ回避)", "https://ja.wikipedia.org/wiki/%E6%9D%B1"),
            ("https://x.org/々〆ヶ", "https://x.org/%E3%80%85%E3%80%86%E3%83%B6"),
            ("https://fr.wikipedia.org/wiki/L’Équipe", "https://fr.wikipedia.org/wiki/L%E2%80%99%C3%89quipe"),
            ("https://ar.wikipedia.org/wiki/قهوة", "https://ar.wikipedia.org/wiki/%D9%82"),
            ("https://x.org/a~b;c=d&e,f/(g)", "https://x.org/a~b;c=d&e,f/(g)"),
        ] {
            let found = addresses(text);
            assert!(found.len() == 1 && found[0].starts_with(address), "{text}: {found:?}");
        }
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
