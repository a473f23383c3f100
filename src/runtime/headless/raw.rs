//! The commands `emit` and `listen`: events of the socket as they are on the wire, for developers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::config::{Backend, Settings};
use crate::domain::{Capabilities, ConnectionStatus, Request, ServerEvent};
use crate::headless::Record;
use crate::protocol::{Call, DecodeError, Frame, Handshake, Protocol, minchat, vchat};
use crate::runtime::failure::{Failure, print_warning};
use crate::text::{Secrets, suggestion};

use super::joined_rooms::JoinedRooms;
use super::output::Output;
use super::session::Session;

/// Number of events that may wait to be printed. Those beyond it are dropped, and a record says so.
const MAX_WAITING: usize = 16_384;

/// Time for which `emit` waits for an error of the service. Nothing else answers an event.
const ERROR_TIME: Duration = Duration::from_millis(500);

/// Text in the arguments of `emit` that stands for the key of the account.
const KEY: &str = "$API_KEY";

/// An event of the socket.
struct RawEvent {
    name: String,
    args: Vec<Value>,
}

/// An adapter that shows the events of the socket to `listen` and sends those of `emit`.
struct RawAccess {
    inner: Box<dyn Protocol>,
    events: Option<mpsc::Sender<RawEvent>>,
    lost: Arc<AtomicBool>,
    emit: Option<Call>,
}

/// The request that carries the event of `emit`: one that no service has a call for.
fn carrier() -> Request {
    Request::Presence { people: Vec::new() }
}

impl Protocol for RawAccess {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn encode(&mut self, request: &Request) -> Option<Call> {
        if *request == carrier() { self.emit.take() } else { self.inner.encode(request) }
    }

    fn decode(&mut self, frame: Frame) -> Result<Vec<ServerEvent>, DecodeError> {
        if let (Some(events), Frame::Event { name, args }) = (&self.events, &frame)
            && events.try_send(RawEvent { name: name.clone(), args: args.clone() }).is_err()
        {
            self.lost.store(true, Ordering::Release);
        }
        self.inner.decode(frame)
    }

    fn on_unanswered(&mut self, request: &Request) {
        self.inner.on_unanswered(request);
    }

    fn handshake(&self) -> Handshake {
        self.inner.handshake()
    }

    fn secrets(&self) -> &Secrets {
        self.inner.secrets()
    }

    fn has_expired(&self, status: u16) -> bool {
        self.inner.has_expired(status)
    }
}

/// Sends an event.
pub(super) async fn emit(
    settings: &Settings,
    out: &mut Output,
    event: &str,
    json: &str,
    limit: Duration,
) -> anyhow::Result<()> {
    let mut payload: Value =
        serde_json::from_str(json).map_err(|error| Failure::usage(format!("The argument is no JSON: {error}.")))?;
    insert_key(&mut payload, settings.api_key.reveal());
    if settings.backend == Backend::VChat && !payload.is_string() {
        // What its clients send is JSON inside of a string.
        payload = Value::String(payload.to_string());
    }
    // Once per process: an adapter names its events by literals.
    let call = Call::Emit { event: event.to_owned().leak(), payload };
    let access = |inner| -> Box<dyn Protocol> {
        Box::new(RawAccess { inner, events: None, lost: Arc::default(), emit: Some(call) })
    };
    let mut session = Session::open_with(settings, limit, access).await?;
    session.send(carrier())?;
    let error = async {
        loop {
            if let ServerEvent::Notice(text) = session.next().await? {
                return anyhow::Ok(text);
            }
        }
    };
    if let Ok(text) = timeout(ERROR_TIME, error).await {
        return Err(Failure::refused(text?.to_string()).into());
    }
    out.write(&Record::Done { action: "emit", message: None })?;
    session.close();
    Ok(())
}

fn insert_key(value: &mut Value, key: &str) {
    match value {
        Value::String(text) if text == KEY => key.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| insert_key(item, key)),
        Value::Object(fields) => fields.values_mut().for_each(|field| insert_key(field, key)),
        _ => {}
    }
}

/// What `listen` prints.
pub(super) struct Wanted {
    /// Names of the events; empty for all.
    pub(super) events: Vec<String>,
    /// Number of events after which the command ends.
    pub(super) count: Option<usize>,
}

/// Returns a sentence about an event that is probably misspelled. Others may be newer than this program.
fn misspelled(backend: Backend, event: &str) -> Option<String> {
    let known: &[&str] = match backend {
        Backend::MinChat => &minchat::EVENTS,
        Backend::VChat => &vchat::EVENTS,
    };
    let meant = if known.contains(&event) { None } else { suggestion(event, known.iter().copied()) }?;
    Some(format!("No event is known as {event:?}. Did you mean {meant}?"))
}

/// Prints events as they are received, also after a lost connection.
pub(super) async fn listen(
    settings: &Settings,
    out: &mut Output,
    room: Option<&str>,
    wanted: &Wanted,
    limit: Duration,
) -> anyhow::Result<()> {
    wanted.events.iter().filter_map(|event| misspelled(settings.backend, event)).for_each(|hint| print_warning(&hint));
    let (sender, mut events) = mpsc::channel(MAX_WAITING);
    let lost = Arc::new(AtomicBool::new(false));
    let access = |inner| -> Box<dyn Protocol> {
        Box::new(RawAccess { inner, events: Some(sender), lost: Arc::clone(&lost), emit: None })
    };
    let mut session = Session::open_with(settings, limit, access).await?;
    let room = match room {
        Some(room) => Some(session.room(room, false).await?),
        None => {
            session.load_rooms().await?;
            None
        }
    };
    let mut joined = JoinedRooms::new(room);
    joined.join_known(&session).await?;
    let mut left = wanted.count.unwrap_or(usize::MAX);
    while left > 0 {
        let event = tokio::select! {
            biased;
            event = events.recv() => event,
            event = session.next() => {
                match event? {
                    ServerEvent::Connection(ConnectionStatus::Online) => {
                        joined.on_connected();
                        joined.join_known(&session).await?;
                    }
                    ServerEvent::Connection(ConnectionStatus::Refused { reason }) => {
                        out.flush()?;
                        return Err(Failure::locked_out(reason.to_string()).into());
                    }
                    event => drop(joined.on_event(&session, &event)?),
                }
                continue;
            }
        };
        let Some(RawEvent { name, args }) = event else { break };
        if lost.swap(false, Ordering::AcqRel) {
            let text = "Events were dropped, because they arrived faster than they were read.".to_owned();
            out.write(&Record::Notice { text })?;
        }
        if wanted.events.is_empty() || wanted.events.contains(&name) {
            out.write(&Record::Event { event: name, args })?;
            left -= 1;
        }
        if events.is_empty() {
            out.flush()?;
        }
    }
    session.close();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: `listen` waited for ever.
    #[test]
    fn similar_event_is_suggested() {
        let hint = misspelled(Backend::MinChat, "mesage.delete");
        assert_eq!(hint.as_deref(), Some("No event is known as \"mesage.delete\". Did you mean message.delete?"));
        assert!(misspelled(Backend::VChat, "v1OnNewMesage").is_some_and(|hint| hint.ends_with("v1OnNewMessage?")));
        for known in ["message", "something.new"] {
            assert_eq!(misspelled(Backend::MinChat, known), None);
        }
    }
}
