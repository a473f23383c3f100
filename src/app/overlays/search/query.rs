//! Parameters of a search.

use crate::domain::RoomId;

/// A search request: the words without surrounding whitespace, and the scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Query {
    /// Words to search for.
    pub(in crate::app) text: String,
    /// Room to search; `None` searches all rooms.
    pub(in crate::app) room: Option<RoomId>,
}
