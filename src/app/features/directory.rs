//! Searching rooms and people on the server.

use crate::app::features::lists;
use crate::app::model::context::Context;
use crate::app::overlays::list::ListKind;

/// Shows the rooms that were put away.
pub(in crate::app) fn archived(cx: &mut Context<'_>) {
    lists::show(cx, ListKind::Rooms { title: String::new(), archived: true });
}

/// Searches rooms by title.
pub(in crate::app) fn rooms(cx: &mut Context<'_>, title: &str) {
    lists::show(cx, ListKind::Rooms { title: title.to_owned(), archived: false });
}

/// Searches people by name.
pub(in crate::app) fn people(cx: &mut Context<'_>, name: &str) {
    lists::show(cx, ListKind::People(name.to_owned()));
}
