//! The message pane: paints the rows that `app::layout` has computed.

use ratatui::style::{Modifier, Style};

use crate::app::{
    ConnectionState, GUTTER, INDENT, PaneRow, PendingChange, Region, Scene, body_text, failure_text, load_error_text,
    own_text_range,
};
use crate::app::{OutboxEntry, OutboxStage, Transfer, Uncertain};
use crate::config::Role;
use crate::domain::{Delivery, MINUTE, MessageKind, Room, Slot, Timestamp};
use crate::input::Action;
use crate::text::{Look, SafeText, SearchTerms, StyledRow, is_rtl_line, is_rtl_text};

use super::canvas::{Canvas, cells};
use super::glyphs::Glyphs;
use super::{pictures, preview, transfer};

/// Width of the marks of a message, which are at the right edge, in columns.
const MARKS: u16 = 3;

/// Width of the messages below which there is no time beside a name, in columns.
const MIN_WIDTH_TIMES: u16 = 14;

pub(super) fn paint(scene: Scene<'_>, room: &Room, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = scene.ui.regions.messages;
    let mut painter = Painter {
        scene,
        room,
        canvas,
        glyphs,
        area,
        gutter: scene.ui.regions.gutter(),
        minute: None,
        edited: scene.edited_message().map(|(slot, _)| slot),
        terms: scene.marked_terms(),
    };
    for (row, y) in scene.ui.pane.rows.iter().zip(area.y..area.y + area.height) {
        painter.row(row, y);
    }
}

struct Painter<'a, 'b> {
    scene: Scene<'a>,
    room: &'a Room,
    canvas: &'a mut Canvas<'b>,
    glyphs: Glyphs,
    area: Region,
    /// Columns to the right of the text.
    gutter: u16,
    /// The minute shown last below the current author row. Further messages of the same minute show no time.
    minute: Option<i64>,
    /// The message that is being edited.
    edited: Option<Slot>,
    /// The words that the user has searched for.
    terms: Option<&'a SearchTerms>,
}

impl Painter<'_, '_> {
    fn row(&mut self, row: &PaneRow, y: u16) {
        let dim = self.canvas.style(Role::Dim);
        match row {
            PaneRow::Blank => {}
            PaneRow::Loading => self.line(y, &format!("Loading earlier messages{}", self.glyphs.dots()), dim),
            PaneRow::LoadError { bytes } => {
                let text = load_error_text(self.room).unwrap_or_default();
                let row = text.get(bytes.start as usize..bytes.end as usize).unwrap_or_default();
                self.line(y, row, self.canvas.style(Role::Error));
            }
            PaneRow::LoadRetry => self.load_retry(y),
            PaneRow::Gap(above) => self.gap(*above, y),
            PaneRow::Beginning => self.line(y, "Start of the conversation", dim),
            PaneRow::Day(at) => self.heading(y, &self.scene.options.times.long_date(*at), dim),
            PaneRow::UnreadMarker => self.heading(y, "New messages", self.canvas.style(Role::NewLine)),
            PaneRow::Author(slot) => self.author(*slot, y),
            PaneRow::Body { slot, bytes, first } => self.body(*slot, bytes.start..bytes.end, *first, y),
            PaneRow::Styled { slot, row, first, .. } => self.styled(*slot, row, *first, y),
            PaneRow::Fold { slot, hidden } => self.fold(*slot, *hidden, y),
            PaneRow::System { slot, bytes, first } => self.system(*slot, bytes.start..bytes.end, *first, y),
            PaneRow::Forwarded(_) => self.text(y, &format!("{} Forwarded", self.glyphs.forwarded()), dim),
            PaneRow::Quote(slot) => self.quote(*slot, y),
            PaneRow::Upload(slot) => self.upload(*slot, y),
            PaneRow::Attachment { slot, first } => self.attachment(*slot, *first, y),
            PaneRow::Picture { slot, row } => self.picture(*slot, *row, y),
            PaneRow::Tombstone(slot) => {
                self.text(y, preview::DELETED, dim);
                self.gutter(*slot, y);
            }
            PaneRow::Failure { slot, bytes } => self.failure(*slot, bytes.start..bytes.end, y),
            PaneRow::Uncertain(slot) => self.uncertain(*slot, y),
            PaneRow::PendingChange(slot) => self.pending_change(*slot, y),
            PaneRow::Note(index) => {
                if let Some(note) = self.room.notes.get(*index) {
                    self.system_line(y, &note.text);
                    self.time(note.at, y);
                }
            }
        }
        if self.edited.is_some() && row.message() == self.edited {
            self.edit_mark(row, y);
        }
        if row.message().is_some_and(|slot| self.scene.ui.pane.marked.contains(&slot)) {
            let accent = self.canvas.style(Role::Accent);
            self.canvas.put(self.area.x + 1, y, self.glyphs.marked(), 1, accent);
        }
        let named = if let PaneRow::Author(slot) = row { Some(*slot) } else { None };
        if let Some(selected) = self.scene.highlighted()
            && row.message().or(named) == Some(selected)
        {
            if !self.scene.ui.has_keys() {
                let accent = self.canvas.style(Role::Accent);
                self.canvas.put(self.area.x, y, self.glyphs.linked(), 1, accent);
            }
            let style = self.canvas.style(Role::Selection);
            // The colors of a picture are not changed.
            let width = if matches!(row, PaneRow::Picture { .. }) { INDENT } else { self.area.width };
            self.canvas.tint(Region { y, height: 1, width, ..self.area }, style);
        }
    }

