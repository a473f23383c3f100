//! When to look for what differs from what is on disk, and what there is to look at.

use crate::app::effect::Effect;
use crate::app::features::persistence::{drafts, messages};
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::persistence::StoredRoom;
use crate::app::model::state::State;
use crate::app::model::timers::Timer;
use crate::domain::{
    AccountId, ConnectionStatus, Message, MessageId, PersonId, PersonInfo, Request, Room, RoomId, RoomInfo,
    ServerEvent, Timestamp,
};
use crate::store::{OutboxWrite, ReadTo, Write};

/// So long a change waits for company, in milliseconds. The store adds as much.
const BATCH_DELAY: i64 = 300;

/// After so many events a burst is not waited out: what is handed over is copied, and that is to stay small.
const MAX_EVENTS: u32 = 2_000;

/// What an event may have changed of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum ChangeKind {
    /// Nothing, or only rooms and people, which track their changes themselves.
    Tracked,
    /// What is being written.
    Drafts,
    /// The connection is gone, and perhaps for long.
    Disconnected,
}

/// What a server event may change of what is kept. Notes what it does to messages that are on disk only.
pub(in crate::app) fn record_server_event(cx: &mut Context<'_>, event: &ServerEvent) -> ChangeKind {
    if cx.account.persistence.enabled {
        let unloaded_change = unloaded_change(cx.scene(), event);
        cx.account.persistence.unloaded_changes.extend(unloaded_change);
    }
    match event {
        ServerEvent::Connection(ConnectionStatus::Offline { .. } | ConnectionStatus::Refused { .. }) => {
            ChangeKind::Disconnected
        }
        _ => ChangeKind::Tracked,
    }
}

/// After each event: sees to it that what may differ is looked at soon, or looks.
pub(in crate::app) fn after_event(cx: &mut Context<'_>, change: ChangeKind) {
    if let Some(sentence) = cx.account.persistence.notice_to_repeat.take_if(|_| cx.ui.open.is_some()) {
        cx.notify(sentence);
    }
    if !cx.account.persistence.enabled {
        // Nobody will ever ask for it.
        cx.account.rooms.clear_removed();
        cx.account.people.clear_dirty();
        return;
    }
    if !cx.account.persistence.loaded {
        return;
    }
    cx.account.persistence.events_since_due = cx.account.persistence.events_since_due.saturating_add(1);
    let cleared = change == ChangeKind::Drafts && drafts::was_cleared(cx.scene());
    let at_once = cleared
        || change == ChangeKind::Disconnected
        || (cx.account.timers.is_set(Timer::FlushStore) && cx.account.persistence.events_since_due >= MAX_EVENTS);
    if at_once || cx.account.timers.get(Timer::FlushStore).is_some_and(|due| due <= cx.now) {
        flush(cx);
    } else if cx.effects.iter().any(|effect| removes_from_outbox(effect, cx.account.id)) {
        // What goes from the outbox may be back under the fingers: the disk takes both as one, or neither.
        drafts::write(cx);
    }
    if !cx.account.timers.is_set(Timer::FlushStore) && is_dirty(cx.scene(), change) {
        cx.account.timers.set(Timer::FlushStore, cx.now + BATCH_DELAY);
        cx.account.persistence.events_since_due = 0;
    }
    if cx.account.persistence.last_synced.is_some() && is_synced(cx.scene()) {
        cx.account.persistence.last_synced = None;
    }
}

/// What is still to be kept when the program ends at `now`.
pub fn final_writes(state: &mut State, now: Timestamp) -> Vec<Effect> {
    let mut effects = Vec::new();
    state.now = now;
    for id in state.accounts.ids() {
        state.with_account(id, &mut effects, |cx| {
            if cx.account.persistence.enabled && cx.account.persistence.loaded {
                flush(cx);
            } else if cx.account.persistence.enabled {
                // Whose chats are on disk is not known; what somebody has typed is theirs all the same.
                drafts::write(cx);
            }
        });
    }
    effects
}

/// What becomes of a message that is not in memory: nothing else would tell the disk.
fn unloaded_change(scene: Scene<'_>, event: &ServerEvent) -> Option<Write> {
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

fn is_dirty(scene: Scene<'_>, change: ChangeKind) -> bool {
    scene.account.rooms.is_dirty()
        || scene.account.people.is_dirty()
        || scene.account.persistence.clear_pending
        || !scene.account.persistence.unloaded_changes.is_empty()
        || (scene.ui.open.is_some() && scene.ui.open != scene.account.persistence.opened)
        || (change == ChangeKind::Drafts && drafts::exist(scene))
}

/// Whether all that is on screen is what the server said since the program began.
fn is_synced(scene: Scene<'_>) -> bool {
    let online = scene.account.connection == ConnectionState::Online && scene.account.room_sync.listed;
    online && scene.open_room().is_none_or(|room| room.history.fresh || room.is_deleted())
}

/// Says all that differs.
pub(in crate::app) fn flush(cx: &mut Context<'_>) {
    cx.account.timers.clear(Timer::FlushStore);
    let before = cx.effects.len();
    if std::mem::take(&mut cx.account.persistence.clear_pending) {
        cx.persist(Write::ForgetHistory);
    }
    for write in std::mem::take(&mut cx.account.persistence.unloaded_changes) {
        cx.persist(write);
    }
    write_people(cx);
    write_rooms(cx);
    let wrote = cx.effects.len() > before;
    if let Some(open) = cx.ui.open.clone().filter(|open| cx.account.persistence.opened.as_ref() != Some(open)) {
        cx.account.persistence.opened = Some(open.clone());
        cx.persist(Write::Opened(open));
    }
    drafts::write(cx);
    if wrote && cx.account.was_online && !cx.account.persistence.identity_from_store {
        cx.persist(Write::Heard(cx.now));
    }
}

fn write_people(cx: &mut Context<'_>) {
    let me = cx.account.me.as_ref().filter(|_| !cx.account.persistence.identity_from_store);
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

fn write_rooms(cx: &mut Context<'_>) {
    for room in cx.account.rooms.take_removed() {
        // One that was taken out and came back is kept below.
        cx.account.persistence.rooms.remove(&room);
        cx.account.persistence.drafts.remove(&room);
        cx.account.persistence.queries.remove(&room);
        cx.persist(Write::ForgetRoom(room));
    }
    let mut infos: Vec<RoomInfo> = Vec::new();
    let mut rest = Vec::new();
    for room in cx.account.rooms.take_changed() {
        let stored = cx.account.persistence.rooms.entry(room.info.id.clone()).or_default();
        if stored.info.as_ref() != Some(&room.info) {
            stored.info = Some(room.info.clone());
            infos.push(room.info.clone());
        }
        messages::write(room, stored, &mut rest);
        write_read_position(room, stored, &mut rest);
    }
    if !infos.is_empty() {
        cx.persist(Write::Rooms(infos));
    }
    for write in rest {
        cx.persist(write);
    }
}

/// How far a room was read: to its end, when nothing is unread.
fn write_read_position(room: &Room, stored: &mut StoredRoom, writes: &mut Vec<Write>) {
    let last = room.timeline.newest_accepted().filter(|_| !room.unread.any());
    let end = last.and_then(|last| Some(ReadTo { message: last.id.clone()?, at: last.sent_at }));
    let upto = end.or_else(|| stored.read.clone());
    if (stored.unread, &stored.read) != (room.unread, &upto) {
        (stored.unread, stored.read) = (room.unread, upto.clone());
        writes.push(Write::Read { room: room.info.id.clone(), upto, unread: room.unread });
    }
}
