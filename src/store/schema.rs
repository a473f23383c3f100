//! The tables of the database, and the migrations from older versions.
//!
//! [`MIGRATIONS`] only ever grows at its end: the `user_version` of a file is the number of migrations it has been
//! through. Each migration runs in one transaction with the update of that number, so a crash leaves the file either
//! before or after it.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, TransactionBehavior};

/// Identifies a file as a store of this program: the letters `MChT`.
pub(super) const APPLICATION_ID: i64 = 0x4d43_6854;

/// The schema version that this program writes.
pub(super) fn version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

const MIGRATIONS: &[&str] = &[VERSION_1, VERSION_2, VERSION_3, VERSION_4, VERSION_5];

/// The first version.
///
/// Rooms have a short integer key, since every message refers to one. A room without `facts` is only known by its id,
/// because a draft or an outbox entry refers to it. A room without an `id` was forgotten, and its messages are about to
/// be deleted.
///
/// Enumerations are stored as the codes of `codes.rs`, times as milliseconds since 1970, and `facts`, `last`, `more`
/// and `body` as the JSON of `record.rs` and `outbox_payload.rs`.
///
/// The first version also had a full-text index, which [`VERSION_3`] removes.
const VERSION_1: &str = "
    CREATE TABLE meta (
        name TEXT PRIMARY KEY NOT NULL,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE people (
        id TEXT PRIMARY KEY NOT NULL,
        facts TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE rooms (
        key INTEGER PRIMARY KEY,
        id TEXT UNIQUE,
        active_at INTEGER NOT NULL DEFAULT 0,
        facts TEXT,
        last TEXT,
        last_id TEXT,
        unread INTEGER NOT NULL DEFAULT 0,
        or_more INTEGER NOT NULL DEFAULT 0,
        read_id TEXT,
        read_at INTEGER
    ) STRICT;

    CREATE TABLE messages (
        key INTEGER PRIMARY KEY,
        room INTEGER NOT NULL,
        id TEXT NOT NULL,
        sent_at INTEGER NOT NULL,
        joined INTEGER NOT NULL,
        author TEXT NOT NULL,
        kind TEXT NOT NULL,
        delivery TEXT NOT NULL,
        flags INTEGER NOT NULL,
        local TEXT,
        text TEXT NOT NULL,
        file TEXT,
        more TEXT
    ) STRICT;
    CREATE UNIQUE INDEX messages_by_id ON messages (room, id);
    CREATE INDEX messages_by_time ON messages (room, sent_at, key);

    CREATE TABLE drafts (
        room INTEGER PRIMARY KEY,
        text TEXT NOT NULL,
        cursor INTEGER NOT NULL,
        about TEXT
    ) STRICT;

    CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY,
        local TEXT NOT NULL UNIQUE,
        room INTEGER NOT NULL,
        body TEXT NOT NULL,
        stage TEXT NOT NULL,
        reason TEXT,
        attempts INTEGER NOT NULL,
        at INTEGER NOT NULL
    ) STRICT;
";

/// Replaces the texts by which version 1 recognised failures and untitled rooms.
///
/// Version 1 stored the cause of some failures as a sentence, and "deleted chat" or "unlisted chat" as the title of
/// rooms that are known only from their outbox entries. Such a room has neither participants nor messages, so a real
/// title is never removed.
const VERSION_2: &str = "
    UPDATE outbox SET stage = 'room_deleted', reason = NULL
        WHERE stage = 'failed' AND reason = 'This chat was deleted.';
    UPDATE outbox SET stage = 'other_account', reason = NULL
        WHERE stage = 'failed' AND reason = 'It was written by another account.';
    UPDATE rooms SET facts = json_remove(facts, '$.title')
        WHERE facts ->> '$.title' IN ('deleted chat', 'unlisted chat') AND facts ->> '$.kind' = 'unsaid'
        AND facts ->> '$.participants' IS NULL AND last IS NULL;
";

/// Removes the full-text index, which doubled the cost of storing a message and kept words of deleted messages.
const VERSION_3: &str = "DROP TABLE IF EXISTS words;";

/// Lets the quotes of a deleted message be found: `quoted` is the id of the message whose text a message repeats.
/// Clears those of messages that were deleted before, and the quotes in the room list, which are never shown.
const VERSION_4: &str = "
    ALTER TABLE messages ADD COLUMN quoted TEXT;
    UPDATE messages SET quoted = iif(json_valid(more), nullif(more ->> '$.quote.id', ''), NULL)
        WHERE more LIKE '%\"quote\"%';
    CREATE INDEX messages_by_quoted ON messages (room, quoted) WHERE quoted IS NOT NULL;
    UPDATE messages SET more = json_set(more, '$.quote.text', ''), quoted = NULL
        WHERE quoted IS NOT NULL AND EXISTS (
            SELECT 1 FROM messages AS original
            WHERE original.room = messages.room AND original.id = messages.quoted AND original.flags & 2);
    UPDATE rooms SET last = iif(json_valid(last), json_remove(last, '$.quote'), NULL) WHERE last LIKE '%\"quote\"%';
";

/// Stores how many of the unread messages of a room mention the user.
const VERSION_5: &str = "ALTER TABLE rooms ADD COLUMN mentions INTEGER NOT NULL DEFAULT 0;";

/// Whether the tables of a file of `version` are ours. A file prepared by an attacker may contain triggers, or views in
/// place of tables, which would run its SQL whenever a message is stored.
pub(super) fn is_ours(conn: &Connection, version: i64) -> rusqlite::Result<bool> {
    let mut empty = Connection::open_in_memory()?;
    run(&mut empty, 0, version)?;
    let (expected, found) = (Objects::read(&empty)?, Objects::read(conn)?);
    Ok(expected.tables.is_subset(&found.tables) && expected.indexes == found.indexes && found.programs == 0)
}

/// The objects of a database.
struct Objects {
    /// The definitions of its tables.
    tables: BTreeSet<String>,
    /// The definitions of its indexes. They may contain expressions.
    indexes: BTreeSet<String>,
    /// Number of views and triggers.
    programs: usize,
}

impl Objects {
    fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let mut select = conn.prepare("SELECT type, sql FROM sqlite_schema")?;
        let mut rows = select.query([])?;
        let mut objects = Self { tables: BTreeSet::new(), indexes: BTreeSet::new(), programs: 0 };
        while let Some(row) = rows.next()? {
            let (kind, sql): (String, Option<String>) = (row.get(0)?, row.get(1)?);
            match kind.as_str() {
                // An index that belongs to a constraint has no definition.
                "table" => objects.tables.extend(sql.map(|sql| collapse_whitespace(&sql))),
                "index" => objects.indexes.extend(sql.map(|sql| collapse_whitespace(&sql))),
                _ => objects.programs += 1,
            }
        }
        Ok(objects)
    }
}

/// The definitions keep the whitespace of the program that created them.
fn collapse_whitespace(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs the migrations that a file of `version` has not been through.
pub(super) fn migrate(conn: &mut Connection, version: i64) -> rusqlite::Result<()> {
    run(conn, version, self::version())?;
    if (1..3).contains(&version) {
        // The index may have been half of the file.
        compact(conn);
    }
    Ok(())
}

fn run(conn: &mut Connection, from: i64, to: i64) -> rusqlite::Result<()> {
    let number = |version| usize::try_from(version).unwrap_or(0);
    for (index, migration) in MIGRATIONS.iter().enumerate().take(number(to)).skip(number(from)) {
        let transaction = Transaction::new(conn, TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", i64::try_from(index + 1).unwrap_or(i64::MAX))?;
        transaction.commit()?;
    }
    Ok(())
}

/// Removes the unused pages from the file. Only its size depends on this, so an error is only logged.
pub(super) fn compact(conn: &Connection) {
    if let Err(error) = conn.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "the store could not be compacted");
    }
}
