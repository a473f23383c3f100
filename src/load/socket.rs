//! The connection of one person: a WebSocket that answers pings and searches events for messages.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// Time within which a person has to be connected.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes that a connection reserves for reading; the default of the library is 128 KiB.
const BUFFER: usize = 4 << 10;

/// A person's open connection.
pub(super) struct Socket(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Socket {
    /// Connects, and joins with these packets. Returns once the server has acknowledged the last of them.
    pub(super) async fn open(url: &str, joins: Vec<String>) -> Option<Self> {
        let opening = async {
            let config = WebSocketConfig::default().read_buffer_size(BUFFER).write_buffer_size(BUFFER);
            let (stream, _) = connect_async_with_config(url, Some(config), true).await.ok()?;
            let mut socket = Self(stream);
            socket.wait("0").await?;
            socket.send("40").await?;
            socket.wait("40").await?;
            let acknowledged = !joins.is_empty();
            for packet in joins {
                socket.send(&packet).await?;
            }
            if acknowledged {
                socket.wait("430").await?;
            }
            Some(socket)
        };
        tokio::time::timeout(TIMEOUT, opening).await.ok().flatten()
    }

    /// Passes packets on until the connection ends.
    pub(super) async fn receive(mut self, on_packet: impl Fn(&str)) {
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
