//! The format of the demo script in `assets/`.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::{HOUR, MINUTE, Timestamp};

/// People, rooms, answers and topics.
const SCRIPT: &str = include_str!("../../../assets/demo.json");
/// The long history of the largest room: one line per message, an empty line between conversations.
const LOUNGE_HISTORY: &str = include_str!("../../../assets/demo-lounge.txt");
/// Content of every image in the script.
const IMAGE: &[u8] = include_bytes!("../../../assets/demo-kettle.png");

/// The whole script.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    /// The scripted people.
    pub(crate) people: Vec<Person>,
    /// The rooms the guest finds.
    pub(crate) rooms: Vec<ScriptRoom>,
    /// Files in the history, by name.
    pub(crate) files: HashMap<String, ScriptFile>,
    /// Conversations that people start on their own.
    pub(crate) topics: Vec<ScriptTopic>,
    /// Messages that are sent to the wrong room and deleted again.
    pub(crate) misdirected: Vec<String>,
}

/// A scripted person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// Username.
    pub(crate) username: String,
    /// Display name.
    pub(crate) name: String,
    /// Metadata; that of an AI agent contains a `chatbotId`.
    #[serde(default)]
    pub(crate) metadata: Option<Map<String, Value>>,
    /// Typing speed in milliseconds per character.
    pub(crate) ms_per_char: i64,
    /// Milliseconds after the guest at which the person comes online.
    pub(crate) arrives_after_ms: i64,
    /// Percentage of lines with a typo that is corrected afterwards.
    #[serde(default)]
    pub(crate) typo_percent: u32,
    /// Answers by keyword; the first match counts.
    pub(crate) answers: Vec<Answer>,
    /// Replies to messages that match no answer.
    pub(crate) fallback: Vec<String>,
}

/// The replies of a person to some keywords.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    /// Words that select this answer, in lower case.
    pub(crate) keywords: Vec<String>,
    /// Possible replies.
    pub(crate) replies: Vec<String>,
    /// MinChat event that an AI agent emits along with the reply.
    #[serde(default)]
    pub(crate) event: Option<String>,
}

/// A room of the script.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScriptRoom {
    /// Name of the room in the script.
    pub(crate) key: String,
    /// Title; a room without one is a direct message.
    #[serde(default)]
    pub(crate) title: Option<String>,
    /// Usernames of the members, without the guest.
    pub(crate) members: Vec<String>,
    /// Metadata of the room.
    #[serde(default)]
    pub(crate) metadata: Map<String, Value>,
    /// Age of the first message, in hours.
    pub(crate) starts_hours_ago: i64,
    /// Age of the last message, in minutes.
    pub(crate) ends_minutes_ago: i64,
    /// Number of messages at the end that the guest has not seen.
    #[serde(default)]
    pub(crate) unread: usize,
    /// Lines of the form `username: text`, with an empty line between conversations. Empty for the room whose history
    /// is in a file of its own.
    #[serde(default)]
    pub(crate) history: Vec<String>,
}

/// A file in the history.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScriptFile {
    /// MIME type.
    pub(crate) mime: String,
    /// Content; a file without it contains the image.
    #[serde(default)]
    pub(crate) text: Option<String>,
}

impl ScriptFile {
    /// Content of the file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.text.as_ref().map_or(IMAGE, |text| text.as_bytes()).to_vec()
    }
}

/// A short conversation that one person starts and others continue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScriptTopic {
    /// Key of the room it takes place in.
    pub(crate) room: String,
    /// Lines of the form `username: text`.
    pub(crate) lines: Vec<String>,
}

/// A parsed line of a history or topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Username of the author, or `guest`.
    pub(crate) author: &'a str,
    /// Name of the attached file.
    pub(crate) file: Option<&'a str>,
    /// Whether the message was edited later.
    pub(crate) is_edited: bool,
    /// Text, in which `⏎` stands for a line break.
    pub(crate) text: &'a str,
}

impl Script {
    /// Parses the script that is built into the program.
    pub(crate) fn load() -> serde_json::Result<Self> {
        serde_json::from_str(SCRIPT)
    }
}

