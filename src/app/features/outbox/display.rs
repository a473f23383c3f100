//! Display of outbox entries in the timelines of their rooms.

use crate::app::features::outbox::answers::on_confirmed;
use crate::app::features::quotes::find_reply;
use crate::app::features::selection::show_newest;
use crate::app::model::context::{Context, Scene};
use crate::app::model::outbox::entry::OutboxEntry;
use crate::app::model::outbox::stage::OutboxStage;
use crate::domain::{Attachment, Content, LocalId, Message, RoomId};
use crate::store::OutboxPayload;
use crate::text::SafeText;

/// Adds messages to their timelines once they are on disk and their rooms are known.
pub(in crate::app) fn show_sends(cx: &mut Context<'_>) {
    let hidden = cx.account.outbox.iter().filter(|entry| entry.is_hidden_send());
    let hidden: Vec<(LocalId, RoomId)> = hidden.map(|entry| (entry.local(), entry.room().clone())).collect();
    for (local, room) in hidden {
        let Some(known) = cx.account.rooms.get(&room) else { continue };
        let existing = known.timeline.find_any_send(local).map(|slot| known.timeline.get(slot));
        if existing.is_some_and(|message| message.id.is_some() && cx.account.is_me(&message.author)) {
            on_confirmed(cx, local);
            continue;
        }
        let timeline_message = cx.account.outbox.get_mut(local).and_then(OutboxEntry::take_message);
        let is_new = timeline_message.is_some();
        let Some(message) = timeline_message.or_else(|| build_message(cx.scene(), local)) else {
            continue;
        };
        let (Some(known), Some(entry)) = (cx.account.rooms.get_mut(&room), cx.account.outbox.get_mut(local)) else {
            continue;
        };
        entry.on_shown();
        let slot = known.timeline.enqueue(message);
        match entry.stage() {
            OutboxStage::Failed(_) => known.timeline.mark_failed(slot),
            OutboxStage::Uncertain(_) => known.timeline.mark_uncertain(slot),
            _ => {}
        }
        if is_new {
            show_newest(cx, &room);
        }
    }
}

/// Builds the message that represents an entry restored from disk.
fn build_message(scene: Scene<'_>, local: LocalId) -> Option<Message> {
    let entry = scene.account.outbox.get(local)?;
    let me = scene.account.me.clone()?;
    let OutboxPayload::Send(content) = entry.payload() else { return None };
    let quote = |reply_to: &Option<LocalId>| {
        let reply = find_reply(scene.account, scene.account.rooms.get(entry.room())?, (*reply_to)?)?;
        Some(Box::new(reply.quote))
    };
    let bare = |text: &str| Message::queued(local, me.clone(), SafeText::block(text), entry.written_at());
    Some(match content {
        Content::Text { text, reply_to } => Message { quote: quote(reply_to), ..bare(text) },
        Content::File { file, reply_to } => {
            Message { quote: quote(reply_to), attachment: Some(Box::new(Attachment::from_file(file))), ..bare("") }
        }
        Content::Forward { text, kind, attachment, .. } => {
            Message { forwarded: true, kind: *kind, attachment: attachment.clone(), ..bare(text) }
        }
    })
}
