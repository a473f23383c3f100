//! Refusals as sentences that say what to do (§1.5). No page of a proxy reaches the user, and of a body only the one
//! sentence that V Chat words for people.

use serde_json::Value;

use crate::domain::Request;
use crate::protocol::Body;
use crate::protocol::fields::text;

use super::session::Credentials;
use super::words;

/// How much of a server's own sentence is shown.
const SAID_CHARS: usize = 200;

/// What answers is something else.
const NO_VCHAT: &str = "What answered is not a V Chat server. Check the address (--url), or the proxy in between.";

/// The token is of no use any more.
const TOKEN: &str = "It has run out or belongs to another server: put another one into the profile.";

/// Whether the server refuses a send since it has it already (§2.3.1): it says so, or its database does when an earlier
/// attempt is still being stored.
pub(super) fn is_duplicate(status: u16, body: &Body) -> bool {
    let marks = |said: &str| said.to_lowercase().contains("already in database") || said.contains("E11000");
    status >= 400 && said(body).is_some_and(marks)
}

/// Whether it says that there is no such room, or that we are not in it (§2.2.2). A 404 alone may be of an address that
/// this server does not have, and "no access" of a room that we may read no more.
pub(super) fn tells_of_no_room(status: u16, body: &Body) -> bool {
    let marks = |said: &str| {
        let said = said.to_lowercase();
        ["room not found", "channel not found", "chat not found"].iter().any(|mark| said.contains(mark))
    };
    status == 404 && said(body).is_some_and(marks)
}

/// Why it did not work, as a sentence.
pub(super) fn reason(request: &Request, credentials: &Credentials, status: u16, body: &Body) -> String {
    let page = matches!(body, Body::Other(_));
    match status {
        300..=399 => return format!("The server sends us elsewhere (HTTP {status}). Check the address (--url)."),
        429 => return "The server asks to slow down. Try again in a few minutes.".to_owned(),
        500.. => return format!("The server has a problem (HTTP {status}). Try again later."),
        _ => {}
    }
    if page && (status < 400 || status == 404) {
        return NO_VCHAT.to_owned();
    }
    // A token that the server cannot read any more is a 400 like any other (§1.2).
    let expired = matches!(status, 401 | 450) || said(body).is_some_and(|said| said.to_lowercase().contains("jwt"));
    let quoted = said(body).map(|said| format!(": {}", shortened(said)));
    let quoted = quoted.as_deref().map(|said| said.trim_end_matches('.')).unwrap_or_default();
    let sign_in = matches!(request, Request::SignIn { .. });
    match (status, credentials) {
        (404, _) if sign_in => {
            "The server has no V Chat v2 sign-in at this address. Check the address (--url).".to_owned()
        }
        (_, Credentials::HashKey(_)) if sign_in => {
            format!("The server refused the sign-in{quoted}. Check --api-key: it must be the server's hash key.")
        }
        (_, Credentials::Token(_)) if sign_in => format!("The server refused the token{quoted}. {TOKEN}"),
        (_, Credentials::Token(_)) if expired => format!("The server does not take the token any more. {TOKEN}"),
        (_, Credentials::HashKey(_)) if expired => "The server has signed us out. Connect again.".to_owned(),
        (_, _) if !quoted.is_empty() => format!("The server refused it{quoted}."),
        (404, _) => "The server does not know this address. Check --url.".to_owned(),
        (403, _) => "The server does not allow it.".to_owned(),
        (_, _) => format!("The server refused it (HTTP {status})."),
    }
}

/// The server's own sentence: `data`, always a string in an error (§1.5).
fn said(body: &Body) -> Option<&str> {
    let Body::Json(Value::Object(object)) = body else { return None };
    text(object, "data")?;
    object.get("data").and_then(Value::as_str).map(str::trim).filter(|said| !said.is_empty())
}

/// As much of a server's sentence as is shown.
pub(super) fn shortened(said: &str) -> String {
    words::cut(said.trim(), SAID_CHARS)
}
