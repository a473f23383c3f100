//! The path of an exported file.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use directories::UserDirs;
use tempfile::NamedTempFile;

use crate::app::ExportTarget;

use super::super::files::expanded;

/// Maximum length of a file name that is made from the title of a room, in characters.
const MAX_NAME: usize = 80;

/// Maximum number of files with the same name.
const MAX_SAME: u32 = 1_000;

/// Returns the path for an export: the one that was typed, or a new file named after the room, in the typed folder or
/// in the user's folder for downloads. Fails with a sentence.
pub(super) fn choose(target: &ExportTarget, home: Option<&Path>) -> Result<PathBuf, String> {
    let name = || format!("{}.{}", file_name(&target.name), target.format.extension());
    let path = match target.path.as_deref() {
        Some(typed) => {
            let path = std::path::absolute(expanded(typed, home)).unwrap_or_else(|_| expanded(typed, home));
            if !typed.ends_with('/') && !path.is_dir() { path } else { free_path(&path.join(name())) }
        }
        None => {
            let folder = downloads(home).or_else(|| home.map(Path::to_owned));
            let folder = folder.ok_or("There is no home folder. Type a path after the format.")?;
            free_path(&folder.join(name()))
        }
    };
    if !folder_of(&path).is_dir() {
        return Err(format!("There is no folder {}. Create it, or type another path.", folder_of(&path).display()));
    }
    if path.exists() && !path.is_file() {
        return Err(format!("{} is not a regular file. Type another path.", path.display()));
    }
    // A link is not replaced by a file, but its target is.
    Ok(path.canonicalize().unwrap_or(path))
}

/// Returns the user's folder for downloads, if it exists.
fn downloads(home: Option<&Path>) -> Option<PathBuf> {
    let configured = UserDirs::new().and_then(|dirs| dirs.download_dir().map(Path::to_owned));
    let usual = home.map(|home| home.join("Downloads"));
    configured.into_iter().chain(usual).find(|folder| folder.is_dir())
}

/// Returns the folder of a file.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    path.parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// Returns the title of a room as the name of a file: no folders, no hidden file.
fn file_name(title: &str) -> String {
    let plain = |c: char| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { ' ' } else { c };
    let name: String = title.chars().map(plain).take(MAX_NAME).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_start_matches('.').trim();
    if name.is_empty() { "room".to_owned() } else { name.to_owned() }
}

/// Returns the paths to try for a new file: `a.txt`, `a-2.txt`, …
fn candidates(path: &Path) -> impl Iterator<Item = PathBuf> {
    let (stem, extension) = (path.file_stem().unwrap_or_default(), path.extension());
    (1..MAX_SAME).map(move |number| {
        if number == 1 {
            return path.to_owned();
        }
        let mut name = stem.to_owned();
        name.push(format!("-{number}"));
        if let Some(extension) = extension {
            name.push(".");
            name.push(extension);
        }
        path.with_file_name(name)
    })
}

/// Returns the first path that no file has.
fn free_path(path: &Path) -> PathBuf {
    candidates(path).find(|path| std::fs::symlink_metadata(path).is_err()).unwrap_or_else(|| path.to_owned())
}

/// Gives a temporary file its name, or a similar one if another program has created a file with that name meanwhile.
pub(super) fn persist_new(mut file: NamedTempFile, path: &Path) -> io::Result<PathBuf> {
    for path in candidates(path) {
        match file.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => file = error.file,
            Err(error) => return Err(error.error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}
