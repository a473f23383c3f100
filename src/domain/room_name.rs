//! Finding the room that a name stands for.
//!
//! A program that names a room may send a text to it, so a name stands for one room or for none: nothing is guessed
//! from the beginning of a title, and of several rooms none is chosen.

use std::fmt;

use crate::text::{SafeText, comparable, has_ink};

use super::ids::RoomId;
use super::person::PersonInfo;
use super::room::RoomInfo;

/// A room and what it is called.
#[derive(Debug, Clone, Copy)]
pub struct NamedRoom<'a> {
    info: &'a RoomInfo,
    peer: Option<&'a PersonInfo>,
}

/// What a name stands for.
#[derive(Debug)]
pub enum RoomLookup<'a> {
    /// One room.
    Found(&'a RoomId),
    /// Several rooms.
    Ambiguous(Vec<NamedRoom<'a>>),
    /// None of the rooms.
    Unknown,
}

impl<'a> NamedRoom<'a> {
    /// Takes the names of a room. `peer` is the other person, if the room is a direct message.
    pub fn new(info: &'a RoomInfo, peer: Option<&'a PersonInfo>) -> Self {
        Self { info, peer }
    }

    /// Returns the id.
    pub fn id(&self) -> &'a RoomId {
        &self.info.id
    }

    /// Returns the title and the user's own name for the room, or else the name of the other person.
    fn titles(&self) -> impl Iterator<Item = String> {
        let own = [&self.info.title, &self.info.nickname].map(|title| title.as_ref().filter(|title| has_ink(title)));
        let is_named = own.iter().any(Option::is_some);
        let peer = self.peer.map(|peer| &peer.name).filter(|name| !is_named && has_ink(name));
        own.into_iter().chain([peer]).flatten().map(SafeText::editable)
    }
}

impl fmt::Display for NamedRoom<'_> {
    /// Describes the room among others with the same name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.id().as_str(), self.info.title.as_deref().unwrap_or_default())?;
        if let Some(peer) = self.peer {
            write!(f, ", @{}", peer.username)?;
        }
        write!(f, ")")
    }
}

/// Finds the room with this id or title, or the direct message with the person of this user name. An id wins over a
/// title, and a title over a user name. Case matters only where several rooms differ in nothing else.
pub fn find_room<'a>(rooms: impl Iterator<Item = NamedRoom<'a>>, name: &str) -> RoomLookup<'a> {
    let similar = Some(comparable(name.trim())).filter(|similar| has_ink(similar));
    let (mut by_title, mut by_username, mut by_similar_title) = (Vec::new(), Vec::new(), Vec::new());
    for room in rooms {
        if room.id().as_str() == name {
            return RoomLookup::Found(room.id());
        }
        let Some(similar) = &similar else { continue };
        if room.titles().any(|title| title == name) {
            by_title.push(room);
        } else if room.peer.is_some_and(|peer| peer.username.editable() == name) {
            by_username.push(room);
        } else if room.titles().any(|title| comparable(title.trim()) == *similar) {
            by_similar_title.push(room);
        }
    }
    let found = [by_title, by_username, by_similar_title].into_iter().find(|found| !found.is_empty());
    let found = found.unwrap_or_default();
    match found.as_slice() {
        [] => RoomLookup::Unknown,
        [room] => RoomLookup::Found(room.id()),
        _ => RoomLookup::Ambiguous(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PersonId;

    /// Finds a room among some with these ids, titles and user names of the other person.
    fn find(rooms: &[(&str, &str, Option<&str>)], name: &str) -> Result<Option<String>, Vec<String>> {
        let info = |(id, title, _): &(&str, &str, _)| RoomInfo {
            title: Some(SafeText::line(title)),
            ..RoomInfo::new(RoomId::new(id))
        };
        let peer = |username: &str| PersonInfo {
            username: SafeText::line(username),
            name: SafeText::line("Bob Brown"),
            ..PersonInfo::new(PersonId::new(username))
        };
        let known: Vec<_> = rooms.iter().map(|room| (info(room), room.2.map(peer))).collect();
        match find_room(known.iter().map(|(info, peer)| NamedRoom::new(info, peer.as_ref())), name) {
            RoomLookup::Found(room) => Ok(Some(room.as_str().to_owned())),
            RoomLookup::Unknown => Ok(None),
            RoomLookup::Ambiguous(rooms) => Err(rooms.iter().map(ToString::to_string).collect()),
        }
    }

    fn found(id: &str) -> Result<Option<String>, Vec<String>> {
        Ok(Some(id.to_owned()))
    }

    #[test]
    fn id_wins_over_title_and_title_over_user_name() {
        let rooms = [("a", "b", None), ("b", "Team", None), ("c", "Bob", Some("team"))];
        assert_eq!(find(&rooms, "b"), found("b"));
        assert_eq!(find(&rooms, "Team"), found("b"));
        assert_eq!(find(&rooms, "team"), found("c"), "a user name, written exactly");
        assert_eq!(find(&rooms, "bob"), found("c"));
        assert_eq!(find(&rooms, "nobody"), Ok(None));
    }

    #[test]
    fn same_titles_are_ambiguous_unless_their_case_differs() {
        let rooms = [("a", "Team", None), ("b", "Team", Some("bob")), ("c", "TEAM", None)];
        assert_eq!(find(&rooms, "Team"), Err(vec!["a (Team)".to_owned(), "b (Team, @bob)".to_owned()]));
        assert_eq!(find(&rooms, "TEAM"), found("c"));
        assert_eq!(find(&rooms, "team").unwrap_err().len(), 3);
    }

    #[test]
    fn beginnings_and_blank_names_stand_for_nothing() {
        let rooms = [("a", "Anna Meyer", None), ("b", "", None), ("c", " ", Some("bob"))];
        for name in ["Ann", "", " ", "  ", "\u{200b}"] {
            assert_eq!(find(&rooms, name), Ok(None), "{name:?}");
        }
        assert_eq!(find(&rooms, "bob brown"), found("c"), "a direct message without a title");
    }
}
