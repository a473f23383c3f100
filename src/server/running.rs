//! Starts and stops the sandbox server.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use socketioxide::{ParserConfig, SocketIo};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::files::{Files, LARGEST};
use super::hub::{Ear, Hub, now};
use super::world::World;
use super::{http, script, socket};

/// Packets that wait for one client before it loses some. The library's 128 would lose messages in any burst; memory
/// is only used while packets wait.
const WAITING_PACKETS: usize = 1 << 18;
/// What the scripted people may leave unheard before they miss something.
const CUES: usize = 1024;
/// How long sockets, and then open requests, may take to end when the server stops.
const FAREWELL: Duration = Duration::from_millis(400);

/// How the sandbox is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes any free one.
    pub bind: SocketAddr,
    /// The API key of the app; the key `demo` and keys made by `/sdk-test` are good as well.
    pub api_key: String,
    /// What chance follows: ids, and what the scripted people do.
    pub seed: u64,
    /// Whether there are people, rooms and a history; otherwise the app is empty.
    pub people: bool,
    /// The username of the one whom the people know and talk to.
    pub guest: String,
}

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    url: String,
    api_key: String,
    quit: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    people: Option<JoinHandle<()>>,
}

/// Starts a sandbox server. It answers as soon as this returns.
///
/// # Errors
///
/// When the address cannot be listened on, or the script of the people cannot be read.
pub async fn start(options: Options) -> io::Result<Running> {
    let Options { bind, api_key, seed, people, guest } = options;
    let listener = TcpListener::bind(bind).await?;
    let url = format!("http://{}", reachable(listener.local_addr()?));
    let mut world =
        World::new(now(), seed, &api_key).map_err(|refusal| io::Error::other(refusal.message().to_owned()))?;

    let mut files = Files::default();
    let mut ear = None;
    let mut cast = None;
    if people {
        let (cues, heard) = mpsc::channel(CUES);
        let tenant = world.tenant(&api_key).map_err(|refusal| io::Error::other(refusal.message().to_owned()))?;
        cast = Some((script::enter(tenant, (&mut files, &url), now(), seed, &guest)?, heard));
        ear = Some(Ear { key: api_key.clone(), cues });
    }

    let (layer, io) = SocketIo::builder()
        .max_buffer_size(WAITING_PACKETS)
        .max_payload(LARGEST as u64)
        .ws_max_message_size(LARGEST + (1 << 20))
        .ws_max_frame_size(LARGEST + (1 << 20))
        .with_parser(ParserConfig::common().max_incoming_binary_buf_size(LARGEST).max_incoming_binaries(4))
        .build_layer();
    let hub = Arc::new(Hub::new(world, files, io.clone(), url.clone(), ear));
    socket::listen(&io, &Arc::downgrade(&hub));
    let people =
        cast.map(|(stage, heard)| tokio::spawn(script::play(Arc::downgrade(&hub), api_key.clone(), stage, heard)));

    let (quit, told) = oneshot::channel::<()>();
    // Without this the second of two quick small packets waits for the first one's acknowledgement.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let farewell = async move {
        // Told to quit, or the one who could tell is gone.
        let _ = told.await;
        let _ = tokio::time::timeout(FAREWELL, io.close()).await;
    };
    let serving = axum::serve(listener, http::routes(hub).layer(layer)).with_graceful_shutdown(farewell);
    let serving = tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!(%error, "the server ended");
        }
    });
    tracing::info!(url, "serving");
    Ok(Running { url, api_key, quit, serving, people })
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
        let Self { quit, mut serving, people, .. } = self;
        if let Some(people) = people {
            people.abort();
        }
        let _ = quit.send(());
        if tokio::time::timeout(2 * FAREWELL, &mut serving).await.is_err() {
            serving.abort();
            let _ = serving.await;
        }
    }
}
