//! Schedules and computes incremental writes to the store.

use crate::app::effect::Effect;
use crate::app::features::outbox::answers;
use crate::app::features::persistence::{drafts, messages};
use crate::app::features::pictures;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::persistence::StoredRoom;
use crate::app::model::state::State;
use crate::app::model::timers::AccountTimer;
use crate::domain::{
    AccountId, Amendment, ConnectionStatus, Message, MessageChange, PersonInfo, Request, Room, RoomId, RoomInfo,
    ServerEvent, Timestamp,
};
use crate::store::{OutboxWrite, ReadMarker, Write};

/// Delay before a flush, in milliseconds, so that several changes are written together. The store adds as much.
const BATCH_DELAY: i64 = 300;

/// Maximum number of messages in a flush. Whatever arrives faster waits in the timelines: several thousand messages a
/// second, more than anybody reads. The copy takes less than a millisecond, so that no key waits for it.
const MAX_MESSAGES: usize = 1_500;

/// Kind of stored data that an event may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum ChangeKind {
    /// Nothing, or only rooms and people, which track their own changes.
    Tracked,
    /// The composer or another draft.
    Drafts,
    /// The connection was lost, so the state is written before a possibly long pause.
    Disconnected,
    /// As `Tracked`, and changes have waited long enough.
    FlushDue,
}

/// Returns the kind of change a server event causes, and records its changes to messages that are only on disk.
pub(in crate::app) fn record_server_event(
    cx: &mut Context<'_>,
    event: &ServerEvent,
    change: Option<&MessageChange>,
) -> ChangeKind {
    if cx.account.persistence.enabled {
        let unloaded_change = change.and_then(|change| unloaded_change(cx.scene(), event, change));
        cx.account.persistence.record_unloaded(unloaded_change);
    }
    match event {
        ServerEvent::Connection(ConnectionStatus::Offline { .. } | ConnectionStatus::Refused { .. }) => {
            ChangeKind::Disconnected
        }
        _ => ChangeKind::Tracked,
    }
}

/// Writes changes to the store, or schedules the write; called after each event.
pub(in crate::app) fn after_event(cx: &mut Context<'_>, change: ChangeKind) {
    if let Some(sentence) = cx.account.persistence.notice_to_repeat.take_if(|_| cx.ui.open.is_some()) {
        cx.notify_again(&sentence);
    }
    if !cx.account.persistence.enabled {
        // Without a store nobody reads these records, so they must not accumulate.
        cx.account.rooms.clear_removed();
        cx.account.people.clear_dirty();
        return;
    }
    if !cx.account.persistence.loaded {
        return;
    }
    let cleared = change == ChangeKind::Drafts && drafts::is_cleared_but_stored(cx.scene());
    if cleared || matches!(change, ChangeKind::Disconnected | ChangeKind::FlushDue) {
        flush(cx, MAX_MESSAGES);
    } else if cx.effects.iter().any(|effect| removes_from_outbox(effect, cx.account.id)) {
        // A message removed from the outbox may be back in the composer: both changes must reach the disk together.
        drafts::write(cx);
    }
    if !cx.account.timers.is_set(AccountTimer::FlushStore) && is_dirty(cx.scene(), change) {
        cx.account.timers.set(AccountTimer::FlushStore, cx.now + BATCH_DELAY);
    }
    if cx.account.persistence.last_synced.is_some() && is_synced(cx.scene()) {
        cx.account.persistence.last_synced = None;
    }
}

/// Forgets the pictures of deleted messages if nothing is stored: they may be kept in memory. Called once per frame,
/// because it looks at every room.
pub(in crate::app) fn forget_pictures_in_memory(cx: &mut Context<'_>) {
    if !cx.account.persistence.enabled && cx.account.rooms.is_dirty() {
        let dropped = cx.account.rooms.take_dropped_pictures();
        cx.account.rooms.clear_changed();
        pictures::forget(cx, dropped);
    }
}

/// Returns the writes that remain when the program ends at `now`.
pub fn final_writes(state: &mut State, now: Timestamp) -> Vec<Effect> {
    let mut effects = Vec::new();
    state.now = now;
    for id in state.accounts.ids() {
        state.with_account(id, &mut effects, write_everything);
    }
    effects
}

/// Writes everything that remains, because the account is closed.
pub(in crate::app) fn write_everything(cx: &mut Context<'_>) {
    if cx.account.persistence.enabled && cx.account.persistence.loaded {
        flush(cx, usize::MAX);
    } else if cx.account.persistence.enabled {
        // The owner of the stored history is unknown, but the user's drafts must not be lost.
        drafts::add_to_stored(cx);
    }
}

/// Records changes to messages that are unloaded before they were written.
pub(in crate::app) fn record_unloaded(cx: &mut Context<'_>, room: &RoomId, changed: Vec<Message>) {
    if !cx.account.persistence.enabled {
        return;
    }
    let writes = changed.into_iter().filter_map(|message| {
        let room = room.clone();
        Some(if message.deleted {
            Write::Tombstone { room, message: message.id?, author: None }
        } else {
            Write::UpdateMessage { room, message: Box::new(message) }
        })
    });
    cx.account.persistence.record_unloaded(writes);
}

