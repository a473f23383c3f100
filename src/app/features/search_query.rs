//! Reading of what is typed into the search: words, and conditions such as `from:alice`, `in:"Release crew"` or
//! `has:link`. A minus before either excludes the messages that it would find.

use crate::app::features::described_day::{may_become_day, start_of_day};
use crate::app::model::context::Scene;
use crate::app::model::room_title::room_title;
use crate::domain::{DAY, Message, Part, PersonId, RoomId, SearchFilter, Timestamp};
use crate::text::{SearchTerms, clip, excluded_word, query_words, suggestion, without_accents};

/// A search as it is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct SearchQuery {
    /// The words, without the conditions.
    pub(in crate::app) words: String,
    /// The words as they are matched.
    pub(in crate::app) terms: SearchTerms,
    /// The conditions.
    pub(in crate::app) filter: SearchFilter,
}

impl SearchQuery {
    /// Whether a message of this room contains the words and fulfils the conditions.
    pub(in crate::app) fn matches(&self, room: &RoomId, message: &Message) -> bool {
        let file_name = message.attachment.as_deref().map(|file| &*file.name);
        self.terms.match_message(&message.text, file_name) && self.filter.matches(room, message)
    }
}

/// A query, and what is not understood.
#[derive(Debug, Default)]
pub(in crate::app) struct Reading {
    /// The query without what is not understood; `None` if neither words nor conditions remain.
    pub(in crate::app) query: Option<SearchQuery>,
    /// A sentence about each condition that is not understood, with what is possible.
    pub(in crate::app) problems: Vec<String>,
    /// The condition for which a word was probably meant, such as `from:alice` for `form:alice`.
    pub(in crate::app) suggestion: Option<String>,
}

/// Reads a query. A condition that is not complete is ignored, because the user is still typing it.
pub(in crate::app) fn read(scene: Scene<'_>, typed: &str) -> Reading {
    let (mut filter, mut problems, mut suggestion) = (SearchFilter::default(), Vec::new(), None);
    let mut words = Vec::new();
    for token in tokens(typed) {
        match token {
            Token::Word(word) => {
                suggestion = suggestion.or_else(|| meant_condition(word));
                words.push(word);
            }
            Token::Condition(condition) => {
                let (added, sentence) = meaning(scene, &condition);
                problems.extend(sentence.filter(|_| !condition.may_go_on()));
                if condition.is_excluded && !added.is_empty() {
                    filter.excluded.push(added);
                } else {
                    filter.add(added);
                }
            }
        }
    }
    let words = words.join(" ");
    let everything = || Some(SearchTerms::default()).filter(|_| !filter.is_empty());
    let terms = SearchTerms::parse(&words).or_else(everything);
    Reading { query: terms.map(|terms| SearchQuery { words, terms, filter }), problems, suggestion }
}

/// The names of conditions.
const NAMES: [&str; 6] = ["from", "in", "before", "after", "on", "has"];

/// Parts that a message can have.
const PARTS: [(&str, Part); 4] =
    [("link", Part::Link), ("file", Part::File), ("image", Part::Image), ("video", Part::Video)];

/// Maximum width of a condition that is repeated in a sentence, in cells.
const EXCERPT: usize = 30;

/// A part of a query.
enum Token<'a> {
    Word(&'a str),
    Condition(Condition<'a>),
}

/// A condition as it was typed.
struct Condition<'a> {
    /// Whether a minus precedes it.
    is_excluded: bool,
    name: &'a str,
    /// The text after the colon, without quotation marks.
    value: &'a str,
    /// Whether nothing follows it that would end it.
    is_open: bool,
}

impl Condition<'_> {
    /// Whether it may still become one that is understood.
    fn may_go_on(&self) -> bool {
        let value = self.value.to_lowercase();
        let is_beginning = match self.name {
            "has" => PARTS.iter().any(|(name, _)| name.starts_with(&value)),
            // The beginning of a name is understood already.
            "from" | "in" => false,
            _ => may_become_day(&value),
        };
        self.is_open && is_beginning
    }
}

/// Splits a query into words and conditions. The value of a condition may have blanks if it is in quotation marks.
fn tokens(typed: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = typed;
    while let Some(word) = query_words(rest).next() {
        rest = rest.trim_start();
        let unsigned = excluded_word(word).unwrap_or(word);
        let named = unsigned.split_once(':').filter(|(name, _)| NAMES.contains(name));
        let Some((name, value)) = named else {
            tokens.push(Token::Word(word));
            rest = &rest[word.len()..];
            continue;
        };
        let is_excluded = unsigned.len() < word.len();
        let start = word.len() - value.len();
        let quoted = rest[start..].strip_prefix('"');
        let (value, after) = match quoted {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => (value, &rest[word.len()..]),
        };
        let is_open = after.is_empty() && !(quoted.is_some() && rest.ends_with('"'));
        tokens.push(Token::Condition(Condition { is_excluded, name, value, is_open }));
        rest = after;
    }
    tokens
}

