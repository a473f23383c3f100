//! A proxy that appends text to every string that a server sends, in responses, events and errors, except to strings
//! that the client does not treat as text, such as ids.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

/// Placeholder for an unpaired surrogate, which a Rust string cannot contain.
pub(crate) const LONE_SURROGATE: &str = "LONE_SURROGATE-A-PAIR";

/// Keys of strings that are not shown to people. If they were changed, the client could not parse the response.
const NOT_TEXT: &[&str] = &[
    "id",
    "chat_id",
    "user_id",
    "participant_user_ids",
    "memberId",
    "status",
    "type",
    "created_at",
    "updated_at",
    "last_active",
    "minchatTuiId",
    "_id",
    "rId",
    "sId",
    "pId",
    "uId",
    "lId",
    "bId",
    "cId",
    "rT",
    "mT",
    "gR",
    "myRole",
    "sAt",
    "dAt",
    "dltAt",
    "forId",
    "createdAt",
    "updatedAt",
    "startAt",
    "endAt",
    "accessToken",
    "userId",
    "roomId",
    "meetId",
    "peerId",
    "callStatus",
    "action",
    "targetId",
    "sid",
    "upgrades",
];

/// A running proxy. Its threads end with the test process.
pub(crate) struct Proxy {
    pub(crate) url: String,
    shared: Arc<Shared>,
}

struct Shared {
    upstream: String,
    payload: String,
    /// Whether every page of a list or a history is the first one, and claims that there are more.
    repeats: bool,
    /// Number of requests for a page.
    pages: AtomicUsize,
    /// The client's websocket, on which more events can be sent.
    socket: Mutex<Option<TcpStream>>,
    /// The first room in a response of the server.
    room: Mutex<Option<Value>>,
}

impl Proxy {
    /// Starts a proxy in front of the server at `upstream` that appends `payload` to each text.
    pub(crate) fn start(upstream: &str, payload: &str) -> Self {
        Self::start_as(upstream, payload, false)
    }

    /// Starts a proxy that answers every request for a page with the first one, and claims that there are more.
    pub(crate) fn repeating(upstream: &str) -> Self {
        Self::start_as(upstream, "", true)
    }

    /// Number of requests for a page so far.
    pub(crate) fn pages(&self) -> usize {
        self.shared.pages.load(Ordering::Relaxed)
    }

    fn start_as(upstream: &str, payload: &str, repeats: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = upstream.strip_prefix("http://").unwrap().to_owned();
        let (socket, room) = (Mutex::default(), Mutex::default());
        let shared = Arc::new(Shared {
            upstream,
            payload: payload.to_owned(),
            repeats,
            pages: AtomicUsize::new(0),
            socket,
            room,
        });
        let for_listener = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&for_listener);
                thread::spawn(move || shared.serve(stream));
            }
        });
        Self { url, shared }
    }

    /// Sends a packet to the client unchanged.
    pub(crate) fn emit(&self, packet: &str) {
        let mut socket = self.shared.socket.lock().unwrap();
        write_frame(socket.as_mut().expect("a socket"), &packet.replace(LONE_SURROGATE, "\\ud83d"));
    }

    /// The first room that the client was sent.
    pub(crate) fn room(&self) -> Value {
        self.shared.room.lock().unwrap().clone().expect("a room")
    }
}

impl Shared {
    fn serve(&self, client: TcpStream) {
        let mut reader = BufReader::new(client);
        let Some((head, body)) = message(&mut reader) else { return };
        let mut server = TcpStream::connect(&self.upstream).unwrap();
        if head.starts_with("GET /socket.io/") {
            server.write_all(head.as_bytes()).unwrap();
            return self.forward_socket(reader, server);
        }
        let mut head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
        if let Some((before, after)) = head.split_once("page=").filter(|_| self.repeats) {
            self.pages.fetch_add(1, Ordering::Relaxed);
            head = format!("{before}page=1{}", after.trim_start_matches(|c: char| c.is_ascii_digit()));
        }
        server.write_all(head.as_bytes()).unwrap();
        server.write_all(&body).unwrap();
        let Some((head, mut body)) = message(&mut BufReader::new(server)) else { return };
        if let Ok(mut json) = serde_json::from_slice(&body) {
            self.note_room(&json);
            rewrite(&mut json, &self.payload);
            if self.repeats {
                claim_more(&mut json);
            }
            body = json.to_string().replace(LONE_SURROGATE, "\\ud83d").into_bytes();
        }
        let lines = head.trim_end().split("\r\n").filter(|line| !line.to_lowercase().starts_with("content-length"));
        let head: String = lines.map(|line| format!("{line}\r\n")).collect();
        let head = format!("{head}content-length: {}\r\n\r\n", body.len());
        let mut client = reader.into_inner();
        let _ = client.write_all(head.as_bytes()).and_then(|()| client.write_all(&body));
    }

