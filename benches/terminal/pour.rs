//! Messages as fast as a server can send them: whether the keys still answer, and what it costs.

use std::time::Duration;

use anyhow::Context;

use crate::keys::glyph;
use crate::programs::{HEARTBEAT, Program, Programs};
use test_support::flood::{Flood, text};
use test_support::measure::samples::Samples;
use test_support::measure::{process, report};
use test_support::pty::Pty;

const BURST: u64 = 10_000;
const BURSTS: usize = 30;
const FRAME_MS: f64 = 16.0;

const FLOOD: u64 = 100_000;
const FLOODS: usize = 3;
const FLOOD_LIMIT: f64 = 1.3;
const CPU_LIMIT_MS: f64 = 10.0;
const IDLE_LIMIT_MIB: f64 = 14.0;
const AFTER_LIMIT_MIB: f64 = 40.0;
/// What the store may take beside that: SQLite's code and cache, and, after a flood, what waited for the disk.
const STORE_LIMIT_MIB: (f64, f64) = (2.0, 8.0);

/// A program that answers at all has shown them by then.
const PATIENCE: Duration = Duration::from_secs(120);

/// Keys while a burst pours in. Prints the section's lines.
pub(crate) fn keys(programs: &Programs) -> anyhow::Result<()> {
    let floods = (Flood::start(HEARTBEAT)?, Flood::start(HEARTBEAT)?);
    let mut client = programs.open(Program::Client, Program::BareSocket, &floods.0)?;
    let mut bare = programs.open(Program::BareSocket, Program::BareSocket, &floods.1)?;
    let (mut of_client, mut of_bare) = (Samples::default(), Samples::default());
    for _ in 0..BURSTS {
        burst(&mut client, &floods.0, &mut of_client)?;
        burst(&mut bare, &floods.1, &mut of_bare)?;
    }
    let p99 = of_client.p99();
    let beside = format!(" (bare {}, n={})", report::time(of_bare.p99()), of_client.count());
    report::figure("key to glyph, 10,000 pouring, p99", p99.as_secs_f64() * 1e3, "ms", &beside, FRAME_MS);
    Ok(())
}

fn burst(pty: &mut Pty, flood: &Flood, samples: &mut Samples) -> anyhow::Result<()> {
    let frames = flood.load(BURST);
    let last = text(flood.last());
    flood.push(frames).context("the socket is gone")?;
    let has_last = |pty: &mut Pty| pty.screen().contains(&last);
    // Uneven pauses: a key must not always meet the same moment of a frame.
    for pause in [0, 3, 1, 6, 2, 7, 5, 4].into_iter().cycle() {
        if has_last(pty) {
            break;
        }
        samples.push(glyph(pty, Duration::from_millis(pause))?.1);
        if samples.count() > 100_000 {
            anyhow::bail!("the last of {BURST} messages never came; the screen was:\n{}", pty.screen());
        }
    }
    pty.watch(Duration::from_millis(100));
    Ok(())
}

/// A flood, beside what the socket library alone needs for it. Prints the section's lines.
pub(crate) fn flood(programs: &Programs) -> anyhow::Result<()> {
    let (mut client, mut incognito, mut drained) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..FLOODS {
        client.push(of_client(programs, Program::Client)?);
        incognito.push(of_client(programs, Program::Incognito)?);
        drained.push(of_drain(programs)?);
    }
    let (client, incognito, drained) = (middle(client)?, middle(incognito)?, middle(drained)?);
    report::ratio("100,000 messages received", client.time, drained.time, FLOODS, FLOOD_LIMIT);
    let cpu = format!(" (bare {:.2} ms)", drained.cpu_ms());
    report::figure("CPU per 1,000 messages", client.cpu_ms(), "ms", &cpu, CPU_LIMIT_MS);
    report::figure("CPU per 1,000 messages, incognito", incognito.cpu_ms(), "ms", &cpu, CPU_LIMIT_MS);
    let (idle, after) = (format!(" (bare {:.1} MiB)", drained.idle), format!(" (bare {:.1} MiB)", drained.after));
    report::figure("memory, idle", client.idle, "MiB", &idle, IDLE_LIMIT_MIB + STORE_LIMIT_MIB.0);
    report::figure("memory, idle, incognito", incognito.idle, "MiB", &idle, IDLE_LIMIT_MIB);
    report::figure("memory, after 100,000", client.after, "MiB", &after, AFTER_LIMIT_MIB + STORE_LIMIT_MIB.1);
    report::figure("memory, after 100,000, incognito", incognito.after, "MiB", &after, AFTER_LIMIT_MIB);
    Ok(())
}

/// One flood's figures.
struct Cost {
    time: Duration,
    cpu: Duration,
    idle: f64,
    after: f64,
}

impl Cost {
    fn cpu_ms(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e3 / (FLOOD as f64 / 1e3)
    }
}

fn of_client(programs: &Programs, program: Program) -> anyhow::Result<Cost> {
    if programs.is_self() {
        return of_drain(programs);
    }
    let flood = Flood::start(HEARTBEAT)?;
    let pty = programs.open(program, Program::BareSocket, &flood)?;
    pour(pty, &flood, None)
}

fn of_drain(programs: &Programs) -> anyhow::Result<Cost> {
    let flood = Flood::start(HEARTBEAT)?;
    let pty = programs.drain(FLOOD, &flood)?;
    pour(pty, &flood, Some("drained"))
}

/// Pours, and waits until `done` is on the screen, else the last message.
fn pour(mut pty: Pty, flood: &Flood, done: Option<&str>) -> anyhow::Result<Cost> {
    let frames = flood.load(FLOOD);
    let last = text(flood.last());
    let (idle, cpu) = (process::resident(pty.pid()), process::cpu(pty.pid()));
    let start = flood.push(frames).context("the socket is gone")?;
    let end = pty.wait_text(done.unwrap_or(&last), PATIENCE)?;
    let cpu = process::cpu(pty.pid()).saturating_sub(cpu);
    Ok(Cost { time: end - start, cpu, idle, after: process::resident(pty.pid()) })
}

/// The one whose time is the median.
fn middle(mut costs: Vec<Cost>) -> anyhow::Result<Cost> {
    costs.sort_by_key(|cost| cost.time);
    let middle = costs.len() / 2;
    costs.into_iter().nth(middle).context("nothing was measured")
}
