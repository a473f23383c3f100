//! The command `serve`: runs the sandbox server until a signal arrives.
//!
//! To a program that reads its standard output, it prints one line with address and key, and the log to standard error.
//! To a person at a terminal, it prints what to do next, and a line for each event.

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use tokio::runtime::Builder;

use crate::config::Backend;
use crate::domain::Timestamp;
use crate::server::{self, FaultRules, Service};
use crate::text::SafeText;

use super::failure::{Failure, print_warning};
use super::logging::log_to_stderr;
use super::open_files::allow_open_files;
use super::sandbox_faults::fault_sentence;

/// Files that are open besides those of connections.
const OTHER_FILES: usize = 128;

/// Arguments of `serve`.
#[derive(Clone)]
pub struct Serve {
    /// Address to listen on.
    pub bind: SocketAddr,
    /// Time at which its clock starts; `None` for the real one.
    pub clock: Option<String>,
    /// Service to simulate.
    pub backend: Backend,
    /// Origins of web pages that may use the server.
    pub cors: Vec<String>,
    /// API key to accept; for V Chat, the hash key. `None` means a random one.
    pub api_key: Option<String>,
    /// Whether to start with people, rooms and history.
    pub people: bool,
    /// Seed of the simulation.
    pub seed: u64,
    /// Connections that are accepted at the same time.
    pub connections: usize,
    /// Faults to produce on purpose, such as `latency=200,drop=1%`; empty for none.
    pub faults: String,
    /// Seed of the faults.
    pub fault_seed: u64,
}

/// Runs the sandbox server until SIGTERM or SIGINT.
///
/// # Errors
/// A sentence for the user, if the address is not available or the faults are malformed.
pub fn serve(options: Serve) -> anyhow::Result<ExitCode> {
    log_to_stderr()?;
    Builder::new_multi_thread().enable_all().build()?.block_on(run_until_signal(options))
}

