//! A buffer that cannot be written outside of, and the theme's roles as styles.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::app::Area;
use crate::config::{self, Role, Theme};
use crate::text::{clip, width};

/// Where a frame is painted.
pub(super) struct Canvas<'a> {
    buffer: &'a mut Buffer,
    bounds: Rect,
    theme: &'a Theme,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(buffer: &'a mut Buffer, bounds: Rect, theme: &'a Theme) -> Self {
        let bounds = bounds.intersection(buffer.area);
        Self { buffer, bounds, theme }
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
                self.buffer[(end, y)].set_char(char::from(byte)).set_style(style);
                end += 1;
            }
            end
        } else if width(text) <= usize::from(cells) {
            self.buffer.set_stringn(x, y, text, cells.into(), style).0
        } else {
            self.buffer.set_stringn(x, y, clip(text, cells.into()), cells.into(), style).0
        }
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
            self.buffer[(x, row.y)].set_symbol(symbol).set_style(style);
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
