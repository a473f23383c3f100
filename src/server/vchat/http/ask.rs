//! A request, taken apart: method, path, query, body.

use std::net::IpAddr;

use axum::http::Method;
use axum::http::request::Parts;
use serde_json::{Map, Value, json};

use crate::server::body::Body;
use crate::server::files::Upload;
use crate::server::quota::{is_too_deep, json_bytes};
use crate::server::vchat::hub::Hub;
use crate::server::vchat::model::Stored;
use crate::server::vchat::refusal::{Answer, Refusal};
use crate::server::vchat::world::Filter;

/// Fields that an error does not repeat: what opens a door is no help in a log.
const UNSAID: [&str; 2] = ["password", "pushKey"];

/// The longest text of a body, in bytes; the note has no limit, a server in memory needs one.
const LONGEST: usize = 64 << 10;
/// The longest of any other text: names and titles are repeated in each message and list.
const SHORT: usize = 4 << 10;
/// The fields that may be as long as a text: what is said, and what is JSON.
const LONG: [&str; 12] = [
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
pub(crate) struct Ask {
    pub(crate) method: Method,
    /// The path as it came.
    pub(crate) path: String,
    /// The path's parts below the prefix, decoded; an empty one, as after a slash at the end, is none.
    pub(crate) places: Vec<String>,
    query: Vec<(String, String)>,
    pub(crate) body: Body,
    /// `authorization` as it came.
    pub(crate) authorization: Option<String>,
    host: String,
    /// Who asks.
    pub(crate) from: Option<IpAddr>,
    /// It comes from a page in somebody's browser.
    pub(crate) by_page: bool,
}

impl Ask {
    /// A request without its body.
    pub(crate) fn new(parts: &Parts, from: Option<IpAddr>) -> Self {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let path = parts.uri.path();
        Self {
            method: parts.method.clone(),
            path: path.to_owned(),
            places: path.split('/').filter(|place| !place.is_empty()).map(decode).collect(),
            query: query.into_owned().collect(),
            body: Body::default(),
            authorization: header("authorization").filter(|header| !header.trim().is_empty()),
            host: header("host").unwrap_or_default(),
            from,
            by_page: parts.headers.contains_key("origin"),
        }
    }

    /// Whether a request like this may carry a file.
    pub(crate) fn takes_files(&self) -> bool {
        let places: Vec<&str> = self.places.iter().map(String::as_str).collect();
        match places.as_slice() {
            ["api", "v2", "auth", "connect"]
            | ["api", "v2", "channel", "group" | "broadcast" | "order"]
            | ["api", "v2", "channel", _, "message"] => true,
            ["api", "v2", .., last] => *last == "image",
            _ => false,
        }
    }

    /// What keeping the body costs, about.
    pub(crate) fn weight(&self) -> usize {
        self.body.values.iter().map(|(name, value)| name.len() + json_bytes(value)).sum()
    }

    /// Refuses what is longer or deeper than any client writes: what is said is kept in memory.
    pub(crate) fn measure(&self) -> Answer<()> {
        for (name, value) in &self.body.values {
            let most = if LONG.contains(&name.as_str()) || !value.is_string() { LONGEST } else { SHORT };
            let long = value.as_str().is_some_and(|text| text.len() > most);
            // The parts of a list or an object cost something even when nothing is in them.
            if long || json_bytes(value) > 8 * LONGEST {
                return Err(Refusal::bad(format!("{name} is too long: it may have {most} bytes")));
            }
            if is_too_deep(value) {
                return Err(Refusal::bad(format!("{name} is nested too deep")));
            }
        }
        match self.places.iter().find(|place| place.len() > SHORT) {
            Some(_) => Err(Refusal::bad(format!("a part of the path is too long: it may have {SHORT} bytes"))),
            None => Ok(()),
        }
    }

    /// The query's value called `name`, unless it is empty.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The query's number called `name`; what is none is as if it were not there.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.query(name)?.parse().ok()
    }

    /// Flags are compared with the one word (§2.2.1).
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.query(name) == Some("true")
    }

    /// What a list is asked for; people are looked for by `name` or `fullName`, rooms by `title`.
    pub(crate) fn filter(&self) -> Filter {
        let text = ["title", "fullName", "name"].into_iter().find_map(|name| self.query(name));
        Filter {
            limit: self.number("limit"),
            page: self.number("page"),
            text: text.map(str::to_owned),
            kind: self.query("roomType").map(str::to_owned),
            muted: self.flag("mutedOnly"),
            archived: self.flag("archiveOnly"),
            deleted: self.flag("deletedOnly"),
        }
    }

    /// The body's text called `name`.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.body.text(name)
    }

    /// The body's text called `name`, which the request cannot do without.
    pub(crate) fn required(&self, name: &str) -> Answer<String> {
        let text = self.text(name).filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| Refusal::bad(format!("{name} should not be empty")))
    }

    /// The body's texts called `name`: a list, or in a form a JSON list.
    pub(crate) fn list(&self, name: &str) -> Answer<Vec<String>> {
        let wrong = || Refusal::bad(format!("{name} must be an array of strings"));
        let list = match self.body.values.get(name).ok_or_else(wrong)? {
            Value::String(text) => serde_json::from_str(text).map_err(|_| wrong())?,
            other => other.clone(),
        };
        let items = list.as_array().ok_or_else(wrong)?;
        items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
    }

    /// The body's object called `name`; SDKs up to 2.0.0 wrote it as a JSON text (§2.7).
    pub(crate) fn object(&self, name: &str) -> Value {
        match self.body.values.get(name) {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            Some(value) => value.clone(),
            None => Value::Null,
        }
    }

    /// The whole body as an object that is not empty.
    pub(crate) fn whole(&self) -> Answer<Map<String, Value>> {
        let values = self.body.values.clone();
        if values.is_empty() { Err(Refusal::bad("The body should not be empty")) } else { Ok(values) }
    }

    /// The files, described for the world and not kept yet.
    pub(crate) fn files(&self, hub: &Hub) -> Vec<(Stored, Upload)> {
        self.body.uploads.iter().map(|upload| (hub.describe(upload), upload.clone())).collect()
    }

    /// What an error repeats of the request (§1.5); never its headers, in which the token is.
    pub(crate) fn repeated(&self) -> Value {
        let query: Map<String, Value> = self.query.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        let mut body = self.body.values.clone();
        for unsaid in UNSAID {
            body.remove(unsaid);
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

/// Undoes the percent-encoding of a path segment. Anything that is not a valid `%xx` stays as it is.
fn decode(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decoded_part_by_part() {
        assert_eq!(decode("user1%40gmail.com"), "user1@gmail.com");
        assert_eq!(decode("%7BpeerId%7D"), "{peerId}");
        assert_eq!(decode("a%2Fb"), "a/b");
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%+1%zz%e"), "%+1%zz%e");
        assert_eq!(decode("%ff"), "\u{fffd}");
    }
}
