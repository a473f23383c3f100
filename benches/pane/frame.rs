//! One message more, or one message changed, until it stands in the frame: the same at any length of the history.

use std::hint::black_box;

use jiff::tz::TimeZone;
use minchat_tui::app::{Event, Options, Size, State, layout, update};
use minchat_tui::config::Theme;
use minchat_tui::domain::{AccountId, ConnectionStatus, Request, RoomId, ServerEvent, Timestamp};
use minchat_tui::input::Keymap;
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
const LIMIT: f64 = 1.5;

/// Prints the section's lines.
pub(crate) fn measure() {
    for (count, words) in [(10_000, "10,000"), (100_000, "100,000")] {
        let (Some(mut large), Some(mut small)) = (Client::with(count), Client::with(1_000)) else {
            report::note("frame: not measured: the client does not show what it was told");
            return;
        };
        let (name, against) = (format!("frame, appended at {words}"), ("at 1,000", LIMIT));
        compare_each(&name, against, (&mut large, &mut small), Client::next, Client::show);
        let name = format!("frame, edited at {words}");
        compare_each(&name, against, (&mut large, &mut small), Client::change, Client::show);
        if !large.shows(&changed(large.edits)) {
            report::note("frame: the last change is not on the screen");
        }
    }
}

/// A client without a world: its state, its screen, and the messages it is told of.
struct Client {
    state: State,
    screen: Buffer,
    adapter: MinChat,
    now: Timestamp,
    count: u64,
    edits: u64,
}

impl Client {
    /// One in whose only room stand `count` messages.
    fn with(count: u64) -> Option<Self> {
        let options = Options {
            profile: "bench".to_owned(),
            user: flood::USER.to_owned(),
            room: Some(flood::ROOM.to_owned()),
            url: "http://127.0.0.1".to_owned(),
            keymap: Keymap::default(),
            theme: Theme::default(),
            ascii: false,
            zone: TimeZone::UTC,
            call_command: Vec::new(),
            open_command: Vec::new(),
            seed: 0,
        };
        let now = Timestamp::parse("2026-02-01T00:00:00Z")?;
        let state = State::new(options, Size { width: SCREEN.width, height: SCREEN.height }, now);
        let screen = Buffer::empty(SCREEN);
        let mut client = Self { state, screen, adapter: MinChat::new("k"), now, count: 0, edits: 0 };
        client.sign_in();
        while client.count < count {
            if let Some(event) = client.next() {
                client.tell(event);
            }
        }
        client.draw();
        client.shows(&flood::text(count - 1)).then_some(client)
    }

    /// Everything that comes before the first live message, as the server would answer it.
    fn sign_in(&mut self) {
        let user = flood::USER.to_owned();
        self.answer(Request::SignIn { username: user.clone(), name: user }, json!({"user": flood::guest()}));
        self.tell(ServerEvent::Connection(ConnectionStatus::Online));
        self.answer(Request::Rooms { page: 1 }, json!({"chats": [flood::room(1)], "page": 1, "total_pages": 1}));
        self.answer(Request::History { room: RoomId::new(flood::ROOM), page: 1, before: None }, flood::page(1, 1));
        self.count = 1;
    }

    fn answer(&mut self, request: Request, body: Value) {
        let frame = Frame::Reply { request, status: 200, body: Body::Json(body) };
        for event in self.adapter.decode(frame).unwrap_or_default() {
            self.tell(event);
        }
    }

    fn tell(&mut self, event: ServerEvent) {
        self.now = self.now + 1;
        black_box(update(&mut self.state, self.now, Event::Server(AccountId(0), event)));
    }

    fn draw(&mut self) {
        layout(&mut self.state);
        self.screen.reset();
        black_box(paint(&self.state, SCREEN, &mut self.screen));
        black_box(update(&mut self.state, self.now, Event::FrameDrawn));
    }

    /// Whether `text` stands on the screen: what is measured must have happened.
    fn shows(&self, text: &str) -> bool {
        let rows = self.screen.content().chunks(usize::from(SCREEN.width));
        rows.map(|row| row.iter().map(Cell::symbol).collect::<String>()).any(|row| row.contains(text))
    }

    /// The next message, ready to be told.
    fn next(&mut self) -> Option<ServerEvent> {
        let frame = Frame::Event { name: "message".to_owned(), args: vec![flood::message(self.count)] };
        self.count += 1;
        self.adapter.decode(frame).ok()?.pop()
    }

    /// A change of the last message, ready to be told.
    fn change(&mut self) -> Option<ServerEvent> {
        self.edits += 1;
        let mut message = flood::message(self.count - 1);
        message["text"] = json!(changed(self.edits));
        self.adapter.decode(Frame::Event { name: "message.update".to_owned(), args: vec![message] }).ok()?.pop()
    }

    /// Tells it, and draws.
    fn show(&mut self, event: Option<ServerEvent>) {
        if let Some(event) = event {
            self.tell(event);
        }
        self.draw();
    }
}

fn changed(times: u64) -> String {
    format!("changed {times} times by now")
}
