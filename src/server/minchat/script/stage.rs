//! The play: what the people do, as a pure reducer. Cues and the time come in, acts come out; chance follows the seed.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

use fastrand::Rng;

use crate::domain::{SECOND, Timestamp};
use crate::server::minchat::hub::Cue;
use crate::server::minchat::model::Id;

use super::book::{Answer, Book, Line, Part};
use super::slips::slip;

/// How often those who are there say so.
const HEARTBEAT: i64 = 60 * SECOND;
/// Of a hundred answers in a group, so many get a second one from somebody else.
const SECONDED: u32 = 30;
/// Of a hundred topics, so many begin with something that was meant for another window.
const SLIPS: u32 = 12;

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    /// Comes online.
    Come(Id),
    /// Says that they are still there.
    Stay(Id),
    /// Begins or ceases to type.
    Type { who: Id, chat: Id, started: bool },
    /// Says something; afterwards the stage is told, with what is to follow.
    Say { who: Id, chat: Id, text: String, then: Then },
    /// Changes what they said.
    Edit { message: Id, text: String },
    /// Takes back what they said.
    Delete { message: Id },
    /// Sees a message.
    See { who: Id, message: Id },
    /// An AI agent does something.
    Agent { who: Id, chat: Id, event: String },
    /// Somebody starts to talk about something.
    Chat,
}

/// What follows on something said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Then {
    /// Nothing.
    Nothing,
    /// It is mended to this.
    Mend(String),
    /// It is taken back.
    TakeBack,
}

/// The play.
#[derive(Debug)]
pub(crate) struct Stage {
    book: Book,
    people: HashMap<Id, usize>,
    ids: Vec<Id>,
    rooms: HashMap<String, Id>,
    rng: Rng,
    /// Who of the audience is there.
    audience: BTreeSet<Id>,
    acts: BinaryHeap<Reverse<(Timestamp, u64, Act)>>,
    planned: u64,
    /// Who is about to answer where: nobody answers two lines at once.
    busy: BTreeSet<(Id, Id)>,
    /// What is left to talk about, and which answers are left, so that nobody repeats themselves soon.
    topics: Vec<usize>,
    unsaid: HashMap<(usize, usize), Vec<usize>>,
}

impl Stage {
    /// The play of `book`, whose people and rooms have these ids.
    pub(super) fn new(book: Book, ids: &HashMap<String, Id>, rooms: HashMap<String, Id>, rng: Rng) -> Self {
        let ids: Vec<Id> = book.people.iter().filter_map(|part| ids.get(&part.username).cloned()).collect();
        let people = ids.iter().cloned().enumerate().map(|(nth, id)| (id, nth)).collect();
        Self {
            book,
            people,
            ids,
            rooms,
            rng,
            audience: BTreeSet::new(),
            acts: BinaryHeap::new(),
            planned: 0,
            busy: BTreeSet::new(),
            topics: Vec::new(),
            unsaid: HashMap::new(),
        }
    }

