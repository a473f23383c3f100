//! The tables of the database, and the migrations from older versions.
//!
//! [`MIGRATIONS`] only ever grows at its end: the `user_version` of a file is the number of migrations it has been
//! through. Each migration runs in one transaction with the update of that number, so a crash leaves the file either
//! before or after it. A column may be added without a new version only if older versions of the program can ignore it.

use rusqlite::{Connection, Transaction, TransactionBehavior};

/// Identifies a file as a store of this program: the letters `MChT`.
pub(super) const APPLICATION_ID: i64 = 0x4d43_6854;

/// The schema version that this program writes.
pub(super) fn version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

const MIGRATIONS: &[&str] = &[VERSION_1, VERSION_2];

/// The first version.
///
/// Rooms have a short integer key, since every message refers to one. A room without `facts` is only known by its id,
/// because a draft or an outbox entry refers to it. A room without an `id` was forgotten, and its messages are about to
/// be deleted.
///
/// Enumerations are stored as the codes of `codes.rs`, times as milliseconds since 1970, and `facts`, `last`, `more` and
/// `body` as the JSON of `record.rs` and `outbox_payload.rs`. `words` is a full-text index without the text itself.
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

    CREATE VIRTUAL TABLE words USING fts5 (
        body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
    );
";

/// Recognised things by cause that version 1 recognised by their text.
///
/// Version 1 stored the cause of some failures as a sentence, and "deleted chat" or "unlisted chat" as the title of rooms
/// that are known only from their outbox entries. Such a room has neither participants nor messages, so a real title is
/// never removed.
const VERSION_2: &str = "
    UPDATE outbox SET stage = 'room_deleted', reason = NULL
        WHERE stage = 'failed' AND reason = 'This chat was deleted.';
    UPDATE outbox SET stage = 'other_account', reason = NULL
        WHERE stage = 'failed' AND reason = 'It was written by another account.';
    UPDATE rooms SET facts = json_remove(facts, '$.title')
        WHERE facts ->> '$.title' IN ('deleted chat', 'unlisted chat') AND facts ->> '$.kind' = 'unsaid'
        AND facts ->> '$.participants' IS NULL AND last IS NULL;
";

/// Creates the triggers that keep the full-text index in step with the messages. They exist for one connection only, so
/// `index_text` can change without a migration.
pub(super) const CREATE_TRIGGERS: &str = "
    CREATE TEMP TRIGGER words_insert AFTER INSERT ON main.messages WHEN new.text <> '' OR new.file <> '' BEGIN
        INSERT INTO words (rowid, body) VALUES (new.key, index_text(new.text, new.file));
    END;
    CREATE TEMP TRIGGER words_delete AFTER DELETE ON main.messages BEGIN
        DELETE FROM words WHERE rowid = old.key;
    END;
    CREATE TEMP TRIGGER words_update AFTER UPDATE OF text, file ON main.messages
        WHEN new.text IS NOT old.text OR new.file IS NOT old.file BEGIN
        DELETE FROM words WHERE rowid = old.key;
        INSERT INTO words (rowid, body)
            SELECT new.key, index_text(new.text, new.file) WHERE new.text <> '' OR new.file <> '';
    END;
";

/// Removes the triggers while all messages are deleted at once.
pub(super) const DROP_TRIGGERS: &str =
    "DROP TRIGGER words_insert; DROP TRIGGER words_delete; DROP TRIGGER words_update;";

/// Runs the migrations that a file of `version` has not been through.
pub(super) fn migrate(conn: &mut Connection, version: i64) -> rusqlite::Result<()> {
    let done = usize::try_from(version).unwrap_or(0);
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(done) {
        let transaction = Transaction::new(conn, TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", i64::try_from(index + 1).unwrap_or(i64::MAX))?;
        transaction.commit()?;
    }
    Ok(())
}
