//! Uploads of files.

use std::path::Path;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::domain::{AttachmentKind, Content, Failure, LocalId, OutgoingFile, Request, RoomId, ServerEvent};

use super::Client;
use super::fake_protocol::FakeProtocol;
use super::fake_server::{DELAYED, FakeServer};

const SIGNED_IN: &str = r#"{"token":"t","id":"a"}"#;

fn file(path: &Path, n: u128) -> Request {
    let size = std::fs::metadata(path).map_or(7, |found| found.len());
    let (name, mime) = ("Füße.txt".to_owned(), "text/plain".to_owned());
    let outgoing = OutgoingFile { path: path.into(), name, kind: AttachmentKind::File, mime, size, duration: None };
    let content = Content::File { file: Box::new(outgoing), reply_to: None };
    Request::Send { room: RoomId::new("r"), local: LocalId::from_random(n), content }
}

fn text(n: u128) -> Request {
    Request::Send { room: RoomId::new("r"), local: LocalId::from_random(n), content: Content::text("hi") }
}

async fn signed_in(url: &str) -> Client {
    let mut client = Client::with_protocol(url, None, Box::<FakeProtocol>::default());
    while !matches!(client.next().await, ServerEvent::SignedIn { .. }) {}
    client
}

/// Waits for the outcome of the next request. Also returns the progress reports before it.
async fn outcome(client: &mut Client) -> (Result<Request, String>, Vec<(u64, u64)>) {
    let mut reports = Vec::new();
    loop {
        match client.next().await {
            ServerEvent::Progress { sent, total, .. } => reports.push((sent, total)),
            ServerEvent::Done(request) => return (Ok(request), reports),
            ServerEvent::Failed { reason, .. } => return (Err(reason.to_string()), reports),
            ServerEvent::Connection(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn upload_is_complete_and_reports_progress() {
    let mut server = FakeServer::start(|_, _| (200, SIGNED_IN.into())).await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    let content = "0123456789".repeat(100_000);
    std::fs::write(&path, &content).unwrap();
    let mut client = signed_in(&server.url).await;
    client.connection.send(file(&path, 1)).unwrap();
    let (done, reports) = outcome(&mut client).await;
    assert_eq!(done, Ok(file(&path, 1)));
    assert_eq!((reports.first(), reports.last()), (Some(&(0, 1_000_000)), Some(&(1_000_000, 1_000_000))));
    assert!(reports.windows(2).all(|pair| pair[0].0 <= pair[1].0));

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
async fn texts_overtake_files_but_files_keep_their_order() {
    let server = FakeServer::start(|request, _| {
        let status = if request.starts_with("POST /file") { DELAYED + 200 } else { 200 };
        (status, SIGNED_IN.into())
    })
    .await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    std::fs::write(&path, "video").unwrap();
    let mut client = signed_in(&server.url).await;
    for request in [file(&path, 1), file(&path, 2), text(3), text(4)] {
        client.connection.send(request).unwrap();
    }
    assert_eq!(outcome(&mut client).await.0, Ok(text(3)));
    assert_eq!(outcome(&mut client).await.0, Ok(text(4)));
    for n in 1..=2 {
        while server.delayed_count() < n {
            tokio::task::yield_now().await;
        }
        server.release();
        assert_eq!(outcome(&mut client).await.0, Ok(file(&path, n as u128)));
    }
}

#[tokio::test]
async fn missing_file_fails_without_a_call() {
    let mut server = FakeServer::start(|_, _| (200, SIGNED_IN.into())).await;
    let mut client = signed_in(&server.url).await;
    client.connection.send(file(Path::new("/nowhere/x"), 1)).unwrap();
    let (failed, reports) = outcome(&mut client).await;
    assert_eq!(failed, Err("Füße.txt no longer exists. Send it again from its new location.".to_owned()));
    assert!(reports.is_empty());
    server.calls.recv().await.unwrap();
    assert!(server.calls.try_recv().is_err());
}

/// Starts a server that accepts every sign-in and reads only the beginning of every later call. It replies to those
/// calls at once with `early_reply`, if there is one.
async fn start_deaf_server(early_reply: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut streams = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.read_exact(&mut [0; 100]).await.unwrap();
            if streams.is_empty() {
                let length = SIGNED_IN.len();
                let head = format!("HTTP/1.1 200 X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
                let answer = head + SIGNED_IN;
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
            if let Some(reply) = early_reply.filter(|_| !streams.is_empty()) {
                stream.write_all(reply.as_bytes()).await.unwrap();
            }
            streams.push(stream);
        }
    });
    url
}

#[tokio::test]
async fn stalled_upload_fails() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    // Larger than all buffers on the way.
    std::fs::File::create(&path).unwrap().set_len(256 << 20).unwrap();
    let mut client = signed_in(&start_deaf_server(None).await).await;
    client.connection.send(file(&path, 1)).unwrap();
    let (failed, reports) = outcome(&mut client).await;
    assert!(failed.unwrap_err().starts_with("The upload was interrupted. No data"));
    assert!(reports.last().unwrap().0 < 256 << 20);
}

#[tokio::test]
async fn reply_before_the_end_of_the_file_counts() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    std::fs::File::create(&path).unwrap().set_len(64 << 20).unwrap();
    let mut client = signed_in(&start_deaf_server(Some("HTTP/1.1 413 X\r\nContent-Length: 2\r\n\r\n{}")).await).await;
    client.connection.send(file(&path, 1)).unwrap();
    assert_eq!(outcome(&mut client).await.0, Err("Status 413.".to_owned()));
}

#[tokio::test]
async fn missing_reply_after_the_upload_times_out() {
    let server = FakeServer::start(|request, _| {
        let status = if request.starts_with("POST /file") { DELAYED + 200 } else { 200 };
        (status, SIGNED_IN.into())
    })
    .await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    std::fs::write(&path, "video").unwrap();
    let mut client = signed_in(&server.url).await;
    client.connection.send(file(&path, 1)).unwrap();
    let (failed, reports) = outcome(&mut client).await;
    assert!(failed.unwrap_err().contains("no response"));
    assert_eq!(reports.last(), Some(&(5, 5)));
}

#[tokio::test]
async fn upload_can_be_canceled_while_it_runs_or_waits() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    std::fs::File::create(&path).unwrap().set_len(256 << 20).unwrap();
    let mut client = signed_in(&start_deaf_server(None).await).await;
    client.connection.send(file(&path, 1)).unwrap();
    client.connection.send(file(&path, 2)).unwrap();
    while !matches!(client.next().await, ServerEvent::Progress { .. }) {}
    for n in [2, 1] {
        client.connection.send(Request::CancelUpload { local: LocalId::from_random(n) }).unwrap();
        let failed = loop {
            match client.next().await {
                ServerEvent::Failed { request, failure, .. } => break (request, failure),
                ServerEvent::Progress { .. } | ServerEvent::Connection(_) => {}
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(failed, (file(&path, n), Failure::NotSent));
    }
}

#[tokio::test]
async fn transferred_file_is_not_canceled() {
    let server = FakeServer::start(|request, _| {
        let status = if request.starts_with("POST /file") { DELAYED + 200 } else { 200 };
        (status, SIGNED_IN.into())
    })
    .await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    std::fs::write(&path, "video").unwrap();
    let mut client = signed_in(&server.url).await;
    client.connection.send(file(&path, 1)).unwrap();
    while server.delayed_count() == 0 {
        tokio::task::yield_now().await;
    }
    client.connection.send(Request::CancelUpload { local: LocalId::from_random(1) }).unwrap();
    // A text in another lane: the cancellation has been handled by the time it is sent.
    client.connection.send(text(2)).unwrap();
    assert_eq!(outcome(&mut client).await.0, Ok(text(2)));
    server.release();
    assert_eq!(outcome(&mut client).await.0, Ok(file(&path, 1)));
}
