//! Rows of styled text.

use std::sync::Arc;

use crate::text::{Link, width};

/// What a piece of text is. The view maps it to styles and symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each kind of markup can occur inside of any other")]
pub struct Look {
    /// Strong emphasis.
    pub bold: bool,
    /// Emphasis.
    pub italic: bool,
    /// Struck out.
    pub strike: bool,
    /// Underlined by its author, or a heading of the first level.
    pub underline: bool,
    /// Code, inline or in a block.
    pub code: bool,
    /// A heading.
    pub heading: bool,
    /// Text that the program or the markup adds, such as the marker of a list item.
    pub faint: bool,
    /// A link that can be opened.
    pub link: bool,
    /// A mention of the user.
    pub mention: bool,
    /// The bar beside a quotation; the view replaces it by a symbol of the same width.
    pub quote_bar: bool,
    /// The bar beside a block of code. With `faint`, the row continues a long line.
    pub code_bar: bool,
}

/// A piece of text with one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text, without line breaks.
    pub text: Box<str>,
    /// Its look.
    pub look: Look,
    /// The link that it belongs to.
    pub link: Option<Arc<Link>>,
}

/// A row of styled text, at most as wide as the pane.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StyledRow {
    /// The pieces in the order in which they are read.
    pub spans: Box<[Span]>,
    /// Whether its line is read from right to left.
    pub is_rtl: bool,
}

impl StyledRow {
    /// Returns the link at a cell of the row.
    pub fn link_at(&self, cell: usize) -> Option<&Arc<Link>> {
        let mut end = 0;
        let span = self.spans.iter().find(|span| {
            end += width(&span.text);
            cell < end
        })?;
        span.link.as_ref()
    }

    /// Returns the text of the row.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| &*span.text).collect()
    }
}
