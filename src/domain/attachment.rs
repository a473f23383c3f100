//! Files: those attached to messages, and local files that are about to be sent.
//!
//! This module neither reads nor downloads files.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::text::SafeText;

use super::ids::{MessageId, RoomId};
use super::time::format_duration;

/// Kind of a file, which decides how it is labelled and sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttachmentKind {
    /// Still image.
    Image,
    /// Video.
    Video,
    /// Animated image.
    Gif,
    /// Voice message.
    Voice,
    /// Any other file.
    File,
}

impl AttachmentKind {
    /// Returns the label shown to users.
    pub fn label(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Gif => "gif",
            Self::Voice => "voice",
            Self::File => "file",
        }
    }
}

/// File attached to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Kind of file.
    pub kind: AttachmentKind,
    /// File name; empty if unknown.
    pub name: SafeText,
    /// Formatted size, such as `2 MB`; empty if unknown.
    pub size: SafeText,
    /// Size in bytes, if known; approximate where the service rounds it.
    pub bytes: Option<u64>,
    /// Address of the file; the local path while it is being sent.
    pub url: SafeText,
    /// Playing time in milliseconds, for audio and video.
    pub duration: Option<u32>,
}

impl Attachment {
    /// Whether it is a picture.
    pub fn is_picture(&self) -> bool {
        matches!(self.kind, AttachmentKind::Image | AttachmentKind::Gif)
    }

    /// Describes a local file, for the message that is shown while the file waits to be sent.
    pub fn from_file(file: &OutgoingFile) -> Self {
        Self {
            kind: file.kind,
            name: SafeText::line(&file.name),
            size: SafeText::line(&format_size(file.size)),
            bytes: Some(file.size),
            url: SafeText::line(&file.path.display().to_string()),
            duration: file.duration,
        }
    }

    /// Returns a one-line description: kind, name, playing time and size, such as `[voice] note.ogg (0:12, 40 kB)`.
    pub fn summary(&self) -> String {
        let mut line = format!("[{}]", self.kind.label());
        if !self.name.is_empty() {
            line.push(' ');
            line.push_str(&self.name);
        }
        let duration = self.duration.map(|millis| format_duration(millis.into()));
        let details: Vec<&str> =
            duration.as_deref().into_iter().chain([&*self.size]).filter(|s| !s.is_empty()).collect();
        if !details.is_empty() {
            line.push_str(&format!(" ({})", details.join(", ")));
        }
        line
    }
}

/// File of a message that the user wants to save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileToSave {
    /// Room of the message.
    pub room: RoomId,
    /// The message.
    pub message: MessageId,
    /// Name under which it was sent; empty if unknown.
    pub name: SafeText,
    /// Its http or https address.
    pub url: String,
}

/// Local file that the user has chosen to send, described as of that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingFile {
    /// Path of the file.
    pub path: PathBuf,
    /// File name without its directory.
    pub name: String,
    /// Kind of attachment that it is sent as.
    pub kind: AttachmentKind,
    /// Media type, such as `image/png`.
    pub mime: String,
    /// Size in bytes.
    pub size: u64,
    /// Playing time in milliseconds; `None` if the file has none or it cannot be determined.
    pub duration: Option<u32>,
}

/// Formats a size in bytes with decimal units, such as `2.1 MB`.
pub fn format_size(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000_u64), ("MB", 1_000_000), ("kB", 1_000)];
    let Some((unit, unit_size)) = units.into_iter().find(|(_, unit_size)| bytes >= *unit_size) else {
        return format!("{bytes} B");
    };
    let (whole, tenth) = (bytes / unit_size, bytes % unit_size * 10 / unit_size);
    if whole >= 10 || tenth == 0 { format!("{whole} {unit}") } else { format!("{whole}.{tenth} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_formatted_in_their_largest_unit() {
        assert_eq!(format_size(12), "12 B");
        assert_eq!(format_size(2_000), "2 kB");
        assert_eq!(format_size(2_140_000), "2.1 MB");
        assert_eq!(format_size(43_900_000), "43 MB");
        assert_eq!(format_size(u64::MAX), "18446744073 GB");
    }
}
