//! The command `serve`: runs the sandbox server until a signal arrives.
//!
//! It prints one line with address and key to standard output, and the log to standard error.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use tokio::runtime::Builder;

use crate::config::Backend;
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
    let Serve { bind, cors, backend, api_key, people, seed, connections, faults, fault_seed } = options;
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
    announce(&running.url(), running.api_key())?;
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
fn announce(url: &str, api_key: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let printed = writeln!(out, "serving {url} with API key {api_key}").and_then(|()| out.flush());
    printed.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
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
