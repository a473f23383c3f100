//! Sentences of a server that quote a secret of the account: at any position, in any field, in any encoding.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::domain::{Request, ServerEvent};
use crate::text::percent_encode;

use super::minchat::MinChat;
use super::vchat::{Credentials, VChat};
use super::{Body, Call, Frame, Part, Protocol};

/// A key with characters that each encoding changes differently.
const KEY: &str = "M4RKER/k+e=y?~\"é\\longer-than-a-word";

/// Length of a piece of a secret that must not be shown.
const PIECE: usize = 6;

fn base64(bytes: &[u8]) -> String {
    let digits: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let bits: Vec<bool> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
    bits.chunks(6)
        .map(|six| digits[(0..6).fold(0, |value, bit| value << 1 | usize::from(six.get(bit) == Some(&true)))])
        .collect()
}

/// Writes `extra` after every `count` characters of `text`.
fn interrupted(text: &str, count: usize, extra: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(count).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join(extra)
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Ways to write a secret.
fn encodings(secret: &str) -> Vec<String> {
    let units = secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let json = json!(secret).to_string();
    let mut forms = vec![secret.to_owned(), percent_encode(secret), units, json.trim_matches('"').to_owned()];
    forms.push(percent_encode(&percent_encode(secret)));
    let base64 = ["", "a", "ab"].map(|before| base64(format!("{before}{secret}:").as_bytes()));
    forms.extend(base64.clone());
    // A base64 text is often part of another encoded text, or wrapped.
    forms.extend([percent_encode(&base64[1]), base64[2].replace('/', "\\/"), escape_html(&base64[0])]);
    forms.extend([interrupted(&base64[1], 10, "\r\n"), interrupted(&base64[2], 10, "\\n")]);
    let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    forms.extend([hexadecimal.to_uppercase(), hexadecimal]);
    let references: [String; 2] = [
        secret.chars().map(|c| format!("&#x{:x};", u32::from(c))).collect(),
        secret.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
    ];
    forms.extend(references.into_iter().chain([escape_html(secret), escape_html(&escape_html(secret))]));
    forms.extend([secret.to_ascii_uppercase(), secret.to_ascii_lowercase()]);
    forms.extend(["\0", "\n", "\u{200b}", "\u{202e}", "\\u200b"].map(|extra| interrupted(secret, PIECE + 1, extra)));
    forms
}

fn decode(adapter: &mut dyn Protocol, frame: Frame) -> Vec<String> {
    let events = adapter.decode(frame).unwrap();
    assert!(!events.is_empty());
    let texts = events.into_iter().map(|event| match event {
        ServerEvent::Failed { reason, .. } => reason.to_string(),
        ServerEvent::Notice(text) => text.to_string(),
        ServerEvent::AgentAction { agent, action, .. } => format!("{agent}: {action}"),
        ServerEvent::Message(message) => message.text.to_string(),
        other => panic!("{other:?}"),
    });
    texts.collect()
}

/// Lets `adapter` read frames with every secret in every encoding at many positions.
fn check(adapter: &mut dyn Protocol, secrets: &[String], frames: &[&dyn Fn(&str) -> Frame]) {
    for (index, encoded) in secrets.iter().flat_map(|secret| encodings(secret).into_iter().enumerate()) {
        let chars: Vec<char> = encoded.chars().collect();
        // The digits at the edges of a base64 text also hold bits of its neighbours.
        let inner = &chars[2..chars.len() - 2];
        let pieces: HashSet<&[char]> = inner.windows(PIECE).collect();
        let offsets = (0..3).chain((3..150).step_by(29)).chain(170..=202).chain(990..995).chain(1018..1025);
        // The plain form is cut at every place, and the others in each piece.
        for offset in offsets.step_by(if index == 0 { 1 } else { PIECE - 1 }) {
            let sentence = format!("{}{encoded} {}", ". ".repeat(offset / 2 + offset % 2), ". ".repeat(300));
            for (field, frame) in frames.iter().enumerate() {
                for shown in decode(adapter, frame(&sentence)) {
                    let chars: Vec<char> = shown.chars().collect();
                    let piece = chars.windows(PIECE).find(|piece| pieces.contains(piece));
                    assert_eq!(piece, None, "field {field}, offset {offset}, {encoded}: {shown}");
                }
            }
        }
    }
}

fn event(name: &str, argument: Value) -> Frame {
    Frame::Event { name: name.into(), args: vec![argument] }
}

fn reply(request: Request, status: u16, body: Value) -> Frame {
    Frame::Reply { request, status, body: Body::Json(body) }
}

fn sign_in() -> Request {
    Request::SignIn { username: "alice".into(), name: None }
}

#[test]
fn minchat_sentence_never_shows_a_piece_of_the_key() {
    let mut minchat = MinChat::new(KEY);
    check(
        &mut minchat,
        &[KEY.to_owned()],
        &[
            &|text| reply(sign_in(), 400, json!({"message": text})),
            &|text| reply(Request::Rooms { page: 1 }, 200, json!({"success": false, "message": text})),
            &|text| event("error", json!(text)),
            &|text| event("error", json!({"message": text})),
            &|text| event("ai.event", json!({"event": text})),
            &|text| event("ai.event", json!({"event": "x", "chatbotUsername": text})),
        ],
    );
}

/// The password of the sign-in, as it goes over the wire.
fn password(call: Call) -> String {
    let Call::Http(call) = call else { panic!("not a REST call") };
    let password = call.form.unwrap().into_iter().find_map(|part| match part {
        Part::Field { name: "password", value } => Some(value),
        _ => None,
    });
    password.unwrap()
}

#[test]
fn vchat_sentence_never_shows_a_piece_of_a_secret() {
    let mut vchat = VChat::new(Credentials::HashKey(KEY.into()), "device");
    let password = password(vchat.encode(&sign_in()).unwrap());
    let tokens = ["eyJhbGciOi.first-token.abcdef", "eyJhbGciOi.renewed_token.ghijkl"];
    for token in tokens {
        let user = json!({"_id": "63d6683a88c3d52e0e6dffa4", "fullName": "Alice", "identifier": "alice"});
        vchat.decode(reply(sign_in(), 200, json!({"data": {"accessToken": token, "user": user}}))).unwrap();
    }
    let secrets = [KEY, &password, tokens[0], tokens[1]].map(str::to_owned);
    let message = |text: &str| {
        let (id, room, author) = ("6406443f14eb1e120ecd9007", "63ebe4e6ed30938bc1d9203c", "63d6684a88c3d52e0e6dffb0");
        json!({"_id": id, "rId": room, "sId": author, "mT": text, "createdAt": "2023-03-06T19:51:27.000Z"})
    };
    check(
        &mut vchat,
        &secrets,
        &[
            &|text| reply(sign_in(), 400, json!({"data": text})),
            &|text| reply(Request::Calls, 403, json!({"data": text})),
            &|text| event("v1OnException", json!(text)),
            &|text| event("v1OnException", json!({"error": {"message": text}})),
            &|text| event("v1OnException", json!(json!({"data": text}).to_string())),
            &|text| event("v1OnNewMessage", message(text.trim_start_matches(". "))),
        ],
    );
}
