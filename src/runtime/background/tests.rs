use std::thread;

use super::*;
use crate::app::{Download, DownloadReply, FilePurpose, NotificationFacts};
use crate::domain::{AttachmentKind, CallAccess, PictureRequest, RoomId};
use crate::text::SafeText;

fn argv(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Tasks whose programs do not inherit a variable.
fn without_variable() -> Background {
    let secret_variables = vec!["CARGO_PKG_NAME".to_owned()];
    Background::new(BackgroundParts { secret_variables, ..BackgroundParts::default() })
}

fn ended_with_7() -> String {
    "sh ended with exit status: 7. Run it in a shell to see its errors.".to_owned()
}

#[tokio::test]
async fn file_is_inspected_for_its_account() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.txt");
    std::fs::write(&path, "hi").unwrap();
    let request = FileRequest {
        path: path.display().to_string(),
        purpose: FilePurpose::Message { room: RoomId::new("r"), reply_to: None, as_file: false },
    };
    let mut background = Background::new(BackgroundParts::default());
    background.inspect(AccountId(3), request.clone());
    let Event::File(AccountId(3), answered, Ok(facts)) = background.next().await else { panic!("no result") };
    assert_eq!((answered, facts.kind, facts.size), (request, AttachmentKind::File, 2));
}

#[tokio::test]
async fn folder_is_listed_and_every_request_is_answered() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("x.txt"), "hi").unwrap();
    let request = FolderRequest { folder: format!("{}/", dir.path().display()), prefix: String::new() };
    let mut background = Background::new(BackgroundParts::default());
    background.list_folder(request.clone());
    let Event::Folder(listing) = background.next().await else { panic!("no listing") };
    assert_eq!((listing.request.clone(), listing.entries.len()), (request.clone(), 1));
    let _hanging = background.listings.clone().acquire_many_owned(4).await.unwrap();
    background.list_folder(request.clone());
    let Event::Folder(listing) = background.next().await else { panic!("no listing") };
    assert_eq!((listing.request.clone(), listing.entries.len()), (request, 0));
}

/// Serves one reply, and returns the address.
fn serve(head: &'static str, body: &'static [u8]) -> String {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x.png", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4_096]).unwrap();
        write!(stream, "HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len()).unwrap();
        stream.write_all(body).unwrap();
    });
    url
}

#[tokio::test]
async fn picture_is_loaded_once_for_its_account() {
    let icon = include_bytes!("../../../assets/demo-kettle.png");
    let url = serve("200 OK", icon);
    let request = PictureRequest { url, columns: 60, rows: 8, is_enlarged: false };
    let mut background = Background::new(BackgroundParts::default());
    for (columns, expected) in [(60, (16, 8)), (10, (10, 5))] {
        // The server answers only once; the second answer comes from the cache.
        let request = PictureRequest { columns, ..request.clone() };
        background.load_picture(AccountId(3), request.clone());
        let Event::Picture(AccountId(3), answered, Ok(picture)) = background.next().await else { panic!("none") };
        assert_eq!((answered, (picture.columns(), picture.rows())), (request, expected));
    }
}

#[tokio::test]
async fn picture_that_cannot_be_loaded_is_answered_with_a_reason() {
    for (head, body, expected) in [
        ("200 OK", &b"<html>"[..], "its format is not supported."),
        ("404 Not Found", b"", "the server no longer has it."),
        ("403 Forbidden", b"", "the server answered with status 403."),
    ] {
        let request = PictureRequest { url: serve(head, body), columns: 60, rows: 8, is_enlarged: false };
        let mut background = Background::new(BackgroundParts::default());
        background.load_picture(AccountId(3), request.clone());
        assert_eq!(background.next().await, Event::Picture(AccountId(3), request, Err(expected.to_owned())));
    }
}

/// Regression test: the report of the progress blocked a thread that was not allowed to.
#[tokio::test]
async fn file_of_a_message_is_downloaded_with_progress() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let dir = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/a", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 20]).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc").await.unwrap();
    });
    let (room, message, name) = (RoomId::new("r"), crate::domain::MessageId::new("m"), SafeText::line("a.txt"));
    let file = FileToSave { room, message, name, url };
    let download = Download { file, path: dir.path().display().to_string(), replaces: false };
    let mut background = Background::new(BackgroundParts::default());
    background.download(AccountId(1), 7, download);
    assert_eq!(background.next().await, Event::Download(AccountId(1), 7, DownloadReply::Progress(3, 3)));
    let Event::Download(_, 7, DownloadReply::Finished(_, 3)) = background.next().await else { panic!("no end") };
    assert_eq!(std::fs::read_to_string(dir.path().join("a.txt")).unwrap(), "abc");
}

#[tokio::test]
async fn program_gets_exact_arguments_without_terminal_or_key() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let script = "if [ -t 0 ]; then exit 1; fi; read -r line; echo \"[$line]$1$CARGO_PKG_NAME\" > \"$0\"; exit 7";
    // The test process has this variable.
    let mut background = without_variable();
    background.spawn(argv(&["sh", "-c", script, out.to_str().unwrap(), "a b;$HOME"]), None);
    assert_eq!(background.next().await, Event::Notice(ended_with_7()));
    assert_eq!(std::fs::read_to_string(out).unwrap(), "[]a b;$HOME\n");
}

