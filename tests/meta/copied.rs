//! Code that the inspector copies, written into files that are compiled or run: `tests/e2e/copied` compiles the Rust
//! programs and runs them against the sandbox, and `tests/interop/copied` does so with the JavaScript ones.

use std::path::Path;

use minchat_tui::domain::AccountId;
use minchat_tui::wire::{
    CallBody, CallNumber, CopyForm, FormPart, Handshake, Moment, Payload, Record, RecordKind, RecordSubject, Server,
    StartedCall,
};
use serde_json::{Value, json};

/// Texts that would be code if they were not quoted strictly.
const TEXTS: [&str; 8] = [
    "\u{2028}globalThis.hacked = true; //",
    "\u{2029}globalThis.hacked = true; //\u{85}globalThis.hacked = true; //",
    "\"}); globalThis.hacked = true; ({\"a\": \"",
    "${globalThis.hacked = true} $name `${globalThis.hacked = true}`",
    "\\\" + (globalThis.hacked = true) + \"\\",
    "*/ globalThis.hacked = true; /*\r\nglobalThis.hacked = true",
    "\u{202e}eurt = dekcah\u{202c} \u{200b}\u{feff}\0\u{7f}\u{1b}[31m",
    "東京 🎉 👩\u{200d}👧 e\u{301} שלום ~ \t.",
];

/// Addresses in the copied programs. The tests that run them replace these, the mask of secrets, and the other texts of
/// [`PLACEHOLDERS`], which a reader would replace as well.
const MINCHAT: &str = "https://minchat.example";
const VCHAT: &str = "https://vchat.example";

/// Texts that the tests replace.
const PLACEHOLDERS: [&str; 7] = [MINCHAT, VCHAT, "***", "CHAT-ID", "PERSON-ID", "MESSAGE-ID", "tea.png"];

/// A text with characters that have a meaning in some language. The tests expect it.
const ODD: &str = "It's \"100 %\" \\ $HOME `x` {y} // 東京 👩\u{200d}👧 e\u{301}\u{2028}\u{202e}#\n.";

fn payload(text: &str) -> Payload {
    Payload::new(text.to_owned(), text.len())
}

fn record(kind: RecordKind) -> Record {
    Record { seq: 1, at: Moment::default(), account: AccountId(0), subject: RecordSubject::default(), kind }
}

fn call(method: &'static str, base: &str, path: &str, body: CallBody) -> StartedCall {
    StartedCall {
        call: CallNumber(1),
        method,
        base: base.into(),
        path: path.into(),
        query: Vec::new(),
        headers: vec![("authorization".into(), "Bearer ***".into())],
        body,
    }
}

/// A call with JSON, as `net/tap.rs` records it, and a header of the kind that a proxy may want.
fn with_json(method: &'static str, base: &str, path: &str, json: &Value) -> RecordKind {
    let mut call = call(method, base, path, CallBody::Json(payload(&json.to_string())));
    call.headers.push(("content-type".into(), "application/json".into()));
    call.headers.push(("x-odd".into(), "a \"b\" \\ 'c' ${d} // #".into()));
    RecordKind::CallStarted(Box::new(call))
}

fn field(name: &str, value: &str) -> FormPart {
    FormPart::Field { name: name.into(), value: payload(value) }
}

fn form(method: &'static str, base: &str, path: &str, parts: Vec<FormPart>) -> RecordKind {
    RecordKind::CallStarted(Box::new(call(method, base, path, CallBody::Form(parts))))
}

fn emitted(event: &str, argument: &Value) -> RecordKind {
    RecordKind::Emitted { payload: payload(&format!("42{}", json!([event, argument]))), problem: None }
}

fn received(event: &str, argument: &Value) -> RecordKind {
    RecordKind::Received { payload: payload(&format!("42{}", json!([event, argument]))), problem: None }
}

