//! A list that the server was asked for, over the screen.

use crate::app::limits::MAX_LIST_ROWS;
use crate::app::regions::Size;
use crate::domain::{Member, MessageId, RoomId, RoomInfo};
use crate::text::Link;

/// Rows of the box around a list, at most.
const TALLEST: u16 = 20;

/// The next page is asked for when fewer rows than this are left below the choice.
const ROWS_AHEAD: usize = 10;

/// A list over the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// What it lists, and so what an answer must be about to fill it.
    pub kind: ListKind,
    /// What is in it.
    pub rows: Vec<ListRow>,
    /// Which row is chosen.
    pub chosen: usize,
    /// The first row on screen, as `layout` settled it.
    pub first: usize,
    /// The answer, or its next page, has not come.
    pub loading: bool,
    /// The page that was asked for last, counted from 1.
    pub page: u32,
    /// The server has more pages than were asked for.
    pub more: bool,
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
    /// The links of a message.
    Links,
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
    /// A link, to be opened, or else copied.
    Link {
        /// Where it leads.
        link: Box<Link>,
        /// Open it; else copy it.
        open: bool,
    },
}

impl ListTarget {
    /// Whether both stand for the same thing, whatever else is known of it.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Room(one), Self::Room(other)) => one.id == other.id,
            (Self::Person(one), Self::Person(other)) => one == other,
            (Self::Member(one), Self::Member(other)) => one.person.id == other.person.id,
            (Self::Message(_, one), Self::Message(_, other)) => one == other,
            (Self::Link { link: one, .. }, Self::Link { link: other, .. }) => one.address == other.address,
            _ => false,
        }
    }
}

impl List {
    /// A list whose answer has been asked for.
    pub fn waiting(kind: ListKind) -> Self {
        Self { kind, rows: Vec::new(), chosen: 0, first: 0, loading: true, page: 1, more: false }
    }

    /// A list that is complete as it is.
    pub fn of(kind: ListKind, rows: Vec<ListRow>) -> Self {
        Self { rows, loading: false, ..Self::waiting(kind) }
    }

    /// Takes the page that was asked for last. The first one replaces what is there, and the choice stays on what it was
    /// on; a later one follows it.
    pub fn take(&mut self, page: u32, mut rows: Vec<ListRow>, more: bool) {
        if page != self.page {
            return;
        }
        // A page with nothing on it is the last, whatever the server says: else it would be asked for for ever.
        let more = more && !rows.is_empty();
        if page <= 1 {
            let chosen = self.chosen().and_then(|old| rows.iter().position(|row| row.target.is(&old.target)));
            self.chosen = chosen.unwrap_or(self.chosen).min(rows.len().saturating_sub(1));
            self.rows = rows;
        } else {
            // Pages are counted, so somebody who joins meanwhile pushes a row onto the next one.
            rows.retain(|row| !self.rows.iter().any(|known| known.target.is(&row.target)));
            self.rows.append(&mut rows);
        }
        let full = self.rows.len() > MAX_LIST_ROWS;
        if full {
            self.rows.truncate(MAX_LIST_ROWS);
            let text = format!("Only the first {} are shown. Search by name to find others.", MAX_LIST_ROWS);
            self.rows.push(ListRow { text, hint: String::new(), target: ListTarget::Nothing });
            self.chosen = self.chosen.min(MAX_LIST_ROWS);
        }
        (self.more, self.loading) = (more && !full, false);
    }

    /// The next page, if the choice comes near the end of what is here and there is one.
    pub(in crate::app) fn next_page(&self) -> Option<u32> {
        let near = self.chosen + ROWS_AHEAD >= self.rows.len();
        (near && self.more && !self.loading).then_some(self.page + 1)
    }

    /// Moves the choice, and stays inside.
    pub fn step(&mut self, by: isize) {
        self.chosen = self.chosen.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
    }

    /// The row that is chosen.
    pub fn chosen(&self) -> Option<&ListRow> {
        self.rows.get(self.chosen)
    }

    /// Rows of the box around it: it grows with what is in it, up to a height that leaves the chat in sight.
    pub fn height(&self, size: Size) -> u16 {
        let lines = self.rows.len() + usize::from(self.loading);
        let wanted = u16::try_from(lines.max(1)).unwrap_or(TALLEST).saturating_add(2);
        wanted.min(TALLEST).min(size.height.saturating_sub(1))
    }

    /// Scrolls as little as shows the choice.
    pub(in crate::app) fn settle(&mut self, size: Size) {
        let shown = usize::from(self.height(size).saturating_sub(2)).max(1);
        let lines = self.rows.len() + usize::from(self.loading);
        let first = self.first.min(lines.saturating_sub(shown));
        self.first = first.clamp((self.chosen + 1).saturating_sub(shown), self.chosen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: std::ops::Range<u32>) -> Vec<ListRow> {
        let row =
            |n: u32| ListRow { text: n.to_string(), hint: String::new(), target: ListTarget::Person(n.to_string()) };
        names.map(row).collect()
    }

    #[test]
    fn the_next_page_is_wanted_near_the_end_and_once() {
        let mut list = List::waiting(ListKind::People("a".into()));
        assert_eq!(list.next_page(), None, "the first has not come");
        list.take(1, rows(0..30), true);
        assert_eq!(list.next_page(), None, "the end is far");
        list.step(25);
        assert_eq!(list.next_page(), Some(2));
        (list.page, list.loading) = (2, true);
        assert_eq!(list.next_page(), None, "it is on its way");
        list.take(2, rows(29..50), false);
        assert_eq!(list.rows.len(), 50, "nobody stands twice");
        list.step(100);
        assert_eq!((list.chosen, list.next_page()), (49, None));
    }

    #[test]
    fn a_list_without_an_end_is_cut_and_says_so() {
        let mut list = List::waiting(ListKind::People("a".into()));
        list.take(1, rows(0..20_000), true);
        assert_eq!((list.rows.len(), list.more), (MAX_LIST_ROWS + 1, false));
        assert!(list.rows.last().is_some_and(|row| row.text.starts_with("Only the first 10000 are shown")));
    }

    #[test]
    fn the_choice_stays_on_screen_and_scrolls_no_more_than_it_must() {
        let mut list = List::waiting(ListKind::Calls);
        list.take(1, rows(0..40), false);
        let size = Size { width: 80, height: 24 };
        list.step(20);
        list.settle(size);
        assert_eq!(list.first, 3);
        list.step(-1);
        list.settle(size);
        assert_eq!(list.first, 3, "moving up inside the screen scrolls nothing");
        list.step(-18);
        list.settle(size);
        assert_eq!(list.first, 1);
    }

    #[test]
    fn asking_again_keeps_the_choice_where_it_was() {
        let mut list = List::waiting(ListKind::Calls);
        list.take(1, rows(0..5), false);
        list.step(3);
        list.take(1, rows(1..5), false);
        assert_eq!(list.chosen().map(|row| row.text.as_str()), Some("3"));
    }
}
