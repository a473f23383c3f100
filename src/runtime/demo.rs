//! The command `demo`: runs the sandbox server and the client in one process, connected by a real socket.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use tokio::runtime::Builder;

use crate::config::{Secret, Settings};
use crate::server;

use super::configuration::Configuration;
use super::failure::Failure;
use super::run;
use super::serve::{listen_error, service};

/// Time that the server has to shut down.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(500);

/// Starts a sandbox server with simulated people on a local port, and runs the client on it.
///
/// # Errors
/// A sentence for the user, if the port is in use or the client fails.
pub fn demo(mut settings: Settings, configuration: Configuration, port: u16, seed: u64) -> anyhow::Result<ExitCode> {
    // The server has a thread of its own, so that the client runs exactly as with a remote server.
    let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("sandbox").enable_all().build()?;
    let bind = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let guest = settings.user.clone();
    let service = service(settings.backend);
    // Only this client knows the key: other users and web pages on this machine can reach the port as well.
    let api_key = server::random_key();
    let options =
        server::Options { bind, service, api_key, seed, populated: true, guest, ..server::Options::default() };
    let running = runtime.block_on(server::start(options));
    let running = running.map_err(|error| Failure::usage(listen_error(bind, &error, "--port")))?;
    settings.url = running.url();
    settings.api_key = Secret::new(running.api_key());
    let outcome = run(settings, configuration);
    runtime.block_on(running.stop());
    runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
    outcome
}
