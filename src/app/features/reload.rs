//! Reloading of the configuration: what follows from new settings, and what the user is told.

use crate::app::effect::{ConfigTrigger, Effect};
use crate::app::features::settings;
use crate::app::model::context::Context;
use crate::config::{Changes, Problems, Reloaded};

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
                    if let Some(sentence) = sentence(&trigger, &reloaded.changes) {
                        cx.notify(sentence);
                    }
                }
            }
        }
        Err(problems) if matches!(trigger, ConfigTrigger::Try(_) | ConfigTrigger::Save(_)) => {
            settings::refuse(cx, &problems);
        }
        Err(problems) => cx.notify(refusal(&problems)),
    }
}

/// Puts the settings in effect that the options of the state do not contain.
fn apply(cx: &mut Context<'_>, trigger: &ConfigTrigger, reloaded: &Reloaded) {
    let (settings, changes) = (&reloaded.settings, &reloaded.changes);
    // What the user has chosen with a key gives way to a new value only.
    if changes.has_live("markdown") {
        cx.ui.markdown = None;
    }
    if changes.has_live("sort_rooms") {
        cx.ui.arrangement.rooms_order = None;
    }
    if changes.has_live("density") {
        cx.ui.density = None;
    }
    // What was tried is not part of the comparison, so it may have to be restored.
    let was_tried = matches!(trigger, ConfigTrigger::Abandon | ConfigTrigger::Save(_));
    if (was_tried || changes.has_live("mouse")) && cx.ui.mouse != settings.mouse {
        cx.ui.mouse = settings.mouse;
        cx.effects.push(Effect::Mouse(settings.mouse));
    }
    if was_tried || changes.has_live("hyperlinks") {
        cx.effects.push(Effect::Hyperlinks(settings.hyperlinks));
    }
    if was_tried || changes.has_live("escape_time") {
        cx.effects.push(Effect::EscapeTime(settings.escape_time));
    }
    cx.ui.pane.forget_rows();
}

/// Returns the sentence about a reload; `None` if nobody has asked for it and nothing has changed.
fn sentence(trigger: &ConfigTrigger, changes: &Changes) -> Option<String> {
    let (live, restart) = (changes.live.join(", "), changes.restart.join(", "));
    Some(match (live.is_empty(), restart.is_empty()) {
        (true, true) if *trigger == ConfigTrigger::FileChanged => return None,
        (true, true) => "The configuration has not changed.".to_owned(),
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
