//! Memory budget: evicts old messages and unneeded people, so that no server can exhaust the memory.
//!
//! Messages and people live as long as the program and are checked once per frame. Evicted messages are requested again
//! when the user scrolls up to them. Shorter lists are bounded where they grow.

use crate::app::limits::{MAX_MESSAGE_BYTES, MAX_PEOPLE, ROOM_BYTES_AFTER_EVICTION};
use crate::app::model::context::Context;
use crate::app::model::pane::Pane;
use crate::app::model::ui::Focus;
use crate::domain::{PersonId, RoomId};
use std::collections::HashSet;

/// Evicts messages and people beyond the budget.
pub(in crate::app) fn evict(cx: &mut Context<'_>) {
    evict_messages(cx, MAX_MESSAGE_BYTES, ROOM_BYTES_AFTER_EVICTION);
    if cx.account.people.len() > MAX_PEOPLE {
        evict_people(cx);
    }
}

/// Evicts old messages until all messages use at most `limit` bytes: first those of the largest rooms that are not open,
/// then those of the open room.
///
/// The open room keeps its newest `kept` bytes, any other room much less.
fn evict_messages(cx: &mut Context<'_>, limit: usize, kept: usize) {
    let mut bytes: usize = cx.account.rooms.message_bytes();
    while bytes > limit {
        let open = cx.ui.open.clone();
        let largest = cx.account.rooms.iter_mut().filter(|room| Some(&room.info.id) != open.as_ref());
        let largest = largest.max_by_key(|room| room.timeline.bytes()).filter(|room| room.timeline.bytes() > kept / 16);
        let Some(id) = largest.map(|room| room.info.id.clone()).or(open) else { return };
        let is_open = cx.ui.open.as_ref() == Some(&id);
        if !evict_oldest(cx, &id, if is_open { kept } else { kept / 64 }) {
            return;
        }
        if is_open {
            cx.ui.pane = Pane::default();
            cx.ui.focus = Focus::Composer;
            cx.notify("The oldest messages were unloaded to save memory. Scroll up to load them again.");
        }
        bytes = cx.account.rooms.message_bytes();
    }
}

/// Evicts the oldest messages of a room beyond `keep` bytes; returns whether memory was freed.
fn evict_oldest(cx: &mut Context<'_>, id: &RoomId, keep: usize) -> bool {
    let Some(room) = cx.account.rooms.get_mut(id) else { return false };
    let before = room.timeline.bytes();
    let Some(oldest) = room.timeline.oldest_within(keep) else { return false };
    room.unload_before(&oldest);
    room.timeline.bytes() < before
}

