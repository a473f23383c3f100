//! A day in a large company, told to the program in simulated time: thousands come and go, type and read, and nobody says
//! a word.
//!
//! Used by a test, which looks at what the state holds, and by a bench, which looks at the memory of the process.

use fastrand::Rng;
use jiff::tz::TimeZone;
use minchat_tui::app::{Effect, Event, Options, PersistenceState, Size, State, deadline, layout, update};
use minchat_tui::config::Theme;
use minchat_tui::domain::{
    AccountId, ConnectionStatus, MessageId, MessageInfo, PersonId, PersonInfo, Request, RoomId, RoomInfo, RoomKind,
    ServerEvent, Timestamp,
};
use minchat_tui::input::Keymap;
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::{Credentials, VChat};
use minchat_tui::protocol::{Frame, Protocol};
use minchat_tui::store::Answer;
use minchat_tui::text::SafeText;
use serde_json::{Value, json};

/// How long it is, in seconds.
pub const SECONDS: u32 = 86_400;

/// Who is in the rooms. As many again and more only pass by.
const PEOPLE: u32 = 5_000;
const ROOMS: u32 = 200;
const IN_A_ROOM: u32 = PEOPLE / ROOMS;

const BEGIN: Timestamp = Timestamp(1_795_284_000_000);

/// The program on one of the services.
pub struct Day {
    pub state: State,
    protocol: Box<dyn Protocol>,
    on_minchat: bool,
    now: Timestamp,
    rng: Rng,
    passers: u32,
    /// How many events were told.
    pub events: u64,
}

impl Day {
    pub fn on_minchat() -> Self {
        Self::begin(Box::new(MinChat::new("K")), true)
    }

    pub fn on_vchat() -> Self {
        Self::begin(Box::new(VChat::new(Credentials::HashKey("K".into()), "d")), false)
    }

    fn begin(protocol: Box<dyn Protocol>, on_minchat: bool) -> Self {
        let options = Options {
            profile: "default".into(),
            user: "p0".into(),
            room: None,
            url: "https://chat.example.com".into(),
            keymap: Keymap::default(),
            theme: Theme::default(),
            ascii: false,
            zone: TimeZone::UTC,
            call_command: Vec::new(),
            open_command: Vec::new(),
            seed: 1,
        };
        let mut state = State::new(options, Size { width: 100, height: 30 }, BEGIN);
        state.keeping = PersistenceState::on_disk();
        let (rng, capabilities) = (Rng::with_seed(7), protocol.capabilities());
        let mut day = Self { state, protocol, on_minchat, now: BEGIN, rng, passers: 0, events: 0 };
        day.tell(Event::Store(Answer::Loaded(Box::default())));
        day.server(ServerEvent::SignedIn { me: person(0), capabilities });
        day.server(ServerEvent::Connection(ConnectionStatus::Online));
        day.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: (0..ROOMS).map(room).collect() });
        day
    }

    /// A second passes, with all that happens in it.
    pub fn second(&mut self) {
        let end = self.now + 1_000;
        for _ in 0..2 {
            let frame = self.happening();
            self.events += 1;
            let told = self.protocol.decode(frame).unwrap();
            told.into_iter().for_each(|event| self.server(event));
        }
        while let Some(at) = deadline(&self.state).filter(|at| *at <= end) {
            self.now = at.max(self.now);
            self.tell(Event::Tick);
        }
        self.now = end;
        layout(&mut self.state);
        self.tell(Event::FrameDrawn);
    }

    fn server(&mut self, event: ServerEvent) {
        self.tell(Event::Server(AccountId(0), event));
    }

    fn tell(&mut self, event: Event) {
        for effect in update(&mut self.state, self.now, event) {
            if let Effect::Request(_, request) = effect {
                self.answer(request);
            }
        }
    }

    /// The server answers what is asked all day long, and the first page of a room.
    fn answer(&mut self, request: Request) {
        if let Request::History { room, page, .. } = request {
            let messages = vec![message(&room, 0)];
            self.server(ServerEvent::History { room, page, pages: 1, messages });
        }
    }

    /// Somebody does something: two in three are never heard of again.
    fn happening(&mut self) -> Frame {
        let passes = self.rng.u8(0..3) > 0;
        let who = if passes {
            self.passers += 1;
            PEOPLE + self.passers
        } else {
            self.rng.u32(1..PEOPLE)
        };
        let room = format!("r{}", self.rng.u32(0..ROOMS));
        let (id, name, on) = (format!("p{who}"), format!("Person number {who}"), self.rng.bool());
        let (name, args): (&str, Value) = match (self.rng.u8(0..4), self.on_minchat) {
            (0 | 1, true) if on => ("typing.start", json!({ "id": id, "username": id, "name": name })),
            (0 | 1, true) => ("typing.stop", json!({ "id": id, "username": id, "name": name })),
            (2, true) => ("user.status", json!({ "memberId": id, "status": if on { "online" } else { "offline" } })),
            (_, true) => ("message.seen", json!({ "id": format!("r{who}-m"), "messageId": format!("r{who}-m") })),
            (0 | 1, false) => {
                let status = ["typing", "recording", "stopped"][self.rng.usize(0..3)];
                let typing = json!({ "userId": id, "roomId": room, "name": name, "status": status });
                ("v1OnRoomStatusChange", Value::String(typing.to_string()))
            }
            (2, false) => {
                let there = json!([{ "peerId": id, "isOnline": on, "extra": room }]);
                ("v1OnMyOnline", Value::String(there.to_string()))
            }
            (_, false) => {
                let name = if on { "v1OnEnterChatRoom" } else { "v1OnDeliverChatRoom" };
                let read = json!({ "roomId": room, "userId": id, "date": "2026-11-21T18:00:00Z" });
                (name, Value::String(read.to_string()))
            }
        };
        Frame::Event { name: name.to_owned(), args: vec![args] }
    }
}

fn person(number: u32) -> PersonInfo {
    PersonInfo {
        username: SafeText::line(&format!("p{number}")),
        name: SafeText::line(&format!("Person number {number}")),
        ..PersonInfo::new(PersonId::new(&format!("p{number}")))
    }
}

fn room(number: u32) -> RoomInfo {
    let id = RoomId::new(&format!("r{number}"));
    let members = number * IN_A_ROOM..(number + 1) * IN_A_ROOM;
    let participants = members.chain([0]).map(|number| PersonId::new(&format!("p{number}"))).collect();
    RoomInfo {
        kind: RoomKind::Group,
        title: SafeText::line(&format!("Room number {number}")),
        participants,
        last_message: Some(message(&id, number * IN_A_ROOM + 1)),
        ..RoomInfo::new(id)
    }
}

fn message(room: &RoomId, author: u32) -> MessageInfo {
    MessageInfo {
        author_info: Some(Box::new(person(author))),
        text: SafeText::block("Good morning"),
        ..MessageInfo::new(
            MessageId::new(&format!("{}-m", room.as_str())),
            room.clone(),
            PersonId::new(&format!("p{author}")),
            BEGIN + -60_000,
        )
    }
}
