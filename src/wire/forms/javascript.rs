//! JavaScript for Node.js: `@minchat/js`, `fetch` and `socket.io-client`.

use crate::wire::json::{Json, JsonValue};
use crate::wire::literal::Language;
use crate::wire::record::{CallBody, FormPart, StartedCall};

use super::{Operation, address, siblings, value};

/// Path of the calls for which the SDK of MinChat has a method of its own.
const SEND_PATH: &str = "/v1/message";

pub(super) fn text(operation: &Operation<'_>, base: &str) -> String {
    match operation {
        Operation::Call(call) => sdk(call).unwrap_or_else(|| fetch(call)),
        Operation::Emit { event, args } => format!(
            "{}\nsocket.emit({}{});",
            client(base),
            literal(event),
            if args.nodes.is_empty() { String::new() } else { format!(", {}", arguments(args)) }
        ),
        Operation::Listen { event, args } => {
            let example = arguments(args).replace('\n', "\n// ");
            let (client, event) = (client(base), literal(event));
            format!("{client}\nsocket.on({event}, (...args) => console.log(args));\n// {example}")
        }
    }
}

fn client(base: &str) -> String {
    let base = literal(base);
    format!("import {{ io }} from 'socket.io-client';\n\nconst socket = io({base}, {{ transports: ['websocket'] }});")
}

fn literal(text: &str) -> String {
    crate::wire::literal::literal(Language::JavaScript, text)
}

/// Returns values as the arguments of a function.
fn arguments(args: &Json) -> String {
    let text = value(Language::JavaScript, args);
    text.strip_prefix("[\n  ")
        .and_then(|text| text.strip_suffix("\n]"))
        .filter(|_| siblings(args) != 1)
        .map_or(text.clone(), str::to_owned)
}

/// Returns a send with MinChat's SDK.
fn sdk(call: &StartedCall) -> Option<String> {
    let CallBody::Json(body) = &call.body else { return None };
    if call.method != "POST" || !call.path.starts_with(SEND_PATH) {
        return None;
    }
    let body = Json::parse(&body.text);
    let member = |name: &str| {
        body.nodes.iter().find(|node| node.depth == 1 && node.key.as_deref() == Some(name)).and_then(|node| match &node
            .value
        {
            JsonValue::Text(text) | JsonValue::Embedded(text) => Some(literal(text)),
            _ => None,
        })
    };
    let (chat, text) = (member("chat_id")?, member("text")?);
    Some(format!(
        "import MinChat from '@minchat/js';\n\n\
         const minchat = MinChat.getInstance(\"***\");\n\
         minchat.init();\n\
         await minchat.connectUser({{ username: \"***\", name: \"***\" }});\n\
         const {{ chats }} = await minchat.getChats();\n\
         const chat = chats.find((chat) => chat.getId() === {chat});\n\
         await chat.sendMessage({{ text: {text} }});"
    ))
}

fn fetch(call: &StartedCall) -> String {
    let mut code = String::new();
    let body = match &call.body {
        CallBody::Empty => String::new(),
        CallBody::Json(payload) => {
            let json = Json::parse(&payload.text);
            if json.is_complete && siblings(&json) == 1 {
                let json = json.code(Language::JavaScript, false).replace('\n', "\n  ");
                format!("  body: JSON.stringify({json}),\n")
            } else {
                format!("  body: {},\n", literal(&payload.text))
            }
        }
        CallBody::Form(parts) => {
            code.push_str("import { openAsBlob } from 'node:fs';\n\nconst form = new FormData();\n");
            for part in parts {
                code.push_str(&match part {
                    FormPart::Field { name, value } => {
                        format!("form.append({}, {});\n", literal(name), literal(&value.text))
                    }
                    FormPart::File { name, file_name, mime, .. } => {
                        let (name, file, mime) = (literal(name), literal(file_name), literal(mime));
                        format!("form.append({name}, await openAsBlob({file}, {{ type: {mime} }}), {file});\n")
                    }
                });
            }
            "  body: form,\n".to_owned()
        }
    };
    let headers = call.headers.iter().map(|(name, value)| format!("{}: {}", literal(name), literal(value)));
    let headers: Vec<String> = headers.collect();
    code.push_str(&format!(
        "const response = await fetch({}, {{\n  method: {},\n  headers: {{ {} }},\n{body}}});\n\
         console.log(response.status, await response.text());",
        literal(&address(call)),
        literal(call.method),
        headers.join(", ")
    ));
    code
}
