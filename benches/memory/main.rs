//! What a day of typing, presence and receipts leaves behind in memory, on each back end, in this very process.
//!
//! `cargo bench --bench memory`. Linux only: elsewhere it prints zeroes. What 100,000 messages in one room take, with the
//! store on, is in `cargo bench --bench terminal -- flood`, which looks at the program itself. Limits are printed, never
//! asserted; that what is kept comes to an end at all is `tests/day.rs`.

use test_support::day::{Day, SECONDS};
use test_support::measure::{process, report};

/// What a day may take, in MiB: 20,000 people are known, and the allocator keeps what was let go.
const LIMIT_MIB: f64 = 20.0;

fn main() {
    // Under `cargo test --all-targets` nothing is measured: a test never depends on what a machine does.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    measure("MinChat", Day::on_minchat);
    measure("V Chat", Day::on_vchat);
}

fn measure(service: &str, begin: fn() -> Day) {
    let before = resident();
    let mut day = begin();
    let mut at = [0.0; 2];
    for half in &mut at {
        (0..SECONDS / 2).for_each(|_| day.second());
        *half = resident();
    }
    let [noon, night] = at;
    let beside = format!(" ({before:.1} before, {noon:.1} at noon; {} events)", day.events);
    report::figure(&format!("memory, after a day on {service}"), night, "MiB", &beside, LIMIT_MIB);
}

fn resident() -> f64 {
    process::resident(i32::try_from(std::process::id()).unwrap_or(0))
}
