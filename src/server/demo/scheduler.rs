//! Decides what the scripted people do and when: a state machine without clock, sockets or service.
//!
//! Events and the time go in, [`Action`]s come out. Randomness follows the seed, so that the same events at the same
//! times produce the same actions. Everything that depends on the service is in its [`DemoService`].

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use fastrand::Rng;

use crate::domain::{SECOND, Timestamp};

use super::agenda::Agenda;
use super::event::{Event, Id, IncomingMessage};
use super::responder::Responder;
use super::roster::Roster;
use super::script_file::{Script, expand_line_breaks};

/// Percentage of messages in a group that get a second answer from somebody else.
const SECOND_ANSWER_PERCENT: u32 = 30;
/// Milliseconds between the guest's arrival and the first topic.
const FIRST_TOPIC_DELAY: Range<i64> = 2200..3400;
/// Seconds between the starts of two topics.
const TOPIC_INTERVAL: Range<i64> = 20..60;
/// Milliseconds between a message and the next line of the same topic.
const LINE_PAUSE: Range<i64> = 700..2200;
/// Milliseconds between an answer and the start of a second one.
const SECOND_ANSWER_DELAY: Range<i64> = 900..2500;

/// The part of the demo that depends on the service: its own actions and events, and the reactions to them.
pub(crate) trait DemoService: Sized {
    /// Content of a message.
    type Content;
    /// Actions that only this service has.
    type Action;
    /// Reaction of a person to a message of their own once it is sent, for example deleting it.
    type FollowUp;
    /// Events that only this service reports.
    type Event;

    /// Turns a line into the content that is sent, and what follows it.
    fn compose(scheduler: &mut Scheduler<Self>, person: usize, text: String)
    -> (Self::Content, Option<Self::FollowUp>);

    /// Reacts to a message of a guest. `present` are the people in its room.
    fn on_message(scheduler: &mut Scheduler<Self>, now: Timestamp, message: &IncomingMessage, present: &[usize]);

    /// Plans the lines of a topic from `now` on.
    fn plan_topic(scheduler: &mut Scheduler<Self>, now: Timestamp, topic: &Topic);

    /// Plans what follows a message that was sent.
    fn on_sent(scheduler: &mut Scheduler<Self>, now: Timestamp, sent: Sent, follow_up: Self::FollowUp);

    /// Reacts to an event that only this service has.
    fn on_event(scheduler: &mut Scheduler<Self>, now: Timestamp, event: Self::Event);

    /// Plans what follows an action that is due now.
    fn on_due(_scheduler: &mut Scheduler<Self>, _now: Timestamp, _action: &Action<Self>) {}

    /// Plans the event that an AI agent emits along with an answer sent at `at`.
    fn on_answer_event(_scheduler: &mut Scheduler<Self>, _at: Timestamp, _person: usize, _room: &Id, _event: String) {}

    /// Forgets everything about the guests when the last of them has left.
    fn reset(&mut self) {}
}

/// An action of a scripted person.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action<S: DemoService> {
    /// Comes online.
    Connect(Id),
    /// Starts or stops typing.
    Typing {
        /// The person.
        person: Id,
        /// The room.
        room: Id,
        /// Whether they start.
        started: bool,
    },
    /// Sends a message. [`Scheduler::on_sent`] has to be called afterwards if there is a `follow_up`.
    Send {
        /// The person.
        person: Id,
        /// The room.
        room: Id,
        /// Content of the message.
        content: S::Content,
        /// Reaction of the person once it is sent.
        follow_up: Option<S::FollowUp>,
    },
    /// Starts a new topic. The scheduler plans its lines itself, so there is nothing to perform.
    StartTopic,
    /// An action that only this service has.
    Service(S::Action),
}

/// A message that a scripted person has sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    /// The person.
    pub(crate) person: Id,
    /// The room.
    pub(crate) room: Id,
    /// Id of the message.
    pub(crate) message: Id,
}

/// A topic that is about to start, with the ids of the service.
#[derive(Debug)]
pub(crate) struct Topic {
    /// Room it takes place in.
    pub(crate) room: Id,
    /// Person and text of each line.
    pub(crate) lines: Vec<(usize, String)>,
}

