//! The names of the profiles that are open, and of the one on screen, so that the next start opens the same ones.
//!
//! Each has a file beside the stores, which is only used by those who have several profiles. Names are one on a line. The
//! profile on screen is not in the file of the open ones, because earlier versions take every line of it for one of them.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Name of the file with the open profiles, within the data folder.
const OPEN: &str = "open-profiles";

/// Name of the file with the profile on screen, within the data folder.
const SHOWN: &str = "shown-profile";

/// Maximum number of bytes that are read. A longer file was not written by this program.
const MAX_BYTES: u64 = 64 << 10;

/// Returns the names of the open profiles in this folder; `None` if there is no file or it cannot be read.
pub(super) fn read(data_dir: &Path) -> Option<Vec<String>> {
    read_file(data_dir, OPEN)
}

/// Returns the name of the profile on screen in this folder.
pub(super) fn read_shown(data_dir: &Path) -> Option<String> {
    read_file(data_dir, SHOWN)?.into_iter().next()
}

fn read_file(data_dir: &Path, file: &str) -> Option<Vec<String>> {
    let path = data_dir.join(file);
    if fs::metadata(&path).ok()?.len() > MAX_BYTES {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    Some(text.lines().map(str::to_owned).collect())
}

/// Writes the names of the open profiles, and of the one on screen, into the files of this folder. Blocks.
///
/// A crash leaves either the earlier names or the new ones in a file.
///
/// # Errors
/// The folder or a file cannot be written.
pub fn remember_open_profiles(data_dir: &Path, names: &[String], shown: &str) -> io::Result<()> {
    write_file(data_dir, OPEN, names)?;
    write_file(data_dir, SHOWN, &[shown.to_owned()])
}

fn write_file(data_dir: &Path, file: &str, names: &[String]) -> io::Result<()> {
    if read_file(data_dir, file).is_some_and(|known| known == names) {
        return Ok(());
    }
    fs::create_dir_all(data_dir)?;
    // The file is created with mode 0600.
    let mut written = tempfile::NamedTempFile::new_in(data_dir)?;
    for name in names {
        writeln!(written, "{name}")?;
    }
    written.persist(data_dir.join(file)).map_err(|error| error.error)?;
    Ok(())
}
