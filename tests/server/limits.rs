//! What the sandbox bears: slow clients, large ones, many of them. Real sockets, and limits so short that nobody waits.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use minchat_tui::server::{Limits, Options, ServerHandle, Service, start};
use serde_json::{Value, json};
use test_support::wire::Wire;

const BOTH: [Service; 2] = [Service::MinChat, Service::VChat];
/// One that hangs fails its test after this.
const PATIENCE: Duration = Duration::from_secs(10);
const SHORT: Duration = Duration::from_millis(150);

async fn server(service: Service, limits: Limits) -> ServerHandle {
    start(Options { service, api_key: "KEY".into(), limits, ..Options::default() }).await.unwrap()
}

fn stream(server: &ServerHandle) -> TcpStream {
    let stream = TcpStream::connect(server.url().strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// All that the server still says before it ends the connection.
fn rest(stream: &mut TcpStream) -> String {
    let mut told = Vec::new();
    let mut part = [0; 4096];
    loop {
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(length) => told.extend(&part[..length]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("the server does not end it; it said {:?}", String::from_utf8_lossy(&told))
            }
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&told).into_owned()
}

/// The status of an answer.
fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or(answer)
}

/// The sentence in an answer, in the words of the service.
#[track_caller]
fn sentence(service: Service, answer: &str) -> String {
    let body = answer.split_once("\r\n\r\n").expect("a body").1;
    let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {answer}"));
    let field = if service == Service::MinChat { "message" } else { "data" };
    body[field].as_str().unwrap_or_else(|| panic!("no sentence: {body}")).to_owned()
}

fn path(service: Service) -> &'static str {
    if service == Service::MinChat { "/v1/messages" } else { "/api/v2/auth/connect" }
}