    /// Forwards the client's bytes unchanged, and rewrites the server's frames.
    fn forward_socket(&self, client: BufReader<TcpStream>, server: TcpStream) {
        let mut to_server = server.try_clone().unwrap();
        let mut to_client = client.get_ref().try_clone().unwrap();
        thread::spawn(move || {
            let mut client = client;
            let _ = std::io::copy(&mut client, &mut to_server);
        });
        let mut server = BufReader::new(server);
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            server.read_line(&mut line).unwrap();
            to_client.write_all(line.as_bytes()).unwrap();
        }
        // What ends an earlier connection must not go to the client that has connected since.
        let mut own = to_client.try_clone().unwrap();
        let socket = &mut own;
        *self.socket.lock().unwrap() = Some(to_client);
        while let Some((kind, text)) = read_frame(&mut server) {
            let _turn = self.socket.lock().unwrap();
            if kind != 1 {
                let _ = socket.write_all(&[0x80 | kind, u8::try_from(text.len()).unwrap()]);
                let _ = socket.write_all(&text);
                continue;
            }
            let text = String::from_utf8(text).unwrap();
            let packet = match text.strip_prefix("42").map(serde_json::from_str::<Value>) {
                Some(Ok(mut event)) => {
                    // The name of the event stays as it is.
                    for argument in event.as_array_mut().unwrap().iter_mut().skip(1) {
                        rewrite(argument, &self.payload);
                    }
                    // The socket library would drop an event with an unpaired surrogate, so it is only inserted where
                    // the argument is JSON inside a JSON string.
                    format!("42{event}").replace(LONE_SURROGATE, if text.contains("[\"v1") { "\\\\ud83d" } else { "" })
                }
                _ => text,
            };
            write_frame(socket, &packet);
        }
    }

    fn note_room(&self, json: &Value) {
        let found = json.pointer("/chats/0").or_else(|| json.pointer("/data/docs/0"));
        let found =
            found.filter(|room| room.get("rId").is_some_and(|_| room.get("rT").is_some()) || room.get("id").is_some());
        if let Some(room) = found {
            self.room.lock().unwrap().get_or_insert_with(|| room.clone());
        }
    }
}

/// Appends `payload` to each text. A text that is JSON itself is rewritten inside.
fn rewrite(value: &mut Value, payload: &str) {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(mut inner) if inner.is_object() || inner.is_array() => {
                rewrite(&mut inner, payload);
                *text = inner.to_string();
            }
            _ => text.push_str(payload),
        },
        Value::Array(values) => values.iter_mut().for_each(|value| rewrite(value, payload)),
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut().filter(|(key, _)| !NOT_TEXT.contains(&key.as_str())) {
                // The response to "last seen" has a time in this field, which must remain valid.
                if key != "data" || !value.as_str().is_some_and(|text| text.starts_with("2")) {
                    rewrite(value, payload);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Makes a page claim that others follow.
fn claim_more(page: &mut Value) {
    match page {
        Value::Array(values) => values.iter_mut().for_each(claim_more),
        Value::Object(fields) => {
            for (key, value) in fields {
                match key.as_str() {
                    "total_pages" | "totalPages" => *value = 1_000_000.into(),
                    "hasNextPage" => *value = true.into(),
                    "nextPage" => *value = 2.into(),
                    _ => claim_more(value),
                }
            }
        }
        _ => {}
    }
}

/// Reads the head and the body of a request or a response.
fn message(reader: &mut impl BufRead) -> Option<(String, Vec<u8>)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let field = |name: &str| {
        let lower = head.to_lowercase();
        lower.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::trim).map(str::to_owned))
    };
    let mut body = Vec::new();
    if field("transfer-encoding").is_some() {
        // A chunked form, which is forwarded with its chunks.
        while !body.ends_with(b"\r\n0\r\n\r\n") {
            let mut byte = [0];
            reader.read_exact(&mut byte).ok()?;
            body.push(byte[0]);
        }
    } else {
        let length = field("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        body.resize(length, 0);
        reader.read_exact(&mut body).ok()?;
    }
    Some((head, body))
}

fn read_frame(reader: &mut impl Read) -> Option<(u8, Vec<u8>)> {
    let mut head = [0; 2];
    reader.read_exact(&mut head).ok()?;
    let length = match head[1] & 0x7f {
        126 => {
            let mut length = [0; 2];
            reader.read_exact(&mut length).ok()?;
            usize::from(u16::from_be_bytes(length))
        }
        127 => {
            let mut length = [0; 8];
            reader.read_exact(&mut length).ok()?;
            usize::try_from(u64::from_be_bytes(length)).ok()?
        }
        length => usize::from(length),
    };
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).ok()?;
    Some((head[0] & 0x0f, bytes))
}

fn write_frame(stream: &mut TcpStream, text: &str) {
    let mut frame = vec![0x81];
    match text.len() {
        length @ ..126 => frame.push(u8::try_from(length).unwrap()),
        length @ 126..65_536 => {
            frame.push(126);
            frame.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            frame.push(127);
            frame.extend(u64::try_from(length).unwrap().to_be_bytes());
        }
    }
    frame.extend(text.as_bytes());
    // The client may have closed the connection.
    let _ = stream.write_all(&frame);
}
