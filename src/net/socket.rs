//! The Socket.IO connection, and everything that `rust_socketio` needs around it.
//!
//! This is the only file that uses the library. It is used under narrow conditions: text events with one JSON argument,
//! no binary data, no acknowledgements, nothing emitted before the server's connect packet. The library's own
//! reconnection only signals that the stream has ended; its callback never returns. `docs/protocol/socketio.md` lists
//! the library's defects and how each is contained.
//!
//! Does not interpret events.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hyper::http::HeaderValue;
use native_tls::TlsConnector;
use rust_socketio::asynchronous::{Client, ClientBuilder};
use rust_socketio::{Event, Payload, TransportType};
use serde_json::Value;
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

use crate::protocol::{Frame, Handshake, parse};
use crate::text::{SafeText, percent_encode};
use crate::wire::RecordSubject;

use super::error::NetError;
use super::http_reply::USER_AGENT;
use super::message_limit::Refusal;
use super::proxy;
use super::tap::SocketTap;
use super::timing::Timing;
use super::undelivered::Delivery;

/// Maximum length of an event's name, in bytes. Real names have a few dozen; events with longer names are ignored.
const MAX_EVENT_NAME_BYTES: usize = 256;

/// Maximum length of the reason for a refused connection, in characters.
const REFUSAL_CHARS: usize = 200;

/// Sentence for data that makes the library panic.
pub(super) const UNREADABLE: &str = "The server sent data that cannot be read, so the connection was closed.";

/// Text that the library puts before the reason of a refused connection.
const CONNECT_ERROR_PREFIX: &str = "Received an ConnectError frame: ";

/// Address and parameters of a socket.
#[derive(Clone)]
pub(super) struct Endpoint {
    /// Base URL of the server.
    pub(super) url: String,
    /// CA certificates that are trusted in addition to the system's.
    pub(super) ca: Vec<native_tls::Certificate>,
    /// Time limits.
    pub(super) timing: Timing,
    /// Query and headers of the opening request. They hold secrets.
    pub(super) handshake: Handshake,
}

/// Receiver of frames. It is called on the socket's thread, where waiting would delay the replies to pings.
pub(super) trait FrameSink: Send + Sync {
    /// Takes a frame. Returns whether [`FrameSink::flush`] has to be called soon.
    fn receive(&self, frame: Frame) -> bool;

    /// Records that an event was lost.
    fn lose(&self);

    /// Returns the first `count` characters of `text` without the secrets of the connection.
    fn quote(&self, text: &str, count: usize) -> String;

    /// Returns what records the packets of the socket.
    fn tap(&self) -> SocketTap {
        SocketTap::default()
    }

    /// Wakes the reader. Called once for all frames of a burst.
    fn flush(&self);
}

/// An instruction to a socket.
pub(super) enum Command {
    /// Send an event.
    Emit(Emit),
    /// Close the connection.
    Disconnect,
}

/// An event to be sent.
pub(super) struct Emit {
    /// Name of the event.
    pub(super) event: &'static str,
    /// Its argument.
    pub(super) payload: Value,
    /// What it is about.
    pub(super) subject: RecordSubject,
}

/// A change of the stream, reported by a callback of the library or by the panic hook.
#[derive(Debug)]
pub(super) enum StreamEvent {
    /// The server accepted the connection.
    Connected,
    /// The connection is lost.
    Lost,
    /// The server sent a disconnect packet.
    Disconnected,
    /// The server refused the connection for this reason.
    Refused(String),
    /// The library panicked.
    Panicked,
    /// The server sent a message beyond the limits.
    MessageRefused(Refusal),
}

/// The shared part of the library's callbacks.
#[derive(Clone)]
pub(super) struct Callbacks {
    sink: Arc<dyn FrameSink>,
    /// Whether frames are still delivered.
    live: Arc<AtomicBool>,
    events: mpsc::UnboundedSender<StreamEvent>,
    /// Makes [`run`] flush the sink. `run` shares a thread with the library's task, so it gets to flush only after that
    /// task has read a whole burst, or a good part of it.
    flush: Arc<Notify>,
    delivery: Delivery,
}

impl Callbacks {
    pub(super) fn new(
        sink: Arc<dyn FrameSink>,
        live: Arc<AtomicBool>,
        events: mpsc::UnboundedSender<StreamEvent>,
    ) -> Self {
        Self { sink, live, events, flush: Arc::default(), delivery: Delivery::default() }
    }

    /// Returns the delivery of events, which is complete when a callback was called.
    pub(super) fn delivery(&self) -> Delivery {
        self.delivery.clone()
    }