/// Evicts everybody except the people shown in the room list and those in the open room.
///
/// The server sends the others again when they appear in a room.
fn evict_people(cx: &mut Context<'_>) {
    let mut known: HashSet<PersonId> = cx.account.me.iter().cloned().collect();
    for room in cx.account.rooms.iter() {
        known.extend(room.info.peer.iter().map(|peer| peer.id.clone()));
        known.extend(room.info.last_message.iter().map(|last| last.author.clone()));
        known.extend(room.typing.iter().map(|typing| typing.person.clone()));
    }
    if let Some(room) = cx.open_room() {
        known.extend(room.timeline.iter().rev().take(MAX_PEOPLE / 4).map(|(_, message)| message.author.clone()));
        known.extend(room.info.participants.iter().take(MAX_PEOPLE / 4).cloned());
    }
    cx.account.people.retain(&known);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Size;
    use crate::app::model::account::Profile;
    use crate::app::model::options::Options;
    use crate::app::model::state::State;
    use crate::domain::{MessageId, MessageInfo, MessageKind, PersonInfo, Room, RoomInfo, RoomKind, Timestamp};
    use crate::text::SafeText;

    fn state() -> State {
        let size = Size { width: 80, height: 24 };
        State::new(Options::default(), Profile::default(), size, Timestamp(0), 1)
    }

    fn message(room: &RoomId, n: i64) -> MessageInfo {
        MessageInfo {
            id: MessageId::new(&format!("m{n}")),
            room: room.clone(),
            author: PersonId::new("a"),
            author_info: None,
            sent_at: Timestamp(n),
            text: SafeText::block(&"x".repeat(1_000)),
            attachment: None,
            delivered: false,
            seen: false,
            local: None,
            kind: MessageKind::Text,
            quote: None,
            forwarded: false,
            starred: None,
            deleted: false,
        }
    }

    fn add_room(state: &mut State, id: &str, messages: i64) -> RoomId {
        let id = RoomId::new(id);
        let mut room = Room::new(RoomInfo {
            id: id.clone(),
            kind: RoomKind::Unknown,
            title: Some(SafeText::line("t")),
            avatar: None,
            participants: Vec::new(),
            peer: None,
            unread: None,
            muted: false,
            archived: false,
            last_message: None,
            created_at: None,
            metadata: None,
        });
        for n in 0..messages {
            room.timeline.insert_live(message(&id, n));
        }
        room.history.on_start_restored();
        state.account_mut().rooms.insert(room);
        id
    }

    fn with(state: &mut State, work: impl FnOnce(&mut Context<'_>)) {
        state.with_shown(&mut Vec::new(), work);
    }

    #[test]
    fn closed_rooms_are_evicted_first() {
        let mut state = state();
        let (open, other) = (add_room(&mut state, "open", 100), add_room(&mut state, "other", 300));
        state.ui.open = Some(open.clone());
        with(&mut state, |cx| evict_messages(cx, 300_000, 100_000));
        let left = |state: &State, id| state.account().rooms.get(id).map(|room| room.timeline.len());
        assert_eq!(left(&state, &open), Some(100));
        assert!(left(&state, &other) < Some(10) && left(&state, &other) > Some(0));
        assert_eq!(
            state.account().rooms.get(&other).map(|room| room.history.is_complete()),
            Some(false),
            "it can be fetched again"
        );
        assert_eq!(state.ui.notice, None, "closed rooms are evicted silently");
    }

    #[test]
    fn open_room_unloads_its_oldest_and_notifies() {
        let mut state = state();
        let open = add_room(&mut state, "open", 400);
        state.ui.open = Some(open.clone());
        with(&mut state, |cx| evict_messages(cx, 300_000, 100_000));
        let room = state.account().rooms.get(&open).expect("the room");
        assert!(room.timeline.bytes() <= 100_000);
        assert_eq!(room.timeline.newest_accepted().and_then(|last| last.id.clone()), Some(MessageId::new("m399")));
        assert!(state.ui.notice.as_ref().is_some_and(|notice| notice.text.contains("unloaded")));
    }

    #[test]
    fn single_oversized_message_is_kept() {
        let mut state = state();
        let open = add_room(&mut state, "open", 1);
        state.ui.open = Some(open.clone());
        with(&mut state, |cx| evict_messages(cx, 10, 5));
        assert_eq!(state.account().rooms.get(&open).map(|room| room.timeline.len()), Some(1));
    }

    #[test]
    fn only_people_of_no_room_are_evicted() {
        let mut state = state();
        let open = add_room(&mut state, "open", 1);
        state.ui.open = Some(open);
        let learn = |state: &mut State, id: &str| {
            let (id, username, name) = (PersonId::new(id), SafeText::line(id), SafeText::line(id));
            state.account_mut().people.learn(PersonInfo { id, username, name, last_active: None, agent: false });
        };
        learn(&mut state, "a");
        (0..=MAX_PEOPLE).for_each(|n| learn(&mut state, &format!("p{n}")));
        with(&mut state, evict);
        assert_eq!(state.account().people.len(), 1);
        assert!(state.account().people.get(&PersonId::new("a")).is_some());
    }
}
