//! Typing notifications that this client sends.

use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::context::Context;
use crate::app::model::timers::AccountTimer;
use crate::domain::Request;

/// Sends the typing notification after a change of the composer, once per period of typing.
///
/// Commands and edits are not announced, and nothing is if the user does not want that.
pub(in crate::app) fn update_typing(cx: &mut Context<'_>) {
    let Some(room) = cx.ui.open.clone().filter(|_| !cx.account.profile.hides_typing) else { return };
    if cx.ui.composer.is_empty() || cx.ui.composer.is_command() || cx.ui.composer.editing.is_some() || cx.is_closed() {
        stop_typing(cx);
        return;
    }
    if cx.account.connection != ConnectionState::Online {
        return;
    }
    if cx.account.typing_in.is_none() {
        cx.request(Request::Typing { room: room.clone(), on: true });
    }
    let idle_timeout = cx.account.capabilities.map_or(0, |can| can.typing_idle);
    cx.account.typing_in = Some(room);
    cx.account.timers.set(AccountTimer::StopTyping, cx.now + idle_timeout);
}

/// Announces that typing has ended, if the user no longer wants others to know of it.
pub(in crate::app) fn stop_if_hidden(cx: &mut Context<'_>) {
    if cx.account.profile.hides_typing {
        stop_typing(cx);
    }
}

/// Announces that typing has ended, if its beginning was announced.
pub(in crate::app) fn stop_typing(cx: &mut Context<'_>) {
    take_end(cx.account).into_iter().for_each(|request| cx.request(request));
}

/// Returns the request that announces the end of typing, if its beginning was announced.
pub(in crate::app) fn take_end(account: &mut Account) -> Option<Request> {
    account.timers.clear(AccountTimer::StopTyping);
    account.typing_in.take().map(|room| Request::Typing { room, on: false })
}
