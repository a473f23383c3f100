//! Clipped writing into a ratatui buffer, with the theme's roles as styles.
//!
//! [`Canvas`] measures text with the program's own width function and never writes outside its bounds.
//!
//! It also knows where right-to-left text is. Terminals with bidirectional support reorder whole rows: a time next to a
//! Hebrew word would change places with the word. Each right-to-left run is therefore enclosed in characters that have no
//! width in any terminal: LRI or RLI and PDI, or LRO and PDF if the program has reordered it already. This is done after
//! everything is painted, because text painted over a run could remove one of the two characters.

use std::num::NonZeroU16;
use std::sync::Arc;

use ratatui::buffer::{Buffer, CellDiffOption, CellWidth};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};

use crate::app::{Label, Region};
use crate::config::{self, Bidi, Role, Theme};
use crate::text::{Link, ascii_replacement, clip, contains_rtl, graphemes, is_rtl_text, width};

use super::reordering;

/// Isolates (LRI, RLI): start a run of text with its own direction, which is that of its line.
const ISOLATE: char = '\u{2066}';
const RTL_ISOLATE: char = '\u{2067}';
/// Pop directional isolate (PDI): ends such a run.
const END_OF_ISOLATE: char = '\u{2069}';
/// Left-to-right override (LRO): starts a run that is not to be reordered.
const OVERRIDE: char = '\u{202d}';
/// Pop directional formatting (PDF): ends such a run.
const END_OF_OVERRIDE: char = '\u{202c}';

/// A buffer for one frame, with its bounds and theme.
pub(super) struct Canvas<'a> {
    buffer: &'a mut Buffer,
    bounds: Rect,
    theme: &'a Theme,
    /// Right-to-left text on screen, except where it was painted over.
    rtl_runs: Vec<Run>,
    /// Links on screen, except where they were painted over.
    pub(super) links: Vec<LinkRun>,
}

/// Adjacent cells of one row that belong to a link; `end` is exclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRun {
    /// Row.
    pub y: u16,
    /// First column.
    pub start: u16,
    /// Column after the last one.
    pub end: u16,
    /// The link.
    pub link: Arc<Link>,
}

