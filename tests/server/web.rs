//! Web pages in a browser on the same machine: they cannot use the sandbox servers, whatever key they know.

use std::io::{Read, Write};
use std::net::TcpStream;

use minchat_tui::server::{Options, ServerHandle, Service, start};

const BOTH: [Service; 2] = [Service::MinChat, Service::VChat];
const PAGE: &str = "http://localhost:3000";

async fn server(service: Service, options: Options) -> ServerHandle {
    start(Options { service, api_key: "KEY".into(), ..options }).await.unwrap()
}

/// Makes a request with these header lines and returns the response.
fn send(server: &ServerHandle, start_line: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(server.url().strip_prefix("http://").unwrap()).unwrap();
    write!(stream, "{start_line} HTTP/1.1\r\n{headers}\r\nauthorization: Bearer KEY\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    String::from_utf8_lossy(&response).to_ascii_lowercase()
}

/// Opens a websocket with these header lines and returns the status line.
fn upgrade(server: &ServerHandle, headers: &str) -> String {
    let mut stream = TcpStream::connect(server.url().strip_prefix("http://").unwrap()).unwrap();
    write!(
        stream,
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n{headers}\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    .unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    String::from_utf8_lossy(&head).into_owned()
}

/// A page could read and write every room: any origin was allowed, and the keys were known.
#[tokio::test(flavor = "multi_thread")]
async fn web_pages_are_refused() {
    for service in BOTH {
        let server = server(service, Options::default()).await;
        for headers in [
            "host: localhost\r\norigin: https://evil.example",
            "host: localhost\r\norigin: null",
            "host: localhost\r\norigin: http://localhost:3000",
            "host: 127.0.0.1\r\nsec-fetch-site: cross-site",
            "host: 127.0.0.1\r\nsec-fetch-site: same-site",
            "host: 127.0.0.1\r\nsec-fetch-site: same-origin",
            "host: 127.0.0.1\r\nsec-fetch-site: none\r\nsec-fetch-site: cross-site",
            "host: evil.example",
            "host: localhost.evil.example:4000",
            "host: localhost\r\nhost: evil.example",
        ] {
            for start_line in
                ["GET /v1/chat/list", "POST /v1/user", "OPTIONS /v1/user", "GET /files/x", "GET /sdk-test"]
            {
                let response = send(&server, start_line, headers);
                assert!(response.starts_with("http/1.1 403"), "{start_line}, {headers}: {response}");
                assert!(!response.contains("access-control-allow"), "{response}");
            }
            let polling = send(&server, "GET /socket.io/?EIO=4&transport=polling", headers);
            assert!(polling.starts_with("http/1.1 403"), "{headers}: {polling}");
            assert_eq!(upgrade(&server, headers), "HTTP/1.1 403", "{headers}");
        }
        let rebound = send(&server, "GET http://evil.example/v1/chat/list", "host: localhost");
        assert!(rebound.starts_with("http/1.1 403"), "{rebound}");
        for headers in ["host: localhost", "host: 127.0.0.1:4000", "host: [::1]:4000\r\nsec-fetch-site: none"] {
            let response = send(&server, "GET /v1/chat/list", headers);
            assert!(!response.starts_with("http/1.1 403") && !response.contains("access-control-allow"), "{response}");
            assert_eq!(upgrade(&server, headers), "HTTP/1.1 101", "{headers}");
        }
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cors_option_admits_the_pages_of_one_origin() {
    for service in BOTH {
        let server = server(service, Options { cors: vec![PAGE.to_owned()], ..Options::default() }).await;
        let admitted = format!("host: localhost\r\norigin: {PAGE}\r\nsec-fetch-site: same-site");
        let preflight = format!("{admitted}\r\naccess-control-request-method: POST");
        for (start_line, headers) in [("GET /v1/chat/list", &admitted), ("OPTIONS /v1/user", &preflight)] {
            let response = send(&server, start_line, headers);
            assert!(!response.starts_with("http/1.1 403"), "{response}");
            assert!(response.contains(&format!("access-control-allow-origin: {PAGE}\r\n")), "{response}");
        }
        assert_eq!(upgrade(&server, &admitted), "HTTP/1.1 101");
        for origin in ["http://localhost:3001", "https://localhost:3000", "http://localhost", "null"] {
            let response = send(&server, "GET /v1/chat/list", &format!("host: localhost\r\norigin: {origin}"));
            assert!(response.starts_with("http/1.1 403"), "{origin}: {response}");
        }
        server.stop().await;
    }
}

/// With `--cors`, every site could request anything that needs no `Origin`: scripts, images and polling.
#[tokio::test(flavor = "multi_thread")]
async fn cors_option_admits_only_images_without_an_origin() {
    for service in BOTH {
        let options = Options { cors: vec![PAGE.to_owned()], test_routes: true, ..Options::default() };
        let server = server(service, options).await;
        for site in ["cross-site", "same-site", "same-origin", "none\r\nsec-fetch-site: cross-site"] {
            let headers = format!("host: localhost\r\nsec-fetch-site: {site}");
            for path in ["/v1/chat/list", "/api/v2/channel", "/sdk-test", "/socket.io/?EIO=4&transport=polling", "/"] {
                let response = send(&server, &format!("GET {path}"), &headers);
                assert!(response.starts_with("http/1.1 403"), "{path}, {site}: {response}");
            }
            assert_eq!(upgrade(&server, &headers), "HTTP/1.1 403", "{site}");
            for path in ["/files/x", "/default_user_image.png"] {
                let response = send(&server, &format!("GET {path}"), &headers);
                assert!(!response.starts_with("http/1.1 403"), "{path}, {site}: {response}");
            }
        }
        server.stop().await;
    }
}

/// Other machines use another name for a server that listens on their network. Any name was accepted, so a page could
/// give the server's address to a name of its own, and was then of the same origin.
#[tokio::test(flavor = "multi_thread")]
async fn server_on_a_network_has_its_own_name_and_no_pages() {
    for service in BOTH {
        let host_names = vec!["box.example".to_owned()];
        let options = Options { bind: "0.0.0.0:0".parse().unwrap(), host_names, ..Options::default() };
        let server = server(service, options).await;
        for host in ["box.example:4000", "192.168.7.7:4000", "[fe80::1]:4000", "localhost"] {
            let response = send(&server, "GET /v1/chat/list", &format!("host: {host}"));
            assert!(!response.starts_with("http/1.1 403"), "{host}: {response}");
            assert_eq!(upgrade(&server, &format!("host: {host}")), "HTTP/1.1 101", "{host}");
            let response = send(&server, "GET /v1/chat/list", &format!("host: {host}\r\norigin: http://{host}"));
            assert!(response.starts_with("http/1.1 403"), "{host}: {response}");
        }
        for host in ["evil.example", "box.example.evil.example:4000"] {
            let response = send(&server, "GET /v1/chat/list", &format!("host: {host}"));
            assert!(response.starts_with("http/1.1 403") && response.contains("host name"), "{host}: {response}");
            assert_eq!(upgrade(&server, &format!("host: {host}")), "HTTP/1.1 403", "{host}");
        }
        server.stop().await;
    }
}

/// The key was `SANDBOX` unless another one was given.
#[test]
fn serve_without_a_key_prints_a_random_one() {
    let key = || {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_minchat-tui"))
            .args(["serve", "--empty", "--bind", "127.0.0.1:0"])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        line.split_once(" with API key ").expect("a key").1.trim().to_owned()
    };
    let keys = [key(), key()];
    assert!(keys[0] != keys[1] && keys.iter().all(|key| key.len() == 32), "{keys:?}");
}
