//! A screen as a picture. The pictures in the README are made by it too.

use std::fmt::Write;

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::style::{Color, Modifier, Style};

use crate::text::graphemes;

/// Size of a cell in pixels. The text is stretched to it, so that every font lines up.
const CELL: (u32, u32) = (9, 19);
/// Pixels around the screen.
const MARGIN: u32 = 12;
/// Pixels from the top of a row to the base line of its text.
const BASE: u32 = 14;
const BACKGROUND: &str = "#16181d";
const FOREGROUND: &str = "#d8dee9";
/// The 16 colors that a terminal defines, as in many dark themes.
const ANSI: [&str; 16] = [
    "#2e3440", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#abb2bf", "#5c6370", "#ff7b86",
    "#b5e890", "#f0d58a", "#7cc4ff", "#dd9bf0", "#7fdbe6", "#ffffff",
];

/// Draws a screen as SVG.
pub fn svg(buffer: &Buffer) -> String {
    let area = buffer.area;
    let (width, height) = (pixels(area.width, CELL.0) + MARGIN, pixels(area.height, CELL.1) + MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" \
         font-size=\"15\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n"
    );
    for y in area.top()..area.bottom() {
        let mut x = area.left();
        while x < area.right() {
            let start = x;
            let style = buffer[(x, y)].style();
            let mut text = String::new();
            // Wide characters are drawn one by one, because their glyphs have widths of their own.
            let is_wide = |x: u16| buffer[(x, y)].cell_width() > 1;
            while x < area.right() && buffer[(x, y)].style() == style && (x == start || !is_wide(x)) {
                let cell = &buffer[(x, y)];
                text.push_str(cell.symbol());
                x += cell.cell_width().max(1);
                if is_wide(start) {
                    break;
                }
            }
            run(&mut svg, (start, y), x - start, &text, style);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Draws text of one style.
fn run(svg: &mut String, (x, y): (u16, u16), cells: u16, text: &str, style: Style) {
    let is_reversed = style.add_modifier.contains(Modifier::REVERSED);
    let (fg, bg) = (color(style.fg, FOREGROUND), color(style.bg, BACKGROUND));
    let (fg, bg) = if is_reversed { (bg, fg) } else { (fg, bg) };
    let (left, top, width) = (pixels(x, CELL.0), pixels(y, CELL.1), u32::from(cells) * CELL.0);
    if bg != BACKGROUND {
        let _ = writeln!(svg, "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{}\" fill=\"{bg}\"/>", CELL.1);
    }
    let shown = text.trim_end_matches(' ');
    if shown.trim().is_empty() {
        return;
    }
    // Isolates of right-to-left text have no glyph.
    let shown: String = graphemes(shown).map(|(grapheme, _)| grapheme).collect();
    let shown = shown.replace(['\u{2066}', '\u{2067}', '\u{2069}'], "");
    let mut attributes = String::new();
    for (modifier, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::DIM, " opacity=\"0.6\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        (Modifier::CROSSED_OUT, " text-decoration=\"line-through\""),
    ] {
        if style.add_modifier.contains(modifier) {
            attributes.push_str(attribute);
        }
    }
    // Only blanks of one byte are cells of their own; others stay in the text.
    let blanks = |blanks: usize| u32::try_from(blanks).unwrap_or_default() * CELL.0;
    let indent = blanks(shown.len() - shown.trim_start_matches(' ').len());
    let used = width.saturating_sub(blanks(text.len() - text.trim_end_matches(' ').len()) + indent);
    let text = shown.trim_matches(' ').replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{fg}\"{attributes} \
         xml:space=\"preserve\">{text}</text>",
        left + indent,
        top + BASE,
        used,
    );
}

/// Returns the distance of a cell from the edge of the picture.
fn pixels(cells: u16, size: u32) -> u32 {
    MARGIN + u32::from(cells) * size
}

/// Returns a color as it is written in SVG.
fn color(color: Option<Color>, default: &str) -> String {
    match color {
        Some(Color::Indexed(number)) if number < 16 => ANSI[usize::from(number)].to_owned(),
        Some(Color::Indexed(number)) if number >= 232 => {
            let gray = 8 + 10 * (number - 232);
            format!("#{gray:02x}{gray:02x}{gray:02x}")
        }
        Some(Color::Indexed(number)) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let cube = number - 16;
            format!("#{:02x}{:02x}{:02x}", level(cube / 36), level(cube / 6 % 6), level(cube % 6))
        }
        Some(Color::Rgb(red, green, blue)) => format!("#{red:02x}{green:02x}{blue:02x}"),
        _ => default.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blanks of other widths are no cells to count, and a large terminal has more pixels than 16 bits can count.
    #[test]
    fn any_screen_can_be_drawn() {
        for line in ["\u{3000}\u{3000}", "a\u{2003}\u{2003}\u{2003}", "\u{a0}\u{3000} x \u{2003}", "\u{2003}", "  "] {
            let mut buffer = Buffer::with_lines([line]);
            assert!(svg(&buffer).ends_with("</svg>\n"));
            buffer[(0, 0)].set_style(Style::new().bg(Color::Indexed(1)));
            assert!(svg(&buffer).contains("<rect x=\"12\""), "{line:?}");
        }
        let wide = Buffer::filled(ratatui::layout::Rect::new(0, 0, 9_000, 1), ratatui::buffer::Cell::new("x"));
        assert!(svg(&wide).contains("width=\"81024\""));
    }
}
