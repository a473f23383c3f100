//! Values of faults: how often, how long, how many bytes per second. They are written as they are read.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

/// Parts of a whole in which a percentage is kept: `0.0001%` is the smallest.
const WHOLE: u32 = 1_000_000;
/// The longest time of a fault.
const MAX_TIME: Duration = Duration::from_secs(60 * 60);
/// Units of times, and their milliseconds.
const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("min", 60_000), ("h", 3_600_000)];

/// How often a fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chance {
    /// At random, in this many of a million cases.
    Random(u32),
    /// In exactly `hits` of every `of` cases, the last ones.
    Every {
        /// Cases with the fault.
        hits: u32,
        /// Length of the cycle.
        of: u32,
    },
}

impl Chance {
    /// Parses `5%`, `0.5%` or `1/3`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some((hits, of)) = text.split_once('/') {
            let (hits, of): (u32, u32) = (number(hits)?, number(of)?);
            return (hits <= of && of > 0).then_some(Self::Every { hits, of });
        }
        let percent = text.strip_suffix('%')?.trim();
        let parsed: f64 =
            percent.parse().ok().filter(|_| percent.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))?;
        (parsed <= 100.0).then(|| Self::Random((parsed * f64::from(WHOLE) / 100.0).round() as u32))
    }

    /// Whether the fault happens in the case with this number; the first is 0.
    pub(super) fn happens(self, number: u64, rng: &mut Rng) -> bool {
        match self {
            Self::Random(parts) => rng.u32(..WHOLE) < parts,
            Self::Every { hits, of } => number % u64::from(of) >= u64::from(of - hits),
        }
    }
}

impl fmt::Display for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Random(parts) => write!(f, "{}%", f64::from(*parts) * 100.0 / f64::from(WHOLE)),
            Self::Every { hits, of } => write!(f, "{hits}/{of}"),
        }
    }
}

/// A time that varies at random.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    base: Duration,
    /// The time is at most this much shorter or longer than `base`.
    jitter: Duration,
}

impl Span {
    /// Parses `200`, which are milliseconds, `2s`, `200±100` or `2s+-500ms`. The jitter may not exceed the time.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (base, jitter) = match text.split_once('±').or_else(|| text.split_once("+-")) {
            Some((base, jitter)) => (base, time(jitter)?),
            None => (text, Duration::ZERO),
        };
        let base = time(base)?;
        (jitter <= base).then_some(Self { base, jitter })
    }

    /// Draws a time.
    pub(super) fn draw(self, rng: &mut Rng) -> Duration {
        let jitter = u64::try_from(self.jitter.as_millis()).unwrap_or_default();
        (self.base - self.jitter) + Duration::from_millis(rng.u64(0..=2 * jitter))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_time(f, self.base)?;
        if self.jitter.is_zero() {
            return Ok(());
        }
        f.write_str("±")?;
        write_time(f, self.jitter)
    }
}

/// How often something happens on average.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frequency {
    times: u32,
    unit: Duration,
}

impl Frequency {
    /// Parses `1/min`, `10/s` or `2/h`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (times, unit) = text.split_once('/')?;
        let times = number(times).filter(|times| *times > 0)?;
        let (_, millis) = UNITS.iter().find(|(name, millis)| *name == unit.trim() && *millis > 1)?;
        Some(Self { times, unit: Duration::from_millis(*millis) })
    }

    /// Draws the time until the next occurrence: between half and one and a half of the average.
    pub(super) fn draw(self, rng: &mut Rng) -> Duration {
        (self.unit / self.times).mul_f64(0.5 + rng.f64())
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS.iter().find(|(_, millis)| Duration::from_millis(*millis) == self.unit);
        write!(f, "{}/{}", self.times, unit.map_or("s", |(name, _)| *name))
    }
}

/// Bytes per second, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Throughput(pub(super) u32);

impl Throughput {
    /// Parses `500B/s`, `10KB/s` or `1MB/s`. A kilobyte has 1,000 bytes.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let amount = text.strip_suffix("/s")?.trim_end();
        let (amount, factor) =
            match (amount.strip_suffix("KB").or(amount.strip_suffix("kB")), amount.strip_suffix("MB")) {
                (Some(kilobytes), _) => (kilobytes, 1_000),
                (_, Some(megabytes)) => (megabytes, 1_000_000),
                _ => (amount.strip_suffix('B')?, 1),
            };
        number(amount)?.checked_mul(factor).filter(|bytes| *bytes > 0).map(Self)
    }
}

