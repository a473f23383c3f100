//! The lines a bench prints: what was measured, the baseline beside it, the limit, and whether it holds.
//!
//! A limit that is missed is said, never failed: the machine may be busy, and a bench is read by a person.

use std::fmt::Display;
use std::io::{Write, stdout};
use std::time::Duration;

use super::samples::Samples;

const NAME_WIDTH: usize = 44;

/// `name  1.4× bare (3.1 ms / 2.2 ms, n=30)  limit 2×  ok`.
pub fn ratio(name: &str, subject: Duration, baseline: Duration, count: usize, limit: f64) {
    ratio_to("bare", name, subject, baseline, count, limit);
}

/// A ratio to a baseline called `whom`.
pub fn ratio_to(whom: &str, name: &str, subject: Duration, baseline: Duration, count: usize, limit: f64) {
    let (ratio, figures) = against(whom, subject, baseline, count);
    say(name, &figures, &format!("{limit}×"), ratio <= limit);
}

/// A ratio that nothing was promised of.
pub fn plain_ratio(name: &str, subject: Duration, baseline: Duration, count: usize) {
    note(format_args!("{name:<NAME_WIDTH$} {}", against("bare", subject, baseline, count).1));
}

/// The ratio of the medians of two series.
pub fn medians(name: &str, subject: &Samples, baseline: &Samples, limit: f64) {
    ratio(name, subject.median(), baseline.median(), subject.count().min(baseline.count()), limit);
}

/// A figure with a limit of its own; `beside` says what it is compared with, or nothing.
pub fn figure(name: &str, value: f64, unit: &str, beside: &str, limit: f64) {
    say(name, &format!("{} {unit}{beside}", number(value)), &format!("{limit} {unit}"), value <= limit);
}

/// A line that is no measurement.
pub fn note(text: impl Display) {
    // Whoever closed our output does not read on.
    let _ = writeln!(stdout(), "{text}");
}

/// A duration in the unit that suits it.
pub fn time(duration: Duration) -> String {
    let micros = duration.as_secs_f64() * 1e6;
    match micros {
        0.0..1.0 => format!("{} ns", number(micros * 1e3)),
        1.0..1e3 => format!("{} µs", number(micros)),
        1e3..1e6 => format!("{} ms", number(micros / 1e3)),
        _ => format!("{} s", number(micros / 1e6)),
    }
}

fn against(whom: &str, subject: Duration, baseline: Duration, count: usize) -> (f64, String) {
    let ratio = subject.as_secs_f64() / baseline.as_secs_f64().max(f64::MIN_POSITIVE);
    (ratio, format!("{ratio:.2}× {whom} ({} / {}, n={count})", time(subject), time(baseline)))
}

fn number(value: f64) -> String {
    if value >= 100.0 || value == value.trunc() { format!("{value:.0}") } else { format!("{value:.2}") }
}

fn say(name: &str, figures: &str, limit: &str, holds: bool) {
    let verdict = if holds { "ok" } else { "OVER" };
    note(format_args!("{name:<NAME_WIDTH$} {figures:<46} limit {limit:<8} {verdict}"));
}