impl ScriptRoom {
    /// Time at which the history begins.
    pub(crate) fn start_time(&self, now: Timestamp) -> Timestamp {
        now + -self.starts_hours_ago * HOUR
    }

    /// Time at which the history ends.
    pub(crate) fn end_time(&self, now: Timestamp) -> Timestamp {
        now + -self.ends_minutes_ago * MINUTE
    }

    /// The conversations of the history, each as a list of lines.
    pub(crate) fn conversations(&self) -> Vec<Vec<Line<'_>>> {
        let lines: Vec<&str> = match self.history.as_slice() {
            [] => LOUNGE_HISTORY.lines().collect(),
            history => history.iter().map(String::as_str).collect(),
        };
        lines
            .split(|line| line.trim().is_empty())
            .map(|lines| lines.iter().filter_map(|line| Line::parse(line)).collect::<Vec<_>>())
            .filter(|lines| !lines.is_empty())
            .collect()
    }
}

impl<'a> Line<'a> {
    /// Parses `username: text`, where the text may begin with `{edited}` and `{file:NAME}`, in this order.
    pub(crate) fn parse(line: &'a str) -> Option<Self> {
        let (author, mut text) = line.split_once(": ")?;
        let edited = text.strip_prefix("{edited} ");
        text = edited.unwrap_or(text);
        let mut file = None;
        if let Some((name, rest)) = text.strip_prefix("{file:").and_then(|text| text.split_once('}')) {
            (file, text) = (Some(name), rest.trim_start());
        }
        Some(Self { author, file, is_edited: edited.is_some(), text })
    }
}

/// Replaces each `⏎` of a scripted text by a line break.
pub(crate) fn expand_line_breaks(text: &str) -> String {
    text.replace('⏎', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_parses_and_names_only_its_own_people() {
        let script = Script::load().unwrap();
        let is_known =
            |username: &str| username == "guest" || script.people.iter().any(|person| person.username == username);
        for room in &script.rooms {
            assert!(room.members.iter().all(|username| is_known(username)), "{}", room.key);
            for line in room.conversations().concat() {
                assert!(is_known(line.author), "{}: {}", room.key, line.author);
                assert!(
                    line.author == "guest" || room.members.iter().any(|username| username == line.author),
                    "{line:?}"
                );
                assert!(line.file.is_none_or(|file| script.files.contains_key(file)), "{line:?}");
            }
        }
        for topic in &script.topics {
            let room = script.rooms.iter().find(|room| room.key == topic.room).expect("a room of the script");
            for line in &topic.lines {
                let line = Line::parse(line).expect("a line of a topic");
                assert!(room.members.iter().any(|username| username == line.author), "{line:?}");
            }
        }
        assert!(script.people.iter().all(|person| !person.fallback.is_empty()));
        assert!(script.people.iter().all(|person| person.answers.iter().all(|answer| !answer.replies.is_empty())));
    }

    #[test]
    fn largest_room_has_several_pages() {
        let script = Script::load().unwrap();
        let longest = script.rooms.iter().map(|room| room.conversations().concat().len()).max();
        assert!(longest >= Some(400), "{longest:?}");
    }

    #[test]
    fn every_line_of_a_history_parses() {
        let script = Script::load().unwrap();
        for room in &script.rooms {
            let written = if room.history.is_empty() {
                LOUNGE_HISTORY.lines().filter(|line| !line.trim().is_empty()).count()
            } else {
                room.history.iter().filter(|line| !line.trim().is_empty()).count()
            };
            assert_eq!(room.conversations().concat().len(), written, "{}", room.key);
        }
    }

    #[test]
    fn line_is_split_into_author_markers_and_text() {
        let plain = Line { author: "mara", file: None, is_edited: false, text: "tea: yes" };
        assert_eq!(Line::parse("mara: tea: yes"), Some(plain));
        let full = Line { author: "yuki", file: Some("a.png"), is_edited: true, text: "look" };
        assert_eq!(Line::parse("yuki: {edited} {file:a.png} look"), Some(full));
        assert_eq!(Line::parse("nothing"), None);
    }
}
