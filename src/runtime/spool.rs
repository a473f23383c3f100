//! A sequence that is written from its end to its beginning and read from its beginning, on disk.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::Path;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Items that have been collected so far, in a file without a name, which disappears with the program whatever ends it.
pub(super) struct Spool<T> {
    /// Shared by the sequences of several rooms, since the number of open files is limited.
    file: Rc<RefCell<File>>,
    /// Place and length of each block in the file. A block holds items in their order; each block holds older items
    /// than the one before it.
    blocks: Vec<(u64, usize)>,
    items: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> Spool<T> {
    /// Creates a file in a folder.
    ///
    /// # Errors
    /// The file cannot be created.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        let file = Rc::new(RefCell::new(tempfile::tempfile_in(folder)?));
        Ok(Self { file, blocks: Vec::new(), items: PhantomData })
    }

    /// Returns an empty sequence in the same file.
    pub(super) fn sibling(&self) -> Self {
        Self { file: Rc::clone(&self.file), blocks: Vec::new(), items: PhantomData }
    }

    /// Writes items that are older than all items so far.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn append(&mut self, items: &[T]) -> io::Result<()> {
        let block = serde_json::to_vec(items)?;
        let mut file = self.file.borrow_mut();
        let end = file.seek(SeekFrom::End(0))?;
        file.write_all(&block)?;
        self.blocks.push((end, block.len()));
        Ok(())
    }

    /// Returns all items, oldest first. Holds one block in memory at a time.
    pub(super) fn items(&mut self) -> impl Iterator<Item = io::Result<T>> {
        let Self { file, blocks, .. } = self;
        let read = |(start, length): (u64, usize)| -> io::Result<Vec<T>> {
            let mut block = vec![0; length];
            let mut file = file.borrow_mut();
            file.seek(SeekFrom::Start(start))?;
            file.read_exact(&mut block)?;
            Ok(serde_json::from_slice(&block)?)
        };
        blocks.drain(..).rev().map(read).flat_map(|block| match block {
            Ok(items) => items.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        })
    }
}

/// Passes the items of several sequences to `each` in the order of their keys. Each sequence has to be in that order.
/// Holds one block of each in memory at a time.
///
/// # Errors
/// A file cannot be read, or `each` has failed.
pub(super) fn merge<T: Serialize + DeserializeOwned, K: Ord, E: From<io::Error>>(
    spools: &mut [Spool<T>],
    key: impl Fn(&T) -> K,
    mut each: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let mut sequences: Vec<_> = spools.iter_mut().map(|spool| spool.items().peekable()).collect();
    let mut keys = BinaryHeap::new();
    for (index, sequence) in sequences.iter_mut().enumerate() {
        keys.extend(sequence.peek().map(|item| Reverse((item.as_ref().ok().map(&key), index))));
    }
    // A sequence that cannot be read has no key, so that it comes first and ends everything.
    while let Some(Reverse((_, index))) = keys.pop() {
        let sequence = &mut sequences[index];
        if let Some(item) = sequence.next() {
            each(item?)?;
        }
        keys.extend(sequence.peek().map(|item| Reverse((item.as_ref().ok().map(&key), index))));
    }
    Ok(())
}
