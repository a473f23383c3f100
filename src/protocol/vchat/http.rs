//! Building blocks for V Chat's REST calls (`docs/protocol/vchat.md` §1.2, §1.6).

use serde_json::Value;

use crate::domain::{OutgoingFile, RoomId};
use crate::protocol::path_segment::path_segment;
use crate::protocol::{Call, HttpCall, HttpMethod, Part};

/// Status of replies after the server has ended the session (`docs/protocol/vchat.md` §1.2).
pub(super) const SIGNED_OUT: u16 = 450;

/// Returns the path of a room, followed by `rest`, which is empty or begins with `/`.
pub(super) fn room_path(room: &RoomId, rest: &str) -> String {
    format!("/api/v2/channel/{}{rest}", path_segment(room.as_str()))
}

/// A GET call.
pub(super) fn get(bearer: String, path: impl Into<String>, query: Vec<(&str, String)>) -> Call {
    let query = query.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Call::Http(HttpCall { query, ..bare(bearer, HttpMethod::Get, path) })
}

/// A call with a JSON body or with none.
pub(super) fn send(bearer: String, method: HttpMethod, path: impl Into<String>, json: Option<Value>) -> Call {
    Call::Http(HttpCall { json, ..bare(bearer, method, path) })
}

/// A POST call with a multipart body.
pub(super) fn post_form(bearer: String, path: impl Into<String>, form: Vec<Part>) -> Call {
    Call::Http(HttpCall { form: Some(form), ..bare(bearer, HttpMethod::Post, path) })
}

/// A PATCH call that uploads a picture.
pub(super) fn patch_picture(bearer: String, path: impl Into<String>, file: &OutgoingFile) -> Call {
    let form = vec![Part::File { name: "file", file: file.clone() }];
    Call::Http(HttpCall { form: Some(form), ..bare(bearer, HttpMethod::Patch, path) })
}

fn bare(authorization: String, method: HttpMethod, path: impl Into<String>) -> HttpCall {
    HttpCall { method, path: path.into(), query: Vec::new(), json: None, form: None, authorization }
}
