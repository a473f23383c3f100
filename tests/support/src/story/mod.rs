//! [`Story`]: drives the program's state without a socket or a terminal. Events go in, effects and screens come out,
//! and the clock belongs to the test.

mod invariants;
mod people;
mod serial;
pub mod vchat;

use minchat_tui::app::{
    Damage, Effect, Event, Options, Overlay, Profile, Size, Start, State, deadline, layout, update,
};
use minchat_tui::domain::{AccountId, Capabilities, ConnectionStatus, Membership, Request, ServerEvent, Timestamp};
use minchat_tui::input::{Key, Mouse, MouseKind};
use minchat_tui::recording::Entry;
use minchat_tui::runtime::Screen;
use minchat_tui::store::{Answer, OutboxStep, OutboxWrite, Write};
use minchat_tui::view::paint;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

#[allow(unused_imports, reason = "for stories of chance")]
pub use invariants::check;
pub use people::*;
pub use serial::*;

/// Start of every story: Saturday 21 November 2026, 18:00 UTC.
pub const BEGIN: Timestamp = Timestamp(1_795_284_000_000);

/// The state of the program, with the effects it asked for.
pub struct Story {
    pub state: State,
    pub now: Timestamp,
    pub effects: Vec<Effect>,
    /// Writes to the outbox in the store.
    pub outbox_writes: Vec<OutboxWrite>,
    /// Whether the store confirms writes immediately.
    pub store_answers: bool,
    /// From what the state was created, and what has happened since.
    pub start: Start,
    pub entries: Vec<Entry>,
    /// The terminal, which receives only the changes of each frame.
    pub terminal: Screen<std::io::Sink>,
}

impl Story {
    /// The program as it starts.
    pub fn new(width: u16, height: u16) -> Self {
        let profile = Profile {
            name: "default".into(),
            user: "me".into(),
            url: "https://api.minchat.io".into(),
            ..Profile::default()
        };
        let options = Options { open_command: vec!["open-it".into()], ..Options::default() };
        let start = Start {
            at: BEGIN,
            size: Size { width, height },
            seed: 1,
            mouse: true,
            options,
            profile: profile.into(),
            others: Vec::new(),
            shown: 0,
            side_by_side: false,
            notice: None,
        };
        let mut story = Self {
            state: start.clone().state(),
            now: BEGIN,
            effects: Vec::new(),
            outbox_writes: Vec::new(),
            store_answers: true,
            start,
            entries: Vec::new(),
            terminal: Screen::new(std::io::sink()),
        };
        story.draw();
        story
    }

    /// The program signed in and online, before any room list arrived.
    pub fn online(width: u16, height: u16) -> Self {
        Self::online_on(MINCHAT, width, height)
    }

    /// Like [`Story::online`], on a service with these capabilities.
    pub fn online_on(can: Capabilities, width: u16, height: u16) -> Self {
        let mut story = Self::new(width, height);
        story.server(ServerEvent::SignedIn { me: me(), capabilities: can });
        story.server(ServerEvent::Connection(ConnectionStatus::Online));
        story
    }

    /// The program after connecting, in a chat with Alice that has two messages, both seen.
    pub fn chat(width: u16, height: u16) -> Self {
        Self::chat_on(MINCHAT, width, height)
    }

    /// Like [`Story::chat`], on a service with these capabilities.
    pub fn chat_on(can: Capabilities, width: u16, height: u16) -> Self {
        let mut story = Self::online_on(can, width, height);
        for _load_and_reload in 0..2 {
            let last = message("m2", "alice", "How are you?", -60_000);
            let rooms = vec![room_on(can, "r1", "Alice Archer", &["alice"], last)];
            story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
            let messages = [("m1", "me", "Hello Alice", -120_000), ("m2", "alice", "How are you?", -60_000)];
            let messages = messages.map(|(id, author, text, at)| seen(message(id, author, text, at)));
            story.history("r1", 1, 1, messages.to_vec());
            story.server(ServerEvent::Membership { room: room_id("r1"), membership: Membership::default() });
            story.wait(2_000);
        }
        story.effects.clear();
        story
    }

    /// Handles an event and draws a frame.
    pub fn event(&mut self, event: Event) -> &mut Self {
        self.handle(event);
        self.draw();
        self
    }

    /// Handles an event and the immediate answers of the store before the next frame is drawn.
    pub fn handle(&mut self, event: Event) {
        for effect in self.apply(event) {
            match effect {
                Effect::Persist(account, Write::Outbox(write)) => {
                    let answer = store_answer(&write);
                    self.outbox_writes.push(write);
                    if self.store_answers {
                        self.handle(Event::Store(account, answer));
                    }
                }
                Effect::FromWire(outcome) => self.handle(Event::FromWire(outcome)),
                effect => self.effects.push(effect),
            }
        }
    }

    fn apply(&mut self, event: Event) -> Vec<Effect> {
        self.entries.push(Entry { at: self.now, event: event.clone() });
        update(&mut self.state, self.now, event)
    }

    /// Handles an event of the server.
    pub fn server(&mut self, event: ServerEvent) -> &mut Self {
        self.server_of(AccountId(0), event)
    }

    /// Handles an event of the server of an account.
    pub fn server_of(&mut self, account: AccountId, event: ServerEvent) -> &mut Self {
        let event = answering(&mut self.state, account, event);
        self.event(Event::Server(account, event))
    }

    /// Handles a page of a room's history.
    pub fn history(
        &mut self,
        id: &str,
        page: u32,
        pages: u32,
        messages: Vec<minchat_tui::domain::MessageInfo>,
    ) -> &mut Self {
        self.server(ServerEvent::History { room: room_id(id), serial: ANY_SERIAL, page, pages, total: None, messages })
    }

