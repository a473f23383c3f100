//! Limits of the sandbox servers: slow, large and numerous requests, over real sockets. The limits are set so low that
//! no test has to wait long.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use minchat_tui::server::{Limits, Options, ServerHandle, Service, start};
use serde_json::{Value, json};
use test_support::wire::Wire;

const BOTH: [Service; 2] = [Service::MinChat, Service::VChat];
/// A server that does not respond for this long fails the test. It takes a fraction of that, except on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);
/// A time limit that is short enough for a test to wait for.
const SHORT: Duration = Duration::from_millis(150);

async fn server(service: Service, limits: Limits) -> ServerHandle {
    start(Options { service, api_key: "KEY".into(), limits, ..Options::default() }).await.unwrap()
}

fn stream(server: &ServerHandle) -> TcpStream {
    let stream = TcpStream::connect(server.url().strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    stream
}

/// Reads everything that the server sends until it closes the connection.
fn read_to_end(stream: &mut TcpStream) -> String {
    let mut received = Vec::new();
    let mut part = [0; 4096];
    loop {
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(length) => received.extend(&part[..length]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("the server does not close the connection; it sent {:?}", String::from_utf8_lossy(&received))
            }
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&received).into_owned()
}

/// The status code of a response.
fn status(response: &str) -> &str {
    response.split(' ').nth(1).unwrap_or(response)
}

/// The error message in the body of a response.
#[track_caller]
fn error_message(service: Service, response: &str) -> String {
    let body = response.split_once("\r\n\r\n").expect("a body").1;
    let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("not JSON: {response}"));
    let field = if service == Service::MinChat { "message" } else { "data" };
    body[field].as_str().unwrap_or_else(|| panic!("no message: {body}")).to_owned()
}

/// A path that accepts a POST with JSON.
fn path(service: Service) -> &'static str {
    if service == Service::MinChat { "/v1/messages" } else { "/api/v2/auth/connect" }
}

