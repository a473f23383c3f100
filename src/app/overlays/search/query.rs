//! What a search asks for.

use crate::domain::RoomId;

/// A search as it is asked: the words without surrounding blanks, and where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Query {
    /// The words.
    pub(in crate::app) text: String,
    /// The room to search; all rooms if there is none.
    pub(in crate::app) room: Option<RoomId>,
}
