//! Settings that change while the program runs.

use std::time::Duration;

use minchat_tui::app::{ConfigTrigger, Effect, Event};
use minchat_tui::config::{Changes, Density, Hyperlinks, Location, Problems, Reloaded, Settings, Theme};
use minchat_tui::input::{Action, Keymap};
use test_support::story::*;

fn both() -> [Story; 2] {
    [MINCHAT, VCHAT].map(|can| Story::chat_on(can, 100, 24))
}

fn settings() -> Settings {
    Settings::new("https://api.minchat.io", "", "me")
}

/// A configuration that was loaded again, in which these live options have changed, and those that need a restart.
fn reloaded(settings: Settings, live: &[&'static str], restart: &[&'static str]) -> Box<Reloaded> {
    let changes = Changes { live: live.to_vec(), restart: restart.to_vec() };
    Box::new(Reloaded { settings, effective: Vec::new(), changes })
}

#[test]
fn reload_command_loads_the_configuration() {
    for mut story in both() {
        story.types("/reload").keys("enter");
        assert_eq!(story.effects, [Effect::ReloadConfig]);
        let event = Event::ConfigLoaded(ConfigTrigger::Command, Ok(reloaded(settings(), &[], &[])));
        story.event(event).shows("The configuration has not changed.");
    }
}

#[test]
fn reloaded_settings_are_used_at_once() {
    for mut story in both() {
        story.keys("f7");
        story.effects.clear();
        let keymap = Keymap::new(&[(Action::Help, vec!["f12".into()])]).expect("valid");
        let new = Settings {
            theme: Theme::built_in("plain").expect("built in"),
            density: Density::Compact,
            hyperlinks: Hyperlinks::On,
            escape_time: Duration::from_millis(200),
            mouse: false,
            window_title: false,
            ascii: true,
            keymap,
            ..settings()
        };
        let live = ["theme", "ascii", "density", "hyperlinks", "mouse", "escape_time", "keys"];
        story.event(Event::ConfigLoaded(ConfigTrigger::FileChanged, Ok(reloaded(new, &live, &["url", "log"]))));
        story.shows("Configuration reloaded; changed: theme, ascii, density, hyperlinks, mouse, escape_time, keys.");
        assert!(story.state.scene().density() == Density::Compact, "the choice of F7 gives way");
        assert!(!story.state.ui.mouse && story.screen().is_ascii(), "{}", story.screen());
        let expected =
            [Effect::Mouse(false), Effect::Hyperlinks(Hyperlinks::On), Effect::EscapeTime(Duration::from_millis(200))];
        assert_eq!(story.effects, expected);
        story.keys("f12").shows("Keys");
    }
}

#[test]
fn option_that_needs_a_restart_is_named() {
    let mut story = Story::chat(100, 24);
    story.event(Event::ConfigLoaded(ConfigTrigger::FileChanged, Ok(reloaded(settings(), &[], &["url", "log"]))));
    story.shows("Restart the program to apply: url, log.");
}

#[test]
fn unchanged_file_is_not_mentioned() {
    let mut story = Story::chat(100, 24);
    story.event(Event::ConfigLoaded(ConfigTrigger::FileChanged, Ok(reloaded(settings(), &[], &[]))));
    assert_eq!(story.state.ui.notice, None);
}

#[test]
fn broken_configuration_changes_nothing() {
    for mut story in both() {
        let mut problems = Problems::default();
        let location = Location { file: "/home/me/.config/minchat-tui/config.toml".into(), line: 7, column: 1 };
        problems.push(Some(location), "Unknown key `thme`. Did you mean `theme`?");
        problems.push(None, "Another one.");
        let before = story.screen();
        story.event(Event::ConfigLoaded(ConfigTrigger::FileChanged, Err(problems)));
        story.shows("Settings unchanged. config.toml:7: Unknown key `thme`. Did you mean `theme`? (1 more)");
        story.wait(10_000);
        assert_eq!(story.screen(), before);
    }
}
