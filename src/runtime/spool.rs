//! A sequence that is written from its end to its beginning and read from its beginning, on disk.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Items that have been collected so far, in a file without a name, which disappears with the program whatever ends it.
pub(super) struct Spool<T> {
    file: File,
    /// Place and length of each block in the file. A block holds items in their order; each block holds older items
    /// than the one before it.
    blocks: Vec<(u64, usize)>,
    end: u64,
    items: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> Spool<T> {
    /// Creates a file in a folder.
    ///
    /// # Errors
    /// The file cannot be created.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(folder)?, blocks: Vec::new(), end: 0, items: PhantomData })
    }

    /// Writes items that are older than all items so far.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn append(&mut self, items: &[T]) -> io::Result<()> {
        let block = serde_json::to_vec(items)?;
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(&block)?;
        self.blocks.push((self.end, block.len()));
        self.end += block.len() as u64;
        Ok(())
    }

    /// Returns all items, oldest first. Holds one block in memory at a time.
    pub(super) fn items(&mut self) -> impl Iterator<Item = io::Result<T>> {
        let Self { file, blocks, .. } = self;
        let read = |(start, length): (u64, usize)| -> io::Result<Vec<T>> {
            let mut block = vec![0; length];
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
