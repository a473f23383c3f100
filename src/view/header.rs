//! The header: title and description of the open room, its members or presence, and the rules around it, with the
//! number of new messages above the screen.

use std::borrow::Cow;

use ratatui::style::Style;

use crate::app::{Region, Scene, member_counts, room_title};
use crate::config::Role;
use crate::domain::{MemberRole, Presence, Room, RoomKind};

use super::canvas::{Canvas, cells};
use super::glyphs::Glyphs;
use super::{activity, composer, presence};

/// Minimum width of the description in cells. If less space is left, the description is left out.
const MIN_DESCRIPTION: u16 = 12;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let regions = &scene.ui.regions;
    let border = canvas.style(Role::Border);
    for rule in [regions.header_rule, regions.composer_rule] {
        if rule.height > 0 {
            canvas.rule(rule, rule.y, glyphs.horizontal(), border);
        }
    }
    let rule = regions.composer_rule;
    let hidden = composer::describe(scene, glyphs);
    if rule.height > 0 && !hidden.is_empty() {
        let area = Region { x: rule.x + 1, width: rule.width.saturating_sub(2), ..rule };
        let style = canvas.style(Role::Dim);
        canvas.put_right(area, rule.y, &format!(" {hidden} "), style);
    }
    let rule = regions.header_rule;
    if let Some(hint) = activity::new_above_hint(scene, glyphs).filter(|_| rule.height > 0) {
        let area = Region { x: rule.x + 1, width: rule.width.saturating_sub(2), ..rule };
        let style = canvas.style(Role::NewLine);
        canvas.put_right(area, rule.y, &format!(" {hint} "), style);
    }
    let inner = Region { x: regions.header.x + 1, width: regions.header.width.saturating_sub(2), ..regions.header };
    let Some(room) = scene.open_room().filter(|_| inner.height > 0) else { return };
    let (details, style) = details(scene, canvas, room);
    let separator = format!(" {} ", glyphs.dot());
    // Details that do not fit beside the title are dropped from the end; the first one is always shown.
    let label = scene.account.room_label(room);
    // With several profiles, two rooms may have the same title.
    let profile = scene.profile_label().map_or_else(String::new, |name| format!("{name} {} ", glyphs.dot()));
    let title_cells = cells(label.name) + if label.mark.is_empty() { 0 } else { 1 + cells(&label.mark) };
    let title_cells = title_cells + cells(&profile);
    let fits = |shown: &[Cow<'_, str>]| title_cells + 1 + cells(&shown.join(&separator)) <= inner.width;
    let count = (1..=details.len()).rev().find(|count| fits(&details[..*count])).unwrap_or(1);
    let details = details[..count.min(details.len())].join(&separator);
    let end = canvas.put_right(inner, inner.y, &details, style);
    let title = canvas.style(Role::Title);
    let dim = canvas.style(Role::Dim);
    let x = canvas.put(inner.x, inner.y, &profile, end.saturating_sub(inner.x + 1), dim);
    let x = canvas.put_label(x, inner.y, &label, end.saturating_sub(x + 1), title) + 2;
    let description = room.membership.description.as_deref();
    if let Some(description) = description.filter(|description| **description != *room_title(room))
        && end.saturating_sub(x) > MIN_DESCRIPTION
    {
        canvas.put(x, inner.y, description.lines().next().unwrap_or_default(), end - x - 2, dim);
    }
}

/// The details at the right, the most important first: presence or member count, own role, muted, archived.
fn details<'a>(scene: Scene<'_>, canvas: &Canvas<'_>, room: &'a Room) -> (Vec<Cow<'a, str>>, Style) {
    let mut style = canvas.style(Role::Dim);
    let mut details: Vec<Cow<'_, str>> = Vec::new();
    if room.is_deleted() {
        details.push("deleted".into());
    } else if let Some(peer) = scene.account.shown_peer(room) {
        details.push(presence::label(scene, peer));
        if presence::of(scene, peer) == Presence::Online {
            style = canvas.style(Role::Success);
        }
    } else {
        details.push(member_count(scene, room));
    }
    details.extend(room.membership.role.filter(|role| *role > MemberRole::Member).map(|role| role.label().into()));
    details.extend((room.info.kind == RoomKind::Broadcast).then_some("broadcast".into()));
    details.extend(room.is_muted().then(|| match room.info.settings.muted_until.filter(|_| !room.info.muted) {
        Some(until) => format!("muted until {}", scene.options.times.date_time(until, scene.now)).into(),
        None => "muted".into(),
    }));
    details.extend(room.is_archived().then_some("archived".into()));
    details.retain(|detail| !detail.is_empty());
    (details, style)
}

fn member_count(scene: Scene<'_>, room: &Room) -> Cow<'static, str> {
    match member_counts(scene, room) {
        None => "".into(),
        Some((1, 0)) => "1 member".into(),
        Some((count, 0)) => format!("{count} members").into(),
        Some((1, online)) => format!("1 member, {online} online").into(),
        Some((count, online)) => format!("{count} members, {online} online").into(),
    }
}
