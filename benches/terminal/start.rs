//! From the start of the process to its first frame.

use std::time::{Duration, Instant};

use crate::programs::{HEARTBEAT, Program, Programs, SOON};
use test_support::flood::Flood;
use test_support::measure::report;
use test_support::measure::samples::Samples;

const ROUNDS: usize = 40;
const LIMIT: f64 = 2.0;

/// Prints the section's line.
pub(crate) fn measure(programs: &Programs) -> anyhow::Result<()> {
    let flood = Flood::start(HEARTBEAT)?;
    let [mut client, mut bare, mut linked] = [Samples::default(), Samples::default(), Samples::default()];
    for round in 0..ROUNDS {
        let of_client = once(programs, Program::Client, &flood)?;
        let of_bare = once(programs, Program::Bare, &flood)?;
        let of_linked = once(programs, Program::BareSocket, &flood)?;
        // The first round brings the programs into memory.
        if round > 0 {
            client.push(of_client);
            bare.push(of_bare);
            linked.push(of_linked);
        }
    }
    report::medians("start to first frame", &client, &bare, LIMIT);
    // How much of it is the price of the socket and TLS libraries that a client brings along.
    report::note(format_args!(
        "    the bare program linked with the socket library: {}",
        report::time(linked.median())
    ));
    Ok(())
}

fn once(programs: &Programs, program: Program, flood: &Flood) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let mut pty = programs.spawn(program, Program::Bare, flood)?;
    let shown = pty.wait_text(programs.first_frame(program, Program::Bare), SOON)?;
    Ok(shown - start)
}
