//! Frames and answers for the adapters. An input has a line that names it and JSON below, as the fixtures have; any
//! other input is a source of choices.

use minchat_tui::domain::{Capabilities, Request, ServerEvent};
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::{Credentials, VChat};
use minchat_tui::protocol::{Body, Frame, Protocol};
use serde_json::{Value, json};

use super::dice::Dice;
use super::requests;

const MINCHAT_EVENTS: [&str; 12] = [
    "message",
    "message.update",
    "message.delete",
    "message.seen",
    "chat",
    "typing.start",
    "typing.stop",
    "user.status",
    "ai.event",
    "error",
    "connect",
    "",
];

const VCHAT_EVENTS: [&str; 19] = [
    "v1OnNewMessage",
    "v1OnUpdateMessage",
    "v1OnDeleteMessageFromAll",
    "v1OnMyOnline",
    "v1OnRoomStatusChange",
    "v1OnEnterChatRoom",
    "v1OnDeliverChatRoom",
    "v1OnBanUserChat",
    "v1OnKickGroupMember",
    "v1OnException",
    "v1OnNewCall",
    "v1OnCallAccepted",
    "v1OnCallEnded",
    "v1OnCallCanceled",
    "v1OnCallRejected",
    "v1OnCallTimeout",
    "v1OnIceCandidate",
    "other",
    "",
];

/// Keys of MinChat's objects.
pub const MINCHAT_KEYS: [&str; 40] = [
    "id",
    "chat_id",
    "user_id",
    "user",
    "text",
    "file",
    "seen",
    "metadata",
    "created_at",
    "createdAt",
    "updated_at",
    "username",
    "name",
    "avatar",
    "type",
    "url",
    "size",
    "last_message",
    "participant_user_ids",
    "title",
    "success",
    "message",
    "messages",
    "chats",
    "page",
    "totalPages",
    "total_pages",
    "totalChats",
    "participant",
    "users",
    "memberId",
    "status",
    "channelId",
    "last_active",
    "chatbotId",
    "minchatTuiId",
    "event",
    "chatbotUsername",
    "lastMessageId",
    "error",
];

/// Keys of V Chat's objects.
pub const VCHAT_KEYS: [&str; 66] = [
    "_id",
    "sId",
    "sIdentifier",
    "sName",
    "sImg",
    "rId",
    "c",
    "mT",
    "msgAtt",
    "rTo",
    "sAt",
    "dAt",
    "forId",
    "dltAt",
    "lId",
    "createdAt",
    "updatedAt",
    "isStared",
    "stars",
    "name",
    "url",
    "fileSize",
    "mimeType",
    "duration",
    "lat",
    "long",
    "linkPreviewData",
    "title",
    "desc",
    "link",
    "callStatus",
    "startAt",
    "endAt",
    "withVideo",
    "action",
    "targetName",
    "targetId",
    "adminName",
    "data",
    "docs",
    "error",
    "roomId",
    "userId",
    "peerId",
    "isOnline",
    "status",
    "meetId",
    "userData",
    "peerUser",
    "rT",
    "t",
    "pId",
    "pIdentifier",
    "uC",
    "lastMessage",
    "accessToken",
    "user",
    "identifier",
    "fullName",
    "nextPage",
    "gR",
    "isMeBanner",
    "isPeerBanner",
    "members",
    "groupSettings",
    "code",
];

pub const WORDS: [&str; 26] = [
    "r1",
    "m1",
    "m2",
    "me",
    "alice",
    "bob",
    "text",
    "image",
    "voice",
    "video",
    "location",
    "custom",
    "call",
    "info",
    "file",
    "s",
    "g",
    "b",
    "o",
    "typing",
    "recording",
    "updateTitle",
    "online",
    "2026-11-21T18:03:27.979Z",
    "67e55044-10b1-426f-9247-bb680e5fe0c8",
    "superAdmin",
];

/// MinChat's adapter, signed in as `me`.
pub fn minchat() -> MinChat {
    let mut minchat = MinChat::new("KEY");
    let user = json!({ "success": true, "user": { "id": "me", "username": "me", "name": "Me Myself" } });
    sign_in(&mut minchat, user);
    minchat
}

/// V Chat's adapter, signed in as `me`.
pub fn vchat() -> VChat {
    let mut vchat = VChat::new(Credentials::HashKey("KEY".into()), "device");
    let user = json!({ "_id": "me", "identifier": "me", "fullName": "Me Myself" });
    sign_in(&mut vchat, json!({ "code": 2000, "data": { "accessToken": "t.o.k", "user": user } }));
    vchat
}

