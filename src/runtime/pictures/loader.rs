//! Loads a picture: from the cache or the server, to the size of its space on the screen.

use std::path::PathBuf;
use std::sync::Arc;

use super::cache::PictureCache;
use super::decoder::decode;
use crate::domain::{Picture, PictureRequest};
use crate::net::{DownloadTap, download};
use crate::runtime::graphics::Graphics;
use crate::store::ForgottenFiles;

/// Loads pictures. Shared by the threads that do so.
#[derive(Debug, Default)]
pub(in crate::runtime) struct PictureLoader {
    cache: Arc<PictureCache>,
    /// Certificates that are trusted in addition to the system's.
    ca_file: Option<PathBuf>,
    /// How the terminal draws pictures itself, if it does.
    graphics: Option<Graphics>,
}

impl PictureLoader {
    /// Creates a loader that keeps pictures in `cache`.
    pub(in crate::runtime) fn new(
        cache: Arc<PictureCache>,
        ca_file: Option<PathBuf>,
        graphics: Option<Graphics>,
    ) -> Self {
        Self { cache, ca_file, graphics }
    }

    /// Returns a picture, scaled to the space for it. Blocks while it is fetched, which `tap` records.
    ///
    /// # Errors
    /// The reason, as the end of a sentence.
    pub(in crate::runtime) fn load(&self, request: &PictureRequest, tap: &DownloadTap) -> Result<Picture, String> {
        if let Some(bytes) = self.cache.get(&request.url) {
            return decode(&bytes, request, self.graphics);
        }
        let fetch = self.cache.fetch(&request.url);
        let bytes = download(&request.url, self.ca_file.as_deref(), tap)?;
        let picture = decode(&bytes, request, self.graphics)?;
        // A disk that is full costs another download.
        if let Err(error) = fetch.keep(bytes) {
            tracing::debug!(%error, "a picture cannot be cached");
        }
        Ok(picture)
    }

    /// Removes pictures from the cache.
    pub(in crate::runtime) fn forget(&self, urls: Vec<String>) {
        self.cache.remove(&ForgottenFiles::At(urls));
    }
}
