//! Settings that change while the program runs.

use std::time::Duration;

use minchat_tui::app::{ConfigTrigger, Effect, Event, NewValue, Overlay, SettingEditor};
use minchat_tui::config::{
    Backend, Background, Changes, Density, EffectiveValue, Hyperlinks, Location, OptionSpec, Problems, Reloaded,
    Settings, Source, Theme,
};
use minchat_tui::input::{Action, Keymap, Mouse, MouseKind, Preset};
use test_support::story::*;

fn both() -> [Story; 2] {
    [MINCHAT, VCHAT].map(|can| Story::chat_on(can, 100, 24))
}

pub(crate) fn settings() -> Settings {
    Settings::new("https://api.minchat.io", "", "me")
}

/// A configuration that was loaded again, in which these live options have changed, and those that need a restart.
pub(crate) fn reloaded(settings: Settings, live: &[&'static str], restart: &[&'static str]) -> Box<Reloaded> {
    let changes = Changes { live: live.to_vec(), restart: restart.to_vec() };
    Box::new(Reloaded { settings, effective: Vec::new(), pending: restart.to_vec(), changes, themes: Vec::new() })
}

#[test]
fn reload_command_loads_the_configuration() {
    for mut story in both() {
        story.types("/reload").keys("enter");
        assert_eq!(story.effects, [Effect::LoadConfig(ConfigTrigger::Command)]);
        let event = Event::ConfigLoaded(ConfigTrigger::Command, Ok(reloaded(settings(), &[], &[])));
        story.event(event).shows("The configuration has not changed.");
    }
}

