//! What was on disk, and what is shown of the outbox.

use crate::app::actions::quotes::find_reply;
use crate::app::context::{Context, Scene};
use crate::domain::{Attachment, Content, LocalId, Message, RoomId};
use crate::store::{self, Entry, OutboxPayload, OutboxWrite, Write};
use crate::text::SafeText;

use super::answers::confirmed;
use super::steps::{mark, show_newest};
use super::{Doubt, OutboxEntry, Stage};

/// Takes what was on disk at the start, in its order: before all that was written since. What did not fail may have been
/// sent, whatever its stage says. Each is shown as soon as its room is known.
pub fn restore(cx: &mut Context<'_>, entries: Vec<Entry>) {
    let mut old = Vec::with_capacity(entries.len());
    for Entry { local, room, what, stage, attempts, at } in entries {
        if cx.account.outbox.get(local).is_some() {
            continue;
        }
        // What was never noted as handed over is looked for all the same: a disk that hung may have missed it.
        let doubtful = attempts > 0 || stage != store::Stage::Queued;
        let stage = match (stage, &what) {
            (store::Stage::Failed { reason }, OutboxPayload::Send(_)) => Stage::Failed(reason),
            (store::Stage::Failed { .. }, _) => {
                // Its text was given back.
                cx.persist(Write::Outbox(OutboxWrite::Remove(local)));
                continue;
            }
            (store::Stage::Queued | store::Stage::Uncertain, _) => Stage::Uncertain(Doubt::Look(cx.now)),
        };
        let entry = OutboxEntry::new(local, room, what, at, stage);
        old.push(OutboxEntry { attempts, doubtful, on_disk: true, ..entry });
    }
    cx.account.outbox.entries.splice(0..0, old);
    super::proceed(cx);
}

/// Takes what another account left behind: it is shown, and never sent as somebody else unless the user says so.
pub(in crate::app) fn restore_disowned(cx: &mut Context<'_>, entries: Vec<Entry>) {
    let here = std::mem::take(&mut cx.account.outbox.entries);
    // Nothing is begun for these before they are set aside.
    let me = cx.account.me.take();
    restore(cx, entries);
    disown(cx);
    cx.account.me = me;
    cx.account.outbox.entries.extend(here);
    super::proceed(cx);
}

/// All that waits was written by another account: its chats are gone from here, and it goes out when the user says so.
pub(in crate::app) fn disown(cx: &mut Context<'_>) {
    let reason = SafeText::line("It was written by another account.");
    cx.account.outbox.looks.clear();
    let (sends, changes): (Vec<_>, Vec<_>) =
        std::mem::take(&mut cx.account.outbox.entries).into_iter().partition(OutboxEntry::is_send);
    let gone = changes.iter().map(|change| OutboxWrite::Remove(change.local));
    gone.for_each(|write| cx.persist(Write::Outbox(write)));
    for send in sends {
        let local = send.local;
        let stage = match send.stage {
            Stage::Failed(reason) => Stage::Failed(reason),
            _ => Stage::Failed(reason.clone()),
        };
        let Stage::Failed(why) = &stage else { continue };
        let why = why.clone();
        cx.account.outbox.entries.push(OutboxEntry { stage, shown: false, percent: None, ..send });
        mark(cx, local, store::Stage::Failed { reason: why });
    }
}

/// Puts sends into the timelines that they belong to: those that the disk has, in rooms that are known.
pub(super) fn show(cx: &mut Context<'_>) {
    let hidden = |entry: &&OutboxEntry| !entry.shown && entry.is_send() && !matches!(entry.stage, Stage::Writing(_));
    let hidden: Vec<(LocalId, RoomId)> =
        cx.account.outbox.entries.iter().filter(hidden).map(|entry| (entry.local, entry.room.clone())).collect();
    for (local, room) in hidden {
        let Some(known) = cx.account.rooms.get(&room) else { continue };
        let there = known.timeline.sent_as(local).map(|slot| known.timeline.get(slot));
        if there.is_some_and(|message| message.id.is_some() && cx.account.is_me(&message.author)) {
            confirmed(cx, local);
            continue;
        }
        let written = cx.account.outbox.get_mut(local).and_then(|entry| entry.shape.take());
        let here = written.is_some();
        let Some(message) = written.map(|message| *message).or_else(|| put_together(cx.scene(), local)) else {
            continue;
        };
        let (Some(known), Some(entry)) = (cx.account.rooms.get_mut(&room), cx.account.outbox.get_mut(local)) else {
            continue;
        };
        entry.shown = true;
        let slot = known.timeline.wait(message);
        match entry.stage {
            Stage::Failed(_) => known.timeline.fail(slot),
            Stage::Uncertain(_) => known.timeline.doubt(slot),
            _ => {}
        }
        if here {
            show_newest(cx, &room);
        }
    }
}

/// The message that an entry from the disk waits as.
fn put_together(scene: Scene<'_>, local: LocalId) -> Option<Message> {
    let entry = scene.account.outbox.get(local)?;
    let me = scene.account.me.clone()?;
    let OutboxPayload::Send(content) = &entry.what else { return None };
    let quote = |reply_to: &Option<LocalId>| {
        let reply = find_reply(scene, scene.account.rooms.get(&entry.room)?, (*reply_to)?)?;
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
