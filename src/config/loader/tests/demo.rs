//! What the demo takes from the configuration.

use super::*;

#[test]
fn demo_of_both_services_has_two_profiles() {
    let home = Home::new("");
    let settings = home.load(&[("backend", "both")], &[], SettingsPurpose::Demo).settings.expect("no problem");
    let backends: Vec<Backend> = settings.profiles().map(|profile| profile.backend).collect();
    assert_eq!(backends, Backend::ALL);
    let problems = home.problems(&[ACCOUNT, &[("backend", "both")]].concat(), &[]);
    assert!(
        problems.contains("`both` works only with `minchat-tui demo`, and with `run` without --url."),
        "{problems}"
    );
}

#[test]
fn demo_ignores_accounts() {
    let home = Home::new("ascii = true\n[profiles.a]\nname = \"A\"\n[profiles.b]\n");
    let loaded = home.load(&[], &[("MINCHAT_URL", "nonsense"), ("MINCHAT_NAME", "X")], SettingsPurpose::Demo);
    let settings = loaded.settings.expect("no problem");
    assert_eq!((settings.profile.as_str(), settings.ascii, settings.user.as_str()), ("demo", true, "guest"));
    assert!(!settings.history, "the demo saves nothing");
}

/// Regression test: programs of the user ran for simulated people, and the demo wrote into the log of the real accounts.
#[test]
fn demo_uses_looks_and_keys_but_no_programs_and_files() {
    let home = Home::new(
        "theme = \"nord\"\nclock = \"12h\"\nlog = \"chat.log\"\nopen_command = [\"mine\"]\nnotify_command = [\"hook\"]\n\
         [keys]\nquit = \"f10\"\n[profiles.demo]\nname = \"Real\"\nmarkdown = \"off\"\n",
    );
    let settings = |cli: &[_]| home.load(cli, &[], SettingsPurpose::Demo).settings.expect("no problem");
    let demo = settings(&[]);
    assert_eq!((demo.theme.name.as_str(), demo.clock), ("nord", Clock::Hours12));
    assert_eq!(demo.keymap.shown(crate::input::Action::Quit), "F10");
    assert_eq!((demo.log.as_deref(), demo.notifications.command.as_slice()), (None, &[][..]));
    assert_eq!(demo.open_command, super::super::settings::default_open_command());
    assert_eq!((demo.name.as_deref(), demo.markdown), (None, true), "a profile that is called like the demo");
    assert!(demo.known_profiles.is_empty());
    assert!(settings(&[("log", "demo.log")]).log.is_some(), "a flag is meant for the demo");
}

#[test]
fn demo_takes_the_back_end_but_no_credentials() {
    let home = Home::new("[profiles.a]\nbackend = \"vchat\"\n");
    let settings =
        |cli: &[_], variables: &[_]| home.load(cli, variables, SettingsPurpose::Demo).settings.expect("no problem");
    let token = ("MINCHAT_TOKEN", "t");
    assert_eq!(settings(&[], &[token]).backend, Backend::MinChat);
    assert_eq!(settings(&[("backend", "minchat")], &[("MINCHAT_BACKEND", "vchat")]).backend, Backend::MinChat);
    for vchat in [settings(&[("backend", "vchat")], &[token]), settings(&[], &[("MINCHAT_BACKEND", "vchat"), token])] {
        assert_eq!((vchat.backend, vchat.token, vchat.user.as_str()), (Backend::VChat, None, "guest"));
    }
}
