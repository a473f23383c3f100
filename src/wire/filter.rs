//! The filter of the records: words, and conditions such as `event:message`, `room:trip`, `as:bob`, `in`, `out`
//! or `error`.

use super::record::{Direction, Record, RecordKind};
use super::summary::Summary;

/// Conditions that a record has to meet. Without any, all records do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    words: Vec<String>,
    events: Vec<String>,
    rooms: Vec<String>,
    profiles: Vec<String>,
    directions: Vec<Direction>,
    only_errors: bool,
}

impl Filter {
    /// Reads what the user has typed. A condition that is not complete is ignored.
    pub fn parse(typed: &str) -> Self {
        let mut filter = Self::default();
        for word in typed.to_lowercase().split_whitespace() {
            match (word, word.split_once(':')) {
                ("in", _) => filter.directions.push(Direction::In),
                ("out", _) => filter.directions.push(Direction::Out),
                ("error" | "errors", _) => filter.only_errors = true,
                (_, Some(("event", name))) => filter.events.extend(named(name)),
                (_, Some(("room", name))) => filter.rooms.extend(named(name)),
                (_, Some(("as", name))) => filter.profiles.extend(named(name)),
                _ => filter.words.push(word.to_owned()),
            }
        }
        filter
    }

    /// Whether there is no condition.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a record meets all conditions. Of several events, rooms, profiles or directions, one is enough. `room` is the
    /// title of its room, and `profile` the name of its profile.
    pub fn matches(&self, record: &Record, summary: &Summary, room: &str, profile: &str) -> bool {
        let is_one_of = |names: &[String], text: &str| {
            let text = text.to_lowercase();
            names.iter().any(|name| text.contains(name))
        };
        let one_of =
            |names: &[String], texts: &[&str]| names.is_empty() || texts.iter().any(|text| is_one_of(names, text));
        let is_packet = matches!(record.kind, RecordKind::Received { .. } | RecordKind::Emitted { .. });
        let id = record.subject.room.as_ref().map_or("", |room| room.as_str());
        (self.directions.is_empty() || self.directions.contains(&record.direction()))
            && (!self.only_errors || record.is_error())
            && (self.events.is_empty() || (is_packet && one_of(&self.events, &[&summary.name])))
            && one_of(&self.rooms, &[room, id])
            && one_of(&self.profiles, &[profile])
            && (self.words.is_empty() || contains_all(&self.words, &[&summary.name, &summary.outcome, room], record))
    }
}

fn named(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
}

/// Whether each word is in one of the texts or in the payload.
fn contains_all(words: &[String], texts: &[&str], record: &Record) -> bool {
    let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    let payload = record.payload().map_or("", |payload| &payload.text);
    words.iter().all(|word| texts.iter().any(|text| text.contains(word)) || contains_in_any_case(payload, word))
}

/// Whether a text contains a word of small letters. Most payloads are ASCII, and thousands are searched for each key, so
/// they are not copied.
fn contains_in_any_case(text: &str, word: &str) -> bool {
    let Some(first) = word.bytes().next() else { return true };
    if !text.is_ascii() {
        return text.to_lowercase().contains(word);
    }
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let starts = text.iter().enumerate().filter(|(_, byte)| byte.to_ascii_lowercase() == first);
    let mut rests = starts.filter_map(|(start, _)| text.get(start..start + word.len()));
    rests.any(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountId, RoomId};
    use crate::wire::{Moment, Payload, RecordSubject};

    fn received(text: &str, room: Option<&str>, problem: Option<&str>) -> Record {
        let payload = Payload::new(text.into(), text.len());
        let subject = RecordSubject { room: room.map(RoomId::new), ..RecordSubject::default() };
        let kind = RecordKind::Received { payload, problem: problem.map(Into::into) };
        Record { seq: 1, at: Moment::default(), account: AccountId(0), subject, kind }
    }

    fn matches(typed: &str, record: &Record) -> bool {
        Filter::parse(typed).matches(record, &Summary::of(record), "Trip to Rome", "bob")
    }

    #[test]
    fn all_conditions_have_to_be_met() {
        let message = received(r#"42["message",{"text":"Where are YOU?"}]"#, Some("r1"), None);
        for typed in [
            "",
            "in",
            "event:message",
            "room:rome",
            "room:R1",
            "you where",
            "in event:seen event:mess",
            "room:",
            "as:bob",
        ] {
            assert!(matches(typed, &message), "{typed}");
        }
        for typed in ["out", "error", "as:alice", "event:typing", "room:berlin", "you here!", "in error"] {
            assert!(!matches(typed, &message), "{typed}");
        }
        let letters = received(r#"42["message",{"text":"GRÜSSE aus Köln"}]"#, None, None);
        assert!(matches("grüsse köln", &letters) && !matches("grusse", &letters));
        assert!(matches("errors", &received("2", None, Some("no id"))));
        assert!(Filter::parse("  room: ").is_empty());
    }
}
