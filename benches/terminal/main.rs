//! The whole client in a pseudo-terminal, compared with minimal ratatui programs in the same run.
//!
//! Run with `cargo bench --bench terminal [-- [--self] [start] [keys] [pour-keys] [arrival] [idle] [flood]]`. With `--self`
//! the minimal programs are compared with themselves, which shows how far a ratio may differ from 1 by chance.
//! `MINCHAT_BENCH_IDLE` sets the duration of the idle section in seconds. Limits are printed, never asserted.

mod arrival;
mod idle;
mod keys;
mod pour;
mod programs;
mod start;

use programs::Programs;
use test_support::measure::report;

type Section = fn(&Programs) -> anyhow::Result<()>;

const SECTIONS: [(&str, Section); 6] = [
    ("start", start::measure),
    ("keys", keys::measure),
    ("pour-keys", pour::keys),
    ("arrival", arrival::measure),
    ("idle", idle::measure),
    ("flood", pour::flood),
];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` runs this too; tests must not depend on timing, so measure nothing then.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let programs = Programs::find(arguments.iter().any(|argument| argument == "--self"))?;
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    for (name, measure) in SECTIONS {
        if !wanted.is_empty() && !wanted.iter().any(|want| *want == name) {
            continue;
        }
        if let Err(error) = measure(&programs) {
            report::note(format_args!("{name}: not measured: {error}"));
        }
    }
    Ok(())
}
