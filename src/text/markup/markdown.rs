//! Markdown, as people write it in chats.
//!
//! The parser only tells which bytes of the source are delimiters. Everything else is copied from the source, so that
//! nothing can be lost, whatever the parser makes of it.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::document::{Builder, Document, Prefix};
use super::mask::mask;
use super::parts::parts;
use super::pieces::Pieces;
use super::row::Look;
use super::table::Table;
use crate::text::Link;

/// Most quotations, lists and emphases inside of each other. A text with more is shown as it is.
const MAX_DEPTH: usize = 16;

/// Reads a text. `urls` are the addresses in it, in order. Returns `None` if its markup is nested too deeply.
pub(super) fn read(source: &str, urls: Vec<(Range<usize>, Link)>) -> Option<Document> {
    let ranges: Vec<Range<usize>> = urls.iter().map(|(range, _)| range.clone()).collect();
    let mask = mask(source, &ranges);
    let urls = urls.into_iter().map(|(range, link)| (range, Arc::new(link))).collect();
    let mut reader = Reader::new(source, &mask, urls);
    for part in parts(&mask) {
        let parser = Parser::new_ext(&mask[part.clone()], Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES);
        for (event, range) in parser.into_offset_iter() {
            reader.event(&event, part.start + range.start..part.start + range.end);
            if reader.styles.len() + reader.containers.len() > MAX_DEPTH {
                return None;
            }
        }
    }
    reader.advance(source.len());
    Some(reader.builder.finish())
}

/// A block that contains other blocks and stands before each of their lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Quote,
    /// An item whose content is indented by this many columns.
    Item(usize),
}

/// An inline element or heading that is open, with the style to restore at its end.
#[derive(Debug)]
struct Style {
    look: Look,
    link: Option<Arc<Link>>,
    /// Whether the delimiters of this element are shown.
    is_literal: bool,
}

