//! Chooses who answers a message and with which line of the script.

use std::collections::HashMap;

use fastrand::Rng;

use super::script_file::{Answer, Line, Script, ScriptTopic};
use super::typos::swap_letters;

/// Picks answers and topics at random, without repeating one before all others were used. A person is identified by
/// their index in the script.
#[derive(Debug)]
pub(crate) struct Responder {
    /// The script.
    pub(crate) script: Script,
    /// Source of all randomness.
    pub(crate) rng: Rng,
    /// Indices of the topics that were not used yet, in reverse order of use.
    topics: Vec<usize>,
    /// Indices of the replies that were not used yet, by person and answer; `usize::MAX` is the fallback.
    unused_replies: HashMap<(usize, usize), Vec<usize>>,
}

/// A reply to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// Line of the script.
    pub(crate) line: String,
    /// MinChat event that an AI agent emits along with it.
    pub(crate) event: Option<String>,
}

impl Responder {
    /// Creates a responder that follows `script`.
    pub(crate) fn new(script: Script, rng: Rng) -> Self {
        Self { script, rng, topics: Vec::new(), unused_replies: HashMap::new() }
    }

    /// Chooses which of the people in `present` answers `text`: the one whose name it contains, otherwise one who has
    /// an answer to it, otherwise anyone.
    pub(crate) fn choose(&mut self, text: &str, present: &[usize]) -> Option<usize> {
        let words = words(text);
        let person = |index: &&usize| &self.script.people[**index];
        let is_named = |index: &&usize| {
            let person = person(index);
            let first_name = person.name.split(' ').next().unwrap_or_default().to_lowercase();
            words.iter().any(|word| *word == person.username || *word == first_name)
        };
        let has_answer = |index: &&usize| person(index).answers.iter().any(|answer| matches(answer, &words));
        let candidates: Vec<usize> = match present.iter().find(is_named) {
            Some(named) => vec![*named],
            None => present.iter().filter(has_answer).copied().collect(),
        };
        let from = if candidates.is_empty() { present } else { &candidates };
        (!from.is_empty()).then(|| from[self.rng.usize(..from.len())])
    }

    /// Chooses the reply of a person to `text`.
    pub(crate) fn reply(&mut self, person: usize, text: &str) -> Option<Reply> {
        let words = words(text);
        let scripted = self.script.people.get(person)?;
        let answer = scripted.answers.iter().position(|answer| matches(answer, &words));
        let lines = answer.map_or(&scripted.fallback, |answer| &scripted.answers[answer].replies);
        let event = answer.and_then(|answer| scripted.answers[answer].event.clone());
        let unused = self.unused_replies.entry((person, answer.unwrap_or(usize::MAX))).or_default();
        if unused.is_empty() {
            *unused = (0..lines.len()).collect();
            self.rng.shuffle(unused);
        }
        let line = unused.pop().and_then(|line| lines.get(line).cloned())?;
        Some(Reply { line, event })
    }

    /// Milliseconds that a person takes to type `text`: at least 900, so that guests notice the typing indicator, and
    /// at most 4200, so that they do not wait long.
    pub(crate) fn typing_time(&self, person: usize, text: &str) -> i64 {
        let pace = self.script.people.get(person).map_or(0, |person| person.ms_per_char);
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        length.saturating_mul(pace).clamp(900, 4200)
    }

    /// Returns `text` with a typo, with the probability that the script gives the person, or else `None`.
    pub(crate) fn with_typo(&mut self, person: usize, text: &str) -> Option<String> {
        let percent = self.script.people.get(person).map_or(0, |person| person.typo_percent);
        if self.rng.u32(..100) < percent { swap_letters(text, &mut self.rng) } else { None }
    }

    /// Chooses the next topic.
    pub(crate) fn next_topic(&mut self) -> Option<ScriptTopic> {
        if self.topics.is_empty() {
            // The first topic of the script always comes first: it was written as the first impression.
            self.topics = (1..self.script.topics.len()).collect();
            self.rng.shuffle(&mut self.topics);
            self.topics.push(0);
        }
        self.topics.pop().and_then(|index| self.script.topics.get(index).cloned())
    }

    /// Splits a line of a topic into the person and the text.
    pub(crate) fn parse_line(&self, line: &str) -> Option<(usize, String)> {
        let line = Line::parse(line)?;
        let person = self.script.people.iter().position(|person| person.username == line.author)?;
        Some((person, line.text.to_owned()))
    }
}

/// The words of a text in lower case, without punctuation.
fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn matches(answer: &Answer, words: &[String]) -> bool {
    answer.keywords.iter().any(|keyword| words.contains(keyword))
}