/// The calls and packets whose programs are run, with their names.
fn samples() -> Vec<(&'static str, RecordKind)> {
    let file =
        || FormPart::File { name: "file".into(), file_name: "tea.png".into(), mime: "image/png".into(), bytes: 9 };
    let chat_and_user = || vec![field("chat_id", "CHAT-ID"), field("user_id", "PERSON-ID")];
    let mut history = call("GET", MINCHAT, "/v1/messages", CallBody::Empty);
    history.query = [("chat_id", "CHAT-ID"), ("user_id", "PERSON-ID"), ("page", "1")]
        .map(|(name, value)| (name.into(), value.into()))
        .to_vec();
    let metadata = json!({ "sent": 1_764_438_000_000_u64, "local": "x" });
    let message = json!({ "chat_id": "CHAT-ID", "user_id": "PERSON-ID", "text": ODD, "metadata": metadata });
    let room = "/api/v2/channel/CHAT-ID";
    let vchat_fields = ["content", "localId", "isEncrypted", "messageType"]
        .into_iter()
        .zip([ODD, "b4a974e5-6cb3-4c52-a9d4-2f5f4ea5d6a1", "false", "text"])
        .map(|(name, value)| field(name, value));
    let in_text = |value: Value| Value::String(value.to_string());
    vec![
        ("minchat_history", RecordKind::CallStarted(Box::new(history))),
        ("minchat_send", with_json("POST", MINCHAT, "/v1/messages", &message)),
        ("minchat_edit", form("PATCH", MINCHAT, "/v1/messages/MESSAGE-ID", vec![field("text", ODD)])),
        (
            "minchat_upload",
            form("POST", MINCHAT, "/v1/messages", chat_and_user().into_iter().chain([file()]).collect()),
        ),
        (
            "minchat_join",
            emitted(
                "room.user.join",
                &json!({ "channelUserId": "PERSON-ID", "apiKey": "***", "at": 1_764_438_000_000_u64 }),
            ),
        ),
        ("minchat_listen", received("message", &message)),
        ("vchat_rooms", RecordKind::CallStarted(Box::new(call("GET", VCHAT, "/api/v2/channel/", CallBody::Empty)))),
        ("vchat_send", form("POST", VCHAT, &format!("{room}/message/"), vchat_fields.collect())),
        ("vchat_rename", with_json("PATCH", VCHAT, &format!("{room}/group/title"), &json!({ "title": ODD }))),
        ("vchat_typing", emitted("v1RoomStatusChange", &in_text(json!({ "status": "typing", "roomId": "CHAT-ID" })))),
        ("vchat_listen", received("v1OnNewMessage", &in_text(json!({ "c": ODD })))),
    ]
}

/// Returns the copied code of a sample.
fn program(form: CopyForm, kind: &RecordKind, base: &str) -> String {
    let pair = |name: &str| (name.into(), "Bearer ***".into());
    let credentials = if base == VCHAT { [Some(pair("auth")), Some(pair("authorization"))] } else { [None, None] };
    let [query, headers] = credentials.map(|pair| pair.into_iter().collect());
    let opening = Handshake { base: base.into(), query, headers };
    form.text(&record(kind.clone()), Server { base, opening: Some(&opening) }).expect("code")
}

fn base(name: &str) -> &'static str {
    if name.starts_with("minchat") { MINCHAT } else { VCHAT }
}

/// Returns Rust code in which the literals with placeholders are arguments of `given`.
fn with_given(code: &str) -> String {
    let (mut out, mut rest) = (String::new(), code);
    while let Some(start) = rest.find('"') {
        let hashes = rest[..start].len() - rest[..start].trim_end_matches('#').len();
        let is_raw = rest[..start - hashes].ends_with('r');
        let (begin, end) = match is_raw {
            true => (start - hashes - 1, format!("\"{}", "#".repeat(hashes))),
            false => (start, "\"".to_owned()),
        };
        let mut after = start + 1;
        while !rest[after..].starts_with(&end) {
            let escaped = !is_raw && rest[after..].starts_with('\\');
            let mut chars = rest[after..].chars();
            after += chars.by_ref().take(if escaped { 2 } else { 1 }).map(char::len_utf8).sum::<usize>();
        }
        after += end.len();
        let literal = &rest[begin..after];
        let is_given = PLACEHOLDERS.iter().any(|placeholder| literal.contains(placeholder));
        out.push_str(&rest[..begin]);
        out.push_str(&if is_given { format!("given({literal})") } else { literal.to_owned() });
        rest = &rest[after..];
    }
    out + rest
}

