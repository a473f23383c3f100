//! Downloads in progress.

use crate::app::effect::Download;
use crate::app::model::transfer::Transfer;
use crate::domain::{MessageId, Timestamp};

/// Maximum number of downloads at the same time.
pub(in crate::app) const MAX_DOWNLOADS: usize = 4;

/// Downloads in progress of one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Downloads {
    running: Vec<RunningDownload>,
    /// Number of the last download.
    last: u64,
}

/// Download in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningDownload {
    /// Its number.
    pub id: u64,
    /// What was requested.
    pub request: Download,
    /// Its progress, once the file has begun to arrive.
    pub transfer: Option<Transfer>,
}

impl Downloads {
    /// Returns the download of the file of a message.
    pub fn of_message(&self, message: &MessageId) -> Option<&RunningDownload> {
        self.running.iter().find(|download| download.request.file.message == *message)
    }

    /// Whether no further download may begin.
    pub(in crate::app) fn is_full(&self) -> bool {
        self.running.len() >= MAX_DOWNLOADS
    }

    /// Adds a download and returns its number.
    pub(in crate::app) fn add(&mut self, request: Download) -> u64 {
        self.last += 1;
        self.running.push(RunningDownload { id: self.last, request, transfer: None });
        self.last
    }

    /// Returns the numbers of all downloads.
    pub(in crate::app) fn ids(&self) -> impl Iterator<Item = u64> {
        self.running.iter().map(|download| download.id)
    }

    /// Removes a download, because it has ended or is canceled.
    pub(in crate::app) fn remove(&mut self, id: u64) -> Option<RunningDownload> {
        let at = self.running.iter().position(|download| download.id == id)?;
        Some(self.running.remove(at))
    }

    /// Records that `done` of `total` bytes have arrived. The total is 0 if it is unknown.
    pub(in crate::app) fn record(&mut self, id: u64, now: Timestamp, done: u64, total: u64) {
        if let Some(download) = self.running.iter_mut().find(|download| download.id == id) {
            download.transfer.get_or_insert_default().record(now, done, total);
        }
    }
}
