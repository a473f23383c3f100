//! Themes: a style for each role, independent of the drawing library.

use toml::de::DeValue;
use toml::{Spanned, de::DeTable};

use crate::text::stable_hash;

use super::document::Document;
use super::problem::Problems;

mod color_depth;

pub use color_depth::{ColorDepth, nearest_of_palette};

/// A terminal color.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// One of the 16 colors that the terminal's own theme defines.
    Ansi(u8),
    /// One of the fixed 256 colors.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// Colors and attributes. `None` stands for the default color of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "a terminal has this many independent attributes")]
pub struct Style {
    /// Text color.
    pub fg: Option<Color>,
    /// Background color.
    pub bg: Option<Color>,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Underline.
    pub underline: bool,
    /// Dim.
    pub dim: bool,
    /// Text and background color swapped.
    pub reverse: bool,
}

/// Purpose of a style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "assets/themes/dark.toml describes each role")]
pub enum Role {
    Text,
    Dim,
    Accent,
    Title,
    Own,
    Unread,
    NewLine,
    Selection,
    Error,
    Warning,
    Success,
    Link,
    Border,
    Typing,
    Found,
    Code,
    Mention,
}

/// All roles and their names in a theme file, in the order of the variants.
pub(super) const ROLES: &[(Role, &str)] = &[
    (Role::Text, "text"),
    (Role::Dim, "dim"),
    (Role::Accent, "accent"),
    (Role::Title, "title"),
    (Role::Own, "own"),
    (Role::Unread, "unread"),
    (Role::NewLine, "new_line"),
    (Role::Selection, "selection"),
    (Role::Error, "error"),
    (Role::Warning, "warning"),
    (Role::Success, "success"),
    (Role::Link, "link"),
    (Role::Border, "border"),
    (Role::Typing, "typing"),
    (Role::Found, "found"),
    (Role::Code, "code"),
    (Role::Mention, "mention"),
];

/// The built-in themes: name and content of the file.
pub const BUILT_IN_THEMES: &[(&str, &str)] = &[
    ("dark", include_str!("../../assets/themes/dark.toml")),
    ("light", include_str!("../../assets/themes/light.toml")),
    ("ansi", include_str!("../../assets/themes/ansi.toml")),
    ("plain", include_str!("../../assets/themes/plain.toml")),
];

/// Names of the 16 ANSI colors, in their order.
const COLOR_NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "gray",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "white",
];

/// A theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Name of the theme.
    pub name: String,
    styles: [Style; ROLES.len()],
    peers: Vec<Style>,
}

impl Default for Theme {
    /// Returns the theme `dark`.
    fn default() -> Self {
        Self::built_in("dark").unwrap_or_else(|| Self::bare("dark"))
    }
}

impl Theme {
    /// Returns the style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// Returns the style of other people's names with this color; see [`peer_color`](Self::peer_color).
    pub fn peer(&self, color: usize) -> Style {
        let style = self.peers.get(color).copied().unwrap_or_default();
        Style { bold: true, ..style }
    }

    /// Returns the number of colors for the names of other people.
    pub fn peer_colors(&self) -> usize {
        self.peers.len()
    }

    /// Returns the preferred color for a name, as an index. The same name always prefers the same color.
    pub fn peer_color(&self, name: &str) -> usize {
        let count = u32::try_from(self.peers.len()).unwrap_or(u32::MAX).max(1);
        (stable_hash(name) % count) as usize
    }

    /// Whether any style has a color.
    pub fn has_colors(&self) -> bool {
        self.styles.iter().chain(&self.peers).any(|style| style.fg.is_some() || style.bg.is_some())
    }

    /// Returns the built-in theme with this name.
    pub fn built_in(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN_THEMES.iter().find(|(built_in, _)| *built_in == name)?;
        Self::parse(name, name, text).ok()
    }

    /// Creates a theme without any style.
    fn bare(name: &str) -> Self {
        Self { name: name.to_owned(), styles: [Style::default(); ROLES.len()], peers: Vec::new() }
    }

