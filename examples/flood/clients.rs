//! The clients that are compared.

use std::sync::{Mutex, PoisonError, mpsc};

use minchat_tui::domain::{AccountId, ServerEvent};
use minchat_tui::net::{Connection, FeedReceiver, FeedSender, Target, feed};
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::{Frame, Protocol};
use rust_socketio::asynchronous::{Client, ClientBuilder};
use rust_socketio::{Event, Payload, TransportType};
use serde_json::{Value, json};

use super::meter::Meter;
use super::run::Outcome;

/// The clients, in the order of the comparison.
pub(super) const NAMES: [&str; 4] = ["bare", "channel", "callback", "full"];

/// Runs one client against the server at `url` and prints its cost.
pub(super) fn receive(client: &str, url: &str) -> Outcome<()> {
    match client {
        "bare" => bare(url),
        "full" => {
            let (sender, receiver) = feed(AccountId(0), 16_384);
            let target = Target { url: url.into(), username: "alice".into(), name: None, ca_file: None, seed: 1 };
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

fn decode(adapter: &mut MinChat, feed: &FeedSender, frame: Frame) {
    if let Ok(events) = adapter.decode(frame) {
        events.into_iter().for_each(|event| feed.push(event));
    }
}

/// Reads the feed like the event loop of the program: one event at a time, on a thread of its own.
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
                ServerEvent::EventsLost => gaps += 1,
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
