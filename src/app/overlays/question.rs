//! Question to be answered with yes or no, before something is done that cannot be undone.

use crate::app::effect::BundleContents;
use crate::app::overlays::component::{Component, Hint, KeyRow, Needs, Response, Surroundings, no_hint};
use crate::app::overlays::frame;
use crate::app::overlays::list::List;
use crate::app::regions::{Region, Size};
use crate::domain::{FileToSave, LocalId, MessageId, Request, RoomId};
use crate::export::ExportFormat;
use crate::input::{Action, Key, Keymap, Mouse, MouseKind};
use crate::text::{Row, width, wrap};

/// Maximum width of the text, in columns.
pub(in crate::app) const TEXT_WIDTH: u16 = 66;

/// Columns of the box beside its text: border and padding on both sides.
const PADDING: u16 = 6;

/// Blank columns between the two answers.
const GAP: u16 = 4;

/// Confirmation requested before an action that cannot be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Delete a message for everybody?
    DeleteMessage(RoomId, MessageId),
    /// Delete several own messages for everybody?
    DeleteMessages(RoomId, Vec<MessageId>),
    /// Delete a message for oneself only?
    DeleteForMe(RoomId, MessageId),
    /// Discard the changes to the message that is being edited?
    DiscardEdit,
    /// Discard a message that was not sent?
    Discard(RoomId, LocalId),
    /// Send a request that must be confirmed?
    Request(Box<Request>),
    /// Send this request about the selected member of a list, which is open again after the answer?
    ChangeListedMember(Box<List>, Box<Request>),
    /// Remove somebody from a room, or add them to one that may be a direct message?
    ChangeMembers(MemberChange),
    /// Mark the unread rooms of all profiles as read?
    MarkAllRead,
    /// Quit although there are unsent messages?
    Quit,
    /// Write these files for a bug report?
    WriteBundle(BundleContents),
    /// Replace an existing file?
    ReplaceFile(Replacement),
}

/// File whose replacement is to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replacement {
    /// Replace the file at this path by an exported room, in this format.
    Export(RoomId, ExportFormat, String),
    /// Replace the file at this path by the file of a message.
    Download(Box<FileToSave>, String),
}

impl Replacement {
    /// Returns the path of the file.
    pub fn path(&self) -> &str {
        match self {
            Self::Export(_, _, path) | Self::Download(_, path) => path,
        }
    }
}

/// Change of members that is to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberChange {
    /// The room.
    pub room: RoomId,
    /// User name of the person, as it was typed.
    pub username: String,
    /// Whether the person is added; otherwise they are removed.
    pub add: bool,
}

/// An answer that can be clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Region of its label.
    pub region: Region,
    /// Key and word.
    pub label: String,
    /// Action that a click runs.
    pub action: Action,
}

impl Question {
    /// Returns the size of the box around the text of the question.
    pub(in crate::app) fn size(screen: Size, text: &str) -> Size {
        let rows = Self::text_rows(screen, text).len();
        // A blank row separates the text from the answers.
        Size { width: Self::box_width(screen), height: frame::height_around(rows + 2) }
    }

    /// Wraps the text of a question.
    pub fn text_rows(screen: Size, text: &str) -> Vec<Row> {
        wrap(text, usize::from(Self::box_width(screen).saturating_sub(PADDING)).max(1))
    }

    fn box_width(screen: Size) -> u16 {
        (TEXT_WIDTH + PADDING).min(screen.width)
    }

    /// Returns the answers, centred in the last row of the box.
    pub fn answers(&self, inside: Region, keymap: &Keymap) -> Vec<Answer> {
        let labels: Vec<(Action, String)> = self
            .hints()
            .into_iter()
            .map(|(action, hint)| (action, format!("{} {}", keymap.shown(action), hint.word)))
            .collect();
        let columns = |label: &str| u16::try_from(width(label)).unwrap_or(u16::MAX);
        let gaps = GAP * u16::try_from(labels.len().saturating_sub(1)).unwrap_or_default();
        let all = labels.iter().fold(gaps, |all, (_, label)| all.saturating_add(columns(label)));
        let (right, y) = (inside.x + inside.width, inside.y + inside.height.saturating_sub(1));
        let mut x = inside.x + inside.width.saturating_sub(all) / 2;
        let answers = labels.into_iter().map(|(action, label)| {
            let end = x.saturating_add(columns(&label)).min(right);
            let region = Region { x, y, width: end - x, height: inside.height.min(1) };
            x = end.saturating_add(GAP).min(right);
            Answer { region, label, action }
        });
        answers.collect()
    }

    fn confirm(&self) -> Response<Self> {
        Response::Choose(self.clone())
    }
}

/// The choice is the question that has been answered with yes.
impl Component for Question {
    type Choice = Self;

    const HEADING: &'static str = "In a question";

    // Enter does not confirm: it could be a repeat of the Enter that opened the question.
    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::Yes,
            help: "Yes",
            hint: |_| Some(Hint { word: "yes", needs: Needs::TimeToRead }),
            run: |question, _| question.confirm(),
        },
        KeyRow { action: Action::No, help: "No", hint: |_| Some(Hint::of("no")), run: |_, _| Response::Close },
        KeyRow { action: Action::Cancel, help: "No", hint: no_hint, run: |_, _| Response::Close },
    ];

    fn on_other_key(&mut self, _: Key) -> Response<Self> {
        Response::Stay
    }

    fn on_mouse(&mut self, mouse: Mouse, around: Surroundings<'_>) -> Response<Self> {
        if mouse.kind != MouseKind::Click {
            return Response::Stay;
        }
        let answers = self.answers(around.inside, around.keymap);
        let clicked = answers.iter().find(|answer| answer.region.contains(mouse.column, mouse.row));
        clicked.and_then(|answer| self.run(answer.action, around)).unwrap_or(Response::Stay)
    }
}
