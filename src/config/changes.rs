//! Comparison of two loads of the configuration: which options have changed, and which of them need a restart.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::text::{StaticStr, static_strs};

use super::loader::Loaded;
use super::options::{CONFIG, OptionSpec, THEME};
use super::problem::Problems;
use super::resolver::EffectiveValue;
use super::secret::SecretSource;
use super::settings::Settings;

/// Name of the key bindings, which are a table of the file rather than an option.
const KEYS: &str = "keys";

/// Options whose values differ, by their keys, each in the order of the table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Changes {
    /// Options whose new value has an effect at once.
    #[serde(deserialize_with = "static_strs")]
    pub live: Vec<StaticStr>,
    /// Options whose new value needs a restart.
    #[serde(deserialize_with = "static_strs")]
    pub restart: Vec<StaticStr>,
}

/// A configuration that was loaded again while the program runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reloaded {
    /// The settings, without secrets.
    pub settings: Settings,
    /// The effective values and their origins.
    pub effective: Vec<EffectiveValue>,
    /// What differs from the configuration in use.
    pub changes: Changes,
    /// Options that need a restart and differ from those at the start of the program.
    #[serde(deserialize_with = "static_strs")]
    pub pending: Vec<StaticStr>,
    /// The names of all themes, if the settings are to be shown.
    pub themes: Vec<String>,
}

impl Changes {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.live.is_empty() && self.restart.is_empty()
    }

    /// Whether the option with this key has changed and has an effect at once.
    pub fn has_live(&self, key: &str) -> bool {
        self.live.contains(&key)
    }

    fn add(&mut self, key: &'static str, is_live: bool) {
        let list = if is_live { &mut self.live } else { &mut self.restart };
        if !list.contains(&key) {
            list.push(key);
        }
    }
}

impl Loaded {
    /// Compares this configuration, which is in use, with one that was loaded later.
    ///
    /// # Errors
    /// The problems of the later one, which then must not be used.
    pub fn compare(&self, later: &Self) -> Result<Reloaded, Problems> {
        let settings = later.settings.as_ref().map_err(Clone::clone)?;
        let mut changes = Changes::default();
        // A profile that was opened meanwhile has nothing to be compared with.
        let profiles: BTreeSet<_> = self.effective.iter().map(|value| value.profile.as_deref()).collect();
        for option in super::OPTIONS.iter().filter(|option| option.key != CONFIG.key) {
            let has_changed = |profile: &Option<&str>| {
                later.has(*profile)
                    && (self.value(option, *profile) != later.value(option, *profile)
                        || self.secret(option, *profile) != later.secret(option, *profile))
            };
            if profiles.iter().any(has_changed) {
                changes.add(option.key, option.live);
            }
        }
        if let Ok(old) = &self.settings {
            // The name of a theme may be the same while its file has changed.
            if old.theme != settings.theme && !changes.has_live(super::options::COLORS.key) {
                changes.add(THEME.key, true);
            }
            if old.keymap != settings.keymap {
                changes.add(KEYS, true);
            }
        }
        Ok(Reloaded {
            settings: settings.clone(),
            effective: later.effective.clone(),
            pending: changes.restart.clone(),
            changes,
            themes: Vec::new(),
        })
    }

    /// Whether a profile, or the first one, is among the open ones.
    fn has(&self, profile: Option<&str>) -> bool {
        self.effective.iter().any(|value| value.profile.as_deref() == profile)
    }

    fn value(&self, option: &OptionSpec, profile: Option<&str>) -> Option<&str> {
        let is_wanted = |value: &&EffectiveValue| value.key == option.key && value.profile.as_deref() == profile;
        self.effective.iter().find(is_wanted).map(|value| value.value.as_str())
    }

    fn secret(&self, option: &OptionSpec, profile: Option<&str>) -> Option<&SecretSource> {
        let mut secrets = self.secrets.iter();
        secrets.find(|(of, key, _)| *key == option.key && of.as_deref() == profile).map(|(.., source)| source)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CliValues, Environment, Paths, Running, SettingsPurpose, load, reload};
    use super::*;

    /// Loads `before`, then `after` from the same file.
    fn compare(before: &str, after: &str) -> Result<Changes, String> {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("config.toml");
        let environment = Environment { variable: &|_| None, paths: Paths::default() };
        let mut cli = CliValues::default();
        cli.0.insert("config", file.display().to_string());
        cli.0.insert("data_dir", dir.path().display().to_string());
        std::fs::write(&file, before).expect("a file");
        let old = load(&cli, &environment, SettingsPurpose::Account);
        let names = old.settings.as_ref().expect("the first one is valid").names();
        std::fs::write(&file, after).expect("a file");
        let new =
            reload(&cli, &environment, SettingsPurpose::Account, &Running { chosen: names, ..Running::default() });
        old.compare(&new).map(|reloaded| reloaded.changes).map_err(|problems| problems.to_string())
    }

    const ACCOUNT: &str = "[profiles.me]\nuser = \"me\"\napi_key = \"k3y\"\n";

    #[test]
    fn moved_line_is_no_change() {
        assert_eq!(compare(ACCOUNT, &format!("# A comment.\n\n{ACCOUNT}")), Ok(Changes::default()));
    }

    #[test]
    fn account_needs_a_restart_and_appearance_does_not() {
        let changes =
            compare(ACCOUNT, &format!("theme = \"light\"\n{ACCOUNT}room = \"General\"\n[keys]\nquit = \"f10\""));
        assert_eq!(changes, Ok(Changes { live: vec!["theme", "keys"], restart: vec!["room"] }));
    }

    #[test]
    fn new_key_needs_a_restart_and_is_not_fetched() {
        let changes = compare(ACCOUNT, &ACCOUNT.replace("\"k3y\"", "{ command = [\"/nowhere/to/be/found\"] }"));
        assert_eq!(changes, Ok(Changes { live: vec![], restart: vec!["api_key"] }));
    }

    /// Only the first profile was compared.
    #[test]
    fn further_profiles_are_compared() {
        let other = "[profiles.you]\nuser = \"you\"\napi_key = \"k\"\n";
        let before = format!("default_profile = [\"me\", \"you\"]\n{ACCOUNT}{other}");
        let changes = compare(&before, &format!("{before}notify = \"none\"\nroom = \"General\"\ntheme = \"light\""));
        assert_eq!(changes, Ok(Changes { live: vec!["notify"], restart: vec!["room"] }));
        let changes = compare(&before, &before.replace("\"k\"", "\"another\""));
        assert_eq!(changes, Ok(Changes { live: vec![], restart: vec!["api_key"] }));
    }

    /// After a second profile had been added, each reload failed because none was chosen.
    #[test]
    fn open_profile_stays_chosen_when_another_is_added() {
        let other = "[profiles.another]\nuser = \"you\"\napi_key = \"k\"\n";
        assert_eq!(compare(ACCOUNT, &format!("{other}{ACCOUNT}")), Ok(Changes::default()));
    }

    #[test]
    fn later_configuration_with_problems_is_refused() {
        let problems = compare(ACCOUNT, &format!("thme = \"light\"\n{ACCOUNT}")).expect_err("a misspelling");
        assert!(problems.contains(":1:1: Unknown key `thme`. Did you mean `theme`?"), "{problems}");
    }
}