    /// Parses a theme file. Roles that it does not set come from the built-in theme that it names with `inherit`, or
    /// have no style.
    ///
    /// # Errors
    /// Returns all problems of the file, with lines and columns.
    pub fn parse(name: &str, file: &str, text: &str) -> Result<Self, Problems> {
        let (mut document, table) = Document::parse(file, text);
        let mut theme = inherited(&mut document, &table).unwrap_or_else(|| Self::bare(name));
        name.clone_into(&mut theme.name);
        for (key, value) in &table {
            let (span, key) = (key.span(), key.get_ref().as_ref());
            match (key, ROLES.iter().find(|(_, role)| *role == key)) {
                ("inherit", _) => {}
                ("peers", _) => theme.peers = peers(&mut document, value),
                (_, Some((role, _))) => {
                    let style = style(&mut document, key, value);
                    if let Some(slot) = theme.styles.get_mut(*role as usize) {
                        *slot = style;
                    }
                }
                (_, None) => {
                    let known = ROLES.iter().map(|(_, role)| *role).chain(["inherit", "peers"]);
                    document.report_unknown(span, "role", key, known);
                }
            }
        }
        if document.problems.0.is_empty() { Ok(theme) } else { Err(document.problems) }
    }
}

fn inherited(document: &mut Document<'_>, table: &DeTable<'_>) -> Option<Theme> {
    let value = table.get("inherit")?;
    let parent = document.text("inherit", value)?;
    let theme = BUILT_IN_THEMES.iter().any(|(name, _)| *name == parent).then(|| Theme::built_in(&parent)).flatten();
    if theme.is_none() {
        document.report_unknown(value.span(), "built-in theme", &parent, BUILT_IN_THEMES.iter().map(|(name, _)| *name));
    }
    theme
}

