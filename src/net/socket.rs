//! One life of the Socket.IO connection, and all that `rust_socketio` needs around it. The only file that names it.
//!
//! A *generation* is a thread with a runtime of its own, one socket on it, and an end. Nothing of it is reused: its
//! runtime is shut down with all that the library still has running on it, which is the only thing that ends the
//! library's tasks for certain. The library's own reconnection is used as the signal that the stream has ended, and
//! never returns. The contract of the seam: text events with one JSON argument, no binary, no acknowledgements.
//!
//! Knows nothing of what an event means.

use std::cell::RefCell;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use hyper::http::HeaderValue;
use native_tls::TlsConnector;
use rust_socketio::asynchronous::{Client, ClientBuilder};
use rust_socketio::{Event, Payload, TransportType};
use serde_json::Value;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, timeout};

use crate::protocol::{Frame, Handshake, parse};
use crate::text::{SafeText, percent_encode, redact};

use super::again::Patience;
use super::pulse::Pulse;
use super::rest::Pace;
use super::trouble::Trouble;
use super::watchdog::Moment;

/// The names of generation threads begin with this, so that a panic hook can tell them.
const THREAD: &str = "socket-";

/// How many emits may wait. They are a join a room and what one types; a queue this long means a dead socket.
const EMITS: usize = 1024;

/// The longest name of an event; no service has one beyond a few dozen letters.
const LONGEST_NAME: usize = 256;

/// Text that the library puts before the reason of a refused connection.
const CONNECT_ERROR: &str = "Received an ConnectError frame: ";

/// Where the socket is.
#[derive(Clone)]
pub(super) struct Endpoint {
    /// The base URL.
    pub(super) url: String,
    /// CAs to trust beside the system's.
    pub(super) ca: Vec<native_tls::Certificate>,
    /// How long to wait for what.
    pub(super) limits: Limits,
    /// What the opening request carries; secrets.
    pub(super) handshake: Handshake,
}

/// How long to wait for what, before the generation is given up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// TCP, TLS and the websocket.
    pub(super) connect: Duration,
    /// The server's word that we are in.
    pub(super) reply: Duration,
    /// One emit: with a full send buffer the library waits for ever.
    pub(super) emit: Duration,
    /// The farewell.
    pub(super) goodbye: Duration,
    /// A REST call.
    pub(super) pace: Pace,
    /// How often calls are made again.
    pub(super) patience: Patience,
    /// How often it is looked whether the connection still stands, apart from when the server's promise ends.
    pub(super) look: Option<Duration>,
    /// How long a server may be silent, whatever it promised.
    pub(super) silence: Duration,
    /// The time of day.
    pub(super) wall: fn() -> SystemTime,
}

impl Limits {
    /// All of them so many times shorter; what depends on the server's promises is not.
    pub(super) fn hastened(self, times: u32) -> Self {
        let Pace { call, stall, answer, whole } = self.pace;
        let Patience { first, reads, longest } = self.patience;
        Self {
            connect: self.connect / times,
            reply: self.reply / times,
            emit: self.emit / times,
            pace: Pace { call: call / times, stall: stall / times, answer: answer / times, whole: whole / times },
            patience: Patience { first: first / times, reads, longest: longest / times },
            look: self.look.map(|look| look / times),
            ..self
        }
    }

    /// What both clocks say.
    pub(super) fn now(&self) -> Moment {
        Moment { steady: Instant::now(), wall: (self.wall)() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            reply: Duration::from_secs(10),
            emit: Duration::from_secs(5),
            goodbye: Duration::from_millis(300),
            pace: Pace::default(),
            patience: Patience::default(),
            look: None,
            silence: Duration::from_secs(180),
            wall: SystemTime::now,
        }
    }
}

/// What becomes of a generation.
#[derive(Debug)]
pub(super) struct Note {
    /// Which one.
    pub(super) generation: u64,
    /// What.
    pub(super) news: News,
}

