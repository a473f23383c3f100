//! Opens the chosen row of a list: a room, person, link or message.

use crate::app::effect::{Effect, WireOutcome};
use crate::app::features::clipboard::copy_text;
use crate::app::features::rooms::open;
use crate::app::features::{jump, links, people};
use crate::app::model::account::Account;
use crate::app::model::context::Context;
use crate::app::overlays::list::ListTarget;
use crate::domain::{Request, Room};

/// Returns whether a target can be opened; a row without one, or about the user, cannot.
pub(in crate::app) fn is_openable(account: &Account, target: &ListTarget) -> bool {
    match target {
        ListTarget::Nothing => false,
        ListTarget::Member(member) => !account.is_me(&member.person.id),
        ListTarget::Room(_)
        | ListTarget::Person(_)
        | ListTarget::NewMember(..)
        | ListTarget::Message(..)
        | ListTarget::Copy(_)
        | ListTarget::Json(..)
        | ListTarget::Link { .. } => true,
    }
}

/// Closes the list and opens the target of a row. If the target cannot be opened, the list stays open, and so it does
/// for JSON, until it is known whether that was copied or requested.
pub(in crate::app) fn open_target(cx: &mut Context<'_>, target: ListTarget) {
    if !is_openable(cx.account, &target) {
        return;
    }
    if let ListTarget::Json(room, message, json) = target {
        let missing = || WireOutcome::JsonMissing(room, message);
        let outcome = if json.is_some() { WireOutcome::JsonCopied } else { missing() };
        cx.effects.extend(json.map(Effect::Copy));
        return cx.effects.push(Effect::FromWire(outcome));
    }
    cx.ui.overlay = None;
    match target {
        ListTarget::Nothing | ListTarget::Json(..) => {}
        ListTarget::Room(info) => {
            let id = info.id.clone();
            if let Some(peer) = &info.peer {
                cx.account.people.learn((**peer).clone());
            }
            match cx.account.rooms.get_mut(&id) {
                // The room may have been archived or unarchived on another device.
                Some(room) => room.info.archived = info.archived,
                None => cx.account.rooms.insert(Room::new(*info)),
            }
            cx.account.rooms.reposition(&id);
            open::open(cx, &id);
        }
        ListTarget::Person(username) => cx.request(Request::OpenDirect { username }),
        ListTarget::NewMember(room, username) => people::add_chosen(cx, room, username),
        ListTarget::Member(member) => {
            let username = member.person.username.to_string();
            cx.request(Request::OpenDirect { username });
        }
        ListTarget::Link { link, open: true } => links::open_link(cx, &link),
        ListTarget::Link { link, open: false } => links::copy_link(cx, &link),
        ListTarget::Copy(text) => {
            copy_text(cx, text);
            cx.notify("Copied.");
        }
        ListTarget::Message(room, message) => jump::jump_to(cx, &room, &message),
    }
}
