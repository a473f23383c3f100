//! REST calls over HTTP: with a limit on everything.
//!
//! A call is over after half a minute; one that carries files goes on for as long as it gets on ([`Pace`]). Knows nothing
//! of what a call means, and never tells what is in its headers or its query.

use std::io;
use std::pin::pin;
use std::time::Duration;

use hyper::http::{self, Method};
use reqwest::{Client, redirect};
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use crate::domain::{Failure, Timestamp};
use crate::protocol::{Body, HttpCall, HttpMethod, parse};

use super::form::{Meter, Outgoing, Tell};
use super::plain;
use super::trouble::Trouble;

/// How long a connection may take to be made.
pub(super) const CONNECT: Duration = Duration::from_secs(10);

/// How this program names itself to servers.
pub(super) const USER_AGENT: &str = concat!("minchat-tui/", env!("CARGO_PKG_VERSION"));

/// A page of messages is some 20 KB; a body beyond this is not one.
const BODY_LIMIT: usize = 8 << 20;

/// How much of a body that is not JSON is kept.
const OTHER_CHARS: usize = 512;

/// How slow a call may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// How long one without files may take altogether.
    pub(super) call: Duration,
    /// How long nothing of a file may go out.
    pub(super) stall: Duration,
    /// How long the server may take to answer once all is out: what the system still holds must reach it first, and
    /// then it stores and measures what it got.
    pub(super) answer: Duration,
    /// How long one with files may take altogether.
    pub(super) whole: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let call = Duration::from_secs(30);
        Self {
            call,
            stall: Duration::from_secs(30),
            answer: Duration::from_secs(120),
            whole: Duration::from_secs(60 * 60),
        }
    }
}

/// What came back from a call.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: u16,
    /// The body.
    pub(super) body: Body,
    /// How long the server asks to wait before anything else is asked (`Retry-After`).
    pub(super) wait: Option<Duration>,
    /// How far the server's clock is ahead of ours, in milliseconds, if it tells the time.
    pub(super) ahead: Option<i64>,
}

/// An answer as it came off the wire.
pub(super) struct Raw {
    pub(super) status: u16,
    pub(super) wait: Option<Duration>,
    pub(super) ahead: Option<i64>,
    pub(super) bytes: Vec<u8>,
}

impl Raw {
    /// An answer whose body is still to come.
    pub(super) fn head(status: u16, headers: &http::HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let ours = now();
        let theirs = text("date").and_then(Timestamp::parse_http);
        let wait = text("retry-after").and_then(|text| wait(text, theirs.unwrap_or(ours)));
        Self { status, wait, ahead: theirs.map(|theirs| theirs - ours), bytes: Vec::new() }
    }
}

/// Reads `Retry-After`: seconds, or a date by the server's own clock (RFC 9110 §10.2.3).
fn wait(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = Timestamp::parse_http(text)?;
    Some(Duration::from_millis(u64::try_from(at - now).unwrap_or(0)))
}

/// Our clock, for a server that does not tell its own.
fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A client for one server.
#[derive(Clone)]
pub(super) struct Rest {
    url: String,
    transport: Transport,
    pace: Pace,
}

#[derive(Clone)]
enum Transport {
    /// Without TLS. Merely setting OpenSSL up costs 5 MB and 10 ms, most of it for the system's certificates, and it
    /// cannot be told to leave those alone; who chats with a server on this machine pays for neither.
    Plain,
    /// With TLS.
    Tls(Client),
}

impl Rest {
    /// A client for the server at `url`, which trusts `ca` beside the system's.
    pub(super) fn new(url: &str, ca: Option<&[u8]>, pace: Pace) -> Result<Self, Trouble> {
        let transport = if url.starts_with("http://") { Transport::Plain } else { Transport::Tls(tls(url, ca)?) };
        Ok(Self { url: url.trim_end_matches('/').to_owned(), transport, pace })
    }

