//! The configuration of the running program: loads it again on request, and when one of its files has changed.
//!
//! Nothing wakes the program when a file changes. Instead, the files are examined when the terminal gains the focus, as
//! it does after the user has edited them in another window, and rarely besides.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::{Notify, mpsc};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use crate::app::{ConfigTrigger, Event, NewValue, SuggestedService};
use crate::config::{
    Backend, CliValues, EffectiveValue, Environment, Loaded, Paths, Problems, Running, Settings, SettingsPurpose, load,
    load_profile, reload, with_option,
};

use super::config_file::{self, Readers};
use super::failure::Failure;

/// Time between two examinations of the files while nothing else causes one.
const INTERVAL: Duration = Duration::from_secs(60);

/// Time for which a file must stay the same before it is read. Editors write a file in several steps.
const SETTLING_TIME: Duration = Duration::from_millis(250);

/// The configuration, and the sources from which it is loaded.
#[derive(Clone)]
pub struct Configuration(Arc<Shared>);

struct Shared {
    values: CliValues,
    purpose: SettingsPurpose,
    /// The configuration file. Known without waiting for a reload, which may take as long as a program that prints a key.
    file: Option<PathBuf>,
    current: Mutex<Current>,
    examine: Notify,
}

/// The configuration in use.
struct Current {
    loaded: Loaded,
    /// That of the start, once another one is in use.
    started: Option<Loaded>,
    files: Files,
    /// What is the same at each reload.
    running: Running,
}

/// The files of the configuration as they were before they were read: length and time of the last change, if they
/// exist.
type Files = Vec<(PathBuf, Option<(u64, Option<SystemTime>)>)>;

impl Configuration {
    /// Loads the configuration from the command line, the environment and the file.
    pub fn load(values: &CliValues, purpose: SettingsPurpose) -> Self {
        let loaded = load(values, &environment(), purpose);
        // The file may have other profiles when it is loaded again.
        let chosen = loaded.settings.as_ref().map(Settings::names).unwrap_or_default();
        let files = examined(&loaded.files);
        let file = loaded.files.first().cloned();
        let current =
            Mutex::new(Current { loaded, started: None, files, running: Running { chosen, ..Running::default() } });
        Self(Arc::new(Shared { values: values.clone(), purpose, file, current, examine: Notify::new() }))
    }

    /// Returns the settings.
    ///
    /// # Errors
    /// All problems of the configuration, as sentences.
    pub fn settings(&self) -> Result<Settings, Failure> {
        self.current().loaded.settings.clone().map_err(|problems| Failure::usage(problems.to_string()))
    }

    /// Loads a profile that is opened beside others, which may block.
    pub(super) fn load_profile(&self, name: &str) -> Result<Box<Settings>, String> {
        let loaded = load_profile(&self.0.values, &environment(), name);
        let settings =
            loaded.settings.map_err(|problems| format!("{name} cannot be opened. {}", first_sentence(&problems)))?;
        let opened = &mut self.current().running.opened;
        if !opened.contains(&settings.profile) {
            opened.push(settings.profile.clone());
        }
        Ok(Box::new(settings))
    }

    /// Returns the settings in effect, as lines with their origins. Secrets are masked.
    pub(super) fn lines(&self) -> String {
        let current = self.current();
        let line = |value: &EffectiveValue| format!("{:<18}{}  ({})\n", value.key, value.value, value.source);
        current.loaded.effective.iter().map(line).collect()
    }

    /// Returns the service and the address that the command line names.
    pub(super) fn named_service(&self) -> SuggestedService {
        let backend = self.0.values.get("backend").and_then(Backend::by_name).unwrap_or_default();
        SuggestedService { backend, url: self.0.values.get("url").map(str::to_owned) }
    }

    /// Whether it is that of the demo.
    pub(super) fn is_demo(&self) -> bool {
        self.0.purpose == SettingsPurpose::Demo
    }

    /// Whether no source describes an account, so that there is nothing to correct.
    pub fn has_no_account(&self) -> bool {
        self.current().loaded.has_no_account
    }

    /// Returns the path of the configuration file.
    pub(super) fn file(&self) -> Option<PathBuf> {
        self.0.file.clone()
    }

