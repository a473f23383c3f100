//! Opening and closing profiles of the configuration file while the program runs.

use crate::app::effect::{ConfigTrigger, Effect};
use crate::app::model::completion::Candidate;
use crate::app::model::context::{Context, Scene};
use crate::app::model::ui::{Place, Transition};
use crate::config::NewAccount;
use crate::domain::AccountId;
use crate::input::CommandId;
use crate::text::comparable;

/// Returns the profiles that can be shown, opened or closed: those of the file, then open ones that are not in it.
pub(in crate::app) fn candidates(scene: Scene<'_>) -> Vec<Candidate> {
    let names = names(scene).into_iter().map(|name| Candidate {
        label: name.to_owned(),
        hint: if find_open(scene, name).is_some() { "open".to_owned() } else { String::new() },
        insert: name.to_owned(),
        ..Candidate::default()
    });
    names.collect()
}

/// Whether a command is of use with these profiles. A single one leaves nothing to choose.
pub(in crate::app) fn offers(scene: Scene<'_>, command: CommandId) -> bool {
    match command {
        CommandId::Profile => names(scene).len() > 1,
        CommandId::CloseProfile => scene.others.all().next().is_some(),
        _ => true,
    }
}

/// Returns the profiles of the configuration file that are not open.
pub(in crate::app) fn closed(scene: Scene<'_>) -> impl Iterator<Item = &str> {
    scene.options.known_profiles.iter().map(String::as_str).filter(move |name| find_open(scene, name).is_none())
}

/// Shows the profile with this name, and opens it first if necessary.
pub(in crate::app) fn open(cx: &mut Context<'_>, name: &str) {
    let Some(name) = find(cx.scene(), name) else { return notify_unknown(cx, name) };
    match find_open(cx.scene(), &name) {
        Some(account) if account == cx.account.id => cx.refuse(format!("{name} is the profile on screen.")),
        Some(account) => cx.ui.transition = Some(Transition::Go(account, Place::Last)),
        None => {
            // The program that prints its key may take a while.
            cx.notify(format!("Opening {name}."));
            cx.effects.push(Effect::OpenProfile(name));
        }
    }
}

/// Closes the profile with this name, or the one on screen if the name is empty.
pub(in crate::app) fn close(cx: &mut Context<'_>, name: &str) {
    if name.is_empty() {
        cx.ui.transition = Some(Transition::Close(cx.account.id));
        return;
    }
    let Some(name) = find(cx.scene(), name) else { return notify_unknown(cx, name) };
    match find_open(cx.scene(), &name) {
        Some(account) => cx.ui.transition = Some(Transition::Close(account)),
        None => cx.refuse(format!("The profile {name} is not open.")),
    }
}

/// Asks about a new profile with this name.
pub(in crate::app) fn add(cx: &mut Context<'_>, name: &str) {
    if cx.options.linear {
        return cx.refuse(format!("The questions need a whole screen. Use `minchat-tui config add {name}`."));
    }
    if names(cx.scene()).contains(&name) {
        return cx.refuse(format!("There is a profile called {name} already. /profile {name} opens it."));
    }
    match NewAccount::check_profile(name) {
        Ok(name) => cx.effects.push(Effect::AddProfile(name)),
        Err(sentence) => cx.refuse(sentence),
    }
}

/// Opens a profile that was added, and loads the configuration again, which lists it now.
pub(in crate::app) fn on_added(effects: &mut Vec<Effect>, name: String) {
    effects.extend([Effect::OpenProfile(name), Effect::LoadConfig(ConfigTrigger::FileChanged)]);
}

fn notify_unknown(cx: &mut Context<'_>, name: &str) {
    let names = names(cx.scene()).join(", ");
    cx.refuse(format!("No profile is called {name}. There are: {names}."));
}

/// Returns the names of all profiles: those of the file, then open ones that are not in it.
pub(in crate::app) fn names(scene: Scene<'_>) -> Vec<&str> {
    let known = &scene.options.known_profiles;
    let others = scene.all_accounts().map(|account| &account.profile.name).filter(|name| !known.contains(name));
    known.iter().chain(others).map(String::as_str).collect()
}

/// Returns the exact name of the profile with this name; if there is none, of the first one that begins with it.
fn find(scene: Scene<'_>, wanted: &str) -> Option<String> {
    let (names, wanted) = (names(scene), comparable(wanted));
    let exact = names.iter().find(|name| comparable(name) == wanted);
    let found = exact.or_else(|| names.iter().find(|name| comparable(name).starts_with(&wanted)));
    found.map(|name| (*name).to_owned())
}

fn find_open(scene: Scene<'_>, name: &str) -> Option<AccountId> {
    scene.all_accounts().find(|account| account.profile.name == name).map(|account| account.id)
}
