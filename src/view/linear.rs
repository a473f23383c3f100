//! The screen as a sequence of lines, from top to bottom, for screen readers and for terminals that cannot move the
//! cursor. Every state is in words, and only what is new is said.
//!
//! Messages are read out once they are within the rows of the pane, which is also when they count as read. Bars and
//! boxes are painted on a screen that nobody sees, and their rows are read from it.

use std::collections::HashMap;

use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::app::{
    Account, ConnectionState, Focus, OutboxEntry, Overlay, PaneRow, Readout, Region, Scene, SectionRow, State,
    body_text, failure_text, help_text, key_list, rooms_text,
};
use crate::domain::{AccountId, Delivery, Message, PersonId, Room, RoomId, SendFailure, Slot, Unread};
use crate::input::Action;
use crate::text::{clip, stable_hash, to_ascii, visible_text};

use super::activity;
use super::paint::paint;
use super::preview::{self, DELETED};

/// Maximum width of a message that is repeated to say what has become of it, in cells.
const EXCERPT: usize = 40;

/// Maximum width of the message that is selected, in cells.
const SELECTED: usize = 400;

/// Said before everything else.
const GREETING: &str = "A line is sent to the open room. /rooms lists rooms, /help lists keys and commands, /key NAME presses a key, /key esc closes a box, /quit ends.";

/// Said before the help.
const HELP: &str = "Keys and commands, as in /key f1 and /help:";

/// What has been said so far.
#[derive(Debug, Default)]
pub struct Transcript {
    is_greeted: bool,
    connections: HashMap<AccountId, String>,
    /// The account and room whose messages are read out.
    room: Option<(AccountId, RoomId)>,
    messages: HashMap<Slot, Said>,
    /// The newest day of a message that was read out.
    day: String,
    call: String,
    activity: String,
    /// The new messages above those that were read out.
    above: String,
    /// Those who were typing in the open room.
    typing: Vec<PersonId>,
    notice: String,
    overlay: Vec<String>,
    /// Number of texts said that the user has asked for.
    readouts: usize,
    focus: String,
    keys: String,
    composer: String,
    unread: HashMap<(AccountId, RoomId), Unread>,
}

