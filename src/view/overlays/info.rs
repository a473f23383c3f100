//! Room info for rooms without a member list on the server (its members, picture and metadata), and the newest notices.

use crate::app::{Info, InfoSubject, Region, Scene, fact_lines, notice_lines, room_facts};
use crate::config::Role;
use crate::domain::PersonId;

use super::frame;
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;
use crate::view::presence;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, info: Info) {
    match info.subject {
        InfoSubject::Room => paint_room(scene, canvas, glyphs, info.scroll),
        InfoSubject::Notices => paint_notices(scene, canvas, glyphs, info.scroll),
    }
}

fn paint_notices(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, scroll: usize) {
    let inside = frame::draw(scene, canvas, glyphs, "Notices");
    let lines = notice_lines(scene, inside.width.into());
    frame::mark_more(scene, canvas, scroll + usize::from(inside.height) < lines.len());
    let text = canvas.style(Role::Text);
    for (line, y) in lines.iter().skip(scroll).zip(inside.y..inside.y + inside.height) {
        canvas.put(inside.x, y, line, inside.width, text);
    }
}

fn paint_room(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, scroll: usize) {
    let Some(room) = scene.open_room() else { return };
    let inside = frame::draw(scene, canvas, glyphs, &scene.account.room_label(room).to_string());
    let cells = usize::from(inside.width);
    let Some(facts) = room_facts(scene, cells) else { return };
    let dim = canvas.style(Role::Dim);
    let (description, others) = (fact_lines(&facts.description, cells), fact_lines(&facts.others, cells));
    let count = description.len() + facts.members.len() + others.len();
    frame::mark_more(scene, canvas, scroll + usize::from(inside.height) < count);
    let members = facts.members.iter().map(Line::Member);
    let lines = description.into_iter().map(Line::Fact).chain(members).chain(others.into_iter().map(Line::Fact));
    for (line, y) in lines.skip(scroll).zip(inside.y..inside.y + inside.height) {
        match line {
            Line::Member(id) => paint_member(scene, canvas, id, Region { y, height: 1, ..inside }),
            Line::Fact(fact) => drop(canvas.put(inside.x, y, &fact, inside.width, dim)),
        }
    }
}

/// A line of the room info.
enum Line<'a> {
    Member(&'a PersonId),
    Fact(String),
}

fn paint_member(scene: Scene<'_>, canvas: &mut Canvas<'_>, id: &PersonId, row: Region) {
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
    let Some(person) = scene.account.people.get(id) else {
        canvas.put(row.x, row.y, "Unknown user", row.width, dim);
        return;
    };
    let status = if scene.account.is_me(id) { "you".into() } else { presence::label(scene, person) };
    let end = canvas.put_right(row, row.y, &status, dim);
    let label = scene.account.label_in_list(&person.info);
    canvas.put_label(row.x, row.y, &label, end.saturating_sub(row.x + 1), text);
}
