//! HTML, as older UI kits send it: a few tags for text and style, and entities.
//!
//! Only tags that are closed again have a meaning, and only those listed here. All others are text, so that somebody who
//! writes about HTML or generics is understood.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, Parser};

use super::document::{Builder, Document, Prefix, safe};
use super::row::Look;
use crate::text::Link;

/// Longest tag, in bytes. The address of a link may be long.
const MAX_TAG: usize = 2_048;

/// Longest entity, in bytes, with its ampersand and semicolon.
const MAX_ENTITY: usize = 33;

/// Most tags inside of each other. A text with more is shown as it is.
const MAX_DEPTH: usize = 16;

/// Meaning of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
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
struct Tag {
    range: Range<usize>,
    kind: Kind,
    name: String,
    is_closing: bool,
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

/// Reads a text with tags. Returns `None` if it has none with a meaning.
pub(super) fn read(text: &str, end: End) -> Option<Document> {
    let tags = paired_tags(text, end)?;
    let mut reader = Reader {
        text,
        builder: Builder::default(),
        look: Look::default(),
        link: None,
        open: Vec::new(),
        after_block: false,
        code: None,
    };
    let mut at = 0;
    for tag in &tags {
        reader.text(at..tag.range.start);
        if tag.is_closing {
            reader.close();
        } else {
            reader.open(tag);
        }
        at = tag.range.end;
    }
    reader.text(at..text.len());
    Some(reader.builder.finish())
}

/// Decodes the entities of a text.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        match entity(rest) {
            Some((characters, length)) => {
                decoded.push_str(&characters);
                rest = &rest[length..];
            }
            None => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded.push_str(rest);
    // What an entity stands for may be a control character.
    safe(&decoded).into()
}

/// Returns what the entity at the start of `text` stands for, and its length.
fn entity(text: &str) -> Option<(String, usize)> {
    let length = text.bytes().take(MAX_ENTITY).position(|byte| byte == b';')? + 1;
    let written = &text[..length];
    let is_name = written[1..length - 1].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
    // Markdown has the same entities, so its parser knows them all.
    let characters: String = Parser::new(written)
        .filter_map(|event| if let Event::Text(text) = event { Some(text.into_string()) } else { None })
        .collect();
    (is_name && characters != written && !characters.is_empty()).then_some((characters, length))
}

/// Returns the tags that have a meaning, in order: those that are closed again and line breaks. `None` if there are
/// none, or if they are nested too deeply.
fn paired_tags(text: &str, end: End) -> Option<Vec<Tag>> {
    let mut tags = tags(text);
    let mut is_paired = vec![false; tags.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, tag) in tags.iter().enumerate() {
        if tag.kind == Kind::Break {
            is_paired[index] = true;
        } else if !tag.is_closing {
            open.push(index);
        } else if let Some(depth) = open.iter().rposition(|open| tags[*open].name == tag.name) {
            (is_paired[open[depth]], is_paired[index]) = (true, true);
            open.truncate(depth);
        }
        if open.len() > MAX_DEPTH {
            return None;
        }
    }
    if end == End::Cut {
        for index in open.into_iter().rev() {
            is_paired[index] = true;
            is_paired.push(true);
            tags.push(Tag { range: text.len()..text.len(), is_closing: true, ..tags[index].clone() });
        }
    }
    let mut paired = is_paired.into_iter();
    let tags: Vec<Tag> = tags.into_iter().filter(|_| paired.next() == Some(true)).collect();
    (!tags.is_empty()).then_some(tags)
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
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
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

/// An element that is open, with what to restore at its end.
struct Open {
    kind: Kind,
    look: Look,
    link: Option<Arc<Link>>,
    /// The address of a link that cannot be opened.
    address: Option<String>,
}

struct Reader<'a> {
    text: &'a str,
    builder: Builder,
    look: Look,
    link: Option<Arc<Link>>,
    open: Vec<Open>,
    /// Whether a block has just begun or ended. The line break in the source that follows is not shown.
    after_block: bool,
    /// The preformatted text that is open.
    code: Option<String>,
}

