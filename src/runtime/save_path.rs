//! The path of a file that is to be saved: an exported room, or the file of a message.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use directories::UserDirs;
use tempfile::NamedTempFile;

use super::files::expanded;

/// Maximum length of a file name that others have chosen, in characters.
const MAX_NAME: usize = 80;

/// Maximum length of such a name in bytes, of which file systems permit 255. A number is added to the name if need be.
const MAX_NAME_BYTES: usize = 200;

/// Maximum number of files with the same name.
const MAX_SAME: u32 = 1_000;

/// Returns the sentence about a file that cannot be written.
pub(super) fn not_written(path: &Path, error: &io::Error) -> String {
    format!("{} cannot be written: {error}. Free some space, or choose another path.", path.display())
}

/// Returns the path for a file that is to be saved: the one that was typed, or a new one with this name, in the typed
/// folder or in the user's folder for downloads. Fails with a sentence. Reads the disk.
pub(super) fn choose(typed: Option<&str>, name: &str, home: Option<&Path>) -> Result<PathBuf, String> {
    let path = match typed {
        Some(typed) => {
            let path = std::path::absolute(expanded(typed, home)).unwrap_or_else(|_| expanded(typed, home));
            if !typed.ends_with('/') && !path.is_dir() { path } else { free_path(&path.join(file_name(name))) }
        }
        None => suggest(name, home)?,
    };
    if !folder_of(&path).is_dir() {
        return Err(format!("There is no folder {}. Create it, or type another path.", folder_of(&path).display()));
    }
    match path.metadata() {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Err(format!("{} is not a regular file. Type another path.", path.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        // A name that is too long, for example, would fail only after the download.
        Err(error) => return Err(format!("{} cannot be written: {error}. Type another path.", path.display())),
    }
    // A link is not replaced by a file, but its target is.
    Ok(path.canonicalize().unwrap_or(path))
}

/// Returns a path that no file has, with this name in the user's folder for downloads. Reads the disk.
pub(super) fn suggest(name: &str, home: Option<&Path>) -> Result<PathBuf, String> {
    let folder = downloads(home).or_else(|| home.map(Path::to_owned));
    let folder = folder.ok_or("There is no home folder. Type a path.")?;
    Ok(free_path(&folder.join(file_name(name))))
}

/// Returns a path as the user would type it.
pub(super) fn shown(path: &Path, home: Option<&Path>) -> String {
    let below = home.and_then(|home| path.strip_prefix(home).ok()).filter(|below| !below.as_os_str().is_empty());
    below.map_or_else(|| path.display().to_string(), |below| format!("~/{}", below.display()))
}

/// Returns the user's folder for downloads, if it exists.
fn downloads(home: Option<&Path>) -> Option<PathBuf> {
    let configured = UserDirs::new().and_then(|dirs| dirs.download_dir().map(Path::to_owned));
    let usual = home.map(|home| home.join("Downloads"));
    configured.into_iter().chain(usual).find(|folder| folder.is_dir())
}

/// Returns the folder of a file.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Returns a title or a name from others as the name of a file: no folders, no hidden file.
fn file_name(title: &str) -> String {
    let plain = |c: char| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { ' ' } else { c };
    let name: String = title.chars().map(plain).collect();
    // The end is kept, because it tells the type.
    let surplus = name.chars().count().saturating_sub(MAX_NAME);
    let name: String = name.chars().skip(surplus).collect();
    let name = &name[name.ceil_char_boundary(name.len().saturating_sub(MAX_NAME_BYTES))..];
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    // A hidden file could change how programs behave, such as a shell.
    let name = name.trim_start_matches(['.', ' ']);
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
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
pub(super) fn free_path(path: &Path) -> PathBuf {
    let is_free = |path: &PathBuf| path.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
    candidates(path).find(is_free).unwrap_or_else(|| path.to_owned())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_from_others_fits_every_file_system() {
        for (title, name) in [("../a:b.txt", "a b.txt"), ("", "file"), (".profile", "profile"), ("\u{7}", "file")] {
            assert_eq!(file_name(title), name);
        }
        for hidden in ["../.x", ". .x", "./ .x", " .x", "..\u{7}.x", "\u{3000}.x", ".\u{a0}.x", "../../.x"] {
            assert_eq!(file_name(hidden), "x", "{hidden:?}");
        }
        for c in ["x", "é", "漢", "🦀"] {
            let name = file_name(&format!("{}.txt", c.repeat(300)));
            assert!(name.ends_with(&format!("{c}.txt")) && name.chars().count() <= MAX_NAME, "{name}");
            assert!(name.len() + "-1000".len() <= 255, "{} bytes", name.len());
        }
    }

    /// Regression test: a name that is too long was taken for a free one, and the file was downloaded in vain.
    #[test]
    fn path_that_cannot_be_written_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let choose = |name: &str| choose(Some(&folder.path().join(name).display().to_string()), "a.txt", None);
        assert!(choose("b.txt").is_ok());
        let refusal = choose(&"🦀".repeat(80)).unwrap_err();
        assert!(refusal.contains("cannot be written") && refusal.ends_with("Type another path."), "{refusal}");
        assert!(choose("none/b.txt").unwrap_err().contains("There is no folder"));
    }

    #[test]
    fn name_of_a_new_file_gets_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        assert_eq!(free_path(&path), path);
        std::fs::write(&path, "").unwrap();
        assert_eq!(free_path(&path), folder.path().join("a-2.txt"));
    }
}