fn peers(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Vec<Style> {
    match value.get_ref().as_array() {
        Some(list) => list.iter().map(|item| style(document, "peers", item)).collect(),
        None => {
            document.report(value.span(), "`peers` must be a list of colors or styles.");
            Vec::new()
        }
    }
}

/// Parses a style: a table, or just a text color.
fn style(document: &mut Document<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Style {
    let mut style = Style::default();
    let Some(table) = value.get_ref().as_table() else {
        style.fg = color(document, key, value);
        return style;
    };
    for (key, value) in table {
        let (span, key) = (key.span(), key.get_ref().as_ref());
        let switch = match key {
            "fg" => {
                style.fg = color(document, key, value);
                continue;
            }
            "bg" => {
                style.bg = color(document, key, value);
                continue;
            }
            "bold" => &mut style.bold,
            "italic" => &mut style.italic,
            "underline" => &mut style.underline,
            "dim" => &mut style.dim,
            "reverse" => &mut style.reverse,
            _ => {
                let known = ["fg", "bg", "bold", "italic", "underline", "dim", "reverse"];
                document.report_unknown(span, "attribute", key, known);
                continue;
            }
        };
        *switch = document.switch(key, value).unwrap_or_default();
    }
    style
}

fn color(document: &mut Document<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Color> {
    let found = match value.get_ref() {
        DeValue::String(text) => named(text),
        DeValue::Integer(number) => u8::from_str_radix(number.as_str(), number.radix()).ok().map(Color::Indexed),
        _ => None,
    };
    if found.is_none() {
        let names = COLOR_NAMES.join(", ");
        let sentence = format!("The color of `{key}` must be a number from 0 to 255, \"#rrggbb\", or one of: {names}.");
        document.report(value.span(), sentence);
    }
    found
}

fn named(text: &str) -> Option<Color> {
    if let Some(hex) = text.strip_prefix('#').filter(|hex| hex.len() == 6) {
        let number = u32::from_str_radix(hex, 16).ok()?;
        let [_, red, green, blue] = number.to_be_bytes();
        return Some(Color::Rgb(red, green, blue));
    }
    let index = COLOR_NAMES.iter().position(|name| *name == text)?;
    u8::try_from(index).ok().map(Color::Ansi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_themes_are_valid_and_complete() {
        for (name, text) in BUILT_IN_THEMES {
            let theme = Theme::parse(name, name, text).unwrap_or_else(|problems| panic!("{problems}"));
            assert!(!theme.peers.is_empty(), "{name}");
            for (role, key) in ROLES {
                assert_eq!(ROLES[*role as usize].1, *key);
                assert!(text.lines().any(|line| line.starts_with(&format!("{key} ="))), "{name} lacks {key}");
            }
        }
    }

    #[test]
    fn built_in_themes_avoid_colors_that_may_be_invisible() {
        for (name, _) in BUILT_IN_THEMES {
            let theme = Theme::built_in(name).expect("it is built in");
            for style in theme.styles.iter().chain(&theme.peers) {
                assert!(!matches!(style.fg, Some(Color::Ansi(0 | 7 | 8 | 15))), "{name}: {style:?}");
            }
            assert_eq!(theme.style(Role::Text).fg, None, "{name}: text has the default color");
        }
    }

    #[test]
    fn plain_theme_has_no_color() {
        let plain = Theme::built_in("plain").expect("it is built in");
        assert!(!plain.has_colors() && Theme::default().has_colors());
    }

    #[test]
    fn theme_inherits_unset_roles() {
        let theme = Theme::parse("mine", "mine.toml", "inherit = \"light\"\nown = { fg = \"#0a0B0c\", bold = true }\n");
        let theme = theme.expect("it is valid");
        assert_eq!(theme.style(Role::Own).fg, Some(Color::Rgb(10, 11, 12)));
        assert_eq!(theme.style(Role::Error), Theme::built_in("light").expect("built in").style(Role::Error));
    }

    #[test]
    fn problems_of_a_theme_have_locations() {
        let text = "txt = \"red\"\nown = { fg = 256, blod = true }\npeers = [\"pink\"]\n";
        let problems = Theme::parse("mine", "mine.toml", text).expect_err("four things are wrong").to_string();
        for part in ["mine.toml:2:", "attribute `blod`. Did you mean `bold`?", "role `txt`. Did you mean `text`?"] {
            assert!(problems.contains(part), "{problems}");
        }
        assert_eq!(problems.lines().count(), 4, "{problems}");
    }

    #[test]
    fn each_name_has_a_stable_color() {
        let theme = Theme::default();
        assert_eq!(theme.peer_color("alice"), theme.peer_color("alice"));
        assert_ne!(theme.peer_color("alice"), theme.peer_color("bob"));
    }

    #[test]
    fn colors_of_people_are_readable_and_mean_nothing_else() {
        for (name, background, least) in [("dark", 0.0, 4.5), ("dark", 1.0, 3.0), ("light", 1.0, 4.5)] {
            let theme = Theme::built_in(name).expect("it is built in");
            let roles = [Role::Error, Role::Unread, Role::NewLine, Role::Warning, Role::Own];
            for peer in &theme.peers {
                assert!(roles.iter().all(|role| theme.style(*role).fg != peer.fg), "{name}: {peer:?}");
                let Some(Color::Indexed(number)) = peer.fg else { panic!("{name}: {peer:?} depends on the terminal") };
                let contrast = contrast(luminance(number), background);
                assert!(contrast >= least, "{name}: {number} has a contrast of {contrast}");
            }
        }
    }

    #[test]
    fn text_of_built_in_themes_is_readable() {
        for (theme, background, least) in [("dark", 0.0, 4.5), ("dark", 1.0, 3.0), ("light", 1.0, 4.5)] {
            let styles = Theme::built_in(theme).expect("it is built in");
            for (role, name) in ROLES.iter().filter(|(role, _)| *role != Role::Border) {
                let number = match styles.style(*role).fg {
                    Some(Color::Indexed(number)) => number,
                    None => continue,
                    other => panic!("{theme}: {name} depends on the terminal: {other:?}"),
                };
                let contrast = contrast(luminance(number), background);
                assert!(contrast >= least, "{theme}: {name}: {number} has a contrast of {contrast}");
            }
        }
    }

    /// The relative luminance of a color of the 256 color palette, from 0 to 1 (WCAG 2.1).
    fn luminance(number: u8) -> f64 {
        let levels = [0, 95, 135, 175, 215, 255];
        let cube = number.checked_sub(16).expect("a color that the terminal does not define");
        let rgb = match number.checked_sub(232) {
            Some(gray) => [8 + 10 * gray; 3],
            None => [cube / 36, cube / 6 % 6, cube % 6].map(|level| levels[usize::from(level)]),
        };
        let [red, green, blue] = rgb.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.039_28 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(one: f64, other: f64) -> f64 {
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }
}
