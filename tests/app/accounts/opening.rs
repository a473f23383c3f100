//! Profiles that are opened, added and closed while the program runs.

use super::*;
use minchat_tui::app::Start;

#[test]
fn profile_of_the_file_is_opened_and_remembered() {
    let mut both = run(&shown_story(), &[]);
    both.state.ui.composer = minchat_tui::app::Composer::default();
    both.state.options.known_profiles = ["home", "lab", "work"].map(str::to_owned).to_vec();
    both.types("/profile lab\n");
    assert!(both.effects.contains(&Effect::OpenProfile("lab".into())));
    let profile = Profile { name: "lab".into(), user: "me".into(), ..Profile::default() };
    both.event(Event::ProfileOpened(Box::new(profile.into())));
    assert_eq!(both.state.account().profile.name, "lab");
    let names = ["work", "home", "lab"].map(str::to_owned).to_vec();
    assert!(both.effects.contains(&Effect::RememberProfiles(names)));
}

#[test]
fn profile_is_added_and_opened() {
    let mut both = run(&shown_story(), &[]);
    both.state.ui.composer = minchat_tui::app::Composer::default();
    for (name, notice) in [
        ("a,b", "Name the profile with letters, digits, - and _"),
        ("work", "There is a profile called work already. /profile work opens it."),
    ] {
        both.types(&format!("/add-profile {name}\n"));
        assert!(screen_of(&both.state).contains(notice), "{}", screen_of(&both.state));
        both.state.ui.composer = minchat_tui::app::Composer::default();
    }
    assert!(!both.effects.iter().any(|effect| matches!(effect, Effect::AddProfile(_))));
    both.types("/add-profile lab\n");
    assert!(both.effects.contains(&Effect::AddProfile("lab".into())));
    both.event(Event::ProfileAdded("lab".into()));
    assert!(both.effects.contains(&Effect::OpenProfile("lab".into())));
    assert!(both.effects.contains(&Effect::LoadConfig(ConfigTrigger::FileChanged)), "it is listed from now on");
}

#[test]
fn closed_profile_writes_what_remains_and_disappears() {
    let mut both = run(&shown_story(), &hidden_story());
    both.state.ui.composer = minchat_tui::app::Composer::default();
    both.types("/close-profile home\n");
    assert!(both.state.accounts.get(HIDDEN).is_none());
    assert!(both.effects.contains(&Effect::CloseProfile(HIDDEN)));
    assert!(both.effects.contains(&Effect::RememberProfiles(vec!["work".into()])));
    assert!(!screen_of(&both.state).contains("home ─"), "{}", screen_of(&both.state));
    both.types("/close-profile\n");
    assert!(screen_of(&both.state).contains("work is the only open profile."), "{}", screen_of(&both.state));
}

#[test]
fn profile_with_unsaved_text_is_not_closed() {
    let mut both = run(&shown_story(), &hidden_story());
    for account in both.state.accounts.iter_mut() {
        account.drafts_are_durable = false;
    }
    press(&mut both, "alt+a");
    both.types("/close-profile work\n");
    assert!(both.state.accounts.get(SHOWN).is_some());
    assert!(screen_of(&both.state).contains("work has text that is not saved."), "{}", screen_of(&both.state));
}

/// Regression test: the first profile was on screen after each start.
#[test]
fn profile_that_was_on_screen_is_shown_first() {
    let profile = |name: &str| Profile { name: name.into(), user: "me".into(), ..Profile::default() };
    let start = Start {
        profile: profile("work").into(),
        others: vec![profile("home").into(), profile("lab").into()],
        shown: 1,
        notice: Some("Warning: a key.".into()),
        ..Story::new(100, 24).start
    };
    let mut recorded = serde_json::to_value(&start).expect("JSON");
    let mut state = start.state();
    layout(&mut state);
    let names: Vec<&str> = state.accounts.iter().map(|account| account.profile.name.as_str()).collect();
    assert_eq!((names.as_slice(), state.ui.shown), (&["work", "home", "lab"][..], HIDDEN), "the order is the same");
    assert!(screen_of(&state).contains("Warning: a key."), "{}", screen_of(&state));
    update(&mut state, BEGIN, Event::Key("f6".parse().expect("a key")));
    assert_eq!(state.account().profile.name, "lab");
    recorded.as_object_mut().expect("an object").remove("shown");
    let earlier: Start = serde_json::from_value(recorded).expect("a recording of an earlier version");
    assert_eq!(earlier.state().account().profile.name, "work");
}
