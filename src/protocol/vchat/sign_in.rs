//! Signing in with the server's hash key, or with a token that was issued elsewhere (`docs/protocol/vchat.md` §1.3).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha512};

use crate::domain::{PersonId, PersonInfo, Request, ServerEvent};
use crate::protocol::Call;
use crate::protocol::fields::{self, Malformed};
use crate::protocol::form_field::field;
use crate::text::SafeText;

use super::capabilities::CAPABILITIES;
use super::http;
use super::people;
use super::state::{Credentials, Session, VChatState};

/// Platform under which the server registers this device. It accepts only these names (`docs/protocol/vchat.md` §1.3).
const PLATFORM: &str = if cfg!(target_os = "linux") {
    "linux"
} else if cfg!(target_os = "macos") {
    "macOs"
} else if cfg!(windows) {
    "windows"
} else {
    "other"
};

/// Maximum length of an access token, in bytes. No server accepts a longer header, and real tokens have about 230.
const MAX_TOKEN_BYTES: usize = 8 << 10;

/// Derives a user's password as V Chat does: lower-case hexadecimal SHA-512 of key and identifier.
pub(super) fn password(key: &str, identifier: &str) -> String {
    let digest = Sha512::digest(format!("{key}_{identifier}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the call that signs in.
///
/// A token is checked with the smallest page of the room list, because no call returns the token's owner.
pub(super) fn encode(state: &VChatState, identifier: &str, name: Option<&str>) -> Call {
    let key = match &state.credentials {
        Credentials::HashKey(key) => key,
        Credentials::Token(token) => {
            let query = vec![("limit", "1".to_owned()), ("page", "1".to_owned())];
            return http::get(format!("Bearer {token}"), "/api/v2/channel/", query);
        }
    };
    let mut form = vec![field("identifier", identifier)];
    if let Some(name) = name {
        form.push(field("fullName", name));
    }
    form.push(field("deviceId", &state.device));
    form.push(field("password", password(key, identifier)));
    form.push(field("language", "en"));
    form.push(field("platform", PLATFORM));
    // The official client sends `null` before it has a token. This call ignores older tokens.
    http::post_form("Bearer null".to_owned(), "/api/v2/auth/connect", form)
}

/// Reads the `data` of the reply and starts the session.
pub(super) fn decode(state: &mut VChatState, request: &Request, data: &Value) -> Result<ServerEvent, Malformed> {
    let Request::SignIn { username, name } = request else { return Err("not a reply to a sign-in") };
    let (token, me) = match &state.credentials {
        Credentials::HashKey(_) => {
            let token = data.get("accessToken").and_then(Value::as_str).filter(|token| !token.is_empty());
            if token.is_some_and(|token| token.len() > MAX_TOKEN_BYTES) {
                return Err("an oversized accessToken");
            }
            // Even if the rest of the reply cannot be read, and its text is shown to explain that.
            token.into_iter().for_each(|token| state.secrets.add_token(token));
            let mut me = people::user(data.get("user").ok_or("no user")?, &mut state.people)?;
            if me.username.is_empty() {
                me.username = SafeText::line(username);
            }
            (token.ok_or("no accessToken")?.to_owned(), me)
        }
        Credentials::Token(token) => {
            // Most tokens name their owner. Otherwise a room of the list does, in its `uId` field.
            let list_owner = || fields::text(data.get("docs")?.as_array()?.first()?.as_object()?, "uId");
            let id = token_owner(token)
                .or_else(|| Some(list_owner()?.into_owned()))
                .ok_or("the token does not name its owner")?;
            let name = name.as_ref().unwrap_or(username);
            let (username, name) = (SafeText::line(username), SafeText::line(name));
            (token.clone(), PersonInfo { id: PersonId::new(&id), username, name, last_active: None, agent: false })
        }
    };
    // Paths need the identifier as it was requested; the sanitised form may differ.
    state.secrets.add_token(&token);
    state.session = Some(Session { token, me: me.id.clone(), identifier: username.clone() });
    Ok(ServerEvent::SignedIn { me, capabilities: CAPABILITIES })
}

/// Returns the `id` in the payload of a JWT. The signature is left for the server to check.
fn token_owner(token: &str) -> Option<String> {
    let payload = token.split('.').nth(1)?.trim_end_matches('=');
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let payload: Value = serde_json::from_slice(&payload).ok()?;
    fields::id(payload.as_object()?, "id").map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_matches_an_independent_implementation() {
        // python3 -c 'import
        // hashlib;print(hashlib.sha512(b"V_CHAT_SDK_V2_VERY_STRONG_KEY_user1@gmail.com").hexdigest())'
        let known = "107057e84daeab49d888c98738f528531eb7af425a2eab905d25f161e16e5fae3259d3967b27db5cc9a3040aa6c6f726203dace61ad558f0939a39d4e11c7bf7";
        assert_eq!(password("V_CHAT_SDK_V2_VERY_STRONG_KEY", "user1@gmail.com"), known);
        // The same for "schlüssel_zoë", which has another hash unless it is hashed as UTF-8.
        let known = "ff05bd9a8427587d99109e9f5910269f5fca0dc969f7e4fa609bd8318336be51133f52b02588feb0a92378f62ebbff7dde342165b5fd7c701d0a04dea2c6ce27";
        assert_eq!(password("schlüssel", "zoë"), known);
    }

    #[test]
    fn token_names_its_owner() {
        // {"id":"63d6683a88c3d52e0e6dffa4","deviceId":"d"}
        let payload = "eyJpZCI6IjYzZDY2ODNhODhjM2Q1MmUwZTZkZmZhNCIsImRldmljZUlkIjoiZCJ9";
        assert_eq!(token_owner(&format!("h.{payload}.s")).as_deref(), Some("63d6683a88c3d52e0e6dffa4"));
        // {"id":"a?>?"}, with a digit of the URL-safe alphabet, and with padding, which does not belong into a token.
        assert_eq!(token_owner("h.eyJpZCI6ImE_Pj8ifQ==.s").as_deref(), Some("a?>?"));
        for token in ["", "..", "a.b", "a.e30.c", "a.\u{fffd}.c"] {
            assert_eq!(token_owner(token), None, "{token}");
        }
    }
}
