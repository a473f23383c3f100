//! The listening port: websocket connections go to [`super::socket`], all others to a few REST handlers.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::socket::{Counters, Session};
use super::{history, socket};

/// Serves until the future is dropped.
pub(super) async fn serve(listener: TcpListener, session: Session) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let address = listener.local_addr()?;
    let (to_rest, rest) = mpsc::unbounded_channel();
    let answers = axum::serve(PeekedListener { address, rest }, routes(Arc::clone(&session.counters)));
    let (to_socket, sockets) = mpsc::unbounded_channel();
    tokio::select! {
        done = answers.into_future() => done,
        () = socket::run(sockets, session) => Ok(()),
        done = dispatch(listener, to_rest, to_socket) => done,
    }
}

type Connections = mpsc::UnboundedSender<TcpStream>;

/// Looks at the first bytes of each connection to tell websockets from REST calls.
async fn dispatch(
    listener: tokio::net::TcpListener,
    to_rest: Connections,
    to_socket: Connections,
) -> std::io::Result<()> {
    const SOCKET: &[u8] = b"GET /socket.io/";
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (to_rest, to_socket) = (to_rest.clone(), to_socket.clone());
        tokio::spawn(async move {
            let mut head = [0; SOCKET.len()];
            // A client writes its request line at once, so a shorter head belongs to no known client.
            let count = stream.peek(&mut head).await.unwrap_or(0);
            let to = if head[..count] == *SOCKET { to_socket } else { to_rest };
            // The receiver is closed only when the server ends.
            let _ = to.send(stream);
        });
    }
}

struct PeekedListener {
    address: SocketAddr,
    rest: mpsc::UnboundedReceiver<TcpStream>,
}

impl axum::serve::Listener for PeekedListener {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        match self.rest.recv().await {
            Some(stream) => (stream, self.address),
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}

fn routes(counters: Arc<Counters>) -> Router {
    Router::new()
        .route("/v1/user", get(user).post(|| async { Json(json!({"success": true, "user": history::guest()})) }))
        .route("/v1/user/list", get(|| async { Json(json!({"success": true, "users": [history::author(0)]})) }))
        .route("/v1/chat/list", get(rooms))
        .route("/v1/chat/{id}", get(room).patch(|| async { Json(json!({"metadata": {}})) }))
        .route("/v1/messages", get(messages).post(|| async { done() }))
        .route("/v1/messages/{id}", patch(|| async { done() }).delete(|| async { done() }))
        .route("/v1/messages/{id}/seen", post(|| async { done() }))
        .fallback(|| async { done() })
        .with_state(counters)
}

fn done() -> Json<Value> {
    Json(json!({"success": true}))
}

type Parameters = Query<std::collections::HashMap<String, String>>;

async fn user(Query(wanted): Parameters) -> Json<Value> {
    let number = wanted.values().find_map(|value| value.strip_prefix("u-")?.parse().ok());
    Json(json!({"success": true, "user": number.map_or_else(history::guest, history::author)}))
}

async fn rooms(State(counters): State<Arc<Counters>>) -> Json<Value> {
    let rooms = [history::room(counters.history())];
    Json(json!({"success": true, "chats": rooms, "page": 1, "total_chats": 1, "total_pages": 1}))
}

async fn room(State(counters): State<Arc<Counters>>) -> Json<Value> {
    Json(history::room(counters.history()))
}

async fn messages(State(counters): State<Arc<Counters>>, Query(wanted): Parameters) -> Json<Value> {
    let page = wanted.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    Json(history::page(page, counters.history()))
}
