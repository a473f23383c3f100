//! Ends the program.

use crate::app::effect::Effect;
use crate::app::model::call::CallStage;
use crate::app::model::context::Context;
use crate::app::overlays::overlay::{Overlay, Question};
use crate::domain::Request;

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
pub(in crate::app) fn leave(cx: &mut Context<'_>) {
    let ours =
        cx.account.call.take().filter(|call| matches!(call.stage, CallStage::Outgoing(_) | CallStage::Active(_)));
    cx.effects.extend(ours.and_then(|call| call.id).map(|call| cx.account.request(Request::EndCall { call })));
    cx.effects.push(Effect::Quit);
}
