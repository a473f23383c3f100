//! A record as a tree: what is known about it, then its headers, and its payload.

use crate::domain::{ConnectionStatus, MessageId, RoomId};

use super::json::{Json, JsonValue};
use super::packet::Packet;
use super::payload::Payload;
use super::record::{CallBody, CallOutcome, FormPart, Record, RecordKind};
use super::subject::Topic;

/// Returns a record as a tree for display.
pub fn details(record: &Record) -> Json {
    let mut tree = Json::default();
    match &record.kind {
        RecordKind::CallStarted(call) => {
            fact(&mut tree, "call", &format!("{} {}", call.method, call.path));
            fact(&mut tree, "server", &call.base);
            subject(&mut tree, record);
            pairs(&mut tree, "query", &call.query);
            pairs(&mut tree, "headers", &call.headers);
            body(&mut tree, &call.body);
        }
        RecordKind::CallFinished { micros, outcome, .. } => {
            match outcome {
                CallOutcome::Reply { status, .. } => fact(&mut tree, "status", &status.to_string()),
                CallOutcome::Failed(_) => fact(&mut tree, "status", "no reply"),
                CallOutcome::Canceled => fact(&mut tree, "status", "canceled"),
            }
            fact(&mut tree, "duration", &format!("{} ms", *micros as f64 / 1_000.0));
            problem(&mut tree, record);
            subject(&mut tree, record);
            if let CallOutcome::Reply { body, .. } = outcome {
                payload(&mut tree, "body", body, &body.text);
            }
        }
        RecordKind::Opening(opening) => {
            fact(&mut tree, "server", &opening.base);
            fact(&mut tree, "path", "/socket.io/");
            pairs(&mut tree, "query", &opening.query);
            pairs(&mut tree, "headers", &opening.headers);
        }
        RecordKind::Received { payload: text, .. } | RecordKind::Emitted { payload: text, .. } => {
            let packet = Packet::parse(&text.text);
            fact(&mut tree, "packet", packet.type_name());
            for (name, value) in [("event", packet.event), ("namespace", packet.namespace)] {
                value.into_iter().for_each(|value| fact(&mut tree, name, value));
            }
            packet.ack.into_iter().for_each(|ack| fact(&mut tree, "acknowledgement", &ack.to_string()));
            problem(&mut tree, record);
            subject(&mut tree, record);
            let name = if packet.event.is_some() { "arguments" } else { "data" };
            payload(&mut tree, name, text, packet.data);
        }
        RecordKind::Connection(status) => {
            fact(&mut tree, "connection", status.described().0);
            problem(&mut tree, record);
            if let ConnectionStatus::Offline { retry_in, .. } = status {
                fact(&mut tree, "next attempt", &format!("in {retry_in} ms"));
            }
        }
    }
    tree
}

fn fact(tree: &mut Json, name: &str, value: &str) {
    tree.push(0, name, JsonValue::Scalar(value.into()));
}

fn problem(tree: &mut Json, record: &Record) {
    record.problem().into_iter().for_each(|reason| fact(tree, "problem", reason));
}

/// Adds the ids that a record is about.
fn subject(tree: &mut Json, record: &Record) {
    let subject = &record.subject;
    let local = subject.local.map(|local| local.to_string());
    let facts = [
        ("request", subject.topic.and_then(Topic::request)),
        ("room", subject.room.as_ref().map(RoomId::as_str)),
        ("message", subject.message.as_ref().map(MessageId::as_str)),
        ("send", local.as_deref()),
    ];
    facts.into_iter().for_each(|(name, value)| value.into_iter().for_each(|value| fact(tree, name, value)));
}

fn pairs(tree: &mut Json, name: &str, pairs: &[(Box<str>, Box<str>)]) {
    if !pairs.is_empty() {
        let mut content = Json::default();
        pairs.iter().for_each(|(name, value)| content.push(0, name, JsonValue::Text(value.clone())));
        tree.push_below(0, name, JsonValue::Object, content);
    }
}

fn body(tree: &mut Json, body: &CallBody) {
    match body {
        CallBody::Empty => {}
        CallBody::Json(json) => payload(tree, "body", json, &json.text),
        CallBody::Form(parts) => {
            let mut content = Json::default();
            for part in parts {
                match part {
                    FormPart::Field { name, value } => content.push(0, name, JsonValue::Text(value.text.clone())),
                    FormPart::File { name, file_name, mime, bytes } => {
                        let text = format!("{file_name} ({mime}, {bytes} bytes)");
                        content.push(0, name, JsonValue::Scalar(text.into()));
                    }
                }
            }
            tree.push_below(0, "form", JsonValue::Object, content);
        }
    }
}

