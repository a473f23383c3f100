//! The inspector: a list of calls and packets, and the selected one as a tree.

use std::borrow::Cow;

use ratatui::layout::Position;
use ratatui::style::Style;

use crate::app::{Details, Entry, Found, Inspector, InspectorField, Region, Scene, duration};
use crate::config::Role;
use crate::domain::format_size;
use crate::text::{SafeText, clip, width};
use crate::wire::{Direction, JsonValue};

use super::{frame, query};
use crate::view::canvas::{Canvas, cells};
use crate::view::glyphs::Glyphs;
use crate::view::micros::format_micros;

/// Columns for the time of day.
const TIME_WIDTH: u16 = 12;

/// Columns for the time of day without milliseconds.
const SHORT_TIME_WIDTH: u16 = 8;

/// Columns for the time since the previous record, and for a duration.
const DELTA_WIDTH: u16 = 8;

/// Columns for the status.
const STATUS_WIDTH: u16 = 8;

/// Columns for the size.
const SIZE_WIDTH: u16 = 8;

/// Columns for the title of the room.
const ROOM_WIDTH: u16 = 18;

/// Largest number of columns for the name of the profile.
const MAX_PROFILE_WIDTH: u16 = 10;

/// Smallest number of columns for the name.
const NAME_WIDTH: u16 = 20;

/// Columns by which the records of a group are indented below its first one.
const MEMBER_INDENT: u16 = 2;

/// Columns of the label before a text field.
const LABEL_WIDTH: u16 = 8;

/// Maximum number of characters of a value in the tree. More never fit on a row.
const MAX_VALUE_CHARS: usize = 400;

/// The columns of the list that fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    profile: u16,
    time: u16,
    delta: u16,
    status: u16,
    size: u16,
    room: u16,
}

impl Columns {
    /// Chooses the columns for a list of this width, with names of profiles of up to `profile` columns. The name of the
    /// record gets what is left.
    fn of(width: u16, profile: u16) -> Self {
        let mut columns = Self { profile: 0, time: SHORT_TIME_WIDTH, delta: 0, status: 4, size: 0, room: 0 };
        // The mark of the group, the arrow and the blanks.
        let mut rest = width.saturating_sub(6 + columns.time + columns.status + NAME_WIDTH);
        let profile = if profile > 0 { profile.min(MAX_PROFILE_WIDTH) + 1 } else { 0 };
        for (column, wanted) in [
            (&mut columns.profile, profile),
            (&mut columns.delta, DELTA_WIDTH + 1),
            (&mut columns.time, TIME_WIDTH - SHORT_TIME_WIDTH),
            (&mut columns.size, SIZE_WIDTH + 1),
            (&mut columns.status, STATUS_WIDTH - 4),
            (&mut columns.room, ROOM_WIDTH + 1),
        ] {
            if rest >= wanted {
                *column += wanted;
                rest -= wanted;
            }
        }
        columns
    }
}

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, page: &Inspector) -> Option<Position> {
    let inside = frame::draw(scene, canvas, glyphs, &title(page));
    let parts = page.parts(inside);
    let cursor = paint_fields(canvas, glyphs, parts.field, page);
    if page.rows.is_empty() && parts.list.height > 0 {
        let dim = canvas.style(Role::Dim);
        let sentence = if page.records.count() == 0 || page.is_about_message() { "No records" } else { "No matches" };
        canvas.put(parts.list.x, parts.list.y, sentence, parts.list.width, dim);
    }
    let group = page.selected.and_then(|selected| page.records.group(selected));
    let profiles = page.visible(inside).filter_map(|(index, _)| page.records.get(*page.rows.get(index)?));
    let profile = profiles.map(|entry| cells(&entry.profile)).max().unwrap_or_default();
    // A single profile need not be named.
    let profile = if scene.others.all().next().is_some() { profile } else { 0 };
    let columns = Columns::of(parts.list.width, profile);
    for (index, region) in page.visible(inside) {
        let Some(entry) = page.rows.get(index).and_then(|row| page.records.get(*row)) else { continue };
        let of_row = page.records.group(entry.record.seq);
        let place = RowPlace {
            is_related: group.is_some() && of_row == group,
            is_member: page.is_grouped() && of_row.is_some_and(|group| group.0 != entry.record.seq),
        };
        paint_row(scene, canvas, glyphs, (region, columns), entry, place);
        if page.selected == Some(entry.record.seq) {
            let style = canvas.style(if page.is_in_details { Role::Mention } else { Role::Selection });
            canvas.tint(region, style);
        }
    }
    paint_rule(canvas, glyphs, parts.rule);
    match page.copying {
        Some(selected) => paint_copy_menu(canvas, parts.detail, page, selected),
        None => paint_details(canvas, glyphs, parts.detail, page),
    }
    cursor
}

