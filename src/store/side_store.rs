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
            Ok(Opened::ReadOnly(_)) | Err(_) => None,
        })
    }

    /// Adds the drafts and the outbox to the data of the main store.
    pub(super) fn load(&self, snapshot: &mut Snapshot) -> rusqlite::Result<()> {
        snapshot.drafts = drafts::all(&self.conn)?;
        snapshot.roomless_draft = drafts::roomless(&self.conn)?;
        snapshot.outbox = outbox::all(&self.conn)?.0;
        Ok(())
    }

    /// Carries out those of the writes that concern drafts and the outbox, in one transaction.
    pub(super) fn write<'a>(&mut self, writes: impl Iterator<Item = &'a Write>) -> rusqlite::Result<()> {
        let transaction = self.conn.transaction()?;
        let is_own = |write: &&Write| matches!(write, Write::Outbox(_)) || write.is_draft();
        for write in writes.filter(is_own) {
            executor::execute(&transaction, write, &mut ForgottenFiles::default())?;
        }
        transaction.commit()
    }

    /// Puts everything into the main store. What it has already, because an earlier attempt was interrupted, stays as it
    /// is there.
    fn copy_to(&self, main: &mut Connection) -> rusqlite::Result<()> {
        let transaction = main.transaction()?;
        let known = outbox::all(&transaction)?.0;
        let entries = outbox::all(&self.conn)?.0.into_iter();
        for entry in entries.filter(|entry| known.iter().all(|known| known.local != entry.local)) {
            outbox::write(&transaction, &OutboxWrite::Put(entry))?;
        }
        for (room, draft) in drafts::all(&self.conn)? {
            drafts::add(&transaction, Some(&room), &draft)?;
        }
        if let Some(left) = drafts::roomless(&self.conn)? {
            drafts::add(&transaction, None, &left)?;
        }
        transaction.commit()
    }

    fn clear(&mut self) -> rusqlite::Result<()> {
        let transaction = self.conn.transaction()?;
        transaction.execute_batch("DELETE FROM outbox; DELETE FROM drafts;")?;
        drafts::put_roomless(&transaction, None)?;
        transaction.commit()
    }
}

/// Takes over what closed clients have left. Nothing has been sent yet when this is called, so an attempt that was
/// interrupted can be repeated.
pub(super) fn take_over(main: &mut Connection, location: &StoreLocation, limit: &StepLimit) {
    for side in locations(location).filter(|side| side.file.exists()) {
        // A client that still runs keeps its own.
        let Ok(Opened::Writable(conn, lock)) = file::open(&side, limit) else { continue };
        let mut store = SideStore { conn, lock };
        match store.copy_to(main) {
            Ok(()) => {
                // What is copied must not be copied again once it has been sent. Either of both is enough.
                if let Err(error) = store.clear() {
                    tracing::warn!(%error, "what was taken over is removed with its file");
                }
                // Removed before the lock is released: another client that opened the file meanwhile would lose it.
                drop(store.conn);
                remove(&side.file);
                drop(store.lock);
            }
            Err(error) => tracing::warn!(%error, "what a second client has left cannot be taken over"),
        }
    }
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
