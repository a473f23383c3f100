//! A file that is to be sent.

use std::path::PathBuf;

use super::message::AttachmentKind;

/// A file of this machine, as it was found when it was to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name, without the folders.
    pub name: String,
    /// As what it is sent.
    pub kind: AttachmentKind,
    /// Its media type, such as `image/png`.
    pub mime: String,
    /// Its size in bytes.
    pub size: u64,
    /// How long it plays, in milliseconds, if it plays and its length can be read.
    pub duration: Option<u32>,
}