    /// Marks a row of the message that is being edited, to the left of its text.
    fn edit_mark(&mut self, row: &PaneRow, y: u16) {
        let mark = if row.is_first() { self.glyphs.editing() } else { self.glyphs.vertical() };
        let style = self.canvas.style(Role::Accent);
        self.canvas.put(self.area.x + 1, y, mark, INDENT - 1, style);
    }

    fn load_retry(&mut self, y: u16) {
        let key = self.scene.options.keymap.shown(Action::FillGap);
        if !key.is_empty() && self.scene.account.connection == ConnectionState::Online {
            self.line(y, &format!("{key} load"), self.canvas.style(Role::Dim));
        }
    }

    fn gap(&mut self, above: Option<Slot>, y: u16) {
        let text = if above.is_some_and(|slot| self.room.history.is_filling_above(slot)) {
            format!("Loading missing messages{}", self.glyphs.dots())
        } else {
            let key = self.scene.options.keymap.shown(Action::FillGap);
            format!("Messages are missing here {} {key} load", self.glyphs.dot())
        };
        self.heading(y, &text, self.canvas.style(Role::Warning));
    }

    fn author(&mut self, slot: Slot, y: u16) {
        self.minute = None;
        let message = self.room.timeline.get(slot);
        let author = &message.author;
        let label = self.scene.account.label_of(author);
        let style = match self.scene.ui.pane.name_colors.of(author) {
            _ if self.scene.account.is_me(author) => self.canvas.style(Role::Own),
            Some(color) => self.canvas.peer_style(color),
            None => self.canvas.style(Role::Dim),
        };
        let x = self.area.x + 1;
        let width = self.area.width.saturating_sub(1);
        if width < MIN_WIDTH_TIMES {
            self.canvas.put_label(x, y, &label, width, style);
            return;
        }
        let times = &self.scene.options.times;
        let end = self.canvas.put_label(x, y, &label, width - (times.time_width() + 2), style);
        let dim = self.canvas.style(Role::Dim);
        self.canvas.put(end + 2, y, &times.time(message.sent_at), times.time_width(), dim);
        self.minute = Some(message.sent_at.0.div_euclid(MINUTE));
    }

    fn body(&mut self, slot: Slot, bytes: std::ops::Range<u32>, first: bool, y: u16) {
        let message = self.room.timeline.get(slot);
        let text = body_text(message);
        let (start, end) = (bytes.start as usize, bytes.end as usize);
        let own = own_text_range(message);
        let own = own.start.clamp(start, end)..own.end.clamp(start, end);
        let is_faint = message.delivery < Delivery::Sent || message.kind == MessageKind::Unreadable;
        let (plain, dim) = (self.canvas.style(Role::Text), self.canvas.style(Role::Dim));
        let row = &text[start..end];
        let is_rtl = is_rtl_line(&text, start);
        let x = self.start_of_text(is_rtl, || cells(row));
        let width = self.area.width.saturating_sub(x - self.area.x);
        let mut at = x;
        for (part, style) in
            [(start..own.start, dim), (own.clone(), if is_faint { dim } else { plain }), (own.end..end, dim)]
        {
            at = self.canvas.put(at, y, &text[part], width.saturating_sub(at - x), style);
        }
        self.canvas.unite_rtl(y, x, at, is_rtl);
        self.mark_found(x, y, &text[own]);
        if first {
            self.gutter(slot, y);
        }
    }

