//! Reloading of the configuration: what follows from new settings, and what the user is told.

use crate::app::effect::{ConfigTrigger, Effect};
use crate::app::features::settings;
use crate::app::model::context::Context;
use crate::app::model::terminal::KeyChoices;
use crate::app::model::timers::TerminalTimer;
use crate::config::{ColorDepth, Problems, Reloaded};

/// Follows a reload. The options in the state have their new values already, unless the configuration has problems.
pub(in crate::app) fn on_loaded(cx: &mut Context<'_>, trigger: ConfigTrigger, loaded: Result<Box<Reloaded>, Problems>) {
    match loaded {
        Ok(reloaded) => {
            apply(cx, &trigger, &reloaded);
            match trigger {
                ConfigTrigger::Show(single) => settings::show(cx, *reloaded, single),
                ConfigTrigger::Save(new) => settings::on_saved(cx, &new, &reloaded),
                ConfigTrigger::Try(_) | ConfigTrigger::Abandon => {}
                ConfigTrigger::Command | ConfigTrigger::FileChanged => {
                    settings::refresh(cx, &reloaded);
                    match sentence(&trigger, &reloaded) {
                        Some(sentence) => cx.notify(sentence),
                        None => withdraw_refusal(cx),
                    }
                }
            }
        }
        Err(problems) if matches!(trigger, ConfigTrigger::Try(_) | ConfigTrigger::Save(_)) => {
            settings::refuse(cx, &problems, &trigger);
        }
        Err(problems) => {
            cx.notify(refusal(&problems));
            // It stays until the user does something else or has corrected the file.
            cx.terminal.timers.clear(TerminalTimer::NoticeExpires);
        }
    }
}

/// Puts the settings in effect that the options of the state do not contain.
fn apply(cx: &mut Context<'_>, trigger: &ConfigTrigger, reloaded: &Reloaded) {
    let (settings, changes) = (&reloaded.settings, &reloaded.changes);
    let before = cx.terminal.key_choices();
    // A value that is tried or saved may be the one in the file, so it is not part of the comparison.
    let edited = match trigger {
        ConfigTrigger::Try(new) | ConfigTrigger::Save(new) => Some(new.option.key),
        ConfigTrigger::Abandon | ConfigTrigger::Show(_) | ConfigTrigger::Command | ConfigTrigger::FileChanged => None,
    };
    let is_new = |key: &'static str| edited == Some(key) || changes.has_live(key);
    // What the user has chosen with a key gives way to a new value only.
    let choices = KeyChoices {
        markdown: before.markdown.filter(|_| !is_new("markdown")),
        rooms_order: before.rooms_order.filter(|_| !is_new("sort_rooms")),
        density: before.density.filter(|_| !is_new("density")),
        mouse: if is_new("mouse") { settings.mouse } else { before.mouse },
    };
    let choices = match trigger {
        ConfigTrigger::Try(_) => {
            cx.terminal.before_try.get_or_insert(before);
            choices
        }
        ConfigTrigger::Abandon => cx.terminal.before_try.take().unwrap_or(choices),
        ConfigTrigger::Save(_) => {
            cx.terminal.before_try = None;
            choices
        }
        ConfigTrigger::Show(_) | ConfigTrigger::Command | ConfigTrigger::FileChanged => choices,
    };
    cx.terminal.set_key_choices(choices);
    if choices.mouse != before.mouse {
        cx.effects.push(Effect::Mouse(choices.mouse));
    }
    let is_restored = *trigger == ConfigTrigger::Abandon;
    if is_restored || is_new("hyperlinks") {
        cx.effects.push(Effect::Hyperlinks(settings.hyperlinks));
    }
    if is_restored || is_new("escape_time") {
        cx.effects.push(Effect::EscapeTime(settings.escape_time));
    }
    let is_unknown = cx.terminal.background.is_none() && settings.theme_follows_background;
    if is_unknown && is_new("theme") && settings.colors != ColorDepth::Sixteen {
        cx.effects.push(Effect::AskForBackground);
    }
    cx.ui.pane.forget_rows();
}

/// Removes the sentence about a configuration with problems, the only one that does not expire.
fn withdraw_refusal(cx: &mut Context<'_>) {
    if cx.terminal.timers.get(TerminalTimer::NoticeExpires).is_none() {
        cx.terminal.notice = None;
    }
}

/// Returns the sentence about a reload; `None` if nobody has asked for it and nothing has changed.
fn sentence(trigger: &ConfigTrigger, reloaded: &Reloaded) -> Option<String> {
    if *trigger == ConfigTrigger::FileChanged && reloaded.changes.is_empty() {
        return None;
    }
    let (live, restart) = (reloaded.changes.live.join(", "), reloaded.pending.join(", "));
    Some(match (live.is_empty(), restart.is_empty()) {
        (true, true) if reloaded.changes.is_empty() => "The configuration has not changed.".to_owned(),
        (true, true) => "The configuration is as it was at the start.".to_owned(),
        (false, true) => format!("Configuration reloaded; changed: {live}."),
        (true, false) => format!("Restart the program to apply: {restart}."),
        (false, false) => format!("Configuration reloaded; changed: {live}. Restart to apply: {restart}."),
    })
}

/// Returns the sentence about a configuration with problems. The status line has space for the first one, without the
/// folder of the file.
fn refusal(problems: &Problems) -> String {
    let Some(first) = problems.0.first() else { return "The configuration cannot be used.".to_owned() };
    let place = first.location.as_ref().map(|at| {
        let name = at.file.rsplit(['/', '\\']).next().unwrap_or_default();
        format!("{name}:{}: ", at.line)
    });
    let more = match problems.0.len() - 1 {
        0 => String::new(),
        more => format!(" ({more} more)"),
    };
    format!("Settings unchanged. {}{}{more}", place.unwrap_or_default(), first.sentence)
}
