//! The uploaded bytes, kept in memory until the server stops or newer ones need the room.

use std::collections::VecDeque;

use axum::body::Bytes;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};

/// All files together; the oldest give way.
const CAPACITY: usize = 256 << 20;
/// How many files; the oldest give way.
const MOST: usize = 10_000;
/// The largest single file.
pub(crate) const LARGEST: usize = 25 << 20;

/// A file as it arrives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Upload {
    /// Its own name.
    pub(crate) name: Option<String>,
    /// Its MIME type.
    pub(crate) mime: Option<String>,
    /// What is in it.
    pub(crate) bytes: Bytes,
}

impl Upload {
    /// Its MIME type, whether or not one was given.
    pub(crate) fn mime(&self) -> &str {
        self.mime.as_deref().unwrap_or("application/octet-stream")
    }
}

/// A file as it is kept.
#[derive(Debug, Clone)]
struct Kept {
    id: String,
    mime: String,
    bytes: Bytes,
}

/// The uploads.
#[derive(Debug, Default)]
pub(crate) struct Files {
    kept: VecDeque<Kept>,
    size: usize,
}

/// A file as it is served: its headers and its bytes.
pub(crate) type Served = ([(HeaderName, HeaderValue); 3], Bytes);

impl Files {
    /// Keeps `upload` as `id`.
    pub(crate) fn keep(&mut self, id: String, upload: Upload) {
        let mime = upload.mime().to_owned();
        self.size += upload.bytes.len();
        self.kept.push_back(Kept { id, mime, bytes: upload.bytes });
        while self.size > CAPACITY || self.kept.len() > MOST {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.size -= oldest.bytes.len();
        }
    }

    /// The file called `id`, for somebody who asks for it.
    pub(crate) fn serve(&self, id: &str) -> Option<Served> {
        let Kept { mime, bytes, .. } = self.kept.iter().find(|kept| kept.id == id)?;
        // Only pictures, films and sounds are named as what they say they are, and nothing runs: an uploaded page must
        // not become a page of this origin.
        let media = ["image/", "video/", "audio/"].iter().any(|kind| mime.starts_with(kind));
        let harmless = media && !mime.contains("svg");
        let kind = HeaderValue::from_str(mime).ok().filter(|_| harmless);
        let headers = [
            (CONTENT_TYPE, kind.unwrap_or(HeaderValue::from_static("application/octet-stream"))),
            (CONTENT_DISPOSITION, HeaderValue::from_static(if harmless { "inline" } else { "attachment" })),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        Some((headers, bytes.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_files_give_way_even_to_empty_ones() {
        let mut files = Files::default();
        (0..=MOST).for_each(|n| files.keep(n.to_string(), Upload::default()));
        assert!(files.serve("0").is_none() && files.serve("1").is_some());
        let large = || Upload { bytes: vec![0; LARGEST].into(), ..Upload::default() };
        (0..11).for_each(|n| files.keep(format!("large{n}"), large()));
        assert!(files.size <= CAPACITY && files.serve("large10").is_some() && files.serve("1").is_none());
    }

    #[test]
    fn what_is_kept_is_served_as_what_it_is_unless_it_could_run() {
        let upload =
            |mime: &str| Upload { mime: Some(mime.to_owned()), bytes: Bytes::from("xyz"), ..Upload::default() };
        let mut files = Files::default();
        for (id, mime) in [("a", "image/gif"), ("b", "text/html"), ("c", "image/svg+xml"), ("d", "audio/mpeg")] {
            files.keep(id.to_owned(), upload(mime));
        }
        let kind = |id: &str| files.serve(id).map(|(headers, bytes)| (headers[0].1.clone(), bytes.len()));
        assert_eq!(kind("a"), Some((HeaderValue::from_static("image/gif"), 3)));
        assert_eq!(kind("b"), Some((HeaderValue::from_static("application/octet-stream"), 3)));
        assert_eq!(kind("c"), Some((HeaderValue::from_static("application/octet-stream"), 3)));
        assert_eq!(kind("d"), Some((HeaderValue::from_static("audio/mpeg"), 3)));
        assert_eq!(kind("e"), None);
    }
}
