//! Labels that tell rooms of equal titles apart.

use crate::app::model::account::Account;
use crate::app::model::room_title::room_title;
use crate::domain::Room;
use crate::text::composed;
use std::collections::HashMap;

/// Characters at the end of a room's id that are shown where nothing else tells it from another.
const ID_CHARACTERS: usize = 4;

/// Returns the labels of these rooms in their order: the titles, and behind a title that occurs more than once the user
/// name of the other person, or the end of the room's id.
pub fn room_labels<'a>(account: &Account, rooms: impl Iterator<Item = &'a Room>) -> Vec<String> {
    let rooms: Vec<&Room> = rooms.collect();
    let mut counts = HashMap::new();
    for room in &rooms {
        *counts.entry(composed(room_title(room))).or_insert(0) += 1;
    }
    let is_unique = |room: &Room| counts.get(&composed(room_title(room))).is_none_or(|count| *count < 2);
    let label = |room: &&Room| {
        let title = room_title(room);
        if is_unique(room) { title.to_owned() } else { format!("{title} {}", detail(account, room)) }
    };
    rooms.iter().map(label).collect()
}

fn detail(account: &Account, room: &Room) -> String {
    match account.peer(room).map(|person| person.info.username.as_str()).filter(|name| !name.is_empty()) {
        Some(username) => format!("@{username}"),
        None => {
            let id = room.info.id.as_str();
            let start = id.char_indices().rev().nth(ID_CHARACTERS - 1).map_or(0, |(start, _)| start);
            format!("#{}", id.get(start..).unwrap_or(id))
        }
    }
}
