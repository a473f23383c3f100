//! Dart: `package:http` and `package:socket_io_client`.

use crate::wire::literal::Language;
use crate::wire::record::{CallBody, FormPart, StartedCall};

use super::{Operation, Server, address, example, indented, members};

pub(super) fn text(operation: &Operation<'_>, server: Server<'_>) -> String {
    match operation {
        Operation::Call(call) => http(call),
        Operation::Emit { event, args } => {
            // A list holds the arguments, unless it is one of integers.
            let args = args.code(Language::Dart, true);
            socket(server, &format!("socket.emit({}, <dynamic>{args});\n", literal(event)))
        }
        Operation::Listen { event, args } => {
            let example = example(Language::Dart, args);
            socket(server, &format!("socket.on({}, (data) => print(data));\n{example}\n", literal(event)))
        }
    }
}

fn literal(text: &str) -> String {
    crate::wire::literal::literal(Language::Dart, text)
}

fn socket(server: Server<'_>, end: &str) -> String {
    let mut options = "final options = io.OptionBuilder().setTransports([\"websocket\"]);\n".to_owned();
    let (query, headers) = server.credentials();
    for (setter, pairs) in [("setQuery", query), ("setExtraHeaders", headers)] {
        if !pairs.is_empty() {
            options.push_str(&format!("options.{setter}({{{}}});\n", members(Language::Dart, pairs)));
        }
    }
    let code = format!("{options}final socket = io.io({}, options.build());\n{end}", literal(server.base));
    format!(
        "{}import 'package:socket_io_client/socket_io_client.dart' as io;\n\nvoid main() {{\n{}}}",
        server.note(),
        indented(&code, 2)
    )
}

fn http(call: &StartedCall) -> String {
    let (method, address) = (literal(call.method), literal(&address(call)));
    let mut imports = "import 'package:http/http.dart' as http;\n".to_owned();
    let kind = if matches!(call.body, CallBody::Form(_)) { "MultipartRequest" } else { "Request" };
    let mut code = format!("final request = http.{kind}({method}, Uri.parse({address}));\n");
    code.push_str(&format!("request.headers.addAll({{{}}});\n", members(Language::Dart, &call.headers)));
    match &call.body {
        CallBody::Empty => {}
        CallBody::Json(payload) => code.push_str(&format!("request.body = {};\n", literal(&payload.text))),
        CallBody::Form(parts) => {
            if parts.iter().any(|part| matches!(part, FormPart::File { .. })) {
                imports.push_str("import 'package:http_parser/http_parser.dart';\n");
            }
            for part in parts {
                code.push_str(&match part {
                    FormPart::Field { name, value } => {
                        format!("request.fields[{}] = {};\n", literal(name), literal(&value.text))
                    }
                    FormPart::File { name, file_name, mime, .. } => format!(
                        "request.files.add(await http.MultipartFile.fromPath(\n  {},\n  {},\n  contentType: \
                         MediaType.parse({}),\n));\n",
                        literal(name),
                        literal(file_name),
                        literal(mime)
                    ),
                });
            }
        }
    }
    code.push_str(
        "final response = await http.Response.fromStream(await request.send());\n\
         print('${response.statusCode} ${response.body}');\n",
    );
    format!("{imports}\nFuture<void> main() async {{\n{}}}", indented(&code, 2))
}
