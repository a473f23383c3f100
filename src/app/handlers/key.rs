//! Key handling: the topmost element on screen receives a key first.

use crate::app::features::answer_word::{self, Outcome};
use crate::app::features::{completion, drafts, hints, key_test, pastes, typing};
use crate::app::handlers::{action, overlay};
use crate::app::model::access::notify_closed;
use crate::app::model::call::Call;
use crate::app::model::completion::Completion;
use crate::app::model::composer::{Composer, MAX_TEXT};
use crate::app::model::context::{Context, Scene};
use crate::app::model::ui::Focus;
use crate::app::overlays::overlay::Overlay;
use crate::domain::{AccountId, format_limit};
use crate::input::{Action, Code, Context as KeyContext, Key};
use std::mem::discriminant;

/// Part of the screen that a key may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Touched {
    /// Only the text in the composer, or its cursor.
    Composer,
    /// Any part of the screen.
    Anything,
}

pub(in crate::app) fn on_key(cx: &mut Context<'_>, key: Key) -> Touched {
    let kind_of = |cx: &Context<'_>| cx.ui.overlay.as_ref().map(discriminant);
    let is_help = |cx: &Context<'_>| matches!(cx.ui.overlay, Some(Overlay::Help(..)));
    let (before, was_help) = (kind_of(cx), is_help(cx));
    let touched = handle(cx, key);
    // The box that the help covers was opened by another key.
    if before != kind_of(cx) && !was_help && !(is_help(cx) && before.is_some()) {
        cx.ui.opened_by = cx.ui.overlay.is_some().then_some(key);
    }
    touched
}

fn handle(cx: &mut Context<'_>, key: Key) -> Touched {
    if key_test::on_key(cx, key) {
        return Touched::Anything;
    }
    let key = key.legacy().filter(|_| !cx.options.keymap.is_bound(key)).unwrap_or(key);
    match answer_word::on_key(cx, key) {
        Outcome::Taken => return Touched::Anything,
        Outcome::Pass(held) => type_text(cx, &held),
    }
    if let Some(action) = ringing_action(cx, key) {
        action::run(cx, action);
        return Touched::Anything;
    }
    if let Some(open) = &cx.ui.overlay {
        // Whoever types over the room info, which any key closes, writes a message.
        let bound = open.action(&cx.options.keymap, key);
        if matches!(open, Overlay::Question(_))
            && let Some(c) = key.typed()
        {
            let is_own = bound.is_some_and(|bound| open.has_key(bound));
            on_question_character(cx, key, c, is_own);
            return Touched::Anything;
        }
        let is_written = matches!(open, Overlay::Info(_)) && matches!(bound, None | Some(Action::Yes | Action::No));
        if cx.ui.completion.popup.is_none() || !on_popup_key(cx, key) {
            overlay::on_key(cx, key);
        }
        if is_written && key.typed().is_some() && cx.ui.focus == Focus::Composer {
            on_composer_key(cx, key);
        }
        return Touched::Anything;
    }
    let contexts = match cx.ui.focus {
        Focus::Composer => return on_composer_key(cx, key),
        Focus::Message(_) => &[KeyContext::Message, KeyContext::Anywhere][..],
        Focus::Rooms(_) => &[KeyContext::Rooms, KeyContext::Overlay, KeyContext::Anywhere],
    };
    // The key that shows the help from a selected message does so in the room list, too.
    let helps = || cx.options.keymap.action(&[KeyContext::Message], key).filter(|bound| *bound == Action::MessageHelp);
    match cx.options.keymap.action(contexts, key).or_else(helps) {
        Some(action) => action::run(cx, action),
        None if key.typed().is_some() || is_pressed_on_purpose(key) => notify_unbound(cx, key),
        None => {}
    }
    Touched::Anything
}

/// Whether a key that is bound to nothing is one that a person has pressed to have something done. Serial lines and
/// terminals send zero bytes, which are Ctrl+Space, and a sequence that is cut short begins like a key with Alt.
fn is_pressed_on_purpose(key: Key) -> bool {
    match key.code {
        Code::F(_) => true,
        Code::Char(' ') => key.alt,
        Code::Char('[' | ']' | '\\') if key.alt => false,
        Code::Char('o' | 'p') if key.alt && key.shift => false,
        Code::Char(_) => key.ctrl || key.alt,
        _ => false,
    }
}

/// Tells somebody who writes that a key does nothing.
fn notify_unbound_in_text(cx: &mut Context<'_>, key: Key) {
    let (name, help) = (cx.options.name_of(key), cx.options.press(Action::Help));
    cx.notify(format!("{name} does nothing here. {help} for the keys."));
}

