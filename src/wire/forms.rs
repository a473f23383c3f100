//! Text forms of a record: JSON, a command for a shell, code for a program, and a fixture for a test.
//!
//! They show what the client did, so that it can be repeated. Secrets are `***`, which the reader has to replace.

mod curl;
mod dart;
mod javascript;
mod rust;

use serde::{Deserialize, Serialize};

use crate::text::percent_encode;

use super::json::{Json, JsonNode, JsonValue};
use super::literal::{Language, literal};
use super::packet::Packet;
use super::payload::Payload;
use super::record::{Handshake, Record, RecordKind, StartedCall};

/// A text form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CopyForm {
    /// The payload as JSON.
    Json,
    /// A `curl` command that repeats a call.
    Curl,
    /// A JavaScript module: `@minchat/js`, `fetch` or `socket.io-client`.
    JavaScript,
    /// A Rust program: `reqwest` or `rust_socketio`.
    Rust,
    /// A Dart program: `http` or `socket_io_client`.
    Dart,
    /// A file for `tests/fixtures`.
    Fixture,
}

impl CopyForm {
    /// All forms.
    pub const ALL: [Self; 6] = [Self::Json, Self::Curl, Self::JavaScript, Self::Rust, Self::Dart, Self::Fixture];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Curl => "curl",
            Self::JavaScript => "JavaScript",
            Self::Rust => "Rust",
            Self::Dart => "Dart",
            Self::Fixture => "Test fixture",
        }
    }

    /// Returns the record in this form, if it has it. `server` is the one of the record.
    pub fn text(self, record: &Record, server: Server<'_>) -> Option<String> {
        let operation = Operation::of(record);
        match (self, operation) {
            (Self::Json, _) => record.payload().map(json),
            (Self::Fixture, _) => fixture(record),
            (Self::Curl, Some(Operation::Call(call))) => Some(curl::call(call)),
            (Self::Curl, _) => None,
            (Self::JavaScript, operation) => operation.map(|operation| javascript::text(&operation, server)),
            (Self::Rust, operation) => operation.map(|operation| rust::text(&operation, server)),
            (Self::Dart, operation) => operation.map(|operation| dart::text(&operation, server)),
        }
    }
}

/// A server, as far as a program has to know it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Server<'a> {
    /// Base URL, without a slash at the end.
    pub base: &'a str,
    /// The opening request of the socket, which may hold credentials. `None` if it is not recorded any more.
    pub opening: Option<&'a Handshake>,
}

impl<'a> Server<'a> {
    /// Returns the query and the headers of the opening request.
    fn credentials(self) -> (&'a [Pair], &'a [Pair]) {
        self.opening.map_or((&[], &[]), |opening| (&opening.query, &opening.headers))
    }

    /// Returns a comment if the opening request is not known.
    fn note(self) -> &'static str {
        if self.opening.is_some() { "" } else { OPENING_NOTE }
    }
}

type Pair = (Box<str>, Box<str>);

/// A comment in all three languages.
const OPENING_NOTE: &str = "// The opening request is no longer recorded: if it had a query or headers, add them.\n";

/// Something that a program can repeat.
enum Operation<'a> {
    Call(&'a StartedCall),
    /// Send an event with these arguments.
    Emit {
        event: String,
        args: Json,
    },
    /// Listen for an event, which had these arguments.
    Listen {
        event: String,
        args: Json,
    },
}

impl<'a> Operation<'a> {
    fn of(record: &'a Record) -> Option<Self> {
        let event = |payload: &'a Payload| {
            let packet = Packet::parse(&payload.text);
            Some((event_name(packet.event?), Json::parse(packet.data)))
        };
        match &record.kind {
            RecordKind::CallStarted(call) => (!call.body.is_cut()).then_some(Self::Call(call)),
            RecordKind::Emitted { payload, .. } if payload.is_cut => None,
            RecordKind::Emitted { payload, .. } => event(payload).map(|(event, args)| Self::Emit { event, args }),
            RecordKind::Received { payload, .. } => event(payload).map(|(event, args)| Self::Listen { event, args }),
            _ => None,
        }
    }
}

/// Returns the name of an event without escapes.
fn event_name(json: &str) -> String {
    match Json::parse(&format!("\"{json}\"")).nodes.as_slice() {
        [JsonNode { value: JsonValue::Text(name), .. }] => name.to_string(),
        _ => json.to_owned(),
    }
}

/// Returns the arguments of an event as a comment.
fn example(language: Language, args: &Json) -> String {
    format!("// {}", args.code(language, args.values().len() != 1).replace('\n', "\n// "))
}

/// Returns the address of a call with its query.
fn address(call: &StartedCall) -> String {
    format!("{}{}{}", call.base, call.path, query(&call.query))
}

/// Returns a query with its question mark. A mask stays readable, because the reader has to find it.
fn query(pairs: &[Pair]) -> String {
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value)));
    let pairs: Vec<String> = pairs.collect();
    let separator = if pairs.is_empty() { "" } else { "?" };
    format!("{separator}{}", pairs.join("&").replace("%2A%2A%2A", "***"))
}

