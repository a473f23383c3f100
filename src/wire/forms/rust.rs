//! Rust: `reqwest` and `rust_socketio`.

use crate::wire::json::Json;
use crate::wire::literal::Language;
use crate::wire::record::{CallBody, FormPart, StartedCall};

use super::{Operation, Server, address, example, indented, query};

pub(super) fn text(operation: &Operation<'_>, server: Server<'_>) -> String {
    match operation {
        Operation::Call(call) => reqwest(call),
        Operation::Emit { event, args } => {
            let code = format!(
                "let sent = socket.emit({}, {}).await;\nprintln!(\"{{sent:?}}\");\n",
                literal(event),
                arguments(args)
            );
            // The library loses what is emitted before.
            let on_connect = format!(
                "    // Once the server has accepted the connection.\n    .on(Event::Connect, |_, socket| {{\n        \
                 Box::pin(async move {{\n{}        }})\n    }})\n",
                indented(&code, 12)
            );
            socket("Event, TransportType", server, &on_connect, "")
        }
        Operation::Listen { event, args } => {
            let on_event = format!(
                "    .on({}, |payload, _| {{\n        Box::pin(async move {{ println!(\"{{payload:?}}\") }})\n    }})\n",
                literal(event)
            );
            socket("TransportType", server, &on_event, &format!("{}\n", example(Language::Rust, args)))
        }
    }
}

fn literal(text: &str) -> String {
    crate::wire::literal::literal(Language::Rust, text)
}

/// Returns the arguments of an event. The library takes one value, or a vector.
fn arguments(args: &Json) -> String {
    let values: Vec<String> =
        args.values().iter().map(|value| format!("serde_json::json!({})", value.code(Language::Rust, false))).collect();
    match values.as_slice() {
        [] => "Vec::<serde_json::Value>::new()".to_owned(),
        [value] => value.clone(),
        values => format!("vec![{}]", values.join(", ")),
    }
}

/// Returns a program with these lines in its main function.
fn program(imports: &str, code: &str) -> String {
    format!(
        "{imports}#[tokio::main]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{}}}",
        indented(code, 4)
    )
}

fn socket(imports: &str, server: Server<'_>, callback: &str, end: &str) -> String {
    let (parameters, headers) = server.credentials();
    let address = literal(&format!("{}/socket.io/{}", server.base, query(parameters)));
    let mut code = format!("ClientBuilder::new({address})\n    .transport_type(TransportType::Websocket)\n");
    for (name, value) in headers {
        code.push_str(&format!("    .opening_header({}, {})\n", literal(name), literal(value)));
    }
    code.push_str(&format!(
        "{callback}    .connect()\n    .await?;\n{end}// Until Ctrl+C.\nstd::future::pending().await\n"
    ));
    program(&format!("{}use rust_socketio::{{{imports}, asynchronous::ClientBuilder}};\n\n", server.note()), &code)
}

fn reqwest(call: &StartedCall) -> String {
    let method = call.method.to_lowercase();
    let mut code = format!("let response = reqwest::Client::new()\n    .{method}({})\n", literal(&address(call)));
    for (name, value) in &call.headers {
        code.push_str(&format!("    .header({}, {})\n", literal(name), literal(value)));
    }
    let mut features = "";
    match &call.body {
        CallBody::Empty => {}
        CallBody::Json(payload) => code.push_str(&format!("    .body({})\n", literal(&payload.text))),
        CallBody::Form(parts) => {
            features = "// reqwest needs its features \"multipart\" and \"stream\".\n\n";
            let parts = parts.iter().map(|part| match part {
                FormPart::Field { name, value } => format!(".text({}, {})", literal(name), literal(&value.text)),
                FormPart::File { name, file_name, mime, .. } => format!(
                    ".part({}, reqwest::multipart::Part::file({}).await?.mime_str({})?)",
                    literal(name),
                    literal(file_name),
                    literal(mime)
                ),
            });
            let parts: String = parts.map(|part| format!("\n            {part}")).collect();
            code.push_str(&format!("    .multipart(\n        reqwest::multipart::Form::new(){parts},\n    )\n"));
        }
    }
    code.push_str("    .send()\n    .await?;\nprintln!(\"{}\", response.status());\n");
    code.push_str("println!(\"{}\", response.text().await?);\nOk(())\n");
    program(features, &code)
}