#[tokio::test]
async fn failure_to_open_a_link_names_its_address() {
    let mut background = Background::new(BackgroundParts::default());
    background.open_link(argv(&["sh", "-c", "exit 7"]), "https://a.example/".to_owned());
    assert_eq!(background.next().await, Event::LinkNotOpened("https://a.example/".to_owned(), ended_with_7()));
}

/// Regression test: the token was an argument, which `ps` shows to every user of the machine.
#[tokio::test]
async fn token_of_a_call_is_a_variable_of_its_program() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let script = "echo \"$*;$MINCHAT_CALL_TOKEN\" > \"$0\"; exit 7";
    for (access, written) in
        [(Some(CallAccess { channel: "ch".into(), token: "s3cret".into() }), "ch;s3cret\n"), (None, "ch;\n")]
    {
        let mut background = Background::new(BackgroundParts::default());
        background.spawn(argv(&["sh", "-c", script, out.to_str().unwrap(), "ch"]), access);
        assert_eq!(background.next().await, Event::Notice(ended_with_7()));
        assert_eq!(std::fs::read_to_string(&out).unwrap(), written);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn program_has_a_session_without_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let script = "read -r _ _ _ _ _ session _ < /proc/$$/stat; echo $((session - $$)) > \"$0\"; \
                  (: > /dev/tty) 2> /dev/null && exit 1; exit 7";
    let mut background = Background::new(BackgroundParts::default());
    background.spawn(argv(&["sh", "-c", script, out.to_str().unwrap()]), None);
    assert_eq!(background.next().await, Event::Notice(ended_with_7()));
    assert_eq!(std::fs::read_to_string(out).unwrap(), "0\n");
}

#[tokio::test]
async fn program_that_cannot_start_is_reported() {
    let mut background = Background::new(BackgroundParts::default());
    background.spawn(argv(&["/nowhere/meet"]), None);
    let Event::Notice(sentence) = background.next().await else { panic!("no notice") };
    assert!(sentence.starts_with("/nowhere/meet could not be started: "), "{sentence}");
    background.spawn(Vec::new(), None);
    assert!(matches!(background.next().await, Event::Notice(_)));
}

#[tokio::test]
async fn ended_program_is_reaped() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("pid");
    let mut background = Background::new(BackgroundParts::default());
    background.spawn(argv(&["sh", "-c", "echo $$ > \"$0\"; exit 1", out.to_str().unwrap()]), None);
    background.next().await;
    let pid = std::fs::read_to_string(out).unwrap();
    let pid = rustix::process::Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
    assert!(rustix::process::test_kill_process(pid).is_err(), "the process is a zombie");
}

#[tokio::test]
async fn notification_program_gets_json_on_standard_input() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let facts = NotificationFacts {
        profile: "work".to_owned(),
        is_call: false,
        count: 2,
        is_mention: true,
        is_direct: false,
        rooms: vec!["Team \"A\"".to_owned()],
        sender: Some("Ann; $(x)".to_owned()),
        text: None,
        title: "Ann in Team".to_owned(),
        body: "2 new messages".to_owned(),
    };
    let mut background = without_variable();
    let script = "cat > \"$0.part\"; echo \"[$CARGO_PKG_NAME]\" >> \"$0.part\"; mv \"$0.part\" \"$0\"";
    background.notify(argv(&["sh", "-c", script, out.to_str().unwrap()]), Box::new(facts.clone()));
    // The program is awaited, so its slot is free once it has ended.
    let _all = background.hooks.clone().acquire_many_owned(4).await.unwrap();
    let written = std::fs::read_to_string(&out).unwrap();
    let (json, key) = written.split_once('\n').unwrap();
    assert_eq!(key, "[]\n", "it gets no key");
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "event": "message", "profile": "work", "title": "Ann in Team", "body": "2 new messages", "count": 2,
            "mention": true, "direct": false, "rooms": ["Team \"A\""], "sender": "Ann; $(x)", "text": null,
        })
    );
}

#[tokio::test]
async fn missing_notification_program_is_reported() {
    let mut background = Background::new(BackgroundParts::default());
    let facts = NotificationFacts {
        profile: String::new(),
        is_call: true,
        count: 0,
        is_mention: false,
        is_direct: true,
        rooms: Vec::new(),
        sender: None,
        text: None,
        title: String::new(),
        body: String::new(),
    };
    background.notify(argv(&["/nowhere/hook"]), Box::new(facts));
    let Event::Notice(sentence) = background.next().await else { panic!("no notice") };
    assert!(sentence.starts_with("/nowhere/hook could not be started"), "{sentence}");
}

/// Regression test: notifications ended without a word while programs for earlier ones hung.
#[tokio::test]
async fn skipped_notification_is_reported_once() {
    let mut background = Background::new(BackgroundParts::default());
    let _hanging = background.hooks.clone().acquire_many_owned(4).await.unwrap();
    let facts = || {
        Box::new(NotificationFacts {
            profile: String::new(),
            is_call: true,
            count: 0,
            is_mention: false,
            is_direct: true,
            rooms: Vec::new(),
            sender: None,
            text: None,
            title: String::new(),
            body: String::new(),
        })
    };
    (0..3).for_each(|_| background.notify(argv(&["true"]), facts()));
    background.results.post(Event::Notice("end".to_owned()));
    let Event::Notice(sentence) = background.next().await else { panic!("no notice") };
    assert!(sentence.starts_with("notify_command is slow"), "{sentence}");
    assert_eq!(background.next().await, Event::Notice("end".to_owned()));
}
