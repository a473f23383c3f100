//! The files and folders of each account.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::AccountId;
use crate::store::StoreLocation;

use super::graphics::Graphics;
use super::pictures::{PictureCache, PictureLoader};

/// The files and folders of an account.
#[derive(Debug, Clone, Default)]
pub struct AccountFiles {
    /// Certificates that are trusted for downloads in addition to the system's.
    pub ca_file: Option<PathBuf>,
    /// Folder for files with pasted text. Without one they exist only as long as the program.
    pub paste_folder: Option<PathBuf>,
    /// The pictures that were fetched: on disk, or a few in memory.
    pub pictures: Arc<PictureCache>,
}

impl AccountFiles {
    /// Returns the files of an account whose store is at `location`.
    pub fn beside(location: Option<&StoreLocation>, ca_file: Option<PathBuf>) -> Self {
        let beside = |extension: &str| location.map(|location| location.file.with_extension(extension));
        let pictures = Arc::new(PictureCache::new(beside("pictures")));
        Self { ca_file, paste_folder: beside("pastes"), pictures }
    }

    /// Returns what loads pictures for a terminal that draws them in this way, if it does.
    fn loader(&self, graphics: Option<Graphics>) -> Arc<PictureLoader> {
        Arc::new(PictureLoader::new(Arc::clone(&self.pictures), self.ca_file.clone(), graphics))
    }
}

/// The files and folders of all accounts, and what loads their pictures.
#[derive(Debug, Default)]
pub(super) struct FilesOfAccounts {
    accounts: Vec<(AccountId, AccountFiles, Arc<PictureLoader>)>,
    /// What loads the pictures of an account without files.
    without_files: Arc<PictureLoader>,
    /// How the terminal draws pictures itself, if it does.
    graphics: Option<Graphics>,
}

impl FilesOfAccounts {
    /// Creates a list of these files, for a terminal that draws pictures in this way, if it does.
    pub(super) fn new(files: Vec<(AccountId, AccountFiles)>, graphics: Option<Graphics>) -> Self {
        let mut all = Self { graphics, ..Self::default() };
        files.into_iter().for_each(|(account, files)| all.add(account, files));
        all
    }

    /// Sets how the terminal draws pictures that are loaded from now on.
    pub(super) fn set_graphics(&mut self, graphics: Option<Graphics>) {
        self.graphics = graphics;
        for (_, files, loader) in &mut self.accounts {
            *loader = files.loader(graphics);
        }
    }

    /// Sets the files of an account.
    pub(super) fn add(&mut self, account: AccountId, files: AccountFiles) {
        let loader = files.loader(self.graphics);
        self.accounts.push((account, files, loader));
    }

    /// Removes those of an account.
    pub(super) fn remove(&mut self, account: AccountId) {
        self.accounts.retain(|(id, ..)| *id != account);
    }

    /// Returns the files of an account; none if nothing is known about it.
    pub(super) fn of(&self, account: AccountId) -> AccountFiles {
        let known = self.accounts.iter().find(|(id, ..)| *id == account);
        known.map(|(_, files, _)| files.clone()).unwrap_or_default()
    }

    /// Returns what loads the pictures of an account.
    pub(super) fn picture_loader(&self, account: AccountId) -> Arc<PictureLoader> {
        let known = self.accounts.iter().find(|(id, ..)| *id == account);
        Arc::clone(known.map_or(&self.without_files, |(.., loader)| loader))
    }
}
