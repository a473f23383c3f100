//! Texts: sanitised, measured and wrapped; and configuration files.

use minchat_tui::config::{File, Theme};
use minchat_tui::input::{Command, Key};
use minchat_tui::text::{FuzzyQuery, Link, SafeText, Secrets, clip, replace_emoji_codes, width};

/// Sanitises a text. The result must not control a terminal, and sanitising it again must change nothing.
pub fn sanitize(data: &[u8]) {
    let raw = String::from_utf8_lossy(data);
    for (safe, breaks) in [(SafeText::line(&raw), false), (SafeText::block(&raw), true)] {
        for c in safe.chars() {
            assert!(!c.is_control() || (breaks && c == '\n'), "{c:?} remains of {raw:?}");
            let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
            assert!(!turns, "{c:?} remains of {raw:?}");
        }
        let twice = if breaks { SafeText::block(&safe) } else { SafeText::line(&safe) };
        assert_eq!(twice, safe, "sanitising a safe text changes it");
        // A text that its author edits is sanitised again when it comes back.
        let _ = SafeText::block(&safe.editable());
        let clipped = clip(&safe, 7);
        assert!(width(&clipped) <= 7, "{clipped:?} is too wide");
        links(&safe);
    }
    links(&raw);
    // Secrets are removed, whatever surrounds them, and redacting twice changes nothing.
    let secrets: Secrets = ["k3y!", "to"].into_iter().collect();
    let hidden = secrets.redact(&raw);
    assert!(!hidden.contains("k3y!"), "{hidden:?}");
    assert_eq!(secrets.redact(&hidden), hidden);
}

/// Checks that links are web addresses in ASCII that show their true host.
fn links(text: &str) {
    for link in Link::find(text) {
        assert!(link.address.starts_with("http://") || link.address.starts_with("https://"), "{link:?}");
        assert!(link.address.bytes().all(|byte| byte.is_ascii_graphic()), "{link:?}");
        assert!(link.address.contains(&link.host) && *link.display_host() == *link.host, "{link:?}");
        let twice = Link::read(&link.address).expect("an address");
        assert_eq!((&twice.address, &twice.host), (&link.address, &link.host));
    }
}

/// Wraps a text; the first byte is the width. Rows must fit, keep their order, and lose nothing but blanks.
pub fn wrap(data: &[u8]) {
    let (cells, raw) = data.split_first().map_or((1, data), |(first, rest)| (usize::from(*first), rest));
    for text in
        [String::from_utf8_lossy(raw).into_owned(), SafeText::block(&String::from_utf8_lossy(raw)).as_str().to_owned()]
    {
        let rows = minchat_tui::text::wrap(&text, cells);
        assert_eq!(rows.first().map(|row| row.start), Some(0));
        assert_eq!(rows.last().map(|row| row.end as usize), Some(text.len()));
        for row in &rows {
            let shown = text.get(row.start as usize..row.end as usize).expect("a row within the text");
            // A grapheme that is wider than the row has a row of its own.
            let graphemes = unicode_segmentation::UnicodeSegmentation::graphemes(shown, true).count();
            assert!(width(shown) <= cells.max(1) || graphemes == 1, "{shown:?} is wider than {cells}");
        }
        for pair in rows.windows(2) {
            let lost = text.get(pair[0].end as usize..pair[1].start as usize).expect("rows in order");
            assert!(matches!(lost, "" | " " | "\n"), "{lost:?} is lost");
        }
    }
}

/// Matches a text with a query, whose length is the first byte, and replaces shortcodes in it.
pub fn complete(data: &[u8]) {
    let (length, raw) = data.split_first().map_or((0, data), |(first, rest)| (usize::from(*first), rest));
    let (query, text) = raw.split_at(length.min(raw.len()));
    let (query, text) = (String::from_utf8_lossy(query), String::from_utf8_lossy(text));
    let mut matcher = FuzzyQuery::new(&query);
    let places = matcher.matched(&text);
    let graphemes = unicode_segmentation::UnicodeSegmentation::graphemes(&*text, true).count();
    assert!(places.iter().all(|place| (*place as usize) < graphemes), "{places:?} in {text:?}");
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!(places.is_empty(), matcher.is_blank() || matcher.find(&text).is_none());
    let replaced = replace_emoji_codes(&text);
    assert!(replaced.lines().count() == text.lines().count(), "{text:?} became {replaced:?}");
}

/// Parses a configuration, a theme, keys and commands. Errors must have a message and a valid position.
pub fn config(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let lines = text.lines().count().max(1) + 1;
    let refused = [File::parse("config.toml", &text).err(), Theme::parse("mine", "mine.toml", &text).err()];
    for problems in refused.into_iter().flatten() {
        assert!(!problems.0.is_empty(), "refused without a message");
        for problem in problems.0 {
            assert!(!problem.to_string().trim().is_empty());
            let inside = problem.location.is_none_or(|at| (1..=lines).contains(&at.line));
            assert!(inside, "a position outside of the file");
        }
    }
    let _ = text.parse::<Key>();
    let _ = Command::parse(&text);
}
