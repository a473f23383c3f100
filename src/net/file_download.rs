//! Downloads of files to be saved, without the credentials of the account.

use std::io;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use reqwest::{Client, Response, StatusCode};
use tokio::runtime::Builder;
use tokio::time::timeout;
use url::Url;

use super::download_tap::DownloadTap;
use super::{proxy, tls_http};

/// Time without any data after which a download fails.
const STALL: Duration = Duration::from_secs(30);

/// Reason for a download that fails after [`STALL`].
const STALLED: &str = "No data arrived for half a minute. Check the network and try again.";

/// Maximum size of a file, in bytes. A server that never stops sending must not fill the disk.
const MAX_BYTES: u64 = 10_000_000_000;

/// Downloads the file at an http or https address, and passes it on in parts together with its size, if that is known.
/// Blocks until the end, or until `take` fails; `take` may block as well. `ca_file` names certificates that are trusted
/// in addition to the system's. `tap` records the call. Follows redirects within the same host only.
///
/// # Errors
/// The reason, a sentence.
pub fn download_file(
    url: &str,
    ca_file: Option<&Path>,
    tap: &DownloadTap,
    mut take: impl FnMut(&[u8], Option<u64>) -> io::Result<()>,
) -> Result<(), String> {
    let address = Url::parse(url).map_err(|_| "Its address is not valid.".to_owned())?;
    let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| format!("{error}. Try again."))?;
    let client = client(&address, ca_file)?;
    let running = tap.start(&address);
    let (mut status, mut received) = (0, 0);
    let result = runtime.block_on(open(&client, address)).map_err(End::Failed).and_then(|mut response| {
        status = response.status().as_u16();
        if let Some(reason) = refusal(response.status()) {
            return Err(End::Refused(reason));
        }
        let total = response.content_length();
        while let Some(part) = runtime.block_on(next_part(&mut response)).map_err(End::Failed)? {
            received += part.len() as u64;
            if received > MAX_BYTES {
                return Err(End::Failed("It is too large.".to_owned()));
            }
            take(&part, total).map_err(|error| not_taken(&error))?;
        }
        Ok(())
    });
    match &result {
        Ok(()) | Err(End::Refused(_)) => running.replied(status, received),
        Err(End::Failed(reason)) => running.failed(reason),
        Err(End::Canceled(_)) => drop(running),
    }
    result.map_err(|(End::Refused(reason) | End::Failed(reason) | End::Canceled(reason))| reason)
}

/// The end of a download that brought no file, with the reason, a sentence.
enum End {
    /// The reply is not the file.
    Refused(String),
    /// No complete reply arrived, or it could not be taken.
    Failed(String),
    /// The user has canceled it.
    Canceled(String),
}

fn not_taken(error: &io::Error) -> End {
    let is_canceled = error.kind() == io::ErrorKind::Interrupted;
    let reason = format!("It cannot be written: {error}. Free some space.");
    if is_canceled { End::Canceled(reason) } else { End::Failed(reason) }
}

fn client(url: &Url, ca_file: Option<&Path>) -> Result<Client, String> {
    let pem = ca_file
        .map(std::fs::read)
        .transpose()
        .map_err(|error| format!("The CA file cannot be read: {error}. Check ca_file in the profile."))?;
    let client = proxy::check(url.as_str()).and_then(|()| tls_http::client(url.as_str(), pem.as_deref()));
    client.map_err(|error| error.reason.to_string())
}

/// Requests the file.
async fn open(client: &Client, url: Url) -> Result<Response, String> {
    let response = timeout(STALL, client.get(url).send()).await.map_err(|_| STALLED.to_owned())?;
    response.map_err(|error| {
        let what = if error.is_connect() { "Its server cannot be reached" } else { "The connection failed" };
        format!("{what}. Check the network and try again.")
    })
}

/// Returns why a reply with this status is not the file.
fn refusal(status: StatusCode) -> Option<String> {
    match status {
        StatusCode::OK => None,
        StatusCode::NOT_FOUND | StatusCode::GONE => Some("The server no longer has it.".to_owned()),
        status if status.is_redirection() => {
            Some("It is on another host now. Open it in a browser instead.".to_owned())
        }
        status => Some(format!("The server answered with status {}. Try again later.", status.as_u16())),
    }
}

async fn next_part(response: &mut Response) -> Result<Option<Bytes>, String> {
    let part = timeout(STALL, response.chunk()).await.map_err(|_| STALLED.to_owned())?;
    part.map_err(|_| "The connection was lost half way. Try again.".to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// Serves one reply; returns the address and, later, the head of the request.
    fn serve(reply: String) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/a.png", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            let head = reader.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
            let _ = reader.get_mut().write_all(reply.as_bytes());
            head
        });
        (url, server)
    }

    #[test]
    fn file_arrives_in_parts_without_credentials() {
        let content = "0123456789".repeat(50_000);
        let (url, server) = serve(format!("HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n{content}"));
        let mut received = Vec::new();
        let done = download_file(&url, None, &DownloadTap::default(), |part, total| {
            assert_eq!(total, Some(500_000));
            received.extend_from_slice(part);
            Ok(())
        });
        assert_eq!(done, Ok(()));
        assert!(received == content.as_bytes());
        let head = server.join().unwrap();
        assert!(!head.iter().any(|line| line.to_lowercase().starts_with("authorization")), "{head:?}");
    }

    #[test]
    fn failed_downloads_are_explained() {
        for (reply, expected) in [
            ("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "The server no longer has it."),
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "The connection was lost half way. Try again."),
            (
                "HTTP/1.1 302 X\r\nLocation: http://x.example/\r\nContent-Length: 0\r\n\r\n",
                "It is on another host now. Open it in a browser instead.",
            ),
        ] {
            let (url, server) = serve(reply.to_owned());
            assert_eq!(download_file(&url, None, &DownloadTap::default(), |_, _| Ok(())).unwrap_err(), expected);
            server.join().unwrap();
        }
    }

    #[test]
    fn download_ends_when_its_parts_are_not_taken() {
        let (url, server) = serve("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc".to_owned());
        let full = download_file(&url, None, &DownloadTap::default(), |_, _| Err(io::ErrorKind::StorageFull.into()));
        assert_eq!(full.unwrap_err(), "It cannot be written: no storage space. Free some space.");
        server.join().unwrap();
    }
}
