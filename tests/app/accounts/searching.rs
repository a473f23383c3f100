//! Conditions of a search in all profiles, which may mean something in one of them only.

use super::*;

/// Types a search of all rooms, and returns the screen once it is answered.
fn searched(both: &mut Program, typed: &str) -> String {
    press(both, "ctrl+u");
    both.types(typed);
    // One search runs at a time, so each answer may be followed by the next one.
    for _ in 0..10 {
        for effect in std::mem::take(&mut both.effects) {
            if let Effect::Query(account, minchat_tui::store::Query::Search { id, .. }) = effect {
                let results = minchat_tui::store::SearchResults { id, matches: Vec::new(), has_more: false };
                both.event(Event::Store(account, Answer::SearchResults(results)));
            }
        }
        both.wait(1_000);
    }
    screen_of(&both.state)
}

/// Regression test: a room of another profile was called unknown, although it was searched.
#[test]
fn name_is_unknown_only_if_no_profile_has_it() {
    let mut both = run(&shown_story(), &hidden_story());
    let team = listed_room(
        "r7",
        "V Team",
        minchat_tui::domain::RoomKind::Group,
        1,
        sent_message("m7", "zoe", "home", -60_000),
    );
    both.event(Event::Server(HIDDEN, ServerEvent::RoomChanged(Box::new(team))));
    let request = Request::FindPeople { name: String::new(), page: 1 };
    let people = ServerEvent::People { request, more: false, people: vec![person("zoe", "Zoe Zimmer")] };
    both.event(Event::Server(HIDDEN, people));
    both.wait(1_000);
    press(&mut both, "ctrl+f");
    for typed in ["in:\"V Team\" nothinghere", "from:zoe nothinghere", "in:\"V Team\" from:zoe nothinghere"] {
        let screen = searched(&mut both, typed);
        assert!(screen.contains("No matches.") && !screen.contains("has this name"), "{typed}: {screen}");
    }
    for (typed, sentence) in [
        ("in:nowhere nothinghere", "in:nowhere: no room here has this name."),
        ("from:nobody nothinghere", "from:nobody: nobody known here has this name."),
        ("in:\"V Team\" from:nobody x", "from:nobody: nobody known here has this name."),
        ("in:\"V Team\" has:picture x", "has:picture is ignored."),
    ] {
        let screen = searched(&mut both, typed);
        assert!(screen.contains(sentence) && !screen.contains("V Team: no room"), "{typed}: {screen}");
    }
    // A search in this room is one of this profile.
    press(&mut both, "tab");
    let screen = searched(&mut both, "from:zoe nothinghere");
    assert!(screen.contains("from:zoe: nobody known here has this name."), "{screen}");
}
