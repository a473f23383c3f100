//! The rows of the message pane, and who is typing below them.

use ratatui::style::Style;

use crate::app::outbox::{Doubt, OutboxEntry, Stage};
use crate::app::{Area, Change, ConnectionState, GUTTER, INDENT, PaneRow, State, body_text, own_bytes};
use crate::config::Role;
use crate::domain::{Delivery, MINUTE, MessageKind, Room, Slot};
use crate::input::Action;
use crate::text::SafeText;

use super::canvas::{Canvas, cells};
use super::glyphs::Glyphs;
use super::words;

pub(super) fn paint(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let Some(room) = state.open_room() else { return };
    let area = state.areas.messages;
    let mut painter = Painter { state, room, canvas, glyphs, area, minute: None };
    for (row, y) in state.pane.rows.iter().zip(area.y..area.y + area.height) {
        painter.row(row, y);
    }
    paint_below(state, room, canvas, glyphs);
}

struct Painter<'a, 'b> {
    state: &'a State,
    room: &'a Room,
    canvas: &'a mut Canvas<'b>,
    glyphs: Glyphs,
    area: Area,
    /// The minute that was said last, below the author that was said last.
    minute: Option<i64>,
}

impl Painter<'_, '_> {
    fn row(&mut self, row: &PaneRow, y: u16) {
        let dim = self.canvas.style(Role::Dim);
        match row {
            PaneRow::Blank => {}
            PaneRow::Loading => self.line(y, &format!("earlier messages are coming{}", self.glyphs.dots()), dim),
            PaneRow::Missing(above) => self.missing(*above, y),
            PaneRow::Beginning => self.line(y, "the beginning of this chat", dim),
            PaneRow::Day(at) => self.heading(y, &at.format_long_date(&self.state.options.zone), dim),
            PaneRow::New => self.heading(y, "new", self.canvas.style(Role::NewLine)),
            PaneRow::Author(slot) => self.author(*slot, y),
            PaneRow::Body { slot, bytes, first } => self.body(*slot, bytes.start..bytes.end, *first, y),
            PaneRow::Report { slot, bytes, first } => self.report(*slot, bytes.start..bytes.end, *first, y),
            PaneRow::Forwarded(_) => self.text(y, &format!("{} forwarded", self.glyphs.forwarded()), dim),
            PaneRow::Quote(slot) => self.quote(*slot, y),
            PaneRow::Upload(slot) => self.upload(*slot, y),
            PaneRow::Attachment { slot, first } => self.attachment(*slot, *first, y),
            PaneRow::Tombstone(slot) => {
                self.text(y, "message deleted", dim);
                self.gutter(*slot, y);
            }
            PaneRow::Failure(slot) => self.failure(*slot, y),
            PaneRow::Change(slot) => self.change(*slot, y),
            PaneRow::Note(index) => {
                let note = self.room.notes.get(*index).map(|(_, text)| text.to_string()).unwrap_or_default();
                self.line(y, &note, dim);
            }
        }
        if let Some(selected) = self.state.selected()
            && row.message() == Some(selected)
        {
            let style = self.canvas.style(Role::Selection);
            self.canvas.tint(Area { y, height: 1, ..self.area }, style);
        }
    }

    fn missing(&mut self, above: Option<Slot>, y: u16) {
        let filling = self.room.history.filling.as_ref();
        let gap = above.and_then(|slot| self.room.gap_above(slot));
        let words = if gap.is_some_and(|gap| filling.is_some_and(|filling| filling.after == gap.after.0)) {
            format!("missing messages are coming{}", self.glyphs.dots())
        } else {
            let key = self.state.options.keymap.shown(Action::FillGap);
            format!("messages are missing here {} {key} fetches them", self.glyphs.dot())
        };
        self.heading(y, &words, self.canvas.style(Role::Warning));
    }

    fn author(&mut self, slot: Slot, y: u16) {
        self.minute = None;
        let author = &self.room.timeline.get(slot).author;
        let name = self.state.name_of(author);
        let style = match self.state.people.get(author) {
            _ if self.state.is_me(author) => self.canvas.style(Role::Own),
            Some(person) => self.canvas.peer_style(&person.info.username),
            None => self.canvas.style(Role::Dim),
        };
        self.canvas.put(self.area.x + 1, y, name, self.area.width.saturating_sub(1), style);
    }

