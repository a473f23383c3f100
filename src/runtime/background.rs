//! Background work of the event loop: inspecting files, listing folders and running other programs.
//!
//! Results are returned as events. Their queue and the threads are created when they are first needed.

mod downloads;
mod results;

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::app::{
    ConfigTrigger, Event, ExportReply, ExportStep, FilePurpose, FileRequest, FolderListing, FolderRequest,
    Notification, NotificationFacts, NotificationId, ScreenDump,
};
use crate::config::{Paths, Problems, remember_open_profiles};
use crate::domain::{AccountId, CallAccess, FileToSave, Pasted, Timestamp};
use crate::wire::Ring;

use super::account_files::FilesOfAccounts;
use super::bundle::{Bundle, BundleSources};
use super::configuration::Configuration;
use super::downloads::Downloader;
use super::exports::Exporter;
use super::programs::{run_with_input, start};
use super::system_notifications::SystemNotifications;
use results::Results;

use super::{clipboard_image, files, folders, notification_command, pasted_text, save_path, screen_dump};

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

/// Time after which tmux is given up.
const COPY_TIMEOUT: Duration = Duration::from_secs(10);

/// Time after which a program that fails has opened its link.
const LINK_TIMEOUT: Duration = Duration::from_secs(3);

/// Stack size of a thread that only waits for a program to end, in bytes.
const STACK_SIZE: usize = 128 << 10;

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

/// A text on its way to the buffer of tmux. The program that copies it runs once at a time, with the newest text, so that
/// this one is there in the end.
#[derive(Default)]
struct TmuxCopy {
    text: Mutex<Option<String>>,
    turn: Mutex<()>,
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

