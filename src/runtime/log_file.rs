//! Opens the log file. A log reveals who talks to whom, so it is written only to a regular file of this user, never
//! through a link.

use std::fs::File;
use std::io;
use std::path::Path;

/// Opens a log for appending, or creates it for this user only.
///
/// # Errors
/// Returns the reason why the path cannot be used. A path that another user prepared, for example in `/tmp`, is refused:
/// a link, a pipe, or a file of that user.
#[cfg(unix)]
pub(super) fn open(path: &Path) -> Result<File, String> {
    use std::os::unix::fs::MetadataExt;

    use rustix::fs::{Mode, OFlags};

    // Opening a pipe must not wait for its reader.
    let how = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::CLOEXEC | how;
    let file = rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR).map(File::from).map_err(|error| match error {
        rustix::io::Errno::LOOP => "it is a symbolic link".to_owned(),
        rustix::io::Errno::NXIO => NOT_A_FILE.to_owned(),
        error => io::Error::from(error).to_string(),
    })?;
    let metadata = file.metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err(NOT_A_FILE.to_owned());
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err("it belongs to another user".to_owned());
    }
    if metadata.nlink() > 1 {
        return Err("it is also known under another name (a hard link)".to_owned());
    }
    Ok(file)
}

/// Opens a log for appending, or creates it.
///
/// # Errors
/// Returns the reason why the path cannot be used.
#[cfg(not(unix))]
pub(super) fn open(path: &Path) -> Result<File, String> {
    let file = File::options().create(true).append(true).open(path).map_err(|error| error.to_string())?;
    let is_file = file.metadata().is_ok_and(|metadata| metadata.is_file());
    if is_file { Ok(file) } else { Err(NOT_A_FILE.to_owned()) }
}

const NOT_A_FILE: &str = "it is not a regular file";

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn reason(path: &Path) -> String {
        open(path).expect_err("a reason")
    }

    #[test]
    fn log_is_created_for_its_owner_and_appended_to() {
        use std::io::Write;
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        for _ in 0..2 {
            open(&path).unwrap().write_all(b"line\n").unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "line\nline\n");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn path_prepared_by_somebody_else_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (target, path) = (dir.path().join("target"), dir.path().join("log"));
        std::fs::write(&target, "precious").unwrap();
        std::os::unix::fs::symlink(&target, &path).unwrap();
        assert_eq!(reason(&path), "it is a symbolic link");
        std::fs::remove_file(&path).unwrap();
        std::fs::hard_link(&target, &path).unwrap();
        assert!(reason(&path).contains("hard link"), "{}", reason(&path));
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "precious");
        // It would wait for a reader.
        let pipe = dir.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert_eq!(reason(&pipe), NOT_A_FILE);
        assert_eq!(reason(Path::new("/dev/null")), NOT_A_FILE);
        assert!(!reason(dir.path()).is_empty());
    }

    #[test]
    fn file_of_another_user_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        std::fs::write(&path, "").unwrap();
        // Only root can give a file away.
        if std::os::unix::fs::chown(&path, Some(12_345), None).is_ok() {
            assert_eq!(reason(&path), "it belongs to another user");
        }
    }
}
