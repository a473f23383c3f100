//! The connection of one person: a WebSocket that answers pings and searches events for messages.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::service::CallError;

/// Time within which a person has to be connected.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes that a connection reserves for reading; the default of the library is 128 KiB.
const BUFFER: usize = 4 << 10;

/// A person's open connection.
pub(super) struct Socket(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Socket {
    /// Connects, and joins with these packets. Returns once the server has acknowledged the last of them.
    pub(super) async fn open(url: &str, joins: Vec<String>) -> Result<Self, CallError> {
        let opening = async {
            let config = WebSocketConfig::default().read_buffer_size(BUFFER).write_buffer_size(BUFFER);
            let (stream, _) = connect_async_with_config(url, Some(config), true).await.map_err(refused)?;
            let joined = Self(stream).join(joins).await;
            joined.ok_or(CallError::Unanswered("the server closed the socket"))
        };
        let late = |_| Err(CallError::Unanswered("the socket was not ready in time"));
        tokio::time::timeout(TIMEOUT, opening).await.unwrap_or_else(late)
    }

    async fn join(mut self, joins: Vec<String>) -> Option<Self> {
        self.wait("0").await?;
        self.send("40").await?;
        self.wait("40").await?;
        let acknowledged = !joins.is_empty();
        for packet in joins {
            self.send(&packet).await?;
        }
        if acknowledged {
            self.wait("430").await?;
        }
        Some(self)
    }

    /// Passes packets on until the connection ends.
    pub(super) async fn receive(mut self, mut on_packet: impl FnMut(&str)) {
        while let Some(packet) = self.next().await {
            on_packet(&packet);
        }
    }

    async fn send(&mut self, packet: &str) -> Option<()> {
        self.0.send(Message::text(packet)).await.ok()
    }

    /// Waits for a packet that begins like this.
    async fn wait(&mut self, start: &str) -> Option<()> {
        loop {
            if self.next().await?.starts_with(start) {
                return Some(());
            }
        }
    }

    /// Returns the next packet, and answers pings.
    async fn next(&mut self) -> Option<String> {
        loop {
            match self.0.next().await?.ok()? {
                Message::Text(text) if text.as_str() == "2" => self.send("3").await?,
                Message::Text(text) => return Some(text.as_str().to_owned()),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }
}

/// Returns why no socket was opened.
fn refused(error: Error) -> CallError {
    match error {
        Error::Http(response) => {
            let reason = response.status().canonical_reason().unwrap_or("refused");
            CallError::Refused(response.status().as_u16(), reason.to_owned(), None)
        }
        Error::Io(_) | Error::Tls(_) => CallError::Unanswered("connection lost"),
        _ => CallError::Unanswered("the server speaks no WebSocket"),
    }
}
