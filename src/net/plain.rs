//! One HTTP call without TLS, on a connection of its own.
//!
//! For servers on this machine or in this network. It follows no redirect and keeps no connection: a chat makes a call
//! when somebody does something. Knows nothing of what a call means.

use std::io::ErrorKind;
use std::pin::Pin;

use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper::http::{HeaderValue, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::{Position, Url};

use super::form::Outgoing;
use super::rest::{CONNECT, Fault, Raw, USER_AGENT, append};

/// Sends `request` to `url`: the answer.
pub(super) async fn call(url: &Url, mut request: Request<Outgoing>) -> Result<Raw, Fault> {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let address = (host, url.port_or_known_default().unwrap_or(80));
    let stream = timeout(CONNECT, TcpStream::connect(address)).await;
    let stream = stream.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into())).map_err(Fault::unreached)?;
    // A call is one small write; the second one of a message with a body would wait for the first one's receipt.
    stream.set_nodelay(true)?;

    *request.uri_mut() = url[Position::BeforePath..Position::AfterQuery].parse()?;
    let headers = request.headers_mut();
    headers.insert("host", HeaderValue::from_str(&url[Position::BeforeHost..Position::AfterPort])?);
    headers.insert("user-agent", HeaderValue::from_static(USER_AGENT));
    headers.insert("connection", HeaderValue::from_static("close"));

    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // A set of one: dropped with this call, whichever way that ends.
    let mut task = JoinSet::new();
    task.spawn(connection);
    let response = sender.send_request(request).await?;
    let mut raw = Raw::head(response.status().as_u16(), response.headers());
    let mut body = response.into_body();
    while let Some(part) = frame(&mut body).await {
        if let Ok(part) = part?.into_data() {
            append(&mut raw.bytes, &part)?;
        }
    }
    Ok(raw)
}

async fn frame(body: &mut Incoming) -> Option<Result<hyper::body::Frame<hyper::body::Bytes>, hyper::Error>> {
    std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await
}
