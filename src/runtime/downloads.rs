//! Saves the files of messages, each on a thread of its own.
//!
//! A file arrives under a temporary name in its folder and gets its own name once it is complete. A canceled or failed
//! download leaves nothing.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::app::{Download, DownloadReply};
use crate::config::Paths;
use crate::domain::AccountId;
use crate::net::{DownloadTap, download_file};

use super::save_path;
use super::temporary_file::TEMPORARY_FILES;

/// Shortest interval between two reports of the progress.
const REPORT_INTERVAL: Duration = Duration::from_millis(100);

/// The downloads in progress.
#[derive(Default)]
pub(super) struct Downloader {
    running: Vec<(AccountId, u64, Arc<AtomicBool>)>,
}

impl Downloader {
    /// Starts a download. The certificates in `ca_file` are trusted in addition to the system's, and `tap` records
    /// the call. `reply` receives its replies and may block.
    pub(super) fn start(
        &mut self,
        (account, id): (AccountId, u64),
        download: Download,
        ca_file: Option<PathBuf>,
        mut tap: DownloadTap,
        reply: impl Fn(DownloadReply) + Send + 'static,
    ) -> io::Result<()> {
        self.running.retain(|(.., is_canceled)| Arc::strong_count(is_canceled) > 1);
        let is_canceled = Arc::<AtomicBool>::default();
        let flag = Arc::clone(&is_canceled);
        tap.set_message(&download.file.room, &download.file.message);
        thread::Builder::new().name("download".to_owned()).spawn(move || {
            let home = Paths::of_user().home;
            let ended = run(&download, (home.as_deref(), ca_file.as_deref()), &tap, &flag, &reply);
            reply(ended.unwrap_or_else(DownloadReply::Failed));
        })?;
        self.running.push((account, id, is_canceled));
        Ok(())
    }

    /// Cancels a download.
    pub(super) fn cancel(&mut self, account: AccountId, id: u64) {
        for (.., is_canceled) in self.running.extract_if(.., |(owner, number, _)| (*owner, *number) == (account, id)) {
            is_canceled.store(true, Ordering::Relaxed);
        }
    }
}

/// Downloads a file. Fails with a sentence.
fn run(
    download: &Download,
    (home, ca_file): (Option<&Path>, Option<&Path>),
    tap: &DownloadTap,
    is_canceled: &AtomicBool,
    report: &impl Fn(DownloadReply),
) -> Result<DownloadReply, String> {
    let path = save_path::choose(Some(&download.path), &download.file.name, home)?;
    if !download.replaces && path.exists() {
        return Ok(DownloadReply::Exists(save_path::shown(&path, home)));
    }
    let explain = |error: io::Error| save_path::not_written(&path, &error);
    let file = TEMPORARY_FILES.create(".download-", &save_path::folder_of(&path)).map_err(explain)?;
    let mut writer = BufWriter::new(file);
    let (mut received, mut reported) = (0, None);
    download_file(&download.file.url, ca_file, tap, |part, total| {
        if is_canceled.load(Ordering::Relaxed) {
            return Err(ErrorKind::Interrupted.into());
        }
        writer.write_all(part)?;
        received += part.len() as u64;
        if reported.is_none_or(|at: Instant| at.elapsed() >= REPORT_INTERVAL) {
            reported = Some(Instant::now());
            report(DownloadReply::Progress(received, total.unwrap_or(0)));
        }
        Ok(())
    })?;
    let file = writer.into_inner().map_err(|error| explain(error.into_error()))?;
    file.as_file().sync_all().map_err(explain)?;
    if is_canceled.load(Ordering::Relaxed) {
        return Err("Canceled.".to_owned());
    }
    let path = if download.replaces {
        file.persist(&path).map_err(|error| explain(error.error))?;
        path.clone()
    } else {
        save_path::persist_new(file, &path).map_err(explain)?
    };
    Ok(DownloadReply::Finished(save_path::shown(&path, home), received))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read};
    use std::net::TcpListener;
    use std::sync::mpsc;

    use super::*;
    use crate::domain::{FileToSave, MessageId, RoomId};
    use crate::text::SafeText;

    /// Serves a file of 300,000 bytes, of which the last byte follows when the returned sender is dropped.
    fn serve() -> (String, mpsc::Sender<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/a", listener.local_addr().unwrap());
        let (sender, wait) = mpsc::channel::<()>();
        thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            while reader.by_ref().lines().next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let stream = reader.get_mut();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n");
            let _ = stream.write_all(&[b'x'; 299_999]);
            let _ = wait.recv();
            let _ = stream.write_all(b"y");
        });
        (url, sender)
    }

    fn download(url: &str, path: &Path) -> Download {
        let (room, message, name) = (RoomId::new("r"), MessageId::new("m"), SafeText::line("cat.png"));
        let file = FileToSave { room, message, name, url: url.to_owned() };
        Download { file, path: path.display().to_string(), replaces: false }
    }

    fn start(download: Download) -> (Downloader, mpsc::Receiver<DownloadReply>) {
        let (sender, replies) = mpsc::channel();
        let mut downloader = Downloader::default();
        downloader
            .start((AccountId(0), 1), download, None, DownloadTap::default(), move |reply| drop(sender.send(reply)))
            .unwrap();
        (downloader, replies)
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn file_gets_its_name_when_it_is_complete() {
        let dir = tempfile::tempdir().unwrap();
        let (url, rest) = serve();
        let (_downloader, replies) = start(download(&url, dir.path()));
        let DownloadReply::Progress(1.., 300_000) = replies.recv().unwrap() else { panic!("no progress") };
        assert!(!names(dir.path()).contains(&"cat.png".to_owned()));
        drop(rest);
        let end = replies.iter().find(|reply| !matches!(reply, DownloadReply::Progress(..))).unwrap();
        let path = dir.path().canonicalize().unwrap().join("cat.png");
        assert_eq!(end, DownloadReply::Finished(path.display().to_string(), 300_000));
        assert_eq!(std::fs::metadata(path).unwrap().len(), 300_000);
        assert_eq!(names(dir.path()), ["cat.png"]);
    }

    #[test]
    fn canceled_download_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (url, rest) = serve();
        let (mut downloader, replies) = start(download(&url, dir.path()));
        replies.recv().unwrap();
        downloader.cancel(AccountId(0), 1);
        drop(rest);
        let end = replies.iter().find(|reply| !matches!(reply, DownloadReply::Progress(..))).unwrap();
        assert!(matches!(end, DownloadReply::Failed(_)), "{end:?}");
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn existing_file_is_neither_replaced_nor_downloaded() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cat.png");
        std::fs::write(&path, "precious").unwrap();
        let (_downloader, replies) = start(download("http://127.0.0.1:1/a", &path));
        assert!(matches!(replies.recv().unwrap(), DownloadReply::Exists(_)));
        let (_downloader, replies) = start(Download { replaces: true, ..download("http://127.0.0.1:1/a", &path) });
        assert!(matches!(replies.recv().unwrap(), DownloadReply::Failed(_)));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    }
}
