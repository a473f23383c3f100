//! The client as a person sees it: in a terminal, beside a bare ratatui program measured in the same run.
//!
//! `cargo bench --bench terminal [-- [--self] [start] [keys] [pour-keys] [arrival] [idle] [flood]]`; with `--self` the
//! bare programs are measured against themselves, which shows how far a ratio may stray from 1 by chance. The idle
//! minute is as long as `MINCHAT_BENCH_IDLE` says in seconds. Limits are printed, never asserted.

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
    // Under `cargo test --all-targets` nothing is measured: a test never depends on the time something takes.
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
