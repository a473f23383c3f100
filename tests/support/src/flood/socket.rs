//! The server's websocket, one client at a time: handshake, heartbeat, joins and pushed frames.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use super::{HISTORY, Push};

/// Counters that the owner can read.
#[derive(Default)]
pub(super) struct Counters {
    loaded: AtomicU64,
    heartbeats: AtomicU64,
    written: AtomicU64,
}

impl Counters {
    pub(super) fn history(&self) -> u64 {
        HISTORY + self.loaded.load(Ordering::SeqCst)
    }

    pub(super) fn add_history(&self, count: u64) -> u64 {
        HISTORY + self.loaded.fetch_add(count, Ordering::SeqCst)
    }

    pub(super) fn heartbeats(&self) -> u64 {
        self.heartbeats.load(Ordering::SeqCst)
    }

    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::SeqCst)
    }
}

/// Everything that a socket needs from its server.
pub(super) struct Session {
    pub(super) heartbeat: Duration,
    pub(super) pushed: mpsc::UnboundedReceiver<Push>,
    pub(super) to_owner: Sender<()>,
    pub(super) counters: Arc<Counters>,
}

type Out = SplitSink<WebSocketStream<TcpStream>, Message>;
type In = SplitStream<WebSocketStream<TcpStream>>;

/// Serves one socket after the other, so that a client can reconnect.
pub(super) async fn run(mut sockets: mpsc::UnboundedReceiver<TcpStream>, mut session: Session) {
    while let Some(stream) = sockets.recv().await {
        // A broken socket ends the connection only; messages that the client did not get are missing on its screen.
        let _ = serve(stream, &mut session).await;
    }
}

async fn serve(stream: TcpStream, session: &mut Session) -> Result<(), Error> {
    let socket = tokio_tungstenite::accept_async(stream).await?;
    let (mut out, input) = socket.split();
    let open = serde_json::json!({
        "sid": "engine",
        "upgrades": [],
        "pingInterval": session.heartbeat.as_millis(),
        "pingTimeout": 20_000,
        "maxPayload": 1_000_000,
    });
    out.send(text(format!("0{open}"))).await?;
    let (to_writer, answers) = mpsc::unbounded_channel();
    tokio::select! {
        done = read(input, &to_writer, &session.to_owner) => done,
        done = write(out, answers, session.heartbeat, &mut session.pushed, &session.counters) => done,
    }
}

async fn read(mut input: In, to_writer: &mpsc::UnboundedSender<Utf8Bytes>, joined: &Sender<()>) -> Result<(), Error> {
    while let Some(message) = input.next().await {
        let Message::Text(packet) = message? else { continue };
        let answer = match packet.as_str() {
            connect if connect.starts_with("40") => r#"40{"sid":"socket"}"#,
            "2" => "3",
            join if join.starts_with(r#"42["room.join""#) => {
                // The receiver is closed when nobody waits for a join.
                let _ = joined.send(());
                continue;
            }
            _ => continue,
        };
        let _ = to_writer.send(answer.into());
    }
    Ok(())
}

async fn write(
    mut out: Out,
    mut answers: mpsc::UnboundedReceiver<Utf8Bytes>,
    heartbeat: Duration,
    pushed: &mut mpsc::UnboundedReceiver<Push>,
    counters: &Counters,
) -> Result<(), Error> {
    let mut beat = interval_at(tokio::time::Instant::now() + heartbeat, heartbeat);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            Some(answer) = answers.recv() => out.send(Message::Text(answer)).await?,
            _ = beat.tick() => {
                out.send(text("2".to_owned())).await?;
                counters.heartbeats.fetch_add(1, Ordering::SeqCst);
            }
            Some(push) = pushed.recv() => {
                // The receiver is closed when the owner gave up waiting.
                let _ = push.began.send(Instant::now());
                for frame in push.frames {
                    out.feed(Message::Text(frame)).await?;
                    counters.written.fetch_add(1, Ordering::Relaxed);
                }
                out.flush().await?;
            }
        }
    }
}

fn text(packet: String) -> Message {
    Message::Text(packet.into())
}
