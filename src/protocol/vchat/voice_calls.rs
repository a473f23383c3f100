//! Reads incoming calls and the call history (`docs/protocol/vchat.md` §6.1, §8.5).

use serde_json::{Map, Value};

use crate::domain::{CallAccess, CallEnd, CallId, CallInfo, CallRecord, CallStatus, RoomId};
use crate::protocol::fields::{self, Malformed, flag_value, text, time_value};

use super::account_secrets::AccountSecrets;
use super::people;
use super::state::VChatState;

/// Reads an incoming call (`docs/protocol/vchat.md` §6.1).
pub(super) fn incoming_call(object: &Map<String, Value>, state: &mut VChatState) -> Result<CallInfo, Malformed> {
    let id = fields::id(object, "meetId").ok_or("no meetId")?;
    let room = fields::id(object, "roomId").ok_or("no roomId")?;
    let caller = people::user(object.get("userData").ok_or("no userData")?, &mut state.people)?;
    let video = object.get("withVideo").is_some_and(flag_value);
    Ok(CallInfo { id: CallId::new(&id), room: state.people.room_id(&room), caller, video })
}

/// Reads the access to a call (`docs/protocol/vchat.md` §2.7). The channel is named after the room if the reply does
/// not name it. From then on, the token is one of the secrets.
pub(super) fn access(object: &Map<String, Value>, room: &RoomId, secrets: &mut AccountSecrets) -> Option<CallAccess> {
    let token = text(object, "rtcToken").filter(|token| !token.is_empty())?;
    secrets.add_call_token(&token);
    let channel = text(object, "channelName").unwrap_or_else(|| room.as_str().into());
    Some(CallAccess { channel: channel.into_owned(), token: token.into_owned() })
}

/// Reads an entry of the call history (`docs/protocol/vchat.md` §8.5).
pub(super) fn call_record(value: &Value, state: &mut VChatState) -> Result<CallRecord, Malformed> {
    let object = value.as_object().ok_or("a call is not an object")?;
    let id = fields::id(object, "_id").ok_or("a call has no _id")?;
    let peer = people::user(object.get("peerUser").ok_or("a call has no peerUser")?, &mut state.people)?;
    Ok(CallRecord {
        id: CallId::new(&id),
        room: fields::id(object, "roomId").map(|room| RoomId::new(&room)),
        peer,
        video: object.get("withVideo").is_some_and(flag_value),
        status: match text(object, "callStatus").as_deref() {
            Some("ring") => CallStatus::Ringing,
            Some("inCall") => CallStatus::Active,
            Some("finished") => CallStatus::Ended(CallEnd::Finished),
            Some("canceled") => CallStatus::Ended(CallEnd::Canceled),
            Some("rejected") => CallStatus::Ended(CallEnd::Declined),
            Some("timeout") => CallStatus::Ended(CallEnd::TimedOut),
            Some("sessionEnd") => CallStatus::Broken,
            _ => CallStatus::Unknown,
        },
        started_at: object.get("createdAt").and_then(time_value).ok_or("a call has no createdAt")?,
        ended_at: object.get("endAt").and_then(time_value),
    })
}
