//! Goes to the chosen row of a list.

use crate::app::features::rooms::open;
use crate::app::features::{jump, links};
use crate::app::model::context::Context;
use crate::app::overlays::list::{List, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::domain::{Request, Room};

/// Goes to what the list points to. What leads nowhere leaves the list open.
pub(in crate::app) fn go(cx: &mut Context<'_>, list: List) {
    match list.chosen().map(|row| row.target.clone()) {
        Some(ListTarget::Room(info)) => {
            let id = info.id.clone();
            if let Some(peer) = &info.peer {
                cx.account.people.learn((**peer).clone());
            }
            match cx.account.rooms.get_mut(&id) {
                // It may have been put away, or taken back, on another device.
                Some(room) => room.info.archived = info.archived,
                None => cx.account.rooms.insert(Room::new(*info)),
            }
            cx.account.rooms.reposition(&id);
            open::open(cx, &id);
        }
        Some(ListTarget::Person(username)) => cx.effects.push(cx.account.request(Request::OpenDirect { username })),
        Some(ListTarget::Member(member)) if !cx.account.is_me(&member.person.id) => {
            let username = member.person.username.to_string();
            cx.request(Request::OpenDirect { username });
        }
        Some(ListTarget::Link { link, open: true }) => links::open_link(cx, &link),
        Some(ListTarget::Link { link, open: false }) => links::copy_link(cx, &link),
        Some(ListTarget::Message(room, message)) => jump::go_to(cx, &room, &message),
        Some(ListTarget::Member(_) | ListTarget::Nothing) | None => cx.ui.overlay = Some(Overlay::List(list)),
    }
}
