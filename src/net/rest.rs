//! REST calls over HTTP: one client, made at the first call, with a limit on everything.
//!
//! Knows nothing of what a call means, and never tells what is in its headers or its query.

use std::time::Duration;

use reqwest::{Client, Method, Response, Url, redirect};

use crate::protocol::{Body, HttpCall, HttpMethod};

use super::trouble::Trouble;

/// How this program names itself to servers.
pub(super) const USER_AGENT: &str = concat!("minchat-tui/", env!("CARGO_PKG_VERSION"));

/// A page of messages is some 20 KB; a body beyond this is not one.
const BODY_LIMIT: usize = 8 << 20;

/// How much of a body that is not JSON is kept.
const OTHER_CHARS: usize = 512;

/// A client for one server.
#[derive(Clone)]
pub(super) struct Rest {
    url: String,
    client: Client,
}

impl Rest {
    /// A client for the server at `url`, which trusts `ca` beside the system's.
    pub(super) fn new(url: &str, ca: Option<&[u8]>) -> Result<Self, Trouble> {
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(30))
            .redirect(redirect::Policy::custom(same_host));
        if url.starts_with("http://") {
            // Reading the system's bundle of certificates takes longer than all else at the start.
            builder = builder.tls_built_in_root_certs(false);
        }
        if let Some(pem) = ca {
            let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|_| unreadable_ca())?;
            for certificate in certificates {
                builder = builder.add_root_certificate(certificate);
            }
        }
        let client = builder.build().map_err(|error| Trouble::reaching(url, &error.without_url()))?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), client })
    }

    /// Makes the call: its status and body, or why there are none.
    pub(super) async fn call(&self, call: HttpCall) -> Result<(u16, Body), Trouble> {
        let trouble = |error: reqwest::Error| Trouble::reaching(&self.url, &error.without_url());
        let url = Url::parse(&format!("{}{}", self.url, call.path))
            .map_err(|_| Trouble::lasting(&format!("{} is not an address. Check --url.", self.url)))?;
        let method = match call.method {
            HttpMethod::Get => Method::GET,
            HttpMethod::Post => Method::POST,
            HttpMethod::Patch => Method::PATCH,
            HttpMethod::Delete => Method::DELETE,
        };
        let mut request = self.client.request(method, url).header("authorization", call.authorization);
        if !call.query.is_empty() {
            request = request.query(&call.query);
        }
        if let Some(json) = call.json {
            request = request.header("content-type", "application/json").body(json.to_string());
        }
        if let Some(form) = call.form {
            let (content_type, body) = multipart(&form);
            request = request.header("content-type", content_type).body(body);
        }
        let response = request.send().await.map_err(trouble)?;
        let status = response.status().as_u16();
        let bytes = self.body(response).await?;
        Ok((status, read(&bytes)))
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Trouble> {
        let mut bytes = Vec::new();
        let chunk = |error: reqwest::Error| Trouble::reaching(&self.url, &error.without_url());
        while let Some(part) = response.chunk().await.map_err(chunk)? {
            if bytes.len() + part.len() > BODY_LIMIT {
                return Err(Trouble::passing("The server's answer is larger than 8 MiB and was given up."));
            }
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    }
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
    match serde_json::from_slice(bytes) {
        Ok(json) => Body::Json(json),
        Err(_) => Body::Other(String::from_utf8_lossy(bytes).chars().take(OTHER_CHARS).collect()),
    }
}

/// A redirect within the server is followed; one elsewhere would carry messages to a host that nobody named.
fn same_host(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let origin = |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
    let home = attempt.previous().first().map(origin);
    if attempt.previous().len() <= 5 && home == Some(origin(attempt.url())) { attempt.follow() } else { attempt.stop() }
}

/// A form of plain fields. The boundary is one that no field contains.
fn multipart(fields: &[(String, String)]) -> (String, String) {
    let mut boundary = "minchat-tui-field".to_owned();
    while fields.iter().any(|(_, value)| value.contains(&boundary)) {
        boundary.push('-');
        boundary.push_str(&fields.len().to_string());
    }
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    (format!("multipart/form-data; boundary={boundary}"), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_ends_where_no_field_can_end_it() {
        let fields = [("title".to_owned(), "--minchat-tui-field--\r\nx".to_owned())];
        let (kind, body) = multipart(&fields);
        let boundary = kind.split_once("boundary=").unwrap().1;
        assert_eq!(body.matches(boundary).count(), 2);
    }

    #[test]
    fn a_page_of_a_proxy_is_cut_and_not_json() {
        assert_eq!(read(b""), Body::Json(serde_json::Value::Null));
        assert_eq!(read(b"{\"a\":1}"), Body::Json(serde_json::json!({"a": 1})));
        let Body::Other(text) = read("<html>é".repeat(1000).as_bytes()) else { panic!() };
        assert_eq!(text.chars().count(), OTHER_CHARS);
    }
}
