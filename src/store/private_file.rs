//! Opening of files that belong to this user alone: the database, the files next to it, and the log.
//!
//! A path may have been prepared by somebody else, for example in a shared folder: as a link to another file, a pipe,
//! or a file of another user. Such a path is refused, and what it leads to is neither changed nor created.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::Path;

use thiserror::Error;

/// What a file is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// Reading a file that exists.
    Read,
    /// Reading and writing; the file is created if it does not exist.
    ReadWrite,
    /// Appending; the file is created if it does not exist.
    Append,
}

/// The reason why a file was not opened.
#[derive(Debug, Error)]
pub enum PrivateFileError {
    /// The path may lead to a file of somebody else, or to another one than it seems.
    #[error("{0}")]
    Refused(&'static str),
    /// An error of the operating system.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<PrivateFileError> for io::Error {
    fn from(error: PrivateFileError) -> Self {
        match error {
            PrivateFileError::Refused(why) => Self::other(why),
            PrivateFileError::Io(error) => error,
        }
    }
}

const NOT_A_FILE: PrivateFileError = PrivateFileError::Refused("it is not a regular file");

#[cfg(unix)]
const HARD_LINK: PrivateFileError = PrivateFileError::Refused("it is also known under another name (a hard link)");

/// Creates a folder and those above it, which only their owner can access. The mode of an existing folder is the choice
/// of the user and stays.
///
/// # Errors
/// The folder cannot be created.
pub fn create_private_dir(dir: &Path) -> io::Result<()> {
    private_dir_builder().recursive(true).create(dir)
}

/// Returns a builder of folders that only their owner can access.
pub fn private_dir_builder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    // Elsewhere the folder of the user is private.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Opens a regular file of this user. A new file can be accessed by this user only.
///
/// # Errors
/// Returns the reason why the path cannot be used. A file with several names is only refused for appending, because a
/// backup may share the files of the store.
#[cfg(unix)]
pub fn open_private_file(path: &Path, mode: OpenMode) -> Result<File, PrivateFileError> {
    use std::os::unix::fs::MetadataExt;

    use rustix::fs::{Mode, OFlags};

    let mode_flags = match mode {
        OpenMode::Read => OFlags::RDONLY,
        OpenMode::ReadWrite => OFlags::RDWR | OFlags::CREATE,
        OpenMode::Append => OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE,
    };
    // Opening a pipe must not wait for the program at its other end.
    let flags = mode_flags | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR).map(File::from).map_err(|error| match error {
        rustix::io::Errno::LOOP => PrivateFileError::Refused("it is a symbolic link"),
        rustix::io::Errno::NXIO => NOT_A_FILE,
        error => PrivateFileError::Io(error.into()),
    })?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(NOT_A_FILE);
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(PrivateFileError::Refused("it belongs to another user"));
    }
    if mode == OpenMode::Append && metadata.nlink() > 1 {
        return Err(HARD_LINK);
    }
    Ok(file)
}

/// Makes sure that only the owner can access an open file.
///
/// # Errors
/// Returns the reason, if the mode is another one and cannot be changed, or would change under another name as well.
#[cfg(unix)]
pub(super) fn restrict_to_owner(file: &File) -> Result<(), PrivateFileError> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let metadata = file.metadata()?;
    if metadata.permissions().mode() & 0o777 == 0o600 {
        return Ok(());
    }
    if metadata.nlink() > 1 {
        return Err(HARD_LINK);
    }
    Ok(file.set_permissions(std::fs::Permissions::from_mode(0o600))?)
}

/// Opens a regular file.
///
/// # Errors
/// Returns the reason why the path cannot be used.
#[cfg(not(unix))]
pub fn open_private_file(path: &Path, mode: OpenMode) -> Result<File, PrivateFileError> {
    let mut options = File::options();
    let options = match mode {
        OpenMode::Read => options.read(true),
        OpenMode::ReadWrite => options.read(true).write(true).create(true).truncate(false),
        OpenMode::Append => options.append(true).create(true),
    };
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(NOT_A_FILE) }
}

/// Does nothing: other platforms have no mode.
#[cfg(not(unix))]
pub(super) fn restrict_to_owner(_: &File) -> Result<(), PrivateFileError> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn reason(path: &Path, mode: OpenMode) -> String {
        open_private_file(path, mode).expect_err("a reason").to_string()
    }

    #[test]
    fn file_is_created_for_its_owner_and_appended_to() {
        use std::io::Write;
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        for _ in 0..2 {
            open_private_file(&path, OpenMode::Append).unwrap().write_all(b"line\n").unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "line\nline\n");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn path_prepared_by_somebody_else_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (target, path) = (dir.path().join("target"), dir.path().join("path"));
        // It would wait for the program at the other end.
        let pipe = dir.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        for mode in [OpenMode::Read, OpenMode::ReadWrite, OpenMode::Append] {
            std::fs::write(&target, "precious").unwrap();
            std::os::unix::fs::symlink(&target, &path).unwrap();
            assert_eq!(reason(&path, mode), "it is a symbolic link");
            std::fs::remove_file(&target).unwrap();
            assert_eq!(reason(&path, mode), "it is a symbolic link");
            assert!(!target.exists(), "the target of a link is not created");
            std::fs::remove_file(&path).unwrap();
            assert_eq!(reason(&pipe, mode), NOT_A_FILE.to_string());
            assert_eq!(reason(Path::new("/dev/null"), mode), NOT_A_FILE.to_string());
            assert!(!reason(dir.path(), mode).is_empty());
        }
    }

    #[test]
    fn file_with_another_name_is_neither_appended_to_nor_restricted() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (target, path) = (dir.path().join("target"), dir.path().join("path"));
        std::fs::write(&target, "precious").unwrap();
        std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o644)).unwrap();
        std::fs::hard_link(&target, &path).unwrap();
        assert_eq!(reason(&path, OpenMode::Append), HARD_LINK.to_string());
        let file = open_private_file(&path, OpenMode::ReadWrite).unwrap();
        assert!(restrict_to_owner(&file).is_err());
        assert_eq!(std::fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o644);
    }

    #[test]
    fn file_of_another_user_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        std::fs::write(&path, "").unwrap();
        // Only root can give a file away.
        if std::os::unix::fs::chown(&path, Some(12_345), None).is_ok() {
            assert_eq!(reason(&path, OpenMode::Append), "it belongs to another user");
            assert_eq!(reason(&path, OpenMode::ReadWrite), "it belongs to another user");
        }
    }
}
