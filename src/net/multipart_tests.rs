//! Encoded forms, with intact files and with files that change.

use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use hyper::body::Body;

use super::*;
use crate::domain::{AttachmentKind, OutgoingFile};
use crate::net::file_chunks::CHUNK_BYTES;

fn outgoing_file(path: &Path, size: u64) -> OutgoingFile {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    OutgoingFile {
        path: path.into(),
        name,
        kind: AttachmentKind::File,
        mime: "text/plain".into(),
        size,
        duration: None,
    }
}

fn field(value: &str) -> Part {
    Part::Field { name: "content", value: value.to_owned() }
}

fn file(path: &Path, size: u64) -> Part {
    Part::File { name: "file", file: outgoing_file(path, size) }
}

/// Reads a body to its end, or to its error.
async fn read(mut body: RequestBody) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        bytes.extend_from_slice(&frame.map_err(|error| error.to_string())?.into_data().unwrap());
    }
    Ok(bytes)
}

#[test]
fn boundary_occurs_in_no_field() {
    let mut numbers = [1, 2].into_iter();
    let hostile = [field(&format!("--minchat-tui-{:032x}--\r\nx", 1))];
    assert_eq!(boundary(&hostile, || numbers.next().unwrap()), format!("minchat-tui-{:032x}", 2));
}

#[tokio::test]
async fn form_without_files_is_bytes() {
    let Form { content_type, body, meter } = encode(vec![field("hi"), field("é\"\r\n")], None).await.unwrap();
    let boundary = content_type.split_once("boundary=").unwrap().1;
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\nhi\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\né\"\r\n\r\n--{boundary}--\r\n"
    );
    assert!(meter.is_none());
    assert_eq!(body.size_hint().exact(), Some(expected.len() as u64));
    let Ok(bytes) = body.into_bytes() else { panic!("not bytes") };
    assert_eq!(bytes, expected);
}

#[tokio::test]
async fn file_is_sent_in_chunks_between_the_fields() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a\"b\\c.txt");
    let content: Vec<u8> = (0..3 * CHUNK_BYTES + 5).map(|n| n as u8).collect();
    std::fs::write(&path, &content).unwrap();
    let reports = Arc::new(Mutex::new(Vec::new()));
    let reporter: ProgressReporter = Box::new({
        let reports = Arc::clone(&reports);
        move |sent, total| reports.lock().unwrap().push((sent, total))
    });
    let parts = vec![field("x"), file(&path, content.len() as u64), field("y")];
    let Form { content_type, body, meter } = encode(parts, Some(reporter)).await.unwrap();
    let meter = meter.unwrap();
    assert!(!meter.state().is_complete);
    let length = body.size_hint().exact().unwrap();
    let Err(body) = body.into_bytes() else { panic!("only bytes") };
    let bytes = read(body).await.unwrap();
    assert_eq!(bytes.len() as u64, length);
    assert!(meter.state().is_complete);
    let boundary = content_type.split_once("boundary=").unwrap().1;
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b%5Cc.txt\"\r\n\
         Content-Type: text/plain\r\n\r\n"
    );
    let at = bytes.windows(head.len()).position(|part| part == head.as_bytes()).unwrap() + head.len();
    assert_eq!(bytes[at..at + content.len()], content);
    assert!(bytes[at + content.len()..].starts_with(b"\r\n--"));
    assert!(bytes.ends_with(format!("name=\"content\"\r\n\r\ny\r\n--{boundary}--\r\n").as_bytes()));
    let reports = reports.lock().unwrap();
    assert_eq!(reports.first(), Some(&(0, content.len() as u64)));
    assert_eq!(reports.last(), Some(&(content.len() as u64, content.len() as u64)));
}

#[tokio::test]
async fn missing_or_changed_file_is_explained() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("note.txt");
    let form = |size| encode(vec![file(&path, size)], None);
    let sentence = |outcome: Result<Form, NetError>| outcome.map(|_| ()).unwrap_err().reason.to_string();
    assert_eq!(sentence(form(2).await), "note.txt no longer exists. Send it again from its new location.");
    std::fs::write(&path, "abc").unwrap();
    assert_eq!(sentence(form(2).await), "note.txt has changed since you chose it. Send it again.");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(sentence(form(2).await).contains("has changed"));
}

#[tokio::test]
async fn file_that_changes_during_the_upload_fails_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.txt");
    for length in [10, 20 * CHUNK_BYTES] {
        std::fs::write(&path, vec![b'x'; 10 * CHUNK_BYTES]).unwrap();
        let form = encode(vec![file(&path, 10 * CHUNK_BYTES as u64)], None).await.unwrap();
        std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(length as u64).unwrap();
        assert!(read(form.body).await.unwrap_err().contains("log.txt has changed"), "{length}");
        assert!(form.meter.unwrap().file_error().unwrap().contains("log.txt has changed"));
    }
}

#[tokio::test]
async fn empty_file_is_sent() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("empty");
    std::fs::write(&path, "").unwrap();
    let form = encode(vec![file(&path, 0)], None).await.unwrap();
    let length = form.body.size_hint().exact().unwrap();
    assert_eq!(read(form.body).await.unwrap().len() as u64, length);
}

#[test]
fn file_name_and_media_type_stay_on_their_lines() {
    assert_eq!(escape_file_name("a\r\nX: y\u{0}é🎤"), "a__X: y_é🎤");
    assert_eq!(valid_media_type("image/png"), "image/png");
    for wrong in ["", "png", "image/png\r\nX: y", "a/b; c=\"d\""] {
        assert_eq!(valid_media_type(wrong), "application/octet-stream");
    }
}
