//! Explains the refusal of requests that are too large (HTTP 413).

use crate::domain::{Content, Request};

/// Returns a sentence that says what is too large and what to do.
pub(super) fn too_large(request: &Request) -> &'static str {
    match request {
        Request::Send { content: Content::File { .. }, .. }
        | Request::SetPicture { .. }
        | Request::SetRoomPicture { .. } => {
            "The file is larger than the server accepts (HTTP 413). Choose a smaller one."
        }
        Request::Send { content: Content::Text { .. }, .. } => {
            "The text is longer than the server accepts (HTTP 413). Send it in parts."
        }
        _ => "The request is larger than the server accepts (HTTP 413). Try a shorter text.",
    }
}
