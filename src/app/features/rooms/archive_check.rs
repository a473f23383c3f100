//! The search for messages that arrived in archived rooms while there was no connection.
//!
//! The room list of a service has no archived rooms, and its events of the time are lost.

use crate::app::features::lists;
use crate::app::model::context::Context;
use crate::domain::{Feature, Request, Room};

/// Requests the archived rooms with the newest messages, if the user has archived any.
pub(in crate::app) fn begin(cx: &mut Context<'_>) {
    if cx.account.can(Feature::Archive) && cx.account.rooms.known().any(Room::is_archived) {
        cx.request(page(1));
    }
}

/// Requests the next page after one that ends with a room in which there is something new: the rooms are listed by their
/// newest message.
pub(in crate::app) fn go_on(cx: &mut Context<'_>, request: &Request) {
    match request {
        Request::FindRooms { page: number, .. } if is_checking(cx, request) => cx.request(page(number + 1)),
        _ => {}
    }
}

/// Whether a request for archived rooms was made by this check, and not by a list that the user opened.
pub(in crate::app) fn is_checking(cx: &mut Context<'_>, request: &Request) -> bool {
    let is_archive = matches!(request, Request::FindRooms { archived: true, .. });
    is_archive && lists::list_of_request(request).is_none_or(|(kind, _)| cx.ui.list_of(&kind).is_none())
}

fn page(page: u32) -> Request {
    Request::FindRooms { title: String::new(), archived: true, page }
}
