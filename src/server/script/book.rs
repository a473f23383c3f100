//! The script as it is written in `assets/`.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// People, rooms, answers and chatter.
const DEMO: &str = include_str!("../../../assets/demo.json");
/// The long history of the largest room, a line for each message, a blank line between conversations.
const LOUNGE: &str = include_str!("../../../assets/demo-lounge.txt");
/// The one picture that really is one.
const KETTLE: &[u8] = include_bytes!("../../../assets/demo-kettle.png");

/// The whole script.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Book {
    /// Who plays.
    pub(crate) people: Vec<Part>,
    /// Where.
    pub(crate) rooms: Vec<Scene>,
    /// The files in the history, by name.
    pub(crate) files: HashMap<String, Prop>,
    /// What they start to talk about unprompted.
    pub(crate) chatter: Vec<Topic>,
    /// What is sent to the wrong window and taken back.
    pub(crate) slips: Vec<String>,
}

/// Somebody who plays.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    /// Their username.
    pub(crate) username: String,
    /// The name to show.
    pub(crate) name: String,
    /// Their metadata; an AI agent has a `chatbotId` in it.
    #[serde(default)]
    pub(crate) metadata: Option<Map<String, Value>>,
    /// How long they take to type a character, in milliseconds.
    pub(crate) pace: i64,
    /// How long after the guest they come online, in milliseconds.
    pub(crate) arrives: i64,
    /// How many of a hundred of their lines have a slip that they mend.
    #[serde(default)]
    pub(crate) sloppy: u32,
    /// What they answer to which words, the first match counts.
    pub(crate) answers: Vec<Answer>,
    /// What they answer to anything else.
    pub(crate) otherwise: Vec<String>,
}

/// What somebody answers to some words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    /// Any of these words, in lower case.
    pub(crate) to: Vec<String>,
    /// One of these lines.
    pub(crate) say: Vec<String>,
    /// What an AI agent does besides.
    #[serde(default)]
    pub(crate) event: Option<String>,
}

/// A room.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scene {
    /// Its name in the script.
    pub(crate) key: String,
    /// Its title; a room without one is one-to-one.
    #[serde(default)]
    pub(crate) title: Option<String>,
    /// Who is in it besides the guest.
    pub(crate) members: Vec<String>,
    /// Its metadata.
    #[serde(default)]
    pub(crate) metadata: Map<String, Value>,
    /// How many hours ago its history begins.
    pub(crate) hours: i64,
    /// How many minutes ago its history ends.
    pub(crate) minutes: i64,
    /// How many of the last messages the guest has not seen.
    #[serde(default)]
    pub(crate) unread: usize,
    /// `who: text`, a blank line between conversations; empty for the room of the long history.
    #[serde(default)]
    pub(crate) history: Vec<String>,
}

/// A file in the history.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prop {
    /// Its MIME type.
    pub(crate) mime: String,
    /// What is in it; without, it is the picture.
    #[serde(default)]
    pub(crate) text: Option<String>,
}

impl Prop {
    /// What is in it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.text.as_ref().map_or(KETTLE, |text| text.as_bytes()).to_vec()
    }
}

/// A few lines that somebody starts and others take up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Topic {
    /// In which room.
    pub(crate) room: String,
    /// `who: text`.
    pub(crate) lines: Vec<String>,
}

/// A line of the history, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Whose username, or `guest`.
    pub(crate) who: &'a str,
    /// The file that comes with it.
    pub(crate) file: Option<&'a str>,
    /// Whether it was changed later.
    pub(crate) edited: bool,
    /// The words.
    pub(crate) text: &'a str,
}

impl Book {
    /// Reads the script.
    pub(crate) fn open() -> serde_json::Result<Self> {
        serde_json::from_str(DEMO)
    }
}

impl Scene {
    /// The history's conversations, each a list of lines.
    pub(crate) fn conversations(&self) -> Vec<Vec<Line<'_>>> {
        let lines: Vec<&str> = match self.history.as_slice() {
            [] => LOUNGE.lines().collect(),
            history => history.iter().map(String::as_str).collect(),
        };
        lines
            .split(|line| line.trim().is_empty())
            .map(|lines| lines.iter().filter_map(|line| Line::read(line)).collect::<Vec<_>>())
            .filter(|lines| !lines.is_empty())
            .collect()
    }
}

impl<'a> Line<'a> {
    /// Reads `who: text`, where the text may begin with `{edited}` or `{file:NAME}`. In the text, a `⏎` is a new line.
    pub(crate) fn read(line: &'a str) -> Option<Self> {
        let (who, mut text) = line.split_once(": ")?;
        let edited = text.strip_prefix("{edited} ");
        text = edited.unwrap_or(text);
        let mut file = None;
        if let Some((name, rest)) = text.strip_prefix("{file:").and_then(|text| text.split_once('}')) {
            (file, text) = (Some(name), rest.trim_start());
        }
        Some(Self { who, file, edited: edited.is_some(), text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_can_be_read_and_names_only_its_own_people() {
        let book = Book::open().unwrap();
        let known = |who: &str| who == "guest" || book.people.iter().any(|part| part.username == who);
        for scene in &book.rooms {
            assert!(scene.members.iter().all(|who| known(who)), "{}", scene.key);
            for line in scene.conversations().concat() {
                assert!(known(line.who), "{}: {}", scene.key, line.who);
                assert!(line.who == "guest" || scene.members.iter().any(|who| who == line.who), "{line:?}");
                assert!(line.file.is_none_or(|file| book.files.contains_key(file)), "{line:?}");
            }
        }
        for topic in &book.chatter {
            let scene = book.rooms.iter().find(|scene| scene.key == topic.room).expect("a room of the script");
            for line in &topic.lines {
                let line = Line::read(line).expect("who: text");
                assert!(scene.members.iter().any(|who| who == line.who), "{line:?}");
            }
        }
        assert!(book.people.iter().all(|part| !part.otherwise.is_empty()));
        assert!(book.people.iter().all(|part| part.answers.iter().all(|answer| !answer.say.is_empty())));
    }

    #[test]
    fn one_room_has_enough_to_page_through() {
        let book = Book::open().unwrap();
        let most = book.rooms.iter().map(|scene| scene.conversations().concat().len()).max();
        assert!(most >= Some(400), "{most:?}");
    }

    #[test]
    fn every_line_of_a_history_is_one() {
        let book = Book::open().unwrap();
        for scene in &book.rooms {
            let written = if scene.history.is_empty() {
                LOUNGE.lines().filter(|line| !line.trim().is_empty()).count()
            } else {
                scene.history.iter().filter(|line| !line.trim().is_empty()).count()
            };
            assert_eq!(scene.conversations().concat().len(), written, "{}", scene.key);
        }
    }

    #[test]
    fn a_line_says_who_and_what() {
        let plain = Line { who: "mara", file: None, edited: false, text: "tea: yes" };
        assert_eq!(Line::read("mara: tea: yes"), Some(plain));
        let full = Line { who: "yuki", file: Some("a.png"), edited: true, text: "look" };
        assert_eq!(Line::read("yuki: {edited} {file:a.png} look"), Some(full));
        assert_eq!(Line::read("nothing"), None);
    }
}
