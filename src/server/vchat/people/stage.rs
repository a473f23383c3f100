//! The play: what the people do, as a pure reducer. Cues and the time come in, acts come out; chance follows the seed.

use std::collections::{BTreeSet, HashMap};

use fastrand::Rng;

use crate::domain::{SECOND, Timestamp};
use crate::server::script::{Agenda, Book, Wit};
use crate::server::vchat::model::Id;
use crate::server::vchat::news::Cue;

use super::props::Prop;
use super::tricks::Trick;

/// The group that the guest is thrown out of, and who does it.
const GROUP: (&str, &str) = ("release", "mara");
/// Who never picks up, and who declines.
const DEAF: &str = "pip";
const SHY: &str = "oskar";
/// Of a hundred answers in a group, so many get a second one from somebody else.
const SECONDED: u32 = 30;
/// Of a hundred lines of chatter, so many are spoken instead of written.
const SPOKEN: u32 = 8;
/// How long a ban lasts, and how long somebody is out of the group.
const GRUDGE: i64 = 10 * SECOND;
/// How long those who call without video let it ring, and how long a call takes.
const RINGS: i64 = 25 * SECOND;
const TALKS: i64 = 30 * SECOND;

/// What somebody does.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// Comes online.
    Come(Id),
    /// Types, records, or ceases to.
    Status { who: Id, room: Id, status: &'static str },
    /// Says something; `then` says what follows.
    Say { who: Id, room: Id, prop: Box<Prop>, to: Option<(Id, How)>, then: Then },
    /// Takes something back.
    TakeBack { who: Id, room: Id, message: Id },
    /// Has got what is in a room.
    Deliver { who: Id, room: Id },
    /// Sees what is in a room.
    Read { who: Id, room: Id },
    /// Bans somebody, or no longer.
    Ban { who: Id, whom: Id, on: bool },
    /// Throws somebody out of a group, or takes them in.
    Member { who: Id, room: Id, whom: Id, on: bool },
    /// Calls.
    Ring { who: Id, room: Id, video: bool },
    /// Picks up.
    PickUp { who: Id, meet: Id },
    /// Declines, ceases to ring or hangs up.
    HangUp { who: Id, meet: Id },
    /// Somebody starts to talk about something.
    Chat,
}

/// What something said has to do with a message said before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Reply,
    Forward,
}

/// What follows on something said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    Nothing,
    TakeBack,
}

/// The play.
#[derive(Debug)]
pub(crate) struct Stage {
    wit: Wit,
    people: HashMap<Id, usize>,
    ids: Vec<Id>,
    rooms: HashMap<String, Id>,
    /// Who of the audience is there.
    audience: BTreeSet<Id>,
    agenda: Agenda<Act>,
    /// Who is about to answer where: nobody answers two lines at once.
    busy: BTreeSet<(Id, Id)>,
    /// Which call is in a room, and which of the people is in it.
    calls: HashMap<Id, (Id, Id)>,
}

impl Stage {
    /// The play of `book`, whose people and rooms have these ids.
    pub(super) fn new(book: Book, ids: &HashMap<String, Id>, rooms: HashMap<String, Id>, rng: Rng) -> Self {
        let ids: Vec<Id> = book.people.iter().filter_map(|part| ids.get(&part.username).cloned()).collect();
        let people = ids.iter().cloned().enumerate().map(|(nth, id)| (id, nth)).collect();
        Self {
            wit: Wit::new(book, rng),
            people,
            ids,
            rooms,
            audience: BTreeSet::new(),
            agenda: Agenda::default(),
            busy: BTreeSet::new(),
            calls: HashMap::new(),
        }
    }

