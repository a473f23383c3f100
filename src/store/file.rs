//! Opening the database file: locking, permissions, and the check that it is a store of ours. Knows nothing about the
//! data in it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::limits::StepLimit;
use super::location::StoreLocation;
use super::private_file::{OpenMode, PrivateFileError, create_private_dir, open_private_file, restrict_to_owner};
use super::problem::Problem;
use super::schema;

/// Time to wait for another program that has locked the database, such as a backup.
const BUSY_TIMEOUT: Duration = Duration::from_millis(500);

/// The header of SQLite's file format: its first bytes, the offsets of the two numbers that identify the application
/// and its schema version, and its length in bytes.
const MAGIC: &[u8] = b"SQLite format 3\0";
const APPLICATION_ID_OFFSET: usize = 68;
const USER_VERSION_OFFSET: usize = 60;
const HEADER_LEN: usize = 100;

/// An open store.
pub(super) enum Opened {
    /// The connection, and the lock file that makes us the only writer while it is open.
    Writable(Connection, WriterLock),
    /// Another client has locked the store. With a connection that reads it, if that is possible.
    Locked(Option<Connection>),
}

/// The lock that makes us the only writer of a store.
///
/// It is released explicitly: closing the file is not enough while a program that is just being started, on another
/// thread, has inherited it.
pub(super) struct WriterLock(File);

impl Drop for WriterLock {
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::debug!(%error, "the lock is released when its file is closed");
        }
    }
}

/// Opens the store, creates it if it does not exist, and migrates an older one to the current schema.
///
/// # Errors
/// The problem, if the store cannot be used. The file is unchanged then.
pub(super) fn open(location: &StoreLocation, limit: &StepLimit) -> Result<Opened, Problem> {
    let dir = location.file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    create_private_dir(dir).map_err(|error| Problem::from_io(&error, dir))?;
    let lock = open_private(&location.lock_file()).map_err(|error| match error {
        PrivateFileError::Refused(why) => Problem::Refused { file: location.lock_file(), why },
        PrivateFileError::Io(error) => Problem::from_io(&error, dir),
    })?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(Opened::Locked(open_read_only(location, limit).ok())),
        // Without a lock two clients could send the same outbox.
        Err(TryLockError::Error(error)) => return Err(Problem::from_io(&error, &location.lock_file())),
    }
    prepare(&location.file)?;
    let conn = open_writable(location, limit).map_err(|error| match error {
        OpenError::Sqlite(error) => Problem::from_sqlite(&error, &location.file),
        OpenError::Problem(problem) => problem,
    })?;
    Ok(Opened::Writable(conn, WriterLock(lock)))
}

/// Creates the database file if it does not exist; checks the header and corrects the mode of an existing one. The file
/// is closed again before SQLite opens it: closing it later would release the locks of SQLite.
fn prepare(path: &Path) -> Result<(), Problem> {
    let refused = |error: PrivateFileError| Problem::from_private_file(&error, path);
    let file = open_private_file(path, OpenMode::ReadWrite).map_err(refused)?;
    check_header(&file, path)?;
    // SQLite creates the files next to the database with the mode of the database, so the mode must be right first.
    restrict_to_owner(&file).map_err(refused)
}

/// Makes closing `conn` leave the database file unchanged: the content of the write-ahead log stays there.
pub(super) fn skip_checkpoint_on_close(conn: &Connection) {
    let result = conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
    if let Err(error) = result {
        tracing::debug!(%error, "the checkpoint on close cannot be switched off");
    }
}

/// Moves the content of the write-ahead log, where deleted text would stay, into the file. Returns whether the log is
/// empty now: not if another client was reading from it for all of `patience`.
pub(super) fn empty_log(conn: &Connection, patience: Duration) -> rusqlite::Result<bool> {
    conn.busy_timeout(patience)?;
    let is_busy = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    conn.busy_timeout(BUSY_TIMEOUT)?;
    Ok(!is_busy?)
}

