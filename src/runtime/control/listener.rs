//! The socket and its connections.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rustix::fs::Mode;
use rustix::process::umask;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::command::parse;
use super::{Request, VERSION, reply_line};

/// Maximum number of connections at the same time.
const MAX_CONNECTIONS: usize = 16;

/// Maximum length of a line, in bytes: a text of the maximum length, with escapes.
const MAX_LINE: u64 = 256 << 10;

/// Maximum number of answers and events that wait for a connection. One that does not read them is closed.
const MAX_LINES: usize = 256;

/// Stack of the threads, which do little.
const STACK_SIZE: usize = 256 << 10;

/// The socket. Dropping it removes the file.
pub(super) struct Listener {
    path: PathBuf,
}

impl Drop for Listener {
    fn drop(&mut self) {
        // If somebody else has removed it, nothing remains.
        let _ = fs::remove_file(&self.path);
    }
}

impl Listener {
    /// Opens the socket and passes commands to `requests`. A socket that nobody listens on is replaced.
    ///
    /// # Errors
    /// A sentence for the user.
    pub(super) fn open(path: &Path, requests: mpsc::Sender<Request>) -> Result<Self, String> {
        let shown = path.display();
        if let Ok(metadata) = fs::symlink_metadata(path) {
            if !metadata.file_type().is_socket() {
                return Err(format!("{shown} exists and is no socket. Choose another path with --control."));
            }
            if UnixStream::connect(path).is_ok() {
                return Err(format!("Another program listens on {shown}. Choose another path with --control."));
            }
            fs::remove_file(path).map_err(|error| format!("{shown} is left over and cannot be removed: {error}."))?;
        }
        // Between its creation and a change of its mode, others could connect.
        let before = umask(Mode::from_raw_mode(0o177));
        let socket = UnixListener::bind(path);
        umask(before);
        let failed = |error| format!("{shown} cannot be opened: {error}. Choose another path with --control.");
        let socket = socket.map_err(failed)?;
        let listener = Self { path: path.to_owned() };
        let accept = move || accept(&socket, &requests);
        thread::Builder::new().name("control".to_owned()).stack_size(STACK_SIZE).spawn(accept).map_err(failed)?;
        Ok(listener)
    }
}

/// Accepts connections as long as the program runs.
fn accept(socket: &UnixListener, requests: &mpsc::Sender<Request>) {
    let open = Arc::new(AtomicUsize::new(0));
    for stream in socket.incoming() {
        let Ok(mut stream) = stream else { continue };
        if open.load(Ordering::SeqCst) >= MAX_CONNECTIONS {
            let line = reply_line(&Value::Null, Err("There are too many connections.".to_owned()));
            let _ = stream.write_all(line.as_bytes());
            continue;
        }
        let (open, requests) = (Arc::clone(&open), requests.clone());
        open.fetch_add(1, Ordering::SeqCst);
        let counted = Arc::clone(&open);
        let serve = move || {
            // The connection has ended, whatever the reason.
            let _ = serve(&stream, &requests);
            let _ = stream.shutdown(std::net::Shutdown::Both);
            open.fetch_sub(1, Ordering::SeqCst);
        };
        let started = thread::Builder::new().name("control".to_owned()).stack_size(STACK_SIZE).spawn(serve);
        if started.is_err() {
            counted.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// Reads the lines of a connection until it is closed.
fn serve(stream: &UnixStream, requests: &mpsc::Sender<Request>) -> io::Result<()> {
    let (replies, lines) = sync_channel(MAX_LINES);
    let output = stream.try_clone()?;
    let write = move || write(output, &lines);
    thread::Builder::new().name("control".to_owned()).stack_size(STACK_SIZE).spawn(write)?;
    let greeting = json!({ "minchat_tui_control": VERSION, "program": env!("CARGO_PKG_VERSION") });
    let _ = replies.try_send(format!("{greeting}\n"));
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.len() as u64 == MAX_LINE && !line.ends_with(b"\n") {
            let error = format!("A line may have {MAX_LINE} bytes.");
            reply(&replies, &Value::Null, error)?;
            skip_line(&mut reader)?;
            continue;
        }
        match parse(&line) {
            Ok((id, command)) => {
                let request = Request { id, command, replies: replies.clone() };
                if requests.blocking_send(request).is_err() {
                    return Ok(());
                }
            }
            Err((id, error)) => reply(&replies, &id, error)?,
        }
    }
}

/// Answers a line that is no command.
fn reply(replies: &SyncSender<String>, id: &Value, error: String) -> io::Result<()> {
    replies.try_send(reply_line(id, Err(error))).map_err(|_| io::ErrorKind::WouldBlock.into())
}

fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(bytes.len(), |end| end + 1);
        reader.consume(length);
        if end.is_some() {
            return Ok(());
        }
    }
}

/// Writes the lines of a connection until nobody has more for it.
fn write(mut output: UnixStream, lines: &Receiver<String>) {
    for line in lines {
        if output.write_all(line.as_bytes()).is_err() {
            return;
        }
    }
}
