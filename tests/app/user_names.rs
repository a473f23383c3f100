//! Commands that name a user: by user name, or by a display name of several words that only one person has.

use minchat_tui::domain::{Failure, PersonInfo, Request, RoomKind, ServerEvent};
use minchat_tui::input::{ArgumentKind, COMMANDS};
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

/// A group on V Chat, of which the user is the owner, and the people whom the client has met.
fn group(people: &[(&str, &str)]) -> Story {
    let mut story = vchat_story(120, 24);
    story.keys("alt+down").shows("# Release crew");
    let people: Vec<PersonInfo> = people.iter().map(|(username, name)| person(username, name)).collect();
    let request = Request::FindPeople { name: String::new(), page: 1 };
    story.server(ServerEvent::People { request, more: false, people }).effects.clear();
    story
}

/// Two people with the same name, one with another one, and one whose user name is the name of somebody else.
const PEOPLE: &[(&str, &str)] = &[
    ("mstone", "Mara Stone"),
    ("zoe1", "Zoë Zimmer"),
    ("max1", "Max"),
    ("max2", "max"),
    ("otto", "Kim Kern"),
    ("kk", "Otto"),
];

/// The users that a command of this line names in its request.
fn named(line: &str) -> Vec<String> {
    let mut story = group(PEOPLE);
    story.types(line).keys("enter").confirms_if_asked();
    let requests = story.requests();
    requests.iter().flat_map(|request| request.named_users().to_vec()).collect()
}

/// Regression test: `/dm Mara Stone` was refused, although the person list shows that name.
#[test]
fn display_name_of_one_person_stands_for_them_in_every_command() {
    let mut count = 0;
    for command in COMMANDS {
        let takes_user = |kind| {
            use ArgumentKind::{Member, Outsider, User, Users};
            matches!(kind, User | Member | Outsider | Users)
        };
        let takes_list = command.arguments.iter().any(|argument| argument.kind == ArgumentKind::Users);
        if takes_list || !command.arguments.iter().any(|argument| takes_user(argument.kind)) {
            continue;
        }
        count += 1;
        for (name, user) in
            [("Mara Stone", "mstone"), ("mara stone", "mstone"), ("@zoe zimmer", "zoe1"), ("otto", "otto")]
        {
            let arguments = command.arguments.iter().map(|argument| match argument.kind {
                ArgumentKind::Title => "Crew:",
                ArgumentKind::Choice(words) => words[0],
                _ => name,
            });
            let line = format!("/{} {}", command.name, arguments.collect::<Vec<_>>().join(" "));
            assert_eq!(named(&line), [user], "{line}");
        }
    }
    assert!(count >= 6, "{count}");
}

/// Everybody chooses their own display name, and the server may know a user whom the client has not met.
#[test]
fn single_words_are_user_names_whatever_others_are_called() {
    for word in ["Otto", "Max", "Kim", "Mstone"] {
        assert_eq!(named(&format!("/dm {word}")), [word]);
        assert_eq!(named(&format!("/group Crew: alice {word}")), ["alice", word]);
    }
    assert_eq!(named("/broadcast Crew: @mara, stone"), ["mara", "stone"], "nobody called Mara Stone gets it");
}

#[test]
fn name_of_several_people_lists_their_user_names() {
    for line in ["/dm Max Moor", "/add max moor"] {
        let mut story = group(&[("max1", "Max Moor"), ("max2", "max moor")]);
        story.types(line).keys("enter").shows("Several people are called").shows(": max1, max2. Type one of these.");
        assert_eq!(story.requests(), [], "{line}");
        assert_eq!(story.state.ui.composer.text(), line, "it can be corrected");
    }
}

#[test]
fn users_who_may_be_meant_are_suggested() {
    for (word, users) in [("Otto", "kk, otto"), ("MSTONE", "mstone"), ("Max", "max1, max2")] {
        let mut story = group(PEOPLE);
        story.types(&format!("/dm {word}")).keys("enter");
        let request = story.requests().pop().expect("a request");
        let reason = SafeText::line("The server refused the request: User not found.");
        story.server(ServerEvent::Failed { request, failure: Failure::UnknownUser, reason });
        story.shows(&format!("No user is called {word}. Did you mean {users}?"));
    }
}

/// Regression test: there were three sentences for a user who does not exist, and none said what to type.
#[test]
fn unknown_user_is_one_sentence_in_every_command() {
    let reason = SafeText::line("The server refused the request: User not found.");
    let lines = ["/dm nina", "/add nina", "/remove nina", "/role nina admin", "/block nina", "/unblock nina"];
    for line in lines.into_iter().chain(["/group Crew: alice nina", "/broadcast Crew: alice nina"]) {
        let mut story = group(PEOPLE);
        story.types(line).keys("enter").confirms_if_asked();
        let request = story.requests().pop().expect("a request");
        story.server(ServerEvent::Failed { request, failure: Failure::UnknownUser, reason: reason.clone() });
        story.shows("No user is called nina. Type a user name, or /people NAME.");
        assert_eq!(story.state.ui.composer.text(), line);
    }
    let mut story = Story::chat(80, 24);
    let last = message("g1", "bob", "hi", -60_000);
    let info = minchat_tui::domain::RoomInfo { kind: RoomKind::Group, ..room("r2", "Crew", &["alice", "bob"], last) };
    story.server(ServerEvent::RoomOpened(Box::new(info))).effects.clear();
    for line in ["/add nina", "/remove nina"] {
        story.types(line).keys("enter").confirms_if_asked();
        let request = Request::FindPerson { username: "nina".into() };
        assert_eq!(story.requests(), std::slice::from_ref(&request));
        story.server(ServerEvent::Person { request, person: None }).effects.clear();
        story.shows("No user is called nina. Type a user name, MinChat lists none.");
        assert_eq!(story.state.ui.composer.text(), line);
        story.keys("ctrl+u");
    }
}
