//! Pictures that were fetched: files in the folder of the account, or a few in memory if nothing may be stored.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use crate::runtime::clock::{Clock, SystemClock};
use crate::store::{ForgottenFiles, create_private_dir};

/// Maximum size of all files together, in bytes. Beyond it, those that were not used for the longest time are removed.
const MAX_DISK: u64 = 64 << 20;

/// Maximum size of all pictures in memory, in bytes.
const MAX_MEMORY: usize = 16 << 20;

/// Pictures that were fetched, by their addresses. Shared by the threads that fetch them, and by the thread of the
/// store, which knows of deleted messages.
#[derive(Debug, Default)]
pub struct PictureCache {
    place: Place,
    fetches: Mutex<Fetches>,
}

#[derive(Debug)]
enum Place {
    /// In a folder.
    Disk(PathBuf),
    /// In memory, the oldest first.
    Memory(Mutex<VecDeque<(String, Arc<[u8]>)>>),
}

impl Default for Place {
    fn default() -> Self {
        Self::Memory(Mutex::default())
    }
}

/// Pictures that are being fetched.
#[derive(Debug, Default)]
struct Fetches {
    /// Number of the next one.
    next: u64,
    /// The number and the address of each that is to be kept.
    wanted: Vec<(u64, String)>,
}

/// A picture that is being fetched. It is not kept if it is removed from the cache meanwhile.
pub(super) struct Fetch<'a> {
    cache: &'a PictureCache,
    number: u64,
}

impl Fetch<'_> {
    /// Keeps the picture.
    pub(super) fn keep(self, bytes: Vec<u8>) -> io::Result<()> {
        // Locked until the picture is in its place, so that it is removed before or after that.
        let fetches = self.cache.fetches();
        match fetches.wanted.iter().find(|(number, _)| *number == self.number) {
            Some((_, url)) => self.cache.place.put(url, bytes),
            None => Ok(()),
        }
    }
}

impl Drop for Fetch<'_> {
    fn drop(&mut self) {
        self.cache.fetches().wanted.retain(|(number, _)| *number != self.number);
    }
}

impl PictureCache {
    /// Creates a cache in `folder`, or without one in memory.
    pub(in crate::runtime) fn new(folder: Option<PathBuf>) -> Self {
        Self { place: folder.map_or_else(Place::default, Place::Disk), fetches: Mutex::default() }
    }

    /// Returns a picture.
    pub(super) fn get(&self, url: &str) -> Option<Arc<[u8]>> {
        self.place.get(url)
    }

    /// Begins to fetch a picture.
    pub(super) fn fetch(&self, url: &str) -> Fetch<'_> {
        let mut fetches = self.fetches();
        let number = fetches.next;
        fetches.next += 1;
        fetches.wanted.push((number, url.to_owned()));
        Fetch { cache: self, number }
    }

    /// Removes pictures, also those that are being fetched.
    pub(in crate::runtime) fn remove(&self, pictures: &ForgottenFiles) {
        let mut fetches = self.fetches();
        match pictures {
            ForgottenFiles::At(urls) => fetches.wanted.retain(|(_, url)| !urls.contains(url)),
            ForgottenFiles::All => fetches.wanted.clear(),
        }
        self.place.remove(pictures);
    }

    fn fetches(&self) -> MutexGuard<'_, Fetches> {
        self.fetches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    fn get(&self, url: &str) -> Option<Arc<[u8]>> {
        match self {
            Self::Disk(folder) => {
                let path = path_of(folder, url);
                let bytes = fs::read(&path).ok()?;
                // The time of its last use; without it the picture is removed earlier.
                let millis = u64::try_from(SystemClock.now().0).unwrap_or(0);
                let now = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
                let _ = File::options().append(true).open(&path).and_then(|file| file.set_modified(now));
                Some(bytes.into())
            }
            Self::Memory(pictures) => {
                let pictures = pictures.lock().unwrap_or_else(PoisonError::into_inner);
                pictures.iter().find(|(known, _)| known == url).map(|(_, bytes)| Arc::clone(bytes))
            }
        }
    }

    fn put(&self, url: &str, bytes: Vec<u8>) -> io::Result<()> {
        match self {
            Self::Disk(folder) => {
                create_private_dir(folder)?;
                // Nobody ever sees half a file.
                let mut file = tempfile::NamedTempFile::new_in(folder)?;
                file.write_all(&bytes)?;
                file.persist(path_of(folder, url))?;
                remove_oldest(folder, MAX_DISK)
            }
            Self::Memory(pictures) => {
                let mut pictures = pictures.lock().unwrap_or_else(PoisonError::into_inner);
                pictures.retain(|(known, _)| known != url);
                pictures.push_back((url.to_owned(), bytes.into()));
                while pictures.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > MAX_MEMORY {
                    pictures.pop_front();
                }
                Ok(())
            }
        }
    }

    fn remove(&self, pictures: &ForgottenFiles) {
        match (self, pictures) {
            (Self::Disk(folder), ForgottenFiles::At(urls)) => {
                urls.iter().for_each(|url| remove_file(&path_of(folder, url)));
            }
            (Self::Disk(folder), ForgottenFiles::All) => {
                let entries = fs::read_dir(folder).into_iter().flatten().flatten();
                entries.for_each(|entry| remove_file(&entry.path()));
            }
            (Self::Memory(kept), _) => kept
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .retain(|(url, _)| matches!(pictures, ForgottenFiles::At(urls) if !urls.contains(url))),
        }
    }
}

fn remove_file(path: &Path) {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, file = %path.display(), "a picture of a deleted message cannot be removed");
        }
        Ok(()) | Err(_) => {}
    }
}

/// Returns the file of a picture. Its name tells nothing about the address.
fn path_of(folder: &Path, url: &str) -> PathBuf {
    folder.join(format!("{:x}", Sha256::digest(url)))
}

/// Removes files until they have at most `most` bytes together.
pub(super) fn remove_oldest(folder: &Path, most: u64) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        files.push((metadata.modified()?, metadata.len(), entry.path()));
    }
    files.sort();
    let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
    for (_, length, path) in files {
        if total <= most {
            break;
        }
        fs::remove_file(path)?;
        total -= length;
    }
    Ok(())
}
