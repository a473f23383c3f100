//! The file with the names of the profiles that are open, so that the next start opens the same ones.
//!
//! It lies beside the stores and is only used by those who have several profiles. Names are one on a line.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Name of the file within the data folder.
const FILE: &str = "open-profiles";

/// Maximum number of bytes that are read. A longer file was not written by this program.
const MAX_BYTES: u64 = 64 << 10;

/// Returns the names in the file of this folder; `None` if there is none or it cannot be read.
pub(super) fn read(data_dir: &Path) -> Option<Vec<String>> {
    let path = data_dir.join(FILE);
    if fs::metadata(&path).ok()?.len() > MAX_BYTES {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    Some(text.lines().map(str::to_owned).collect())
}

/// Writes the names into the file of this folder, in the place of the earlier ones. Blocks.
///
/// A crash leaves either the earlier names or the new ones.
///
/// # Errors
/// The folder or the file cannot be written.
pub fn remember_open_profiles(data_dir: &Path, names: &[String]) -> io::Result<()> {
    let is_unchanged = read(data_dir).is_some_and(|known| known == names);
    if is_unchanged {
        return Ok(());
    }
    fs::create_dir_all(data_dir)?;
    // The file is created with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(data_dir)?;
    for name in names {
        writeln!(file, "{name}")?;
    }
    file.persist(data_dir.join(FILE)).map_err(|error| error.error)?;
    Ok(())
}