/// Plans the actions of all scripted people of one service.
pub(crate) struct Scheduler<S: DemoService> {
    /// Chooses who answers what.
    pub(crate) responder: Responder,
    /// State that only this service has.
    pub(crate) service: S,
    /// Index in the script of each person, by id.
    indices: HashMap<Id, usize>,
    /// Id of each person, by index in the script.
    ids: Vec<Id>,
    /// Id of each room, by its key in the script.
    rooms: HashMap<String, Id>,
    /// Connected users who are not scripted.
    guests: BTreeSet<Id>,
    agenda: Agenda<Action<S>>,
    /// Person and room of each planned message, so that nobody answers two messages of one room at the same time.
    busy: BTreeSet<(Id, Id)>,
}

impl<S: DemoService> Scheduler<S> {
    /// Creates a scheduler for the people in `roster`. `rooms` are the ids of the rooms by their keys in the script.
    pub(crate) fn new(script: Script, roster: &Roster, rooms: HashMap<String, Id>, rng: Rng, service: S) -> Self {
        let ids: Vec<Id> =
            script.people.iter().filter_map(|person| roster.id(&person.username).ok().cloned()).collect();
        let indices = ids.iter().cloned().enumerate().map(|(index, id)| (id, index)).collect();
        Self {
            responder: Responder::new(script, rng),
            service,
            indices,
            ids,
            rooms,
            guests: BTreeSet::new(),
            agenda: Agenda::default(),
            busy: BTreeSet::new(),
        }
    }

    /// Time of the next action; `None` while no guest is connected.
    pub(crate) fn next_time(&self) -> Option<Timestamp> {
        self.agenda.next_time()
    }

    /// Returns the next action that is due by `now`.
    pub(crate) fn pop_due(&mut self, now: Timestamp) -> Option<Action<S>> {
        let action = self.agenda.pop_due(now)?;
        match &action {
            Action::Send { person, room, .. } => drop(self.busy.remove(&(person.clone(), room.clone()))),
            Action::StartTopic => self.start_topic(now),
            _ => {}
        }
        S::on_due(self, now, &action);
        Some(action)
    }

    /// Ids of the scripted people, in the order of the script.
    pub(crate) fn people(&self) -> &[Id] {
        &self.ids
    }

    /// Id of the person with this index.
    pub(crate) fn id(&self, person: usize) -> Id {
        self.ids[person].clone()
    }

    /// Index of the person with this id.
    pub(crate) fn index(&self, id: &str) -> Option<usize> {
        self.indices.get(id).copied()
    }

    /// Id of the room with this key in the script.
    pub(crate) fn room(&self, key: &str) -> Option<&Id> {
        self.rooms.get(key)
    }

