//! Memory budget: evicts old messages and unneeded people, so that no server can exhaust the memory.
//!
//! Messages and people are checked once per frame. Evicted messages are loaded again from the store or the server when
//! the user scrolls up to them; until then nothing on screen changes. Shorter lists are bounded where they grow.

use crate::app::features::jump;
use crate::app::features::persistence::flush;
use crate::app::limits::{MAX_PEOPLE, MAX_SCROLLED_BYTES, PREFETCH_MESSAGES};
use crate::app::model::context::{Context, Scene};
use crate::app::model::pane::Pane;
use crate::app::model::ui::Focus;
use crate::domain::{PersonId, Room, RoomId};
use std::collections::HashSet;

/// Size below which a closed room keeps its messages, in bytes: about a screen.
const CLOSED_ROOM_BYTES: usize = 8 << 10;

/// Number of messages above the screen that are never evicted, so that scrolling up a little needs no loading.
const MESSAGES_ABOVE_SCREEN: usize = 2 * PREFETCH_MESSAGES;

/// Evicts messages and people beyond the budget.
pub(in crate::app) fn evict(cx: &mut Context<'_>) {
    if cx.account.rooms.take_grown() {
        evict_messages(cx, cx.options.message_bytes);
    }
    if cx.account.people.len() > MAX_PEOPLE {
        evict_people(cx);
    }
}

/// Evicts old messages until at most `most` bytes are held: of the largest closed rooms first, then of the open room.
fn evict_messages(cx: &mut Context<'_>, most: usize) {
    let mut held: usize = cx.account.rooms.message_bytes();
    while held > most {
        let Some((id, count)) = largest_closed(cx.scene()) else { break };
        let Some(room) = cx.account.rooms.get_mut(&id) else { break };
        let before = room.timeline.bytes();
        let changed = room.unload_oldest(count);
        held -= before - room.timeline.bytes();
        flush::record_unloaded(cx, &id, changed);
    }
    if held > most {
        evict_from_open(cx, held, most);
    }
}

/// Returns the largest closed room of which messages can be unloaded, and the number of messages that hold half of it.
fn largest_closed(scene: Scene<'_>) -> Option<(RoomId, usize)> {
    let closed = scene.account.rooms.known_ids().filter(|id| scene.ui.open.as_ref() != Some(*id));
    // A search for uncertain sends would start over.
    let closed = closed.filter(|id| scene.account.outbox.search_in(id).is_none());
    let rooms = closed.filter_map(|id| scene.account.rooms.get(id));
    let large = rooms.filter(|room| room.timeline.bytes() > CLOSED_ROOM_BYTES);
    // A single large message cannot be unloaded.
    let excess = |room: &Room| room.timeline.excess(room.timeline.bytes() / 2);
    let largest = large.filter(|room| excess(room) > 0).max_by_key(|room| room.timeline.bytes())?;
    Some((largest.info.id.clone(), excess(largest)))
}

