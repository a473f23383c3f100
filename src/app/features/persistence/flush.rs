//! When to look for what differs from what is on disk, and what there is to look at.

use crate::app::effect::Effect;
use crate::app::features::persistence::{drafts, messages};
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::persistence::KeptFacts;
use crate::app::model::state::State;
use crate::app::model::timers::Timer;
use crate::domain::{
    AccountId, ConnectionStatus, Message, MessageId, PersonId, PersonInfo, Request, Room, RoomId, RoomInfo,
    ServerEvent, Timestamp,
};
use crate::store::{OutboxWrite, ReadTo, Write};

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

/// What a server event may change of what is kept. Notes what it does to messages that are on disk only.
pub(in crate::app) fn touched_by_server(cx: &mut Context<'_>, event: &ServerEvent) -> Touches {
    if cx.account.persistence.on {
        let stray = stray(cx.scene(), event);
        cx.account.persistence.strays.extend(stray);
    }
    match event {
        ServerEvent::Connection(ConnectionStatus::Offline { .. } | ConnectionStatus::Refused { .. }) => Touches::Link,
        _ => Touches::Nothing,
    }
}

/// After each event: sees to it that what may differ is looked at soon, or looks.
pub(in crate::app) fn follow(cx: &mut Context<'_>, touches: Touches) {
    if let Some(sentence) = cx.account.persistence.say_again.take_if(|_| cx.ui.open.is_some()) {
        cx.notify(sentence);
    }
    if !cx.account.persistence.on {
        // Nobody will ever ask for it.
        cx.account.rooms.forget_gone();
        cx.account.people.forget_dirty();
        return;
    }
    if !cx.account.persistence.loaded {
        return;
    }
    cx.account.persistence.events = cx.account.persistence.events.saturating_add(1);
    let gone = touches == Touches::Drafts && drafts::is_gone(cx.scene());
    let at_once = gone
        || touches == Touches::Link
        || (cx.account.timers.is_set(Timer::FlushStore) && cx.account.persistence.events >= MANY);
    if at_once || cx.account.timers.get(Timer::FlushStore).is_some_and(|due| due <= cx.now) {
        flush(cx);
    } else if cx.effects.iter().any(|effect| removes_from_outbox(effect, cx.account.id)) {
        // What goes from the outbox may be back under the fingers: the disk takes both as one, or neither.
        drafts::keep(cx);
    }
    if !cx.account.timers.is_set(Timer::FlushStore) && is_dirty(cx.scene(), touches) {
        cx.account.timers.set(Timer::FlushStore, cx.now + PATIENCE);
        cx.account.persistence.events = 0;
    }
    if cx.account.persistence.as_of.is_some() && is_fresh(cx.scene()) {
        cx.account.persistence.as_of = None;
    }
}

/// What is still to be kept when the program ends at `now`.
pub fn parting(state: &mut State, now: Timestamp) -> Vec<Effect> {
    let mut effects = Vec::new();
    state.now = now;
    for id in state.accounts.ids() {
        state.with_account(id, &mut effects, |cx| {
            if cx.account.persistence.on && cx.account.persistence.loaded {
                flush(cx);
            } else if cx.account.persistence.on {
                // Whose chats are on disk is not known; what somebody has typed is theirs all the same.
                drafts::keep(cx);
            }
        });
    }
    effects
}

