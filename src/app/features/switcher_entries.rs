//! Entries that the switcher offers: rooms, people, actions and commands.

use crate::app::features::room_labels::room_labels;
use crate::app::model::account::Account;
use crate::app::model::context::Scene;
use crate::app::model::permissions::is_optional;
use crate::app::overlays::switcher::{SwitcherEntry, Target};
use crate::domain::PersonId;
use crate::input::{Action, COMMANDS, CommandSpec, Context};
use std::collections::HashSet;

/// Returns an entry for each room.
pub(in crate::app) fn room_entries(account: &Account) -> Vec<SwitcherEntry> {
    let labels = room_labels(account, account.rooms.iter());
    let rooms = account.rooms.iter().zip(labels).map(|(room, label)| {
        let hint = if room.needs_attention() { "unread" } else { "" };
        let (label, mark) = (label.name.to_owned(), label.mark.into_owned());
        let (target, detail) = (Target::Room(room.info.id.clone()), String::new());
        SwitcherEntry { target, label, mark, detail, hint: hint.to_owned() }
    });
    rooms.collect()
}

/// Returns the entries for rooms, then people, then actions and commands.
pub(in crate::app) fn all_entries(scene: Scene<'_>) -> Vec<SwitcherEntry> {
    let mut all = room_entries(scene.account);
    let in_list = dm_peers(scene.account);
    let mut people: Vec<SwitcherEntry> = scene
        .account
        .people
        .iter()
        .filter(|person| !scene.account.is_me(&person.info.id) && !in_list.contains(&person.info.id))
        .map(|person| SwitcherEntry {
            target: Target::Person(person.info.id.clone()),
            label: person.info.name.to_string(),
            mark: scene.account.people.mark_of(&person.info),
            detail: String::new(),
            hint: "person".to_owned(),
        })
        .collect();
    people.sort_by(|a, b| (&a.label, &a.mark).cmp(&(&b.label, &b.mark)));
    all.extend(people);
    let shown = Action::all().filter(|action| {
        action.context() == Context::Anywhere
            && scene.account.offers(*action)
            && !matches!(action, Action::Switcher | Action::Cancel | Action::Interrupt)
    });
    all.extend(shown.map(|action| SwitcherEntry {
        target: Target::Action(action),
        label: action.help().to_owned(),
        mark: String::new(),
        detail: String::new(),
        hint: scene.options.keymap.shown(action),
    }));
    // A command without arguments is left out if an action, listed above, does the same.
    let shown = |command: &&CommandSpec| !command.arguments.is_empty() || is_optional(command);
    all.extend(COMMANDS.iter().filter(shown).filter(|command| scene.account.offers_command(command)).map(|command| {
        SwitcherEntry {
            target: Target::Command(command),
            label: format!("/{}", command.name),
            mark: String::new(),
            detail: command.help.to_owned(),
            hint: command.shown_arguments(),
        }
    }));
    all
}

/// Returns the people with whom the room list already has a direct message.
fn dm_peers(account: &Account) -> HashSet<&PersonId> {
    let me = account.me.as_ref();
    me.into_iter().flat_map(|me| account.rooms.iter().filter_map(|room| room.peer(me))).collect()
}
