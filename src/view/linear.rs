//! The screen as a sequence of lines, from top to bottom, for screen readers and for terminals that cannot move the
//! cursor. Every state is in words, and only what is new is said.
//!
//! Messages are read out once they are within the rows of the pane, which is also when they count as read. Bars and
//! boxes are painted on a screen that nobody sees, and their rows are read from it.
//!
//! A line that is not indented begins with words of the program or with the name of a person (`names`). Texts of others
//! follow those or are indented, so that none of them passes for a line of the program or of somebody else.

mod composed;
mod messages;
mod names;

use std::collections::HashMap;

use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::app::{
    Account, Anchor, ConnectionState, Focus, Overlay, PaneRow, Readout, Region, Scene, SectionRow, State, body_text,
    help_text, key_list, rooms_text,
};
use crate::domain::{AccountId, PersonId, Room, RoomId, Slot, Unread};
use crate::input::Action;
use crate::text::{clip, to_ascii, visible_text};

use super::paint::paint;
use super::{activity, connection as outages};
use composed::composed;
use messages::{Said, author, change};

/// Maximum width of the message that is selected, in cells.
const SELECTED: usize = 400;

/// Said before everything else.
const GREETING: &str = "A line is sent to the open room. /rooms lists rooms, /help lists keys and commands, /key NAME presses a key, /key esc closes a box, /quit ends.";

/// Said before the help.
const HELP: &str = "Keys and commands. /help WORDS lists only those with these words:";

/// What has been said so far.
#[derive(Debug, Default)]
pub struct Transcript {
    is_greeted: bool,
    connections: HashMap<AccountId, String>,
    /// The account and room whose messages are read out.
    room: Option<(AccountId, RoomId)>,
    messages: HashMap<Slot, Said>,
    /// The oldest message that was said before the user has asked for earlier ones.
    oldest: Option<Slot>,
    /// Messages on screen before that one. They were loaded to fill the screen, and nobody has asked for them.
    unasked: Vec<Slot>,
    /// The newest day of a message that was read out.
    day: String,
    call: String,
    activity: String,
    /// The new messages above those that were read out.
    above: String,
    /// Those who were typing in the open room.
    typing: Vec<PersonId>,
    /// The notice, and the number of times that it was shown.
    notice: (String, u32),
    overlay: Vec<String>,
    /// Number of texts said that the user has asked for.
    readouts: usize,
    focus: String,
    keys: String,
    composer: String,
    unread: HashMap<(AccountId, RoomId), Unread>,
}

impl Transcript {
    /// Returns the lines that have to be said about the state, which must be laid out.
    pub fn news(&mut self, state: &State) -> Vec<String> {
        let scene = state.scene();
        let size = scene.terminal.size;
        let area = Rect::new(0, 0, size.width, size.height);
        let mut screen = Buffer::empty(area);
        paint(state, area, &mut screen);
        let mut lines = Vec::new();
        if !std::mem::replace(&mut self.is_greeted, true) {
            lines.push(GREETING.to_owned());
        }
        for account in scene.accounts() {
            let said = self.connections.entry(account.id).or_default();
            say_if_new(said, format!("{}{}", profile(scene, account), connection(account)), &mut lines);
        }
        let call = row(&screen, scene.ui.regions.call);
        let call = if call.is_empty() { call } else { format!("Call: {call}") };
        say_if_new(&mut self.call, call, &mut lines);
        self.overlay(scene, &screen, &mut lines);
        if std::mem::replace(&mut self.readouts, scene.terminal.readout_count) < scene.terminal.readout_count {
            match &scene.terminal.readout {
                Readout::Help(words) => lines.extend(help(scene, words)),
                Readout::Rooms => lines.extend(rooms_text(scene)),
                Readout::Composer => self.composer.clear(),
            }
        }
        self.room(scene, &screen, &mut lines);
        say_if_new(&mut self.above, new_above(scene), &mut lines);
        if let Some(room) = scene.open_room() {
            self.messages(scene, room, &mut lines);
        }
        self.other_rooms(scene, &mut lines);
        self.activity(scene, row(&screen, scene.ui.regions.typing), &mut lines);
        self.focus(scene, &mut lines);
        say_if_new(&mut self.composer, composed(scene), &mut lines);
        self.notice(scene, &mut lines);
        let mut lines: Vec<String> = lines.iter().flat_map(|line| without_breaks(line)).collect();
        if scene.options.ascii {
            for line in &mut lines {
                *line = to_ascii(line);
            }
        }
        lines
    }

