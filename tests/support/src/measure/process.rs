//! Kernel counters of a running process: context switches, CPU time and memory. Linux only; zero elsewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Context switches of a process.
#[derive(Debug, Clone, Copy, Default)]
pub struct Switches {
    /// Voluntary switches: each of these waits ended with a wake-up.
    pub waited: u64,
    /// Involuntary switches, caused by other processes on the machine.
    pub preempted: u64,
}

/// Sums the context switches of all living threads.
pub fn switches(pid: i32) -> Switches {
    let Ok(threads) = fs::read_dir(at(pid, "task")) else { return Switches::default() };
    let mut sum = Switches::default();
    for thread in threads.flatten() {
        let status = fs::read_to_string(thread.path().join("status")).unwrap_or_default();
        sum.waited += field(&status, "voluntary_ctxt_switches:");
        sum.preempted += field(&status, "nonvoluntary_ctxt_switches:");
    }
    sum
}

/// CPU time in user and kernel mode, of living and ended threads.
pub fn cpu(pid: i32) -> Duration {
    const USER: usize = 11;
    let stat = fs::read_to_string(at(pid, "stat")).unwrap_or_default();
    // The name, in parentheses, may contain blanks; the fields are counted after it.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks: u64 = fields.split_whitespace().skip(USER).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    let per_second = rustix::param::clock_ticks_per_second().max(1);
    Duration::from_millis(ticks * 1000 / per_second)
}

/// Resident memory in MiB.
pub fn resident(pid: i32) -> f64 {
    let status = fs::read_to_string(at(pid, "status")).unwrap_or_default();
    let kib = u32::try_from(field(&status, "VmRSS:")).unwrap_or(u32::MAX);
    f64::from(kib) / 1024.0
}

fn at(pid: i32, name: &str) -> PathBuf {
    Path::new("/proc").join(pid.to_string()).join(name)
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
}
