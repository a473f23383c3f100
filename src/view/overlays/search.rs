//! Message search: a text field, and below it the matching messages, newest first.

use std::ops::Range;

use ratatui::layout::Position;

use crate::app::{Account, Label, RESULT_ROWS, Region, Scene, Search, SearchReach, SearchResult};
use crate::config::Role;
use crate::input::Action;
use crate::text::{clip, graphemes, width, wrap};

use super::{frame, query};
use crate::view::canvas::{Canvas, cells};
use crate::view::glyphs::Glyphs;

/// Cells by which a match's text is indented below its room and author.
const INDENT: u16 = 2;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, search: &Search) -> Option<Position> {
    let title = match search.room.as_ref().map(|room| scene.account.rooms.get(room)) {
        None if !scene.others.is_empty() => "Search all rooms of all profiles".to_owned(),
        None => "Search all rooms".to_owned(),
        Some(room) => {
            format!("Search in {}", room.map_or(Label::plain("this room"), |room| scene.account.room_label(room)))
        }
    };
    let inside = frame::draw(scene, canvas, glyphs, &title);
    if inside.height == 0 || inside.width < 4 {
        return None;
    }
    let regions = search.regions;
    let cursor = paint_query(canvas, glyphs, search, regions.query);
    // Without results there is more space for the problem.
    let problem = search.problem.as_deref().filter(|_| !search.results.is_empty());
    if regions.note.height > 0
        && let Some(note) = problem.or_else(|| coverage_note(scene, regions.note.width))
    {
        let style = canvas.style(if problem.is_some() { Role::Error } else { Role::Dim });
        canvas.put(regions.note.x, regions.note.y, note, regions.note.width, style);
    }
    if search.results.is_empty() {
        paint_empty(scene, canvas, search, regions.results);
    }
    for (index, region) in search.visible() {
        paint_match(scene, canvas, glyphs, search, &search.results[index], region);
        if index == search.selected {
            let style = canvas.style(Role::Selection);
            canvas.tint(region, style);
        }
    }
    Some(cursor)
}

/// Paints the query, and the number of matches at its right.
fn paint_query(canvas: &mut Canvas<'_>, glyphs: Glyphs, search: &Search, inside: Region) -> Position {
    let dim = canvas.style(Role::Dim);
    let count = match search.results.len() {
        _ if search.is_blank() => String::new(),
        _ if !search.is_answered() => format!("searching{}", glyphs.dots()),
        0 => String::new(),
        count if search.more => format!("newest {count} matches"),
        1 => "1 match".to_owned(),
        count => format!("{count} matches"),
    };
    let end = canvas.put_right(inside, inside.y, &count, dim);
    // One cell between the cursor and the count.
    let width = end.saturating_sub(inside.x + 1);
    query::paint(canvas, glyphs, Region { width, ..inside }, &search.query)
}

/// Paints the reason why no matches are listed.
fn paint_empty(scene: Scene<'_>, canvas: &mut Canvas<'_>, search: &Search, list: Region) {
    let press = scene.options.press(Action::SearchScope);
    let sentence = match &search.room {
        _ if search.is_blank() => {
            "Type to search. Messages with all of the words are listed, newest first. Conditions: from:NAME, in:ROOM, \
             on:DAY, before:DAY, after:DAY, has:link, has:file, has:image, has:video. A minus excludes: -word, -from:NAME."
                .to_owned()
        }
        // Nothing is shown while a search is running, so that the sentence does not flicker with every key.
        _ if !search.is_answered() => return,
        _ if search.problem.is_some() => search.problem.clone().unwrap_or_default(),
        _ if search.suggestion.is_some() => {
            format!("No matches. Did you mean {}?", search.suggestion.as_deref().unwrap_or_default())
        }
        Some(_) => format!("No matches in this room. {press} to search all rooms."),
        None => "No matches. Messages that are only on the server are not searched: scroll up, or type /date, to load them.".to_owned(),
    };
    let dim = canvas.style(Role::Dim);
    let rows = wrap(&sentence, usize::from(list.width).max(1));
    for (row, y) in rows.into_iter().zip(list.y..list.y + list.height) {
        canvas.put(list.x, y, &sentence[row.start as usize..row.end as usize], list.width, dim);
    }
}

