//! What a program does while nothing happens.

use std::time::Duration;

use crate::programs::{HEARTBEAT, Program, Programs};
use test_support::flood::Flood;
use test_support::measure::{process, report};
use test_support::pty::Pty;

/// How long to look on, in seconds, when it is not a minute.
const VARIABLE: &str = "MINCHAT_BENCH_IDLE";
/// How long the client may still do what follows from having connected.
const CONNECTED: Duration = Duration::from_secs(4);
/// At most this often may a heartbeat wake the client: once for itself, once for the watchdog.
const WAKE_UPS: f64 = 2.0;

/// Prints the section's lines.
pub(crate) fn measure(programs: &Programs) -> anyhow::Result<()> {
    let time = std::env::var(VARIABLE).ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(60);
    let floods = (Flood::start(HEARTBEAT)?, Flood::start(HEARTBEAT)?);
    let mut client = programs.open(Program::Client, Program::BareSocket, &floods.0)?;
    let mut bare = programs.open(Program::BareSocket, Program::BareSocket, &floods.1)?;
    // What follows from having just connected is not idling: the client looks at the newest page a second time.
    client.watch(CONNECTED);
    // Both at once: they do not disturb each other, least of all when they do nothing.
    let before = [state(&mut client, &floods.0), state(&mut bare, &floods.1)];
    client.watch(Duration::from_secs(time));
    let [of_client, of_bare] = [state(&mut client, &floods.0), state(&mut bare, &floods.1)];
    let [of_client, of_bare] = [of_client.since(&before[0]), of_bare.since(&before[1])];

    let beside = format!(" in {time} s (bare {})", of_bare.bytes);
    report::figure("idle, written to the terminal", of_client.bytes, "bytes", &beside, 0.0);
    let beside = format!(
        " (bare {:.1}; {} beats; put aside {} times)",
        of_bare.wake_ups_a_heartbeat(),
        of_client.heartbeats,
        of_client.put_aside
    );
    report::figure("idle, wake-ups a heartbeat", of_client.wake_ups_a_heartbeat(), "", &beside, WAKE_UPS);
    Ok(())
}

/// Counted so far.
struct State {
    bytes: f64,
    wake_ups: f64,
    put_aside: f64,
    heartbeats: f64,
}

fn state(pty: &mut Pty, flood: &Flood) -> State {
    let count = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let switches = process::switches(pty.pid());
    State {
        bytes: count(pty.bytes_written() as u64),
        wake_ups: count(switches.waited),
        put_aside: count(switches.put_aside),
        heartbeats: count(flood.heartbeats()),
    }
}

impl State {
    fn since(&self, before: &Self) -> Self {
        Self {
            bytes: self.bytes - before.bytes,
            wake_ups: self.wake_ups - before.wake_ups,
            put_aside: self.put_aside - before.put_aside,
            heartbeats: self.heartbeats - before.heartbeats,
        }
    }

    fn wake_ups_a_heartbeat(&self) -> f64 {
        self.wake_ups / self.heartbeats.max(1.0)
    }
}
