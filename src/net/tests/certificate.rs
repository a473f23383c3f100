//! A certificate that nobody vouches for, and one that the CA file does.

#![cfg(all(unix, not(target_vendor = "apple")))]

use std::io::{Read, Write};
use std::sync::mpsc;

use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509NameBuilder};

use crate::domain::{AttachmentKind, FileFacts};
use crate::net::rest::{Pace, Rest};
use crate::protocol::{HttpCall, HttpMethod, Part};

use super::{ALICE, Client};

/// A self-signed certificate for 127.0.0.1 and its key, as PEM.
fn certificate() -> (Vec<u8>, Vec<u8>) {
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "test").unwrap();
    let name = name.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_pubkey(&key).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(2).unwrap()).unwrap();
    builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    let san = SubjectAlternativeName::new().ip("127.0.0.1").build(&builder.x509v3_context(None, None)).unwrap();
    builder.append_extension(san).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    (builder.build().to_pem().unwrap(), key.private_key_to_pem_pkcs8().unwrap())
}

/// Signs everybody in, and answers websockets with 500. Its thread ends with the test process.
fn serve(certificate: &[u8], key: &[u8]) -> String {
    listen(certificate, key).0
}

/// The same, and what is posted there.
fn listen(certificate: &[u8], key: &[u8]) -> (String, mpsc::Receiver<Vec<u8>>) {
    let identity = native_tls::Identity::from_pkcs8(certificate, key).unwrap();
    let acceptor = native_tls::TlsAcceptor::new(identity).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let (posts, posted) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = acceptor.accept(stream.unwrap()) else { continue };
            let request = read_request(&mut stream);
            let post = request.starts_with(b"POST");
            let _ = posts.send(request);
            let (status, body) = if post { (200, ALICE) } else { (500, "") };
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    (url, posted)
}

/// A request with as much of a body as it says.
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
async fn an_unknown_certificate_is_told_apart_from_an_unreachable_host() {
    let (certificate, key) = certificate();
    let url = serve(&certificate, &key);
    let reason = Client::to(&url).refused().await;
    assert!(reason.starts_with(&format!("The certificate of {url} is not trusted.")), "{reason}");
}

#[tokio::test]
async fn the_ca_file_serves_rest_and_socket_alike() {
    let (certificate, key) = certificate();
    let url = serve(&certificate, &key);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, &certificate).unwrap();
    // Signed in by REST, and past TLS with the socket: it is the 500 that is told.
    let (_, reason) = Client::with_ca(&url, Some(file.clone())).offline().await;
    assert!(reason.contains("answers, but not as a chat server"), "{reason}");

    std::fs::write(&file, "no certificate").unwrap();
    assert!(Client::with_ca(&url, Some(file.clone())).refused().await.contains("no PEM certificate"));
    assert!(Client::with_ca(&url, Some(folder.path().join("none"))).refused().await.contains("cannot be read"));
}

#[tokio::test]
async fn a_file_goes_through_tls_as_it_goes_without() {
    let (certificate, key) = certificate();
    let (url, posted) = listen(&certificate, &key);
    let folder = tempfile::tempdir().unwrap();
    let (ca, path) = (folder.path().join("ca.pem"), folder.path().join("film"));
    std::fs::write(&ca, &certificate).unwrap();
    let content = "0123456789".repeat(30_000);
    std::fs::write(&path, &content).unwrap();
    let call = |size| HttpCall {
        method: HttpMethod::Post,
        path: "/file".to_owned(),
        query: Vec::new(),
        json: None,
        form: Some(vec![Part::File { name: "file", file: facts(&path, size) }]),
        authorization: "Bearer t".to_owned(),
    };
    let rest = Rest::new(&url, Some(&std::fs::read(&ca).unwrap()), Pace::default()).unwrap();
    let status = rest.call(call(content.len() as u64), None).await.unwrap().status;
    assert_eq!(status, 200);
    let request = String::from_utf8(posted.recv().unwrap()).unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let head = head.to_lowercase();
    assert!(head.lines().any(|line| line == format!("content-length: {}", body.len())), "{head}");
    assert!(!head.contains("transfer-encoding"), "{head}");
    assert!(body.contains(&content));
    let changed = rest.call(call(3), None).await.unwrap_err();
    assert_eq!(&*changed.reason, "film has changed since it was chosen. Send it anew.");
}

fn facts(path: &std::path::Path, size: u64) -> FileFacts {
    let (name, mime) = ("film".to_owned(), "video/mp4".to_owned());
    FileFacts { path: path.into(), name, kind: AttachmentKind::Video, mime, size, duration: None }
}

#[tokio::test]
async fn https_to_a_plain_server_is_told() {
    let server = super::FakeServer::start(|_, _| (200, ALICE.into())).await;
    let (_, reason) = Client::to(&server.url.replace("http:", "https:")).offline().await;
    assert!(reason.contains("http or https?"), "{reason}");
}
