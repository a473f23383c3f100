//! Starts and stops the sandbox server, whichever service it plays.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use socketioxide::SocketIo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{minchat, vchat};

/// How long sockets, and then open requests, may take to end when the server stops.
const FAREWELL: Duration = Duration::from_millis(400);

/// Which service is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// MinChat.
    #[default]
    MinChat,
    /// V Chat, version 2.
    VChat,
}

/// How the sandbox is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes any free one.
    pub bind: SocketAddr,
    /// Which service is played.
    pub dialect: Dialect,
    /// MinChat: the API key of the app; the key `demo` and keys made by `/sdk-test` are good as well. V Chat: the hash
    /// key, from which passwords are derived.
    pub api_key: String,
    /// What chance follows: ids, and what the scripted people do.
    pub seed: u64,
    /// Whether there are people, rooms and a history; otherwise the app is empty.
    pub people: bool,
    /// The username of the one whom the people know and talk to.
    pub guest: String,
    /// V Chat: how long a call rings.
    pub ring: Duration,
    /// V Chat: how many requests one token, or one address without a token, may make within five minutes; without, any
    /// number.
    pub rate: Option<u32>,
    /// How often the sockets are pinged and how long an answer may take, instead of what the service itself does.
    pub ping: Option<(Duration, Duration)>,
}

impl Default for Options {
    /// An empty MinChat on any free port of this machine.
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            dialect: Dialect::default(),
            api_key: "SANDBOX".to_owned(),
            seed: 1,
            people: false,
            guest: "guest".to_owned(),
            ring: Duration::from_secs(60),
            rate: None,
            ping: None,
        }
    }
}

/// A dialect that is ready to be served.
pub(crate) struct Stand {
    /// All its routes, with the sockets.
    pub(crate) routes: Router,
    /// Its sockets.
    pub(crate) io: SocketIo,
    /// What goes on by itself.
    pub(crate) tasks: Vec<JoinHandle<()>>,
}

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    url: String,
    api_key: String,
    quit: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    tasks: Vec<JoinHandle<()>>,
}

/// Starts a sandbox server. It answers as soon as this returns.
///
/// # Errors
///
/// When the address cannot be listened on, or the script of the people cannot be read.
pub async fn start(options: Options) -> io::Result<Running> {
    let listener = TcpListener::bind(options.bind).await?;
    let url = format!("http://{}", reachable(listener.local_addr()?));
    let Stand { routes, io, tasks } = match options.dialect {
        Dialect::MinChat => minchat::stand(&options, &url)?,
        Dialect::VChat => vchat::stand(&options, &url)?,
    };
    let (quit, told) = oneshot::channel::<()>();
    // Without this the second of two quick small packets waits for the first one's acknowledgement.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let farewell = async move {
        // Told to quit, or the one who could tell is gone.
        let _ = told.await;
        let _ = tokio::time::timeout(FAREWELL, io.close()).await;
    };
    let serving = axum::serve(listener, routes.into_make_service_with_connect_info::<SocketAddr>());
    let serving = serving.with_graceful_shutdown(farewell);
    let serving = tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!(%error, "the server ended");
        }
    });
    tracing::info!(url, "serving");
    Ok(Running { url, api_key: options.api_key, quit, serving, tasks })
}

/// Where somebody on this machine reaches what listens on `bound`.
fn reachable(bound: SocketAddr) -> SocketAddr {
    match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), bound.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(Ipv6Addr::LOCALHOST.into(), bound.port()),
        _ => bound,
    }
}

impl Running {
    /// The base address, without a slash at the end.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The API key of the app.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// Closes all connections and the port.
    pub async fn stop(self) {
        let Self { quit, mut serving, tasks, .. } = self;
        for task in tasks {
            task.abort();
        }
        let _ = quit.send(());
        if tokio::time::timeout(2 * FAREWELL, &mut serving).await.is_err() {
            serving.abort();
            let _ = serving.await;
        }
    }
}