    fn styled(&mut self, slot: Slot, row: &StyledRow, first: bool, y: u16) {
        let is_faint = self.room.timeline.get(slot).delivery < Delivery::Sent;
        let plain = self.canvas.style(if is_faint { Role::Dim } else { Role::Text });
        let right = self.area.x + self.area.width;
        let x = self.start_of_text(row.is_rtl, || row.spans.iter().map(|span| cells(&span.text)).sum());
        let mut at = x;
        for span in &row.spans {
            let free = right.saturating_sub(at);
            let style = self.look(plain, span.look);
            let bar = match span.look {
                Look { quote_bar: true, .. } => Some(self.glyphs.quotation()),
                Look { code_bar: true, faint, .. } => Some(self.glyphs.code(faint)),
                _ => None,
            };
            at = match (bar, &span.link) {
                (Some(bar), _) => self.canvas.put(at, y, &format!("{bar} "), free, style),
                (None, Some(link)) => self.canvas.put_link(at, y, &span.text, free, style, link),
                (None, None) => self.canvas.put(at, y, &span.text, free, style),
            };
        }
        self.canvas.unite_rtl(y, x, at, row.is_rtl);
        if self.terms.is_some() {
            let text: String = row.spans.iter().map(|span| &*span.text).collect();
            self.mark_found(x, y, &text);
        }
        if first {
            self.gutter(slot, y);
        }
    }

    /// Returns the column at which a row of text starts: the indent, or further right if it is read from right to left.
    fn start_of_text(&self, is_rtl: bool, cells: impl FnOnce() -> u16) -> u16 {
        let free = self.area.width.saturating_sub(INDENT + self.gutter);
        let blank = if is_rtl { free.saturating_sub(cells()) } else { 0 };
        self.area.x + INDENT + blank
    }

    /// Emphasises the words that were searched for in a row of text, which begins at the column `x`.
    fn mark_found(&mut self, x: u16, y: u16, text: &str) {
        let Some(terms) = self.terms else { return };
        let found = self.canvas.style(Role::Found);
        for mark in terms.marks(text) {
            let x = x + cells(&text[..mark.start]);
            self.canvas.tint(Region { x, y, width: cells(&text[mark]), height: 1 }, found);
        }
    }

    /// Paints the number of rows that are not shown, and the keys that show them.
    fn fold(&mut self, slot: Slot, hidden: usize, y: u16) {
        let rows = if hidden == 1 { "row" } else { "rows" };
        let keymap = &self.scene.options.keymap;
        let (select, show) = (keymap.shown(Action::SelectMessage), keymap.shown(Action::MessageFold));
        let dot = self.glyphs.dot();
        let is_selected = self.scene.ui.selected() == Some(slot);
        // That key selects the newest message on screen.
        let is_next = self.scene.ui.pane.rows.iter().rev().find_map(PaneRow::message) == Some(slot);
        let keys = match (is_selected, is_next) {
            _ if show.is_empty() || (select.is_empty() && !is_selected) => String::new(),
            (true, _) => format!(" {dot} {show} show all"),
            (false, true) => format!(" {dot} {select}, {show} show all"),
            (false, false) => format!(" {dot} select it, then {show}"),
        };
        let text = format!("{hidden} more {rows}{keys}");
        self.text(y, &text, self.canvas.style(Role::Accent));
    }

    /// The style of a look: colors of the theme, and attributes that are visible without colors.
    fn look(&self, plain: Style, look: Look) -> Style {
        let role = match look {
            Look { quote_bar: true, .. } | Look { code_bar: true, .. } | Look { faint: true, .. } => Some(Role::Dim),
            Look { mention: true, .. } => Some(Role::Mention),
            Look { link: true, .. } => Some(Role::Link),
            Look { code: true, .. } => Some(Role::Code),
            _ => None,
        };
        let attributes = [
            (look.bold, Modifier::BOLD),
            (look.italic, Modifier::ITALIC),
            (look.underline, Modifier::UNDERLINED),
            (look.strike, Modifier::CROSSED_OUT),
        ];
        let modifiers = attributes.into_iter().filter(|(on, _)| *on).map(|(_, modifier)| modifier).collect();
        role.map_or(plain, |role| plain.patch(self.canvas.style(role))).add_modifier(modifiers)
    }

