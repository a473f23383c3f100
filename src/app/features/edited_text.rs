//! Original text of the message that is being edited, and whether the composer differs from it.

use crate::app::model::composer::Edited;
use crate::app::model::context::Scene;
use crate::domain::{Content, LocalId, MessageId};
use crate::store::OutboxPayload;

/// Returns the reason why no other text can be loaded into the composer for editing: its text would be lost.
pub(in crate::app) fn unsaved_reason(scene: Scene<'_>) -> Option<String> {
    let composer = &scene.ui.composer;
    let reason = match composer.editing {
        Some(_) => "Save or cancel your edit first, then edit another message.",
        None => "Send or clear your draft first, then edit.",
    };
    (has_unsaved_text(scene) || composer.reply.is_some()).then(|| reason.to_owned())
}

/// Whether the composer contains a text that is nowhere else: a new one, or one that differs from the message that is
/// being edited.
pub(in crate::app) fn has_unsaved_text(scene: Scene<'_>) -> bool {
    let composer = &scene.ui.composer;
    if composer.is_empty() {
        return false;
    }
    let text = composer.text();
    match &composer.editing {
        None => true,
        Some(Edited::Unsent(local)) => unsent_text(scene, *local) != Some(text),
        Some(Edited::Sent(id)) => scene.account.outbox.edit_of(id).map_or_else(
            // Without the message, nothing tells whether the text was changed.
            || sent_text(scene, id).is_none_or(|original| original != text),
            |edited| edited != text,
        ),
    }
}

/// Returns the text of a message as it would be edited.
fn sent_text(scene: Scene<'_>, id: &MessageId) -> Option<String> {
    let room = scene.account.rooms.holder_of(id)?;
    Some(room.timeline.get(room.timeline.find(id)?).text.editable())
}

/// Returns the text of a message in the outbox.
pub(in crate::app) fn unsent_text(scene: Scene<'_>, local: LocalId) -> Option<&str> {
    match scene.account.outbox.get(local)?.payload() {
        OutboxPayload::Send(Content::Text { text, .. }) => Some(text),
        _ => None,
    }
}
