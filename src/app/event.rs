//! Inputs of the state machine: everything that reaches `update` from outside.

use serde::{Deserialize, Serialize};

use crate::app::effect::{BundleContents, ControlCommand, OpenedProfile};
use crate::app::effect::{
    ConfigTrigger, DownloadReply, EditRequest, ExportReply, FileRequest, FolderListing, WireOutcome,
};
use crate::app::regions::Size;
use crate::config::{Background, Problems, Reloaded};
use crate::domain::{
    AccountId, DroppedFile, FileToSave, OutgoingFile, Pasted, Picture, PictureRequest, Request, ServerEvent,
};
use crate::input::{Key, Mouse};
use crate::store::Answer;
use crate::wire::Increment;

/// An event from outside the state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A key press.
    Key(Key),
    /// Bytes from the terminal, before the keys that they mean.
    Bytes(Vec<u8>),
    /// A line that was typed as a whole, where nothing is drawn.
    Line(String),
    /// Pasted text; it is never interpreted as keys or commands.
    Paste(String),
    /// A mouse event.
    Mouse(Mouse),
    /// A new size of the terminal.
    Resize(Size),
    /// The terminal gained or lost the focus.
    Focus(bool),
    /// The terminal has told the brightness of its background.
    Background(Background),
    /// A server sent an event, or the connection to it changed.
    Server(AccountId, ServerEvent),
    /// A request was rejected locally because too many requests are in progress.
    RequestRejected(AccountId, Request),
    /// Result of inspecting a file that is to be sent, or a message that says why it cannot be sent.
    File(AccountId, FileRequest, Result<OutgoingFile, String>),
    /// The files that pasted text names; none if it names none, or not only files.
    FilesFound(AccountId, Pasted, Vec<DroppedFile>),
    /// The file with pasted text, or a message that says why there is none.
    PasteSaved(AccountId, Pasted, Result<OutgoingFile, String>),
    /// Text of an editor that was closed, or a message that says why the draft is unchanged.
    TextEdited(AccountId, EditRequest, Result<String, String>),
    /// A path to which a file of a message can be saved.
    PathFound(AccountId, FileToSave, String),
    /// Reply about the download with this number.
    Download(AccountId, u64, DownloadReply),
    /// Reply to a step of the export with this number.
    Export(AccountId, u64, ExportReply),
    /// The content of a folder, to complete a path.
    Folder(FolderListing),
    /// A picture, or a message that says why it cannot be shown.
    Picture(AccountId, PictureRequest, Result<Picture, String>),
    /// The configuration was loaded again, or has problems.
    ConfigLoaded(ConfigTrigger, Result<Box<Reloaded>, Problems>),
    /// What a bundle for a bug report would contain.
    BundleReady(BundleContents),
    /// A command of another program.
    Control(ControlCommand),
    /// A message for the user from the code that carries out effects, such as "the program could not be started".
    Notice(String),
    /// The link at this address could not be opened, with a message that says why.
    LinkNotOpened(String, String),
    /// A command cannot be carried out: the line as it was typed, and a message that says why.
    CommandRefused(String, String),
    /// A profile with this name was added to the configuration file.
    ProfileAdded(String),
    /// A profile that the user has opened, with its settings.
    ProfileOpened(Box<OpenedProfile>),
    /// An answer or a report from the store.
    Store(AccountId, Answer),
    /// What went over the wire, while it is to be reported. Not part of recordings, whose texts and names may have to be
    /// replaced: payloads hold them in many forms.
    #[serde(skip)]
    Wire(Increment),
    /// What a key in the inspector or in details has led to.
    FromWire(WireOutcome),
    /// The rows computed by the last call of [`layout`](super::layout()) are on screen now.
    FrameDrawn,
    /// The time returned by [`deadline`](super::deadline()) has been reached.
    Tick,
}
