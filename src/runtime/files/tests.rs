//! Tests of inspecting files.

use super::*;
use crate::app::FilePurpose;
use crate::domain::RoomId;

fn request(path: &str) -> FileRequest {
    FileRequest {
        path: path.to_owned(),
        purpose: FilePurpose::Message { room: RoomId::new("r"), reply_to: None, as_file: false },
    }
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

    fn inspect(&self, path: &str) -> Result<OutgoingFile, String> {
        let found = inspect(&request(path), Some(self.0.path()));
        found.map_err(|sentence| sentence.replace(&self.0.path().display().to_string(), "/dir"))
    }
}

/// A WAV file with silence, at 8,000 one-byte samples per second.
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
fn audio_is_a_voice_message_with_its_length() {
    let dir = Dir::new();
    let path = dir.write("memo.wav", &wav(2_500));
    let facts = dir.inspect(&path).unwrap();
    assert_eq!((facts.kind, facts.duration), (AttachmentKind::Voice, Some(2_500)));
    assert_eq!((facts.name.as_str(), facts.mime.as_str(), facts.size), ("memo.wav", "audio/x-wav", 44 + 20_000));
    let purpose = FilePurpose::Message { room: RoomId::new("r"), reply_to: None, as_file: true };
    let plain = inspect(&FileRequest { purpose, ..request(&path) }, None).unwrap();
    assert_eq!((plain.kind, plain.duration), (AttachmentKind::File, None));
}

#[test]
fn audio_of_unknown_length_is_a_file() {
    let dir = Dir::new();
    for (name, content) in [("broken.wav", b"RIFF\0\0\0\0WAVEfmt ".as_slice()), ("song.mid", b"MThd\0\0\0\x06")] {
        let facts = dir.inspect(&dir.write(name, content)).unwrap();
        assert_eq!((facts.kind, facts.duration), (AttachmentKind::File, None), "{name}");
        assert!(facts.mime.starts_with("audio/"), "{}", facts.mime);
    }
}

#[test]
fn image_is_detected_by_content_not_by_name() {
    let dir = Dir::new();
    let facts = dir.inspect(&dir.write("photo", PNG)).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str()), (AttachmentKind::Image, "image/png"));
    let facts = dir.inspect(&dir.write("fun.gif", b"GIF89a...")).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str()), (AttachmentKind::Image, "image/gif"));
    let facts = dir.inspect(&dir.write("not.png", b"hello")).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str()), (AttachmentKind::File, "application/octet-stream"));
    let facts = dir.inspect(&dir.write("drawing.svg", b"<svg/>")).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str()), (AttachmentKind::File, "image/svg+xml"));
}

#[test]
fn mp4_is_video_unless_the_extension_says_audio() {
    let dir = Dir::new();
    let mp4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp42";
    let facts = dir.inspect(&dir.write("clip.mp4", mp4)).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str()), (AttachmentKind::Video, "video/mp4"));
    let facts = dir.inspect(&dir.write("memo.m4a", mp4)).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str()), (AttachmentKind::File, "audio/mp4"));
}

#[test]
fn text_type_comes_from_the_extension() {
    let dir = Dir::new();
    let facts = dir.inspect(&dir.write("Notes.MD", b"# Hi")).unwrap();
    assert_eq!((facts.kind, facts.mime.as_str(), facts.size), (AttachmentKind::File, "text/markdown", 4));
    assert_eq!(dir.inspect(&dir.write("empty", b"")).unwrap().size, 0);
}

#[test]
fn unsendable_file_is_explained() {
    let dir = Dir::new();
    assert_eq!(dir.inspect("").unwrap_err(), "No file given. Type a path after the command.");
    assert_eq!(dir.inspect("~/nowhere.txt").unwrap_err(), "There is no file /dir/nowhere.txt. Check the path.");
    let file = dir.write("x", b"x");
    assert!(dir.inspect(&format!("{file}/y")).unwrap_err().starts_with("There is no file /dir/x/y."));
    std::fs::create_dir(dir.0.path().join("box")).unwrap();
    assert!(dir.inspect("~/box").unwrap_err().starts_with("box is a folder."));
    assert!(dir.inspect("~").unwrap_err().contains("is a folder."));
    let large = File::create(dir.0.path().join("video.mkv")).unwrap();
    large.set_len(MAX_SIZE).unwrap();
    assert!(dir.inspect("~/video.mkv").is_ok());
    large.set_len(MAX_SIZE + 7_000_000).unwrap();
    assert_eq!(dir.inspect("~/video.mkv").unwrap_err(), "video.mkv is 7 MB too large. The limit is 100 MB.");
    large.set_len(MAX_SIZE + 1).unwrap();
    assert_eq!(dir.inspect("~/video.mkv").unwrap_err(), "video.mkv is 1 B too large. The limit is 100 MB.");
    let odd = dir.inspect("~/a\u{1b}[31mb").unwrap_err();
    assert!(!odd.contains('\u{1b}'), "{odd:?}");
}

#[cfg(unix)]
#[test]
fn special_or_unreadable_file_is_explained() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    assert_eq!(dir.inspect("/dev/null").unwrap_err(), "null is not a regular file and cannot be sent.");
    let path = dir.write("secret", b"x");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root can read every file.
    if File::open(&path).is_err() {
        assert!(dir.inspect("~/secret").unwrap_err().starts_with("You have no permission to read /dir/secret."));
    }
    let denied = unreadable(Path::new("/x"), &ErrorKind::PermissionDenied.into());
    assert_eq!(denied, "You have no permission to read /x. Change its mode, or send a copy.");
}

#[test]
fn path_quoted_by_a_terminal_is_accepted() {
    let dir = Dir::new();
    let path = dir.write("my photo (1).png", PNG);
    for typed in [path.clone(), format!("'{path}'"), format!("\"{path}\" "), path.replace([' ', '(', ')'], "\\ ")] {
        let typed = typed.replace("\\ 1\\ ", "\\(1\\)");
        assert_eq!(dir.inspect(&typed).map(|facts| facts.size), Ok(PNG.len() as u64), "{typed}");
    }
    assert!(dir.inspect("~/my photo (1).png").is_ok());
    // A file whose name really contains the quotes is preferred.
    let odd = dir.write("'x'", b"1");
    assert_eq!(dir.inspect(&odd).map(|facts| facts.size), Ok(1));
}

#[test]
fn command_names_one_file_or_several() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, "x").unwrap();
        path.display().to_string()
    };
    let (a, b, blank) = (file("a"), file("b"), file("a b"));
    assert_eq!(split(&format!(" {blank} "), None), [blank.as_str()], "a path may contain blanks");
    assert_eq!(split(&format!("{a} {b}"), None), [a.as_str(), b.as_str()]);
    assert_eq!(split(&format!("'{blank}' {b}"), None), [blank.as_str(), b.as_str()]);
    assert_eq!(split("~/a ~/b", Some(dir.path())), ["~/a", "~/b"]);
    assert_eq!(split(&format!("{a} /nowhere/c"), None), [a.as_str(), "/nowhere/c"], "the second is misspelled");
    assert_eq!(split("/nowhere/my file", None), ["/nowhere/my file"]);
}