    /// Makes the call: what came back, or why nothing did. `tell` is told how far its files are.
    pub(super) async fn call(&self, call: HttpCall, tell: Option<Tell>) -> Result<Answer, Trouble> {
        let mut url = Url::parse(&format!("{}{}", self.url, call.path))
            .map_err(|_| Trouble::lasting(&format!("{} is not an address. Check --url.", self.url)))?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let (verb, path) = (call.method, call.path);
        let method = match verb {
            HttpMethod::Get => Method::GET,
            HttpMethod::Post => Method::POST,
            HttpMethod::Patch => Method::PATCH,
            HttpMethod::Delete => Method::DELETE,
        };
        let (kind, body, meter) = match (call.json, call.form) {
            (Some(json), _) => ("application/json".to_owned(), Outgoing::bytes(json.to_string()), None),
            (None, Some(form)) => Outgoing::form(form, tell).await?,
            (None, None) => (String::new(), Outgoing::bytes(""), None),
        };
        let mut request = http::Request::builder().method(method).header("authorization", call.authorization);
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        // The only header that is not ours is the key.
        let request = request.body(body).map_err(|_| {
            Trouble::lasting("The key or token holds characters that no header can carry. Check it in the profile.")
        })?;
        let whole = if meter.is_some() { self.pace.whole } else { self.pace.call };
        let answer = async {
            match &self.transport {
                Transport::Plain => plain::call(&url, request).await,
                Transport::Tls(client) => fetch(client, url, request, whole).await,
            }
        };
        let answer = match &meter {
            None => timeout(whole, answer).await,
            Some(meter) => timeout(whole, self.pace.keep(meter, answer)).await,
        };
        let answer = answer.unwrap_or(Err(Fault::TimedOut));
        let unread = meter.as_ref().and_then(|meter| meter.fault.get());
        match answer {
            Ok(Raw { status, wait, ahead, bytes }) => {
                // Neither the key, which is a header, nor what people write, which is a body.
                tracing::debug!(?verb, path, status, bytes = bytes.len(), "call");
                Ok(Answer { status, body: read(&bytes), wait, ahead })
            }
            // Half a file is no message.
            Err(_) if unread.is_some() => {
                Err(Trouble::passing(unread.map_or("", String::as_str)).with(Failure::Refused))
            }
            Err(Fault::Stalled) => Err(Trouble::passing(
                "The server took no more of the file for half a minute. Check the network and send it again.",
            )),
            Err(Fault::TooLong) => {
                let trouble = Trouble::passing("The server's answer is larger than 8 MiB and was given up.");
                // What was only asked would be answered the same again.
                Err(if verb == HttpMethod::Get { trouble.with(Failure::Refused) } else { trouble })
            }
            Err(Fault::TimedOut) => Err(Trouble::reaching(&self.url, &io::Error::from(io::ErrorKind::TimedOut))),
            Err(Fault::Unreached(error)) => Err(Trouble::reaching(&self.url, &*error).with(Failure::NotSent)),
            Err(Fault::Broken(error)) => Err(Trouble::reaching(&self.url, &*error).with(Failure::Uncertain)),
        }
    }
}

/// Why a call has no answer.
pub(super) enum Fault {
    /// It took too long.
    TimedOut,
    /// Nothing of a file went out any more.
    Stalled,
    /// The body is beyond [`BODY_LIMIT`].
    TooLong,
    /// There was no connection for it to go out on.
    Unreached(Box<dyn std::error::Error + Send + Sync>),
    /// Anything else.
    Broken(Box<dyn std::error::Error + Send + Sync>),
}

impl Fault {
    /// For what fails before the first byte goes out.
    pub(super) fn unreached(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unreached(error.into())
    }
}

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

impl Pace {
    /// Waits for the answer to a call with files for as long as they get on.
    async fn keep<T>(&self, meter: &Meter, answer: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        let mut answer = pin!(answer);
        loop {
            let limit = if meter.is_out() { self.answer } else { self.stall };
            let until = meter.moved() + limit;
            if let Ok(answer) = timeout_at(until, &mut answer).await {
                return answer;
            }
            if meter.moved() + limit <= Instant::now() {
                return Err(if meter.is_out() { Fault::TimedOut } else { Fault::Stalled });
            }
        }
    }
}

