//! Pieces of text with looks, of which lines and cells of tables consist.

use std::ops::Range;
use std::sync::Arc;

use super::row::{Look, Span};
use crate::text::Link;

/// Text with looks: pieces in order, none of them empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Pieces(pub(super) Vec<Piece>);

/// A piece of text with one look.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) look: Look,
    pub(super) link: Option<Arc<Link>>,
}

impl Pieces {
    /// Appends text, to the last piece if that looks the same.
    pub(super) fn push(&mut self, text: &str, look: Look, link: Option<&Arc<Link>>) {
        if text.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.look == look && last.link.as_ref() == link => last.text.push_str(text),
            _ => self.0.push(Piece { text: text.to_owned(), look, link: link.cloned() }),
        }
    }

    /// Returns the text of all pieces.
    pub(super) fn text(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// Changes the look of a range of bytes, except for code and links.
    pub(super) fn mark_mention(&mut self, range: &Range<usize>) {
        let mut at = 0;
        let mut marked = Self::default();
        for piece in std::mem::take(&mut self.0) {
            let (start, end) = (at, at + piece.text.len());
            at = end;
            let inside = range.start.clamp(start, end) - start..range.end.clamp(start, end) - start;
            let look =
                if piece.look.code || piece.link.is_some() { piece.look } else { Look { mention: true, ..piece.look } };
            let link = piece.link.as_ref();
            marked.push(&piece.text[..inside.start], piece.look, link);
            marked.push(&piece.text[inside.clone()], look, link);
            marked.push(&piece.text[inside.end..], piece.look, link);
        }
        *self = marked;
    }

    /// Returns the spans of a range of bytes of the text.
    pub(super) fn spans(&self, range: Range<usize>, spans: &mut Vec<Span>) {
        let mut at = 0;
        for piece in &self.0 {
            let (start, end) = (at, at + piece.text.len());
            at = end;
            let inside = range.start.clamp(start, end) - start..range.end.clamp(start, end) - start;
            if !inside.is_empty() {
                spans.push(Span { text: piece.text[inside].into(), look: piece.look, link: piece.link.clone() });
            }
            if at >= range.end {
                break;
            }
        }
    }
}
