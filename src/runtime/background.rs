//! Background work of the event loop: inspecting files, listing folders and running other programs.
//!
//! Results are returned as events. Their queue and the threads are created when they are first needed.

mod downloads;
mod pastes;
mod programs;
mod results;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ratatui::buffer::Buffer;
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};

use crate::app::{
    ConfigTrigger, Event, ExportReply, ExportStep, FileRequest, FolderListing, FolderRequest, Notification,
    NotificationId, ScreenDump,
};
use crate::config::{Paths, Problems, remember_open_profiles};
use crate::domain::{AccountId, FileToSave, Timestamp};
use crate::wire::Ring;

use super::account_files::FilesOfAccounts;
use super::bundle::{Bundle, BundleSources};
use super::configuration::Configuration;
use super::downloads::Downloader;
use super::exports::Exporter;
use super::system_notifications::SystemNotifications;
use programs::TmuxCopy;
use results::Results;

use super::{files, folders, save_path, screen_dump};

/// Maximum number of folders that are listed at the same time.
const MAX_LISTINGS: usize = 4;

/// Time after which a listing is given up.
const LISTING_TIMEOUT: Duration = Duration::from_secs(3);

/// Maximum number of programs for notifications that run at the same time.
const MAX_HOOKS: usize = 4;

/// Maximum number of pictures that are fetched or decoded at the same time.
const MAX_PICTURES: usize = 2;

/// Time for which the program waits, when it ends, until pictures are removed.
const REMOVAL_TIMEOUT: Duration = Duration::from_secs(1);

/// Time for which the program waits, when it ends, until the open profiles are written down.
const REMEMBER_TIMEOUT: Duration = Duration::from_secs(1);

/// Everything that background tasks depend on.
#[derive(Default)]
pub(super) struct BackgroundParts {
    /// Environment variables that programs do not inherit.
    pub(super) secret_variables: Vec<String>,
    /// Folder in which the names of the open profiles are kept; `None` if they are not.
    pub(super) data_dir: Option<PathBuf>,
    /// The files and folders of the accounts.
    pub(super) files: FilesOfAccounts,
    /// The ring in which downloads are recorded.
    pub(super) wire: Option<Arc<Ring>>,
    /// The configuration, if it can be loaded again.
    pub(super) configuration: Option<Configuration>,
}

/// Background tasks and the queue of their results.
pub(super) struct Background {
    secret_variables: Vec<String>,
    results: Results,
    data_dir: Option<PathBuf>,
    pub(super) files: FilesOfAccounts,
    /// Folder for files with pasted text of accounts that have none. It is removed when the program ends.
    temporary_folder: Option<TempDir>,
    /// The downloads in progress.
    pub(super) downloader: Downloader,
    wire: Option<Arc<Ring>>,
    configuration: Option<Configuration>,
    copy: Arc<TmuxCopy>,
    /// The exports in progress, each with its account and number.
    exports: Vec<(AccountId, u64, Exporter)>,
    /// The bundle that was collected last, until it is written.
    bundle: Arc<Mutex<Option<Bundle>>>,
    /// Folders that may be listed at the same time.
    listings: Arc<Semaphore>,
    /// Programs for notifications that may run at the same time.
    hooks: Arc<Semaphore>,
    /// Whether a notification was left out, because too many of them ran.
    has_skipped_hook: bool,
    system_notifications: SystemNotifications,
    /// Pictures that may be loaded at the same time.
    pictures: Arc<Semaphore>,
    /// The removal of pictures from the disk.
    removals: JoinSet<()>,
    /// The task that writes down which profiles are open, after all such tasks before it.
    remembering: Option<JoinHandle<()>>,
}

impl Background {
    /// Creates the tasks. None of them runs yet.
    pub(super) fn new(parts: BackgroundParts) -> Self {
        let BackgroundParts { secret_variables, data_dir, files, wire, configuration } = parts;
        Self {
            secret_variables,
            results: Results::default(),
            data_dir,
            files,
            temporary_folder: None,
            downloader: Downloader::default(),
            wire,
            configuration,
            copy: Arc::default(),
            exports: Vec::new(),
            bundle: Arc::default(),
            listings: Arc::new(Semaphore::new(MAX_LISTINGS)),
            hooks: Arc::new(Semaphore::new(MAX_HOOKS)),
            has_skipped_hook: false,
            system_notifications: SystemNotifications::default(),
            pictures: Arc::new(Semaphore::new(MAX_PICTURES)),
            removals: JoinSet::new(),
            remembering: None,
        }
    }