fn tls(url: &str, ca: Option<&[u8]>) -> Result<Client, Trouble> {
    let mut builder =
        Client::builder().user_agent(USER_AGENT).connect_timeout(CONNECT).redirect(redirect::Policy::custom(same_host));
    if let Some(pem) = ca {
        let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|_| unreadable_ca())?;
        for certificate in certificates {
            builder = builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(|error| Trouble::reaching(url, &error.without_url()))
}

async fn fetch(client: &Client, url: Url, request: http::Request<Outgoing>, whole: Duration) -> Result<Raw, Fault> {
    let (head, body) = request.into_parts();
    // A body of bytes can be sent once more, after a redirect or on a connection that was closed; a stream cannot.
    let body = body.into_bytes().map_or_else(reqwest::Body::wrap, reqwest::Body::from);
    let request = client.request(head.method, url).headers(head.headers).timeout(whole).body(body);
    let sent = request.send().await.map_err(reqwest::Error::without_url);
    let mut response = sent.map_err(|error| if error.is_connect() { Fault::unreached(error) } else { error.into() })?;
    let mut raw = Raw::head(response.status().as_u16(), response.headers());
    while let Some(part) = response.chunk().await.map_err(reqwest::Error::without_url)? {
        append(&mut raw.bytes, &part)?;
    }
    Ok(raw)
}

/// Adds a part of a body, up to the limit.
pub(super) fn append(bytes: &mut Vec<u8>, part: &[u8]) -> Result<(), Fault> {
    if bytes.len() + part.len() > BODY_LIMIT {
        return Err(Fault::TooLong);
    }
    bytes.extend_from_slice(part);
    Ok(())
}

/// What to say of a CA file that holds no certificate.
pub(super) fn unreadable_ca() -> Trouble {
    Trouble::lasting("The CA file holds no PEM certificate. Check ca_file in the profile.")
}

/// An empty body is an answer too: that of a deletion.
fn read(bytes: &[u8]) -> Body {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Body::Json(serde_json::Value::Null);
    }
    match parse(bytes) {
        Some(json) => Body::Json(json),
        None => Body::Other(String::from_utf8_lossy(bytes).chars().take(OTHER_CHARS).collect()),
    }
}

/// A redirect within the server is followed; one elsewhere would carry messages to a host that nobody named.
fn same_host(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let origin = |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
    let home = attempt.previous().first().map(origin);
    if attempt.previous().len() <= 5 && home == Some(origin(attempt.url())) { attempt.follow() } else { attempt.stop() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_file_may_take_as_long_as_it_gets_on() {
        let (moves, mut meter) = Meter::for_tests();
        let pace = Pace::default();
        let begin = Instant::now();
        let answer = async {
            for last in 1..=40 {
                tokio::time::sleep(Duration::from_secs(29)).await;
                moves.send_replace((Instant::now(), last == 40));
            }
            tokio::time::sleep(Duration::from_secs(119)).await;
            Ok(())
        };
        assert!(pace.keep(&meter, answer).await.is_ok());
        assert_eq!(begin.elapsed().as_secs(), 40 * 29 + 119);
        // All is out, and the server has nothing to say to it.
        let silent = pace.keep(&meter, std::future::pending::<Result<(), Fault>>()).await;
        assert!(matches!(silent, Err(Fault::TimedOut)));
        (_, meter) = Meter::for_tests();
        let begin = Instant::now();
        let stalled = pace.keep(&meter, std::future::pending::<Result<(), Fault>>()).await;
        assert!(matches!(stalled, Err(Fault::Stalled)));
        assert_eq!(begin.elapsed(), pace.stall);
    }

    #[test]
    fn a_server_says_how_long_to_wait_in_seconds_or_by_its_clock() {
        let told = |text: &str| {
            let mut headers = http::HeaderMap::new();
            headers.insert("retry-after", text.parse().unwrap());
            headers.insert("date", "Sun, 06 Nov 1994 08:49:37 GMT".parse().unwrap());
            Raw::head(429, &headers).wait.map(|wait| wait.as_secs())
        };
        assert_eq!(told("12"), Some(12));
        assert_eq!(told("Sun, 06 Nov 1994 08:50:07 GMT"), Some(30));
        assert_eq!(told("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        for nonsense in ["", "soon", "-5", "1.5", "99999999999999999999999"] {
            assert_eq!(told(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_page_of_a_proxy_is_cut_and_not_json() {
        assert_eq!(read(b""), Body::Json(serde_json::Value::Null));
        assert_eq!(read(b"{\"a\":1}"), Body::Json(serde_json::json!({"a": 1})));
        // Half of a surrogate pair costs a character, and not the page.
        assert_eq!(read(br#"[{"text":"\ud83d"},1]"#), Body::Json(serde_json::json!([{"text": "\u{fffd}"}, 1])));
        let Body::Other(text) = read("<html>é".repeat(1000).as_bytes()) else { panic!() };
        assert_eq!(text.chars().count(), OTHER_CHARS);
    }
}
