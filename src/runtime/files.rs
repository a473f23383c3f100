//! Looking at a file that is to be sent: what it is, how large, how long it plays.
//!
//! What a file is, is read from its first bytes: a picture that is none would only be refused by the server. Its name
//! counts where the bytes say nothing. Knows no service and sends nothing.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek};
use std::path::{Path, PathBuf};

use lofty::config::ParseOptions;
use lofty::file::AudioFile;
use lofty::probe::Probe;

use crate::app::FileWish;
use crate::domain::{AttachmentKind, OutgoingFile, format_size};
use crate::text::SafeText;

/// The name of the threads that files are looked at on. A panic there is a strange file's fault, and costs that file.
pub(super) const THREAD: &str = "files";

/// The largest file that is sent. Services have limits of their own, of which they say nothing before they have it all.
pub(super) const LARGEST: u64 = 100_000_000;

/// How much of a file says what it is.
const HEAD: u64 = 8 << 10;

/// Pictures that every client of a chat shows. Others, such as a drawing program's own, are sent as files.
const PICTURES: &[&str] =
    &["image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/heif", "image/avif"];

/// Media types of what begins like anything else, by the end of the name.
const BY_NAME: &[(&str, &str)] = &[
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

/// What there is at the path of `wish`, or a sentence that says why it cannot be sent. Reads from the disk.
pub(super) fn inspect(wish: &FileWish, home: Option<&Path>) -> Result<OutgoingFile, String> {
    look(wish, home).map_err(|sentence| SafeText::line(&sentence).as_str().to_owned())
}

fn look(wish: &FileWish, home: Option<&Path>) -> Result<OutgoingFile, String> {
    let (path, found) = find(wish.path.trim(), home)?;
    let name = path.file_name().map_or_else(|| wish.path.clone(), |name| name.to_string_lossy().into_owned());
    if found.is_dir() {
        return Err(format!("{name} is a folder. Pack it into one file, or send what is in it piece by piece."));
    }
    // Asked before it is opened: opening a pipe would wait for somebody who writes into it.
    if !found.is_file() {
        return Err(format!("{name} is no ordinary file and cannot be sent."));
    }
    let size = found.len();
    if size > LARGEST {
        let (is, most) = (format_size(size), format_size(LARGEST));
        return Err(format!("{name} is too large ({is}): files of up to {most} can be sent."));
    }
    let unread = |error: io::Error| unreadable(&path, &error);
    let mut file = File::open(&path).map_err(unread)?;
    let mut head = Vec::new();
    Read::by_ref(&mut file).take(HEAD).read_to_end(&mut head).map_err(unread)?;
    let mime = media_type(&head, &path);
    let duration = if wish.plain || !mime.starts_with("audio/") && !mime.starts_with("video/") {
        None
    } else {
        file.rewind().ok().and_then(|()| duration(file))
    };
    let kind = if wish.plain { AttachmentKind::File } else { kind(mime, duration) };
    Ok(OutgoingFile { path, name, kind, mime: mime.to_owned(), size, duration })
}

/// The path as it was typed, else as a terminal types a file that was dropped on it.
fn find(typed: &str, home: Option<&Path>) -> Result<(PathBuf, std::fs::Metadata), String> {
    if typed.is_empty() {
        return Err("Which file? Write its path.".to_owned());
    }
    let path = expanded(typed, home);
    match std::fs::metadata(&path) {
        Ok(found) => Ok((path, found)),
        Err(error) => {
            let dropped = as_dropped(typed).map(|typed| expanded(&typed, home));
            let found = dropped.and_then(|path| Some((path.clone(), std::fs::metadata(path).ok()?)));
            found.ok_or_else(|| unreadable(&path, &error))
        }
    }
}

fn expanded(typed: &str, home: Option<&Path>) -> PathBuf {
    match (typed.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home.to_owned(),
        (Some(rest), Some(home)) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => PathBuf::from(typed),
    }
}

/// A path without the quotes, or without the backslashes before its blanks.
fn as_dropped(typed: &str) -> Option<String> {
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
        ErrorKind::PermissionDenied => format!("{path} may not be read. Change its permissions, or send a copy."),
        _ => format!("{path} cannot be read: {error}."),
    }
}

fn media_type(head: &[u8], path: &Path) -> &'static str {
    let end = path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    match infer::get(head).map(|kind| kind.mime_type()) {
        // Phones write sound into a container that begins like a film.
        Some("video/mp4" | "audio/m4a") if matches!(end.as_str(), "m4a" | "m4b" | "aac") => "audio/mp4",
        Some("audio/m4a") => "audio/mp4",
        Some(mime) => mime,
        None => {
            let by_name = BY_NAME.iter().find(|(known, _)| *known == end);
            by_name.map_or("application/octet-stream", |(_, mime)| mime)
        }
    }
}

/// As what a file of this type is sent. Services want to know how long something spoken is: without that it is a file.
fn kind(mime: &str, duration: Option<u32>) -> AttachmentKind {
    match mime.split_once('/') {
        Some(("image", _)) if PICTURES.contains(&mime) => AttachmentKind::Image,
        Some(("video", _)) => AttachmentKind::Video,
        Some(("audio", _)) if duration.is_some() => AttachmentKind::Voice,
        _ => AttachmentKind::File,
    }
}

/// How long it plays, in milliseconds, if that can be read.
fn duration(file: File) -> Option<u32> {
    let options = ParseOptions::new().read_tags(false).read_cover_art(false);
    let probe = Probe::new(BufReader::new(file)).options(options).guess_file_type().ok()?;
    let millis = probe.read().ok()?.properties().duration().as_millis();
    u32::try_from(millis).ok().filter(|millis| *millis > 0)
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