/// A note about messages that the search does not cover, in at most `cells` cells if possible.
fn coverage_note(scene: Scene<'_>, cells: u16) -> Option<&'static str> {
    let (long, short) = match scene.account.search_reach() {
        SearchReach::Disk => return None,
        SearchReach::Later => ("Loading saved messages. Results may be incomplete.", "Loading saved messages."),
        SearchReach::Memory => (
            "Nothing is saved to disk. Only messages loaded since the start are searched.",
            "Only loaded messages are searched.",
        ),
        SearchReach::Both => {
            ("Not all messages are saved to disk. Saved and loaded ones are searched.", "Not all messages are saved.")
        }
    };
    Some(if width(long) <= usize::from(cells) { long } else { short })
}

/// Paints one match: room, author and time; below them the line that matches.
fn paint_match(
    scene: Scene<'_>,
    canvas: &mut Canvas<'_>,
    glyphs: Glyphs,
    search: &Search,
    result: &SearchResult,
    area: Region,
) {
    let (title, dim, text) = (canvas.style(Role::Title), canvas.style(Role::Dim), canvas.style(Role::Text));
    let when = scene.options.times.date_time(result.at, scene.now);
    let end = canvas.put_right(area, area.y, &when, dim).saturating_sub(1);
    let of_result = result.account.and_then(|id| scene.others.iter().find(|account| account.id == id));
    let profile = if search.room.is_none() { profile_suffix(scene, of_result, glyphs) } else { String::new() };
    let scene = of_result.map_or(scene, |account| scene.of(account));
    let is_mine = scene.account.is_me(&result.author);
    let author = if is_mine { Label::plain("you") } else { scene.account.label_of(&result.author) };
    let known = scene.account.rooms.get(&result.room).map(|room| scene.account.room_label(room));
    let room = known.unwrap_or(Label::plain("Unlisted room"));
    let free = end.saturating_sub(area.x);
    if search.room.is_some() {
        canvas.put_label(area.x, area.y, &author, free, title);
    } else if author == room {
        // A direct message is titled with the other person's name, which need not be written twice.
        let room_cells = free.saturating_sub(cells(&profile).min(free / 2));
        let x = canvas.put_label(area.x, area.y, &room, room_cells, title);
        canvas.put(x, area.y, &profile, end.saturating_sub(x), dim);
    } else {
        let author = format!(" {} {author}{profile}", glyphs.dot());
        let room_cells = free.saturating_sub(cells(&author).min(free / 2));
        let x = canvas.put_label(area.x, area.y, &room, room_cells, title);
        canvas.put(x, area.y, &author, end.saturating_sub(x), dim);
    }
    if area.height < RESULT_ROWS {
        return;
    }
    let (line, marks) = visible_part(result, usize::from(area.width.saturating_sub(INDENT)));
    let x = area.x + INDENT;
    // Written in one piece, so that right-to-left text is isolated as a whole.
    canvas.put(x, area.y + 1, &line, area.width.saturating_sub(INDENT), text);
    let accent = canvas.style(Role::Found);
    for mark in marks {
        let before = cells(&line[..mark.start]);
        canvas.tint(Region { x: x + before, y: area.y + 1, width: cells(&line[mark]), height: 1 }, accent);
    }
}

/// The profile of a match, after a separator; empty if there is only one.
fn profile_suffix(scene: Scene<'_>, of_result: Option<&Account>, glyphs: Glyphs) -> String {
    let name = scene.profile_label().map(|own| of_result.map_or(own, |account| account.profile.label()));
    name.map_or_else(String::new, |name| format!(" {} {name}", glyphs.dot()))
}

/// Cuts the line of a match to `available` cells around its first mark; returns it with the marks that are still
/// visible.
fn visible_part(result: &SearchResult, available: usize) -> (String, Vec<Range<usize>>) {
    let first = result.marks.first().cloned().unwrap_or(0..0);
    let mut start = 0;
    if width(&result.line[..first.end]) >= available {
        // The text before the mark gets a third of the cells, or more if the rest of the line does not need its two
        // thirds.
        let lead_cells = (available / 3).max(available.saturating_sub(width(&result.line[first.start..])));
        let lead: Vec<(&str, usize)> = graphemes(&result.line[..first.start]).collect();
        let mut used = 1;
        start = first.start;
        for (grapheme, cells) in lead.into_iter().rev() {
            used += cells;
            if used > lead_cells {
                break;
            }
            start -= grapheme.len();
        }
        // Start at a word, if one begins within the first half of the lead.
        let lead = &result.line[start..first.start];
        start += lead.find(' ').filter(|space| *space <= lead_cells / 2).map_or(0, |space| space + 1);
    }
    let ellipsis = if start > 0 { "…" } else { "" };
    let whole = format!("{ellipsis}{}", &result.line[start..]);
    let line = clip(&whole, available);
    // The ellipsis of a clipped end is never marked.
    let end = if line == whole { line.len() } else { line.trim_end_matches('…').len() };
    let shift = |at: usize| (at.max(start) - start + ellipsis.len()).min(end);
    let marks = result.marks.iter().map(|mark| shift(mark.start)..shift(mark.end)).filter(|mark| !mark.is_empty());
    let marks = marks.collect();
    (line, marks)
}