    fn body(&mut self, slot: Slot, bytes: std::ops::Range<u32>, first: bool, y: u16) {
        let message = self.room.timeline.get(slot);
        let text = body_text(message);
        let (start, end) = (bytes.start as usize, bytes.end as usize);
        let own = own_bytes(message);
        let own = own.start.clamp(start, end)..own.end.clamp(start, end);
        let faint = message.delivery < Delivery::Sent || message.kind == MessageKind::Unreadable;
        let (plain, dim) = (self.canvas.style(Role::Text), self.canvas.style(Role::Dim));
        let x = self.area.x + INDENT;
        let room = self.area.width.saturating_sub(INDENT);
        let mut at = x;
        for (part, style) in
            [(start..own.start, dim), (own.clone(), if faint { dim } else { plain }), (own.end..end, dim)]
        {
            at = self.canvas.put(at, y, &text[part], room.saturating_sub(at - x), style);
        }
        if first {
            self.gutter(slot, y);
        }
    }

    fn attachment(&mut self, slot: Slot, first: bool, y: u16) {
        let Some(file) = &self.room.timeline.get(slot).attachment else { return };
        let style = self.canvas.style(Role::Link);
        self.text(y, &file.in_words(), style);
        if first {
            self.gutter(slot, y);
        }
    }

    /// What the service reports stands in the middle, as far as its time leaves room for that.
    fn report(&mut self, slot: Slot, bytes: std::ops::Range<u32>, first: bool, y: u16) {
        let text = body_text(self.room.timeline.get(slot));
        let text = &text[bytes.start as usize..bytes.end as usize];
        let (dim, wide, area) = (self.canvas.style(Role::Dim), cells(text), self.area);
        let left = (area.width.saturating_sub(wide) / 2).min(area.width.saturating_sub(GUTTER + wide));
        self.canvas.put(area.x + left, y, text, area.width - left, dim);
        if first {
            self.gutter(slot, y);
        }
    }

    fn quote(&mut self, slot: Slot, y: u16) {
        let Some(quote) = &self.room.timeline.get(slot).quote else { return };
        let dim = self.canvas.style(Role::Dim);
        let line = words::quote(self.state, quote);
        self.text(y, &format!("{} {line}", self.glyphs.quote()), dim);
    }

    fn upload(&mut self, slot: Slot, y: u16) {
        let dim = self.canvas.style(Role::Dim);
        let entry = self.entry(slot);
        let line = match entry.and_then(|entry| entry.percent) {
            Some(percent) => format!("sending {percent} %"),
            None if entry.is_some_and(|entry| matches!(entry.stage, Stage::Noting(_) | Stage::Sending)) => {
                format!("sending{}", self.glyphs.dots())
            }
            None => "waits to be sent".to_owned(),
        };
        self.text(y, &line, dim);
    }

    fn failure(&mut self, slot: Slot, y: u16) {
        let style = self.canvas.style(Role::Error);
        let dim = self.canvas.style(Role::Dim);
        let online = self.state.account.connection == ConnectionState::Online;
        match self.entry(slot).map(|entry| &entry.stage) {
            Some(Stage::Failed(reason)) => self.text(y, &format!("not sent: {reason}"), style),
            Some(Stage::Uncertain(Doubt::Ask)) => {
                let keys = &self.state.options.keymap;
                let (again, discard) = (keys.shown(Action::MessageRetry), keys.shown(Action::MessageDiscard));
                let dot = self.glyphs.dot();
                self.text(y, &format!("may have been sent {dot} {again} send again {dot} {discard} discard"), style);
            }
            Some(_) if !online => {
                // Nothing stands beside it; the words that fit.
                let room = self.area.width.saturating_sub(INDENT);
                let all = ["looked for when there is a connection", "looked for once online"];
                let words = all.map(|when| format!("may have been sent: {when}"));
                let fits = words.iter().find(|words| cells(words) <= room).unwrap_or(&words[1]);
                self.canvas.put(self.area.x + INDENT, y, fits, room, dim);
            }
            Some(_) => self.text(y, &format!("may have been sent: looking for it{}", self.glyphs.dots()), dim),
            None => self.text(y, "not sent: the server did not take it", style),
        }
    }

