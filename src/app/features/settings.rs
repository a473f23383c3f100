//! Settings on screen: values are tried at once, and saved or abandoned.

use crate::app::effect::{ConfigTrigger, Effect, NewValue};
use crate::app::features::refused_command;
use crate::app::model::context::Context;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::settings::{SettingChoice, SettingsPage};
use crate::config::{EffectiveValue, OptionSpec, Problems, Reloaded, Source};

/// Shows all settings, or the choices of one option.
pub(in crate::app) fn show(cx: &mut Context<'_>, reloaded: Reloaded, single: Option<&'static str>) {
    let profile = &cx.account.profile.name;
    let settings = reloaded.settings.profiles().find(|settings| settings.profile == *profile);
    let backend = settings.filter(|_| !is_demo(&reloaded)).map(|settings| settings.backend);
    let page = SettingsPage::new(&reloaded.effective, reloaded.themes, single, profile, backend);
    cx.ui.overlay = Some(Overlay::Settings(page));
}

/// Whether this is the demo: its account is described by no configuration.
fn is_demo(reloaded: &Reloaded) -> bool {
    reloaded.effective.iter().all(|value| value.key != "url")
}

/// Saves a theme.
pub(in crate::app) fn set_theme(cx: &mut Context<'_>, name: &str) {
    let Some(option) = OptionSpec::by_key("theme") else { return };
    let new = NewValue { option, profile: cx.account.profile.name.clone(), value: Some(name.to_owned()) };
    cx.effects.push(Effect::LoadConfig(ConfigTrigger::Save(new)));
}

/// Carries out what the user has chosen.
pub(in crate::app) fn on_choice(cx: &mut Context<'_>, choice: SettingChoice) {
    let trigger = match choice {
        SettingChoice::Try(new) => ConfigTrigger::Try(new),
        SettingChoice::Save(new) => ConfigTrigger::Save(new),
        SettingChoice::Abandon => {
            close_editor(cx);
            ConfigTrigger::Abandon
        }
    };
    cx.effects.push(Effect::LoadConfig(trigger));
}

/// Restores the saved value before the settings are closed in another way.
pub(in crate::app) fn abandon(cx: &mut Context<'_>) {
    if page(cx).is_some_and(|page| page.is_trying()) {
        cx.effects.push(Effect::LoadConfig(ConfigTrigger::Abandon));
    }
}

/// Whether a value that was tried is still the selected one. Answers may arrive late.
pub(in crate::app) fn is_wanted(overlay: Option<&Overlay>, new: &NewValue) -> bool {
    matches!(overlay, Some(Overlay::Settings(page)) if page.edited().as_ref() == Some(new))
}

/// Shows the saved value, and tells the user where it is.
pub(in crate::app) fn on_saved(cx: &mut Context<'_>, new: &NewValue, reloaded: &Reloaded) {
    refresh(cx, reloaded);
    close_editor(cx);
    let key = new.option.key;
    let source = EffectiveValue::find(&reloaded.effective, key, &new.profile).map(|value| &value.source);
    cx.notify(match (source, &new.value) {
        (_, Some(value)) if is_demo(reloaded) => format!("Until the end of the demo: {key} = {value}"),
        (_, None) if is_demo(reloaded) => format!("Until the end of the demo: {key} has its default."),
        (Some(source @ (Source::Flag(_) | Source::Variable(_))), _) => {
            format!("Saved {key}, but {source} takes precedence until the program is started without it.")
        }
        (_, Some(value)) => format!("Saved: {key} = {value}"),
        (Some(Source::File(at)), None) => {
            format!("Removed {key} from the profile, but line {} of the file sets it for all profiles.", at.line)
        }
        (_, None) => format!("Saved: {key} has its default."),
    });
}

/// Shows the values of a configuration that was loaded again.
pub(in crate::app) fn refresh(cx: &mut Context<'_>, reloaded: &Reloaded) {
    if let Some(page) = page(cx) {
        page.refresh(&reloaded.effective);
    }
}

/// Shows why a value cannot be used: beside it, or together with the command that was to save it.
pub(in crate::app) fn refuse(cx: &mut Context<'_>, problems: &Problems, trigger: &ConfigTrigger) {
    let Some(first) = problems.0.first() else { return };
    if page(cx).is_some_and(|page| page.refuse(&first.sentence)) {
        return;
    }
    match trigger {
        ConfigTrigger::Save(NewValue { option: OptionSpec { key: "theme", .. }, value: Some(value), .. }) => {
            refused_command::on_refused(cx, &format!("/theme {value}"), &first.sentence);
        }
        _ => cx.notify(&first.sentence),
    }
}

fn close_editor(cx: &mut Context<'_>) {
    if page(cx).is_some_and(|page| !page.close_editor()) {
        cx.ui.close_box_if(|_| true);
    }
}

fn page<'a>(cx: &'a mut Context<'_>) -> Option<&'a mut SettingsPage> {
    match cx.ui.box_mut() {
        Some(Overlay::Settings(page)) => Some(page),
        _ => None,
    }
}
