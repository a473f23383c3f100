//! The completion popup: what is being completed, and the candidates that match it.
//!
//! `features/completion` collects the candidates and decides when the popup opens; this module ranks them, scrolls, and
//! knows where the popup is on screen.

use crate::app::effect::{FolderListing, FolderRequest};
use crate::app::overlays::frame::{BORDER_ROWS, inside};
use crate::app::overlays::rows;
use crate::app::regions::{Region, Regions};
use crate::input::{ArgumentKind, CommandId, CommandSpec};
use crate::text::{Fit, FuzzyQuery, wrap};
use std::cmp::Reverse;
use std::collections::HashSet;

/// Maximum number of rows that are listed.
const MAX_ROWS: usize = 100;

/// Maximum number of rows on screen.
const MAX_SHOWN: u16 = 8;

/// Maximum width of the popup, in columns.
const MAX_WIDTH: u16 = 76;

/// Rows above the composer from which the popup has a border.
const MIN_HEIGHT_BORDER: u16 = 5;

/// Completion of the text in the composer.
#[derive(Debug, Clone, Default)]
pub struct CompletionState {
    /// The open popup.
    pub popup: Option<Completion>,
    /// The place of the word for which the user closed the popup. It stays closed until the cursor leaves the word.
    pub(in crate::app) closed_at: Option<usize>,
    /// The folder that the runtime was asked to list, until the path is left.
    pub(in crate::app) requested: Option<FolderRequest>,
    /// The folder of the path before the cursor.
    pub(in crate::app) listing: Option<FolderListing>,
}

/// What is being completed: the word before the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletedWord {
    /// What the word stands for.
    pub kind: WordKind,
    /// The place of the word in the text, in bytes.
    pub(in crate::app) start: usize,
    /// The word as it is typed, up to the cursor. The completion replaces it.
    pub(in crate::app) word: String,
}

/// What the word before the cursor stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    /// The name of a command, after `/`.
    Command,
    /// An argument of a command. The flag tells whether another argument may follow.
    Argument(CommandId, ArgumentKind, bool),
    /// A person of the room, after `@`.
    Mention,
    /// A person of the room, by the beginning of a name and at the user's request.
    Name,
    /// An emoji, after `:`.
    Emoji,
    /// The path in the prompt for saving a file.
    SavePath,
}

impl CompletedWord {
    /// Returns the part of the word that the candidates are compared with.
    pub(in crate::app) fn query(&self) -> &str {
        match self.kind {
            WordKind::Command => self.word.trim_start_matches('/'),
            WordKind::Emoji => self.word.trim_start_matches(':'),
            WordKind::Argument(_, ArgumentKind::Path, _) | WordKind::SavePath => self.folder_and_name().1,
            WordKind::Argument(_, ArgumentKind::Room, _) | WordKind::Name => &self.word,
            WordKind::Mention | WordKind::Argument(..) => self.word.trim_start_matches('@'),
        }
    }

    /// Splits a path after its last slash.
    pub(in crate::app) fn folder_and_name(&self) -> (&str, &str) {
        self.word.split_at(self.word.rfind('/').map_or(0, |slash| slash + 1))
    }
}

/// Something that can be inserted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candidate {
    /// An emoji that stands before the label; empty for anything else.
    pub icon: &'static str,
    /// The text that is shown and compared.
    pub label: String,
    /// Follows the label and is compared, too: what tells a person or room apart from others.
    pub mark: String,
    /// Description, which is not compared.
    pub detail: String,
    /// Additional information at the end of the row.
    pub hint: String,
    /// The text that replaces the word.
    pub(in crate::app) insert: String,
    /// Whether another completion may follow: of an argument, or within a folder.
    pub(in crate::app) continues: bool,
}

impl Candidate {
    /// Creates a candidate that inserts a word, followed by a blank if another word may follow.
    pub(in crate::app) fn word(label: &str, word: &str, continues: bool) -> Self {
        let insert = if continues { format!("{word} ") } else { word.to_owned() };
        Self { label: label.to_owned(), insert, continues, ..Self::default() }
    }

    fn title(&self) -> String {
        format!("{} {}", self.label, self.mark).trim_end().to_owned()
    }
}

/// A row of the popup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionRow {
    /// What the row inserts.
    pub candidate: Candidate,
    /// Graphemes of label, blank and mark that match, by their index.
    pub matched: Vec<u32>,
    /// How it matches.
    pub(in crate::app) fit: Fit,
}

impl CompletionRow {
    /// Whether the row, a command, may be what the user began to type. `/etc` is no `/delete-chat`, although its
    /// letters occur there; `/lve` is `/leave`.
    fn is_meant_by(&self, typed: &str) -> bool {
        let initial = |text: &str| text.chars().next().map(|letter| letter.to_ascii_lowercase());
        self.fit > Fit::Scattered || initial(self.candidate.label.trim_start_matches('/')) == initial(typed)
    }
}

/// The open popup.
#[derive(Debug, Clone)]
pub struct Completion {
    /// What is being completed.
    pub completed: CompletedWord,
    /// Everything that can be inserted for such a word, the most likely first.
    pool: Vec<Candidate>,
    /// The candidates that match, the best first.
    pub rows: Vec<CompletionRow>,
    /// Index of the selected row.
    pub selected: usize,
    /// Index of the first row on screen, as computed by `layout`.
    pub first: usize,
    /// Whether the user has moved the selection since the word has changed.
    pub moved: bool,
    /// What to type, if nothing is known that could be inserted.
    pub note: Option<String>,
}

impl Completion {
    /// Creates a popup for a word.
    pub(in crate::app) fn new(completed: CompletedWord, pool: Vec<Candidate>) -> Self {
        let mut completion =
            Self { completed, pool, rows: Vec::new(), selected: 0, first: 0, moved: false, note: None };
        completion.rank();
        completion
    }

