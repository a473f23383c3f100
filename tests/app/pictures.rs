//! The pictures in the README are frames of the program. `UPDATE_DOCS=1 cargo test --test app pictures` draws them
//! again.

use std::fs;
use std::path::Path;

use minchat_tui::domain::{Attachment, AttachmentKind, HOUR, MINUTE, MessageInfo, RoomKind, ServerEvent};
use minchat_tui::dump::svg;
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

/// Compares a picture with the present screen, or draws it again.
fn picture(name: &str, story: &Story) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/screens/{name}.svg"));
    let drawn = svg(&story.frame().0);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, drawn).expect("a picture");
        return;
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(known == drawn, "assets/screens/{name}.svg is out of date. {UPDATE}\n{}", story.screen());
}

const UPDATE: &str = "Update it with UPDATE_DOCS=1 cargo test --test app pictures.";

/// A group that prepares a release.
fn release(width: u16, height: u16) -> Story {
    let mut story = Story::new(width, height);
    let report = |id: &str, author: &str, text: &str, at: i64| sent_message(id, author, text, at);
    let first = report("g1", "carol", "The build is green on **all** platforms 🎉", -26 * HOUR);
    let plan = report("g4", "bob", "What is left for today?", -50 * MINUTE);
    let file = Attachment {
        kind: AttachmentKind::File,
        name: SafeText::line("changelog.pdf"),
        size: SafeText::line("84 kB"),
        bytes: None,
        url: SafeText::line("https://files.example/changelog.pdf"),
        duration: None,
    };
    let page = vec![
        first.clone(),
        report("g2", "alice", "Nice. I will tag it tomorrow morning.", -25 * HOUR),
        report("g3", "me", "Notes are at https://example.com/notes", -24 * HOUR),
        plan.clone(),
        MessageInfo {
            quote: Some(Box::new(quote(&plan))),
            ..report("g5", "carol", "1. tag `v0.9`\n2. upload the packages\n3. tell people", -48 * MINUTE)
        },
        MessageInfo { attachment: Some(Box::new(file)), ..report("g6", "carol", "", -47 * MINUTE) },
        report("g7", "alice", "@me can you read it once more?", -30 * MINUTE),
        MessageInfo { delivered: true, seen: true, ..report("g8", "me", "Reading it now 👀", -28 * MINUTE) },
    ];
    story.server(ServerEvent::SignedIn { me: me(), capabilities: VCHAT });
    story.server(ServerEvent::Connection(minchat_tui::domain::ConnectionStatus::Online));
    for _load_and_reload in 0..2 {
        let rooms = vec![
            listed_room("r1", "Release 0.9", RoomKind::Group, 0, page[7].clone()),
            listed_room(
                "r2",
                "Alice Archer",
                RoomKind::Direct,
                2,
                in_room("r2", report("a1", "alice", "Lunch?", -2 * HOUR)),
            ),
            listed_room(
                "r3",
                "東京の仲間たち",
                RoomKind::Group,
                0,
                in_room("r3", report("t1", "bob", "桜を見る会 🌸", -5 * HOUR)),
            ),
        ];
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
        story.history("r1", 1, 1, page.clone());
        story.wait(2_000);
    }
    story
}

#[test]
fn picture_of_a_chat() {
    let mut story = release(104, 30);
    story.types("It reads well. Ship it!");
    picture("chat", &story);
}

#[test]
fn picture_of_the_menu_of_a_message() {
    let mut story = release(104, 30);
    story.keys("tab up up enter");
    picture("menu", &story);
}

#[test]
fn picture_of_the_switcher() {
    let mut story = release(104, 30);
    story.keys("ctrl+k").types("al");
    picture("switcher", &story);
}
