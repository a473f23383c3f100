//! A configuration that was read again.

use crate::app::effect::{ConfigTrigger, Effect};
use crate::app::features::persistence::flush::ChangeKind::Tracked;
use crate::app::features::{reload, settings, typing};
use crate::app::model::mentions::Mentions;
use crate::app::model::state::State;
use crate::config::{Problems, Reloaded};

use crate::app::update::follow_up::on_shown;

/// Puts the options of a configuration in effect, and tells the user. One that was to be tried is ignored if the user
/// has gone on.
pub(super) fn on_loaded(
    state: &mut State,
    effects: &mut Vec<Effect>,
    trigger: ConfigTrigger,
    loaded: Result<Box<Reloaded>, Problems>,
) {
    if matches!(&trigger, ConfigTrigger::Try(new) if !settings::is_wanted(state.ui.box_ref(), new)) {
        return;
    }
    if let Ok(reloaded) = &loaded {
        apply(state, &trigger, reloaded);
    }
    for id in state.accounts.ids() {
        state.with_account(id, effects, typing::stop_if_hidden);
    }
    // With other options the rows are others.
    state.parked_mut().iter_mut().for_each(|ui| ui.pane.forget_rows());
    on_shown(state, effects, Tracked, |cx| reload::on_loaded(cx, trigger, loaded));
}

fn apply(state: &mut State, trigger: &ConfigTrigger, reloaded: &Reloaded) {
    state.options.apply(&reloaded.settings);
    for settings in reloaded.settings.profiles() {
        let account = state.accounts.iter_mut().find(|account| account.profile.name == settings.profile);
        let Some(account) = account else { continue };
        account.profile.call_command.clone_from(&settings.call_command);
        account.profile.notifications.clone_from(&settings.notifications);
        // A value that is only tried must not tell others anything.
        if !matches!(trigger, ConfigTrigger::Try(_)) {
            (account.profile.seen, account.profile.hides_typing) = (settings.seen, !settings.typing);
        }
    }
    state.terminal.background.into_iter().for_each(|background| state.options.adapt_to(background));
    // They are derived anew, with the present words.
    state.accounts.iter_mut().for_each(|account| account.mentions = Mentions::default());
}
