//! Marked messages: copying, forwarding or deleting several at once.

use crate::app::features::clipboard::copy_text;
use crate::app::features::{edits, forwarding};
use crate::app::model::context::{Context, Scene};
use crate::app::model::message_actions::reference_error;
use crate::app::overlays::question::Question;
use crate::domain::{Feature, LocalId, Message, MessageId, RoomId};
use crate::input::Action;
use crate::store::OutboxPayload;
use crate::text::SafeText;

/// Marks the selected message, or removes its mark.
pub(in crate::app) fn toggle(cx: &mut Context<'_>) {
    let Some(slot) = cx.ui.selected() else { return };
    let is_deleted = cx.open_room().is_none_or(|room| room.timeline.get(slot).deleted);
    if !cx.ui.pane.unmark(slot) && !is_deleted {
        cx.ui.pane.marked.push(slot);
    }
}

/// Returns the marked messages that still exist, from the oldest.
pub(in crate::app) fn messages(scene: Scene<'_>) -> Vec<&Message> {
    let Some(room) = scene.open_room() else { return Vec::new() };
    let mut marked: Vec<_> =
        scene.ui.pane.marked.iter().filter_map(|slot| Some((room.timeline.position(*slot)?, *slot))).collect();
    marked.sort_unstable_by_key(|(position, _)| *position);
    marked.into_iter().map(|(_, slot)| room.timeline.get(slot)).filter(|message| !message.deleted).collect()
}

/// Returns what can be done with all marked messages, each with its word among the hints.
pub(in crate::app) fn actions(scene: Scene<'_>) -> Vec<(Action, &'static str)> {
    let all = [(Action::MessageCopy, "copy"), (Action::MessageForward, "forward"), (Action::MessageDelete, "delete")];
    let has_own = messages(scene).iter().any(|message| edits::is_editable(scene.account, message));
    let offered = all.into_iter().filter(|(action, _)| scene.account.offers(*action));
    offered.filter(|(action, _)| has_own || *action != Action::MessageDelete).collect()
}

/// Copies the marked messages, each with its author.
pub(in crate::app) fn copy(cx: &mut Context<'_>) {
    let line = |message: &&Message| {
        let text = match &message.attachment {
            Some(file) if message.text.is_empty() => file.url.to_string(),
            _ => message.text.with_tabs().to_owned(),
        };
        format!("{}: {text}", SafeText::line(cx.account.name_of(&message.author)))
    };
    let lines: Vec<String> = messages(cx.scene()).iter().map(line).collect();
    let noun = if lines.len() == 1 { "message" } else { "messages" };
    cx.notify(format!("Copied {} {noun}.", lines.len()));
    copy_text(cx, lines.join("\n"));
    cx.ui.pane.marked.clear();
}

/// Opens the switcher to choose the room to which the marked messages are forwarded.
pub(in crate::app) fn choose_forward_target(cx: &mut Context<'_>) {
    let marked = messages(cx.scene());
    if let Some(reason) = marked.iter().find_map(|message| reference_error(message)) {
        cx.notify(reason);
        return;
    }
    let sends: Vec<LocalId> = marked.iter().filter_map(|message| message.local.as_deref().copied()).collect();
    forwarding::choose_target_for(cx, sends);
}

/// Opens the confirmation to delete those marked messages that are the user's own.
pub(in crate::app) fn confirm_deletion(cx: &mut Context<'_>) {
    if !cx.account.can(Feature::Delete) {
        return cx.notify_unsupported(Feature::Delete);
    }
    let marked = messages(cx.scene());
    let own = marked.iter().filter(|message| edits::is_editable(cx.account, message));
    let ids: Vec<MessageId> = own.filter_map(|message| message.id.clone()).collect();
    match cx.ui.open.clone() {
        Some(room) if !ids.is_empty() => {
            cx.ask(Question::DeleteMessages(room, ids));
        }
        _ => cx.notify("Only your own messages can be deleted, and only once they are sent."),
    }
}

/// Deletes several messages for everyone.
pub(in crate::app) fn delete(cx: &mut Context<'_>, room: &RoomId, messages: Vec<MessageId>) {
    cx.ui.pane.marked.clear();
    for message in messages {
        edits::enqueue_change(cx, room, OutboxPayload::Delete { message });
    }
}
