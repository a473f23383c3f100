//! REST calls to one server, with a time limit on everything.
//!
//! A call without files has a fixed limit. A call with files may take long, but fails when it makes no progress, see
//! [`CallTimeouts`]. Does not interpret calls, and never logs their headers or queries.

use std::io;
use std::pin::pin;
use std::time::Duration;

use hyper::http::{self, Method};
use reqwest::Client;
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use crate::domain::Failure;
use crate::protocol::{Body, HttpCall, HttpMethod, ParseError, parse};

use super::error::NetError;
use super::http_reply::{CallError, RawReply};
use super::multipart::{self, Form};
use super::plain_http::PlainClient;
use super::request_body::{ProgressReporter, RequestBody, UploadMeter};
use super::tap::Exchange;
use super::timing::CallTimeouts;
use super::{plain_http, proxy, tls_http};

/// Maximum length of a body that is not JSON, in characters. The rest is discarded.
const OTHER_BODY_CHARS: usize = 512;

/// The reply to a call.
#[derive(Debug)]
pub(super) struct Reply {
    /// HTTP status.
    pub(super) status: u16,
    /// The body.
    pub(super) body: Body,
    /// Delay that the server asks for before any further call (`Retry-After`).
    pub(super) retry_after: Option<Duration>,
    /// Difference between the server's clock and ours in milliseconds, if the reply has a date. Positive if the
    /// server's is ahead.
    pub(super) clock_offset: Option<i64>,
}

/// A client for one server.
#[derive(Clone)]
pub(super) struct RestClient {
    /// Base URL without a slash at the end.
    url: String,
    transport: Transport,
    timeouts: CallTimeouts,
}

#[derive(Clone)]
enum Transport {
    /// Without TLS. Setting up OpenSSL costs 5 MB and 10 ms, most of it for the system's certificates, which it always
    /// loads. A client of a server on the same machine should not pay for that.
    Plain(Box<PlainClient>),
    /// With TLS, and certificates that are trusted in addition to the system's.
    Tls(Client, Option<Vec<u8>>),
}

impl RestClient {
    /// Creates a client for the server at `url`. `ca` holds PEM certificates that are trusted in addition to the
    /// system's.
    pub(super) fn new(url: &str, ca: Option<&[u8]>, timeouts: CallTimeouts) -> Result<Self, NetError> {
        let is_plain = url.starts_with("http://");
        let transport = if is_plain {
            Transport::Plain(Box::new(plain_http::client()))
        } else {
            proxy::check(url)?;
            Transport::Tls(tls_http::client(url, ca)?, ca.map(<[u8]>::to_vec))
        };
        Ok(Self { url: url.trim_end_matches('/').to_owned(), transport, timeouts })
    }

    /// Uses new connections from now on. After a sleep or in another network, the open ones are dead, and each call that
    /// used one would wait for the time limit.
    pub(super) fn forget_connections(&mut self) {
        match &mut self.transport {
            Transport::Plain(client) => **client = plain_http::client(),
            Transport::Tls(client, ca) => {
                // It was possible before, with the same certificates.
                if let Ok(new) = tls_http::client(&self.url, ca.as_deref()) {
                    *client = new;
                }
            }
        }
    }

    /// Returns the base URL, without a slash at the end.
    pub(super) fn base(&self) -> &str {
        &self.url
    }

    /// Makes a call. `reporter` receives the progress of its files, and `exchange` records how it ends.
    pub(super) async fn call(
        &self,
        call: HttpCall,
        reporter: Option<ProgressReporter>,
        exchange: &mut Exchange,
    ) -> Result<Reply, NetError> {
        let outcome = self.perform(call, reporter, exchange).await;
        if let Err(error) = &outcome {
            exchange.fail(&error.reason);
        }
        outcome
    }

