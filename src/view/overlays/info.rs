//! Room info for rooms without a member list on the server: who is in the room, its avatar and its metadata.

use crate::app::{Scene, room_facts, room_title};
use crate::config::Role;

use super::frame;
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;
use crate::view::presence;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let Some((room, facts)) = scene.open_room().zip(room_facts(scene)) else { return };
    let inside = frame::draw(scene, canvas, glyphs, room_title(room));
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
    let mut rows = inside.y..inside.y + inside.height;
    for (id, y) in facts.members.iter().zip(rows.by_ref()) {
        let Some(person) = scene.account.people.get(id) else {
            canvas.put(inside.x, y, "Unknown person", inside.width, dim);
            continue;
        };
        let status = if scene.account.is_me(id) { "you".into() } else { presence::label(scene, person) };
        let end = canvas.put_right(inside, y, &status, dim);
        let name = format!("{} @{}", person.info.name, person.info.username);
        canvas.put(inside.x, y, &name, end.saturating_sub(inside.x + 1), text);
    }
    for ((name, fact), y) in facts.others.iter().zip(rows) {
        canvas.put(inside.x, y, &format!("{name}: {fact}"), inside.width, dim);
    }
}