/// Adds a text from the wire: JSON as a tree, anything else as it is. A note tells how much was cut.
fn payload(tree: &mut Json, name: &str, payload: &Payload, text: &str) {
    if payload.bytes > 0 {
        let cut = if payload.is_cut { ", of which only the beginning is kept" } else { "" };
        let unit = if payload.bytes == 1 { "byte" } else { "bytes" };
        fact(tree, "size", &format!("{} {unit}{cut}", payload.bytes));
    }
    if text.is_empty() {
        return;
    }
    let json = Json::parse(text);
    // The beginning of a text that is not JSON may look like a number.
    if json.nodes.is_empty() || !(json.is_complete || payload.is_cut) {
        return tree.push(0, name, JsonValue::Text(text.into()));
    }
    let has_one = json.nodes.first().is_some_and(|node| node.end == json.nodes.len());
    match (has_one, json.nodes.first().cloned()) {
        (true, Some(first)) if name != "arguments" => {
            let content = json.nodes.into_iter().skip(1).map(|mut node| {
                (node.depth, node.end) = (node.depth - 1, node.end - 1);
                node
            });
            let content = Json { nodes: content.collect(), is_complete: json.is_complete };
            tree.push_below(0, name, first.value, content);
        }
        _ => tree.push_below(0, name, JsonValue::Array, json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AccountId;
    use crate::wire::{CallNumber, Moment, RecordSubject};

    fn lines(kind: RecordKind) -> Vec<String> {
        let subject =
            RecordSubject { topic: Some(Topic::Send), message: Some(MessageId::new("m1")), ..RecordSubject::default() };
        let record = Record { seq: 1, at: Moment::default(), account: AccountId(0), subject, kind };
        let tree = details(&record);
        let show = |value: &JsonValue| match value {
            JsonValue::Object => "{}".to_owned(),
            JsonValue::Array => "[]".to_owned(),
            JsonValue::Embedded(_) => "json".to_owned(),
            JsonValue::Text(text) => format!("{text:?}"),
            JsonValue::Scalar(text) => text.to_string(),
        };
        for (index, node) in tree.nodes.iter().enumerate() {
            assert!(node.end > index && node.end <= tree.nodes.len());
        }
        let nodes = tree.nodes.iter().map(|node| {
            let key = node.key.as_deref().unwrap_or("-");
            format!("{}{key} {}", "  ".repeat(node.depth.into()), show(&node.value))
        });
        nodes.collect()
    }

    fn payload(text: &str) -> Payload {
        Payload::new(text.into(), text.len())
    }

    #[test]
    fn event_is_a_tree_of_its_arguments() {
        let text = r#"42["message",{"id":"m1","user":{"n":1}}]"#;
        let kind = RecordKind::Received { payload: payload(text), problem: Some("no chat_id".into()) };
        assert_eq!(
            lines(kind),
            [
                "packet event",
                "event message",
                "problem no chat_id",
                "request send",
                "message m1",
                "size 40 bytes",
                "arguments []",
                "  - {}",
                "    id \"m1\"",
                "    user {}",
                "      n 1",
            ]
        );
    }

    #[test]
    fn body_that_is_not_json_is_shown_as_text() {
        let body = Payload { is_cut: true, ..payload("<html>") };
        let outcome = CallOutcome::Reply { status: 502, body, problem: None };
        let kind = RecordKind::CallFinished { call: CallNumber(1), micros: 1_250, outcome };
        let lines = lines(kind);
        assert_eq!(lines[..2], ["status 502", "duration 1.25 ms"]);
        assert_eq!(lines[4..], ["size 6 bytes, of which only the beginning is kept", "body \"<html>\""]);
        let outcome = CallOutcome::Reply { status: 200, body: payload(r#"{"a":{"b":[1]}}"#), problem: None };
        let kind = RecordKind::CallFinished { call: CallNumber(1), micros: 1, outcome };
        assert_eq!(super::tests::lines(kind)[5..], ["body {}", "  a {}", "    b []", "      - 1"]);
    }
}
