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

use crate::app::{ConfigTrigger, Event, NewValue};
use crate::config::{
    CliValues, Edits, Environment, Loaded, OptionSpec, Paths, Problems, Purpose, Settings, load, load_profile, reload,
    with_option,
};

use super::config_file;
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
    purpose: Purpose,
    current: Mutex<Current>,
    examine: Notify,
}

/// The configuration in use.
struct Current {
    loaded: Loaded,
    files: Files,
}

/// The files of the configuration as they were before they were read: length and time of the last change, if they
/// exist.
type Files = Vec<(PathBuf, Option<(u64, Option<SystemTime>)>)>;

impl Configuration {
    /// Loads the configuration from the command line, the environment and the file.
    pub fn load(values: &CliValues, purpose: Purpose) -> Self {
        let loaded = load(values, &environment(), purpose);
        let mut values = values.clone();
        if let Some(names) = loaded.opened_last() {
            // Other profiles may be open when the configuration is loaded again.
            values.0.insert("default_profile", names);
        }
        let files = examined(&loaded.files);
        let current = Mutex::new(Current { loaded, files });
        Self(Arc::new(Shared { values, purpose, current, examine: Notify::new() }))
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
        let problem = |problems: Problems| problems.0.first().map(|first| first.sentence.clone()).unwrap_or_default();
        loaded.settings.map(Box::new).map_err(|problems| format!("{name} cannot be opened. {}", problem(problems)))
    }

    /// Whether it is that of the demo.
    pub(super) fn is_demo(&self) -> bool {
        self.0.purpose == Purpose::Demo
    }

    /// Whether no source describes an account, so that there is nothing to correct.
    pub fn has_no_account(&self) -> bool {
        self.current().loaded.has_no_account
    }

    /// Returns the path of the configuration file.
    pub(super) fn file(&self) -> Option<PathBuf> {
        self.current().loaded.files.first().cloned()
    }

    /// Loads the configuration again, which may block, and puts it in use unless it has problems or the user only tries
    /// a value.
    pub(super) fn reload(&self, trigger: ConfigTrigger) -> Event {
        let mut current = self.current();
        let mut edits = Edits::new();
        if let ConfigTrigger::Try(new) | ConfigTrigger::Save(new) = &trigger {
            edits.insert(new.key, new.value.clone());
            let tried = reload(&self.0.values, &environment(), self.0.purpose, &edits);
            let tried = current.loaded.compare(&tried);
            if tried.is_err() || matches!(trigger, ConfigTrigger::Try(_)) {
                return Event::ConfigLoaded(trigger, tried.map(Box::new));
            }
            if let Err(sentence) = self.save(&current.loaded, new) {
                return Event::Notice(sentence);
            }
        }
        current.files = examined(&paths(&current.files));
        edits.clear();
        let later = reload(&self.0.values, &environment(), self.0.purpose, &edits);
        let mut reloaded = current.loaded.compare(&later);
        if let (Ok(reloaded), ConfigTrigger::Show(_)) = (&mut reloaded, &trigger) {
            reloaded.themes = later.theme_names();
        }
        if reloaded.is_ok() {
            // What was examined before the files were read is kept, so that no change is missed.
            let mut files = examined(&later.files);
            for (path, stamp) in &mut files {
                if let Some((_, before)) = current.files.iter().find(|(known, _)| known == path) {
                    *stamp = *before;
                }
            }
            *current = Current { loaded: later, files };
        }
        Event::ConfigLoaded(trigger, reloaded.map(Box::new))
    }

    /// Writes a value into the file.
    fn save(&self, loaded: &Loaded, new: &NewValue) -> Result<(), String> {
        let Some(option) = OptionSpec::by_key(new.key) else { return Ok(()) };
        let Some(path) = loaded.files.first() else {
            return Err("There is no home folder for the configuration. Set HOME, or use --config.".to_owned());
        };
        let profile = loaded.settings.as_ref().map_or("default", |settings| settings.profile.as_str());
        config_file::change(path, |text| with_option(text, profile, option, new.value.as_deref()))
    }

    /// Makes the next examination of the files happen now.
    pub(super) fn examine(&self) {
        self.0.examine.notify_one();
    }

    /// Loads the configuration again whenever one of its files has changed, until nobody receives the results.
    pub(super) async fn watch(self, results: mpsc::Sender<Event>) {
        while !results.is_closed() {
            let _ = timeout(INTERVAL, self.0.examine.notified()).await;
            let known = self.current().files.clone();
            let mut files = self.look().await;
            if files.is_none() || files.as_ref() == Some(&known) {
                continue;
            }
            loop {
                sleep(SETTLING_TIME).await;
                let later = self.look().await;
                if later == files {
                    break;
                }
                files = later;
            }
            let configuration = self.clone();
            if let Ok(event) = spawn_blocking(move || configuration.reload(ConfigTrigger::FileChanged)).await {
                let _ = results.send(event).await;
            }
        }
    }

    /// Examines the files, on another thread, because that may block.
    async fn look(&self) -> Option<Files> {
        let paths = paths(&self.current().files);
        spawn_blocking(move || examined(&paths)).await.ok()
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
