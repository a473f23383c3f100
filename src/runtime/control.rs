//! The control socket: other programs of the user drive and observe the running program, in lines of JSON.
//!
//! A thread accepts connections. Each connection has a thread that reads a command, waits for its answer and writes it,
//! and one that writes events, if it has subscribed: a slow program delays only itself, and its answers are complete and
//! in order. The event loop carries out the commands one after another, each as if the user had done it, and draws in
//! between. No key or token leaves by it, wherever it stands on the screen or in a text. Everything is bounded: the
//! length of a line, the commands and the events that wait, and the number of connections. The socket belongs to this
//! user alone.

mod answer;
mod command;
mod events;
#[cfg(unix)]
mod listener;
#[cfg(not(unix))]
#[path = "control/no_listener.rs"]
mod listener;

use std::path::Path;
use std::sync::Weak;
use std::sync::mpsc::SyncSender;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::app::{Event, State};
use crate::runtime::failure::Failure;
use crate::runtime::redact::known_secrets;
use crate::text::Secrets;

pub(super) use answer::{screen, state};
pub(super) use command::Command;
use listener::Listener;

/// Version of the commands, of the answers and of the events.
const VERSION: u32 = 1;

/// Maximum number of commands that wait to be carried out.
const MAX_WAITING: usize = 64;

/// A command of a connection.
pub(super) struct Request {
    pub(super) command: Command,
    /// The way for events, if the command asks for them.
    events: Option<Subscriber>,
    answer: SyncSender<Result<Value, String>>,
}

impl Request {
    /// Answers the command, without secrets.
    pub(super) fn reply(self, result: Result<Value, String>) {
        let secrets = known_secrets();
        self.answer(match result {
            Ok(mut answer) => {
                hide_in_texts(&mut answer, &secrets);
                Ok(answer)
            }
            Err(error) => Err(secrets.redact_known(&error)),
        });
    }

    /// Answers the command with what holds no secrets.
    pub(super) fn reply_as_it_is(self, answer: Value) {
        self.answer(Ok(answer));
    }

    fn answer(self, result: Result<Value, String>) {
        // There is space for the one answer. A connection that was closed needs none.
        let _ = self.answer.try_send(result);
    }
}

/// A connection that gets events.
struct Subscriber {
    events: SyncSender<String>,
    /// Exists as long as the connection.
    connection: Weak<()>,
}

/// Replaces secrets in all texts of a value. A server may repeat a key in any of them.
fn hide_in_texts(value: &mut Value, secrets: &Secrets) {
    match value {
        Value::String(text) => *text = secrets.redact_known(text),
        Value::Array(items) => items.iter_mut().for_each(|item| hide_in_texts(item, secrets)),
        Value::Object(fields) => fields.values_mut().for_each(|field| hide_in_texts(field, secrets)),
        _ => {}
    }
}

fn reply_line(id: &Value, result: Result<Value, String>) -> String {
    let line = match result {
        Ok(result) => json!({ "id": id, "ok": true, "result": result }),
        Err(error) => json!({ "id": id, "ok": false, "error": error }),
    };
    format!("{line}\n")
}

/// The socket and its connections. Dropping it removes the socket.
pub(super) struct Control {
    requests: mpsc::Receiver<Request>,
    subscribers: Vec<Subscriber>,
    _listener: Listener,
}

impl Control {
    /// Opens the socket at a path.
    ///
    /// # Errors
    /// A sentence for the user, if another program uses the path or it cannot be created.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let (sender, requests) = mpsc::channel(MAX_WAITING);
        let listener = Listener::open(path, sender).map_err(Failure::usage)?;
        Ok(Self { requests, subscribers: Vec::new(), _listener: listener })
    }

    /// Waits for the next command. Cancel safe.
    pub(super) async fn next(control: &mut Option<Self>) -> Request {
        match control {
            Some(control) => match control.requests.recv().await {
                Some(request) => request,
                None => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    }

    /// Sends the connection of a request all events from now on.
    pub(super) fn subscribe(&mut self, request: &mut Request) {
        self.subscribers.retain(|subscriber| subscriber.connection.strong_count() > 0);
        self.subscribers.extend(request.events.take());
    }

    /// Passes an event on to those who want it, without secrets. Whoever reads too slowly gets no more of them.
    pub(super) fn publish(&mut self, state: &State, event: &Event) {
        if self.subscribers.is_empty() {
            return;
        }
        if let Some(mut event) = events::described(state, event) {
            hide_in_texts(&mut event, &known_secrets());
            let line = format!("{event}\n");
            self.subscribers.retain(|subscriber| subscriber.events.try_send(line.clone()).is_ok());
        }
    }
}
