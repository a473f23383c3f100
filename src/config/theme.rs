//! How things look: a table of roles, each with a style, in no drawing library's terms.

use toml::de::DeValue;
use toml::{Spanned, de::DeTable};

use super::document::Document;
use super::problem::Problems;

/// A colour of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// One of the sixteen that the user's terminal theme defines, 0 to 15.
    Ansi(u8),
    /// One of the fixed 256.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// Colours and attributes; `None` leaves the terminal's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "a terminal has that many independent attributes")]
pub struct Style {
    /// The text's colour.
    pub fg: Option<Color>,
    /// The background.
    pub bg: Option<Color>,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Dimmed.
    pub dim: bool,
    /// Text and background swapped.
    pub reverse: bool,
}

/// What a style is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the table below says what each is, in the words of the themes' comments")]
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
}

/// Every role: its name in a theme file and what it is.
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
];

/// The themes that need no file.
pub const BUILT_IN_THEMES: &[(&str, &str)] = &[
    ("dark", include_str!("../../assets/themes/dark.toml")),
    ("light", include_str!("../../assets/themes/light.toml")),
    ("plain", include_str!("../../assets/themes/plain.toml")),
];

const NAMES: [&str; 16] = [
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
    /// Its name.
    pub name: String,
    styles: [Style; ROLES.len()],
    peers: Vec<Style>,
}

impl Default for Theme {
    /// `dark`.
    fn default() -> Self {
        Self::built_in("dark").unwrap_or_else(|| Self::bare("dark"))
    }
}

impl Theme {
    /// How `role` looks.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// How the name of somebody else looks: the same for the same name, in every run.
    pub fn peer(&self, name: &str) -> Style {
        // FNV-1a: small, and stable across runs and machines, unlike the standard hasher.
        let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let count = u32::try_from(self.peers.len()).unwrap_or(u32::MAX).max(1);
        self.peers.get((hash % count) as usize).copied().unwrap_or_default()
    }

    /// The built-in theme called `name`.
    pub fn built_in(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN_THEMES.iter().find(|(built_in, _)| *built_in == name)?;
        Self::parse(name, name, text).ok()
    }

    fn bare(name: &str) -> Self {
        Self { name: name.to_owned(), styles: [Style::default(); ROLES.len()], peers: Vec::new() }
    }

    /// Reads a theme. What it does not say is as in the built-in theme that it names with `inherit`, else bare.
    ///
    /// # Errors
    /// All that is wrong with the file, with lines and columns.
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
                    if let Some(place) = theme.styles.get_mut(*role as usize) {
                        *place = style;
                    }
                }
                (_, None) => {
                    let known = ROLES.iter().map(|(_, role)| *role).chain(["inherit", "peers"]);
                    document.unknown(span, "role", key, known);
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
        document.unknown(value.span(), "built-in theme", &parent, BUILT_IN_THEMES.iter().map(|(name, _)| *name));
    }
    theme
}

fn peers(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Vec<Style> {
    match value.get_ref().as_array() {
        Some(list) => list.iter().map(|item| style(document, "peers", item)).collect(),
        None => {
            document.refuse(value.span(), "`peers` must be a list of colours or styles.");
            Vec::new()
        }
    }
}

/// A style: a table, or only its colour.
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
                document.unknown(span, "attribute", key, known);
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
        let names = NAMES.join(", ");
        let sentence =
            format!("The colour of `{key}` must be a number from 0 to 255, \"#rrggbb\", or one of: {names}.");
        document.refuse(value.span(), sentence);
    }
    found
}

fn named(text: &str) -> Option<Color> {
    if let Some(hex) = text.strip_prefix('#').filter(|hex| hex.len() == 6) {
        let number = u32::from_str_radix(hex, 16).ok()?;
        let [_, red, green, blue] = number.to_be_bytes();
        return Some(Color::Rgb(red, green, blue));
    }
    let index = NAMES.iter().position(|name| *name == text)?;
    u8::try_from(index).ok().map(Color::Ansi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_themes_are_sound_and_say_every_role() {
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
    fn no_built_in_theme_paints_content_in_a_colour_that_vanishes() {
        for (name, _) in BUILT_IN_THEMES {
            let theme = Theme::built_in(name).expect("it is built in");
            for style in theme.styles.iter().chain(&theme.peers) {
                assert!(!matches!(style.fg, Some(Color::Ansi(0 | 7 | 8 | 15))), "{name}: {style:?}");
            }
            assert_eq!(theme.style(Role::Text).fg, None, "{name}: text is in the terminal's own colour");
        }
    }

    #[test]
    fn plain_has_no_colour() {
        let plain = Theme::built_in("plain").expect("it is built in");
        assert!(plain.styles.iter().chain(&plain.peers).all(|style| style.fg.is_none() && style.bg.is_none()));
    }

    #[test]
    fn a_theme_may_change_a_few_roles_of_another() {
        let theme = Theme::parse("mine", "mine.toml", "inherit = \"light\"\nown = { fg = \"#0a0B0c\", bold = true }\n");
        let theme = theme.expect("it is sound");
        assert_eq!(theme.style(Role::Own).fg, Some(Color::Rgb(10, 11, 12)));
        assert_eq!(theme.style(Role::Error), Theme::built_in("light").expect("built in").style(Role::Error));
    }

    #[test]
    fn a_wrong_theme_is_refused_with_places() {
        let text = "txt = \"red\"\nown = { fg = 256, blod = true }\npeers = [\"pink\"]\n";
        let problems = Theme::parse("mine", "mine.toml", text).expect_err("four things are wrong").to_string();
        for part in ["mine.toml:2:", "attribute `blod`. Did you mean `bold`?", "role `txt`. Did you mean `text`?"] {
            assert!(problems.contains(part), "{problems}");
        }
        assert_eq!(problems.lines().count(), 4, "{problems}");
    }

    #[test]
    fn a_name_keeps_its_colour() {
        let theme = Theme::default();
        assert_eq!(theme.peer("alice"), theme.peer("alice"));
        assert_ne!(theme.peer("alice"), theme.peer("bob"));
    }
}
