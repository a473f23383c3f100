//! Calls (§6.1, §8.5).

use serde_json::{Map, Value};

use crate::domain::{CallEnd, CallId, CallInfo, CallRecord, CallStatus, RoomId};
use crate::protocol::fields;
use crate::protocol::fields::{Unreadable, instant, text, truth};

use super::adapter::VChat;
use super::people;

/// A call that rings here (§6.1).
pub(super) fn call(object: &Map<String, Value>, vchat: &mut VChat) -> Result<CallInfo, Unreadable> {
    let id = fields::id(object, "meetId").ok_or("there is no meetId")?;
    let room = fields::id(object, "roomId").ok_or("there is no roomId")?;
    let caller = people::user(object.get("userData").ok_or("there is no userData")?, &mut vchat.recall)?;
    let video = object.get("withVideo").is_some_and(truth);
    Ok(CallInfo { id: CallId::new(&id), room: vchat.recall.room(&room), caller, video })
}

/// A call of the past (§8.5).
pub(super) fn call_record(value: &Value, vchat: &mut VChat) -> Result<CallRecord, Unreadable> {
    let object = value.as_object().ok_or("a call is not an object")?;
    let id = fields::id(object, "_id").ok_or("a call has no _id")?;
    let peer = people::user(object.get("peerUser").ok_or("a call has no peerUser")?, &mut vchat.recall)?;
    Ok(CallRecord {
        id: CallId::new(&id),
        room: fields::id(object, "roomId").map(|room| RoomId::new(&room)),
        peer,
        video: object.get("withVideo").is_some_and(truth),
        status: match text(object, "callStatus").as_deref() {
            Some("ring") => CallStatus::Ringing,
            Some("inCall") => CallStatus::Active,
            Some("finished") => CallStatus::Ended(CallEnd::Finished),
            Some("canceled") => CallStatus::Ended(CallEnd::Canceled),
            Some("rejected") => CallStatus::Ended(CallEnd::Rejected),
            Some("timeout") => CallStatus::Ended(CallEnd::TimedOut),
            Some("sessionEnd") => CallStatus::Broken,
            _ => CallStatus::Unknown,
        },
        began: object.get("createdAt").and_then(instant).ok_or("a call has no createdAt")?,
        ended: object.get("endAt").and_then(instant),
    })
}
