//! The format of `assets/demo-vchat.json`, which adds rooms and V Chat's room settings to the common script.

use std::collections::HashMap;

use serde::Deserialize;

use crate::server::demo::{Line, Script, ScriptRoom};

const ROOMS: &str = include_str!("../../../../assets/demo-vchat.json");

/// All rooms of the V Chat demo.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoomsFile {
    /// Rooms. One with the key of a room of the common script replaces it.
    pub(super) rooms: Vec<ScriptRoom>,
    /// Settings that only V Chat has, by the key of the room.
    settings: HashMap<String, ScriptSettings>,
    /// The guest's broadcast.
    pub(super) broadcast: ScriptBroadcast,
}

/// Settings of a room that only V Chat has.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ScriptSettings {
    /// Username of the group's creator.
    pub(super) owner: Option<String>,
    /// Usernames of the group's admins.
    pub(super) admins: Vec<String>,
    /// Description of the group.
    pub(super) description: Option<String>,
    /// Whether the guest has muted the room.
    pub(super) muted: bool,
    /// Whether the guest has archived the room.
    pub(super) archived: bool,
    /// Id of the order that the room is about.
    pub(super) order_id: Option<String>,
    /// Title of the order.
    pub(super) order_title: Option<String>,
}

/// The guest's broadcast.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScriptBroadcast {
    /// Title.
    pub(super) title: String,
    /// Usernames of the recipients.
    pub(super) members: Vec<String>,
    /// Age of the broadcast, in hours.
    pub(super) starts_hours_ago: i64,
    /// Messages of the guest.
    pub(super) lines: Vec<String>,
}

/// A line of the history with its marker: `{reply}` to the previous message, `{forward}` of it, `{deleted}` for
/// everybody, `{video:FILE}`, `{voice:SECONDS}`, `{location:LAT;LONG;TITLE}`, `{custom}` or `{call:OUTCOME}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MarkedLine<'a> {
    /// Username of the author, or `guest`.
    pub(super) author: &'a str,
    /// Marker and its argument.
    pub(super) marker: Option<(&'a str, &'a str)>,
    /// Text.
    pub(super) text: &'a str,
}

impl<'a> MarkedLine<'a> {
    /// Reads the marker of a line. An edited line has its final text from the start, since V Chat has no edits.
    pub(super) fn parse(line: &Line<'a>) -> Self {
        let Line { author, file, text, .. } = *line;
        if let Some(file) = file {
            return Self { author, marker: Some(("file", file)), text };
        }
        let Some((marker, text)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
            return Self { author, marker: None, text };
        };
        let marker = marker.split_once(':').unwrap_or((marker, ""));
        Self { author, marker: Some(marker), text: text.trim_start() }
    }
}

impl RoomsFile {
    /// Parses the file that is built into the program, and adds the rooms of the common script.
    pub(super) fn load(script: &Script) -> serde_json::Result<Self> {
        let mut file: Self = serde_json::from_str(ROOMS)?;
        let is_replaced = |key: &str| file.rooms.iter().any(|room| room.key == key);
        let common: Vec<ScriptRoom> = script.rooms.iter().filter(|room| !is_replaced(&room.key)).cloned().collect();
        file.rooms.extend(common);
        Ok(file)
    }

    /// The settings of the room `key`.
    pub(super) fn settings(&self, key: &str) -> ScriptSettings {
        self.settings.get(key).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_parse_and_name_only_people_of_the_script() {
        let script = Script::load().unwrap();
        let file = RoomsFile::load(&script).unwrap();
        let is_known = |username: &String| script.people.iter().any(|person| person.username == *username);
        assert!(file.rooms.iter().all(|room| room.members.iter().all(is_known)));
        assert!(file.broadcast.members.iter().all(is_known));
        for key in file.settings.keys() {
            assert!(file.rooms.iter().any(|room| room.key == *key), "{key}");
        }
        for room in &file.rooms {
            for line in room.conversations().concat() {
                assert!(
                    line.author == "guest" || room.members.iter().any(|username| username == line.author),
                    "{line:?}"
                );
            }
        }
    }

    #[test]
    fn marker_is_split_from_the_text() {
        let parse = |line| MarkedLine::parse(&Line::parse(line).unwrap());
        let location = MarkedLine { author: "oskar", marker: Some(("location", "1;2;Here")), text: "📍" };
        assert_eq!(parse("oskar: {location:1;2;Here} 📍"), location);
        assert_eq!(parse("guest: {forward} "), MarkedLine { author: "guest", marker: Some(("forward", "")), text: "" });
        assert_eq!(parse("a: b {c}"), MarkedLine { author: "a", marker: None, text: "b {c}" });
    }
}
