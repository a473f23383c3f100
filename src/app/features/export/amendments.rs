//! Edits and deletions while a room is being exported.

use crate::app::features::persistence::flush;
use crate::app::model::context::Context;
use crate::app::model::export::ExportStage;
use crate::domain::{PersonId, Request, ServerEvent};
use crate::export::Amendment;
use crate::store::Write;
use crate::text::SafeText;

/// Records what an event changes in the messages of the export in progress, whether they were collected already or not.
pub(in crate::app) fn record(cx: &mut Context<'_>, event: &ServerEvent) {
    let Some(export) = cx.account.export.as_deref() else { return };
    let edited = |text: &SafeText| Amendment::Edited(text.editable());
    let (message, author, amendment) = match event {
        ServerEvent::Edited(info) if info.room == export.room => (&info.id, Some(&info.author), edited(&info.text)),
        ServerEvent::Revoked { room, message, author } if *room == export.room => {
            (message, Some(author), Amendment::Deleted)
        }
        // The room may be unknown. Ids of messages do not repeat in other rooms.
        ServerEvent::Deleted(message) | ServerEvent::Done(Request::Delete { message, .. }) => {
            (message, None, Amendment::Deleted)
        }
        ServerEvent::Done(Request::DeleteForMe { message, .. }) => (message, None, Amendment::Removed),
        ServerEvent::Done(Request::Edit { message, text }) => (message, None, edited(&SafeText::block(text))),
        _ => return,
    };
    let late = flush::unloaded_change(cx.scene(), event).filter(|_| matches!(export.stage, ExportStage::Loading(_)));
    let Some(export) = &mut cx.account.export else { return };
    if !matches!(amendment, Amendment::Edited(_)) {
        // Numbered pages have moved up, so the next one must show that it adjoins.
        export.pages.last = None;
    }
    if let Some(Write::EditText { message, .. }) = &late {
        // The page may have an earlier one of several edits, which would look as if it followed the last one.
        export.late_writes.retain(|write| !matches!(write, Write::EditText { message: other, .. } if other == message));
    }
    export.late_writes.extend(late);
    export.amendments.add(message.as_str(), author.map(PersonId::as_str), amendment);
}
