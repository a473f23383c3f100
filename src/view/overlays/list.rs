//! Lists loaded from the server: members, people, rooms, starred messages, calls; and the links of a message.

use std::borrow::Cow;

use ratatui::layout::Position;

use crate::app::{Label, List, ListKind, ListRow, ListTarget, MEMBERS_OF, Region, Scene, hints};
use crate::config::Role;
use crate::domain::SharedKind;
use crate::input::Action;
use crate::text::{FuzzyQuery, SafeText};

use super::{frame, query};
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;
use crate::view::presence;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, list: &List) -> Option<Position> {
    let inside = frame::draw(scene, canvas, glyphs, &title(scene, &list.kind));
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
    mark_member_keys(scene, canvas, glyphs, list);
    frame::mark_rows_below(canvas, scene.ui.regions.overlay, list.rows_below(inside));
    let filter = list.filter.as_ref().filter(|_| inside.height > 0);
    let cursor = filter.map(|filter| query::paint(canvas, glyphs, Region { height: 1, ..inside }, filter));
    let mut query = FuzzyQuery::new(list.filter.as_ref().map_or("", |filter| &filter.text));
    let mut free = list.rows_region(inside);
    for (place, region) in list.visible(inside) {
        let Some(row) = list.shown_row(place) else { break };
        let hint = canvas.put_right(region, region.y, &hint(scene, row), dim);
        let label = Label { name: &row.text, mark: (&*row.mark).into() };
        let style = if list.is_fact(place) { dim } else { text };
        let matched = query.matched(&row.title());
        canvas.put_matched(region.x, region.y, &label, &matched, hint.saturating_sub(region.x + 1), style);
        if place == list.selected {
            let style = canvas.style(Role::Selection);
            canvas.tint(region, style);
        }
        free.take_top(1);
    }
    let note = match list.unsearched() {
        _ if list.loading => format!("Loading{}", glyphs.dots()),
        Some(sentence) => sentence,
        None if list.is_empty() => empty(&list.kind).to_owned(),
        None if list.shown_row(0).is_none() => list.no_matches(),
        None => String::new(),
    };
    if free.height > 0 {
        canvas.put(free.x, free.y, &note, free.width, dim);
    }
    cursor
}

/// Writes the letters that change the selected member into the border of the box: none of them works without being named,
/// and the status line has not always space for them.
fn mark_member_keys(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, list: &List) {
    if !matches!(list.kind, ListKind::Members(_)) {
        return;
    }
    let is_change =
        |action: Action| matches!(action, Action::MemberPromote | Action::MemberDemote | Action::MemberRemove);
    let keys = hints(scene).into_iter().filter(|hint| is_change(hint.action));
    let keys = keys.map(|hint| format!("{} {}", scene.options.key_name(hint.action), hint.word));
    frame::mark_keys(canvas, scene.ui.regions.overlay, &keys.collect::<Vec<_>>().join(&format!(" {} ", glyphs.dot())));
}

/// The text at the right end of a row. For a member it includes the presence, as far as that is known.
fn hint<'a>(scene: Scene<'_>, row: &'a ListRow) -> Cow<'a, str> {
    let ListTarget::Member(member) = &row.target else { return row.hint.as_str().into() };
    let person = scene.account.people.get(&member.person.id).filter(|_| !scene.account.is_me(&member.person.id));
    let presence = person.map_or(Cow::Borrowed(""), |person| presence::label(scene, person));
    match (row.hint.as_str(), &*presence) {
        (hint, "") => hint.into(),
        ("", _) => presence.into_owned().into(),
        (hint, presence) => format!("{hint}, {presence}").into(),
    }
}

fn title(scene: Scene<'_>, kind: &ListKind) -> String {
    let room =
        |room| scene.account.rooms.get(room).map_or(Label::plain("this room"), |room| scene.account.room_label(room));
    match kind {
        ListKind::Members(id) => format!("{MEMBERS_OF}{}", room(id)),
        ListKind::Rooms { archived: true, .. } => "Archived rooms".to_owned(),
        ListKind::Rooms { title, .. } if title.is_empty() => "Rooms".to_owned(),
        ListKind::Rooms { title, .. } => format!("Rooms matching {}", SafeText::line(title)),
        ListKind::People(name) if name.is_empty() => "People".to_owned(),
        ListKind::People(name) => format!("People matching {}", SafeText::line(name)),
        ListKind::AddablePeople(id) => format!("Add to {}", room(id)),
        ListKind::Shared(id, SharedKind::Media) => format!("Images and videos in {}", room(id)),
        ListKind::Shared(id, SharedKind::Links) => format!("Links in {}", room(id)),
        ListKind::Shared(id, SharedKind::Files) => format!("Files in {}", room(id)),
        ListKind::Shared(id, SharedKind::Voice) => format!("Voice messages in {}", room(id)),
        ListKind::Stars(Some(id)) => format!("Starred in {}", room(id)),
        ListKind::Stars(None) => "Starred messages".to_owned(),
        ListKind::SeenBy(_) => "Seen by".to_owned(),
        ListKind::Calls => "Calls".to_owned(),
        ListKind::Links => "Links".to_owned(),
        ListKind::Details(_) => "Details".to_owned(),
    }
}

/// The text shown instead of rows when the list is empty.
fn empty(kind: &ListKind) -> &'static str {
    match kind {
        ListKind::Members(_) => "No members",
        ListKind::Rooms { archived: true, .. } => "No archived rooms. /archive archives the open room.",
        ListKind::Rooms { .. } | ListKind::People(_) => "No matches",
        ListKind::AddablePeople(_) => "Nobody else can be added",
        ListKind::Shared(..) => "Nothing yet",
        ListKind::Stars(Some(_)) => "No starred messages in this room",
        ListKind::Stars(None) => "No starred messages",
        ListKind::SeenBy(_) => "Nobody has seen it yet",
        ListKind::Calls => "No calls yet",
        ListKind::Links => "No links in this message",
        ListKind::Details(_) => "Nothing is known about this message",
    }
}