/// Adjacent cells of one row; `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    y: u16,
    start: u16,
    end: u16,
    /// Whether the text as a whole is read from right to left.
    is_rtl: bool,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(buffer: &'a mut Buffer, bounds: Rect, theme: &'a Theme) -> Self {
        let bounds = bounds.intersection(buffer.area);
        Self { buffer, bounds, theme, rtl_runs: Vec::new(), links: Vec::new() }
    }

    /// Paints only within `bounds` from now on.
    pub(super) fn set_bounds(&mut self, bounds: Rect) {
        self.bounds = bounds.intersection(self.buffer.area);
    }

    /// Whether `area` overlaps the part of the screen that is being painted.
    pub(super) fn touches(&self, area: Region) -> bool {
        rect(area).intersects(self.bounds)
    }

    /// The style of a role.
    pub(super) fn style(&self, role: Role) -> Style {
        to_style(self.theme.style(role))
    }

    /// The style of another person's name in this color of the theme.
    pub(super) fn peer_style(&self, color: usize) -> Style {
        to_style(self.theme.peer(color))
    }

    /// Writes `text` at a cell, clipped with `…` to at most `cells` cells; returns the column after it.
    pub(super) fn put(&mut self, x: u16, y: u16, text: &str, cells: u16, style: Style) -> u16 {
        let cells = cells.min(self.bounds.right().saturating_sub(x));
        if cells == 0 || y >= self.bounds.bottom() || y < self.bounds.y || x < self.bounds.x {
            return x;
        }
        self.uncover(x, y);
        if text.len() <= usize::from(cells) && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            // Fast path for printable ASCII, which is most of a screen and needs no grapheme segmentation.
            let start = self.buffer.index_of(x, y);
            for (cell, byte) in self.buffer.content[start..].iter_mut().zip(text.bytes()) {
                cell.set_char(char::from(byte)).set_style(style).set_diff_option(CellDiffOption::None);
            }
            let end = x + text.len() as u16;
            self.clip_runs(y, x, end);
            end
        } else if width(text) <= usize::from(cells) {
            self.put_graphemes(x, y, text, style)
        } else {
            self.put_graphemes(x, y, &clip(text, cells.into()), style)
        }
    }

    /// Writes a cell of a picture. It is no text, although its marks are of the scripts of many languages.
    pub(super) fn put_picture_cell(&mut self, x: u16, y: u16, symbol: &str, style: Style) {
        if self.bounds.contains(Position::new(x, y)) {
            self.uncover(x, y);
            self.buffer[(x, y)].set_symbol(symbol).set_style(style).set_diff_option(CellDiffOption::None);
            self.clip_runs(y, x, x + 1);
        }
    }

    /// Writes a name and its mark, which is dim; returns the column after it. Where space is short, the name is
    /// shortened, because only the mark tells who it is.
    pub(super) fn put_label(&mut self, x: u16, y: u16, label: &Label<'_>, cells: u16, style: Style) -> u16 {
        if label.mark.is_empty() {
            return self.put(x, y, label.name, cells, style);
        }
        let mark = format!(" {}", label.mark);
        let mark_cells = self::cells(&mark).min(cells);
        let end = self.put(x, y, label.name, cells - mark_cells, style);
        let dim = self.style(Role::Dim);
        self.put(end, y, &mark, mark_cells, dim)
    }

    /// Writes a label like [`put_label`](Self::put_label), and emphasises the graphemes of name, blank and mark whose
    /// indices are in `matched`, which is in ascending order.
    pub(super) fn put_matched(
        &mut self,
        x: u16,
        y: u16,
        label: &Label<'_>,
        matched: &[u32],
        cells: u16,
        style: Style,
    ) -> u16 {
        let end = self.put_label(x, y, label, cells, style);
        let found = self.style(Role::Found);
        let mark = if label.mark.is_empty() { String::new() } else { format!(" {}", label.mark) };
        let mark_start = end.saturating_sub(self::cells(&mark)).max(x);
        let is_cut = x.saturating_add(self::cells(label.name)) > mark_start;
        // The last cell of a name that is cut off is the ellipsis.
        let name_end = mark_start.saturating_sub(u16::from(is_cut));
        let mut column = x;
        let in_name = graphemes(label.name).map(|grapheme| (grapheme, name_end));
        let in_mark = graphemes(&mark).map(|grapheme| (grapheme, end));
        let names = graphemes(label.name).count();
        for (index, ((_, cells), limit)) in in_name.chain(in_mark).enumerate() {
            if index == names {
                column = mark_start;
            }
            let width = u16::try_from(cells).unwrap_or(u16::MAX);
            let is_matched = u32::try_from(index).is_ok_and(|index| matched.binary_search(&index).is_ok());
            if is_matched && column.saturating_add(width) <= limit {
                self.tint(Region { x: column, y, width, height: 1 }, found);
            }
            column = column.saturating_add(width);
        }
        end
    }

    /// Writes text that fits. Graphemes of zero width, such as a combining mark without a base, are left out.
    fn put_graphemes(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let mut end = x;
        for (grapheme, cells) in graphemes(text) {
            let Some(wide) = u16::try_from(cells).ok().and_then(NonZeroU16::new) else { continue };
            // Line separators occur in text that is being written, and move the cursor of some terminals.
            if matches!(grapheme, "\t" | "\u{2028}" | "\u{2029}") {
                for _ in 0..wide.get().min(self.bounds.right() - end) {
                    self.buffer[(end, y)].reset();
                    self.buffer[(end, y)].set_style(style);
                    end += 1;
                }
                continue;
            }
            if grapheme.contains(char::is_control) || wide.get() > self.bounds.right() - end {
                continue;
            }
            let symbol = self.clip_at_edge(grapheme, end);
            let cell = &mut self.buffer[(end, y)];
            cell.set_symbol(symbol).set_style(style).set_diff_option(CellDiffOption::None);
            if symbol.cell_width() != wide.get() {
                // ratatui measures some halfwidth marks as two cells; the width of the `text` layer wins.
                cell.set_diff_option(CellDiffOption::ForcedWidth(wide));
            }
            for covered in end + 1..end + wide.get() {
                self.buffer[(covered, y)].reset();
            }
            end += wide.get();
        }
        self.clip_runs(y, x, end);
        // Without a cell there is nothing to isolate.
        if x < end && contains_rtl(text) {
            match self.rtl_runs.last_mut() {
                Some(last) if last.y == y && last.end == x => last.end = end,
                _ => self.rtl_runs.push(Run { y, start: x, end, is_rtl: is_rtl_text(text) }),
            }
        }
        end
    }

    /// Returns the part of a grapheme to write at column `x`. A terminal that does not join emoji sequences draws their
    /// parts one after the other. Near the right edge they would wrap into the next row, so only the first is written.
    fn clip_at_edge<'t>(&self, grapheme: &'t str, x: u16) -> &'t str {
        let first = grapheme.chars().next().map_or(0, char::len_utf8);
        if first == grapheme.len() {
            return grapheme;
        }
        let unjoined: usize = grapheme.char_indices().map(|(at, c)| width(&grapheme[at..at + c.len_utf8()])).sum();
        if unjoined > usize::from(self.bounds.right() - x) { &grapheme[..first] } else { grapheme }
    }

    /// Replaces everything that is not ASCII. Has to be called after everything is painted.
    pub(super) fn replace_non_ascii(self) {
        for position in self.bounds.positions() {
            let cell = &self.buffer[position];
            if cell.symbol().is_ascii() {
                continue;
            }
            if cell.symbol() == "…" && self.is_blank_after(position) {
                let style = cell.style();
                for x in position.x..position.x + 3 {
                    self.buffer[(x, position.y)].set_char('.').set_style(style);
                }
                continue;
            }
            let width = match cell.diff_option {
                CellDiffOption::ForcedWidth(width) => width.get(),
                _ => cell.cell_width(),
            };
            let style = cell.style();
            let replacement = ascii_replacement(cell.symbol());
            for x in position.x..(position.x + width.max(1)).min(self.bounds.right()) {
                let cell = &mut self.buffer[(x, position.y)];
                cell.set_char(replacement).set_style(style).set_diff_option(CellDiffOption::None);
            }
        }
    }

    /// Whether two cells after `position` are free for the other dots of an ellipsis, with one more before the next
    /// text.
    fn is_blank_after(&self, position: Position) -> bool {
        let mut after = (position.x + 1..=position.x + 3).map(|x| (x < self.bounds.right()).then_some(x));
        let is_blank = |x: u16| self.buffer[(x, position.y)].symbol() == " ";
        after.next().flatten().is_some_and(is_blank)
            && after.next().flatten().is_some_and(is_blank)
            && after.next().flatten().is_none_or(is_blank)
    }

    /// Makes the text between two columns a single run if it contains right-to-left text or is part of such a line, so
    /// that parts in different styles are ordered together. `is_rtl` is the direction of the line to which they belong.
    pub(super) fn unite_rtl(&mut self, y: u16, start: u16, end: u16, is_rtl: bool) {
        let is_inside = |run: &Run| run.y == y && start <= run.start && run.end <= end;
        if start < end && (is_rtl || self.rtl_runs.iter().any(is_inside)) {
            self.rtl_runs.retain(|run| !is_inside(run));
            self.rtl_runs.push(Run { y, start, end, is_rtl });
        }
    }

    /// Puts right-to-left runs into their order on screen, and returns where the cursor is then. Has to be called after
    /// everything is painted.
    pub(super) fn reorder_rtl(&mut self, mut cursor: Option<Position>) -> Option<Position> {
        for run in &self.rtl_runs {
            let moved = reordering::reorder(self.buffer, run.y, run.start..run.end, run.is_rtl);
            for link in self.links.iter_mut().filter(|link| link.y == run.y) {
                let columns = moved.iter().filter(|(from, _)| (link.start..link.end).contains(from)).map(|(_, to)| to);
                let (start, end) = (columns.clone().map(|to| to.start).min(), columns.map(|to| to.end).max());
                if let Some((start, end)) = start.zip(end) {
                    (link.start, link.end) = (start, end);
                }
            }
            let is_on = |position: &Position, from: u16| (position.x, position.y) == (from, run.y);
            let to = moved.iter().find(|(from, _)| cursor.is_some_and(|cursor| is_on(&cursor, *from)));
            if let Some((_, to)) = to {
                cursor = Some(Position::new(to.start, run.y));
            }
        }
        cursor
    }

    /// Encloses right-to-left runs in characters that keep them apart from other text. Has to be called after everything
    /// is painted.
    pub(super) fn enclose_rtl(self, bidi: Bidi) {
        for Run { y, start, end, is_rtl } in self.rtl_runs {
            let (before, after) = match bidi {
                Bidi::Terminal => (if is_rtl { RTL_ISOLATE } else { ISOLATE }, END_OF_ISOLATE),
                Bidi::Program => (OVERRIDE, END_OF_OVERRIDE),
            };
            let mut last = start;
            let mut next = start;
            while next < end {
                last = next;
                next += self.buffer[(next, y)].cell_width().max(1);
            }
            let cell = &mut self.buffer[(start, y)];
            let symbol = format!("{before}{}", cell.symbol());
            cell.set_symbol(&symbol);
            let cell = &mut self.buffer[(last, y)];
            let symbol = format!("{}{after}", cell.symbol());
            cell.set_symbol(&symbol);
        }
    }

    /// Removes cells that were overwritten from the right-to-left runs and the links, which may split a run in two.
    fn clip_runs(&mut self, y: u16, start: u16, end: u16) {
        // Most text is painted over nothing, so nothing is copied for it.
        let overlaps = |run_y, run_start, run_end| run_y == y && run_start < end && start < run_end;
        if self.rtl_runs.iter().any(|run| overlaps(run.y, run.start, run.end)) {
            let cut = |old: Run| {
                let rest = without((old.start, old.end), (start, end), old.y == y);
                rest.into_iter().flatten().map(move |(start, end)| Run { start, end, ..old })
            };
            self.rtl_runs = std::mem::take(&mut self.rtl_runs).into_iter().flat_map(cut).collect();
        }
        if self.links.iter().any(|run| overlaps(run.y, run.start, run.end)) {
            let cut = |old: LinkRun| {
                let rest = without((old.start, old.end), (start, end), old.y == y);
                rest.into_iter().flatten().map(move |(start, end)| LinkRun { start, end, ..old.clone() })
            };
            self.links = std::mem::take(&mut self.links).into_iter().flat_map(cut).collect();
        }
    }

    /// Writes text that belongs to a link; returns the column after it.
    pub(super) fn put_link(&mut self, x: u16, y: u16, text: &str, cells: u16, style: Style, link: &Arc<Link>) -> u16 {
        let end = self.put(x, y, text, cells, style);
        if x < end {
            self.links.push(LinkRun { y, start: x, end, link: Arc::clone(link) });
        }
        end
    }

    /// Writes `text` right-aligned in a row of `area`; returns the column it starts at.
    pub(super) fn put_right(&mut self, area: Region, y: u16, text: &str, style: Style) -> u16 {
        let end = area.x + area.width;
        let x = end.saturating_sub(cells(text)).max(area.x);
        self.put(x, y, text, end - x, style);
        x
    }

    /// Writes `text` centred in a row of `area`.
    pub(super) fn put_centred(&mut self, area: Region, y: u16, text: &str, style: Style) {
        let x = area.x + area.width.saturating_sub(cells(text)) / 2;
        self.put(x, y, text, area.width - (x - area.x), style);
    }

    /// Fills a row of `area` with one symbol.
    pub(super) fn rule(&mut self, area: Region, y: u16, symbol: &str, style: Style) {
        let row = Rect::new(area.x, y, area.width, 1).intersection(self.bounds);
        if row.height > 0 {
            self.uncover(row.x, y);
        }
        for x in row.x..row.right() {
            let cell = &mut self.buffer[(x, row.y)];
            cell.set_symbol(symbol).set_style(style).set_diff_option(CellDiffOption::None);
        }
        if row.height > 0 {
            self.clip_runs(row.y, row.x, row.right());
        }
    }

    /// Applies a style to cells without changing their text.
    pub(super) fn tint(&mut self, area: Region, style: Style) {
        self.buffer.set_style(rect(area).intersection(self.bounds), style);
    }

    /// Removes a wide character whose second half is at a cell that is about to be painted. It would hide that cell.
    fn uncover(&mut self, x: u16, y: u16) {
        if x > self.bounds.x && self.buffer[(x - 1, y)].cell_width() > 1 {
            self.buffer[(x - 1, y)].set_char(' ').set_diff_option(CellDiffOption::None);
            self.clip_runs(y, x - 1, x);
        }
    }

    /// Clears an area, wide characters that reach into it from the left included.
    pub(super) fn clear(&mut self, area: Region) {
        let rect = rect(area).intersection(self.bounds);
        for y in rect.y..rect.bottom() {
            self.uncover(rect.x, y);
            for x in rect.x..rect.right() {
                self.buffer[(x, y)].reset();
            }
            self.clip_runs(y, rect.x, rect.right());
        }
    }
}