/// Tells somebody who types while a message or a room is selected where the letters go.
fn notify_unbound(cx: &mut Context<'_>, key: Key) {
    let (back, help) = (cx.options.press(Action::Cancel), cx.options.to_press(Action::MessageHelp));
    let name = cx.options.name_of(key);
    cx.notify(format!("{name} does nothing here. {back} to write, {help} for the keys."));
}

/// Handles a character typed at a question, which may be one of its keys.
fn on_question_character(cx: &mut Context<'_>, key: Key, c: char, is_own: bool) {
    if is_own {
        overlay::on_key(cx, key);
        answer_word::begin(cx, c);
    } else if c.is_alphabetic() {
        // Whoever types a word has not seen the question: a `y` later in it must not answer.
        overlay::on_action(cx, Action::Cancel);
        let text = answer_word::begin_other(cx, c);
        type_text(cx, &text);
        let (yes, no) = (cx.options.keymap.shown(Action::Yes), cx.options.keymap.shown(Action::No));
        cx.notify(format!("Nothing was done: the question takes {yes} or {no}."));
    } else {
        overlay::on_key(cx, key);
    }
}

/// Types text into the composer, as the user has typed it before.
pub(in crate::app) fn type_text(cx: &mut Context<'_>, text: &str) {
    for c in text.chars() {
        on_composer_key(cx, Key::plain(Code::Char(c)));
    }
}

/// Returns the action of a key for a ringing call. Characters are typed even then.
fn ringing_action(cx: &Context<'_>, key: Key) -> Option<Action> {
    let is_ringing = cx.account.call.as_ref().is_some_and(Call::is_ringing);
    let bound = cx.options.keymap.action(&[KeyContext::Ringing], key);
    bound.filter(|_| is_ringing && key.typed().is_none())
}

/// Returns the action of a key for the call of an account that is not shown, and that account. The account that is shown
/// comes first if it has a call, too.
pub(in crate::app) fn call_of_other(scene: Scene<'_>, key: Key) -> Option<(AccountId, Action)> {
    let other = scene.with_call().filter(|other| other.account.id != scene.account.id)?;
    let is_ringing = other.account.call.as_ref().is_some_and(Call::is_ringing);
    let contexts = if is_ringing { &[KeyContext::Ringing][..] } else { &[KeyContext::Anywhere] };
    let bound = scene.options.keymap.action(contexts, key).filter(|_| key.typed().is_none())?;
    let is_for_call = matches!(bound, Action::AcceptCall | Action::RejectCall | Action::HangUp);
    is_for_call.then_some((other.account.id, bound))
}

/// Inserts pasted text literally into the open overlay or the composer.
pub(in crate::app) fn on_paste(cx: &mut Context<'_>, text: &str) {
    let held = answer_word::end(cx);
    type_text(cx, &held);
    if cx.ui.overlay.is_some() {
        return overlay::on_paste(cx, text);
    }
    cx.ui.focus = Focus::Composer;
    let before = cx.is_closed().then(|| cx.ui.composer.clone());
    let is_closed = before.is_some();
    let (inserted, rest) = cx.ui.composer.paste(text);
    if only_commands(cx, before) {
        notify_closed(cx);
    }
    notify_overflow(cx);
    typing::update_typing(cx);
    if !is_closed {
        pastes::on_pasted(cx, inserted, rest);
    }
}

fn on_composer_key(cx: &mut Context<'_>, key: Key) -> Touched {
    let had_popup = cx.ui.completion.popup.is_some();
    if had_popup && on_popup_key(cx, key) {
        return Touched::Anything;
    }
    let touched = on_text_key(cx, key);
    let has_popup = cx.ui.completion.popup.is_some();
    if had_popup || has_popup { Touched::Anything } else { touched }
}

/// Handles a key of the completion popup and returns whether it is one. Typed letters belong to the text.
fn on_popup_key(cx: &mut Context<'_>, key: Key) -> bool {
    let bound = cx.options.keymap.action(&[KeyContext::Completion], key).filter(|_| key.typed().is_none());
    let takes_enter = cx.ui.completion.popup.as_ref().is_some_and(Completion::takes_enter);
    match bound {
        Some(Action::CompletionConfirm) if !takes_enter => false,
        Some(action) => {
            action::run(cx, action);
            true
        }
        None => false,
    }
}

