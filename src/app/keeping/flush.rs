//! When to look for what differs from what is on disk, and what there is to look at.

use crate::app::effect::Effect;
use crate::app::event::Event;
use crate::app::state::{ConnectionState, State};
use crate::domain::{
    ConnectionStatus, Message, MessageId, PersonId, Request, Room, RoomId, RoomInfo, ServerEvent, Timestamp,
};
use crate::store::{OutboxWrite, ReadTo, Write};

use super::record::KeptFacts;
use super::{drafts, messages};

/// So long a change waits for company, in milliseconds. The store adds as much.
const PATIENCE: i64 = 300;

/// After so many events a burst is not waited out: what is handed over is copied, and that is to stay small.
const MANY: u32 = 2_000;

/// What an event may have changed of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Touches {
    /// Nothing but what says so itself.
    Nothing,
    /// What is being written.
    Drafts,
    /// The connection is gone, and perhaps for long.
    Link,
}

/// What `event` may change of what is kept. Notes what it does to messages that are on disk only.
pub(in crate::app) fn touched_by(state: &mut State, event: &Event) -> Touches {
    if let Event::Server(_, event) = event
        && state.keeping.on
    {
        state.keeping.strays.extend(stray(state, event));
    }
    match event {
        Event::Key(_) | Event::Paste(_) | Event::Mouse(_) => Touches::Drafts,
        Event::Server(
            _,
            ServerEvent::Connection(ConnectionStatus::Offline { .. } | ConnectionStatus::Refused { .. }),
        ) => Touches::Link,
        _ => Touches::Nothing,
    }
}

/// After each event: sees to it that what may differ is looked at soon, or looks.
pub(in crate::app) fn follow(state: &mut State, touches: Touches, effects: &mut Vec<Effect>) {
    if let Some(sentence) = state.keeping.say_again.take_if(|_| state.open.is_some()) {
        state.say(sentence);
    }
    if !state.keeping.on {
        // Nobody will ever ask for it.
        state.rooms.forget_gone();
        state.people.forget_dirty();
        return;
    }
    if !state.keeping.loaded {
        return;
    }
    state.keeping.events = state.keeping.events.saturating_add(1);
    let gone = touches == Touches::Drafts && drafts::is_gone(state);
    let at_once = gone || touches == Touches::Link || (state.keeping.due.is_some() && state.keeping.events >= MANY);
    if at_once || state.keeping.due.is_some_and(|due| due <= state.now) {
        flush(state, effects);
    } else if effects.iter().any(|effect| matches!(effect, Effect::Persist(Write::Outbox(OutboxWrite::Remove(_))))) {
        // What goes from the outbox may be back under the fingers: the disk takes both as one, or neither.
        drafts::keep(state, effects);
    }
    if state.keeping.due.is_none() && is_dirty(state, touches) {
        state.keeping.due = Some(state.now + PATIENCE);
        state.keeping.events = 0;
    }
    if state.keeping.as_of.is_some() && is_fresh(state) {
        state.keeping.as_of = None;
    }
}

/// What is still to be kept when the program ends at `now`.
pub fn parting(state: &mut State, now: Timestamp) -> Vec<Effect> {
    let mut effects = Vec::new();
    state.now = now;
    if state.keeping.on && state.keeping.loaded {
        flush(state, &mut effects);
    } else if state.keeping.on {
        // Whose chats are on disk is not known; what somebody has typed is theirs all the same.
        drafts::keep(state, &mut effects);
    }
    effects
}

/// What becomes of a message that is not in memory: nothing else would tell the disk.
fn stray(state: &State, event: &ServerEvent) -> Option<Write> {
    let is_here = |id: &MessageId| state.rooms.iter().any(|room| room.timeline.find(id).is_some());
    // What the disk knows of its author it compares itself.
    let is_by = |room: &RoomId, id: &MessageId, author: &PersonId| {
        state.rooms.get(room).is_some_and(|room| room.author_of(id).is_none_or(|known| known == author))
    };
    match event {
        ServerEvent::Deleted(id) if !is_here(id) => {
            // Where a deletion does not say in which room, it is the one that is listened to.
            state.open.clone().map(|room| Write::Tombstone { room, message: id.clone(), author: None })
        }
        ServerEvent::Revoked { room, message, author } if !is_here(message) && is_by(room, message, author) => {
            let (room, message, author) = (room.clone(), message.clone(), Some(author.clone()));
            Some(Write::Tombstone { room, message, author })
        }
        // Our own, carried out after a start.
        ServerEvent::Done(Request::Delete { room, message }) if !is_here(message) => {
            Some(Write::Tombstone { room: room.clone(), message: message.clone(), author: None })
        }
        ServerEvent::Done(Request::DeleteForMe { room, message }) if !is_here(message) => {
            Some(Write::Remove { room: room.clone(), message: message.clone() })
        }
        ServerEvent::Edited(info) if !is_here(&info.id) && is_by(&info.room, &info.id, &info.author) => {
            let message = Message { edited: true, ..Message::from(info.clone()) };
            Some(Write::Change { room: info.room.clone(), message: Box::new(message) })
        }
        _ => None,
    }
}