    /// Loads the configuration again, which may block, and puts it in use unless it has problems or the user only tries
    /// a value.
    pub(super) fn reload(&self, trigger: ConfigTrigger) -> Event {
        let mut current = self.current();
        if let ConfigTrigger::Try(new) | ConfigTrigger::Save(new) = &trigger {
            let mut running = current.running.clone();
            running.edits.insert(new.option.key, new.value.clone());
            let tried = current.loaded.compare(&self.later(&running));
            if tried.is_err() || matches!(trigger, ConfigTrigger::Try(_)) {
                return Event::ConfigLoaded(trigger, tried.map(Box::new));
            }
            if self.is_demo() {
                // What one tries out in the demo is not meant for the real accounts.
                current.running = running;
            } else if let Err(sentence) = self.save(&current, new) {
                return Event::ConfigLoaded(trigger, Err(Problems::from(sentence)));
            }
        }
        let mut files = examined(&paths(&current.files));
        let later = self.later(&current.running);
        // What was examined before the files were read is kept, so that no change is missed.
        let is_new = |path: &&PathBuf| files.iter().all(|(known, _)| known != *path);
        let new: Vec<PathBuf> = later.files.iter().filter(is_new).cloned().collect();
        files.extend(examined(&new));
        let mut reloaded = current.loaded.compare(&later);
        if let (Ok(reloaded), ConfigTrigger::Show(_)) = (&mut reloaded, &trigger) {
            reloaded.themes = later.theme_names();
        }
        if let Ok(reloaded) = &mut reloaded {
            files.retain(|(path, _)| later.files.contains(path));
            if let Some(Ok(since_start)) = current.started.as_ref().map(|started| started.compare(&later)) {
                reloaded.pending = since_start.changes.restart;
            }
            let before = std::mem::replace(&mut current.loaded, later);
            current.started.get_or_insert(before);
        }
        current.files = files;
        Event::ConfigLoaded(trigger, reloaded.map(Box::new))
    }

    fn later(&self, running: &Running) -> Loaded {
        reload(&self.0.values, &environment(), self.0.purpose, running)
    }

    /// Writes a value into the file, unless the file could not be used with it.
    fn save(&self, current: &Current, new: &NewValue) -> Result<(), String> {
        let Some(path) = current.loaded.files.first() else {
            return Err("There is no home folder for the configuration. Set HOME, or use --config.".to_owned());
        };
        config_file::change(path, Readers::Unchanged, |before| {
            let text = with_option(before, &new.profile, new.option, new.value.as_deref())?;
            let later = self.later(&Running { text: Some(text.clone()), ..current.running.clone() });
            later.settings.map(|_| text).map_err(|problems| first_sentence(&problems))
        })
    }

    /// Makes the next examination of the files happen now.
    pub(super) fn examine(&self) {
        self.0.examine.notify_one();
    }

    /// Loads the configuration again whenever one of its files has changed, until nobody receives the results.
    pub(super) async fn watch(self, results: mpsc::Sender<Event>) {
        while !results.is_closed() {
            let _ = timeout(INTERVAL, self.0.examine.notified()).await;
            let Some((known, mut files)) = self.look().await else { continue };
            if files == known {
                continue;
            }
            loop {
                sleep(SETTLING_TIME).await;
                let Some((_, later)) = self.look().await.filter(|(_, later)| *later != files) else { break };
                files = later;
            }
            let configuration = self.clone();
            if let Ok(event) = spawn_blocking(move || configuration.reload(ConfigTrigger::FileChanged)).await {
                let _ = results.send(event).await;
            }
        }
    }

