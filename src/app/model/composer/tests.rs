//! Tests of the composer.

use std::borrow::Cow;

use proptest::collection::vec;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::kill_ring::KillRing;
use super::{Composer, MAX_TEXT};
use crate::input::Action;

/// Applies an action with an empty kill ring, on rows of ten cells.
fn apply(composer: &mut Composer, action: Action) {
    apply_with(composer, &mut KillRing::default(), action);
}

fn apply_with(composer: &mut Composer, ring: &mut KillRing, action: Action) {
    assert!(composer.apply(action, ring, 10), "{action:?}");
}

#[test]
fn backspace_deletes_a_joined_emoji_at_once() {
    let mut composer = Composer::with_text("a👨‍👩‍👧");
    composer.backspace();
    assert_eq!(composer.text(), "a");
}

#[test]
fn heart_emoji_is_one_step_for_cursor_and_delete() {
    let mut composer = Composer::with_text("❤️\nb");
    composer.move_row(false, 10);
    apply(&mut composer, Action::LineStart);
    composer.right();
    composer.insert('x');
    assert_eq!(composer.text(), "❤️x\nb");
    apply(&mut composer, Action::LineStart);
    composer.delete();
    assert_eq!(composer.text(), "x\nb");
}

#[test]
fn cursor_moves_through_wrapped_rows() {
    let mut composer = Composer::with_text("hello brave world");
    assert_eq!(composer.cursor(7), (2, 5));
    assert!(composer.move_row(false, 7));
    assert_eq!(composer.cursor(7), (1, 5));
    composer.insert('!');
    assert_eq!(composer.text(), "hello brave! world");
}

#[test]
fn click_places_the_cursor_between_graphemes() {
    let mut composer = Composer::with_text("日本 brave world\nend");
    composer.move_to(0, 3, 7, false);
    assert_eq!(composer.cursor(7), (0, 2), "the right half of a wide character");
    composer.move_to(1, 99, 7, false);
    assert_eq!(composer.cursor(7), (1, 5));
    composer.move_to(9, 0, 7, false);
    assert_eq!(composer.cursor(7), (3, 3), "below the text");
}

#[test]
fn move_row_returns_false_at_the_edges() {
    let mut composer = Composer::with_text("one");
    assert!(!composer.move_row(false, 10));
    assert!(!composer.move_row(true, 10));
}

/// Regression test: near the end of a pasted line of 70,000 characters, Delete removed the wrong character.
#[test]
fn text_beyond_64_kib_is_left_out_and_noticed() {
    let mut composer = Composer::default();
    composer.paste(&"ä".repeat(40_000));
    assert!(composer.take_overflow());
    assert!(!composer.take_overflow(), "it is reported once");
    assert_eq!(composer.text().len(), MAX_TEXT - 1, "a character is not cut");
    composer.insert('é');
    assert!(composer.take_overflow());
    composer.insert('x');
    assert!(!composer.take_overflow());
    apply(&mut composer, Action::NewLine);
    assert!(composer.take_overflow());
    composer.left();
    composer.left();
    composer.delete();
    assert!(composer.text().ends_with("äx"));
    assert_eq!(composer.text().len(), MAX_TEXT - 2);
    let mut ring = KillRing::default();
    apply_with(&mut composer, &mut ring, Action::DeleteToStart);
    apply_with(&mut composer, &mut ring, Action::Yank);
    apply_with(&mut composer, &mut ring, Action::Yank);
    assert!(composer.take_overflow());
    assert_eq!(composer.text().len(), MAX_TEXT - 2, "what was deleted cannot be inserted twice");
}

#[test]
fn last_of_65_535_lines_can_be_edited() {
    let mut composer = Composer::default();
    composer.paste(&"\n".repeat(MAX_TEXT));
    composer.left();
    composer.right();
    composer.move_row(false, 10);
    composer.move_row(true, 10);
    assert_eq!(composer.cursor_chars(), MAX_TEXT);
    assert_eq!(composer.cursor(10), (MAX_TEXT, 0));
}

