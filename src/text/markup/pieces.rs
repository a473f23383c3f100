//! Pieces of text with looks, of which lines and cells of tables consist.

use std::ops::Range;
use std::sync::Arc;

use super::row::{Look, Span};
use crate::text::{Link, Row};

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

    /// Marks ranges of bytes as mentions, except in code and links. The ranges are in order.
    pub(super) fn mark_mentions(&mut self, mut ranges: &[Range<usize>]) {
        let mut at = 0;
        let mut marked = Self::default();
        for piece in std::mem::take(&mut self.0) {
            let start = at;
            let end = start + piece.text.len();
            let is_markable = !piece.look.code && piece.link.is_none();
            while at < end {
                while ranges.first().is_some_and(|range| range.end <= at) {
                    ranges = &ranges[1..];
                }
                let (to, is_mention) = match ranges.first() {
                    Some(range) if range.start <= at => (range.end, is_markable),
                    Some(range) => (range.start, false),
                    None => (end, false),
                };
                let to = to.min(end);
                let look = Look { mention: piece.look.mention || is_mention, ..piece.look };
                marked.push(&piece.text[at - start..to - start], look, piece.link.as_ref());
                at = to;
            }
        }
        *self = marked;
    }

    /// Returns the spans of each row. Rows are ranges of bytes of the text, in order.
    pub(super) fn rows(&self, rows: Vec<Row>) -> impl Iterator<Item = Vec<Span>> {
        let (mut pieces, mut start) = (self.0.as_slice(), 0);
        rows.into_iter().map(move |row| {
            let row = row.start as usize..row.end as usize;
            while let Some((first, rest)) = pieces.split_first()
                && start + first.text.len() <= row.start
            {
                start += first.text.len();
                pieces = rest;
            }
            let (mut spans, mut at) = (Vec::new(), start);
            for piece in pieces {
                if at >= row.end {
                    break;
                }
                let inside = row.start.max(at) - at..piece.text.len().min(row.end - at);
                if !inside.is_empty() {
                    spans.push(Span { text: piece.text[inside].into(), look: piece.look, link: piece.link.clone() });
                }
                at += piece.text.len();
            }
            spans
        })
    }
}
