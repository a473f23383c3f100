//! Room info for rooms without a member list on the server: who is in the room, its avatar and its metadata.

use crate::app::{Scene, room_title};
use crate::config::Role;
use crate::domain::PersonId;
use crate::text::SafeText;

use super::frame;
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;
use crate::view::presence;

/// Maximum width of the box, in cells.
const WIDTH: u16 = 60;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let Some(room) = scene.open_room() else { return };
    let peer = room.info.peer.as_deref().map(|peer| peer.id.clone());
    let both: Vec<PersonId> = peer.into_iter().chain(scene.account.me.clone()).collect();
    let members = if room.info.participants.is_empty() { &both } else { &room.info.participants };
    // A terminal cannot show the avatar, so its address is shown instead.
    let metadata = room.info.metadata.as_deref().filter(|metadata| *metadata != "{}").map(SafeText::line);
    let facts = [("Avatar", room.info.avatar.as_ref()), ("Metadata", metadata.as_ref())];
    let facts: Vec<_> = facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect();
    let height = u16::try_from(members.len() + facts.len()).unwrap_or(u16::MAX).saturating_add(2);
    let inside = frame::draw(scene, canvas, glyphs, room_title(room), WIDTH, height);
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
    let mut rows = inside.y..inside.y + inside.height;
    for (id, y) in members.iter().zip(rows.by_ref()) {
        let Some(person) = scene.account.people.get(id) else {
            canvas.put(inside.x, y, "Unknown person", inside.width, dim);
            continue;
        };
        let status = if scene.account.is_me(id) { "you".into() } else { presence::label(scene, person) };
        let end = canvas.put_right(inside, y, &status, dim);
        let name = format!("{} @{}", person.info.name, person.info.username);
        canvas.put(inside.x, y, &name, end.saturating_sub(inside.x + 1), text);
    }
    for ((name, fact), y) in facts.into_iter().zip(rows) {
        canvas.put(inside.x, y, &format!("{name}: {fact}"), inside.width, dim);
    }
}
