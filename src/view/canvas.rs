//! A buffer that cannot be written outside of, and the theme's roles as styles.
//!
//! A terminal that reorders text does so along whole rows: beside a word of Hebrew the time, which is digits, would
//! change places with it. So each piece of text that runs from right to left is put between FSI and PDI once the frame
//! is painted: not before, since what is painted over it may take one of the two away. Terminals that reorder nothing
//! give both no cell.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, CellDiffOption, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::app::Area;
use crate::config::{self, Role, Theme};
use crate::text::{clip, contains_rtl, graphemes, width};

/// Begins a piece of text that has its own direction.
const ISOLATE: char = '\u{2068}';
/// Ends it.
const END_OF_ISOLATE: char = '\u{2069}';

/// Where a frame is painted.
pub(super) struct Canvas<'a> {
    buffer: &'a mut Buffer,
    bounds: Rect,
    theme: &'a Theme,
    /// Where text stands that runs from right to left, nothing of it painted over.
    leftward: Vec<Stretch>,
}

/// Cells of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    y: u16,
    start: u16,
    end: u16,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(buffer: &'a mut Buffer, bounds: Rect, theme: &'a Theme) -> Self {
        let bounds = bounds.intersection(buffer.area);
        Self { buffer, bounds, theme, leftward: Vec::new() }
    }

    /// Whether any of `area` is to be painted.
    pub(super) fn touches(&self, area: Area) -> bool {
        rect(area).intersects(self.bounds)
    }

    /// The style of a role.
    pub(super) fn style(&self, role: Role) -> Style {
        to_style(self.theme.style(role))
    }

    /// The style of somebody else's name.
    pub(super) fn peer_style(&self, name: &str) -> Style {
        to_style(self.theme.peer(name))
    }

    /// Writes `text` from a cell on, at most `cells` wide, clipped with `…`; returns the column behind it.
    pub(super) fn put(&mut self, x: u16, y: u16, text: &str, cells: u16, style: Style) -> u16 {
        let cells = cells.min(self.bounds.right().saturating_sub(x));
        if cells == 0 || y >= self.bounds.bottom() || y < self.bounds.y || x < self.bounds.x {
            return x;
        }
        if text.len() <= usize::from(cells) && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            // Most of what is on a screen; need not be looked through for graphemes.
            let mut end = x;
            for byte in text.bytes() {
                let cell = &mut self.buffer[(end, y)];
                cell.set_char(char::from(byte)).set_style(style).set_diff_option(CellDiffOption::None);
                end += 1;
            }
            self.painted_over(y, x, end);
            end
        } else if width(text) <= usize::from(cells) {
            self.put_graphemes(x, y, text, style)
        } else {
            self.put_graphemes(x, y, &clip(text, cells.into()), style)
        }
    }

    /// Writes text that fits. What has no cell of its own and stands on nothing is left out.
    fn put_graphemes(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let mut end = x;
        for (grapheme, cells) in graphemes(text) {
            let Some(wide) = u16::try_from(cells).ok().and_then(NonZeroU16::new) else { continue };
            if grapheme.contains(char::is_control) || wide.get() > self.bounds.right() - end {
                continue;
            }
            let symbol = self.at_edge(grapheme, end);
            let cell = &mut self.buffer[(end, y)];
            cell.set_symbol(symbol).set_style(style).set_diff_option(CellDiffOption::None);
            if symbol.cell_width() != wide.get() {
                // One function measures: ratatui gives some halfwidth marks a second cell.
                cell.set_diff_option(CellDiffOption::ForcedWidth(wide));
            }
            for covered in end + 1..end + wide.get() {
                self.buffer[(covered, y)].reset();
            }
            end += wide.get();
        }
        self.painted_over(y, x, end);
        // What was left out whole, such as a mark on nothing, takes no cell that could be isolated.
        if x < end && contains_rtl(text) {
            match self.leftward.last_mut() {
                Some(last) if last.y == y && last.end == x => last.end = end,
                _ => self.leftward.push(Stretch { y, start: x, end }),
            }
        }
        end
    }

    /// What is written of a grapheme. A terminal that does not join pictures gives each of them its cells; at the right
    /// edge it would go on in the next row, so there only the first one stands.
    fn at_edge<'t>(&self, grapheme: &'t str, x: u16) -> &'t str {
        let first = grapheme.chars().next().map_or(0, char::len_utf8);
        if first == grapheme.len() {
            return grapheme;
        }
        let apart: usize = grapheme.char_indices().map(|(at, c)| width(&grapheme[at..at + c.len_utf8()])).sum();
        if apart > usize::from(self.bounds.right() - x) { &grapheme[..first] } else { grapheme }
    }

    /// Puts what runs from right to left between isolates; nothing is painted after that.
    pub(super) fn finish(self) {
        for Stretch { y, start, end } in self.leftward {
            let mut last = start;
            let mut next = start;
            while next < end {
                last = next;
                next += self.buffer[(next, y)].cell_width().max(1);
            }
            let cell = &mut self.buffer[(start, y)];
            let symbol = format!("{ISOLATE}{}", cell.symbol());
            cell.set_symbol(&symbol);
            let cell = &mut self.buffer[(last, y)];
            let symbol = format!("{}{END_OF_ISOLATE}", cell.symbol());
            cell.set_symbol(&symbol);
        }
    }

    /// These cells of a row are something else now.
    fn painted_over(&mut self, y: u16, start: u16, end: u16) {
        if self.leftward.is_empty() || start >= end {
            return;
        }
        let cut = |old: Stretch| {
            let before = Stretch { end: old.end.min(start), ..old };
            let behind = Stretch { start: old.start.max(end), ..old };
            let touched = old.y == y && start < old.end && old.start < end;
            let left = if touched { [Some(before), Some(behind)] } else { [Some(old), None] };
            left.into_iter().flatten().filter(|stretch| stretch.start < stretch.end)
        };
        self.leftward = std::mem::take(&mut self.leftward).into_iter().flat_map(cut).collect();
    }

    /// Writes `text` so that it ends with the row of `area`; returns the column it begins at.
    pub(super) fn put_right(&mut self, area: Area, y: u16, text: &str, style: Style) -> u16 {
        let end = area.x + area.width;
        let x = end.saturating_sub(cells(text)).max(area.x);
        self.put(x, y, text, end - x, style);
        x
    }

    /// Writes `text` in the middle of a row of `area`.
    pub(super) fn put_centred(&mut self, area: Area, y: u16, text: &str, style: Style) {
        let x = area.x + area.width.saturating_sub(cells(text)) / 2;
        self.put(x, y, text, area.width - (x - area.x), style);
    }

    /// Fills a row of `area` with one character.
    pub(super) fn rule(&mut self, area: Area, y: u16, symbol: &str, style: Style) {
        let row = Rect::new(area.x, y, area.width, 1).intersection(self.bounds);
        for x in row.x..row.right() {
            let cell = &mut self.buffer[(x, row.y)];
            cell.set_symbol(symbol).set_style(style).set_diff_option(CellDiffOption::None);
        }
        if row.height > 0 {
            self.painted_over(row.y, row.x, row.right());
        }
    }

    /// Lays a style over what is there.
    pub(super) fn tint(&mut self, area: Area, style: Style) {
        self.buffer.set_style(rect(area).intersection(self.bounds), style);
    }

    /// Empties an area.
    pub(super) fn clear(&mut self, area: Area) {
        let rect = rect(area).intersection(self.bounds);
        for y in rect.y..rect.bottom() {
            for x in rect.x..rect.right() {
                self.buffer[(x, y)].reset();
            }
            self.painted_over(y, rect.x, rect.right());
        }
    }
}

/// The width of `text` in cells.
pub(super) fn cells(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}

fn rect(area: Area) -> Rect {
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
    Style { fg: style.fg.map(to_color), bg: style.bg.map(to_color), ..Style::new().add_modifier(modifiers) }
}

fn to_color(color: config::Color) -> Color {
    match color {
        config::Color::Ansi(number) | config::Color::Indexed(number) => Color::Indexed(number),
        config::Color::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
    }
}
