//! Request bodies as named values and files, whether they were sent as JSON or as a multipart form.
//!
//! The meaning of the names is up to the services.

use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::files::{MAX_FILE_BYTES, Upload};
use super::limits::Limits;
use super::quota::{TOO_DENSE_MESSAGE, may_parse};

/// Maximum size of a JSON body, or of a form without files, in bytes.
const MAX_JSON_BYTES: usize = 1 << 20;
/// Maximum size of any body in bytes: one file, and the form fields around it.
pub(crate) const MAX_BODY_BYTES: usize = MAX_FILE_BYTES + (1 << 20);
/// Maximum number of parts of a form.
const MAX_PARTS: usize = 1000;

/// Error text for a body that is too large.
pub(crate) const TOO_LARGE_MESSAGE: &str =
    "The body is too large: a file is limited to 25 MiB, everything else to 1 MiB";
/// Error text for a body that arrives too slowly.
pub(crate) const TOO_SLOW_MESSAGE: &str = "The body arrived too slowly: send it again over a faster connection";

/// Reason why a body cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// It is larger than the server accepts.
    TooLarge,
    /// It took longer than the body timeout.
    TooSlow,
    /// It cannot be parsed; the text states the reason.
    Malformed(String),
}

/// A parsed body.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// Values by name; a form field that was sent several times is a list.
    pub(crate) values: Map<String, Value>,
    /// Files, in the order in which they were sent.
    pub(crate) uploads: Vec<Upload>,
    /// Whether the body was a multipart form.
    pub(crate) is_form: bool,
}

impl Body {
    /// Reads the body of `request` within the body timeout. Without `allow_files`, a form is limited to the size of a
    /// JSON body.
    pub(crate) async fn read<S: Send + Sync>(
        request: Request,
        state: &S,
        allow_files: bool,
    ) -> Result<Self, BodyError> {
        let configured = request.extensions().get::<Arc<Limits>>().map(|limits| limits.body_timeout);
        let timeout = configured.unwrap_or(Limits::default().body_timeout);
        let body = tokio::time::timeout(timeout, Self::read_untimed(request, state, allow_files)).await;
        body.unwrap_or(Err(BodyError::TooSlow))
    }

    async fn read_untimed<S: Send + Sync>(request: Request, state: &S, allow_files: bool) -> Result<Self, BodyError> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if kind.trim_start().to_ascii_lowercase().starts_with("multipart/") {
            let form = Multipart::from_request(request, state).await;
            let form = form.map_err(|error| BodyError::Malformed(error.body_text()))?;
            return Self::from_form(form, if allow_files { MAX_BODY_BYTES } else { MAX_JSON_BYTES }).await;
        }
        // A chunked body has no length that could be checked first. `to_bytes` returns the same error for a body that
        // is too large and for a broken connection; after a broken connection nobody receives the response.
        let body = to_bytes(request.into_body(), MAX_JSON_BYTES).await.map_err(|_| BodyError::TooLarge)?;
        Self::from_json(&body)
    }

    /// Parses a JSON object; an empty body counts as an empty object.
    pub(crate) fn from_json(body: &[u8]) -> Result<Self, BodyError> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        if !may_parse(body) {
            return Err(BodyError::Malformed(TOO_DENSE_MESSAGE.to_owned()));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(values)) => Ok(Self { values, ..Self::default() }),
            Ok(_) => Err(BodyError::Malformed("the body must be a JSON object".to_owned())),
            Err(error) => Err(BodyError::Malformed(format!("the body is not JSON: {error}"))),
        }
    }

    async fn from_form(mut form: Multipart, max_bytes: usize) -> Result<Self, BodyError> {
        let mut body = Self { is_form: true, ..Self::default() };
        let mut left = max_bytes;
        for _ in 0..MAX_PARTS {
            let Some(part) = form.next_field().await.map_err(|error| form_error(&error))? else { return Ok(body) };
            let name = part.name().unwrap_or_default().to_owned();
            let (file, mime) = (part.file_name().map(str::to_owned), part.content_type().map(str::to_owned));
            let max_part = if file.is_some() { MAX_FILE_BYTES } else { MAX_JSON_BYTES };
            let bytes = read_part(part, left.min(max_part)).await?;
            left = left.saturating_sub(bytes.len() + name.len());
            match file {
                Some(file) => body.uploads.push(Upload { name: Some(file), mime, bytes }),
                None => body.add_value(name, &bytes),
            }
        }
        Err(BodyError::Malformed(format!("the form has more than {MAX_PARTS} parts")))
    }

    /// Adds a form value. The second value of a name turns it into a list.
    pub(crate) fn add_value(&mut self, name: String, bytes: &Bytes) {
        let value = Value::String(String::from_utf8_lossy(bytes).into_owned());
        match self.values.get_mut(&name) {
            None => drop(self.values.insert(name, value)),
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }

    /// Returns the value `name` as text if it is a string or a number.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

fn form_error(error: &MultipartError) -> BodyError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => BodyError::TooLarge,
        _ => BodyError::Malformed(error.body_text()),
    }
}

/// Reads a part of a form; stops as soon as it exceeds `max_bytes`.
async fn read_part(mut part: Field<'_>, max_bytes: usize) -> Result<Bytes, BodyError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|error| form_error(&error))? {
        if bytes.len() + chunk.len() > max_bytes {
            return Err(BodyError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_body_must_be_an_object() {
        assert!(Body::from_json(b"[]").is_err());
        assert!(Body::from_json(b"{").is_err());
        assert!(Body::from_json(b"").unwrap().values.is_empty());
        assert!(Body::from_json("[".repeat(100_000).as_bytes()).is_err());
        // Only brackets outside of texts count.
        let text = format!(r#"{{"text":"{}"}}"#, "[{".repeat(100_000));
        assert!(Body::from_json(text.as_bytes()).is_ok());
        let dense = format!(r#"{{"metadata":[{}0]}}"#, r#"{"":0},"#.repeat(30_000));
        assert_eq!(Body::from_json(dense.as_bytes()).err(), Some(BodyError::Malformed(TOO_DENSE_MESSAGE.to_owned())));
    }

    #[test]
    fn repeated_form_field_becomes_a_list() {
        let mut body = Body::default();
        for value in ["p", "q", "r"] {
            body.add_value("u".to_owned(), &Bytes::from_static(value.as_bytes()));
        }
        assert_eq!(body.values["u"], serde_json::json!(["p", "q", "r"]));
        assert_eq!(body.text("u"), None);
    }
}
