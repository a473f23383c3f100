//! Tables, as columns in which long cells are wrapped, or as a list of cells where the pane is too narrow for that.

use pulldown_cmark::Alignment;

use super::pieces::Pieces;
use super::row::{Look, Span};
use crate::text::{width, wrap};

/// Between two columns.
const SEPARATOR: &str = " │ ";

/// Width from which on a word may be broken to fit into a column, in cells.
const LONG_WORD: usize = 16;

/// Blank cells before the further rows of a cell in a list.
const INDENT: usize = 2;

/// Pane width from which on these rows are indented, in cells.
const MIN_CELLS_INDENTED: usize = 12;

/// Maximum width of the line between two records of a list, in cells.
const RECORD_LINE: usize = 20;

/// Most bytes of headings in a list. A table with more is shown as it was written.
const MAX_REPEATED: usize = 64 << 10;

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
        if self.is_ragged {
            return self.source_rows(cells);
        }
        match self.fitted_widths(cells) {
            Some(widths) => self.column_rows(&widths),
            None if self.repeats_too_much() => self.source_rows(cells),
            None => self.record_rows(cells),
        }
    }

    /// Returns the widths of the columns. If the cells need more than there is, the wider columns are made narrower, but
    /// not so narrow that words are broken: `None` if that is impossible.
    fn fitted_widths(&self, cells: usize) -> Option<Vec<usize>> {
        let separators = width(SEPARATOR) * self.alignments.len().saturating_sub(1);
        let wanted = self.widths(width);
        let mut widths = self.widths(|text| text.split(' ').map(width).max().unwrap_or(0).min(LONG_WORD));
        let mut free = cells.checked_sub(separators)?.checked_sub(widths.iter().sum())?;
        while free > 0
            && let Some(narrowest) =
                (0..widths.len()).filter(|at| widths[*at] < wanted[*at]).min_by_key(|at| widths[*at])
        {
            widths[narrowest] += 1;
            free -= 1;
        }
        Some(widths)
    }

    /// Measures all cells and returns the maximum of each column.
    fn widths(&self, measure: impl Fn(&str) -> usize) -> Vec<usize> {
        let mut widths = vec![0; self.alignments.len()];
        for row in &self.cells {
            for (cell, wide) in row.iter().zip(&mut widths) {
                *wide = measure(&cell.text()).max(*wide);
            }
        }
        widths
    }

    /// Returns the table as columns of these widths, in which long cells are wrapped.
    fn column_rows(&self, widths: &[usize]) -> Vec<Vec<Span>> {
        let mut rows = Vec::with_capacity(self.cells.len() + 1);
        for (index, row) in self.cells.iter().enumerate() {
            self.push_row(&mut rows, row, widths, index == 0);
            if index == 0 {
                let line: Vec<String> = widths.iter().map(|wide| "─".repeat(*wide)).collect();
                rows.push(vec![faint(&line.join("─┼─"))]);
            }
        }
        rows
    }

    fn push_row(&self, rows: &mut Vec<Vec<Span>>, row: &[Pieces], widths: &[usize], is_heading: bool) {
        let empty = Pieces::default();
        let columns = widths.iter().enumerate().map(|(index, wide)| {
            let cell = row.get(index).unwrap_or(&empty);
            wrapped(cell, *wide, is_heading)
        });
        let columns: Vec<Vec<Vec<Span>>> = columns.collect();
        let height = columns.iter().map(Vec::len).max().unwrap_or_default();
        let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
        for _ in 0..height {
            let mut spans = Vec::new();
            for (index, (column, wide)) in columns.iter_mut().zip(widths).enumerate() {
                if index > 0 {
                    spans.push(faint(SEPARATOR));
                }
                let line = column.next().unwrap_or_default();
                let free = wide.saturating_sub(line.iter().map(|span| width(&span.text)).sum());
                let before = match self.alignments.get(index) {
                    Some(Alignment::Right) => free,
                    Some(Alignment::Center) => free / 2,
                    _ => 0,
                };
                push_blanks(&mut spans, before);
                spans.extend(line);
                push_blanks(&mut spans, free - before);
            }
            rows.push(spans);
        }
    }

    /// Returns the table as a list, for which a narrow pane has room: each cell on a line of its own, behind the heading
    /// of its column.
    fn record_rows(&self, cells: usize) -> Vec<Vec<Span>> {
        let Some((headings, records)) = self.cells.split_first() else { return Vec::new() };
        let mut rows = Vec::new();
        for heading in headings.iter().filter(|_| records.is_empty()) {
            rows.extend(wrapped(heading, cells, true));
        }
        for (index, record) in records.iter().enumerate() {
            if index > 0 {
                rows.push(vec![faint(&"─".repeat(cells.min(RECORD_LINE)))]);
            }
            for (cell, heading) in record.iter().zip(headings) {
                push_record_cell(&mut rows, heading, cell, cells);
            }
        }
        rows
    }

    /// Whether a list would be much longer than the table, because each record repeats the headings.
    fn repeats_too_much(&self) -> bool {
        let headings: usize = self.cells.iter().take(1).flatten().map(|heading| heading.text().len()).sum();
        headings * self.cells.len() > MAX_REPEATED
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

/// Wraps a cell, whose text is bold if it is a heading.
fn wrapped(cell: &Pieces, cells: usize, is_heading: bool) -> Vec<Vec<Span>> {
    let rows = cell.rows(wrap(&cell.text(), cells)).map(|mut spans| {
        spans.iter_mut().for_each(|span| span.look.bold |= is_heading);
        spans
    });
    rows.collect()
}

/// Adds the lines of a cell in a list, which begins with the heading of its column.
fn push_record_cell(rows: &mut Vec<Vec<Span>>, heading: &Pieces, cell: &Pieces, cells: usize) {
    if heading.0.is_empty() && cell.0.is_empty() {
        return;
    }
    let mut line = Pieces::default();
    for piece in &heading.0 {
        line.push(&piece.text, Look { bold: true, ..piece.look }, piece.link.as_ref());
    }
    if !heading.0.is_empty() {
        line.push(if cell.0.is_empty() { ":" } else { ": " }, Look { bold: true, ..Look::default() }, None);
    }
    for piece in &cell.0 {
        line.push(&piece.text, piece.look, piece.link.as_ref());
    }
    let indent = if cells < MIN_CELLS_INDENTED { 0 } else { INDENT };
    for (index, row) in wrapped(&line, cells - indent, false).into_iter().enumerate() {
        let mut spans = Vec::new();
        push_blanks(&mut spans, if index == 0 { 0 } else { indent });
        spans.extend(row);
        rows.push(spans);
    }
}
