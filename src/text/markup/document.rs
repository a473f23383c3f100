//! The lines of a formatted text before they are wrapped.

use std::sync::Arc;

use super::pieces::Pieces;
use super::row::{Look, Span, StyledRow};
use super::table::Table;
use crate::text::{Link, SafeText, is_rtl_text, width, wrap};

/// Symbol beside a quotation. The view writes the one that the terminal can show.
const QUOTE_BAR: &str = "▎ ";

/// Symbol beside a block of code.
const CODE_BAR: &str = "│ ";

/// Part of what stands before each row of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Prefix {
    /// The bar of a quotation.
    Quote,
    /// The marker of a list item, before the item's first row only.
    Marker(String),
    /// Blank cells.
    Indent(usize),
}

impl Prefix {
    fn cells(&self) -> usize {
        match self {
            Self::Quote => width(QUOTE_BAR),
            Self::Marker(marker) => width(marker),
            Self::Indent(cells) => *cells,
        }
    }

    /// Returns the prefix of the rows after the first.
    fn continued(&self) -> Self {
        match self {
            Self::Marker(marker) => Self::Indent(width(marker)),
            other => other.clone(),
        }
    }

    fn span(&self) -> Span {
        let (text, look) = match self {
            Self::Quote => (QUOTE_BAR.to_owned(), Look { quote_bar: true, faint: true, ..Look::default() }),
            Self::Marker(marker) => (marker.clone(), Look { faint: true, ..Look::default() }),
            Self::Indent(cells) => (" ".repeat(*cells), Look::default()),
        };
        Span { text: text.into(), look, link: None }
    }
}

/// A line of a text: what its author wrote between two line breaks.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) prefix: Vec<Prefix>,
    pub(super) content: Content,
}

/// Content of a line.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// Text that is wrapped at spaces.
    Text(Pieces),
    /// A line of code, of which nothing may be lost, not even a space.
    Code(String),
    /// A whole table.
    Table(Box<Table>),
}

/// A formatted text.
#[derive(Debug, Clone, Default)]
pub(super) struct Document {
    pub(super) lines: Vec<Line>,
}

impl Document {
    /// Wraps the text into rows of at most `cells` cells.
    pub(super) fn rows(&self, cells: usize) -> Vec<StyledRow> {
        let mut rows = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            line.rows(cells, &mut rows);
        }
        rows
    }

    /// Returns the words of the text, line by line. The bars of quotations and code are not part of it.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (index, line) in self.lines.iter().enumerate() {
            if index > 0 {
                text.push('\n');
            }
            for prefix in &line.prefix {
                if let Prefix::Marker(marker) = prefix {
                    text.push_str(marker);
                }
            }
            match &line.content {
                Content::Text(pieces) => text.push_str(&pieces.text()),
                Content::Code(code) => text.push_str(code),
                Content::Table(table) => text.push_str(&table.text()),
            }
        }
        text
    }

    /// Returns the pieces of all lines of text, for marks that are added later.
    pub(super) fn texts_mut(&mut self) -> impl Iterator<Item = &mut Pieces> {
        self.lines.iter_mut().filter_map(|line| match &mut line.content {
            Content::Text(pieces) => Some(pieces),
            Content::Code(_) | Content::Table(_) => None,
        })
    }
}

impl Line {
    fn rows(&self, cells: usize, rows: &mut Vec<StyledRow>) {
        // On a narrow screen the inner prefixes are left out, so that half of the width remains for the text. Markers are
        // text of the author and stay.
        let mut used = 0;
        let fits = |prefix: &&Prefix| {
            let with = used + prefix.cells();
            let fits = with <= cells / 2;
            used = if fits { with } else { used };
            fits || matches!(prefix, Prefix::Marker(_))
        };
        let prefix: Vec<&Prefix> = self.prefix.iter().filter(fits).collect();
        let used: usize = prefix.iter().map(|prefix| prefix.cells()).sum();
        let free = cells.saturating_sub(used).max(1);
        let spans_before = |first: bool| -> Vec<Span> {
            let prefixes = prefix.iter().filter(|prefix| prefix.cells() > 0);
            prefixes.map(|prefix| if first { prefix.span() } else { prefix.continued().span() }).collect()
        };
        match &self.content {
            Content::Text(pieces) => {
                let text = pieces.text();
                let is_rtl = is_rtl_text(&text);
                for (index, row) in pieces.rows(wrap(&text, free)).enumerate() {
                    let mut spans = spans_before(index == 0);
                    spans.extend(row);
                    rows.push(StyledRow { spans: spans.into(), is_rtl });
                }
            }
            Content::Code(code) => {
                let look = Look { code: true, ..Look::default() };
                let is_rtl = is_rtl_text(code);
                let mut first = true;
                for part in split_code(code, free.saturating_sub(width(CODE_BAR)).max(1)) {
                    let mut spans = spans_before(first);
                    let bar = Look { code_bar: true, faint: !first, ..Look::default() };
                    spans.push(Span { text: CODE_BAR.into(), look: bar, link: None });
                    if !part.is_empty() {
                        spans.push(Span { text: part.into(), look, link: None });
                    }
                    rows.push(StyledRow { spans: spans.into(), is_rtl });
                    first = false;
                }
            }
            Content::Table(table) => {
                let is_rtl = is_rtl_text(&table.text());
                for (index, row) in table.rows(free).into_iter().enumerate() {
                    let mut spans = spans_before(index == 0);
                    spans.extend(row);
                    rows.push(StyledRow { spans: spans.into(), is_rtl });
                }
            }
        }
    }
}

