//! A server that implements only as much of HTTP and websockets as a client needs to receive a flood.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The author of every message, as JSON.
pub(super) const USER: &str = r#"{"id":"cmd5vwylc0006qfe97knky6vt","username":"alice","name":"Alice Liddell","avatar":"https://example.com/a.png","metadata":{"role":"admin","n":1},"created_at":"2026-11-21T18:03:27.198Z","last_active":"2026-11-21T18:03:27.207Z"}"#;

/// The frames of the flood: `count` messages, then a deletion that marks the end.
pub(super) fn frames(count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for n in 0..count {
        frame(
            &mut bytes,
            &format!(
                r#"42["message",{{"success":true,"id":"c0mwqpv4cx{n:012}","chat_id":"c0mwqpv4cx000003spikespike","user_id":"cmd5vwylc0006qfe97knky6vt","text":"This is message number {n} of a flood, as long as people's messages are.","seen":false,"metadata":{{}},"created_at":"2026-11-21T18:03:27.979Z","updated_at":"2026-11-21T18:03:27.979Z","user":{USER}}}]"#
            ),
        );
    }
    frame(&mut bytes, r#"42["message.delete","END"]"#);
    bytes
}

/// Appends one text frame.
fn frame(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(0x81);
    match u16::try_from(text.len()).unwrap_or(u16::MAX) {
        length @ 0..=125 => bytes.push(length as u8),
        length => {
            bytes.push(126);
            bytes.extend_from_slice(&length.to_be_bytes());
        }
    }
    bytes.extend_from_slice(text.as_bytes());
}

/// Serves one connection: a sign-in over REST, or a websocket that is flooded once the client has joined.
pub(super) fn serve(mut stream: TcpStream, frames: &[u8]) -> Option<()> {
    let mut bytes = vec![0; 16384];
    let read = stream.read(&mut bytes).ok()?;
    let head = String::from_utf8_lossy(&bytes[..read]).into_owned();
    let Some(key) = head
        .lines()
        .find_map(|line| line.split_once(": ").filter(|(k, _)| k.eq_ignore_ascii_case("sec-websocket-key")))
    else {
        let body = format!(r#"{{"success":true,"user":{USER}}}"#);
        return write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
            .ok();
    };
    let accept = openssl::base64::encode_block(&openssl::sha::sha1(
        format!("{}258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key.1.trim()).as_bytes(),
    ));
    write!(
        stream,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    )
    .ok()?;
    let mut hello = Vec::new();
    frame(&mut hello, r#"0{"sid":"e","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#);
    frame(&mut hello, r#"40{"sid":"s"}"#);
    stream.write_all(&hello).ok()?;
    // The first frame of more than 30 bytes is the join request; the client is ready shortly after.
    while stream.read(&mut bytes).ok()? < 30 {}
    std::thread::sleep(Duration::from_millis(300));
    stream.write_all(frames).ok()?;
    while stream.read(&mut bytes).ok()? > 0 {}
    Some(())
}
