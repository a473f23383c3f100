//! Reports of problems with the store. The chat continues without it, and the user is notified once.

use crate::app::model::context::Context;
use crate::store::Problem;

/// Notifies the user of a problem and records that changes may not be stored.
pub(in crate::app) fn on_problem(cx: &mut Context<'_>, problem: &Problem) {
    let sentence = problem.to_string();
    cx.notify(sentence.clone());
    cx.account.persistence.notice_to_repeat = cx.ui.open.is_none().then(|| sentence.clone());
    // A few unreadable entries do not prevent new data from being stored, and neither does another client.
    if !matches!(problem, Problem::UnreadableEntries(_) | Problem::SecondClient) {
        cx.account.drafts_are_durable = false;
        cx.account.persistence.problem = Some(sentence);
    }
}

/// Records that the store works again and notifies the user.
pub(in crate::app) fn on_recovered(cx: &mut Context<'_>) {
    cx.account.persistence.problem = None;
    cx.account.persistence.notice_to_repeat = None;
    cx.account.drafts_are_durable = cx.account.persistence.enabled && cx.account.persistence.loaded;
    cx.notify("Saving to disk works again.");
}
