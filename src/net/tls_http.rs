//! HTTP calls over TLS, with `reqwest`.

use std::time::Duration;

use hyper::http;
use reqwest::{Client, redirect};
use url::Url;

use super::error::NetError;
use super::http_reply::{CONNECT_TIMEOUT, CallError, RawReply, USER_AGENT};
use super::request_body::RequestBody;

/// Maximum number of redirects in a row. Each leads back to the same server.
const MAX_REDIRECTS: usize = 5;

/// Creates a client. `ca` holds PEM certificates that are trusted in addition to the system's.
pub(super) fn client(url: &str, ca: Option<&[u8]>) -> Result<Client, NetError> {
    let mut builder = Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(redirect::Policy::custom(same_origin_only));
    if url.starts_with("http://") {
        // As in `plain_http`.
        builder = builder.no_proxy();
    }
    if let Some(pem) = ca {
        let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|_| invalid_ca_file())?;
        for certificate in certificates {
            builder = builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(|error| NetError::from_transport(url, &error.without_url()))
}

/// Sends `request` to `url` and returns the reply.
pub(super) async fn call(
    client: &Client,
    url: Url,
    request: http::Request<RequestBody>,
    limit: Duration,
) -> Result<RawReply, CallError> {
    let (head, body) = request.into_parts();
    // A body of bytes can be sent again after a redirect or on a stale connection, a stream cannot.
    let body = body.into_bytes().map_or_else(reqwest::Body::wrap, reqwest::Body::from);
    let request = client.request(head.method, url).headers(head.headers).timeout(limit).body(body);
    // Error messages must not contain the URL, since its query may hold a token.
    let sent = request.send().await.map_err(reqwest::Error::without_url);
    let mut response =
        sent.map_err(|error| if error.is_connect() { CallError::not_connected(error) } else { error.into() })?;
    let mut reply = RawReply::new(response.status().as_u16(), response.headers());
    while let Some(part) = response.chunk().await.map_err(reqwest::Error::without_url)? {
        reply.append(&part)?;
    }
    Ok(reply)
}

/// Returns the error for a CA file without certificates.
pub(super) fn invalid_ca_file() -> NetError {
    NetError::permanent("The CA file contains no PEM certificate. Check ca_file in the profile.")
}

/// Follows redirects within the same origin. Any other redirect would send private messages to a host that the user did
/// not choose.
fn same_origin_only(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let first = attempt.previous().first().map(Url::origin);
    let is_same = first == Some(attempt.url().origin());
    if attempt.previous().len() <= MAX_REDIRECTS && is_same { attempt.follow() } else { attempt.stop() }
}
