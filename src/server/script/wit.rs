//! Who answers what: the characters of the book, and chance.

use std::collections::HashMap;

use fastrand::Rng;

use super::book::{Answer, Book, Line, Topic};
use super::slips::slip;

/// The characters, what they have left to say, and chance. People are numbers here: their place in the book.
#[derive(Debug)]
pub(crate) struct Wit {
    /// The script.
    pub(crate) book: Book,
    /// What chance follows.
    pub(crate) rng: Rng,
    /// What is left to talk about, and which answers are left, so that nobody repeats themselves soon.
    topics: Vec<usize>,
    unsaid: HashMap<(usize, usize), Vec<usize>>,
}

/// What somebody answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Retort {
    /// The words.
    pub(crate) line: String,
    /// What an AI agent does besides.
    pub(crate) event: Option<String>,
}

impl Wit {
    /// The characters of `book`.
    pub(crate) fn new(book: Book, rng: Rng) -> Self {
        Self { book, rng, topics: Vec::new(), unsaid: HashMap::new() }
    }

    /// Who of those present answers: whoever is named, else whoever has something to say to it, else anybody.
    pub(crate) fn choose(&mut self, text: &str, present: &[usize]) -> Option<usize> {
        let words = words(text);
        let part = |nth: &&usize| &self.book.people[**nth];
        let named = |nth: &&usize| {
            let part = part(nth);
            let first = part.name.split(' ').next().unwrap_or_default().to_lowercase();
            words.iter().any(|word| *word == part.username || *word == first)
        };
        let knows = |nth: &&usize| part(nth).answers.iter().any(|answer| matches(answer, &words));
        let wise: Vec<usize> = match present.iter().find(named) {
            Some(named) => vec![*named],
            None => present.iter().filter(knows).copied().collect(),
        };
        let from = if wise.is_empty() { present } else { &wise };
        (!from.is_empty()).then(|| from[self.rng.usize(..from.len())])
    }

    /// What somebody answers to `text`.
    pub(crate) fn retort(&mut self, nth: usize, text: &str) -> Option<Retort> {
        let words = words(text);
        let part = self.book.people.get(nth)?;
        let rule = part.answers.iter().position(|answer| matches(answer, &words));
        let lines = rule.map_or(&part.otherwise, |rule| &part.answers[rule].say);
        let event = rule.and_then(|rule| part.answers[rule].event.clone());
        let left = self.unsaid.entry((nth, rule.unwrap_or(usize::MAX))).or_default();
        if left.is_empty() {
            *left = (0..lines.len()).collect();
            self.rng.shuffle(left);
        }
        let line = left.pop().and_then(|line| lines.get(line).cloned())?;
        Some(Retort { line, event })
    }

    /// How long somebody types `text`, in milliseconds.
    pub(crate) fn effort(&self, nth: usize, text: &str) -> i64 {
        let pace = self.book.people.get(nth).map_or(0, |part| part.pace);
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        length.saturating_mul(pace).clamp(900, 4200)
    }

    /// `text` as it slips out of somebody's fingers, when it does.
    pub(crate) fn slipped(&mut self, nth: usize, text: &str) -> Option<String> {
        let sloppy = self.book.people.get(nth).map_or(0, |part| part.sloppy);
        if self.rng.u32(..100) < sloppy { slip(text, &mut self.rng) } else { None }
    }

    /// Something to talk about.
    pub(crate) fn topic(&mut self) -> Option<Topic> {
        if self.topics.is_empty() {
            // The first in the script comes first, so that the first impression is the one that was chosen.
            self.topics = (1..self.book.chatter.len()).collect();
            self.rng.shuffle(&mut self.topics);
            self.topics.push(0);
        }
        self.topics.pop().and_then(|nth| self.book.chatter.get(nth).cloned())
    }

    /// Who says a line of a topic, and what.
    pub(crate) fn spoken(&self, line: &str) -> Option<(usize, String)> {
        let line = Line::read(line)?;
        let nth = self.book.people.iter().position(|part| part.username == line.who)?;
        Some((nth, line.text.to_owned()))
    }
}

/// The words of a text, in lower case, without what surrounds them.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn matches(answer: &Answer, words: &[String]) -> bool {
    answer.to.iter().any(|word| words.contains(word))
}
