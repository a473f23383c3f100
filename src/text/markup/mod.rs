//! Formatted message texts: Markdown and HTML as people write them in chats, turned into rows of styled text.
//!
//! [`format`] reads a text and wraps it; [`visible_text`] returns its words without markup, for previews. Chat texts
//! are not documents, so the rules differ from CommonMark where it would surprise: line breaks and blank lines stay,
//! lists keep their markers and numbers, backslashes stay, indentation never makes code, and single tildes, lines of
//! dashes and stars between letters have no meaning. The module `mask` hides all of that from the parser.
//!
//! Nothing is ever lost: the rows contain the whole source except for the delimiters of the markup that they show. A
//! struck text keeps its tildes, because terminals without strikethrough would turn its meaning around.
//!
//! This module knows no colors: a [`Look`] says what a text is, and the view decides how that is drawn.

mod document;
mod format;
mod html;
mod markdown;
mod mask;
mod parts;
mod pieces;
mod row;
mod table;
mod tags;

pub use format::{TextFormat, format, has_markup, links, visible_start, visible_text};
pub use row::{Look, Span, StyledRow};

#[cfg(test)]
mod tests;
