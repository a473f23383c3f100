//! A list that the server was asked for.

use crate::app::{Area, List, ListKind, State};
use crate::config::Role;
use crate::text::SafeText;

use super::canvas::Canvas;
use super::glyphs::Glyphs;
use super::overlay::frame;

/// Columns of the box around it, at most.
const WIDEST: u16 = 68;

pub(super) fn paint(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs, list: &List) {
    let inside = frame(state, canvas, glyphs, &title(state, &list.kind), WIDEST, list.height(state.size));
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
    let mut lines = inside.y..inside.y + inside.height;
    for ((index, row), y) in list.rows.iter().enumerate().skip(list.first).zip(lines.by_ref()) {
        let hint = canvas.put_right(inside, y, &row.hint, dim);
        canvas.put(inside.x, y, &row.text, hint.saturating_sub(inside.x + 1), text);
        if index == list.chosen {
            let style = canvas.style(Role::Selection);
            canvas.tint(Area { y, height: 1, ..inside }, style);
        }
    }
    let Some(y) = lines.next() else { return };
    if list.loading {
        canvas.put(inside.x, y, &format!("loading{}", glyphs.dots()), inside.width, dim);
    } else if list.rows.is_empty() {
        canvas.put(inside.x, y, empty(&list.kind), inside.width, dim);
    }
}

fn title(state: &State, kind: &ListKind) -> String {
    let room = |room| state.rooms.get(room).map_or("this room", |room| room.info.title.as_str());
    match kind {
        ListKind::Members(id) => format!("Members of {}", room(id)),
        ListKind::Rooms { archived: true, .. } => "Rooms that were put away".to_owned(),
        ListKind::Rooms { title, .. } => format!("Rooms called {}", SafeText::line(title)),
        ListKind::People(name) => format!("People called {}", SafeText::line(name)),
        ListKind::Stars(Some(id)) => format!("Starred in {}", room(id)),
        ListKind::Stars(None) => "Starred messages".to_owned(),
        ListKind::SeenBy(_) => "Who has seen it".to_owned(),
        ListKind::Calls => "Calls".to_owned(),
        ListKind::Links => "Links".to_owned(),
    }
}

/// What is said when there is nothing in it.
fn empty(kind: &ListKind) -> &'static str {
    match kind {
        ListKind::Members(_) => "Nobody is in it.",
        ListKind::Rooms { archived: true, .. } => "No room was put away. /archive puts the open one away.",
        ListKind::Rooms { .. } => "No room is called that.",
        ListKind::People(_) => "Nobody is called that.",
        ListKind::Stars(Some(_)) => "No message is starred here.",
        ListKind::Stars(None) => "No message is starred.",
        ListKind::SeenBy(_) => "Nobody has seen it yet.",
        ListKind::Calls => "There were no calls.",
        ListKind::Links => "There is no link in it.",
    }
}
