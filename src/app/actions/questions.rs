//! What is asked before it is done, and what is done after a yes.

use crate::app::call::CallStage;
use crate::app::context::Context;
use crate::app::effect::Effect;
use crate::app::list::ListKind;
use crate::app::on_server;
use crate::app::overlay::{Overlay, Question, Removal};
use crate::app::ui::Focus;
use crate::domain::{Access, Request};
use crate::store::OutboxPayload;

use super::{lists, messages, unsent};

/// Quits, after a question when something would be lost by it.
pub(in crate::app) fn quit(cx: &mut Context<'_>) {
    let drafts = !cx.ui.composer.is_empty() || cx.account.drafts.values().any(|draft| !draft.is_empty());
    // Where all that is written is kept on disk, only what the disk has not got yet would be lost.
    let lost = if cx.account.drafts_are_durable {
        cx.account.outbox.is_at_risk()
    } else {
        drafts || !cx.account.outbox.is_empty()
    };
    if lost {
        cx.ui.overlay = Some(Overlay::Question(Question::Quit));
    } else {
        leave(cx);
    }
}

/// Ends the program, and the call that would else ring on over there.
fn leave(cx: &mut Context<'_>) {
    let ours = cx.account.call.take().filter(|call| matches!(call.stage, CallStage::Out(_) | CallStage::Held(_)));
    cx.effects.extend(ours.and_then(|call| call.id).map(|call| cx.account.request(Request::EndCall { call })));
    cx.effects.push(Effect::Quit);
}

/// Does what was asked about.
pub(in crate::app) fn answer_yes(cx: &mut Context<'_>, question: Question) {
    match question {
        Question::DeleteMessage(room, message) => {
            cx.ui.focus = Focus::Composer;
            messages::change(cx, &room, OutboxPayload::Delete { message });
        }
        Question::DeleteForMe(room, message) => {
            cx.ui.focus = Focus::Composer;
            messages::change(cx, &room, OutboxPayload::DeleteForMe { message });
        }
        Question::Discard(room, local) => unsent::discard(cx, &room, local),
        Question::RemoveMember(Removal { room, kind, person, username }) => {
            lists::show(cx, ListKind::Members(room.clone()));
            cx.request(Request::RemoveMember { room, kind, person, username });
        }
        Question::LeaveGroup(room) => cx.effects.push(cx.account.request(Request::LeaveGroup { room })),
        // A group that one has left cannot be deleted over there; here it can.
        Question::DeleteRoom(room)
            if cx.account.rooms.get(&room).is_some_and(|room| room.membership.access == Access::NotMember) =>
        {
            on_server::on_room_deleted(cx, &room);
        }
        Question::DeleteRoom(room) => cx.effects.push(cx.account.request(Request::DeleteRoom { room })),
        Question::Quit => leave(cx),
    }
}