    /// Writes down which profiles are open, on another thread. The next start may then open them again.
    pub(super) fn remember_profiles(&self, names: Vec<String>) {
        let Some(folder) = self.data_dir.clone() else { return };
        tokio::task::spawn_blocking(move || {
            if let Err(error) = remember_open_profiles(&folder, &names) {
                tracing::warn!(%error, "the open profiles cannot be written down");
            }
        });
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

    /// Takes an image from the clipboard, to be sent. Another program reads it, on another thread.
    pub(super) fn paste_image(&mut self, account: AccountId, purpose: FilePurpose, name: String) {
        let secret_variables = self.secret_variables.clone();
        let folder = self.paste_folder(account);
        let save = move || {
            let folder = folder.map_err(|error| no_paste_folder(&error))?;
            let image = clipboard_image::read(&secret_variables)?;
            let path = pasted_text::save(&folder, &name, &image).map_err(|error| not_pasted(&folder, &error))?;
            let request = FileRequest { path: path.display().to_string(), purpose };
            let file = files::inspect(&request, None)?;
            Ok::<_, String>(Event::File(account, request, Ok(file)))
        };
        let failed = Event::Notice("The clipboard cannot be read. Try again.".to_owned());
        self.results.work(move || save().unwrap_or_else(Event::Notice), failed);
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

    /// Finds the files that pasted text names, on another thread, because looking at a file may block.
    pub(super) fn find_files(&mut self, account: AccountId, pasted: Pasted, ways: Vec<Vec<String>>) {
        let failed = Event::FilesFound(account, pasted.clone(), Vec::new());
        let find = move || {
            let found = ways.into_iter().find_map(files::existing).unwrap_or_default();
            Event::FilesFound(account, pasted, found)
        };
        self.results.work(find, failed);
    }

    /// Writes pasted text to a file, to be sent, on another thread.
    pub(super) fn save_paste(&mut self, account: AccountId, pasted: Pasted, name: String) {
        let sentence = "The text cannot be saved as a file. Try again.".to_owned();
        let failed = Event::PasteSaved(account, pasted.clone(), Err(sentence));
        let folder = self.paste_folder(account);
        let save = move || {
            let saved = folder.map_err(|error| no_paste_folder(&error)).and_then(|folder| {
                let text = format!("{}{}", pasted.text, pasted.rest);
                let path = pasted_text::save(&folder, &name, text.as_bytes());
                let path = path.map_err(|error| not_pasted(&folder, &error))?;
                Ok(files::describe_text(path, text.len()))
            });
            Event::PasteSaved(account, pasted, saved)
        };
        self.results.work(save, failed);
    }

    /// Returns the folder for files with pasted text.
    fn paste_folder(&mut self, account: AccountId) -> io::Result<PathBuf> {
        match (self.files.of(account).paste_folder, &self.temporary_folder) {
            (Some(folder), _) => Ok(folder),
            (None, Some(folder)) => Ok(folder.path().to_owned()),
            (None, None) => {
                let folder = tempfile::Builder::new().prefix("minchat-tui-pastes-").tempdir()?;
                Ok(self.temporary_folder.insert(folder).path().to_owned())
            }
        }
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

    /// Starts the program for notifications and passes it the facts. While several of them run, others are left out.
    pub(super) fn notify(&mut self, argv: Vec<String>, facts: Box<NotificationFacts>) {
        let Ok(slot) = Arc::clone(&self.hooks).try_acquire_owned() else {
            if !std::mem::replace(&mut self.has_skipped_hook, true) {
                let sentence = "notify_command is slow, so notifications are left out. It is ended after a minute.";
                self.results.post(Event::Notice(sentence.to_owned()));
            }
            return;
        };
        let results = self.results.sender();
        let secret_variables = self.secret_variables.clone();
        let run = move || {
            if let Err(error) = notification_command::run(&argv, &secret_variables, &facts) {
                let name = argv.first().map_or("", String::as_str);
                let advice = "Correct notify_command.";
                let _ = results.blocking_send(Event::Notice(format!("{name} could not be started: {error}. {advice}")));
            }
            drop(slot);
        };
        let started = thread::Builder::new().name("notify".to_owned()).stack_size(STACK_SIZE).spawn(run);
        if let Err(error) = started {
            tracing::warn!(%error, "notify_command was not started");
        }
    }

    /// Copies a text to the buffer of tmux, if the program runs in it. By default, tmux ignores the sequence with which
    /// programs copy (OSC 52). With `-w`, its command passes the text on to the terminal; that needs tmux 3.2.
    pub(super) fn copy_to_tmux(&self, text: String) {
        if std::env::var_os("TMUX").is_none_or(|socket| socket.is_empty()) {
            return;
        }
        let argv = ["tmux", "load-buffer", "-w", "-"].map(str::to_owned);
        let secret_variables = self.secret_variables.clone();
        if self.copy.text.lock().unwrap_or_else(PoisonError::into_inner).replace(text).is_some() {
            return; // A thread waits already, for a tmux that hangs.
        }
        let copy = Arc::clone(&self.copy);
        let run = move || {
            let _turn = copy.turn.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(text) = copy.text.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
            if let Err(error) = run_with_input(&argv, &secret_variables, text, COPY_TIMEOUT) {
                tracing::warn!(%error, "the text was not copied to tmux");
            }
        };
        let started = thread::Builder::new().name("copy".to_owned()).stack_size(STACK_SIZE).spawn(run);
        if let Err(error) = started {
            self.copy.text.lock().unwrap_or_else(PoisonError::into_inner).take();
            tracing::warn!(%error, "the text was not copied to tmux");
        }
    }

    /// Starts a program that outlives this one. A failure becomes a notice.
    pub(super) fn spawn(&mut self, argv: Vec<String>, access: Option<CallAccess>) {
        self.start_program(argv, access, Event::Notice);
    }

    /// Starts a program that opens a link. It does not open it if it ends with a failure at once; a browser that ends
    /// like that later has shown the page.
    pub(super) fn open_link(&mut self, argv: Vec<String>, address: String) {
        let started = Instant::now();
        self.start_program(argv, None, move |reason| match started.elapsed() < LINK_TIMEOUT {
            true => Event::LinkNotOpened(address, reason),
            false => Event::Notice(reason),
        });
    }

    fn start_program(
        &mut self,
        argv: Vec<String>,
        access: Option<CallAccess>,
        report: impl FnOnce(String) -> Event + Send + 'static,
    ) {
        let results = self.results.sender();
        let name = argv.first().cloned().unwrap_or_default();
        let program = name.clone();
        let secret_variables = self.secret_variables.clone();
        // The thread waits for the program, because an ended process remains a zombie until its parent waits for it.
        let started = thread::Builder::new().name("background".to_owned()).stack_size(STACK_SIZE).spawn(move || {
            let failed = match start(&argv, access, &secret_variables, Stdio::null()) {
                Ok(mut child) => match child.wait() {
                    Ok(status) if !status.success() => {
                        Some(format!("{name} ended with {status}. Run it in a shell to see its errors."))
                    }
                    Ok(_) | Err(_) => None,
                },
                Err(error) => Some(format!(
                    "{name} could not be started: {error}. \
                     Install it, or set open_command or call_command to another program."
                )),
            };
            if let Some(sentence) = failed {
                let _ = results.blocking_send(report(sentence));
            }
        });
        if let Err(error) = started {
            self.results.post(Event::Notice(format!("{program} could not be started: {error}. Try again.")));
        }
    }
}

/// Returns the sentence about a paste for which there is no folder.
fn no_paste_folder(error: &io::Error) -> String {
    format!("There is no folder for what is pasted: {error}. Check TMPDIR, and that its disk has space.")
}

/// Returns the sentence about a paste that cannot be written to its folder.
fn not_pasted(folder: &Path, error: &io::Error) -> String {
    format!("What was pasted cannot be saved in {}: {error}. Free some space and paste again.", folder.display())
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
