//! The choice of the profiles to open: those that are named, those that were open last, or the only one. Commands for
//! scripts never use those that were open last.

use std::path::{Path, PathBuf};

use super::file::{Section, missing_profile};
use super::open_profiles;
use super::options::{DATA_DIR, DEFAULT_PROFILE, HISTORY, INCOGNITO, OPTIONS, OptionSpec};
use super::quotable::quotable_name;
use super::resolver::{Resolver, SettingsPurpose, Source};
use super::settings::NO_PROFILE;

/// Returns the option that chooses a profile, as it is typed in a shell.
pub fn profile_flag(name: &str) -> String {
    format!("-P {}", shell_words::quote(name))
}

impl Resolver<'_> {
    /// Chooses the profiles to open. Returns at least one name, or `None` if there is a problem, which is reported.
    pub(super) fn choose_profiles(&mut self) -> Option<Vec<String>> {
        if self.purpose == SettingsPurpose::Demo {
            return Some(vec!["demo".into()]);
        }
        let known: Vec<String> = self.file.profiles.keys().cloned().collect();
        let named = self.lookup(DEFAULT_PROFILE).map(|found| (found.names(), found.source));
        let (names, source) = match (named, known.as_slice()) {
            (Some((names, source)), _) => (names, source),
            (None, [only]) => (vec![only.clone()], Source::Default),
            (None, []) => (vec![NO_PROFILE.to_owned()], Source::Default),
            (None, [first, ..]) => match self.remembered() {
                Some((names, source)) => (names, source),
                None => {
                    let several = match self.purpose {
                        SettingsPurpose::Script => "",
                        _ => "or several by repeating it, ",
                    };
                    let sentence = format!(
                        "There are several profiles: {}. Choose one with --profile {first}, {several}or write \
                         `default_profile = \"{first}\"` at the top of the configuration file.",
                        known.join(", ")
                    );
                    self.problems.push(None, sentence);
                    return None;
                }
            },
        };
        // Options must not fail because two profiles were open last: nobody has named them.
        let is_of_one = self.account_flag().is_some();
        let count = if source == Source::LastTime && is_of_one { 1 } else { names.len() };
        self.is_one_of_several = count < names.len();
        self.chosen_by = source.clone();
        let is_named = matches!(source, Source::Flag(_) | Source::Variable(_));
        self.is_for_this_start = is_named && self.purpose == SettingsPurpose::Account && self.opened_last().is_some();
        let names: Vec<String> = names.into_iter().take(count).collect();
        let is_default = source == Source::Default;
        let shown: Vec<&str> = names
            .iter()
            .map(|name| if is_default { name } else { quotable_name(name, known.iter().map(String::as_str)) })
            .collect();
        self.record(DEFAULT_PROFILE, shown.join(","), source.clone());
        for (place, name) in names.iter().enumerate() {
            if !is_default && !known.contains(name) {
                let sentence = missing_profile(name, known.iter().map(String::as_str));
                self.report(&source, sentence);
                return None;
            }
            if names[..place].contains(name) {
                self.report(&source, format!("The profile `{name}` is named twice. Remove one of them."));
                return None;
            }
        }
        if names.len() > 1 {
            self.share_window();
        }
        Some(names)
    }

    /// Makes `name` the profile whose options are resolved from now on.
    pub(super) fn enter_profile(&mut self, name: &str) {
        // That of the demo is none of the file, even if one is called so.
        let section = self.file.profiles.get(name).filter(|_| self.purpose != SettingsPurpose::Demo);
        self.profile = section.cloned().unwrap_or_else(Section::new);
    }

    /// Reports flags that describe a single account, and ignores the variables that do: they could mean any of several
    /// profiles.
    pub(super) fn share_window(&mut self) {
        self.shares_window = true;
        if let Some(option) = self.account_flag() {
            let sentence = format!(
                "{} describes one account, but several profiles are opened. Remove it, or choose one profile.",
                option.long_flag()
            );
            self.problems.push(None, sentence);
        }
    }

    /// Returns the first option on the command line that describes a single account.
    fn account_flag(&self) -> Option<&'static OptionSpec> {
        OPTIONS.iter().copied().find(|option| option.is_account_option() && self.cli.get(option.key).is_some())
    }

    /// Returns the profiles that were open already or last. Scripts must not depend on which those are: they would act
    /// as another account as soon as somebody has used the chat.
    fn remembered(&self) -> Option<(Vec<String>, Source)> {
        if self.purpose == SettingsPurpose::Script {
            None
        } else {
            self.chosen_at_start().or_else(|| self.opened_last())
        }
    }

    /// Returns the profiles that were chosen at the start of the program, if they all still exist.
    fn chosen_at_start(&self) -> Option<(Vec<String>, Source)> {
        let names = &self.running?.chosen;
        let all_exist = names.iter().all(|name| self.file.profiles.contains_key(name));
        (all_exist && !names.is_empty()).then(|| (names.clone(), Source::LastTime))
    }

    /// Returns the other open profiles that still exist.
    pub(super) fn opened_besides(&self, names: &[String]) -> Vec<String> {
        let open = self.running.into_iter().flat_map(|running| running.chosen.iter().chain(&running.opened));
        let is_other = |name: &&String| !names.contains(name) && self.file.profiles.contains_key(*name);
        open.filter(is_other).cloned().collect()
    }

    /// Returns the profiles that were open when the program ended last, if they all still exist.
    fn opened_last(&self) -> Option<(Vec<String>, Source)> {
        let names = open_profiles::read(&self.general_folder()?)?;
        let all_exist = names.iter().all(|name| self.file.profiles.contains_key(name));
        (all_exist && !names.is_empty()).then_some((names, Source::LastTime))
    }

    /// Returns the index of the profile that was on screen when these were open last; that of the first one if they were
    /// chosen in another way.
    pub(super) fn shown_last(&self, names: &[String]) -> usize {
        let is_last = self.chosen_by == Source::LastTime && self.running.is_none();
        let shown = self.general_folder().filter(|_| is_last).and_then(|folder| open_profiles::read_shown(&folder));
        shown.and_then(|shown| names.iter().position(|name| *name == shown)).unwrap_or_default()
    }

    /// Returns the folder for what concerns no single profile; `None` if nothing is saved.
    pub(super) fn general_data_dir(&self) -> Option<PathBuf> {
        let is_off = self.lookup(INCOGNITO).is_some()
            || self.lookup_general(HISTORY).is_some_and(|found| found.text() == "none")
            || self.purpose == SettingsPurpose::Demo;
        self.general_folder().filter(|_| !is_off)
    }

    fn general_folder(&self) -> Option<PathBuf> {
        match self.lookup_general(DATA_DIR) {
            Some(found) if matches!(found.source, Source::File(_)) => {
                Some(self.environment.paths.resolve(found.text(), self.base.as_deref()))
            }
            Some(found) => Some(Path::new(found.text()).to_owned()),
            None => self.environment.paths.data_dir.clone(),
        }
    }
}
