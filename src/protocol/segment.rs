//! Ids in paths.

/// An id as one segment of a path, whatever is in it. Ids come from the server: without this one named `../user/x`
/// would aim a DELETE at something else.
pub(super) fn segment(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'~' => out.push(char::from(byte)),
            // A dot is harmless except that `.` and `..` are whole segments, encoded or not: never alone.
            b'.' if id.bytes().any(|byte| byte != b'.') => out.push('.'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    // URL parsers read `%2e%2e` as `..`, so an id of dots alone cannot be said at all; this one does not exist either.
    if !id.is_empty() && id.bytes().all(|byte| byte == b'.') { format!("{out}%20") } else { out }
}