fn head(service: Service, length: usize) -> String {
    let path = path(service);
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer KEY\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {length}\r\n\r\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_is_too_long_or_too_slow_is_refused() {
    for service in BOTH {
        let server = server(service, Limits { header_timeout: SHORT, ..Limits::default() }).await;
        let mut long = stream(&server);
        write!(long, "GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(70_000)).unwrap();
        assert_eq!(status(&rest(&mut long)), "431");
        let mut large = stream(&server);
        let _ = write!(large, "GET / HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(400_000));
        assert_eq!(status(&rest(&mut large)), "431");
        let mut many = stream(&server);
        write!(many, "GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(101)).unwrap();
        assert_eq!(status(&rest(&mut many)), "431");

        // A byte now and then, for ever.
        let mut slow = stream(&server);
        let begun = Instant::now();
        for byte in b"GET / HTTP/1.1\r\nhost: example.org\r\naccept: text/html\r\nx: ".iter().cycle() {
            if slow.write_all(&[*byte]).is_err() || begun.elapsed() > PATIENCE {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(begun.elapsed() < PATIENCE, "the server waits for a head for ever");
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_or_too_slow_is_refused_with_a_sentence() {
    for service in BOTH {
        let server = server(service, Limits { body_timeout: SHORT, ..Limits::default() }).await;
        let mut large = stream(&server);
        large.write_all(head(service, (1 << 20) + 1).as_bytes()).unwrap();
        // Whatever the system takes: the answer may come before all is sent.
        let _ = large.write_all(&vec![b' '; (1 << 20) + 1]);
        let answer = rest(&mut large);
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        assert!(sentence(service, &answer).contains("too large"));

        let mut slow = stream(&server);
        slow.write_all(head(service, 100).as_bytes()).unwrap();
        slow.write_all(b"{").unwrap();
        let answer = rest(&mut slow);
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(sentence(service, &answer).contains("too slowly"));
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_a_place_for_a_file_is_as_small_as_json() {
    let forms = [
        (Service::MinChat, "/v1/messages/x/seen", 413),
        (Service::MinChat, "/v1/messages", 400),
        (Service::VChat, "/api/v2/profile/name", 413),
        (Service::VChat, "/api/v2/auth/connect", 400),
    ];
    for (service, path, wanted) in forms {
        let server = server(service, Limits::default()).await;
        let part = |name: &str, size: usize| {
            let bytes = "x".repeat(size);
            format!("--edge\r\ncontent-disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\r\n{bytes}\r\n")
        };
        let form = format!("{}{}--edge--\r\n", part("a", 700 << 10), part("b", 700 << 10));
        let response = reqwest::Client::new()
            .post(format!("{}{path}", server.url()))
            .header("authorization", "Bearer KEY")
            .header("content-type", "multipart/form-data; boundary=edge")
            .body(form)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status().as_u16(), wanted, "{path}");
        let parts = "--edge\r\ncontent-disposition: form-data; name=\"f\"\r\n\r\n\r\n".repeat(1_001) + "--edge--\r\n";
        let response = reqwest::Client::new()
            .post(format!("{}{path}", server.url()))
            .header("authorization", "Bearer KEY")
            .header("content-type", "multipart/form-data; boundary=edge")
            .body(parts)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status().as_u16(), 400, "{path}");
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_too_many_is_told_so() {
    for service in BOTH {
        let server = server(service, Limits { connections: 2, ..Limits::default() }).await;
        let (first, _second) = (stream(&server), stream(&server));
        let mut third = stream(&server);
        write!(third, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        third.shutdown(std::net::Shutdown::Write).unwrap();
        let answer = rest(&mut third);
        assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
        assert!(sentence(service, &answer).contains("as many connections as it takes"));
        drop(first);
        let begun = Instant::now();
        loop {
            let mut again = stream(&server);
            write!(again, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
            if !rest(&mut again).starts_with("HTTP/1.1 503") {
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "the room that was left is not taken again");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        server.stop().await;
    }
}

/// A token, and what a socket's address needs besides.
async fn pass(service: Service, server: &ServerHandle) -> String {
    if service == Service::MinChat {
        return String::new();
    }
    use sha2::{Digest, Sha512};
    let password: String = Sha512::digest("KEY_a").iter().map(|byte| format!("{byte:02x}")).collect();
    let login = json!({ "identifier": "a", "deviceId": "d", "password": password }).to_string();
    let login = reqwest::Client::new()
        .post(format!("{}/api/v2/auth/connect", server.url()))
        .header("content-type", "application/json")
        .body(login);
    let told: Value = serde_json::from_slice(&login.send().await.unwrap().bytes().await.unwrap()).unwrap();
    format!("&auth=Bearer%20{}", told["data"]["accessToken"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_never_joins_or_never_answers_a_ping_is_closed() {
    for service in BOTH {
        let limits = Limits { join_timeout: Some(SHORT), ..Limits::default() };
        let server = server(service, limits).await;
        let query = pass(service, &server).await;
        Wire::open(&server.url(), &query, "").wait_closed();
        server.stop().await;

        let limits = Limits { heartbeat: Some((SHORT, SHORT)), ..Limits::default() };
        let server = self::server(service, limits).await;
        let query = pass(service, &server).await;
        let mut wire = Wire::open(&server.url(), &query, "");
        wire.join();
        wire.ignore_until_closed();
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_on_which_nothing_is_said_is_closed() {
    for service in BOTH {
        let limits = Limits { idle_timeout: SHORT, ..Limits::default() };
        let server = server(service, limits).await;
        assert_eq!(rest(&mut stream(&server)), "");
        // Neither is a socket that pings are not sent to yet.
        let query = pass(service, &server).await;
        Wire::open(&server.url(), &query, "").wait_closed();
        server.stop().await;
    }
}

/// What is written for somebody who reads nothing waits in a bounded queue, and not for long.
#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_reads_nothing_is_given_up() {
    let limits = Limits { write_timeout: SHORT, ..Limits::default() };
    let server = server(Service::VChat, limits).await;
    let query = pass(Service::VChat, &server).await;
    let mut deaf = Wire::open(&server.url(), &query, "");
    deaf.join();
    // Each question is answered with a megabyte; nobody reads the answers.
    let many =
        json!((0..4_000).map(|n| json!({ "peerId": n.to_string(), "extra": "x".repeat(200) })).collect::<Vec<_>>());
    let begun = Instant::now();
    while deaf.try_send(&format!("42{}", json!(["v1MyOnline", many.to_string()]))) {
        assert!(begun.elapsed() < PATIENCE, "the server answers and answers");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_is_too_large_ends_its_socket_and_no_other() {
    for (service, size) in [(Service::MinChat, 27 << 20), (Service::VChat, (1 << 20) + 1)] {
        let server = server(service, Limits::default()).await;
        let query = pass(service, &server).await;
        let mut other = Wire::open(&server.url(), &query, "");
        other.join();
        let mut wire = Wire::open(&server.url(), &query, "");
        wire.join();
        wire.try_send(&"x".repeat(size));
        wire.wait_closed();
        other.send("42[\"v1MyOnline\",\"[]\"]");
        if service == Service::VChat {
            other.wait("v1OnMyOnline");
        }
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_client_says_costs_nobody_else_anything() {
    for service in BOTH {
        let server = server(service, Limits::default()).await;
        let query = pass(service, &server).await;
        for text in [
            "",
            "9",
            "4",
            "42",
            "42[",
            "42[]",
            "42[1]",
            "42{}",
            "451-",
            "42[\"message\"]",
            "4299999999999999999999[]",
            "\0",
        ] {
            let mut wire = Wire::open(&server.url(), &query, "");
            wire.join();
            wire.try_send(text);
            let deep = "[".repeat(100_000);
            wire.try_send(&format!("42[\"message\",{deep}"));
            wire.try_send(&format!("42[\"v1MyOnline\",\"{deep}\"]"));
        }
        let mut wire = Wire::open(&server.url(), &query, "");
        wire.join();
        server.stop().await;
    }
}

/// What the program says on standard error until it serves.
fn warned(arguments: &[&str]) -> String {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_minchat-tui"))
        .args(["serve", "--api-key", "K", "--empty"])
        .args(arguments)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    child.kill().unwrap();
    let said = child.wait_with_output().unwrap();
    assert!(line.starts_with("serving http://127.0.0.1:"), "{line}{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8_lossy(&said.stderr).into_owned()
}

#[test]
fn the_sandbox_is_for_this_machine_unless_told_otherwise_and_then_it_warns() {
    assert!(Options::default().bind.ip().is_loopback());
    for backend in ["minchat", "vchat"] {
        let all = warned(&["--backend", backend, "--bind", "0.0.0.0:0"]);
        assert!(all.contains("others in the network can reach this sandbox"), "{backend}: {all}");
        let ours = warned(&["--backend", backend, "--bind", "127.0.0.1:0"]);
        assert!(!ours.contains("others in the network"), "{backend}: {ours}");
    }
}