    fn attachment(&mut self, slot: Slot, first: bool, y: u16) {
        let Some(file) = &self.room.timeline.get(slot).attachment else { return };
        let message = self.room.timeline.get(slot);
        let download = message.id.as_ref().and_then(|id| self.scene.account.downloads.of_message(id));
        let width = self.area.width.saturating_sub(INDENT + self.gutter);
        let (line, role) = match download {
            Some(download) => (transfer::line("Saving", download.transfer.as_ref(), self.glyphs, width), Role::Accent),
            None => (file.summary(), Role::Link),
        };
        let style = self.canvas.style(role);
        self.text(y, &line, style);
        if first {
            self.gutter(slot, y);
        }
    }

    /// Paints a row of a picture. While there is none, its first row says why.
    fn picture(&mut self, slot: Slot, row: u16, y: u16) {
        let Some(file) = &self.room.timeline.get(slot).attachment else { return };
        let dim = self.canvas.style(Role::Dim);
        let (x, cells) = (self.area.x + INDENT, self.area.width.saturating_sub(INDENT + self.gutter));
        match self.scene.account.pictures.get(&file.url, false) {
            Some(Ok(picture)) => {
                pictures::row(self.canvas, picture, (0, row), (x, y), cells, self.scene.options.colors);
            }
            Some(Err(reason)) if row == 0 => self.text(y, &format!("Cannot show the picture: {reason}"), dim),
            None if row == 0 => self.text(y, &format!("Loading picture{}", self.glyphs.dots()), dim),
            Some(Err(_)) | None => {}
        }
    }

    /// Paints a system message, such as "Missed call", centred unless it would overlap its time.
    fn system(&mut self, slot: Slot, bytes: std::ops::Range<u32>, first: bool, y: u16) {
        let text = body_text(self.room.timeline.get(slot));
        let text = &text[bytes.start as usize..bytes.end as usize];
        self.system_line(y, text);
        if first {
            self.gutter(slot, y);
        }
    }

    /// Paints a centred line, which moves to the left if it would cover the time.
    fn system_line(&mut self, y: u16, text: &str) {
        let (dim, text_width, area) = (self.canvas.style(Role::Dim), cells(text), self.area);
        let left = (area.width.saturating_sub(text_width) / 2).min(area.width.saturating_sub(self.gutter + text_width));
        self.canvas.put(area.x + left, y, text, area.width - left, dim);
    }

    fn quote(&mut self, slot: Slot, y: u16) {
        let Some(quote) = &self.room.timeline.get(slot).quote else { return };
        let dim = self.canvas.style(Role::Dim);
        let line = format!("{} {}", self.glyphs.quote(), preview::quote(self.scene, quote));
        let is_rtl = is_rtl_text(&line);
        let x = self.start_of_text(is_rtl, || cells(&line));
        let end = self.canvas.put(x, y, &line, (self.area.x + self.area.width).saturating_sub(x + self.gutter), dim);
        self.canvas.unite_rtl(y, x, end, is_rtl);
    }

    fn upload(&mut self, slot: Slot, y: u16) {
        let dim = self.canvas.style(Role::Dim);
        let entry = self.entry(slot);
        let line = match entry {
            Some(entry) if entry.is_canceled() => format!("Canceling{}", self.glyphs.dots()),
            Some(entry) if entry.is_in_flight() && entry.upload().is_some_and(Transfer::is_complete) => {
                format!("Uploaded, waiting for the server{}", self.glyphs.dots())
            }
            Some(entry) if entry.is_in_flight() => {
                let width = self.area.width.saturating_sub(INDENT + self.gutter);
                transfer::line("Uploading", entry.upload(), self.glyphs, width)
            }
            Some(entry) if entry.was_interrupted() => "Upload interrupted, will be sent again".to_owned(),
            _ => "Queued".to_owned(),
        };
        self.text(y, &line, dim);
    }

