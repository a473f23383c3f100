//! Answers to confirmation questions, and the actions that follow a yes.

use crate::app::effect::Effect;
use crate::app::features::quit::quit_now;
use crate::app::features::{downloads, edits, export, marked, people, unread, unsent};
use crate::app::model::context::Context;
use crate::app::model::ui::Focus;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::question::{Question, Replacement};
use crate::domain::Request;
use crate::input::Action;
use crate::store::OutboxPayload;

/// Tells the user that a yes came before the question could be read, and was ignored.
pub(in crate::app) fn notify_early(cx: &mut Context<'_>) {
    let sentence = early(cx);
    cx.notify(sentence);
}

/// Removes that notice, because the question is answered.
pub(in crate::app) fn dismiss_early(cx: &mut Context<'_>) {
    let sentence = early(cx);
    if cx.terminal.notice.as_ref().is_some_and(|notice| notice.text == sentence) {
        cx.dismiss_notice();
    }
}

fn early(cx: &Context<'_>) -> String {
    format!("{} again to confirm.", cx.options.press(Action::Yes))
}

/// Runs the action that the user has confirmed.
pub(in crate::app) fn answer_yes(cx: &mut Context<'_>, question: Question) {
    match question {
        Question::DeleteMessage(room, message) => {
            cx.ui.focus = Focus::Composer;
            edits::delete(cx, &room, message);
        }
        Question::DeleteMessages(room, messages) => {
            cx.ui.focus = Focus::Composer;
            marked::delete(cx, &room, messages);
        }
        Question::DeleteForMe(room, message) => {
            cx.ui.focus = Focus::Composer;
            edits::enqueue_change(cx, &room, OutboxPayload::DeleteForMe { message });
        }
        Question::DiscardEdit => edits::discard(cx),
        Question::Discard(room, local) => unsent::discard(cx, &room, local),
        Question::ChangeListedMember(list, request) => {
            cx.ui.overlay = Some(Overlay::List(*list));
            cx.request_confirmed(*request);
        }
        Question::ChangeMembers(change) => people::request_change(cx, change),
        Question::Request(request) => {
            if *request == Request::LogOut {
                cx.notify("Logging out…");
            }
            cx.request_confirmed(*request);
        }
        Question::WriteBundle(_) => cx.effects.push(Effect::WriteBundle),
        Question::ReplaceFile(Replacement::Export(room, format, path)) => {
            export::start::replace(cx, room, format, path);
        }
        Question::ReplaceFile(Replacement::Download(file, path)) => downloads::replace(cx, *file, path),
        Question::MarkAllRead => unread::mark_all_read(cx),
        Question::Quit => quit_now(cx),
    }
}

/// Ends what the user has answered with no.
pub(in crate::app) fn answer_no(cx: &mut Context<'_>, question: Question) {
    match question {
        Question::WriteBundle(_) => cx.effects.push(Effect::DiscardBundle),
        Question::ChangeListedMember(list, _) => cx.ui.overlay = Some(Overlay::List(*list)),
        Question::DeleteMessage(..)
        | Question::DeleteMessages(..)
        | Question::DeleteForMe(..)
        | Question::DiscardEdit
        | Question::Discard(..)
        | Question::ChangeMembers(_)
        | Question::Request(_)
        | Question::ReplaceFile(_)
        | Question::MarkAllRead
        | Question::Quit => {}
    }
}
