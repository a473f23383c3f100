//! The fields of a request's body, as the handlers ask for them.
//!
//! The official SDK uses JSON or a form by endpoint; third-party clients use JSON throughout. Both are taken on every
//! endpoint.

use axum::extract::{FromRequest, Request};
use axum::http::Method;
use serde_json::Value;

use crate::server::body::{Body, BodyError};
use crate::server::minchat::hub::Hub;
use crate::server::minchat::model::{File, Metadata, Refusal};

/// The fields of a body.
#[derive(Debug, Default)]
pub(crate) struct Fields(Body);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let files = takes_files(request.method(), request.uri().path());
        Body::read(request, state, files).await.map(Self).map_err(|error| match error {
            BodyError::TooLarge => Refusal::TooLarge,
            BodyError::TooSlow => Refusal::TooSlow,
            BodyError::Malformed(why) => Refusal::Invalid(why),
        })
    }
}

/// Whether a request may carry a file: users and chats have pictures, messages have files.
fn takes_files(method: &Method, path: &str) -> bool {
    match path.strip_prefix("/v1/").map(|path| path.split('/').collect::<Vec<_>>()).as_deref() {
        Some(["user" | "messages", ..]) => !path.ends_with("/seen"),
        Some(["chat"]) => method == Method::POST,
        _ => false,
    }
}

impl Fields {
    /// Whether it was a form; for a new chat that means a group.
    pub(crate) fn form(&self) -> bool {
        self.0.is_form
    }

    /// The text called `name`.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.0.text(name)
    }

    /// The text called `name`, which the request cannot do without.
    pub(crate) fn required(&self, name: &str) -> Result<String, Refusal> {
        let text = self.text(name).filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::invalid(format!("{name} is required")))
    }

    /// The texts called `name` or `name[]`.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        match self.0.values.get(name).or_else(|| self.0.values.get(&format!("{name}[]"))) {
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(value)) => vec![value.clone()],
            _ => Vec::new(),
        }
    }

    /// The metadata: an object, in a form written as JSON.
    pub(crate) fn metadata(&self) -> Result<Option<Metadata>, Refusal> {
        let wrong = || Refusal::invalid("metadata must be an object");
        match self.0.values.get("metadata") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(metadata)) => Ok(Some(metadata.clone())),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| wrong()),
            Some(_) => Err(wrong()),
        }
    }

    /// The picture: its address, or the address under which the uploaded one is kept.
    pub(crate) fn avatar(&mut self, hub: &Hub) -> Option<String> {
        let upload = self.0.uploads.drain(..).next();
        upload.map(|upload| hub.keep(upload).url).or_else(|| self.text("avatar").filter(|url| !url.is_empty()))
    }

    /// The file: an uploaded one is kept, one that is described is taken at its word.
    pub(crate) fn file(&mut self, hub: &Hub) -> Option<File> {
        if let Some(upload) = self.0.uploads.drain(..).next() {
            return Some(hub.keep(upload));
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
    fn a_form_repeats_a_name_for_a_list_and_writes_metadata_as_json() {
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
