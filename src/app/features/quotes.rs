//! Quotes of messages that replies refer to.

use crate::app::model::composer::Reply;
use crate::app::model::context::Scene;
use crate::domain::{LocalId, Message, Quote, Room};
use crate::text::SafeText;

/// How much of a message a quote holds: a row of the widest screen, and more.
const QUOTED: usize = 300;

/// The reply to the message that was sent as `local`, if it is in `room`.
pub(in crate::app) fn find_reply(scene: Scene<'_>, room: &Room, local: LocalId) -> Option<Reply> {
    let slot = room.timeline.find_any_send(local)?;
    reply_to(scene, room.timeline.get(slot))
}

pub(in crate::app) fn reply_to(scene: Scene<'_>, message: &Message) -> Option<Reply> {
    let (id, to) = message.id.clone().zip(message.local.as_deref().copied())?;
    let said = match &message.attachment {
        _ if message.deleted => String::new(),
        Some(file) if message.text.is_empty() => file.summary(),
        _ => message.text.chars().take(QUOTED).collect(),
    };
    let author_name = SafeText::line(scene.account.name_of(&message.author));
    let quote = Quote { id, author: message.author.clone(), author_name, text: SafeText::line(&said) };
    Some(Reply { to, quote })
}
