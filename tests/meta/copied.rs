//! JavaScript that the inspector copies. `tests/interop/copied` runs it with Node.js.

use minchat_tui::domain::AccountId;
use minchat_tui::wire::{CallBody, CallNumber, CopyForm, Moment, Payload, Record, RecordKind, StartedCall, Subject};

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

fn payload(text: &str) -> Payload {
    Payload::new(text.to_owned(), text.len())
}

/// Returns the copied code without the import, which is not allowed inside of a function.
fn code(kind: RecordKind) -> String {
    let record = Record { seq: 1, at: Moment::default(), account: AccountId(0), subject: Subject::default(), kind };
    let code = CopyForm::JavaScript.text(&record, "https://chat.example").expect("code");
    code.strip_prefix("import { io } from 'socket.io-client';\n\n").unwrap_or(&code).to_owned()
}

#[test]
fn copied_javascript_is_the_one_that_node_runs() {
    let mut file = "// Copied JavaScript with texts that must not become code, for `copied.test.mjs`. Written by\n\
         // `UPDATE_DOCS=1 cargo test --test meta copied`.\nexport const cases = [\n"
        .to_owned();
    for text in TEXTS {
        let json = serde_json::json!({ "text": text }).to_string().replacen('{', "{\"__proto__\":1,", 1);
        let packet = || payload(&format!("42[\"event\",{json}]"));
        let call = RecordKind::CallStarted(Box::new(StartedCall {
            call: CallNumber(1),
            method: "POST",
            base: "https://chat.example".into(),
            path: "/v1/x".into(),
            query: Vec::new(),
            headers: Vec::new(),
            body: CallBody::Json(payload(&json)),
        }));
        let codes: Vec<u32> = text.chars().map(u32::from).collect();
        file.push_str(&format!(
            "{{\ntext: String.fromCodePoint(...{codes:?}),\ncall: async (fetch, console) => {{\n{}\n}},\n\
             emit: (io) => {{\n{}\n}},\nlisten: (io) => {{\n{}\n}},\n}},\n",
            code(call),
            code(RecordKind::Emitted { payload: packet(), problem: None }),
            code(RecordKind::Received { payload: packet(), problem: None }),
        ));
    }
    file.push_str("];\n");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/copied/cases.mjs");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &file).expect("a folder");
    }
    let same = std::fs::read_to_string(path).is_ok_and(|written| written == file);
    assert!(same, "cases.mjs is out of date: run UPDATE_DOCS=1 cargo test --test meta copied");
}