    /// Watches the files of the configuration, which is loaded again when they change.
    pub(super) fn watch_configuration(&mut self) {
        let Some(configuration) = self.configuration.clone() else { return };
        tokio::spawn(configuration.watch(self.results.sender()));
    }

    /// Makes the files of the configuration be examined now.
    pub(super) fn examine_configuration(&self) {
        self.configuration.iter().for_each(Configuration::examine);
    }

    /// Loads the configuration again, on another thread, because reading files may block.
    pub(super) fn load_configuration(&mut self, trigger: ConfigTrigger) {
        let Some(configuration) = self.configuration.clone() else { return };
        let sentence = "The configuration could not be loaded. Try again.".to_owned();
        let failed = Event::ConfigLoaded(trigger.clone(), Err(Problems::from(sentence)));
        self.results.work(move || configuration.reload(trigger), failed);
    }

    /// Waits for the next result. Cancel safe.
    pub(super) async fn next(&mut self) -> Event {
        self.results.next().await
    }

    /// Writes down which profiles are open and which one is on screen, on another thread. The next start may then open
    /// them again.
    pub(super) fn remember_profiles(&mut self, names: Vec<String>, shown: String) {
        let Some(folder) = self.data_dir.clone() else { return };
        let before = self.remembering.take();
        self.remembering = Some(tokio::spawn(async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            let written = tokio::task::spawn_blocking(move || remember_open_profiles(&folder, &names, &shown)).await;
            if let Ok(Err(error)) = written {
                tracing::warn!(%error, "the open profiles cannot be written down");
            }
        }));
    }

    /// Waits at most a second until the open profiles are written down.
    pub(super) async fn finish_remembering(&mut self) {
        if let Some(remembering) = self.remembering.take()
            && tokio::time::timeout(REMEMBER_TIMEOUT, remembering).await.is_err()
        {
            tracing::warn!("the disk does not respond; the open profiles are not written down");
        }
    }

    /// Inspects a file that is to be sent, on another thread, because reading it may block.
    pub(super) fn inspect(&mut self, account: AccountId, request: FileRequest) {
        let results = self.results.sender();
        tokio::spawn(async move {
            let home = Paths::of_user().home;
            let (typed, folder) = (request.path.clone(), home.clone());
            let paths = tokio::task::spawn_blocking(move || files::split(&typed, folder.as_deref())).await;
            for (index, path) in paths.unwrap_or_else(|_| vec![request.path.clone()]).into_iter().enumerate() {
                let request =
                    FileRequest { path, ..if index == 0 { request.clone() } else { request.without_reply() } };
                let (inspected, home) = (request.clone(), home.clone());
                let result = tokio::task::spawn_blocking(move || files::inspect(&inspected, home.as_deref())).await;
                let result = result.unwrap_or_else(|_| {
                    Err(format!("{} could not be read. Use /file to send it as a plain file.", request.path))
                });
                let _ = results.send(Event::File(account, request, result)).await;
            }
        });
    }

    /// Saves a screen on another thread.
    pub(super) fn save_screen(&mut self, screen: Buffer, dump: ScreenDump, now: Timestamp) {
        let save = move || {
            let home = Paths::of_user().home;
            match screen_dump::save(screen, dump.path.as_deref(), now, home.as_deref()) {
                Ok(path) => Event::Notice(format!("Saved the screen to {}.", save_path::shown(&path, home.as_deref()))),
                Err(reason) => Event::CommandRefused(dump.command_line("screen"), reason),
            }
        };
        self.results.work(save, Event::Notice("The screen could not be saved. Try again.".to_owned()));
    }

    /// Collects a bundle for a bug report on another thread.
    pub(super) fn prepare_bundle(&mut self, mut sources: BundleSources, line: String) {
        let prepared = Arc::clone(&self.bundle);
        let configuration = self.configuration.clone();
        let collect = move || {
            if let Some(configuration) = configuration {
                sources.configuration = configuration.lines();
                sources.log = configuration.settings().ok().and_then(|settings| settings.log);
            }
            let (bundle, contents) = Bundle::collect(sources, Paths::of_user().home.as_deref())?;
            *prepared.lock().unwrap_or_else(PoisonError::into_inner) = Some(bundle);
            Ok::<_, String>(Event::BundleReady(contents))
        };
        let failed = Event::Notice("The bundle could not be collected. Try again.".to_owned());
        let refused = move |reason| Event::CommandRefused(line, reason);
        self.results.work(move || collect().unwrap_or_else(refused), failed);
    }

    /// Forgets the bundle that was collected last.
    pub(super) fn discard_bundle(&self) {
        *self.bundle.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Writes the bundle that was collected last, on another thread.
    pub(super) fn write_bundle(&mut self) {
        let prepared = Arc::clone(&self.bundle);
        let write = move || {
            let bundle = prepared.lock().unwrap_or_else(PoisonError::into_inner).take();
            let bundle = bundle.ok_or("There is no bundle. Type /bundle again.")?;
            bundle.write()?;
            let folder = save_path::shown(bundle.folder(), Paths::of_user().home.as_deref());
            Ok(format!("The bundle is in {folder}."))
        };
        self.results.tell(write, "The bundle could not be written. Try again.");
    }

    /// Lists a folder on another thread. Answers in any case: a folder that takes too long, as on a network that does
    /// not answer, is taken for empty.
    pub(super) fn list_folder(&mut self, request: FolderRequest) {
        let results = self.results.sender();
        let slots = self.listings.clone();
        tokio::spawn(async move {
            let empty = FolderListing { request: request.clone(), entries: Vec::new(), is_cut: false };
            let listing = match slots.try_acquire_owned() {
                Ok(slot) => {
                    let home = Paths::of_user().home;
                    let work = tokio::task::spawn_blocking(move || {
                        let listing = folders::list(request, home.as_deref());
                        // A folder that hangs keeps its slot, so that only a few threads can be lost.
                        drop(slot);
                        listing
                    });
                    tokio::time::timeout(LISTING_TIMEOUT, work).await.ok().and_then(Result::ok)
                }
                Err(_) => None,
            };
            let _ = results.send(Event::Folder(listing.unwrap_or(empty))).await;
        });
    }

    /// Finds a path for a file of a message, on another thread, because looking at a folder may block.
    pub(super) fn find_path(&mut self, account: AccountId, file: FileToSave) {
        let failed = Event::PathFound(account, file.clone(), String::new());
        let suggest = move || {
            let home = Paths::of_user().home;
            let path = save_path::suggest(&file.name.editable(), home.as_deref());
            let path = path.map(|path| save_path::shown(&path, home.as_deref())).unwrap_or_default();
            Event::PathFound(account, file, path)
        };
        self.results.work(suggest, failed);
    }

    /// Carries out a step of an export, on a thread that is started by the first one.
    pub(super) fn export(&mut self, account: AccountId, id: u64, step: ExportStep) {
        let find = |exports: &[(AccountId, u64, Exporter)]| {
            exports.iter().position(|(owner, number, _)| (*owner, *number) == (account, id))
        };
        if find(&self.exports).is_none() {
            let results = self.results.sender();
            let reply = move |reply| drop(results.blocking_send(Event::Export(account, id, reply)));
            match Exporter::start(reply) {
                Ok(exporter) => self.exports.push((account, id, exporter)),
                Err(error) => {
                    let failed = ExportReply::Failed(format!("The export could not be started: {error}. Try again."));
                    self.results.post(Event::Export(account, id, failed));
                }
            }
        }
        if let Some(index) = find(&self.exports) {
            self.exports[index].2.send(step);
        }
    }

    /// Ends an export. Nothing remains of it, unless its file is complete.
    pub(super) fn abandon_export(&mut self, account: AccountId, id: u64) {
        self.exports.retain(|(owner, number, _)| (*owner, *number) != (account, id));
    }

    /// Removes pictures from the cache of an account, on another thread.
    pub(super) fn forget_pictures(&mut self, account: AccountId, urls: Vec<String>) {
        let loader = self.files.picture_loader(account);
        while self.removals.try_join_next().is_some() {}
        self.removals.spawn_blocking(move || loader.forget(urls));
    }

    /// Waits at most a second for removals of pictures that are under way, so that none is left when the program ends.
    pub(super) async fn finish_removals(&mut self) {
        let finish = async { while self.removals.join_next().await.is_some() {} };
        if tokio::time::timeout(REMOVAL_TIMEOUT, finish).await.is_err() {
            tracing::warn!("the disk does not respond; pictures of deleted messages may be left on it");
        }
    }

    /// Shows a notification through the system. A failure becomes a notice.
    pub(super) fn show_notification(&mut self, notification: Notification) {
        let results = self.results.sender();
        let report = move |sentence| drop(results.blocking_send(Event::Notice(sentence)));
        self.system_notifications.show(notification, report);
    }

    /// Withdraws a notification that was shown through the system, if there is one with this id.
    pub(super) fn withdraw_notification(&self, id: NotificationId) {
        self.system_notifications.withdraw(id);
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
