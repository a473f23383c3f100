//! The play: what the people do, as a pure reducer. Cues and the time come in, acts come out; chance follows the seed.

use std::collections::{BTreeSet, HashMap};

use fastrand::Rng;

use crate::domain::{SECOND, Timestamp};
use crate::server::minchat::hub::Cue;
use crate::server::minchat::model::Id;

use crate::server::script::{Agenda, Book, Wit};

/// How often those who are there say so.
const HEARTBEAT: i64 = 60 * SECOND;
/// Of a hundred answers in a group, so many get a second one from somebody else.
const SECONDED: u32 = 30;
/// Of a hundred topics, so many begin with something that was meant for another window.
const SLIPS: u32 = 12;

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    /// Comes online.
    Come(Id),
    /// Says that they are still there.
    Stay(Id),
    /// Begins or ceases to type.
    Type { who: Id, chat: Id, started: bool },
    /// Says something; afterwards the stage is told, with what is to follow.
    Say { who: Id, chat: Id, text: String, then: Then },
    /// Changes what they said.
    Edit { message: Id, text: String },
    /// Takes back what they said.
    Delete { message: Id },
    /// Sees a message.
    See { who: Id, message: Id },
    /// An AI agent does something.
    Agent { who: Id, chat: Id, event: String },
    /// Somebody starts to talk about something.
    Chat,
}

/// What follows on something said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Then {
    /// Nothing.
    Nothing,
    /// It is mended to this.
    Mend(String),
    /// It is taken back.
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
            Act::Come(who) | Act::Stay(who) => self.plan(now + HEARTBEAT, Act::Stay(who.clone())),
            Act::Say { who, chat, .. } => drop(self.busy.remove(&(who.clone(), chat.clone()))),
            Act::Chat => self.chat(now),
            _ => {}
        }
        Some(act)
    }

    /// Who is on stage.
    pub(super) fn everybody(&self) -> &[Id] {
        &self.ids
    }

    fn plan(&mut self, at: Timestamp, act: Act) {
        self.agenda.plan(at, act);
    }

    /// Takes a cue; answers whether the last of the audience has left.
    pub(super) fn hear(&mut self, now: Timestamp, cue: Cue) -> bool {
        match cue {
            Cue::Came(who) => self.on_came(now, who),
            Cue::Left(who) => {
                if self.audience.remove(&who) && self.audience.is_empty() {
                    self.agenda.clear();
                    self.busy.clear();
                    return true;
                }
            }
            Cue::Wrote { chat, message, author, text, members } => {
                if !self.people.contains_key(&author) && !self.audience.is_empty() {
                    self.on_wrote(now, &chat, &message, &text, &members);
                }
            }
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
            self.plan(now + arrives, Act::Come(self.ids[nth].clone()));
        }
        let soon = self.wit.rng.i64(2200..3400);
        self.plan(now + soon, Act::Chat);
    }

    /// Something was said by somebody of the audience.
    fn on_wrote(&mut self, now: Timestamp, chat: &Id, message: &Id, text: &str, members: &[Id]) {
        let present: Vec<usize> = members.iter().filter_map(|member| self.people.get(member).copied()).collect();
        let Some(first) = self.wit.choose(text, &present) else { return };
        let seen = now + self.wit.rng.i64(150..350);
        self.plan(seen, Act::See { who: self.ids[first].clone(), message: message.clone() });
        let begins = now + self.wit.rng.i64(300..550);
        let done = self.answer(begins, first, chat, text);
        let others: Vec<usize> = present.into_iter().filter(|nth| *nth != first).collect();
        if let Some(done) = done
            && !others.is_empty()
            && self.wit.rng.u32(..100) < SECONDED
        {
            let second = others[self.wit.rng.usize(..others.len())];
            let later = done + self.wit.rng.i64(900..2500);
            self.answer(later, second, chat, text);
        }
    }

    /// Plans an answer to `text`; tells when it will be said.
    fn answer(&mut self, begins: Timestamp, nth: usize, chat: &Id, text: &str) -> Option<Timestamp> {
        let who = self.ids[nth].clone();
        if !self.busy.insert((who.clone(), chat.clone())) {
            return None;
        }
        let retort = self.wit.retort(nth, text)?;
        let said = self.say(begins, nth, chat, &retort.line);
        if let Some(event) = retort.event {
            self.plan(said + 700, Act::Agent { who, chat: chat.clone(), event });
        }
        Some(said)
    }

    /// Plans that somebody types from `begins` and then says `line`; tells when it will be said.
    fn say(&mut self, begins: Timestamp, nth: usize, chat: &Id, line: &str) -> Timestamp {
        let (who, chat) = (self.ids[nth].clone(), chat.clone());
        let text = line.replace('⏎', "\n");
        let said = begins + self.wit.effort(nth, &text);
        let (text, then) = match self.wit.slipped(nth, &text) {
            Some(slipped) => (slipped, Then::Mend(text)),
            None => (text, Then::Nothing),
        };
        self.plan(begins, Act::Type { who: who.clone(), chat: chat.clone(), started: true });
        self.plan(said, Act::Type { who: who.clone(), chat: chat.clone(), started: false });
        self.plan(said, Act::Say { who, chat, text, then });
        said
    }

    /// Something planned was said, as `message`.
    pub(super) fn said(&mut self, now: Timestamp, message: Id, then: Then) {
        match then {
            Then::Nothing => {}
            Then::Mend(text) => {
                let later = now + self.wit.rng.i64(2000..4500);
                self.plan(later, Act::Edit { message, text });
            }
            Then::TakeBack => {
                let later = now + self.wit.rng.i64(3000..6000);
                self.plan(later, Act::Delete { message });
            }
        }
    }

    /// Plans the next topic, and the one after it.
    fn chat(&mut self, now: Timestamp) {
        let next = now + self.wit.rng.i64(20..60) * SECOND;
        self.plan(next, Act::Chat);
        let Some(topic) = self.wit.topic() else { return };
        let Some(chat) = self.rooms.get(&topic.room).cloned() else { return };
        let mut at = now;
        if self.wit.rng.u32(..100) < SLIPS && !self.wit.book.slips.is_empty() {
            at = self.slip_up(at, &topic.lines, &chat);
        }
        for line in &topic.lines {
            let Some((nth, text)) = self.wit.spoken(line) else { continue };
            at = self.say(at, nth, &chat, &text) + self.wit.rng.i64(700..2200);
        }
    }

    /// Whoever begins a topic first says something that was meant for another window.
    fn slip_up(&mut self, at: Timestamp, lines: &[String], chat: &Id) -> Timestamp {
        let Some((nth, _)) = lines.first().and_then(|line| self.wit.spoken(line)) else { return at };
        let text = self.wit.book.slips[self.wit.rng.usize(..self.wit.book.slips.len())].clone();
        let who = self.ids[nth].clone();
        let said = at + 1200;
        self.plan(at, Act::Type { who: who.clone(), chat: chat.clone(), started: true });
        self.plan(said, Act::Type { who: who.clone(), chat: chat.clone(), started: false });
        self.plan(said, Act::Say { who, chat: chat.clone(), text, then: Then::TakeBack });
        said + 3000
    }
}

#[cfg(test)]
#[path = "stage_tests.rs"]
mod tests;
