//! Names of people and rooms with the mark that tells them from others that look the same.

use std::borrow::Cow;
use std::fmt;

use crate::app::model::account::Account;
use crate::app::model::room_title::room_title;
use crate::domain::{PersonId, PersonInfo, Quote, Room, RoomKind};
use crate::text::clip;

/// Maximum width of a marked name within a sentence, in cells, so that the mark is not cut off.
const NAME_CELLS: usize = 24;

/// A name, and the mark that has to follow it if another name looks the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label<'a> {
    /// The name of a person or the title of a room.
    pub name: &'a str,
    /// Such as `@alice`; empty if nobody can be confused.
    pub mark: Cow<'a, str>,
}

impl<'a> Label<'a> {
    /// A name that needs no mark.
    pub fn plain(name: &'a str) -> Self {
        Self { name, mark: Cow::Borrowed("") }
    }

    fn new(name: &'a str, mark: Option<&'a str>) -> Self {
        Self { name, mark: mark.unwrap_or_default().into() }
    }
}

/// Within a sentence, a long name is shortened if a mark follows it.
impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.mark {
            "" => f.write_str(self.name),
            mark => write!(f, "{} {mark}", clip(self.name, NAME_CELLS)),
        }
    }
}

impl Account {
    /// Returns the label of a person, under which they are shown everywhere. The user's own name has no mark: own
    /// messages can be told by their place in a sentence or by their style.
    pub fn label_of(&self, person: &PersonId) -> Label<'_> {
        let mark = self.people.get(person).filter(|_| !self.is_me(person)).and_then(|known| known.mark());
        Label::new(self.name_of(person), mark)
    }

    /// Returns the label of the author of a quoted message. Of somebody unknown, only the id is certain.
    pub fn label_of_quoted<'a>(&'a self, quote: &'a Quote) -> Label<'a> {
        match self.people.get(&quote.author) {
            Some(_) => self.label_of(&quote.author),
            None => {
                let mark = PersonInfo::new(quote.author.clone()).mark(false);
                Label { name: &quote.author_name, mark: mark.into() }
            }
        }
    }

    /// Returns the label of a person in a list, where everybody has a mark.
    pub fn label_in_list<'a>(&self, person: &'a PersonInfo) -> Label<'a> {
        Label { name: &person.name, mark: self.people.mark_of(person).into() }
    }

    /// Returns the label of a room. A direct message is titled with the name of the other person, so it has their
    /// label, unless the user gave it a name.
    pub fn room_label<'a>(&'a self, room: &'a Room) -> Label<'a> {
        let title = room_title(room);
        let peer = self.peer(room).filter(|_| room.info.nickname.is_none());
        match peer.filter(|peer| room.info.kind == RoomKind::Direct || *peer.info.name == *title) {
            Some(peer) => self.label_of(&peer.info.id),
            None => Label::plain(title),
        }
    }
}