/// Returns what remains of a range of columns when another one is painted over, if that is in the same row.
fn without(old: (u16, u16), new: (u16, u16), same_row: bool) -> [Option<(u16, u16)>; 2] {
    if !same_row || old.1 <= new.0 || new.1 <= old.0 {
        return [Some(old), None];
    }
    let parts = [(old.0, old.1.min(new.0)), (old.0.max(new.1), old.1)];
    parts.map(|part| (part.0 < part.1).then_some(part))
}

/// The width of `text` in cells.
pub(super) fn cells(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}

fn rect(area: Region) -> Rect {
    Rect::new(area.x, area.y, area.width, area.height)
}

fn to_style(style: config::Style) -> Style {
    let attributes = [
        (style.bold, Modifier::BOLD),
        (style.italic, Modifier::ITALIC),
        (style.underline, Modifier::UNDERLINED),
        (style.dim, Modifier::DIM),
        (style.reverse, Modifier::REVERSED),
    ];
    let modifiers = attributes.into_iter().filter(|(on, _)| *on).map(|(_, modifier)| modifier).collect();
    // kitty shows what is dim in reverse video in light gray on white.
    let removed = if style.reverse { Modifier::DIM } else { Modifier::empty() };
    let colors = Style { fg: style.fg.map(to_color), bg: style.bg.map(to_color), ..Style::new() };
    colors.add_modifier(modifiers).remove_modifier(removed)
}

fn to_color(color: config::Color) -> Color {
    match color {
        config::Color::Ansi(number) | config::Color::Indexed(number) => Color::Indexed(number),
        config::Color::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
    }
}

#[cfg(test)]
mod tests;