    /// Returns the files as they were before they were read, and as they are now. Examines them on another thread,
    /// because that may block, as may a reload that is under way.
    async fn look(&self) -> Option<(Files, Files)> {
        let configuration = self.clone();
        let look = move || {
            let known = configuration.current().files.clone();
            let files = examined(&paths(&known));
            (known, files)
        };
        spawn_blocking(look).await.ok()
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.0.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The environment of the process.
pub fn environment() -> Environment<'static> {
    Environment { variable: &variable, paths: Paths::of_user() }
}

/// Returns an environment variable.
fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

fn first_sentence(problems: &Problems) -> String {
    problems.0.first().map(|first| first.sentence.clone()).unwrap_or_default()
}

fn paths(files: &Files) -> Vec<PathBuf> {
    files.iter().map(|(path, _)| path.clone()).collect()
}

fn examined(paths: &[PathBuf]) -> Files {
    let examine = |path: &PathBuf| {
        let metadata = std::fs::metadata(path).ok();
        (path.clone(), metadata.map(|metadata| (metadata.len(), metadata.modified().ok())))
    };
    paths.iter().map(examine).collect()
}

/// Looks for the environment variable that names the proxy, so that advice about the proxy is about this one.
pub fn find_proxy_variable() {
    crate::net::find_proxy_variable(|name| std::env::var(name).ok());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{EffectiveValue, OptionSpec, Reloaded};

    const ME: &str = "[profiles.me]\napi_key = \"k3y\"\nuser = \"me\"\n";
    const YOU: &str = "[profiles.you]\napi_key = \"k3y\"\nuser = \"you\"\n";

    /// A configuration with this file.
    fn loaded(text: &str) -> (tempfile::TempDir, PathBuf, Configuration) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config.toml");
        std::fs::write(&file, text).expect("a file");
        let texts = [("config", &file), ("data_dir", &folder.path().to_owned())];
        let values = CliValues(texts.map(|(key, path)| (key, path.display().to_string())).into());
        let configuration = Configuration::load(&values, SettingsPurpose::Account);
        configuration.settings().expect("it is valid");
        (folder, file, configuration)
    }

    fn reloaded(configuration: &Configuration, trigger: ConfigTrigger) -> Result<Box<Reloaded>, Problems> {
        match configuration.reload(trigger) {
            Event::ConfigLoaded(_, loaded) => loaded,
            other => panic!("{other:?}"),
        }
    }

    fn save(configuration: &Configuration, profile: &str, key: &str, value: &str) -> Result<Box<Reloaded>, Problems> {
        let option = OptionSpec::by_key(key).expect("an option");
        let new = NewValue { option, profile: profile.to_owned(), value: Some(value.to_owned()) };
        reloaded(configuration, ConfigTrigger::Save(new))
    }

    /// The file was written, and then neither a reload nor the next start accepted it.
    #[test]
    fn value_that_would_break_the_file_is_not_written() {
        let (_folder, file, configuration) = loaded(ME);
        for (key, value) in [("call_command", "mpv"), ("notify_command", "\"\""), ("open_command", "# x")] {
            let problems = save(&configuration, "me", key, value).expect_err(key);
            assert!(!first_sentence(&problems).is_empty());
            assert_eq!(std::fs::read_to_string(&file).expect("the file"), ME, "{key}");
        }
        save(&configuration, "me", "notify_command", "sh -c 'jq . >> log'").expect("valid");
        let text = std::fs::read_to_string(&file).expect("the file");
        assert_eq!(text, format!("notify_command = [\"sh\", \"-c\", \"jq . >> log\"]\n\n{ME}"));
        let shown = reloaded(&configuration, ConfigTrigger::Command).expect("valid").effective;
        let shown = EffectiveValue::find(&shown, "notify_command", "me").map(|value| value.value.clone());
        assert_eq!(shown.as_deref(), Some("sh -c 'jq . >> log'"), "the same words when it is split again");
    }

    #[test]
    fn value_is_saved_where_the_shown_profile_has_it() {
        let own = |text: &str| format!("{text}notify = \"all\"\n");
        let (_folder, file, configuration) =
            loaded(&format!("default_profile = [\"me\", \"you\"]\n{}", own(ME) + &own(YOU)));
        let after = save(&configuration, "you", "notify", "none").expect("valid");
        let value =
            |profile| EffectiveValue::find(&after.effective, "notify", profile).map(|value| value.value.as_str());
        assert_eq!([value("me"), value("you")], [Some("all"), Some("none")]);
        let text = std::fs::read_to_string(&file).expect("the file");
        assert!(text.ends_with("user = \"you\"\nnotify = \"none\"\n") && text.contains("notify = \"all\""), "{text}");
    }

