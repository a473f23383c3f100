//! Puts the choices together: for each, the option, else the variable, else the profile, else the file, else the default.

use std::path::{Path, PathBuf};

use super::account::Credentials;
use super::file::{File, missing_profile};
use super::lookup::{Given, InForce, Lookup, Purpose, Source, Surroundings};
use super::problem::{Problems, suggestion};
use super::settings::{KEEP_MESSAGES, Settings};
use super::theme::{BUILT_IN_THEMES, Theme};

/// All that came of loading.
#[derive(Debug)]
pub struct Loaded {
    /// What is in force, as far as it could be found out.
    pub in_force: Vec<InForce>,
    /// What is allowed and unwise, such as a key that others can read.
    pub warnings: Problems,
    /// The settings, or all that is wrong.
    pub outcome: Result<Settings, Problems>,
}

/// Finds out what is in force. Reads the configuration file and the theme, and runs the profile's command for the API
/// key when it has one.
pub fn load(given: &Given, surroundings: &Surroundings<'_>, purpose: Purpose) -> Loaded {
    let mut lookup = Lookup::new(given, surroundings, purpose);
    let settings = lookup.settings();
    let Lookup { in_force, problems, warnings, .. } = lookup;
    let outcome = match settings {
        Some(settings) if problems.0.is_empty() => Ok(settings),
        _ => Err(problems),
    };
    Loaded { in_force, warnings, outcome }
}

