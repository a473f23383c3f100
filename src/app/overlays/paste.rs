//! Menu for long pasted text and for dropped files: how to send them, or not at all.
//!
//! The text is in the composer already, so closing the menu loses and sends nothing. The first entry does the same, so
//! that an Enter that was meant for the composer does no harm.

use crate::app::overlays::component::{Component, Hint, KeyRow, Response, Surroundings, no_hint};
use crate::app::overlays::{frame, rows};
use crate::app::regions::{Region, Size};
use crate::domain::{DroppedFile, Pasted, format_limit, format_size};
use crate::input::{Action, Key, Mouse, MouseKind};
use crate::text::{SafeText, width};

/// Minimum width of the box, in columns.
const MIN_WIDTH: u16 = 36;

/// Columns of the box beside its text.
const PADDING: u16 = 4;

/// The open menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasteMenu {
    /// The text that was pasted.
    pub pasted: Pasted,
    /// The files that the text names; empty if it is only text.
    pub files: Vec<DroppedFile>,
    /// Whether files can be sent here.
    pub can_send_files: bool,
    /// Index of the selected entry.
    pub selected: usize,
}

/// An entry of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum PasteUse {
    /// Leave the text in the composer.
    Keep,
    /// Send the draft with the text.
    Send,
    /// Send the draft with the text as a block of code.
    SendAsCode,
    /// Send the text as a file.
    SendAsFile,
    /// Send the files that the text names.
    SendFiles,
    /// Remove the text.
    Discard,
}

impl PasteMenu {
    /// Returns the entries, each with its label.
    pub(in crate::app) fn entries(&self) -> Vec<(PasteUse, String)> {
        let (part, whole) = self.amounts();
        let mut entries = vec![(PasteUse::Keep, format!("Keep{part} in the composer"))];
        if self.files.is_empty() {
            entries.push((PasteUse::Send, format!("Send{part} as a message")));
            entries.push((PasteUse::SendAsCode, format!("Send{part} as a code block")));
            entries.extend(self.can_send_files.then(|| (PasteUse::SendAsFile, format!("Send{whole} as a file"))));
        }
        entries.extend(self.files_label().map(|label| (PasteUse::SendFiles, label)));
        entries.push((PasteUse::Discard, "Discard".to_owned()));
        entries
    }

    /// Returns the labels of the entries.
    pub fn labels(&self) -> Vec<String> {
        self.entries().into_iter().map(|(_, label)| label).collect()
    }

    /// Returns how much of the text a message has, and how much a file, if that differs.
    fn amounts(&self) -> (String, String) {
        let (text, rest) = (self.pasted.text.len() as u64, self.pasted.rest.len() as u64);
        let (part, whole) = (format_limit(text), format_limit(text + rest));
        match rest {
            0 => (String::new(), String::new()),
            _ if part == whole => (format!(" the first {part}"), " all of it".to_owned()),
            _ => (format!(" the first {part}"), format!(" all {whole}")),
        }
    }

    fn files_label(&self) -> Option<String> {
        let size = format_size(self.files.iter().map(|file| file.size).sum());
        match self.files.as_slice() {
            [] => None,
            [one] => {
                let name = SafeText::line(one.path.rsplit('/').next().unwrap_or_default());
                Some(format!("Send {name} ({size})"))
            }
            several => Some(format!("Send {} files ({size})", several.len())),
        }
    }

    /// Returns the title of the box.
    pub fn title(&self) -> String {
        match (self.files.len(), line_count(&self.pasted.text)) {
            (0, _) if !self.pasted.rest.is_empty() => "Pasted more than fits a message".to_owned(),
            (0, lines) => format!("Pasted {lines} lines"),
            (1, _) => "Pasted the path of a file".to_owned(),
            (files, _) => format!("Pasted the paths of {files} files"),
        }
    }

    /// Returns the size of the box around the entries.
    pub(in crate::app) fn size(&self) -> Size {
        let labels = self.labels();
        let widest = labels.iter().map(|label| width(label)).max().unwrap_or_default().max(width(&self.title()) + 2);
        let columns = u16::try_from(widest).unwrap_or(u16::MAX).saturating_add(PADDING);
        Size { width: columns.max(MIN_WIDTH), height: frame::height_around(labels.len()) }
    }

    /// Returns the visible entries and their regions. The selected one is always among them.
    pub fn visible(&self, inside: Region) -> impl Iterator<Item = (usize, Region)> {
        let count = self.entries().len();
        rows::visible(inside, 1, rows::reveal(0, self.selected, count, inside.height.into()), count)
    }

    fn step(&mut self, by: isize) -> Response<PasteUse> {
        let last = self.entries().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
        Response::Stay
    }

    fn choose(&self, index: usize) -> Response<PasteUse> {
        Response::choose_if(self.entries().get(index).map(|(entry, _)| *entry))
    }
}

/// Returns the number of lines of a text; a line break at its end begins none.
pub(in crate::app) fn line_count(text: &str) -> usize {
    text.trim_end_matches('\n').split('\n').count()
}

impl Component for PasteMenu {
    type Choice = PasteUse;

    const HEADING: &'static str = "After pasting many lines or a file";

    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::Confirm,
            help: "Choose the selected row",
            hint: |_| Some(Hint::of("choose")),
            run: |menu, _| menu.choose(menu.selected),
        },
        KeyRow {
            action: Action::Cancel,
            help: "Keep the text in the composer",
            hint: |_| Some(Hint::of("keep")),
            run: |_, _| Response::Close,
        },
        KeyRow { action: Action::Up, help: "Up", hint: no_hint, run: |menu, _| menu.step(-1) },
        KeyRow { action: Action::Down, help: "Down", hint: no_hint, run: |menu, _| menu.step(1) },
    ];

    fn on_other_key(&mut self, _: Key) -> Response<PasteUse> {
        Response::Stay
    }

    fn on_mouse(&mut self, mouse: Mouse, around: Surroundings<'_>) -> Response<PasteUse> {
        match mouse.kind {
            MouseKind::WheelUp => self.step(-1),
            MouseKind::WheelDown => self.step(1),
            MouseKind::Drag => Response::Stay,
            MouseKind::Click => {
                let row = rows::at(self.visible(around.inside), mouse.column, mouse.row);
                row.map_or(Response::Stay, |row| self.choose(row))
            }
        }
    }
}