fn title(page: &Inspector) -> String {
    let shown = page.rows.len();
    let count = match page.records.count() {
        all if all == shown => format!("{all} records"),
        all => format!("{shown} of {all} records"),
    };
    let mut title = format!("Inspector · {count}");
    if page.records.missed > 0 {
        title.push_str(&format!(" · {} missed", page.records.missed));
    }
    if page.is_about_message() {
        title.push_str(" · one message");
    }
    if page.is_paused {
        title.push_str(" · paused");
    }
    title
}

/// Paints the text field, or the filter and the search in effect. Returns the cursor.
fn paint_fields(canvas: &mut Canvas<'_>, glyphs: Glyphs, field: Region, page: &Inspector) -> Option<Position> {
    if field.height == 0 {
        return None;
    }
    let dim = canvas.style(Role::Dim);
    let mut field = field;
    if let Some(found) = page.found {
        let text = found_text(found, glyphs);
        let part = field.take_right(u16::try_from(width(&text)).unwrap_or(u16::MAX).min(field.width / 2));
        field.take_right(1);
        canvas.put(part.x, part.y, &text, part.width, if found.count == 0 { canvas.style(Role::Error) } else { dim });
    }
    if let Some(typed) = page.field {
        let (label, input) = match typed {
            InspectorField::Filter => ("Filter", &page.filter),
            InspectorField::Search => ("Search", &page.search),
        };
        canvas.put(field.x, field.y, label, LABEL_WIDTH, dim);
        let mut rest = field;
        rest.take_left(LABEL_WIDTH);
        let cursor = query::paint(canvas, glyphs, rest, input);
        if typed == InspectorField::Filter && input.text.is_empty() {
            canvas.put(rest.x + 2, rest.y, "words event:… room:… as:… in out error", rest.width.saturating_sub(2), dim);
        }
        return Some(cursor);
    }
    let filter = [("Filter", &page.filter), ("Search", &page.search)];
    let in_effect = filter.into_iter().filter(|(_, input)| !input.text.trim().is_empty());
    let in_effect = in_effect.map(|(label, input)| format!("{label}: {}", SafeText::line(input.text.trim())));
    let text = in_effect.collect::<Vec<_>>().join(&format!(" {} ", glyphs.dot()));
    canvas.put(field.x, field.y, &text, field.width, dim);
    None
}

/// Says where a search has led.
fn found_text(found: Found, glyphs: Glyphs) -> String {
    let Found { number, count, has_wrapped } = found;
    match (count, has_wrapped) {
        (0, _) => "No matches".to_owned(),
        (_, false) => format!("{number} of {count}"),
        (_, true) => format!("{number} of {count} {} wrapped", glyphs.dot()),
    }
}

/// The place of a row among the groups.
#[derive(Debug, Clone, Copy)]
struct RowPlace {
    /// Whether it belongs to the selected record.
    is_related: bool,
    /// Whether it is below the first record of its group.
    is_member: bool,
}