/// What becomes of a message that is not in memory: nothing else would tell the disk.
fn stray(scene: Scene<'_>, event: &ServerEvent) -> Option<Write> {
    let is_here = |id: &MessageId| scene.account.rooms.iter().any(|room| room.timeline.find(id).is_some());
    // What the disk knows of its author it compares itself.
    let is_by = |room: &RoomId, id: &MessageId, author: &PersonId| {
        scene.account.rooms.get(room).is_some_and(|room| room.author_of(id).is_none_or(|known| known == author))
    };
    match event {
        ServerEvent::Deleted(id) if !is_here(id) => {
            // Where a deletion does not say in which room, it is the one that is listened to.
            scene.ui.open.clone().map(|room| Write::Tombstone { room, message: id.clone(), author: None })
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

fn removes_from_outbox(effect: &Effect, account: AccountId) -> bool {
    matches!(effect, Effect::Persist(id, Write::Outbox(OutboxWrite::Remove(_))) if *id == account)
}

fn is_dirty(scene: Scene<'_>, touches: Touches) -> bool {
    scene.account.rooms.is_dirty()
        || scene.account.people.is_dirty()
        || scene.account.persistence.forget
        || !scene.account.persistence.strays.is_empty()
        || (scene.ui.open.is_some() && scene.ui.open != scene.account.persistence.opened)
        || (touches == Touches::Drafts && drafts::any(scene))
}

/// Whether all that is on screen is what the server said since the program began.
fn is_fresh(scene: Scene<'_>) -> bool {
    let online = scene.account.connection == ConnectionState::Online && scene.account.room_sync.listed;
    online && scene.open_room().is_none_or(|room| room.history.fresh || room.is_deleted())
}

/// Says all that differs.
pub(in crate::app) fn flush(cx: &mut Context<'_>) {
    cx.account.timers.clear(Timer::FlushStore);
    let before = cx.effects.len();
    if std::mem::take(&mut cx.account.persistence.forget) {
        cx.persist(Write::ForgetHistory);
    }
    for write in std::mem::take(&mut cx.account.persistence.strays) {
        cx.persist(write);
    }
    keep_people(cx);
    keep_rooms(cx);
    let news = cx.effects.len() > before;
    if let Some(open) = cx.ui.open.clone().filter(|open| cx.account.persistence.opened.as_ref() != Some(open)) {
        cx.account.persistence.opened = Some(open.clone());
        cx.persist(Write::Opened(open));
    }
    drafts::keep(cx);
    if news && cx.account.was_online && !cx.account.persistence.provisional {
        cx.persist(Write::Heard(cx.now));
    }
}

fn keep_people(cx: &mut Context<'_>) {
    let me = cx.account.me.as_ref().filter(|_| !cx.account.persistence.provisional);
    let me = me.and_then(|me| cx.account.people.get(me)).map(|me| &me.info);
    let id_and_name = |info: &PersonInfo| (info.id.clone(), info.name.clone());
    let me = me.filter(|me| cx.account.persistence.me.as_ref().map(id_and_name) != Some(id_and_name(me))).cloned();
    if let Some(me) = me {
        cx.account.persistence.me = Some(me.clone());
        cx.persist(Write::Me(me));
    }
    let people = cx.account.people.take_dirty();
    if !people.is_empty() {
        cx.persist(Write::People(people));
    }
}

fn keep_rooms(cx: &mut Context<'_>) {
    for room in cx.account.rooms.take_gone() {
        // One that was taken out and came back is kept below.
        cx.account.persistence.rooms.remove(&room);
        cx.account.persistence.drafts.remove(&room);
        cx.account.persistence.asked.remove(&room);
        cx.persist(Write::ForgetRoom(room));
    }
    let mut infos: Vec<RoomInfo> = Vec::new();
    let mut rest = Vec::new();
    for room in cx.account.rooms.take_touched() {
        let kept = cx.account.persistence.rooms.entry(room.info.id.clone()).or_default();
        if kept.info.as_ref() != Some(&room.info) {
            kept.info = Some(room.info.clone());
            infos.push(room.info.clone());
        }
        messages::keep(room, kept, &mut rest);
        keep_read(room, kept, &mut rest);
    }
    if !infos.is_empty() {
        cx.persist(Write::Rooms(infos));
    }
    for write in rest {
        cx.persist(write);
    }
}

/// How far a room was read: to its end, when nothing is unread.
fn keep_read(room: &Room, kept: &mut KeptFacts, writes: &mut Vec<Write>) {
    let last = room.timeline.newest_accepted().filter(|_| !room.unread.any());
    let end = last.and_then(|last| Some(ReadTo { message: last.id.clone()?, at: last.sent_at }));
    let upto = end.or_else(|| kept.read.clone());
    if (kept.unread, &kept.read) != (room.unread, &upto) {
        (kept.unread, kept.read) = (room.unread, upto.clone());
        writes.push(Write::Read { room: room.info.id.clone(), upto, unread: room.unread });
    }
}