    /// Presses keys, written as in the configuration: `ctrl+k enter`.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            let key: Key = key.parse().expect("a key");
            self.event(Event::Key(key));
        }
        self
    }

    /// Answers the open question with yes, as soon as it accepts that.
    pub fn confirms(&mut self) -> &mut Self {
        self.wait(400).keys("y")
    }

    /// Answers the open question with yes, if there is one.
    pub fn confirms_if_asked(&mut self) -> &mut Self {
        if let Some(Overlay::Question(_)) = self.state.ui.overlay {
            self.confirms();
        }
        self
    }

    /// Types text, character by character.
    pub fn types(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.event(Event::Key(Key::plain(minchat_tui::input::Code::Char(c))));
        }
        self
    }

    /// Sends a mouse event at the first cell of `text` on screen.
    #[track_caller]
    pub fn mouse(&mut self, kind: MouseKind, text: &str) -> &mut Self {
        let Some((column, row)) = self.cell_of(text) else { panic!("no `{text}` on\n{}", self.screen()) };
        self.event(Event::Mouse(Mouse { kind, column, row }))
    }

    /// Clicks the first cell of `text` on screen.
    #[track_caller]
    pub fn clicks(&mut self, text: &str) -> &mut Self {
        self.mouse(MouseKind::Click, text)
    }

    /// The column and row of the first cell of `text` on screen.
    pub fn cell_of(&self, text: &str) -> Option<(u16, u16)> {
        self.screen().lines().zip(0..).find_map(|(line, row)| {
            let before = line.find(text)?;
            Some((u16::try_from(minchat_tui::text::width(&line[..before])).ok()?, row))
        })
    }

    /// Lets time pass, waking the program at each of its deadlines.
    pub fn wait(&mut self, millis: i64) -> &mut Self {
        let end = self.now + millis;
        let mut woken = 0;
        while let Some(at) = deadline(&self.state).filter(|at| *at <= end) {
            self.now = at.max(self.now);
            self.event(Event::Tick);
            woken += 1;
            assert!(
                woken < 10_000,
                "it wakes without end for {at:?} at {:?}: {:?}",
                self.now,
                self.state.account().outbox
            );
        }
        self.now = end;
        self
    }

    /// Takes the requests since the last call, in order.
    pub fn requests(&mut self) -> Vec<Request> {
        let effects = std::mem::take(&mut self.effects).into_iter();
        effects
            .filter_map(|effect| if let Effect::Request(_, request) = effect { Some(request) } else { None })
            .map(without_serial)
            .collect()
    }

    /// Draws as the event loop does: while the screen may have changed.
    fn draw(&mut self) {
        for _frame in 0..1_000 {
            if self.state.terminal.damage == Damage::Nothing {
                return;
            }
            layout(&mut self.state);
            self.terminal.draw(&self.state).expect("a sink takes everything");
            let effects = self.apply(Event::FrameDrawn);
            self.effects.extend(effects);
        }
        panic!("each frame causes another one");
    }

    /// The cells of the frame, and the cursor.
    pub fn frame(&self) -> (Buffer, Option<Position>) {
        frame_of(&self.state)
    }

    /// The frame as text, one line per row, without trailing blanks.
    pub fn screen(&self) -> String {
        screen_of(&self.state)
    }

    /// The frame without the room list.
    pub fn pane(&self) -> String {
        let screen = self.screen();
        let rows = screen.lines().map(|row| row.split_once('│').map_or(row, |(_, pane)| pane));
        rows.collect::<Vec<_>>().join("\n")
    }

    /// The row of the pane that contains `text`. Fails, showing the screen, when there is none.
    #[track_caller]
    pub fn row_with(&self, text: &str) -> String {
        let screen = self.pane();
        let row = screen.lines().find(|row| row.contains(text));
        row.unwrap_or_else(|| panic!("no `{text}` on\n{screen}")).to_owned()
    }

    /// Fails, showing the screen, unless it contains `text`.
    #[track_caller]
    pub fn shows(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(screen.contains(text), "no `{text}` on\n{screen}");
        self
    }

    /// Fails, showing the screen, if it contains `text`.
    #[track_caller]
    pub fn lacks(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(!screen.contains(text), "`{text}` on\n{screen}");
        self
    }
}

/// The store's answer to a completed write of the outbox.
pub fn store_answer(write: &OutboxWrite) -> Answer {
    let step = match write {
        OutboxWrite::Put(_) => OutboxStep::Put,
        OutboxWrite::Mark { .. } => OutboxStep::Mark,
        OutboxWrite::Remove(_) => OutboxStep::Remove,
    };
    Answer::OutboxConfirmed { local: write.local(), step, on_disk: true }
}

/// The frame of a laid-out state, as cells and cursor.
pub fn frame_of(state: &State) -> (Buffer, Option<Position>) {
    let area = Rect::new(0, 0, state.terminal.size.width, state.terminal.size.height);
    let mut buffer = Buffer::empty(area);
    let cursor = paint(state, area, &mut buffer);
    (buffer, cursor)
}

/// The frame of a laid-out state as text, one line per row, without trailing blanks.
pub fn screen_of(state: &State) -> String {
    let (buffer, _) = frame_of(state);
    let mut rows = Vec::new();
    for y in 0..buffer.area.height {
        let mut row = String::new();
        let mut skip = 0;
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                row.push_str(symbol);
                skip = minchat_tui::text::width(symbol).max(1);
            }
            skip -= 1;
        }
        rows.push(row.trim_end().to_owned());
    }
    rows.join("\n")
}
