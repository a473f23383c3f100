//! Lines that a bench prints: the measurement, its baseline, the limit, and whether the limit holds.
//!
//! A missed limit is reported and never fails the bench: the machine may be busy, and a person reads the output.

use std::fmt::Display;
use std::io::{Write, stdout};
use std::time::Duration;

use super::samples::Samples;

const NAME_WIDTH: usize = 44;

/// Prints `name  1.4× bare (3.1 ms / 2.2 ms, n=30)  limit 2×  ok`.
pub fn ratio(name: &str, subject: Duration, baseline: Duration, count: usize, limit: f64) {
    ratio_to("bare", name, subject, baseline, count, limit);
}

/// Prints a ratio to a baseline called `whom`.
pub fn ratio_to(whom: &str, name: &str, subject: Duration, baseline: Duration, count: usize, limit: f64) {
    let (ratio, figures) = describe_ratio(whom, subject, baseline, count);
    print_line(name, &figures, &format!("{limit}×"), ratio <= limit);
}

/// Prints a ratio without a limit.
pub fn ratio_without_limit(name: &str, subject: Duration, baseline: Duration, count: usize) {
    note(format_args!("{name:<NAME_WIDTH$} {}", describe_ratio("bare", subject, baseline, count).1));
}

/// Prints the ratio of the medians of two series.
pub fn medians(name: &str, subject: &Samples, baseline: &Samples, limit: f64) {
    ratio(name, subject.median(), baseline.median(), subject.count().min(baseline.count()), limit);
}

/// Prints a figure with a limit. `beside` is printed after the unit, for instance to name a baseline.
pub fn figure(name: &str, value: f64, unit: &str, beside: &str, limit: f64) {
    print_line(name, &format!("{} {unit}{beside}", number(value)), &format!("{limit} {unit}"), value <= limit);
}

/// Prints a line that is not a measurement.
pub fn note(text: impl Display) {
    // A closed standard output is no error: nobody reads on.
    let _ = writeln!(stdout(), "{text}");
}

/// Formats a duration with a suitable unit.
pub fn time(duration: Duration) -> String {
    let micros = duration.as_secs_f64() * 1e6;
    match micros {
        0.0..1.0 => format!("{} ns", number(micros * 1e3)),
        1.0..1e3 => format!("{} µs", number(micros)),
        1e3..1e6 => format!("{} ms", number(micros / 1e3)),
        _ => format!("{} s", number(micros / 1e6)),
    }
}

fn describe_ratio(whom: &str, subject: Duration, baseline: Duration, count: usize) -> (f64, String) {
    let ratio = subject.as_secs_f64() / baseline.as_secs_f64().max(f64::MIN_POSITIVE);
    (ratio, format!("{ratio:.2}× {whom} ({} / {}, n={count})", time(subject), time(baseline)))
}

fn number(value: f64) -> String {
    if value >= 100.0 || value == value.trunc() { format!("{value:.0}") } else { format!("{value:.2}") }
}

fn print_line(name: &str, figures: &str, limit: &str, holds: bool) {
    let verdict = if holds { "ok" } else { "OVER" };
    note(format_args!("{name:<NAME_WIDTH$} {figures:<46} limit {limit:<8} {verdict}"));
}
