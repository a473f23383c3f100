//! Entries that the switcher offers: rooms, people, actions and commands.

use crate::app::features::profiles;
use crate::app::features::room_labels::room_labels;
use crate::app::model::account::Account;
use crate::app::model::context::Scene;
use crate::app::overlays::switcher::{SwitcherEntry, Target};
use crate::domain::PersonId;
use crate::input::{Action, COMMANDS, CommandId, CommandSpec, Context};
use crate::text::comparable;
use std::collections::HashSet;

/// Returns an entry for each room of the list.
fn room_entries(account: &Account) -> Vec<SwitcherEntry> {
    let labels = room_labels(account, account.rooms.iter());
    let rooms = account.rooms.iter().zip(labels).map(|(room, label)| {
        let hint = if room.needs_attention() { "unread" } else { "" };
        let username = account.peer(room).map_or("", |peer| &peer.info.username);
        let (label, mark) = (label.name.to_owned(), with_username(label.mark.into_owned(), label.name, username));
        let (target, detail) = (Target::Room(room.info.id.clone()), String::new());
        SwitcherEntry { target, account: None, label, mark, detail, hint: hint.to_owned() }
    });
    rooms.collect()
}

/// Returns the room entries in the order in which a user goes to them: unread rooms first, the open one last.
fn rooms_to_go_to(scene: Scene<'_>, account: &Account) -> Vec<SwitcherEntry> {
    let is_open = |entry: &SwitcherEntry| matches!(&entry.target, Target::Room(id) if scene.of(account).is_open(id));
    let mut entries = room_entries(account);
    entries.sort_by_key(|entry| (is_open(entry), entry.hint.is_empty()));
    entries
}

/// Adds the user name of a person to the mark behind their name, unless the name has it already. It can be typed on a
/// keyboard without the letters of the name.
fn with_username(mark: String, name: &str, username: &str) -> String {
    let is_told = username.is_empty() || comparable(name).contains(&comparable(username)) || mark.contains(username);
    match (is_told, mark.is_empty()) {
        (true, _) => mark,
        (false, true) => format!("@{username}"),
        (false, false) => format!("{mark} @{username}"),
    }
}

/// Returns the entries to which a message can be forwarded: rooms, then people.
pub(in crate::app) fn forward_entries(account: &Account) -> Vec<SwitcherEntry> {
    let mut entries = room_entries(account);
    entries.extend(people_entries(account));
    entries
}

/// Returns the entries for rooms, then people, then actions and commands. Rooms and people of other profiles follow
/// those of the account that is shown, and all of them name their profile.
pub(in crate::app) fn all_entries(scene: Scene<'_>) -> Vec<SwitcherEntry> {
    let of_profile = |account: &Account, mut entry: SwitcherEntry| {
        entry.account = (account.id != scene.account.id).then_some(account.id);
        if !scene.others.is_empty() {
            entry.mark = format!("{} {}", entry.mark, account.profile.label()).trim_start().to_owned();
        }
        entry
    };
    let accounts = || std::iter::once(scene.account).chain(scene.others.iter());
    let rooms = accounts()
        .flat_map(|account| rooms_to_go_to(scene, account).into_iter().map(move |entry| of_profile(account, entry)));
    let mut all: Vec<SwitcherEntry> = rooms.collect();
    all.extend(
        accounts().flat_map(|account| people_entries(account).into_iter().map(move |entry| of_profile(account, entry))),
    );
    all.extend(scene.others.iter().map(|account| SwitcherEntry {
        target: Target::Profile,
        account: Some(account.id),
        label: format!("Profile {}", account.profile.label()),
        mark: String::new(),
        detail: "Show another profile".to_owned(),
        hint: "profile".to_owned(),
    }));
    all.extend(profiles::closed(scene).map(|name| SwitcherEntry {
        target: Target::OpenProfile(name.to_owned()),
        account: None,
        label: format!("Profile {name}"),
        mark: String::new(),
        detail: "Open another profile".to_owned(),
        hint: "open profile".to_owned(),
    }));
    all.extend(action_entries(scene));
    all
}

/// Returns an entry for each person with whom there is no direct message yet. Without a user name, none can be begun.
fn people_entries(account: &Account) -> Vec<SwitcherEntry> {
    let in_list = dm_peers(account);
    let mut people: Vec<SwitcherEntry> = account
        .people
        .iter()
        .filter(|person| !account.is_me(&person.info.id) && !person.info.username.is_empty())
        .filter(|person| !in_list.contains(&person.info.id))
        .map(|person| SwitcherEntry {
            target: Target::Person(person.info.id.clone()),
            account: None,
            label: person.info.name.to_string(),
            mark: with_username(account.people.mark_of(&person.info), &person.info.name, &person.info.username),
            detail: String::new(),
            hint: "person".to_owned(),
        })
        .collect();
    people.sort_by(|a, b| (&a.label, &a.mark).cmp(&(&b.label, &b.mark)));
    people
}

/// Returns an entry for each action and command.
fn action_entries(scene: Scene<'_>) -> Vec<SwitcherEntry> {
    let shown = Action::all().filter(|action| {
        action.context() == Context::Anywhere
            && scene.account.offers(*action)
            && !matches!(action, Action::Switcher | Action::Cancel | Action::Interrupt)
    });
    let actions = shown.map(|action| SwitcherEntry {
        target: Target::Action(action),
        account: None,
        label: action.help().to_owned(),
        mark: String::new(),
        detail: String::new(),
        hint: scene.options.key_name(action),
    });
    let shown = |command: &&CommandSpec| !is_action(command.id) && profiles::offers(scene, command.id);
    let commands =
        COMMANDS.iter().filter(shown).filter(|command| scene.account.offers_command(command)).map(|command| {
            SwitcherEntry {
                target: Target::Command(command),
                account: None,
                label: format!("/{}", command.name),
                mark: String::new(),
                detail: command.help.to_owned(),
                hint: command.shown_arguments(),
            }
        });
    actions.chain(commands).collect()
}

/// Whether an action that is listed does the same as a command.
fn is_action(command: CommandId) -> bool {
    matches!(
        command,
        CommandId::Help
            | CommandId::Info
            | CommandId::Inspect
            | CommandId::Notices
            | CommandId::Quit
            | CommandId::Reconnect
    )
}

/// Returns the people with whom the room list already has a direct message.
fn dm_peers(account: &Account) -> HashSet<&PersonId> {
    let me = account.me.as_ref();
    me.into_iter().flat_map(|me| account.rooms.iter().filter_map(|room| room.peer(me))).collect()
}
