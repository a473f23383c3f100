//! Servers that refuse, are unreachable, stay silent or cannot be trusted: the user gets a sentence, never a blank
//! screen.

use std::io::{Read, Write};
use std::net::TcpListener;

use minchat_tui::server::{Options, start};

use crate::client::{Client, SOON, USUAL};
use test_support::pty::Size;

fn client(url: &str, key: &str) -> Client {
    client_with_size(url, key, USUAL)
}

/// Starts the program with the key in an environment variable: on the command line it would cause a warning.
fn client_with_size(url: &str, key: &str, size: Size) -> Client {
    let script = format!("read go; MINCHAT_API_KEY={key} exec \"$@\"");
    Client::start_with(&script, &["--url", url, "--user", "alice"], size)
}

/// Fails unless the shell shows one sentence of the program, possibly wrapped, and nothing else.
#[track_caller]
fn assert_one_sentence(client: &mut Client, sentence: &str) {
    let screen = client.pty.screen();
    let output = screen.lines().skip_while(|line| line.is_empty()).collect::<String>();
    assert!(output.starts_with("minchat-tui: ") && output.contains(sentence), "{screen}");
    assert_eq!(output.matches("minchat-tui:").count(), 1, "{screen}");
    assert!(!output.contains("panicked") && !output.contains("backtrace"), "{screen}");
}

#[test]
fn wrong_key_is_reported_in_the_shell() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let bind = "127.0.0.1:0".parse().unwrap();
    let options = Options { bind, api_key: "GOOD".into(), guest: "alice".into(), ..Options::default() };
    let server = runtime.block_on(start(options)).unwrap();
    let mut client = client(&server.url(), "BAD");
    client.assert_exit(3);
    client.assert_restored();
    assert_one_sentence(&mut client, "API key");
    runtime.block_on(server.stop());
}

#[test]
fn unreachable_host_is_reported_with_a_countdown() {
    // A port that was free a moment ago.
    let url = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let mut client = client(&url, "KEY");
    client.pty.wait_text(&format!("Cannot reach {url}: connection refused."), SOON).unwrap();
    client.pty.wait_text("Reconnecting in", SOON).unwrap();
    client.pty.wait_text("Reconnecting in", SOON).unwrap();
    // The client keeps trying, and text typed meanwhile is not lost.
    client.pty.send("typed while offline").unwrap();
    client.pty.wait_text("› typed while offline", SOON).unwrap();
    client.pty.send("\x15\x11").unwrap();
    client.assert_exit(3);
    client.assert_restored();
    assert_one_sentence(&mut client, "connection refused");
}

#[test]
fn connection_error_fits_a_small_terminal() {
    let url = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let size = Size { columns: 40, rows: 12 };
    let mut client = client_with_size(&url, "KEY", size);
    client.pty.wait_text("connection refused", SOON).unwrap();
    client.pty.wait_text("Reconnecting in", SOON).unwrap();
}

#[test]
fn first_frame_does_not_wait_for_the_network() {
    // Accepts connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let mut client = client(&url, "KEY");
    client.pty.wait_text(&format!("Connecting to {url}"), SOON).unwrap();
    client.pty.send("\x11").unwrap();
    // Nothing has failed yet, so there is nothing to report.
    client.assert_exit(0);
    client.assert_restored();
}

#[test]
fn server_of_another_kind_is_reported() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let page = "<html>It works!</html>";
            let _ =
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}", page.len());
        }
    });
    let mut client = client(&url, "KEY");
    client.pty.wait_text("The response is not from a MinChat server.", SOON).unwrap();
    client.pty.send("\x11").unwrap();
    client.assert_exit(3);
    client.assert_restored();
}

#[cfg(not(target_vendor = "apple"))]
#[test]
fn untrusted_certificate_is_reported_in_the_shell() {
    let url = self_signed();
    let mut client = client(&url, "KEY");
    client.assert_exit(3);
    client.assert_restored();
    assert_one_sentence(&mut client, "is not trusted");
}

/// Address of a server with a self-signed certificate. Its thread ends with the test process.
#[cfg(not(target_vendor = "apple"))]
fn self_signed() -> String {
    use openssl::pkey::PKey;
    use openssl::ssl::{SslAcceptor, SslMethod};
    use openssl::x509::X509;

    let (certificate, key) = test_support::certificate::certificate("127.0.0.1", 0, 2);
    let mut acceptor = SslAcceptor::mozilla_intermediate(SslMethod::tls()).unwrap();
    acceptor.set_private_key(&PKey::private_key_from_pem(&key).unwrap()).unwrap();
    acceptor.set_certificate(&X509::from_pem(&certificate).unwrap()).unwrap();
    let acceptor = acceptor.build();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // The client closes the connection when it sees the certificate.
            drop(acceptor.accept(stream));
        }
    });
    url
}
