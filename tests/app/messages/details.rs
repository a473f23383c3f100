//! Details of a message.

use minchat_tui::app::Effect;
use minchat_tui::domain::{MessageInfo, ServerEvent};

use crate::persistence::disk::Disk;
use crate::persistence::drafts::{chat, go_online};
use test_support::story::vchat::*;
use test_support::story::*;

#[test]
fn details_show_ids_time_and_delivery() {
    let mut story = vchat_story(100, 24);
    story.keys("tab up i").shows("Details").shows("Author: Me Myself").shows("Sent: 2026-").shows("Delivery: seen");
    story.shows("Message id: m1").shows("Room id: r1").shows("Text: Hello Alice");
}

#[test]
fn each_detail_can_be_copied() {
    let mut story = vchat_story(100, 24);
    story.keys("tab i").clicks("Message id: m2").shows("Copied.");
    assert!(story.effects.contains(&Effect::Copy("m2".to_owned())));
    story.keys("i end enter");
    let everything = story.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    });
    assert!(everything.is_some_and(|text| text.contains("Message id: m2\n") && text.ends_with("Text: How are you?")));
}

#[test]
fn earlier_texts_are_kept_until_the_message_is_deleted() {
    let mut story = vchat_story(100, 24);
    for text in ["How is it?", "How is it going?"] {
        story.server(ServerEvent::Edited(MessageInfo { ..sent_message("m2", "alice", text, -60_000) }));
    }
    story.keys("tab i").shows("Text: How is it going?").shows("Earlier text: How is it?");
    story.shows("Earlier text: How are you?").keys("esc");
    story
        .server(ServerEvent::Deleted(message_id("m2")))
        .keys("i")
        .shows("Marks: edited, deleted")
        .lacks("How are you?");
}

/// Earlier texts were forgotten when the program ended.
#[test]
fn earlier_texts_survive_a_restart() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for text in ["How is it?", "How is it going?"] {
        run.story.server(ServerEvent::Edited(message("m2", "alice", text, -60_000)));
    }
    run.kill();
    let mut run = disk.start_loaded();
    run.story.keys("tab i").shows("Text: How is it going?").shows("Earlier text: How is it?");
    run.story.shows("Earlier text: How are you?").keys("esc");
    // A page of the server does not know them.
    go_online(&mut run);
    run.story.server(ServerEvent::Edited(message("m2", "alice", "How are things?", -60_000)));
    run.kill();
    let mut run = disk.start_loaded();
    run.story.keys("tab i").shows("Text: How are things?").shows("Earlier text: How is it going?");
    run.story.shows("Earlier text: How are you?").keys("esc");
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Deleted(message_id("m2")));
    run.kill();
    let mut run = disk.start_loaded();
    run.story.keys("tab i").shows("Marks: edited, deleted").lacks("Earlier text");
}
