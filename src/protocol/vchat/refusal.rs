//! Explains error replies of V Chat to the user (`docs/protocol/vchat.md` §1.5).
//!
//! Bodies of errors and pages of proxies never reach the screen, with one exception: the sentence in `data`, which
//! V Chat writes for people.

use serde_json::Value;

use crate::domain::Request;
use crate::protocol::Body;
use crate::protocol::fields::text;
use crate::protocol::limits;
use crate::protocol::size_refusal::too_large;
use crate::text::Secrets;

use super::state::{Credentials, VChatState};

/// Maximum length of the server's own sentence, in characters.
const MESSAGE_CHARS: usize = 200;

/// Status of a request that this account may not make.
const FORBIDDEN: u16 = 403;

const NOT_VCHAT: &str = "The response is not from a V Chat server. Check the address and any proxy on the way.";

const REPLACE_TOKEN: &str = "It has expired or belongs to another server: put a new token into the profile.";

/// Whether the server refuses a send because it has the message already (`docs/protocol/vchat.md` §2.3.1). Either the
/// server says so, or its database reports a duplicate key because an earlier attempt is still being stored.
pub(super) fn is_duplicate(status: u16, body: &Body) -> bool {
    let matches = |message: &str| message.to_lowercase().contains("already in database") || message.contains("E11000");
    status >= 400 && message(body).is_some_and(matches)
}

/// Whether an error says that the room does not exist, or that the user is not in it (`docs/protocol/vchat.md` §2.2.2).
///
/// The status alone is not enough: a 404 may mean that this server has no such endpoint.
pub(super) fn reports_missing_room(status: u16, body: &Body) -> bool {
    let matches = |message: &str| {
        let message = message.to_lowercase();
        ["room not found", "channel not found", "chat not found"].iter().any(|phrase| message.contains(phrase))
    };
    status == 404 && message(body).is_some_and(matches)
}

/// Whether an error says that the user whom a request names does not exist.
pub(super) fn reports_missing_user(status: u16, body: &Body) -> bool {
    matches!(status, 400..=499) && status != FORBIDDEN && says_user_not_found(body)
}

/// Whether an error says that the user's own account does not exist (`docs/protocol/vchat.md` §1.2). The sentence is
/// the same as for others, the status is not.
fn reports_missing_account(status: u16, body: &Body) -> bool {
    status == FORBIDDEN && says_user_not_found(body)
}

fn says_user_not_found(body: &Body) -> bool {
    message(body).is_some_and(|message| message.to_lowercase().contains("user not found"))
}

/// Returns a sentence that says why a request failed and what to do.
pub(super) fn sentence(request: &Request, state: &VChatState, status: u16, body: &Body) -> String {
    let is_page = matches!(body, Body::Other(_));
    match status {
        300..=399 => {
            return format!("The server redirects to another address (HTTP {status}). Check the address.");
        }
        429 => return "The server asks to slow down. Try again in a few minutes.".to_owned(),
        500.. => return format!("The server has a problem (HTTP {status}). Try again later."),
        _ => {}
    }
    if is_page && (status < 400 || status == 404) {
        return NOT_VCHAT.to_owned();
    }
    let message = message(body);
    // A token that the server cannot parse is an ordinary 400 (`docs/protocol/vchat.md` §1.2).
    let expired = matches!(status, 401 | 450) || message.is_some_and(|message| message.to_lowercase().contains("jwt"));
    let quoted = message.map(|message| format!(": {}", shorten(message, state.secrets.all())));
    let quoted = quoted.as_deref().map(|quoted| quoted.trim_end_matches('.')).unwrap_or_default();
    let sign_in = matches!(request, Request::SignIn { .. });
    match (status, &state.credentials) {
        (404, _) if sign_in => {
            "The server has no V Chat v2 sign-in at this address. Check the address and the service.".to_owned()
        }
        (_, Credentials::HashKey(_)) if sign_in => {
            format!("The server refused the sign-in{quoted}. Check the key: it must be the server's hash key.")
        }
        (_, Credentials::Token(_)) if sign_in => format!("The server refused the token{quoted}. {REPLACE_TOKEN}"),
        (_, Credentials::Token(_)) if reports_missing_account(status, body) => {
            format!("The server does not know the account of the token. {REPLACE_TOKEN}")
        }
        (_, Credentials::HashKey(_)) if reports_missing_account(status, body) => {
            "The server no longer knows your account. Reconnect to sign in again.".to_owned()
        }
        (_, Credentials::Token(_)) if expired => format!("The server no longer accepts the token. {REPLACE_TOKEN}"),
        (_, Credentials::HashKey(_)) if expired => {
            "The server ended the session. Reconnect to sign in again.".to_owned()
        }
        (_, _) if !quoted.is_empty() => format!("The server refused the request{quoted}."),
        (404, _) => "The server has no such endpoint (HTTP 404). Check the address and the service.".to_owned(),
        (403, _) => "You do not have permission to do this (HTTP 403). Ask an admin for access.".to_owned(),
        (413, _) => too_large(request).to_owned(),
        (_, _) => format!("The server refused the request (HTTP {status}). Try again later."),
    }
}

/// Returns the server's own sentence: `data`, which is a string in every error (`docs/protocol/vchat.md` §1.5).
fn message(body: &Body) -> Option<&str> {
    let Body::Json(Value::Object(object)) = body else { return None };
    text(object, "data")?;
    object.get("data").and_then(Value::as_str).map(str::trim).filter(|message| !message.is_empty())
}

/// Redacts a sentence of the server and shortens it to the length that is shown.
pub(super) fn shorten(message: &str, secrets: &Secrets) -> String {
    limits::quote(message, secrets, MESSAGE_CHARS)
}
