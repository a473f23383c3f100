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

impl FileFacts {
    /// Its size in words, such as `2.1 MB`.
    pub fn size_in_words(&self) -> String {
        const STEP: u64 = 1000;
        let tenths = |unit: u64| (self.size / (unit / 10), self.size / unit);
        let (unit, word) = match self.size {
            size if size < STEP => return format!("{size} B"),
            size if size < STEP * STEP => (STEP, "kB"),
            size if size < STEP * STEP * STEP => (STEP * STEP, "MB"),
            _ => (STEP * STEP * STEP, "GB"),
        };
        match tenths(unit) {
            (tenths, whole) if whole < 10 && tenths % 10 > 0 => format!("{whole}.{} {word}", tenths % 10),
            (_, whole) => format!("{whole} {word}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_said_in_its_unit() {
        let words = |size| {
            let (path, name, mime) = (PathBuf::new(), String::new(), String::new());
            FileFacts { path, name, kind: AttachmentKind::File, mime, size, duration: None }.size_in_words()
        };
        assert_eq!(words(12), "12 B");
        assert_eq!(words(2_000), "2 kB");
        assert_eq!(words(2_140_000), "2.1 MB");
        assert_eq!(words(43_900_000), "43 MB");
    }
}
