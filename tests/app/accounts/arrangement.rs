//! Order, filter and unread counts of the room list with two profiles.

use super::*;

/// The rooms of an account in the list on screen.
fn listed(program: &Program, account: AccountId) -> Vec<String> {
    let rooms = &program.state.accounts.get(account).expect("the account").rooms;
    (0..rooms.len()).filter_map(|place| rooms.at(place)).map(|room| room.info.id.as_str().to_owned()).collect()
}

/// Two profiles on V Chat with an old room each; there is also a newer, unread one in the other profile.
fn two_rooms_each() -> Program {
    let mut program = Program::new();
    for account in [SHOWN, HIDDEN] {
        let room = |id: &str, title: &str, author: &str, at| {
            let last = sent_message(&format!("{id}-{}", account.0), author, "text", at);
            listed_room(id, title, minchat_tui::domain::RoomKind::Group, 0, last)
        };
        let rooms = vec![room("r1", "Zebras", "alice", -60_000), room("r2", "Ants", "alice", -90_000)];
        for step in connected(account, VCHAT, rooms, "hello") {
            step(&mut program);
        }
        program.wait(3_000);
    }
    let news = in_room("r2", sent_message("n1", "alice", "news for @me", 20));
    server(HIDDEN, ServerEvent::Message(news))(&mut program);
    program.wait(7_000);
    program.effects.clear();
    program
}

#[test]
fn order_and_filter_apply_within_each_section() {
    let mut program = two_rooms_each();
    assert_eq!((listed(&program, SHOWN), listed(&program, HIDDEN)), (ids(["r1", "r2"]), ids(["r2", "r1"])));
    program.types("/sort name\n");
    assert_eq!((listed(&program, SHOWN), listed(&program, HIDDEN)), (ids(["r2", "r1"]), ids(["r2", "r1"])));
    program.types("/filter unread\n");
    assert_eq!(
        (listed(&program, SHOWN), listed(&program, HIDDEN)),
        (ids(["r1"]), ids(["r2", "r1"])),
        "the open room stays"
    );
    program.types("/profile home\n");
    assert_eq!(program.state.ui.shown, HIDDEN);
    assert_eq!(listed(&program, SHOWN), ids([]), "the filter is that of the screen, not of a profile");
}

/// The timer of the line stayed with the profile in which it was shown, and so did the list of members.
#[test]
fn latency_line_and_members_follow_to_another_profile() {
    let mut program = two_rooms_each();
    press(&mut program, "f11");
    press(&mut program, "f3");
    program.effects.clear();
    program.types("/profile home\n");
    assert_eq!(program.state.ui.shown, HIDDEN);
    let is_request = |effect: &&&Effect| matches!(effect, Effect::Request(_, Request::Members { .. }));
    assert_eq!(program.effects_of(HIDDEN).iter().filter(is_request).count(), 1, "{}", screen_of(&program.state));
    program.wait(10_000);
    assert!(deadline(&program.state).is_some_and(|at| at <= program.now + 1_000), "{}", screen_of(&program.state));
}

fn ids<const N: usize>(rooms: [&str; N]) -> Vec<String> {
    rooms.map(str::to_owned).to_vec()
}

/// Loads the room of the other profile that somebody mentions the user in.
fn load_news(program: &mut Program) {
    let messages = vec![in_room("r2", sent_message("n1", "alice", "news for @me", 20))];
    let page =
        ServerEvent::History { room: room_id("r2"), serial: ANY_SERIAL, page: 1, pages: 1, total: None, messages };
    server(HIDDEN, page)(program);
}

/// Moves the highlight in the list to a room of the other profile.
fn highlight_of_other(program: &mut Program, room: &str) {
    press(program, "ctrl+b");
    press(program, "end");
    for _ in 0..6 {
        let number = match program.state.ui.focus {
            minchat_tui::app::Focus::Rooms(number) => number,
            other => panic!("{other:?}"),
        };
        match program.state.scene().list_row(number) {
            Some(minchat_tui::app::SectionRow::Room(account, row))
                if account.id == HIDDEN && row.info.id == room_id(room) =>
            {
                return;
            }
            _ => press(program, "up"),
        }
    }
    panic!("{}", screen_of(&program.state));
}

