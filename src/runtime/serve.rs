//! The sandbox server alone: one line on standard output, the log on standard error, a clean end on a signal.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use tokio::runtime::Builder;

use crate::config::Backend;
use crate::server::{self, Service};

use super::failure::Failure;
use super::logging::log_to_stderr;

/// What to serve.
#[derive(Clone)]
pub struct Serve {
    /// Where to listen.
    pub bind: SocketAddr,
    /// Which service to play.
    pub backend: Backend,
    /// The API key of the app; of V Chat, the hash key.
    pub api_key: String,
    /// Whether there are people, rooms and history.
    pub people: bool,
    /// What chance follows.
    pub seed: u64,
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// A sentence, when the address cannot be listened on.
pub fn serve(options: Serve) -> anyhow::Result<ExitCode> {
    log_to_stderr()?;
    Builder::new_multi_thread().enable_all().build()?.block_on(until_told(options))
}

async fn until_told(options: Serve) -> anyhow::Result<ExitCode> {
    let Serve { bind, backend, api_key, people, seed } = options;
    // Listened for before the line is printed: who reads the line may stop the server at once.
    let told = Told::listen()?;
    let options = server::Options {
        bind,
        service: service(backend),
        api_key,
        seed,
        populated: people,
        ..server::Options::default()
    };
    let running = server::start(options).await;
    let running = running.map_err(|error| Failure::usage(refusal(bind, &error, "--bind")))?;
    if !bind.ip().is_loopback() {
        let warning = "others in the network can reach this sandbox, and everything travels unencrypted";
        tracing::warn!(%bind, "{warning}");
    }
    announce(&running.url(), running.api_key())?;
    told.wait().await;
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// The server's word for a back end.
pub(super) fn service(backend: Backend) -> Service {
    match backend {
        Backend::MinChat => Service::MinChat,
        Backend::VChat => Service::VChat,
    }
}

/// The one line. A reader who is gone already is no failure of the server.
fn announce(url: &str, api_key: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let printed = writeln!(out, "serving {url} with API key {api_key}").and_then(|()| out.flush());
    printed.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

/// Why an address cannot be listened on, and what to do.
pub(super) fn refusal(bind: SocketAddr, error: &io::Error, option: &str) -> String {
    let reason = match error.kind() {
        io::ErrorKind::AddrInUse => "another program listens there".to_owned(),
        io::ErrorKind::PermissionDenied => "the system does not permit it; ports below 1024 are reserved".to_owned(),
        io::ErrorKind::AddrNotAvailable => "this machine does not have that address".to_owned(),
        _ => error.to_string(),
    };
    format!(
        "The server cannot listen on {bind}: {reason}. Choose another place with {option}; port 0 takes any free one."
    )
}

/// The signals that end the server.
#[cfg(unix)]
struct Told {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Told {
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
struct Told;

#[cfg(not(unix))]
impl Told {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn wait(self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