/// Regression test: each key wrapped the whole text several times.
#[test]
fn unchanged_text_is_wrapped_once() {
    let mut composer = Composer::with_text("hello brave world");
    let is_wrapped = |composer: &Composer| matches!(composer.rows(7), Cow::Borrowed(_));
    composer.wrap(7);
    composer.move_row(false, 7);
    composer.left();
    for action in [Action::LineStart, Action::WordRight, Action::WordLeft, Action::LineEnd] {
        apply(&mut composer, action);
    }
    assert!(is_wrapped(&composer));
    let edits: [fn(&mut Composer); 5] = [
        |composer| composer.insert('x'),
        |composer| _ = composer.paste("brave new"),
        |composer| apply(composer, Action::DeleteWord),
        Composer::backspace,
        Composer::delete,
    ];
    for edit in edits {
        edit(&mut composer);
        assert!(!is_wrapped(&composer));
        let rows = composer.rows(7).into_owned();
        composer.wrap(7);
        assert_eq!(composer.rows(7).into_owned(), rows);
    }
    composer.wrap(9);
    assert!(!is_wrapped(&composer), "rows of another width");
}

#[test]
fn pasted_slash_is_literal_text() {
    let mut composer = Composer::default();
    composer.paste("/quit\r\n\tnow");
    assert!(composer.literal);
    assert_eq!(composer.text(), "/quit\n\tnow");
}

#[test]
fn lines_after_a_typed_command_make_it_text() {
    let mut composer = Composer::with_text("/info");
    assert!(composer.is_command());
    composer.paste("\nmore");
    assert!(!composer.is_command());
}

#[test]
fn tab_is_one_step_of_four_cells() {
    let mut composer = Composer::default();
    composer.paste("a\tb");
    assert_eq!(composer.cursor(20), (0, 6));
    composer.left();
    assert_eq!(composer.cursor(20), (0, 5));
    composer.backspace();
    assert_eq!(composer.text(), "ab");
}

#[test]
fn deleted_text_can_be_inserted_again() {
    let (mut composer, mut ring) = (Composer::with_text("one two three"), KillRing::default());
    let mut apply = |composer: &mut Composer, action| apply_with(composer, &mut ring, action);
    apply(&mut composer, Action::DeleteWord);
    apply(&mut composer, Action::LineStart);
    apply(&mut composer, Action::Yank);
    assert_eq!(composer.text(), "threeone two ");
    apply(&mut composer, Action::DeleteToEnd);
    assert_eq!(composer.text(), "three");
    apply(&mut composer, Action::LineStart);
    apply(&mut composer, Action::DeleteNext);
    apply(&mut composer, Action::Yank);
    assert_eq!(composer.text(), "one two hree");
    apply(&mut composer, Action::DeleteNextWord);
    apply(&mut composer, Action::Undo);
    assert_eq!(composer.text(), "one two hree");
}

#[test]
fn words_deleted_in_a_row_are_one_text_of_the_ring() {
    let (mut composer, mut ring) = (Composer::with_text("see https://a.b/c now"), KillRing::default());
    for action in [Action::DeleteToBlank, Action::DeleteToBlank] {
        apply_with(&mut composer, &mut ring, action);
    }
    assert_eq!((composer.text(), ring.newest()), ("see ", "https://a.b/c now"));
    composer.left();
    apply_with(&mut composer, &mut ring, Action::DeleteToStart);
    apply_with(&mut composer, &mut ring, Action::DeleteToEnd);
    assert_eq!((composer.text(), ring.newest()), ("", "see "));
    // The older text replaces the newer one, and the next press brings that back.
    apply_with(&mut composer, &mut ring, Action::Yank);
    apply_with(&mut composer, &mut ring, Action::YankPop);
    assert_eq!(composer.text(), "https://a.b/c now");
    apply_with(&mut composer, &mut ring, Action::YankPop);
    assert_eq!(composer.text(), "see ");
    composer.left();
    apply_with(&mut composer, &mut ring, Action::YankPop);
    assert_eq!(composer.text(), "see ", "only directly after an insertion");
}

#[test]
fn undo_takes_back_a_word_at_a_time() {
    let mut composer = Composer::default();
    "two brave  words".chars().for_each(|c| composer.insert(c));
    let mut texts = Vec::new();
    for _step in 0..4 {
        apply(&mut composer, Action::Undo);
        texts.push(composer.text().to_owned());
    }
    assert_eq!(texts, ["two brave  ", "two ", "", ""]);
    (0..3).for_each(|_step| apply(&mut composer, Action::Redo));
    assert_eq!((composer.text(), composer.cursor_byte()), ("two brave  words", 16));
    (0..7).for_each(|_key| composer.backspace());
    apply(&mut composer, Action::Undo);
    assert_eq!(composer.text(), "two brave  ");
    apply(&mut composer, Action::Undo);
    assert_eq!((composer.text(), composer.cursor_byte()), ("two brave  words", 16));
}

