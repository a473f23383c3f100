//! Files on their way to the server.

use std::path::Path;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::domain::{AttachmentKind, Content, FileFacts, LocalId, Request, RoomId, ServerEvent};

use super::Client;
use super::fake::Fake;
use super::server::{FakeServer, LATER};

const SIGNED_IN: &str = r#"{"token":"t","id":"a"}"#;

fn file(path: &Path, n: u128) -> Request {
    let size = std::fs::metadata(path).map_or(7, |found| found.len());
    let (name, mime) = ("Füße.txt".to_owned(), "text/plain".to_owned());
    let facts = FileFacts { path: path.into(), name, kind: AttachmentKind::File, mime, size, duration: None };
    let content = Content::File { file: Box::new(facts), reply_to: None };
    Request::Send { room: RoomId::new("r"), local: LocalId::from_random(n), content }
}

fn text(n: u128) -> Request {
    Request::Send { room: RoomId::new("r"), local: LocalId::from_random(n), content: Content::text("hi") }
}

async fn signed_in(url: &str) -> Client {
    let mut client = Client::speaking(url, None, Box::<Fake>::default());
    while !matches!(client.next().await, ServerEvent::SignedIn { .. }) {}
    client
}

/// What becomes of the next request, and how far files were until then.
async fn outcome(client: &mut Client) -> (Result<Request, String>, Vec<(u64, u64)>) {
    let mut steps = Vec::new();
    loop {
        match client.next().await {
            ServerEvent::Progress { sent, total, .. } => steps.push((sent, total)),
            ServerEvent::Done(request) => return (Ok(request), steps),
            ServerEvent::Failed { reason, .. } => return (Err(reason.to_string()), steps),
            ServerEvent::Connection(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_file_arrives_whole_with_its_fields_and_tells_how_far_it_is() {
    let mut server = FakeServer::start(|_, _| (200, SIGNED_IN.into())).await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    let content = "0123456789".repeat(100_000);
    std::fs::write(&path, &content).unwrap();
    let mut client = signed_in(&server.url).await;
    client.connection.send(file(&path, 1)).unwrap();
    let (done, steps) = outcome(&mut client).await;
    assert_eq!(done, Ok(file(&path, 1)));
    assert_eq!((steps.first(), steps.last()), (Some(&(0, 1_000_000)), Some(&(1_000_000, 1_000_000))));
    assert!(steps.windows(2).all(|pair| pair[0].0 <= pair[1].0));

    server.calls.recv().await.unwrap();
    server.heads.recv().await.unwrap();
    let (call, body) = server.calls.recv().await.unwrap();
    let head = server.heads.recv().await.unwrap();
    assert_eq!(call, "POST /file?token=t");
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    assert_eq!(header("content-length"), Some(body.len().to_string()));
    assert_eq!((header("transfer-encoding"), header("authorization")), (None, Some("Bearer t".to_owned())));
    let kind = header("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\n📁\r\n--{boundary}\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"Füße.txt\"\r\nContent-Type: text/plain\r\n\r\n\
         {content}\r\n--{boundary}--\r\n"
    );
    assert!(body == expected, "{} bytes instead of {}", body.len(), expected.len());
}

#[tokio::test]
async fn texts_overtake_a_file_and_files_do_not_overtake_each_other() {
    let server = FakeServer::start(|request, _| {
        let status = if request.starts_with("POST /file") { LATER + 200 } else { 200 };
        (status, SIGNED_IN.into())
    })
    .await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    std::fs::write(&path, "film").unwrap();
    let mut client = signed_in(&server.url).await;
    for request in [file(&path, 1), file(&path, 2), text(3), text(4)] {
        client.connection.send(request).unwrap();
    }
    assert_eq!(outcome(&mut client).await.0, Ok(text(3)));
    assert_eq!(outcome(&mut client).await.0, Ok(text(4)));
    for n in 1..=2 {
        while server.held_back() < n {
            tokio::task::yield_now().await;
        }
        server.let_go();
        assert_eq!(outcome(&mut client).await.0, Ok(file(&path, n as u128)));
    }
}

#[tokio::test]
async fn a_file_that_is_gone_is_a_sentence_and_no_call() {
    let mut server = FakeServer::start(|_, _| (200, SIGNED_IN.into())).await;
    let mut client = signed_in(&server.url).await;
    client.connection.send(file(Path::new("/nowhere/x"), 1)).unwrap();
    let (failed, steps) = outcome(&mut client).await;
    assert_eq!(failed, Err("Füße.txt is not there any more. Send it from where it is now.".to_owned()));
    assert!(steps.is_empty());
    server.calls.recv().await.unwrap();
    assert!(server.calls.try_recv().is_err());
}

/// Signs everybody in, and reads no more than the beginning of what comes after that. With an answer it gives
/// that.
async fn deaf(early: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.read_exact(&mut [0; 100]).await.unwrap();
            if kept.is_empty() {
                let answer = format!("HTTP/1.1 200 X\r\nContent-Length: {}\r\n\r\n{SIGNED_IN}", SIGNED_IN.len());
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
            if let Some(early) = early.filter(|_| !kept.is_empty()) {
                stream.write_all(early.as_bytes()).await.unwrap();
            }
            kept.push(stream);
        }
    });
    url
}

#[tokio::test]
async fn a_server_that_takes_no_more_is_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    // Larger than what two machines keep between them.
    std::fs::File::create(&path).unwrap().set_len(256 << 20).unwrap();
    let mut client = signed_in(&deaf(None).await).await;
    client.connection.send(file(&path, 1)).unwrap();
    let (failed, steps) = outcome(&mut client).await;
    assert!(failed.unwrap_err().starts_with("The server took no more of the file"));
    assert!(steps.last().unwrap().0 < 256 << 20);
}

#[tokio::test]
async fn an_answer_before_the_end_of_the_file_is_the_answer() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    std::fs::File::create(&path).unwrap().set_len(64 << 20).unwrap();
    let mut client = signed_in(&deaf(Some("HTTP/1.1 413 X\r\nContent-Length: 2\r\n\r\n{}")).await).await;
    client.connection.send(file(&path, 1)).unwrap();
    assert_eq!(outcome(&mut client).await.0, Err("It said 413.".to_owned()));
}

#[tokio::test]
async fn a_server_that_has_it_all_and_says_nothing_is_given_up() {
    let server = FakeServer::start(|request, _| {
        let status = if request.starts_with("POST /file") { LATER + 200 } else { 200 };
        (status, SIGNED_IN.into())
    })
    .await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    std::fs::write(&path, "film").unwrap();
    let mut client = signed_in(&server.url).await;
    client.connection.send(file(&path, 1)).unwrap();
    let (failed, steps) = outcome(&mut client).await;
    assert!(failed.unwrap_err().contains("it does not answer"));
    assert_eq!(steps.last(), Some(&(4, 4)));
}
