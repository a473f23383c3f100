//! Calls (§2.7, §6).

use serde_json::{Value, json};

use super::test_world::{RING_TIMEOUT, TestWorld, assert_status, test_world, text};
use crate::server::vchat::effect::Target;
use crate::server::vchat::model::{Actor, Id};
use crate::server::vchat::world::HistoryQuery;

/// A world in which Ann calls Bob: the room, the call, Ann and Bob.
fn ringing() -> (TestWorld, Id, Id, Actor, Actor) {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    let room = test.single_room(&ann, "bob");
    let now = test.now();
    let call = test.world.start_call(now, &ann, &room, true, json!({ "sdp": 1 }), "agora").unwrap();
    (test, room, text(&call, "meetId"), ann, bob)
}

fn last_message(test: &TestWorld, actor: &Actor, room: &str) -> Value {
    test.world.history(actor, room, &HistoryQuery::default())["docs"][0].clone()
}

#[test]
fn call_rings_only_at_the_callee() {
    let (mut test, room, call, ann, bob) = ringing();
    let (to, event, payload) = test.events().remove(0);
    assert_eq!((to, event), (Target::User(bob.user.clone()), "v1OnNewCall"));
    assert_eq!(
        (&payload["meetId"], &payload["withVideo"], &payload["payload"]["sdp"]),
        (&json!(call), &json!(true), &json!(1))
    );
    assert_eq!(payload["userData"]["_id"], json!(ann.user));
    let now = test.now();
    assert_eq!(test.world.active_call(now, &bob), payload);
    assert_eq!(test.world.active_call(now, &ann), Value::Null);
    assert_status(test.world.start_call(now, &bob, &room, false, Value::Null, "agora"), 400);
    let cleo = test.user("cleo");
    let other = test.single_room(&cleo, "bob");
    assert_eq!(
        test.world.start_call(now, &cleo, &other, false, Value::Null, "agora").unwrap_err().message,
        "peerUserInCallNow"
    );
    assert_status(test.world.accept_call(now, &ann, &call, &Value::Null), 400);
    assert_status(test.world.accept_call(now, &cleo, &call, &Value::Null), 404);
}

#[test]
fn accept_goes_to_the_calling_device_and_end_to_the_room() {
    let (mut test, room, call, ann, bob) = ringing();
    test.events();
    let now = test.now();
    test.world.accept_call(now, &bob, &call, &json!({ "answer": { "sdp": 2 } })).unwrap();
    let (to, event, payload) = test.events().remove(0);
    assert_eq!((to, event), (Target::Device(ann.user.clone(), "d".to_owned()), "v1OnCallAccepted"));
    assert_eq!(payload, json!({ "roomId": room, "meetId": call, "peerAnswer": { "sdp": 2 } }));
    assert_status(test.world.accept_call(now, &bob, &call, &Value::Null), 400);
    test.world.end_call(now, &bob, &call).unwrap();
    let events = test.events();
    assert_eq!((events[0].0.clone(), events[0].1), (Target::Room(room.clone()), "v1OnCallEnded"));
    let message = last_message(&test, &ann, &room);
    assert_eq!((&message["mT"], &message["msgAtt"]["callStatus"]), (&json!("call"), &json!("finished")));
    assert!(message["msgAtt"]["startAt"].is_string() && message["msgAtt"]["endAt"].is_string());
    assert_status(test.world.end_call(now, &bob, &call), 400);
    let history = test.world.call_history(now, &bob);
    assert_eq!((&history[0]["callStatus"], &history[0]["peerUser"]["identifier"]), (&json!("finished"), &json!("ann")));
    test.world.clear_calls(&bob, Some(&call)).unwrap();
    assert_eq!(test.world.call_history(now, &bob), json!([]));
    assert_eq!(test.world.call_history(now, &ann).as_array().unwrap().len(), 1);
}

