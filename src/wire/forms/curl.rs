//! `curl` commands for a POSIX shell.

use crate::wire::literal::escaped_json;
use crate::wire::record::{CallBody, FormPart, StartedCall};

use super::address;

/// Returns a command that repeats a call. Files are read from the current folder.
pub(super) fn call(call: &StartedCall) -> String {
    let mut parts = vec![format!("curl -X {} {}", call.method, quoted(&address(call)))];
    parts.extend(call.headers.iter().map(|(name, value)| format!("-H {}", quoted(&format!("{name}: {value}")))));
    match &call.body {
        CallBody::Empty => {}
        CallBody::Json(payload) => parts.push(format!("--data-raw {}", quoted(&escaped_json(&payload.text)))),
        CallBody::Form(fields) => parts.extend(fields.iter().map(|part| match part {
            FormPart::Field { name, value } => {
                format!("--form-string {}", quoted(&format!("{name}={}", value.text)))
            }
            FormPart::File { name, file_name, mime, .. } => {
                // In quotation marks, `;` and `,` belong to the name.
                let file_name = file_name.replace('\\', "\\\\").replace('"', "\\\"");
                format!("-F {}", quoted(&format!("{name}=@\"{file_name}\";type={mime}")))
            }
        })),
    }
    parts.join(" \\\n  ")
}

/// Quotes an argument, which then means nothing to the shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
