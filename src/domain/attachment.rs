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

/// A size in bytes as it is said of every file, such as `2.1 MB`.
pub fn size_in_words(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000_u64), ("MB", 1_000_000), ("kB", 1_000)];
    let Some((unit, one)) = units.into_iter().find(|(_, one)| bytes >= *one) else { return format!("{bytes} B") };
    let (whole, tenth) = (bytes / one, bytes % one * 10 / one);
    if whole >= 10 || tenth == 0 { format!("{whole} {unit}") } else { format!("{whole}.{tenth} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_said_in_its_unit() {
        assert_eq!(size_in_words(12), "12 B");
        assert_eq!(size_in_words(2_000), "2 kB");
        assert_eq!(size_in_words(2_140_000), "2.1 MB");
        assert_eq!(size_in_words(43_900_000), "43 MB");
        assert_eq!(size_in_words(u64::MAX), "18446744073 GB");
    }
}
