//! Memory use after a simulated day of typing, presence and receipt events, for each back end.
//!
//! Run with `cargo bench --bench memory`. It measures its own process and works on Linux only; elsewhere it prints
//! zeroes. Limits are printed, never asserted: a test of the application checks that memory use is bounded. For the
//! memory use of the whole program after 100,000 messages, run `cargo bench --bench terminal -- flood`.

use test_support::day::{Day, SECONDS};
use test_support::measure::{process, report};

/// Expected maximum in MiB: 20,000 people are kept, and the allocator does not return all freed memory.
const LIMIT_MIB: f64 = 20.0;

fn main() {
    // `cargo test --all-targets` also runs this program. Tests must not depend on the machine, so it measures nothing.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    measure("MinChat", Day::on_minchat);
    measure("V Chat", Day::on_vchat);
}

fn measure(service: &str, start: fn() -> Day) {
    let before = resident();
    let mut day = start();
    let mut figures = [0.0; 2];
    for figure in &mut figures {
        (0..SECONDS / 2).for_each(|_| day.advance_second());
        *figure = resident();
    }
    let [noon, night] = figures;
    let details = format!(" ({before:.1} before, {noon:.1} at noon; {} events)", day.events);
    report::figure(&format!("memory, after a day on {service}"), night, "MiB", &details, LIMIT_MIB);
}

fn resident() -> f64 {
    process::resident(i32::try_from(std::process::id()).unwrap_or(0))
}
