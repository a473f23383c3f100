//! Entry points: from a text to its rows, its words or its links.

use std::borrow::Cow;
use std::sync::Arc;

use super::document::{Builder, Content, Document};
use super::row::{Look, StyledRow};
use super::tags::{End, without_broken_tag};
use super::{html, markdown};
use crate::text::{Link, MentionWords};

/// Longest text that is formatted, in bytes. A longer one is shown as it is.
const MAX_BYTES: usize = 64 << 10;

/// Longest beginning of a text that is read for a preview, in bytes. It has to be longer than the tags before the first
/// words.
const MAX_START_BYTES: usize = 2 << 10;

/// What the markup of a text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TextFormat {
    /// Nothing: the text is shown as it is. Addresses in it are links all the same.
    #[default]
    Plain,
    /// Markdown.
    Markdown,
    /// HTML if the text has tags, and otherwise Markdown with the entities of HTML. A text with a backtick is always
    /// Markdown, because it may be about HTML.
    MarkdownOrHtml,
}

/// Formats a text, followed by a faint `suffix`, in rows of at most `cells` cells. Returns `None` if nothing in it
/// needs formatting, which a scan of its bytes decides for most messages.
pub fn format(
    text: &str,
    format: TextFormat,
    mentions: &MentionWords,
    suffix: &str,
    cells: usize,
) -> Option<Vec<StyledRow>> {
    let is_mention = mentions.is_in(text);
    if !is_mention && !has_markup(text, format) || text.len() > MAX_BYTES {
        return None;
    }
    let mut document = read(text, format);
    if is_mention {
        for pieces in document.texts_mut() {
            pieces.mark_mentions(&mentions.find(&pieces.text()));
        }
    }
    if !suffix.is_empty() {
        append(&mut document, suffix);
    }
    Some(document.rows(cells.max(1)))
}

/// Returns the words of a text without its markup.
pub fn visible_text(text: &str, format: TextFormat) -> Cow<'_, str> {
    if format == TextFormat::Plain || !has_markup(text, format) || text.len() > MAX_BYTES {
        return text.into();
    }
    read(text, format).text().into()
}

/// Returns the words at the beginning of a text without its markup, for a preview. What comes later is not read.
pub fn visible_start(text: &str, format: TextFormat) -> Cow<'_, str> {
    if text.len() <= MAX_START_BYTES || format != TextFormat::MarkdownOrHtml || text.contains('`') {
        return visible_text(&text[..text.floor_char_boundary(MAX_START_BYTES)], format);
    }
    let start = &text[..text.floor_char_boundary(MAX_START_BYTES)];
    match html::read(without_broken_tag(start), End::Cut) {
        Some(document) => document.text().into(),
        None => visible_text(start, format),
    }
}

/// Returns the links of a text in order, without duplicates.
pub fn links(text: &str, format: TextFormat) -> Vec<Link> {
    if format != TextFormat::MarkdownOrHtml || !text.contains(['<', '&']) || text.len() > MAX_BYTES {
        return Link::find(text);
    }
    let document = read(text, format);
    let mut links: Vec<Arc<Link>> = Vec::new();
    for line in &document.lines {
        match &line.content {
            Content::Text(pieces) => links.extend(pieces.0.iter().filter_map(|piece| piece.link.clone())),
            Content::Code(code) => links.extend(Link::find(code).into_iter().map(Arc::new)),
            Content::Table(table) => links.extend(Link::find(&table.text()).into_iter().map(Arc::new)),
        }
    }
    // The pieces of a label share their link, whose address may be long.
    links.dedup_by(|one, other| Arc::ptr_eq(one, other));
    Link::without_duplicates(links.iter().map(|link| Link::clone(link)))
}

/// Whether a text may contain something that its format gives a meaning, judged by its bytes.
pub fn has_markup(text: &str, format: TextFormat) -> bool {
    let has_sign = |signs: &[u8]| text.bytes().any(|byte| signs.contains(&byte));
    let is_marked = match format {
        TextFormat::Plain => false,
        TextFormat::Markdown => has_sign(b"*_~`#>[|") || text.split('\n').any(may_be_item),
        TextFormat::MarkdownOrHtml => has_sign(b"*_~`#>[|<&") || text.split('\n').any(may_be_item),
    };
    is_marked || text.contains("://")
}

/// Whether a line may be the item of a list.
fn may_be_item(line: &str) -> bool {
    let line = line.trim_start_matches(' ');
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let sign = line.as_bytes().get(digits);
    let is_marker = match sign {
        Some(b'.' | b')') => digits > 0,
        Some(b'-' | b'+') => digits == 0,
        _ => false,
    };
    is_marker && line.as_bytes().get(digits + 1).is_none_or(|byte| *byte == b' ')
}

fn read(text: &str, format: TextFormat) -> Document {
    let markdown = |text: &str| markdown::read(text, Link::locate(text)).unwrap_or_else(|| plain(text));
    match format {
        TextFormat::Plain => plain(text),
        TextFormat::MarkdownOrHtml if !text.contains('`') => {
            html::read(text, End::Whole).unwrap_or_else(|| markdown(&html::decode(text)))
        }
        TextFormat::Markdown | TextFormat::MarkdownOrHtml => markdown(text),
    }
}

/// Reads a text without markup.
fn plain(text: &str) -> Document {
    let mut builder = Builder::default();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            builder.new_line();
        }
        builder.push_with_links(line, Look::default());
    }
    // Also if it is empty.
    builder.new_line();
    builder.finish()
}

/// Appends faint text to the last line, or as a line of its own after code and tables.
fn append(document: &mut Document, suffix: &str) {
    let look = Look { faint: true, ..Look::default() };
    if let Some(Content::Text(pieces)) = document.lines.last_mut().map(|line| &mut line.content) {
        pieces.push(suffix, look, None);
        return;
    }
    let mut builder = Builder::default();
    builder.push(suffix.trim_start(), look, None);
    document.lines.extend(builder.finish().lines);
}
