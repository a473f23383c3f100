//! The member list of the open room: a title, and one row per person with their presence and role.

use crate::app::{MemberListState, MemberRow, Region, Scene, member_rows};
use crate::config::Role;
use crate::domain::{MemberRole, Person, Presence, PresenceSource};

use super::canvas::{Canvas, cells};
use super::glyphs::Glyphs;
use super::presence;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let regions = &scene.ui.regions;
    let (border, dim) = (canvas.style(Role::Border), canvas.style(Role::Dim));
    let divider = regions.members_divider;
    for y in divider.y..divider.y + divider.height {
        canvas.put(divider.x, y, glyphs.vertical(), divider.width, border);
    }
    let area = regions.members;
    let inner = Region { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let rows = member_rows(scene);
    let list = regions.member_rows();
    if regions.header.height > 0 {
        let title = canvas.style(Role::Title);
        let count = if rows.is_empty() { String::new() } else { rows.len().to_string() };
        let end = canvas.put_right(inner, area.y, &count, dim);
        canvas.put(inner.x, area.y, "Members", end.saturating_sub(inner.x), title);
    }
    if regions.header_rule.height > 0 {
        canvas.rule(area, regions.header_rule.y, glyphs.horizontal(), border);
    }
    let shown = rows.iter().skip(regions.first_member).zip(list.y..list.y + list.height);
    let mut next = list.y;
    for (row, y) in shown {
        paint_row(scene, canvas, glyphs, Region { y, height: 1, ..inner }, row);
        next = y + 1;
    }
    let members = &scene.ui.members;
    if members.room.as_ref() != scene.open_room().map(|room| &room.info.id) {
        // The members of this room are known without being requested.
        return;
    }
    let note = match members.state {
        MemberListState::Loading => format!("Loading{}", glyphs.dots()),
        MemberListState::Failed => "Could not be loaded.".to_owned(),
        MemberListState::Complete => return,
    };
    if next < list.y + list.height {
        canvas.put(inner.x, next, &note, inner.width, dim);
    }
}

fn paint_row(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, area: Region, row: &MemberRow) {
    let dim = canvas.style(Role::Dim);
    let known = scene.account.people.get(&row.person);
    let (glyph, style) = match scene.account.is_shown_online(&row.person, scene.now) {
        true if known.is_some_and(|known| known.info.agent) => (glyphs.agent(), canvas.style(Role::Success)),
        true => (glyphs.online(), canvas.style(Role::Success)),
        // Services that are asked about single people do not tell who in a group is online. An empty circle would
        // contradict the number in the header.
        false if is_asked_for(scene) && presence_of(scene, known) == Presence::Unknown => (" ", dim),
        false => (glyphs.offline(), dim),
    };
    canvas.put(area.x, area.y, glyph, 1, style);
    // The plain member role is the default and needs no label.
    let role = row.role.filter(|role| *role > MemberRole::Member).map(MemberRole::label);
    let hint = if scene.account.is_me(&row.person) { Some("you") } else { role };
    let hint = hint.filter(|hint| cells(hint) + 8 < area.width).unwrap_or_default();
    let end = canvas.put_right(area, area.y, hint, dim);
    let x = area.x + 2;
    let style = canvas.style(Role::Text);
    canvas.put_label(x, area.y, &scene.account.label_of(&row.person), end.saturating_sub(x + 1), style);
}

/// Whether the service only tells the presence of people who are asked about.
fn is_asked_for(scene: Scene<'_>) -> bool {
    matches!(scene.account.capabilities.map(|can| can.presence), Some(PresenceSource::Polling(_)))
}

fn presence_of(scene: Scene<'_>, person: Option<&Person>) -> Presence {
    person.map_or(Presence::Unknown, |person| presence::of(scene, person))
}
