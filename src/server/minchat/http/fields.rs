//! Typed access to the fields of a request body.
//!
//! The official SDK sends JSON to some endpoints and forms to others; third-party clients always send JSON. Every
//! endpoint accepts both.

use axum::extract::{FromRequest, Request};
use axum::http::Method;
use serde_json::Value;

use crate::server::body::{Body, BodyError};
use crate::server::minchat::hub::Hub;
use crate::server::minchat::model::{ApiError, File, Metadata};

/// The fields of a body.
#[derive(Debug, Default)]
pub(crate) struct Fields(Body);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let files = accepts_files(request.method(), request.uri().path());
        Body::read(request, state, files).await.map(Self).map_err(|error| match error {
            BodyError::TooLarge => ApiError::TooLarge,
            BodyError::TooSlow => ApiError::TooSlow,
            BodyError::Malformed(reason) => ApiError::BadRequest(reason),
        })
    }
}

/// Whether a request may contain a file: the avatar of a user or chat, or the attachment of a message.
fn accepts_files(method: &Method, path: &str) -> bool {
    match path.strip_prefix("/v1/").map(|path| path.split('/').collect::<Vec<_>>()).as_deref() {
        Some(["user" | "messages", ..]) => !path.ends_with("/seen"),
        Some(["chat"]) => method == Method::POST,
        _ => false,
    }
}

impl Fields {
    /// Whether the body was a form. A new chat sent as a form is a group.
    pub(crate) fn is_form(&self) -> bool {
        self.0.is_form
    }

    /// Returns the text `name`.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.0.text(name)
    }

    /// Returns the text `name`; fails if it is missing or empty.
    pub(crate) fn required(&self, name: &str) -> Result<String, ApiError> {
        let text = self.text(name).filter(|text| !text.is_empty());
        text.ok_or_else(|| ApiError::bad_request(format!("{name} is required")))
    }

    /// Returns the texts of the field `name` or `name[]`.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        match self.0.values.get(name).or_else(|| self.0.values.get(&format!("{name}[]"))) {
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(value)) => vec![value.clone()],
            _ => Vec::new(),
        }
    }

    /// Returns the metadata, which is an object in JSON, and a JSON text in a form.
    pub(crate) fn metadata(&self) -> Result<Option<Metadata>, ApiError> {
        let invalid = || ApiError::bad_request("metadata must be an object");
        match self.0.values.get("metadata") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(metadata)) => Ok(Some(metadata.clone())),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| invalid()),
            Some(_) => Err(invalid()),
        }
    }

    /// Returns the URL of the avatar. An uploaded image is stored first.
    pub(crate) fn avatar(&mut self, hub: &Hub) -> Option<String> {
        let upload = self.0.uploads.drain(..).next();
        upload.map(|upload| hub.store_file(upload).url).or_else(|| self.text("avatar").filter(|url| !url.is_empty()))
    }

    /// Returns the file. An uploaded file is stored first; a description with a URL is used unchanged.
    pub(crate) fn file(&mut self, hub: &Hub) -> Option<File> {
        if let Some(upload) = self.0.uploads.drain(..).next() {
            return Some(hub.store_file(upload));
        }
        let described = self.0.values.get("file")?;
        let text = |name: &str| described.get(name).and_then(Value::as_str).map(str::to_owned);
        let kind = text("type").unwrap_or_else(|| "file".to_owned());
        Some(File { kind, url: text("url")?, name: text("name"), size: text("size") })
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;

    use super::*;

    #[test]
    fn json_fields_are_read_by_name() {
        let fields = Fields(Body::from_json(br#"{"a":"x","n":3,"usernames":["p","q"],"metadata":{"k":1}}"#).unwrap());
        assert_eq!(fields.text("a").as_deref(), Some("x"));
        assert_eq!(fields.text("n").as_deref(), Some("3"));
        assert_eq!(fields.list("usernames"), ["p", "q"]);
        assert_eq!(fields.metadata().unwrap().unwrap()["k"], 1);
        assert!(fields.required("b").is_err());
    }

    #[test]
    fn form_repeats_list_fields_and_has_metadata_as_json() {
        let mut fields = Fields::default();
        for (name, value) in [("usernames", "p"), ("usernames", "q"), ("usernames", "r"), ("metadata", "{\"k\":1}")] {
            fields.0.add_value(name.to_owned(), &Bytes::from_static(value.as_bytes()));
        }
        assert_eq!(fields.list("usernames"), ["p", "q", "r"]);
        assert_eq!(fields.metadata().unwrap().unwrap()["k"], 1);
        fields.0.add_value("metadata".to_owned(), &Bytes::from_static(b"again"));
        assert!(fields.metadata().is_err());
    }
}
