//! Advice for the first user of a sandbox, who knows nobody.

use minchat_tui::config::Backend;
use minchat_tui::domain::{Capabilities, Request, ServerEvent};
use test_support::story::*;

/// A user who is online on a server at this address, without rooms.
fn alone(can: Capabilities, backend: Backend, url: &str, size: (u16, u16)) -> Story {
    let mut story = Story::online_on(can, size.0, size.1);
    let profile = &mut story.state.account_mut().profile;
    (profile.url, profile.backend) = (url.to_owned(), backend);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: Vec::new() });
    story
}

/// Regression test: the first user of `serve` found nobody, and nothing said how a second one is started.
#[test]
fn first_user_of_a_sandbox_learns_how_to_start_a_second_one() {
    for (can, backend, flags, people) in [
        (MINCHAT, Backend::MinChat, "", "Nobody else is known here yet. /dm USER starts a conversation."),
        (
            VCHAT,
            Backend::VChat,
            " --backend vchat",
            "Nobody else is known here yet. /people lists everyone, and /dm USER",
        ),
    ] {
        let mut story = alone(can, backend, "http://127.0.0.1:4000", (100, 24));
        let command = format!("minchat-tui{flags} --url http://127.0.0.1:4000");
        story.shows("No rooms yet").shows(people.split(". ").next().expect("a sentence")).shows(&command);
        story.keys("ctrl+k").shows(&command).shows("--user bob").shows("Then /dm bob writes to them.");
        story.types("he").lacks("--user bob").shows("Help: keys and commands");
    }
}

/// Regression test: the command signed in with another profile.
#[test]
fn command_names_the_profile_if_there_are_several() {
    let story_of = |profile: &str, known: &[&str], (can, backend): (Capabilities, Backend)| {
        let mut story = alone(can, backend, "http://127.0.0.1:4000", (140, 24));
        story.state.account_mut().profile.name = profile.to_owned();
        story.state.options.known_profiles = known.iter().map(|&name| name.to_owned()).collect();
        story
    };
    for (service, name, flags) in [
        ((MINCHAT, Backend::MinChat), "work", " -P work"),
        ((VCHAT, Backend::VChat), "my team", " -P 'my team' --backend vchat"),
    ] {
        let command = format!("minchat-tui{flags} --url");
        story_of(name, &["other", name], service).shows(&command).keys("ctrl+k").shows(&command);
        for known in [&[][..], &[name], &["other", "third"]] {
            story_of(name, known, service).shows(" --url http://127.0.0.1:4000").lacks(" -P ");
        }
    }
}

#[test]
fn account_elsewhere_learns_how_to_write_to_somebody() {
    let mut story = alone(MINCHAT, Backend::MinChat, "https://api.minchat.io", (80, 24));
    story.keys("ctrl+k").shows("Nobody else is known here yet. /dm USER starts a").lacks("--user");
}

#[test]
fn note_disappears_with_the_first_person() {
    let mut story = alone(VCHAT, Backend::VChat, "http://127.0.0.1:4000", (80, 24));
    let request = Request::FindPeople { name: String::new(), page: 1 };
    story.server(ServerEvent::People { request, more: false, people: vec![person("bob", "Bob Brown")] });
    story.lacks("second user").keys("ctrl+k").lacks("Nobody else").shows("Bob Brown");
}

#[test]
fn note_leaves_space_for_the_results_on_a_small_screen() {
    let mut story = alone(VCHAT, Backend::VChat, "http://127.0.0.1:4000", (40, 12));
    story.keys("ctrl+k").shows("Nobody else is known");
    let Some(minchat_tui::app::Overlay::Switcher(switcher)) = &story.state.ui.overlay else { panic!("no switcher") };
    let inside = minchat_tui::app::inside(story.state.ui.regions.overlay);
    assert!(switcher.visible(inside).count() >= 1, "{}", story.screen());
}
