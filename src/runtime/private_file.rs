//! New files that only this user can read.

use std::fs::File;
use std::io;
use std::path::Path;

/// Creates a file that only this user can read and write.
///
/// # Errors
/// The file exists or cannot be created.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    // Elsewhere the folder of the user is private.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
