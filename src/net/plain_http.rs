//! HTTP calls without TLS, for servers on this machine or in the local network. Follows no redirects.

use std::pin::Pin;
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::http::{HeaderValue, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use url::{Position, Url};

use super::http_reply::{CONNECT_TIMEOUT, CallError, RawReply, USER_AGENT};
use super::request_body::RequestBody;

/// Time for which an unused connection is kept. Node's servers close theirs after five seconds; a request on a
/// connection that is just being closed would have an uncertain outcome.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// Calls to servers without TLS, with connections that are used again.
pub(super) type PlainClient = Client<HttpConnector, RequestBody>;

/// Creates a client. It opens no connection yet.
pub(super) fn client() -> PlainClient {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
    // A request with a body consists of two small writes. Without this option the second one would wait until the first
    // one is acknowledged.
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new()).pool_idle_timeout(IDLE_TIMEOUT).pool_max_idle_per_host(1).build(connector)
}

/// Sends `request` to `url` and returns the reply.
pub(super) async fn call(
    client: &PlainClient,
    url: &Url,
    mut request: Request<RequestBody>,
) -> Result<RawReply, CallError> {
    *request.uri_mut() = url[..Position::AfterQuery].parse()?;
    request.headers_mut().insert("user-agent", HeaderValue::from_static(USER_AGENT));
    let sent = client.request(request).await;
    let response =
        sent.map_err(|error| if error.is_connect() { CallError::not_connected(error) } else { error.into() })?;
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

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// Regression test: opening a connection for each call took a third of the time until the server had a message.
    #[tokio::test]
    async fn second_call_uses_the_same_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = Url::parse(&format!("http://{}/a?b", listener.local_addr().unwrap())).unwrap();
        let server = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            let mut first_lines = Vec::new();
            for _ in 0..2 {
                let head: Vec<String> =
                    reader.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
                first_lines.push(head[0].clone());
                reader.get_mut().write_all(b"HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\nok").unwrap();
            }
            first_lines
        });
        let client = client();
        for _ in 0..2 {
            let request = Request::new(RequestBody::bytes(""));
            let reply = call(&client, &url, request).await.ok().unwrap();
            assert_eq!((reply.status, &*reply.body), (200, &b"ok"[..]));
        }
        assert_eq!(server.join().unwrap(), ["GET /a?b HTTP/1.1", "GET /a?b HTTP/1.1"]);
    }
}