    fn room(&mut self, scene: Scene<'_>, screen: &Buffer, lines: &mut Vec<String>) {
        let open = scene.ui.open.clone().map(|room| (scene.account.id, room));
        if open == self.room {
            return;
        }
        self.room = open;
        self.messages.clear();
        (self.oldest, self.unasked) = (None, Vec::new());
        self.day.clear();
        if self.room.is_some() {
            lines.push(format!("Room: {}", row(screen, scene.ui.regions.header)));
        }
    }

    fn messages(&mut self, scene: Scene<'_>, room: &Room, lines: &mut Vec<String>) {
        let shown = self.wanted(scene, room);
        let newest_said = self.messages.keys().filter_map(|slot| room.timeline.position(*slot)).max();
        let first = shown.iter().find(|slot| !self.messages.contains_key(slot));
        let mut is_earlier = first.is_some_and(|first| room.timeline.position(*first) < newest_said);
        if is_earlier {
            lines.push("Earlier messages:".to_owned());
            self.day.clear();
        }
        for slot in shown {
            let message = room.timeline.get(slot);
            let now = Said::of(scene, slot, message);
            let before = self.messages.insert(slot, now);
            if before.is_some() && std::mem::take(&mut is_earlier) {
                lines.push("End of the earlier messages.".to_owned());
            }
            if before == Some(now) {
                continue;
            }
            let day = scene.options.times.long_date(message.sent_at);
            if before.is_none() && day != self.day {
                lines.push(day.clone());
                self.day = day;
            }
            lines.extend(change(scene, message, before, now));
        }
    }

    /// Returns the messages on screen, without those that were loaded only to fill it above what was said. Once the user
    /// scrolls up, these belong to what is said.
    fn wanted(&mut self, scene: Scene<'_>, room: &Room) -> Vec<Slot> {
        let mut shown: Vec<Slot> = scene.ui.pane.rows.iter().filter_map(PaneRow::message).collect();
        shown.dedup();
        let place = |slot: Slot| room.timeline.position(slot);
        if scene.ui.pane.anchor != Anchor::Bottom {
            let end = shown.last().and_then(|slot| place(*slot));
            let follows = |slot: &Slot| end.is_some() && place(*slot) > end;
            let missed: Vec<Slot> = self.unasked.iter().copied().filter(follows).collect();
            // After a jump to another place there is a gap, which is not said.
            if missed.first().and_then(|slot| place(*slot)) == end.map(|end| end + 1) {
                shown.extend(missed);
            }
            return shown;
        }
        // A message may arrive before the newest page, and that page is wanted.
        let is_begun = room.history.is_newest_loaded() || scene.account.connection != ConnectionState::Online;
        if self.oldest.and_then(place).is_none() && is_begun {
            self.oldest = shown.first().copied();
        }
        // Unread messages are said whenever they appear.
        let first_unread = room.unread_marker.slot().and_then(place);
        let oldest = self.oldest.and_then(place);
        let begin = oldest.map(|oldest| first_unread.map_or(oldest, |unread| unread.min(oldest)));
        let is_unasked = |slot: &Slot| begin.is_some_and(|begin| place(*slot) < Some(begin));
        self.unasked = shown.iter().copied().filter(is_unasked).collect();
        self.unasked.retain(|slot| !self.messages.contains_key(slot));
        shown.retain(|slot| !self.unasked.contains(slot));
        shown
    }

