//! The command `demo`: runs the sandbox server and the client in one process, connected by a real socket.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use tokio::runtime::Builder;

use crate::config::{Secret, Settings};
use crate::server;

use super::client::run_with;
use super::configuration::Configuration;
use super::failure::Failure;
use super::people;
use super::sandbox_faults::SandboxFaults;
use super::serve::{listen_error, service};

/// Time that the server has to shut down.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(500);

/// What the command is to start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demo {
    /// Seed of the simulation.
    pub seed: u64,
    /// Port of the server; 0 picks a free one.
    pub port: u16,
    /// The people to chat as, side by side. Without any, it is the user of the settings.
    pub people: Vec<String>,
}

/// Starts a sandbox server with simulated people on a local port, and runs the client on it. With both services, each
/// has a server and a profile of its own. With several people, each has a profile on the same server.
///
/// # Errors
/// A sentence for the user, if the port is in use or the client fails.
pub fn demo(demo: &Demo, mut settings: Settings, configuration: Configuration) -> anyhow::Result<ExitCode> {
    if demo.port != 0 && !settings.others.is_empty() {
        return Err(Failure::usage("--port has no effect with `--backend both`. Remove it.").into());
    }
    if !demo.people.is_empty() {
        settings = people::side_by_side(settings, &demo.people)?;
    }
    // The server has a thread of its own, so that the client runs exactly as with a remote server.
    let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("sandbox").enable_all().build()?;
    let bind = SocketAddr::from((Ipv4Addr::LOCALHOST, demo.port));
    let mut servers = Vec::new();
    if settings.side_by_side {
        servers.push(runtime.block_on(start(&mut settings, bind, demo.seed))?);
        people::share_server(&mut settings);
    } else {
        let others = std::mem::take(&mut settings.others);
        servers.push(runtime.block_on(start(&mut settings, bind, demo.seed))?);
        for mut other in others {
            servers.push(runtime.block_on(start(&mut other, bind, demo.seed))?);
            settings.others.push(other);
        }
    }
    let faults = servers.iter().map(|server| (server.url(), server.faults().clone())).collect();
    let outcome = run_with(settings, configuration, SandboxFaults(faults));
    servers.into_iter().for_each(|server| runtime.block_on(server.stop()));
    runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
    outcome
}

/// Starts the server of a profile, and adds its address and key to the profile's settings.
async fn start(settings: &mut Settings, bind: SocketAddr, seed: u64) -> anyhow::Result<server::ServerHandle> {
    let options = server::Options {
        bind,
        service: service(settings.backend),
        // Only this client knows the key: other users and web pages on this machine can reach the port as well.
        api_key: server::random_key(),
        seed,
        populated: true,
        guest: settings.user.clone(),
        companions: settings.others.iter().map(|other| other.user.clone()).collect(),
        ..server::Options::default()
    };
    let running = server::start(options).await;
    let running = running.map_err(|error| Failure::usage(listen_error(bind, &error, "--port")))?;
    settings.is_sandbox = true;
    settings.url = running.url();
    settings.api_key = Secret::new(running.api_key());
    Ok(running)
}
