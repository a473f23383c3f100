//! A simulated day in a large company: thousands of people come and go, type and read, and nobody sends a message.
//!
//! A test measures how large the state gets, and a bench measures the memory of the process.

use fastrand::Rng;
use minchat_tui::app::{Effect, Event, Options, PersistenceState, Profile, Size, State, deadline, layout, update};
use minchat_tui::domain::{
    AccountId, ConnectionStatus, MessageId, MessageInfo, PersonId, PersonInfo, Request, RoomId, RoomInfo, RoomKind,
    ServerEvent, Timestamp,
};
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::{Credentials, VChat};
use minchat_tui::protocol::{Frame, Protocol};
use minchat_tui::store::Answer;
use minchat_tui::text::SafeText;
use serde_json::{Value, json};

/// Length of the day in seconds.
pub const SECONDS: u32 = 86_400;

/// Number of people who are members of rooms. Many more only pass by: see [`Day::next_frame`].
const PEOPLE: u32 = 5_000;
const ROOMS: u32 = 200;
const PEOPLE_PER_ROOM: u32 = PEOPLE / ROOMS;

const BEGIN: Timestamp = Timestamp(1_795_284_000_000);

/// The program's state on one of the services, and the simulated server.
pub struct Day {
    pub state: State,
    protocol: Box<dyn Protocol>,
    on_minchat: bool,
    now: Timestamp,
    rng: Rng,
    strangers: u32,
    /// Number of server frames handled so far.
    pub events: u64,
}

impl Day {
    pub fn on_minchat() -> Self {
        Self::start(Box::new(MinChat::new("K")), true)
    }

    pub fn on_vchat() -> Self {
        Self::start(Box::new(VChat::new(Credentials::HashKey("K".into()), "d")), false)
    }

    fn start(protocol: Box<dyn Protocol>, on_minchat: bool) -> Self {
        let profile = Profile {
            name: "default".into(),
            user: "p0".into(),
            url: "https://chat.example.com".into(),
            ..Profile::default()
        };
        let mut state = State::new(Options::default(), profile, Size { width: 100, height: 30 }, BEGIN, 1);
        state.account_mut().persistence = PersistenceState::on_disk();
        let (rng, capabilities) = (Rng::with_seed(7), protocol.capabilities());
        let mut day = Self { state, protocol, on_minchat, now: BEGIN, rng, strangers: 0, events: 0 };
        day.handle(Event::Store(AccountId(0), Answer::Loaded(Box::default())));
        day.server(ServerEvent::SignedIn { me: person(0), capabilities });
        day.server(ServerEvent::Connection(ConnectionStatus::Online));
        day.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: (0..ROOMS).map(room).collect() });
        day
    }

    /// Advances the clock by one second and handles two server frames and every timer that is due.
    pub fn advance_second(&mut self) {
        let end = self.now + 1_000;
        for _ in 0..2 {
            let frame = self.next_frame();
            self.events += 1;
            let events = self.protocol.decode(frame).unwrap();
            events.into_iter().for_each(|event| self.server(event));
        }
        while let Some(at) = deadline(&self.state).filter(|at| *at <= end) {
            self.now = at.max(self.now);
            self.handle(Event::Tick);
        }
        self.now = end;
        layout(&mut self.state);
        self.handle(Event::FrameDrawn);
    }

    fn server(&mut self, event: ServerEvent) {
        self.handle(Event::Server(AccountId(0), event));
    }

    fn handle(&mut self, event: Event) {
        for effect in update(&mut self.state, self.now, event) {
            if let Effect::Request(_, request) = effect {
                self.answer(request);
            }
        }
    }

    /// Answers history requests with the one message that each room has; other requests stay unanswered.
    fn answer(&mut self, request: Request) {
        if let Request::History { room, serial, page, .. } = request {
            let messages = vec![message(&room, 0)];
            self.server(ServerEvent::History { room, serial, page, pages: 1, total: None, messages });
        }
    }

    /// Returns a random typing, presence or receipt event. Two of three name a person who never appears again.
    fn next_frame(&mut self) -> Frame {
        let is_stranger = self.rng.u8(0..3) > 0;
        let who = if is_stranger {
            self.strangers += 1;
            PEOPLE + self.strangers
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
                let presence = json!([{ "peerId": id, "isOnline": on, "extra": room }]);
                ("v1OnMyOnline", Value::String(presence.to_string()))
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
    let members = number * PEOPLE_PER_ROOM..(number + 1) * PEOPLE_PER_ROOM;
    let participants = members.chain([0]).map(|number| PersonId::new(&format!("p{number}"))).collect();
    RoomInfo {
        kind: RoomKind::Group,
        title: Some(SafeText::line(&format!("Room number {number}"))),
        participants,
        last_message: Some(message(&id, number * PEOPLE_PER_ROOM + 1)),
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
