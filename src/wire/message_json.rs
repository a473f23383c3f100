//! The JSON of a single message, within what the server has sent.

use super::details::details;
use super::record::{CallOutcome, Record, RecordKind};

/// Least number of members of an object that is a message. Receipts name a message too, and have fewer.
const MIN_MEMBERS: usize = 4;

/// Returns the JSON of the message with this id, if the server has sent it in this record.
pub fn message_json(record: &Record, id: &str) -> Option<String> {
    let text = match &record.kind {
        RecordKind::Received { payload, .. } => &payload.text,
        RecordKind::CallFinished { outcome: CallOutcome::Reply { body, .. }, .. } => &body.text,
        _ => return None,
    };
    if !text.contains(id) {
        return None;
    }
    details(record).object_with_id(id, MIN_MEMBERS).map(|object| object.pretty(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AccountId;
    use crate::wire::{CallNumber, Moment, Payload, RecordSubject};

    fn record(kind: RecordKind) -> Record {
        Record { seq: 1, at: Moment::default(), account: AccountId(0), subject: RecordSubject::default(), kind }
    }

    fn received(text: &str) -> Record {
        record(RecordKind::Received { payload: Payload::new(text.into(), text.len()), problem: None })
    }

    #[test]
    fn message_of_a_page_is_found() {
        let reply = r#"{"messages":[{"id":"m1","text":"a","userId":"u","at":1},{"id":"m2","text":"é","userId":"u","at":1.50}]}"#;
        let body = Payload::new(reply.into(), reply.len());
        let outcome = CallOutcome::Reply { status: 200, body, problem: None };
        let record = record(RecordKind::CallFinished { call: CallNumber(1), micros: 1, outcome });
        let expected = "{\n  \"id\": \"m2\",\n  \"text\": \"é\",\n  \"userId\": \"u\",\n  \"at\": 1.50\n}";
        assert_eq!(message_json(&record, "m2").as_deref(), Some(expected));
        assert_eq!(message_json(&record, "m3"), None);
    }

    #[test]
    fn message_inside_of_a_string_is_found() {
        let packet = r#"42["v1OnNewMessage","{\"_id\":\"m2\",\"c\":\"hi\",\"sId\":\"u\",\"rToMsg\":{\"_id\":\"m1\",\"c\":\"x\",\"a\":1,\"b\":2}}"]"#;
        let found = message_json(&received(packet), "m2").expect("the message");
        assert!(found.starts_with("{\n  \"_id\": \"m2\"") && found.contains("rToMsg"), "{found}");
        assert_eq!(message_json(&received(r#"42["message.seen",{"id":"m2","userId":"u"}]"#), "m2"), None);
        let cut = &packet[..packet.len() - 20];
        assert_eq!(message_json(&received(cut), "m2"), None, "only a part of it");
    }
}
