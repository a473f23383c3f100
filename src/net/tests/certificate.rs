//! TLS: untrusted certificates, certificates trusted by the CA file, and redirects.

#![cfg(all(unix, not(target_vendor = "apple")))]

use std::io::{Read, Write};
use std::sync::{Arc, mpsc};

use test_support::certificate::certificate as certificate_for;

use crate::domain::{AttachmentKind, OutgoingFile};
use crate::net::generation::{Generation, SocketEvent};
use crate::net::rest::RestClient;
use crate::net::socket::Endpoint;
use crate::net::tap::Exchange;
use crate::net::timing::{CallTimeouts, Timing};
use crate::protocol::vchat::{Credentials, VChat};
use crate::protocol::{Handshake, HttpCall, HttpMethod, Part};

use crate::net::error::Lasting;

use super::fake_server::FakeServer;
use super::liveness::NullSink;
use super::{ALICE, Client};

/// Creates a self-signed certificate for 127.0.0.1 and its key, as PEM.
fn certificate() -> (Vec<u8>, Vec<u8>) {
    certificate_for("127.0.0.1", 0, 2)
}

/// Starts a server that accepts every sign-in and rejects WebSockets with status 500. Its thread ends with the test
/// process.
fn serve(certificate: &[u8], key: &[u8]) -> String {
    listen(certificate, key).0
}

/// Starts the same server, and returns the requests it receives.
fn listen(certificate: &[u8], key: &[u8]) -> (String, mpsc::Receiver<Vec<u8>>) {
    answering(certificate, key, ALICE)
}

/// Starts the same server with another reply to the sign-in.
fn answering(certificate: &[u8], key: &[u8], answer: &str) -> (String, mpsc::Receiver<Vec<u8>>) {
    let answer = answer.to_owned();
    let identity = native_tls::Identity::from_pkcs8(certificate, key).unwrap();
    let acceptor = native_tls::TlsAcceptor::new(identity).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let (requests, received) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = acceptor.accept(stream.unwrap()) else { continue };
            let request = read_request(&mut stream);
            let post = request.starts_with(b"POST");
            let _ = requests.send(request);
            let (status, body) = if post { (200, answer.as_str()) } else { (500, "") };
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    (url, received)
}

/// Reads a request with its body.
fn read_request(stream: &mut impl Read) -> Vec<u8> {
    let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let head = request.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
        if let Some(at) = head {
            let head = String::from_utf8_lossy(&request[..at]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if request.len() >= at + length.unwrap_or(0) {
                return request;
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return request,
            Ok(read) => request.extend_from_slice(&chunk[..read]),
        }
    }
}

#[tokio::test]
async fn untrusted_certificate_is_reported_as_such() {
    let (certificate, key) = certificate();
    let url = serve(&certificate, &key);
    let reason = Client::to(&url).refused().await;
    assert!(reason.starts_with(&format!("The certificate of {url} is not trusted.")), "{reason}");
}

#[tokio::test]
async fn ca_file_applies_to_rest_and_socket() {
    let (certificate, key) = certificate();
    let url = serve(&certificate, &key);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, &certificate).unwrap();
    // The sign-in succeeds, and the socket gets past TLS to the status of 500.
    let (_, reason) = Client::with_ca(&url, Some(file.clone())).offline().await;
    assert!(reason.contains("accepts no live connection"), "{reason}");

    std::fs::write(&file, "no certificate").unwrap();
    assert!(Client::with_ca(&url, Some(file.clone())).refused().await.contains("no PEM certificate"));
    assert!(
        Client::with_ca(&url, Some(folder.path().join("none"))).refused().await.contains("Cannot read the CA file")
    );
}

#[tokio::test]
async fn upload_over_tls_has_a_length() {
    let (certificate, key) = certificate();
    let (url, received) = listen(&certificate, &key);
    let folder = tempfile::tempdir().unwrap();
    let (ca, path) = (folder.path().join("ca.pem"), folder.path().join("video"));
    std::fs::write(&ca, &certificate).unwrap();
    let content = "0123456789".repeat(30_000);
    std::fs::write(&path, &content).unwrap();
    let call = |size| HttpCall {
        method: HttpMethod::Post,
        path: "/file".to_owned(),
        query: Vec::new(),
        json: None,
        form: Some(vec![Part::File { name: "file", file: outgoing_file(&path, size) }]),
        authorization: "Bearer t".to_owned(),
    };
    let rest = RestClient::new(&url, Some(&std::fs::read(&ca).unwrap()), CallTimeouts::default()).unwrap();
    let status = rest.call(call(content.len() as u64), None, &mut Exchange::default()).await.unwrap().status;
    assert_eq!(status, 200);
    let request = String::from_utf8(received.recv().unwrap()).unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let head = head.to_lowercase();
    assert!(head.lines().any(|line| line == format!("content-length: {}", body.len())), "{head}");
    assert!(!head.contains("transfer-encoding"), "{head}");
    assert!(body.contains(&content));
    let changed = rest.call(call(3), None, &mut Exchange::default()).await.unwrap_err();
    assert_eq!(&*changed.reason, "video has changed since you chose it. Send it again.");
}

