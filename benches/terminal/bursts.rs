//! Bursts of messages at the full speed of the server: the latency of keys during a burst, and the cost of receiving
//! it.

use std::time::Duration;

use anyhow::Context;

use crate::keys::type_glyph;
use crate::programs::{HEARTBEAT, Program, Programs};
use test_support::flood::{Flood, label};
use test_support::measure::samples::Samples;
use test_support::measure::{process, report};
use test_support::pty::Pty;

/// Messages in a burst: more than the queue of events holds, so that some are lost and fetched again.
const BURST: u64 = 50_000;
const BURSTS: usize = 8;
/// Maximum time from key to screen: one frame.
const FRAME_MS: f64 = 16.0;

/// Messages in a flood.
const FLOOD: u64 = 100_000;
const FLOODS: usize = 3;
/// Maximum ratio of the time for a flood.
const FLOOD_LIMIT: f64 = 1.3;
/// Maximum CPU time per 1,000 messages, with and without the store.
const CPU_LIMIT_MS: (f64, f64) = (8.0, 5.0);
/// Maximum memory use before a flood, with and without the store.
const IDLE_LIMIT_MIB: (f64, f64) = (14.0, 12.0);
/// Maximum memory use after one flood and after three.
const AFTER_LIMIT_MIB: f64 = 25.0;
/// Time after a flood in which the store writes what it still holds; part of the measured CPU time.
const SETTLED: Duration = Duration::from_secs(1);

/// Time limit for a flood, after which a program counts as hung.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Measures the latency of keys during bursts and prints the results.
pub(crate) fn keys(programs: &Programs) -> anyhow::Result<()> {
    let programs_and_names = [
        (Program::Client, "key to glyph, during a burst of 50,000, p99"),
        (Program::Incognito, "the same, incognito"),
        (Program::BareSocket, "the same, bare"),
    ];
    for (program, name) in programs_and_names {
        let flood = Flood::start(HEARTBEAT)?;
        let mut pty = programs.open(program, Program::BareSocket, &flood)?;
        let mut times = Samples::default();
        for _ in 0..BURSTS {
            burst(&mut pty, &flood, &mut times)?;
        }
        let details = format!(" (n={})", times.count());
        report::figure(name, times.p99().as_secs_f64() * 1e3, "ms", &details, FRAME_MS);
    }
    Ok(())
}

fn burst(pty: &mut Pty, flood: &Flood, samples: &mut Samples) -> anyhow::Result<()> {
    let frames = flood.load(BURST);
    let last = label(flood.last());
    flood.push(frames).context("the client is not connected")?;
    let has_last = |pty: &mut Pty| pty.screen().contains(&last);
    // The pauses are uneven so that keys arrive at different moments of a frame.
    for pause in [0, 3, 1, 6, 2, 7, 5, 4].into_iter().cycle() {
        if has_last(pty) {
            break;
        }
        samples.push(type_glyph(pty, Duration::from_millis(pause))?.1);
        if samples.count() > 100_000 {
            anyhow::bail!("the last of {BURST} messages never appeared; the screen was:\n{}", pty.screen());
        }
    }
    pty.process_for(Duration::from_millis(100));
    Ok(())
}

/// Measures a flood, compared with the socket library alone, and prints the results.
pub(crate) fn flood(programs: &Programs) -> anyhow::Result<()> {
    let (mut client, mut incognito, mut drained) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..FLOODS {
        client.push(client_cost(programs, Program::Client)?);
        incognito.push(client_cost(programs, Program::Incognito)?);
        drained.push(drain_cost(programs)?);
    }
    let (client, incognito, drained) = (median(client)?, median(incognito)?, median(drained)?);
    report::ratio("100,000 messages received", client.time, drained.time, FLOODS, FLOOD_LIMIT);
    let cpu = format!(" (bare {:.2} ms)", drained.cpu_ms());
    report::figure("CPU per 1,000 messages", client.cpu_ms(), "ms", &cpu, CPU_LIMIT_MS.0);
    report::figure("CPU per 1,000 messages, incognito", incognito.cpu_ms(), "ms", &cpu, CPU_LIMIT_MS.1);
    let (idle, after) = (format!(" (bare {:.1} MiB)", drained.idle), format!(" (bare {:.1} MiB)", drained.after));
    report::figure("memory, idle", client.idle, "MiB", &idle, IDLE_LIMIT_MIB.0);
    report::figure("memory, idle, incognito", incognito.idle, "MiB", &idle, IDLE_LIMIT_MIB.1);
    report::figure("memory, after 100,000", client.after, "MiB", &after, AFTER_LIMIT_MIB);
    report::figure("memory, after 100,000, incognito", incognito.after, "MiB", &after, AFTER_LIMIT_MIB);
    report::figure("memory, after 300,000", memory_after_floods(programs)?, "MiB", "", AFTER_LIMIT_MIB);
    Ok(())
}

/// Time, CPU time and memory use (in MiB) of one flood.
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

fn client_cost(programs: &Programs, program: Program) -> anyhow::Result<Cost> {
    if programs.is_self() {
        return drain_cost(programs);
    }
    let flood = Flood::start(HEARTBEAT)?;
    let pty = programs.open(program, Program::BareSocket, &flood)?;
    measure_flood(pty, &flood, None)
}

/// Returns the memory use after three floods in one run.
fn memory_after_floods(programs: &Programs) -> anyhow::Result<f64> {
    let flood = Flood::start(HEARTBEAT)?;
    let mut pty = programs.open(Program::Client, Program::BareSocket, &flood)?;
    for _ in 0..3 {
        let frames = flood.load(FLOOD);
        flood.push(frames).context("the client is not connected")?;
        pty.wait_text(&label(flood.last()), TIMEOUT)?;
        pty.process_for(SETTLED);
    }
    Ok(process::resident(pty.pid()))
}

fn drain_cost(programs: &Programs) -> anyhow::Result<Cost> {
    let flood = Flood::start(HEARTBEAT)?;
    let pty = programs.drain(FLOOD, &flood)?;
    measure_flood(pty, &flood, Some("drained"))
}

/// Sends a flood and waits until `done`, or else the last message, is on the screen.
fn measure_flood(mut pty: Pty, flood: &Flood, done: Option<&str>) -> anyhow::Result<Cost> {
    let frames = flood.load(FLOOD);
    let last = label(flood.last());
    let (idle, cpu) = (process::resident(pty.pid()), process::cpu(pty.pid()));
    let start = flood.push(frames).context("the client is not connected")?;
    let end = pty.wait_text(done.unwrap_or(&last), TIMEOUT)?;
    pty.process_for(SETTLED);
    let cpu = process::cpu(pty.pid()).saturating_sub(cpu);
    Ok(Cost { time: end - start, cpu, idle, after: process::resident(pty.pid()) })
}

/// Returns the flood with the median time.
fn median(mut costs: Vec<Cost>) -> anyhow::Result<Cost> {
    costs.sort_by_key(|cost| cost.time);
    let middle = costs.len() / 2;
    costs.into_iter().nth(middle).context("nothing was measured")
}