/// The head of a POST with a JSON body of this length.
fn head(service: Service, length: usize) -> String {
    let path = path(service);
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer KEY\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {length}\r\n\r\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn long_or_slow_head_is_refused() {
    for service in BOTH {
        let server = server(service, Limits { header_timeout: SHORT, ..Limits::default() }).await;
        let mut long = stream(&server);
        write!(long, "GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n", "x".repeat(70_000)).unwrap();
        assert_eq!(status(&read_to_end(&mut long)), "431");
        let mut large = stream(&server);
        let _ = write!(large, "GET / HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(400_000));
        assert_eq!(status(&read_to_end(&mut large)), "431");
        let mut many = stream(&server);
        write!(many, "GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(101)).unwrap();
        assert_eq!(status(&read_to_end(&mut many)), "431");

        // Sends one byte at a time, forever.
        let mut slow = stream(&server);
        let started = Instant::now();
        for byte in b"GET / HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\nx: ".iter().cycle() {
            if slow.write_all(&[*byte]).is_err() || started.elapsed() > TIMEOUT {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(started.elapsed() < TIMEOUT, "the server waits forever for a head");
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_or_slow_body_is_refused_with_a_message() {
    for service in BOTH {
        let server = server(service, Limits { body_timeout: SHORT, ..Limits::default() }).await;
        let mut large = stream(&server);
        large.write_all(head(service, (1 << 20) + 1).as_bytes()).unwrap();
        // Errors are ignored, because the server may respond before everything is sent.
        let _ = large.write_all(&vec![b' '; (1 << 20) + 1]);
        let response = read_to_end(&mut large);
        assert!(response.starts_with("HTTP/1.1 413"), "{response}");
        assert!(error_message(service, &response).contains("too large"));

        let mut slow = stream(&server);
        slow.write_all(head(service, 100).as_bytes()).unwrap();
        slow.write_all(b"{").unwrap();
        let response = read_to_end(&mut slow);
        assert!(response.starts_with("HTTP/1.1 408"), "{response}");
        assert!(error_message(service, &response).contains("too slowly"));
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn form_without_a_file_is_limited_like_json() {
    let forms = [
        (Service::MinChat, "/v1/messages/x/seen", 413),
        (Service::MinChat, "/v1/messages", 400),
        (Service::VChat, "/api/v2/profile/name", 413),
        // Before the sign-in.
        (Service::VChat, "/api/v2/auth/connect", 413),
    ];
    for (service, path, expected) in forms {
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
        assert_eq!(response.status().as_u16(), expected, "{path}");
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
async fn connection_above_the_limit_is_refused() {
    for service in BOTH {
        let server = server(service, Limits { connections: 2, ..Limits::default() }).await;
        let (first, _second) = (stream(&server), stream(&server));
        let mut third = stream(&server);
        write!(third, "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        third.shutdown(std::net::Shutdown::Write).unwrap();
        let response = read_to_end(&mut third);
        assert!(response.starts_with("HTTP/1.1 503"), "{response}");
        assert!(error_message(service, &response).contains("reached its connection limit"));
        drop(first);
        let started = Instant::now();
        loop {
            let mut next = stream(&server);
            write!(next, "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
            if !read_to_end(&mut next).starts_with("HTTP/1.1 503") {
                break;
            }
            assert!(started.elapsed() < TIMEOUT, "the closed connection still counts");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        server.stop().await;
    }
}

/// The refusal was sent before the request, and clients that keep to HTTP then reported a lost connection.
#[tokio::test(flavor = "multi_thread")]
async fn refusal_follows_the_request() {
    for service in BOTH {
        let server = server(service, Limits { connections: 1, ..Limits::default() }).await;
        let _first = stream(&server);
        let mut next = stream(&server);
        next.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let early = next.read(&mut [0; 16]);
        assert!(early.as_ref().is_err_and(|error| error.kind() == ErrorKind::WouldBlock), "{early:?}");
        next.set_read_timeout(Some(TIMEOUT)).unwrap();
        write!(next, "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        next.shutdown(std::net::Shutdown::Write).unwrap();
        assert_eq!(status(&read_to_end(&mut next)), "503");
        server.stop().await;
    }
}

/// Only the requests that opened websockets were counted: 3,000 of them could be open against a limit of 512.
#[tokio::test(flavor = "multi_thread")]
async fn open_websockets_count_as_connections() {
    let server = server(Service::MinChat, Limits { connections: 2, ..Limits::default() }).await;
    let (first, _second) = (Wire::open(&server.url(), "", ""), Wire::open(&server.url(), "", ""));
    let refusal = || {
        let mut next = stream(&server);
        write!(next, "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
        read_to_end(&mut next).starts_with("HTTP/1.1 503")
    };
    assert!(refusal());
    drop(first);
    let started = Instant::now();
    while refusal() {
        assert!(started.elapsed() < TIMEOUT, "the closed websocket still counts");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.stop().await;
}

/// Sessions that were opened by polling were not counted: 6,000 of them took 89 MB. Nor were WebSockets that were
/// closed before they joined, which the library keeps until their time to join is over.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_without_a_connection_are_limited() {
    for service in BOTH {
        let join_timeout = Some(Duration::from_secs(600));
        let limits = Limits { connections: 4, polling_sessions: 2, join_timeout, ..Limits::default() };
        let server = server(service, limits).await;
        let get = |path: &str| {
            let mut stream = stream(&server);
            write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
            read_to_end(&mut stream)
        };
        let open = |transport: &str| get(&format!("/socket.io/?EIO=4&transport={transport}"));
        let started = Instant::now();
        drop([(); 4].map(|()| Wire::open(&server.url(), "", "")));
        while status(&get("/")) == "503" {
            assert!(started.elapsed() < TIMEOUT, "the closed connections still count");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let refused = open("websocket");
        assert_eq!(status(&refused), "503", "{refused}");
        assert!(error_message(service, &refused).contains("limit"));
        if service == Service::MinChat {
            let first = open("polling");
            assert_eq!((status(&first), status(&open("polling"))), ("200", "200"));
            assert_eq!(status(&open("polling")), "503");
            // A session that ends makes room for another one.
            let id = first.split("\"sid\":\"").nth(1).unwrap().split('"').next().unwrap();
            for packet in ["40", "1"] {
                let url = format!("{}/socket.io/?EIO=4&transport=polling&sid={id}", server.url());
                assert!(reqwest::Client::new().post(url).body(packet).send().await.unwrap().status().is_success());
            }
            while status(&open("polling")) == "503" {
                assert!(started.elapsed() < TIMEOUT, "the closed session still counts");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        server.stop().await;
    }
}

/// Logs in on V Chat; returns the query that a websocket needs.
async fn socket_query(service: Service, server: &ServerHandle) -> String {
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
    let response: Value = serde_json::from_slice(&login.send().await.unwrap().bytes().await.unwrap()).unwrap();
    format!("&auth=Bearer%20{}", response["data"]["accessToken"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn socket_that_does_not_join_or_answer_pings_is_closed() {
    for service in BOTH {
        let limits = Limits { join_timeout: Some(SHORT), ..Limits::default() };
        let server = server(service, limits).await;
        let query = socket_query(service, &server).await;
        Wire::open(&server.url(), &query, "").wait_closed();
        server.stop().await;

        let limits = Limits { heartbeat: Some((SHORT, SHORT)), ..Limits::default() };
        let server = self::server(service, limits).await;
        let query = socket_query(service, &server).await;
        let mut wire = Wire::open(&server.url(), &query, "");
        wire.join();
        wire.ignore_until_closed();
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connection_is_closed() {
    for service in BOTH {
        let limits = Limits { idle_timeout: SHORT, ..Limits::default() };
        let server = server(service, limits).await;
        assert_eq!(read_to_end(&mut stream(&server)), "");
        // The server does not ping before the join, so this socket is idle too.
        let query = socket_query(service, &server).await;
        Wire::open(&server.url(), &query, "").wait_closed();
        server.stop().await;
    }
}

/// Data for a client that does not read is queued up to a limit, and only for a limited time.
#[tokio::test(flavor = "multi_thread")]
async fn socket_that_does_not_read_is_closed() {
    let limits = Limits { write_timeout: SHORT, ..Limits::default() };
    let server = server(Service::VChat, limits).await;
    let query = socket_query(Service::VChat, &server).await;
    let mut socket = Wire::open(&server.url(), &query, "");
    socket.join();
    // Each request is answered with a megabyte that nobody reads.
    let many =
        json!((0..4_000).map(|n| json!({ "peerId": n.to_string(), "extra": "x".repeat(200) })).collect::<Vec<_>>());
    let started = Instant::now();
    while socket.try_send(&format!("42{}", json!(["v1MyOnline", many.to_string()]))) {
        assert!(started.elapsed() < TIMEOUT, "the server keeps answering");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oversized_frame_closes_only_its_own_socket() {
    for (service, size) in [(Service::MinChat, 1_000_001), (Service::VChat, (1 << 20) + 1)] {
        let server = server(service, Limits::default()).await;
        let query = socket_query(service, &server).await;
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

/// Regression test: one event of 25 MiB took 2.4 GB before the server had seen a key.
#[tokio::test(flavor = "multi_thread")]
async fn event_with_too_many_values_is_refused() {
    for (service, event, refusal) in
        [(Service::MinChat, "message", "error"), (Service::VChat, "v1EnterChatRoom", "v1OnException")]
    {
        let server = server(service, Limits::default()).await;
        let query = socket_query(service, &server).await;
        let mut wire = Wire::open(&server.url(), &query, "");
        wire.join();
        wire.send(&format!(r#"42["{event}",{{"metadata":[{}0]}}]"#, r#"{"":0},"#.repeat(30_000)));
        let answer = wire.wait(refusal);
        assert!(answer.to_string().contains("too many values"), "{answer}");
        server.stop().await;
    }
}

/// The library's default is 10 MB for each socket, before a client has shown a token.
#[tokio::test(flavor = "multi_thread")]
async fn vchat_refuses_events_with_attachments() {
    // Otherwise, the socket would be closed because it does not join.
    let limits = Limits { join_timeout: Some(Duration::from_secs(600)), ..Limits::default() };
    let server = server(Service::VChat, limits).await;
    let mut wire = Wire::open(&server.url(), "", "");
    wire.send(r#"451-["v1MyOnline",{"_placeholder":true,"num":0}]"#);
    wire.wait_closed();
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_packets_do_not_affect_other_sockets() {
    for service in BOTH {
        let server = server(service, Limits::default()).await;
        let query = socket_query(service, &server).await;
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

/// Standard error of `serve` before it is ready.
fn serve_warnings(arguments: &[&str]) -> String {
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
    let output = child.wait_with_output().unwrap();
    assert!(line.starts_with("serving http://127.0.0.1:"), "{line}{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn serve_warns_when_other_machines_can_connect() {
    assert!(Options::default().bind.ip().is_loopback());
    for backend in ["minchat", "vchat"] {
        let all = serve_warnings(&["--backend", backend, "--bind", "0.0.0.0:0"]);
        assert!(all.contains("Anyone on the network can reach this sandbox"), "{backend}: {all}");
        for bind in ["127.0.0.1:0", "[::ffff:127.0.0.1]:0"] {
            // Not every machine has IPv6.
            if std::net::TcpListener::bind(bind).is_ok() {
                let ours = serve_warnings(&["--backend", backend, "--bind", bind]);
                assert!(!ours.contains("nyone on the network"), "{backend}, {bind}: {ours}");
            }
        }
    }
}
