//! Time from an event to the painted frame, for a new and an edited message, at different lengths of the history.
//!
//! The time must not depend on the length.

use std::hint::black_box;

use minchat_tui::app::{Event, Options, Profile, Size, State, layout, update};
use minchat_tui::domain::{AccountId, ConnectionStatus, Request, RoomId, ServerEvent, Timestamp};
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::{Body, Frame, Protocol};
use minchat_tui::view::paint;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use serde_json::{Value, json};

use test_support::flood;
use test_support::measure::ratio::compare_each;
use test_support::measure::report;

const SCREEN: Rect = Rect { x: 0, y: 0, width: 100, height: 30 };
/// Maximum ratio of a long history to a short one.
const LIMIT: f64 = 1.5;

/// Runs this section and prints its results.
pub(crate) fn measure() {
    for (count, label) in [(10_000, "10,000"), (100_000, "100,000")] {
        let (Some(mut large), Some(mut small)) = (Client::with(count), Client::with(1_000)) else {
            report::note("frame: not measured: the client does not show the messages it received");
            return;
        };
        let (name, against) = (format!("frame, appended at {label}"), ("at 1,000", LIMIT));
        compare_each(&name, against, (&mut large, &mut small), Client::next, Client::show);
        let name = format!("frame, edited at {label}");
        compare_each(&name, against, (&mut large, &mut small), Client::edit, Client::show);
        if !large.shows(&edited_text(large.edits)) {
            report::note("frame: the last edit is not on the screen");
        }
    }
}

/// Client without a network: state, screen, and generated messages.
struct Client {
    state: State,
    screen: Buffer,
    adapter: MinChat,
    now: Timestamp,
    count: u64,
    edits: u64,
}

impl Client {
    /// Creates a client with one room that contains `count` messages.
    fn with(count: u64) -> Option<Self> {
        let profile = Profile {
            name: "bench".to_owned(),
            user: flood::USER.to_owned(),
            url: "http://127.0.0.1".to_owned(),
            room: Some(flood::ROOM.to_owned()),
            ..Profile::default()
        };
        let now = Timestamp::parse("2026-02-01T00:00:00Z")?;
        let state =
            State::new(Options::default(), profile, Size { width: SCREEN.width, height: SCREEN.height }, now, 0);
        let screen = Buffer::empty(SCREEN);
        let mut client = Self { state, screen, adapter: MinChat::new("k"), now, count: 0, edits: 0 };
        client.sign_in();
        while client.count < count {
            if let Some(event) = client.next() {
                client.handle(event);
            }
        }
        client.draw();
        client.shows(&flood::label(count - 1)).then_some(client)
    }

    /// Signs in and loads the room, with the replies that a server would send.
    fn sign_in(&mut self) {
        let user = flood::USER.to_owned();
        self.answer(Request::SignIn { username: user.clone(), name: Some(user) }, json!({"user": flood::guest()}));
        self.handle(ServerEvent::Connection(ConnectionStatus::Online));
        self.answer(Request::Rooms { page: 1 }, json!({"chats": [flood::room(1)], "page": 1, "total_pages": 1}));
        let room = RoomId::new(flood::ROOM);
        let requested = self.state.account().rooms.get(&room).and_then(|room| room.history.unanswered(1).next());
        let serial = requested.unwrap_or_default();
        self.answer(Request::History { room, serial, page: 1, before: None }, flood::page(1, 1));
        self.count = 1;
    }

    fn answer(&mut self, request: Request, body: Value) {
        let frame = Frame::Reply { request, status: 200, body: Body::Json(body) };
        for event in self.adapter.decode(frame).unwrap_or_default() {
            self.handle(event);
        }
    }

    fn handle(&mut self, event: ServerEvent) {
        self.now = self.now + 1;
        black_box(update(&mut self.state, self.now, Event::Server(AccountId(0), event)));
    }

    fn draw(&mut self) {
        layout(&mut self.state);
        self.screen.reset();
        black_box(paint(&self.state, SCREEN, &mut self.screen));
        black_box(update(&mut self.state, self.now, Event::FrameDrawn));
    }

    /// Whether `text` is on the screen. Guards against measuring something that did not happen.
    fn shows(&self, text: &str) -> bool {
        let rows = self.screen.content().chunks(usize::from(SCREEN.width));
        rows.map(|row| row.iter().map(Cell::symbol).collect::<String>()).any(|row| row.contains(text))
    }

    /// Returns the event for the next message.
    fn next(&mut self) -> Option<ServerEvent> {
        let frame = Frame::Event { name: "message".to_owned(), args: vec![flood::message(self.count)] };
        self.count += 1;
        self.adapter.decode(frame).ok()?.pop()
    }

    /// Returns the event for an edit of the last message.
    fn edit(&mut self) -> Option<ServerEvent> {
        self.edits += 1;
        let mut message = flood::message(self.count - 1);
        message["text"] = json!(edited_text(self.edits));
        self.adapter.decode(Frame::Event { name: "message.update".to_owned(), args: vec![message] }).ok()?.pop()
    }

    /// Handles the event and draws a frame.
    fn show(&mut self, event: Option<ServerEvent>) {
        if let Some(event) = event {
            self.handle(event);
        }
        self.draw();
    }
}

fn edited_text(times: u64) -> String {
    format!("edited {times} times so far")
}