    /// When something is to be done next; never, while nobody is there.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.acts.peek().map(|Reverse((at, _, _))| *at)
    }

    /// What is to be done by `now`, one at a time.
    pub(super) fn due(&mut self, now: Timestamp) -> Option<Act> {
        if self.next()? > now {
            return None;
        }
        let Reverse((_, _, act)) = self.acts.pop()?;
        match &act {
            Act::Come(who) | Act::Stay(who) => self.plan(now + HEARTBEAT, Act::Stay(who.clone())),
            Act::Say { who, chat, .. } => drop(self.busy.remove(&(who.clone(), chat.clone()))),
            Act::Chat => self.chat(now),
            _ => {}
        }
        Some(act)
    }

    /// Who is on stage.
    pub(super) fn everybody(&self) -> &[Id] {
        &self.ids
    }

    fn plan(&mut self, at: Timestamp, act: Act) {
        self.planned += 1;
        self.acts.push(Reverse((at, self.planned, act)));
    }

    /// Takes a cue; answers whether the last of the audience has left.
    pub(super) fn hear(&mut self, now: Timestamp, cue: Cue) -> bool {
        match cue {
            Cue::Came(who) => self.on_came(now, who),
            Cue::Left(who) => {
                if self.audience.remove(&who) && self.audience.is_empty() {
                    self.acts.clear();
                    self.busy.clear();
                    return true;
                }
            }
            Cue::Wrote { chat, message, author, text, members } => {
                if !self.people.contains_key(&author) && !self.audience.is_empty() {
                    self.on_wrote(now, &chat, &message, &text, &members);
                }
            }
        }
        false
    }

    fn on_came(&mut self, now: Timestamp, who: Id) {
        let first = self.audience.is_empty();
        self.audience.insert(who);
        if !first {
            return;
        }
        for nth in 0..self.ids.len() {
            let arrives = self.book.people[nth].arrives;
            self.plan(now + arrives, Act::Come(self.ids[nth].clone()));
        }
        let soon = self.rng.i64(2200..3400);
        self.plan(now + soon, Act::Chat);
    }

    /// Something was said by somebody of the audience.
    fn on_wrote(&mut self, now: Timestamp, chat: &Id, message: &Id, text: &str, members: &[Id]) {
        let present: Vec<usize> = members.iter().filter_map(|member| self.people.get(member).copied()).collect();
        let Some(first) = self.choose(text, &present) else { return };
        let seen = now + self.rng.i64(150..350);
        self.plan(seen, Act::See { who: self.ids[first].clone(), message: message.clone() });
        let begins = now + self.rng.i64(300..550);
        let done = self.answer(begins, first, chat, text);
        let others: Vec<usize> = present.into_iter().filter(|nth| *nth != first).collect();
        if let Some(done) = done
            && !others.is_empty()
            && self.rng.u32(..100) < SECONDED
        {
            let second = others[self.rng.usize(..others.len())];
            let later = done + self.rng.i64(900..2500);
            self.answer(later, second, chat, text);
        }
    }

    /// Who answers: whoever is named, else whoever has something to say to it, else anybody.
    fn choose(&mut self, text: &str, present: &[usize]) -> Option<usize> {
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

    /// Plans an answer to `text`; tells when it will be said.
    fn answer(&mut self, begins: Timestamp, nth: usize, chat: &Id, text: &str) -> Option<Timestamp> {
        let who = self.ids[nth].clone();
        if !self.busy.insert((who.clone(), chat.clone())) {
            return None;
        }
        let words = words(text);
        let part = &self.book.people[nth];
        let rule = part.answers.iter().position(|answer| matches(answer, &words));
        let lines = rule.map_or(&part.otherwise, |rule| &part.answers[rule].say).clone();
        let event = rule.and_then(|rule| part.answers[rule].event.clone());
        let left = self.unsaid.entry((nth, rule.map_or(usize::MAX, |rule| rule))).or_default();
        if left.is_empty() {
            *left = (0..lines.len()).collect();
            self.rng.shuffle(left);
        }
        let line = left.pop().and_then(|line| lines.get(line).cloned())?;
        let said = self.say(begins, nth, chat, &line);
        if let Some(event) = event {
            self.plan(said + 700, Act::Agent { who, chat: chat.clone(), event });
        }
        Some(said)
    }

    /// Plans that somebody types from `begins` and then says `line`; tells when it will be said.
    fn say(&mut self, begins: Timestamp, nth: usize, chat: &Id, line: &str) -> Timestamp {
        let (who, chat) = (self.ids[nth].clone(), chat.clone());
        let Part { pace, sloppy, .. } = self.book.people[nth];
        let text = line.replace('⏎', "\n");
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        let said = begins + length.saturating_mul(pace).clamp(900, 4200);
        let slipped = if self.rng.u32(..100) < sloppy { slip(&text, &mut self.rng) } else { None };
        let (text, then) = match slipped {
            Some(slipped) => (slipped, Then::Mend(text)),
            None => (text, Then::Nothing),
        };
        self.plan(begins, Act::Type { who: who.clone(), chat: chat.clone(), started: true });
        self.plan(said, Act::Type { who: who.clone(), chat: chat.clone(), started: false });
        self.plan(said, Act::Say { who, chat, text, then });
        said
    }

    /// Something planned was said, as `message`.
    pub(super) fn said(&mut self, now: Timestamp, message: Id, then: Then) {
        match then {
            Then::Nothing => {}
            Then::Mend(text) => {
                let later = now + self.rng.i64(2000..4500);
                self.plan(later, Act::Edit { message, text });
            }
            Then::TakeBack => {
                let later = now + self.rng.i64(3000..6000);
                self.plan(later, Act::Delete { message });
            }
        }
    }

    /// Plans the next topic, and the one after it.
    fn chat(&mut self, now: Timestamp) {
        let next = now + self.rng.i64(20..60) * SECOND;
        self.plan(next, Act::Chat);
        if self.topics.is_empty() {
            // The first in the script comes first, so that the first impression is the one that was chosen.
            self.topics = (1..self.book.chatter.len()).collect();
            self.rng.shuffle(&mut self.topics);
            self.topics.push(0);
        }
        let Some(topic) = self.topics.pop().and_then(|nth| self.book.chatter.get(nth).cloned()) else { return };
        let Some(chat) = self.rooms.get(&topic.room).cloned() else { return };
        let mut at = now;
        if self.rng.u32(..100) < SLIPS && !self.book.slips.is_empty() {
            at = self.slip_up(at, &topic.lines, &chat);
        }
        for line in &topic.lines {
            let Some((nth, text)) = self.spoken(line) else { continue };
            at = self.say(at, nth, &chat, &text) + self.rng.i64(700..2200);
        }
    }

    /// Whoever begins a topic first says something that was meant for another window.
    fn slip_up(&mut self, at: Timestamp, lines: &[String], chat: &Id) -> Timestamp {
        let Some((nth, _)) = lines.first().and_then(|line| self.spoken(line)) else { return at };
        let text = self.book.slips[self.rng.usize(..self.book.slips.len())].clone();
        let who = self.ids[nth].clone();
        let said = at + 1200;
        self.plan(at, Act::Type { who: who.clone(), chat: chat.clone(), started: true });
        self.plan(said, Act::Type { who: who.clone(), chat: chat.clone(), started: false });
        self.plan(said, Act::Say { who, chat: chat.clone(), text, then: Then::TakeBack });
        said + 3000
    }

    fn spoken(&self, line: &str) -> Option<(usize, String)> {
        let line = Line::read(line)?;
        let nth = self.book.people.iter().position(|part| part.username == line.who)?;
        Some((nth, line.text.to_owned()))
    }
}

/// The words of a text, in lower case, without what surrounds them.
fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn matches(answer: &Answer, words: &[String]) -> bool {
    answer.to.iter().any(|word| words.contains(word))
}

#[cfg(test)]
#[path = "stage_tests.rs"]
mod tests;
