//! What was on disk, and what is shown of the outbox.

use crate::app::actions::quotes::find_reply;
use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::{Attachment, Content, LocalId, Message, RoomId};
use crate::store::{self, Entry, OutboxPayload, OutboxWrite, Write};
use crate::text::SafeText;

use super::answers::confirmed;
use super::steps::{mark, show_newest};
use super::{Doubt, OutboxEntry, Stage};

/// Takes what was on disk at the start, in its order: before all that was written since. What did not fail may have been
/// sent, whatever its stage says. Each is shown as soon as its room is known.
pub fn restore(state: &mut State, entries: Vec<Entry>, effects: &mut Vec<Effect>) {
    let mut old = Vec::with_capacity(entries.len());
    for Entry { local, room, what, stage, attempts, at } in entries {
        if state.outbox.get(local).is_some() {
            continue;
        }
        // What was never noted as handed over is looked for all the same: a disk that hung may have missed it.
        let doubtful = attempts > 0 || stage != store::Stage::Queued;
        let stage = match (stage, &what) {
            (store::Stage::Failed { reason }, OutboxPayload::Send(_)) => Stage::Failed(reason),
            (store::Stage::Failed { .. }, _) => {
                // Its text was given back.
                effects.push(Effect::Persist(Write::Outbox(OutboxWrite::Remove(local))));
                continue;
            }
            (store::Stage::Queued | store::Stage::Uncertain, _) => Stage::Uncertain(Doubt::Look(state.now)),
        };
        let entry = OutboxEntry::new(local, room, what, at, stage);
        old.push(OutboxEntry { attempts, doubtful, on_disk: true, ..entry });
    }
    state.outbox.entries.splice(0..0, old);
    super::proceed(state, effects);
}

/// Takes what another account left behind: it is shown, and never sent as somebody else unless the user says so.
pub(in crate::app) fn restore_disowned(state: &mut State, entries: Vec<Entry>, effects: &mut Vec<Effect>) {
    let here = std::mem::take(&mut state.outbox.entries);
    // Nothing is begun for these before they are set aside.
    let me = state.account.me.take();
    restore(state, entries, effects);
    disown(state, effects);
    state.account.me = me;
    state.outbox.entries.extend(here);
    super::proceed(state, effects);
}

/// All that waits was written by another account: its chats are gone from here, and it goes out when the user says so.
pub(in crate::app) fn disown(state: &mut State, effects: &mut Vec<Effect>) {
    let reason = SafeText::line("It was written by another account.");
    state.outbox.looks.clear();
    let (sends, changes): (Vec<_>, Vec<_>) =
        std::mem::take(&mut state.outbox.entries).into_iter().partition(OutboxEntry::is_send);
    let gone = changes.iter().map(|change| OutboxWrite::Remove(change.local));
    effects.extend(gone.map(|write| Effect::Persist(Write::Outbox(write))));
    for send in sends {
        let local = send.local;
        let stage = match send.stage {
            Stage::Failed(reason) => Stage::Failed(reason),
            _ => Stage::Failed(reason.clone()),
        };
        let Stage::Failed(why) = &stage else { continue };
        let why = why.clone();
        state.outbox.entries.push(OutboxEntry { stage, shown: false, percent: None, ..send });
        mark(state, local, store::Stage::Failed { reason: why }, effects);
    }
}

/// Puts sends into the timelines that they belong to: those that the disk has, in rooms that are known.
pub(super) fn show(state: &mut State, effects: &mut Vec<Effect>) {
    let hidden = |entry: &&OutboxEntry| !entry.shown && entry.is_send() && !matches!(entry.stage, Stage::Writing(_));
    let hidden: Vec<(LocalId, RoomId)> =
        state.outbox.entries.iter().filter(hidden).map(|entry| (entry.local, entry.room.clone())).collect();
    for (local, room) in hidden {
        let Some(known) = state.rooms.get(&room) else { continue };
        let there = known.timeline.sent_as(local).map(|slot| known.timeline.get(slot));
        if there.is_some_and(|message| message.id.is_some() && state.is_me(&message.author)) {
            confirmed(state, local, effects);
            continue;
        }
        let written = state.outbox.get_mut(local).and_then(|entry| entry.shape.take());
        let here = written.is_some();
        let Some(message) = written.map(|message| *message).or_else(|| put_together(state, local)) else { continue };
        let (Some(known), Some(entry)) = (state.rooms.get_mut(&room), state.outbox.get_mut(local)) else { continue };
        entry.shown = true;
        let slot = known.timeline.wait(message);
        match entry.stage {
            Stage::Failed(_) => known.timeline.fail(slot),
            Stage::Uncertain(_) => known.timeline.doubt(slot),
            _ => {}
        }
        if here {
            show_newest(state, &room);
        }
    }
}

/// The message that an entry from the disk waits as.
fn put_together(state: &State, local: LocalId) -> Option<Message> {
    let entry = state.outbox.get(local)?;
    let me = state.account.me.clone()?;
    let OutboxPayload::Send(content) = &entry.what else { return None };
    let quote = |reply_to: &Option<LocalId>| {
        let reply = find_reply(state, state.rooms.get(&entry.room)?, (*reply_to)?)?;
        Some(Box::new(reply.quote))
    };
    let bare = |text: &str| Message::queued(local, me.clone(), SafeText::block(text), entry.at);
    Some(match content {
        Content::Text { text, reply_to } => Message { quote: quote(reply_to), ..bare(text) },
        Content::File { file, reply_to } => {
            Message { quote: quote(reply_to), attachment: Some(Box::new(Attachment::of(file))), ..bare("") }
        }
        Content::Forward { text, .. } => Message { forwarded: true, ..bare(text) },
    })
}
