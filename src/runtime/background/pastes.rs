//! What is pasted and becomes a file: images, and text that is too long for a message or that names files.

use std::io;
use std::path::{Path, PathBuf};

use crate::app::{Event, FilePurpose, FileRequest};
use crate::domain::{AccountId, Pasted};
use crate::runtime::{clipboard_image, files, pasted_text};

use super::Background;

impl Background {
    /// Takes an image from the clipboard, to be sent. Another program reads it, on another thread.
    pub(in crate::runtime) fn paste_image(&mut self, account: AccountId, purpose: FilePurpose, name: String) {
        let secret_variables = self.secret_variables.clone();
        let folder = self.paste_folder(account);
        let save = move || {
            let folder = folder.map_err(|error| no_paste_folder(&error))?;
            let image = clipboard_image::read(&secret_variables)?;
            let path = pasted_text::save(&folder, &name, &image).map_err(|error| not_pasted(&folder, &error))?;
            let request = FileRequest { path: path.display().to_string(), purpose };
            let file = files::inspect(&request, None)?;
            Ok::<_, String>(Event::File(account, request, Ok(file)))
        };
        let failed = Event::Notice("The clipboard cannot be read. Try again.".to_owned());
        self.results.work(move || save().unwrap_or_else(Event::Notice), failed);
    }

    /// Finds the files that pasted text names, on another thread, because looking at a file may block.
    pub(in crate::runtime) fn find_files(&mut self, account: AccountId, pasted: Pasted, ways: Vec<Vec<String>>) {
        let failed = Event::FilesFound(account, pasted.clone(), Vec::new());
        let find = move || {
            let found = ways.into_iter().find_map(files::existing).unwrap_or_default();
            Event::FilesFound(account, pasted, found)
        };
        self.results.work(find, failed);
    }

    /// Writes pasted text to a file, to be sent, on another thread.
    pub(in crate::runtime) fn save_paste(&mut self, account: AccountId, pasted: Pasted, name: String) {
        let sentence = "The text cannot be saved as a file. Try again.".to_owned();
        let failed = Event::PasteSaved(account, pasted.clone(), Err(sentence));
        let folder = self.paste_folder(account);
        let save = move || {
            let saved = folder.map_err(|error| no_paste_folder(&error)).and_then(|folder| {
                let text = format!("{}{}", pasted.text, pasted.rest);
                let path = pasted_text::save(&folder, &name, text.as_bytes());
                let path = path.map_err(|error| not_pasted(&folder, &error))?;
                Ok(files::describe_text(path, text.len()))
            });
            Event::PasteSaved(account, pasted, saved)
        };
        self.results.work(save, failed);
    }

    /// Returns the folder for files with pasted text.
    fn paste_folder(&mut self, account: AccountId) -> io::Result<PathBuf> {
        match (self.files.of(account).paste_folder, &self.temporary_folder) {
            (Some(folder), _) => Ok(folder),
            (None, Some(folder)) => Ok(folder.path().to_owned()),
            (None, None) => {
                let folder = tempfile::Builder::new().prefix("minchat-tui-pastes-").tempdir()?;
                Ok(self.temporary_folder.insert(folder).path().to_owned())
            }
        }
    }
}

/// Returns the sentence about a paste for which there is no folder.
fn no_paste_folder(error: &io::Error) -> String {
    format!("There is no folder for what is pasted: {error}. Check TMPDIR, and that its disk has space.")
}

/// Returns the sentence about a paste that cannot be written to its folder.
fn not_pasted(folder: &Path, error: &io::Error) -> String {
    format!("What was pasted cannot be saved in {}: {error}. Free some space and paste again.", folder.display())
}