impl fmt::Display for Throughput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes.is_multiple_of(1_000_000) => write!(f, "{}MB/s", bytes / 1_000_000),
            bytes if bytes.is_multiple_of(1_000) => write!(f, "{}KB/s", bytes / 1_000),
            bytes => write!(f, "{bytes}B/s"),
        }
    }
}

fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Parses a time such as `200`, which are milliseconds, `200ms`, `2s` or `1min`.
fn time(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (amount, unit) = text.split_at(digits);
    let unit = unit.trim();
    let millis = if unit.is_empty() { 1 } else { UNITS.iter().find(|(name, _)| *name == unit)?.1 };
    let time = Duration::from_millis(u64::from(number(amount)?).checked_mul(millis)?);
    (time <= MAX_TIME).then_some(time)
}

fn write_time(f: &mut fmt::Formatter<'_>, time: Duration) -> fmt::Result {
    let millis = time.as_millis();
    let fits = |unit: &&(&str, u64)| millis > 0 && millis.is_multiple_of(u128::from(unit.1));
    let (name, size) = UNITS.iter().rev().find(fits).unwrap_or(&UNITS[0]);
    write!(f, "{}{name}", millis / u128::from(*size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_parsed_and_written() {
        for (text, expected) in [("5%", "5%"), ("0.5%", "0.5%"), ("100 %", "100%"), ("0%", "0%"), ("1/3", "1/3")] {
            assert_eq!(Chance::parse(text).map(|chance| chance.to_string()).as_deref(), Some(expected));
        }
        for text in ["", "%", "5", "-5%", "101%", "inf%", "1/0", "4/3", "1/-3", "a/b", "+1/3", "1e1%"] {
            assert_eq!(Chance::parse(text), None, "{text}");
        }
    }

    #[test]
    fn fraction_hits_the_last_cases_of_every_cycle() {
        let mut rng = Rng::with_seed(1);
        let hits = |text: &str, rng: &mut Rng| -> Vec<u64> {
            let chance = Chance::parse(text).unwrap();
            (0..7).filter(|number| chance.happens(*number, rng)).collect()
        };
        assert_eq!(hits("1/3", &mut rng), [2, 5]);
        assert_eq!(hits("2/3", &mut rng), [1, 2, 4, 5]);
        assert_eq!(hits("1/1", &mut rng), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(hits("0/3", &mut rng), [0; 0]);
    }

    #[test]
    fn times_are_parsed_and_written() {
        for (text, expected) in [
            ("200", "200ms"),
            ("200±100", "200ms±100ms"),
            ("2s+-500ms", "2s±500ms"),
            (" 90s ± 1s ", "90s±1s"),
            ("60s", "1min"),
            ("0", "0ms"),
        ] {
            assert_eq!(Span::parse(text).map(|span| span.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "s", "2x", "-1", "1±2", "1.5s", "2h", "99999999999", "1±", "±1"] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
        let span = Span::parse("200±100").unwrap();
        let mut rng = Rng::with_seed(1);
        let drawn: Vec<u128> = (0..1_000).map(|_| span.draw(&mut rng).as_millis()).collect();
        assert!(drawn.iter().all(|time| (100..=300).contains(time)));
        assert!(drawn.iter().min() < Some(&110) && drawn.iter().max() > Some(&290));
    }

    #[test]
    fn rates_are_parsed_and_written() {
        for text in ["1/min", "10/s", "2/h"] {
            assert_eq!(Frequency::parse(text).unwrap().to_string(), text);
        }
        for text in ["500B/s", "10KB/s", "1MB/s", "1234B/s"] {
            assert_eq!(Throughput::parse(text).unwrap().to_string(), text);
        }
        assert!(["1/ms", "0/s", "1", "/s"].iter().all(|text| Frequency::parse(text).is_none()));
        assert!(["10KB", "0B/s", "KB/s", "9999MB/s", "10/s"].iter().all(|text| Throughput::parse(text).is_none()));
    }
}
