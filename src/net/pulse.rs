//! When the server was last heard, pings included.
//!
//! `rust_socketio` tells neither of pings nor of what the server promised about them. But the websocket below it writes a
//! line of log for each frame that it reads, through the `log` facade, on the thread of the socket. Nobody else listens to
//! that facade here, so a logger of ours does: it notes the time, and reads the one frame that says how often the server
//! will ping. No other line is ever put into words, so what people write goes nowhere.
//!
//! A library that words its log differently is not heard at all, which is told apart from a silent server: then the
//! watchdog stands back and the library's own time limit is what there is.

use std::cell::RefCell;
use std::fmt::Arguments;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use tokio::time::Instant;

/// Where the line comes from, and how it begins.
const TARGET: &str = "tungstenite::protocol";
const LINE: &str = "Received message ";

/// What is added to the server's own promise: a ping may be late by this much on a slow network.
const SLACK: Duration = Duration::from_secs(5);

/// The heartbeat of one generation.
#[derive(Debug)]
pub(super) struct Pulse {
    born: Instant,
    /// How long the server may be silent, whatever it promises.
    longest: Duration,
    /// Milliseconds from the birth to the last frame.
    heard: AtomicU64,
    /// How long the server may be silent, in milliseconds; 0 while it has not said so.
    bound: AtomicU64,
}

thread_local! {
    /// The pulse of the socket on this thread.
    static PULSE: RefCell<Option<Arc<Pulse>>> = const { RefCell::new(None) };
}

impl Pulse {
    /// A pulse that was not felt yet.
    pub(super) fn new(longest: Duration) -> Self {
        listen();
        Self { born: Instant::now(), longest, heard: AtomicU64::new(0), bound: AtomicU64::new(0) }
    }

    /// Feels the frames that are read on this thread from now on.
    pub(super) fn feel(self: &Arc<Self>) {
        PULSE.set(Some(Arc::clone(self)));
    }

    /// When a frame was read last, and how long there may be none. `None` while no promise was heard.
    pub(super) fn last(&self) -> Option<(Instant, Duration)> {
        let bound = self.bound.load(Ordering::Acquire);
        let heard = self.born + Duration::from_millis(self.heard.load(Ordering::Acquire));
        (bound > 0).then_some((heard, Duration::from_millis(bound)))
    }

    fn beat(&self, line: &Arguments<'_>) {
        let age = u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.heard.store(age, Ordering::Release);
        if self.bound.load(Ordering::Acquire) == 0
            && let Some(bound) = promise(&line.to_string())
        {
            let bound = bound.min(self.longest);
            self.bound.store(u64::try_from(bound.as_millis()).unwrap_or(u64::MAX), Ordering::Release);
        }
    }
}

/// How long a server may be silent that opens with this packet.
fn promise(line: &str) -> Option<Duration> {
    let packet = line.strip_prefix(LINE)?.strip_prefix('0')?;
    let packet: serde_json::Value = serde_json::from_str(packet).ok()?;
    let millis = |key: &str| packet.get(key).and_then(serde_json::Value::as_u64).map(Duration::from_millis);
    Some(millis("pingInterval")?.saturating_add(millis("pingTimeout")?).saturating_add(SLACK))
}

/// The logger: see the top of this file.
struct Ear;

impl log::Log for Ear {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target() == TARGET
    }

    fn log(&self, record: &log::Record<'_>) {
        if record.target() != TARGET || record.level() != log::Level::Trace {
            return;
        }
        PULSE.with_borrow(|pulse| {
            if let Some(pulse) = pulse {
                pulse.beat(record.args());
            }
        });
    }

    fn flush(&self) {}
}

/// Becomes the logger, once, unless somebody else is.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if log::set_logger(&Ear).is_ok() {
            log::set_max_level(log::LevelFilter::Trace);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_promise_is_read_from_its_first_packet() {
        let line = r#"Received message 0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#;
        assert_eq!(promise(line), Some(Duration::from_secs(50)));
        let endless = r#"Received message 0{"pingInterval":18446744073709551615,"pingTimeout":1}"#;
        assert!(promise(endless) > Some(Duration::from_secs(1 << 50)));
        for other in
            ["Received message 2", r#"Received message 42["message",{"pingInterval":1}]"#, "Sending frame", "0{"]
        {
            assert_eq!(promise(other), None, "{other}");
        }
    }
}
