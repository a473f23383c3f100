//! What was written for rooms that were deleted, or of which nothing is known.

use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::{Content, LocalId, RoomId};
use crate::store::{self, OutboxPayload, OutboxWrite, Write};
use crate::text::SafeText;

use super::steps::mark;
use super::{OutboxEntry, Stage};

/// Why nothing goes out to a room that was deleted. On disk, too: by this it is known at the next start that its room is
/// one of those. One that is kept in other words is found out by asking the server.
const DELETED: &str = "This chat was deleted.";

/// A room was deleted: all that waits for it has failed, and what was `being_written` there is as good as failed. Changes
/// of its messages are moot, but for the texts in them.
pub(in crate::app) fn fail_all(
    state: &mut State,
    room: &RoomId,
    being_written: Option<String>,
    effects: &mut Vec<Effect>,
) {
    state.outbox.looks.remove(room);
    if let Some(text) = being_written {
        let local = LocalId::from_random(u128::from(state.rng.u64(..)) << 64 | u128::from(state.rng.u64(..)));
        let what = OutboxPayload::Send(Content::text(text));
        let entry = OutboxEntry::new(local, room.clone(), what, state.server_time(), Stage::Queued(state.now));
        effects.push(Effect::Persist(Write::Outbox(OutboxWrite::Put(entry.entry()))));
        state.outbox.entries.push(entry);
    }
    let here = state.outbox.entries.iter().filter(|entry| entry.room == *room);
    let here: Vec<LocalId> = here.map(|entry| entry.local).collect();
    for local in here {
        fail(state, local, effects);
    }
}

fn fail(state: &mut State, local: LocalId, effects: &mut Vec<Effect>) {
    let reason = SafeText::line(DELETED);
    let Some(entry) = state.outbox.get_mut(local) else { return };
    if entry.stage == Stage::Failed(reason.clone()) {
        return;
    }
    match &entry.what {
        OutboxPayload::Send(_) => {}
        OutboxPayload::Edit { text, .. } => {
            entry.what = OutboxPayload::Send(Content::text(text.clone()));
            effects.push(Effect::Persist(Write::Outbox(OutboxWrite::Put(entry.entry()))));
        }
        OutboxPayload::Delete { .. } | OutboxPayload::DeleteForMe { .. } => {
            return super::confirmed(state, local, effects);
        }
    }
    entry.stage = Stage::Failed(reason.clone());
    entry.percent = None;
    let room = entry.room.clone();
    if let Some(known) = state.rooms.get_mut(&room)
        && let Some(slot) = known.timeline.find_local(local)
    {
        known.timeline.fail(slot);
    }
    mark(state, local, store::Stage::Failed { reason }, effects);
}

/// How much of what was written for a room is left.
pub(in crate::app) fn left_in(state: &State, room: &RoomId) -> usize {
    state.outbox.entries.iter().filter(|entry| entry.room == *room).count()
}

/// The rooms that were deleted, as far as is known by what failed there.
pub(in crate::app) fn gone_rooms(state: &State) -> Vec<RoomId> {
    rooms(state, |entry| matches!(&entry.stage, Stage::Failed(reason) if reason.as_str() == DELETED))
}

/// The rooms for which something waits, and of which nothing is known.
pub(in crate::app) fn homeless(state: &State) -> Vec<RoomId> {
    rooms(state, |entry| state.rooms.get(&entry.room).is_none())
}

fn rooms(state: &State, which: impl Fn(&OutboxEntry) -> bool) -> Vec<RoomId> {
    let mut rooms = Vec::new();
    for entry in state.outbox.entries.iter().filter(|entry| which(entry)) {
        if !rooms.contains(&entry.room) {
            rooms.push(entry.room.clone());
        }
    }
    rooms
}
