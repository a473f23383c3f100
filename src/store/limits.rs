//! Limits on what a store may cost, whatever another program has put into its file.

use std::ffi::c_int;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, Row, Rows};

/// Maximum size of a stored value in bytes. Larger than any message that the client accepts.
const MAX_VALUE_BYTES: c_int = 16 << 20;

/// Maximum number of rooms that are loaded at the start. The server's list brings the others back.
pub(super) const MAX_LOADED_ROOMS: u32 = 20_000;

/// Maximum number of people that are loaded at the start.
pub(super) const MAX_LOADED_PEOPLE: u32 = 50_000;

/// Maximum number of drafts, and of outbox entries, that are loaded at the start.
pub(super) const MAX_LOADED_UNSENT: u32 = 10_000;

/// Maximum size of everything of one kind that is loaded at the start, in bytes as stored: rooms, people, messages,
/// drafts and outbox entries.
pub(super) const MAX_LOADED_BYTES: usize = 32 << 20;

/// Maximum size of the texts of one page of messages, in bytes. Further messages are on the next page.
pub(super) const MAX_PAGE_BYTES: usize = 16 << 20;

/// Number of steps of SQLite's virtual machine between two checks.
const CHECK_INTERVAL: c_int = 1_000_000;

/// Maximum number of checks in one round of work: several seconds of computing. Compacting a store takes about 14 steps
/// for each message, so 30 million messages are possible. Waiting for a slow disk does not count.
const MAX_CHECKS: u32 = 500;

/// Interrupts statements that compute for too long. Clones share one count.
#[derive(Debug, Clone, Default)]
pub(super) struct StepLimit {
    checks: Arc<AtomicU32>,
}

impl StepLimit {
    /// Starts a round of work.
    pub(super) fn restart(&self) {
        self.checks.store(0, Ordering::Relaxed);
    }

    /// Limits the size of values and the steps of statements. A statement beyond a limit fails with
    /// [`TooBig`](rusqlite::ErrorCode::TooBig) or [`OperationInterrupted`](rusqlite::ErrorCode::OperationInterrupted).
    /// Foreign keys, which only a table of another program has, are ignored.
    pub(super) fn apply(&self, conn: &mut Connection) -> rusqlite::Result<()> {
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false)?;
        conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)?;
        let checks = Arc::clone(&self.checks);
        conn.progress_handler(CHECK_INTERVAL, Some(move || checks.fetch_add(1, Ordering::Relaxed) >= MAX_CHECKS))
    }
}

/// Reads rows until their sizes, which are in column `size`, exceed [`MAX_LOADED_BYTES`].
pub(super) fn read_within_limits<T>(
    mut rows: Rows<'_>,
    size: usize,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let (mut items, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        bytes += usize::try_from(row.get::<_, u32>(size)?).unwrap_or(usize::MAX);
        if bytes > MAX_LOADED_BYTES {
            tracing::warn!(loaded = items.len(), "the store holds more than is loaded");
            break;
        }
        items.push(read(row)?);
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::store::problem::{ErrorClass, Problem};

    /// Counts to `n`, which takes several steps for each number.
    fn count_to(conn: &Connection, n: i64) -> rusqlite::Result<i64> {
        let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT max(i) FROM n";
        conn.query_row(sql, [n], |row| row.get(0))
    }

    #[test]
    fn endless_statement_is_interrupted_and_means_damage() {
        let (mut conn, limit) = (Connection::open_in_memory().unwrap(), StepLimit::default());
        limit.apply(&mut conn).unwrap();
        limit.checks.store(MAX_CHECKS - 1, Ordering::Relaxed);
        let error = count_to(&conn, i64::MAX).unwrap_err();
        let class = ErrorClass::of(&error, Path::new("store.db"));
        assert_eq!(class, ErrorClass::Fatal(Problem::Corrupt("store.db".into())));
        limit.restart();
        assert_eq!(count_to(&conn, 1000), Ok(1000));
    }

    #[test]
    fn statements_within_the_limit_add_up_only_within_a_round() {
        let (mut conn, limit) = (Connection::open_in_memory().unwrap(), StepLimit::default());
        limit.apply(&mut conn).unwrap();
        for _ in 0..3 {
            limit.restart();
            assert_eq!(count_to(&conn, 200_000), Ok(200_000));
            assert!((1..=10).contains(&limit.checks.load(Ordering::Relaxed)));
        }
    }
}
