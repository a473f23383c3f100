//! Labels that tell rooms of equal titles apart.

use crate::app::model::account::Account;
use crate::app::model::label::Label;
use crate::domain::Room;
use crate::text::composed;
use std::borrow::Cow;
use std::collections::HashMap;

/// Characters at the end of a room's id that are shown where nothing else tells it from another.
const ID_CHARACTERS: usize = 4;

/// Returns the labels of these rooms in their order. Behind a title that occurs more than once stands the user name of
/// the other person, or the end of the room's id.
pub fn room_labels<'a>(account: &'a Account, rooms: impl Iterator<Item = &'a Room>) -> Vec<Label<'a>> {
    let rooms: Vec<&Room> = rooms.collect();
    let mut labels: Vec<_> = rooms.iter().map(|room| account.room_label(room)).collect();
    append_to_repeated(&mut labels, &rooms, |room| username(account, room));
    append_to_repeated(&mut labels, &rooms, |room| Some(end_of_id(room)));
    labels
}

/// Appends a detail to each label that occurs more than once, unless it has that detail.
fn append_to_repeated(labels: &mut [Label<'_>], rooms: &[&Room], detail: impl Fn(&Room) -> Option<String>) {
    let mut counts = HashMap::new();
    for label in &*labels {
        *counts.entry(key(label)).or_insert(0) += 1;
    }
    let is_repeated: Vec<bool> = labels.iter().map(|label| counts.get(&key(label)) > Some(&1)).collect();
    for ((label, room), _) in labels.iter_mut().zip(rooms).zip(is_repeated).filter(|(_, is_repeated)| *is_repeated) {
        if let Some(detail) = detail(room).filter(|detail| *label.mark != **detail) {
            label.mark = if label.mark.is_empty() { detail } else { format!("{} {detail}", label.mark) }.into();
        }
    }
}

/// Returns a value that is equal for labels that look the same.
fn key<'a>(label: &'a Label<'_>) -> (Cow<'a, str>, &'a str) {
    (composed(label.name), &label.mark)
}

fn username(account: &Account, room: &Room) -> Option<String> {
    let username = &account.peer(room)?.info.username;
    (!username.is_empty()).then(|| format!("@{username}"))
}

fn end_of_id(room: &Room) -> String {
    let id = room.info.id.as_str();
    let start = id.char_indices().rev().nth(ID_CHARACTERS - 1).map_or(0, |(start, _)| start);
    format!("#{}", id.get(start..).unwrap_or(id))
}
