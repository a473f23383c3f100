//! Outputs of the state machine: work that `update` asks the rest of the program to do.
//!
//! Effects are plain data. This module does not carry them out.

mod download;
mod export;
mod notification;
mod profile;
mod wire_outcome;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::{Hyperlinks, OptionSpec, option_by_key};
use crate::domain::{AccountId, CallAccess, FileToSave, LocalId, MessageId, Pasted, PictureRequest, Request, RoomId};
use crate::store::{Query, Write};
use crate::text::{StaticStr, optional_static_str};

pub use download::{Download, DownloadReply};
pub use export::{ExportReply, ExportStep, ExportTarget};
pub use notification::{Notification, NotificationFacts, NotificationId};
pub use profile::{OpenedProfile, Profile};
pub use wire_outcome::WireOutcome;

/// Work to be done outside the state: plain data instead of a closure, so that tests can compare it and logs record it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send a request to the server of an account.
    Request(AccountId, Request),
    /// Reconnect immediately: before the retry delay has passed, or although the connection seems to be up.
    Reconnect(AccountId),
    /// Set the faults of the sandbox of an account, as the user describes them; answered by a notice.
    SetFaults(AccountId, String),
    /// Apply this as an event of its own, before any other one.
    FromWire(WireOutcome),
    /// Copy text to the clipboard.
    Copy(String),
    /// Inspect a file that is to be sent; answered by `Event::File`.
    Inspect(AccountId, FileRequest),
    /// Take an image from the clipboard and write it to a file of this name; answered by `Event::File`, or by a notice.
    PasteImage(AccountId, FilePurpose, String),
    /// Find the files that pasted text may name: the first of these alternatives of which all exist. Answered by
    /// `Event::FilesFound`.
    FindFiles(AccountId, Pasted, Vec<Vec<String>>),
    /// Write pasted text to a file of this name, to send it as a file; answered by `Event::PasteSaved`.
    SavePaste(AccountId, Pasted, String),
    /// List a folder, to complete a path; answered by `Event::Folder`.
    ListFolder(FolderRequest),
    /// Find a path for a file of a message that no other file has; answered by `Event::PathFound`.
    FindPath(AccountId, FileToSave),
    /// Download a file, under this number; answered by `Event::Download`.
    Download(AccountId, u64, Download),
    /// Cancel the download with this number. Nothing remains of it.
    CancelDownload(AccountId, u64),
    /// Carry out a step of the export with this number; answered by `Event::Export`.
    Export(AccountId, u64, ExportStep),
    /// Abandon the export with this number. Nothing remains of it.
    AbandonExport(AccountId, u64),
    /// Fetch a picture and scale it; answered by `Event::Picture`.
    LoadPicture(AccountId, PictureRequest),
    /// Remove the pictures at these addresses from the cache, because their messages were deleted.
    ForgetPictures(AccountId, Vec<String>),
    /// Write to the store or delete from it; changes of the outbox are confirmed by `Event::Store`.
    Persist(AccountId, Write),
    /// Query the store; answered by `Event::Store`.
    Query(AccountId, Query),
    /// Start another program: its name and arguments, and the access to a call if it is to carry one.
    Spawn(Vec<String>, Option<CallAccess>),
    /// Start a program, by its name and arguments, that opens the link at an address. If it fails, this is answered by
    /// `Event::LinkNotOpened`.
    OpenLink(Vec<String>, String),
    /// Let the user edit a text in an editor, which gets the terminal; answered by `Event::TextEdited`.
    EditText(AccountId, EditRequest),
    /// Write a line into the log if logging is enabled. Nothing appears on the screen.
    Log(LogLevel, String),
    /// Ring the bell of the terminal.
    Bell,
    /// Set the title of the terminal window.
    WindowTitle(String),
    /// Show a notification on the desktop.
    ShowNotification(Notification),
    /// Withdraw a notification from the desktop.
    WithdrawNotification(NotificationId),
    /// Start the program for notifications, with its arguments, and pass it the facts on standard input.
    NotifyCommand(Vec<String>, Box<NotificationFacts>),
    /// Turn the reports of the mouse on or off.
    Mouse(bool),
    /// Pass links to the terminal as this setting says.
    Hyperlinks(Hyperlinks),
    /// Wait this long before an ESC byte is taken for the Esc key.
    EscapeTime(Duration),
    /// Report the bytes from the terminal as `Event::Bytes`, or stop that.
    ReportBytes(bool),
    /// Ask the terminal for the color of its background; answered by `Event::Background` if it knows the question.
    AskForBackground,
    /// Report what goes over the wire as `Event::Wire`, beginning with what is recorded already, or stop that.
    ReadWire(bool),
    /// Load the configuration again for this reason; answered by `Event::ConfigLoaded`, or by a notice.
    LoadConfig(ConfigTrigger),
    /// Load the profile with this name from the configuration; answered by `Event::ProfileOpened`, or by a notice.
    OpenProfile(String),
    /// Ask about a new profile with this name in the terminal, and add it to the configuration; answered by
    /// `Event::ProfileAdded`, or by a notice.
    AddProfile(String),
    /// Close the connection and the store of an account that is no longer part of the state.
    CloseProfile(AccountId),
    /// Open these profiles at the next start, unless others are named.
    RememberProfiles(Vec<String>),
    /// Save the screen, as it is after the next frame, to a file; answered by a notice.
    SaveScreen(ScreenDump),
    /// Collect a bundle for a bug report, with the screen as it is after the next frame; answered by
    /// `Event::BundleReady`, or by a notice.
    PrepareBundle(ScreenDump),
    /// Write the bundle that was collected last; answered by a notice.
    WriteBundle,
    /// Forget the bundle that was collected, because the user does not want it.
    DiscardBundle,
    /// Redraw every cell of the screen.
    Redraw,
    /// Suspend the program and give the terminal back to the shell until the program is resumed.
    Suspend,
    /// Quit the program.
    Quit,
}

