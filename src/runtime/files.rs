//! Inspection of files to be sent: type, size and playing time.
//!
//! The type is detected from the first bytes, because servers reject a file whose content does not match its type. If
//! the bytes are inconclusive, the file name decides. This module sends nothing and knows no service.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek};
use std::path::{Path, PathBuf};

use lofty::config::ParseOptions;
use lofty::file::AudioFile;
use lofty::probe::Probe;

use crate::app::FileRequest;
use crate::domain::{AttachmentKind, DroppedFile, OutgoingFile, format_limit, format_size};
use crate::text::SafeText;

/// Name of the threads that inspect files. A panic on such a thread is caused by a malformed file and only makes that
/// inspection fail.
pub(super) const THREAD: &str = "files";

/// Maximum size of a file in bytes. Services have limits of their own, which they only report after the whole upload.
pub(super) const MAX_SIZE: u64 = 100_000_000;

/// Number of bytes from which the type is detected.
const HEAD: u64 = 8 << 10;

/// Image formats that chat clients display. Others, such as those of drawing programs, are sent as files.
const IMAGES: &[&str] =
    &["image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/heif", "image/avif"];

/// Media types of formats without a distinctive beginning, by file extension.
const BY_EXTENSION: &[(&str, &str)] = &[
    ("c", "text/plain"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("log", "text/plain"),
    ("md", "text/markdown"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("py", "text/plain"),
    ("rs", "text/plain"),
    ("sh", "text/plain"),
    ("svg", "image/svg+xml"),
    ("toml", "text/plain"),
    ("txt", "text/plain"),
    ("xls", "application/vnd.ms-excel"),
    ("xml", "application/xml"),
    ("yaml", "text/plain"),
    ("yml", "text/plain"),
];

/// Returns the type and size of the requested file, or a sentence that explains why it cannot be sent. Reads the disk.
pub(super) fn inspect(request: &FileRequest, home: Option<&Path>) -> Result<OutgoingFile, String> {
    inspect_unsanitized(request, home).map_err(|sentence| SafeText::line(&sentence).as_str().to_owned())
}

/// Maximum number of files that one command sends.
const MAX_FILES: usize = 20;

/// Returns the paths that a command names: a single one, or several that are separated by blanks. A path with blanks is
/// a single one if there is such a file, or if it is quoted as for a shell. Reads the disk.
pub(super) fn split(typed: &str, home: Option<&Path>) -> Vec<String> {
    let typed = typed.trim();
    let single = || vec![typed.to_owned()];
    if find(typed, home).is_ok() {
        return single();
    }
    let words = shell_words::split(typed).unwrap_or_default();
    // If any of them exists, the user means several files, and the others are misspelled.
    let is_several = (2..=MAX_FILES).contains(&words.len()) && words.iter().any(|word| expanded(word, home).exists());
    if is_several { words } else { single() }
}

/// Returns the files with these paths if all of them exist and can be sent. Reads the disk.
pub(super) fn existing(paths: Vec<String>) -> Option<Vec<DroppedFile>> {
    let file = |path: String| {
        let metadata = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
        Some(DroppedFile { path, size: metadata.len() })
    };
    paths.into_iter().map(file).collect()
}

/// Describes a file with pasted text of so many bytes.
pub(super) fn describe_text(path: PathBuf, bytes: usize) -> OutgoingFile {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (kind, mime) = (AttachmentKind::File, "text/plain".to_owned());
    OutgoingFile { path, name, kind, mime, size: bytes as u64, duration: None }
}

fn inspect_unsanitized(request: &FileRequest, home: Option<&Path>) -> Result<OutgoingFile, String> {
    let (path, metadata) = find(request.path.trim(), home)?;
    let name = path.file_name().map_or_else(|| request.path.clone(), |name| name.to_string_lossy().into_owned());
    if metadata.is_dir() {
        return Err(format!("{name} is a folder. Send an archive of it, or its files one by one."));
    }
    // Checked before opening: opening a named pipe would wait for a writer.
    if !metadata.is_file() {
        return Err(format!("{name} is not a regular file and cannot be sent."));
    }
    let size = metadata.len();
    if size > MAX_SIZE {
        // The excess differs from the limit, to which the size of a slightly larger file would be rounded.
        let (excess, max) = (format_size(size - MAX_SIZE), format_limit(MAX_SIZE));
        return Err(format!("{name} is {excess} too large. The limit is {max}."));
    }
    let to_sentence = |error: io::Error| unreadable(&path, &error);
    let mut file = File::open(&path).map_err(to_sentence)?;
    let mut head = Vec::new();
    Read::by_ref(&mut file).take(HEAD).read_to_end(&mut head).map_err(to_sentence)?;
    let mime = media_type(&head, &path);
    let duration = if request.is_plain() || !mime.starts_with("audio/") && !mime.starts_with("video/") {
        None
    } else {
        file.rewind().ok().and_then(|()| duration(file))
    };
    let kind = if request.is_plain() { AttachmentKind::File } else { kind(mime, duration) };
    Ok(OutgoingFile { path, name, kind, mime: mime.to_owned(), size, duration })
}

/// Finds the file at the path as typed, or else as quoted by a terminal on which the file was dropped.
fn find(typed: &str, home: Option<&Path>) -> Result<(PathBuf, std::fs::Metadata), String> {
    if typed.is_empty() {
        return Err("No file given. Type a path after the command.".to_owned());
    }
    let path = expanded(typed, home);
    match std::fs::metadata(&path) {
        Ok(metadata) => Ok((path, metadata)),
        Err(error) => {
            let dropped = unquoted(typed).map(|typed| expanded(&typed, home));
            let found = dropped.and_then(|path| Some((path.clone(), std::fs::metadata(path).ok()?)));
            found.ok_or_else(|| unreadable(&path, &error))
        }
    }
}

/// Returns a path with a leading `~` replaced by the home folder.
pub(super) fn expanded(typed: &str, home: Option<&Path>) -> PathBuf {
    match (typed.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home.to_owned(),
        (Some(rest), Some(home)) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => PathBuf::from(typed),
    }
}

/// Removes the quotes or backslashes with which terminals quote a dropped path; `None` if there are none.
fn unquoted(typed: &str) -> Option<String> {
    for quote in ['\'', '"'] {
        if let Some(inner) = typed.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return Some(inner.to_owned());
        }
    }
    if !typed.contains('\\') {
        return None;
    }
    let (mut plain, mut chars) = (String::new(), typed.chars());
    while let Some(c) = chars.next() {
        plain.push(if c == '\\' { chars.next()? } else { c });
    }
    Some(plain)
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => format!("There is no file {path}. Check the path."),
        ErrorKind::PermissionDenied => {
            format!("You have no permission to read {path}. Change its mode, or send a copy.")
        }
        _ => format!("{path} cannot be read: {error}."),
    }
}

