//! Tabs in messages: spaces up to the next tab stop on the screen, tabs wherever the text goes from there.

use minchat_tui::app::Effect;
use minchat_tui::domain::ServerEvent;
use test_support::story::*;

use crate::persistence::disk::Disk;
use crate::persistence::drafts;

const TEXT: &str = "if x:\n\treturn\ty";

fn copied<'a>(story: &'a Story) -> Vec<&'a str> {
    let copied = |effect: &'a Effect| if let Effect::Copy(text) = effect { Some(text.as_str()) } else { None };
    story.effects.iter().filter_map(copied).collect()
}

#[test]
fn copied_message_has_the_tabs_that_were_sent() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 24);
        story.server(ServerEvent::Message(message("m3", "alice", TEXT, 1_000))).shows("    return  y");
        story.keys("tab y");
        assert_eq!(copied(&story), [TEXT]);
        story.keys("space y");
        assert_eq!(copied(&story)[1..], [format!("Alice Archer: {TEXT}")], "marked messages");
    }
}

#[test]
fn edited_message_has_the_tabs_that_were_sent() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Message(message("m3", "me", TEXT, 1_000)));
    story.keys("tab e");
    assert_eq!(story.state.ui.composer.text(), TEXT);
}

#[test]
fn quotation_has_the_tabs_that_were_sent() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Message(message("m3", "alice", TEXT, 1_000))).keys("tab r");
    assert!(story.state.ui.composer.text().contains("> \treturn\ty"), "{}", story.state.ui.composer.text());
}

#[test]
fn tabs_come_back_from_the_store() {
    let disk = Disk::new();
    let mut run = drafts::chat(&disk);
    run.story.server(ServerEvent::Message(message("m3", "alice", TEXT, 1_000)));
    run.wait(1_000);
    run.quit();
    let mut run = disk.start_loaded();
    run.story.shows("    return  y").keys("tab y");
    assert_eq!(copied(&run.story), [TEXT]);
}

/// Earlier versions stored four spaces for each tab. The server's text was then taken for an edit.
#[test]
fn text_stored_without_tabs_is_not_marked_as_edited() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Message(seen(message("m3", "alice", "return    y", 1_000)))).shows("return    y");
    story.server(ServerEvent::EventsLost);
    let page = [("m1", "me", "Hello Alice", -120_000), ("m2", "alice", "How are you?", -60_000)];
    let page = page.into_iter().chain([("m3", "alice", "return\ty", 1_000)]);
    story.history("r1", 1, 1, page.map(|(id, author, text, at)| seen(message(id, author, text, at))).collect());
    story.shows("return  y").lacks("(edited)").keys("tab y");
    assert_eq!(copied(&story), ["return\ty"]);
}