#[test]
fn reloaded_settings_are_used_at_once() {
    for mut story in both() {
        story.keys("f7");
        story.effects.clear();
        let keymap = Keymap::new(&[(Action::Help, vec!["f10".into()])]).expect("valid");
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
        let notice = story.state.terminal.notice.as_ref().expect("a notice");
        let changed = "Configuration reloaded; changed: theme, ascii, density, hyperlinks, mouse, escape_time, keys.";
        assert!(notice.text.starts_with(changed), "{notice:?}");
        assert!(story.state.scene().density() == Density::Compact, "the choice of F7 gives way");
        assert!(!story.state.terminal.mouse && story.screen().is_ascii(), "{}", story.screen());
        let expected =
            [Effect::Mouse(false), Effect::Hyperlinks(Hyperlinks::On), Effect::EscapeTime(Duration::from_millis(200))];
        assert_eq!(story.effects, expected);
        story.keys("f10").shows("Keys");
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
    assert_eq!(story.state.terminal.notice, None);
}

#[test]
fn broken_configuration_changes_nothing() {
    for mut story in both() {
        let mut problems = Problems::default();
        let location = Location { file: "/home/me/.config/minchat-tui/config.toml".into(), line: 7, column: 1 };
        problems.push(Some(location), "Unknown key `thme`. Did you mean `theme`?");
        problems.push(None, "Another one.");
        story.event(Event::ConfigLoaded(ConfigTrigger::FileChanged, Err(problems)));
        story.shows("Settings unchanged. config.toml:7: Unknown key `thme`. Did you mean `theme`? (1 more)");
        // Nobody may have looked at the screen since.
        story.wait(60_000).shows("Settings unchanged.");
        story.event(Event::ConfigLoaded(ConfigTrigger::FileChanged, Ok(reloaded(settings(), &[], &[]))));
        story.lacks("Settings unchanged.");
    }
}

fn file(line: usize) -> Source {
    Source::File(Location { file: "/home/me/.config/minchat-tui/config.toml".into(), line, column: 1 })
}

/// A configuration in which the theme has this name and origin.
fn with_theme(name: &str, source: Source) -> Box<Reloaded> {
    let theme = Theme::built_in(name).expect("built in");
    let values =
        [("url", "https://x", Source::Default), ("theme", name, source), ("ascii", "true", Source::Variable("LANG"))];
    let effective =
        values.map(|(key, value, source)| EffectiveValue { key, value: value.into(), source, profile: None });
    let mut reloaded = reloaded(Settings { theme, ..settings() }, &[], &[]);
    reloaded.effective = effective.to_vec();
    reloaded.themes = ["dark", "light", "plain", "my own"].map(str::to_owned).to_vec();
    reloaded
}

fn new_value(key: &'static str, value: Option<&str>) -> NewValue {
    let option = OptionSpec::by_key(key).expect("an option");
    NewValue { option, profile: "default".into(), value: value.map(str::to_owned) }
}

/// Types a command that shows settings, and answers it.
pub(crate) fn show(story: &mut Story, command: &str) -> ConfigTrigger {
    story.types(command).keys("enter");
    let Some(Effect::LoadConfig(trigger)) = story.effects.pop() else { panic!("{:?}", story.effects) };
    story.event(Event::ConfigLoaded(trigger.clone(), Ok(with_theme("dark", file(3)))));
    story.effects.clear();
    trigger
}

fn theme(story: &Story) -> String {
    story.state.options.theme.name.clone()
}

#[test]
fn settings_show_values_and_their_origins() {
    for mut story in both() {
        show(&mut story, "/settings");
        let shown = story.row_with("theme  ");
        assert!(shown.contains("dark") && shown.contains("config.toml:3"), "{shown}");
        let shown = story.row_with("ascii  ");
        assert!(shown.contains("true") && shown.contains("LANG"), "{shown}");
        let shown = story.row_with("density");
        assert!(shown.contains("auto") && shown.contains("default"), "{shown}");
        story.lacks("data_dir");
    }
}

#[test]
fn selected_theme_is_shown_at_once_and_saved() {
    for mut story in both() {
        assert_eq!(show(&mut story, "/theme"), ConfigTrigger::Show(Some("theme")));
        story.shows("my own").keys("down");
        let tried = ConfigTrigger::Try(new_value("theme", Some("light")));
        assert_eq!(story.effects, [Effect::LoadConfig(tried.clone())]);
        story.event(Event::ConfigLoaded(tried, Ok(with_theme("light", Source::Edit))));
        assert_eq!(theme(&story), "light");
        story.effects.clear();
        story.keys("enter");
        let saved = ConfigTrigger::Save(new_value("theme", Some("light")));
        assert_eq!(story.effects, [Effect::LoadConfig(saved.clone())]);
        story.event(Event::ConfigLoaded(saved, Ok(with_theme("light", file(3)))));
        story.shows("Saved: theme = light");
        assert!(story.state.ui.overlay.is_none() && theme(&story) == "light");
    }
}

#[test]
fn canceled_theme_is_taken_back() {
    for keys in ["esc", "ctrl+c"] {
        let mut story = Story::chat(100, 24);
        show(&mut story, "/theme");
        story.keys("down down");
        let plain = ConfigTrigger::Try(new_value("theme", Some("plain")));
        story.event(Event::ConfigLoaded(plain, Ok(with_theme("plain", Source::Edit))));
        story.effects.clear();
        story.keys(keys);
        assert_eq!(story.effects, [Effect::LoadConfig(ConfigTrigger::Abandon)], "{keys}");
        assert!(story.state.ui.overlay.is_none());
        story.event(Event::ConfigLoaded(ConfigTrigger::Abandon, Ok(with_theme("dark", file(3)))));
        assert_eq!(theme(&story), "dark");
    }
}

/// The files are read on another thread, so that an answer may arrive after the next key.
#[test]
fn late_preview_is_not_shown() {
    let mut story = Story::chat(100, 24);
    show(&mut story, "/theme");
    story.keys("down down");
    let light = ConfigTrigger::Try(new_value("theme", Some("light")));
    story.event(Event::ConfigLoaded(light.clone(), Ok(with_theme("light", Source::Edit))));
    assert_eq!(theme(&story), "dark");
    story.keys("esc").event(Event::ConfigLoaded(light, Ok(with_theme("light", Source::Edit))));
    assert_eq!(theme(&story), "dark");
}

#[test]
fn text_is_checked_before_it_is_saved() {
    for mut story in both() {
        show(&mut story, "/settings");
        while !story.state.ui.overlay.as_ref().is_some_and(
            |overlay| matches!(overlay, Overlay::Settings(page) if page.selected().is_some_and(|row| row.option.key == "escape_time")),
        ) {
            story.keys("down");
        }
        story.keys("enter").types("soon").keys("enter");
        let trigger = ConfigTrigger::Save(new_value("escape_time", Some("soon")));
        assert_eq!(story.effects, [Effect::LoadConfig(trigger.clone())]);
        let mut problems = Problems::default();
        problems.push(None, "This is not a whole number. Write a number such as 100000.");
        story.event(Event::ConfigLoaded(trigger, Err(problems))).shows("› soon").shows("This is not a whole number.");
        story.types("er").lacks("This is not a whole number.").keys("esc").shows("Settings").keys("esc");
        assert!(story.state.ui.overlay.is_none());
    }
}

#[test]
fn flag_is_said_to_take_precedence_over_the_saved_value() {
    let mut story = Story::chat(100, 24);
    show(&mut story, "/theme");
    let saved = ConfigTrigger::Save(new_value("theme", Some("light")));
    story.event(Event::ConfigLoaded(saved, Ok(with_theme("dark", Source::Flag("--theme")))));
    story.shows("Saved theme, but --theme takes precedence until the program is started without it.");
    assert_eq!(theme(&story), "dark");
}

#[test]
fn settings_fit_small_screens() {
    for (width, height) in [(40, 12), (20, 6), (8, 3)] {
        let mut story = Story::chat(width, height);
        show(&mut story, "/settings");
        story.keys("down end enter enter esc up home enter down");
    }
}

#[test]
fn preset_is_used_at_once() {
    for mut story in both() {
        let keymap = Keymap::with_preset(Preset::Emacs, &[]).expect("valid");
        let new = reloaded(Settings { keymap, ..settings() }, &["keys_preset"], &[]);
        story.event(Event::ConfigLoaded(ConfigTrigger::FileChanged, Ok(new)));
        story.types("abc").keys("ctrl+b ctrl+b ctrl+k").shows("› a").lacks("› ab");
        assert_eq!(story.state.ui.composer.text(), "a");
        story.keys("alt+x").shows("Go to").keys("ctrl+g");
        assert!(story.state.ui.overlay.is_none());
    }
}

#[test]
fn key_test_shows_bytes_key_and_actions() {
    for mut story in both() {
        story.types("/keys test").keys("enter").shows("Press a key");
        assert_eq!(story.effects, [Effect::ReportBytes(true)]);
        story.effects.clear();
        story.event(Event::Bytes(b"\x11".to_vec())).keys("ctrl+q").shows("\\x11").shows("Ctrl+Q");
        story.shows("quit (Anywhere)");
        story.event(Event::Bytes(b"\x1b[1;5A".to_vec())).keys("ctrl+up");
        story.shows("\\e[1;5A").shows("Ctrl+↑").shows("message-up (On a selected message)");
        story.keys("f10").shows("not bound").event(Event::Bytes(b"\x1b[99~".to_vec()));
        story.shows("Unknown key: \\e[99~");
        assert_eq!(story.effects, [], "no key has acted");
        story.keys("esc a esc").shows("Press a key").keys("esc").lacks("Press a key");
        assert_eq!(story.effects, [Effect::ReportBytes(false)]);
    }
}

/// The bytes of the mouse and of the focus were shown as those of the next key.
#[test]
fn key_test_shows_bytes_of_keys_only() {
    let mut story = Story::chat(100, 24);
    story.types("/keys test").keys("enter");
    for (bytes, event) in [
        ("\x1b[<0;3;4M", Event::Mouse(Mouse { kind: MouseKind::Click, column: 2, row: 3 })),
        ("\x1b[O", Event::Focus(false)),
        ("\x1b[I", Event::Focus(true)),
    ] {
        story.event(Event::Bytes(bytes.as_bytes().to_vec())).event(event).lacks("Unknown key");
        story.event(Event::Bytes(b"a".to_vec())).keys("a").lacks("\\e[");
    }
}

/// Only Esc closed the page, whatever key the hint named.
#[test]
fn key_test_is_closed_by_the_bound_key() {
    let mut story = Story::chat(100, 24);
    let keymap = Keymap::new(&[(Action::Cancel, vec!["f10".into()])]).expect("valid");
    story.event(Event::ConfigLoaded(
        ConfigTrigger::Command,
        Ok(reloaded(Settings { keymap, ..settings() }, &["keys"], &[])),
    ));
    story.types("/keys test").keys("enter").shows("F10 press twice to close");
    story.keys("esc esc").shows("Press a key").keys("f10 f10").lacks("Press a key");
}

#[test]
fn key_test_fits_small_screens() {
    for (width, height) in [(40, 12), (20, 6), (6, 3)] {
        let mut story = Story::chat(width, height);
        story.types("/keys test").keys("enter a b c d e f g h i j");
    }
}

/// Regression test: the program went on with the words of its start.
#[test]
fn reloaded_words_mention_the_user() {
    for mut story in both() {
        story.event(Event::Focus(false));
        let new = Settings { mention_words: vec!["oncall".to_owned()], ..settings() };
        story.event(Event::ConfigLoaded(ConfigTrigger::Command, Ok(reloaded(new, &["mention_words"], &[]))));
        story.server(minchat_tui::domain::ServerEvent::Message(message("m3", "alice", "help, oncall", 10)));
        assert_eq!(story.state.account().rooms.attention().mentions, 1);
    }
}

fn select(story: &mut Story, key: &str) {
    let is_selected = |story: &Story| {
        let Some(Overlay::Settings(page)) = &story.state.ui.overlay else { panic!("{}", story.screen()) };
        page.selected().is_some_and(|row| row.option.key == key)
    };
    for _ in 0..100 {
        if is_selected(story) {
            return;
        }
        story.keys("down");
    }
    panic!("{key} is not in the list");
}

/// Answers `/settings` with one more value in effect.
fn show_with(story: &mut Story, backend: Backend, key: &'static str, value: &str) {
    story.types("/settings").keys("enter").effects.clear();
    let mut reloaded = with_theme("dark", file(3));
    reloaded.settings.backend = backend;
    reloaded.effective.push(EffectiveValue { key, value: value.into(), source: file(4), profile: None });
    story.event(Event::ConfigLoaded(ConfigTrigger::Show(None), Ok(reloaded)));
}

/// Opening the editor and confirming wrote the value again, with what had been hidden in it.
#[test]
fn unchanged_text_is_not_saved() {
    for (value, shown) in [("sh -c 'jq . >> log'", "› sh -c 'jq . >> log'"), ("curl ***", "›")] {
        let mut story = Story::chat(100, 24);
        show_with(&mut story, Backend::MinChat, "notify_command", value);
        select(&mut story, "notify_command");
        story.keys("enter").shows(shown).lacks("› curl");
        story.keys("enter").shows("Settings");
        assert_eq!(story.effects.last(), Some(&Effect::LoadConfig(ConfigTrigger::Abandon)));
    }
}

#[test]
fn command_for_calls_is_shown_on_vchat_only() {
    for (backend, is_shown) in [(Backend::MinChat, false), (Backend::VChat, true)] {
        let mut story = Story::chat(100, 60);
        show_with(&mut story, backend, "call_command", "mpv");
        assert_eq!(story.screen().contains("call_command"), is_shown, "{}", story.screen());
    }
}

#[test]
fn value_from_the_top_of_the_file_is_not_called_the_default() {
    let mut story = Story::chat(100, 24);
    show(&mut story, "/theme");
    let saved = ConfigTrigger::Save(new_value("theme", None));
    story.event(Event::ConfigLoaded(saved, Ok(with_theme("light", file(2)))));
    story.shows("Removed theme from the profile, but line 2 of the file sets it for all profiles.");
}

/// Tries a value of an option, as the runtime answers it.
fn try_value(story: &mut Story, key: &'static str, value: &str, settings: Settings, changed: &[&'static str]) {
    story.event(Event::ConfigLoaded(
        ConfigTrigger::Try(new_value(key, Some(value))),
        Ok(reloaded(settings, changed, &[])),
    ));
}

