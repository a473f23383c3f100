//! A parsed request: method, path, query and body.

use std::net::IpAddr;

use axum::http::Method;
use axum::http::request::Parts;
use serde_json::{Map, Value, json};

use crate::server::body::Body;
use crate::server::files::Upload;
use crate::server::quota::{is_too_deep, json_bytes};
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::hub::Hub;
use crate::server::vchat::model::FileInfo;
use crate::server::vchat::world::ListFilter;

/// Secret fields, which error bodies do not repeat.
const SECRET_FIELDS: [&str; 2] = ["password", "pushKey"];

/// Maximum size of a long text, in bytes. The notes state no limit; a server that keeps everything in memory needs one.
const MAX_LONG_BYTES: usize = 64 << 10;
/// Maximum size of any other text, in bytes: names and titles are repeated in many messages and lists.
const MAX_SHORT_BYTES: usize = 4 << 10;
/// Fields that contain a message text or JSON, and may be long.
const LONG_FIELDS: [&str; 12] = [
    "content",
    "attachment",
    "linkAtt",
    "description",
    "groupDescription",
    "extraData",
    "orderData",
    "payload",
    "identifiers",
    "peerIds",
    "ids",
    "arg",
];

/// A request.
#[derive(Debug)]
pub(crate) struct ApiRequest {
    /// HTTP method.
    pub(crate) method: Method,
    /// Undecoded path.
    pub(crate) path: String,
    /// Decoded segments of the path. A trailing slash makes no difference.
    pub(crate) segments: Vec<String>,
    query: Vec<(String, String)>,
    /// Body.
    pub(crate) body: Body,
    /// `authorization` header.
    pub(crate) authorization: Option<String>,
    host: String,
    /// Address of the client.
    pub(crate) peer: Option<IpAddr>,
    /// Whether a script of a web page sent the request.
    pub(crate) is_from_web_page: bool,
}

impl ApiRequest {
    /// Parses a request without its body.
    pub(crate) fn new(parts: &Parts, peer: Option<IpAddr>) -> Self {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let path = parts.uri.path();
        Self {
            method: parts.method.clone(),
            path: path.to_owned(),
            segments: segments_of(path).map(decode).collect(),
            query: query.into_owned().collect(),
            body: Body::default(),
            authorization: header("authorization").filter(|header| !header.trim().is_empty()),
            host: header("host").unwrap_or_default(),
            peer,
            is_from_web_page: parts.headers.contains_key("origin"),
        }
    }

