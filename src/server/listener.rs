//! Accepts connections up to a limit and serves HTTP on each of them while the client stays within [`Limits`].
//!
//! It replaces `axum::serve`, which has no timeouts and accepts any number of connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{CONNECTION, CONTENT_TYPE, SERVER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use super::faults::{Aborted, CONTROL_PATH, FaultControl, FaultyStream, Guard, Link, respond, respond_to_control};
use super::idle_timeout::IdleTimeout;
use super::limits::Limits;
use super::service::ErrorBody;
use super::sessions::Sessions;
use super::sockets::BUSY_MESSAGE;
use super::web_pages::WebPolicy;

/// The name by which the server introduces itself, so that `load` can tell a sandbox from a real server.
const SERVER_NAME: &str = "minchat-tui-sandbox";
/// Maximum number of headers of a request.
const MAX_HEADERS: usize = 100;
/// Maximum number of connections that receive a 503 response at the same time. Further ones are closed without one.
const MAX_REJECTIONS: usize = 256;
/// Time that a rejected client has to send its request and to read the response.
const REJECTION_TIMEOUT: Duration = Duration::from_secs(3);
/// Pause after a failed `accept`, for example when the process has run out of file descriptors.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(50);

/// Serves the routes of one service.
#[derive(Clone)]
pub(super) struct Listener {
    pub(super) router: Router,
    pub(super) limits: Arc<Limits>,
    /// The requests that are answered.
    pub(super) policy: Arc<WebPolicy>,
    /// The Socket.IO sessions that clients may still open.
    pub(super) sessions: Arc<Sessions>,
    /// The faults in force.
    pub(super) faults: FaultControl,
    /// Guards the route that changes the faults; `None` if there is no such route.
    pub(super) guard: Option<Arc<Guard>>,
    /// Writes an error in the format of the service.
    pub(super) error_body: ErrorBody,
}

impl Listener {
    /// Accepts connections until `shutdown` is signalled, and returns when the last of them has ended.
    pub(super) async fn run(self, listener: TcpListener, mut shutdown: watch::Receiver<bool>) {
        let slots = Arc::new(Semaphore::new(self.limits.connections));
        let rejection_slots = Arc::new(Semaphore::new(MAX_REJECTIONS));
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                biased;
                () = signalled(&mut shutdown) => break,
                Some(_) = connections.join_next() => continue,
                accepted = listener.accept() => accepted,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
                    continue;
                }
            };
            // Otherwise the second of two small packets waits until the first is acknowledged.
            let _ = stream.set_nodelay(true);
            if let Ok(slot) = Arc::clone(&slots).try_acquire_owned() {
                let (listener, shutdown) = (self.clone(), shutdown.clone());
                connections.spawn(listener.serve_connection(stream, (Some(peer), Some(slot)), shutdown));
            } else if let Ok(slot) = Arc::clone(&rejection_slots).try_acquire_owned() {
                tracing::warn!(limit = self.limits.connections, "connection limit reached");
                let (response, mut shutdown) = (self.busy_response(), shutdown.clone());
                connections.spawn(async move {
                    tokio::select! {
                        _ = tokio::time::timeout(REJECTION_TIMEOUT, reject(stream, response)) => {}
                        () = signalled(&mut shutdown) => {}
                    }
                    drop(slot);
                });
            }
        }
        drop(listener);
        while connections.join_next().await.is_some() {}
    }

    /// Serves one connection until it ends or becomes a WebSocket. The slot is taken until the WebSocket ends as well.
    pub(super) async fn serve_connection<S>(
        self,
        stream: S,
        (peer, slot): (Option<SocketAddr>, Option<OwnedSemaphorePermit>),
        mut shutdown: watch::Receiver<bool>,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { router, limits, policy, sessions, faults, guard, error_body } = self;
        let link = Arc::new(Link::new(faults));
        let stream = FaultyStream::new(stream, Arc::clone(&link));
        let stream = IdleTimeout::new(stream, limits.write_timeout, limits.idle_timeout).with_slot(slot);
        let stream = TokioIo::new(stream);
        let header_timeout = limits.header_timeout;
        // hyper refuses buffers smaller than 8 KiB.
        let header_bytes = limits.header_bytes.max(8 << 10);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(Body::new);
            if let Some(peer) = peer {
                request.extensions_mut().insert(ConnectInfo(peer));
            }
            request.extensions_mut().insert(Arc::clone(&limits));
            let refusal = match policy.refusal(request.uri(), request.headers()) {
                Some(reason) => Some((StatusCode::FORBIDDEN, reason)),
                None if sessions.admit(&mut request) => None,
                None => Some((StatusCode::SERVICE_UNAVAILABLE, BUSY_MESSAGE)),
            };
            let (router, link) = (router.clone(), Arc::clone(&link));
            let guard = guard.clone().filter(|_| request.uri().path() == CONTROL_PATH);
            async move {
                let mut outcome = match (refusal, guard) {
                    (Some((status, reason)), _) => {
                        tracing::info!(reason, "request refused");
                        let headers = [(CONTENT_TYPE, "application/json"), (CONNECTION, "close")];
                        Ok::<_, Aborted>((status, headers, error_body(status.as_u16(), reason)).into_response())
                    }
                    (None, Some(guard)) => Ok(respond_to_control(link.faults(), &guard, request, error_body).await),
                    (None, None) => respond(&link, router, request, error_body).await,
                };
                if let Ok(response) = &mut outcome {
                    response.headers_mut().insert(SERVER, HeaderValue::from_static(SERVER_NAME));
                }
                outcome
            }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(header_timeout)
            .max_buf_size(header_bytes)
            .max_headers(MAX_HEADERS);
        let mut connection = std::pin::pin!(http.serve_connection(stream, service).with_upgrades());
        let outcome = tokio::select! {
            outcome = connection.as_mut() => outcome,
            () = signalled(&mut shutdown) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, "connection failed");
        }
    }

    /// The complete HTTP response for a client that exceeds the connection limit.
    fn busy_response(&self) -> String {
        let body = (self.error_body)(StatusCode::SERVICE_UNAVAILABLE.as_u16(), BUSY_MESSAGE);
        format!(
            "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             server: {SERVER_NAME}\r\nretry-after: 1\r\nconnection: close\r\n\r\n{}",
            body.len(),
            body
        )
    }
}

/// Waits until shutdown is signalled or the sender is dropped.
async fn signalled(shutdown: &mut watch::Receiver<bool>) {
    let _ = shutdown.wait_for(|shutdown| *shutdown).await;
}

/// Waits for the client's request, sends `response` and reads the rest of the request. HTTP clients drop a connection
/// on which a response arrives before their request, and a socket closed with unread data is reset: either way the
/// client would lose the response.
async fn reject(mut stream: TcpStream, response: String) -> std::io::Result<()> {
    let mut unread = [0; 4096];
    if stream.read(&mut unread).await? == 0 {
        return Ok(());
    }
    stream.write_all(response.as_bytes()).await?;
    stream.shutdown().await?;
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}
