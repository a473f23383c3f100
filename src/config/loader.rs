//! Loading of the configuration: reads the file, chooses the profile, and resolves every option.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::domain::{Clock, DateFormat, RoomOrder};
use crate::input::{Keymap, Preset};
use crate::text::Secrets;

use super::account::Credentials;
use super::bidi::Bidi;
use super::file::File;
use super::key_address::Destination;
use super::locale::locale_without_utf8;
use super::options::{
    ASCII, BACKEND, BIDI, BOTH, CA_FILE, CLOCK, CONFIG, CONTROL, DATA_DIR, DATE_FORMAT, DEFAULT_PROFILE, DENSITY,
    EMOJI_SHORTCODES, ESCAPE_TIME, FIRST_WEEKDAY, HIDE_UNFOCUSED, HISTORY, HYPERLINKS, INCOGNITO, KEEP_MESSAGES,
    KEYS_PRESET, LINEAR, LOG, MARKDOWN, MENTION_WORDS, MOUSE, NAME, OPEN_COMMAND, OPTIONS, OptionSpec,
    PICTURE_PROTOCOL, PICTURES, RECORD, RECORD_NAMES, ROOM, SEEN, SORT_ROOMS, TIME_ZONE, TYPING, USER,
};
use super::permissions::{others_can_change, others_can_read};
use super::problem::Problems;
use super::quotable::quotable_path;
use super::resolver::{CliValues, EffectiveValue, Environment, Resolver, Running, SettingsPurpose, Source};
use super::secret::{Secret, SecretSource};
use super::settings::{self, Backend, Density, Hyperlinks, PictureProtocol, Pictures, SeenReceipts, Settings};

/// The result of loading the configuration.
#[derive(Debug)]
pub struct Loaded {
    /// The effective values, as far as they could be resolved.
    pub effective: Vec<EffectiveValue>,
    /// Settings that are valid but insecure, such as a key file that others can read.
    pub warnings: Problems,
    /// The settings, or all problems that were found.
    pub settings: Result<Settings, Problems>,
    /// The sources of the secrets that are in use, by their profiles, as in [`EffectiveValue`], and the keys of their
    /// options.
    pub(super) secrets: Vec<(Option<String>, &'static str, SecretSource)>,
    /// The files that were read, or would have been if they existed.
    pub files: Vec<PathBuf>,
    /// The folder of the user's themes.
    pub(super) themes: Option<PathBuf>,
    /// Whether no source describes an account, so that there is nothing to correct.
    pub has_no_account: bool,
}

/// Resolves all options of one profile of the configuration file, which is opened beside others. Flags and variables
/// that describe an account do not apply to it.
pub fn load_profile(cli: &CliValues, environment: &Environment<'_>, name: &str) -> Loaded {
    let mut cli = cli.clone();
    cli.0.retain(|key, _| OptionSpec::by_key(key).is_some_and(|option| !option.is_account_option()));
    cli.0.insert(DEFAULT_PROFILE.key, name.to_owned());
    let mut resolver = Resolver::new(&cli, environment, SettingsPurpose::Account);
    resolver.share_window();
    // The screen is drawn.
    resolver.has_terminal = false;
    finish(resolver)
}

/// Resolves all options. Reads the configuration file and the theme, and runs the command of the profile that prints a
/// secret, if it has one.
pub fn load(cli: &CliValues, environment: &Environment<'_>, purpose: SettingsPurpose) -> Loaded {
    finish(Resolver::new(cli, environment, purpose))
}

/// Resolves all options like [`load`], and finds all problems of the file: also in the values of a file whose keys have
/// problems, and in profiles that are not opened.
pub fn check(cli: &CliValues, environment: &Environment<'_>, purpose: SettingsPurpose) -> Loaded {
    let mut loaded = load(cli, environment, purpose);
    let all = finish(Resolver { examines_all: true, ..Resolver::new(cli, environment, purpose) });
    let mut problems = loaded.settings.as_ref().err().cloned().unwrap_or_default();
    // What is only missing may be in a key that cannot be read.
    for problem in all.settings.err().unwrap_or_default().0.into_iter().filter(|problem| problem.location.is_some()) {
        if problems.0.iter().all(|known| known.location != problem.location) {
            problems.0.push(problem);
        }
    }
    if !problems.0.is_empty() {
        loaded.settings = Err(problems);
    }
    loaded
}

/// Resolves all options again, while the program runs. Secrets are not fetched, so the settings have none.
pub fn reload(cli: &CliValues, environment: &Environment<'_>, purpose: SettingsPurpose, running: &Running) -> Loaded {
    finish(Resolver { running: Some(running), ..Resolver::new(cli, environment, purpose) })
}

fn finish(mut resolver: Resolver<'_>) -> Loaded {
    let mut settings = resolver.settings();
    let profiles = settings.iter().flat_map(Settings::profiles);
    let fetched = profiles.flat_map(|settings| settings.token.iter().chain([&settings.api_key])).cloned();
    let known: Vec<Secret> = resolver.known_secrets().into_iter().chain(fetched).collect();
    let hidden: Secrets = known.iter().filter(|secret| !secret.is_public()).map(Secret::reveal).collect();
    let Resolver { mut effective, mut problems, mut warnings, secrets, files, themes, has_no_account, .. } = resolver;
    // A key may also have been written into another setting.
    effective.iter_mut().for_each(|setting| setting.value = hidden.redact(&setting.value));
    let of_settings = settings.iter_mut().flat_map(|settings| &mut settings.warnings);
    for problem in problems.0.iter_mut().chain(&mut warnings.0).chain(of_settings) {
        problem.sentence = hidden.redact(&problem.sentence);
    }
    let settings = match settings {
        Some(settings) if problems.0.is_empty() => Ok(settings),
        _ => Err(problems),
    };
    Loaded { effective, warnings, settings, secrets, files, themes, has_no_account }
}

impl Resolver<'_> {
    /// Resolves the settings of all profiles to open.
    fn settings(&mut self) -> Option<Settings> {
        self.read_file()?;
        self.has_no_account = self.describes_no_account();
        let names = self.choose_profiles()?;
        let (first, others) = names.split_first()?;
        let is_both =
            self.purpose == SettingsPurpose::Demo && self.lookup(BACKEND).is_some_and(|found| found.text() == BOTH);
        let mut settings = self.profile_settings(first)?;
        if is_both {
            settings.profile = Backend::MinChat.name().to_owned();
            settings.known_profiles = Backend::ALL.map(|backend| backend.name().to_owned()).into();
            settings.others = vec![Settings {
                profile: Backend::VChat.name().to_owned(),
                backend: Backend::VChat,
                ..settings.clone()
            }];
            return Some(settings);
        }
        let opened = match self.examines_all {
            true => self.file.profiles.keys().filter(|name| !names.contains(name)).cloned().collect(),
            false => self.opened_besides(&names),
        };
        // What describes the account of the first profile does not describe theirs.
        self.shares_window |= !opened.is_empty();
        settings.shown = self.shown_last(&names);
        settings.others = others.iter().chain(&opened).filter_map(|name| self.further_settings(name)).collect();
        Some(settings)
    }

