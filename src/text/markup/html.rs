//! HTML, as older UI kits send it: a few tags for text and style, and entities.
//!
//! The module `tags` decides which tags have a meaning.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, Parser};

use super::document::{Builder, Document, Prefix, safe};
use super::row::Look;
use super::tags::{End, Kind, Tag, attribute, paired_tags};
use crate::text::Link;

/// Longest entity, in bytes, with its ampersand and semicolon.
const MAX_ENTITY: usize = 33;

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