    /// Whether the endpoint accepts files.
    pub(crate) fn accepts_files(&self) -> bool {
        let segments: Vec<&str> = self.segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["api", "v2", "auth", "connect"]
            | ["api", "v2", "channel", "group" | "broadcast" | "order"]
            | ["api", "v2", "channel", _, "message"] => true,
            ["api", "v2", .., last] => *last == "image",
            _ => false,
        }
    }

    /// Approximate memory needed to store the values of the body.
    pub(crate) fn stored_bytes(&self) -> usize {
        self.body.values.iter().map(|(name, value)| name.len() + json_bytes(value)).sum()
    }

    /// Refuses values that are too long or nested too deeply to be stored.
    pub(crate) fn check_sizes(&self) -> ApiResult<()> {
        for (name, value) in &self.body.values {
            let is_long = LONG_FIELDS.contains(&name.as_str()) || !value.is_string();
            let max_bytes = if is_long { MAX_LONG_BYTES } else { MAX_SHORT_BYTES };
            let exceeds = value.as_str().is_some_and(|text| text.len() > max_bytes);
            // The second condition limits lists and objects, whose parts need memory even when they are empty.
            if exceeds || json_bytes(value) > 8 * MAX_LONG_BYTES {
                return Err(ApiError::bad_request(format!("{name} is longer than {max_bytes} bytes")));
            }
            if is_too_deep(value) {
                return Err(ApiError::bad_request(format!("{name} is nested too deeply")));
            }
        }
        if self.segments.iter().any(|segment| segment.len() > MAX_SHORT_BYTES) {
            let message = format!("a segment of the path is longer than {MAX_SHORT_BYTES} bytes");
            return Err(ApiError::bad_request(message));
        }
        Ok(())
    }

    /// The 404 error for a request that no endpoint matches.
    pub(super) fn no_such_endpoint(&self) -> ApiError {
        ApiError::not_found(format!("Cannot {} {}", self.method, self.path))
    }

    /// Returns the query parameter `name`, unless it is empty.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns the query parameter `name` as a number, or `None` if it is not one.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.query(name)?.parse().ok()
    }

    /// Whether the query parameter `name` is exactly `true` (§2.2.1).
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.query(name) == Some("true")
    }

    /// Returns the filter of a list. People are searched by `name` or `fullName`, rooms by `title`.
    pub(crate) fn list_filter(&self) -> ListFilter {
        let text = ["title", "fullName", "name"].into_iter().find_map(|name| self.query(name));
        ListFilter {
            limit: self.number("limit"),
            page: self.number("page"),
            text: text.map(str::to_owned),
            kind: self.query("roomType").map(str::to_owned),
            muted: self.flag("mutedOnly"),
            archived: self.flag("archiveOnly"),
            deleted: self.flag("deletedOnly"),
        }
    }

    /// Returns the text `name` of the body.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.body.text(name)
    }

    /// Returns the text `name` of the body; fails if it is missing or empty.
    pub(crate) fn required(&self, name: &str) -> ApiResult<String> {
        let text = self.text(name).filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| ApiError::bad_request(format!("{name} should not be empty")))
    }

    /// Returns the list of texts `name` of the body. In a form it is a JSON text.
    pub(crate) fn list(&self, name: &str) -> ApiResult<Vec<String>> {
        let invalid = || ApiError::bad_request(format!("{name} must be an array of strings"));
        let list = match self.body.values.get(name).ok_or_else(invalid)? {
            Value::String(text) => serde_json::from_str(text).map_err(|_| invalid())?,
            other => other.clone(),
        };
        let items = list.as_array().ok_or_else(invalid)?;
        items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(invalid)).collect()
    }

    /// Returns the object `name` of the body. SDKs up to 2.0.0 send it as a JSON text (§2.7).
    pub(crate) fn object(&self, name: &str) -> Value {
        match self.body.values.get(name) {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            Some(value) => value.clone(),
            None => Value::Null,
        }
    }

    /// Returns the whole body as an object; fails if it is empty.
    pub(crate) fn body_object(&self) -> ApiResult<Map<String, Value>> {
        let values = self.body.values.clone();
        if values.is_empty() { Err(ApiError::bad_request("The body should not be empty")) } else { Ok(values) }
    }

    /// Describes the uploaded files without storing them.
    pub(crate) fn files(&self, hub: &Hub) -> Vec<(FileInfo, Upload)> {
        self.body.uploads.iter().map(|upload| (hub.describe_upload(upload), upload.clone())).collect()
    }

    /// The parts of the request that an error body repeats (§1.5). Headers are left out because they contain the token.
    pub(crate) fn error_info(&self) -> Value {
        let query: Map<String, Value> = self.query.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        let mut body = self.body.values.clone();
        for field in SECRET_FIELDS {
            body.remove(field);
        }
        json!({
            "path": self.path,
            "hostname": self.host.split(':').next(),
            "method": self.method.as_str(),
            "originalUrl": self.path,
            "query": query,
            "body": body,
            "params": {},
        })
    }
}

/// Returns the segments of a path. Two slashes have an empty one between them.
fn segments_of(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path).split('/')
}

/// Percent-decodes a path segment. A `%` without two hexadecimal digits is left unchanged.
fn decode(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_segments_are_decoded() {
        assert_eq!(decode("user1%40gmail.com"), "user1@gmail.com");
        assert_eq!(decode("%7BpeerId%7D"), "{peerId}");
        assert_eq!(decode("a%2Fb"), "a/b");
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%+1%zz%e"), "%+1%zz%e");
        assert_eq!(decode("%ff"), "\u{fffd}");
    }
}
