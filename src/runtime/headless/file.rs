//! The content of a message to be sent: text, standard input, or a file.

use std::io::{self, Read};

use crate::app::{FilePurpose, FileRequest};
use crate::config::Paths;
use crate::domain::{Content, LocalId, RoomId, format_limit};
use crate::headless::Outgoing;
use crate::runtime::failure::Failure;
use crate::runtime::files;

/// Maximum length of a text from standard input in bytes. Services accept much less, but say so themselves.
const MAX_TEXT: u64 = 1 << 20;

/// Reads standard input if the text is to come from there.
///
/// # Errors
/// A sentence for the user: there is no text, or it cannot be read.
pub(super) fn read(content: Outgoing) -> Result<Outgoing, Failure> {
    let text = match content {
        Outgoing::File(_) => return Ok(content),
        Outgoing::Text(text) => text,
        Outgoing::Input => {
            let mut text = String::new();
            let read = io::stdin().lock().take(MAX_TEXT + 1).read_to_string(&mut text);
            read.map_err(|error| Failure::usage(format!("Standard input cannot be read as text: {error}.")))?;
            if text.len() as u64 > MAX_TEXT {
                let limit = format_limit(MAX_TEXT);
                return Err(Failure::usage(format!("Standard input is longer than {limit}. Send it with --file.")));
            }
            // `echo` and editors end the last line.
            text.strip_suffix('\n').map(str::to_owned).unwrap_or(text)
        }
    };
    if text.trim().is_empty() {
        return Err(Failure::usage("There is no text to send."));
    }
    Ok(Outgoing::Text(text))
}

/// Returns what identifies the content, as far as it is known without reading a file.
pub(super) fn identity(content: &Outgoing) -> String {
    match content {
        Outgoing::Text(text) => format!("text {text}"),
        Outgoing::File(path) => format!("file {}", path.display()),
        Outgoing::Input => String::new(),
    }
}

/// Returns the content for a request.
///
/// # Errors
/// A sentence for the user: the file cannot be sent.
pub(super) fn content(outgoing: &Outgoing, room: &RoomId, reply_to: Option<LocalId>) -> Result<Content, Failure> {
    match outgoing {
        Outgoing::File(path) => {
            let purpose = FilePurpose::Message { room: room.clone(), reply_to, as_file: false };
            let request = FileRequest { path: path.display().to_string(), purpose };
            let file = files::inspect(&request, Paths::of_user().home.as_deref()).map_err(Failure::usage)?;
            Ok(Content::File { file: Box::new(file), reply_to })
        }
        Outgoing::Text(text) => Ok(Content::Text { text: text.clone(), reply_to }),
        Outgoing::Input => Ok(Content::Text { text: String::new(), reply_to }),
    }
}
