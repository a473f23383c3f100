//! The choice of the theme and of the number of colors.

use crate::text::suggestion;

use super::loader::Loaded;
use super::options::{COLORS, THEME};
use super::quotable::quotable_name;
use super::resolver::{Resolver, Source};
use super::theme::{BUILT_IN_THEMES, ColorDepth, Theme};

/// The theme that follows the background of the terminal.
const AUTO: &str = "auto";

/// Beginnings of `TERM` on terminals without colors, which would take the numbers of colors for blinking and the like.
const WITHOUT_COLORS: &[&str] = &["vt1", "vt2", "vt3", "vt4", "ansi-m", "xterm-mono", "sun"];

impl Loaded {
    /// Returns the names of all themes: the built-in ones, then the user's. Reads the folder of the themes.
    pub fn theme_names(&self) -> Vec<String> {
        let mut names: Vec<String> = BUILT_IN_THEMES.iter().map(|(name, _)| (*name).to_owned()).collect();
        let entries = self.themes.as_ref().and_then(|dir| std::fs::read_dir(dir).ok());
        let files = entries.into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut own: Vec<String> = files.filter_map(|file| file.strip_suffix(".toml").map(str::to_owned)).collect();
        own.sort_unstable();
        own.retain(|name| !name.starts_with('.') && !names.contains(name));
        names.append(&mut own);
        names
    }
}

impl Resolver<'_> {
    /// Returns how many colors the terminal gets.
    pub(super) fn color_depth(&mut self) -> ColorDepth {
        match self.choice(COLORS, "auto").as_str() {
            "16" => ColorDepth::Sixteen,
            "256" => ColorDepth::Palette,
            "all" => ColorDepth::All,
            _ => ColorDepth::detect(|name| (self.environment.variable)(name)),
        }
    }

    /// Returns the theme, and whether it is [`Theme::light`] on a light background, because none was chosen.
    pub(super) fn theme(&mut self) -> (Theme, bool) {
        let variable = |name| (self.environment.variable)(name).unwrap_or_default();
        let (name, source) = match self.lookup(THEME) {
            Some(found) => (found.text().to_owned(), found.source),
            None if !variable("NO_COLOR").is_empty() => ("plain".to_owned(), Source::Variable("NO_COLOR")),
            None if has_no_colors(&variable("TERM")) => ("plain".to_owned(), Source::Variable("TERM")),
            None if variable("CLICOLOR") == "0" => ("plain".to_owned(), Source::Variable("CLICOLOR")),
            None => (AUTO.to_owned(), Source::Default),
        };
        if name == AUTO {
            self.record(THEME, name, source);
            return (Theme::default(), true);
        }
        (self.theme_named(&name, source), false)
    }

    fn theme_named(&mut self, name: &str, source: Source) -> Theme {
        let built_in = || [AUTO].into_iter().chain(BUILT_IN_THEMES.iter().map(|(name, _)| *name));
        let dir = self.base.clone().or_else(|| self.environment.paths.config_dir.clone());
        let dir = dir.map(|dir| dir.join("themes"));
        self.themes.clone_from(&dir);
        // Only a plain file name is accepted, so that a theme never comes from another folder.
        let is_file_name = !name.contains(['/', '\\']) && !name.starts_with('.');
        let file = dir.filter(|_| is_file_name).map(|dir| dir.join(format!("{name}.toml")));
        self.files.extend(file.clone());
        if let Some((file, text)) = file.and_then(|file| Some((file.clone(), std::fs::read_to_string(file).ok()?))) {
            self.record(THEME, name, source);
            match Theme::parse(name, &file.display().to_string(), &text) {
                Ok(theme) => return theme,
                Err(problems) => self.problems.0.extend(problems.0),
            }
        } else if let Some(theme) = Theme::built_in(name) {
            self.record(THEME, name, source);
            return theme;
        } else {
            let advice = match suggestion(name, built_in()) {
                Some(meant) => format!("Did you mean `{meant}`?"),
                None => format!(
                    "It can be {}, or the NAME of a file themes/NAME.toml next to the configuration file.",
                    built_in().collect::<Vec<_>>().join(", ")
                ),
            };
            let shown = quotable_name(name, built_in());
            self.record(THEME, shown, source.clone());
            self.report(&source, format!("Unknown theme `{shown}`. {advice}"));
        }
        Theme::default()
    }
}

fn has_no_colors(term: &str) -> bool {
    WITHOUT_COLORS.iter().any(|known| term.starts_with(known)) && !term.contains("color")
}
