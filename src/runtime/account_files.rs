//! The files and folders of each account.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::AccountId;
use crate::store::StoreLocation;

use super::graphics::Graphics;
use super::pictures::PictureLoader;

/// The files and folders of an account.
#[derive(Debug, Clone, Default)]
pub struct AccountFiles {
    /// Certificates that are trusted for downloads in addition to the system's.
    pub ca_file: Option<PathBuf>,
    /// Folder for files with pasted text. Without one they exist only as long as the program.
    pub paste_folder: Option<PathBuf>,
    /// Folder in which pictures are kept. Without one a few are kept in memory.
    pub picture_folder: Option<PathBuf>,
}

impl AccountFiles {
    /// Returns the files of an account whose store is at `location`.
    pub fn beside(location: Option<&StoreLocation>, ca_file: Option<PathBuf>) -> Self {
        let paste_folder = location.map(|location| location.file.with_extension("pastes"));
        Self { ca_file, paste_folder, picture_folder: location.map(Self::pictures_beside) }
    }

    /// Returns the folder for the pictures of an account whose store is at `location`.
    pub(super) fn pictures_beside(location: &StoreLocation) -> PathBuf {
        location.file.with_extension("pictures")
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
    /// Sets how the terminal draws the pictures of accounts that are added later.
    pub(super) fn set_graphics(&mut self, graphics: Option<Graphics>) {
        self.graphics = graphics;
    }

    /// Sets the files of an account.
    pub(super) fn add(&mut self, account: AccountId, files: AccountFiles) {
        let loader = PictureLoader::new(files.picture_folder.clone(), files.ca_file.clone(), self.graphics);
        self.accounts.push((account, files, Arc::new(loader)));
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