#[test]
fn selection_is_replaced_by_what_is_typed() {
    let mut composer = Composer::with_text("one two three");
    apply(&mut composer, Action::SelectWordLeft);
    apply(&mut composer, Action::SelectWordLeft);
    assert_eq!(composer.selected_text(), Some("two three"));
    composer.insert('x');
    composer.insert('y');
    assert_eq!((composer.text(), composer.selection()), ("one xy", None));
    apply(&mut composer, Action::Undo);
    assert_eq!(composer.text(), "one two three");
    apply(&mut composer, Action::SelectToLineStart);
    composer.left();
    assert_eq!((composer.cursor_byte(), composer.selection()), (0, None));
    apply(&mut composer, Action::SelectAll);
    let mut ring = KillRing::default();
    assert_eq!(composer.cut(&mut ring).as_deref(), Some("one two three"));
    apply_with(&mut composer, &mut ring, Action::Yank);
    apply_with(&mut composer, &mut ring, Action::Yank);
    assert_eq!(composer.text(), "one two threeone two three");
}

#[test]
fn selection_follows_rows_and_ends_of_the_text() {
    let mut composer = Composer::with_text("hello brave world");
    apply(&mut composer, Action::SelectUp);
    assert_eq!(composer.selected_text(), Some(" world"), "rows of ten cells");
    apply(&mut composer, Action::SelectUp);
    apply(&mut composer, Action::SelectUp);
    assert_eq!(composer.selected_text(), Some("hello brave world"));
    composer.backspace();
    assert!(composer.is_empty());
}

/// Text appended to "here" moved the cursor before the "re" that both texts end with.
#[test]
fn cursor_is_where_the_last_change_of_a_new_text_ends() {
    for (old, new, before_cursor) in [
        ("typed here", "typed here and more", "typed here and more"),
        ("one three", "one two three", "one two t"),
        ("one two three", "one three", "one t"),
        ("a\nb\nc", "a\nX\nc", "a\nX"),
        ("old", "new", "new"),
    ] {
        let mut composer = Composer::with_text(old);
        composer.replace_all(new);
        assert_eq!(&composer.text()[..composer.cursor_byte()], before_cursor);
    }
}

#[test]
fn readline_keys_change_characters_and_words() {
    for (text, cursor, action, changed) in [
        ("hte", 1, Action::TransposeChars, "the"),
        ("teh", 3, Action::TransposeChars, "the"),
        ("a\nb", 2, Action::TransposeChars, "a\nb"),
        ("x", 1, Action::TransposeChars, "x"),
        ("world, hello", 12, Action::TransposeWords, "hello, world"),
        ("two one three", 5, Action::TransposeWords, "one two three"),
        ("alone", 2, Action::TransposeWords, "alone"),
        ("so good", 2, Action::UpperCaseWord, "so GOOD"),
        ("SO", 0, Action::LowerCaseWord, "so"),
        ("the éCOLE", 3, Action::CapitalizeWord, "the École"),
        ("a  \t b", 3, Action::DeleteBlanks, "ab"),
        ("a \n b", 2, Action::DeleteBlanks, "a\n b"),
        ("a\nb", 2, Action::DeleteToStart, "ab"),
        ("a\nb", 1, Action::DeleteToEnd, "ab"),
    ] {
        let mut composer = Composer::with_cursor_at(text, cursor);
        apply(&mut composer, action);
        assert_eq!(composer.text(), changed, "{action:?} in {text:?}");
    }
}

/// Everything that a key can do with the text.
const ACTIONS: &[Action] = &[
    Action::LineStart,
    Action::LineEnd,
    Action::WordLeft,
    Action::WordRight,
    Action::SelectLeft,
    Action::SelectRight,
    Action::SelectUp,
    Action::SelectDown,
    Action::SelectWordLeft,
    Action::SelectWordRight,
    Action::SelectToLineStart,
    Action::SelectToLineEnd,
    Action::SelectAll,
    Action::NewLine,
    Action::DeleteNext,
    Action::DeleteWord,
    Action::DeleteToBlank,
    Action::DeleteNextWord,
    Action::DeleteToStart,
    Action::DeleteToEnd,
    Action::DeleteBlanks,
    Action::TransposeChars,
    Action::TransposeWords,
    Action::UpperCaseWord,
    Action::LowerCaseWord,
    Action::CapitalizeWord,
    Action::Yank,
    Action::YankPop,
    Action::Undo,
    Action::Redo,
];

