//! How calls are put together (§1.2, §1.6).

use serde_json::Value;

use crate::domain::RoomId;
use crate::protocol::path_segment::path_segment;
use crate::protocol::{Call, HttpCall, HttpMethod, Part};

/// Something of a room. `rest` begins with `/` unless it is the room itself that is meant.
pub(super) fn channel(room: &RoomId, rest: &str) -> String {
    format!("/api/v2/channel/{}{rest}", path_segment(room.as_str()))
}

/// A socket event. The single most important rule of this protocol (§3.1): its argument is JSON inside of a string.
pub(super) fn emit(event: &'static str, payload: &Value) -> Call {
    Call::Emit { event, payload: Value::String(payload.to_string()) }
}

/// A call that asks.
pub(super) fn get(bearer: String, path: impl Into<String>, query: Vec<(&str, String)>) -> Call {
    let query = query.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Call::Http(HttpCall { query, ..bare(bearer, HttpMethod::Get, path) })
}

/// A call that changes something, with a body of JSON or none at all.
pub(super) fn http(bearer: String, method: HttpMethod, path: impl Into<String>, json: Option<Value>) -> Call {
    Call::Http(HttpCall { json, ..bare(bearer, method, path) })
}

/// A call with a form.
pub(super) fn form(bearer: String, method: HttpMethod, path: impl Into<String>, form: Vec<Part>) -> Call {
    Call::Http(HttpCall { form: Some(form), ..bare(bearer, method, path) })
}

/// A field of a form.
pub(super) fn field(name: &'static str, value: impl Into<String>) -> Part {
    Part::Field { name, value: value.into() }
}

fn bare(authorization: String, method: HttpMethod, path: impl Into<String>) -> HttpCall {
    HttpCall { method, path: path.into(), query: Vec::new(), json: None, form: None, authorization }
}