    /// Resolves the settings of a profile that is opened beside another. The options of the program are those of the
    /// first profile and have been reported with it.
    fn further_settings(&mut self, name: &str) -> Option<Settings> {
        let (effective, warnings) = (self.effective.len(), self.warnings.0.len());
        self.further = Some(name.to_owned());
        let settings = self.profile_settings(name);
        let mut further = self.effective.split_off(effective);
        further.retain(|setting| OptionSpec::by_key(setting.key).is_some_and(|option| option.per_profile));
        self.effective.extend(further);
        let further = self.warnings.0.split_off(warnings);
        self.warnings.0.extend(further.into_iter().filter(|warning| warning.location.is_some()));
        settings
    }

    /// Resolves all options of a profile.
    fn profile_settings(&mut self, name: &str) -> Option<Settings> {
        self.enter_profile(name);
        let profile = name.to_owned();
        let is_demo = self.purpose == SettingsPurpose::Demo;
        let backend = self.backend();
        let url = if is_demo { String::new() } else { self.url(backend) };
        let Credentials { api_key, token } = match is_demo {
            true => Credentials::default(),
            false => self.credentials(&Destination { profile: name, backend, url: &url }),
        };
        let user =
            if is_demo { self.line(USER, "user name").unwrap_or_else(|| "guest".to_owned()) } else { self.user() };
        let is_other_user = self.is_other_user(&user);
        let name = self.line(NAME, "name");
        let ca_file = self.ca_file();
        let colors = self.color_depth();
        let (theme, theme_follows_background) = self.theme();
        Some(Settings {
            is_sandbox: false,
            side_by_side: false,
            profile,
            backend,
            url,
            api_key,
            token,
            call_command: self.call_command(backend),
            open_command: self.command(OPEN_COMMAND).unwrap_or_else(settings::default_open_command),
            user,
            name,
            room: self.line(ROOM, "room"),
            ca_file,
            theme: theme.with_colors(colors),
            theme_follows_background,
            colors,
            ascii: self.ascii(),
            markdown: self.choice(MARKDOWN, "auto") == "auto",
            density: match self.choice(DENSITY, "auto").as_str() {
                "compact" => Density::Compact,
                "roomy" => Density::Roomy,
                _ => Density::Auto,
            },
            hyperlinks: match self.choice(HYPERLINKS, "auto").as_str() {
                "on" => Hyperlinks::On,
                "off" => Hyperlinks::Off,
                _ => Hyperlinks::Auto,
            },
            pictures: match self.choice(PICTURES, "same-host").as_str() {
                "all" => Pictures::All,
                "off" => Pictures::Off,
                _ => Pictures::SameHost,
            },
            picture_protocol: match self.choice(PICTURE_PROTOCOL, "auto").as_str() {
                "kitty" => PictureProtocol::Kitty,
                "iterm2" => PictureProtocol::Iterm2,
                "sixel" => PictureProtocol::Sixel,
                "blocks" => PictureProtocol::Blocks,
                _ => PictureProtocol::Auto,
            },
            linear: self.linear(),
            bidi: match self.choice(BIDI, "auto").as_str() {
                "terminal" => Bidi::Terminal,
                "program" => Bidi::Program,
                _ => Bidi::detect(|name| (self.environment.variable)(name)),
            },
            clock: match self.choice(CLOCK, "24h").as_str() {
                "12h" => Clock::Hours12,
                _ => Clock::Hours24,
            },
            date_format: match self.choice(DATE_FORMAT, "day-month").as_str() {
                "month-day" => DateFormat::MonthDay,
                "iso" => DateFormat::Iso,
                _ => DateFormat::DayMonth,
            },
            first_weekday: match self.choice(FIRST_WEEKDAY, "monday").as_str() {
                "sunday" => Weekday::Sunday,
                "saturday" => Weekday::Saturday,
                _ => Weekday::Monday,
            },
            time_zone: self.time_zone(),
            seen: match self.choice(SEEN, "focused").as_str() {
                "on_reply" => SeenReceipts::OnReply,
                "never" => SeenReceipts::Never,
                _ => SeenReceipts::Focused,
            },
            typing: self.switch(TYPING, true),
            hide_unfocused: self.switch(HIDE_UNFOCUSED, false),
            rooms_order: RoomOrder::by_name(&self.choice(SORT_ROOMS, "activity")).unwrap_or_default(),
            notifications: self.notifications(),
            window_title: self.window_title(),
            mention_words: self.mention_words(),
            mouse: self.switch(MOUSE, true),
            emoji_shortcodes: self.switch(EMOJI_SHORTCODES, true),
            escape_time: Duration::from_millis(
                self.number(ESCAPE_TIME, settings::ESCAPE_TIME).min(settings::MAX_ESCAPE_TIME),
            ),
            log: self.log(),
            record: self.path(RECORD).map(|(path, _)| path),
            control: self.path(CONTROL).map(|(path, _)| path),
            record_names_hidden: self.lookup(RECORD_NAMES).is_some() && self.choice(RECORD_NAMES, "shown") == "hidden",
            data_dir: self.data_dir(is_demo),
            // The demo never saves anything.
            history: self.history() && !is_demo,
            keep_messages: self.number(KEEP_MESSAGES, settings::KEEP_MESSAGES),
            keymap: self.keymap(),
            secret_variables: self.secret_variables(),
            others: Vec::new(),
            shown: 0,
            known_profiles: self.file.profiles.keys().filter(|_| !is_demo).cloned().collect(),
            general_data_dir: self.general_data_dir(),
            is_one_off: is_other_user || self.is_one_of_several,
            is_for_this_start: self.is_for_this_start,
            is_other_user,
            warnings: self.warnings.0.clone(),
        })
    }

