//! From a key to its glyph, at a typist's pace, with nothing else going on.

use std::time::{Duration, Instant};

use crate::programs::{HEARTBEAT, Program, Programs, SOON};
use test_support::flood::Flood;
use test_support::measure::report;
use test_support::measure::samples::Samples;
use test_support::pty::Pty;

const KEYS: usize = 200;
/// A fast typist's; longer than a frame, so that a key is not folded into the frame of the one before.
const PACE: Duration = Duration::from_millis(30);
const MEDIAN_LIMIT: f64 = 1.3;
const P99_LIMIT: f64 = 2.0;

/// Stands on no screen by itself.
const GLYPH: &str = "ж";
const BACKSPACE: &str = "\x7f";

/// Prints the section's lines.
pub(crate) fn measure(programs: &Programs) -> anyhow::Result<()> {
    let floods = (Flood::start(HEARTBEAT)?, Flood::start(HEARTBEAT)?);
    let mut client = programs.open(Program::Client, Program::Bare, &floods.0)?;
    let mut bare = programs.open(Program::Bare, Program::Bare, &floods.1)?;
    let (mut of_client, mut of_bare) = (Samples::default(), Samples::default());
    for _ in 0..KEYS {
        of_client.push(glyph(&mut client, PACE)?.1);
        of_bare.push(glyph(&mut bare, PACE)?.1);
    }
    report::medians("key to glyph, idle, median", &of_client, &of_bare, MEDIAN_LIMIT);
    report::ratio("key to glyph, idle, p99", of_client.p99(), of_bare.p99(), KEYS, P99_LIMIT);
    Ok(())
}

/// Types a glyph and takes it back. Returns when it was typed, and how long it took to show.
pub(crate) fn glyph(pty: &mut Pty, pace: Duration) -> anyhow::Result<(Instant, Duration)> {
    let typed = pty.send(GLYPH)?;
    let shown = pty.wait_text(GLYPH, SOON)?;
    pty.watch(pace);
    pty.send(BACKSPACE)?;
    pty.wait_gone(GLYPH, SOON)?;
    pty.watch(pace);
    Ok((typed, shown - typed))
}
