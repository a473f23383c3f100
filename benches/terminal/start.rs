//! Time from the start of the process to its first frame.

use std::time::{Duration, Instant};

use crate::programs::{HEARTBEAT, Program, Programs, SOON};
use test_support::flood::Flood;
use test_support::measure::report;
use test_support::measure::samples::Samples;

const ROUNDS: usize = 40;
/// Maximum ratio of the medians.
const LIMIT: f64 = 2.0;

/// Runs this section and prints its results.
pub(crate) fn measure(programs: &Programs) -> anyhow::Result<()> {
    let flood = Flood::start(HEARTBEAT)?;
    let [mut client, mut bare, mut linked] = [Samples::default(), Samples::default(), Samples::default()];
    for round in 0..ROUNDS {
        let client_time = time_start(programs, Program::Client, &flood)?;
        let bare_time = time_start(programs, Program::Bare, &flood)?;
        let linked_time = time_start(programs, Program::BareSocket, &flood)?;
        // The first round only loads the programs into the page cache.
        if round > 0 {
            client.push(client_time);
            bare.push(bare_time);
            linked.push(linked_time);
        }
    }
    report::medians("start to first frame", &client, &bare, LIMIT);
    // Shows how much of the time is due to the socket and TLS libraries.
    report::note(format_args!(
        "    the bare program linked with the socket library: {}",
        report::time(linked.median())
    ));
    Ok(())
}

fn time_start(programs: &Programs, program: Program, flood: &Flood) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let mut pty = programs.spawn(program, Program::Bare, flood)?;
    let shown = pty.wait_text(programs.first_frame(program, Program::Bare), SOON)?;
    Ok(shown - start)
}
