//! Snapshots of a screen: its text at every size, and its colors in four themes. A changed file in `snapshots/`
//! has to be reviewed.

use std::fmt::Write;

use minchat_tui::app::layout;
use minchat_tui::config::Theme;
use minchat_tui::runtime::Screen;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier, Style};
use test_support::story::Story;

/// The terminals of the snapshots, from a large one to the smallest in which everything has a place.
const SIZES: [(u16, u16); 4] = [(200, 60), (120, 40), (80, 24), (40, 12)];

/// The size at which colors are drawn.
const USUAL: (u16, u16) = (80, 24);

/// Draws a screen at every size and in four themes, and with ASCII characters only.
pub(crate) fn at_every_size(name: &str, open: impl Fn(u16, u16) -> Story) {
    for (width, height) in SIZES {
        let mut story = open(width, height);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), story.screen());
        if (width, height) == USUAL {
            insta::assert_snapshot!(format!("{name}_styles"), styles_in_themes(&mut story));
        }
        story.state.options.ascii = true;
        layout(&mut story.state);
        let mut screen = Screen::new(Vec::new());
        screen.draw(&story.state).unwrap();
        let cells = screen.shown().content.iter().map(Cell::symbol);
        let foreign: String = cells.filter(|symbol| !symbol.is_ascii()).collect();
        assert!(foreign.is_empty(), "{name} contains {foreign} with --ascii");
    }
}

/// A theme for each way to show something: attributes, backgrounds, the colors of the terminal, and nothing. The other
/// built-in themes differ in colors only.
const THEMES: [&str; 4] = ["dark", "light", "ansi", "plain"];

/// The styles of the cells: for each theme a grid of letters, and what each letter stands for. A dot is a cell without a
/// style.
fn styles_in_themes(story: &mut Story) -> String {
    let mut drawn = String::new();
    for name in THEMES {
        story.state.options.theme = Theme::built_in(name).expect("it is built in");
        layout(&mut story.state);
        let (buffer, _) = story.frame();
        let mut known: Vec<Style> = Vec::new();
        let _ = writeln!(drawn, "{name}:");
        for y in 0..buffer.area.height {
            let row: String = (0..buffer.area.width).map(|x| letter(buffer[(x, y)].style(), &mut known)).collect();
            drawn.push_str(row.trim_end_matches('.'));
            drawn.push('\n');
        }
        // kitty draws that in light gray on white: the last message of the selected room could not be read.
        let both = Modifier::DIM | Modifier::REVERSED;
        assert!(!known.iter().any(|style| style.add_modifier.contains(both)), "{name}: dim text in reverse video");
        for (style, letter) in known.iter().zip('a'..) {
            let _ = writeln!(drawn, "{letter} {}", description(*style));
        }
        drawn.push('\n');
    }
    drawn
}

fn letter(style: Style, known: &mut Vec<Style>) -> char {
    if description(style).is_empty() {
        return '.';
    }
    let index = known.iter().position(|other| *other == style).unwrap_or_else(|| {
        known.push(style);
        known.len() - 1
    });
    ('a'..).nth(index).expect("a letter")
}

fn description(style: Style) -> String {
    let color = |color: Option<Color>| match color {
        None | Some(Color::Reset) => None,
        Some(Color::Indexed(number)) => Some(number.to_string()),
        other => Some(format!("{other:?}")),
    };
    let words = [
        color(style.fg).map(|color| format!("fg {color}")),
        color(style.bg).map(|color| format!("bg {color}")),
        (!style.add_modifier.is_empty()).then(|| names(style.add_modifier)),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn names(modifiers: Modifier) -> String {
    modifiers.iter_names().map(|(name, _)| name.to_lowercase()).collect::<Vec<_>>().join(", ")
}
