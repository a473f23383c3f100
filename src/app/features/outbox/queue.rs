//! From Enter to the server, a step at a time.

use crate::app::effect::Effect;
use crate::app::features::outbox::answers::SETTLE;
use crate::app::features::outbox::transitions::{mark, wait_again};
use crate::app::features::outbox::{display, ownership, reconcile};
use crate::app::model::access;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::outbox::{MOST, OutboxEntry, Stage, Uncertain};
use crate::domain::{LocalId, Message, Room, RoomId, SECOND, Timestamp};
use crate::store;
use crate::store::{OutboxPayload, OutboxWrite, Step, Write};
use std::collections::HashSet;

/// How long the disk may take before the chat goes on without it, in milliseconds.
const DISK: i64 = SECOND;

/// Takes something in: it is handed to the disk, and shown once that has it. Says so when there is no room for it.
pub(in crate::app) fn put(
    cx: &mut Context<'_>,
    room: &RoomId,
    what: OutboxPayload,
    shape: impl FnOnce(LocalId) -> Option<Message>,
) -> bool {
    if cx.account.outbox.len() >= MOST {
        cx.notify(format!("{MOST} messages are queued already. Send this one later."));
        return false;
    }
    if cx.account.rooms.get(room).is_some_and(Room::is_deleted) {
        access::say_closed(cx);
        return false;
    }
    let local = LocalId::from_random(u128::from(cx.rng.u64(..)) << 64 | u128::from(cx.rng.u64(..)));
    let until = patience(cx.scene());
    let mut entry = OutboxEntry::new(local, room.clone(), what, cx.server_time(), Stage::Writing(until));
    entry.shape = shape(local).map(Box::new);
    cx.persist(Write::Outbox(OutboxWrite::Put(entry.entry())));
    cx.account.outbox.entries.push(entry);
    proceed(cx);
    true
}

/// The disk has carried out a change, or goes on without. Said twice, it changes nothing.
pub(in crate::app) fn kept(cx: &mut Context<'_>, local: LocalId, step: Step, on_disk: bool) {
    cx.account.outbox.disk_hangs = false;
    let now = cx.now;
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
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
                hand_over(cx, local);
            }
        }
        Step::Remove => {}
    }
}

/// Does whatever is to be done now. Doing it again changes nothing.
pub(in crate::app) fn proceed(cx: &mut Context<'_>) {
    if cx.account.outbox.is_empty() {
        cx.account.outbox.looks.clear();
        cx.account.outbox.wake_at = None;
        return;
    }
    without_disk(cx);
    display::show(cx);
    reconcile::give_up_late(cx);
    // Each that is refused makes way for the next.
    while cx.account.connection == ConnectionState::Online && cx.account.me.is_some() {
        let (mut ready, mut doubted) = (Vec::new(), Vec::new());
        for entry in heads(cx.scene()) {
            match entry.stage {
                Stage::Queued(at) if at <= cx.now => ready.push(entry.local),
                Stage::Uncertain(Uncertain::Pending(at)) if at <= cx.now && entry.is_send() => {
                    doubted.push(entry.room.clone());
                }
                Stage::Uncertain(Uncertain::Pending(at)) if at <= cx.now => ready.push(entry.local),
                _ => {}
            }
        }
        let before = ready.len();
        ready.retain(|local| !ownership::refused(cx, *local));
        let refused = ready.len() < before;
        ready.into_iter().for_each(|local| begin(cx, local));
        doubted.into_iter().for_each(|room| reconcile::begin(cx, &room));
        if !refused {
            break;
        }
    }
    cx.account.outbox.wake_at = wakes_at(cx.scene());
}

/// The first entry of each line, unless one of that line is under way.
fn heads(scene: Scene<'_>) -> Vec<&OutboxEntry> {
    let entries = || scene.account.outbox.entries.iter();
    let under_way = entries().filter(|entry| matches!(entry.stage, Stage::Noting(_) | Stage::Sending));
    let mut busy: HashSet<_> = under_way.map(OutboxEntry::line).collect();
    entries().filter(|entry| !entry.is_put_aside() && busy.insert(entry.line())).collect()
}

