//! The drafts and the outbox of a second client of the same profile.
//!
//! Only one client writes a store. Another one reads it and keeps what its user has written in a store of its own beside
//! it, a *side store*. Each client sends only its own outbox, so nothing is sent twice. When a client opens the store
//! itself, it takes over what closed clients have left in their side stores.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::answer::{ForgottenFiles, Snapshot};
use super::file::{self, Opened, WriterLock};
use super::limits::StepLimit;
use super::location::StoreLocation;
use super::write::{OutboxWrite, Write};
use super::{drafts, executor, outbox};

/// Maximum number of side stores: of clients of one profile besides the first.
const MAX_SIDE_STORES: u8 = 8;

/// A side store, locked for this client.
pub(super) struct SideStore {
    conn: Connection,
    /// Dropped after the connection.
    lock: WriterLock,
}

impl SideStore {
    /// Opens the first side store that no other client uses; `None` if none can be opened.
    pub(super) fn open(main: &StoreLocation, limit: &StepLimit) -> Option<Self> {
        locations(main).find_map(|location| match file::open(&location, limit) {
            Ok(Opened::Writable(conn, lock)) => Some(Self { conn, lock }),
            Ok(Opened::Locked(_)) | Err(_) => None,
        })
    }

    /// Adds the drafts and the outbox to the data of the main store. Returns the number of outbox entries that cannot be
    /// read.
    pub(super) fn load(&self, snapshot: &mut Snapshot) -> rusqlite::Result<usize> {
        snapshot.drafts = drafts::all(&self.conn)?;
        snapshot.roomless_draft = drafts::roomless(&self.conn)?;
        let (entries, unreadable) = outbox::all(&self.conn)?;
        snapshot.outbox = entries;
        Ok(unreadable)
    }

    /// Carries out those of the writes that concern drafts and the outbox, in one transaction. What was deleted
    /// together with its room must not come back.
    pub(super) fn write<'a>(&mut self, writes: impl Iterator<Item = &'a Write>) -> rusqlite::Result<()> {
        let transaction = self.conn.transaction()?;
        let is_own =
            |write: &&Write| write.is_draft() || matches!(write, Write::Outbox(_) | Write::ForgetRoom(_) | Write::Wipe);
        for write in writes.filter(is_own) {
            executor::execute(&transaction, write, &mut ForgottenFiles::default())?;
        }
        transaction.commit()
    }

    /// Puts what this version can read into the main store. What that has already, because an earlier attempt was
    /// interrupted, stays as it is there.
    fn copy_to(&self, content: &Snapshot, main: &mut Connection) -> rusqlite::Result<()> {
        let transaction = main.transaction()?;
        let known = outbox::all(&transaction)?.0;
        for entry in content.outbox.iter().filter(|entry| known.iter().all(|known| known.local != entry.local)) {
            outbox::write(&transaction, &OutboxWrite::Put(entry.clone()))?;
        }
        for (room, draft) in &content.drafts {
            drafts::add(&transaction, Some(room), draft)?;
        }
        if let Some(left) = &content.roomless_draft {
            drafts::add(&transaction, None, left)?;
        }
        transaction.commit()
    }

    /// Removes what was copied. Returns whether nothing is left.
    fn remove(&mut self, copied: &Snapshot) -> rusqlite::Result<bool> {
        let transaction = self.conn.transaction()?;
        for entry in &copied.outbox {
            outbox::write(&transaction, &OutboxWrite::Remove(entry.local))?;
        }
        for (room, _) in &copied.drafts {
            drafts::put(&transaction, room, None)?;
        }
        drafts::put_roomless(&transaction, None)?;
        let is_left = "SELECT EXISTS (SELECT 1 FROM outbox) OR EXISTS (SELECT 1 FROM drafts)";
        let is_left: bool = transaction.query_row(is_left, [], |row| row.get(0))?;
        transaction.commit()?;
        Ok(!is_left)
    }
}

/// Takes over what closed clients have left. Nothing has been sent yet when this is called, so an attempt that was
/// interrupted can be repeated. Returns the number of outbox entries that cannot be read; they stay where they are.
pub(super) fn take_over(main: &mut Connection, location: &StoreLocation, limit: &StepLimit) -> usize {
    let mut all_unreadable = 0;
    for side in locations(location).filter(|side| side.file.exists()) {
        // A client that still runs keeps its own.
        let Ok(Opened::Writable(conn, lock)) = file::open(&side, limit) else { continue };
        let mut store = SideStore { conn, lock };
        let mut content = Snapshot::default();
        let copied = store.load(&mut content).and_then(|unreadable| {
            store.copy_to(&content, main)?;
            Ok(unreadable)
        });
        match copied {
            Ok(unreadable) => {
                all_unreadable += unreadable;
                // What is copied must not be copied again once it has been sent. Either of both is enough.
                let is_empty = store.remove(&content).unwrap_or_else(|error| {
                    tracing::warn!(%error, "what was taken over is removed with its file");
                    unreadable == 0
                });
                // Removed before the lock is released: another client that opened the file meanwhile would lose it.
                drop(store.conn);
                if is_empty {
                    remove(&side.file);
                }
                drop(store.lock);
            }
            Err(error) => tracing::warn!(%error, "what a second client has left cannot be taken over"),
        }
    }
    all_unreadable
}

/// Removes an empty side store. Its lock file stays, because another client may be waiting for it.
fn remove(file: &Path) {
    let beside = |suffix: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        name
    };
    for file in [file.as_os_str().to_owned(), beside("-wal"), beside("-shm")] {
        // A file that does not exist is what is wanted.
        let _ = fs::remove_file(file);
    }
}

fn locations(main: &StoreLocation) -> impl Iterator<Item = StoreLocation> {
    (2..2 + MAX_SIDE_STORES).map(|number| StoreLocation::new(main.file.with_extension(format!("{number}.db"))))
}
