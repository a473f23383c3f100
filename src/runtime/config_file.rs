//! Writing of the configuration file.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::config::quotable_path;

use super::save_path::folder_of;

/// Who can read the file after a change. A new file can only be read by this user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// The same users as before.
    Unchanged,
    /// Only this user, because the change contains a secret.
    Owner,
}

/// Changes the configuration file, which is created if it does not exist. It is replaced as a whole, so that it is
/// never incomplete, and a link to it stays a link.
///
/// # Errors
/// A sentence for the user. The file is unchanged then.
pub(super) fn change(
    path: &Path,
    readers: Readers,
    change: impl FnOnce(&str) -> Result<String, String>,
) -> Result<(), String> {
    let failed = |error: io::Error| {
        let shown = quotable_path(path);
        format!("Cannot write {shown}: {error}. Nothing was saved.")
    };
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = match fs::read_to_string(&target) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let text = change(before.as_deref().unwrap_or_default())?;
    let write = || {
        // Only this user can read it.
        let mut file = NamedTempFile::new_in(folder_of(&target))?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        if readers == Readers::Unchanged {
            fs::set_permissions(file.path(), fs::metadata(&target)?.permissions())?;
        }
        file.persist(&target)?;
        Ok(())
    };
    let written = if before.is_none() { create(&target, &text) } else { write() };
    written.map_err(failed)
}

/// Creates a file that only this user can read, and its folder. It is never incomplete.
///
/// # Errors
/// The file exists or cannot be written.
pub(super) fn create(path: &Path, text: &str) -> io::Result<()> {
    let folder = folder_of(path);
    fs::create_dir_all(&folder)?;
    let mut file = NamedTempFile::new_in(&folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn new_file_is_private_and_an_old_one_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("new/config.toml");
        let mode = |file: &Path| fs::metadata(file).expect("a file").permissions().mode() & 0o777;
        change(&file, Readers::Unchanged, |text| Ok(format!("{text}a = 1\n"))).expect("it can be written");
        assert_eq!(mode(&file), 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("permissions");
        let link = dir.path().join("link.toml");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        change(&link, Readers::Unchanged, |text| Ok(format!("{text}b = 2\n"))).expect("it can be written");
        assert_eq!(fs::read_to_string(&file).ok().as_deref(), Some("a = 1\nb = 2\n"));
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
        assert_eq!(mode(&file), 0o640);
        change(&file, Readers::Owner, |text| Ok(format!("{text}key = 3\n"))).expect("it can be written");
        assert_eq!(mode(&file), 0o600, "it contains a secret");
    }

    #[test]
    fn refused_change_leaves_the_file_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("config.toml");
        assert_eq!(change(&file, Readers::Unchanged, |_| Err("No.".to_owned())), Err("No.".to_owned()));
        assert!(!file.exists());
    }
}
