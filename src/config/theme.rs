//! Themes: a style for each role, independent of the drawing library.

use serde::{Deserialize, Serialize};
use toml::de::DeValue;
use toml::{Spanned, de::DeTable};

use crate::text::stable_hash;

use super::document::Document;
use super::problem::Problems;

mod background;
mod color_depth;

pub use background::Background;
pub use color_depth::{ColorDepth, nearest_of_palette};

/// A terminal color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Color {
    /// One of the 16 colors that the terminal's own theme defines.
    Ansi(u8),
    /// One of the fixed 256 colors.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// Colors and attributes. `None` stands for the default color of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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
    ("high-contrast", include_str!("../../assets/themes/high-contrast.toml")),
    ("high-contrast-light", include_str!("../../assets/themes/high-contrast-light.toml")),
    ("colorblind", include_str!("../../assets/themes/colorblind.toml")),
    ("gruvbox", include_str!("../../assets/themes/gruvbox.toml")),
    ("gruvbox-light", include_str!("../../assets/themes/gruvbox-light.toml")),
    ("nord", include_str!("../../assets/themes/nord.toml")),
    ("catppuccin", include_str!("../../assets/themes/catppuccin.toml")),
    ("catppuccin-latte", include_str!("../../assets/themes/catppuccin-latte.toml")),
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

    /// Returns the theme that takes the place of the default one on a light background.
    pub fn light() -> Self {
        Self::built_in("light").unwrap_or_else(|| Self::bare("light"))
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
mod tests;