    fn change(&mut self, slot: Slot, y: u16) {
        let dim = self.canvas.style(Role::Dim);
        match self.state.change_of(self.room.timeline.get(slot)) {
            Some(Change::Edit(text)) => self.text(y, &format!("edit waits: {}", SafeText::line(text)), dim),
            Some(Change::Deletion) => self.text(y, "deletion waits", dim),
            None => {}
        }
    }

    /// What the outbox has of a send.
    fn entry(&self, slot: Slot) -> Option<&OutboxEntry> {
        self.state.outbox.get(*self.room.timeline.get(slot).local.as_deref()?)
    }

    /// The time and, for own messages, how far they have come.
    fn gutter(&mut self, slot: Slot, y: u16) {
        if self.area.width <= GUTTER + INDENT {
            return;
        }
        let message = self.room.timeline.get(slot);
        let x = self.area.x + self.area.width - GUTTER + 1;
        let minute = message.sent_at.0.div_euclid(MINUTE);
        if self.minute != Some(minute) {
            let dim = self.canvas.style(Role::Dim);
            self.canvas.put(x, y, &message.sent_at.clock(&self.state.options.zone), 5, dim);
        }
        self.minute = Some(minute);
        if self.state.is_me(&message.author) && !message.deleted && !message.kind.is_report() {
            let delivery = self.state.shown_delivery(message);
            let style = self.mark_style(delivery);
            self.canvas.put(x + 6, y, self.glyphs.delivery(delivery), 2, style);
        }
        if message.starred && !message.deleted {
            let accent = self.canvas.style(Role::Accent);
            self.canvas.put(x + 8, y, self.glyphs.star(), 1, accent);
        }
    }

    fn mark_style(&self, delivery: Delivery) -> Style {
        match delivery {
            Delivery::Failed | Delivery::Uncertain => self.canvas.style(Role::Error),
            Delivery::Seen => self.canvas.style(Role::Success),
            Delivery::Queued | Delivery::Sent | Delivery::Delivered => self.canvas.style(Role::Dim),
        }
    }

    fn text(&mut self, y: u16, text: &str, style: Style) {
        self.canvas.put(self.area.x + INDENT, y, text, self.area.width.saturating_sub(INDENT + GUTTER), style);
    }

    fn line(&mut self, y: u16, text: &str, style: Style) {
        self.canvas.put_centred(self.area, y, text, style);
    }

    fn heading(&mut self, y: u16, text: &str, style: Style) {
        let rule = self.glyphs.horizontal().repeat(2);
        self.line(y, &format!("{rule} {text} {rule}"), style);
    }
}

/// Who is typing, or what the composer is doing; and how far below the newest message is.
fn paint_below(state: &State, room: &Room, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = state.areas.typing;
    if area.height == 0 {
        return;
    }
    let inner = Area { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let newest = room.timeline.iter().next_back().map(|(slot, _)| slot);
    let at_bottom = newest.is_none_or(|newest| state.pane.rows.iter().any(|row| row.message() == Some(newest)));
    let mut end = inner.x + inner.width;
    if !at_bottom {
        let below = match room.unread.count {
            0 => "more below".to_owned(),
            count => format!("{count} new below"),
        };
        let hint = format!("{below} {} {}", glyphs.dot(), state.options.keymap.shown(Action::ToNewest));
        let style = canvas.style(if room.unread.any() { Role::NewLine } else { Role::Dim });
        end = canvas.put_right(inner, inner.y, &hint, style).saturating_sub(1);
    }
    let (text, style) = if state.composer.editing.is_some() {
        ("Changing a message: Enter saves, Esc leaves it as it was".to_owned(), canvas.style(Role::Accent))
    } else if let Some(reply) = &state.composer.reply {
        (format!("Replying to {}", words::quote(state, &reply.quote)), canvas.style(Role::Accent))
    } else if let Some((wrong, _)) = words::outage(state) {
        (wrong.to_owned(), canvas.style(Role::Error))
    } else {
        (words::typing(state, room, glyphs.dots()), canvas.style(Role::Typing))
    };
    canvas.put(inner.x, inner.y, &text, end.saturating_sub(inner.x).min(cells(&text)), style);
}
