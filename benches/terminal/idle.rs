//! Activity of an idle program: bytes written and wake-ups.

use std::time::Duration;

use crate::programs::{HEARTBEAT, Program, Programs};
use test_support::flood::Flood;
use test_support::measure::{process, report};
use test_support::pty::Pty;

/// Environment variable for the duration in seconds; the default is a minute.
const DURATION_VARIABLE: &str = "MINCHAT_BENCH_IDLE";
/// Time that the client needs to finish its work after connecting.
const SETTLE: Duration = Duration::from_secs(4);
/// Maximum number of wake-ups per heartbeat: one for the heartbeat, one for the watchdog.
const WAKE_UPS_LIMIT: f64 = 2.0;

/// Runs this section and prints its results.
pub(crate) fn measure(programs: &Programs) -> anyhow::Result<()> {
    let time = std::env::var(DURATION_VARIABLE).ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(60);
    let floods = (Flood::start(HEARTBEAT)?, Flood::start(HEARTBEAT)?);
    let mut client = programs.open(Program::Client, Program::BareSocket, &floods.0)?;
    let mut bare = programs.open(Program::BareSocket, Program::BareSocket, &floods.1)?;
    // Right after connecting the client is not idle: it requests the newest page a second time.
    client.process_for(SETTLE);
    // Both are measured at the same time; idle programs do not disturb each other.
    let before = [counts(&mut client, &floods.0), counts(&mut bare, &floods.1)];
    client.process_for(Duration::from_secs(time));
    let [client_counts, bare_counts] = [counts(&mut client, &floods.0), counts(&mut bare, &floods.1)];
    let [client_counts, bare_counts] = [client_counts.since(&before[0]), bare_counts.since(&before[1])];

    let details = format!(" in {time} s (bare {})", bare_counts.bytes);
    report::figure("idle, written to the terminal", client_counts.bytes, "bytes", &details, 0.0);
    let details = format!(
        " (bare {:.1}; {} heartbeats; preempted {} times)",
        bare_counts.wake_ups_per_heartbeat(),
        client_counts.heartbeats,
        client_counts.preemptions
    );
    report::figure(
        "idle, wake-ups per heartbeat",
        client_counts.wake_ups_per_heartbeat(),
        "",
        &details,
        WAKE_UPS_LIMIT,
    );
    Ok(())
}

/// Counters since the start of a program.
struct Counts {
    bytes: f64,
    wake_ups: f64,
    preemptions: f64,
    heartbeats: f64,
}

fn counts(pty: &mut Pty, flood: &Flood) -> Counts {
    let count = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let switches = process::switches(pty.pid());
    Counts {
        bytes: count(pty.bytes_written() as u64),
        wake_ups: count(switches.waited),
        preemptions: count(switches.preempted),
        heartbeats: count(flood.heartbeats()),
    }
}

impl Counts {
    fn since(&self, before: &Self) -> Self {
        Self {
            bytes: self.bytes - before.bytes,
            wake_ups: self.wake_ups - before.wake_ups,
            preemptions: self.preemptions - before.preemptions,
            heartbeats: self.heartbeats - before.heartbeats,
        }
    }

    fn wake_ups_per_heartbeat(&self) -> f64 {
        self.wake_ups / self.heartbeats.max(1.0)
    }
}