async fn run_until_signal(options: Serve) -> anyhow::Result<ExitCode> {
    let Serve { bind, clock, cors, backend, api_key, people, seed, connections, faults, fault_seed } = options;
    if api_key.as_ref().is_some_and(|key| SafeText::line(key).as_str() != key) {
        // The key is printed, and must be the same where it is read.
        let sentence =
            "The API key contains a control character or an invisible one. Choose another one with --api-key.";
        return Err(Failure::usage(sentence).into());
    }
    let faults = FaultRules::of_service(&faults, service(backend));
    let faults = faults.map_err(|error| Failure::usage(format!("--fault: {}", fault_sentence(&error))))?;
    if let Some(warning) = allow_open_files(connections + OTHER_FILES) {
        print_warning(&warning);
    }
    // Before the line is printed, because whoever reads it may stop the server immediately.
    let signals = StopSignals::listen()?;
    if let Some(start) = clock {
        let start = Timestamp::parse(&start);
        server::set_clock(start.ok_or_else(|| Failure::usage("--clock: Use the form 2026-11-30T12:00:00Z."))?);
    }
    let options = server::Options {
        bind,
        cors,
        service: service(backend),
        api_key: api_key.unwrap_or_else(server::random_key),
        seed,
        populated: people,
        host_names: host_names(),
        test_routes: true,
        limits: server::Limits { connections, ..server::Limits::default() },
        faults,
        fault_seed,
        ..server::Options::default()
    };
    let is_local = options.is_local();
    let running = server::start(options).await;
    let running = running.map_err(|error| Failure::usage(listen_error(bind, &error, "--bind")))?;
    if !is_local {
        // Not in the log, which may be off.
        print_warning(&format!(
            "Anyone on the network can reach this sandbox at {bind}, and its traffic is not encrypted. Use --bind with \
             127.0.0.1 to keep it on this machine."
        ));
    }
    announce(backend, people, &running.url(), running.api_key())?;
    signals.wait().await;
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Returns the name of this machine, with and without its domain.
#[cfg(unix)]
fn host_names() -> Vec<String> {
    let Ok(name) = nix::unistd::gethostname() else { return Vec::new() };
    let name = name.to_string_lossy().into_owned();
    let without_domain = name.split('.').next().unwrap_or_default().to_owned();
    vec![name, without_domain]
}

/// Returns the name of this machine. It is not known on this system.
#[cfg(not(unix))]
fn host_names() -> Vec<String> {
    Vec::new()
}

/// Returns the service that the sandbox simulates for a back end.
pub(super) fn service(backend: Backend) -> Service {
    match backend {
        Backend::MinChat => Service::MinChat,
        Backend::VChat => Service::VChat,
    }
}

/// Prints the address and the key. A broken pipe is not an error, since the reader may be gone already.
fn announce(backend: Backend, has_people: bool, url: &str, api_key: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let text = if out.is_terminal() {
        instructions(backend, has_people, url, api_key)
    } else {
        format!("serving {url} with API key {api_key}\n")
    };
    let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    printed.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

/// Returns what a person at a terminal has to know.
fn instructions(backend: Backend, has_people: bool, url: &str, api_key: &str) -> String {
    let (service, variable, noun) = match backend {
        Backend::MinChat => ("MinChat", String::new(), "API key "),
        Backend::VChat => ("V Chat", format!("MINCHAT_BACKEND={} ", backend.name()), "Hash key"),
    };
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let quoted =
        if api_key.chars().all(is_word) { api_key.to_owned() } else { format!("'{}'", api_key.replace('\'', r"'\''")) };
    let people = if has_people { "with simulated people" } else { "without people" };
    // A new account on MinChat is in no room, and nothing there lists people.
    let client = format!("{variable}MINCHAT_URL={url} MINCHAT_API_KEY={quoted} minchat-tui");
    let example = match (has_people, backend) {
        (true, Backend::MinChat) => "Write to one of the people there with `/dm mara`.\n\n".to_owned(),
        (true, Backend::VChat) => "Write to one of the people there: /people lists them.\n\n".to_owned(),
        // Nobody is there to write to.
        (false, _) => {
            format!("Start a second user in a third terminal, and write with `/dm alice`:\n\n  {client} --user bob\n\n")
        }
    };
    format!(
        "{service} sandbox, {people}. It forgets everything when it ends.\n\n\
         Address   {url}\n\
         {noun}  {api_key}\n\n\
         Chat here from another terminal:\n\n  \
         {client} --user alice\n\n\
         {example}\
         Ctrl+C stops it. Whoever connects, and whatever is refused, is listed below.\n\n"
    )
}

/// Returns the sentence about an address that is not available. `option` is the flag that sets it.
pub(super) fn listen_error(bind: SocketAddr, error: &io::Error, option: &str) -> String {
    let reason = match error.kind() {
        io::ErrorKind::AddrInUse => "another program is using it".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied; ports below 1024 are reserved".to_owned(),
        io::ErrorKind::AddrNotAvailable => "this machine does not have that address".to_owned(),
        _ => error.to_string(),
    };
    format!(
        "The server cannot listen on {bind}: {reason}. Choose another address with {option}; port 0 picks a free one."
    )
}

/// The signals that end the server.
#[cfg(unix)]
struct StopSignals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl StopSignals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The signals that end the server.
#[cfg(not(unix))]
struct StopSignals;

#[cfg(not(unix))]
impl StopSignals {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn wait(self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: people at a terminal saw log lines, and had to find out how to connect.
    #[test]
    fn person_at_a_terminal_learns_how_to_connect() {
        let text = instructions(Backend::MinChat, true, "http://127.0.0.1:4000", "it's");
        assert!(text.contains("Address   http://127.0.0.1:4000\nAPI key   it's\n"), "{text}");
        let command = r"MINCHAT_URL=http://127.0.0.1:4000 MINCHAT_API_KEY='it'\''s' minchat-tui --user alice";
        assert!(text.contains(&format!("\n  {command}\n")), "{text}");
        let text = instructions(Backend::VChat, false, "http://127.0.0.1:4000", "k3y");
        assert!(text.contains("\n  MINCHAT_BACKEND=vchat MINCHAT_URL=http://127.0.0.1:4000 MINCHAT_API_KEY=k3y "));
        assert!(text.lines().all(|line| line.len() <= 120), "{text}");
        let second =
            "MINCHAT_BACKEND=vchat MINCHAT_URL=http://127.0.0.1:4000 MINCHAT_API_KEY=k3y minchat-tui --user bob";
        assert!(text.contains(&format!("write with `/dm alice`:\n\n  {second}\n")), "{text}");
    }
}