    /// Says what the activity line tells. That somebody has stopped typing is not worth a line.
    fn activity(&mut self, scene: Scene<'_>, text: String, lines: &mut Vec<String>) {
        let composer = &scene.ui.composer;
        let is_said_elsewhere = composer.editing.is_some() || composer.reply.is_some();
        if scene.ui.overlay.is_some() || is_said_elsewhere || outages::outage(scene).is_some() {
            // The box may cover the line. What is edited or replied to is said with the text, and why the connection is
            // missing with its state.
            return;
        }
        let typing = scene.open_room().map(|room| room.typing.iter().map(|typing| typing.person.clone()).collect());
        let before = std::mem::replace(&mut self.typing, typing.unwrap_or_default());
        let is_name_confusing =
            self.typing.iter().any(|person| names::reads_like_a_line(scene.account.name_of(person)));
        let text = if is_name_confusing { format!("Activity: {text}") } else { text };
        if !before.is_empty() && self.typing.iter().all(|person| before.contains(person)) {
            self.activity = text;
            return;
        }
        say_if_new(&mut self.activity, text, lines);
    }

    /// Says what is selected, and its keys unless they are the same as before.
    fn focus(&mut self, scene: Scene<'_>, lines: &mut Vec<String>) {
        let selected = selected(scene);
        let keys = if selected.is_empty() { String::new() } else { format!("Keys: {}.", key_list(scene)) };
        say_if_new(&mut self.focus, selected, lines);
        say_if_new(&mut self.keys, keys, lines);
    }

    /// Says the notice if it is new, or the user has caused it once more.
    fn notice(&mut self, scene: Scene<'_>, lines: &mut Vec<String>) {
        let Some(notice) = &scene.terminal.notice else { return self.notice = Default::default() };
        let mut listed = scene.terminal.notices.iter();
        let listed = listed.find(|listed| notice.text.starts_with(&listed.text) && !notice.from_server);
        let now = (notice.text.clone(), listed.map_or(0, |listed| listed.count));
        if self.notice != now {
            lines.push(format!("Notice: {}", notice.text));
            self.notice = now;
        }
    }

    /// Says which rooms have become unread or have a new mention of the user.
    fn other_rooms(&mut self, scene: Scene<'_>, lines: &mut Vec<String>) {
        let rooms = scene.accounts().flat_map(|account| account.rooms.iter().map(move |room| (account, room)));
        for (account, room) in rooms.filter(|(account, room)| !scene.of(account).is_open(&room.info.id)) {
            let count = room.unread().count;
            let before = self.unread.insert((account.id, room.info.id.clone()), room.unread()).unwrap_or_default();
            let is_new = room.unread().any() && !before.any() || room.unread().mentions > before.mentions;
            if is_new && !room.is_muted() {
                let noun = if count == 1 { "message" } else { "messages" };
                let mention = if room.unread().mentions > 0 { ", with a mention of you" } else { "" };
                let (profile, label) = (profile(scene, account), account.room_label(room));
                lines.push(format!("Unread: {profile}{label}, {count} {noun}{mention}."));
            }
        }
    }

    /// Says the rows of the open box that were not there before, and its keys when it opens.
    fn overlay(&mut self, scene: Scene<'_>, screen: &Buffer, lines: &mut Vec<String>) {
        let region = scene.ui.regions.overlay;
        let rows = if scene.ui.overlay.is_some() { rows(screen, region) } else { Vec::new() };
        let line = |(is_selected, text): (bool, String)| format!("{}{text}", if is_selected { "> " } else { "  " });
        let rows: Vec<String> = rows.into_iter().map(line).collect();
        if rows == self.overlay {
            return;
        }
        lines.extend(rows.iter().filter(|row| !self.overlay.contains(row)).cloned());
        if self.overlay.is_empty() {
            lines.push(format!("Keys: {}.", key_list(scene)));
            if scene.ui.overlay.as_ref().is_some_and(Overlay::is_typing) {
                let close = scene.options.key_name(Action::Cancel);
                let how = match &scene.ui.overlay {
                    Some(Overlay::Save(_)) => "Your next line replaces this path; an empty line saves the file there.",
                    Some(open) if open.is_filtering() => {
                        "Your next lines filter this box; an empty line chooses the selected row."
                    }
                    _ => "Your next lines are typed into this box.",
                };
                lines.push(format!("{how} {close} closes it."));
            }
        } else if rows.is_empty() {
            lines.push("Closed.".to_owned());
        }
        self.overlay = rows;
    }
}

/// Says a text if it differs from the last one. An empty text is not said.
fn say_if_new(said: &mut String, text: String, lines: &mut Vec<String>) {
    if *said != text {
        said.clone_from(&text);
        lines.extend(Some(text).filter(|text| !text.is_empty()));
    }
}

