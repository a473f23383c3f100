//! Records when the server last sent a frame, including pings.
//!
//! `rust_socketio` exposes neither the pings nor the intervals that the server announces. The WebSocket library below
//! it, however, writes a line to the `log` facade for every frame that it reads, on the thread of the socket. Nothing
//! else uses that facade in this program, so [`HeartbeatLogger`] can be its only logger. It records the time of every
//! frame and parses one of them, the server's first packet, which holds the ping intervals. If the wire is recorded, each
//! packet also goes to `tap.rs`, which keeps it in memory. Lines are never written anywhere, so private messages are not
//! leaked. Without records, they are only formatted until the first packet has arrived.
//!
//! The logger also checks each message before the library parses it, see `message_limit`. If a message is refused, the
//! logger unwinds the library's task, because nothing else keeps the library from parsing it. And it notices the events
//! that the library drops, see `undelivered`.
//!
//! The logger is global, but each [`Heartbeat`] belongs to one thread and thus to one generation, so connections never
//! record each other's frames.
//!
//! If the library changes its log lines, nothing is recorded at all. This differs from a silent server: the silence
//! limit stays unknown, the watchdog raises no alarm for silence, and only the library's own time limit remains.

use std::cell::RefCell;
use std::fmt::{self, Arguments, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use tokio::time::Instant;

use super::message_limit::{LINE_PREFIX, MessageLimit, Refusal};
use super::tap::{MAX_SEARCHED_BYTES, SocketTap};
use super::undelivered::{Delivery, Undelivered};

/// Target of the log lines for received frames.
const TARGET: &str = "tungstenite::protocol";

/// Beginning of the lines for frames that are sent.
const SENT_PREFIX: &str = "Sending frame: ";

/// What these lines contain if the frame holds an event, whose packet begins with `42`: the bytes as numbers.
const EMIT_BYTES: &str = "payload: [52, 50";

/// What these lines contain if the frame holds text.
const TEXT_FRAME: &str = "opcode: Data(Text)";

/// Added to the server's own limit, because a ping may be late on a slow network.
const SLACK: Duration = Duration::from_secs(5);

/// The heartbeat of one generation.
#[derive(Debug)]
pub(super) struct Heartbeat {
    started_at: Instant,
    /// Upper bound for the silence limit.
    max_silence: Duration,
    /// Milliseconds from `started_at` to the last frame.
    last_frame: AtomicU64,
    /// Silence limit: `pingInterval` + `pingTimeout` + [`SLACK`], in milliseconds. 0 until it is known.
    silence_limit: AtomicU64,
    /// `pingInterval`, in milliseconds. Known together with the silence limit.
    ping_interval: AtomicU64,
}

/// The receiver of what is found in the packets of a socket.
pub(super) struct Listener {
    /// Records the packets.
    pub(super) tap: SocketTap,
    /// The delivery of events by the library.
    pub(super) delivery: Delivery,
    /// Called for a message beyond the limits. The task that read it then unwinds.
    pub(super) on_refused: Box<dyn Fn(Refusal)>,
    /// Called when the library has not delivered an event.
    pub(super) on_lost: Box<dyn Fn()>,
}

/// State of the logger on the thread of one socket.
struct Observer {
    heartbeat: Arc<Heartbeat>,
    limit: MessageLimit,
    undelivered: Undelivered,
    listener: Listener,
}

thread_local! {
    /// The observer of the socket on this thread.
    static OBSERVER: RefCell<Option<Observer>> = const { RefCell::new(None) };
}

impl Heartbeat {
    /// Creates a heartbeat that records nothing yet.
    pub(super) fn new(max_silence: Duration) -> Self {
        install_logger();
        let [last_frame, silence_limit, ping_interval] = [0, 0, 0].map(AtomicU64::new);
        Self { started_at: Instant::now(), max_silence, last_frame, silence_limit, ping_interval }
    }

    /// Records the frames that are read on the current thread from now on.
    pub(super) fn record_this_thread(self: &Arc<Self>, listener: Listener) {
        let undelivered = Undelivered::new(listener.delivery.clone());
        let (heartbeat, limit) = (Arc::clone(self), MessageLimit::default());
        OBSERVER.set(Some(Observer { heartbeat, limit, undelivered, listener }));
    }

    /// Returns the time of the last frame and the silence limit. `None` while the limit is unknown.
    pub(super) fn last(&self) -> Option<(Instant, Duration)> {
        let limit = self.silence_limit.load(Ordering::Acquire);
        (limit > 0).then_some((self.last_frame(), Duration::from_millis(limit)))
    }

    /// Returns the time of the last frame, or when the connection was started.
    pub(super) fn last_frame(&self) -> Instant {
        self.started_at + Duration::from_millis(self.last_frame.load(Ordering::Acquire))
    }

    /// Returns when the server's next ping is due. `None` while its interval is unknown.
    pub(super) fn ping_due(&self) -> Option<Instant> {
        let (last_frame, _) = self.last()?;
        Some(last_frame + Duration::from_millis(self.ping_interval.load(Ordering::Acquire)))
    }

    fn record(&self, line: &Arguments<'_>) {
        self.last_frame.store(millis(self.started_at.elapsed()), Ordering::Release);
        if self.silence_limit.load(Ordering::Acquire) == 0
            && let Some((interval, limit)) = ping_intervals(&line.to_string())
        {
            self.ping_interval.store(millis(interval.min(self.max_silence)), Ordering::Release);
            self.silence_limit.store(millis(limit.min(self.max_silence)), Ordering::Release);
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Returns the ping interval and the silence limit of a server whose first packet is in `line`. `None` for any other
/// line.
fn ping_intervals(line: &str) -> Option<(Duration, Duration)> {
    let packet = line.strip_prefix(LINE_PREFIX)?.strip_prefix('0')?;
    let packet: serde_json::Value = serde_json::from_str(packet).ok()?;
    let interval = |key: &str| packet.get(key).and_then(serde_json::Value::as_u64).map(Duration::from_millis);
    let ping = interval("pingInterval")?;
    Some((ping, ping.saturating_add(interval("pingTimeout")?).saturating_add(SLACK)))
}

/// The logger of the `log` facade.
struct HeartbeatLogger;

impl log::Log for HeartbeatLogger {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target() == TARGET
    }

    fn log(&self, record: &log::Record<'_>) {
        if record.target() != TARGET || record.level() != log::Level::Trace {
            return;
        }
        let is_refused = OBSERVER.with_borrow_mut(|observer| {
            let Some(Observer { heartbeat, limit, undelivered, listener }) = observer else { return false };
            let age = heartbeat.started_at.elapsed();
            let checked = limit.check(record.args(), age);
            if listener.tap.is_recording() {
                write_to_tap(&listener.tap, record.args(), &checked);
            }
            match checked {
                Ok(Some(head)) => {
                    heartbeat.record(record.args());
                    if undelivered.on_packet(&head, age) {
                        (listener.on_lost)();
                    }
                }
                Ok(None) => {}
                Err(refusal) => {
                    (listener.on_refused)(refusal);
                    return true;
                }
            }
            false
        });
        if is_refused {
            // Not a panic: the hook would take it for a defect. The task ends all the same.
            std::panic::resume_unwind(Box::new("a message was refused"));
        }
    }

    fn flush(&self) {}
}

/// Passes the packet of a line to `tap`. `checked` says whether it was received, or why it was refused.
fn write_to_tap(tap: &SocketTap, line: &Arguments<'_>, checked: &Result<Option<String>, Refusal>) {
    let mut beginning = Beginning::default();
    let _ = beginning.write_fmt(*line);
    let Beginning { text, bytes, .. } = &beginning;
    match (checked, text.strip_prefix(LINE_PREFIX)) {
        (Ok(Some(_)), Some(packet)) => tap.received(packet, bytes - LINE_PREFIX.len()),
        (Err(refusal), Some(packet)) => tap.refused(packet, bytes - LINE_PREFIX.len(), refusal.reason()),
        _ if beginning.is_emit => {}
        _ => {
            if let Some(packet) = sent_text(text) {
                tap.sent_by_library(&packet);
            }
        }
    }
}

/// Returns the text of a frame in the line before it is sent, if the line is of this kind:
/// `Sending frame: Frame { header: …, payload: [51] }`.
fn sent_text(line: &str) -> Option<String> {
    let frame = line.strip_prefix(SENT_PREFIX).filter(|frame| frame.contains(TEXT_FRAME))?;
    let bytes = frame.rsplit_once("payload: [")?.1.split_once(']')?.0.split(", ").map(str::parse);
    String::from_utf8(bytes.collect::<Result<_, _>>().ok()?).ok()
}

/// Keeps the beginning of the line that is written to it, and measures the line. Fails if the line is about an emit, so
/// that the rest is not formatted: each byte would become a number, which takes longer than to send it.
#[derive(Default)]
struct Beginning {
    text: String,
    bytes: usize,
    /// Whether the line is about an emit. Emits are recorded where they are made.
    is_emit: bool,
}

impl Write for Beginning {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.bytes += part.len();
        let kept = part.floor_char_boundary((LINE_PREFIX.len() + MAX_SEARCHED_BYTES).saturating_sub(self.text.len()));
        self.text.push_str(&part[..kept]);
        self.is_emit = part.len() == 2 && self.text.ends_with(EMIT_BYTES) && self.text.starts_with(SENT_PREFIX);
        if self.is_emit { Err(fmt::Error) } else { Ok(()) }
    }
}

/// Installs the logger once per process, unless there is another one.
fn install_logger() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if log::set_logger(&HeartbeatLogger).is_ok() {
            log::set_max_level(log::LevelFilter::Trace);
        }
    });
}

