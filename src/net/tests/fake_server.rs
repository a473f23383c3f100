//! A server for tests, which control every HTTP reply and every WebSocket frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};

/// Added to the status of a reply, delays the reply until [`FakeServer::release`].
pub(super) const DELAYED: u16 = 1000;

type Handler = dyn Fn(&str, &str) -> (u16, String) + Send + Sync;

/// A listening server.
pub(super) struct FakeServer {
    pub(super) url: String,
    /// `METHOD path` and body of every REST call.
    pub(super) calls: mpsc::UnboundedReceiver<(String, String)>,
    /// Request line and headers of every REST call.
    pub(super) heads: mpsc::UnboundedReceiver<String>,
    sockets: mpsc::UnboundedReceiver<FakeSocket>,
    delayed: Arc<DelayedReplies>,
}

#[derive(Default)]
struct DelayedReplies {
    /// Number of replies that were ever delayed.
    count: AtomicUsize,
    release: Notify,
}

impl FakeServer {
    /// Starts a server. `handler` receives `METHOD path` and the body of a call and returns status and body of the
    /// reply. If the body begins with a line `Retry-After: …` or `Date: …`, that line is sent as a header instead.
    pub(super) async fn start(handler: impl Fn(&str, &str) -> (u16, String) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (socket_tx, sockets) = mpsc::unbounded_channel();
        let (call_tx, calls) = mpsc::unbounded_channel();
        let (head_tx, heads) = mpsc::unbounded_channel();
        let handler: Arc<Handler> = Arc::new(handler);
        let delayed = Arc::<DelayedReplies>::default();
        let server_delayed = Arc::clone(&delayed);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (sockets, calls, handler) = (socket_tx.clone(), call_tx.clone(), Arc::clone(&handler));
                let (heads, delayed) = (head_tx.clone(), Arc::clone(&server_delayed));
                tokio::spawn(async move { serve(stream, &sockets, (&calls, &heads), &delayed, &*handler).await });
            }
        });
        Self { url, calls, heads, sockets, delayed }
    }

    /// Returns how many replies were delayed so far.
    pub(super) fn delayed_count(&self) -> usize {
        self.delayed.count.load(Ordering::SeqCst)
    }

    /// Sends the delayed replies.
    pub(super) fn release(&self) {
        self.delayed.release.notify_waiters();
    }

    /// Returns how many WebSockets were opened that the test has not taken yet.
    pub(super) fn pending_sockets(&self) -> usize {
        self.sockets.len()
    }

    /// Waits for the next WebSocket, before any packet was exchanged.
    pub(super) async fn socket(&mut self) -> FakeSocket {
        tokio::time::timeout(super::EVENT_TIMEOUT, self.sockets.recv()).await.expect("a socket in time").unwrap()
    }

    /// Waits for the next WebSocket and accepts its Socket.IO connection.
    pub(super) async fn accepted_socket(&mut self) -> FakeSocket {
        let mut socket = self.socket().await;
        socket.open().await;
        socket.text(r#"40{"sid":"s1"}"#).await;
        socket
    }
}

