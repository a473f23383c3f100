//! From Enter to the server, a step at a time.

use std::collections::HashSet;

use crate::app::actions::messages;
use crate::app::effect::Effect;
use crate::app::gone;
use crate::app::state::{ConnectionState, State};
use crate::domain::{LocalId, Message, Room, RoomId, SECOND, Timestamp};
use crate::store::{self, OutboxPayload, OutboxWrite, Step, Write};

use super::answers::SETTLE;
use super::entries::MOST;
use super::{Doubt, OutboxEntry, Stage, foreign, look, restore};

/// How long the disk may take before the chat goes on without it, in milliseconds.
const DISK: i64 = SECOND;

/// The longest wait between two attempts.
const LONGEST: i64 = 60 * SECOND;

/// Takes something in: it is handed to the disk, and shown once that has it. Says so when there is no room for it.
pub(in crate::app) fn put(
    state: &mut State,
    room: &RoomId,
    what: OutboxPayload,
    shape: impl FnOnce(LocalId) -> Option<Message>,
    effects: &mut Vec<Effect>,
) -> bool {
    if state.outbox.len() >= MOST {
        state.say(format!("{MOST} messages wait already. Send this one again when some of them are out."));
        return false;
    }
    if state.rooms.get(room).is_some_and(Room::is_gone) {
        gone::say_closed(state);
        return false;
    }
    let local = LocalId::from_random(u128::from(state.rng.u64(..)) << 64 | u128::from(state.rng.u64(..)));
    let until = patience(state);
    let mut entry = OutboxEntry::new(local, room.clone(), what, state.server_time(), Stage::Writing(until));
    entry.shape = shape(local).map(Box::new);
    effects.push(Effect::Persist(Write::Outbox(OutboxWrite::Put(entry.entry()))));
    state.outbox.entries.push(entry);
    proceed(state, effects);
    true
}

/// The disk has carried out a change, or goes on without. Said twice, it changes nothing.
pub(in crate::app) fn kept(state: &mut State, local: LocalId, step: Step, on_disk: bool, effects: &mut Vec<Effect>) {
    state.outbox.disk_hangs = false;
    let now = state.now;
    let Some(entry) = state.outbox.get_mut(local) else { return };
    match step {
        Step::Put => {
            entry.on_disk |= on_disk;
            if let Stage::Writing(_) = entry.stage {
                entry.stage = Stage::Queued(now);
            }
        }
        Step::Mark => {
            entry.marks = entry.marks.saturating_sub(1);
            if entry.marks == 0
                && let Stage::Noting(_) = entry.stage
            {
                hand_over(state, local, effects);
            }
        }
        Step::Remove => {}
    }
}

/// Does whatever is to be done now. Doing it again changes nothing.
pub(in crate::app) fn proceed(state: &mut State, effects: &mut Vec<Effect>) {
    if state.outbox.is_empty() {
        state.outbox.looks.clear();
        state.outbox.wake_at = None;
        return;
    }
    without_disk(state, effects);
    restore::show(state, effects);
    look::give_up_late(state);
    // Each that is refused makes way for the next.
    while state.account.connection == ConnectionState::Online && state.account.me.is_some() {
        let (mut ready, mut doubted) = (Vec::new(), Vec::new());
        for entry in heads(state) {
            match entry.stage {
                Stage::Queued(at) if at <= state.now => ready.push(entry.local),
                Stage::Uncertain(Doubt::Look(at)) if at <= state.now && entry.is_send() => {
                    doubted.push(entry.room.clone());
                }
                Stage::Uncertain(Doubt::Look(at)) if at <= state.now => ready.push(entry.local),
                _ => {}
            }
        }
        let before = ready.len();
        ready.retain(|local| !foreign::refused(state, *local, effects));
        let refused = ready.len() < before;
        ready.into_iter().for_each(|local| begin(state, local, effects));
        doubted.into_iter().for_each(|room| look::begin(state, &room, effects));
        if !refused {
            break;
        }
    }
    state.outbox.wake_at = wakes_at(state);
}

/// The first entry of each line, unless one of that line is under way.
fn heads(state: &State) -> Vec<&OutboxEntry> {
    let entries = || state.outbox.entries.iter();
    let under_way = entries().filter(|entry| matches!(entry.stage, Stage::Noting(_) | Stage::Sending));
    let mut busy: HashSet<_> = under_way.map(OutboxEntry::line).collect();
    entries().filter(|entry| !entry.is_put_aside() && busy.insert(entry.line())).collect()
}

/// When the next of all this is to be done.
fn wakes_at(state: &State) -> Option<Timestamp> {
    let disk = state.outbox.entries.iter().filter_map(|entry| match entry.stage {
        Stage::Writing(until) | Stage::Noting(until) => Some(until),
        _ => None,
    });
    let online = state.account.connection == ConnectionState::Online && state.account.me.is_some();
    let line = heads(state).into_iter().filter(|_| online).filter_map(|entry| match entry.stage {
        // What is late already waits for something else, such as its room.
        Stage::Queued(at) | Stage::Uncertain(Doubt::Look(at)) => Some(at).filter(|at| *at > state.now),
        _ => None,
    });
    disk.chain(line).chain(look::late_at(state)).min()
}

