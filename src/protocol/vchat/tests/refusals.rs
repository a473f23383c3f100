//! Refused requests and expired sessions (`docs/protocol/vchat.md` §1.5).

use serde_json::json;

use crate::domain::{Failure, LocalId, PageSerial, RoomId};

use super::*;

fn refused(vchat: &mut VChat, request: Request, status: u16, body: Body) -> String {
    match vchat.decode(Frame::Reply { request, status, body }).unwrap().as_slice() {
        [ServerEvent::Failed { reason, .. }] => reason.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn repeated_send_is_a_duplicate() {
    let mut vchat = signed_in();
    let (room, local) = (RoomId::new(ROOM), LocalId::parse(LOCAL).unwrap());
    let duplicate = ServerEvent::Duplicate { room, local };
    assert_eq!(reply(&mut vchat, send(), 403, fixture!("reply.duplicate")), duplicate);
    let raced = json!({"data": "MongoServerError: E11000 duplicate key error collection: x.messages index: lId_1"});
    assert_eq!(reply(&mut vchat, send(), 500, raced), duplicate);
    let reason = refused(&mut vchat, send(), 403, Body::Json(fixture!("reply.refused")));
    assert_eq!(reason, "The server refused the request: You dont have access.");
}

#[test]
fn missing_room_differs_from_other_refusals() {
    let room = RoomId::new(ROOM);
    let failure = |request: Request, status, message: &str| match reply(
        &mut signed_in(),
        request,
        status,
        json!({"code": status, "data": message}),
    ) {
        ServerEvent::Failed { failure, .. } => failure,
        other => panic!("{other:?}"),
    };
    for request in [
        Request::Room { room: room.clone() },
        Request::History { room: room.clone(), serial: PageSerial::default(), page: 1, before: None },
        Request::DeleteRoom { room: room.clone() },
    ] {
        assert_eq!(failure(request.clone(), 404, "Room not found"), Failure::NotFound);
        // A missing endpoint, a room without messages, and a room that the user may no longer read.
        for (status, message) in
            [(404, "Cannot GET /api/v1/x"), (400, "The room has no message"), (403, "You dont have access"), (404, "")]
        {
            assert_eq!(failure(request.clone(), status, message), Failure::Refused, "{message}");
        }
        assert_eq!(failure(request, 502, "Room not found"), Failure::Uncertain);
    }
    let call = Request::StartCall { room, video: false };
    assert_eq!(failure(call, 404, "Room not found"), Failure::Refused);
}

/// Regression test: a server that no longer knew the user's own account was quoted about the user whom a command named.
#[test]
fn missing_account_is_not_blamed_on_another_user() {
    let failed = |vchat: &mut VChat, status| {
        let block = Request::Block { username: "bob".into(), on: true };
        match reply(vchat, block, status, json!({"code": status, "data": "User not found"})) {
            ServerEvent::Failed { failure, reason, .. } => (failure, reason.to_string()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(failed(&mut signed_in(), 404).0, Failure::UnknownUser);
    let sentence = "The server no longer knows your account. Reconnect to sign in again.".to_owned();
    assert_eq!(failed(&mut signed_in(), 403), (Failure::Refused, sentence));
}

#[test]
fn refused_sign_in_says_what_to_check() {
    let token = || VChat::new(Credentials::Token("T".into()), "d");
    for status in [400, 401, 403, 450] {
        let body = || Body::Json(json!({"statusCode": status, "data": "Wrong password."}));
        let key = refused(&mut new(), sign_in(), status, body());
        assert_eq!(
            key,
            "The server refused the sign-in: Wrong password. Check the key: it must be the server's hash key."
        );
        let token = refused(&mut token(), sign_in(), status, body());
        let advice = "It has expired or belongs to another server: put a new token into the profile.";
        assert_eq!(token, format!("The server refused the token: Wrong password. {advice}"));
    }
    let no_endpoint = refused(&mut new(), sign_in(), 404, Body::Json(json!({"data": "Cannot POST"})));
    assert!(no_endpoint.contains("Check the address"), "{no_endpoint}");
}

#[test]
fn expired_session_says_what_to_do() {
    let body = || Body::Json(json!({"data": "Device gone"}));
    let mut token = VChat::new(Credentials::Token("T".into()), "d");
    assert!(refused(&mut token, Request::Calls, 450, body()).contains("put a new token into the profile"));
    let jwt = Body::Json(json!({"data": "Jwt access token not valid: jwt expired"}));
    assert!(refused(&mut token, Request::Calls, 400, jwt).contains("put a new token into the profile"));
    assert!(refused(&mut signed_in(), Request::Calls, 450, body()).contains("Reconnect to sign in again"));
}

/// Regression test: a late reply to another request caused a new sign-in, which undid the log-out.
#[test]
fn session_is_not_renewed_while_logging_out() {
    let mut vchat = signed_in();
    assert!(vchat.has_expired(450));
    vchat.encode(&Request::LogOut);
    assert!(!vchat.has_expired(450));
    let gone = json!({"statusCode": 450, "data": "Device gone"});
    assert_eq!(reply(&mut vchat, Request::LogOut, 450, gone), ServerEvent::Done(Request::LogOut), "done already");
    vchat.encode(&Request::LogOut);
    reply(&mut vchat, Request::LogOut, 500, json!({"data": "Try later"}));
    assert!(vchat.has_expired(450), "the session goes on");
    vchat.encode(&Request::LogOut);
    vchat.on_unanswered(&Request::Calls);
    assert!(!vchat.has_expired(450), "another request has failed");
    vchat.on_unanswered(&Request::LogOut);
    assert!(vchat.has_expired(450), "the connection broke, and the session may go on");
}

#[test]
fn refusal_is_a_sentence_and_never_a_proxy_page() {
    let mut vchat = signed_in();
    let secret = fixture!("reply.refused");
    for status in [100, 200, 204, 302, 400, 401, 403, 404, 413, 418, 429, 450, 500, 502, 599] {
        for request in [sign_in(), Request::Rooms { page: 1 }, send(), Request::Calls] {
            let page = refused(&mut vchat, request.clone(), status, Body::Other("<html>secret page</html>".into()));
            assert!(page.ends_with('.') && !page.contains("secret") && page.len() > 20, "{status}: {page}");
            if status >= 300 {
                for body in [secret.clone(), json!(null), json!({"data": {"x": "secret"}}), json!({"data": ""})] {
                    let sentence = refused(&mut vchat, request.clone(), status, Body::Json(body));
                    assert!(sentence.ends_with('.') && !sentence.contains(".."), "{status}: {sentence}");
                    assert!(!sentence.contains(": ."), "{status}: {sentence}");
                    assert!(!sentence.contains("TOKEN") && !sentence.contains("secret"), "{status}: {sentence}");
                }
            }
        }
    }
    let slow = refused(&mut vchat, Request::Calls, 429, Body::Json(json!({"data": "ThrottlerException"})));
    assert_eq!(slow, "The server asks to slow down. Try again in a few minutes.");
    let long = json!({"data": "x".repeat(10_000)});
    assert!(refused(&mut vchat, Request::Calls, 400, Body::Json(long)).len() < 300);
}

#[test]
fn text_that_is_too_long_is_not_called_a_file() {
    let sentence = refused(&mut signed_in(), send(), 413, Body::Other("<html></html>".into()));
    assert_eq!(sentence, "The text is longer than the server accepts (HTTP 413). Send it in parts.");
}

/// Some servers quote the headers of a refused request (`docs/protocol/vchat.md` §1.5).
#[test]
fn secrets_in_a_refusal_are_redacted() {
    let password = crate::protocol::vchat::sign_in::password("HASHKEY", "user1@gmail.com");
    let body = json!({"statusCode": 403, "data": format!("no: HASHKEY, {password}, authorization: Bearer tok.en")});
    let mut vchat = new();
    vchat.encode(&sign_in());
    let ServerEvent::Failed { reason, .. } = reply(&mut vchat, sign_in(), 403, body) else { panic!() };
    assert!(!reason.contains("HASHKEY") && !reason.contains("tok.en"), "{reason}");
    assert!(
        !reason.contains(&password[..120]) && reason.contains("no: ***, ***, authorization: Bearer ***"),
        "{reason}"
    );
    let frame = Frame::Reply { request: sign_in(), status: 201, body: Body::Json(fixture!("reply.connect")) };
    assert!(!format!("{frame:?}").contains("eyJ"), "{frame:?}");
}
