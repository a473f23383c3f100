//! The whole client in a pseudo-terminal, compared with minimal ratatui programs in the same run.
//!
//! Run with `cargo bench --bench terminal [-- [--self] [start] [keys] [burst-keys] [arrival] [idle] [flood] [neighbour]]`. With
//! `--self` the minimal programs are compared with themselves, which shows how far a ratio may differ from 1 by chance.
//! `MINCHAT_BENCH_IDLE` sets the duration of the idle section in seconds. Limits are printed, never asserted.

mod arrival;
mod bursts;
mod idle;
mod keys;
mod neighbour;
mod programs;
mod start;

use programs::Programs;
use test_support::measure::report;

type Section = fn(&Programs) -> anyhow::Result<()>;

const SECTIONS: [(&str, Section); 7] = [
    ("start", start::measure),
    ("keys", keys::measure),
    ("burst-keys", bursts::keys),
    ("arrival", arrival::measure),
    ("idle", idle::measure),
    ("flood", bursts::flood),
    ("neighbour", neighbour::measure),
];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` also runs this program. Tests must not depend on timing, so it measures nothing.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let programs = Programs::find(arguments.iter().any(|argument| argument == "--self"))?;
    let selected: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    for (name, measure) in SECTIONS {
        if !selected.is_empty() && !selected.iter().any(|section| *section == name) {
            continue;
        }
        if let Err(error) = measure(&programs) {
            report::note(format_args!("{name}: not measured: {error}"));
        }
    }
    Ok(())
}