/// Canceling or saving another value turned the mouse on again that the user had turned off, and the mouse stayed off
/// when `true` was tried after `false`.
#[test]
fn trying_a_value_keeps_what_keys_have_chosen() {
    let off = || Settings { mouse: false, ..settings() };
    for mut story in both() {
        story.keys("f9 f8 f7");
        assert!(!story.state.terminal.mouse);
        let chosen = (story.state.terminal.markdown, story.state.terminal.density);
        show(&mut story, "/settings");
        select(&mut story, "mouse");
        story.keys("enter down down");
        try_value(&mut story, "mouse", "false", off(), &["mouse"]);
        story.keys("up").effects.clear();
        try_value(&mut story, "mouse", "true", settings(), &[]);
        assert_eq!((story.state.terminal.mouse, &story.effects[..]), (true, &[Effect::Mouse(true)][..]));
        story.keys("esc").event(Event::ConfigLoaded(ConfigTrigger::Abandon, Ok(reloaded(settings(), &[], &[]))));
        assert!(!story.state.terminal.mouse, "as before");
        assert_eq!((story.state.terminal.markdown, story.state.terminal.density), chosen);
        let saved = ConfigTrigger::Save(new_value("clock", Some("12h")));
        story.event(Event::ConfigLoaded(saved, Ok(reloaded(settings(), &["clock"], &[]))));
        assert!(!story.state.terminal.mouse, "another option was saved");
        let saved = ConfigTrigger::Save(new_value("mouse", Some("true")));
        story.event(Event::ConfigLoaded(saved, Ok(reloaded(settings(), &[], &[]))));
        assert!(story.state.terminal.mouse, "what is saved is used");
    }
}

