//! The work that follows every event.

use crate::app::effect::Effect;
use crate::app::features::persistence::flush;
use crate::app::features::persistence::flush::ChangeKind;
use crate::app::features::{completion, notifications, vanished_rooms};
use crate::app::model::context::Context;
use crate::app::model::state::State;
use crate::app::model::ui::Focus;
use crate::domain::AccountId;

/// Runs `work` on the account on screen, and then what follows a change of this kind.
pub(super) fn on_shown(
    state: &mut State,
    effects: &mut Vec<Effect>,
    change: ChangeKind,
    work: impl FnOnce(&mut Context<'_>),
) {
    on_account(state, effects, state.ui.shown, change, work);
}

/// Runs `work` on an account, and then what follows a change of this kind.
pub(super) fn on_account(
    state: &mut State,
    effects: &mut Vec<Effect>,
    account: AccountId,
    change: ChangeKind,
    work: impl FnOnce(&mut Context<'_>),
) {
    state.with_account(account, effects, |cx| {
        work(cx);
        follow_up(cx, change);
    });
}

/// Closes an empty deleted room, keeps the focus valid and passes changes to the store.
pub(super) fn follow_up(cx: &mut Context<'_>, change: ChangeKind) {
    vanished_rooms::remove_if_empty(cx);
    if cx.ui.overlay.is_none() {
        // The next box may be opened by something else than a key.
        cx.ui.opened_by = None;
    }
    keep_focus(cx);
    completion::close_if_outdated(cx);
    notifications::withdraw_finished(cx);
    flush::after_event(cx, change);
}

/// Resets the focus to the composer if the selected message no longer exists, and to the last row of the room list if
/// the list has become shorter.
fn keep_focus(cx: &mut Context<'_>) {
    match cx.ui.focus {
        Focus::Composer => {}
        Focus::Message(slot) => {
            if cx.open_room().is_none_or(|room| room.timeline.position(slot).is_none()) {
                cx.ui.focus = Focus::Composer;
            }
        }
        Focus::Rooms(number) => cx.ui.focus = Focus::Rooms(number.min(cx.scene().list_len().saturating_sub(1))),
    }
}