fn paint_row(
    scene: Scene<'_>,
    canvas: &mut Canvas<'_>,
    glyphs: Glyphs,
    (region, columns): (Region, Columns),
    entry: &Entry,
    place: RowPlace,
) {
    let (text, dim, accent) = (canvas.style(Role::Text), canvas.style(Role::Dim), canvas.style(Role::Accent));
    let record = &entry.record;
    let is_error = record.is_error();
    let direction = record.direction();
    let mut rest = region;
    let mark = rest.take_left(2);
    if place.is_related {
        canvas.put(mark.x, mark.y, glyphs.marked(), 1, accent);
    }
    let time = rest.take_left(columns.time);
    let format = if columns.time < TIME_WIDTH { "%H:%M:%S" } else { "%H:%M:%S%.3f" };
    let at = record.at.wall.zoned(&scene.options.times.zone).strftime(format).to_string();
    canvas.put(time.x, time.y, &at, time.width, dim);
    if columns.delta > 0 {
        let delta = rest.take_left(columns.delta);
        if let Some(micros) = duration(record).or(entry.since_previous) {
            let sign = if duration(record).is_some() { "" } else { "+" };
            canvas.put_right(delta, delta.y, &format!("{sign}{}", format_micros(micros)), dim);
        }
    }
    let profile = rest.take_left(columns.profile);
    canvas.put(profile.x + 1, profile.y, &entry.profile, profile.width.saturating_sub(1), text);
    let arrow = rest.take_left(3);
    let arrow_style = if direction == Direction::Out { accent } else { dim };
    canvas.put(arrow.x + 1, arrow.y, glyphs.direction(direction), 1, arrow_style);
    let room = rest.take_right(columns.room);
    let size = rest.take_right(columns.size);
    let status = rest.take_right(columns.status + 1);
    let name_style = if is_error {
        canvas.style(Role::Error)
    } else if direction == Direction::Local {
        dim
    } else {
        text
    };
    if place.is_member {
        rest.take_left(MEMBER_INDENT);
    }
    let bytes = record.wire_bytes().filter(|_| size.width > 0);
    // A name goes on over the columns that are empty in this row.
    let free = [(status, entry.outcome.is_empty()), (size, bytes.is_none()), (room, entry.room.is_empty())];
    let free: u16 = free.into_iter().take_while(|(_, is_empty)| *is_empty).map(|(column, _)| column.width).sum();
    let width = rest.width + free.saturating_sub(1);
    canvas.put(rest.x, rest.y, &fitting(&entry.name, width.into()), width, name_style);
    let outcome_style = if is_error { canvas.style(Role::Error) } else { canvas.style(Role::Success) };
    canvas.put(status.x + 1, status.y, &entry.outcome, status.width.saturating_sub(1), outcome_style);
    if let Some(bytes) = bytes {
        canvas.put_right(size, size.y, &format_size(bytes), dim);
    }
    canvas.put(room.x + 1, room.y, &entry.room, room.width.saturating_sub(1), dim);
}

/// Shortens the path of a call between its beginning and its end, which says most.
fn fitting(name: &str, cells: usize) -> Cow<'_, str> {
    let (Some((method, path)), true) = (name.split_once(' '), width(name) > cells) else { return name.into() };
    if !path.starts_with('/') {
        return name.into();
    }
    let space = cells.saturating_sub(width(method) + 2);
    let begin = clip(path, space / 3 + 1);
    let left = space.saturating_sub(width(begin.trim_end_matches('…')));
    let end = path.char_indices().map(|(at, _)| at).find(|at| width(&path[*at..]) <= left);
    format!("{method} {}…{}", begin.trim_end_matches('…'), end.map_or("", |end| &path[end..])).into()
}

fn paint_rule(canvas: &mut Canvas<'_>, glyphs: Glyphs, rule: Region) {
    let style = canvas.style(Role::Border);
    if rule.width == 1 {
        for y in rule.y..rule.y + rule.height {
            canvas.put(rule.x, y, glyphs.vertical(), 1, style);
        }
    } else if rule.height == 1 {
        canvas.put(rule.x, rule.y, &glyphs.horizontal().repeat(rule.width.into()), rule.width, style);
    }
}