fn outgoing_file(path: &std::path::Path, size: u64) -> OutgoingFile {
    let (name, mime) = ("video".to_owned(), "video/mp4".to_owned());
    OutgoingFile { path: path.into(), name, kind: AttachmentKind::Video, mime, size, duration: None }
}

#[tokio::test]
async fn https_to_a_plain_server_is_reported() {
    let server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let (_, reason) = Client::to(&server.url.replace("http:", "https:")).offline().await;
    assert!(reason.contains("http or https?"), "{reason}");
}

const VCHAT_ALICE: &str = r#"{"code":2000,"data":{"accessToken":"t0ken","user":{"_id":"a1","fullName":"Alice",
    "identifier":"alice","userImages":{"fullImage":"x","chatImage":"x","smallImage":"x"}}}}"#;

fn vchat(url: &str, ca: Option<std::path::PathBuf>) -> Client {
    let credentials = Credentials::HashKey("HASHKEY".into());
    Client::with_protocol(url, ca, Box::new(VChat::new(credentials, "device")))
}

#[tokio::test]
async fn ca_file_applies_to_v_chat_as_well() {
    let (certificate, key) = certificate();
    let (url, received) = answering(&certificate, &key, VCHAT_ALICE);
    let reason = vchat(&url, None).refused().await;
    assert!(reason.starts_with(&format!("The certificate of {url} is not trusted.")), "{reason}");
    assert!(received.try_recv().is_err(), "nothing was sent to an untrusted server");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, &certificate).unwrap();
    let (_, reason) = vchat(&url, Some(file)).offline().await;
    assert!(reason.contains("accepts no live connection"), "{reason}");
    let requests: Vec<String> = received.try_iter().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
    assert!(requests.iter().any(|request| request.starts_with("GET /socket.io/?auth=Bearer%20t0ken&")), "{requests:?}");
}

#[tokio::test]
async fn wrong_host_or_expired_certificate_is_refused() {
    for (address, from, until, expected) in [
        ("127.0.0.2", 0, 2, "is not trusted. Check the address"),
        ("127.0.0.1", -9, -1, "has expired. Ask the operator"),
        ("127.0.0.1", 3, 9, "is not valid yet. Ask the operator"),
    ] {
        let (certificate, key) = certificate_for(address, from, until);
        let (url, received) = listen(&certificate, &key);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, &certificate).unwrap();
        let reason = Client::with_ca(&url, Some(file)).refused().await;
        assert!(reason.contains(expected), "{address} {from} {until}: {reason}");
        assert!(received.try_recv().is_err());
    }
}

#[tokio::test]
async fn socket_verifies_certificates_by_itself() {
    let (certificate, key) = certificate();
    let (url, received) = listen(&certificate, &key);
    let endpoint =
        Endpoint { url: url.clone(), ca: Vec::new(), timing: Timing::default(), handshake: Handshake::default() };
    let (sender, mut events) = tokio::sync::mpsc::unbounded_channel();
    let _generation = Generation::start(0, 1, endpoint, Arc::new(NullSink), sender).unwrap();
    let event = events.recv().await.unwrap();
    let SocketEvent::Ended(error) = event.event else { panic!("{event:?}") };
    assert!(error.lasts == Lasting::OnThisWay && error.reason.contains("is not trusted"), "{error:?}");
    assert!(received.try_recv().is_err());
}

#[tokio::test]
async fn redirect_to_another_host_is_not_followed() {
    let (certificate, key) = certificate();
    let mut plain = FakeServer::start(|_, _| (200, ALICE.into())).await;
    for location in
        [plain.url.clone(), plain.url.replace("http://127.0.0.1", "https://localhost"), "//10.0.0.1/".into()]
    {
        let answer = format!("HTTP/1.1 307 X\r\nLocation: {location}/v1/user\r\nContent-Length: 0\r\n\r\n");
        let url = redirecting(&certificate, &key, answer);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, &certificate).unwrap();
        let reason = Client::with_ca(&url, Some(file)).refused().await;
        assert!(reason.contains("redirects to another address (HTTP 307)"), "{location}: {reason}");
    }
    assert!(plain.calls.try_recv().is_err(), "the key was sent without encryption");
}

/// Starts a server that sends the same reply to every request.
fn redirecting(certificate: &[u8], key: &[u8], answer: String) -> String {
    let identity = native_tls::Identity::from_pkcs8(certificate, key).unwrap();
    let acceptor = native_tls::TlsAcceptor::new(identity).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = acceptor.accept(stream.unwrap()) else { continue };
            read_request(&mut stream);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}
