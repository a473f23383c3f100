//! Bodies as they go out, with files that are well and files that are not.

use std::path::Path;
use std::sync::Mutex;

use super::*;
use crate::domain::AttachmentKind;

fn facts(path: &Path, size: u64) -> FileFacts {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    FileFacts { path: path.into(), name, kind: AttachmentKind::File, mime: "text/plain".into(), size, duration: None }
}

fn field(value: &str) -> Part {
    Part::Field { name: "content", value: value.to_owned() }
}

/// All of a body, or why there is no more.
async fn read(mut body: Outgoing) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        bytes.extend_from_slice(&frame.map_err(|error| error.to_string())?.into_data().unwrap());
    }
    Ok(bytes)
}

#[test]
fn a_form_ends_where_no_field_can_end_it() {
    let mut numbers = [1, 2].into_iter();
    let hostile = [field(&format!("--minchat-tui-{:032x}--\r\nx", 1))];
    assert_eq!(boundary(&hostile, || numbers.next().unwrap()), format!("minchat-tui-{:032x}", 2));
}

#[tokio::test]
async fn a_form_of_fields_is_bytes_and_says_how_many() {
    let (kind, body, meter) = Outgoing::form(vec![field("hi"), field("é\"\r\n")], None).await.unwrap();
    let boundary = kind.split_once("boundary=").unwrap().1;
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
async fn a_file_goes_out_in_pieces_between_its_fields_and_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a\"b\\c.txt");
    let content: Vec<u8> = (0..3 * PIECE + 5).map(|n| n as u8).collect();
    std::fs::write(&path, &content).unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell: Tell = Box::new({
        let told = Arc::clone(&told);
        move |sent, total| told.lock().unwrap().push((sent, total))
    });
    let file = Part::File { name: "file", file: facts(&path, content.len() as u64) };
    let (kind, body, meter) = Outgoing::form(vec![field("x"), file, field("y")], Some(tell)).await.unwrap();
    let meter = meter.unwrap();
    assert!(!meter.is_out());
    let length = body.size_hint().exact().unwrap();
    let Err(body) = body.into_bytes() else { panic!("only bytes") };
    let bytes = read(body).await.unwrap();
    assert_eq!(bytes.len() as u64, length);
    assert!(meter.is_out());
    let boundary = kind.split_once("boundary=").unwrap().1;
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b%5Cc.txt\"\r\n\
         Content-Type: text/plain\r\n\r\n"
    );
    let at = bytes.windows(head.len()).position(|part| part == head.as_bytes()).unwrap() + head.len();
    assert_eq!(bytes[at..at + content.len()], content);
    assert!(bytes[at + content.len()..].starts_with(b"\r\n--"));
    assert!(bytes.ends_with(format!("name=\"content\"\r\n\r\ny\r\n--{boundary}--\r\n").as_bytes()));
    let told = told.lock().unwrap();
    assert_eq!(told.first(), Some(&(0, content.len() as u64)));
    assert_eq!(told.last(), Some(&(content.len() as u64, content.len() as u64)));
}

#[tokio::test(start_paused = true)]
async fn progress_is_told_ten_times_a_second_at_most() {
    let (moved, _keep) = watch::channel((Instant::now(), false));
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&told);
    let tell: Tell = Box::new(move |sent, _| log.lock().unwrap().push(sent));
    let mut gauge = Gauge { moved, fault: Arc::default(), tell: Some(tell), told: None, sent: 0, total: 1000 };
    for _ in 0..1000 {
        tokio::time::advance(Duration::from_millis(1)).await;
        gauge.goes_out(1, false);
    }
    let told = told.lock().unwrap();
    assert_eq!((told.len(), told.first(), told.last()), (11, Some(&1), Some(&1000)));
}

#[tokio::test]
async fn a_file_that_is_not_as_it_was_is_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("note.txt");
    let form = |size| Outgoing::form(vec![Part::File { name: "file", file: facts(&path, size) }], None);
    let sentence = |outcome: Result<_, Trouble>| outcome.map(|_| ()).unwrap_err().reason.to_string();
    assert_eq!(sentence(form(2).await), "note.txt is not there any more. Send it from where it is now.");
    std::fs::write(&path, "abc").unwrap();
    assert_eq!(sentence(form(2).await), "note.txt has changed since it was chosen. Send it anew.");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(sentence(form(2).await).contains("has changed"));
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_sent_fails_the_body() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.txt");
    for length in [10, 20 * PIECE] {
        std::fs::write(&path, vec![b'x'; 10 * PIECE]).unwrap();
        let part = Part::File { name: "file", file: facts(&path, 10 * PIECE as u64) };
        let (_, body, meter) = Outgoing::form(vec![part], None).await.unwrap();
        std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(length as u64).unwrap();
        assert!(read(body).await.unwrap_err().contains("log.txt has changed"), "{length}");
        assert!(meter.unwrap().fault.get().unwrap().contains("log.txt has changed"));
    }
}

#[tokio::test]
async fn an_empty_file_is_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("empty");
    std::fs::write(&path, "").unwrap();
    let part = Part::File { name: "file", file: facts(&path, 0) };
    let (_, body, _) = Outgoing::form(vec![part], None).await.unwrap();
    let length = body.size_hint().exact().unwrap();
    assert_eq!(read(body).await.unwrap().len() as u64, length);
}

#[test]
fn nothing_in_a_name_or_a_media_type_breaks_its_line() {
    assert_eq!(quoted("a\r\nX: y\u{0}é🎤"), "a__X: y_é🎤");
    assert_eq!(media_type("image/png"), "image/png");
    for wrong in ["", "png", "image/png\r\nX: y", "a/b; c=\"d\""] {
        assert_eq!(media_type(wrong), "application/octet-stream");
    }
}