/// A key, a paste or an action.
#[derive(Debug, Clone)]
enum Step {
    Type(char),
    Paste(&'static str),
    Apply(Action),
    Left,
    Right,
    Backspace,
    Row(bool),
    Cut,
}

fn step() -> impl Strategy<Value = Step> {
    let chars = prop::sample::select(vec!['a', 'b', ' ', '\n', '.', '日', '\u{301}', '\u{200d}', '🇩', '🇪', '👩', '❤']);
    let texts = prop::sample::select(vec!["", "one two", "\u{fe0f}", "🇪🇩", "x\r\ny\tz", "👨‍👩‍👧 "]);
    prop_oneof![
        6 => chars.prop_map(Step::Type),
        1 => texts.prop_map(Step::Paste),
        6 => prop::sample::select(ACTIONS).prop_map(Step::Apply),
        1 => Just(Step::Left),
        1 => Just(Step::Right),
        2 => Just(Step::Backspace),
        1 => any::<bool>().prop_map(Step::Row),
        1 => Just(Step::Cut),
    ]
}

fn take(composer: &mut Composer, ring: &mut KillRing, step: &Step) {
    match step {
        Step::Type(c) => composer.insert(*c),
        Step::Paste(text) => _ = composer.paste(text),
        Step::Apply(action) => apply_with(composer, ring, *action),
        Step::Left => composer.left(),
        Step::Right => composer.right(),
        Step::Backspace => composer.backspace(),
        Step::Row(down) => _ = composer.move_row(*down, 5),
        Step::Cut => drop(composer.cut(ring)),
    }
}

fn is_boundary(text: &str, at: usize) -> bool {
    at == text.len() || text.grapheme_indices(true).any(|(start, _)| start == at)
}

proptest! {
    #[test]
    fn cursor_and_selection_are_between_graphemes(steps in vec(step(), 0..60)) {
        let (mut composer, mut ring) = (Composer::with_text("🇩🇪 e\u{301}\nb"), KillRing::default());
        for step in steps {
            take(&mut composer, &mut ring, &step);
            let (text, at) = (composer.text(), composer.cursor_byte());
            prop_assert!(is_boundary(text, at), "{step:?} left the cursor at {at} in {text:?}");
            if let Some(selected) = composer.selection() {
                prop_assert!(is_boundary(text, selected.start) && is_boundary(text, selected.end), "{step:?}");
            }
            let rows = composer.rows(5);
            let (row, column) = composer.cursor(5);
            prop_assert!(row < rows.len() && column <= 5);
        }
    }

    #[test]
    fn undo_and_redo_restore_every_text(steps in vec(step(), 0..60)) {
        let (mut composer, mut ring) = (Composer::with_text("first"), KillRing::default());
        let is_history = |step: &&Step| matches!(step, Step::Apply(Action::Undo | Action::Redo));
        let mut texts = vec!["first".to_owned()];
        for step in steps.iter().filter(|step| !is_history(step)) {
            take(&mut composer, &mut ring, step);
            texts.push(composer.text().to_owned());
        }
        let last = composer.text().to_owned();
        let mut seen = texts.len() - 1;
        for _step in 0..=steps.len() {
            let before = composer.text().to_owned();
            apply(&mut composer, Action::Undo);
            let known = texts[..=seen].iter().rposition(|text| text == composer.text());
            prop_assert!(known.is_some(), "{:?} was never there, after {before:?}", composer.text());
            seen = known.unwrap_or_default();
        }
        prop_assert_eq!(composer.text(), "first");
        for _step in 0..=steps.len() {
            apply(&mut composer, Action::Redo);
        }
        prop_assert_eq!(composer.text(), last);
    }

    #[test]
    fn cut_text_returns_with_yank(text in "[a-c \n日]{0,20}", moves in vec(0..6usize, 1..8)) {
        let (mut composer, mut ring) = (Composer::with_text(&text), KillRing::default());
        let selections = [
            Action::SelectLeft,
            Action::SelectUp,
            Action::SelectWordLeft,
            Action::SelectToLineStart,
            Action::SelectRight,
            Action::SelectAll,
        ];
        moves.iter().for_each(|at| apply_with(&mut composer, &mut ring, selections[*at]));
        let selected = composer.selected_text().map(str::to_owned);
        let cut = composer.cut(&mut ring);
        prop_assert_eq!(&cut, &selected);
        prop_assert_eq!(composer.text().len() + cut.as_ref().map_or(0, String::len), text.len());
        if cut.is_some() {
            apply_with(&mut composer, &mut ring, Action::Yank);
            prop_assert_eq!(composer.text(), text);
        }
    }
}
