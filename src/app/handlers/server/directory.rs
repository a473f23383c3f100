//! Search results for people and rooms.

use crate::app::features::directory::room_row;
use crate::app::features::lists;
use crate::app::handlers::server::rooms::on_archived_rooms;
use crate::app::model::context::Context;
use crate::app::overlays::list::{ListRow, ListTarget};
use crate::domain::{PersonInfo, Request, RoomInfo};

/// Handles a page of found people.
pub(in crate::app) fn on_people(cx: &mut Context<'_>, request: &Request, more: bool, people: &[PersonInfo]) {
    let target = |username: String| match request {
        // Some servers list these people without their user names (`docs/protocol/vchat.md` §2.4, row 46).
        Request::AddablePeople { .. } if username.is_empty() => ListTarget::Nothing,
        Request::AddablePeople { room, .. } => ListTarget::NewMember(room.clone(), username),
        _ => ListTarget::Person(username),
    };
    let unknown_hint = match request {
        Request::AddablePeople { .. } => "unknown user name: type /add USER",
        _ => "unknown user name",
    };
    for person in people {
        cx.account.people.learn(person.clone());
    }
    let rows = people.iter().map(|person| ListRow {
        text: person.name.to_string(),
        mark: cx.account.people.mark_of(person),
        hint: if person.username.is_empty() { unknown_hint.to_owned() } else { String::new() },
        target: target(person.username.to_string()),
    });
    let rows = rows.collect();
    fill(cx, request, rows, more);
}

/// Handles a page of found rooms.
pub(in crate::app) fn on_found_rooms(cx: &mut Context<'_>, request: &Request, more: bool, rooms: Vec<RoomInfo>) {
    if matches!(request, Request::FindRooms { archived: true, .. }) {
        on_archived_rooms(cx, request, more, &rooms);
    }
    let rows = rooms.into_iter().map(|room| room_row(cx.scene(), room)).collect();
    fill(cx, request, rows, more);
}

/// Adds a page to the list that requested it. The page is dropped if that list is no longer open.
pub(in crate::app) fn fill(cx: &mut Context<'_>, request: &Request, rows: Vec<ListRow>, more: bool) {
    let Some((kind, page)) = lists::list_of_request(request) else { return };
    if let Some(list) = cx.ui.list_of(&kind) {
        list.take(page, rows, more);
        lists::request_next_page(cx);
    }
}