/// See [`Note`].
#[derive(Debug)]
pub(super) enum News {
    /// The server has let us in; emits may go out.
    Connected,
    /// It is over.
    Ended(Trouble),
}

/// Takes the frames, on the socket's own thread: whatever time they take is time without pongs, so it must not wait.
pub(super) trait Sink: Send + Sync {
    /// Takes a frame; `true` when somebody is to be woken by [`Sink::flush`].
    fn frame(&self, frame: Frame) -> bool;

    /// Called soon after, once for all the frames that came at once.
    fn flush(&self);
}

/// What a generation is told.
enum Order {
    Emit(&'static str, Value),
    Goodbye,
}

/// A running generation. Dropping it ends it.
pub(super) struct Generation {
    /// Its number; notes of another one are stale.
    pub(super) number: u64,
    orders: mpsc::Sender<Order>,
    live: Arc<AtomicBool>,
    /// When the server was heard last.
    pub(super) pulse: Arc<Pulse>,
}

impl Generation {
    /// Starts a socket. What becomes of it arrives at `notes`, exactly one `Ended` among them.
    pub(super) fn start(
        number: u64,
        endpoint: Endpoint,
        sink: Arc<dyn Sink>,
        notes: mpsc::UnboundedSender<Note>,
    ) -> io::Result<Self> {
        let (orders, inbox) = mpsc::channel(EMITS);
        let live = Arc::new(AtomicBool::new(true));
        let flag = Arc::clone(&live);
        let pulse = Arc::new(Pulse::new(endpoint.limits.silence));
        let felt = Arc::clone(&pulse);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().thread_name(THREAD).build()?;
        std::thread::Builder::new().name(format!("{THREAD}{number}")).spawn(move || {
            let (ends, ended) = mpsc::unbounded_channel();
            PANICKED.set(Some(ends.clone()));
            felt.feel();
            let note = |news| {
                // Nobody listens any more when the whole connection is being closed.
                let _ = notes.send(Note { generation: number, news });
            };
            let hooks = Hooks { sink, live: Arc::clone(&flag), ends, unflushed: Arc::default() };
            let trouble = runtime.block_on(live_and_die(&endpoint, hooks, ended, inbox, &note));
            flag.store(false, Ordering::Release);
            PANICKED.set(None);
            runtime.shutdown_background();
            note(News::Ended(trouble));
        })?;
        Ok(Self { number, orders, live, pulse })
    }

    /// Queues an event; `false` when the socket has not been taking any for long.
    pub(super) fn emit(&self, event: &'static str, payload: Value) -> bool {
        self.orders.try_send(Order::Emit(event, payload)).is_ok()
    }

    /// Says goodbye after what is queued. `Ended` follows.
    pub(super) fn goodbye(&self) {
        let _ = self.orders.try_send(Order::Goodbye);
    }
}

impl Drop for Generation {
    fn drop(&mut self) {
        self.live.store(false, Ordering::Release);
    }
}

/// Why the stream ended, as the library's callbacks see it.
#[derive(Debug)]
enum End {
    /// The server let us in.
    Connected,
    /// The connection is lost.
    Lost,
    /// The server sent a disconnect packet.
    Disconnected,
    /// The server refused the connection, with this text.
    Refused(String),
    /// The library's thread panicked.
    Panicked,
}

thread_local! {
    /// Where a panic on this thread is to be reported. The panic hook runs on the thread that panics.
    static PANICKED: RefCell<Option<mpsc::UnboundedSender<End>>> = const { RefCell::new(None) };
}

/// For the panic hook: ends the generation when the panic is on its thread. `true`: it was, nothing is lost but the
/// connection, which is made anew; the screen is to be left alone.
pub fn note_panic(thread_name: &str) -> bool {
    if !thread_name.starts_with(THREAD) {
        return false;
    }
    PANICKED.with_borrow(|end| {
        if let Some(end) = end {
            let _ = end.send(End::Panicked);
        }
    });
    true
}

/// What the callbacks need.
#[derive(Clone)]
struct Hooks {
    sink: Arc<dyn Sink>,
    live: Arc<AtomicBool>,
    ends: mpsc::UnboundedSender<End>,
    /// Wakes the generation's main task, which runs when the library's task has nothing more to read or has had its
    /// share: on one thread that is after the burst, or a good part of it.
    unflushed: Arc<Notify>,
}

impl Hooks {
    fn end(&self, end: End) {
        let _ = self.ends.send(end);
    }

