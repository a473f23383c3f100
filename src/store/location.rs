//! The path of a store and the amount of data it may hold.

use std::path::{Path, PathBuf};

/// The path of a store and the amount of data it may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreLocation {
    /// The database file. The files next to it have the same name with `-wal` and `-shm` appended, or with `.lock` and
    /// `.device` in the place of `.db`.
    pub file: PathBuf,
    /// The amount of data the store may hold.
    pub retention: Retention,
    /// Maximum size of the file in pages of 4 KiB, with which tests simulate a full disk.
    pub(super) max_pages: Option<u32>,
}

/// Maximum numbers of stored messages. The oldest messages are deleted first, always from the largest room, so that a
/// busy room never costs a quiet one its history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Maximum in all rooms together.
    pub total: u64,
    /// Maximum in one room.
    pub per_room: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { total: 100_000, per_room: 50_000 }
    }
}

impl StoreLocation {
    /// The store in `file`, with the default retention.
    pub fn new(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), retention: Retention::default(), max_pages: None }
    }

    /// The store of a profile in `data_dir`.
    ///
    /// `account` identifies the account: back end, address and user name, but no secret. Its hash is part of the file
    /// name. A profile whose user or server changes therefore gets another store, and its old one again when it changes
    /// back, so that an unsent message is never sent as somebody else.
    pub fn for_account(data_dir: &Path, profile: &str, account: &[&str]) -> Self {
        let sanitized = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        let name: String = profile.chars().take(64).map(sanitized).collect();
        let parts = std::iter::once(profile).chain(account.iter().copied());
        let hash = parts.flat_map(|part| part.bytes().chain([0])).fold(FNV_OFFSET, fnv1a) & 0xffff_ffff;
        Self::new(data_dir.join(format!("{name}-{hash:08x}.db")))
    }

    /// The file whose lock makes a client the only writer of the store.
    pub(super) fn lock_file(&self) -> PathBuf {
        self.file.with_extension("lock")
    }

    /// The file with the id of this device.
    pub(super) fn device_file(&self) -> PathBuf {
        self.file.with_extension("device")
    }
}

/// Start value of FNV-1a. File names must never change, and the hash of the standard library may.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv1a(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(profile: &str, user: &str) -> PathBuf {
        StoreLocation::for_account(Path::new("/d"), profile, &["minchat", "https://x", user]).file
    }

    #[test]
    fn each_account_has_its_own_file() {
        assert_eq!(file("work", "ann"), file("work", "ann"));
        assert_ne!(file("work", "ann"), file("work", "bob"));
        assert_ne!(file("a/b", "ann"), file("a_b", "ann"));
    }

    #[test]
    fn profile_name_never_leaves_the_folder() {
        for odd in ["../../etc", "", "日本", "a/b"] {
            assert_eq!(file(odd, "ann").parent(), Some(Path::new("/d")));
        }
    }

    #[test]
    fn store_file_names_never_change() {
        assert_eq!(file("work", "ann"), Path::new("/d/work-2b9f12a0.db"));
    }
}
