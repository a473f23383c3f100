//! JavaScript for Node.js: `@minchat/js`, `fetch` and `socket.io-client`.

use crate::wire::json::{Json, JsonValue};
use crate::wire::literal::Language;
use crate::wire::record::{CallBody, FormPart, StartedCall};

use super::{Operation, Server, address, example, members};

/// Path of the calls for which the SDK of MinChat has a method of its own.
const SEND_PATH: &str = "/v1/message";

/// HTML requires it.
const LINE_BREAK_NOTE: &str = "// FormData sends line breaks as CRLF, unlike the recorded call.\n";

pub(super) fn text(operation: &Operation<'_>, server: Server<'_>) -> String {
    match operation {
        Operation::Call(call) => sdk(call).unwrap_or_else(|| fetch(call)),
        Operation::Emit { event, args } => {
            let args = args.values().into_iter().map(|value| value.code(Language::JavaScript, false));
            let args: Vec<String> = std::iter::once(literal(event)).chain(args).collect();
            format!("{}\nsocket.emit({});", client(server), args.join(", "))
        }
        Operation::Listen { event, args } => {
            let (client, event, example) = (client(server), literal(event), example(Language::JavaScript, args));
            format!("{client}\nsocket.on({event}, (...args) => console.log(args));\n{example}")
        }
    }
}

fn client(server: Server<'_>) -> String {
    let base = literal(server.base);
    let mut options = "transports: ['websocket']".to_owned();
    let (query, headers) = server.credentials();
    for (name, pairs) in [("query", query), ("extraHeaders", headers)] {
        if !pairs.is_empty() {
            options.push_str(&format!(", {name}: {{ {} }}", members(Language::JavaScript, pairs)));
        }
    }
    let note = server.note();
    format!("{note}import {{ io }} from 'socket.io-client';\n\nconst socket = io({base}, {{ {options} }});")
}

fn literal(text: &str) -> String {
    crate::wire::literal::literal(Language::JavaScript, text)
}

/// Returns a send with MinChat's SDK. It looks up the name of the sender, which the call does not have.
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
    let (chat, user, text) = (member("chat_id")?, member("user_id")?, member("text")?);
    Some(format!(
        "import FormData from 'form-data';\n\
         import sdk from '@minchat/js';\n\n\
         // In Node.js, the SDK needs this class instead of the one that is built in. In a browser, leave it out.\n\
         globalThis.FormData = FormData;\n\
         const MinChat = sdk.default ?? sdk;\n\
         const minchat = MinChat.getInstance(\"***\");\n\
         minchat.config.productionPath = {base};\n\
         minchat.init({{ test: false }});\n\
         const {{ username, name }} = await minchat.fetchUserById({user});\n\
         await minchat.connectUser({{ username, name }});\n\
         const {{ chats }} = await minchat.getChats();\n\
         const chat = chats.find((chat) => chat.getId() === {chat});\n\
         await chat.sendMessage({{ text: {text} }}, (message) => console.log(message));",
        base = literal(&call.base)
    ))
}

fn fetch(call: &StartedCall) -> String {
    let mut code = String::new();
    let body = match &call.body {
        CallBody::Empty => String::new(),
        CallBody::Json(payload) => {
            let json = Json::parse(&payload.text);
            if json.is_complete && json.values().len() == 1 {
                let json = json.code(Language::JavaScript, false).replace('\n', "\n  ");
                format!("  body: JSON.stringify({json}),\n")
            } else {
                format!("  body: {},\n", literal(&payload.text))
            }
        }
        CallBody::Form(parts) => {
            let has_file = parts.iter().any(|part| matches!(part, FormPart::File { .. }));
            code.push_str(if has_file { "import { openAsBlob } from 'node:fs';\n\n" } else { "" });
            code.push_str("const form = new FormData();\n");
            for part in parts {
                code.push_str(&match part {
                    FormPart::Field { name, value } => {
                        let note = if value.text.contains('\n') { LINE_BREAK_NOTE } else { "" };
                        format!("{note}form.append({}, {});\n", literal(name), literal(&value.text))
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
    code.push_str(&format!(
        "const response = await fetch({}, {{\n  method: {},\n  headers: {{ {} }},\n{body}}});\n\
         console.log(response.status, await response.text());",
        literal(&address(call)),
        literal(call.method),
        members(Language::JavaScript, &call.headers)
    ));
    code
}
