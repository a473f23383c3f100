//! Time from a key press to its character on the screen, at typing speed, on an idle connection.

use std::time::{Duration, Instant};

use crate::programs::{HEARTBEAT, Program, Programs, SOON};
use test_support::flood::Flood;
use test_support::measure::report;
use test_support::measure::samples::Samples;
use test_support::pty::Pty;

const KEYS: usize = 200;
/// Pause between keys of a fast typist; longer than a frame, so that each key is painted immediately.
pub(crate) const PACE: Duration = Duration::from_millis(30);
/// Maximum ratio of the medians.
const MEDIAN_LIMIT: f64 = 1.3;
/// Maximum ratio of the 99th percentiles.
const P99_LIMIT: f64 = 2.0;

/// A character that appears nowhere else on the screen.
const GLYPH: &str = "ж";
const BACKSPACE: &str = "\x7f";

/// Runs this section and prints its results.
pub(crate) fn measure(programs: &Programs) -> anyhow::Result<()> {
    let floods = (Flood::start(HEARTBEAT)?, Flood::start(HEARTBEAT)?);
    let mut client = programs.open(Program::Client, Program::Bare, &floods.0)?;
    let mut bare = programs.open(Program::Bare, Program::Bare, &floods.1)?;
    let (mut client_times, mut bare_times) = (Samples::default(), Samples::default());
    for _ in 0..KEYS {
        client_times.push(type_glyph(&mut client, PACE)?.1);
        bare_times.push(type_glyph(&mut bare, PACE)?.1);
    }
    report::medians("key to glyph, idle, median", &client_times, &bare_times, MEDIAN_LIMIT);
    report::ratio("key to glyph, idle, p99", client_times.p99(), bare_times.p99(), KEYS, P99_LIMIT);
    Ok(())
}

/// Types a character and deletes it. Returns when it was typed and how long it took to appear.
pub(crate) fn type_glyph(pty: &mut Pty, pace: Duration) -> anyhow::Result<(Instant, Duration)> {
    let typed = pty.send(GLYPH)?;
    let shown = pty.wait_text(GLYPH, SOON)?;
    pty.process_for(pace);
    pty.send(BACKSPACE)?;
    pty.wait_gone(GLYPH, SOON)?;
    pty.process_for(pace);
    Ok((typed, shown - typed))
}