fn sign_in(protocol: &mut dyn Protocol, answer: Value) {
    let request = Request::SignIn { username: "me".into(), name: Some("Me Myself".into()) };
    let events = protocol.decode(Frame::Reply { request, status: 200, body: Body::Json(answer) });
    assert!(matches!(events.as_deref(), Ok([ServerEvent::SignedIn { .. }])), "{events:?}");
}

/// Decodes an event of MinChat.
pub fn minchat_frame(data: &[u8]) {
    let _ = minchat().decode(frame(data, &MINCHAT_EVENTS, &MINCHAT_KEYS));
}

/// Decodes an event of V Chat.
pub fn vchat_frame(data: &[u8]) {
    let _ = vchat().decode(frame(data, &VCHAT_EVENTS, &VCHAT_KEYS));
}

/// Decodes an answer of MinChat.
pub fn minchat_reply(data: &[u8]) {
    check_answer(&mut minchat(), answer(data, &MINCHAT_KEYS));
}

/// Decodes an answer of V Chat.
pub fn vchat_reply(data: &[u8]) {
    check_answer(&mut vchat(), answer(data, &VCHAT_KEYS));
}

/// Checks that an answer leads to exactly one event, except for requests that nobody waits for.
fn check_answer(protocol: &mut dyn Protocol, reply: Frame) {
    let Frame::Reply { request, .. } = &reply else { return };
    let waited_for = request.is_answered();
    if let Ok(events) = protocol.decode(reply) {
        assert!(events.len() == 1 || (!waited_for && events.is_empty()), "{events:?}");
    }
}

/// A random event frame of the service with these capabilities.
pub fn frame_for(can: Capabilities, dice: &mut Dice<'_>) -> Frame {
    let (events, keys): (&[&str], &[&str]) =
        if can.events_omit_room { (&MINCHAT_EVENTS, &MINCHAT_KEYS) } else { (&VCHAT_EVENTS, &VCHAT_KEYS) };
    Frame::Event { name: dice.one_of(events).to_owned(), args: vec![Value::Object(dice.object(keys, &WORDS, 4))] }
}

/// A random answer to `request`.
pub fn answer_for(can: Capabilities, request: Request, dice: &mut Dice<'_>) -> Frame {
    let keys: &[&str] = if can.events_omit_room { &MINCHAT_KEYS } else { &VCHAT_KEYS };
    let status = dice.one_of(&[200, 200, 201, 404, 500]);
    let data = Value::Object(dice.object(keys, &WORDS, 5));
    let body = if can.events_omit_room { data } else { json!({ "code": 2000, "data": data }) };
    Frame::Reply { request, status, body: Body::Json(body) }
}

/// Splits an input into its first line and the JSON below.
fn split_head(data: &[u8]) -> Option<(&str, Value)> {
    let (head, json) = std::str::from_utf8(data).ok()?.split_once('\n')?;
    Some((head, serde_json::from_str(json).ok()?))
}

fn frame(data: &[u8], events: &[&str], keys: &[&str]) -> Frame {
    if let Some((name, json)) = split_head(data) {
        let args = if let Value::Array(args) = json { args } else { vec![json] };
        return Frame::Event { name: name.to_owned(), args };
    }
    let mut dice = Dice::new(data);
    let name = dice.one_of(events).to_owned();
    let args = (0..=dice.below(2)).map(|_| dice.json(keys, &WORDS, 5)).collect();
    Frame::Event { name, args }
}

/// The first line has the number of the request and the status: `3 200`.
fn answer(data: &[u8], keys: &[&str]) -> Frame {
    let all = requests::all("r1");
    if let Some((head, json)) = split_head(data)
        && let Some((which, status)) = head.split_once(' ')
        && let (Ok(which), Ok(status)) = (which.parse::<usize>(), status.parse())
    {
        return Frame::Reply { request: all[which % all.len()].clone(), status, body: Body::Json(json) };
    }
    let mut dice = Dice::new(data);
    let request = all[dice.below(all.len())].clone();
    let status = dice.one_of(&[200, 200, 200, 201, 400, 403, 404, 450, 500, 0]);
    let body = match dice.below(8) {
        0 => Body::Other(dice.text(&WORDS)),
        1 => Body::Json(dice.json(keys, &WORDS, 6)),
        2 => Body::Json(json!({ "data": { "docs": [dice.json(keys, &WORDS, 4), dice.json(keys, &WORDS, 4)] } })),
        3 => Body::Json(json!({ "messages": [dice.json(keys, &WORDS, 4), dice.json(keys, &WORDS, 4)] })),
        4 => Body::Json(json!({ "data": dice.object(keys, &WORDS, 5) })),
        _ => Body::Json(Value::Object(dice.object(keys, &WORDS, 5))),
    };
    Frame::Reply { request, status, body }
}
