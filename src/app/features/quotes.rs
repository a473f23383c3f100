//! Quotes: the excerpt of a message that a reply shows above its own text.

use crate::app::model::account::Account;
use crate::app::model::composer::Reply;
use crate::domain::{LocalId, Message, Quote, Room};
use crate::text::SafeText;

/// Maximum length of a quoted text, in characters; more than one row of a wide screen.
const QUOTE_CHARS: usize = 300;

/// Builds a reply to the message with the local id `local`, if the room has it.
pub(in crate::app) fn find_reply(account: &Account, room: &Room, local: LocalId) -> Option<Reply> {
    let slot = room.timeline.find_any_send(local)?;
    reply_to(account, room.timeline.get(slot))
}

/// Builds a reply to a message; `None` until the server has accepted that message.
pub(in crate::app) fn reply_to(account: &Account, message: &Message) -> Option<Reply> {
    let (id, to) = message.id.clone().zip(message.local.as_deref().copied())?;
    let text = match &message.attachment {
        _ if message.deleted => String::new(),
        Some(file) if message.text.is_empty() => file.summary(),
        _ => message.text.chars().take(QUOTE_CHARS).collect(),
    };
    let author_name = SafeText::line(account.name_of(&message.author));
    let quote = Quote { id, author: message.author.clone(), author_name, text: SafeText::line(&text) };
    Some(Reply { to, quote })
}