/// Splits a line of code after as many cells as fit, also between words, so that no space is dropped.
fn split_code(code: &str, cells: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut used, mut at) = (0, 0, 0);
    for (grapheme, wide) in crate::text::graphemes(code) {
        if used + wide > cells && at > start {
            parts.push(&code[start..at]);
            (start, used) = (at, 0);
        }
        used += wide;
        at += grapheme.len();
    }
    parts.push(&code[start..]);
    parts
}

/// Collects the lines of a document.
#[derive(Debug, Default)]
pub(super) struct Builder {
    pub(super) document: Document,
    /// What stands before the lines of the blocks that are open.
    pub(super) prefix: Vec<Prefix>,
    line: Pieces,
    /// The prefix of the current line, once it has one.
    line_prefix: Option<Vec<Prefix>>,
    /// The label of the link that is open, as far as it is visible.
    label: Option<String>,
}

impl Builder {
    /// Appends text without line breaks to the current line.
    pub(super) fn push(&mut self, text: &str, look: Look, link: Option<&Arc<Link>>) {
        if !text.is_empty() {
            self.open_line();
            self.line.push(text, look, link);
            self.extend_label(text);
        }
    }

    /// Appends text without line breaks, in which addresses become links.
    pub(super) fn push_with_links(&mut self, text: &str, look: Look) {
        let mut at = 0;
        for (range, link) in Link::locate(text) {
            self.push(&text[at..range.start], look, None);
            self.push(&text[range.clone()], Look { link: true, ..look }, Some(&Arc::new(link)));
            at = range.end;
        }
        self.push(&text[at..], look, None);
    }

    /// Begins the label of a link. It consists of what is visible, because a reader sees nothing else.
    pub(super) fn start_label(&mut self) {
        self.label = Some(String::new());
    }

    /// Ends the label of a link, and adds where the link leads unless the label says so.
    pub(super) fn end_label(&mut self, look: Look, link: &Arc<Link>) {
        let label = self.label.take().unwrap_or_default();
        let look = Look { link: true, ..look };
        let host = link.display_host();
        if width(&label) == 0 {
            // The text before or after it must not look like a part of the host.
            self.push(&format!("({host})"), look, Some(link));
        } else if label != *host && label.trim_end_matches('/') != link.address.trim_end_matches('/') {
            self.push(&format!(" ({host})"), Look { faint: true, link: false, ..look }, Some(link));
        }
    }

    /// Ends the current line.
    pub(super) fn new_line(&mut self) {
        let content = Content::Text(std::mem::take(&mut self.line));
        self.end_line(content);
    }

    /// Ends the current line if it is not empty.
    pub(super) fn fresh_line(&mut self) {
        if self.line_prefix.is_some() {
            self.new_line();
        }
    }

    /// Adds code, one line for each of its lines. `info` is what the author wrote behind the opening fence.
    pub(super) fn push_code(&mut self, info: &str, code: &str) {
        if !info.is_empty() {
            self.open_line();
            let look = Look { faint: true, ..Look::default() };
            let bar = Look { code_bar: true, ..Look::default() };
            self.line.push(CODE_BAR, bar, None);
            self.line.push(info, look, None);
            self.new_line();
        }
        for line in code.strip_suffix('\n').unwrap_or(code).split('\n') {
            self.open_line();
            self.end_line(Content::Code(line.to_owned()));
        }
    }

    /// Adds a table.
    pub(super) fn push_table(&mut self, table: Table) {
        self.open_line();
        self.end_line(Content::Table(Box::new(table)));
    }

    /// Replaces the current line, for text that is collected elsewhere, and returns it.
    pub(super) fn swap_line(&mut self, line: Pieces) -> Pieces {
        std::mem::replace(&mut self.line, line)
    }

    /// Returns the finished document.
    pub(super) fn finish(mut self) -> Document {
        self.fresh_line();
        if self.document.lines.is_empty() {
            self.new_line();
        }
        self.document
    }

    /// Fixes the prefix of the current line. Markers of list items stand before their first line only.
    fn open_line(&mut self) {
        if self.line_prefix.is_none() {
            self.line_prefix = Some(self.prefix.clone());
            self.prefix.iter_mut().for_each(|prefix| *prefix = prefix.continued());
        }
    }

    fn extend_label(&mut self, text: &str) {
        if let Some(label) = &mut self.label {
            label.push_str(text);
        }
    }

    fn end_line(&mut self, content: Content) {
        self.extend_label("\n");
        self.open_line();
        let prefix = self.line_prefix.take().unwrap_or_default();
        self.document.lines.push(Line { prefix, content });
    }
}

/// Returns a text that a part of the markup stands for, such as a decoded entity, made safe once more.
pub(super) fn safe(text: &str) -> String {
    SafeText::block(text).as_str().to_owned()
}