    /// When something is to be done next; never, while nobody is there.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.agenda.next()
    }

    /// What is to be done by `now`, one at a time.
    pub(super) fn due(&mut self, now: Timestamp) -> Option<Act> {
        let act = self.agenda.due(now)?;
        match &act {
            Act::Say { who, room, .. } => drop(self.busy.remove(&(who.clone(), room.clone()))),
            Act::Chat => self.chat(now),
            _ => {}
        }
        Some(act)
    }

    /// Who is on stage.
    pub(super) fn everybody(&self) -> &[Id] {
        &self.ids
    }

    /// Takes a cue; answers whether the last of the audience has left.
    pub(super) fn hear(&mut self, now: Timestamp, cue: Cue) -> bool {
        match cue {
            Cue::Came(who) if !self.people.contains_key(&who) => self.on_came(now, who),
            Cue::Left(who) => {
                if self.audience.remove(&who) && self.audience.is_empty() {
                    self.agenda.clear();
                    self.busy.clear();
                    self.calls.clear();
                    return true;
                }
            }
            Cue::Wrote { room, message, author, text, others } => {
                if !self.people.contains_key(&author) && !self.audience.is_empty() {
                    self.on_wrote(now, &room, &message, &author, &text, &others);
                }
            }
            Cue::Rang { meet, room, caller, callee, video } => {
                let (who, called) = if self.people.contains_key(&caller) { (caller, false) } else { (callee, true) };
                self.on_rang(now, meet, room, who, called, video);
            }
            Cue::Accepted(meet) => {
                if let Some((_, who)) = self.calls.values().find(|(known, _)| *known == meet).cloned() {
                    self.agenda.retain(|act| !matches!(act, Act::HangUp { meet: planned, .. } if *planned == meet));
                    self.agenda.plan(now + TALKS, Act::HangUp { who, meet });
                }
            }
            Cue::Ended(meet) => {
                self.calls.retain(|_, (known, _)| *known != meet);
                self.agenda.retain(|act| match act {
                    Act::HangUp { meet: planned, .. } | Act::PickUp { meet: planned, .. } => *planned != meet,
                    _ => true,
                });
            }
            Cue::Came(_) => {}
        }
        false
    }

    fn on_came(&mut self, now: Timestamp, who: Id) {
        let first = self.audience.is_empty();
        self.audience.insert(who);
        if !first {
            return;
        }
        for nth in 0..self.ids.len() {
            let arrives = self.wit.book.people[nth].arrives;
            self.agenda.plan(now + arrives, Act::Come(self.ids[nth].clone()));
        }
        let soon = self.wit.rng.i64(2200..3400);
        self.agenda.plan(now + soon, Act::Chat);
    }

    /// One of the people is called: they pick up, decline or let it ring. One of them calls: for a while, or with video
    /// until the server has had enough.
    fn on_rang(&mut self, now: Timestamp, meet: Id, room: Id, who: Id, called: bool, video: bool) {
        let Some(nth) = self.people.get(&who).copied() else { return };
        self.calls.insert(room, (meet.clone(), who.clone()));
        self.agenda.plan(now, Act::Come(who.clone()));
        match (called, self.wit.book.people[nth].username.as_str()) {
            (false, _) if video => {}
            (false, _) => self.agenda.plan(now + RINGS, Act::HangUp { who, meet }),
            (true, DEAF) => {}
            (true, SHY) => self.agenda.plan(now + 4 * SECOND, Act::HangUp { who, meet }),
            (true, _) => self.agenda.plan(now + 3 * SECOND, Act::PickUp { who, meet }),
        }
    }

    /// Something was said by somebody of the audience.
    fn on_wrote(&mut self, now: Timestamp, room: &Id, message: &Id, author: &Id, text: &str, others: &[Id]) {
        let present: Vec<usize> = others.iter().filter_map(|other| self.people.get(other).copied()).collect();
        for nth in &present {
            let (who, room) = (self.ids[*nth].clone(), room.clone());
            let got = now + self.wit.rng.i64(60..180);
            let read = now + self.wit.rng.i64(250..450);
            // Who was not there yet is called to the screen by it.
            self.agenda.plan(now, Act::Come(who.clone()));
            self.agenda.plan(got, Act::Deliver { who: who.clone(), room: room.clone() });
            self.agenda.plan(read, Act::Read { who, room });
        }
        if let ([nth], Some(trick)) = (present.as_slice(), Trick::asked(text)) {
            self.perform(now, *nth, trick, room, message, author);
            return;
        }
        let Some(first) = self.wit.choose(text, &present) else { return };
        let begins = now + self.wit.rng.i64(500..750);
        let to = (present.len() > 1 && self.wit.rng.bool()).then(|| (message.clone(), How::Reply));
        let done = self.answer(begins, first, room, text, to);
        let rest: Vec<usize> = present.into_iter().filter(|nth| *nth != first).collect();
        if let Some(done) = done
            && !rest.is_empty()
            && self.wit.rng.u32(..100) < SECONDED
        {
            let second = rest[self.wit.rng.usize(..rest.len())];
            let later = done + self.wit.rng.i64(900..2500);
            self.answer(later, second, room, text, None);
        }
    }

    /// Does a trick for `author`, who asked with `message`.
    fn perform(&mut self, now: Timestamp, nth: usize, trick: Trick, room: &Id, message: &Id, author: &Id) {
        let who = self.ids[nth].clone();
        let begins = now + 700;
        let file = |stage: &Self, name: &str| Prop::file(&stage.wit.book, name).unwrap_or_default();
        match trick {
            Trick::Block => {
                let said = self.write(begins, nth, room, "ok. ten seconds. think about what you did");
                let whom = author.clone();
                self.agenda.plan(said + 300, Act::Ban { who: who.clone(), whom: whom.clone(), on: true });
                self.agenda.plan(said + GRUDGE, Act::Ban { who, whom, on: false });
                self.write(said + GRUDGE + 500, nth, room, "forgiven. it was the kettle's fault");
            }
            Trick::Call | Trick::Video => {
                self.agenda.plan(begins, Act::Ring { who, room: room.clone(), video: trick == Trick::Video });
            }
            Trick::HangUp => {
                if let Some((meet, who)) = self.calls.get(room).cloned() {
                    self.agenda.plan(now + 300, Act::HangUp { who, meet });
                } else {
                    self.write(begins, nth, room, "there is nothing to hang up");
                }
            }
            Trick::Record => self.record(begins, nth, room),
            Trick::Photo => self.send(begins, nth, room, file(self, "kettle-icon.png")),
            Trick::Film => self.send(begins, nth, room, file(self, "descaler.mp4")),
            Trick::File => self.send(begins, nth, room, file(self, "menu.txt")),
            Trick::Place => self.send(begins, nth, room, Prop::place("52.3791", "4.9003", "The workshop")),
            Trick::Custom => self.send(begins, nth, room, Prop::custom()),
            Trick::Reply | Trick::Forward => {
                let how = if trick == Trick::Reply { How::Reply } else { How::Forward };
                let prop = Box::new(Prop::text("this one, yes"));
                let (room, to) = (room.clone(), Some((message.clone(), how)));
                self.agenda.plan(begins + SECOND, Act::Say { who, room, prop, to, then: Then::Nothing });
            }
            Trick::Oops => {
                let prop = Box::new(Prop::text("the cellar key is under the m"));
                let act = Act::Say { who, room: room.clone(), prop, to: None, then: Then::TakeBack };
                self.agenda.plan(begins + SECOND, act);
            }
            Trick::Kick => {
                let owner = self.wit.book.people.iter().position(|part| part.username == GROUP.1);
                let owner = owner.and_then(|owner| self.ids.get(owner).cloned());
                if let (Some(who), Some(group)) = (owner, self.rooms.get(GROUP.0).cloned()) {
                    let act = |on| Act::Member { who: who.clone(), room: group.clone(), whom: author.clone(), on };
                    let (out, back) = (act(false), act(true));
                    self.agenda.plan(begins, out);
                    self.agenda.plan(begins + GRUDGE, back);
                }
            }
        }
    }

    /// Sends something that is not typed.
    fn send(&mut self, at: Timestamp, nth: usize, room: &Id, prop: Prop) {
        let (who, room, prop) = (self.ids[nth].clone(), room.clone(), Box::new(prop));
        self.agenda.plan(at + SECOND, Act::Say { who, room, prop, to: None, then: Then::Nothing });
    }

    /// Records for a few seconds, and sends what was recorded.
    fn record(&mut self, at: Timestamp, nth: usize, room: &Id) {
        let (who, seconds) = (self.ids[nth].clone(), self.wit.rng.u32(2..5));
        let done = at + i64::from(seconds) * SECOND;
        self.agenda.plan(at, Act::Status { who: who.clone(), room: room.clone(), status: "recording" });
        self.agenda.plan(done, Act::Status { who: who.clone(), room: room.clone(), status: "stop" });
        let prop = Box::new(Prop::voice(seconds));
        self.agenda.plan(done, Act::Say { who, room: room.clone(), prop, to: None, then: Then::Nothing });
    }

    /// Plans an answer to `text`; tells when it will be said.
    fn answer(
        &mut self,
        begins: Timestamp,
        nth: usize,
        room: &Id,
        text: &str,
        to: Option<(Id, How)>,
    ) -> Option<Timestamp> {
        if !self.busy.insert((self.ids[nth].clone(), room.clone())) {
            return None;
        }
        let retort = self.wit.retort(nth, text)?;
        Some(self.say(begins, nth, room, &retort.line, to))
    }

    fn write(&mut self, begins: Timestamp, nth: usize, room: &Id, line: &str) -> Timestamp {
        self.say(begins, nth, room, line, None)
    }

    /// Plans that somebody types from `begins` and then says `line`; tells when it will be said.
    fn say(&mut self, begins: Timestamp, nth: usize, room: &Id, line: &str, to: Option<(Id, How)>) -> Timestamp {
        let (who, room, text) = (self.ids[nth].clone(), room.clone(), line.replace('⏎', "\n"));
        let said = begins + self.wit.effort(nth, &text);
        self.agenda.plan(begins, Act::Status { who: who.clone(), room: room.clone(), status: "typing" });
        self.agenda.plan(said, Act::Status { who: who.clone(), room: room.clone(), status: "stop" });
        let prop = Box::new(Prop::text(&text));
        self.agenda.plan(said, Act::Say { who, room, prop, to, then: Then::Nothing });
        said
    }

    /// `message` was said and is to be taken back.
    pub(super) fn regret(&mut self, now: Timestamp, who: Id, room: Id, message: Id) {
        self.agenda.plan(now + 3 * SECOND, Act::TakeBack { who, room, message });
    }

    /// Plans the next topic, and the one after it.
    fn chat(&mut self, now: Timestamp) {
        let next = now + self.wit.rng.i64(20..60) * SECOND;
        self.agenda.plan(next, Act::Chat);
        let Some(topic) = self.wit.topic() else { return };
        let Some(room) = self.rooms.get(&topic.room).cloned() else { return };
        let mut at = now;
        for line in &topic.lines {
            let Some((nth, text)) = self.wit.spoken(line) else { continue };
            if self.wit.rng.u32(..100) < SPOKEN {
                self.record(at, nth, &room);
                at = at + 5 * SECOND;
            } else {
                at = self.write(at, nth, &room, &text) + self.wit.rng.i64(700..2200);
            }
        }
    }
}

#[cfg(test)]
#[path = "stage_tests.rs"]
mod tests;