/// The key of F7 was forgotten when another density had been tried.
#[test]
fn canceled_density_restores_the_choice() {
    let mut story = Story::chat(100, 24);
    story.keys("f7");
    let chosen = story.state.terminal.density;
    show(&mut story, "/settings");
    select(&mut story, "density");
    story.keys("enter down down");
    let roomy = || Settings { density: Density::Roomy, ..settings() };
    let Some(Overlay::Settings(page)) = &story.state.ui.overlay else { panic!("{}", story.screen()) };
    let Some(SettingEditor::Choices { values, selected: place, .. }) = &page.editor else { panic!("no editor") };
    let value = values[*place].clone().expect("a value");
    try_value(&mut story, "density", &value, roomy(), &["density"]);
    assert_eq!(story.state.terminal.density, None);
    story.keys("esc").event(Event::ConfigLoaded(ConfigTrigger::Abandon, Ok(reloaded(settings(), &[], &[]))));
    assert_eq!(story.state.terminal.density, chosen);
}

/// The screen turned into one for `--linear`, which needs a restart.
#[test]
fn reload_does_not_change_options_that_need_a_restart() {
    let mut story = Story::chat(100, 24);
    let new = Settings { linear: true, ..settings() };
    story.event(Event::ConfigLoaded(ConfigTrigger::FileChanged, Ok(reloaded(new, &[], &["linear"]))));
    assert!(!story.state.options.linear && story.state.options.theme.has_colors());
}

