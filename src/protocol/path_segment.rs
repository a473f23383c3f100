//! Ids as path segments of a URL.

use crate::text::percent_encode;

/// Encodes an id as exactly one path segment, whatever characters it holds.
///
/// Ids come from the server. Without the encoding, deleting a message with the id `../user/x` would delete a user.
pub(super) fn path_segment(id: &str) -> String {
    if !id.is_empty() && id.bytes().all(|byte| byte == b'.') {
        // URL parsers resolve `.` and `..` even when they are percent-encoded, so such an id has no valid encoding. The
        // trailing space turns it into another id, which does not exist on the server either.
        return format!("{}%20", id.replace('.', "%2E"));
    }
    percent_encode(id)
}
