//! The command that saves the screen, and the names that it can hide.

use crate::app::effect::{Effect, ScreenDump};
use crate::app::model::account::Account;
use crate::app::model::context::{Context, Scene};

/// Carries out `/screen`: `[hidden] [PATH]`.
pub(in crate::app) fn run(cx: &mut Context<'_>, arguments: &str) {
    let (path, hides_names) = parse(arguments);
    let names = if hides_names { names(cx.scene()) } else { Vec::new() };
    cx.effects.push(Effect::SaveScreen(ScreenDump { path, names }));
}

/// Returns the path, if there is one, and whether names are to be hidden.
pub(in crate::app) fn parse(arguments: &str) -> (Option<String>, bool) {
    let (first, rest) = arguments.split_once(char::is_whitespace).unwrap_or((arguments, ""));
    let (path, hides_names) = if first == "hidden" { (rest.trim(), true) } else { (arguments, false) };
    ((!path.is_empty()).then(|| path.to_owned()), hides_names)
}

/// Returns all names that may be on the screen: of people, rooms and profiles.
pub(in crate::app) fn names(scene: Scene<'_>) -> Vec<String> {
    let mut names: Vec<String> = scene.all_accounts().flat_map(names_of).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn names_of(account: &Account) -> Vec<String> {
    let profile = [&account.profile.name, &account.profile.user, &account.profile.url].map(Clone::clone);
    // Errors name the host alone.
    let host = account.profile.url.split_once("://").map(|(_, host)| host.trim_end_matches('/').to_owned());
    let people = account.people.iter().flat_map(|person| [&person.info.name, &person.info.username]);
    let rooms = account.rooms.known().flat_map(|room| [&room.info.title, &room.info.nickname]).flatten();
    let known = people.chain(rooms).map(|name| name.as_str().to_owned());
    profile.into_iter().chain(host).chain(known).collect()
}