    fn report(&self, event: StreamEvent) {
        let _ = self.events.send(event);
    }

    fn receive(&self, name: String, args: Vec<Value>) {
        if name.len() > MAX_EVENT_NAME_BYTES {
            return;
        }
        if self.live.load(Ordering::Acquire) && self.sink.receive(Frame::Event { name, args }) {
            self.flush.notify_one();
        }
    }
}

/// Connects and carries out commands. Returns the reason why the connection ended.
pub(super) async fn run(
    endpoint: &Endpoint,
    callbacks: Callbacks,
    mut events: mpsc::UnboundedReceiver<StreamEvent>,
    mut commands: mpsc::Receiver<Command>,
    on_connected: &impl Fn(),
) -> NetError {
    let timing = endpoint.timing;
    let url = endpoint.url.as_str();
    let (sink, flush) = (Arc::clone(&callbacks.sink), Arc::clone(&callbacks.flush));
    let tap = sink.tap();
    let builder = match client_builder(endpoint, callbacks) {
        Ok(builder) => builder,
        Err(error) => return error,
    };
    let no_response = || NetError::transient(&format!("Cannot reach {url}: no response. Check the network."));
    let client = tokio::select! {
        connected = timeout(timing.connect, builder.connect()) => match connected {
            Ok(Ok(client)) => client,
            Ok(Err(error)) => return proxy::explain_socket(url, NetError::from_transport(url, &error)),
            Err(_) => return proxy::explain_socket(url, no_response()),
        },
        () = disconnect_requested(&mut commands) => return NetError::transient("Closed."),
    };
    // An emit before the server's connect packet would be lost and break the connection, so commands have to wait.
    let first = tokio::select! {
        event = timeout(timing.connect_packet, events.recv()) => event,
        () = disconnect_requested(&mut commands) => return NetError::transient("Closed."),
    };
    match first {
        Ok(Some(StreamEvent::Connected)) => on_connected(),
        Ok(Some(StreamEvent::Refused(reason))) => {
            return end_of_stream(url, Some(StreamEvent::Refused(reason)));
        }
        Ok(event) => return end_of_stream(url, event),
        Err(_) => return no_response(),
    }
    loop {
        tokio::select! {
            biased;
            event = events.recv() => if !matches!(event, Some(StreamEvent::Connected)) {
                return end_of_stream(url, event);
            },
            () = flush.notified() => sink.flush(),
            command = commands.recv() => match command {
                Some(Command::Emit(Emit { event, payload, subject })) => {
                    let argument = if tap.is_recording() { payload.clone() } else { Value::Null };
                    match timeout(timing.emit, client.emit(event, payload)).await {
                        Ok(Ok(())) => tap.emitted(event, &argument, subject, None),
                        // The library's message is only for the log; the user learns that the connection is lost.
                        Ok(Err(error)) => {
                            tracing::debug!(%error, event, "an emit failed");
                            tap.emitted(event, &argument, subject, Some("The connection was lost."));
                            return end_of_stream(url, Some(StreamEvent::Lost));
                        }
                        Err(_) => {
                            let sentence = "The server stopped accepting data. Check the network.";
                            tap.emitted(event, &argument, subject, Some(sentence));
                            return NetError::transient(sentence);
                        }
                    }
                }
                Some(Command::Disconnect) | None => {
                    let _ = timeout(timing.disconnect, client.disconnect()).await;
                    return NetError::transient("Closed.");
                }
            },
        }
    }
}

/// Waits until the generation is dropped or told to disconnect. Emits are discarded: there are none before the
/// connection is up.
async fn disconnect_requested(commands: &mut mpsc::Receiver<Command>) {
    while let Some(Command::Emit(..)) = commands.recv().await {}
}

/// Returns the error that explains the end of the stream.
fn end_of_stream(url: &str, event: Option<StreamEvent>) -> NetError {
    match event {
        Some(StreamEvent::Refused(reason)) => {
            NetError::permanent(&format!("The server refused the connection: {reason}"))
        }
        Some(StreamEvent::Disconnected) => NetError::transient("The server closed the connection."),
        Some(StreamEvent::Panicked) => NetError::transient(UNREADABLE),
        Some(StreamEvent::MessageRefused(Refusal::TooLarge)) => {
            NetError::transient("The server sent a message that is too large, so the connection was closed.")
        }
        Some(StreamEvent::MessageRefused(Refusal::Unsupported)) => {
            NetError::transient("The server sent a message of an unsupported kind, so the connection was closed.")
        }
        Some(StreamEvent::Lost | StreamEvent::Connected) | None => {
            NetError::transient(&format!("The connection to {url} was lost."))
        }
    }
}