/// Evicts the oldest messages of the open room, down to three quarters of `most` bytes so that it is not done for every
/// message.
///
/// The selected message, the messages on screen and those directly above stay. A user who has scrolled far up may
/// therefore exceed the budget, up to [`MAX_SCROLLED_BYTES`].
fn evict_from_open(cx: &mut Context<'_>, held: usize, most: usize) {
    let selected = cx.ui.selected().and_then(|slot| cx.open_room()?.timeline.position(slot));
    let above = selected.unwrap_or(usize::MAX).min(cx.ui.pane.above).saturating_sub(MESSAGES_ABOVE_SCREEN);
    let is_too_much = held > MAX_SCROLLED_BYTES.max(most);
    let Some(room) = cx.open_room() else { return };
    let is_jumping = cx.ui.jump.as_ref().is_some_and(|target| target.room == room.info.id);
    let is_searched = cx.account.outbox.search_in(&room.info.id).is_some();
    if (is_jumping || is_searched) && !is_too_much {
        // Both load older messages, which would be unloaded at once.
        return;
    }
    let wanted = room.timeline.excess((room.timeline.bytes() + most / 4 * 3).saturating_sub(held));
    let count = if is_too_much { wanted } else { wanted.min(above) };
    if count == 0 {
        // The room is not touched, because a changed room is checked and stored again.
        return;
    }
    let id = room.info.id.clone();
    let changed = cx.account.rooms.get_mut(&id).map(|room| room.unload_oldest(count));
    flush::record_unloaded(cx, &id, changed.unwrap_or_default());
    if is_jumping {
        jump::give_up(cx);
    } else if count > above {
        cx.ui.pane = Pane::default();
        cx.ui.focus = Focus::Composer;
        cx.notify("The oldest messages were unloaded to save memory. Scroll up to load them again.");
    }
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
    use crate::app::effect::Profile;
    use crate::app::model::jump::{JumpGoal, JumpTarget};
    use crate::app::model::options::Options;
    use crate::app::model::persistence::PersistenceState;
    use crate::app::model::state::State;
    use crate::domain::{MessageId, MessageInfo, MessageKind, PersonInfo, RoomInfo, RoomKind, Timestamp};
    use crate::store::Write;
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
            nickname: None,
            avatar: None,
            participants: Vec::new(),
            peer: None,
            unread: None,
            muted: false,
            archived: false,
            last_message: None,
            created_at: None,
            metadata: None,
            settings: Default::default(),
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
        with(&mut state, |cx| evict_messages(cx, 200_000));
        let left = |state: &State, id| state.account().rooms.get(id).map(|room| room.timeline.len());
        assert_eq!(left(&state, &open), Some(100));
        assert!(left(&state, &other) < Some(90) && left(&state, &other) > Some(0));
        assert_eq!(
            state.account().rooms.get(&other).map(|room| room.history.is_complete()),
            Some(false),
            "it can be fetched again"
        );
        assert_eq!(state.terminal.notice, None, "closed rooms are evicted silently");
    }

    #[test]
    fn open_room_unloads_its_oldest_above_the_screen() {
        let mut state = state();
        let open = add_room(&mut state, "open", 700);
        state.ui.open = Some(open.clone());
        state.ui.pane.above = 680;
        with(&mut state, |cx| evict_messages(cx, 400_000));
        let room = state.account().rooms.get(&open).expect("the room");
        assert!(room.timeline.bytes() <= 300_000 && room.timeline.len() > 40);
        assert_eq!(room.timeline.newest_accepted().and_then(|last| last.id.clone()), Some(MessageId::new("m699")));
        assert_eq!(state.terminal.notice, None, "nothing on screen has changed");
    }

    #[test]
    fn messages_near_the_screen_are_kept() {
        let mut state = state();
        let open = add_room(&mut state, "open", 700);
        state.ui.open = Some(open.clone());
        state.ui.pane.above = 50;
        with(&mut state, |cx| evict_messages(cx, 400_000));
        assert_eq!(state.account().rooms.get(&open).map(|room| room.timeline.len()), Some(690));
    }

    /// Regression test: a jump loaded older messages that were unloaded again at once, without end.
    #[test]
    fn messages_loaded_by_a_jump_are_kept() {
        let mut state = state();
        let open = add_room(&mut state, "open", 700);
        state.ui.open = Some(open.clone());
        state.ui.pane.above = 650;
        state.ui.jump =
            Some(JumpTarget { room: open.clone(), goal: JumpGoal::Message(MessageId::new("far")), pages: 9 });
        with(&mut state, |cx| evict_messages(cx, 400_000));
        assert_eq!(state.account().rooms.get(&open).map(|room| room.timeline.len()), Some(700));
    }

    /// Regression test: a room with one large message kept all other closed rooms in memory.
    #[test]
    fn large_single_message_does_not_protect_other_rooms() {
        let mut state = state();
        let other = add_room(&mut state, "other", 100);
        let large = add_room(&mut state, "large", 0);
        let text = SafeText::block(&"x".repeat(200_000));
        let room = state.account_mut().rooms.get_mut(&large).expect("the room");
        room.timeline.insert_live(MessageInfo { text, ..message(&large, 1) });
        with(&mut state, |cx| evict_messages(cx, 250_000));
        assert!(state.account().rooms.get(&other).map(|room| room.timeline.len()) < Some(100));
    }

    /// Regression test: a room at its minimum was marked as changed for every frame, so that the program woke up three
    /// times a second.
    #[test]
    fn eviction_without_excess_changes_nothing() {
        let mut state = state();
        let open = add_room(&mut state, "open", 1);
        state.ui.open = Some(open);
        state.account_mut().rooms.take_grown();
        with(&mut state, |cx| evict_messages(cx, 10));
        assert!(!state.account_mut().rooms.take_grown());
    }

    /// Regression test: an edit that had not been stored when its message was unloaded was lost.
    #[test]
    fn unsaved_change_of_an_unloaded_message_is_written() {
        let mut state = state();
        state.account_mut().persistence = PersistenceState::on_disk();
        let open = add_room(&mut state, "open", 700);
        state.ui.open = Some(open.clone());
        state.ui.pane.above = 680;
        let room = state.account_mut().rooms.get_mut(&open).expect("the room");
        let slot = room.timeline.find(&MessageId::new("m3")).expect("the message");
        room.timeline.change(slot, |message| message.edit(SafeText::block("new words"), None));
        with(&mut state, |cx| evict_messages(cx, 400_000));
        let writes = &state.account().persistence.unloaded_changes;
        assert!(matches!(writes.as_slice(), [Write::UpdateMessage { message, .. }] if message.edited), "{writes:?}");
    }

    #[test]
    fn single_oversized_message_is_kept() {
        let mut state = state();
        let open = add_room(&mut state, "open", 1);
        state.ui.open = Some(open.clone());
        with(&mut state, |cx| evict_messages(cx, 10));
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
