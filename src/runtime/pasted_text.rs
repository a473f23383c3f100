//! Files with pasted text or a pasted image that is sent as a file.
//!
//! A message with a file is queued with the file's path, so the file has to exist until it is sent, which may be after
//! a restart. Old files are removed when the next one is written.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::store::create_private_dir;

use super::private_file::create_private;

/// Age at which a file is removed: no message waits that long.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Maximum number of files with the same name, which contains the second.
const MAX_SAME: u32 = 100;

/// Writes `content` to a new file in `folder`, which only this user can read. Creates the folder.
pub(super) fn save(folder: &Path, name: &str, content: &[u8]) -> io::Result<PathBuf> {
    create_private_dir(folder)?;
    remove_old(folder);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "txt"));
    for number in 1..MAX_SAME {
        let suffix = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("{stem}{suffix}.{extension}"));
        match create_private(&path) {
            Ok(mut file) => {
                let written = file.write_all(content);
                if written.is_err() {
                    // The message stays in the composer, so nobody needs a part of it.
                    let _ = fs::remove_file(&path);
                }
                return written.map(|()| path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn remove_old(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        if modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > MAX_AGE)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn pasted_text_gets_a_private_file_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("pastes");
        let paths = ["one", "two"].map(|text| save(&folder, "paste-1.txt", text.as_bytes()).unwrap());
        assert_eq!(paths, [folder.join("paste-1.txt"), folder.join("paste-1-2.txt")]);
        assert_eq!(fs::read_to_string(&paths[1]).unwrap(), "two");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&folder), mode(&paths[0])), (0o700, 0o600));
        }
    }

    #[test]
    fn old_files_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let old = save(dir.path(), "paste-1.txt", b"old").unwrap();
        let before = SystemTime::now() - MAX_AGE - Duration::from_secs(60);
        File::options().write(true).open(&old).unwrap().set_modified(before).unwrap();
        let new = save(dir.path(), "paste-2.txt", b"new").unwrap();
        assert!(!old.exists() && new.exists());
    }
}
