//! Background work of the event loop: inspecting files, listing folders and running other programs.
//!
//! Results are returned as events. The queue and the threads are created when they are first needed.

use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::{Semaphore, mpsc};

use crate::app::{
    Download, DownloadReply, Event, ExportReply, ExportStep, FilePurpose, FileRequest, FolderListing, FolderRequest,
};
use crate::config::Paths;
use crate::domain::{AccountId, CallAccess, FileToSave, Pasted, PictureRequest};

use super::downloads::Downloader;
use super::exports::Exporter;
use super::pictures::PictureLoader;
use super::{clipboard_image, files, folders, pasted_text, save_path};

/// Capacity of the result queue. When it is full, finished tasks wait until the loop has taken a result.
const RESULT_CAPACITY: usize = 16;

/// Maximum number of folders that are listed at the same time.
const MAX_LISTINGS: usize = 4;

/// Time after which a listing is given up.
const LISTING_TIMEOUT: Duration = Duration::from_secs(3);

/// Maximum number of pictures that are fetched or decoded at the same time.
const MAX_PICTURES: usize = 2;

/// Time after which a picture is given up.
const PICTURE_TIMEOUT: Duration = Duration::from_secs(30);

/// Environment variable of a program for calls that contains the token of the call.
const CALL_TOKEN: &str = "MINCHAT_CALL_TOKEN";

/// Stack size of a thread that only waits for a program to end, in bytes.
const STACK_SIZE: usize = 128 << 10;

/// A running program, the leader of a session without a terminal.
#[cfg(unix)]
type Program = Box<dyn process_wrap::std::ChildWrapper>;

/// A running program.
#[cfg(not(unix))]
type Program = std::process::Child;

/// Background tasks and the queue of their results.
pub(super) struct Background {
    /// Environment variables that programs do not inherit.
    secret_variables: Vec<String>,
    results: Option<(mpsc::Sender<Event>, mpsc::Receiver<Event>)>,
    /// Folder for files with pasted text; without one, they are removed when the program ends.
    pub(super) paste_folder: Option<PathBuf>,
    temporary_folder: Option<TempDir>,
    /// The downloads in progress.
    pub(super) downloader: Downloader,
    /// The exports in progress, each with its account and number.
    exports: Vec<(AccountId, u64, Exporter)>,
    /// Folders that may be listed at the same time.
    listings: Arc<Semaphore>,
    /// Loads pictures.
    pub(super) picture_loader: Arc<PictureLoader>,
    /// Pictures that may be loaded at the same time.
    pictures: Arc<Semaphore>,
}

impl Default for Background {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Background {
    /// Creates the tasks of a program whose children do not inherit `secret_variables`.
    pub(super) fn new(secret_variables: Vec<String>) -> Self {
        Self {
            secret_variables,
            results: None,
            paste_folder: None,
            temporary_folder: None,
            downloader: Downloader::default(),
            exports: Vec::new(),
            listings: Arc::new(Semaphore::new(MAX_LISTINGS)),
            picture_loader: Arc::default(),
            pictures: Arc::new(Semaphore::new(MAX_PICTURES)),
        }
    }

