//! Asking the disk for words.

use crate::app::features::persistence::flush::flush;
use crate::app::model::context::Context;
use crate::domain::RoomId;
use crate::store::Query;

/// Asks for messages with these words; returns the number of the question. What has changed is told first, so that what
/// is found is what is on screen.
pub(in crate::app) fn search_text(cx: &mut Context<'_>, text: &str, room: Option<&RoomId>, limit: u32) -> u64 {
    flush(cx);
    cx.account.persistence.last_query += 1;
    let id = cx.account.persistence.last_query;
    cx.query(Query::Find { id, text: text.to_owned(), room: room.cloned(), skip: 0, limit });
    id
}