/// State of a message when it was last said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    text: u32,
    deleted: bool,
    delivery: Delivery,
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
        say_if_new(&mut self.call, row(&screen, scene.ui.regions.call), &mut lines);
        self.overlay(scene, &screen, &mut lines);
        if std::mem::replace(&mut self.readouts, scene.terminal.readout_count) < scene.terminal.readout_count {
            match scene.terminal.readout {
                Readout::Help => lines.extend(std::iter::once(HELP.to_owned()).chain(help_text(scene))),
                Readout::Rooms => lines.extend(rooms_text(scene)),
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
        self.composer(scene, &mut lines);
        let notice = scene.terminal.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
        say_if_new(&mut self.notice, notice, &mut lines);
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
        self.day.clear();
        if self.room.is_some() {
            lines.push(format!("Room: {}", row(screen, scene.ui.regions.header)));
        }
    }

    fn messages(&mut self, scene: Scene<'_>, room: &Room, lines: &mut Vec<String>) {
        let mut shown: Vec<Slot> = scene.ui.pane.rows.iter().filter_map(PaneRow::message).collect();
        shown.dedup();
        let newest_said = self.messages.keys().filter_map(|slot| room.timeline.position(*slot)).max();
        let first = shown.iter().find(|slot| !self.messages.contains_key(slot));
        let mut is_earlier = first.is_some_and(|first| room.timeline.position(*first) < newest_said);
        if is_earlier {
            lines.push("Earlier messages:".to_owned());
            self.day.clear();
        }
        for slot in shown {
            let message = room.timeline.get(slot);
            let now = Said {
                text: stable_hash(&message.text),
                deleted: message.deleted,
                delivery: scene.shown_delivery(message),
            };
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

    /// Says what the activity line tells. That somebody has stopped typing is not worth a line.
    fn activity(&mut self, scene: Scene<'_>, text: String, lines: &mut Vec<String>) {
        if scene.ui.overlay.is_some() || scene.ui.composer.editing.is_some() {
            // The box may cover the line, and what is edited is said with the text.
            return;
        }
        let typing = scene.open_room().map(|room| room.typing.iter().map(|typing| typing.person.clone()).collect());
        let before = std::mem::replace(&mut self.typing, typing.unwrap_or_default());
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

    /// Says what is left in the composer, as after a command that failed or a line that was recalled.
    fn composer(&mut self, scene: Scene<'_>, lines: &mut Vec<String>) {
        let composer = &scene.ui.composer;
        let text = match composer.text() {
            "" => String::new(),
            text if composer.editing.is_some() => editing(scene, text),
            text if composer.is_command() => format!("Not run yet: {text}"),
            text => format!("Not sent yet: {text}"),
        };
        let has_new_notice = scene.terminal.notice.as_ref().is_some_and(|notice| notice.text != self.notice);
        if composer.is_command() && has_new_notice {
            // The notice says what is wrong with the command.
            self.composer = text;
        } else {
            say_if_new(&mut self.composer, text, lines);
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
                lines.push(format!("{profile}{label}: {count} unread {noun}{mention}."));
            }
        }
    }

    /// Says the rows of the open box that were not there before, and its keys when it opens.
    fn overlay(&mut self, scene: Scene<'_>, screen: &Buffer, lines: &mut Vec<String>) {
        let region = scene.ui.regions.overlay;
        let rows = if scene.ui.overlay.is_some() { rows(screen, region) } else { Vec::new() };
        if rows == self.overlay {
            return;
        }
        lines.extend(rows.iter().filter(|row| !self.overlay.contains(row)).cloned());
        if self.overlay.is_empty() {
            lines.push(format!("Keys: {}.", key_list(scene)));
            if scene.ui.overlay.as_ref().is_some_and(Overlay::is_typing) {
                let close = scene.options.key_name(Action::Cancel);
                lines.push(format!("Your next lines are typed into this box. {close} closes it."));
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

/// Says that the next line does not become a message of its own.
fn editing(scene: Scene<'_>, text: &str) -> String {
    let cancel = scene.options.key_name(Action::Cancel);
    let text = clip(&text.replace('\n', " "), SELECTED);
    let end = if text.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("Editing: {text}{end} Your next line replaces it; {cancel} leaves it as it is.")
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

/// Says what has become of a message: all of it, or what has changed.
fn change(scene: Scene<'_>, message: &Message, before: Option<Said>, now: Said) -> Vec<String> {
    let author = author(scene, message);
    let excerpt = || clip(&message.text.replace('\n', " "), EXCERPT);
    let Some(before) = before else { return whole(scene, message, &author) };
    if now.deleted {
        return vec![format!("{author} deleted a message of {}.", scene.options.times.time(message.sent_at))];
    }
    if before.text != now.text {
        let text = visible_text(&message.text, scene.text_format());
        return vec![format!("{author} edited a message of {}: {text}", scene.options.times.time(message.sent_at))];
    }
    let state = state(scene, message);
    if state.is_empty() { Vec::new() } else { vec![format!("{state}: {}", excerpt())] }
}

/// Says a whole message: author, time, text, file and, if it is the user's, whether it was sent.
fn whole(scene: Scene<'_>, message: &Message, author: &str) -> Vec<String> {
    let time = scene.options.times.time(message.sent_at);
    let text = match message.deleted {
        true => DELETED.to_owned(),
        false => visible_text(body_text(message).as_ref(), scene.text_format()).into_owned(),
    };
    let mut parts = text.lines();
    let mut lines = vec![format!("{author}, {time}: {}", parts.next().unwrap_or_default())];
    lines.extend(parts.map(|part| format!("  {part}")));
    if let Some(quote) = &message.quote {
        lines.insert(0, format!("In reply to {}", preview::quote(scene, quote)));
    }
    lines.extend(message.attachment.as_ref().map(|file| format!("  File: {}", file.summary())));
    let state = state(scene, message);
    // A message that is on its way is not worth a line.
    let is_on_its_way = scene.account.is_online() && message.delivery == Delivery::Queued;
    if message.delivery < Delivery::Delivered && !state.is_empty() && !is_on_its_way {
        lines.push(format!("  {state}"));
    }
    lines
}

fn author(scene: Scene<'_>, message: &Message) -> String {
    if message.kind.is_system() {
        return "Notice".to_owned();
    }
    if scene.account.is_me(&message.author) {
        "You".to_owned()
    } else {
        scene.account.label_of(&message.author).to_string()
    }
}

/// The delivery state of the user's own message in words; empty for messages of others.
fn state(scene: Scene<'_>, message: &Message) -> String {
    if !scene.account.is_me(&message.author) || message.kind.is_system() {
        return String::new();
    }
    match scene.shown_delivery(message) {
        Delivery::Queued => "Waiting to be sent".to_owned(),
        Delivery::Sent => "Sent".to_owned(),
        Delivery::Delivered => "Delivered".to_owned(),
        Delivery::Seen => "Seen".to_owned(),
        Delivery::Uncertain => "Not certain to be sent".to_owned(),
        Delivery::Failed => failure_text(failure(scene, message)),
    }
}

fn failure<'a>(scene: Scene<'a>, message: &Message) -> Option<&'a SendFailure> {
    scene.account.outbox.get(*message.local.as_deref()?).and_then(OutboxEntry::failure)
}

/// What has the focus, unless it is the composer.
fn selected(scene: Scene<'_>) -> String {
    match scene.ui.focus {
        Focus::Composer => String::new(),
        Focus::Message(slot) => {
            let Some(room) = scene.open_room() else { return String::new() };
            let message = room.timeline.get(slot);
            let text = visible_text(body_text(message).as_ref(), scene.text_format()).replace('\n', " ");
            format!("Selected: {}: {}", author(scene, message), clip(&text, SELECTED))
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
    rows(screen, region).into_iter().next().unwrap_or_default()
}

/// The texts of the rows of a region, without borders and blank rows. The selected row is marked.
fn rows(screen: &Buffer, region: Region) -> Vec<String> {
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
        let mark = if is_selected { "> " } else { "" };
        (!text.is_empty()).then(|| format!("{mark}{text}"))
    });
    rows.collect()
}