    /// Waits for the next result. Cancel safe.
    pub(super) async fn next(&mut self) -> Event {
        match &mut self.results {
            // `self` holds a sender as well, so the queue never closes.
            Some((_, results)) => match results.recv().await {
                Some(event) => event,
                None => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    }

    fn sender(&mut self) -> mpsc::Sender<Event> {
        self.results.get_or_insert_with(|| mpsc::channel(RESULT_CAPACITY)).0.clone()
    }

    /// Inspects a file that is to be sent, on another thread, because reading it may block.
    pub(super) fn inspect(&mut self, account: AccountId, request: FileRequest) {
        let results = self.sender();
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
        let results = self.sender();
        let secret_variables = self.secret_variables.clone();
        let folder = self.paste_folder();
        tokio::spawn(async move {
            let saved = tokio::task::spawn_blocking(move || {
                let folder = folder.map_err(|error| format!("The image cannot be saved: {error}."))?;
                let image = clipboard_image::read(&secret_variables)?;
                let failed = |error| format!("The image cannot be saved in {}: {error}.", folder.display());
                let path = pasted_text::save(&folder, &name, &image).map_err(failed)?;
                let request = FileRequest { path: path.display().to_string(), purpose };
                let file = files::inspect(&request, None)?;
                Ok::<_, String>((request, file))
            });
            let saved = saved.await.unwrap_or_else(|_| Err("The clipboard cannot be read. Try again.".to_owned()));
            let event = match saved {
                Ok((request, file)) => Event::File(account, request, Ok(file)),
                Err(sentence) => Event::Notice(sentence),
            };
            let _ = results.send(event).await;
        });
    }

    /// Finds the files that pasted text names, on another thread, because looking at a file may block.
    pub(super) fn find_files(&mut self, account: AccountId, pasted: Pasted, ways: Vec<Vec<String>>) {
        let results = self.sender();
        tokio::spawn(async move {
            let found = tokio::task::spawn_blocking(move || ways.into_iter().find_map(files::existing)).await;
            let found = found.ok().flatten().unwrap_or_default();
            let _ = results.send(Event::FilesFound(account, pasted, found)).await;
        });
    }

    /// Writes pasted text to a file, to be sent, on another thread.
    pub(super) fn save_paste(&mut self, account: AccountId, pasted: Pasted, name: String) {
        let results = self.sender();
        let folder = match self.paste_folder() {
            Ok(folder) => folder,
            Err(error) => {
                let sentence = Err(format!("The text cannot be saved as a file: {error}."));
                let _ = results.try_send(Event::PasteSaved(account, pasted, sentence));
                return;
            }
        };
        let text = pasted.text.clone();
        tokio::spawn(async move {
            let saved = tokio::task::spawn_blocking(move || {
                let failed = |error| format!("The text cannot be saved as a file in {}: {error}.", folder.display());
                let path = pasted_text::save(&folder, &name, text.as_bytes()).map_err(failed)?;
                Ok(files::describe_text(path, text.len()))
            });
            let saved =
                saved.await.unwrap_or_else(|_| Err("The text cannot be saved as a file. Try again.".to_owned()));
            let _ = results.send(Event::PasteSaved(account, pasted, saved)).await;
        });
    }

    /// Returns the folder for files with pasted text.
    fn paste_folder(&mut self) -> io::Result<PathBuf> {
        match (&self.paste_folder, &self.temporary_folder) {
            (Some(folder), _) => Ok(folder.clone()),
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
        let results = self.sender();
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
        let results = self.sender();
        tokio::spawn(async move {
            let home = Paths::of_user().home;
            let name = file.name.editable();
            let suggest =
                move || save_path::suggest(&name, home.as_deref()).map(|path| save_path::shown(&path, home.as_deref()));
            let path = tokio::task::spawn_blocking(suggest).await.ok().and_then(Result::ok).unwrap_or_default();
            let _ = results.send(Event::PathFound(account, file, path)).await;
        });
    }

    /// Downloads the file of a message.
    pub(super) fn download(&mut self, account: AccountId, id: u64, download: Download) {
        let results = self.sender();
        let sender = results.clone();
        let reply = move |reply| drop(sender.blocking_send(Event::Download(account, id, reply)));
        if let Err(error) = self.downloader.start((account, id), download, reply) {
            let failed = DownloadReply::Failed(format!("The download could not be started: {error}. Try again."));
            let _ = results.try_send(Event::Download(account, id, failed));
        }
    }

    /// Carries out a step of an export, on a thread that is started by the first one.
    pub(super) fn export(&mut self, account: AccountId, id: u64, step: ExportStep) {
        let results = self.sender();
        let find = |exports: &[(AccountId, u64, Exporter)]| {
            exports.iter().position(|(owner, number, _)| (*owner, *number) == (account, id))
        };
        if find(&self.exports).is_none() {
            let sender = results.clone();
            let reply = move |reply| drop(sender.blocking_send(Event::Export(account, id, reply)));
            match Exporter::start(reply) {
                Ok(exporter) => self.exports.push((account, id, exporter)),
                Err(error) => {
                    let failed = ExportReply::Failed(format!("The export could not be started: {error}. Try again."));
                    let _ = results.try_send(Event::Export(account, id, failed));
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

    /// Fetches and decodes a picture on another thread. Answers in any case: a picture that takes too long, or that
    /// confuses the decoder, is given up.
    pub(super) fn load_picture(&mut self, account: AccountId, request: PictureRequest) {
        let results = self.sender();
        let (loader, slots) = (Arc::clone(&self.picture_loader), Arc::clone(&self.pictures));
        tokio::spawn(async move {
            let wanted = request.clone();
            let work = async {
                // A decoder that hangs keeps its slot, so that only a few threads can be lost.
                let slot = slots.acquire_owned().await.ok()?;
                let work = move || (loader.load(&wanted), drop(slot)).0;
                Some(tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err("its file is damaged.".to_owned())))
            };
            let loaded = tokio::time::timeout(PICTURE_TIMEOUT, work).await.ok().flatten();
            let loaded = loaded.unwrap_or_else(|| Err("it took too long.".to_owned()));
            let _ = results.send(Event::Picture(account, request, loaded)).await;
        });
    }

    /// Starts a program that outlives this one. A failure becomes a notice.
    pub(super) fn spawn(&mut self, argv: Vec<String>, access: Option<CallAccess>) {
        let results = self.sender();
        let name = argv.first().cloned().unwrap_or_default();
        let program = name.clone();
        let sender = results.clone();
        let secret_variables = self.secret_variables.clone();
        // The thread waits for the program, because an ended process remains a zombie until its parent waits for it.
        let started = thread::Builder::new().name("background".to_owned()).stack_size(STACK_SIZE).spawn(move || {
            let failed = match start(&argv, access, &secret_variables) {
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
                let _ = sender.blocking_send(Event::Notice(sentence));
            }
        });
        if let Err(error) = started {
            let _ = results.try_send(Event::Notice(format!("{program} could not be started: {error}. Try again.")));
        }
    }
}

/// Starts a program without access to the terminal: it cannot read keys or write to the screen, not even through
/// `/dev/tty`, and Ctrl+C does not reach it.
fn start(argv: &[String], access: Option<CallAccess>, secret_variables: &[String]) -> std::io::Result<Program> {
    let (program, arguments) = argv.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // The program gets all it needs, so it does not inherit the keys of the account.
    for variable in secret_variables {
        command.env_remove(variable);
    }
    command.env_remove(CALL_TOKEN);
    if let Some(access) = access {
        command.env(CALL_TOKEN, access.token);
    }
    #[cfg(unix)]
    return process_wrap::std::CommandWrap::from(command).wrap(process_wrap::std::ProcessSession).spawn();
    #[cfg(not(unix))]
    command.spawn()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::domain::{AttachmentKind, RoomId};
    use crate::text::SafeText;

    fn argv(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn ended_with_7() -> String {
        "sh ended with exit status: 7. Run it in a shell to see its errors.".to_owned()
    }

    #[tokio::test]
    async fn file_is_inspected_for_its_account() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.txt");
        std::fs::write(&path, "hi").unwrap();
        let request = FileRequest {
            path: path.display().to_string(),
            purpose: FilePurpose::Message { room: RoomId::new("r"), reply_to: None, as_file: false },
        };
        let mut background = Background::default();
        background.inspect(AccountId(3), request.clone());
        let Event::File(AccountId(3), answered, Ok(facts)) = background.next().await else { panic!("no result") };
        assert_eq!((answered, facts.kind, facts.size), (request, AttachmentKind::File, 2));
    }

    #[tokio::test]
    async fn folder_is_listed_and_every_request_is_answered() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("x.txt"), "hi").unwrap();
        let request = FolderRequest { folder: format!("{}/", dir.path().display()), prefix: String::new() };
        let mut background = Background::default();
        background.list_folder(request.clone());
        let Event::Folder(listing) = background.next().await else { panic!("no listing") };
        assert_eq!((listing.request.clone(), listing.entries.len()), (request.clone(), 1));
        let _hanging = background.listings.clone().acquire_many_owned(4).await.unwrap();
        background.list_folder(request.clone());
        let Event::Folder(listing) = background.next().await else { panic!("no listing") };
        assert_eq!((listing.request.clone(), listing.entries.len()), (request, 0));
    }

    /// Serves one reply, and returns the address.
    fn serve(head: &'static str, body: &'static [u8]) -> String {
        use std::io::{Read, Write};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/x.png", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4_096]).unwrap();
            write!(stream, "HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len()).unwrap();
            stream.write_all(body).unwrap();
        });
        url
    }

    #[tokio::test]
    async fn picture_is_loaded_once_for_its_account() {
        let icon = include_bytes!("../../assets/demo-kettle.png");
        let url = serve("200 OK", icon);
        let request = PictureRequest { url, columns: 60, rows: 8, is_enlarged: false };
        let mut background = Background::default();
        for (columns, expected) in [(60, (16, 8)), (10, (10, 5))] {
            // The server answers only once; the second answer comes from the cache.
            let request = PictureRequest { columns, ..request.clone() };
            background.load_picture(AccountId(3), request.clone());
            let Event::Picture(AccountId(3), answered, Ok(picture)) = background.next().await else { panic!("none") };
            assert_eq!((answered, (picture.columns(), picture.rows())), (request, expected));
        }
    }

    #[tokio::test]
    async fn picture_that_cannot_be_loaded_is_answered_with_a_reason() {
        for (head, body, expected) in [
            ("200 OK", &b"<html>"[..], "its format is not supported."),
            ("404 Not Found", b"", "the server no longer has it."),
            ("403 Forbidden", b"", "the server answered with status 403."),
        ] {
            let request = PictureRequest { url: serve(head, body), columns: 60, rows: 8, is_enlarged: false };
            let mut background = Background::default();
            background.load_picture(AccountId(3), request.clone());
            assert_eq!(background.next().await, Event::Picture(AccountId(3), request, Err(expected.to_owned())));
        }
    }

    /// Regression test: the report of the progress blocked a thread that was not allowed to.
    #[tokio::test]
    async fn file_of_a_message_is_downloaded_with_progress() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let dir = tempfile::tempdir().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/a", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.read_exact(&mut [0; 20]).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc").await.unwrap();
        });
        let (room, message, name) = (RoomId::new("r"), crate::domain::MessageId::new("m"), SafeText::line("a.txt"));
        let file = FileToSave { room, message, name, url };
        let download = Download { file, path: dir.path().display().to_string(), replaces: false };
        let mut background = Background::default();
        background.download(AccountId(1), 7, download);
        assert_eq!(background.next().await, Event::Download(AccountId(1), 7, DownloadReply::Progress(3, 3)));
        let Event::Download(_, 7, DownloadReply::Finished(_, 3)) = background.next().await else { panic!("no end") };
        assert_eq!(std::fs::read_to_string(dir.path().join("a.txt")).unwrap(), "abc");
    }

