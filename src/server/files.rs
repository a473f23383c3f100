//! Uploaded bytes, kept in memory until the server stops or newer ones need the room.

use std::collections::VecDeque;

use axum::body::Bytes;

use super::model::File;

/// All files together; the oldest give way.
const CAPACITY: usize = 256 << 20;
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

impl Files {
    /// Keeps `upload` as `id`; its address is under `base`.
    pub(crate) fn keep(&mut self, id: String, base: &str, upload: Upload) -> File {
        let mime = upload.mime.unwrap_or_else(|| "application/octet-stream".to_owned());
        let file = File {
            kind: kind(&mime).to_owned(),
            url: format!("{base}/files/{id}"),
            name: upload.name,
            size: Some(size(upload.bytes.len())),
        };
        self.size += upload.bytes.len();
        self.kept.push_back(Kept { id, mime, bytes: upload.bytes });
        while self.size > CAPACITY {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.size -= oldest.bytes.len();
        }
        file
    }

    /// The MIME type and the bytes of the file called `id`.
    pub(crate) fn get(&self, id: &str) -> Option<(String, Bytes)> {
        self.kept.iter().find(|kept| kept.id == id).map(|kept| (kept.mime.clone(), kept.bytes.clone()))
    }
}

/// The service's word for a MIME type.
fn kind(mime: &str) -> &'static str {
    match mime.split_once('/') {
        Some(("image", rest)) if rest.ends_with("gif") => "gif",
        Some(("image", _)) => "image",
        Some(("video", _)) => "video",
        _ => "file",
    }
}

/// A size in words, as the official SDK says it.
fn size(bytes: usize) -> String {
    let kilobytes = bytes as f64 / 1024.0;
    if kilobytes < 1024.0 { format!("{kilobytes:.2} KB") } else { format!("{:.2} MB", kilobytes / 1024.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_described_as_the_sdk_describes_it() {
        let upload = |mime: &str, len: usize| Upload {
            name: Some("x".to_owned()),
            mime: Some(mime.to_owned()),
            bytes: Bytes::from(vec![0; len]),
        };
        let mut files = Files::default();
        let cat = files.keep("a".to_owned(), "http://h", upload("image/gif", 12_595));
        assert_eq!((cat.kind.as_str(), cat.size.as_deref()), ("gif", Some("12.30 KB")));
        assert_eq!(cat.url, "http://h/files/a");
        assert_eq!(files.keep("b".to_owned(), "", upload("image/png", 1)).kind, "image");
        assert_eq!(files.keep("c".to_owned(), "", upload("video/mp4", 3 << 20)).size.as_deref(), Some("3.00 MB"));
        assert_eq!(files.keep("d".to_owned(), "", upload("nonsense", 1)).kind, "file");
        assert_eq!(files.get("a").map(|(mime, bytes)| (mime, bytes.len())), Some(("image/gif".to_owned(), 12_595)));
        assert!(files.get("e").is_none());
    }
}
