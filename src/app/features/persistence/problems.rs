//! When the disk does not take what is to be kept: the chat goes on, and the user is told once.

use crate::app::model::context::Context;
use crate::store::Problem;

/// Something is amiss with the store.
pub(in crate::app) fn on_problem(cx: &mut Context<'_>, problem: &Problem) {
    let sentence = problem.to_string();
    cx.notify(sentence.clone());
    cx.account.persistence.notice_to_repeat = cx.ui.open.is_none().then(|| sentence.clone());
    // A few entries that cannot be read keep nothing else from the disk.
    if !matches!(problem, Problem::Unread(_)) {
        cx.account.drafts_are_durable = false;
        cx.account.persistence.problem = Some(sentence);
    }
}

/// All is kept again.
pub(in crate::app) fn on_recovered(cx: &mut Context<'_>) {
    cx.account.persistence.problem = None;
    cx.account.persistence.notice_to_repeat = None;
    cx.account.drafts_are_durable = cx.account.persistence.enabled && cx.account.persistence.loaded;
    cx.notify("Saving to disk works again.");
}
