//! [`Wire`]: a blocking websocket client that speaks Socket.IO frame by frame and shows everything it receives.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A server that does not answer for this long fails the test.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A connected websocket.
pub struct Wire {
    stream: TcpStream,
    key: String,
    acks: u64,
    events: VecDeque<(String, Value)>,
}

impl Wire {
    /// Connects to the server at `url` and joins the namespace.
    pub fn connect(url: &str, key: &str) -> Self {
        let mut wire = Self::open(url, "", "");
        wire.key = key.to_owned();
        wire.join();
        wire
    }

    /// Joins the default namespace.
    pub fn join(&mut self) {
        self.send("40");
        assert!(self.read().unwrap().starts_with("40{"));
    }

    /// Connects to the server at `url`, with extra query parameters and headers, without joining a namespace.
    pub fn open(url: &str, query: &str, headers: &str) -> Self {
        let host = url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        let request = format!(
            "GET /socket.io/?EIO=4&transport=websocket{query} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n{headers}\
             Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
        let mut wire = Self { stream, key: String::new(), acks: 0, events: VecDeque::new() };
        assert!(wire.read().unwrap().starts_with("0{"));
        wire
    }

    /// Sends a text frame.
    pub fn send(&mut self, text: &str) {
        self.frame(1, text.as_bytes());
    }

    /// Sends a binary frame.
    pub fn send_binary(&mut self, bytes: &[u8]) {
        self.frame(2, bytes);
    }

    /// Sends a text frame; false when the connection is closed.
    pub fn try_send(&mut self, text: &str) -> bool {
        self.stream.write_all(&framed(1, text.as_bytes())).is_ok()
    }

    /// Waits until the server closes the connection, without answering anything, not even a ping.
    pub fn ignore_until_closed(&mut self) {
        let started = Instant::now();
        let mut unread = [0; 4096];
        while matches!(self.stream.read(&mut unread), Ok(length) if length > 0) {
            assert!(started.elapsed() < TIMEOUT, "the server does not close the connection");
        }
    }

    fn frame(&mut self, kind: u8, bytes: &[u8]) {
        self.stream.write_all(&framed(kind, bytes)).unwrap();
    }

    /// Emits an event.
    pub fn emit(&mut self, event: &str, payload: Value) {
        self.send(&format!("42{}", json!([event, payload])));
    }

    /// Emits an event and returns the argument of its acknowledgement. Events received meanwhile are queued.
    pub fn emit_with_ack(&mut self, event: &str, payload: Value) -> Value {
        self.acks += 1;
        self.send(&format!("42{}{}", self.acks, json!([event, payload])));
        let head = format!("43{}", self.acks);
        loop {
            let text = self.read().expect("an acknowledgement");
            if let Some(ack) = text.strip_prefix(&head) {
                let ack: Value = serde_json::from_str(ack).unwrap();
                assert_eq!(ack.as_array().map(Vec::len), Some(1), "one argument: {ack}");
                return ack[0].clone();
            }
            self.queue_event(&text);
        }
    }

    /// Returns all events received until now. A request and its answer mark the end, because the server sends in order.
    pub fn drain(&mut self) -> Vec<(String, Value)> {
        self.emit_with_ack("user.status", json!({ "memberId": "nobody", "apiKey": self.key }));
        self.events.drain(..).collect()
    }

    /// Waits for the next `event` and returns its argument. Events before it are dropped.
    pub fn wait(&mut self, event: &str) -> Value {
        loop {
            while let Some((name, payload)) = self.events.pop_front() {
                if name == event {
                    return payload;
                }
            }
            let text = self.read().unwrap_or_else(|| panic!("{event} did not come"));
            self.queue_event(&text);
        }
    }

    /// Returns the next event and its argument.
    pub fn next_event(&mut self) -> (String, Value) {
        while self.events.is_empty() {
            let text = self.read().expect("an event");
            self.queue_event(&text);
        }
        self.events.pop_front().expect("an event")
    }

    /// Waits until the server closes the connection, answering its pings.
    pub fn wait_closed(&mut self) {
        while self.read().is_some() {}
    }

    fn queue_event(&mut self, text: &str) {
        let event = text.strip_prefix("42").unwrap_or_else(|| panic!("not an event: {text}"));
        let event: Vec<Value> = serde_json::from_str(event).unwrap();
        assert_eq!(event.len(), 2, "one argument: {event:?}");
        self.events.push_back((event[0].as_str().unwrap().to_owned(), event[1].clone()));
    }

    /// Reads the next text frame that is not a ping; `None` when the connection is closed.
    pub fn read(&mut self) -> Option<String> {
        let started = Instant::now();
        loop {
            let mut head = [0; 2];
            if let Err(error) = self.stream.read_exact(&mut head) {
                let hung = matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut);
                assert!(!hung, "the server neither sends nor closes the connection");
                return None;
            }
            let len = match head[1] & 0x7f {
                126 => {
                    let mut len = [0; 2];
                    self.stream.read_exact(&mut len).unwrap();
                    u64::from(u16::from_be_bytes(len))
                }
                127 => {
                    let mut len = [0; 8];
                    self.stream.read_exact(&mut len).unwrap();
                    u64::from_be_bytes(len)
                }
                len => u64::from(len),
            };
            let mut bytes = vec![0; len as usize];
            self.stream.read_exact(&mut bytes).unwrap();
            match head[0] & 0x0f {
                1 => match String::from_utf8(bytes).unwrap().as_str() {
                    "2" => {
                        assert!(started.elapsed() < TIMEOUT, "the server only sends pings");
                        // The server may have closed the connection meanwhile; the next read notices that.
                        self.try_send("3");
                    }
                    text => return Some(text.to_owned()),
                },
                8 => return None,
                _ => {}
            }
        }
    }
}

/// Returns a masked websocket frame.
fn framed(kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | kind];
    match bytes.len() {
        len @ ..126 => frame.push(0x80 | len as u8),
        len @ 126..65_536 => {
            frame.push(0x80 | 126);
            frame.extend((len as u16).to_be_bytes());
        }
        len => {
            frame.push(0x80 | 127);
            frame.extend((len as u64).to_be_bytes());
        }
    }
    // A mask of zeroes leaves the payload as it is.
    frame.extend([0; 4]);
    frame.extend(bytes);
    frame
}
