//! §2.7, §6.

use serde_json::{Value, json};

use super::kit::{Kit, RING, assert_refused, kit, text};
use crate::server::vchat::model::{Id, Me};
use crate::server::vchat::news::To;
use crate::server::vchat::world::Wanted;

/// Ann calls Bob.
fn ringing() -> (Kit, Id, Id, Me, Me) {
    let mut kit = kit();
    let (ann, bob) = (kit.person("ann"), kit.person("bob"));
    let room = kit.single(&ann, "bob");
    let now = kit.now();
    let meet = kit.world.call(now, &ann, &room, true, json!({ "sdp": 1 }), "agora").unwrap();
    (kit, room, text(&meet, "meetId"), ann, bob)
}

fn last(kit: &Kit, me: &Me, room: &str) -> Value {
    kit.world.history(me, room, &Wanted::default())["docs"][0].clone()
}

#[test]
fn a_call_rings_at_the_callee_alone() {
    let (mut kit, room, meet, ann, bob) = ringing();
    let (to, event, arg) = kit.heard().remove(0);
    assert_eq!((to, event), (To::Person(bob.user.clone()), "v1OnNewCall"));
    assert_eq!((&arg["meetId"], &arg["withVideo"], &arg["payload"]["sdp"]), (&json!(meet), &json!(true), &json!(1)));
    assert_eq!(arg["userData"]["_id"], json!(ann.user));
    let now = kit.now();
    assert_eq!(kit.world.active_call(now, &bob), arg);
    assert_eq!(kit.world.active_call(now, &ann), Value::Null);
    assert_refused(kit.world.call(now, &bob, &room, false, Value::Null, "agora"), 400);
    let cleo = kit.person("cleo");
    let other = kit.single(&cleo, "bob");
    assert_eq!(kit.world.call(now, &cleo, &other, false, Value::Null, "agora").unwrap_err().why, "peerUserInCallNow");
    assert_refused(kit.world.accept_call(now, &ann, &meet, &Value::Null), 400);
    assert_refused(kit.world.accept_call(now, &cleo, &meet, &Value::Null), 404);
}

#[test]
fn accepted_is_told_to_the_callers_device_and_the_end_to_the_room() {
    let (mut kit, room, meet, ann, bob) = ringing();
    kit.heard();
    let now = kit.now();
    kit.world.accept_call(now, &bob, &meet, &json!({ "answer": { "sdp": 2 } })).unwrap();
    let (to, event, arg) = kit.heard().remove(0);
    assert_eq!((to, event), (To::Device(ann.user.clone(), "d".to_owned()), "v1OnCallAccepted"));
    assert_eq!(arg, json!({ "roomId": room, "meetId": meet, "peerAnswer": { "sdp": 2 } }));
    assert_refused(kit.world.accept_call(now, &bob, &meet, &Value::Null), 400);
    kit.world.end_call(now, &bob, &meet).unwrap();
    let heard = kit.heard();
    assert_eq!((heard[0].0.clone(), heard[0].1), (To::Room(room.clone()), "v1OnCallEnded"));
    let message = last(&kit, &ann, &room);
    assert_eq!((&message["mT"], &message["msgAtt"]["callStatus"]), (&json!("call"), &json!("finished")));
    assert!(message["msgAtt"]["startAt"].is_string() && message["msgAtt"]["endAt"].is_string());
    assert_refused(kit.world.end_call(now, &bob, &meet), 400);
    let history = kit.world.call_history(now, &bob);
    assert_eq!((&history[0]["callStatus"], &history[0]["peerUser"]["identifier"]), (&json!("finished"), &json!("ann")));
    kit.world.clear_calls(&bob, Some(&meet)).unwrap();
    assert_eq!(kit.world.call_history(now, &bob), json!([]));
    assert_eq!(kit.world.call_history(now, &ann).as_array().unwrap().len(), 1);
}

