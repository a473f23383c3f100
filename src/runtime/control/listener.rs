//! The socket and its connections.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::Mode;
use rustix::process::umask;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::command::{Command, parse};
use super::{Request, Subscriber, VERSION, reply_line};

/// Maximum number of connections at the same time.
const MAX_CONNECTIONS: usize = 16;

/// Maximum length of a line, in bytes: a text of the maximum length, with escapes.
const MAX_LINE: u64 = 256 << 10;

/// Maximum number of events that wait for a connection. One that does not read them gets no more.
const MAX_EVENTS: usize = 256;

/// Time until the next attempt to accept a connection after one failed, for example because too many files are open.
const ACCEPT_AGAIN: Duration = Duration::from_millis(200);

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
        let accept = move || accept(socket.incoming(), &requests, || thread::sleep(ACCEPT_AGAIN));
        thread::Builder::new().name("control".to_owned()).stack_size(STACK_SIZE).spawn(accept).map_err(failed)?;
        Ok(listener)
    }
}

/// Accepts connections as long as the program runs. `wait` is called after a failure, which would otherwise be repeated
/// at once.
fn accept(
    streams: impl Iterator<Item = io::Result<UnixStream>>,
    requests: &mpsc::Sender<Request>,
    mut wait: impl FnMut(),
) {
    let open = Arc::new(AtomicUsize::new(0));
    for stream in streams {
        let Ok(mut stream) = stream else {
            wait();
            continue;
        };
        if open.load(Ordering::SeqCst) >= MAX_CONNECTIONS {
            let line =
                reply_line(&Value::Null, Err("There are too many connections. Close one and try again.".to_owned()));
            let _ = stream.write_all(line.as_bytes());
            continue;
        }
        let (open, requests) = (Arc::clone(&open), requests.clone());
        open.fetch_add(1, Ordering::SeqCst);
        let counted = Arc::clone(&open);
        let serve = move || {
            // The connection has ended, whatever the reason.
            let _ = serve(&stream, &requests);
            let _ = stream.shutdown(Shutdown::Both);
            open.fetch_sub(1, Ordering::SeqCst);
        };
        let started = thread::Builder::new().name("control".to_owned()).stack_size(STACK_SIZE).spawn(serve);
        if started.is_err() {
            counted.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// Carries out the lines of a connection until it is closed. One that is closed for writing only still gets the answers,
/// and the events if it has subscribed.
fn serve(stream: &UnixStream, requests: &mpsc::Sender<Request>) -> io::Result<()> {
    let connection = Connection::new(stream.try_clone()?);
    let greeting = json!({ "minchat_tui_control": VERSION, "program": env!("CARGO_PKG_VERSION") });
    connection.output.write(&format!("{greeting}\n"))?;
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let (id, result) = if line.len() as u64 == MAX_LINE && !line.ends_with(b"\n") {
            skip_line(&mut reader)?;
            (Value::Null, Err(format!("A line may have {MAX_LINE} bytes.")))
        } else {
            match parse(&line) {
                Ok((id, command)) => match connection.carry_out(command, requests)? {
                    Some(result) => (id, result),
                    // The program ends.
                    None => return Ok(()),
                },
                Err((id, error)) => (id, Err(error)),
            }
        };
        connection.output.write(&reply_line(&id, result))?;
    }
    if connection.output.end_input() {
        // Reports only that the other side is closed for reading, too.
        while poll(&mut [PollFd::new(stream, PollFlags::empty())], None) == Err(rustix::io::Errno::INTR) {}
    }
    Ok(())
}

/// A connection.
struct Connection {
    output: Output,
    /// Tells the event loop that the connection exists.
    exists: Arc<()>,
}

/// The end of a connection into which answers and events are written.
#[derive(Clone)]
struct Output(Arc<Mutex<OutputState>>);

struct OutputState {
    stream: UnixStream,
    /// Whether a thread writes events.
    is_subscribed: bool,
    /// Whether no command can come any more.
    has_no_input: bool,
}

impl Output {
    fn lock(&self) -> MutexGuard<'_, OutputState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, line: &str) -> io::Result<()> {
        self.lock().stream.write_all(line.as_bytes())
    }

    /// Notes that no command can come any more. Returns whether events are still written.
    fn end_input(&self) -> bool {
        let mut state = self.lock();
        state.has_no_input = true;
        state.is_subscribed
    }

    /// Notes that no more events are written, and says so.
    fn end_events(&self) {
        let mut state = self.lock();
        let line = json!({ "v": VERSION, "type": "unsubscribed" });
        // If the connection is closed, nobody needs the line.
        let _ = state.stream.write_all(format!("{line}\n").as_bytes());
        state.is_subscribed = false;
        if state.has_no_input {
            let _ = state.stream.shutdown(Shutdown::Both);
        }
    }
}

impl Connection {
    fn new(stream: UnixStream) -> Self {
        let state = OutputState { stream, is_subscribed: false, has_no_input: false };
        Self { output: Output(Arc::new(Mutex::new(state))), exists: Arc::default() }
    }

    /// Lets the event loop carry out a command and returns its answer; `None` if the program ends.
    fn carry_out(
        &self,
        command: Command,
        requests: &mpsc::Sender<Request>,
    ) -> io::Result<Option<Result<Value, String>>> {
        let mut events = None;
        if matches!(command, Command::Subscribe {}) {
            if std::mem::replace(&mut self.output.lock().is_subscribed, true) {
                return Ok(Some(Ok(Value::Null)));
            }
            events = Some(self.subscriber()?);
        }
        let (sender, answer) = sync_channel(1);
        let sent = requests.blocking_send(Request { command, events, answer: sender });
        Ok(sent.ok().and_then(|()| answer.recv().ok()))
    }

    /// Starts a thread that writes events until there are no more, or the connection is closed.
    fn subscriber(&self) -> io::Result<Subscriber> {
        let (sender, events) = sync_channel::<String>(MAX_EVENTS);
        let output = self.output.clone();
        let write = move || {
            events.iter().take_while(|line| output.write(line).is_ok()).for_each(drop);
            output.end_events();
        };
        thread::Builder::new().name("control".to_owned()).stack_size(STACK_SIZE).spawn(write)?;
        Ok(Subscriber { events: sender, connection: Arc::downgrade(&self.exists) })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// With too many open files, every attempt fails at once.
    #[test]
    fn failure_to_accept_is_not_repeated_at_once() {
        let (requests, _commands) = mpsc::channel(1);
        let (one, other) = UnixStream::pair().unwrap();
        let error = || Err(io::Error::from_raw_os_error(rustix::io::Errno::MFILE.raw_os_error()));
        let mut waits = 0;
        accept([error(), error(), Ok(one)].into_iter(), &requests, || waits += 1);
        assert_eq!(waits, 2);
        let mut greeting = String::new();
        BufReader::new(other).read_line(&mut greeting).unwrap();
        assert!(greeting.contains("minchat_tui_control"), "{greeting}");
    }

    /// Returns the lines that the other side reads, if these lines are sent to it by `commands`.
    fn answers(lines: &str, answer: impl Fn(Request) + Send + 'static) -> Vec<Value> {
        let (requests, mut commands) = mpsc::channel(1);
        let (one, mut other) = UnixStream::pair().unwrap();
        let event_loop = thread::spawn(move || {
            while let Some(request) = commands.blocking_recv() {
                answer(request);
            }
        });
        other.write_all(lines.as_bytes()).unwrap();
        other.shutdown(Shutdown::Write).unwrap();
        accept([Ok(one)].into_iter(), &requests, || {});
        drop(requests);
        let read = BufReader::new(other).lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap());
        let read = read.skip(1).collect();
        event_loop.join().unwrap();
        read
    }

    #[test]
    fn half_closed_connection_gets_its_answers_in_order() {
        let lines = "{\"id\":1,\"command\":\"state\"}\nnonsense\n{\"id\":2,\"command\":\"state\"}";
        let answers = answers(lines, |request| request.reply(Ok(Value::Null)));
        let ids: Vec<_> = answers.iter().map(|answer| (answer["id"].clone(), answer["ok"].clone())).collect();
        assert_eq!(ids, [(1.into(), true.into()), (Value::Null, false.into()), (2.into(), true.into())]);
    }

    #[test]
    fn no_answer_is_dropped_if_they_are_read_late() {
        let lines: String = (0..2_000).map(|id| format!("{{\"id\":{id},\"command\":\"state\"}}\n")).collect();
        let answers = answers(&lines, |request| request.reply(Ok("x".repeat(1_000).into())));
        assert!(answers.iter().map(|answer| answer["id"].clone()).eq((0..2_000).map(Value::from)));
    }

    #[test]
    fn subscriber_gets_each_event_once_and_learns_of_the_end() {
        let lines = "{\"command\":\"subscribe\"}\n".repeat(2) + "{\"command\":\"state\"}\n";
        let subscribers = Mutex::new(Vec::new());
        let lines = answers(&lines, move |mut request| {
            let mut subscribers = subscribers.lock().unwrap();
            match request.events.take() {
                Some(events) => subscribers.push(events),
                None => subscribers.drain(..).for_each(|subscriber: Subscriber| {
                    subscriber.events.send("{\"type\":\"notice\"}\n".to_owned()).unwrap();
                }),
            }
            request.reply(Ok(Value::Null));
        });
        let kinds = |kind: &str| lines.iter().filter(|line| line["type"] == kind).count();
        let answered = lines.iter().filter(|line| line["ok"] == true).count();
        assert_eq!((kinds("notice"), kinds("unsubscribed"), answered), (1, 1, 3), "{lines:?}");
    }
}