fn paint_copy_menu(canvas: &mut Canvas<'_>, area: Region, page: &Inspector, selected: usize) {
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
    let mut rest = area;
    if rest.height > 3 {
        let head = rest.take_top(1);
        canvas.put(head.x, head.y, "Copy as", head.width, dim);
    }
    let forms = page.copy_forms();
    let first = (selected + 1).saturating_sub(rest.height.into());
    for (place, form) in forms.iter().enumerate().skip(first).take(rest.height.into()) {
        let row = rest.take_top(1);
        canvas.put(row.x, row.y, form.name(), row.width, text);
        if place == selected {
            let style = canvas.style(Role::Selection);
            canvas.tint(row, style);
        }
    }
}

fn paint_details(canvas: &mut Canvas<'_>, glyphs: Glyphs, area: Region, page: &Inspector) {
    let Some(details) = &page.details else { return };
    let mut rest = area;
    for node in details.lines().into_iter().skip(details.first).take(area.height.into()) {
        let row = rest.take_top(1);
        paint_node(canvas, glyphs, row, details, node);
        if page.is_in_details && node == details.selected {
            let style = canvas.style(Role::Selection);
            canvas.tint(row, style);
        }
    }
}

fn paint_node(canvas: &mut Canvas<'_>, glyphs: Glyphs, row: Region, details: &Details, index: usize) {
    let Some(node) = details.json.nodes.get(index) else { return };
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
    let end = row.x + row.width;
    let mut x = row.x.saturating_add((node.depth * 2).min(row.width / 2));
    if let Some(is_folded) = details.fold(index) {
        canvas.put(x, row.y, glyphs.fold(is_folded), 1, dim);
    }
    x += 2;
    if let Some(key) = &node.key {
        let key = SafeText::line(&format!("{key}: "));
        x = canvas.put(x, row.y, &key, end.saturating_sub(x), dim);
    }
    let size = details.size(index);
    let (value, style): (String, Style) = match &node.value {
        JsonValue::Object => (format!("{{{size}}}"), dim),
        JsonValue::Array => (format!("[{size}]"), dim),
        JsonValue::Embedded(_) => ("JSON in a string".to_owned(), dim),
        JsonValue::Text(text_value) => (shown(text_value), text),
        JsonValue::Scalar(_) if is_problem(node.depth, node.key.as_deref()) => {
            (scalar(&node.value), canvas.style(Role::Error))
        }
        JsonValue::Scalar(_) => (scalar(&node.value), canvas.style(Role::Accent)),
    };
    let is_quoted = matches!(node.value, JsonValue::Text(_));
    let value = if is_quoted { format!("\"{}\"", SafeText::line(&value)) } else { SafeText::line(&value).to_string() };
    canvas.put(x, row.y, &value, end.saturating_sub(x), style);
}

fn is_problem(depth: u16, key: Option<&str>) -> bool {
    depth == 0 && key == Some("problem")
}

fn scalar(value: &JsonValue) -> String {
    match value {
        JsonValue::Scalar(text) => shown(text),
        _ => String::new(),
    }
}

/// Returns as much of a value as a row can show.
fn shown(text: &str) -> String {
    text.chars().take(MAX_VALUE_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_keeps_its_beginning_and_its_end() {
        assert_eq!(fitting("POST /api/v2/channel/x/message", 18), "POST /api…/message");
        assert_eq!(fitting("POST /a", 7), "POST /a");
        assert_eq!(fitting("a long event", 3), "a long event");
        assert_eq!(fitting("POST /a", 0), "POST …");
    }

    #[test]
    fn name_always_has_space() {
        for (cells, profile) in (0..250).flat_map(|cells| [(cells, 0), (cells, 5), (cells, 99)]) {
            let columns = Columns::of(cells, profile);
            let taken =
                6 + columns.time + columns.delta + columns.status + columns.size + columns.room + columns.profile;
            assert!(cells < 38 || cells >= taken + NAME_WIDTH, "{cells} {columns:?}");
        }
        assert_eq!(Columns::of(36, 5), Columns { profile: 0, time: 8, delta: 0, status: 4, size: 0, room: 0 });
        assert_eq!(Columns::of(60, 99).profile, MAX_PROFILE_WIDTH + 1);
    }
}