/// Says how many new messages are above those that were read out, and how to hear them; empty if there are none.
fn new_above(scene: Scene<'_>) -> String {
    let Some(count) = activity::new_above(scene) else { return String::new() };
    let key = scene.options.key_name(Action::FirstUnread);
    let hint = if key.is_empty() { key } else { format!(" {key} goes to the first.") };
    format!("{count} above.{hint}")
}

/// Returns the lines of the help: all, or those with these words.
fn help(scene: Scene<'_>, words: &str) -> Vec<String> {
    let shown = words.replace(char::is_control, " ");
    let found = help_text(scene, words);
    let heading = match (words, found.is_empty()) {
        ("", _) => HELP.to_owned(),
        (_, true) => format!("The help has nothing with {shown}. Type /help to hear all of it."),
        (_, false) => format!("Keys and commands with {shown}:"),
    };
    std::iter::once(heading).chain(found).collect()
}

/// Returns the lines of a text, all but the first of them indented.
fn without_breaks(text: &str) -> impl Iterator<Item = String> + '_ {
    let is_break = |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let parts = text.split(is_break).enumerate();
    parts.map(|(index, part)| if index == 0 { part.to_owned() } else { format!("  {part}") })
}

/// The name of an account's profile before what is said about it, if there are several.
fn profile(scene: Scene<'_>, account: &Account) -> String {
    if scene.others.is_empty() { String::new() } else { format!("{}, ", account.profile.label()) }
}

fn connection(account: &Account) -> String {
    match &account.connection {
        ConnectionState::Connecting { .. } => format!("Connecting to {}.", account.profile.url),
        // Without the seconds: each line is read aloud.
        ConnectionState::Online if account.silent_since.is_some() => "The server does not respond.".to_owned(),
        ConnectionState::Online => "Online.".to_owned(),
        ConnectionState::Offline { reason, .. } => format!("Offline: {reason}"),
        ConnectionState::Refused { reason } => format!("Refused: {reason}"),
    }
}

/// What has the focus, unless it is the composer.
fn selected(scene: Scene<'_>) -> String {
    match scene.ui.focus {
        Focus::Composer => String::new(),
        Focus::Message(slot) => {
            let Some(room) = scene.open_room() else { return String::new() };
            let message = room.timeline.get(slot);
            let text = visible_text(body_text(message).as_ref(), scene.text_format()).replace('\n', " ");
            let file = message.attachment.as_ref().filter(|_| !message.deleted).map(|file| file.summary());
            let parts: Vec<String> = file.into_iter().chain(Some(text).filter(|text| !text.is_empty())).collect();
            format!("Selected: {}: {}", author(scene, message), clip(&parts.join(" "), SELECTED))
        }
        Focus::Rooms(place) => {
            let row = match scene.list_row(place) {
                Some(SectionRow::Room(account, room)) => {
                    format!("{}{}", profile(scene, account), account.room_label(room))
                }
                Some(SectionRow::Heading(account)) => account.profile.label().to_owned(),
                None => String::new(),
            };
            format!("Room list: {row}")
        }
    }
}

/// The text of the first row of a region.
fn row(screen: &Buffer, region: Region) -> String {
    rows(screen, region).into_iter().next().map_or_else(String::new, |(_, text)| text)
}

/// The texts of the rows of a region, without borders and blank rows, and whether each is selected.
fn rows(screen: &Buffer, region: Region) -> Vec<(bool, String)> {
    let rows = (region.y..region.y + region.height).filter_map(|y| {
        let mut cells = Vec::new();
        let mut x = region.x;
        // The cell behind a wide character is not a blank.
        while let Some(cell) = screen.cell((x, y)).filter(|_| x < region.x + region.width) {
            cells.push(cell);
            x += cell.cell_width().max(1);
        }
        let is_selected = cells.iter().any(|cell| cell.modifier.contains(Modifier::REVERSED));
        let text: String = cells.into_iter().map(Cell::symbol).collect();
        let text = text.replace(|c: char| matches!(c, '\u{2500}'..='\u{257f}' | '▎' | '█'), " ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some((is_selected, text))
    });
    rows.collect()
}
