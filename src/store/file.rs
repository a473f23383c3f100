//! The file: whose it is, who may read it, and whether it is one of ours. Knows nothing of what is in it.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::location::StoreLocation;
use super::problem::Problem;
use super::{schema, search};

/// How long to wait for somebody else who holds the file, such as a backup.
const BUSY: Duration = Duration::from_millis(500);

/// The header of SQLite's file format: how it begins, where the application and its version stand, and its length.
const MAGIC: &[u8] = b"SQLite format 3\0";
const APPLICATION_AT: usize = 68;
const VERSION_AT: usize = 60;
const HEADER: usize = 100;

/// A file that is open.
pub(super) enum Opened {
    /// It is ours to write, as long as the lock is held.
    Writing(Connection, File),
    /// Another client has it.
    Reading(Connection),
}

/// Opens the store, makes it where there is none, and brings an older one up to date.
///
/// # Errors
/// What is amiss. Nothing was changed then.
pub(super) fn open(place: &StoreLocation) -> Result<Opened, Problem> {
    let dir = place.file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let lock = make_dir(dir).and_then(|()| private(&place.lock())).map_err(|error| Problem::of_system(&error, dir))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return read(place).map(Opened::Reading),
        // Without a lock two clients could send one outbox.
        Err(TryLockError::Error(error)) => return Err(Problem::of_system(&error, &place.lock())),
    }
    glance(&place.file)?;
    // SQLite gives the files beside it the mode of the database, so that has to be right before there are any.
    private(&place.file).map_err(|error| Problem::of_system(&error, &place.file))?;
    let conn = write(place).map_err(|error| match error {
        Refusal::Sqlite(error) => Problem::of_sqlite(&error, &place.file),
        Refusal::Problem(problem) => problem,
    })?;
    Ok(Opened::Writing(conn, lock))
}

/// Leaves the file as it is now: what lies in the `-wal` beside it stays there.
pub(super) fn leave_alone(conn: &Connection) {
    let left = conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
    if let Err(error) = left {
        tracing::debug!(%error, "the store will be tidied up on leaving it");
    }
}

enum Refusal {
    Sqlite(rusqlite::Error),
    Problem(Problem),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

fn write(place: &StoreLocation) -> Result<Connection, Refusal> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(&place.file, flags)?;
    conn.busy_timeout(BUSY)?;
    // Until we know that it is ours.
    leave_alone(&conn);
    let seen = whose(&conn, &place.file)?;
    // A private text must not end up in a temporary file, nor what was deleted in the gaps of this one. After a power cut
    // the last moments may be missing; after `kill -9` nothing is.
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.query_row("PRAGMA secure_delete = FAST", [], |_| Ok(()))?;
    conn.query_row("PRAGMA journal_size_limit = 8388608", [], |_| Ok(()))?;
    // Half a MiB of pages is plenty for one chat; the usual two are seen in the program's size.
    conn.pragma_update(None, "cache_size", -512)?;
    if let Some(pages) = place.pages {
        conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
    }
    conn.set_prepared_statement_cache_capacity(64);
    schema::migrate(&mut conn, seen)?;
    search::teach(&conn)?;
    conn.execute_batch(schema::TRIGGERS)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(conn)
}

fn read(place: &StoreLocation) -> Result<Connection, Problem> {
    let open = || -> Result<Connection, Refusal> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(&place.file, flags)?;
        conn.busy_timeout(BUSY)?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        if whose(&conn, &place.file)? < schema::version() {
            // The other client is about to make it.
            return Err(Refusal::Problem(Problem::InUse));
        }
        Ok(conn)
    };
    // Whatever is amiss with a file that somebody else has is theirs to say.
    open().map_err(|_| Problem::InUse)
}

/// Looks at the header of a file, so that one that is not for us is not even opened: that would leave files beside it.
fn glance(file: &Path) -> Result<(), Problem> {
    let mut header = [0; HEADER];
    let read = File::open(file).and_then(|mut file| file.read_exact(&mut header));
    match read {
        Ok(()) => {}
        // None yet, or one that was made and never filled.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            let empty = fs::metadata(file).is_ok_and(|facts| facts.len() == 0);
            return if empty { Ok(()) } else { Err(Problem::Corrupt(file.to_owned())) };
        }
        Err(error) => return Err(Problem::of_system(&error, file)),
    }
    if !header.starts_with(MAGIC) {
        return Err(Problem::Corrupt(file.to_owned()));
    }
    let number = |at: usize| header[at..].first_chunk().map_or(0, |bytes| i64::from(u32::from_be_bytes(*bytes)));
    match (number(APPLICATION_AT), number(VERSION_AT)) {
        (schema::APPLICATION, seen) if seen > schema::version() => Err(Problem::Newer(file.to_owned())),
        // What is new may still lie in the file beside it.
        (0 | schema::APPLICATION, _) => Ok(()),
        _ => Err(Problem::Foreign(file.to_owned())),
    }
}

/// How many steps of the schema a file of ours has seen.
fn whose(conn: &Connection, file: &Path) -> Result<i64, Refusal> {
    let number = |name| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, seen) = (number("application_id")?, number("user_version")?);
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, seen, tables) {
        (0, 0, 0) => Ok(0),
        (schema::APPLICATION, seen, _) if seen > schema::version() => {
            Err(Refusal::Problem(Problem::Newer(file.to_owned())))
        }
        (schema::APPLICATION, 1.., _) => Ok(seen),
        _ => Err(Refusal::Problem(Problem::Foreign(file.to_owned()))),
    }
}

/// A folder for its owner alone. One that is there already is somebody's choice.
fn make_dir(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(dir)
}

/// A file for its owner alone, made if there is none, whatever the umask is and whatever its mode was.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = options.mode(0o600).open(path)?;
        if file.metadata()?.permissions().mode() & 0o777 != 0o600 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}