    /// Whether no source describes an account.
    fn describes_no_account(&self) -> bool {
        let is_given = |option: &OptionSpec| option.is_account_option() && self.lookup(option).is_some();
        let is_any_given = OPTIONS.iter().any(|option| is_given(option)) || self.lookup(DEFAULT_PROFILE).is_some();
        self.file.profiles.is_empty() && !is_any_given
    }

    /// Reads the configuration file. Returns `None` if the file has problems, because resolving the options without the
    /// file would report problems that do not exist.
    fn read_file(&mut self) -> Option<()> {
        let named = self.lookup(CONFIG);
        let path = match &named {
            Some(found) => PathBuf::from(found.text()),
            None => match self.environment.paths.config_file() {
                Some(path) => path,
                None => return Some(()),
            },
        };
        self.base = path.parent().map(Path::to_owned);
        self.files.push(path.clone());
        let shown = path.display().to_string();
        let source = named.as_ref().map_or(Source::Default, |found| found.source.clone());
        let given = self.running.and_then(|running| running.text.clone());
        let text = match given.map_or_else(|| std::fs::read_to_string(&path), Ok) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
                self.record(CONFIG, format!("{shown} (does not exist)"), source);
                return Some(());
            }
            Err(error) => {
                let shown = quotable_path(&path);
                let sentence = format!(
                    "The configuration file {shown} cannot be read: {error}. Choose another one with --config, or \
                     create one with `minchat-tui config init`."
                );
                self.problems.push(None, sentence);
                return None;
            }
        };
        self.record(CONFIG, shown.clone(), source);
        if others_can_change(&path) {
            let sentence = format!(
                "Other users can change {shown}, which names the programs to run and the server that gets the key. Make \
                 sure that it belongs to you, and run `chmod go-w {shown}`."
            );
            self.warnings.push(None, sentence);
        }
        let (file, problems) = File::examine(&shown, &text);
        let is_usable = problems.0.is_empty() || self.examines_all;
        (self.file, self.problems) = (file, problems);
        is_usable.then_some(())
    }

    fn log(&mut self) -> Option<PathBuf> {
        let (path, source) = self.path(LOG)?;
        if others_can_read(&path) || others_can_change(&path) {
            let shown = path.display();
            let sentence = format!(
                "Other users can read or change {shown}, the log, which tells whom you talk to. Run `chmod 600 {shown}`."
            );
            self.warn(&source, sentence);
        }
        Some(path)
    }

    fn ca_file(&mut self) -> Option<PathBuf> {
        let (path, source) = self.path(CA_FILE)?;
        if let Err(error) = std::fs::File::open(&path) {
            let shown = quotable_path(&path);
            if let Some(recorded) = self.effective.last_mut() {
                recorded.value.clone_from(&shown);
            }
            let sentence = format!("The certificate file {shown} cannot be read: {error}. Correct `ca_file`.");
            self.report(&source, sentence);
        } else if others_can_change(&path) {
            let shown = path.display();
            let sentence = format!(
                "Other users can change {shown}, which decides whom the client takes for the server. Make sure that it \
                 belongs to you, and run `chmod go-w {shown}`."
            );
            self.warn(&source, sentence);
        }
        Some(path)
    }

    fn data_dir(&mut self, is_demo: bool) -> PathBuf {
        let chosen = self.path(DATA_DIR).map(|(path, _)| path);
        let dir = chosen.or_else(|| {
            let dir = self.environment.paths.data_dir.clone()?;
            self.record(DATA_DIR, dir.display().to_string(), Source::Default);
            Some(dir)
        });
        match dir {
            Some(dir) => dir,
            None if is_demo => PathBuf::new(),
            None => {
                let sentence = "There is no home folder for the data. Set HOME, or choose a folder with --data-dir.";
                self.problems.push(None, sentence);
                PathBuf::new()
            }
        }
    }

    /// Returns the key bindings. Two actions must not share a key.
    fn keymap(&mut self) -> Keymap {
        let preset = self.choice(KEYS_PRESET, "default");
        self.file.keymap(Preset::by_name(&preset).unwrap_or_default()).unwrap_or_else(|(location, sentence)| {
            self.problems.push(location, sentence);
            Keymap::default()
        })
    }

    /// Returns whether anything is saved to disk.
    fn history(&mut self) -> bool {
        !self.optional_switch(INCOGNITO) && self.choice(HISTORY, "all") == "all"
    }

    /// Returns the words that are separated by commas.
    fn mention_words(&mut self) -> Vec<String> {
        let words = self.line(MENTION_WORDS, "list of words").unwrap_or_default();
        words.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
    }

    /// Resolves `ascii`. The locale decides unless the option is set: the terminal has its character encoding.
    fn ascii(&mut self) -> bool {
        let other = locale_without_utf8(&self.environment.variable);
        let Some(name) = other.filter(|_| self.lookup(ASCII).is_none()) else {
            return self.switch(ASCII, false);
        };
        let sentence = format!(
            "The locale in {name} is not UTF-8, so everything is drawn in ASCII. Set LANG to a UTF-8 locale, or \
             `ascii = false`."
        );
        // Commands for scripts draw nothing.
        if self.purpose != SettingsPurpose::Script {
            self.warnings.push(None, sentence);
        }
        self.record(ASCII, "true", Source::Variable(name));
        true
    }

    /// Resolves `linear`. A terminal that cannot move the cursor has no other way.
    fn linear(&mut self) -> bool {
        let is_dumb = (self.environment.variable)("TERM").is_some_and(|term| term == "dumb");
        if self.lookup(LINEAR).is_some() || !is_dumb {
            return self.switch(LINEAR, false);
        }
        self.record(LINEAR, "true", Source::Variable("TERM"));
        true
    }

    fn time_zone(&mut self) -> Option<TimeZone> {
        let name = self.line(TIME_ZONE, "time zone")?;
        let zone = TimeZone::get(&name).ok();
        if zone.is_none() {
            let source = self.lookup(TIME_ZONE).map_or(Source::Default, |found| found.source);
            self.report(&source, format!("Unknown time zone `{name}`. Use a name such as Europe/Lisbon or UTC."));
        }
        zone
    }
}

#[cfg(test)]
mod tests;
