//! The list of the settings: how it is filtered, and what it tells about the rest.

use minchat_tui::app::{ConfigTrigger, Event, Overlay};
use test_support::story::*;

use super::settings::{reloaded, settings, show};

/// Regression test: nothing told that there are more options below, and they could not be searched.
#[test]
fn settings_tell_what_is_below_and_can_be_filtered() {
    let mut story = Story::chat(100, 24);
    show(&mut story, "/settings");
    story.shows(" more ─").shows("/ filter");
    story.keys("G").lacks(" more ─").keys("g").shows(" more ─");
    story.keys("/").types("notif desk").shows("› notif desk").shows("notify_desktop").lacks("escape_time");
    let last = story.screen().lines().last().map(str::to_owned).unwrap_or_default();
    assert!(last.contains("Enter change · Esc show all"), "{last}");
    // The words may be those of the description.
    story.keys("ctrl+u").types("terminal").keys("down").shows("› terminal");
    let chosen = selected(&story);
    story.keys("enter");
    assert_eq!(selected(&story), chosen);
    let Some(Overlay::Settings(page)) = &story.state.ui.overlay else { panic!("{}", story.screen()) };
    assert!(page.editor.is_some());
    story.keys("esc").event(Event::ConfigLoaded(ConfigTrigger::Abandon, Ok(reloaded(settings(), &[], &[]))));
    story.shows("› terminal").keys("ctrl+u").types("nonsense").shows("No matches").lacks("Enter change");
    story.keys("enter up down").shows("No matches");
    story.keys("ctrl+u").types("terminal").keys("down esc").shows("Settings").lacks("› terminal");
    assert_eq!(selected(&story), chosen, "the same option stays selected");
    story.keys("esc").lacks("Settings");
}

/// The key of the selected option.
fn selected(story: &Story) -> &'static str {
    let Some(Overlay::Settings(page)) = &story.state.ui.overlay else { panic!("{}", story.screen()) };
    page.selected().map_or("", |row| row.option.key)
}
