//! Minimal program with a socket: the baseline for a terminal program that uses the Socket.IO client library.
//!
//! - `bare-socket --socket URL` paints a frame for each key, and for each message with its text;
//! - `bare-socket --drain URL COUNT` receives COUNT messages without painting them, reports that, and waits to be
//!   killed.

mod screen;

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use futures_util::FutureExt;
use ratatui::crossterm::event::{self, Event};
use rust_socketio::asynchronous::{Client, ClientBuilder};
use rust_socketio::{Payload, TransportType};
use serde_json::json;

use screen::Screen;

enum Input {
    Terminal(Event),
    Message(String),
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--socket", url] => show(url),
        ["--drain", url, count] => drain(url, count.parse()?),
        _ => anyhow::bail!("usage: bare-socket --socket URL | --drain URL COUNT"),
    }
}

fn show(url: &str) -> anyhow::Result<()> {
    let mut screen = Screen::open()?;
    let (to_screen, inputs) = channel();
    let runtime = runtime()?;
    let from_socket = to_screen.clone();
    let _client = runtime.block_on(connect(url, move |payload| {
        if let Some(text) = text(&payload) {
            // The receiver only disappears when the program ends.
            let _ = from_socket.send(Input::Message(text));
        }
    }))?;
    thread::spawn(move || read_terminal(&to_screen));
    while let Ok(first) = inputs.recv() {
        // All inputs that have arrived are shown in one frame, as the client does.
        for input in std::iter::once(first).chain(inputs.try_iter()) {
            match input {
                Input::Terminal(event) if !screen.handle(&event) => return Ok(()),
                Input::Terminal(_) => {}
                Input::Message(text) => screen.head = text,
            }
        }
        screen.paint()?;
    }
    Ok(())
}

fn read_terminal(to_screen: &Sender<Input>) {
    while let Ok(event) = event::read() {
        if to_screen.send(Input::Terminal(event)).is_err() {
            return;
        }
    }
}

fn drain(url: &str, count: u64) -> anyhow::Result<()> {
    let runtime = runtime()?;
    let received = Arc::new(AtomicU64::new(0));
    let (done, all_received) = channel();
    let _client = runtime.block_on(connect(url, move |_| {
        if received.fetch_add(1, Ordering::Relaxed) + 1 == count {
            let _ = done.send(());
        }
    }))?;
    all_received.recv()?;
    writeln!(io::stdout(), "drained {count}")?;
    // Keep running so that the benchmark can read the memory use; it kills this process.
    all_received.recv()?;
    Ok(())
}

/// Creates a runtime with one worker, which is enough for the single socket.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

async fn connect(url: &str, on_message: impl Fn(Payload) + Send + Sync + 'static) -> anyhow::Result<Client> {
    let client = ClientBuilder::new(format!("{url}/"))
        .transport_type(TransportType::Websocket)
        .on("open", |_, client: Client| {
            async move {
                // If the join fails, no messages arrive, and the benchmark reports that.
                let _ = client.emit("room.join", json!({"channelId": "c-room", "apiKey": "k"})).await;
            }
            .boxed()
        })
        .on("message", move |payload, _| {
            on_message(payload);
            async {}.boxed()
        })
        .connect()
        .await?;
    Ok(client)
}

fn text(payload: &Payload) -> Option<String> {
    let Payload::Text(values) = payload else { return None };
    Some(values.first()?.get("text")?.as_str()?.to_owned())
}