/// The brightness was only asked for at the start, so that `auto` was dark on a light background.
#[test]
fn theme_that_follows_the_background_asks_for_it() {
    let auto = || Settings { theme_follows_background: true, ..settings() };
    let mut story = Story::chat(100, 24);
    story.event(Event::ConfigLoaded(ConfigTrigger::Command, Ok(reloaded(auto(), &["theme"], &[]))));
    assert_eq!(story.effects.first(), Some(&Effect::AskForBackground));
    story.event(Event::Background(Background::Light)).effects.clear();
    assert!(story.state.options.theme == Theme::light());
    story.event(Event::ConfigLoaded(ConfigTrigger::Command, Ok(reloaded(auto(), &["theme"], &[]))));
    assert_eq!(story.effects, [], "it is known");
}

/// `/theme light` only showed the usage.
#[test]
fn theme_can_be_named() {
    for mut story in both() {
        story.types("/theme light").keys("enter");
        let [Effect::LoadConfig(ConfigTrigger::Save(new))] = &story.effects[..] else { panic!("{:?}", story.effects) };
        assert_eq!((new.option.key, new.value.as_deref()), ("theme", Some("light")));
        let saved = ConfigTrigger::Save(new.clone());
        story.event(Event::ConfigLoaded(saved, Ok(with_theme("light", file(3))))).shows("Saved: theme = light");
        story.types("/theme high").shows("high-contrast-light");
    }
}

/// The demo changed the configuration of the real accounts.
#[test]
fn theme_of_the_demo_is_not_said_to_be_saved() {
    let mut story = Story::chat(100, 24);
    let mut of_demo = with_theme("light", Source::Edit);
    of_demo.effective.retain(|value| value.key != "url");
    story.event(Event::ConfigLoaded(ConfigTrigger::Save(new_value("theme", Some("light"))), Ok(of_demo)));
    story.shows("Until the end of the demo: theme = light");
}

/// What needed a restart was forgotten with the next change of the file.
#[test]
fn pending_restart_is_named_again() {
    let mut story = Story::chat(100, 24);
    let again = |live: &[&'static str]| {
        let mut again = reloaded(settings(), live, &[]);
        again.pending = vec!["url"];
        Ok(again)
    };
    story.event(Event::ConfigLoaded(ConfigTrigger::FileChanged, again(&["clock"])));
    story.shows("changed: clock. Restart to apply: url.");
    story.event(Event::ConfigLoaded(ConfigTrigger::Command, again(&[]))).shows("Restart the program to apply: url.");
}
