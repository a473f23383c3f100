//! What lies over the screen, in a box in its middle.

use ratatui::layout::Position;

use crate::app::{Area, HelpLine, Overlay, Question, State, Switcher, help_lines};
use crate::config::Role;
use crate::domain::{Feature, PersonId};
use crate::text::{SafeText, clip, wrap};

use super::canvas::Canvas;
use super::glyphs::Glyphs;
use super::words;

pub(super) fn paint(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs) -> Option<Position> {
    match state.overlay.as_ref()? {
        Overlay::Switcher(switcher) => paint_switcher(state, canvas, glyphs, switcher),
        Overlay::Help { scroll } => {
            paint_help(state, canvas, glyphs, *scroll);
            None
        }
        Overlay::Info => {
            paint_info(state, canvas, glyphs);
            None
        }
        Overlay::List(list) => {
            super::list::paint(state, canvas, glyphs, list);
            None
        }
        Overlay::Search(search) => super::search::paint(state, canvas, glyphs, search),
        Overlay::Question(question) => {
            paint_question(state, canvas, glyphs, question);
            None
        }
    }
}

/// Draws an empty box of at most this size in the middle; returns its inside.
pub(super) fn frame(
    state: &State,
    canvas: &mut Canvas<'_>,
    glyphs: Glyphs,
    title: &str,
    width: u16,
    height: u16,
) -> Area {
    // Neither the status line nor a call that rings is ever covered.
    let top = state.areas.call.height;
    let most = state.size.height.saturating_sub(1 + top);
    let (width, height) = (width.min(state.size.width), height.min(most));
    let area = Area { x: (state.size.width - width) / 2, y: top + (most - height) / 2, width, height };
    canvas.clear(area);
    if width < 3 || height < 3 {
        return area;
    }
    let border = canvas.style(Role::Border);
    let [top_left, top_right, bottom_left, bottom_right] = glyphs.corners();
    let line = glyphs.horizontal().repeat(usize::from(width - 2));
    canvas.put(area.x, area.y, &format!("{top_left}{line}{top_right}"), width, border);
    canvas.put(area.x, area.y + height - 1, &format!("{bottom_left}{line}{bottom_right}"), width, border);
    for y in area.y + 1..area.y + height - 1 {
        canvas.put(area.x, y, glyphs.vertical(), 1, border);
        canvas.put(area.x + width - 1, y, glyphs.vertical(), 1, border);
    }
    let style = canvas.style(Role::Title);
    canvas.put(area.x + 2, area.y, &format!(" {title} "), width.saturating_sub(4), style);
    Area { x: area.x + 2, y: area.y + 1, width: width.saturating_sub(4), height: height - 2 }
}

fn paint_switcher(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs, switcher: &Switcher) -> Option<Position> {
    let inside = frame(state, canvas, glyphs, switcher.purpose.title(), 64, 20);
    if inside.height == 0 {
        return None;
    }
    let (text, dim, accent) = (canvas.style(Role::Text), canvas.style(Role::Dim), canvas.style(Role::Accent));
    canvas.put(inside.x, inside.y, glyphs.prompt(), 1, accent);
    let cursor = canvas.put(inside.x + 2, inside.y, &switcher.query, inside.width.saturating_sub(2), text);
    let list = Area { y: inside.y + 1, height: inside.height - 1, ..inside };
    let first = (switcher.chosen + 1).saturating_sub(usize::from(list.height));
    for ((index, find), y) in switcher.found.iter().enumerate().skip(first).zip(list.y..list.y + list.height) {
        let hint = canvas.put_right(list, y, &find.hint, dim);
        canvas.put(list.x, y, &find.label, hint.saturating_sub(list.x + 1), text);
        if index == switcher.chosen {
            let style = canvas.style(Role::Selection);
            canvas.tint(Area { y, height: 1, ..list }, style);
        }
    }
    if switcher.found.is_empty() {
        canvas.put(list.x, list.y, "nothing is called that", list.width, dim);
    }
    Some(Position::new(cursor.min(inside.x + inside.width.saturating_sub(1)), inside.y))
}

fn paint_help(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs, scroll: usize) {
    let lines = help_lines(state);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let inside = frame(state, canvas, glyphs, "Keys and commands", 78, height);
    let (title, text, accent) = (canvas.style(Role::Title), canvas.style(Role::Text), canvas.style(Role::Accent));
    let column = (inside.width / 2).min(31);
    for (line, y) in lines.iter().skip(scroll).zip(inside.y..inside.y + inside.height) {
        match line {
            HelpLine::Heading(heading) => drop(canvas.put(inside.x, y, heading, inside.width, title)),
            HelpLine::Note(note) => drop(canvas.put(inside.x + 1, y, note, inside.width, text)),
            HelpLine::Entry { keys, help } => {
                canvas.put(inside.x + 1, y, keys, column.saturating_sub(2), accent);
                canvas.put(inside.x + column, y, help, inside.width.saturating_sub(column), text);
            }
        }
    }
}