#[test]
fn caller_cancels_and_callee_rejects_a_ringing_call() {
    let (mut test, room, call, ann, bob) = ringing();
    test.events();
    let now = test.now();
    test.world.end_call(now, &ann, &call).unwrap();
    let events = test.events();
    assert_eq!(
        (events.len(), events[0].0.clone(), events[0].1),
        (1, Target::User(bob.user.clone()), "v1OnCallCanceled")
    );
    assert_eq!(events[0].2, json!({ "roomId": room, "meetId": call }));
    for by_end in [true, false] {
        let now = test.now();
        let call = text(&test.world.start_call(now, &ann, &room, false, Value::Null, "agora").unwrap(), "meetId");
        test.events();
        if by_end {
            test.world.end_call(now, &bob, &call).unwrap()
        } else {
            test.world.reject_call(now, &bob, &call).unwrap()
        };
        let events = test.events();
        assert_eq!((events[0].0.clone(), events[0].1), (Target::User(ann.user.clone()), "v1OnCallRejected"));
        assert_eq!(last_message(&test, &ann, &room)["msgAtt"]["callStatus"], "rejected");
    }
}

#[test]
fn unanswered_call_times_out() {
    let (mut test, room, call, ann, bob) = ringing();
    test.events();
    let deadline = test.world.deadline().unwrap();
    test.world.tick(deadline + -1);
    assert_eq!(test.events(), []);
    test.world.tick(deadline);
    assert_eq!(test.event_names(), ["v1OnCallTimeout", "v1OnNewMessage"]);
    assert_eq!(test.world.deadline(), None);
    let message = last_message(&test, &bob, &room);
    assert_eq!(
        (&message["c"], &message["msgAtt"]["callStatus"]),
        (&json!("📞 Missed Call from ANN"), &json!("timeout"))
    );
    test.advance(RING_TIMEOUT);
    let now = test.now();
    assert_status(test.world.accept_call(now, &bob, &call, &Value::Null), 400);
    test.world.start_call(now, &ann, &room, false, Value::Null, "agora").unwrap();
}

#[test]
fn disconnecting_ends_ringing_and_running_calls() {
    let (mut test, room, call, ann, bob) = ringing();
    let now = test.now();
    test.world.on_disconnected(now, &ann, None);
    test.events();
    assert_status(test.world.accept_call(now, &bob, &call, &Value::Null), 400);
    assert_eq!(test.event_names(), ["v1OnCallTimeout", "v1OnNewMessage"]);
    test.world.on_connected(now, &ann);
    let call = text(&test.world.start_call(now, &ann, &room, false, Value::Null, "agora").unwrap(), "meetId");
    test.world.accept_call(now, &bob, &call, &Value::Null).unwrap();
    test.events();
    let ice = json!({ "meetId": call, "data": { "candidate": "c" } });
    test.world.relay_ice_candidate(&ann, &ice).unwrap();
    assert_eq!(test.events(), [(Target::User(bob.user.clone()), "v1OnIceCandidate", ice)]);
    test.world.on_disconnected(now, &bob, None);
    let events = test.events();
    assert_eq!((events[0].0.clone(), events[0].1), (Target::User(ann.user.clone()), "v1OnCallEnded"));
    assert_eq!(test.world.call_history(now, &ann)[0]["callStatus"], "sessionEnd");
}

#[test]
fn call_needs_a_peer_without_a_ban() {
    let (mut test, room, call, ann, bob) = ringing();
    let now = test.now();
    test.world.end_call(now, &ann, &call).unwrap();
    test.world.set_ban(now, &bob, "ann", true).unwrap();
    assert_eq!(
        test.world.start_call(now, &ann, &room, false, Value::Null, "agora").unwrap_err().message,
        "callNotAllowed"
    );
    let new = crate::server::vchat::world::NewRoom {
        identifiers: vec!["bob".to_owned()],
        title: "x".to_owned(),
        ..Default::default()
    };
    let group = text(&test.world.create_group(now, &ann, new).unwrap(), "rId");
    assert_status(test.world.start_call(now, &ann, &group, false, Value::Null, "agora"), 404);
}
