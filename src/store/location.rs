//! Where a store lies and how much it may hold. Knows nothing of what is in it.

use std::path::{Path, PathBuf};

/// Where a store lies and how much it may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreLocation {
    /// The database. The files beside it have its name: `-wal`, `-shm`, and `.lock` instead of `.db`.
    pub file: PathBuf,
    /// How much it may hold.
    pub keep: Retention,
    /// How many pages of 4 KiB the file may have; tests make a small disk of it.
    pub(super) pages: Option<u32>,
}

/// How many messages are kept. The oldest go first, from the room that has the most, so that a busy room does not cost
/// the quiet ones their past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// In all.
    pub overall: u64,
    /// In one room.
    pub per_room: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { overall: 100_000, per_room: 50_000 }
    }
}

impl StoreLocation {
    /// The store in `file`, of the usual size.
    pub fn new(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), keep: Retention::default(), pages: None }
    }

    /// Where a profile's store lies in `data_dir`.
    ///
    /// `account` says who that is on which server (back end, address, user name; no secret). It is part of the file's
    /// name as a number: a profile whose user or server changes has another store then, and its old one when it changes
    /// back, so that what waits in one account's outbox never goes out as somebody else.
    pub fn of(data_dir: &Path, profile: &str, account: &[&str]) -> Self {
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        let name: String = profile.chars().take(64).map(plain).collect();
        let parts = std::iter::once(profile).chain(account.iter().copied());
        let number = parts.flat_map(|part| part.bytes().chain([0])).fold(FNV_START, fnv) & 0xffff_ffff;
        Self::new(data_dir.join(format!("{name}-{number:08x}.db")))
    }

    /// The file that says who has the store.
    pub(super) fn lock(&self) -> PathBuf {
        self.file.with_extension("lock")
    }
}

/// FNV-1a, since a name on disk must be the same with every compiler; the standard library's hash promises nothing.
const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_account_of_a_profile_has_its_file_and_no_profile_leaves_the_folder() {
        let dir = Path::new("/d");
        let of = |profile, user| StoreLocation::of(dir, profile, &["minchat", "https://x", user]).file;
        assert_eq!(of("work", "ann"), of("work", "ann"));
        assert_ne!(of("work", "ann"), of("work", "bob"));
        assert_ne!(of("a/b", "ann"), of("a_b", "ann"));
        for odd in ["../../etc", "", "日本", "a/b"] {
            assert_eq!(of(odd, "ann").parent(), Some(dir));
        }
        assert_eq!(of("work", "ann"), Path::new("/d/work-2b9f12a0.db"), "the name is for ever");
    }
}
