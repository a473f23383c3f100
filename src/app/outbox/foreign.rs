//! Changes of messages that turn out not to be ours.
//!
//! The keys offer a change of own messages only. What waited on disk, or for the connection, is looked at once more before
//! it goes out: whose message it is may have become known since.

use crate::app::composer::Composer;
use crate::app::effect::{Effect, LogLevel};
use crate::app::state::State;
use crate::domain::LocalId;
use crate::store::OutboxPayload;

use super::answers::confirmed;

/// Whether an entry changes a message that is known as somebody else's: then it is not carried out, which is said and
/// logged. Its text is given back as one of our own.
pub(super) fn refused(state: &mut State, local: LocalId, effects: &mut Vec<Effect>) -> bool {
    let Some(entry) = state.outbox.get(local) else { return false };
    let (message, text) = match &entry.what {
        OutboxPayload::Edit { message, text } => (message, Some(text.clone())),
        OutboxPayload::Delete { message } => (message, None),
        OutboxPayload::Send(_) | OutboxPayload::DeleteForMe { .. } => return false,
    };
    let author = state.rooms.get(&entry.room).and_then(|room| room.author_of(message));
    let Some(author) = author.filter(|author| !state.is_me(author)) else { return false };
    let (id, room, whose) = (message.as_str(), entry.room.as_str(), author.as_str());
    let line = format!("not applied: a change of message {id} in room {room} waited here, but it is {whose}'s");
    effects.push(Effect::Log(LogLevel::Warn, line));
    let room = entry.room.clone();
    confirmed(state, local, effects);
    match text {
        None => state.say("Not deleted: somebody else wrote that message."),
        Some(text) => {
            let draft = Composer::with_text(&text);
            if state.open.as_ref() != Some(&room) {
                state.drafts.entry(room).or_insert(draft);
            } else if state.composer.is_empty() {
                state.composer = draft;
            }
            state.say(format!("Not changed: somebody else wrote that message. You had written: {text}"));
        }
    }
    true
}