#[test]
fn a_ringing_call_is_canceled_by_one_and_rejected_by_the_other() {
    let (mut kit, room, meet, ann, bob) = ringing();
    kit.heard();
    let now = kit.now();
    kit.world.end_call(now, &ann, &meet).unwrap();
    let heard = kit.heard();
    assert_eq!((heard.len(), heard[0].0.clone(), heard[0].1), (1, To::Person(bob.user.clone()), "v1OnCallCanceled"));
    assert_eq!(heard[0].2, json!({ "roomId": room, "meetId": meet }));
    for by_end in [true, false] {
        let now = kit.now();
        let meet = text(&kit.world.call(now, &ann, &room, false, Value::Null, "agora").unwrap(), "meetId");
        kit.heard();
        if by_end {
            kit.world.end_call(now, &bob, &meet).unwrap()
        } else {
            kit.world.reject_call(now, &bob, &meet).unwrap()
        };
        let heard = kit.heard();
        assert_eq!((heard[0].0.clone(), heard[0].1), (To::Person(ann.user.clone()), "v1OnCallRejected"));
        assert_eq!(last(&kit, &ann, &room)["msgAtt"]["callStatus"], "rejected");
    }
}

#[test]
fn nobody_rings_for_ever() {
    let (mut kit, room, meet, ann, bob) = ringing();
    kit.heard();
    let deadline = kit.world.deadline().unwrap();
    kit.world.tick(deadline + -1);
    assert_eq!(kit.heard(), []);
    kit.world.tick(deadline);
    assert_eq!(kit.events(), ["v1OnCallTimeout", "v1OnNewMessage"]);
    assert_eq!(kit.world.deadline(), None);
    let message = last(&kit, &bob, &room);
    assert_eq!(
        (&message["c"], &message["msgAtt"]["callStatus"]),
        (&json!("📞 Missed Call from ANN"), &json!("timeout"))
    );
    kit.later(RING);
    let now = kit.now();
    assert_refused(kit.world.accept_call(now, &bob, &meet, &Value::Null), 400);
    kit.world.call(now, &ann, &room, false, Value::Null, "agora").unwrap();
}

#[test]
fn a_caller_who_is_gone_cannot_be_accepted_and_a_dropped_call_ends() {
    let (mut kit, room, meet, ann, bob) = ringing();
    let now = kit.now();
    kit.world.left(now, &ann, None);
    kit.heard();
    assert_refused(kit.world.accept_call(now, &bob, &meet, &Value::Null), 400);
    assert_eq!(kit.events(), ["v1OnCallTimeout", "v1OnNewMessage"]);
    kit.world.came(now, &ann);
    let meet = text(&kit.world.call(now, &ann, &room, false, Value::Null, "agora").unwrap(), "meetId");
    kit.world.accept_call(now, &bob, &meet, &Value::Null).unwrap();
    kit.heard();
    let ice = json!({ "meetId": meet, "data": { "candidate": "c" } });
    kit.world.candidate(&ann, &ice).unwrap();
    assert_eq!(kit.heard(), [(To::Person(bob.user.clone()), "v1OnIceCandidate", ice)]);
    kit.world.left(now, &bob, None);
    let heard = kit.heard();
    assert_eq!((heard[0].0.clone(), heard[0].1), (To::Person(ann.user.clone()), "v1OnCallEnded"));
    assert_eq!(kit.world.call_history(now, &ann)[0]["callStatus"], "sessionEnd");
}

#[test]
fn there_is_no_call_without_a_peer_or_with_a_ban() {
    let (mut kit, room, meet, ann, bob) = ringing();
    let now = kit.now();
    kit.world.end_call(now, &ann, &meet).unwrap();
    kit.world.ban(now, &bob, "ann", true).unwrap();
    assert_eq!(kit.world.call(now, &ann, &room, false, Value::Null, "agora").unwrap_err().why, "callNotAllowed");
    let new = crate::server::vchat::world::NewRoom {
        identifiers: vec!["bob".to_owned()],
        title: "x".to_owned(),
        ..Default::default()
    };
    let group = text(&kit.world.create_group(now, &ann, new).unwrap(), "rId");
    assert_refused(kit.world.call(now, &ann, &group, false, Value::Null, "agora"), 404);
}
