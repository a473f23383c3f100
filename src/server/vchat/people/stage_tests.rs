//! What the people do, without a clock.

use super::*;

fn stage(seed: u64) -> Stage {
    let book = Book::open().unwrap();
    let ids = book.people.iter().map(|part| (part.username.clone(), format!("id-{}", part.username))).collect();
    let rooms = book.rooms.iter().map(|scene| (scene.key.clone(), format!("room-{}", scene.key))).collect();
    let mut stage = Stage::new(book, &ids, rooms, Rng::with_seed(seed));
    stage.hear(Timestamp(0), Cue::Came("guest".to_owned()));
    stage
}

fn wrote(stage: &mut Stage, now: Timestamp, text: &str, others: &[&str]) {
    let others = others.iter().map(|&other| other.to_owned()).collect();
    let (room, message, author) = ("r".to_owned(), "m".to_owned(), "guest".to_owned());
    stage.hear(now, Cue::Wrote { room, message, author, text: text.to_owned(), others });
}

/// What is done in the room `r`, and elsewhere by the guest's doing, until `to`.
fn run(stage: &mut Stage, to: Timestamp) -> Vec<Act> {
    let mut acts = Vec::new();
    while let Some(at) = stage.next().filter(|at| *at <= to) {
        while let Some(act) = stage.due(at) {
            acts.push(act);
        }
    }
    acts
}

fn after(text: &str) -> Vec<Act> {
    let mut stage = stage(1);
    wrote(&mut stage, Timestamp(0), text, &["id-tobi"]);
    run(&mut stage, Timestamp(30 * SECOND))
}

#[test]
fn nobody_acts_while_nobody_is_there() {
    let mut stage = stage(1);
    assert!(stage.next().is_some());
    assert!(stage.hear(Timestamp(1), Cue::Left("guest".to_owned())));
    assert_eq!(stage.next(), None);
    wrote(&mut stage, Timestamp(2), "hello", &["id-mara"]);
    assert_eq!(stage.next(), None);
}

#[test]
fn a_message_is_delivered_read_and_answered() {
    for seed in 0..30 {
        let mut stage = stage(seed);
        wrote(&mut stage, Timestamp(0), "anybody here?", &["id-mara"]);
        let acts = run(&mut stage, Timestamp(7 * SECOND));
        let at = |is: fn(&Act) -> bool| acts.iter().position(is).unwrap();
        let delivered = at(|act| matches!(act, Act::Deliver { room, .. } if room == "r"));
        let read = at(|act| matches!(act, Act::Read { room, .. } if room == "r"));
        let typing = at(|act| matches!(act, Act::Status { room, status: "typing", .. } if room == "r"));
        let stopped = at(|act| matches!(act, Act::Status { room, status: "stop", .. } if room == "r"));
        let said = at(|act| matches!(act, Act::Say { room, .. } if room == "r"));
        assert!(delivered < read && read < typing && typing < stopped && stopped < said, "seed {seed}");
    }
}

#[test]
fn tricks_are_done() {
    let ban = |on: bool| move |act: &Act| matches!(act, Act::Ban { on: is, .. } if *is == on);
    let acts = after("block");
    let (on, off) = (acts.iter().position(ban(true)).unwrap(), acts.iter().position(ban(false)).unwrap());
    assert!(on < off);
    assert!(after("Video").iter().any(|act| matches!(act, Act::Ring { video: true, .. })));
    assert!(after("call!").iter().any(|act| matches!(act, Act::Ring { video: false, .. })));
    let recording = |act: &Act| matches!(act, Act::Status { room, status: "recording", .. } if room == "r");
    assert!(after("record").iter().any(recording));
    let out = |act: &Act| matches!(act, Act::Member { on: false, room, .. } if room == "room-release");
    assert!(after("kick").iter().any(out));
    for (word, sort) in [
        ("photo", "image"),
        ("film", "video"),
        ("file", "file"),
        ("place", "location"),
        ("custom", "custom"),
        ("record", "voice"),
    ] {
        let sent = |act: &Act| matches!(act, Act::Say { prop, .. } if prop.draft.sort == sort);
        assert!(after(word).iter().any(sent), "{word}");
    }
    let to = |wanted: How| move |act: &Act| matches!(act, Act::Say { to: Some((_, how)), .. } if *how == wanted);
    assert!(after("reply").iter().any(to(How::Reply)) && after("forward").iter().any(to(How::Forward)));
    assert!(after("oops").iter().any(|act| matches!(act, Act::Say { then: Then::TakeBack, .. })));
}

#[test]
fn calls_are_picked_up_declined_or_ignored() {
    let called = |who: &str| {
        let mut stage = stage(1);
        let (meet, room, caller) = ("c".to_owned(), "r".to_owned(), "guest".to_owned());
        stage.hear(Timestamp(0), Cue::Rang { meet, room, caller, callee: who.to_owned(), video: true });
        run(&mut stage, Timestamp(20 * SECOND))
    };
    assert!(called("id-tobi").iter().any(|act| matches!(act, Act::PickUp { .. })));
    assert!(called("id-oskar").iter().any(|act| matches!(act, Act::HangUp { .. })));
    assert!(!called("id-pip").iter().any(|act| matches!(act, Act::PickUp { .. } | Act::HangUp { .. })));
}

#[test]
fn who_calls_hangs_up_in_the_end_unless_it_has_ended() {
    let ring = |stage: &mut Stage| {
        let (meet, room) = ("c".to_owned(), "r".to_owned());
        let cue = Cue::Rang { meet, room, caller: "id-tobi".to_owned(), callee: "guest".to_owned(), video: false };
        stage.hear(Timestamp(0), cue);
    };
    let hangs_up = |stage: &mut Stage, to: i64| {
        run(stage, Timestamp(to)).iter().filter(|act| matches!(act, Act::HangUp { .. })).count()
    };
    let mut own = stage(1);
    ring(&mut own);
    assert_eq!(hangs_up(&mut own, RINGS), 1);
    let mut accepted = stage(1);
    ring(&mut accepted);
    accepted.hear(Timestamp(SECOND), Cue::Accepted("c".to_owned()));
    assert_eq!((hangs_up(&mut accepted, RINGS), hangs_up(&mut accepted, SECOND + TALKS)), (0, 1));
    let mut ended = stage(1);
    ring(&mut ended);
    ended.hear(Timestamp(SECOND), Cue::Ended("c".to_owned()));
    assert_eq!(hangs_up(&mut ended, 60 * SECOND), 0);
    let mut told = stage(1);
    ring(&mut told);
    wrote(&mut told, Timestamp(SECOND), "hang up", &["id-tobi"]);
    assert_eq!(hangs_up(&mut told, 2 * SECOND), 1);
}

#[test]
fn in_half_an_hour_they_talk_record_and_type() {
    let mut stage = stage(2);
    let acts = run(&mut stage, Timestamp(30 * 60 * SECOND));
    let any = |is: fn(&Act) -> bool| acts.iter().any(is);
    assert!(any(|act| matches!(act, Act::Come(_))));
    assert!(any(|act| matches!(act, Act::Status { status: "recording", .. })));
    assert!(any(|act| matches!(act, Act::Say { prop, .. } if prop.draft.sort == "text")));
}