#[cfg(test)]
mod tests {
    use log::{Level, Log, Record};

    use super::*;

    /// Regression test: the frames that the client sent itself kept a dead connection alive.
    #[tokio::test(start_paused = true)]
    async fn only_received_frames_are_recorded() {
        let heartbeat = Arc::new(Heartbeat::new(Duration::from_secs(600)));
        heartbeat.record_this_thread(Listener {
            tap: SocketTap::default(),
            delivery: Delivery::default(),
            on_refused: Box::new(|_| {}),
            on_lost: Box::new(|| {}),
        });
        let log = |line: Arguments<'_>| {
            HeartbeatLogger.log(&Record::builder().target(TARGET).level(Level::Trace).args(line).build());
        };
        log(format_args!("Received message {}", r#"0{"pingInterval":25000,"pingTimeout":20000}"#));
        let first = heartbeat.last().unwrap().0;
        tokio::time::advance(Duration::from_secs(10)).await;
        log(format_args!("Sending frame: {}", "3"));
        assert_eq!(heartbeat.last().unwrap().0, first);
        log(format_args!("Received message {}", "2"));
        assert_eq!(heartbeat.last().unwrap().0, first + Duration::from_secs(10));
        OBSERVER.set(None);
    }

    /// Regression test: formatting the bytes of an emit took four times as long as all else that is done for it.
    #[test]
    fn bytes_of_an_emit_are_not_formatted() {
        let beginning = |packet: &str| {
            let mut beginning = Beginning::default();
            let header = "header: FrameHeader { opcode: Data(Text) }";
            let bytes = packet.as_bytes();
            let written = beginning.write_fmt(format_args!("{SENT_PREFIX}Frame {{ {header}, payload: {bytes:?} }}"));
            assert_eq!(written.is_err(), beginning.is_emit);
            beginning
        };
        let emit = beginning("42[\"room.seen\",{}]");
        assert!(emit.is_emit && emit.text.ends_with(EMIT_BYTES), "{}", emit.text);
        for packet in ["3", "40{\"token\":\"42\"}", "41", "4"] {
            let other = beginning(packet);
            assert_eq!((other.is_emit, sent_text(&other.text).as_deref()), (false, Some(packet)));
        }
    }

    #[test]
    fn silence_limit_is_read_from_the_first_packet() {
        let line = r#"Received message 0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#;
        assert_eq!(ping_intervals(line), Some((Duration::from_secs(25), Duration::from_secs(50))));
        let endless = r#"Received message 0{"pingInterval":18446744073709551615,"pingTimeout":1}"#;
        assert!(ping_intervals(endless).unwrap().1 > Duration::from_secs(1 << 50));
        for other in
            ["Received message 2", r#"Received message 42["message",{"pingInterval":1}]"#, "Sending frame", "0{"]
        {
            assert_eq!(ping_intervals(other), None, "{other}");
        }
    }
}