/// When the next of all this is to be done.
fn wakes_at(scene: Scene<'_>) -> Option<Timestamp> {
    let disk = scene.account.outbox.entries.iter().filter_map(|entry| match entry.stage {
        Stage::Writing(until) | Stage::Noting(until) => Some(until),
        _ => None,
    });
    let online = scene.account.connection == ConnectionState::Online && scene.account.me.is_some();
    let line = heads(scene).into_iter().filter(|_| online).filter_map(|entry| match entry.stage {
        // What is late already waits for something else, such as its room.
        Stage::Queued(at) | Stage::Uncertain(Uncertain::Pending(at)) => Some(at).filter(|at| *at > scene.now),
        _ => None,
    });
    disk.chain(line).chain(reconcile::late_at(scene)).min()
}

/// Notes that an entry is handed over; it is, once the disk has that.
fn begin(cx: &mut Context<'_>, local: LocalId) {
    let (until, by_server) = (patience(cx.scene()), cx.server_time());
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    if entry.at > by_server {
        // It was written by a clock that was ahead; nothing that goes out now was written later.
        entry.at = by_server;
        let write = OutboxWrite::Put(entry.entry());
        cx.effects.push(Effect::Persist(cx.account.id, Write::Outbox(write)));
    }
    entry.attempts = entry.attempts.saturating_add(1);
    entry.stage = Stage::Noting(until);
    mark(cx, local, store::Stage::Uncertain);
}

fn hand_over(cx: &mut Context<'_>, local: LocalId) {
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    entry.stage = Stage::Sending;
    entry.percent = None;
    let heard = cx.account.rooms.get(&entry.room).and_then(|room| room.history.heard.as_ref());
    entry.sent_after = heard.map(|(_, at)| *at);
    let request = entry.request();
    cx.request(request);
}

/// Until when the disk is waited for.
fn patience(scene: Scene<'_>) -> Timestamp {
    if scene.account.outbox.disk_hangs { scene.now } else { scene.now + DISK }
}

/// Goes on with what the disk has not confirmed in time.
fn without_disk(cx: &mut Context<'_>) {
    let now = cx.now;
    let late = |entry: &&OutboxEntry| match entry.stage {
        Stage::Writing(until) | Stage::Noting(until) => until <= now,
        _ => false,
    };
    let late: Vec<LocalId> = cx.account.outbox.entries.iter().filter(late).map(|entry| entry.local).collect();
    if late.is_empty() {
        return;
    }
    if !std::mem::replace(&mut cx.account.outbox.disk_hangs, true) {
        cx.notify("The disk does not respond. Messages are still sent, but unsent ones are lost if you quit now.");
    }
    for local in late {
        let Some(entry) = cx.account.outbox.get_mut(local) else { continue };
        entry.marks = 0;
        if let Stage::Writing(_) = entry.stage {
            entry.stage = Stage::Queued(now);
        } else {
            hand_over(cx, local);
        }
    }
}

/// The connection is there, or the user asks for it: nothing waits for its time any more.
pub(in crate::app) fn hurry(cx: &mut Context<'_>) {
    let now = cx.now;
    for entry in &mut cx.account.outbox.entries {
        entry.tries = 0;
        match &mut entry.stage {
            Stage::Queued(at) => *at = (*at).min(now),
            // It may have been cut off a moment ago.
            Stage::Uncertain(Uncertain::Pending(at)) => *at = (*at).min(now + SETTLE),
            _ => {}
        }
    }
}

/// The connection is gone: what was being looked for is looked for anew.
pub(in crate::app) fn cut(cx: &mut Context<'_>) {
    cx.account.outbox.looks.clear();
    for entry in &mut cx.account.outbox.entries {
        if entry.stage == Stage::Uncertain(Uncertain::Checking) {
            entry.stage = Stage::Uncertain(Uncertain::Pending(cx.now));
        }
    }
}

/// The user wants something to be sent again that failed or may have been sent.
pub(in crate::app) fn again(cx: &mut Context<'_>, local: LocalId) {
    let now = cx.now;
    let Some(entry) = cx.account.outbox.get_mut(local).filter(|entry| entry.is_put_aside()) else { return };
    entry.stage = Stage::Queued(now);
    entry.tries = 0;
    entry.percent = None;
    let room = entry.room.clone();
    wait_again(cx, &room, local);
    mark(cx, local, store::Stage::Queued);
    proceed(cx);
}

/// Takes an entry out for good: it is nobody's any more.
pub(in crate::app) fn discard(cx: &mut Context<'_>, local: LocalId) -> Option<OutboxEntry> {
    let entry = cx.account.outbox.remove(local)?;
    cx.persist(Write::Outbox(OutboxWrite::Remove(local)));
    proceed(cx);
    Some(entry)
}
