//! The world to us.

use crate::app::effect::FileRequest;
use crate::app::regions::Size;
use crate::domain::{AccountId, OutgoingFile, Request, ServerEvent};
use crate::input::{Key, Mouse};
use crate::store::Answer;

/// Something that happened outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted; it is literal.
    Paste(String),
    /// The mouse did something.
    Mouse(Mouse),
    /// The terminal has this size now.
    Resize(Size),
    /// The terminal got or lost the focus.
    Focus(bool),
    /// A server said something, or the connection to it changed.
    Server(AccountId, ServerEvent),
    /// A request was not taken, because too many are under way.
    RequestRejected(AccountId, Request),
    /// What there is about a file that is to be sent, or a sentence that says why it cannot be.
    File(AccountId, FileRequest, Result<OutgoingFile, String>),
    /// Something that was done outside has a sentence for the user, such as a program that could not be started.
    Notice(String),
    /// The disk has something to say.
    Store(AccountId, Answer),
    /// The rows that the last [`layout`](super::layout()) settled are on screen now.
    FrameDrawn,
    /// The time that [`deadline`](super::deadline()) named has come.
    Tick,
}
