//! Quits the program.

use crate::app::effect::Effect;
use crate::app::model::account::Account;
use crate::app::model::call::CallStage;
use crate::app::model::context::{Context, Scene};
use crate::app::overlays::question::Question;
use crate::domain::Request;

/// Quits, or opens a confirmation if a draft or queued message would be lost.
pub(in crate::app) fn quit(cx: &mut Context<'_>) {
    if would_lose_text(cx.scene()) {
        cx.ask(Question::Quit);
    } else {
        quit_now(cx);
    }
}

/// Whether quitting now would lose a draft or a queued message of any account.
pub(in crate::app) fn would_lose_text(scene: Scene<'_>) -> bool {
    scene.all_accounts().any(|account| loses_text(scene, account))
}

/// Whether closing an account now would lose a draft or a queued message.
pub(in crate::app) fn loses_text(scene: Scene<'_>, account: &Account) -> bool {
    // If drafts and the outbox are stored on disk, only entries that have not been written yet would be lost.
    if account.drafts_are_durable {
        return account.outbox.is_at_risk();
    }
    let is_written = scene.is_written(account.id) || account.roomless_draft.is_some();
    is_written || account.drafts.values().any(|draft| !draft.is_empty()) || !account.outbox.is_empty()
}

/// Quits without confirmation. Ends outgoing and current calls, which would otherwise go on for the other person.
pub(in crate::app) fn quit_now(cx: &mut Context<'_>) {
    let ends: Vec<Effect> = cx.scene().all_accounts().filter_map(end_of_call).collect();
    cx.account.call = None;
    cx.effects.extend(ends);
    cx.effects.push(Effect::Quit);
}

/// Returns what ends the outgoing or current call of an account.
pub(in crate::app) fn end_of_call(account: &Account) -> Option<Effect> {
    let call = account.call.as_ref();
    let ongoing = call.filter(|call| matches!(call.stage, CallStage::Outgoing(_) | CallStage::Active(_)))?;
    let call = ongoing.id.clone()?;
    Some(account.request(Request::EndCall { call }))
}
