//! The room list: two rows per room, title and time above, last message and unread count below. On a compact screen each
//! room has one row, with its title and unread count.

use ratatui::style::Style;

use crate::app::{ConnectionState, Focus, Label, Region, RoomFilter, Scene, SectionRow, room_labels};
use crate::config::Role;
use crate::domain::{Presence, Room, RoomKind};

use super::canvas::{Canvas, cells};
use super::glyphs::Glyphs;
use super::{activity, curtain, presence, preview, sections};

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let regions = &scene.ui.regions;
    let border = canvas.style(Role::Border);
    for y in regions.divider.y..regions.divider.y + regions.divider.height {
        canvas.put(regions.divider.x, y, glyphs.vertical(), regions.divider.width, border);
    }
    let rows: Vec<_> = scene.visible_rows(regions).collect();
    mark_hidden_rows(scene, canvas, glyphs, rows.last().map_or(0, |(number, ..)| number + 1));
    for account in scene.accounts() {
        let own = |row: &SectionRow<'_>| matches!(row, SectionRow::Room(other, _) if other.id == account.id);
        // Only titles that are visible at the same time can be confused.
        let shown: Vec<_> = rows.iter().filter(|(_, row, _)| own(row)).collect();
        let rooms = shown.iter().filter_map(|(_, row, _)| match row {
            SectionRow::Room(_, room) => Some(*room),
            SectionRow::Heading(_) => None,
        });
        let labels = room_labels(account, rooms.clone());
        for (((_, _, area), room), label) in shown.iter().zip(rooms).zip(labels) {
            paint_room(scene.of(account), canvas, glyphs, *area, (room, &label));
        }
    }
    for (number, row, area) in rows {
        let is_open = match row {
            SectionRow::Heading(account) => {
                sections::paint(scene, canvas, glyphs, area, account);
                scene.ui.open.is_none() && account.id == scene.account.id
            }
            SectionRow::Room(account, room) => scene.of(account).is_open(&room.info.id),
        };
        if matches!(scene.ui.focus, Focus::Rooms(_)) && is_open {
            let accent = canvas.style(Role::Accent);
            for y in area.y..area.y + area.height {
                canvas.put(area.x, y, glyphs.marked(), 1, accent);
            }
        }
        let selected = match scene.ui.focus {
            Focus::Rooms(focused) => focused == number,
            Focus::Composer | Focus::Message(_) => is_open,
        };
        if selected {
            let style = canvas.style(Role::Selection);
            canvas.tint(area, style);
        }
    }
    if scene.account.rooms.is_empty() && scene.others.is_empty() && regions.rooms.height > 0 {
        let sync = &scene.account.room_sync;
        let is_connecting = matches!(scene.account.connection, ConnectionState::Connecting { .. });
        let loading = sync.is_first_load() || (is_connecting && !sync.is_listed() && !sync.has_failed());
        let text = if loading { format!("Loading rooms{}", glyphs.dots()) } else { empty_text(scene).to_owned() };
        let style = canvas.style(Role::Dim);
        canvas.put(regions.rooms.x + 1, regions.rooms.y, &text, regions.rooms.width.saturating_sub(1), style);
    }
}

/// Marks on the line beside the list that there are rows above the first one and below the last one on screen.
fn mark_hidden_rows(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, end: usize) {
    let (divider, accent) = (scene.ui.regions.divider, canvas.style(Role::Accent));
    let [above, below] = glyphs.more();
    if divider.height > 1 && scene.ui.regions.first_room > 0 {
        canvas.put(divider.x, divider.y, above, divider.width, accent);
    }
    if divider.height > 0 && end < scene.list_len() {
        canvas.put(divider.x, divider.y + divider.height - 1, below, divider.width, accent);
    }
}

