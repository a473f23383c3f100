//! Compares the running times of two pieces of code in one process.
//!
//! They run in turn, a short batch of one and then of the other, so that a slower machine slows both, and the medians
//! of many such rounds are compared. Statistics libraries measure one subject at a time, minutes apart, which is less
//! reliable for a ratio.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::report;
use super::samples::Samples;

const ROUNDS: usize = 101;
/// Length of a batch, long enough that reading the clock does not matter.
const BATCH: Duration = Duration::from_micros(500);

/// Prints the ratio of the subject's time to that of the baseline, which is called `whom`.
pub fn compare<S, B>(
    name: &str,
    (whom, limit): (&str, f64),
    mut subject: impl FnMut() -> S,
    mut baseline: impl FnMut() -> B,
) {
    let sizes = (batch_size(&mut subject), batch_size(&mut baseline));
    let (mut subjects, mut baselines) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        subjects.push(batch(sizes.0, &mut subject));
        baselines.push(batch(sizes.1, &mut baseline));
    }
    report::ratio_to(whom, name, subjects.median(), baselines.median(), ROUNDS, limit);
}

/// Prints the ratio of the times that `act` takes on `(subject, baseline)`. `prepare` runs before each call and is not
/// measured. For actions that are long enough to be timed one by one, or that cannot be repeated often.
pub fn compare_each<T, P, R>(
    name: &str,
    (whom, limit): (&str, f64),
    (subject, baseline): (&mut T, &mut T),
    mut prepare: impl FnMut(&mut T) -> P,
    mut act: impl FnMut(&mut T, P) -> R,
) {
    let mut time_once = |thing: &mut T| {
        let prepared = prepare(thing);
        let start = Instant::now();
        black_box(act(thing, prepared));
        start.elapsed()
    };
    let (mut subjects, mut baselines) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        subjects.push(time_once(subject));
        baselines.push(time_once(baseline));
    }
    report::ratio_to(whom, name, subjects.median(), baselines.median(), ROUNDS, limit);
}

/// Returns the number of calls that fill a batch. The first calls warm up.
fn batch_size<T>(code: &mut impl FnMut() -> T) -> u32 {
    let mut calls = 1;
    while batch(calls, code) * calls < BATCH && calls < 1 << 20 {
        calls *= 2;
    }
    calls
}

/// Average time of one call in a batch.
fn batch<T>(calls: u32, code: &mut impl FnMut() -> T) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        black_box(code());
    }
    start.elapsed() / calls
}
