//! Changes of an account that concern others: which one is shown, and which are open.

use crate::app::effect::Effect;
use crate::app::features::persistence::flush;
use crate::app::features::persistence::flush::ChangeKind::{Drafts, Tracked};
use crate::app::features::rooms::listing;
use crate::app::features::unread::ReadRooms;
use crate::app::features::{bundle, downloads, export, navigation, notifications, quit, settings, unread};
use crate::app::model::state::State;
use crate::app::model::ui::{Place, Transition};
use crate::domain::AccountId;
use crate::input::Action;

use crate::app::update::follow_up::{on_account, on_shown};

/// Does what an account has left for the others, see [`Transition`].
pub(super) fn follow(state: &mut State, effects: &mut Vec<Effect>) {
    match state.ui.transition.take() {
        Some(Transition::Go(account, place)) => go(state, effects, account, place),
        Some(Transition::Close(account)) => close(state, effects, account),
        Some(Transition::ChangeRoom(account, room, action)) => {
            on_account(state, effects, account, Tracked, |cx| listing::change(cx, room, action));
        }
        Some(Transition::ReadAll) => read_all(state, effects),
        None => {}
    }
}

/// Shows another account and goes to a place in it. Without a place that still exists, its last room is shown.
pub(super) fn go(state: &mut State, effects: &mut Vec<Effect>, account: AccountId, place: Place) {
    if state.accounts.get(account).is_none() {
        return;
    }
    let is_hidden = !state.is_on_screen(account);
    if account != state.ui.shown {
        on_shown(state, effects, Drafts, |cx| {
            settings::abandon(cx);
            if is_hidden {
                bundle::abandon(cx);
                navigation::leave_account(cx);
            }
        });
        state.show(account);
    }
    on_shown(state, effects, Drafts, |cx| {
        // In a tile, the user is where they left it.
        if is_hidden || place != Place::Last {
            navigation::arrive(cx, place);
        }
        if is_hidden {
            unread::come_back(cx);
        }
    });
}

/// Marks all rooms of all accounts as read.
fn read_all(state: &mut State, effects: &mut Vec<Effect>) {
    let mut read = ReadRooms::default();
    let ids: Vec<AccountId> = state.scene().accounts().map(|account| account.id).collect();
    for id in ids {
        on_account(state, effects, id, Tracked, |cx| unread::mark_account_read(cx, &mut read));
    }
    state.with_shown(effects, |cx| cx.notify(read.sentence()));
}

/// Closes an account, unless text would be lost. Nothing of it is on screen afterwards.
fn close(state: &mut State, effects: &mut Vec<Effect>, account: AccountId) {
    let is_shown = account == state.ui.shown;
    let scene = state.scene();
    let Some(closing) = scene.all_accounts().find(|other| other.id == account) else { return };
    let name = closing.profile.name.clone();
    let next = scene.all_accounts().map(|other| other.id).find(|other| *other != account);
    let refusal = match next {
        None => {
            let press = state.options.press(Action::Quit);
            Some(format!("{name} is the only open profile. {press} to quit."))
        }
        Some(_) if quit::loses_text(scene, closing) => {
            Some(format!("{name} has text that is not saved. Send or delete it, then close the profile."))
        }
        Some(next) => {
            let call = quit::end_of_call(closing);
            if is_shown {
                go(state, effects, next, Place::Last);
            }
            effects.extend(call);
            state.with_account(account, effects, |cx| {
                let _abandoned = export::collect::abandon(cx);
                downloads::cancel_all(cx);
                notifications::withdraw_all(cx);
                flush::write_everything(cx);
            });
            state.close_account(account);
            effects.extend([Effect::CloseProfile(account), remember_profiles(state)]);
            None
        }
    };
    let sentence = refusal.unwrap_or_else(|| format!("The profile {name} is closed."));
    on_shown(state, effects, Tracked, |cx| cx.notify(sentence));
}

/// Returns the effect that remembers which profiles are open.
pub(super) fn remember_profiles(state: &State) -> Effect {
    Effect::RememberProfiles(state.accounts.iter().map(|account| account.profile.name.clone()).collect())
}
