//! List requested from the server and shown over the screen.

use std::collections::HashSet;

use crate::app::limits::MAX_LIST_ROWS;
use crate::app::overlays::component::{Component, Hint, KeyRow, Needs, Response, Surroundings, no_hint};
use crate::app::overlays::{frame, rows};
use crate::app::regions::{Region, Size};
use crate::domain::{Member, MessageId, RoomId, RoomInfo, SharedKind};
use crate::input::{Action, Key, Mouse, MouseKind};
use crate::text::Link;

/// Largest size of the box around a list. It leaves part of the chat visible.
const MAX_SIZE: Size = Size { width: 68, height: 20 };

/// The next page is requested when fewer rows than this are left below the selected one.
const ROWS_AHEAD: usize = 10;

/// A list over the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Subject of the list; only answers about the same subject fill it.
    pub kind: ListKind,
    /// Rows loaded so far, below the facts about what is listed.
    pub rows: Vec<ListRow>,
    /// Number of the first rows that are such facts.
    pub facts: usize,
    /// Index of the selected row.
    pub selected: usize,
    /// Index of the first row on screen, as computed by `layout`.
    pub first: usize,
    /// Whether a page has been requested and has not arrived.
    pub loading: bool,
    /// Number of the page requested last, counted from 1.
    pub page: u32,
    /// Whether the server has pages after the last one requested.
    pub more: bool,
}

/// Subject of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListKind {
    /// The members of a room.
    Members(RoomId),
    /// Archived rooms, or rooms whose title contains a text.
    Rooms {
        /// Text that the titles contain.
        title: String,
        /// Whether archived rooms are listed.
        archived: bool,
    },
    /// People whose name contains this text.
    People(String),
    /// People who can be added to a room.
    AddablePeople(RoomId),
    /// Media, links, files or voice messages of a room.
    Shared(RoomId, SharedKind),
    /// Starred messages of one room, or of all rooms.
    Stars(Option<RoomId>),
    /// People who have seen or received a message.
    SeenBy(MessageId),
    /// Past calls.
    Calls,
    /// Links in a message.
    Links,
    /// Details of a message, which has an id if the server knows it.
    Details(Option<MessageId>),
}

impl ListKind {
    /// Returns the advice on how to find rows that are not shown, as the end of a notice; empty if there is none.
    fn advice_for_others(&self) -> &'static str {
        match self {
            Self::People(_) | Self::Rooms { archived: false, .. } => " Search by name to find others.",
            Self::AddablePeople(_) => " Type /add USER to add others.",
            _ => "",
        }
    }
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// Text of the row; safe for the screen.
    pub text: String,
    /// Follows the text and is never cut off: what tells a person apart from others.
    pub mark: String,
    /// Additional information at the right end of the row.
    pub hint: String,
    /// Target that Enter opens.
    pub target: ListTarget,
}

/// Target of a list row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListTarget {
    /// No target; Enter does nothing.
    Nothing,
    /// A room, which may not be in the room list.
    Room(Box<RoomInfo>),
    /// A person, by user name; opens the direct message with them.
    Person(String),
    /// A person to be added to a room, by user name.
    NewMember(RoomId, String),
    /// A member of a room.
    Member(Box<Member>),
    /// A message in a room.
    Message(RoomId, MessageId),
    /// A text to copy.
    Copy(String),
    /// The JSON of a message, which has to be requested from the server.
    RequestJson(RoomId, MessageId),
    /// A link to open or to copy.
    Link {
        /// The link itself.
        link: Box<Link>,
        /// Whether Enter opens the link; otherwise it copies it.
        open: bool,
    },
}

impl ListTarget {
    /// Returns what identifies the target among those of a list, whatever its other details; `None` if nothing does.
    pub(in crate::app) fn key(&self) -> Option<&str> {
        match self {
            Self::Nothing | Self::Copy(_) | Self::RequestJson(..) => None,
            Self::Room(room) => Some(room.id.as_str()),
            Self::Person(username) | Self::NewMember(_, username) => Some(username),
            Self::Member(member) => Some(member.person.id.as_str()),
            Self::Message(_, message) => Some(message.as_str()),
            Self::Link { link, .. } => Some(&link.address),
        }
    }

    fn is(&self, other: &Self) -> bool {
        self.key().is_some() && self.key() == other.key()
    }
}

