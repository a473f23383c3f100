//! Asking the disk for words.

use crate::app::account::Account;
use crate::app::context::Context;
use crate::app::search::Reach;
use crate::domain::RoomId;
use crate::store::Query;

use super::flush::flush;

impl Account {
    /// Where words can be looked for.
    pub fn search_reach(&self) -> Reach {
        match (self.persistence.on, self.persistence.loaded, &self.persistence.problem) {
            (false, ..) => Reach::Memory,
            (true, false, _) => Reach::Later,
            (true, true, Some(_)) => Reach::Both,
            (true, true, None) => Reach::Disk,
        }
    }
}

/// Asks for messages with these words; returns the number of the question. What has changed is told first, so that what
/// is found is what is on screen.
pub(in crate::app) fn ask_words(cx: &mut Context<'_>, text: &str, room: Option<&RoomId>, limit: u32) -> u64 {
    flush(cx);
    cx.account.persistence.questions += 1;
    let id = cx.account.persistence.questions;
    cx.query(Query::Find { id, text: text.to_owned(), room: room.cloned(), skip: 0, limit });
    id
}