    fn failure(&mut self, slot: Slot, bytes: std::ops::Range<u32>, y: u16) {
        let failure = self.entry(slot).and_then(OutboxEntry::failure);
        let text = failure_text(failure);
        let row = text.get(bytes.start as usize..bytes.end as usize).unwrap_or_default();
        self.text(y, row, self.canvas.style(Role::Error));
    }

    fn uncertain(&mut self, slot: Slot, y: u16) {
        let dot = self.glyphs.dot();
        let status = match self.entry(slot).map(OutboxEntry::stage) {
            Some(OutboxStage::Uncertain(Uncertain::NeedsUser)) => {
                let keys = &self.scene.options.keymap;
                let (retry, discard) = (keys.shown(Action::MessageRetry), keys.shown(Action::MessageDelete));
                let text = format!("May have been sent {dot} {retry} retry {dot} {discard} discard");
                return self.text(y, &text, self.canvas.style(Role::Error));
            }
            _ if self.scene.account.connection != ConnectionState::Online => "not checked yet".to_owned(),
            _ => format!("checking{}", self.glyphs.dots()),
        };
        self.text(y, &format!("May have been sent {dot} {status}"), self.canvas.style(Role::Dim));
    }

    fn pending_change(&mut self, slot: Slot, y: u16) {
        let dim = self.canvas.style(Role::Dim);
        match self.scene.pending_change(self.room.timeline.get(slot)) {
            Some(PendingChange::Edit(text)) => self.text(y, &format!("Edit queued: {}", SafeText::line(text)), dim),
            Some(PendingChange::Deletion) => self.text(y, "Deletion queued", dim),
            None => {}
        }
    }

    /// The outbox entry of an own message that the server has not confirmed.
    fn entry(&self, slot: Slot) -> Option<&OutboxEntry> {
        self.scene.account.outbox.get(*self.room.timeline.get(slot).local.as_deref()?)
    }

    /// Paints the time, the delivery state of an own message, and the star, to the right of the text.
    fn gutter(&mut self, slot: Slot, y: u16) {
        let message = self.room.timeline.get(slot);
        if self.scene.ui.selected() == Some(slot) {
            // The selected message always shows its time.
            self.minute = None;
        }
        self.time(message.sent_at, y);
        let x = self.area.x + self.area.width.saturating_sub(MARKS);
        if x < self.area.x + INDENT {
            return;
        }
        if self.scene.account.is_me(&message.author) && !message.deleted && !message.kind.is_system() {
            let delivery = self.scene.shown_delivery(message);
            let style = self.mark_style(delivery);
            self.canvas.put(x, y, self.glyphs.delivery(delivery), 2, style);
        }
        if message.starred && !message.deleted {
            let accent = self.canvas.style(Role::Accent);
            self.canvas.put(x + 2, y, self.glyphs.star(), 1, accent);
        }
    }

    /// Paints a time, unless it is that of the row above or there is no space.
    fn time(&mut self, at: Timestamp, y: u16) {
        if self.gutter < GUTTER {
            return;
        }
        let x = self.area.x + self.area.width - self.gutter + 1;
        let minute = at.0.div_euclid(MINUTE);
        if self.minute != Some(minute) {
            let dim = self.canvas.style(Role::Dim);
            let times = &self.scene.options.times;
            self.canvas.put(x, y, &times.time(at), times.time_width(), dim);
        }
        self.minute = Some(minute);
    }

    fn mark_style(&self, delivery: Delivery) -> Style {
        match delivery {
            Delivery::Failed | Delivery::Uncertain => self.canvas.style(Role::Error),
            Delivery::Seen => self.canvas.style(Role::Success),
            Delivery::Queued | Delivery::Sent | Delivery::Delivered => self.canvas.style(Role::Dim),
        }
    }

    fn text(&mut self, y: u16, text: &str, style: Style) {
        self.canvas.put(self.area.x + INDENT, y, text, self.area.width.saturating_sub(INDENT + self.gutter), style);
    }

    fn line(&mut self, y: u16, text: &str, style: Style) {
        self.canvas.put_centred(self.area, y, text, style);
    }

    fn heading(&mut self, y: u16, text: &str, style: Style) {
        let row = Region { x: self.area.x + 1, width: self.area.width.saturating_sub(2), ..self.area };
        self.canvas.rule(row, y, self.glyphs.horizontal(), self.canvas.style(Role::Border).patch(style));
        self.line(y, &format!(" {text} "), style);
    }
}
