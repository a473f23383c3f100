//! Explains error replies of MinChat to the user (`docs/protocol/minchat.md` §2.4).
//!
//! Bodies of errors and pages of proxies never reach the screen, with one exception: the `message` field, which MinChat
//! writes for people.

use serde_json::Value;

use crate::domain::Request;
use crate::protocol::size_refusal::too_large;
use crate::protocol::{fields, limits};
use crate::text::Secrets;

/// Maximum length of the server's own sentence, in characters.
const MESSAGE_CHARS: usize = 200;

const KEY_REFUSED: &str = "The server refused the API key. Check that it is complete and belongs to this app.";

/// Returns a sentence that says why a request failed and what to do. `json` is `None` if the body was not JSON.
/// The sentence contains none of the `secrets`.
pub(super) fn sentence(request: &Request, secrets: &Secrets, status: u16, json: Option<&Value>) -> String {
    match status {
        300..=399 => {
            return format!("The server redirects to another address (HTTP {status}). Check the address.");
        }
        401 | 403 => return KEY_REFUSED.to_owned(),
        429 => return "The server asks to slow down. Try again in a minute.".to_owned(),
        500.. => return format!("The server has a problem (HTTP {status}). Try again later."),
        _ => {}
    }
    let message = json.and_then(|json| fields::text(json.as_object()?, "message"));
    match message {
        Some(message) => {
            let text = limits::quote(&message, secrets, MESSAGE_CHARS);
            format!("The server refused the request: {text}")
        }
        None if json.is_none() && status < 400 => {
            "The response is not from a MinChat server. Check the address and any proxy on the way.".to_owned()
        }
        None if status == 404 => {
            "The server has no such endpoint (HTTP 404). Check the address and the service.".to_owned()
        }
        None if status == 413 => too_large(request).to_owned(),
        None if status < 400 => "The server refused the request and gave no reason. Try again later.".to_owned(),
        None => format!("The server refused the request (HTTP {status}). Try again later."),
    }
}

/// Whether an error says that the chat does not exist.
///
/// MinChat answers with 400 and an English sentence; no field tells the errors apart (`docs/protocol/minchat.md` §2.4).
/// A sentence that is not recognised counts as any other refusal.
pub(super) fn reports_missing_chat(json: &Value) -> bool {
    reports_missing(json, &["chat", "channel", "conversation"])
}

/// Whether an error says that a user does not exist, recognised like a missing chat.
pub(super) fn reports_missing_user(json: &Value) -> bool {
    reports_missing(json, &["user", "participant"])
}

/// Whether an error says that the author of a message is not in the chat, recognised like a missing chat.
pub(super) fn reports_non_member(json: &Value) -> bool {
    let message = message(json);
    ["participant", "member"].iter().any(|noun| {
        ["not a", "not an active", "no longer a"].iter().any(|begin| message.contains(&format!("{begin} {noun}")))
    })
}

fn reports_missing(json: &Value, nouns: &[&str]) -> bool {
    let message = message(json);
    nouns.iter().any(|noun| {
        let has = |ending: &str| message.contains(&format!("{noun} {ending}"));
        ["not found", "was not found", "does not exist", "doesn't exist", "no longer exists"].into_iter().any(has)
            || message.contains(&format!("no such {noun}"))
    })
}

/// Returns the server's sentence in lower case; empty if there is none.
fn message(json: &Value) -> String {
    let message = json.as_object().and_then(|object| fields::text(object, "message"));
    message.map(|message| message.to_lowercase()).unwrap_or_default()
}