/// Returns pairs as the members of an object or of a map.
fn members(language: Language, pairs: &[Pair]) -> String {
    let literal = |text| literal(language, text);
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}: {}", literal(name), literal(value))).collect();
    pairs.join(", ")
}

/// Indents the lines of a program, whose literals have no line breaks.
fn indented(code: &str, spaces: usize) -> String {
    code.lines().map(|line| format!("{}{line}\n", " ".repeat(spaces))).collect()
}

/// Returns a payload as indented JSON; what is not JSON stays as it is.
fn json(payload: &Payload) -> String {
    let packet = Packet::parse(&payload.text);
    let text = if packet.event.is_some() { packet.data } else { json_part(&payload.text) };
    let json = Json::parse(text);
    if json.is_complete && !payload.is_cut {
        let brackets = packet.event.is_some() && json.values().len() != 1;
        json.pretty(brackets)
    } else {
        payload.text.to_string()
    }
}

/// Returns a text without the digits of the packet's type, if it has any before its JSON.
fn json_part(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.starts_with(['{', '[']) { rest } else { text }
}

/// Returns a received payload as the files in `tests/fixtures` have it: the body of a reply, the argument of an event,
/// or all arguments of an event that carries its payload as JSON in a string.
fn fixture(record: &Record) -> Option<String> {
    let payload = record.payload()?;
    let is_received = matches!(record.kind, RecordKind::Received { .. } | RecordKind::CallFinished { .. });
    let packet = Packet::parse(&payload.text);
    if !is_received || payload.is_cut {
        return None;
    }
    let json = Json::parse(if packet.event.is_some() { packet.data } else { &payload.text });
    let is_text = matches!(json.nodes.first()?.value, JsonValue::Embedded(_) | JsonValue::Text(_));
    let brackets = packet.event.is_some() && (is_text || json.values().len() != 1);
    json.is_complete.then(|| json.pretty(brackets) + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AccountId;
    use crate::text::SafeText;
    use crate::wire::literal::HOSTILE;
    use crate::wire::{CallBody, CallNumber, CallOutcome, FormPart, Moment, RecordSubject};

    fn record(kind: RecordKind) -> Record {
        Record { seq: 1, at: Moment::default(), account: AccountId(0), subject: RecordSubject::default(), kind }
    }

    fn payload(text: &str) -> Payload {
        Payload::new(text.to_owned(), text.len())
    }

    fn post(path: &str, body: CallBody) -> Record {
        record(RecordKind::CallStarted(Box::new(StartedCall {
            call: CallNumber(1),
            method: "POST",
            base: "https://chat.example".into(),
            path: path.into(),
            query: vec![("page".into(), "1 & 2".into())],
            headers: vec![("authorization".into(), "Bearer ***".into())],
            body,
        })))
    }

    fn form() -> CallBody {
        let file =
            FormPart::File { name: "file".into(), file_name: "a.png".into(), mime: "image/png".into(), bytes: 9 };
        CallBody::Form(vec![FormPart::Field { name: "text".into(), value: payload("it's") }, file])
    }

    fn emitted() -> Record {
        let payload = payload(r#"42["join",{"id":"$1","apiKey":"***"}]"#);
        record(RecordKind::Emitted { payload, problem: None })
    }

    fn received(text: &str) -> Record {
        record(RecordKind::Received { payload: payload(text), problem: None })
    }

    fn text(form: CopyForm, record: &Record) -> String {
        let opening = Handshake {
            base: "https://chat.example".into(),
            query: vec![("auth".into(), "Bearer ***".into())],
            headers: vec![("authorization".into(), "Bearer ***".into())],
        };
        form.text(record, Server { base: "https://chat.example", opening: Some(&opening) }).unwrap_or_default()
    }

    #[test]
    fn curl_repeats_a_call() {
        let json = CallBody::Json(payload(r#"{"text":"it's"}"#));
        assert_eq!(
            text(CopyForm::Curl, &post("/v1/messages", json)),
            "curl -X POST 'https://chat.example/v1/messages?page=1%20%26%202' \\\n  -H 'authorization: Bearer ***' \\\n  \
             --data-raw '{\"text\":\"it'\\''s\"}'"
        );
        assert_eq!(
            text(CopyForm::Curl, &post("/v1/files", form())),
            "curl -X POST 'https://chat.example/v1/files?page=1%20%26%202' \\\n  -H 'authorization: Bearer ***' \\\n  \
             --form-string 'text=it'\\''s' \\\n  -F 'file=@\"a.png\";type=image/png'"
        );
        assert_eq!(CopyForm::Curl.text(&emitted(), Server::default()), None);
    }

    #[test]
    fn javascript_uses_the_sdk_to_send_a_message() {
        let json = CallBody::Json(payload(r#"{"chat_id":"c1","text":"Hello \"you\"","user_id":"u"}"#));
        let code = text(CopyForm::JavaScript, &post("/v1/messages", json));
        assert!(code.contains("import sdk from '@minchat/js';"), "{code}");
        assert!(code.contains(r#"chat.getId() === "c1""#), "{code}");
        assert!(
            code.contains(r#"await chat.sendMessage({ text: "Hello \"you\"" }, (message) => console.log(message));"#),
            "{code}"
        );
        let code = text(CopyForm::JavaScript, &post("/v1/other", CallBody::Json(payload(r#"{"a":[1]}"#))));
        assert!(code.contains("body: JSON.stringify({\n    \"a\": [\n      1\n    ]\n  }),"), "{code}");
        let code = text(CopyForm::JavaScript, &emitted());
        assert!(code.contains("socket.emit(\"join\", {\n  \"id\": \"$1\",\n  \"apiKey\": \"***\"\n});"), "{code}");
    }

    #[test]
    fn every_language_has_calls_forms_and_events() {
        for language in [CopyForm::JavaScript, CopyForm::Rust, CopyForm::Dart] {
            let call = text(language, &post("/v1/files", form()));
            assert!(call.contains("https://chat.example/v1/files?page=1%20%26%202"), "{call}");
            assert!(call.contains("Bearer ***") && call.contains("a.png") && call.contains("it's"), "{call}");
            let emit = text(language, &emitted());
            assert!(emit.contains("\"join\"") && emit.contains("https://chat.example"), "{emit}");
            let listen = text(language, &received(r#"42["message",{"a":1}]"#));
            assert!(listen.contains("\"message\""), "{listen}");
        }
        assert!(text(CopyForm::Dart, &emitted()).contains(r#""id": "\$1""#));
    }

    /// Names of events and of files are texts of others, too.
    #[test]
    fn texts_of_others_cannot_become_code() {
        for hostile in HOSTILE {
            let json = literal(Language::Json, hostile);
            let packet = format!("42[{json},{{{json}:{json}}}]");
            let file = FormPart::File { name: "f".into(), file_name: hostile.into(), mime: "m".into(), bytes: 9 };
            let value = payload(hostile);
            let form = CallBody::Form(vec![FormPart::Field { name: "text".into(), value }, file]);
            let emit = record(RecordKind::Emitted { payload: payload(&packet), problem: None });
            let bodies = [CallBody::Json(payload(&format!("{{\"text\":{json}}}"))), form];
            let records = bodies.into_iter().map(|body| post("/v1/x", body)).chain([emit, received(&packet)]);
            for (form, record) in records.flat_map(|record| LANGUAGES.map(|form| (form, record.clone()))) {
                let code = text(form, &record);
                assert_eq!(SafeText::block(&code).as_str(), code, "{form:?} would be changed when it is copied");
                // No part of the text is outside of a string or a comment.
                let outside = without_strings(form, &code);
                assert!(!outside.contains("hacked") && !outside.contains("raw"), "{form:?}: {outside}\n{code}");
            }
        }
    }

    const LANGUAGES: [CopyForm; 3] = [CopyForm::JavaScript, CopyForm::Rust, CopyForm::Dart];

    /// Returns code without its strings and comments.
    fn without_strings(form: CopyForm, code: &str) -> String {
        let (mut out, mut rest) = (String::new(), code);
        while let Some(c) = rest.chars().next() {
            let hashes = rest.strip_prefix('r').map_or(0, |rest| rest.bytes().take_while(|byte| *byte == b'#').count());
            let raw = if form == CopyForm::Rust && hashes > 0 { rest.get(1 + hashes..) } else { None };
            if let Some(text) = raw.and_then(|rest| rest.strip_prefix('"')) {
                let end = format!("\"{}", "#".repeat(hashes));
                rest = text.split_once(&end).map_or("", |(_, rest)| rest);
            } else if let Some(comment) = rest.strip_prefix("//") {
                rest = comment.find(['\n', '\r', '\u{2028}', '\u{2029}']).map_or("", |end| &comment[end..]);
            } else if let Some(text) = rest.strip_prefix('"') {
                let mut escaped = false;
                let end = text.find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                rest = end.map_or("", |end| &text[end + 1..]);
            } else {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        out
    }

    #[test]
    fn fixture_and_json_are_indented_payloads() {
        assert_eq!(text(CopyForm::Fixture, &received(r#"42["message",{"a":1}]"#)), "{\n  \"a\": 1\n}\n");
        // As in `tests/fixtures/vchat`.
        let in_text = received(r#"42["v1OnNewMessage","{\"a\":1}"]"#);
        assert_eq!(text(CopyForm::Fixture, &in_text), "[\n  \"{\\\"a\\\":1}\"\n]\n");
        assert_eq!(text(CopyForm::Json, &received(r#"0{"sid":"x"}"#)), "{\n  \"sid\": \"x\"\n}");
        let reply = record(RecordKind::CallFinished {
            call: CallNumber(1),
            micros: 1,
            outcome: CallOutcome::Reply { status: 502, body: payload("<html>"), problem: None },
        });
        assert_eq!(text(CopyForm::Json, &reply), "<html>");
        assert_eq!(CopyForm::Fixture.text(&reply, Server::default()), None);
        assert_eq!(CopyForm::Fixture.text(&emitted(), Server::default()), None);
    }
}
