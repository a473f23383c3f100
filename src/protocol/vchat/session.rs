//! Signing in (§1.3): with the server's hash key, or with a token that somebody else was given.

use std::fmt;

use serde_json::Value;
use sha2::{Digest, Sha512};

use crate::domain::{PersonId, PersonInfo, Request, ServerEvent};
use crate::protocol::fields::{self, Unreadable};
use crate::protocol::{Call, HttpMethod};
use crate::text::SafeText;

use super::adapter::VChat;
use super::call::{self, field};
use super::people;

/// As what the server enters this device. It knows these names and no others (§1.3).
const PLATFORM: &str = if cfg!(target_os = "linux") {
    "linux"
} else if cfg!(target_os = "macos") {
    "macOs"
} else if cfg!(windows) {
    "windows"
} else {
    "other"
};

/// What proves to the server who one is. Secrets.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// The hash key of the app, which must be the server's: everybody's password is derived from it.
    HashKey(String),
    /// An access token, as the app's own server got it for this user.
    Token(String),
}

impl fmt::Debug for Credentials {
    /// Leaves the secret out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HashKey(_) => "HashKey(***)",
            Self::Token(_) => "Token(***)",
        })
    }
}

/// Who is signed in.
pub(super) struct Session {
    /// A secret.
    token: String,
    pub(super) me: PersonId,
    /// The app's name for us.
    pub(super) identifier: String,
}

impl Session {
    /// The token, to take it out of what the server says.
    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// The value of `authorization`.
    pub(super) fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }
}

/// The password that V Chat derives for a user: lower-case hexadecimal SHA-512 of key and identifier.
pub(super) fn password(key: &str, identifier: &str) -> String {
    let digest = Sha512::digest(format!("{key}_{identifier}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The call that signs in, or that proves a token: no call asks who one is, so the cheapest page there is does.
pub(super) fn call(vchat: &VChat, identifier: &str, name: &str) -> Call {
    let key = match &vchat.credentials {
        Credentials::HashKey(key) => key,
        Credentials::Token(token) => {
            let query = vec![("limit", "1".to_owned()), ("page", "1".to_owned())];
            return call::get(format!("Bearer {token}"), "/api/v2/channel/", query);
        }
    };
    let mut form = vec![field("identifier", identifier)];
    if !name.is_empty() {
        form.push(field("fullName", name));
    }
    form.push(field("deviceId", &vchat.device));
    form.push(field("password", password(key, identifier)));
    form.push(field("language", "en"));
    form.push(field("platform", PLATFORM));
    // What the official client sends before it has a token. An old one would be of no use here.
    call::form("Bearer null".to_owned(), HttpMethod::Post, "/api/v2/auth/connect", form)
}

/// Reads the `data` of the answer and keeps who we are.
pub(super) fn signed_in(vchat: &mut VChat, request: &Request, data: &Value) -> Result<ServerEvent, Unreadable> {
    let Request::SignIn { username, name } = request else { return Err("it answers no sign-in") };
    let (token, me) = match &vchat.credentials {
        Credentials::HashKey(_) => {
            let token = data.get("accessToken").and_then(Value::as_str).filter(|token| !token.is_empty());
            let mut me = people::user(data.get("user").ok_or("there is no user")?, &mut vchat.recall)?;
            if me.username.is_empty() {
                me.username = SafeText::line(username);
            }
            (token.ok_or("there is no accessToken")?.to_owned(), me)
        }
        Credentials::Token(token) => {
            // The token names us; a server whose tokens do not still says in each room whose list it stands in.
            let listed = || fields::text(data.get("docs")?.as_array()?.first()?.as_object()?, "uId");
            let id =
                holder(token).or_else(|| Some(listed()?.into_owned())).ok_or("the token does not say whose it is")?;
            let name = if name.is_empty() { username } else { name };
            let (username, name) = (SafeText::line(username), SafeText::line(name));
            (token.clone(), PersonInfo { id: PersonId::new(&id), username, name, last_active: None, agent: false })
        }
    };
    // The identifier as it was asked for: the safe form of one may differ, and paths want the real one.
    vchat.session = Some(Session { token, me: me.id.clone(), identifier: username.clone() });
    Ok(ServerEvent::SignedIn { me, capabilities: VChat::CAPABILITIES })
}

/// The `id` in a JWT's payload. Its signature is the server's business.
fn holder(token: &str) -> Option<String> {
    let payload = base64url(token.split('.').nth(1)?)?;
    let payload: Value = serde_json::from_slice(&payload).ok()?;
    fields::id(payload.as_object()?, "id").map(std::borrow::Cow::into_owned)
}

/// Decodes base64url, padded or not. By hand: this one payload of our own token is all there is to decode, and
/// what is wrong with it is never asked.
fn base64url(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((bits >> held) & 0xff).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_the_one_that_another_tool_computes() {
        // python3 -c 'import hashlib;print(hashlib.sha512(b"V_CHAT_SDK_V2_VERY_STRONG_KEY_user1@gmail.com").hexdigest())'
        let known = "107057e84daeab49d888c98738f528531eb7af425a2eab905d25f161e16e5fae3259d3967b27db5cc9a3040aa6c6f726203dace61ad558f0939a39d4e11c7bf7";
        assert_eq!(password("V_CHAT_SDK_V2_VERY_STRONG_KEY", "user1@gmail.com"), known);
        // … of "schlüssel_zoë" in UTF-8, which a tool of bytes and one of characters would hash differently.
        let known = "ff05bd9a8427587d99109e9f5910269f5fca0dc969f7e4fa609bd8318336be51133f52b02588feb0a92378f62ebbff7dde342165b5fd7c701d0a04dea2c6ce27";
        assert_eq!(password("schlüssel", "zoë"), known);
    }

    #[test]
    fn base64url_is_decoded_at_every_length() {
        let known = [("", ""), ("Zg", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg", "foob"), ("4oKs", "€")];
        for (text, plain) in known {
            assert_eq!(base64url(text).as_deref(), Some(plain.as_bytes()), "{text}");
        }
        assert_eq!(base64url("-_8").as_deref(), Some(&[0xfb, 0xff][..]));
        assert_eq!(base64url("a b"), None);
    }

    #[test]
    fn a_token_names_its_holder() {
        // {"id":"63d6683a88c3d52e0e6dffa4","deviceId":"d"}
        let payload = "eyJpZCI6IjYzZDY2ODNhODhjM2Q1MmUwZTZkZmZhNCIsImRldmljZUlkIjoiZCJ9";
        assert_eq!(holder(&format!("h.{payload}.s")).as_deref(), Some("63d6683a88c3d52e0e6dffa4"));
        for token in ["", "..", "a.b", "a.e30.c", "a.\u{fffd}.c"] {
            assert_eq!(holder(token), None, "{token}");
        }
    }
}
