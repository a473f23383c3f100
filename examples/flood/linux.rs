//! The server, the four clients and the meter, which reads `/proc`.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use minchat_tui::domain::{AccountId, ServerEvent};
use minchat_tui::net::{Connection, FeedReceiver, FeedSender, Target, feed};
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::{Frame, Protocol};
use rust_socketio::asynchronous::{Client, ClientBuilder};
use rust_socketio::{Event, Payload, TransportType};
use serde_json::{Value, json};

pub(super) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const USER: &str = r#"{"id":"cmd5vwylc0006qfe97knky6vt","username":"alice","name":"Alice Liddell","avatar":"https://example.com/a.png","metadata":{"role":"admin","n":1},"created_at":"2026-11-21T18:03:27.198Z","last_active":"2026-11-21T18:03:27.207Z"}"#;

pub(super) fn run() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["receive", how, url] => receive(how, url),
        ["decode"] => decode_alone(),
        rest => compare(rest.first().map_or(Ok(100_000), |count| count.parse())?),
    }
}

fn compare(count: usize) -> Outcome<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let frames = Arc::new(frames(count));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let frames = Arc::clone(&frames);
            std::thread::spawn(move || serve(stream, &frames));
        }
    });
    for round in 1..=3 {
        for how in ["bare", "channel", "callback", "ours"] {
            let out = Command::new(std::env::current_exe()?).args(["receive", how, &url]).output()?;
            let mut stdout = std::io::stdout();
            write!(stdout, "{round} {how:9}{}", String::from_utf8_lossy(&out.stdout))?;
            std::io::stderr().write_all(&out.stderr)?;
        }
    }
    Ok(())
}

// ---- the server ----

fn frames(count: usize) -> Vec<u8> {
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

fn serve(mut stream: TcpStream, frames: &[u8]) -> Option<()> {
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
    // The first frame of more than 30 bytes is the join; a moment later everybody is ready.
    while stream.read(&mut bytes).ok()? < 30 {}
    std::thread::sleep(Duration::from_millis(300));
    stream.write_all(frames).ok()?;
    while stream.read(&mut bytes).ok()? > 0 {}
    Some(())
}

// ---- the clients ----

/// Wall clock, processor time and memory of this process.
struct Meter {
    start: Instant,
    ticks: u64,
    rss: u64,
}

impl Meter {
    fn start() -> Self {
        Self { start: Instant::now(), ticks: ticks(), rss: status("VmRSS:") }
    }

    fn report(&self, count: usize, lost: usize) -> Outcome<()> {
        let wall = self.start.elapsed();
        let cpu = (ticks() - self.ticks) * 10;
        writeln!(
            std::io::stdout(),
            " {count:6} events {lost} gaps {:5} ms wall {cpu:5} ms cpu {:5.2} us/event  rss {} -> {} kB, peak {} kB",
            wall.as_millis(),
            cpu as f64 * 1000.0 / count as f64,
            self.rss,
            status("VmRSS:"),
            status("VmHWM:"),
        )?;
        Ok(())
    }
}

fn ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    fields.iter().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum()
}

fn status(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(key)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or_default()
}

fn receive(how: &str, url: &str) -> Outcome<()> {
    match how {
        "bare" => bare(url),
        "ours" => {
            let (sender, receiver) = feed(AccountId(0), 16_384);
            let target =
                Target { url: url.into(), username: "alice".into(), name: "Alice".into(), ca_file: None, seed: 1 };
            let connection = Connection::open(target, Box::new(MinChat::new("KEY")), sender)?;
            let read = read(receiver);
            connection.close();
            read
        }
        "callback" => {
            let (sender, receiver) = feed(AccountId(0), 16_384);
            let adapter = Mutex::new(MinChat::new("KEY"));
            listen(url.to_owned(), move |frame| {
                decode(&mut adapter.lock().unwrap_or_else(PoisonError::into_inner), &sender, frame);
            });
            read(receiver)
        }
        _ => {
            let (sender, receiver) = feed(AccountId(0), 16_384);
            let (frames, inbox) = mpsc::sync_channel(16_384);
            std::thread::spawn(move || {
                let mut adapter = MinChat::new("KEY");
                while let Ok(frame) = inbox.recv() {
                    decode(&mut adapter, &sender, frame);
                }
            });
            listen(url.to_owned(), move |frame| {
                let _ = frames.try_send(frame);
            });
            read(receiver)
        }
    }
}

