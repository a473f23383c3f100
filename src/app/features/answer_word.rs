//! The rest of a word whose first letter was typed at a question.
//!
//! Whoever types `yes` means the question with the whole word, although its first letter has answered already. Letters
//! that may belong to such a word are held back: Enter or a pause ends the word and drops them. Any other key shows that
//! they are the beginning of a text, which is then typed as if nothing had been held back.
//!
//! Nobody means a question with any other word. It is text for the composer from its first letter on, but the Enter that
//! follows without a pause does not send it. Where letters are commands, they do nothing until there is a pause.

use crate::app::model::context::Context;
use crate::app::model::timers::UiTimer;
use crate::app::model::ui::{AnswerWord, Focus};
use crate::app::overlays::overlay::Overlay;
use crate::input::{Action, Code, Context as KeyContext, Key};

/// Maximum time between two letters of a word, in milliseconds.
const MAX_PAUSE: i64 = 500;

/// Answers as people write them.
const ANSWERS: &[&str] = &["yes", "yep", "yea", "yeah", "yup", "no", "nope", "nah"];

/// The fate of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Outcome {
    /// It is handled as usual, after these letters were typed into the composer.
    Pass(String),
    /// It belongs to the word and does nothing more.
    Taken,
}

/// Records that a letter has answered the open question, or was meant to before the question accepts an answer.
pub(in crate::app) fn begin(cx: &mut Context<'_>, letter: char) {
    hold(cx, AnswerWord::Answer(letter.into()));
}

/// Records that a letter, which is no answer, has closed a question. Returns what to type into the composer.
pub(in crate::app) fn begin_other(cx: &mut Context<'_>, letter: char) -> String {
    let mut letters = match cx.ui.answer_word.take() {
        Some(AnswerWord::Answer(letters)) => letters,
        _ => String::new(),
    };
    if !is_composing(cx) {
        hold(cx, AnswerWord::Ignored);
        return String::new();
    }
    letters.push(letter);
    hold(cx, AnswerWord::Text);
    letters
}

/// Decides whether a key belongs to the word.
pub(in crate::app) fn on_key(cx: &mut Context<'_>, key: Key) -> Outcome {
    let Some(word) = cx.ui.answer_word.take() else { return Outcome::Pass(String::new()) };
    cx.ui.timers.clear(UiTimer::AnswerWordEnds);
    let letter = key.typed().filter(|c| c.is_alphabetic());
    let question = cx.ui.overlay.as_ref().filter(|open| matches!(open, Overlay::Question(_)));
    let is_at_question = question.is_some();
    let bound = question.and_then(|question| Some((question, question.action(&cx.options.keymap, key)?)));
    let answers = bound.is_some_and(|(question, action)| question.has_key(action));
    match (word, letter) {
        (AnswerWord::Answer(letters), Some(letter)) if !answers && may_follow(&letters, letter) => {
            hold(cx, AnswerWord::Answer(letters + &letter.to_string()));
            Outcome::Taken
        }
        // Another letter answers the question, or closes it together with those that were held back.
        (AnswerWord::Answer(letters), Some(_)) if is_at_question => {
            hold(cx, AnswerWord::Answer(letters));
            Outcome::Pass(String::new())
        }
        (AnswerWord::Answer(_) | AnswerWord::Ignored, None) if key == Key::plain(Code::Enter) => Outcome::Taken,
        (AnswerWord::Answer(letters), _) if key.typed().is_some() => text(cx, &letters),
        (AnswerWord::Answer(letters), _) => Outcome::Pass(unfinished(cx, &letters)),
        (AnswerWord::Ignored, Some(_)) => {
            hold(cx, AnswerWord::Ignored);
            Outcome::Taken
        }
        (AnswerWord::Text, _) if key.typed().is_some() && is_composing(cx) => {
            hold(cx, AnswerWord::Text);
            Outcome::Pass(String::new())
        }
        (AnswerWord::Text, _) if is_composing(cx) && sends(cx, key) => {
            let press = cx.options.press(Action::Send);
            cx.notify(format!("Not sent: you typed this at a question. {press} to send it."));
            Outcome::Taken
        }
        (AnswerWord::Text | AnswerWord::Ignored, _) => Outcome::Pass(String::new()),
    }
}

/// Ends the word after a pause, or because something else happens. Returns what to type into the composer.
pub(in crate::app) fn end(cx: &mut Context<'_>) -> String {
    match cx.ui.answer_word.take() {
        Some(AnswerWord::Answer(letters)) => unfinished(cx, &letters),
        _ => String::new(),
    }
}

fn hold(cx: &mut Context<'_>, word: AnswerWord) {
    // A line is typed as a whole.
    if !cx.options.linear {
        cx.ui.answer_word = Some(word);
        cx.ui.timers.set(UiTimer::AnswerWordEnds, cx.now + MAX_PAUSE);
    }
}

/// Treats the letters after the first as text, or as commands that the user does not mean.
fn text(cx: &mut Context<'_>, letters: &str) -> Outcome {
    let held = after_first(letters);
    if held.is_empty() {
        Outcome::Pass(String::new())
    } else if is_composing(cx) {
        hold(cx, AnswerWord::Text);
        Outcome::Pass(held.to_owned())
    } else {
        hold(cx, AnswerWord::Ignored);
        Outcome::Taken
    }
}

/// Returns the letters after the first unless they are the rest of an answer.
fn unfinished(cx: &Context<'_>, letters: &str) -> String {
    let is_answer = ANSWERS.contains(&without_repetition(letters).as_str());
    if is_answer || is_repeated(letters) || !is_composing(cx) { String::new() } else { after_first(letters).to_owned() }
}

/// Whether the composer has the keys.
fn is_composing(cx: &Context<'_>) -> bool {
    cx.ui.overlay.is_none() && cx.ui.focus == Focus::Composer
}

fn sends(cx: &Context<'_>, key: Key) -> bool {
    cx.options.keymap.action(&[KeyContext::Composer], key) == Some(Action::Send)
}

/// Whether a letter may belong to an answer that begins with these. A key that is held repeats its letter.
fn may_follow(letters: &str, letter: char) -> bool {
    let all = without_repetition(&format!("{letters}{letter}"));
    is_repeated(&all) || ANSWERS.iter().any(|answer| answer.starts_with(&all))
}

/// Whether a word consists of one letter, any number of times.
fn is_repeated(letters: &str) -> bool {
    without_repetition(letters).chars().count() == 1
}

fn without_repetition(letters: &str) -> String {
    let mut letters: Vec<char> = letters.to_lowercase().chars().collect();
    letters.dedup();
    letters.into_iter().collect()
}

fn after_first(letters: &str) -> &str {
    letters.chars().next().map_or("", |first| &letters[first.len_utf8()..])
}
