//! Description of a message for an export.

use crate::app::model::context::Scene;
use crate::domain::Message;
use crate::export::{ExportedFile, ExportedMessage, ExportedPerson, ExportedQuote};
use crate::text::SafeText;

/// Describes a message with the names that the screen shows.
pub(super) fn describe(scene: Scene<'_>, message: &Message) -> ExportedMessage {
    let account = scene.account;
    let known = account.people.get(&message.author);
    let author = (!message.kind.is_system()).then(|| ExportedPerson {
        id: message.author.as_str().to_owned(),
        username: known.map(|person| person.info.username.editable()).unwrap_or_default(),
        name: account.label_of(&message.author).to_string(),
    });
    let reply_to = message.quote.as_ref().map(|quote| ExportedQuote {
        id: quote.id.as_str().to_owned(),
        author: account.label_of_quoted(quote).to_string(),
        text: quote.text.editable(),
    });
    let file = message.attachment.as_ref().map(|file| ExportedFile {
        kind: file.kind.label().to_owned(),
        name: file.name.editable(),
        size: file.size.editable(),
        bytes: file.bytes,
        url: file.url.editable(),
    });
    ExportedMessage {
        id: message.id.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
        sent_at: message.sent_at,
        author,
        text: message.text.editable(),
        earlier_texts: message.earlier().iter().map(SafeText::editable).collect(),
        edited: message.edited,
        deleted: message.deleted,
        forwarded: message.forwarded,
        starred: message.starred,
        reply_to,
        file,
        gap_after: false,
    }
}