/// Decoding alone, with the trees made and dropped outside of the clock.
fn decode_alone() -> Outcome<()> {
    let text = format!(
        r#"{{"success":true,"id":"c0mwqpv4cx000000000001","chat_id":"c0mwqpv4cx000003spikespike","user_id":"cmd5vwylc0006qfe97knky6vt","text":"This is message number 1 of a flood, as long as people's messages are.","seen":false,"metadata":{{}},"created_at":"2026-11-21T18:03:27.979Z","updated_at":"2026-11-21T18:03:27.979Z","user":{USER}}}"#
    );
    let value: Value = serde_json::from_str(&text)?;
    let mut adapter = MinChat::new("KEY");
    for _ in 0..5 {
        let (mut took, mut events) = (Duration::ZERO, 0);
        for _ in 0..100 {
            let frames: Vec<Frame> =
                (0..1000).map(|_| Frame::Event { name: "message".into(), args: vec![value.clone()] }).collect();
            let start = Instant::now();
            for frame in frames {
                events += adapter.decode(frame)?.len();
            }
            took += start.elapsed();
        }
        let dropped = vec![value.clone(); 100_000];
        let start = Instant::now();
        drop(dropped);
        let drops = start.elapsed();
        writeln!(std::io::stdout(), "{events} decoded and dropped in {took:?}, of which dropping the trees {drops:?}")?;
    }
    Ok(())
}

fn decode(adapter: &mut MinChat, feed: &FeedSender, frame: Frame) {
    if let Ok(events) = adapter.decode(frame) {
        events.into_iter().for_each(|event| feed.push(event));
    }
}

/// Reads as the program's loop would: on a thread of its own, one event at a time.
fn read(mut events: FeedReceiver) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut meter, mut count, mut gaps) = (None, 0, 0);
        while let Some(event) = events.recv().await {
            match event {
                ServerEvent::Message(_) => {
                    meter.get_or_insert_with(Meter::start);
                    count += 1;
                }
                ServerEvent::Gap => gaps += 1,
                ServerEvent::Deleted(_) => break,
                _ => {}
            }
        }
        meter.map_or(Ok(()), |meter: Meter| meter.report(count, gaps))
    })
}

fn builder(url: &str) -> ClientBuilder {
    ClientBuilder::new(format!("{url}/socket.io/")).transport_type(TransportType::Websocket).on(
        Event::Connect,
        |_, client: Client| {
            Box::pin(async move {
                let _ = client.emit("room.user.join", json!({"channelUserId": "x", "apiKey": "KEY"})).await;
            })
        },
    )
}

fn listen(url: String, sink: impl Fn(Frame) + Send + Sync + 'static) {
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            let client = builder(&url)
                .on_any(move |event, payload, _| {
                    if let Payload::Text(args) = payload {
                        sink(Frame::Event { name: String::from(event), args });
                    }
                    Box::pin(async {})
                })
                .connect()
                .await;
            std::future::pending::<()>().await;
            drop(client);
        });
    });
}

fn bare(url: &str) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (done, mut ended) = tokio::sync::mpsc::unbounded_channel();
        let (mut meter, mut count) = (None, 0);
        let client = builder(url)
            .on_any(move |_, payload, _| {
                let meter: &Meter = meter.get_or_insert_with(Meter::start);
                if matches!(&payload, Payload::Text(args) if matches!(args.first(), Some(Value::String(_)))) {
                    let _ = meter.report(count, 0);
                    let _ = done.send(());
                }
                count += 1;
                Box::pin(async {})
            })
            .connect()
            .await?;
        ended.recv().await;
        drop(client);
        Ok(())
    })
}
