//! What the people do, without a clock.

use super::*;

fn stage(seed: u64) -> Stage {
    let book = Book::open().unwrap();
    let ids = book.people.iter().map(|part| (part.username.clone(), format!("id-{}", part.username))).collect();
    let rooms = book.rooms.iter().map(|scene| (scene.key.clone(), format!("room-{}", scene.key))).collect();
    Stage::new(book, &ids, rooms, Rng::with_seed(seed))
}

fn wrote(text: &str, members: &[&str]) -> Cue {
    let members = members.iter().map(|&member| member.to_owned()).collect();
    let (chat, message, author) = ("c".to_owned(), "m".to_owned(), "guest".to_owned());
    Cue::Wrote { chat, message, author, text: text.to_owned(), members }
}

/// What happens from `from` to `to`, with its times; everything said is message `said`.
fn run(stage: &mut Stage, to: Timestamp) -> Vec<(Timestamp, Act)> {
    let mut acts = Vec::new();
    while let Some(at) = stage.next().filter(|at| *at <= to) {
        while let Some(act) = stage.due(at) {
            if let Act::Say { then, .. } = &act {
                stage.said(at, "said".to_owned(), then.clone());
            }
            acts.push((at, act));
        }
    }
    acts
}

#[test]
fn nothing_is_planned_while_nobody_is_there() {
    let mut stage = stage(1);
    assert_eq!(stage.next(), None);
    stage.hear(Timestamp(0), wrote("hello", &["id-mara", "guest"]));
    assert_eq!(stage.next(), None);
    stage.hear(Timestamp(0), Cue::Came("guest".to_owned()));
    assert!(stage.next().is_some());
    assert!(stage.hear(Timestamp(1), Cue::Left("guest".to_owned())));
    assert_eq!(stage.next(), None);
}

#[test]
fn they_come_online_and_one_begins_to_talk_within_five_seconds() {
    for seed in 0..50 {
        let mut stage = stage(seed);
        stage.hear(Timestamp(0), Cue::Came("guest".to_owned()));
        let acts = run(&mut stage, Timestamp(5 * SECOND));
        assert!(acts.iter().any(|(_, act)| matches!(act, Act::Come(_))));
        assert!(acts.iter().any(|(_, act)| matches!(act, Act::Type { started: true, .. })), "seed {seed}");
    }
}

#[test]
fn a_message_is_seen_and_its_answer_begins_within_600_ms() {
    for seed in 0..50 {
        let mut stage = stage(seed);
        stage.hear(Timestamp(0), Cue::Came("guest".to_owned()));
        run(&mut stage, Timestamp(1000));
        stage.hear(Timestamp(1000), wrote("anybody here?", &["guest", "id-mara"]));
        let acts = run(&mut stage, Timestamp(1600));
        assert!(acts.iter().any(|(_, act)| matches!(act, Act::See { .. })), "seed {seed}");
        let types = |act: &Act| matches!(act, Act::Type { chat, started: true, .. } if chat == "c");
        assert!(acts.iter().any(|(_, act)| types(act)), "seed {seed}");
        let acts = run(&mut stage, Timestamp(7000));
        let says = |act: &Act| matches!(act, Act::Say { who, chat, .. } if chat == "c" && who == "id-mara");
        assert!(acts.iter().any(|(_, act)| says(act)), "seed {seed}");
    }
}

#[test]
fn whoever_is_named_answers() {
    for seed in 0..20 {
        let mut stage = stage(seed);
        stage.hear(Timestamp(0), Cue::Came("guest".to_owned()));
        stage.hear(Timestamp(0), wrote("Yuki, what do you think?", &["guest", "id-mara", "id-tobi", "id-yuki"]));
        let acts = run(&mut stage, Timestamp(600));
        let typist = acts.iter().find_map(|(_, act)| match act {
            Act::Type { who, chat, .. } if chat == "c" => Some(who.clone()),
            _ => None,
        });
        assert_eq!(typist.as_deref(), Some("id-yuki"));
    }
}

#[test]
fn nobody_answers_two_lines_at_once() {
    let mut stage = stage(1);
    stage.hear(Timestamp(0), Cue::Came("guest".to_owned()));
    for _ in 0..10 {
        stage.hear(Timestamp(0), wrote("hello", &["guest", "id-mara"]));
    }
    let acts = run(&mut stage, Timestamp(8 * SECOND));
    let said = acts.iter().filter(|(_, act)| matches!(act, Act::Say { chat, .. } if chat == "c"));
    assert_eq!(said.count(), 1);
}

#[test]
fn typing_ends_before_the_line_is_there() {
    let mut stage = stage(3);
    stage.hear(Timestamp(0), Cue::Came("guest".to_owned()));
    let acts = run(&mut stage, Timestamp(300 * SECOND));
    let said = acts.iter().position(|(_, act)| matches!(act, Act::Say { .. })).unwrap();
    assert!(matches!(acts[said - 1].1, Act::Type { started: false, .. }), "{:?}", acts[said - 1]);
}

#[test]
fn in_half_an_hour_everything_happens_that_can() {
    let mut stage = stage(2);
    stage.hear(Timestamp(0), Cue::Came("guest".to_owned()));
    for minute in 0..30 {
        stage.hear(Timestamp(minute * 60 * SECOND), wrote("a human please", &["guest", "id-pip", "id-tobi"]));
        run(&mut stage, Timestamp((minute + 1) * 60 * SECOND - 1));
    }
    let mut again = self::stage(2);
    again.hear(Timestamp(0), Cue::Came("guest".to_owned()));
    let mut acts = Vec::new();
    for minute in 0..30 {
        again.hear(Timestamp(minute * 60 * SECOND), wrote("a human please", &["guest", "id-pip", "id-tobi"]));
        acts.extend(run(&mut again, Timestamp((minute + 1) * 60 * SECOND - 1)));
    }
    let any = |is: fn(&Act) -> bool| acts.iter().any(|(_, act)| is(act));
    assert!(any(|act| matches!(act, Act::Stay(_))));
    assert!(any(|act| matches!(act, Act::Edit { .. })));
    assert!(any(|act| matches!(act, Act::Delete { .. })));
    assert!(any(|act| matches!(act, Act::Agent { .. })));
    let said: BTreeSet<&Id> = (acts.iter())
        .filter_map(|(_, act)| match act {
            Act::Say { chat, .. } => Some(chat),
            _ => None,
        })
        .collect();
    assert!(said.len() >= 4, "{said:?}");
}

#[test]
fn the_same_seed_plays_the_same_play() {
    let play = |seed| {
        let mut stage = stage(seed);
        stage.hear(Timestamp(0), Cue::Came("guest".to_owned()));
        run(&mut stage, Timestamp(120 * SECOND))
    };
    assert_eq!(play(5), play(5));
    assert_ne!(play(5), play(6));
}