/// Returns the write for a change of a message that is not in memory, which no other code would store.
fn unloaded_change(scene: Scene<'_>, event: &ServerEvent, change: &MessageChange) -> Option<Write> {
    let account = scene.account;
    if matches!(change.amendment, Amendment::Starred(_) | Amendment::Seen) {
        // Not stored, and too frequent to look for the message.
        return None;
    }
    if account.rooms.holder_of(&change.message).is_some() {
        return None;
    }
    let room = match event {
        // One of our own edits, carried out after a restart.
        ServerEvent::Done(request @ Request::Edit { .. }) => answers::room_of_request(scene, request)?,
        // A deletion that does not name its room concerns the room that the server treats as open.
        _ => change.room.clone().or_else(|| scene.ui.open.clone())?,
    };
    // The author may be unknown here, so the store compares it.
    let (message, author) = (change.message.clone(), change.author.clone());
    if author.is_some() && account.rooms.get(&room).is_none() {
        return None;
    }
    match &change.amendment {
        Amendment::Edited(edit) => Some(Write::Edit { room, message, author, edit: edit.clone() }),
        Amendment::Deleted => Some(Write::Tombstone { room, message, author }),
        Amendment::Removed => Some(Write::RemoveMessage { room, message }),
        Amendment::Starred(_) | Amendment::Seen => None,
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
        || (scene.ui.open.is_some() && scene.ui.open != scene.account.persistence.open_room)
        || is_rearranged(scene)
        || (change == ChangeKind::Drafts && drafts::any_exist(scene))
}

/// Whether the user has arranged the screen in another way than the store says. Only the account with the keys writes it,
/// because the arrangement may be the one that another account had stored.
fn is_rearranged(scene: Scene<'_>) -> bool {
    let is_used = scene.ui.has_keys() && scene.ui.open.is_some();
    is_used && scene.terminal.arrangement != scene.account.persistence.arrangement
}

/// Returns whether everything on screen comes from the server since the program started.
fn is_synced(scene: Scene<'_>) -> bool {
    let online = scene.account.connection == ConnectionState::Online && scene.account.room_sync.is_listed();
    online && scene.open_room().is_none_or(|room| room.history.is_newest_loaded() || !room.can_fetch())
}

/// Writes the differences between the state and the store, but at most about `limit` messages. The rest is written by
/// the next flush.
pub(in crate::app) fn flush(cx: &mut Context<'_>, limit: usize) {
    cx.account.timers.clear(AccountTimer::FlushStore);
    let before = cx.effects.len();
    write_unloaded(cx);
    write_people(cx);
    write_rooms(cx, limit);
    let wrote = cx.effects.len() > before;
    if let Some(open) = cx.ui.open.clone().filter(|open| cx.account.persistence.open_room.as_ref() != Some(open)) {
        cx.account.persistence.open_room = Some(open.clone());
        cx.persist(Write::OpenRoom(open));
    }
    if is_rearranged(cx.scene()) {
        cx.account.persistence.arrangement = cx.terminal.arrangement;
        cx.persist(Write::Arrangement(cx.terminal.arrangement));
    }
    drafts::write(cx);
    if wrote && cx.account.was_online && !cx.account.persistence.identity_from_store {
        cx.persist(Write::SyncedAt(cx.now));
    }
}

/// Writes the changes of messages that are in the store but not in memory.
pub(in crate::app) fn write_unloaded(cx: &mut Context<'_>) {
    if std::mem::take(&mut cx.account.persistence.clear_pending) {
        cx.persist(Write::ForgetHistory);
    }
    for write in std::mem::take(&mut cx.account.persistence.unloaded_changes) {
        cx.persist(write);
    }
}

/// Writes which messages of a room were removed.
pub(in crate::app) fn write_removed(cx: &mut Context<'_>, room: &RoomId) {
    let removed = cx.account.rooms.get_mut(room).map(|room| room.timeline.take_removed()).unwrap_or_default();
    for message in removed {
        cx.persist(Write::RemoveMessage { room: room.clone(), message });
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

fn write_rooms(cx: &mut Context<'_>, limit: usize) {
    let dropped = cx.account.rooms.take_dropped_pictures();
    pictures::forget(cx, dropped);
    for room in cx.account.rooms.take_removed() {
        // A room that was removed and added again is stored below.
        cx.account.persistence.rooms.remove(&room);
        cx.account.persistence.drafts.remove(&room);
        cx.account.persistence.queries.remove(&room);
        cx.persist(Write::ForgetRoom(room));
    }
    let mut infos: Vec<RoomInfo> = Vec::new();
    let mut rest = Vec::new();
    let mut changed = cx.account.rooms.take_changed();
    // A room with many changes must not keep others waiting.
    changed.sort_by_key(|room| room.timeline.unsaved_len());
    let (mut left, mut postponed) = (limit, Vec::new());
    for room in changed {
        let stored = cx.account.persistence.rooms.entry(room.info.id.clone()).or_default();
        if stored.info.as_ref() != Some(&room.info) {
            stored.info = Some(room.info.clone());
            infos.push(room.info.clone());
        }
        left -= messages::write(room, stored, left, &mut rest);
        if room.timeline.unsaved_len() > 0 {
            postponed.push(room.info.id.clone());
        }
        write_read_position(room, stored, &mut rest);
    }
    postponed.iter().for_each(|room| cx.account.rooms.mark_dirty(room));
    if !infos.is_empty() {
        cx.persist(Write::Rooms(infos));
    }
    for write in rest {
        cx.persist(write);
    }
}

/// Writes the read position of a room, which is its newest message if nothing is unread. The program may end at any time.
fn write_read_position(room: &Room, stored: &mut StoredRoom, writes: &mut Vec<Write>) {
    let unread = room.read_state.unread_when_left();
    let last = room.timeline.newest_accepted().filter(|_| !unread.any());
    let end = last.and_then(|last| Some(ReadMarker { message: last.id.clone()?, at: last.sent_at }));
    let marker = end.or_else(|| stored.read.clone());
    if (stored.unread, &stored.read) != (unread, &marker) {
        (stored.unread, stored.read) = (unread, marker.clone());
        writes.push(Write::ReadMarker { room: room.info.id.clone(), marker, unread });
    }
}
