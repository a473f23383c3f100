//! Lines that were typed as a whole, without a screen (`--linear`).
//!
//! A line is text for the composer, or for the text field of the open box. A box without a text field takes one key at a
//! time: what was meant as a message must not answer a question because it has a `y` in it. Commands close the box and
//! run; over a question, the menu of a paste and the key test, only `/quit`, `/help` and `/rooms` do.

use crate::app::features::{directory, drafts, help, hints, recall};
use crate::app::handlers::{action, key, overlay};
use crate::app::model::context::Context;
use crate::app::model::ui::Focus;
use crate::app::overlays::overlay::Overlay;
use crate::input::{Action, Code, Command, CommandId, Key, Keymap};

/// Handles a line. Without an open box it replaces the text in the composer, which can be recalled, and is sent; a single
/// character acts on the selected message.
pub(in crate::app) fn on_line(cx: &mut Context<'_>, line: &str) {
    if cx.ui.overlay.is_some() {
        return in_box(cx, line);
    }
    if line.chars().nth(1).is_some() {
        cx.ui.focus = Focus::Composer;
    }
    let is_composed = cx.ui.focus == Focus::Composer;
    if is_composed && !line.is_empty() && !cx.ui.composer.is_empty() && cx.ui.open.is_none() {
        // Where no room is open, no line can be recalled: the text waits for the room that is opened next.
        if cx.ui.composer.is_command() {
            cx.ui.composer.replace_all("");
        } else {
            drafts::set_aside(cx);
        }
    } else if is_composed && !line.is_empty() && !cx.ui.composer.is_empty() {
        let (text, literal) = (cx.ui.composer.text().to_owned(), cx.ui.composer.literal);
        if cx.ui.composer.editing.is_none() {
            recall::record(cx, &text, literal);
        }
        cx.ui.composer.replace_all("");
    }
    press_all(cx, line);
    // What follows from a key, such as the answer to a question, must not send a draft.
    if is_composed || line.is_empty() {
        press(cx, Code::Enter);
    }
}

/// Handles a line while a box is open.
fn in_box(cx: &mut Context<'_>, line: &str) {
    let Some(open) = &cx.ui.overlay else { return };
    let command = line.strip_prefix('/').and_then(|line| Command::parse(line).ok());
    match command {
        Some((CommandId::Quit, _)) => {
            overlay::close(cx);
            return action::run(cx, Action::Quit);
        }
        Some((CommandId::Help, _)) => return help::open(cx),
        Some((_, Command::Rooms(title))) if title.is_empty() => return directory::search_rooms(cx, ""),
        // Nobody looks for the name of a command in a list. A question has to be answered first.
        Some(_) if !matches!(open, Overlay::Question(_) | Overlay::Paste(_) | Overlay::KeyTest(_)) => {
            overlay::close(cx);
            return on_line(cx, line);
        }
        _ => {}
    }
    let takes_text = open.is_typing() || matches!(open, Overlay::KeyTest(_));
    let is_question = matches!(open, Overlay::Question(_));
    let word = line.trim();
    if takes_text || begins_search(open, &cx.options.keymap, word) {
        press_all(cx, line);
        if cx.ui.overlay.is_some() {
            press(cx, Code::Enter);
        }
    } else if line.is_empty() {
        press(cx, Code::Enter);
    } else if word.chars().nth(1).is_none() {
        press_all(cx, word);
    } else if is_question && word.eq_ignore_ascii_case("yes") {
        overlay::on_action(cx, Action::Yes);
    } else if is_question && word.eq_ignore_ascii_case("no") {
        overlay::on_action(cx, Action::No);
    } else {
        refuse(cx, line);
    }
}

/// Whether the first character of a line opens the text field of the box, and the rest of the line belongs there.
fn begins_search(open: &Overlay, keymap: &Keymap, word: &str) -> bool {
    let first = word.chars().next().map(|c| Key::plain(Code::Char(c)));
    let bound = first.and_then(|key| open.action(keymap, key));
    let opens_field = match open {
        Overlay::Help(..) | Overlay::List(_) | Overlay::Settings(_) => bound == Some(Action::MessageSearch),
        Overlay::Inspector(_) => bound == Some(Action::InspectorSearch),
        _ => false,
    };
    opens_field && word.chars().nth(1).is_some()
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

/// Presses the keys of a line, up to the one that closes the box. The rest of the line belonged to the box as well.
fn press_all(cx: &mut Context<'_>, line: &str) {
    let was_in_box = cx.ui.overlay.is_some();
    for c in line.chars() {
        press(cx, Code::Char(c));
        if was_in_box && cx.ui.overlay.is_none() {
            break;
        }
    }
}

fn press(cx: &mut Context<'_>, code: Code) {
    key::on_key(cx, Key::plain(code));
}