impl Reader<'_> {
    fn text(&mut self, range: Range<usize>) {
        let mut text = &self.text[range];
        if std::mem::take(&mut self.after_block) && !text.is_empty() {
            match text.strip_prefix('\n') {
                Some(rest) => text = rest,
                // Blanks between two blocks.
                None if text.trim().is_empty() => return,
                None => {}
            }
        }
        let text = decode(text);
        if let Some(code) = &mut self.code {
            code.push_str(&text);
            return;
        }
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.builder.new_line();
            }
            match &self.link {
                Some(link) => self.builder.push(line, Look { link: true, ..self.look }, Some(link)),
                None if self.look.code => self.builder.push(line, self.look, None),
                None => self.builder.push_with_links(line, self.look),
            }
        }
    }

    fn open(&mut self, tag: &Tag) {
        if tag.kind == Kind::Break {
            match &mut self.code {
                Some(code) => code.push('\n'),
                None => self.builder.new_line(),
            }
            return;
        }
        let mut open = Open { kind: tag.kind, look: self.look, link: self.link.clone(), address: None };
        match tag.kind {
            Kind::Bold => self.look.bold = true,
            Kind::Italic => self.look.italic = true,
            Kind::Underline => self.look.underline = true,
            Kind::Code => self.look.code = true,
            Kind::Strike => {
                self.look.strike = true;
                self.push_added("~~");
            }
            Kind::Link => {
                let address = attribute(&self.text[tag.range.clone()], "href").map(decode).unwrap_or_default();
                // A link within code or another link is none, so that the label of each is clear.
                match Link::read(address.trim()).filter(|_| self.link.is_none() && self.code.is_none()) {
                    Some(link) => {
                        self.builder.start_label();
                        self.link = Some(Arc::new(link));
                    }
                    None => open.address = Some(address.into_owned()).filter(|address| !address.is_empty()),
                }
            }
            Kind::Heading => {
                self.block();
                (self.look.heading, self.look.bold) = (true, true);
                self.look.underline = tag.name == "h1";
            }
            Kind::Block => self.block(),
            Kind::Item => {
                self.block();
                self.builder.prefix.push(Prefix::Marker("- ".to_owned()));
            }
            Kind::Quote => {
                self.block();
                self.builder.prefix.push(Prefix::Quote);
            }
            Kind::Preformatted => {
                self.block();
                self.code.get_or_insert_default();
            }
            Kind::Break | Kind::Ignored => {}
        }
        self.open.push(open);
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        match open.kind {
            Kind::Strike => self.push_added("~~"),
            Kind::Link => self.close_link(&open),
            Kind::Heading | Kind::Block => self.block(),
            Kind::Item | Kind::Quote => {
                self.block();
                self.builder.prefix.pop();
            }
            Kind::Preformatted if !self.open.iter().any(|open| open.kind == Kind::Preformatted) => {
                if let Some(code) = self.code.take() {
                    self.builder.push_code("", &code);
                }
                self.after_block = true;
            }
            _ => {}
        }
        (self.look, self.link) = (open.look, open.link);
    }

    /// Adds where a link leads.
    fn close_link(&mut self, open: &Open) {
        if self.code.is_some() {
            return;
        }
        if let Some(address) = &open.address {
            let look = Look { faint: true, ..self.look };
            self.builder.push(&format!(" ({})", address.replace('\n', " ")), look, None);
        } else if let Some(link) = self.link.clone().filter(|_| open.link.is_none()) {
            self.builder.end_label(self.look, &link);
        }
    }

    /// Adds text that stands for a tag.
    fn push_added(&mut self, text: &str) {
        if self.code.is_none() {
            self.builder.push(text, self.look, None);
        }
    }

    /// Begins a line for a block, or for what follows one.
    fn block(&mut self) {
        if self.code.is_none() {
            self.builder.fresh_line();
            self.after_block = true;
        }
    }
}
