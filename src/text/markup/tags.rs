//! The tags of HTML in a text, and which of them have a meaning.
//!
//! Only tags that are closed again have one, and only those listed here. All others are text, so that somebody who
//! writes about HTML or generics is understood. Like in HTML, paragraphs and the items of lists also end where the next
//! one begins, and where what contains them ends.

use std::ops::Range;

/// Longest tag, in bytes. The address of a link may be long.
const MAX_TAG: usize = 2_048;

/// Most tags inside of each other. A text with more is shown as it is.
const MAX_DEPTH: usize = 16;

/// Meaning of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bold,
    Italic,
    Underline,
    Strike,
    Code,
    Link,
    /// Stands on lines of its own.
    Block,
    Heading,
    Item,
    Quote,
    Preformatted,
    Break,
    /// Has no meaning for a terminal.
    Ignored,
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "b" | "strong" => Kind::Bold,
        "i" | "em" => Kind::Italic,
        "u" => Kind::Underline,
        "s" | "del" | "strike" => Kind::Strike,
        "code" | "tt" => Kind::Code,
        "a" => Kind::Link,
        "p" | "div" | "ul" | "ol" => Kind::Block,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
        "li" => Kind::Item,
        "blockquote" => Kind::Quote,
        "pre" => Kind::Preformatted,
        "br" => Kind::Break,
        "span" | "font" => Kind::Ignored,
        _ => return None,
    })
}

/// A tag in the text.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) is_closing: bool,
}

/// Whether a text ends where its author ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Whole,
    /// What closes the elements that are open at the end may have been cut off.
    Cut,
}

/// Returns a text that was cut off without the part of a tag at its end.
pub(super) fn without_broken_tag(text: &str) -> &str {
    let tag = text.rfind('<').filter(|at| !text[*at..].contains('>'));
    tag.map_or(text, |at| &text[..at])
}

/// Returns the tags that have a meaning, in order: those that are closed again and line breaks. `None` if there are
/// none, or if they are nested too deeply.
pub(super) fn paired_tags(text: &str, end: End) -> Option<Vec<Tag>> {
    let tags = tags(text);
    let is_html = tags.first().is_some_and(|first| text[..first.range.start].trim().is_empty());
    let mut pairs = Pairs { is_html, ..Pairs::default() };
    for tag in tags {
        if tag.kind == Kind::Break {
            pairs.tags.push((tag, true));
        } else if tag.is_closing {
            pairs.close(tag);
        } else {
            pairs.open(tag);
        }
        if pairs.open.len() > MAX_DEPTH {
            return None;
        }
    }
    let has_implied_end = pairs.has_implied_end;
    let ends_here = |tag: &Tag| end == End::Cut || has_implied_end && matches!(tag.kind, Kind::Block | Kind::Item);
    pairs.end(0, text.len(), ends_here);
    let tags: Vec<Tag> = pairs.tags.into_iter().filter_map(|(tag, is_paired)| is_paired.then_some(tag)).collect();
    (!tags.is_empty()).then_some(tags)
}

/// Finds the end of each element.
#[derive(Default)]
struct Pairs {
    /// Whether the text begins with a tag: it may be HTML, and not about it.
    is_html: bool,
    /// The tags so far, each with whether it has a counterpart.
    tags: Vec<(Tag, bool)>,
    /// The elements that are open, as the indices of their tags.
    open: Vec<usize>,
    /// Whether an element has ended without an end tag.
    has_implied_end: bool,
}

impl Pairs {
    fn open(&mut self, tag: Tag) {
        if let Some(depth) = self.sibling(&tag) {
            self.end(depth, tag.range.start, has_optional_end);
        }
        self.open.push(self.tags.len());
        self.tags.push((tag, false));
    }

    /// Returns the depth of the paragraph or item that ends where another one begins.
    fn sibling(&self, tag: &Tag) -> Option<usize> {
        let element = |index: &usize| &self.tags[*index].0;
        let is_list = |element: &Tag| matches!(&*element.name, "ul" | "ol");
        let depth = self.open.iter().map(element).rposition(|open| {
            let is_block = matches!(open.kind, Kind::Block | Kind::Item | Kind::Quote);
            open.name == tag.name || if tag.kind == Kind::Item { is_list(open) } else { is_block }
        })?;
        let parent = depth.checked_sub(1).and_then(|depth| self.open.get(depth)).map(element);
        let is_html = match &*tag.name {
            "p" => parent.is_some() || self.is_html,
            "li" => parent.is_some_and(is_list),
            _ => false,
        };
        let is_same = self.open.get(depth).map(element).is_some_and(|open| open.name == tag.name);
        (is_html && is_same).then_some(depth)
    }

    fn close(&mut self, tag: Tag) {
        let Some(depth) = self.open.iter().rposition(|index| self.tags[*index].0.name == tag.name) else { return };
        // The end of a part of a line ends no paragraph.
        let is_block = matches!(tag.kind, Kind::Block | Kind::Item | Kind::Quote);
        self.end(depth + 1, tag.range.start, |inner| is_block && has_optional_end(inner));
        if let Some(index) = self.open.pop() {
            self.tags[index].1 = true;
            self.tags.push((tag, true));
        }
    }

    /// Ends the elements below a depth. Those that may end here get an end tag; the tags of the others are text.
    fn end(&mut self, depth: usize, at: usize, ends_here: impl Fn(&Tag) -> bool) {
        while self.open.len() > depth
            && let Some(index) = self.open.pop()
        {
            let tag = &self.tags[index].0;
            if ends_here(tag) {
                let end = Tag { range: at..at, is_closing: true, ..tag.clone() };
                self.tags[index].1 = true;
                self.tags.push((end, true));
                self.has_implied_end = true;
            }
        }
    }
}

fn has_optional_end(tag: &Tag) -> bool {
    matches!(&*tag.name, "p" | "li")
}

/// Returns all tags with a known name.
fn tags(text: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        match tag_at(text, start) {
            Some(tag) => {
                at = tag.range.end;
                tags.push(tag);
            }
            None => at = start + 1,
        }
    }
    tags
}

fn tag_at(text: &str, start: usize) -> Option<Tag> {
    let inner = &text[start + 1..];
    let is_closing = inner.starts_with('/');
    let name_start = start + 1 + usize::from(is_closing);
    let length = text[name_start..].bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = text[name_start..name_start + length].to_ascii_lowercase();
    let kind = kind(&name)?;
    let after = name_start + length;
    if !matches!(text.as_bytes().get(after), Some(b'>' | b' ' | b'/' | b'\n')) {
        return None;
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(after).take(MAX_TAG) {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            (b'>', None) => return Some(Tag { range: start..at + 1, kind, name, is_closing }),
            (b'<', None) => return None,
            _ => {}
        }
    }
    None
}

/// Returns the value of an attribute of a tag.
pub(super) fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let lower = tag.to_ascii_lowercase();
    let start = lower.match_indices(name).find_map(|(at, _)| {
        let is_name = lower[..at].ends_with([' ', '\n', '"', '\'']);
        let after = lower[at + name.len()..].trim_start();
        (is_name && after.starts_with('=')).then(|| tag.len() - after.len() + 1)
    })?;
    let value = tag[start..].trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split([' ', '>', '\n']).next(),
    }
}