    /// Profiles that were opened with `/profile` did not get new values.
    #[test]
    fn profile_that_was_opened_later_is_reloaded() {
        let (_folder, file, configuration) = loaded(ME);
        std::fs::write(&file, format!("{ME}{YOU}")).expect("the file");
        let known = reloaded(&configuration, ConfigTrigger::FileChanged).expect("valid").settings.known_profiles;
        assert_eq!(known, ["me", "you"]);
        configuration.load_profile("you").expect("valid");
        std::fs::write(&file, format!("{ME}{YOU}notify_command = [\"x\"]\n")).expect("the file");
        let after = reloaded(&configuration, ConfigTrigger::FileChanged).expect("valid");
        let commands = after.settings.profiles().map(|settings| settings.notifications.command.len());
        assert_eq!(commands.collect::<Vec<_>>(), [0, 1]);
    }

    /// The demo wrote `/theme` into the configuration of the real accounts.
    #[test]
    fn demo_saves_settings_for_its_session_only() {
        let (_folder, file, real) = loaded(ME);
        let demo = Configuration::load(&real.0.values, SettingsPurpose::Demo);
        save(&demo, "default", "theme", "light").expect("valid");
        assert_eq!(std::fs::read_to_string(&file).expect("the file"), ME);
        let theme = |trigger| reloaded(&demo, trigger).expect("valid").settings.theme;
        let light = crate::config::Theme::built_in("light").expect("built in");
        for trigger in [ConfigTrigger::Abandon, ConfigTrigger::FileChanged] {
            assert!(theme(trigger) == light.clone().with_colors(demo.settings().expect("valid").colors));
        }
    }

    /// A restart was only mentioned after the change that needed it, and also when that had been undone.
    #[test]
    fn pending_restart_is_measured_from_the_start() {
        let (_folder, file, configuration) = loaded(ME);
        let reload = |text: String| {
            std::fs::write(&file, text).expect("the file");
            let reloaded = reloaded(&configuration, ConfigTrigger::FileChanged).expect("valid");
            (reloaded.changes.restart, reloaded.pending)
        };
        assert_eq!(reload(format!("{ME}room = \"General\"\n")), (vec!["room"], vec!["room"]));
        assert_eq!(reload(format!("clock = \"12h\"\n{ME}room = \"General\"\n")), (vec![], vec!["room"]));
        assert_eq!(reload(ME.to_owned()), (vec!["room"], vec![]));
    }

    /// The event loop stood still while a reload read a slow disk.
    #[test]
    fn watching_does_not_wait_for_a_reload() {
        let (_folder, _file, configuration) = loaded(ME);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let reload = configuration.current();
        runtime.block_on(async {
            let mut look = std::pin::pin!(configuration.look());
            let is_ready = std::future::poll_fn(|cx| std::task::Poll::Ready(look.as_mut().poll(cx).is_ready())).await;
            assert!(!is_ready);
            drop(reload);
            assert!(look.await.is_some());
        });
    }

    /// Regression test: the key that adds a profile waited for a reload, and the screen with it.
    #[test]
    fn path_of_the_file_does_not_wait_for_a_reload() {
        let (_folder, file, configuration) = loaded(ME);
        let reload = configuration.current();
        let (sender, found) = std::sync::mpsc::channel();
        let other = configuration.clone();
        std::thread::spawn(move || sender.send(other.file()));
        assert_eq!(found.recv_timeout(Duration::from_secs(30)), Ok(Some(file)));
        drop(reload);
    }

    /// After a reload that had failed, the files that it named were not watched.
    #[test]
    fn missing_file_of_a_broken_configuration_is_watched() {
        let (_folder, file, configuration) = loaded(ME);
        std::fs::write(&file, format!("theme = \"mine\"\n{ME}")).expect("the file");
        reloaded(&configuration, ConfigTrigger::FileChanged).expect_err("there is no such theme");
        let watched = paths(&configuration.current().files);
        assert!(watched.iter().any(|path| path.ends_with("themes/mine.toml")), "{watched:?}");
    }
}
