//! Listing of folders, to complete paths.

use std::fs::{self, DirEntry};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::app::{FolderEntry, FolderListing, FolderRequest};
use crate::text::comparable;

use super::files::expanded;

/// Maximum number of names of a listing.
const MAX_NAMES: usize = 1_000;

/// Maximum number of names that are read. A folder with more is listed in part.
const MAX_READ: usize = 100_000;

/// Time after which no more names are read.
const DEADLINE: Duration = Duration::from_secs(1);

/// Returns the content of a folder. Reads the disk. A folder that cannot be read has no content.
pub(super) fn list(request: FolderRequest, home: Option<&Path>) -> FolderListing {
    let folder = if request.folder.is_empty() { "." } else { &request.folder };
    let started = Instant::now();
    let read = fs::read_dir(expanded(folder, home)).into_iter().flatten().flatten().take(MAX_READ);
    let mut all: Vec<DirEntry> = Vec::new();
    let mut matching: Vec<DirEntry> = Vec::new();
    let prefix = comparable(&request.prefix);
    let (mut is_cut, mut count) = (false, 0_usize);
    for entry in read.take_while(|_| started.elapsed() < DEADLINE) {
        count += 1;
        is_cut |= count > MAX_NAMES;
        // Names that do not begin as wanted are dropped once there are too many.
        let is_wanted = entry.file_name().to_str().is_some_and(|name| comparable(name).starts_with(&prefix));
        let list = if is_wanted { &mut matching } else { &mut all };
        if list.len() < MAX_NAMES {
            list.push(entry);
        }
    }
    is_cut |= count >= MAX_READ || started.elapsed() >= DEADLINE;
    if !is_cut {
        matching.append(&mut all);
    }
    let known =
        matching.into_iter().take_while(|_| started.elapsed() < 2 * DEADLINE).filter_map(|entry| entry_of(&entry));
    let mut entries: Vec<FolderEntry> = known.collect();
    entries.sort_by_cached_key(|entry| (entry.size.is_some(), comparable(&entry.name)));
    FolderListing { request, entries, is_cut }
}

/// Returns a file or folder; `None` for anything that cannot be sent, or whose name cannot be typed.
fn entry_of(entry: &DirEntry) -> Option<FolderEntry> {
    let name = entry.file_name().into_string().ok().filter(|name| !name.contains(char::is_control))?;
    // Links are followed, as they are when the file is sent.
    let metadata = fs::metadata(entry.path()).ok()?;
    let size = metadata.is_file().then_some(metadata.len());
    (metadata.is_dir() || size.is_some()).then_some(FolderEntry { name, size })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(listing: &FolderListing) -> Vec<(&str, Option<u64>)> {
        listing.entries.iter().map(|entry| (entry.name.as_str(), entry.size)).collect()
    }

    fn request(folder: &str, prefix: &str) -> FolderRequest {
        FolderRequest { folder: folder.to_owned(), prefix: prefix.to_owned() }
    }

    #[test]
    fn folders_come_first_and_files_have_sizes() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("z folder")).unwrap();
        fs::write(home.path().join("B.txt"), "12").unwrap();
        fs::write(home.path().join("a.txt"), "").unwrap();
        fs::write(home.path().join("line\nbreak"), "").unwrap();
        let listing = list(request("~/", "x"), Some(home.path()));
        assert_eq!(names(&listing), [("z folder", None), ("a.txt", Some(0)), ("B.txt", Some(2))]);
        assert!(!listing.is_cut);
    }

    #[cfg(unix)]
    #[test]
    fn sockets_and_broken_links_are_left_out() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("file"), "12").unwrap();
        std::os::unix::fs::symlink(home.path().join("file"), home.path().join("link")).unwrap();
        std::os::unix::fs::symlink("nowhere", home.path().join("broken")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(home.path().join("socket")).unwrap();
        let listing = list(request("~/", ""), Some(home.path()));
        assert_eq!(names(&listing), [("file", Some(2)), ("link", Some(2))]);
    }

    #[test]
    fn large_folder_is_listed_by_prefix() {
        let home = tempfile::tempdir().unwrap();
        for number in 0..MAX_NAMES + 5 {
            fs::write(home.path().join(format!("n{number}")), "").unwrap();
        }
        fs::write(home.path().join("Invoice"), "").unwrap();
        let listing = list(request("~/", "inv"), Some(home.path()));
        assert_eq!((names(&listing), listing.is_cut), (vec![("Invoice", Some(0))], true));
        assert_eq!(list(request("~/", ""), Some(home.path())).entries.len(), MAX_NAMES);
    }

    #[test]
    fn folder_that_cannot_be_read_is_empty() {
        assert!(list(request("/nowhere/at/all/", ""), None).entries.is_empty());
    }
}