fn paint_info(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let Some(room) = state.open_room() else { return };
    let peer = room.info.peer.as_deref().map(|peer| peer.id.clone());
    let two: Vec<PersonId> = peer.into_iter().chain(state.account.me.clone()).collect();
    let members = if room.info.participants.is_empty() { &two } else { &room.info.participants };
    // What a terminal cannot show is at least said: the picture's address, and what the app keeps with the room.
    let metadata = room.info.metadata.as_deref().filter(|metadata| *metadata != "{}").map(SafeText::line);
    let facts = [("picture", room.info.avatar.as_ref()), ("metadata", metadata.as_ref())];
    let facts: Vec<_> = facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect();
    let height = u16::try_from(members.len() + facts.len()).unwrap_or(u16::MAX).saturating_add(2);
    let inside = frame(state, canvas, glyphs, &room.info.title, 60, height);
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
    let mut rows = inside.y..inside.y + inside.height;
    for (id, y) in members.iter().zip(rows.by_ref()) {
        let Some(person) = state.people.get(id) else {
            canvas.put(inside.x, y, "somebody the server has not named", inside.width, dim);
            continue;
        };
        let words = if state.is_me(id) { "you".into() } else { words::presence_words(state, person) };
        let end = canvas.put_right(inside, y, &words, dim);
        let name = format!("{} @{}", person.info.name, person.info.username);
        canvas.put(inside.x, y, &name, end.saturating_sub(inside.x + 1), text);
    }
    for ((name, fact), y) in facts.into_iter().zip(rows) {
        canvas.put(inside.x, y, &format!("{name}: {fact}"), inside.width, dim);
    }
}

fn paint_question(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs, question: &Question) {
    const WIDEST: u16 = 66;
    let (title, text) = match question {
        Question::DeleteMessage(_, id) | Question::DeleteForMe(_, id) => {
            let room = state.open_room();
            let slot = room.and_then(|room| room.timeline.find(id));
            let said = room.zip(slot).map(|(room, slot)| room.timeline.get(slot).text.replace('\n', " "));
            let said = said.map(|said| clip(&said, usize::from(WIDEST))).unwrap_or_default();
            let whom = if matches!(question, Question::DeleteForMe(..)) { "for you alone" } else { "for everybody" };
            ("Delete", format!("{said}\n\nDelete this message {whom}?"))
        }
        Question::Discard(_, local) => {
            let room = state.open_room();
            let slot = room.and_then(|room| room.timeline.find_local(*local));
            let message = room.zip(slot).map(|(room, slot)| room.timeline.get(slot));
            let said = message.map(|message| clip(&message.text.replace('\n', " "), usize::from(WIDEST)));
            ("Discard", format!("{}\n\nThrow this message away? It has not been sent.", said.unwrap_or_default()))
        }
        Question::DeleteRoom(room) => {
            let title = state.rooms.get(room).map(|room| room.info.title.to_string()).unwrap_or_default();
            let whom = if state.can(Feature::DeleteChatForAll) { "for everybody" } else { "for you" };
            ("Delete", format!("Delete the chat {title} and all its messages, {whom}?"))
        }
        Question::RemoveMember(removal) => {
            let title = state.rooms.get(&removal.room).map(|room| room.info.title.to_string()).unwrap_or_default();
            let known = state.people.by_username(&removal.username).map(|person| person.info.name.clone());
            let person = known.unwrap_or_else(|| SafeText::line(&removal.username));
            ("Remove", format!("Remove {person} from {title}?"))
        }
        Question::LeaveGroup(room) => {
            let title = state.rooms.get(room).map(|room| room.info.title.to_string()).unwrap_or_default();
            ("Leave", format!("Leave {title}? You will not read what is said in it any more."))
        }
        Question::Quit => {
            let waits = match state.outbox.len() {
                0 => String::new(),
                1 => " (1 message waits)".to_owned(),
                count => format!(" ({count} messages wait)"),
            };
            ("Quit", format!("What you have written and not sent{waits} will be lost. Quit?"))
        }
    };
    let width = (WIDEST + 6).min(state.size.width);
    let rows = wrap(&text, usize::from(width.saturating_sub(6)).max(1));
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(4);
    let inside = frame(state, canvas, glyphs, title, width, height);
    let (plain, accent) = (canvas.style(Role::Text), canvas.style(Role::Accent));
    let bottom = inside.y + inside.height.saturating_sub(1);
    for (row, y) in rows.iter().zip(inside.y..bottom) {
        canvas.put_centred(inside, y, &text[row.start as usize..row.end as usize], plain);
    }
    canvas.put_centred(inside, bottom, "y yes    n no", accent);
}
