//! Opens the chosen row of a list: a room, person, link or message.

use crate::app::features::rooms::open;
use crate::app::features::{jump, links};
use crate::app::model::context::Context;
use crate::app::overlays::list::{List, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::domain::{Request, Room};

/// Opens the target of the chosen row. If the row has none, the list stays open.
pub(in crate::app) fn open_target(cx: &mut Context<'_>, list: List) {
    match list.chosen().map(|row| row.target.clone()) {
        Some(ListTarget::Room(info)) => {
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
        Some(ListTarget::Person(username)) => cx.request(Request::OpenDirect { username }),
        Some(ListTarget::Member(member)) if !cx.account.is_me(&member.person.id) => {
            let username = member.person.username.to_string();
            cx.request(Request::OpenDirect { username });
        }
        Some(ListTarget::Link { link, open: true }) => links::open_link(cx, &link),
        Some(ListTarget::Link { link, open: false }) => links::copy_link(cx, &link),
        Some(ListTarget::Message(room, message)) => jump::jump_to(cx, &room, &message),
        Some(ListTarget::Member(_) | ListTarget::Nothing) | None => cx.ui.overlay = Some(Overlay::List(list)),
    }
}
