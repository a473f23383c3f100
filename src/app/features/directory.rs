//! Searches for rooms and people on the server, and the list of archived rooms.

use crate::app::features::lists;
use crate::app::model::context::Context;
use crate::app::overlays::list::ListKind;

/// Opens the list of archived rooms.
pub(in crate::app) fn show_archived(cx: &mut Context<'_>) {
    lists::show(cx, ListKind::Rooms { title: String::new(), archived: true });
}

/// Searches rooms by title and opens the list of results.
pub(in crate::app) fn search_rooms(cx: &mut Context<'_>, title: &str) {
    lists::show(cx, ListKind::Rooms { title: title.to_owned(), archived: false });
}

/// Searches people by name and opens the list of results.
pub(in crate::app) fn search_people(cx: &mut Context<'_>, name: &str) {
    lists::show(cx, ListKind::People(name.to_owned()));
}
