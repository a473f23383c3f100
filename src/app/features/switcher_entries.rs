//! What the switcher can find.

use crate::app::model::context::Scene;
use crate::app::model::permissions::is_optional;
use crate::app::overlays::switcher::{Find, Target};
use crate::domain::PersonId;
use crate::input::{Action, COMMANDS, CommandHelp, Context};
use std::collections::HashSet;

/// All rooms.
pub(in crate::app) fn rooms(scene: Scene<'_>) -> Vec<Find> {
    let rooms = scene.account.rooms.iter().map(|room| {
        let hint = if room.unread.any() { "unread" } else { "" };
        Find { target: Target::Room(room.info.id.clone()), label: room.info.title.to_string(), hint: hint.to_owned() }
    });
    rooms.collect()
}

/// All rooms, then people, then what keys and commands do.
pub(in crate::app) fn candidates(scene: Scene<'_>) -> Vec<Find> {
    let mut all = rooms(scene);
    let in_list = peers(scene);
    let mut people: Vec<Find> = scene
        .account
        .people
        .iter()
        .filter(|person| !scene.account.is_me(&person.info.id) && !in_list.contains(&person.info.id))
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
            && scene.account.offers(*action)
            && !matches!(action, Action::Switcher | Action::Cancel | Action::Interrupt)
    });
    all.extend(shown.map(|action| Find {
        target: Target::Action(action),
        label: action.help().to_owned(),
        hint: scene.options.keymap.shown(action),
    }));
    // What a key does as well stands here already.
    let shown = |command: &&CommandHelp| !command.arguments.is_empty() || is_optional(command);
    all.extend(COMMANDS.iter().filter(shown).filter(|command| scene.account.offers_command(command)).map(|command| {
        Find {
            target: Target::Command(command),
            label: format!("{}: {}", command.written(), command.help),
            hint: "command".to_owned(),
        }
    }));
    all
}

/// Those whose one-to-one chat stands in the list already.
fn peers(scene: Scene<'_>) -> HashSet<&PersonId> {
    let me = scene.account.me.as_ref();
    me.into_iter().flat_map(|me| scene.account.rooms.iter().filter_map(|room| room.peer(me))).collect()
}
