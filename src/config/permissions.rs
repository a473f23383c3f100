//! Access that other users of the machine have to a file, by its owner and mode. Nothing is checked on platforms other
//! than Unix.

use std::path::Path;

/// Whether users other than its owner can read a file.
#[cfg(unix)]
pub(super) fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o044 != 0)
}

/// Whether users other than this one and root can change a file.
#[cfg(unix)]
pub(super) fn others_can_change(path: &Path) -> bool {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let owner_is_trusted = |owner: u32| owner == 0 || owner == rustix::process::geteuid().as_raw();
    std::fs::metadata(path)
        .is_ok_and(|metadata| metadata.permissions().mode() & 0o022 != 0 || !owner_is_trusted(metadata.uid()))
}

/// Whether users other than its owner can read a file.
#[cfg(not(unix))]
pub(super) fn others_can_read(_: &Path) -> bool {
    false
}

/// Whether users other than this one and root can change a file.
#[cfg(not(unix))]
pub(super) fn others_can_change(_: &Path) -> bool {
    false
}
