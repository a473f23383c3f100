//! The way in: takes connections, at most so many, and speaks HTTP with each for as long as it behaves ([`Limits`]).
//!
//! `axum::serve` has no time limits and takes any number of connections, so this stands in its place.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::Service;

use super::limits::Limits;
use super::patience::Patience;

/// Headers of a request.
const HEADERS: usize = 100;
/// How many are told at once that there is no room; the others are only closed.
const TURNED_AWAY: usize = 64;
/// How long one who is turned away may take to hear it.
const WORD: Duration = Duration::from_secs(1);
/// How long to wait when the system has no connection to give, as when it has run out of files.
const RECOVER: Duration = Duration::from_millis(50);

/// What stands behind the door.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) routes: Router,
    pub(super) limits: Arc<Limits>,
    /// The body for one who finds no room, in the dialect's words.
    pub(super) no_room: String,
}

impl Door {
    /// Takes connections until told to quit, and returns when the last one has ended.
    pub(super) async fn keep(self, listener: TcpListener, mut quit: watch::Receiver<bool>) {
        let room = Arc::new(Semaphore::new(self.limits.connections));
        let outside = Arc::new(Semaphore::new(TURNED_AWAY));
        let mut guests = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                biased;
                () = told(&mut quit) => break,
                Some(_) = guests.join_next() => continue,
                accepted = listener.accept() => accepted,
            };
            let (stream, from) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection cannot be taken");
                    tokio::time::sleep(RECOVER).await;
                    continue;
                }
            };
            // Without this the second of two quick small packets waits for the first one's acknowledgement.
            let _ = stream.set_nodelay(true);
            if let Ok(place) = Arc::clone(&room).try_acquire_owned() {
                let (door, quit) = (self.clone(), quit.clone());
                guests.spawn(async move {
                    door.serve(stream, Some(from), quit).await;
                    drop(place);
                });
            } else if let Ok(place) = Arc::clone(&outside).try_acquire_owned() {
                tracing::warn!(limit = self.limits.connections, "there is no room for another connection");
                let words = self.refusal();
                guests.spawn(async move {
                    let _ = tokio::time::timeout(WORD, turn_away(stream, words)).await;
                    drop(place);
                });
            }
        }
        drop(listener);
        while guests.join_next().await.is_some() {}
    }

    /// Serves one connection to its end; a socket's too, once it is one.
    pub(super) async fn serve<S>(self, stream: S, from: Option<SocketAddr>, mut quit: watch::Receiver<bool>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { routes, limits, .. } = self;
        let stream = TokioIo::new(Patience::new(stream, limits.stall, limits.silence));
        let head = limits.head;
        let head_bytes = limits.head_bytes.max(8 << 10);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(Body::new);
            if let Some(from) = from {
                request.extensions_mut().insert(ConnectInfo(from));
            }
            request.extensions_mut().insert(Arc::clone(&limits));
            // A router is always ready.
            routes.clone().call(request)
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(head_bytes).max_headers(HEADERS);
        let mut connection = std::pin::pin!(http.serve_connection(stream, service).with_upgrades());
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = told(&mut quit) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended badly");
        }
    }

    /// The answer to one who finds no room.
    fn refusal(&self) -> String {
        format!(
            "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             retry-after: 1\r\nconnection: close\r\n\r\n{}",
            self.no_room.len(),
            self.no_room
        )
    }
}

/// Returns once told to quit, or when nobody is left to tell it.
async fn told(quit: &mut watch::Receiver<bool>) {
    let _ = quit.wait_for(|quit| *quit).await;
}

/// Says why, and takes what the other side was about to say: closed with something unread, it would not hear a word.
async fn turn_away(mut stream: TcpStream, words: String) -> std::io::Result<()> {
    stream.write_all(words.as_bytes()).await?;
    stream.shutdown().await?;
    let mut unread = [0; 4096];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}