#[test]
fn keys_of_the_list_change_rooms_of_other_profiles() {
    let mut program = two_rooms_each();
    highlight_of_other(&mut program, "r1");
    press(&mut program, "p");
    assert!(screen_of(&program.state).contains("home: Zebras is pinned"), "{}", screen_of(&program.state));
    assert_eq!((listed(&program, HIDDEN), listed(&program, SHOWN)), (ids(["r1", "r2"]), ids(["r1", "r2"])));
    press(&mut program, "m");
    assert_eq!(
        program.effects_of(HIDDEN).last(),
        Some(&&Effect::Request(HIDDEN, Request::Mute { room: room_id("r1"), on: true })),
        "the highlight stays on the room that was pinned"
    );
    assert_eq!(program.state.ui.shown, SHOWN);
    // Keys on a heading change nothing.
    press(&mut program, "up");
    program.effects.clear();
    press(&mut program, "m");
    assert_eq!(program.effects, []);
}

#[test]
fn mention_of_another_profile_is_selected_whatever_the_filter() {
    let mut program = two_rooms_each();
    program.types("/filter dms\n");
    assert_eq!(listed(&program, HIDDEN), ids([]));
    press(&mut program, "alt+m");
    assert_eq!((program.state.ui.shown, program.state.ui.open.clone()), (HIDDEN, Some(room_id("r2"))));
    assert!(screen_of(&program.state).contains("news for @me"), "{}", screen_of(&program.state));
    load_news(&mut program);
    press(&mut program, "alt+m");
    assert!(matches!(program.state.ui.focus, minchat_tui::app::Focus::Message(_)), "{}", screen_of(&program.state));
}

#[test]
fn all_rooms_of_all_profiles_are_marked_as_read() {
    let mut program = two_rooms_each();
    press(&mut program, "alt+s");
    assert!(screen_of(&program.state).contains("Mark 2 rooms as read?"), "{}", screen_of(&program.state));
    program.wait(400);
    press(&mut program, "y");
    assert!(screen_of(&program.state).contains("2 rooms were marked as read."), "{}", screen_of(&program.state));
    press(&mut program, "alt+a");
    assert_eq!(program.state.ui.shown, SHOWN, "nothing is unread");
    let mut program = run(&shown_story(), &hidden_story());
    press(&mut program, "alt+s");
    assert!(screen_of(&program.state).contains("nothing was marked as read"), "{}", screen_of(&program.state));
}

#[test]
fn mark_of_unread_ends_when_the_user_comes_back_to_the_profile() {
    let mut program = two_rooms_each();
    press(&mut program, "alt+m");
    load_news(&mut program);
    press(&mut program, "alt+m");
    press(&mut program, "u");
    let is_marked = |program: &Program| {
        let room = program.state.accounts.get(HIDDEN).and_then(|home| home.rooms.get(&room_id("r2")));
        room.is_some_and(|room| room.info.settings.marked_unread && room.unread().any())
    };
    program.wait(3_000);
    assert!(is_marked(&program), "{}", screen_of(&program.state));
    program.types("/profile work\n");
    program.wait(3_000);
    assert!(is_marked(&program));
    press(&mut program, "alt+m");
    program.wait(3_000);
    assert!(!is_marked(&program), "{}", screen_of(&program.state));
}

/// Regression test: an account that `--user bob` opened had the name of the profile, which is alice's.
#[test]
fn account_of_another_user_is_labelled_as_such() {
    let mut story = Story::chat(120, 24);
    let profile = &mut story.state.account_mut().profile;
    (profile.name, profile.user, profile.label) = ("work".into(), "bob".into(), "work as bob".into());
    story.shows("work as bob").lacks("bob · work ");
}
