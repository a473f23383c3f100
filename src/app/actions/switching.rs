//! What the switcher can find.

use std::collections::HashSet;

use crate::app::abilities::is_extra;
use crate::app::state::State;
use crate::app::switcher::{Find, Target};
use crate::domain::PersonId;
use crate::input::{Action, COMMANDS, CommandHelp, Context};

/// All rooms.
pub(super) fn rooms(state: &State) -> Vec<Find> {
    let rooms = state.rooms.iter().map(|room| {
        let hint = if room.unread.any() { "unread" } else { "" };
        Find { target: Target::Room(room.info.id.clone()), label: room.info.title.to_string(), hint: hint.to_owned() }
    });
    rooms.collect()
}

/// All rooms, then people, then what keys and commands do.
pub(super) fn candidates(state: &State) -> Vec<Find> {
    let mut all = rooms(state);
    let in_list = peers(state);
    let mut people: Vec<Find> = state
        .people
        .iter()
        .filter(|person| !state.is_me(&person.info.id) && !in_list.contains(&person.info.id))
        .map(|person| Find {
            target: Target::Person(person.info.id.clone()),
            label: format!("{} @{}", person.info.name, person.info.username),
            hint: "person".to_owned(),
        })
        .collect();
    people.sort_by(|a, b| a.label.cmp(&b.label));
    all.extend(people);
    let shown = Action::all().filter(|action| {
        action.context() == Context::Anywhere
            && state.offers(*action)
            && !matches!(action, Action::Switcher | Action::Cancel | Action::Interrupt)
    });
    all.extend(shown.map(|action| Find {
        target: Target::Action(action),
        label: action.help().to_owned(),
        hint: state.options.keymap.shown(action),
    }));
    // What a key does as well stands here already.
    let shown = |command: &&CommandHelp| !command.arguments.is_empty() || is_extra(command);
    all.extend(COMMANDS.iter().filter(shown).filter(|command| state.offers_command(command)).map(|command| Find {
        target: Target::Command(command),
        label: format!("{}: {}", command.written(), command.help),
        hint: "command".to_owned(),
    }));
    all
}

/// Those whose one-to-one chat stands in the list already.
fn peers(state: &State) -> HashSet<&PersonId> {
    let me = state.account.me.as_ref();
    me.into_iter().flat_map(|me| state.rooms.iter().filter_map(|room| room.peer(me))).collect()
}