    async fn perform(
        &self,
        call: HttpCall,
        reporter: Option<ProgressReporter>,
        exchange: &mut Exchange,
    ) -> Result<Reply, NetError> {
        let (method, path) = (call.method, call.path.clone());
        let (url, request, meter) = self.request(call, reporter).await?;
        let limit = if meter.is_some() { self.timeouts.upload } else { self.timeouts.call };
        let reply = async {
            match &self.transport {
                Transport::Plain(client) => plain_http::call(client, &url, request).await,
                Transport::Tls(client, _) => tls_http::call(client, url, request, limit).await,
            }
        };
        let reply = match &meter {
            None => timeout(limit, reply).await,
            Some(meter) => timeout(limit, await_upload(self.timeouts, meter, reply)).await,
        };
        let file_error = meter.as_ref().and_then(UploadMeter::file_error);
        match reply.unwrap_or(Err(CallError::TimedOut)) {
            Ok(RawReply { status, retry_after, clock_offset, body }) => {
                // Neither headers, which hold the key, nor bodies, which hold private messages.
                tracing::debug!(?method, path, status, bytes = body.len(), "call");
                exchange.reply(status, &body);
                let body = parse_body(&body).map_err(|error| self.explain(error, method))?;
                Ok(Reply { status, body, retry_after, clock_offset })
            }
            // The server cannot have accepted half of a file.
            Err(_) if file_error.is_some() => {
                Err(NetError::transient(file_error.unwrap_or_default()).with_failure(Failure::Refused))
            }
            Err(error) => {
                let is_incomplete = meter.as_ref().is_some_and(|meter| !meter.state().is_complete);
                let error = self.explain(error, method);
                if is_incomplete && error.failure == Failure::Uncertain {
                    return Err(interrupted(&error));
                }
                Err(error)
            }
        }
    }

    /// Builds the HTTP request of a call.
    async fn request(
        &self,
        call: HttpCall,
        reporter: Option<ProgressReporter>,
    ) -> Result<(Url, http::Request<RequestBody>, Option<UploadMeter>), NetError> {
        let mut url = Url::parse(&format!("{}{}", self.url, call.path))
            .map_err(|_| NetError::permanent(&format!("{} is not a valid address. Check the address.", self.url)))?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let method = match call.method {
            HttpMethod::Get => Method::GET,
            HttpMethod::Post => Method::POST,
            HttpMethod::Patch => Method::PATCH,
            HttpMethod::Delete => Method::DELETE,
        };
        let mut request = http::Request::builder().method(method).header("authorization", call.authorization);
        let (body, meter) = match (call.json, call.form) {
            (Some(json), _) => {
                request = request.header("content-type", "application/json");
                (RequestBody::bytes(json.to_string()), None)
            }
            (None, Some(parts)) => {
                let Form { content_type, body, meter } = multipart::encode(parts, reporter).await?;
                request = request.header("content-type", content_type);
                (body, meter)
            }
            (None, None) => (RequestBody::bytes(""), None),
        };
        // Only the authorization header can be invalid, because all others are ours.
        let request = request.body(body).map_err(|_| {
            let sentence = "The key or token contains characters that no header can carry. Check it in the profile.";
            NetError::permanent(sentence)
        })?;
        Ok((url, request, meter))
    }

    fn explain(&self, error: CallError, method: HttpMethod) -> NetError {
        match error {
            CallError::TimedOut => NetError::from_transport(&self.url, &io::Error::from(io::ErrorKind::TimedOut)),
            CallError::Stalled => NetError::transient("No data was transferred for half a minute. Check the network."),
            CallError::TooLarge => {
                let error = NetError::transient("The server's reply is too large and was discarded.");
                // A call that only reads would get the same reply again.
                if method == HttpMethod::Get { error.with_failure(Failure::Refused) } else { error }
            }
            CallError::NotConnected(error) => proxy::explain_call(&self.url, &*error).with_failure(Failure::NotSent),
            CallError::Other(error) => NetError::from_transport(&self.url, &*error).with_failure(Failure::Uncertain),
        }
    }
}

/// Describes an upload that ended half way, of which the server cannot have accepted a part.
fn interrupted(error: &NetError) -> NetError {
    NetError::transient(&format!("The upload was interrupted. {}", error.reason)).with_failure(Failure::NotSent)
}

/// Waits for the reply to a call with files for as long as the upload makes progress.
async fn await_upload<T>(
    timeouts: CallTimeouts,
    meter: &UploadMeter,
    reply: impl Future<Output = Result<T, CallError>>,
) -> Result<T, CallError> {
    let mut reply = pin!(reply);
    loop {
        let state = meter.state();
        let limit = if state.is_complete { timeouts.upload_reply } else { timeouts.stall };
        if let Ok(reply) = timeout_at(state.last_activity + limit, &mut reply).await {
            return reply;
        }
        let state = meter.state();
        if state.last_activity + limit <= Instant::now() {
            return Err(if state.is_complete { CallError::TimedOut } else { CallError::Stalled });
        }
    }
}