/// Returns the condition that a word is probably a misspelling of, if it looks like one.
fn meant_condition(word: &str) -> Option<String> {
    let unsigned = excluded_word(word).unwrap_or(word);
    let sign = &word[..word.len() - unsigned.len()];
    let (name, value) = unsigned.split_once(':').filter(|(name, value)| !name.is_empty() && !value.is_empty())?;
    let meant = suggestion(name, NAMES).filter(|_| name.chars().all(char::is_alphabetic))?;
    // Only the first word of what is in quotation marks is part of this one.
    let value = if value.starts_with('"') && !value[1..].ends_with('"') { "…" } else { value };
    Some(clip(&format!("{sign}{meant}:{value}"), EXCERPT))
}

/// Returns what a condition means: nothing if it has no value yet or is not understood. In that case, or if nobody has the
/// name, also returns a sentence that says what is possible.
fn meaning(scene: Scene<'_>, condition: &Condition<'_>) -> (SearchFilter, Option<String>) {
    let Condition { is_excluded, name, value, .. } = *condition;
    let is_name = matches!(name, "from" | "in");
    let value = if is_name { value.trim().trim_start_matches(['@', '#']) } else { value.trim() };
    let mut filter = SearchFilter::default();
    if value.is_empty() {
        return (filter, None);
    }
    let sign = if is_excluded { "-" } else { "" };
    let shown = clip(&format!("{sign}{name}:{value}"), EXCERPT);
    let mut problem = None;
    match name {
        "from" => {
            let people = people_called(scene, value);
            problem = people.is_empty().then(|| format!("{shown}: nobody known here has this name."));
            filter.authors = Some(people);
        }
        "in" => {
            let rooms = rooms_called(scene, value);
            problem = rooms.is_empty().then(|| format!("{shown}: no room here has this name."));
            filter.rooms = Some(rooms);
        }
        "has" => match PARTS.iter().find(|(name, _)| value.trim_end_matches('s').eq_ignore_ascii_case(name)) {
            Some((_, part)) => filter.has.push(*part),
            None => {
                let possible: Vec<String> = PARTS.iter().map(|(name, _)| format!("has:{name}")).collect();
                problem = Some(match suggestion(value, PARTS.map(|(name, _)| name)) {
                    Some(meant) => format!("{shown} is ignored. Did you mean {sign}has:{meant}?"),
                    None => format!("{shown} is ignored. Possible: {}.", possible.join(", ")),
                });
            }
        },
        _ => match (start(scene, value), name) {
            (Some(start), "before") => filter.before = Some(start),
            (Some(start), "after") => filter.since = Some(start + DAY),
            (Some(start), _) => (filter.since, filter.before) = (Some(start), Some(start + DAY)),
            (None, _) => {
                let advice = "Write a day such as 2026-11-03, monday or \"3 days ago\".";
                problem = Some(format!("{shown} is ignored. {advice}"));
            }
        },
    }
    (filter, problem)
}

/// Returns the people with this name or user name; `me` is the user.
fn people_called(scene: Scene<'_>, name: &str) -> Vec<PersonId> {
    let people = scene.account.people.iter();
    let people = people.map(|person| (&person.info.id, vec![person.info.username.as_str(), person.info.name.as_str()]));
    called(people.chain(scene.account.me.iter().map(|me| (me, vec!["me"]))), name)
}

/// Returns the rooms with this title, and direct messages with a person of this name or user name.
fn rooms_called(scene: Scene<'_>, name: &str) -> Vec<RoomId> {
    let rooms = scene.account.rooms.known().map(|room| {
        let peer = scene.account.shown_peer(room).map(|peer| [peer.info.username.as_str(), peer.info.name.as_str()]);
        let titles = [Some(room_title(room)), room.info.title.as_deref()].into_iter().flatten();
        (&room.info.id, titles.chain(peer.into_iter().flatten()).collect())
    });
    called(rooms, name)
}

/// Returns what has exactly this name, or else whatever has a name with a word that begins so. Case and accents are
/// ignored.
fn called<'a, T: Clone + 'a>(all: impl Iterator<Item = (&'a T, Vec<&'a str>)>, name: &str) -> Vec<T> {
    let wanted = without_accents(name);
    let (mut exact, mut begun) = (Vec::new(), Vec::new());
    for (item, names) in all {
        let names: Vec<String> = names.into_iter().map(without_accents).collect();
        let starts_word =
            |name: &String| name.match_indices(&wanted).any(|(at, _)| !name[..at].ends_with(char::is_alphanumeric));
        if names.contains(&wanted) {
            exact.push(item.clone());
        } else if names.iter().any(starts_word) {
            begun.push(item.clone());
        }
    }
    if exact.is_empty() { begun } else { exact }
}

fn start(scene: Scene<'_>, day: &str) -> Option<Timestamp> {
    start_of_day(day, &scene.now.zoned(&scene.options.times.zone), scene.options.times.first_weekday)
}