impl Effect {
    /// Whether the effect changes nothing on the screen.
    pub(in crate::app) fn is_invisible(&self) -> bool {
        match self {
            Self::Persist(_, write) => !matches!(write, Write::Outbox(_)),
            Self::Request(_, request) => {
                matches!(request, Request::Seen { .. } | Request::Delivered { .. } | Request::Person { .. })
            }
            Self::WindowTitle(_) | Self::Log(..) | Self::WithdrawNotification(_) => true,
            _ => false,
        }
    }
}

/// Reason for which the configuration is loaded again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConfigTrigger {
    /// The user has asked for it.
    Command,
    /// One of its files has changed.
    FileChanged,
    /// The settings are to be shown, or only the choices of the option with this key.
    Show(#[serde(deserialize_with = "optional_static_str")] Option<StaticStr>),
    /// The user tries a value.
    Try(NewValue),
    /// The value that was tried is abandoned.
    Abandon,
    /// The user has chosen a value, which is written to the file before.
    Save(NewValue),
}

/// A value of an option that the user tries or has chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewValue {
    /// The option.
    #[serde(with = "option_by_key")]
    pub option: &'static OptionSpec,
    /// The name of the profile whose settings are shown.
    pub profile: String,
    /// The value as text; `None` is the default.
    pub value: Option<String>,
}

/// A command of another program, which arrives through the control socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ControlCommand {
    /// Open a room, by id or title.
    Open(String),
    /// Send a text to a room, by id or title; `None` is the open room.
    Send(Option<String>, String),
    /// Select a message of the open room.
    Select(MessageId),
}

/// A screen that is to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenDump {
    /// Path as the user typed it; `~` is the home folder. `None` for a new file in the folder for downloads. Its
    /// extension decides the format.
    pub path: Option<String>,
    /// Names that are replaced by invented words.
    pub names: Vec<String>,
}

impl ScreenDump {
    /// Returns the command with this name that asked for it.
    pub fn command_line(&self, name: &str) -> String {
        let hidden = if self.names.is_empty() { "" } else { " hidden" };
        let path = self.path.as_ref().map(|path| format!(" {path}")).unwrap_or_default();
        format!("/{name}{hidden}{path}")
    }
}

/// What a bundle for a bug report would contain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleContents {
    /// The folder that would be created.
    pub folder: String,
    /// The names of its files, and their sizes in bytes.
    pub files: Vec<(String, u64)>,
    /// Whether names are hidden.
    pub names_hidden: bool,
    /// What is missing and why, a sentence.
    pub left_out: Option<String>,
}

/// Severity of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// An event that also occurs with servers that behave correctly.
    Debug,
    /// An event that only a misbehaving server causes.
    Warn,
}

/// A draft that the user wants to edit in an editor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditRequest {
    /// Room of the draft; `None` while no room is open.
    pub room: Option<RoomId>,
    /// Text at the start.
    pub text: String,
}

/// A file that the user wants to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRequest {
    /// Path as the user typed it; `~` is the home folder.
    pub path: String,
    /// Purpose for which it is sent.
    pub purpose: FilePurpose,
}

/// Purpose for which a file is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilePurpose {
    /// A message with the file.
    Message {
        /// Room to send the file to.
        room: RoomId,
        /// Message that the file replies to.
        reply_to: Option<LocalId>,
        /// Whether to send it as a generic file even if it is an image, a video or audio.
        as_file: bool,
    },
    /// The user's own picture.
    OwnPicture,
    /// The picture of a group or broadcast.
    RoomPicture(RoomId),
}

impl FileRequest {
    /// Returns the request without the message that it replies to, for further files of the same command.
    pub fn without_reply(&self) -> Self {
        let mut request = self.clone();
        if let FilePurpose::Message { reply_to, .. } = &mut request.purpose {
            *reply_to = None;
        }
        request
    }

    /// Whether to send the file as a generic file even if it is an image, a video or audio.
    pub fn is_plain(&self) -> bool {
        matches!(self.purpose, FilePurpose::Message { as_file: true, .. })
    }
}

/// A folder that is to be listed, to complete a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderRequest {
    /// The folder as the user typed it, with the slash at its end; `~` is the home folder. If empty, the folder in
    /// which the program runs.
    pub folder: String,
    /// The beginning of the names that are wanted, should there be too many.
    pub prefix: String,
}

/// The content of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderListing {
    /// What was requested.
    pub request: FolderRequest,
    /// Its folders, then its files, both by name. Names that cannot be typed are left out. Empty if the folder cannot
    /// be read.
    pub entries: Vec<FolderEntry>,
    /// Whether names that do not begin with the prefix are missing, because there are too many.
    pub is_cut: bool,
}

/// A file or folder in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderEntry {
    /// Its name.
    pub name: String,
    /// The size of a file, in bytes; `None` for a folder.
    pub size: Option<u64>,
}

impl FolderListing {
    /// Whether it has everything that `request` asks for.
    pub fn answers(&self, request: &FolderRequest) -> bool {
        let is_complete = !self.is_cut || self.request.prefix == request.prefix;
        self.request.folder == request.folder && is_complete
    }
}
