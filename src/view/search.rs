//! The search: words, and below them the messages that hold them.

use std::ops::Range;

use ratatui::layout::Position;

use crate::app::{Area, HIT_ROWS, Hit, Reach, Search, State};
use crate::config::Role;
use crate::input::Action;
use crate::text::{SafeText, clip, graphemes, width, wrap};

use super::canvas::{Canvas, cells};
use super::glyphs::Glyphs;
use super::overlay::frame;

/// Columns that the line of a hit stands further in than its room.
const INDENT: u16 = 2;

pub(super) fn paint(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs, search: &Search) -> Option<Position> {
    let size = Search::size(state.size);
    let title = match search.room.as_ref().map(|room| state.rooms.get(room)) {
        None => "Search all rooms".to_owned(),
        Some(room) => format!("Search in {}", room.map_or("this room", |room| &room.info.title)),
    };
    let inside = frame(state, canvas, glyphs, &title, size.width, size.height);
    if inside.height == 0 || inside.width < 4 {
        return None;
    }
    let cursor = paint_words(canvas, glyphs, search, inside);
    let mut list = Area { y: inside.y + 1, height: inside.height - 1, ..inside };
    if let Some(note) = note(state, list.width)
        && list.height > 1
    {
        let dim = canvas.style(Role::Dim);
        list.height -= 1;
        canvas.put(list.x, list.y + list.height, note, list.width, dim);
    }
    if Search::is_airy(state.size) && list.height > 0 {
        (list.y, list.height) = (list.y + 1, list.height - 1);
    }
    if search.hits.is_empty() {
        paint_nothing(state, canvas, search, list);
    }
    let places = (list.y..list.y + list.height).step_by(usize::from(HIT_ROWS));
    for ((index, hit), y) in search.hits.iter().enumerate().skip(search.first).take(search.shown).zip(places) {
        let height = HIT_ROWS.min(list.y + list.height - y);
        let area = Area { y, height, ..list };
        paint_hit(state, canvas, glyphs, search, hit, area);
        if index == search.chosen {
            let style = canvas.style(Role::Selection);
            canvas.tint(area, style);
        }
    }
    Some(cursor)
}

/// The words, of which the end stays in sight, and how much was found.
fn paint_words(canvas: &mut Canvas<'_>, glyphs: Glyphs, search: &Search, inside: Area) -> Position {
    let (text, dim, accent) = (canvas.style(Role::Text), canvas.style(Role::Dim), canvas.style(Role::Accent));
    let count = match search.hits.len() {
        _ if search.is_blank() => String::new(),
        _ if !search.is_answered() => format!("searching{}", glyphs.dots()),
        0 => String::new(),
        count if search.more => format!("the newest {count}"),
        count => format!("{count} found"),
    };
    let end = canvas.put_right(inside, inside.y, &count, dim);
    canvas.put(inside.x, inside.y, glyphs.prompt(), 1, accent);
    let start = inside.x + 2;
    // One cell is for the cursor, and one keeps the count apart.
    let room = usize::from(end.saturating_sub(start + 2)).max(1);
    let words = SafeText::line(&search.query);
    let mut shown = words.as_str();
    while width(shown) > room {
        let first = graphemes(shown).next().map_or(shown.len(), |(grapheme, _)| grapheme.len());
        shown = &shown[first..];
    }
    let cursor = canvas.put(start, inside.y, shown, u16::try_from(room).unwrap_or(u16::MAX), text);
    if search.replaces {
        let style = canvas.style(Role::Selection);
        canvas.tint(Area { x: start, y: inside.y, width: cursor.saturating_sub(start), height: 1 }, style);
    }
    Position::new(cursor, inside.y)
}

/// Why nothing is listed.
fn paint_nothing(state: &State, canvas: &mut Canvas<'_>, search: &Search, list: Area) {
    let scope = state.options.keymap.shown(Action::SearchScope);
    let sentence = match &search.room {
        _ if search.is_blank() => "Type words; messages that hold all of them are listed, newest first.".to_owned(),
        // While it is being looked for nothing is said, so that nothing flickers.
        _ if !search.is_answered() => return,
        Some(_) if !scope.is_empty() => format!("No message in this room holds that. {scope} searches all rooms."),
        Some(_) => "No message in this room holds that.".to_owned(),
        None => "No message here holds that. What only the server has is not searched.".to_owned(),
    };
    let dim = canvas.style(Role::Dim);
    let rows = wrap(&sentence, usize::from(list.width).max(1));
    for (row, y) in rows.into_iter().zip(list.y..list.y + list.height) {
        canvas.put(list.x, y, &sentence[row.start as usize..row.end as usize], list.width, dim);
    }
}

