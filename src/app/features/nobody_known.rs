//! Advice for a user who knows nobody yet, as in a new account or an empty sandbox.

use crate::app::model::context::Scene;
use crate::config::{Backend, profile_flag};
use crate::domain::Feature;

/// Returns the sentences about it; none if a room or another person is known.
pub fn nobody_known(scene: Scene<'_>) -> Vec<String> {
    let account = scene.account;
    let knows_others = account.people.iter().any(|person| !account.is_me(&person.info.id));
    if account.me.is_none() || knows_others || !account.rooms.is_empty() {
        return Vec::new();
    }
    let search = if account.can(Feature::FindPeople) { "/people lists everyone, and /dm USER" } else { "/dm USER" };
    let mut sentences = vec![format!("Nobody else is known here yet. {search} starts a conversation.")];
    if is_on_this_machine(&account.profile.url) {
        let backend = match account.profile.backend {
            Backend::MinChat => String::new(),
            backend @ Backend::VChat => format!(" --backend {}", backend.name()),
        };
        // Without its name, the command would use another profile, or ask for one.
        let known = &scene.options.known_profiles;
        let is_one_of_several = known.len() > 1 && known.contains(&account.profile.name);
        let profile =
            if is_one_of_several { format!(" {}", profile_flag(&account.profile.name)) } else { String::new() };
        let other = if account.profile.user == "bob" { "alice" } else { "bob" };
        sentences.extend([
            "To start a second user, run this in another terminal, with the same key:".to_owned(),
            format!("minchat-tui{profile}{backend} --url {} --user {other}", account.profile.url),
            format!("Then /dm {other} writes to them."),
        ]);
    }
    sentences
}

/// Whether an address is of this machine, where a sandbox may listen.
fn is_on_this_machine(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, host)| host);
    ["127.", "localhost", "[::1]"].iter().any(|local| host.starts_with(local))
}
