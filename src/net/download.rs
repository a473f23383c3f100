//! Downloads of the files in messages, without the credentials of the account.

use std::path::Path;
use std::time::Duration;

use hyper::http::Request;
use reqwest::Client;
use tokio::runtime::Builder;
use tokio::time::timeout;
use url::Url;

use super::download_tap::DownloadTap;
use super::http_reply::{CallError, RawReply};
use super::request_body::RequestBody;
use super::{plain_http, tls_http};

/// Limit for a whole download.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Returns the file at an http or https address; it has at most 8 MiB. Blocks until it has arrived. `ca_file` names
/// certificates that are trusted in addition to the system's; `tap` records the call. Follows redirects within the same
/// host only.
///
/// # Errors
/// The reason, as the end of a sentence.
pub fn download(url: &str, ca_file: Option<&Path>, tap: &DownloadTap) -> Result<Vec<u8>, String> {
    let address = Url::parse(url).map_err(|_| "its address is not valid.".to_owned())?;
    let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| format!("{error}."))?;
    let client = tls_client(&address, ca_file).map_err(|error| explain(&error))?;
    let running = tap.start(&address);
    let reply = runtime.block_on(async { timeout(TIMEOUT, fetch(&address, client.as_ref())).await });
    match reply.unwrap_or(Err(CallError::TimedOut)) {
        Ok(RawReply { status, body, .. }) => {
            running.replied(status, body.len() as u64);
            match status {
                200 => Ok(body),
                404 | 410 => Err("the server no longer has it.".to_owned()),
                status => Err(format!("the server answered with status {status}.")),
            }
        }
        Err(error) => {
            let reason = explain(&error);
            running.failed(&reason);
            Err(reason)
        }
    }
}

fn explain(error: &CallError) -> String {
    match error {
        CallError::TooLarge => "it is too large.",
        CallError::TimedOut | CallError::Stalled => "it took too long.",
        CallError::NotConnected(_) => "its server cannot be reached.",
        CallError::Other(_) => "the connection failed.",
    }
    .to_owned()
}

/// Returns the client for an address that needs TLS.
fn tls_client(url: &Url, ca_file: Option<&Path>) -> Result<Option<Client>, CallError> {
    if url.scheme() == "http" {
        return Ok(None);
    }
    let pem = ca_file.map(std::fs::read).transpose()?;
    Ok(Some(tls_http::client(url.as_str(), pem.as_deref()).map_err(|error| error.reason.to_string())?))
}

async fn fetch(url: &Url, client: Option<&Client>) -> Result<RawReply, CallError> {
    let request = Request::new(RequestBody::bytes(""));
    match client {
        None => plain_http::call(&plain_http::client(), url, request).await,
        Some(client) => tls_http::call(client, url.clone(), request, TIMEOUT).await,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// Serves one reply; returns the address and, later, the head of the request.
    fn serve(reply: &'static str) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/a.png", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            let head = reader.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
            reader.get_mut().write_all(reply.as_bytes()).unwrap();
            head
        });
        (url, server)
    }

    #[test]
    fn file_is_fetched_without_credentials() {
        let (url, server) = serve("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
        assert_eq!(download(&url, None, &DownloadTap::default()).unwrap(), b"abc");
        let head = server.join().unwrap();
        assert_eq!(head[0], "GET /a.png HTTP/1.1");
        assert!(!head.iter().any(|line| line.to_lowercase().starts_with("authorization")), "{head:?}");
    }

    #[test]
    fn failed_downloads_are_explained() {
        for (reply, expected) in [
            ("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "the server no longer has it."),
            (
                "HTTP/1.1 302 No\r\nLocation: http://x\r\nContent-Length: 0\r\n\r\n",
                "the server answered with status 302.",
            ),
            ("nonsense", "the connection failed."),
        ] {
            let (url, server) = serve(reply);
            assert_eq!(download(&url, None, &DownloadTap::default()).unwrap_err(), expected);
            server.join().unwrap();
        }
        assert_eq!(download("nonsense", None, &DownloadTap::default()).unwrap_err(), "its address is not valid.");
    }
}