/// What is not searched, as fully as there is room for.
fn note(state: &State, cells: u16) -> Option<&'static str> {
    let (long, short) = match state.search_reach() {
        Reach::Disk => return None,
        Reach::Later => ("What is kept on disk is being read.", "The disk is being read."),
        Reach::Memory => (
            "Nothing is kept on disk: what was loaded since the start is searched.",
            "Only what is in memory is searched.",
        ),
        Reach::Both => {
            ("Not all is kept on disk: what is there and in memory is searched.", "Not all is kept on disk.")
        }
    };
    Some(if width(long) <= usize::from(cells) { long } else { short })
}

/// Where and by whom and when; below it the line.
fn paint_hit(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs, search: &Search, hit: &Hit, area: Area) {
    let (title, dim, text) = (canvas.style(Role::Title), canvas.style(Role::Dim), canvas.style(Role::Text));
    let when = hit.at.when(state.now, &state.options.zone);
    let end = canvas.put_right(area, area.y, &when, dim).saturating_sub(1);
    let author = if state.is_me(&hit.author) { "you" } else { state.name_of(&hit.author) };
    let known = state.rooms.get(&hit.room).map(|room| &*room.info.title);
    let room = known.unwrap_or("a chat that is not in the list");
    let free = end.saturating_sub(area.x);
    if search.room.is_some() {
        canvas.put(area.x, area.y, author, free, title);
    } else if author == room {
        // In a chat of two the other side is what it is called.
        canvas.put(area.x, area.y, room, free, title);
    } else {
        let author = format!(" {} {author}", glyphs.dot());
        let room_cells = free.saturating_sub(cells(&author).min(free / 2));
        let x = canvas.put(area.x, area.y, room, room_cells, title);
        canvas.put(x, area.y, &author, end.saturating_sub(x), dim);
    }
    if area.height < HIT_ROWS {
        return;
    }
    let (line, marks) = in_sight(hit, usize::from(area.width.saturating_sub(INDENT)));
    let x = area.x + INDENT;
    // In one piece, so that what runs from right to left stays one piece.
    canvas.put(x, area.y + 1, &line, area.width.saturating_sub(INDENT), text);
    let accent = canvas.style(Role::Found);
    for mark in marks {
        let before = cells(&line[..mark.start]);
        canvas.tint(Area { x: x + before, y: area.y + 1, width: cells(&line[mark]), height: 1 }, accent);
    }
}

/// As much of the line as fits, with its first mark in it; and the marks therein.
fn in_sight(hit: &Hit, room: usize) -> (String, Vec<Range<usize>>) {
    let first = hit.marks.first().cloned().unwrap_or(0..0);
    let mut start = 0;
    if width(&hit.line[..first.end]) >= room {
        // Of what stands before it as much stays as leaves two thirds to it and what follows, if that takes so much.
        let before = (room / 3).max(room.saturating_sub(width(&hit.line[first.start..])));
        let lead: Vec<(&str, usize)> = graphemes(&hit.line[..first.start]).collect();
        let mut used = 1;
        start = first.start;
        for (grapheme, cells) in lead.into_iter().rev() {
            used += cells;
            if used > before {
                break;
            }
            start -= grapheme.len();
        }
        // It begins with a word, if one begins soon.
        let lead = &hit.line[start..first.start];
        start += lead.find(' ').filter(|blank| *blank <= before / 2).map_or(0, |blank| blank + 1);
    }
    let cut = if start > 0 { "…" } else { "" };
    let whole = format!("{cut}{}", &hit.line[start..]);
    let line = clip(&whole, room);
    // What says that the end was cut off is no part of what was said.
    let end = if line == whole { line.len() } else { line.trim_end_matches('…').len() };
    let shift = |at: usize| (at.max(start) - start + cut.len()).min(end);
    let marks = hit.marks.iter().map(|mark| shift(mark.start)..shift(mark.end)).filter(|mark| !mark.is_empty());
    let marks = marks.collect();
    (line, marks)
}
