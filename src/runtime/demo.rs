//! The demo: the sandbox server and the client in one process, over a real socket.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use tokio::runtime::Builder;

use crate::config::{Secret, Settings};
use crate::server;

use super::failure::Failure;
use super::run;
use super::serve::{refusal, service};

/// How long the server may take to end.
const FAREWELL: Duration = Duration::from_millis(500);

/// Starts a server with people on a port of this machine and the client on it.
///
/// # Errors
/// A sentence, when the port is taken or the client fails.
pub fn demo(mut settings: Settings, port: u16, seed: u64) -> anyhow::Result<ExitCode> {
    // The server has a thread of its own, so that the client is as it would be with a server elsewhere.
    let world = Builder::new_multi_thread().worker_threads(1).thread_name("sandbox").enable_all().build()?;
    let bind = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let guest = settings.user.clone();
    let service = service(settings.backend);
    let options = server::Options { bind, service, seed, populated: true, guest, ..server::Options::default() };
    let running = world.block_on(server::start(options));
    let running = running.map_err(|error| Failure::usage(refusal(bind, &error, "--port")))?;
    settings.url = running.url();
    settings.api_key = Secret::new(running.api_key());
    let outcome = run(settings);
    world.block_on(running.stop());
    world.shutdown_timeout(FAREWELL);
    outcome
}
