//! Finding rooms by the names that programs and people use for them.

use std::cmp::Reverse;

use crate::app::model::account::Account;
use crate::app::model::room_title::room_title;
use crate::domain::{NamedRoom, Room, RoomId, RoomLookup, find_room};
use crate::text::{comparable, has_ink};

/// Finds the room of the list that a name stands for, without a guess.
pub(in crate::app) fn look_up<'a>(account: &'a Account, name: &str) -> RoomLookup<'a> {
    look_up_in(account, account.rooms.iter(), name)
}

fn look_up_in<'a>(account: &'a Account, rooms: impl Iterator<Item = &'a Room>, name: &str) -> RoomLookup<'a> {
    let peer = |room| account.shown_peer(room).map(|peer| &peer.info);
    find_room(rooms.map(|room| NamedRoom::new(&room.info, peer(room))), name)
}

/// Finds a room that is only opened, so the user sees which one it is: of several with this name, the first one.
pub(in crate::app) fn find_first(account: &Account, name: &str) -> Option<RoomId> {
    first(look_up(account, name))
}

fn first(found: RoomLookup<'_>) -> Option<RoomId> {
    match found {
        RoomLookup::Found(room) => Some(room.clone()),
        RoomLookup::Ambiguous(rooms) => rooms.first().map(|room| room.id().clone()),
        RoomLookup::Unknown => None,
    }
}

/// Finds a room to be opened of which the user may remember only a part: any room that is known, archived ones too, by
/// its name, the beginning of its title, or by a part of a title that no other room has. Of several, the newest.
pub(in crate::app) fn find_known(account: &Account, typed: &str) -> Option<RoomId> {
    let mut rooms: Vec<&Room> = account.rooms.known().collect();
    rooms.sort_by_key(|room| Reverse(room.last_activity()));
    if let Some(found) = first(look_up_in(account, rooms.iter().copied(), typed)) {
        return Some(found);
    }
    let part = Some(comparable(typed.trim())).filter(|part| has_ink(part))?;
    let titles: Vec<(&Room, String)> = rooms.into_iter().map(|room| (room, comparable(room_title(room)))).collect();
    let beginning = titles.iter().find(|(_, title)| title.starts_with(&part));
    let containing = || {
        let mut found = titles.iter().filter(|(_, title)| title.contains(&part));
        found.next().filter(|_| found.next().is_none())
    };
    beginning.or_else(containing).map(|(room, _)| room.info.id.clone())
}

/// Finds a room to be opened as [`find_first`] does, or else the first one whose title on screen begins with `typed`.
pub(in crate::app) fn find_typed(account: &Account, typed: &str) -> Option<RoomId> {
    find_first(account, typed).or_else(|| {
        let beginning = Some(comparable(typed.trim())).filter(|beginning| has_ink(beginning))?;
        let mut rooms = account.rooms.iter();
        let found = rooms.find(|room| comparable(room_title(room)).starts_with(&beginning));
        found.map(|room| room.info.id.clone())
    })
}