/// Removes the rows whose target is among `known` or in an earlier row. A server may send any number of rows, so they
/// are not compared with each other one by one.
pub(in crate::app) fn remove_known(rows: &mut Vec<ListRow>, known: &[ListRow]) {
    let mut keys: HashSet<String> = known.iter().filter_map(|row| row.target.key().map(str::to_owned)).collect();
    rows.retain(|row| row.target.key().is_none_or(|key| keys.insert(key.to_owned())));
}

impl List {
    /// Returns an empty list whose first page has been requested.
    pub fn waiting(kind: ListKind) -> Self {
        Self { kind, rows: Vec::new(), facts: 0, selected: 0, first: 0, loading: true, page: 1, more: false }
    }

    /// Returns a list that is already complete.
    pub fn of(kind: ListKind, rows: Vec<ListRow>) -> Self {
        Self { rows, loading: false, ..Self::waiting(kind) }
    }

    /// Returns the width of the rows on this screen.
    pub(in crate::app) fn text_cells(screen: Size) -> usize {
        frame::cells(screen, MAX_SIZE.width)
    }

    /// Returns the largest number of rows that are visible on this screen.
    pub(in crate::app) fn max_rows(screen: Size) -> usize {
        MAX_SIZE.height.min(screen.height.saturating_sub(1)).saturating_sub(frame::BORDER_ROWS).into()
    }

    /// Whether nothing is listed below the facts.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == self.facts
    }

    /// Replaces the facts above the rows. The first row below them is selected at the beginning, unless they fill all
    /// `visible` rows.
    pub(in crate::app) fn set_facts(&mut self, facts: Vec<ListRow>, visible: usize) {
        if self.rows.get(..self.facts) == Some(&*facts) {
            return;
        }
        let (before, after) = (self.facts, facts.len());
        let is_first = before == 0 && self.selected == 0;
        self.rows.splice(..before, facts);
        self.facts = after;
        if is_first && after >= visible {
            self.selected = 0;
        } else if self.selected >= before {
            self.selected = self.selected - before + after;
        } else {
            self.selected = self.selected.min(after.saturating_sub(1));
        }
    }

    /// Adds the page requested last and ignores any other.
    ///
    /// The first page replaces the present rows, and the selection stays on the same target. Later pages are appended.
    pub fn take(&mut self, page: u32, mut rows: Vec<ListRow>, more: bool) {
        if page != self.page {
            return;
        }
        if page <= 1 {
            let selected = self.selected().and_then(|old| rows.iter().position(|row| row.target.is(&old.target)));
            let selected = selected.map_or(self.selected, |selected| self.facts + selected);
            self.selected = selected.min((self.facts + rows.len()).saturating_sub(1));
            self.rows.truncate(self.facts);
        } else {
            // Pages are cut by position, so a person who joins meanwhile pushes an already loaded row onto the next
            // page.
            remove_known(&mut rows, &self.rows);
        }
        // A page without new rows is the last one, whatever the server says: otherwise it would be requested forever.
        let more = more && !rows.is_empty();
        self.rows.append(&mut rows);
        let full = self.rows.len() > self.facts + MAX_LIST_ROWS;
        if full {
            self.rows.truncate(self.facts + MAX_LIST_ROWS);
            let text = format!("Only the first {MAX_LIST_ROWS} are shown.{}", self.kind.advice_for_others());
            let (mark, hint) = (String::new(), String::new());
            self.rows.push(ListRow { text, mark, hint, target: ListTarget::Nothing });
            self.selected = self.selected.min(self.facts + MAX_LIST_ROWS);
        }
        (self.more, self.loading) = (more && !full, false);
    }

    /// Returns the number of the next page if there is one and the selection is close to the last loaded row.
    pub(in crate::app) fn next_page(&self) -> Option<u32> {
        let near = self.selected + ROWS_AHEAD >= self.rows.len();
        (near && self.more && !self.loading).then_some(self.page + 1)
    }

    /// Returns the message of the last row, before which the next page of messages ends.
    pub(in crate::app) fn last_message(&self) -> Option<MessageId> {
        self.rows.iter().rev().find_map(|row| match &row.target {
            ListTarget::Message(_, message) => Some(message.clone()),
            _ => None,
        })
    }

    /// Moves the selection by `by` rows, limited to the rows of the list.
    pub fn step(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
    }

    /// Returns the selected row.
    pub fn selected(&self) -> Option<&ListRow> {
        self.rows.get(self.selected)
    }

    /// Returns the size of the box, which grows with the list up to a limit.
    pub(in crate::app) fn size(&self) -> Size {
        Size { height: frame::height_around(self.lines().max(1)).min(MAX_SIZE.height), ..MAX_SIZE }
    }

    /// Number of lines: the rows, and a line while more are loading.
    fn lines(&self) -> usize {
        self.rows.len() + usize::from(self.loading)
    }

    /// Returns the visible rows and their regions.
    pub fn visible(&self, inside: Region) -> impl Iterator<Item = (usize, Region)> + use<> {
        rows::visible(inside, 1, self.first, self.rows.len())
    }

    /// Scrolls just far enough to show the selection.
    pub(in crate::app) fn settle(&mut self, inside: Region) {
        self.first = rows::reveal(self.first, self.selected, self.lines(), inside.height.into());
    }

    fn scroll(&mut self, by: isize, inside: Region) -> Response<ListChoice> {
        let (first, selected) = rows::scroll(self.first, self.selected, by, self.lines(), inside.height.into());
        (self.first, self.selected) = (first, selected.min(self.rows.len().saturating_sub(1)));
        Response::Stay
    }

    fn move_by(&mut self, by: isize) -> Response<ListChoice> {
        self.step(by);
        Response::Stay
    }

    fn open_selected(&self) -> Response<ListChoice> {
        Response::choose_if(self.selected().map(|row| ListChoice::Open(row.target.clone())))
    }

    /// Returns the word for opening the selected row, as shown among the hints.
    fn open_word(&self) -> Option<&'static str> {
        match self.selected()?.target {
            ListTarget::Nothing => None,
            ListTarget::Member(_) | ListTarget::Person(_) => Some("message"),
            ListTarget::NewMember(..) => Some("add"),
            ListTarget::Room(_) | ListTarget::Link { open: true, .. } => Some("open"),
            ListTarget::Message(..) => Some("jump"),
            ListTarget::RequestJson(..) => Some("request"),
            ListTarget::Copy(_) | ListTarget::Link { open: false, .. } => Some("copy"),
        }
    }

    fn is_of_members(&self) -> bool {
        matches!(self.kind, ListKind::Members(_))
    }

    fn member_hint(&self, word: &'static str) -> Option<Hint> {
        self.is_of_members().then_some(Hint { word, needs: Needs::MemberRights })
    }

    fn change_member(&self, action: Action) -> Response<ListChoice> {
        Response::choose_if(self.is_of_members().then_some(ListChoice::ChangeMember(action)))
    }
}

