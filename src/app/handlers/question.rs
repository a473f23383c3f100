//! Answers to confirmation questions, and the actions that follow a yes.

use crate::app::effect::Effect;
use crate::app::features::outbox::actions;
use crate::app::features::quit::quit_now;
use crate::app::features::{downloads, edits, export, lists, marked, people};
use crate::app::model::context::Context;
use crate::app::model::ui::Focus;
use crate::app::overlays::list::ListKind;
use crate::app::overlays::question::{Question, Removal, Replacement};
use crate::domain::Request;
use crate::store::OutboxPayload;

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
        Question::Discard(room, local) => actions::discard(cx, &room, local),
        Question::RemoveMember(Removal { room, kind, person, username }) => {
            lists::show(cx, ListKind::Members(room.clone()));
            cx.request(Request::RemoveMember { room, kind, person, username });
        }
        Question::ChangeMembers(change) => people::request_change(cx, change),
        Question::LeaveGroup(room) => cx.request(Request::LeaveGroup { room }),
        Question::ClearCalls => cx.request(Request::ClearCalls),
        Question::DeleteRoom(room) => cx.request(Request::DeleteRoom { room }),
        Question::WriteBundle(_) => cx.effects.push(Effect::WriteBundle),
        Question::ReplaceFile(Replacement::Export(room, format, path)) => {
            export::start::replace(cx, room, format, path);
        }
        Question::ReplaceFile(Replacement::Download(file, path)) => downloads::replace(cx, *file, path),
        Question::LogOut => {
            cx.notify("Logging out…");
            cx.request(Request::LogOut);
        }
        Question::Quit => quit_now(cx),
    }
}