struct Reader<'a> {
    source: &'a str,
    mask: &'a str,
    /// Whether the text has a single line.
    is_one_line: bool,
    urls: Vec<(Range<usize>, Arc<Link>)>,
    /// Number of addresses before the cursor.
    urls_passed: usize,
    builder: Builder,
    /// Everything before this position has been copied or is a delimiter.
    cursor: usize,
    at_line_start: bool,
    containers: Vec<Container>,
    look: Look,
    link: Option<Arc<Link>>,
    styles: Vec<Style>,
    /// The code block that is open, as read so far.
    code: Option<String>,
    /// The table that is open, with the line that it interrupts.
    table: Option<Table>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str, mask: &'a str, urls: Vec<(Range<usize>, Arc<Link>)>) -> Self {
        Self {
            source,
            mask,
            is_one_line: !source.trim_matches('\n').contains('\n'),
            urls,
            urls_passed: 0,
            builder: Builder::default(),
            cursor: 0,
            at_line_start: true,
            containers: Vec::new(),
            look: Look::default(),
            link: None,
            styles: Vec::new(),
            code: None,
            table: None,
        }
    }

    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(*tag, range),
            Event::Text(_) => match &mut self.code {
                Some(code) => {
                    code.push_str(&self.source[range.clone()]);
                    self.cursor = range.end;
                }
                None => self.advance(range.end),
            },
            Event::Code(_) => self.inline_code(range),
            // Line breaks are copied with whatever follows. The rest does not occur in masked text.
            Event::SoftBreak | Event::HardBreak => {}
            _ => self.advance(range.end),
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph if self.containers.is_empty() => self.advance(range.start),
            Tag::BlockQuote(_) => self.start_quote(range.start),
            Tag::Item => self.start_item(range.start),
            Tag::Heading { level, .. } => self.start_heading(*level, range),
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => self.start_code(range),
            // Indentation is no code in a chat.
            Tag::CodeBlock(CodeBlockKind::Indented) => self.advance(range.start),
            Tag::Table(alignments) => {
                self.start_block(range.start);
                self.table = Some(Table::new(alignments));
            }
            Tag::TableHead | Tag::TableRow => {
                self.cursor = self.cursor.max(range.start);
                if let Some(table) = &mut self.table {
                    table.start_row();
                }
            }
            Tag::TableCell => {
                self.cursor = self.cursor.max(range.start);
                self.skip_blanks();
                self.at_line_start = false;
            }
            Tag::Emphasis => self.start_style(range.start, 1, |look| look.italic = true),
            Tag::Strong => self.start_style(range.start, 2, |look| look.bold = true),
            // The tildes stay, because terminals without strikethrough would turn the meaning around.
            Tag::Strikethrough => self.start_style(range.start, 0, |look| look.strike = true),
            Tag::Link { link_type, dest_url, .. } => self.start_link(*link_type, dest_url, range, 1),
            Tag::Image { link_type, dest_url, .. } => self.start_link(*link_type, dest_url, range, 2),
            _ => self.start_block(range.start),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::BlockQuote(_) => {
                let rest = &self.mask[self.cursor..range.end.max(self.cursor)];
                if rest.bytes().all(|byte| matches!(byte, b'>' | b' ' | b'\n')) {
                    // Empty lines at the end of the quotation.
                    self.cursor += rest.rfind('>').map_or(0, |last| last + 1);
                }
                self.pop_container();
            }
            TagEnd::Item => self.pop_container(),
            TagEnd::Heading(_) => {
                self.advance(self.line_end(range.end));
                self.end_style();
            }
            TagEnd::CodeBlock => self.end_code(range),
            TagEnd::TableCell => {
                let end = range.start + self.source[range.clone()].trim_end().len();
                self.advance(end);
                let cell = self.builder.swap_line(Pieces::default());
                if let Some(table) = &mut self.table {
                    table.push_cell(cell);
                }
            }
            TagEnd::Table => self.end_table(range),
            TagEnd::Emphasis => self.end_inline(range, 1),
            TagEnd::Strong => self.end_inline(range, 2),
            TagEnd::Strikethrough => self.end_inline(range, 0),
            TagEnd::Link | TagEnd::Image => self.end_link(range),
            _ => {}
        }
    }

    /// Copies the source up to `to`: text, line breaks and blanks. What stands before a line in quotations and lists is
    /// left out, because the line has a prefix instead.
    fn advance(&mut self, to: usize) {
        while self.cursor < to {
            if self.at_line_start {
                self.skip_container_prefix(to);
                self.at_line_start = false;
                continue;
            }
            let rest = &self.source[self.cursor..to];
            match rest.find('\n') {
                Some(length) => {
                    self.push(self.cursor..self.cursor + length);
                    self.builder.new_line();
                    self.cursor += 1;
                    self.at_line_start = true;
                }
                None => self.push(self.cursor..to),
            }
        }
    }

    /// Appends a part of the source, in which addresses become links, and moves the cursor behind it.
    fn push(&mut self, range: Range<usize>) {
        while self.cursor < range.end {
            while self.urls.get(self.urls_passed).is_some_and(|(url, _)| url.end <= self.cursor) {
                self.urls_passed += 1;
            }
            let url = self.urls.get(self.urls_passed).filter(|(url, _)| url.start < range.end);
            let plain = Look { link: self.link.is_some(), ..self.look };
            let (end, look, link) = match url {
                Some((url, link)) if !self.look.code && self.link.is_none() => {
                    if url.start <= self.cursor {
                        (url.end.min(range.end), Look { link: true, ..self.look }, Some(Arc::clone(link)))
                    } else {
                        (url.start, plain, None)
                    }
                }
                _ => (range.end, plain, self.link.clone()),
            };
            self.builder.push(&self.source[self.cursor..end], look, link.as_ref());
            self.cursor = end;
        }
    }

    /// Moves the cursor behind the quotation marks and the indentation of the open containers, at most to `to`.
    fn skip_container_prefix(&mut self, to: usize) {
        let mask = self.mask.as_bytes();
        for container in &self.containers {
            let blanks = mask[self.cursor..to].iter().take_while(|byte| **byte == b' ').count();
            match container {
                Container::Quote => {
                    if mask.get(self.cursor + blanks) == Some(&b'>') && self.cursor + blanks < to {
                        self.cursor += blanks + 1;
                        self.cursor += usize::from(self.cursor < to && mask[self.cursor] == b' ');
                    }
                }
                Container::Item(indent) => self.cursor += blanks.min(*indent),
            }
        }
    }

    fn skip_blanks(&mut self) {
        self.cursor += self.mask[self.cursor..].bytes().take_while(|byte| *byte == b' ').count();
    }

    /// Goes to the start of a block, whose indentation is not shown.
    fn start_block(&mut self, start: usize) {
        if start > self.cursor {
            let before = self.cursor + self.source[self.cursor..start].trim_end_matches(' ').len();
            self.advance(before);
            self.cursor = start;
        }
    }

    fn start_quote(&mut self, start: usize) {
        self.start_block(start);
        self.skip_blanks();
        // The mark, and one blank behind it.
        self.cursor += usize::from(self.mask.as_bytes().get(self.cursor) == Some(&b'>'));
        self.cursor += usize::from(self.mask.as_bytes().get(self.cursor) == Some(&b' '));
        self.at_line_start = false;
        self.containers.push(Container::Quote);
        self.builder.prefix.push(Prefix::Quote);
    }

    fn start_item(&mut self, start: usize) {
        self.start_block(start);
        self.skip_blanks();
        let rest = &self.source[self.cursor..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let marker = &rest[..(digits + 1).min(rest.len())];
        let line_start = self.source[..self.cursor].rfind('\n').map_or(0, |at| at + 1);
        let before = self.containers.iter().fold(0, |columns, container| match container {
            Container::Quote => columns,
            Container::Item(indent) => columns + indent,
        });
        let lead = self.mask[line_start..self.cursor].bytes().rev().take_while(|byte| *byte == b' ').count();
        let indent = lead.saturating_sub(before) + marker.len() + 1;
        self.cursor += marker.len();
        self.skip_blanks();
        self.at_line_start = false;
        self.containers.push(Container::Item(indent));
        self.builder.prefix.push(Prefix::Marker(format!("{marker} ")));
    }

    fn pop_container(&mut self) {
        if let Some(Prefix::Marker(_)) = self.builder.prefix.last() {
            // An item without text still has its marker.
            self.builder.push(" ", Look::default(), None);
        }
        self.containers.pop();
        self.builder.prefix.pop();
    }

    fn start_heading(&mut self, level: HeadingLevel, range: Range<usize>) {
        self.start_block(range.start);
        self.skip_blanks();
        let hashes = self.source[self.cursor..].bytes().take_while(|byte| *byte == b'#').count();
        let is_empty = self.source[self.cursor + hashes..].chars().find(|c| *c != ' ').is_none_or(|c| c == '\n');
        // A single sign may begin a comment, and a message of one line is no heading of anything.
        if !is_empty && !self.is_one_line && level != HeadingLevel::H1 {
            self.cursor += hashes;
            self.skip_blanks();
        }
        self.at_line_start = false;
        if self.is_one_line {
            return self.open_style(|_| {});
        }
        self.open_style(|look| {
            (look.heading, look.bold) = (true, true);
            look.underline = level == HeadingLevel::H1;
        });
    }

    fn start_code(&mut self, range: Range<usize>) {
        self.start_block(range.start);
        self.builder.fresh_line();
        self.code = Some(String::new());
        let line = self.source[range.start..].split('\n').next().unwrap_or_default();
        self.cursor = (range.start + line.len() + 1).min(self.source.len());
    }

    fn end_code(&mut self, range: Range<usize>) {
        let Some(code) = self.code.take() else {
            self.advance(self.line_end(range.end));
            return;
        };
        let fence = self.source[range.start..].split('\n').next().unwrap_or_default();
        let info = fence.trim_start().trim_start_matches(['`', '~']).trim();
        self.builder.push_code(info, &code);
        // The line break after the closing fence ends the block, as push_code has done.
        self.cursor = range.end.max(self.cursor).min(self.source.len());
        if !self.source[..self.cursor].ends_with('\n') {
            self.cursor += usize::from(self.source[self.cursor..].starts_with('\n'));
        }
        self.at_line_start = true;
    }

    fn end_table(&mut self, range: Range<usize>) {
        let Some(mut table) = self.table.take() else { return };
        let mut end = self.line_end(range.end);
        // For the parser, text below a table is part of it. Such text is read as lines without markup.
        let mut extra = 0;
        while let Some((before, last)) = self.mask[range.start..end].rsplit_once('\n')
            && !last.contains('|')
        {
            end = range.start + before.len();
            extra += 1;
        }
        table.remove_last_rows(extra);
        let lines = self.source[range.start..end].split('\n');
        let masked = self.mask[range.start..end].split('\n');
        // The first line begins at the table; the others with the prefixes of what contains it.
        for (index, (line, mask)) in lines.zip(masked).enumerate() {
            let skipped = if index == 0 { 0 } else { self.container_prefix(mask) };
            table.push_source(&line[skipped..], &mask[skipped..]);
        }
        self.builder.push_table(table);
        self.cursor = end;
        if self.source[self.cursor..].starts_with('\n') {
            self.cursor += 1;
        }
        self.at_line_start = true;
    }

    /// Returns the length of what stands before the text of a line because of the open containers.
    fn container_prefix(&self, mask: &str) -> usize {
        let mut at = 0;
        for container in &self.containers {
            let blanks = mask[at..].bytes().take_while(|byte| *byte == b' ').count();
            match container {
                Container::Quote if mask[at + blanks..].starts_with('>') => {
                    at += blanks + 1;
                    at += usize::from(mask[at..].starts_with(' '));
                }
                Container::Quote => {}
                Container::Item(indent) => at += blanks.min(*indent),
            }
        }
        at
    }

    /// Returns `end` without the line breaks before it.
    fn line_end(&self, end: usize) -> usize {
        self.source[..end].trim_end_matches('\n').len().max(self.cursor)
    }

    fn inline_code(&mut self, range: Range<usize>) {
        self.advance(range.start);
        let code = &self.source[range.clone()];
        let ticks = code.bytes().take_while(|byte| *byte == b'`').count();
        let (mut start, mut end) = (range.start + ticks, range.end.saturating_sub(ticks).max(range.start + ticks));
        let inner = &self.source[start..end];
        // One blank on both sides separates the code from the delimiters.
        if inner.len() > 2 && inner.starts_with(' ') && inner.ends_with(' ') && !inner.trim().is_empty() {
            (start, end) = (start + 1, end - 1);
        }
        self.cursor = start;
        let look = self.look;
        self.look.code = true;
        self.advance(end);
        self.look = look;
        self.cursor = range.end;
    }

    fn open_style(&mut self, change: impl FnOnce(&mut Look)) {
        self.styles.push(Style { look: self.look, link: self.link.clone(), is_literal: false });
        change(&mut self.look);
    }

    fn start_style(&mut self, start: usize, delimiter: usize, change: impl FnOnce(&mut Look)) {
        self.advance(start);
        self.cursor += delimiter;
        self.open_style(change);
    }

    fn end_inline(&mut self, range: Range<usize>, delimiter: usize) {
        self.advance(range.end - delimiter);
        self.cursor = range.end;
        self.end_style();
    }

    fn end_style(&mut self) {
        if let Some(style) = self.styles.pop() {
            (self.look, self.link) = (style.look, style.link);
        }
    }

    fn start_link(&mut self, kind: LinkType, address: &str, range: Range<usize>, delimiter: usize) {
        self.advance(range.start);
        let mask = &self.mask[range.clone()];
        // The address as written: in the mask it may have lost characters.
        let written = mask.rfind(address).map(|at| &self.source[range.start + at..range.start + at + address.len()]);
        let link = written.filter(|_| kind == LinkType::Inline && self.link.is_none()).and_then(Link::read);
        self.open_style(|_| {});
        match link {
            Some(link) => {
                self.cursor += delimiter;
                self.builder.start_label();
                self.link = Some(Arc::new(link));
            }
            None => {
                if let Some(style) = self.styles.last_mut() {
                    style.is_literal = true;
                }
            }
        }
    }

    fn end_link(&mut self, range: Range<usize>) {
        if self.styles.last().is_none_or(|style| style.is_literal) {
            self.advance(range.end);
            self.end_style();
            return;
        }
        // The label ends at the last `](`, because an address contains none.
        let label_end = self.mask[range.clone()].rfind("](").map_or(range.end, |at| range.start + at);
        self.advance(label_end);
        self.cursor = range.end;
        if let Some(link) = self.link.clone() {
            self.builder.end_label(self.look, &link);
        }
        self.end_style();
    }
}
