//! Reading of what is typed into the search: words, and conditions such as `from:alice`, `from:"Alice Archer"` or
//! `has:link`.

use crate::app::features::described_day::{may_become_day, start_of_day};
use crate::app::model::context::Scene;
use crate::domain::{DAY, Part, PersonId, SearchFilter, Timestamp};
use crate::text::{SearchTerms, clip};

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

/// Reads a query; `None` if it has neither words nor conditions. A condition that is not complete or not understood is
/// ignored, because the user is still typing it.
pub(in crate::app) fn read(scene: Scene<'_>, typed: &str) -> Option<SearchQuery> {
    let mut filter = SearchFilter::default();
    let mut words = Vec::new();
    for token in tokens(typed) {
        match token {
            Token::Word(word) => words.push(word),
            Token::Condition(condition) => _ = add(scene, &mut filter, &condition),
        }
    }
    let words = words.join(" ");
    let terms = match SearchTerms::parse(&words) {
        Some(terms) => terms,
        None if filter.is_empty() => return None,
        None => SearchTerms::everything(),
    };
    Some(SearchQuery { words, terms, filter })
}

/// Returns a sentence about the first condition that is not understood, with what is possible. One that is still being
/// typed is none.
pub(in crate::app) fn problem(scene: Scene<'_>, typed: &str) -> Option<String> {
    let conditions = tokens(typed).into_iter().filter_map(|token| match token {
        Token::Condition(condition) => Some(condition),
        Token::Word(_) => None,
    });
    let mut complete = conditions.filter(|condition| !condition.may_go_on());
    complete.find_map(|condition| add(scene, &mut SearchFilter::default(), &condition).err())
}

/// The names of conditions.
const NAMES: [&str; 5] = ["from", "before", "after", "on", "has"];

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
            "from" => false,
            _ => may_become_day(&value),
        };
        value.is_empty() || (self.is_open && is_beginning)
    }
}

/// Splits a query into words and conditions. The value of a condition may have blanks if it is in quotation marks.
fn tokens(typed: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
        let named = word.split_once(':').filter(|(name, _)| NAMES.contains(name));
        let (token, after) = match named {
            None => (Token::Word(word), after),
            Some((name, value)) => {
                let quoted = rest[name.len() + 1..].strip_prefix('"');
                let (value, after) = match quoted {
                    Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                    None => (value, after),
                };
                let is_open = after.is_empty() && !(quoted.is_some() && rest.ends_with('"'));
                (Token::Condition(Condition { name, value, is_open }), after)
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

/// Adds a condition to a filter.
///
/// # Errors
/// It is not understood; the sentence says what is possible.
fn add(scene: Scene<'_>, filter: &mut SearchFilter, condition: &Condition<'_>) -> Result<(), String> {
    let Condition { name, value, .. } = *condition;
    let value = value.trim();
    if value.is_empty() {
        return Ok(());
    }
    let shown = clip(&format!("{name}:{value}"), EXCERPT);
    match name {
        "from" => {
            let people = people_called(scene, value);
            let is_known = !people.is_empty();
            filter.authors = Some(people);
            return if is_known { Ok(()) } else { Err(format!("{shown}: nobody known here has this name.")) };
        }
        "has" => {
            let part = PARTS.iter().find(|(name, _)| value.trim_end_matches('s').eq_ignore_ascii_case(name));
            let Some((_, part)) = part else {
                let possible: Vec<String> = PARTS.iter().map(|(name, _)| format!("has:{name}")).collect();
                return Err(format!("{shown} is ignored. Possible: {}.", possible.join(", ")));
            };
            filter.has.push(*part);
            return Ok(());
        }
        _ => {}
    }
    let Some(start) = start(scene, value) else {
        return Err(format!("{shown} is ignored. Write a day such as 2026-11-03, monday or \"3 days ago\"."));
    };
    match name {
        "before" => filter.before = Some(start),
        "after" => filter.since = Some(start + DAY),
        _ => (filter.since, filter.before) = (Some(start), Some(start + DAY)),
    }
    Ok(())
}

/// Returns the people whose name or user name begins with `name`; `me` is the user.
fn people_called(scene: Scene<'_>, name: &str) -> Vec<PersonId> {
    let name = name.trim_start_matches('@').to_lowercase();
    let is_called = |text: &str| {
        let text = text.to_lowercase();
        text.starts_with(&name) || text.split_whitespace().any(|word| word.starts_with(&name))
    };
    let me = scene.account.me.clone().filter(|_| name == "me");
    let people = scene.account.people.iter().map(|person| &person.info);
    let called = people.filter(|info| is_called(&info.username) || is_called(&info.name));
    called.map(|info| info.id.clone()).chain(me).collect()
}

fn start(scene: Scene<'_>, day: &str) -> Option<Timestamp> {
    start_of_day(day, &scene.now.zoned(&scene.options.times.zone), scene.options.times.first_weekday)
}
