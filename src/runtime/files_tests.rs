//! Files that can be sent, and files that cannot.

use super::*;
use crate::domain::RoomId;

fn wish(path: &str) -> FileWish {
    FileWish { room: RoomId::new("r"), reply_to: None, path: path.to_owned(), plain: false }
}

struct Dir(tempfile::TempDir);

impl Dir {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, content: &[u8]) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    fn look(&self, path: &str) -> Result<OutgoingFile, String> {
        let found = inspect(&wish(path), Some(self.0.path()));
        found.map_err(|sentence| sentence.replace(&self.0.path().display().to_string(), "/dir"))
    }
}

/// Silence: 8,000 samples of one byte a second.
fn wav(millis: u32) -> Vec<u8> {
    let length = 8 * millis;
    let mut wav = b"RIFF".to_vec();
    wav.extend_from_slice(&(36 + length).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend_from_slice(&8000_u32.to_le_bytes());
    wav.extend_from_slice(&8000_u32.to_le_bytes());
    wav.extend_from_slice(b"\x01\0\x08\0data");
    wav.extend_from_slice(&length.to_le_bytes());
    wav.resize(wav.len() + length as usize, 0x80);
    wav
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

#[test]
fn something_spoken_has_its_length() {
    let dir = Dir::new();
    let path = dir.write("memo.wav", &wav(2_500));
    let facts = dir.look(&path).unwrap();
    assert_eq!((facts.kind, facts.duration), (AttachmentKind::Voice, Some(2_500)));
    assert_eq!((facts.name.as_str(), facts.mime.as_str(), facts.size), ("memo.wav", "audio/x-wav", 44 + 20_000));
    let plain = inspect(&FileWish { plain: true, ..wish(&path) }, None).unwrap();
    assert_eq!((plain.kind, plain.duration), (AttachmentKind::File, None));
}

#[test]
fn sound_whose_length_cannot_be_read_is_a_file() {
    let dir = Dir::new();
    for (name, content) in [("broken.wav", b"RIFF\0\0\0\0WAVEfmt ".as_slice()), ("song.mid", b"MThd\0\0\0\x06")] {
        let facts = dir.look(&dir.write(name, content)).unwrap();
        assert_eq!((facts.kind, facts.duration), (AttachmentKind::File, None), "{name}");
        assert!(facts.mime.starts_with("audio/"), "{}", facts.mime);
    }
}

#[test]
fn a_picture_is_one_by_its_bytes_and_not_by_its_name() {
    let dir = Dir::new();
    let facts = dir.look(&dir.write("photo", PNG)).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str()), (AttachmentKind::Image, "image/png"));
    let facts = dir.look(&dir.write("fun.gif", b"GIF89a...")).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str()), (AttachmentKind::Image, "image/gif"));
    let facts = dir.look(&dir.write("not.png", b"hello")).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str()), (AttachmentKind::File, "application/octet-stream"));
    let facts = dir.look(&dir.write("drawing.svg", b"<svg/>")).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str()), (AttachmentKind::File, "image/svg+xml"));
}

#[test]
fn a_film_is_a_film_and_what_a_phone_records_is_spoken_or_a_file() {
    let dir = Dir::new();
    let mp4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp42";
    let facts = dir.look(&dir.write("clip.mp4", mp4)).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str()), (AttachmentKind::Video, "video/mp4"));
    let facts = dir.look(&dir.write("memo.m4a", mp4)).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str()), (AttachmentKind::File, "audio/mp4"));
}

#[test]
fn a_text_has_its_media_type_by_its_name() {
    let dir = Dir::new();
    let facts = dir.look(&dir.write("Notes.MD", b"# Hi")).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str(), facts.size), (AttachmentKind::File, "text/markdown", 4));
    assert_eq!(dir.look(&dir.write("empty", b"")).unwrap().size, 0);
}

#[test]
fn what_cannot_be_sent_is_a_sentence() {
    let dir = Dir::new();
    assert_eq!(dir.look("").unwrap_err(), "Which file? Write its path.");
    assert_eq!(dir.look("~/nowhere.txt").unwrap_err(), "There is no file /dir/nowhere.txt. Check the path.");
    let file = dir.write("x", b"x");
    assert!(dir.look(&format!("{file}/y")).unwrap_err().starts_with("There is no file /dir/x/y."));
    std::fs::create_dir(dir.0.path().join("box")).unwrap();
    assert!(dir.look("~/box").unwrap_err().starts_with("box is a folder."));
    assert!(dir.look("~").unwrap_err().contains("is a folder."));
    let large = File::create(dir.0.path().join("film.mkv")).unwrap();
    large.set_len(LARGEST).unwrap();
    assert!(dir.look("~/film.mkv").is_ok());
    large.set_len(LARGEST + 7_000_000).unwrap();
    assert_eq!(
        dir.look("~/film.mkv").unwrap_err(),
        "film.mkv is too large (107 MB): files of up to 100 MB can be sent."
    );
    let odd = dir.look("~/a\u{1b}[31mb").unwrap_err();
    assert!(!odd.contains('\u{1b}'), "{odd:?}");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_or_may_not_be_read_is_a_sentence() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    assert_eq!(dir.look("/dev/null").unwrap_err(), "null is no ordinary file and cannot be sent.");
    let path = dir.write("secret", b"x");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read everything.
    if File::open(&path).is_err() {
        assert!(dir.look("~/secret").unwrap_err().starts_with("/dir/secret may not be read."));
    }
    let denied = unreadable(Path::new("/x"), &ErrorKind::PermissionDenied.into());
    assert_eq!(denied, "/x may not be read. Change its permissions, or send a copy.");
}

#[test]
fn a_path_may_be_typed_as_terminals_type_what_is_dropped_on_them() {
    let dir = Dir::new();
    let path = dir.write("my photo (1).png", PNG);
    for typed in [path.clone(), format!("'{path}'"), format!("\"{path}\" "), path.replace([' ', '(', ')'], "\\ ")] {
        let typed = typed.replace("\\ 1\\ ", "\\(1\\)");
        assert_eq!(dir.look(&typed).map(|facts| facts.size), Ok(PNG.len() as u64), "{typed}");
    }
    assert!(dir.look("~/my photo (1).png").is_ok());
    // A name that really has quotes or backslashes in it comes first.
    let odd = dir.write("'x'", b"1");
    assert_eq!(dir.look(&odd).map(|facts| facts.size), Ok(1));
}
