//! Figures about this process, read from `/proc`.

use std::io::Write;
use std::time::Instant;

use super::run::Outcome;

/// Wall clock, processor time and memory of this process since its start.
pub(super) struct Meter {
    start: Instant,
    ticks: u64,
    rss: u64,
}

impl Meter {
    pub(super) fn start() -> Self {
        Self { start: Instant::now(), ticks: ticks(), rss: status("VmRSS:") }
    }

    pub(super) fn report(&self, count: usize, gaps: usize) -> Outcome<()> {
        let wall = self.start.elapsed();
        let cpu = (ticks() - self.ticks) * 10;
        writeln!(
            std::io::stdout(),
            " {count:6} events {gaps} gaps {:5} ms wall {cpu:5} ms cpu {:5.2} us/event  rss {} -> {} kB, peak {} kB",
            wall.as_millis(),
            cpu as f64 * 1000.0 / count as f64,
            self.rss,
            status("VmRSS:"),
            status("VmHWM:"),
        )?;
        Ok(())
    }
}

/// Processor time of this process in clock ticks of 10 ms.
fn ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    fields.iter().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum()
}

/// A figure of `/proc/self/status` in kB.
fn status(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(key)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or_default()
}
