//! Servers that refuse, are not there, do not answer or cannot be trusted: a sentence, never a blank screen.

use std::io::{Read, Write};
use std::net::TcpListener;

use minchat_tui::server::{Options, start};

use crate::client::{Client, SOON, USUAL};
use test_support::pty::Size;

fn client(url: &str, key: &str) -> Client {
    client_of(url, key, USUAL)
}

/// The key is a variable: as an option it would be warned of.
fn client_of(url: &str, key: &str, size: Size) -> Client {
    let line = format!("read go; MINCHAT_API_KEY={key} exec \"$@\"");
    Client::start_by(&line, &["--url", url, "--user", "alice"], size)
}

/// The shell's screen after the end: one sentence, which may be wrapped, and nothing else.
#[track_caller]
fn assert_one_sentence(client: &mut Client, sentence: &str) {
    let screen = client.pty.screen();
    let said = screen.lines().skip_while(|line| line.is_empty()).collect::<String>();
    assert!(said.starts_with("minchat-tui: ") && said.contains(sentence), "{screen}");
    assert_eq!(said.matches("minchat-tui:").count(), 1, "{screen}");
    assert!(!said.contains("panicked") && !said.contains("backtrace"), "{screen}");
}

#[test]
fn a_wrong_key_is_told_to_the_shell() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let bind = "127.0.0.1:0".parse().unwrap();
    let options = Options { bind, api_key: "GOOD".into(), guest: "alice".into(), ..Options::default() };
    let server = runtime.block_on(start(options)).unwrap();
    let mut client = client(&server.url(), "BAD");
    client.assert_exit(3);
    client.assert_given_back();
    assert_one_sentence(&mut client, "API key");
    runtime.block_on(server.stop());
}

#[test]
fn a_host_that_is_not_there_is_told_on_screen_and_counted_down() {
    // A port that was free a moment ago.
    let url = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let mut client = client(&url, "KEY");
    client.pty.wait_text(&format!("Cannot reach {url}: connection refused."), SOON).unwrap();
    client.pty.wait_text("Reconnecting in", SOON).unwrap();
    client.pty.wait_text("Reconnecting in", SOON).unwrap();
    // It keeps trying, and what is typed meanwhile is not lost.
    client.pty.send("typed while offline").unwrap();
    client.pty.wait_text("› typed while offline", SOON).unwrap();
    client.pty.send("\x15\x11").unwrap();
    client.assert_exit(3);
    client.assert_given_back();
    assert_one_sentence(&mut client, "connection refused");
}

#[test]
fn the_sentence_stands_even_in_a_small_terminal() {
    let url = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let size = Size { columns: 40, rows: 12 };
    let mut client = client_of(&url, "KEY", size);
    client.pty.wait_text("connection refused", SOON).unwrap();
    client.pty.wait_text("Reconnecting in", SOON).unwrap();
}

#[test]
fn the_first_frame_is_up_before_the_network_answers() {
    // Listens, and never says a word.
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", mute.local_addr().unwrap());
    let mut client = client(&url, "KEY");
    client.pty.wait_text(&format!("Connecting to {url}"), SOON).unwrap();
    client.pty.send("\x11").unwrap();
    // Nothing has failed yet, so there is nothing to tell.
    client.assert_exit(0);
    client.assert_given_back();
}

#[test]
fn something_that_is_no_chat_server_is_told() {
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
    client.pty.wait_text("What answered is not a MinChat server.", SOON).unwrap();
    client.pty.send("\x11").unwrap();
    client.assert_exit(3);
    client.assert_given_back();
}

#[cfg(not(target_vendor = "apple"))]
#[test]
fn a_certificate_that_nobody_vouches_for_is_told_to_the_shell() {
    let url = self_signed();
    let mut client = client(&url, "KEY");
    client.assert_exit(3);
    client.assert_given_back();
    assert_one_sentence(&mut client, "is not trusted");
}

/// Where a server with a self-signed certificate listens. Its thread ends with the test process.
#[cfg(not(target_vendor = "apple"))]
fn self_signed() -> String {
    use openssl::asn1::Asn1Time;
    use openssl::hash::MessageDigest;
    use openssl::pkey::PKey;
    use openssl::ssl::{SslAcceptor, SslMethod};
    use openssl::x509::extension::SubjectAlternativeName;
    use openssl::x509::{X509, X509NameBuilder};

    let key = PKey::from_rsa(openssl::rsa::Rsa::generate(2048).unwrap()).unwrap();
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
    let host = SubjectAlternativeName::new().ip("127.0.0.1").build(&builder.x509v3_context(None, None)).unwrap();
    builder.append_extension(host).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    let mut acceptor = SslAcceptor::mozilla_intermediate(SslMethod::tls()).unwrap();
    acceptor.set_private_key(&key).unwrap();
    acceptor.set_certificate(&builder.build()).unwrap();
    let acceptor = acceptor.build();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // The client hangs up on what it sees.
            drop(acceptor.accept(stream));
        }
    });
    url
}