    /// Whether nothing at all is known that could be inserted for such a word.
    pub(in crate::app) fn knows_nothing(&self) -> bool {
        self.pool.is_empty()
    }

    /// Follows a change of the word.
    pub(in crate::app) fn update(&mut self, completed: CompletedWord) {
        self.completed = completed;
        self.rank();
    }

    /// Finds the candidates that match. Scattered letters count only if nothing matches better.
    fn rank(&mut self) {
        (self.selected, self.first, self.moved) = (0, 0, false);
        let mut query = FuzzyQuery::new(self.completed.query());
        let fits = self.pool.iter().filter_map(|candidate| Some((query.find(&candidate.title())?.fit, candidate)));
        let mut fits: Vec<(Fit, &Candidate)> = fits.collect();
        if fits.iter().any(|(fit, _)| *fit > Fit::Scattered) {
            fits.retain(|(fit, _)| *fit > Fit::Scattered);
        }
        // The sort is stable: among equal fits the order of the pool counts.
        fits.sort_by_key(|(fit, _)| Reverse(*fit));
        let mut seen = HashSet::new();
        fits.retain(|(_, candidate)| seen.insert(&candidate.insert));
        let rows = fits.into_iter().take(MAX_ROWS).map(|(fit, candidate)| CompletionRow {
            candidate: candidate.clone(),
            matched: query.matched(&candidate.title()),
            fit,
        });
        self.rows = rows.collect();
    }

    /// Returns the selected row.
    pub fn selected(&self) -> Option<&CompletionRow> {
        self.rows.get(self.selected)
    }

    /// Whether Enter inserts the selected row instead of sending the text: if the user has moved the selection, or if
    /// the name of a command is not complete. Enter runs only a command whose name was typed in full, because the row
    /// that a few letters find may be one that cannot be undone. `:D` and `@bob` are text that Enter must not change.
    pub fn takes_enter(&self) -> bool {
        let typed = self.completed.query();
        let is_unfinished = self.completed.kind == WordKind::Command && !typed.is_empty() && !is_command(typed);
        self.selected().is_some_and(|row| self.moved || is_unfinished && row.is_meant_by(typed))
    }

    /// Moves the selection up or down and wraps around at the ends.
    pub(in crate::app) fn step(&mut self, down: bool) {
        let count = self.rows.len().max(1);
        self.selected = (self.selected + if down { 1 } else { count - 1 }) % count;
        self.moved = true;
    }

    /// Scrolls by rows of the mouse wheel.
    pub(in crate::app) fn scroll(&mut self, down: bool, region: Region) {
        let by = if down { rows::WHEEL_ROWS } else { -rows::WHEEL_ROWS };
        let shown = inside(region).height.into();
        (self.first, self.selected) = rows::scroll(self.first, self.selected, by, self.rows.len(), shown);
    }

    /// Returns the popup's region for the text field of an overlay: below its box, down to the status line.
    pub(in crate::app) fn region_below(&self, overlay: Region, status: Region) -> Region {
        let y = overlay.y + overlay.height;
        let available = status.y.saturating_sub(y);
        let width = overlay.width.min(MAX_WIDTH);
        Region { x: overlay.x, y, width, height: self.height_within(available, width) }
    }

    /// Returns the note, wrapped to this area; none while there are rows.
    pub fn note_rows(&self, area: Region) -> Vec<String> {
        let Some(note) = self.note.as_ref().filter(|_| self.rows.is_empty()) else { return Vec::new() };
        let rows = wrap(note, usize::from(area.width).max(1));
        rows.iter().map(|row| note[row.start as usize..row.end as usize].to_owned()).collect()
    }

    /// Returns its height if so many rows are available.
    fn height_within(&self, available: u16, width: u16) -> u16 {
        let border = if available >= MIN_HEIGHT_BORDER { BORDER_ROWS } else { 0 };
        let notes = self.note_rows(inside(Region { width, height: MIN_HEIGHT_BORDER, ..Region::default() })).len();
        let rows = u16::try_from(self.rows.len().max(notes)).unwrap_or(u16::MAX).min(MAX_SHOWN);
        (rows + border).min(available)
    }

    /// Returns the popup's region: above the composer, as wide as it is useful.
    pub(in crate::app) fn region(&self, regions: &Regions) -> Region {
        let bottom = if regions.composer_rule.height > 0 { regions.composer_rule.y } else { regions.composer.y };
        let available = bottom.saturating_sub(regions.header.y + regions.header.height);
        let width = regions.composer.width.min(MAX_WIDTH);
        let height = self.height_within(available, width);
        Region { x: regions.composer.x, y: bottom - height, width, height }
    }

    /// Scrolls just far enough to show the selection.
    pub(in crate::app) fn settle(&mut self, region: Region) {
        self.first = rows::reveal(self.first, self.selected, self.rows.len(), inside(region).height.into());
    }

    /// Returns the visible rows and their regions.
    pub fn visible(&self, region: Region) -> impl Iterator<Item = (usize, Region)> + use<> {
        rows::visible(inside(region), 1, self.first, self.rows.len())
    }

    /// Returns the row at a cell of the popup.
    pub(in crate::app) fn row_at(&self, region: Region, column: u16, line: u16) -> Option<usize> {
        rows::at(self.visible(region), column, line)
    }
}

/// Whether this is the whole name of a command.
pub(in crate::app) fn is_command(name: &str) -> bool {
    CommandSpec::by_name(name).is_some()
}

impl CompletionState {
    /// Forgets everything about the word before the cursor.
    pub(in crate::app) fn reset(&mut self) {
        (self.popup, self.closed_at, self.requested, self.listing) = (None, None, None, None);
    }
}