/// What opens a link where nobody says. Each of them takes the link as an argument, and none is a shell.
pub(super) fn opener() -> Vec<String> {
    let words: &[&str] = if cfg!(target_os = "macos") {
        &["open"]
    } else if cfg!(windows) {
        &["rundll32", "url.dll,FileProtocolHandler"]
    } else {
        &["xdg-open"]
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

impl Lookup<'_> {
    fn settings(&mut self) -> Option<Settings> {
        self.read_file()?;
        let profile = self.choose_profile()?;
        let demo = self.purpose == Purpose::Demo;
        let backend = self.backend();
        let url = if demo { String::new() } else { self.url(backend) };
        let Credentials { api_key, token } = if demo { Credentials::default() } else { self.credentials(backend) };
        let user =
            if demo { self.line("user", "user name").unwrap_or_else(|| "guest".to_owned()) } else { self.user() };
        let name = self.line("name", "name").unwrap_or_else(|| user.clone());
        if !self.in_force.iter().any(|line| line.key == "name") {
            self.note("name", name.clone(), Source::Default);
        }
        Some(Settings {
            profile,
            backend,
            url,
            api_key,
            token,
            call_command: self.call_command(backend),
            open_command: self.command("open_command").unwrap_or_else(opener),
            user,
            name,
            room: self.line("room", "room"),
            ca_file: self.ca_file(),
            theme: self.theme(),
            ascii: self.switch("ascii", false),
            mouse: self.switch("mouse", true),
            log: self.path("log").map(|(path, _)| path),
            data_dir: self.data_dir(demo),
            // What is played with in the demo is nobody's history.
            history: self.history() && !demo,
            keep_messages: self.number("keep_messages", KEEP_MESSAGES),
            keymap: self.file.keymap.clone(),
            warnings: self.warnings.0.clone(),
        })
    }

    /// The configuration file; `None` when going on would only produce more of the same.
    fn read_file(&mut self) -> Option<()> {
        let named = self.said("config");
        let path = match &named {
            Some(found) => PathBuf::from(found.text()),
            None => match self.surroundings.paths.config_file() {
                Some(path) => path,
                None => return Some(()),
            },
        };
        self.base = path.parent().map(Path::to_owned);
        let shown = path.display().to_string();
        let source = named.as_ref().map_or(Source::Default, |found| found.source.clone());
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
                self.note("config", format!("{shown} (there is none)"), source);
                return Some(());
            }
            Err(error) => {
                let sentence = format!(
                    "The configuration file {shown} cannot be read: {error}. Name another one with --config, or \
                     write one with `minchat-tui config init`."
                );
                self.problems.push(None, sentence);
                return None;
            }
        };
        self.note("config", shown.clone(), source);
        match File::parse(&shown, &text) {
            Ok(file) => {
                self.file = file;
                Some(())
            }
            Err(problems) => {
                self.problems = problems;
                None
            }
        }
    }

    fn choose_profile(&mut self) -> Option<String> {
        if self.purpose == Purpose::Demo {
            return Some("demo".into());
        }
        let mut names = self.file.profiles.keys();
        let (name, source) = match (self.said("default_profile"), names.next(), names.next()) {
            (Some(found), ..) => (found.text().to_owned(), found.source),
            (None, Some(only), None) => (only.clone(), Source::Default),
            (None, None, _) => ("default".to_owned(), Source::Default),
            (None, Some(first), Some(_)) => {
                let all: Vec<_> = self.file.profiles.keys().map(String::as_str).collect();
                let sentence = format!(
                    "There are several profiles: {}. Choose one with --profile {first}, or write `default_profile = \
                     \"{first}\"` at the top of the configuration.",
                    all.join(", ")
                );
                self.problems.push(None, sentence);
                return None;
            }
        };
        self.note("default_profile", name.clone(), source.clone());
        match self.file.profiles.get(&name) {
            Some(profile) => self.profile = profile.clone(),
            None if source == Source::Default => {}
            None => {
                let sentence = missing_profile(&name, self.file.profiles.keys().map(String::as_str));
                self.refuse(&source, sentence);
                return None;
            }
        }
        Some(name)
    }

    fn ca_file(&mut self) -> Option<PathBuf> {
        let (path, source) = self.path("ca_file")?;
        if let Err(error) = std::fs::File::open(&path) {
            let sentence =
                format!("The certificate file {} cannot be read: {error}. Correct `ca_file`.", path.display());
            self.refuse(&source, sentence);
        }
        Some(path)
    }

    fn data_dir(&mut self, demo: bool) -> PathBuf {
        let chosen = self.path("data_dir").map(|(path, _)| path);
        let dir = chosen.or_else(|| {
            let dir = self.surroundings.paths.data_dir.clone()?;
            self.note("data_dir", dir.display().to_string(), Source::Default);
            Some(dir)
        });
        match dir {
            Some(dir) => dir,
            None if demo => PathBuf::new(),
            None => {
                let sentence = "There is no home folder to keep data in. Set HOME, or name a folder with --data-dir.";
                self.problems.push(None, sentence);
                PathBuf::new()
            }
        }
    }

    /// Whether the chat is kept on disk.
    fn history(&mut self) -> bool {
        if self.switch_of("incognito") {
            return false;
        }
        let Some(found) = self.said("history") else {
            self.note("history", "all", Source::Default);
            return true;
        };
        let known = ["all", "none"];
        let outcome = match found.text() {
            word if known.contains(&word) => Ok(word.to_owned()),
            word => Err(match suggestion(word, known) {
                Some(meant) => format!("There is no history `{word}`. Did you mean `{meant}`?"),
                None => format!("There is no history `{word}`. It is all, or none to keep nothing on disk."),
            }),
        };
        self.checked("history", &found.source, outcome).is_none_or(|word| word == "all")
    }

    fn theme(&mut self) -> Theme {
        let no_color = (self.surroundings.variable)("NO_COLOR").is_some_and(|value| !value.is_empty());
        let (name, source) = match self.said("theme") {
            Some(found) => (found.text().to_owned(), found.source),
            None => (if no_color { "plain" } else { "dark" }.to_owned(), Source::Default),
        };
        self.note("theme", name.clone(), source.clone());
        let dir =
            self.base.clone().or_else(|| self.surroundings.paths.config_dir.clone()).map(|dir| dir.join("themes"));
        // A name is one part of a path, so that no theme is read from elsewhere.
        let plain_name = !name.contains(['/', '\\']) && !name.starts_with('.');
        let file = dir.filter(|_| plain_name).map(|dir| dir.join(format!("{name}.toml")));
        if let Some((file, text)) = file.and_then(|file| Some((file.clone(), std::fs::read_to_string(file).ok()?))) {
            match Theme::parse(&name, &file.display().to_string(), &text) {
                Ok(theme) => return theme,
                Err(problems) => self.problems.0.extend(problems.0),
            }
        } else if let Some(theme) = Theme::built_in(&name) {
            return theme;
        } else {
            let built_in: Vec<_> = BUILT_IN_THEMES.iter().map(|(name, _)| *name).collect();
            let sentence = match suggestion(&name, built_in.iter().copied()) {
                Some(meant) => format!("There is no theme `{name}`. Did you mean `{meant}`?"),
                None => format!(
                    "There is no theme `{name}`. There are {}, and every themes/NAME.toml next to the configuration.",
                    built_in.join(", ")
                ),
            };
            self.refuse(&source, sentence);
        }
        Theme::default()
    }
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
