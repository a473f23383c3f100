//! Rust: `reqwest` and `rust_socketio`.

use crate::wire::literal::Language;
use crate::wire::record::{CallBody, FormPart, StartedCall};

use super::{Operation, address, value};

pub(super) fn text(operation: &Operation<'_>, base: &str) -> String {
    let builder = format!(
        "use rust_socketio::{{TransportType, asynchronous::ClientBuilder}};\n\n\
         let socket = ClientBuilder::new({})\n    .transport_type(TransportType::Websocket)\n",
        literal(&format!("{base}/socket.io/"))
    );
    match operation {
        Operation::Call(call) => reqwest(call),
        Operation::Emit { event, args } => {
            let (event, argument) = (literal(event), value(Language::Rust, args));
            format!(
                "{builder}    .connect()\n    .await?;\nsocket.emit({event}, serde_json::json!({argument})).await?;"
            )
        }
        Operation::Listen { event, args } => {
            let (event, example) = (literal(event), value(Language::Rust, args).replace('\n', "\n// "));
            format!(
                "{builder}    .on({event}, |payload, _| Box::pin(async move {{ println!(\"{{payload:?}}\") }}))\n    \
                 .connect()\n    .await?;\n// {example}"
            )
        }
    }
}

fn literal(text: &str) -> String {
    crate::wire::literal::literal(Language::Rust, text)
}

fn reqwest(call: &StartedCall) -> String {
    let mut code = String::from("let response = reqwest::Client::new()\n");
    let method = call.method.to_lowercase();
    code.push_str(&format!("    .{method}({})\n", literal(&address(call))));
    for (name, value) in &call.headers {
        code.push_str(&format!("    .header({}, {})\n", literal(name), literal(value)));
    }
    match &call.body {
        CallBody::Empty => {}
        CallBody::Json(payload) => code.push_str(&format!("    .body({})\n", literal(&payload.text))),
        CallBody::Form(parts) => {
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
    code.push_str("    .send()\n    .await?;\nprintln!(\"{} {}\", response.status(), response.text().await?);");
    code
}