fn client_builder(endpoint: &Endpoint, callbacks: Callbacks) -> Result<ClientBuilder, NetError> {
    let mut builder = ClientBuilder::new(address(endpoint))
        .transport_type(TransportType::Websocket)
        .opening_header("user-agent", USER_AGENT)
        .reconnect(true)
        .reconnect_on_disconnect(true);
    for (name, value) in &endpoint.handshake.headers {
        // The library would notice as well, but only while connecting, and without naming the header.
        if HeaderValue::from_str(value).is_err() {
            return Err(NetError::permanent(&format!(
                "The server's token contains characters that the header {name} cannot carry. Ask the server's operator."
            )));
        }
        builder = builder.opening_header(*name, value.as_str());
    }
    if !endpoint.ca.is_empty() {
        let mut tls = TlsConnector::builder();
        for ca in &endpoint.ca {
            tls.add_root_certificate(ca.clone());
        }
        let tls = tls.build().map_err(|error| NetError::from_transport(&endpoint.url, &error))?;
        builder = builder.tls_config(tls);
    }
    let (on_any, on_error, on_connect, on_close) =
        (callbacks.clone(), callbacks.clone(), callbacks.clone(), callbacks.clone());
    Ok(builder
        .on_any(move |event, payload, _: Client| {
            on_any.delivery.complete();
            if let Payload::Text(args) = payload {
                on_any.receive(String::from(event), args);
            }
            Box::pin(async {})
        })
        .on(Event::Error, move |payload, _| {
            on_error.delivery.complete();
            handle_error(&on_error, payload);
            Box::pin(async {})
        })
        .on(Event::Connect, move |payload, _| {
            on_connect.delivery.complete();
            if is_from_library(&payload) {
                on_connect.report(StreamEvent::Connected);
            }
            Box::pin(async {})
        })
        .on(Event::Close, move |payload, _| {
            on_close.delivery.complete();
            if is_from_library(&payload) {
                on_close.report(StreamEvent::Disconnected);
            }
            Box::pin(async {})
        })
        .on_reconnect(move || {
            callbacks.report(StreamEvent::Lost);
            Box::pin(std::future::pending())
        }))
}

/// Returns the socket's address. With an explicit path the library only appends to the query. The slash at the end of
/// the path is necessary: servers reply with 404 without it.
///
/// A space in the query becomes `%20`, as in the official client.
fn address(endpoint: &Endpoint) -> String {
    let mut address = format!("{}/socket.io/", endpoint.url.trim_end_matches('/'));
    for (index, (name, value)) in endpoint.handshake.query.iter().enumerate() {
        address.push(if index == 0 { '?' } else { '&' });
        address.push_str(&format!("{}={}", percent_encode(name), percent_encode(value)));
    }
    address
}

/// Whether a connect or close event comes from the library, which sends `""` as its payload. A server may send events
/// with these names as well, but with another payload.
fn is_from_library(payload: &Payload) -> bool {
    matches!(payload, Payload::Text(values) if matches!(values.as_slice(), [Value::String(text)] if text.is_empty()))
}

/// Handles an error of the library, which is a string, or an event from the server that is called `error`.
fn handle_error(callbacks: &Callbacks, payload: Payload) {
    let Payload::Text(args) = payload else { return };
    let Some(Value::String(text)) = args.first() else {
        callbacks.receive("error".to_owned(), args);
        return;
    };
    match text.strip_prefix(CONNECT_ERROR_PREFIX) {
        Some(reason) => callbacks.report(StreamEvent::Refused(refusal_reason(reason, &*callbacks.sink))),
        // The end of the stream follows and is reported by itself.
        None => {
            let text = callbacks.sink.quote(text, REFUSAL_CHARS);
            callbacks.sink.tap().not_understood(&text);
            tracing::debug!(error = %SafeText::line(&text), "the socket library reports an error");
        }
    }
}

/// Returns the reason of a refused connection as a sentence: the `message` of the JSON object, or else the JSON itself.
fn refusal_reason(json: &str, sink: &dyn FrameSink) -> String {
    let value: Value = parse(json.as_bytes()).unwrap_or(Value::Null);
    let message = value.get("message").unwrap_or(&value);
    let text = message.as_str().map_or_else(|| message.to_string(), str::to_owned);
    let text = sink.quote(&text, REFUSAL_CHARS);
    if text.ends_with(['.', '!', '?', '…']) { text } else { format!("{text}.") }
}
