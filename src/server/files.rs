//! In-memory store of uploaded files.

use std::collections::VecDeque;

use axum::body::Bytes;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};

/// Maximum size of all files together, in bytes. Beyond it, the oldest files are dropped.
const MAX_TOTAL_BYTES: usize = 256 << 20;
/// Maximum number of files. Beyond it, the oldest files are dropped.
const MAX_FILES: usize = 10_000;
/// Maximum size of a single file, in bytes.
pub(crate) const MAX_FILE_BYTES: usize = 25 << 20;

/// Types that a browser shows without running anything. Files of any other type, or of a type that is written in
/// another way, are only saved.
const MEDIA: &[&str] = &[
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "audio/aac",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/webm",
];

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
pub(crate) type Download = ([(HeaderName, HeaderValue); 4], Bytes);

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
        let media = MEDIA.iter().find(|media| mime.eq_ignore_ascii_case(media));
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(media.copied().unwrap_or("application/octet-stream"))),
            (CONTENT_DISPOSITION, HeaderValue::from_static(media.map_or("attachment", |_| "inline"))),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
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
        let harmless = ["image/gif", "IMAGE/PNG", "audio/mpeg", "video/mp4"];
        let others = [
            "text/html",
            "image/svg+xml",
            "image/SVG+xml",
            "image/x+xml",
            "image/png,text/html",
            "image/png; charset=x",
            " image/png",
            "video/xhtml+xml",
            "application/pdf",
            "",
        ];
        for mime in harmless.iter().chain(&others) {
            store.insert((*mime).to_owned(), upload(mime));
        }
        let header = |id: &str, at: usize| store.download(id).unwrap().0[at].1.to_str().unwrap().to_owned();
        for mime in harmless {
            assert_eq!((header(mime, 0), header(mime, 1)), (mime.to_ascii_lowercase(), "inline".to_owned()));
        }
        for mime in others {
            assert_eq!((&*header(mime, 0), &*header(mime, 1)), ("application/octet-stream", "attachment"), "{mime}");
            assert!(header(mime, 3).starts_with("sandbox"), "{mime}");
        }
        assert!(store.download("e").is_none());
    }
}
