//! Files that are being written beside the place where they will be.
//!
//! Each of them removes itself if it is not completed. That does not happen if the program ends while another thread
//! writes one, so their paths are remembered here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

/// The temporary files of this process.
pub(super) static TEMPORARY_FILES: TemporaryFiles = TemporaryFiles(Mutex::new(Vec::new()));

/// Paths of temporary files. They are chosen at random, so one that was renamed or removed may be in the list.
pub(super) struct TemporaryFiles(Mutex<Vec<PathBuf>>);

impl TemporaryFiles {
    /// Creates a file that only this user can read.
    pub(super) fn create(&self, prefix: &str, folder: &Path) -> io::Result<NamedTempFile> {
        let file = NamedTempFile::with_prefix_in(prefix, folder)?;
        let mut paths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Otherwise the list would grow as long as the program runs.
        paths.retain(|path| path.exists());
        paths.push(file.path().to_owned());
        Ok(file)
    }

    /// Removes the files that are not complete, because the program ends.
    pub(super) fn remove(&self) {
        for path in self.0.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // Most do not exist any more.
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: a download that was under way when the program ended left a hidden file.
    #[test]
    fn only_incomplete_files_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let files = TemporaryFiles(Mutex::default());
        let _incomplete = files.create(".download-", folder.path()).unwrap();
        let complete = files.create(".download-", folder.path()).unwrap();
        complete.persist(folder.path().join("cat.png")).unwrap();
        let _other = files.create(".export-", folder.path()).unwrap();
        assert_eq!(files.0.lock().unwrap().len(), 2);
        files.remove();
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["cat.png"]);
    }
}
