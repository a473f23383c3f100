//! Starting and stopping a sandbox server that listens on a TCP port.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use super::faults::FaultControl;
use super::options::Options;
use super::sandbox::build;

/// Time to close the sockets when the server stops, and again to finish the open requests.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(400);

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct ServerHandle {
    url: String,
    api_key: String,
    faults: FaultControl,
    shutdown: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    tasks: Vec<JoinHandle<()>>,
}

/// Starts a sandbox server. It accepts requests as soon as this returns.
///
/// # Errors
///
/// When the address cannot be bound or the demo script cannot be read.
pub async fn start(options: Options) -> io::Result<ServerHandle> {
    let tcp = TcpListener::bind(options.bind).await?;
    let url = format!("http://{}", reachable_address(tcp.local_addr()?));
    let (listener, io, tasks) = build(&options, &url)?;
    let faults = listener.faults.clone();
    let (shutdown, requested) = oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        let (close, closing) = watch::channel(false);
        let shut_down = async {
            // An error means that the handle was dropped, which ends the server as well.
            let _ = requested.await;
            let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, io.close()).await;
            let _ = close.send(true);
        };
        tokio::join!(listener.run(tcp, closing), shut_down);
    });
    tracing::debug!(url, "sandbox server started");
    Ok(ServerHandle { url, api_key: options.api_key, faults, shutdown, serving, tasks })
}

/// Address under which a local client reaches a listener bound to `bound`: loopback for an unspecified address, and the
/// IPv4 address that an IPv6 address like `::ffff:127.0.0.1` stands for.
fn reachable_address(bound: SocketAddr) -> SocketAddr {
    match bound.ip().to_canonical() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), bound.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(Ipv6Addr::LOCALHOST.into(), bound.port()),
        IpAddr::V4(ip) => SocketAddr::new(ip.into(), bound.port()),
        // Keeps the scope of a link-local address.
        IpAddr::V6(_) => bound,
    }
}

impl ServerHandle {
    /// Base URL, without a trailing slash.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// API key of the app; for V Chat, the hash key.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// The faults of the server.
    pub fn faults(&self) -> &FaultControl {
        &self.faults
    }

    /// Closes all connections and the port.
    pub async fn stop(self) {
        let Self { shutdown, mut serving, tasks, .. } = self;
        for task in tasks {
            task.abort();
        }
        let _ = shutdown.send(());
        if tokio::time::timeout(2 * SHUTDOWN_TIMEOUT, &mut serving).await.is_err() {
            serving.abort();
            let _ = serving.await;
        }
    }
}
