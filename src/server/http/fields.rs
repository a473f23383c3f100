//! A request's body as named fields, whether it came as JSON or as a multipart form.
//!
//! The official SDK uses one or the other by endpoint; third-party clients use JSON throughout. Both are taken on
//! every endpoint.

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use crate::server::files::{LARGEST, Upload};
use crate::server::hub::Hub;
use crate::server::model::{File, Metadata, Refusal};

/// The largest JSON body.
const LARGEST_JSON: usize = 1 << 20;

/// The fields of a body.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    /// By name; a name that came several times is a list.
    values: Map<String, Value>,
    /// The first file, if any.
    upload: Option<Upload>,
    /// Whether it was a form; for a new chat that means a group.
    pub(crate) form: bool,
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if kind.trim_start().to_ascii_lowercase().starts_with("multipart/") {
            let form = Multipart::from_request(request, state).await;
            return Self::from_form(form.map_err(|error| Refusal::invalid(error.body_text()))?).await;
        }
        // A chunked body has no length to look at before, so whatever stops the reading is its size or its sender.
        let body = to_bytes(request.into_body(), LARGEST_JSON).await.map_err(|_| Refusal::TooLarge)?;
        Self::from_json(&body)
    }
}

impl Fields {
    fn from_json(body: &[u8]) -> Result<Self, Refusal> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(values)) => Ok(Self { values, ..Self::default() }),
            Ok(_) => Err(Refusal::invalid("the body must be a JSON object")),
            Err(error) => Err(Refusal::invalid(format!("the body is not JSON: {error}"))),
        }
    }

    async fn from_form(mut form: Multipart) -> Result<Self, Refusal> {
        let mut fields = Self { form: true, ..Self::default() };
        let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
            _ => Refusal::invalid(error.body_text()),
        };
        while let Some(part) = form.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            let (file, mime) = (part.file_name().map(str::to_owned), part.content_type().map(str::to_owned));
            let bytes = part.bytes().await.map_err(broken)?;
            match file {
                Some(_) if bytes.len() > LARGEST => return Err(Refusal::TooLarge),
                Some(file) => fields.upload = fields.upload.or(Some(Upload { name: Some(file), mime, bytes })),
                None => fields.put(name, &bytes),
            }
        }
        Ok(fields)
    }

    fn put(&mut self, name: String, bytes: &Bytes) {
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

    /// The text called `name`, which the request cannot do without.
    pub(crate) fn required(&self, name: &str) -> Result<String, Refusal> {
        let text = self.text(name).filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::invalid(format!("{name} is required")))
    }

    /// The texts called `name` or `name[]`.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        match self.values.get(name).or_else(|| self.values.get(&format!("{name}[]"))) {
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(value)) => vec![value.clone()],
            _ => Vec::new(),
        }
    }

    /// The metadata: an object, in a form written as JSON.
    pub(crate) fn metadata(&self) -> Result<Option<Metadata>, Refusal> {
        let wrong = || Refusal::invalid("metadata must be an object");
        match self.values.get("metadata") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(metadata)) => Ok(Some(metadata.clone())),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| wrong()),
            Some(_) => Err(wrong()),
        }
    }

    /// The picture: its address, or the address under which the uploaded one is kept.
    pub(crate) fn avatar(&mut self, hub: &Hub) -> Option<String> {
        let upload = self.upload.take();
        upload.map(|upload| hub.keep(upload).url).or_else(|| self.text("avatar").filter(|url| !url.is_empty()))
    }

    /// The file: an uploaded one is kept, one that is described is taken at its word.
    pub(crate) fn file(&mut self, hub: &Hub) -> Option<File> {
        if let Some(upload) = self.upload.take() {
            return Some(hub.keep(upload));
        }
        let described = self.values.get("file")?;
        let text = |name: &str| described.get(name).and_then(Value::as_str).map(str::to_owned);
        let kind = text("type").unwrap_or_else(|| "file".to_owned());
        Some(File { kind, url: text("url")?, name: text("name"), size: text("size") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_fields_are_read_by_name() {
        let fields = Fields::from_json(br#"{"a":"x","n":3,"usernames":["p","q"],"metadata":{"k":1}}"#).unwrap();
        assert_eq!(fields.text("a").as_deref(), Some("x"));
        assert_eq!(fields.text("n").as_deref(), Some("3"));
        assert_eq!(fields.list("usernames"), ["p", "q"]);
        assert_eq!(fields.metadata().unwrap().unwrap()["k"], 1);
        assert!(fields.required("b").is_err());
    }

    #[test]
    fn a_form_repeats_a_name_for_a_list_and_writes_metadata_as_json() {
        let mut fields = Fields::default();
        for (name, value) in [("usernames", "p"), ("usernames", "q"), ("usernames", "r"), ("metadata", "{\"k\":1}")] {
            fields.put(name.to_owned(), &Bytes::from_static(value.as_bytes()));
        }
        assert_eq!(fields.list("usernames"), ["p", "q", "r"]);
        assert_eq!(fields.metadata().unwrap().unwrap()["k"], 1);
        fields.put("metadata".to_owned(), &Bytes::from_static(b"again"));
        assert!(fields.metadata().is_err());
    }

    #[test]
    fn a_body_that_is_no_object_is_refused() {
        assert!(Fields::from_json(b"[]").is_err());
        assert!(Fields::from_json(b"{").is_err());
        assert!(Fields::from_json(b"").unwrap().list("usernames").is_empty());
        assert!(Fields::from_json("[".repeat(100_000).as_bytes()).is_err());
    }
}