/// The user's choice in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum ListChoice {
    /// To open the target of a row.
    Open(ListTarget),
    /// To promote, demote or remove the selected member.
    ChangeMember(Action),
}

impl Component for List {
    type Choice = ListChoice;

    const HEADING: &'static str = "In a list";

    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::Confirm,
            help: "Open the selected row",
            hint: |list| Some(Hint { word: list.open_word()?, needs: Needs::OpenableRow }),
            run: |list, _| list.open_selected(),
        },
        KeyRow {
            action: Action::Cancel,
            help: "Close",
            hint: |_| Some(Hint::of("close")),
            run: |_, _| Response::Close,
        },
        KeyRow {
            action: Action::MemberPromote,
            help: "Make a member an admin",
            hint: |list| list.member_hint("promote"),
            run: |list, _| list.change_member(Action::MemberPromote),
        },
        KeyRow {
            action: Action::MemberDemote,
            help: "Make an admin a member",
            hint: |list| list.member_hint("demote"),
            run: |list, _| list.change_member(Action::MemberDemote),
        },
        KeyRow {
            action: Action::MemberRemove,
            help: "Remove a member",
            hint: |list| list.member_hint("remove"),
            run: |list, _| list.change_member(Action::MemberRemove),
        },
        KeyRow { action: Action::Up, help: "Up", hint: no_hint, run: |list, _| list.move_by(-1) },
        KeyRow { action: Action::Down, help: "Down", hint: no_hint, run: |list, _| list.move_by(1) },
        KeyRow {
            action: Action::ScrollUp,
            help: "Page up",
            hint: no_hint,
            run: |list, around| list.move_by(-around.page()),
        },
        KeyRow {
            action: Action::ScrollDown,
            help: "Page down",
            hint: no_hint,
            run: |list, around| list.move_by(around.page()),
        },
        KeyRow { action: Action::First, help: "First row", hint: no_hint, run: |list, _| list.move_by(isize::MIN) },
        KeyRow { action: Action::Last, help: "Last row", hint: no_hint, run: |list, _| list.move_by(isize::MAX) },
    ];

    /// The digits choose a link by its number.
    fn on_other_key(&mut self, key: Key) -> Response<ListChoice> {
        let digit = key.typed().filter(|_| self.kind == ListKind::Links).and_then(|typed| typed.to_digit(10));
        let index = digit.and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1));
        match index.filter(|index| *index < self.rows.len()) {
            Some(index) => {
                self.selected = index;
                self.open_selected()
            }
            None => Response::Stay,
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, around: Surroundings<'_>) -> Response<ListChoice> {
        match mouse.kind {
            MouseKind::WheelUp => self.scroll(-rows::WHEEL_ROWS, around.inside),
            MouseKind::WheelDown => self.scroll(rows::WHEEL_ROWS, around.inside),
            MouseKind::Drag => Response::Stay,
            MouseKind::Click => match rows::at(self.visible(around.inside), mouse.column, mouse.row) {
                Some(row) => {
                    self.selected = row;
                    self.open_selected()
                }
                None => Response::Stay,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: std::ops::Range<u32>) -> Vec<ListRow> {
        let row = |n: u32| ListRow {
            text: n.to_string(),
            mark: String::new(),
            hint: String::new(),
            target: ListTarget::Person(n.to_string()),
        };
        names.map(row).collect()
    }

    #[test]
    fn next_page_is_requested_once_near_the_end() {
        let mut list = List::waiting(ListKind::People("a".into()));
        assert_eq!(list.next_page(), None, "the first page has not arrived");
        list.take(1, rows(0..30), true);
        assert_eq!(list.next_page(), None, "the end is far");
        list.step(25);
        assert_eq!(list.next_page(), Some(2));
        (list.page, list.loading) = (2, true);
        assert_eq!(list.next_page(), None, "it is requested already");
        list.take(2, rows(29..50), false);
        assert_eq!(list.rows.len(), 50, "nobody is listed twice");
        list.step(100);
        assert_eq!((list.selected, list.next_page()), (49, None));
    }

    /// Regression test: a server that repeats the last row of a page as the next page was asked forever.
    #[test]
    fn page_of_known_rows_is_the_last_one() {
        let mut list = List::waiting(ListKind::People("a".into()));
        list.take(1, rows(0..3), true);
        assert_eq!(list.next_page(), Some(2));
        (list.page, list.loading) = (2, true);
        list.take(2, rows(2..3), true);
        assert_eq!((list.rows.len(), list.next_page()), (3, None));
    }

    #[test]
    fn endless_list_is_cut_with_a_notice() {
        let last_row = |kind| {
            let mut list = List::waiting(kind);
            list.take(1, rows(0..20_000), true);
            assert_eq!((list.rows.len(), list.more), (MAX_LIST_ROWS + 1, false));
            list.rows.last().map(|row| row.text.clone()).unwrap_or_default()
        };
        let people = last_row(ListKind::People("a".into()));
        assert_eq!(people, "Only the first 10000 are shown. Search by name to find others.");
        let addable = last_row(ListKind::AddablePeople(RoomId::new("r")));
        assert_eq!(addable, "Only the first 10000 are shown. Type /add USER to add others.");
        let shared = last_row(ListKind::Shared(RoomId::new("r"), SharedKind::Media));
        assert_eq!(shared, "Only the first 10000 are shown.", "messages of one kind cannot be searched by name");
    }

    #[test]
    fn selection_stays_visible_with_minimal_scrolling() {
        let mut list = List::waiting(ListKind::Calls);
        list.take(1, rows(0..40), false);
        let inside = Region { x: 0, y: 0, width: 64, height: 18 };
        list.step(20);
        list.settle(inside);
        assert_eq!(list.first, 3);
        list.step(-1);
        list.settle(inside);
        assert_eq!(list.first, 3, "moving up inside the screen scrolls nothing");
        list.step(-18);
        list.settle(inside);
        assert_eq!(list.first, 1);
    }

    #[test]
    fn reload_keeps_the_selection() {
        let mut list = List::waiting(ListKind::Calls);
        list.take(1, rows(0..5), false);
        list.step(3);
        list.take(1, rows(1..5), false);
        assert_eq!(list.selected().map(|row| row.text.as_str()), Some("3"));
    }
}
