//! A list that the server was asked for, over the screen.

use crate::domain::{Member, MessageId, RoomId, RoomInfo};

/// A list over the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// What it lists, and so what an answer must be about to fill it.
    pub kind: ListKind,
    /// What is in it.
    pub rows: Vec<ListRow>,
    /// Which row is chosen.
    pub chosen: usize,
    /// The answer, or its next page, has not come.
    pub loading: bool,
}

/// What is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListKind {
    /// The members of a room.
    Members(RoomId),
    /// Rooms: those put away, or those whose title holds this.
    Rooms {
        /// A part of the title.
        title: String,
        /// Those that were put away.
        archived: bool,
    },
    /// People whose name holds this.
    People(String),
    /// Starred messages of a room, or of all.
    Stars(Option<RoomId>),
    /// Who has seen or received a message.
    SeenBy(MessageId),
    /// Calls of the past.
    Calls,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// What it says; safe for the screen.
    pub text: String,
    /// What is said at its right.
    pub hint: String,
    /// What Enter goes to.
    pub target: ListTarget,
}

/// What a row stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListTarget {
    /// Nothing to go to.
    Nothing,
    /// A room, which may not be in the room list.
    Room(Box<RoomInfo>),
    /// Somebody, by the app's name for them: their chat.
    Person(String),
    /// A member of a room.
    Member(Box<Member>),
    /// A message in a room.
    Message(RoomId, MessageId),
}

impl List {
    /// A list whose answer has been asked for.
    pub fn waiting(kind: ListKind) -> Self {
        Self { kind, rows: Vec::new(), chosen: 0, loading: true }
    }

    /// Moves the choice, and stays inside.
    pub fn step(&mut self, by: isize) {
        self.chosen = self.chosen.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
    }

    /// The row that is chosen.
    pub fn chosen(&self) -> Option<&ListRow> {
        self.rows.get(self.chosen)
    }
}