/// Compares a file with what it should be, or writes it.
fn check(path: &str, content: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, content).expect("a folder");
    }
    let same = std::fs::read_to_string(&path).is_ok_and(|written| written == content);
    assert!(same, "{} is out of date: run UPDATE_DOCS=1 cargo test --test meta copied", path.display());
}

#[test]
fn copied_rust_is_what_is_compiled() {
    let mut file =
        "// Copied Rust programs, which `mod.rs` runs. Written by `UPDATE_DOCS=1 cargo test --test meta copied`; \
                    only `given` and `pub` are added.\n"
            .to_owned();
    for (name, kind) in samples() {
        let code = with_given(&program(CopyForm::Rust, &kind, base(name)));
        let code = code.replace("async fn main", "pub async fn main");
        let import = if code.contains("given(") { "use super::super::given;\n" } else { "" };
        file.push_str(&format!("\npub mod {name} {{\n{import}{code}\n}}\n"));
    }
    check("tests/e2e/copied/programs.rs", &file);
}

#[test]
fn copied_javascript_is_what_node_runs() {
    let programs: Vec<(&str, String)> =
        samples().into_iter().map(|(name, kind)| (name, program(CopyForm::JavaScript, &kind, base(name)))).collect();
    let mut file = "// Copied JavaScript programs, which `programs.test.mjs` runs. Written by\n\
                    // `UPDATE_DOCS=1 cargo test --test meta copied`.\n"
        .to_owned();
    file.push_str(&format!("export const odd = {};\n\n", json!(ODD)));
    for (name, code) in programs {
        file.push_str(&format!("export const {name} = {};\n", json!(code)));
    }
    check("tests/interop/copied/programs.mjs", &file);
}

#[test]
fn copied_javascript_with_hostile_texts_is_what_node_runs() {
    let server = Server { base: "https://chat.example", opening: Some(&Handshake::default()) };
    // Without the import, which is not allowed inside of a function.
    let code = |kind| {
        let code = CopyForm::JavaScript.text(&record(kind), server).expect("code");
        code.strip_prefix("import { io } from 'socket.io-client';\n\n").unwrap_or(&code).to_owned()
    };
    let mut file = "// Copied JavaScript with texts that must not become code, for `copied.test.mjs`. Written by\n\
         // `UPDATE_DOCS=1 cargo test --test meta copied`.\nexport const cases = [\n"
        .to_owned();
    for text in TEXTS {
        let json = json!({ "text": text }).to_string().replacen('{', "{\"__proto__\":1,", 1);
        let packet = || payload(&format!("42[\"event\",{json}]"));
        let mut call = call("POST", server.base, "/v1/x", CallBody::Json(payload(&json)));
        call.headers.clear();
        let codes: Vec<u32> = text.chars().map(u32::from).collect();
        file.push_str(&format!(
            "{{\ntext: String.fromCodePoint(...{codes:?}),\ncall: async (fetch, console) => {{\n{}\n}},\n\
             emit: (io) => {{\n{}\n}},\nlisten: (io) => {{\n{}\n}},\n}},\n",
            code(RecordKind::CallStarted(Box::new(call))),
            code(RecordKind::Emitted { payload: packet(), problem: None }),
            code(RecordKind::Received { payload: packet(), problem: None }),
        ));
    }
    file.push_str("];\n");
    check("tests/interop/copied/cases.mjs", &file);
}
