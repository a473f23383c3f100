//! What `assets/demo-vchat.json` adds to the common script: rooms of its own, and what is V Chat's about the others.

use std::collections::HashMap;

use serde::Deserialize;

use crate::server::script::{Book, Line, Scene};

const ROOMS: &str = include_str!("../../../../assets/demo-vchat.json");

/// The rooms of the demo.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Staging {
    /// Rooms; one with the key of a room of the common script stands in its place.
    pub(super) rooms: Vec<Scene>,
    /// What is V Chat's about a room, by its key.
    settings: HashMap<String, Setting>,
    /// The guest's broadcast.
    pub(super) broadcast: Broadcast,
}

/// What is V Chat's about a room.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Setting {
    /// Who made a group.
    pub(super) owner: Option<String>,
    /// Its admins.
    pub(super) admins: Vec<String>,
    /// Its description.
    pub(super) description: Option<String>,
    /// Whether the guest has muted it.
    pub(super) muted: bool,
    /// Whether the guest has archived it.
    pub(super) archived: bool,
    /// The order that a room is about.
    pub(super) order: Option<String>,
    /// The order's title.
    pub(super) title: Option<String>,
}

/// The guest's broadcast.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Broadcast {
    /// Its title.
    pub(super) title: String,
    /// To whom it goes.
    pub(super) members: Vec<String>,
    /// How many hours ago it was made.
    pub(super) hours: i64,
    /// What was said in it.
    pub(super) lines: Vec<String>,
}

/// A line of the history with what V Chat can do besides words: `{reply}` to the line before, `{forward}` of it,
/// `{deleted}` for all, `{film:FILE}`, `{voice:SECONDS}`, `{place:LAT;LONG;TITLE}`, `{custom}`, `{call:END}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spoken<'a> {
    /// Whose username, or `guest`.
    pub(super) who: &'a str,
    /// What is done, and with what.
    pub(super) trick: Option<(&'a str, &'a str)>,
    /// The words.
    pub(super) text: &'a str,
}

impl<'a> Spoken<'a> {
    /// A line of the common script. What was edited there is said as it came to be: V Chat has no edits.
    pub(super) fn of(line: &Line<'a>) -> Self {
        let Line { who, file, text, .. } = *line;
        if let Some(file) = file {
            return Self { who, trick: Some(("file", file)), text };
        }
        let Some((trick, text)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
            return Self { who, trick: None, text };
        };
        let trick = trick.split_once(':').unwrap_or((trick, ""));
        Self { who, trick: Some(trick), text: text.trim_start() }
    }
}

impl Staging {
    /// Reads the rooms, those of the common script among them.
    pub(super) fn open(book: &Book) -> serde_json::Result<Self> {
        let mut staging: Self = serde_json::from_str(ROOMS)?;
        let own = |key: &str| staging.rooms.iter().any(|scene| scene.key == key);
        let common: Vec<Scene> = book.rooms.iter().filter(|scene| !own(&scene.key)).cloned().collect();
        staging.rooms.extend(common);
        Ok(staging)
    }

    /// What is V Chat's about the room `key`.
    pub(super) fn setting(&self, key: &str) -> Setting {
        self.settings.get(key).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rooms_can_be_read_and_name_only_people_of_the_script() {
        let book = Book::open().unwrap();
        let staging = Staging::open(&book).unwrap();
        let known = |who: &String| book.people.iter().any(|part| part.username == *who);
        assert!(staging.rooms.iter().all(|scene| scene.members.iter().all(known)));
        assert!(staging.broadcast.members.iter().all(known));
        for key in staging.settings.keys() {
            assert!(staging.rooms.iter().any(|scene| scene.key == *key), "{key}");
        }
        for scene in &staging.rooms {
            for line in scene.conversations().concat() {
                assert!(line.who == "guest" || scene.members.iter().any(|who| who == line.who), "{line:?}");
            }
        }
    }

    #[test]
    fn a_line_says_what_is_done() {
        let read = |line| Spoken::of(&Line::read(line).unwrap());
        let place = Spoken { who: "oskar", trick: Some(("place", "1;2;Here")), text: "📍" };
        assert_eq!(read("oskar: {place:1;2;Here} 📍"), place);
        assert_eq!(read("guest: {forward} "), Spoken { who: "guest", trick: Some(("forward", "")), text: "" });
        assert_eq!(read("a: b {c}"), Spoken { who: "a", trick: None, text: "b {c}" });
    }
}