fn on_text_key(cx: &mut Context<'_>, key: Key) -> Touched {
    // In a closed room, only commands can be typed.
    let before = cx.is_closed().then(|| cx.ui.composer.clone());
    // Hints and notice on the status line, and the counter above the composer: all that a typed letter changes outside
    // of the composer.
    let outside = |cx: &Context<'_>| {
        (hints::composer_hints(cx.scene()), cx.ui.composer.space_left(), cx.terminal.notice.is_some())
    };
    let (was_empty, outside_before) = (cx.ui.composer.is_empty(), outside(cx));
    let touched = on_editing_key(cx, key);
    let mut is_refused = false;
    if touched == Touched::Composer {
        is_refused = only_commands(cx, before) && key.typed().is_some();
        let may_open = key.typed().is_some() || key.code == Code::Backspace;
        completion::refresh(cx, may_open);
    }
    if was_empty && !cx.ui.composer.is_empty() && key.typed().is_some() {
        // The notice is about something that the user did before, and would hide the hints for the new text.
        cx.terminal.notice = None;
    }
    if is_refused {
        notify_closed(cx);
    }
    // While there is no text, the status line tells more about the state.
    let is_outside_changed = was_empty != cx.ui.composer.is_empty() || outside(cx) != outside_before;
    if notify_overflow(cx) || is_outside_changed || is_refused { Touched::Anything } else { touched }
}

/// Shows a notice if the composer was full, and returns whether it was.
fn notify_overflow(cx: &mut Context<'_>) -> bool {
    let overflowed = cx.ui.composer.take_overflow();
    if overflowed {
        notify_cut(cx);
    }
    overflowed
}

/// Tells the user that a text was too long.
pub(in crate::app) fn notify_cut(cx: &mut Context<'_>) {
    let limit = format_limit(MAX_TEXT as u64);
    cx.notify(format!("Text beyond {limit} was left out. Send it as a second message or as a file."));
}

/// Undoes typing where messages cannot be written, and returns whether there was any. Once the composer is empty, a waiting
/// draft is restored if possible.
fn only_commands(cx: &mut Context<'_>, before: Option<Composer>) -> bool {
    let before = before.filter(|_| !cx.ui.composer.is_empty() && !cx.ui.composer.is_command());
    let is_undone = before.is_some();
    if let Some(before) = before {
        cx.ui.composer = before;
    }
    if cx.ui.composer.is_empty() {
        drafts::sync_draft(cx);
    }
    is_undone
}

fn on_editing_key(cx: &mut Context<'_>, key: Key) -> Touched {
    let empty = cx.ui.composer.is_empty().then_some(KeyContext::EmptyComposer);
    let selection = cx.ui.composer.selection().map(|_| KeyContext::Selection);
    let here: Vec<KeyContext> = selection.into_iter().chain(empty).chain([KeyContext::Composer]).collect();
    if let Some(action) = cx.options.keymap.action(&here, key) {
        if action == Action::Yank && cx.terminal.kill_ring.newest().is_empty() {
            cx.notify("Nothing was deleted or copied here. To paste, use the paste key of your terminal.");
            return Touched::Anything;
        }
        let cells = cx.ui.regions.composer_cells();
        if cx.ui.composer.apply(action, &mut cx.terminal.kill_ring, cells) {
            typing::update_typing(cx);
        } else {
            action::run(cx, action);
            return Touched::Anything;
        }
    } else if let Some(c) = key.typed() {
        if c == '/' {
            drafts::set_aside_for_command(cx);
        }
        cx.ui.composer.insert(c);
        typing::update_typing(cx);
    } else if let Some(action) = cx.options.keymap.action(&[KeyContext::Anywhere], key) {
        action::run(cx, action);
        return Touched::Anything;
    } else if is_pressed_on_purpose(key) {
        notify_unbound_in_text(cx, key);
        return Touched::Anything;
    } else {
        move_cursor(cx, key);
        if cx.ui.composer.is_empty() {
            typing::update_typing(cx);
        }
    }
    Touched::Composer
}

/// Handles the cursor keys that every text field has. They are not bindings, so users cannot remove them.
fn move_cursor(cx: &mut Context<'_>, key: Key) {
    let cells = cx.ui.regions.composer_cells();
    match key.code {
        Code::Left => cx.ui.composer.left(),
        Code::Right => cx.ui.composer.right(),
        Code::Up => drop(cx.ui.composer.move_row(false, cells)),
        Code::Down => drop(cx.ui.composer.move_row(true, cells)),
        Code::Backspace => cx.ui.composer.backspace(),
        Code::Delete => cx.ui.composer.delete(),
        _ => {}
    }
}
