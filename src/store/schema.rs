//! The tables, and how an older file becomes a newer one.
//!
//! `STEPS` only ever grows at its end: a file's `user_version` is the number of steps that were done to it. A step runs
//! in a transaction with its number, so that a crash in between leaves the file before it or after it. Columns are added
//! without a step of their own only if older versions can do without.

use rusqlite::{Connection, Transaction, TransactionBehavior};

/// `MChT`: says whose file it is.
pub(super) const APPLICATION: i64 = 0x4d43_6854;

/// The version of the files that this program writes.
pub(super) fn version() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

const STEPS: &[&str] = &[FIRST];

/// Rooms have a small number of their own, since every message names one. A room without `facts` is only known by name,
/// for a draft or a send; one without an `id` was forgotten, and its messages are on their way out.
///
/// Enumerations are the words of `codes.rs`, times are milliseconds since 1970, `facts`, `last`, `more` and `body` are
/// the JSON of `record.rs` and `what.rs`. `words` holds no text, only the index.
const FIRST: &str = "
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

/// Keep the index in step with the messages, whoever changes them. Made again at each opening, so that `words_of` may
/// change without a step.
pub(super) const TRIGGERS: &str = "
    CREATE TEMP TRIGGER words_in AFTER INSERT ON main.messages WHEN new.text <> '' OR new.file <> '' BEGIN
        INSERT INTO words (rowid, body) VALUES (new.key, words_of(new.text, new.file));
    END;
    CREATE TEMP TRIGGER words_out AFTER DELETE ON main.messages BEGIN
        DELETE FROM words WHERE rowid = old.key;
    END;
    CREATE TEMP TRIGGER words_anew AFTER UPDATE OF text, file ON main.messages
        WHEN new.text IS NOT old.text OR new.file IS NOT old.file BEGIN
        DELETE FROM words WHERE rowid = old.key;
        INSERT INTO words (rowid, body) SELECT new.key, words_of(new.text, new.file) WHERE new.text <> '' OR new.file <> '';
    END;
";

/// Takes the triggers away, for the time in which everything is deleted at once.
pub(super) const NO_TRIGGERS: &str = "DROP TRIGGER words_in; DROP TRIGGER words_out; DROP TRIGGER words_anew;";

/// Does the steps that `conn` has not seen.
pub(super) fn migrate(conn: &mut Connection, seen: i64) -> rusqlite::Result<()> {
    let done = usize::try_from(seen).unwrap_or(0);
    for (index, step) in STEPS.iter().enumerate().skip(done) {
        let change = Transaction::new(conn, TransactionBehavior::Immediate)?;
        change.execute_batch(step)?;
        change.pragma_update(None, "application_id", APPLICATION)?;
        change.pragma_update(None, "user_version", i64::try_from(index + 1).unwrap_or(i64::MAX))?;
        change.commit()?;
    }
    Ok(())
}