fn media_type(head: &[u8], path: &Path) -> &'static str {
    let extension =
        path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    match infer::get(head).map(|kind| kind.mime_type()) {
        // Phones record sound in a container format that begins like a video.
        Some("video/mp4" | "audio/m4a") if matches!(extension.as_str(), "m4a" | "m4b" | "aac") => "audio/mp4",
        Some("audio/m4a") => "audio/mp4",
        Some(mime) => mime,
        None => {
            let by_extension = BY_EXTENSION.iter().find(|(known, _)| *known == extension);
            by_extension.map_or("application/octet-stream", |(_, mime)| mime)
        }
    }
}

/// Returns the kind of attachment for a media type. Services require the playing time of a voice message, so audio
/// without a known one is a file.
fn kind(mime: &str, duration: Option<u32>) -> AttachmentKind {
    match mime.split_once('/') {
        Some(("image", _)) if IMAGES.contains(&mime) => AttachmentKind::Image,
        Some(("video", _)) => AttachmentKind::Video,
        Some(("audio", _)) if duration.is_some() => AttachmentKind::Voice,
        _ => AttachmentKind::File,
    }
}

/// Returns the playing time in milliseconds, if it can be read.
fn duration(file: File) -> Option<u32> {
    let options = ParseOptions::new().read_tags(false).read_cover_art(false);
    let probe = Probe::new(BufReader::new(file)).options(options).guess_file_type().ok()?;
    let millis = probe.read().ok()?.properties().duration().as_millis();
    u32::try_from(millis).ok().filter(|millis| *millis > 0)
}

#[cfg(test)]
mod tests;
