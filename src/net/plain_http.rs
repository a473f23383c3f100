//! HTTP calls without TLS, each on a connection of its own.
//!
//! For servers on this machine or in the local network. Follows no redirects and keeps no connections open, because a
//! chat client makes few calls.

use std::io::ErrorKind;
use std::pin::Pin;

use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::client::conn::http1;
use hyper::http::{HeaderValue, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::{Position, Url};

use super::http_reply::{CONNECT_TIMEOUT, CallError, RawReply, USER_AGENT};
use super::request_body::RequestBody;

/// Sends `request` to `url` and returns the reply.
pub(super) async fn call(url: &Url, mut request: Request<RequestBody>) -> Result<RawReply, CallError> {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let address = (host, url.port_or_known_default().unwrap_or(80));
    let stream = timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await;
    let stream = stream.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into())).map_err(CallError::not_connected)?;
    // A request with a body consists of two small writes. Without this option the second one would wait until the first
    // one is acknowledged.
    stream.set_nodelay(true)?;

    *request.uri_mut() = url[Position::BeforePath..Position::AfterQuery].parse()?;
    let headers = request.headers_mut();
    headers.insert("host", HeaderValue::from_str(&url[Position::BeforeHost..Position::AfterPort])?);
    headers.insert("user-agent", HeaderValue::from_static(USER_AGENT));
    headers.insert("connection", HeaderValue::from_static("close"));

    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // A `JoinSet` aborts the task when it is dropped, however this call ends.
    let mut task = JoinSet::new();
    task.spawn(connection);
    let response = sender.send_request(request).await?;
    let mut reply = RawReply::new(response.status().as_u16(), response.headers());
    let mut body = response.into_body();
    while let Some(part) = next_frame(&mut body).await {
        if let Ok(part) = part?.into_data() {
            reply.append(&part)?;
        }
    }
    Ok(reply)
}

async fn next_frame(body: &mut Incoming) -> Option<Result<Frame<Bytes>, hyper::Error>> {
    std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await
}