fn is_dirty(state: &State, touches: Touches) -> bool {
    state.rooms.is_dirty()
        || state.people.is_dirty()
        || state.keeping.forget
        || !state.keeping.strays.is_empty()
        || (state.open.is_some() && state.open != state.keeping.opened)
        || (touches == Touches::Drafts && drafts::any(state))
}

/// Whether all that is on screen is what the server said since the program began.
fn is_fresh(state: &State) -> bool {
    let online = state.account.connection == ConnectionState::Online && state.rooms_listed;
    online && state.open_room().is_none_or(|room| room.history.fresh || room.is_gone())
}

/// Says all that differs.
pub(super) fn flush(state: &mut State, effects: &mut Vec<Effect>) {
    state.keeping.due = None;
    let before = effects.len();
    if std::mem::take(&mut state.keeping.forget) {
        keep(effects, Write::ForgetHistory);
    }
    effects.extend(std::mem::take(&mut state.keeping.strays).into_iter().map(Effect::Persist));
    keep_people(state, effects);
    keep_rooms(state, effects);
    let news = effects.len() > before;
    if state.open.is_some() && state.open != state.keeping.opened {
        state.keeping.opened = state.open.clone();
        effects.extend(state.open.clone().map(|open| Effect::Persist(Write::Opened(open))));
    }
    drafts::keep(state, effects);
    if news && state.account.was_online && !state.keeping.provisional {
        keep(effects, Write::Heard(state.now));
    }
}

fn keep(effects: &mut Vec<Effect>, write: Write) {
    effects.push(Effect::Persist(write));
}

fn keep_people(state: &mut State, effects: &mut Vec<Effect>) {
    let me = state.account.me.as_ref().filter(|_| !state.keeping.provisional);
    let me = me.and_then(|me| state.people.get(me)).map(|me| &me.info);
    let id_and_name = |info: &crate::domain::PersonInfo| (info.id.clone(), info.name.clone());
    if let Some(me) = me.filter(|me| state.keeping.me.as_ref().map(id_and_name) != Some(id_and_name(me))) {
        state.keeping.me = Some(me.clone());
        keep(effects, Write::Me(me.clone()));
    }
    let people = state.people.take_dirty();
    if !people.is_empty() {
        keep(effects, Write::People(people));
    }
}

fn keep_rooms(state: &mut State, effects: &mut Vec<Effect>) {
    for room in state.rooms.take_gone() {
        // One that was taken out and came back is kept below.
        state.keeping.rooms.remove(&room);
        state.keeping.drafts.remove(&room);
        state.keeping.asked.remove(&room);
        keep(effects, Write::ForgetRoom(room));
    }
    let mut infos: Vec<RoomInfo> = Vec::new();
    let mut rest = Vec::new();
    for room in state.rooms.take_touched() {
        let kept = state.keeping.rooms.entry(room.info.id.clone()).or_default();
        if kept.info.as_ref() != Some(&room.info) {
            kept.info = Some(room.info.clone());
            infos.push(room.info.clone());
        }
        messages::keep(room, kept, &mut rest);
        keep_read(room, kept, &mut rest);
    }
    if !infos.is_empty() {
        keep(effects, Write::Rooms(infos));
    }
    effects.append(&mut rest);
}

/// How far a room was read: to its end, when nothing is unread.
fn keep_read(room: &Room, kept: &mut KeptFacts, effects: &mut Vec<Effect>) {
    let last = room.timeline.last_accepted().filter(|_| !room.unread.any());
    let end = last.and_then(|last| Some(ReadTo { message: last.id.clone()?, at: last.sent_at }));
    let upto = end.or_else(|| kept.read.clone());
    if (kept.unread, &kept.read) != (room.unread, &upto) {
        (kept.unread, kept.read) = (room.unread, upto.clone());
        keep(effects, Write::Read { room: room.info.id.clone(), upto, unread: room.unread });
    }
}