async fn serve(
    mut stream: TcpStream,
    sockets: &mpsc::UnboundedSender<FakeSocket>,
    (calls, heads): (&mpsc::UnboundedSender<(String, String)>, &mpsc::UnboundedSender<String>),
    delayed: &DelayedReplies,
    handler: &Handler,
) -> Option<()> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        match stream.read(&mut chunk).await.ok()? {
            0 => return None,
            n => bytes.extend_from_slice(&chunk[..n]),
        }
        if bytes[0] == 0x16 {
            // A TLS ClientHello. HTTP servers reply with an error.
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.ok()?;
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    if let Some(key) = header("sec-websocket-key") {
        let accept = STANDARD.encode(sha1(format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11").as_bytes()));
        let opening = head.clone();
        let head = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {accept}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.ok()?;
        let bytes = bytes[end..].to_vec();
        sockets.send(FakeSocket { stream, bytes, opening }).ok()?;
        return Some(());
    }
    let length: usize = header("content-length").map_or(0, |length| length.parse().unwrap());
    while bytes.len() < end + length {
        match stream.read(&mut chunk).await.ok()? {
            0 => return None,
            n => bytes.extend_from_slice(&chunk[..n]),
        }
    }
    let request: Vec<&str> = head.split_whitespace().take(2).collect();
    heads.send(head.clone()).ok()?;
    let (request, body) = (request.join(" "), String::from_utf8_lossy(&bytes[end..]).into_owned());
    let (mut status, reply) = handler(&request, &body);
    calls.send((request, body)).ok()?;
    if status >= DELAYED {
        delayed.count.fetch_add(1, Ordering::SeqCst);
        delayed.release.notified().await;
        status -= DELAYED;
    }
    let (header, reply) = match reply.split_once('\n') {
        Some((line, rest)) if line.starts_with("Retry-After: ") || line.starts_with("Date: ") => {
            (format!("{line}\r\n"), rest)
        }
        _ => (String::new(), reply.as_str()),
    };
    let length = reply.len();
    let head =
        format!("HTTP/1.1 {status} X\r\n{header}Content-Length: {length}\r\nConnection: close\r\nLocation: /\r\n\r\n");
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(reply.as_bytes()).await.ok()
}

/// The server's end of a WebSocket. Dropping it breaks the connection.
pub(super) struct FakeSocket {
    stream: TcpStream,
    bytes: Vec<u8>,
    /// Request line and headers of the opening request.
    pub(super) opening: String,
}

impl FakeSocket {
    /// Performs the Engine.IO handshake, after which the client has asked for a Socket.IO connection.
    pub(super) async fn open(&mut self) {
        self.open_with_pings(25_000).await;
    }

    /// Like [`FakeSocket::open`], with so many milliseconds between two pings.
    pub(super) async fn open_with_pings(&mut self, interval: u32) {
        let sizes = r#""pingTimeout":20000,"maxPayload":1000000"#;
        self.text(&format!(r#"0{{"sid":"e1","upgrades":[],"pingInterval":{interval},{sizes}}}"#)).await;
        assert_eq!(self.recv().await.as_deref(), Some("3"));
        assert_eq!(self.recv().await.as_deref(), Some("40"));
    }

    pub(super) async fn text(&mut self, text: &str) {
        self.frame(0x81, text.as_bytes()).await;
    }

    pub(super) async fn frame(&mut self, head: u8, payload: &[u8]) {
        let mut frame = vec![head];
        match payload.len() {
            length @ 0..=125 => frame.push(length as u8),
            length @ 126..=65_535 => {
                frame.push(126);
                frame.extend_from_slice(&(length as u16).to_be_bytes());
            }
            length => {
                frame.push(127);
                frame.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
        frame.extend_from_slice(payload);
        // The client may have disconnected; the test notices that on its side.
        let _ = self.stream.write_all(&frame).await;
    }

    /// Waits for the next text frame from the client. Returns `None` after the client has disconnected.
    pub(super) async fn recv(&mut self) -> Option<String> {
        loop {
            if let Some((head, payload, used)) = parse_frame(&self.bytes) {
                self.bytes.drain(..used);
                match head & 0x0f {
                    1 => return Some(String::from_utf8(payload).unwrap()),
                    8 => return None,
                    _ => continue,
                }
            }
            let mut chunk = vec![0; 65536];
            match tokio::time::timeout(super::EVENT_TIMEOUT, self.stream.read(&mut chunk))
                .await
                .expect("a frame in time")
            {
                Ok(0) | Err(_) => return None,
                Ok(n) => self.bytes.extend_from_slice(&chunk[..n]),
            }
        }
    }
}

/// Parses a masked frame. Returns its first byte, its payload and its total length.
fn parse_frame(bytes: &[u8]) -> Option<(u8, Vec<u8>, usize)> {
    let (length, at) = match *bytes.get(1)? & 0x7f {
        126 => (usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?)), 4),
        127 => (u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?) as usize, 10),
        short => (usize::from(short), 2),
    };
    let mask = bytes.get(at..at + 4)?;
    let payload = bytes.get(at + 4..at + 4 + length)?;
    let clear = payload.iter().enumerate().map(|(i, byte)| byte ^ mask[i % 4]).collect();
    Some((bytes[0], clear, at + 4 + length))
}

fn sha1(data: &[u8]) -> [u8; 20] {
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    let mut padded = data.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend_from_slice(&(data.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks(64) {
        let mut w: Vec<u32> = block.chunks(4).map(|word| u32::from_be_bytes(word.try_into().unwrap())).collect();
        for i in 16..80 {
            w.push((w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16]).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (i, word) in w.iter().enumerate() {
            let (f, k) = match i / 20 {
                0 => ((b & c) | (!b & d), 0x5a82_7999_u32),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let next = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (sum, value) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(value);
        }
    }
    let mut out = [0; 20];
    out.chunks_mut(4).zip(state).for_each(|(bytes, word)| bytes.copy_from_slice(&word.to_be_bytes()));
    out
}