/// Notes that an entry is handed over; it is, once the disk has that.
fn begin(state: &mut State, local: LocalId, effects: &mut Vec<Effect>) {
    let (until, by_server) = (patience(state), state.server_time());
    let Some(entry) = state.outbox.get_mut(local) else { return };
    if entry.at > by_server {
        // It was written by a clock that was ahead; nothing that goes out now was written later.
        entry.at = by_server;
        effects.push(Effect::Persist(Write::Outbox(OutboxWrite::Put(entry.entry()))));
    }
    entry.attempts = entry.attempts.saturating_add(1);
    entry.stage = Stage::Noting(until);
    mark(state, local, store::Stage::Uncertain, effects);
}

fn hand_over(state: &mut State, local: LocalId, effects: &mut Vec<Effect>) {
    let Some(entry) = state.outbox.get_mut(local) else { return };
    entry.stage = Stage::Sending;
    entry.percent = None;
    let heard = state.rooms.get(&entry.room).and_then(|room| room.history.heard.as_ref());
    entry.sent_after = heard.map(|(_, at)| *at);
    let request = entry.request();
    effects.push(state.ask(request));
}

/// Notes on disk where an entry is.
pub(super) fn mark(state: &mut State, local: LocalId, stage: store::Stage, effects: &mut Vec<Effect>) {
    let Some(entry) = state.outbox.get_mut(local) else { return };
    entry.marks = entry.marks.saturating_add(1);
    let attempts = entry.attempts;
    effects.push(Effect::Persist(Write::Outbox(OutboxWrite::Mark { local, stage, attempts })));
}

/// Until when the disk is waited for.
fn patience(state: &State) -> Timestamp {
    if state.outbox.disk_hangs { state.now } else { state.now + DISK }
}

/// Goes on with what the disk has not confirmed in time.
fn without_disk(state: &mut State, effects: &mut Vec<Effect>) {
    let now = state.now;
    let late = |entry: &&OutboxEntry| match entry.stage {
        Stage::Writing(until) | Stage::Noting(until) => until <= now,
        _ => false,
    };
    let late: Vec<LocalId> = state.outbox.entries.iter().filter(late).map(|entry| entry.local).collect();
    if late.is_empty() {
        return;
    }
    if !std::mem::replace(&mut state.outbox.disk_hangs, true) {
        state.say("The disk does not answer: messages go out, and until it does they are lost if the program ends.");
    }
    for local in late {
        let Some(entry) = state.outbox.get_mut(local) else { continue };
        entry.marks = 0;
        if let Stage::Writing(_) = entry.stage {
            entry.stage = Stage::Queued(now);
        } else {
            hand_over(state, local, effects);
        }
    }
}

/// Puts an entry back into its line, to be tried again after a while that grows with each attempt.
pub(super) fn put_back(state: &mut State, local: LocalId) {
    let (now, chance) = (state.now, state.rng.i64(0..=1_000));
    let Some(entry) = state.outbox.get_mut(local) else { return };
    entry.tries = entry.tries.saturating_add(1);
    entry.stage = Stage::Queued(now + delay(entry.tries, chance));
}

/// How long to wait after so many failures in a row; `chance` is out of a thousand.
pub(super) fn delay(tries: u32, chance: i64) -> i64 {
    let full = (SECOND << tries.saturating_sub(1).min(6)).min(LONGEST);
    full / 2 + full / 2 * chance / 1_000
}

/// The connection is there, or the user asks for it: nothing waits for its time any more.
pub(in crate::app) fn hurry(state: &mut State) {
    let now = state.now;
    for entry in &mut state.outbox.entries {
        entry.tries = 0;
        match &mut entry.stage {
            Stage::Queued(at) => *at = (*at).min(now),
            // It may have been cut off a moment ago.
            Stage::Uncertain(Doubt::Look(at)) => *at = (*at).min(now + SETTLE),
            _ => {}
        }
    }
}

/// The connection is gone: what was being looked for is looked for anew.
pub(in crate::app) fn cut(state: &mut State) {
    state.outbox.looks.clear();
    for entry in &mut state.outbox.entries {
        if entry.stage == Stage::Uncertain(Doubt::Looking) {
            entry.stage = Stage::Uncertain(Doubt::Look(state.now));
        }
    }
}

/// The user wants something to be sent again that failed or may have been sent.
pub(in crate::app) fn again(state: &mut State, local: LocalId, effects: &mut Vec<Effect>) {
    let now = state.now;
    let Some(entry) = state.outbox.get_mut(local).filter(|entry| entry.is_put_aside()) else { return };
    entry.stage = Stage::Queued(now);
    entry.tries = 0;
    entry.percent = None;
    let room = entry.room.clone();
    wait_again(state, &room, local);
    mark(state, local, store::Stage::Queued, effects);
    proceed(state, effects);
}

/// Shows that a send waits.
pub(super) fn wait_again(state: &mut State, room: &RoomId, local: LocalId) {
    if let Some(room) = state.rooms.get_mut(room)
        && let Some(slot) = room.timeline.find_local(local)
    {
        room.timeline.retry(slot);
    }
}

/// Takes an entry out for good: it is nobody's any more.
pub(in crate::app) fn discard(state: &mut State, local: LocalId, effects: &mut Vec<Effect>) -> Option<OutboxEntry> {
    let entry = state.outbox.remove(local)?;
    effects.push(Effect::Persist(Write::Outbox(OutboxWrite::Remove(local))));
    proceed(state, effects);
    Some(entry)
}

/// What was just written is looked at: the room goes to its newest message.
pub(super) fn show_newest(state: &mut State, room: &RoomId) {
    if state.open.as_ref() == Some(room) {
        if let Some(room) = state.rooms.get_mut(room) {
            room.forget_new();
        }
        messages::to_newest(state);
    }
}
