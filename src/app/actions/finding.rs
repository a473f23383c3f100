//! Searching rooms and people on the server.

use crate::app::context::Context;
use crate::app::list::ListKind;

use super::lists;

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