    fn frame(&self, name: String, args: Vec<Value>) {
        if name.len() > LONGEST_NAME {
            return;
        }
        if self.live.load(Ordering::Acquire) && self.sink.frame(Frame::Event { name, args }) {
            self.unflushed.notify_one();
        }
    }
}

/// Connects, carries out orders, and returns why it is over.
async fn live_and_die(
    endpoint: &Endpoint,
    hooks: Hooks,
    mut ends: mpsc::UnboundedReceiver<End>,
    mut orders: mpsc::Receiver<Order>,
    note: &impl Fn(News),
) -> Trouble {
    let limits = endpoint.limits;
    let url = endpoint.url.as_str();
    let (sink, unflushed) = (Arc::clone(&hooks.sink), Arc::clone(&hooks.unflushed));
    let builder = match builder(endpoint, hooks) {
        Ok(builder) => builder,
        Err(trouble) => return trouble,
    };
    let silent = || Trouble::passing(&format!("Cannot reach {url}: it does not answer. Check the network."));
    let client = tokio::select! {
        connected = timeout(limits.connect, builder.connect()) => match connected {
            Ok(Ok(client)) => client,
            Ok(Err(error)) => return Trouble::reaching(url, &error),
            Err(_) => return silent(),
        },
        () = closed(&mut orders) => return Trouble::passing("Closed."),
    };
    // An emit before the server's reply is lost and kills the connection, so no order is looked at before.
    let first = tokio::select! {
        end = timeout(limits.reply, ends.recv()) => end,
        () = closed(&mut orders) => return Trouble::passing("Closed."),
    };
    match first {
        Ok(Some(End::Connected)) => note(News::Connected),
        Ok(Some(End::Refused(reason))) => {
            // What the server says of our sign-in may repeat it.
            let Handshake { query, headers } = &endpoint.handshake;
            let secrets = query.iter().chain(headers).map(|(_, value)| value.trim_start_matches("Bearer "));
            return over(url, Some(End::Refused(redact(&reason, secrets))));
        }
        Ok(end) => return over(url, end),
        Err(_) => return silent(),
    }
    loop {
        tokio::select! {
            biased;
            end = ends.recv() => if !matches!(end, Some(End::Connected)) {
                return over(url, end);
            },
            () = unflushed.notified() => sink.flush(),
            order = orders.recv() => match order {
                Some(Order::Emit(event, payload)) => match timeout(limits.emit, client.emit(event, payload)).await {
                    Ok(Ok(())) => {}
                    // The library's own words are for the log: the user is told that the connection is gone.
                    Ok(Err(error)) => {
                        tracing::debug!(%error, event, "an emit failed");
                        return over(url, Some(End::Lost));
                    }
                    Err(_) => return Trouble::passing("The server takes nothing any more. Check the network."),
                },
                Some(Order::Goodbye) | None => {
                    let _ = timeout(limits.goodbye, client.disconnect()).await;
                    return Trouble::passing("Closed.");
                }
            },
        }
    }
}

/// Returns once the other side is gone or says goodbye. Nothing else is ordered before the connection stands.
async fn closed(orders: &mut mpsc::Receiver<Order>) {
    while let Some(Order::Emit(..)) = orders.recv().await {}
}

fn over(url: &str, end: Option<End>) -> Trouble {
    match end {
        Some(End::Refused(reason)) => Trouble::lasting(&format!("The server refused the connection: {reason}")),
        Some(End::Disconnected) => Trouble::passing("The server closed the connection."),
        Some(End::Panicked) => {
            Trouble::passing("The server sent something unreadable, and the connection was given up.")
        }
        Some(End::Lost | End::Connected) | None => Trouble::passing(&format!("The connection to {url} was lost.")),
    }
}

fn builder(endpoint: &Endpoint, hooks: Hooks) -> Result<ClientBuilder, Trouble> {
    let mut builder = ClientBuilder::new(address(endpoint))
        .transport_type(TransportType::Websocket)
        .opening_header("user-agent", super::rest::USER_AGENT)
        .reconnect(true)
        .reconnect_on_disconnect(true);
    for (name, value) in &endpoint.handshake.headers {
        // The library would find out as well, but only while it connects, and tell it in its own words.
        if HeaderValue::from_str(value).is_err() {
            let sentence = format!("The server's sign-in holds characters that the header {name} cannot carry.");
            return Err(Trouble::lasting(&sentence));
        }
        builder = builder.opening_header(*name, value.as_str());
    }
    if !endpoint.ca.is_empty() {
        let mut tls = TlsConnector::builder();
        for ca in &endpoint.ca {
            tls.add_root_certificate(ca.clone());
        }
        builder = builder.tls_config(tls.build().map_err(|error| Trouble::reaching(&endpoint.url, &error))?);
    }
    let (any, error, connect, close) = (hooks.clone(), hooks.clone(), hooks.clone(), hooks.clone());
    Ok(builder
        .on_any(move |event, payload, _: Client| {
            if let Payload::Text(args) = payload {
                any.frame(String::from(event), args);
            }
            Box::pin(async {})
        })
        .on(Event::Error, move |payload, _| {
            on_error(&error, payload);
            Box::pin(async {})
        })
        .on(Event::Connect, move |payload, _| {
            if is_own(&payload) {
                connect.end(End::Connected);
            }
            Box::pin(async {})
        })
        .on(Event::Close, move |payload, _| {
            if is_own(&payload) {
                close.end(End::Disconnected);
            }
            Box::pin(async {})
        })
        .on_reconnect(move || {
            hooks.end(End::Lost);
            Box::pin(std::future::pending())
        }))
}

/// The socket's address. With a path of its own the library leaves it alone and only adds to the query; without the
/// slash at the end of the path servers answer 404.
fn address(endpoint: &Endpoint) -> String {
    let mut address = format!("{}/socket.io/", endpoint.url.trim_end_matches('/'));
    for (nth, (name, value)) in endpoint.handshake.query.iter().enumerate() {
        address.push(if nth == 0 { '?' } else { '&' });
        address.push_str(&format!("{}={}", percent_encode(name), percent_encode(value)));
    }
    address
}

/// The library's own connect and close carry the text `""`; events that a server happens to name so carry another.
fn is_own(payload: &Payload) -> bool {
    matches!(payload, Payload::Text(values) if matches!(values.as_slice(), [Value::String(text)] if text.is_empty()))
}

/// Errors of the library are strings. A server's event that is called `error` comes here too, and is passed on.
fn on_error(hooks: &Hooks, payload: Payload) {
    let Payload::Text(args) = payload else { return };
    let Some(Value::String(text)) = args.first() else {
        hooks.frame("error".to_owned(), args);
        return;
    };
    match text.strip_prefix(CONNECT_ERROR) {
        Some(reason) => hooks.end(End::Refused(refusal(reason))),
        // The stream ends right after an error of its own, and that is what counts.
        None => tracing::debug!(error = %SafeText::line(text), "the socket reports"),
    }
}

/// The reason of a refusal: `{"message": "..."}`, or whatever else it is, shortened.
fn refusal(json: &str) -> String {
    let value: Value = parse(json.as_bytes()).unwrap_or(Value::Null);
    let message = value.get("message").unwrap_or(&value);
    let text = message.as_str().map_or_else(|| message.to_string(), str::to_owned);
    let text: String = text.chars().take(200).collect();
    if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}