/// Parses a body. An empty one is valid, for example the reply to a deletion.
fn parse_body(bytes: &[u8]) -> Result<Body, CallError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Body::Json(serde_json::Value::Null));
    }
    match parse(bytes) {
        Ok(json) => Ok(Body::Json(json)),
        Err(ParseError::NotJson) => Ok(Body::Other(first_chars(bytes))),
        Err(ParseError::TooLarge) => Err(CallError::TooLarge),
    }
}

/// Returns the beginning of a body that is not JSON.
fn first_chars(bytes: &[u8]) -> String {
    // A character takes at most four bytes.
    let bytes = &bytes[..bytes.len().min(4 * OTHER_BODY_CHARS)];
    String::from_utf8_lossy(bytes).chars().take(OTHER_BODY_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;
    use crate::net::request_body::TransferState;

    /// Regression test: after a sleep, each connection of the pool cost the next call its whole time limit.
    #[tokio::test]
    async fn forgotten_connections_are_not_used_again() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut rest =
            RestClient::new(&format!("http://{}", listener.local_addr().unwrap()), None, CallTimeouts::default())
                .unwrap();
        let server = std::thread::spawn(move || {
            [0; 2].map(|_| {
                let (mut stream, _) = listener.accept().unwrap();
                let (mut calls, mut head) = (0, [0; 4096]);
                while stream.read(&mut head).is_ok_and(|count| count > 0) {
                    calls += 1;
                    stream.write_all(b"HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\n{}").unwrap();
                }
                calls
            })
        });
        let call = || HttpCall {
            method: HttpMethod::Get,
            path: "/".to_owned(),
            query: Vec::new(),
            json: None,
            form: None,
            authorization: "KEY".to_owned(),
        };
        for _ in 0..2 {
            rest.call(call(), None, &mut Exchange::default()).await.unwrap();
        }
        rest.forget_connections();
        rest.call(call(), None, &mut Exchange::default()).await.unwrap();
        drop(rest);
        // The connections are closed by tasks of this runtime.
        let calls = tokio::task::spawn_blocking(|| server.join().unwrap()).await.unwrap();
        assert_eq!(calls, [2, 1]);
    }

    #[tokio::test(start_paused = true)]
    async fn upload_may_take_as_long_as_it_makes_progress() {
        let (transfer, meter) = UploadMeter::for_tests();
        let timeouts = CallTimeouts::default();
        let start = Instant::now();
        let reply = async {
            for chunk in 1..=40 {
                tokio::time::sleep(Duration::from_secs(29)).await;
                transfer.send_replace(TransferState { last_activity: Instant::now(), is_complete: chunk == 40 });
            }
            tokio::time::sleep(Duration::from_secs(119)).await;
            Ok(())
        };
        assert!(await_upload(timeouts, &meter, reply).await.is_ok());
        assert_eq!(start.elapsed().as_secs(), 40 * 29 + 119);
        let no_reply = await_upload(timeouts, &meter, std::future::pending::<Result<(), CallError>>()).await;
        assert!(matches!(no_reply, Err(CallError::TimedOut)));
    }

    #[tokio::test(start_paused = true)]
    async fn stalled_upload_fails() {
        let (_transfer, meter) = UploadMeter::for_tests();
        let timeouts = CallTimeouts::default();
        let start = Instant::now();
        let stalled = await_upload(timeouts, &meter, std::future::pending::<Result<(), CallError>>()).await;
        assert!(matches!(stalled, Err(CallError::Stalled)));
        assert_eq!(start.elapsed(), timeouts.stall);
    }

    #[test]
    fn body_is_json_or_the_beginning_of_something_else() {
        let parse_body = |bytes: &[u8]| parse_body(bytes).unwrap_or_else(|_| panic!("too large"));
        assert_eq!(parse_body(b""), Body::Json(serde_json::Value::Null));
        assert_eq!(parse_body(b"{\"a\":1}"), Body::Json(serde_json::json!({"a": 1})));
        // A lone surrogate affects one character and not the page.
        assert_eq!(parse_body(br#"[{"text":"\ud83d"},1]"#), Body::Json(serde_json::json!([{"text": "\u{fffd}"}, 1])));
        let Body::Other(text) = parse_body("<html>é".repeat(1000).as_bytes()) else { panic!() };
        assert_eq!(text.chars().count(), OTHER_BODY_CHARS);
    }
}
