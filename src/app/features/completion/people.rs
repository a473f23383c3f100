//! People who can be mentioned, and users as arguments of commands.

use crate::app::features::user_names::advice;
use crate::app::model::completion::{Candidate, WordKind};
use crate::app::model::context::Scene;
use crate::domain::{Person, PersonId, Room};
use crate::input::ArgumentKind;
use std::collections::HashSet;

/// Maximum number of messages whose authors count as recent speakers.
const RECENT_MESSAGES: usize = 500;

/// Returns the people of the open room who can be mentioned, the most recent speakers first.
pub(in crate::app) fn mentions(scene: Scene<'_>) -> Vec<Candidate> {
    let Some(room) = scene.open_room() else { return Vec::new() };
    let people = people_of(scene, room).into_iter().filter_map(|id| scene.account.people.get(id));
    let mentions = people.map(|person| {
        let info = &person.info;
        // A name that somebody else has as well would mention both.
        let is_ambiguous = person.mark().is_some() && !info.username.is_empty();
        let name = if is_ambiguous { &info.username } else { &info.name };
        let mark = scene.account.people.mark_of(info);
        Candidate { label: info.name.to_string(), mark, insert: format!("@{name} "), ..Candidate::default() }
    });
    mentions.collect()
}

/// Returns the users who can be an argument of this kind, the most recent speakers of the open room first.
pub(in crate::app) fn users(scene: Scene<'_>, kind: ArgumentKind, continues: bool) -> Vec<Candidate> {
    let in_room = scene.open_room().map_or_else(Vec::new, |room| people_of(scene, room));
    let known: HashSet<&PersonId> = in_room.iter().copied().collect();
    let mut others: Vec<&Person> = scene.account.people.iter().collect();
    others.retain(|person| !known.contains(&person.info.id) && !scene.account.is_me(&person.info.id));
    others.sort_by(|a, b| (&a.info.name, &a.info.username).cmp(&(&b.info.name, &b.info.username)));
    let members = in_room.iter().filter_map(|id| scene.account.people.get(id));
    // Where the service lists members only on request, anybody may be one.
    let is_complete = scene.open_room().is_some_and(|room| !room.lists_members_on_request());
    let people: Vec<&Person> = match kind {
        ArgumentKind::Member if is_complete => members.collect(),
        ArgumentKind::Outsider => others,
        _ => members.chain(others).collect(),
    };
    let users = people.into_iter().filter(|person| !person.info.username.is_empty()).map(|person| {
        let mark = scene.account.people.mark_of(&person.info);
        Candidate { mark, ..Candidate::word(&person.info.name, &person.info.username, continues) }
    });
    users.collect()
}

/// Returns what to type where a user is an argument and nobody is known, as in a new account.
pub(in crate::app) fn note(scene: Scene<'_>, kind: WordKind) -> Option<String> {
    let WordKind::Argument(_, kind, _) = kind else { return None };
    let what = match kind {
        ArgumentKind::User | ArgumentKind::Outsider | ArgumentKind::Member => "a user name",
        ArgumentKind::Users => "user names",
        _ => return None,
    };
    Some(advice(scene.account, what))
}

/// Returns the other people of a room, as far as they are known: those who have written lately, the last one first,
/// then the members by name.
fn people_of<'a>(scene: Scene<'a>, room: &'a Room) -> Vec<&'a PersonId> {
    let mut seen: HashSet<&PersonId> = scene.account.me.iter().collect();
    let authors = room.timeline.iter().rev().take(RECENT_MESSAGES).map(|(_, message)| &message.author);
    let mut people: Vec<&PersonId> = authors.filter(|id| seen.insert(id)).collect();
    let peer = room.info.peer.as_ref().map(|peer| &peer.id);
    let mut members: Vec<&PersonId> = room.info.participants.iter().chain(peer).filter(|id| seen.insert(id)).collect();
    members.sort_by_key(|id| scene.account.name_of(id));
    people.extend(members);
    people
}