fn paint_room(
    scene: Scene<'_>,
    canvas: &mut Canvas<'_>,
    glyphs: Glyphs,
    area: Region,
    (room, label): (&Room, &Label<'_>),
) {
    let inner = Region { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let dim = canvas.style(Role::Dim);
    let (glyph, glyph_style) = glyph(scene, canvas, glyphs, room);
    canvas.put(inner.x, inner.y, glyph, 1, glyph_style);
    if area.height == 1 {
        return paint_compact(scene, canvas, glyphs, inner, (room, label));
    }
    let last = preview::last_message(scene, room);
    let time = last.as_ref().map(|(_, at)| scene.options.times.compact(*at, scene.now)).unwrap_or_default();
    let mut title_end = canvas.put_right(inner, inner.y, &time, dim);
    if room.is_muted() {
        title_end = title_end.saturating_sub(2).max(inner.x + 2);
        canvas.put(title_end, inner.y, glyphs.muted(), 1, dim);
    }
    if room.info.settings.pinned {
        title_end = title_end.saturating_sub(2).max(inner.x + 2);
        canvas.put(title_end, inner.y, glyphs.pinned(), 1, dim);
    }
    let title_style = title_style(canvas, room);
    let title_x = inner.x + 2;
    canvas.put_label(title_x, inner.y, label, title_end.saturating_sub(title_x + 1), title_style);
    let y = inner.y + 1;
    let draft = scene.draft(&room.info.id).filter(|_| !scene.is_open(&room.info.id));
    if draft.is_some() {
        canvas.put(inner.x, y, glyphs.draft(), 1, canvas.style(Role::Accent));
    }
    let mut end = inner.x + inner.width;
    if room.unread().any() {
        let count = unread_count(room);
        end = end.saturating_sub(cells(&count) + 1);
        let style = if room.is_muted() { dim } else { title_style };
        canvas.put_right(inner, y, &count, style);
    }
    if room.unread().mentions > 0 {
        // Also if the room is muted: somebody asks for the user.
        end = end.saturating_sub(1);
        canvas.put(end, y, glyphs.mention(), 1, canvas.style(Role::Mention));
        end = end.saturating_sub(1);
    }
    if scene.account.has_unsent(&room.info.id) {
        end = end.saturating_sub(1);
        canvas.put(end, y, glyphs.failed(), 1, canvas.style(Role::Error));
        end = end.saturating_sub(1);
    }
    let typing = activity::typing(scene, room, glyphs.dots());
    let (line, style) = match last {
        _ if curtain::is_drawn(scene) => (String::new(), dim),
        _ if !typing.is_empty() => (typing, canvas.style(Role::Typing)),
        Some((line, _)) => (line, dim),
        None => (draft.map(|draft| draft.text().replace('\n', " ")).unwrap_or_default(), dim),
    };
    canvas.put(title_x, y, &line, end.saturating_sub(title_x), style);
}

/// Paints a room in one row: its title, and at the right whether it is muted, mentions of the user and the unread count.
fn paint_compact(
    scene: Scene<'_>,
    canvas: &mut Canvas<'_>,
    glyphs: Glyphs,
    inner: Region,
    (room, label): (&Room, &Label<'_>),
) {
    let (title, dim) = (title_style(canvas, room), canvas.style(Role::Dim));
    let has_draft = scene.draft(&room.info.id).is_some() && !scene.is_open(&room.info.id);
    let marks = [
        (room.unread().any(), unread_count(room), if room.is_muted() { dim } else { title }),
        (room.unread().mentions > 0, glyphs.mention().to_owned(), canvas.style(Role::Mention)),
        (scene.account.has_unsent(&room.info.id), glyphs.failed().to_owned(), canvas.style(Role::Error)),
        (has_draft, glyphs.draft().to_owned(), canvas.style(Role::Accent)),
        (room.is_muted(), glyphs.muted().to_owned(), dim),
        (room.info.settings.pinned, glyphs.pinned().to_owned(), dim),
    ];
    let mut end = inner.x + inner.width;
    for (_, mark, style) in marks.into_iter().filter(|(is_shown, ..)| *is_shown) {
        let left = Region { width: end.saturating_sub(inner.x), ..inner };
        end = canvas.put_right(left, inner.y, &mark, style).saturating_sub(1);
    }
    let x = inner.x + 2;
    canvas.put_label(x, inner.y, label, end.saturating_sub(x), title);
}

/// What stands in a list without rooms.
fn empty_text(scene: Scene<'_>) -> &'static str {
    match scene.terminal.room_filter {
        RoomFilter::All if scene.account.room_sync.has_failed() || !scene.account.room_sync.is_listed() => {
            "Rooms not loaded"
        }
        RoomFilter::All => "No rooms yet",
        RoomFilter::Unread => "No unread rooms",
        RoomFilter::Direct => "No direct messages",
        RoomFilter::Groups => "No groups",
    }
}

fn title_style(canvas: &Canvas<'_>, room: &Room) -> Style {
    let is_highlighted = room.needs_attention();
    canvas.style(if is_highlighted { Role::Unread } else { Role::Text })
}

fn unread_count(room: &Room) -> String {
    format!("{}{}", room.unread().count, if room.unread().or_more { "+" } else { "" })
}

/// The symbol before a room's title: its kind, or the other person's presence in a direct message.
fn glyph(scene: Scene<'_>, canvas: &Canvas<'_>, glyphs: Glyphs, room: &Room) -> (&'static str, Style) {
    let (dim, success) = (canvas.style(Role::Dim), canvas.style(Role::Success));
    // Nothing says any longer whether somebody in a deleted room is online.
    let peer = scene.account.shown_peer(room).filter(|_| !room.is_deleted());
    let online = peer.is_some_and(|person| presence::of(scene, person) == Presence::Online);
    let agent = peer.is_some_and(|person| person.info.agent);
    let is_direct = scene.account.is_shown_as_direct(room);
    let glyph = match room.info.kind {
        RoomKind::Order => glyphs.order(),
        RoomKind::Broadcast => glyphs.broadcast(),
        RoomKind::Direct | RoomKind::Unknown | RoomKind::Group if online && agent => glyphs.agent(),
        RoomKind::Direct | RoomKind::Unknown | RoomKind::Group if online => glyphs.online(),
        RoomKind::Unknown if is_direct => glyphs.offline(),
        RoomKind::Direct => glyphs.offline(),
        RoomKind::Unknown | RoomKind::Group => glyphs.group(),
    };
    (glyph, if online { success } else { dim })
}
