//! Time from a message on the wire to its text on the screen.

use std::time::Duration;

use anyhow::Context;

use crate::programs::{HEARTBEAT, Program, Programs, SOON};
use test_support::flood::{Flood, label};
use test_support::measure::report;
use test_support::measure::samples::Samples;
use test_support::pty::Pty;

const MESSAGES: usize = 200;
/// Pause between messages; longer than a frame, so that each message is painted immediately.
const PACE: Duration = Duration::from_millis(40);
/// Maximum ratio of the medians.
const LIMIT: f64 = 1.5;

/// Runs this section and prints its results.
pub(crate) fn measure(programs: &Programs) -> anyhow::Result<()> {
    let floods = (Flood::start(HEARTBEAT)?, Flood::start(HEARTBEAT)?);
    let mut client = programs.open(Program::Client, Program::BareSocket, &floods.0)?;
    let mut bare = programs.open(Program::BareSocket, Program::BareSocket, &floods.1)?;
    let (mut client_times, mut bare_times) = (Samples::default(), Samples::default());
    for _ in 0..MESSAGES {
        client_times.push(time_message(&mut client, &floods.0)?);
        bare_times.push(time_message(&mut bare, &floods.1)?);
    }
    report::medians("message received to on screen, median", &client_times, &bare_times, LIMIT);
    report::ratio_without_limit("message received to on screen, p99", client_times.p99(), bare_times.p99(), MESSAGES);
    Ok(())
}

/// Pushes a message, and returns the time until it is on the screen.
pub(crate) fn time_message(pty: &mut Pty, flood: &Flood) -> anyhow::Result<Duration> {
    let sent = flood.push(flood.load(1)).context("the client is not connected")?;
    let shown = pty.wait_text(&label(flood.last()), SOON)?;
    pty.process_for(PACE);
    Ok(shown - sent)
}
