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

/// Formats a size in bytes with decimal units, such as `2.1 MB`, rounded to the nearest.
pub fn format_size(bytes: u64) -> String {
    in_unit(bytes, |bytes, step| bytes / step + u64::from(bytes % step >= step / 2))
}

/// Formats a maximum size in bytes, rounded down: what is larger than the maximum is larger than the shown number, too,
/// and what has the shown number is allowed.
pub fn format_limit(bytes: u64) -> String {
    in_unit(bytes, |bytes, step| bytes / step)
}

/// Formats a size in the smallest unit in which it has at most three digits before the point. `divide` rounds.
fn in_unit(bytes: u64, divide: fn(u64, u64) -> u64) -> String {
    let units = [("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)];
    let fits = |unit_size| divide(bytes, unit_size) < 1_000;
    let unit = units.into_iter().find(|(_, unit_size)| fits(*unit_size)).or(units.last().copied());
    let Some((unit, unit_size)) = unit.filter(|_| bytes >= 1_000) else { return format!("{bytes} B") };
    let (whole, tenths) = (divide(bytes, unit_size), divide(bytes, unit_size / 10));
    match (tenths / 10, tenths % 10) {
        (10.., _) => format!("{whole} {unit}"),
        (small, 0) => format!("{small} {unit}"),
        (small, tenth) => format!("{small}.{tenth} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: sizes were cut, so that a file of 1 MB, which MinChat calls `976.56 KB`, had `999 kB`.
    #[test]
    fn sizes_are_rounded_in_their_largest_unit() {
        for (bytes, shown) in [
            (0, "0 B"),
            (12, "12 B"),
            (999, "999 B"),
            (1_000, "1 kB"),
            (1_049, "1 kB"),
            (1_050, "1.1 kB"),
            (2_000, "2 kB"),
            (9_949, "9.9 kB"),
            (9_950, "10 kB"),
            (12_595, "13 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (999_997, "1 MB"),
            (2_140_000, "2.1 MB"),
            (2_998_927, "3 MB"),
            (19_996_344, "20 MB"),
            (43_900_000, "44 MB"),
            (999_999_999, "1 GB"),
            (u64::MAX, "18446744074 GB"),
        ] {
            assert_eq!(format_size(bytes), shown, "{bytes}");
        }
    }

    #[test]
    fn limits_are_rounded_down() {
        for (bytes, shown) in [
            (999, "999 B"),
            (6_599, "6.5 kB"),
            (65_535, "65 kB"),
            (65_536, "65 kB"),
            (999_999, "999 kB"),
            (1 << 20, "1 MB"),
            (100_000_000, "100 MB"),
        ] {
            assert_eq!(format_limit(bytes), shown, "{bytes}");
        }
    }
}
