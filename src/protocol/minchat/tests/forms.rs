//! Requests with a multipart body, and what the server says about them (`docs/protocol/minchat.md` §2).

use serde_json::json;

use crate::domain::{AttachmentKind, Content, Failure, LocalId, MessageId, OutgoingFile, PersonId, RoomId};
use crate::protocol::minchat::objects::LOCAL_ID_KEY;
use crate::protocol::{Call, HttpCall, HttpMethod, Part};

use super::*;

fn call(request: &Request) -> HttpCall {
    match signed_in().encode(request) {
        Some(Call::Http(call)) => call,
        other => panic!("{other:?}"),
    }
}

fn outgoing(kind: AttachmentKind, mime: &str) -> OutgoingFile {
    OutgoingFile { path: "/home/me/x".into(), name: "x".into(), kind, mime: mime.into(), size: 3, duration: None }
}

#[test]
fn file_is_sent_with_its_local_id() {
    let file = outgoing(AttachmentKind::Image, "image/png");
    let content = Content::File { file: Box::new(file.clone()), reply_to: None };
    let local = LocalId::parse(LOCAL).unwrap();
    let send = call(&Request::Send { room: RoomId::new(CHAT), local, content });
    assert_eq!((send.method, send.path.as_str(), send.json), (HttpMethod::Post, "/v1/messages", None));
    let metadata = json!({"minchatTuiId": LOCAL}).to_string();
    let fields = [("chat_id", CHAT), ("user_id", ALICE), ("metadata", &metadata)];
    let mut form = fields.map(|(name, value)| Part::Field { name, value: value.to_owned() }).to_vec();
    form.push(Part::File { name: "file", file });
    assert_eq!(send.form, Some(form));
}

#[test]
fn plain_file_is_not_declared_as_image_or_video() {
    let declared = |kind, mime| {
        let content = Content::File { file: Box::new(outgoing(kind, mime)), reply_to: None };
        let send = Request::Send { room: RoomId::new(CHAT), local: LocalId::from_random(1), content };
        match call(&send).form.unwrap().pop() {
            Some(Part::File { file, .. }) => file.mime,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(declared(AttachmentKind::File, "image/png"), "application/octet-stream");
    assert_eq!(declared(AttachmentKind::File, "video/mp4"), "application/octet-stream");
    assert_eq!(declared(AttachmentKind::Video, "video/mp4"), "video/mp4");
    assert_eq!(declared(AttachmentKind::File, "text/plain"), "text/plain");
    assert_eq!(declared(AttachmentKind::Voice, "audio/ogg"), "audio/ogg");
}

#[test]
fn local_id_is_read_from_metadata_in_a_string() {
    for (metadata, expected) in [
        (json!({LOCAL_ID_KEY: LOCAL}), LocalId::parse(LOCAL)),
        (json!(json!({LOCAL_ID_KEY: LOCAL}).to_string()), LocalId::parse(LOCAL)),
        (json!("{"), None),
        (json!(json!("{}").to_string()), None),
        (json!({LOCAL_ID_KEY: 1}), None),
    ] {
        let mut sent = fixture!("event.message");
        sent["metadata"] = metadata.clone();
        assert_eq!(message(event("message", sent)).local, expected, "{metadata}");
    }
}

#[test]
fn edit_is_a_form_as_in_the_official_suite() {
    let edit = call(&Request::Edit { message: MessageId::new(MESSAGE), text: "hi".into() });
    assert_eq!((edit.method, edit.path), (HttpMethod::Patch, format!("/v1/messages/{MESSAGE}")));
    assert_eq!((edit.json, edit.form), (None, Some(vec![Part::Field { name: "text", value: "hi".into() }])));
}

#[test]
fn request_that_is_too_large_is_reported_as_such() {
    let send = |content| Request::Send { room: RoomId::new(CHAT), local: LocalId::from_random(1), content };
    let file = || Box::new(outgoing(AttachmentKind::Image, "image/png"));
    for (request, expected) in [
        (send(Content::text("x")), "The text is longer than the server accepts (HTTP 413). Send it in parts."),
        (
            send(Content::File { file: file(), reply_to: None }),
            "The file is larger than the server accepts (HTTP 413). Choose a smaller one.",
        ),
        (
            Request::SetPicture { file: file() },
            "The file is larger than the server accepts (HTTP 413). Choose a smaller one.",
        ),
        (
            Request::SetName { name: "x".into() },
            "The request is larger than the server accepts (HTTP 413). Try a shorter text.",
        ),
    ] {
        for body in [Body::Json(Value::Null), Body::Other("<html>413 Request Entity Too Large</html>".into())] {
            let events = signed_in().decode(Frame::Reply { request: request.clone(), status: 413, body }).unwrap();
            let [ServerEvent::Failed { failure: Failure::Refused, reason, .. }] = &events[..] else {
                panic!("{events:?}")
            };
            assert_eq!(&**reason, expected);
        }
    }
}

#[test]
fn profile_is_changed_field_by_field() {
    let rename = call(&Request::SetName { name: "Alice B".into() });
    assert_eq!((rename.method, rename.path, rename.json), (HttpMethod::Patch, format!("/v1/user/{ALICE}"), None));
    assert_eq!(rename.form, Some(vec![Part::Field { name: "name", value: "Alice B".into() }]));
    let file = outgoing(AttachmentKind::Image, "image/png");
    let picture = call(&Request::SetPicture { file: Box::new(file.clone()) });
    assert_eq!((picture.method, picture.path), (HttpMethod::Patch, format!("/v1/user/{ALICE}")));
    assert_eq!(picture.form, Some(vec![Part::File { name: "avatar_file", file }]));
}

#[test]
fn typing_carries_the_new_name() {
    let mut minchat = signed_in();
    let request = Request::SetName { name: "Alice B".into() };
    let mut body = fixture!("reply.sign_in");
    body["user"]["name"] = json!("Alice B");
    assert_eq!(reply(&mut minchat, request.clone(), 200, body), ServerEvent::Done(request));
    let typing = minchat.encode(&Request::Typing { room: RoomId::new(CHAT), on: true });
    let Some(Call::Emit { payload, .. }) = typing else { panic!("{typing:?}") };
    assert_eq!((&payload["user"]["name"], &payload["user"]["id"]), (&json!("Alice B"), &json!(ALICE)));
}

#[test]
fn leaving_removes_oneself() {
    let mut minchat = signed_in();
    let leave = Request::LeaveGroup { room: RoomId::new(CHAT) };
    let call = call(&leave);
    let path = format!("/v1/chat/{CHAT}/participants/{ALICE}");
    assert_eq!((call.method, call.path, call.json), (HttpMethod::Delete, path, None));
    let left = ServerEvent::MemberRemoved { room: RoomId::new(CHAT), person: PersonId::new(ALICE) };
    assert_eq!(reply(&mut minchat, leave, 200, fixture!("reply.participant")), left);
}

#[test]
fn demo_mode_needs_no_user() {
    let refused = json!({"success": false, "message": "Not allowed in demo mode"});
    let mut demo = MinChat::new("demo");
    let ServerEvent::SignedIn { me, .. } = reply(&mut demo, sign_in(), 400, refused.clone()) else { panic!() };
    assert_eq!((me.id, &*me.username), (PersonId::new("demo"), "alice"));
    assert!(matches!(reply(&mut demo, sign_in(), 500, refused.clone()), ServerEvent::Failed { .. }));
    assert!(matches!(reply(&mut MinChat::new("KEY"), sign_in(), 400, refused), ServerEvent::Failed { .. }));
}