    #[tokio::test]
    async fn program_gets_exact_arguments_without_terminal_or_key() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let script = "if [ -t 0 ]; then exit 1; fi; read -r line; echo \"[$line]$1$CARGO_PKG_NAME\" > \"$0\"; exit 7";
        // The test process has this variable.
        let mut background = Background::new(vec!["CARGO_PKG_NAME".to_owned()]);
        background.spawn(argv(&["sh", "-c", script, out.to_str().unwrap(), "a b;$HOME"]), None);
        assert_eq!(background.next().await, Event::Notice(ended_with_7()));
        assert_eq!(std::fs::read_to_string(out).unwrap(), "[]a b;$HOME\n");
    }

    /// Regression test: the token was an argument, which `ps` shows to every user of the machine.
    #[tokio::test]
    async fn token_of_a_call_is_a_variable_of_its_program() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let script = "echo \"$*;$MINCHAT_CALL_TOKEN\" > \"$0\"; exit 7";
        for (access, written) in
            [(Some(CallAccess { channel: "ch".into(), token: "s3cret".into() }), "ch;s3cret\n"), (None, "ch;\n")]
        {
            let mut background = Background::default();
            background.spawn(argv(&["sh", "-c", script, out.to_str().unwrap(), "ch"]), access);
            assert_eq!(background.next().await, Event::Notice(ended_with_7()));
            assert_eq!(std::fs::read_to_string(&out).unwrap(), written);
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn program_has_a_session_without_terminal() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let script = "read -r _ _ _ _ _ session _ < /proc/$$/stat; echo $((session - $$)) > \"$0\"; \
                      (: > /dev/tty) 2> /dev/null && exit 1; exit 7";
        let mut background = Background::default();
        background.spawn(argv(&["sh", "-c", script, out.to_str().unwrap()]), None);
        assert_eq!(background.next().await, Event::Notice(ended_with_7()));
        assert_eq!(std::fs::read_to_string(out).unwrap(), "0\n");
    }

    #[tokio::test]
    async fn program_that_cannot_start_is_reported() {
        let mut background = Background::default();
        background.spawn(argv(&["/nowhere/meet"]), None);
        let Event::Notice(sentence) = background.next().await else { panic!("no notice") };
        assert!(sentence.starts_with("/nowhere/meet could not be started: "), "{sentence}");
        background.spawn(Vec::new(), None);
        assert!(matches!(background.next().await, Event::Notice(_)));
    }

    #[tokio::test]
    async fn ended_program_is_reaped() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("pid");
        let mut background = Background::default();
        background.spawn(argv(&["sh", "-c", "echo $$ > \"$0\"; exit 1", out.to_str().unwrap()]), None);
        background.next().await;
        let pid = std::fs::read_to_string(out).unwrap();
        let pid = rustix::process::Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
        assert!(rustix::process::test_kill_process(pid).is_err(), "the process is a zombie");
    }
}
