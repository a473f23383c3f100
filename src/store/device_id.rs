//! The id of this device: a random number in a file next to the database.
//!
//! A service that registers devices recognises this one by the id at every start. The database itself is opened on
//! another thread and may be locked by another client, while the id is needed for the first sign-in.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use super::file::open_private;
use super::location::StoreLocation;
use super::private_file::create_private_dir;
use super::private_file::{OpenMode, PrivateFileError, open_private_file};

/// Length of the file in bytes: a UUID in hexadecimal with hyphens, and a newline.
const LEN: u64 = 37;

impl StoreLocation {
    /// Returns the device id of this store, a UUID. Writes `new` if there is none yet, or if the file was damaged.
    ///
    /// Another account has another file, so two of them never have the same id.
    ///
    /// # Errors
    /// If the file cannot be read or written.
    pub fn device_id(&self, new: &str) -> io::Result<String> {
        let path = self.device_file();
        if let Some(id) = read(&path)? {
            return Ok(id);
        }
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        create_private_dir(dir)?;
        // Written under another name first: a second client that starts now finds a complete file or none.
        let unfinished = path.with_extension(format!("device-{}", std::process::id()));
        let mut file = open_private(&unfinished)?;
        file.set_len(0)?;
        writeln!(file, "{new}")?;
        file.sync_all()?;
        let linked = fs::hard_link(&unfinished, &path);
        let outcome = match linked {
            Ok(()) => Ok(new.to_owned()),
            // The other client was faster, or the file is damaged.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match read(&path)? {
                Some(id) => Ok(id),
                None => fs::rename(&unfinished, &path).map(|()| new.to_owned()),
            },
            // Some file systems have no links.
            Err(_) => fs::rename(&unfinished, &path).map(|()| new.to_owned()),
        };
        // After a rename it does not exist any more.
        drop(fs::remove_file(&unfinished));
        outcome
    }
}

/// Returns the id in the file; `None` if there is no file or no id in it.
fn read(path: &Path) -> io::Result<Option<String>> {
    match open_private_file(path, OpenMode::Read) {
        Ok(file) => Ok(parse(file)),
        Err(PrivateFileError::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn parse(file: File) -> Option<String> {
    let mut text = String::new();
    file.take(LEN + 1).read_to_string(&mut text).ok()?;
    let id = text.trim_end();
    let is_hyphen = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, byte): (usize, u8)| if is_hyphen(at) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    (id.len() == 36 && id.bytes().enumerate().all(fits)).then(|| id.to_owned())
}
