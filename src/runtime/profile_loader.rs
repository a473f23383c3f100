//! Loads profiles of the configuration that the user opens while the program runs.

use std::path::PathBuf;

use tokio::sync::mpsc;

use crate::config::Settings;

use super::configuration::Configuration;

/// Number of loaded profiles that wait for the loop. The user opens one at a time.
const CAPACITY: usize = 4;

/// A profile that was loaded, or a sentence that says why it cannot be opened.
pub(super) type LoadedProfile = Result<Box<Settings>, String>;

/// Loads profiles, each on another thread, because a program may print the key. The queue of the results is created
/// with the first one.
pub(super) struct ProfileLoader {
    configuration: Option<Configuration>,
    /// The profiles of the demo, whose addresses no configuration knows.
    of_demo: Vec<Settings>,
    results: Option<(mpsc::Sender<LoadedProfile>, mpsc::Receiver<LoadedProfile>)>,
}

impl ProfileLoader {
    /// Creates a loader of the profiles of a configuration, and of those of the demo.
    pub(super) fn new(configuration: Option<Configuration>, of_demo: Vec<Settings>) -> Self {
        Self { configuration, of_demo, results: None }
    }

    /// Returns the configuration file, if the user has one.
    ///
    /// # Errors
    /// A sentence for the user, if there are no profiles of a configuration here.
    pub(super) fn config_file(&self) -> Result<Option<PathBuf>, String> {
        let real = self.configuration.as_ref().filter(|configuration| !configuration.is_demo());
        let in_demo = || "The demo has no profiles of your own. Use `minchat-tui config add` outside of it.".to_owned();
        real.map(Configuration::file).ok_or_else(in_demo)
    }

    /// Starts to load the profile with this name.
    pub(super) fn load(&mut self, name: String) {
        let Some(configuration) = self.configuration.clone() else { return };
        let results = self.results.get_or_insert_with(|| mpsc::channel(CAPACITY)).0.clone();
        let of_demo = self.of_demo.iter().find(|settings| settings.profile == name).cloned();
        tokio::spawn(async move {
            if let Some(settings) = of_demo {
                let _ = results.send(Ok(Box::new(settings))).await;
                return;
            }
            let failed = format!("The profile {name} cannot be loaded. Try again.");
            let loaded = tokio::task::spawn_blocking(move || configuration.load_profile(&name)).await;
            let _ = results.send(loaded.unwrap_or(Err(failed))).await;
        });
    }

    /// Waits for the next loaded profile. Cancel safe.
    pub(super) async fn next(&mut self) -> LoadedProfile {
        match &mut self.results {
            // `self` holds a sender as well, so the queue never closes.
            Some((_, results)) => match results.recv().await {
                Some(loaded) => loaded,
                None => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    }
}
