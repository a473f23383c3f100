//! From a message on the wire to its text on the screen.

use std::time::Duration;

use anyhow::Context;

use crate::programs::{HEARTBEAT, Program, Programs, SOON};
use test_support::flood::{Flood, text};
use test_support::measure::report;
use test_support::measure::samples::Samples;
use test_support::pty::Pty;

const MESSAGES: usize = 200;
/// Longer than a frame: each message comes after quiet.
const PACE: Duration = Duration::from_millis(40);
const LIMIT: f64 = 1.5;

/// Prints the section's lines.
pub(crate) fn measure(programs: &Programs) -> anyhow::Result<()> {
    let floods = (Flood::start(HEARTBEAT)?, Flood::start(HEARTBEAT)?);
    let mut client = programs.open(Program::Client, Program::BareSocket, &floods.0)?;
    let mut bare = programs.open(Program::BareSocket, Program::BareSocket, &floods.1)?;
    let (mut of_client, mut of_bare) = (Samples::default(), Samples::default());
    for _ in 0..MESSAGES {
        of_client.push(message(&mut client, &floods.0)?);
        of_bare.push(message(&mut bare, &floods.1)?);
    }
    report::medians("message received to on screen, median", &of_client, &of_bare, LIMIT);
    report::plain_ratio("message received to on screen, p99", of_client.p99(), of_bare.p99(), MESSAGES);
    Ok(())
}

fn message(pty: &mut Pty, flood: &Flood) -> anyhow::Result<Duration> {
    let sent = flood.push(flood.load(1)).context("the socket is gone")?;
    let shown = pty.wait_text(&text(flood.last()), SOON)?;
    pty.watch(PACE);
    Ok(shown - sent)
}
