//! Downloads: files that are saved, and pictures that are shown. Both are recorded.

use std::sync::Arc;
use std::time::Duration;

use crate::app::{Download, DownloadReply, Event};
use crate::domain::{AccountId, PictureRequest};
use crate::net::DownloadTap;
use crate::runtime::redact::known_secrets;

use super::Background;

/// Time after which a picture is given up.
const PICTURE_TIMEOUT: Duration = Duration::from_secs(30);

impl Background {
    fn download_tap(&self, account: AccountId) -> DownloadTap {
        let ring = self.wire.as_ref().map(Arc::clone);
        ring.map(|ring| DownloadTap::new(ring, account, known_secrets())).unwrap_or_default()
    }

    /// Downloads the file of a message.
    pub(in crate::runtime) fn download(&mut self, account: AccountId, id: u64, download: Download) {
        let results = self.results.sender();
        let reply = move |reply| drop(results.blocking_send(Event::Download(account, id, reply)));
        let (ca_file, tap) = (self.files.of(account).ca_file, self.download_tap(account));
        if let Err(error) = self.downloader.start((account, id), download, ca_file, tap, reply) {
            let failed = DownloadReply::Failed(format!("The download could not be started: {error}. Try again."));
            self.results.post(Event::Download(account, id, failed));
        }
    }

    /// Fetches and decodes a picture on another thread. Answers in any case: a picture that takes too long, or that
    /// confuses the decoder, is given up.
    pub(in crate::runtime) fn load_picture(&mut self, account: AccountId, request: PictureRequest) {
        let results = self.results.sender();
        let (loader, slots) = (self.files.picture_loader(account), Arc::clone(&self.pictures));
        let tap = self.download_tap(account);
        tokio::spawn(async move {
            let wanted = request.clone();
            let work = async {
                // A decoder that hangs keeps its slot, so that only a few threads can be lost.
                let slot = slots.acquire_owned().await.ok()?;
                let work = move || (loader.load(&wanted, &tap), drop(slot)).0;
                Some(tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err("its file is damaged.".to_owned())))
            };
            let loaded = tokio::time::timeout(PICTURE_TIMEOUT, work).await.ok().flatten();
            let loaded = loaded.unwrap_or_else(|| Err("it took too long.".to_owned()));
            let _ = results.send(Event::Picture(account, request, loaded)).await;
        });
    }
}
