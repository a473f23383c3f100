//! Quits the program.

use crate::app::effect::Effect;
use crate::app::model::call::CallStage;
use crate::app::model::context::{Context, Scene};
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::question::Question;
use crate::domain::Request;

/// Quits, or opens a confirmation if a draft or queued message would be lost.
pub(in crate::app) fn quit(cx: &mut Context<'_>) {
    if would_lose_text(cx.scene()) {
        cx.ui.overlay = Some(Overlay::Question(Question::Quit));
    } else {
        quit_now(cx);
    }
}

/// Whether quitting now would lose a draft or a queued message.
pub(in crate::app) fn would_lose_text(scene: Scene<'_>) -> bool {
    // If drafts and the outbox are stored on disk, only entries that have not been written yet would be lost.
    if scene.account.drafts_are_durable {
        return scene.account.outbox.is_at_risk();
    }
    let drafts = !scene.ui.composer.is_empty() || scene.account.drafts.values().any(|draft| !draft.is_empty());
    drafts || !scene.account.outbox.is_empty()
}

/// Quits without confirmation. Ends an outgoing or current call, which would otherwise go on for the other person.
pub(in crate::app) fn quit_now(cx: &mut Context<'_>) {
    let ongoing =
        cx.account.call.take().filter(|call| matches!(call.stage, CallStage::Outgoing(_) | CallStage::Active(_)));
    cx.effects.extend(ongoing.and_then(|call| call.id).map(|call| cx.account.request(Request::EndCall { call })));
    cx.effects.push(Effect::Quit);
}
