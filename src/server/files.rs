//! In-memory store of uploaded files.

use std::collections::VecDeque;

use axum::body::Bytes;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};

/// Maximum size of all files together, in bytes. Beyond it, the oldest files are dropped.
const MAX_TOTAL_BYTES: usize = 256 << 20;
/// Maximum number of files. Beyond it, the oldest files are dropped.
const MAX_FILES: usize = 10_000;
/// Maximum size of a single file, in bytes.
pub(crate) const MAX_FILE_BYTES: usize = 25 << 20;

/// An uploaded file as the client sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Upload {
    /// File name.
    pub(crate) name: Option<String>,
    /// MIME type.
    pub(crate) mime: Option<String>,
    /// Content.
    pub(crate) bytes: Bytes,
}

impl Upload {
    /// The MIME type, or the generic one if the client gave none.
    pub(crate) fn mime(&self) -> &str {
        self.mime.as_deref().unwrap_or("application/octet-stream")
    }
}

#[derive(Debug, Clone)]
struct StoredFile {
    id: String,
    mime: String,
    bytes: Bytes,
}

/// Uploaded files, oldest first.
#[derive(Debug, Default)]
pub(crate) struct FileStore {
    files: VecDeque<StoredFile>,
    total_bytes: usize,
}

/// A download: headers and content.
pub(crate) type Download = ([(HeaderName, HeaderValue); 3], Bytes);

impl FileStore {
    /// Stores `upload` under `id` and drops the oldest files that no longer fit.
    pub(crate) fn insert(&mut self, id: String, upload: Upload) {
        let mime = upload.mime().to_owned();
        self.total_bytes += upload.bytes.len();
        self.files.push_back(StoredFile { id, mime, bytes: upload.bytes });
        while self.total_bytes > MAX_TOTAL_BYTES || self.files.len() > MAX_FILES {
            let Some(oldest) = self.files.pop_front() else { break };
            self.total_bytes -= oldest.bytes.len();
        }
    }

    /// Returns the file `id` as a download.
    pub(crate) fn download(&self, id: &str) -> Option<Download> {
        let StoredFile { mime, bytes, .. } = self.files.iter().find(|file| file.id == id)?;
        // Only media keep their declared type. An uploaded HTML page or SVG must not run scripts under the server's
        // origin.
        let is_media = ["image/", "video/", "audio/"].iter().any(|kind| mime.starts_with(kind));
        let is_harmless = is_media && !mime.contains("svg");
        let content_type = HeaderValue::from_str(mime).ok().filter(|_| is_harmless);
        let headers = [
            (CONTENT_TYPE, content_type.unwrap_or(HeaderValue::from_static("application/octet-stream"))),
            (CONTENT_DISPOSITION, HeaderValue::from_static(if is_harmless { "inline" } else { "attachment" })),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        Some((headers, bytes.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oldest_files_are_dropped_by_count_and_by_size() {
        let mut store = FileStore::default();
        (0..=MAX_FILES).for_each(|n| store.insert(n.to_string(), Upload::default()));
        assert!(store.download("0").is_none() && store.download("1").is_some());
        let large = || Upload { bytes: vec![0; MAX_FILE_BYTES].into(), ..Upload::default() };
        (0..11).for_each(|n| store.insert(format!("large{n}"), large()));
        assert!(store.total_bytes <= MAX_TOTAL_BYTES);
        assert!(store.download("large10").is_some() && store.download("1").is_none());
    }

    #[test]
    fn only_harmless_media_keep_their_type() {
        let upload =
            |mime: &str| Upload { mime: Some(mime.to_owned()), bytes: Bytes::from("xyz"), ..Upload::default() };
        let mut store = FileStore::default();
        for (id, mime) in [("a", "image/gif"), ("b", "text/html"), ("c", "image/svg+xml"), ("d", "audio/mpeg")] {
            store.insert(id.to_owned(), upload(mime));
        }
        let content_type = |id: &str| store.download(id).map(|(headers, bytes)| (headers[0].1.clone(), bytes.len()));
        assert_eq!(content_type("a"), Some((HeaderValue::from_static("image/gif"), 3)));
        assert_eq!(content_type("b"), Some((HeaderValue::from_static("application/octet-stream"), 3)));
        assert_eq!(content_type("c"), Some((HeaderValue::from_static("application/octet-stream"), 3)));
        assert_eq!(content_type("d"), Some((HeaderValue::from_static("audio/mpeg"), 3)));
        assert_eq!(content_type("e"), None);
    }
}
