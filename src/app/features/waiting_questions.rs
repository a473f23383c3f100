//! Questions that an answer from elsewhere causes, at a moment when the user does something else.
//!
//! A question takes the place of an open box and all keys, so these are asked once no box is open.

use crate::app::model::context::Context;
use crate::app::overlays::question::{Question, Replacement};

/// Asks whether an existing file is replaced: at once, or after the user has closed what is open.
pub(in crate::app) fn ask_to_replace(cx: &mut Context<'_>, replacement: Replacement) {
    let path = replacement.path().to_owned();
    cx.ui.waiting_questions.push_back(Question::ReplaceFile(replacement));
    if !cx.ui.has_keys() {
        cx.notify(format!("{path} exists already. Go to this profile to decide whether it is replaced."));
    } else if cx.ui.overlay.is_some() {
        cx.notify(format!("{path} exists already. Close this box to decide whether it is replaced."));
    }
}

/// Asks the next question that waits, if no box is open.
pub(in crate::app) fn ask_next(cx: &mut Context<'_>) {
    if cx.ui.overlay.is_none()
        && let Some(question) = cx.ui.waiting_questions.pop_front()
    {
        cx.ask(question);
    }
}
