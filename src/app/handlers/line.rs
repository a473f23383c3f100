//! Lines that were typed as a whole, without a screen (`--linear`).
//!
//! A line of text is a message by itself, or belongs to what was begun: it answers the message that is replied to, and
//! replaces the text that is edited. A command runs. Neither changes a draft, which the user may have written days ago and
//! does not see: it is sent, edited and discarded only on request.
//!
//! A line for a box replaces the text of its field. A box without one takes one key at a time: what was meant as a message
//! must not answer a question because it has a `y` in it. Commands close the box and run; over a question, the menu of a
//! paste and the key test, only `/quit`, `/help` and `/rooms` do. One that cannot run leaves the box as it is.

use crate::app::features::{completion, directory, drafts, help, hints, quote_reply, recall, refused_command};
use crate::app::handlers::{action, command, key, overlay};
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::app::model::terminal::Readout;
use crate::app::model::ui::Focus;
use crate::app::overlays::overlay::Overlay;
use crate::input::{Action, Code, Command, CommandId, Key, command_line};

/// Handles a line. Without an open box, a single character acts on the selected message, and an empty line says the draft
/// again.
pub(in crate::app) fn on_line(cx: &mut Context<'_>, line: &str) {
    if cx.ui.overlay.is_some() {
        return in_box(cx, line);
    }
    if cx.ui.completion.popup.is_some() {
        completion::close(cx);
    }
    if line.chars().nth(1).is_some() {
        cx.ui.focus = Focus::Composer;
    }
    if cx.ui.focus != Focus::Composer {
        match line.chars().next() {
            Some(c) => press(cx, Code::Char(c)),
            None => press(cx, Code::Enter),
        }
    } else if line.trim().is_empty() {
        if !cx.ui.composer.is_blank() {
            cx.terminal.read_out(Readout::Composer);
        }
    } else if command_line(line).is_some() {
        run(cx, line);
    } else {
        say(cx, line);
    }
}

/// Runs a command. One that fails does not stay in the composer: it is no draft, and its line can be recalled.
fn run(cx: &mut Context<'_>, line: &str) {
    discard_command(cx);
    if cx.ui.composer.is_empty() && cx.ui.composer.editing.is_none() {
        // The reply that was begun stays, and what the command sends is the reply.
        cx.ui.composer.replace_all(line);
    } else {
        drafts::set_aside(cx);
        cx.ui.composer = Composer::with_text(line);
    }
    action::run(cx, Action::Send);
    if cx.ui.composer.is_command() {
        discard_command(cx);
        refused_command::name_open_room(cx);
    }
}

/// Removes a command from the composer, so that its line can be recalled. The draft returns.
fn discard_command(cx: &mut Context<'_>) {
    if cx.ui.composer.is_command() {
        let line = cx.ui.composer.text().trim_end().to_owned();
        recall::record(cx, &line, false);
        cx.ui.composer.replace_all("");
        drafts::sync_draft(cx);
    }
}

/// Sends a line, as the answer or as the new text of a message if that was begun. The draft stays, but without an open
/// room, where the line waits with it for the room that is opened next.
fn say(cx: &mut Context<'_>, line: &str) {
    discard_command(cx);
    let text = without_escape(line);
    if let Some(reason) = cx.closed_reason() {
        recall::record(cx, text, true);
        return cx.notify(reason);
    }
    if cx.ui.composer.editing.is_some() {
        cx.ui.composer.replace_all(text);
    } else {
        let reply = cx.ui.composer.reply.take();
        let quotation = quote_reply::take_begun(&mut cx.ui.composer);
        drafts::set_aside(cx);
        cx.ui.composer.replace_all(&format!("{quotation}{text}"));
        cx.ui.composer.literal = true;
        cx.ui.composer.reply = reply;
    }
    let is_cut = cx.ui.composer.take_overflow();
    action::run(cx, Action::Send);
    if is_cut {
        key::notify_cut(cx);
    }
}

/// Returns a line without the first of two slashes at its start.
fn without_escape(line: &str) -> &str {
    line.strip_prefix('/').filter(|rest| rest.starts_with('/')).unwrap_or(line)
}

/// Handles a line while a box is open.
fn in_box(cx: &mut Context<'_>, line: &str) {
    let Some(open) = &cx.ui.overlay else { return };
    let has_question = matches!(open, Overlay::Question(_) | Overlay::Paste(_) | Overlay::KeyTest(_));
    let is_path = matches!(open, Overlay::Save(_));
    // A single slash is a key, which opens the text field of a list.
    let command = command_line(line).filter(|command| !command.is_empty());
    match command.map(Command::parse) {
        Some(Ok((CommandId::Quit, _))) => {
            overlay::close(cx);
            return action::run(cx, Action::Quit);
        }
        Some(Ok((_, Command::Help(words)))) => return help::open(cx, &words),
        Some(Ok((_, Command::Rooms(title)))) if title.is_empty() => return directory::search_rooms(cx, ""),
        // A question has to be answered first, and a path may begin like a command.
        Some(Ok(_)) if has_question => {}
        Some(Err(_)) if is_path => {}
        // Nobody looks for the name of a command in a list.
        Some(_) => {
            if let Some(reason) = command.and_then(|command| command::reason_against(cx, command)) {
                return cx.notify(reason);
            }
            overlay::close(cx);
            return on_line(cx, line);
        }
        None => {}
    }
    let is_question = matches!(open, Overlay::Question(_));
    let word = line.trim();
    if line.is_empty() {
        press(cx, Code::Enter);
    } else if open.is_typing() {
        let narrows = open.is_filtering();
        cx.ui.overlay.iter_mut().for_each(Overlay::clear_text);
        type_line(cx, if is_path { line } else { without_escape(line) });
        if cx.ui.overlay.is_some() && !narrows {
            press(cx, Code::Enter);
        }
    } else if matches!(open, Overlay::KeyTest(_)) {
        type_line(cx, line);
        press(cx, Code::Enter);
    } else if word.chars().nth(1).is_none() {
        type_line(cx, word);
    } else if is_question && word.eq_ignore_ascii_case("yes") {
        overlay::on_action(cx, Action::Yes);
    } else if is_question && word.eq_ignore_ascii_case("no") {
        overlay::on_action(cx, Action::No);
    } else {
        refuse(cx, line);
    }
}

/// Says what the box takes instead of a line, and how to leave it. The line can be recalled.
fn refuse(cx: &mut Context<'_>, line: &str) {
    recall::record(cx, line, false);
    let keys = hints::key_list(cx.scene());
    let (close, recall) = (cx.options.key_name(Action::Cancel), cx.options.key_name(Action::OlderLine));
    cx.notify(format!(
        "Not sent: the open box takes one key at a time: {keys}. {close} closes it, then {recall} brings the line back."
    ));
}

/// Presses the keys of a line in a box, up to the one that closes it. The rest of the line belonged to the box as well.
fn type_line(cx: &mut Context<'_>, line: &str) {
    for c in line.chars() {
        press(cx, Code::Char(c));
        if cx.ui.overlay.is_none() {
            break;
        }
    }
}

fn press(cx: &mut Context<'_>, code: Code) {
    key::on_key(cx, Key::plain(code));
}