    /// Returns true with the given probability.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.responder.rng.u32(..100) < percent
    }

    /// Returns a random number of milliseconds.
    pub(crate) fn delay(&mut self, range: Range<i64>) -> i64 {
        self.responder.rng.i64(range)
    }

    /// Plans an action.
    pub(crate) fn plan(&mut self, at: Timestamp, action: Action<S>) {
        self.agenda.plan(at, action);
    }

    /// Plans an action that only this service has.
    pub(crate) fn plan_service(&mut self, at: Timestamp, action: S::Action) {
        self.agenda.plan(at, Action::Service(action));
    }

    /// Removes the planned actions for which `keep` is false.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Action<S>) -> bool) {
        self.agenda.retain(keep);
    }

    /// Handles an event. Returns true if the last guest has left: all plans are dropped, and the caller has to take all
    /// people offline.
    pub(crate) fn on_event(&mut self, now: Timestamp, event: Event<S::Event>) -> bool {
        match event {
            Event::Connected(user) => self.on_connected(now, user),
            Event::Disconnected(user) => return self.on_disconnected(&user),
            Event::Message(message) => {
                if !self.indices.contains_key(&message.author) && !self.guests.is_empty() {
                    let present: Vec<usize> = message.members.iter().filter_map(|member| self.index(member)).collect();
                    S::on_message(self, now, &message, &present);
                }
            }
            Event::Service(event) => S::on_event(self, now, event),
        }
        false
    }

    fn on_connected(&mut self, now: Timestamp, user: Id) {
        if self.indices.contains_key(&user) {
            return;
        }
        let is_first = self.guests.is_empty();
        self.guests.insert(user);
        if !is_first {
            return;
        }
        for person in 0..self.ids.len() {
            let arrives = self.responder.script.people[person].arrives_after_ms;
            self.plan(now + arrives, Action::Connect(self.id(person)));
        }
        let delay = self.delay(FIRST_TOPIC_DELAY);
        self.plan(now + delay, Action::StartTopic);
    }

    fn on_disconnected(&mut self, user: &Id) -> bool {
        let was_last = self.guests.remove(user) && self.guests.is_empty();
        if was_last {
            self.agenda.clear();
            self.busy.clear();
            self.service.reset();
        }
        was_last
    }

    /// Plans what follows a message that was sent.
    pub(crate) fn on_sent(&mut self, now: Timestamp, sent: Sent, follow_up: S::FollowUp) {
        S::on_sent(self, now, sent, follow_up);
    }

    /// Plans an answer of `first` to a message, and sometimes a second one of another person in `present`. `adjust` can
    /// change the content of the first answer.
    pub(crate) fn plan_answers(
        &mut self,
        starts: Timestamp,
        first: usize,
        message: &IncomingMessage,
        present: &[usize],
        adjust: impl FnOnce(&mut S::Content),
    ) {
        let sent = self.plan_answer(starts, first, message, adjust);
        let others: Vec<usize> = present.iter().copied().filter(|person| *person != first).collect();
        if let Some(sent) = sent
            && !others.is_empty()
            && self.chance(SECOND_ANSWER_PERCENT)
        {
            let second = others[self.responder.rng.usize(..others.len())];
            let starts = sent + self.delay(SECOND_ANSWER_DELAY);
            self.plan_answer(starts, second, message, |_| {});
        }
    }

    /// Plans an answer; returns when it will be sent, or `None` if the person is answering already.
    fn plan_answer(
        &mut self,
        starts: Timestamp,
        person: usize,
        message: &IncomingMessage,
        adjust: impl FnOnce(&mut S::Content),
    ) -> Option<Timestamp> {
        if !self.busy.insert((self.id(person), message.room.clone())) {
            return None;
        }
        let reply = self.responder.reply(person, &message.text)?;
        let sent = self.plan_line_with(starts, person, &message.room, &reply.line, adjust);
        if let Some(event) = reply.event {
            S::on_answer_event(self, sent, person, &message.room, event);
        }
        Some(sent)
    }

    /// Plans that a person types from `starts` on and then sends `line`; returns when it will be sent.
    pub(crate) fn plan_line(&mut self, starts: Timestamp, person: usize, room: &Id, line: &str) -> Timestamp {
        self.plan_line_with(starts, person, room, line, |_| {})
    }

    fn plan_line_with(
        &mut self,
        starts: Timestamp,
        person: usize,
        room: &Id,
        line: &str,
        adjust: impl FnOnce(&mut S::Content),
    ) -> Timestamp {
        let text = expand_line_breaks(line);
        let sent = starts + self.responder.typing_time(person, &text);
        let (mut content, follow_up) = S::compose(self, person, text);
        adjust(&mut content);
        self.plan_typed(starts, sent, person, room, content, follow_up);
        sent
    }

    /// Plans a message that a person types from `starts` to `sent`.
    pub(crate) fn plan_typed(
        &mut self,
        starts: Timestamp,
        sent: Timestamp,
        person: usize,
        room: &Id,
        content: S::Content,
        follow_up: Option<S::FollowUp>,
    ) {
        let (person, room) = (self.id(person), room.clone());
        let typing = |started| Action::Typing { person: person.clone(), room: room.clone(), started };
        self.plan(starts, typing(true));
        self.plan(sent, typing(false));
        self.plan(sent, Action::Send { person, room, content, follow_up });
    }

    /// Plans the lines of the next topic, and the start of the one after it.
    fn start_topic(&mut self, now: Timestamp) {
        let next = now + self.delay(TOPIC_INTERVAL) * SECOND;
        self.plan(next, Action::StartTopic);
        let Some(topic) = self.responder.next_topic() else { return };
        let Some(room) = self.rooms.get(&topic.room).cloned() else { return };
        let lines = topic.lines.iter().filter_map(|line| self.responder.parse_line(line)).collect();
        S::plan_topic(self, now, &Topic { room, lines });
    }

    /// Plans one line of a topic; returns when the next line may start.
    pub(crate) fn plan_topic_line(&mut self, starts: Timestamp, person: usize, room: &Id, text: &str) -> Timestamp {
        let sent = self.plan_line(starts, person, room, text);
        sent + self.delay(LINE_PAUSE)
    }
}
