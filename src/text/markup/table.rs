//! Tables, as columns if they fit into the width and as they were written otherwise.

use pulldown_cmark::Alignment;

use super::pieces::Pieces;
use super::row::{Look, Span};
use crate::text::{width, wrap};

/// Between two columns.
const SEPARATOR: &str = " │ ";

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    alignments: Vec<Alignment>,
    /// The cells by row; the first row is the heading.
    cells: Vec<Vec<Pieces>>,
    /// The lines as they were written.
    source: Vec<String>,
    /// Whether a line has more cells than the heading. The parser would drop them.
    is_ragged: bool,
}

impl Table {
    pub(super) fn new(alignments: &[Alignment]) -> Self {
        Self { alignments: alignments.to_vec(), cells: Vec::new(), source: Vec::new(), is_ragged: false }
    }

    pub(super) fn start_row(&mut self) {
        self.cells.push(Vec::new());
    }

    pub(super) fn push_cell(&mut self, cell: Pieces) {
        if let Some(row) = self.cells.last_mut() {
            row.push(cell);
        }
    }

    /// Removes the last rows, which turned out to be text below the table.
    pub(super) fn remove_last_rows(&mut self, count: usize) {
        self.cells.truncate(self.cells.len().saturating_sub(count).max(1));
    }

    /// Adds a line as it was written. `mask` is the same line without escaped characters.
    pub(super) fn push_source(&mut self, line: &str, mask: &str) {
        let inner = mask.trim();
        let inner = inner.strip_prefix('|').unwrap_or(inner);
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        self.is_ragged |= inner.split('|').count() > self.alignments.len();
        self.source.push(line.to_owned());
    }

    /// Returns the lines as they were written.
    pub(super) fn text(&self) -> String {
        self.source.join("\n")
    }

    /// Returns the rows of the table, at most `cells` wide.
    pub(super) fn rows(&self, cells: usize) -> Vec<Vec<Span>> {
        let widths = self.widths();
        let all = widths.iter().sum::<usize>() + width(SEPARATOR) * widths.len().saturating_sub(1);
        if self.is_ragged || all > cells {
            return self.source_rows(cells);
        }
        let mut rows = Vec::with_capacity(self.cells.len() + 1);
        for (index, row) in self.cells.iter().enumerate() {
            rows.push(self.row(row, &widths, index == 0));
            if index == 0 {
                let line: Vec<String> = widths.iter().map(|wide| "─".repeat(*wide)).collect();
                rows.push(vec![faint(&line.join("─┼─"))]);
            }
        }
        rows
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = vec![0; self.alignments.len()];
        for row in &self.cells {
            for (cell, wide) in row.iter().zip(&mut widths) {
                *wide = width(&cell.text()).max(*wide);
            }
        }
        widths
    }

    fn row(&self, row: &[Pieces], widths: &[usize], is_heading: bool) -> Vec<Span> {
        let empty = Pieces::default();
        let mut spans = Vec::new();
        for (index, wide) in widths.iter().enumerate() {
            if index > 0 {
                spans.push(faint(SEPARATOR));
            }
            let cell = row.get(index).unwrap_or(&empty);
            let free = wide.saturating_sub(width(&cell.text()));
            let before = match self.alignments.get(index) {
                Some(Alignment::Right) => free,
                Some(Alignment::Center) => free / 2,
                _ => 0,
            };
            push_blanks(&mut spans, before);
            for piece in &cell.0 {
                let look = Look { bold: piece.look.bold || is_heading, ..piece.look };
                spans.push(Span { text: piece.text.as_str().into(), look, link: piece.link.clone() });
            }
            push_blanks(&mut spans, free - before);
        }
        spans
    }

    fn source_rows(&self, cells: usize) -> Vec<Vec<Span>> {
        let mut rows = Vec::new();
        for line in &self.source {
            for row in wrap(line, cells) {
                let text = line[row.start as usize..row.end as usize].into();
                rows.push(vec![Span { text, look: Look::default(), link: None }]);
            }
        }
        rows
    }
}

fn faint(text: &str) -> Span {
    Span { text: text.into(), look: Look { faint: true, ..Look::default() }, link: None }
}

fn push_blanks(spans: &mut Vec<Span>, count: usize) {
    if count > 0 {
        spans.push(Span { text: " ".repeat(count).into(), look: Look::default(), link: None });
    }
}
