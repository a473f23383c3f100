//! A request's body as named values and files, whether it came as JSON or as a multipart form. Which names mean what
//! is the dialect's business.

use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::files::{LARGEST, Upload};
use super::limits::Limits;

/// The largest JSON body.
const LARGEST_JSON: usize = 1 << 20;
/// The largest body: a file, and a little for the fields around it.
pub(crate) const LARGEST_BODY: usize = LARGEST + (1 << 20);

/// Parts of a form.
const PARTS: usize = 1000;

/// The sentence for a body that is too large.
pub(crate) const TOO_LARGE: &str = "The body is too large: a file may have 25 MiB, everything else 1 MiB";
/// The sentence for a body that takes too long.
pub(crate) const TOO_SLOW: &str = "The body came too slowly: send it again over a faster connection";

/// Why a body cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// It is larger than the server takes.
    TooLarge,
    /// It took longer than the server waits.
    TooSlow,
    /// It is not what it says it is, and why.
    Broken(String),
}

/// What is in a body.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// By name; a name that came several times is a list.
    pub(crate) values: Map<String, Value>,
    /// The files, in their order.
    pub(crate) uploads: Vec<Upload>,
    /// Whether it was a form.
    pub(crate) form: bool,
}

impl Body {
    /// Reads the body of `request`, which may carry `files`, for as long as the server waits.
    pub(crate) async fn read<S: Send + Sync>(request: Request, state: &S, files: bool) -> Result<Self, BodyError> {
        let limits = request.extensions().get::<Arc<Limits>>().map(|limits| limits.body);
        let patience = limits.unwrap_or(Limits::default().body);
        let body = tokio::time::timeout(patience, Self::whole(request, state, files)).await;
        body.unwrap_or(Err(BodyError::TooSlow))
    }

    async fn whole<S: Send + Sync>(request: Request, state: &S, files: bool) -> Result<Self, BodyError> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if kind.trim_start().to_ascii_lowercase().starts_with("multipart/") {
            let form = Multipart::from_request(request, state).await;
            let form = form.map_err(|error| BodyError::Broken(error.body_text()))?;
            return Self::from_form(form, if files { LARGEST_BODY } else { LARGEST_JSON }).await;
        }
        // A chunked body has no length to look at before, so whatever stops the reading is its size or its sender.
        let body = to_bytes(request.into_body(), LARGEST_JSON).await.map_err(|_| BodyError::TooLarge)?;
        Self::from_json(&body)
    }

    /// Reads a JSON object; nothing is an empty one.
    pub(crate) fn from_json(body: &[u8]) -> Result<Self, BodyError> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(values)) => Ok(Self { values, ..Self::default() }),
            Ok(_) => Err(BodyError::Broken("the body must be a JSON object".to_owned())),
            Err(error) => Err(BodyError::Broken(format!("the body is not JSON: {error}"))),
        }
    }

    async fn from_form(mut form: Multipart, most: usize) -> Result<Self, BodyError> {
        let mut body = Self { form: true, ..Self::default() };
        let mut left = most;
        for _ in 0..PARTS {
            let Some(part) = form.next_field().await.map_err(|error| broken(&error))? else { return Ok(body) };
            let name = part.name().unwrap_or_default().to_owned();
            let (file, mime) = (part.file_name().map(str::to_owned), part.content_type().map(str::to_owned));
            let bytes = part_of(part, left.min(if file.is_some() { LARGEST } else { LARGEST_JSON })).await?;
            left = left.saturating_sub(bytes.len() + name.len());
            match file {
                Some(file) => body.uploads.push(Upload { name: Some(file), mime, bytes }),
                None => body.put(name, &bytes),
            }
        }
        Err(BodyError::Broken(format!("the form has more than {PARTS} parts")))
    }

    /// One more value of a form.
    pub(crate) fn put(&mut self, name: String, bytes: &Bytes) {
        let value = Value::String(String::from_utf8_lossy(bytes).into_owned());
        match self.values.get_mut(&name) {
            None => drop(self.values.insert(name, value)),
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }

    /// The text called `name`.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

fn broken(error: &MultipartError) -> BodyError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => BodyError::TooLarge,
        _ => BodyError::Broken(error.body_text()),
    }
}

/// A part of a form; not read further than it may be long.
async fn part_of(mut part: Field<'_>, most: usize) -> Result<Bytes, BodyError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|error| broken(&error))? {
        if bytes.len() + chunk.len() > most {
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
    fn a_body_that_is_no_object_is_refused() {
        assert!(Body::from_json(b"[]").is_err());
        assert!(Body::from_json(b"{").is_err());
        assert!(Body::from_json(b"").unwrap().values.is_empty());
        assert!(Body::from_json("[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn a_name_that_comes_again_is_a_list() {
        let mut body = Body::default();
        for value in ["p", "q", "r"] {
            body.put("u".to_owned(), &Bytes::from_static(value.as_bytes()));
        }
        assert_eq!(body.values["u"], serde_json::json!(["p", "q", "r"]));
        assert_eq!(body.text("u"), None);
    }
}