enum OpenError {
    Sqlite(rusqlite::Error),
    Problem(Problem),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

fn open_writable(location: &StoreLocation, limit: &StepLimit) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(&location.file, flags)?;
    limit.apply(&mut conn)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    // If the file turns out not to be ours, closing it must not change it.
    skip_checkpoint_on_close(&conn);
    let version = schema_version(&conn, &location.file)?;
    // With these settings `kill -9` loses nothing that was committed; a power cut may lose the last moments.
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    // Private text must not end up in temporary files, and deleted text must not stay in the unused parts of this one.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
    conn.query_row("PRAGMA journal_size_limit = 8388608", [], |_| Ok(()))?;
    // 512 KiB instead of the default 2 MiB: enough for one account, and the difference shows in the program's memory.
    conn.pragma_update(None, "cache_size", -512)?;
    if let Some(pages) = location.max_pages {
        conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
    }
    conn.set_prepared_statement_cache_capacity(64);
    schema::migrate(&mut conn, version)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(conn)
}

/// Opens a store that another client has locked; it also reports the problems of the file.
fn open_read_only(location: &StoreLocation, limit: &StepLimit) -> Result<Connection, OpenError> {
    // Not opened here: closing it would release the locks of a client in this process.
    if !fs::symlink_metadata(&location.file).is_ok_and(|metadata| metadata.is_file()) {
        return Err(OpenError::Problem(Problem::InUse));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(&location.file, flags)?;
    limit.apply(&mut conn)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    if schema_version(&conn, &location.file)? < schema::version() {
        // The other client is just creating or migrating it, or is an older version.
        return Err(OpenError::Problem(Problem::InUse));
    }
    Ok(conn)
}

/// Checks the header of the file before SQLite opens it, because SQLite would create files next to one that is not
/// ours.
fn check_header(mut file: &File, path: &Path) -> Result<(), Problem> {
    let mut header = [0; HEADER_LEN];
    match file.read_exact(&mut header) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            // An empty file is new, or was created and never filled.
            let is_empty = file.metadata().is_ok_and(|metadata| metadata.len() == 0);
            return if is_empty { Ok(()) } else { Err(Problem::Corrupt(path.to_owned())) };
        }
        Err(error) => return Err(Problem::from_io(&error, path)),
    }
    if !header.starts_with(MAGIC) {
        return Err(Problem::Corrupt(path.to_owned()));
    }
    let number = |at: usize| header[at..].first_chunk().map_or(0, |bytes| i64::from(u32::from_be_bytes(*bytes)));
    match (number(APPLICATION_ID_OFFSET), number(USER_VERSION_OFFSET)) {
        (schema::APPLICATION_ID, version) if version > schema::version() => Err(Problem::Newer(path.to_owned())),
        // Zero: the identification of a new store may still be in its write-ahead log.
        (0 | schema::APPLICATION_ID, _) => Ok(()),
        _ => Err(Problem::NotAStore(path.to_owned())),
    }
}

/// Returns the schema version of a store of ours; 0 for a new, empty file.
fn schema_version(conn: &Connection, file: &Path) -> Result<i64, OpenError> {
    // Nothing in the file may call functions with side effects.
    conn.pragma_update(None, "trusted_schema", false)?;
    let number = |name| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application_id, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application_id, version, tables) {
        (0, 0, 0) => Ok(0),
        (schema::APPLICATION_ID, version, _) if version > schema::version() => {
            Err(OpenError::Problem(Problem::Newer(file.to_owned())))
        }
        (schema::APPLICATION_ID, 1.., _) if schema::is_ours(conn, version)? => Ok(version),
        _ => Err(OpenError::Problem(Problem::NotAStore(file.to_owned()))),
    }
}

/// Opens a file that only its owner can access, creating it if necessary. Its mode does not depend on the umask, and
/// the mode of an existing file is corrected.
pub(super) fn open_private(path: &Path) -> Result<File, PrivateFileError> {
    let file = open_private_file(path, OpenMode::ReadWrite)?;
    restrict_to_owner(&file)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: a store that was opened right after it had been closed was reported as in use, if another
    /// thread was just starting a program.
    #[test]
    fn closed_store_is_unlocked_although_a_child_has_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let location = StoreLocation::new(dir.path().join("store.db"));
        let Ok(Opened::Writable(conn, lock)) = open(&location, &StepLimit::default()) else { panic!("it is new") };
        // As between `fork` and `exec`.
        let inherited = lock.0.try_clone().unwrap();
        assert!(matches!(open(&location, &StepLimit::default()), Ok(Opened::Locked(Some(_)))));
        drop((conn, lock));
        assert!(matches!(open(&location, &StepLimit::default()), Ok(Opened::Writable(..))));
        drop(inherited);
    }
}
