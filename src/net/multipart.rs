//! Encodes `multipart/form-data` bodies.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::domain::Failure;
use crate::protocol::Part;

use super::error::NetError;
use super::file_chunks;
use super::request_body::{ProgressReporter, RequestBody, Segment, UploadMeter};

/// An encoded form.
pub(super) struct Form {
    /// Value of the `Content-Type` header.
    pub(super) content_type: String,
    pub(super) body: RequestBody,
    /// Present if the form contains files.
    pub(super) meter: Option<UploadMeter>,
}

/// Encodes a form and opens its files. `reporter` receives the progress of the files.
pub(super) async fn encode(parts: Vec<Part>, reporter: Option<ProgressReporter>) -> Result<Form, NetError> {
    let mut random = fastrand::Rng::new();
    let boundary = boundary(&parts, || random.u128(..));
    let content_type = format!("multipart/form-data; boundary={boundary}");
    let (mut segments, mut text) = (VecDeque::new(), String::new());
    for part in parts {
        text.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; "));
        match part {
            Part::Field { name, value } => text.push_str(&format!("name=\"{name}\"\r\n\r\n{value}\r\n")),
            Part::File { name, file } => {
                let (file_name, media_type) = (escape_file_name(&file.name), valid_media_type(&file.mime));
                text.push_str(&format!(
                    "name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {media_type}\r\n\r\n"
                ));
                let size = file.size;
                let chunks = file_chunks::open(file).await;
                let chunks =
                    chunks.map_err(|sentence| NetError::transient(&sentence).with_failure(Failure::Refused))?;
                segments.push_back(Segment::Bytes(Bytes::from(std::mem::replace(&mut text, "\r\n".to_owned()))));
                segments.push_back(Segment::File { chunks, remaining: size });
            }
        }
    }
    text.push_str(&format!("--{boundary}--\r\n"));
    if segments.is_empty() {
        return Ok(Form { content_type, body: RequestBody::bytes(text), meter: None });
    }
    segments.push_back(Segment::Bytes(Bytes::from(text)));
    let (body, meter) = RequestBody::with_files(segments, reporter);
    Ok(Form { content_type, body, meter: Some(meter) })
}

/// Returns a boundary that no field contains. Files are not searched: nobody can guess 128 random bits in advance.
fn boundary(parts: &[Part], mut random: impl FnMut() -> u128) -> String {
    loop {
        let boundary = format!("minchat-tui-{:032x}", random());
        let contains = |part: &Part| matches!(part, Part::Field { value, .. } if value.contains(&boundary));
        if !parts.iter().any(contains) {
            return boundary;
        }
    }
}

/// Escapes a file name for a quoted string, as browsers do. Control characters become `_`.
fn escape_file_name(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '"' => escaped.push_str("%22"),
            '\\' => escaped.push_str("%5C"),
            c if c.is_control() => escaped.push('_'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Returns the media type, or a generic one if it is invalid and could break out of its header line.
fn valid_media_type(media_type: &str) -> &str {
    let is_valid = media_type.contains('/') && media_type.chars().all(|c| c.is_ascii_graphic() && c != '"');
    if is_valid { media_type } else { "application/octet-stream" }
}

#[cfg(test)]
#[path = "multipart_tests.rs"]
mod tests;
