//! Dart: `package:http` and `package:socket_io_client`.

use crate::wire::literal::Language;
use crate::wire::record::{CallBody, FormPart, StartedCall};

use super::{Operation, address, value};

pub(super) fn text(operation: &Operation<'_>, base: &str) -> String {
    let client = format!(
        "import 'package:socket_io_client/socket_io_client.dart' as io;\n\n\
         final socket = io.io({}, io.OptionBuilder().setTransports(['websocket']).build());",
        literal(base)
    );
    match operation {
        Operation::Call(call) => http(call),
        Operation::Emit { event, args } => {
            format!("{client}\nsocket.emit({}, {});", literal(event), value(Language::Dart, args))
        }
        Operation::Listen { event, args } => {
            let example = value(Language::Dart, args).replace('\n', "\n// ");
            format!("{client}\nsocket.on({}, (data) => print(data));\n// {example}", literal(event))
        }
    }
}

fn literal(text: &str) -> String {
    crate::wire::literal::literal(Language::Dart, text)
}

fn http(call: &StartedCall) -> String {
    let headers = call.headers.iter().map(|(name, value)| format!("{}: {}", literal(name), literal(value)));
    let headers = headers.collect::<Vec<_>>().join(", ");
    let (method, address) = (literal(call.method), literal(&address(call)));
    let mut code = String::from("import 'package:http/http.dart' as http;\n\n");
    let kind = if matches!(call.body, CallBody::Form(_)) { "MultipartRequest" } else { "Request" };
    code.push_str(&format!("final request = http.{kind}({method}, Uri.parse({address}));\n"));
    code.push_str(&format!("request.headers.addAll({{{headers}}});\n"));
    match &call.body {
        CallBody::Empty => {}
        CallBody::Json(payload) => code.push_str(&format!("request.body = {};\n", literal(&payload.text))),
        CallBody::Form(parts) => {
            for part in parts {
                code.push_str(&match part {
                    FormPart::Field { name, value } => {
                        format!("request.fields[{}] = {};\n", literal(name), literal(&value.text))
                    }
                    FormPart::File { name, file_name, .. } => format!(
                        "request.files.add(await http.MultipartFile.fromPath({}, {}));\n",
                        literal(name),
                        literal(file_name)
                    ),
                });
            }
        }
    }
    code.push_str(
        "final response = await http.Response.fromStream(await request.send());\n\
         print('${response.statusCode} ${response.body}');",
    );
    code
}
