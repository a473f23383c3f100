//! Pages of history that nobody looks at: they are stored without being loaded.

use crate::app::model::context::Context;
use crate::domain::{Message, MessageId, RoomId};
use crate::store::{Batch, Write};

/// Stores messages from the server, oldest first, so that they need not be requested again. `before` is the message
/// directly after the last of them; `from_start` tells that the first is the first one of the room. Returns whether the
/// disk takes them now; `None` if nothing is stored for this account.
pub(in crate::app) fn store(
    cx: &mut Context<'_>,
    room: RoomId,
    messages: &[Message],
    before: Option<MessageId>,
    from_start: bool,
) -> Option<bool> {
    let persistence = &mut cx.account.persistence;
    if !persistence.enabled || !persistence.loaded {
        return None;
    }
    let is_saved = persistence.problem.is_none();
    if let Some(queries) = persistence.queries.get_mut(&room).filter(|queries| queries.pending.is_none()) {
        // Scrolling finds more in the store than before.
        (queries.contiguous_end, queries.oldest_stored) = (None, None);
    }
    cx.persist(Write::Messages(Batch { room, messages: messages.to_vec(), after: None, before, from_start }));
    Some(is_saved)
}
