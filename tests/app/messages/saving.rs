//! Saving the file of a message.

use minchat_tui::app::{Download, DownloadReply, Effect, Event, FolderEntry, FolderListing};
use minchat_tui::domain::{
    AccountId, Attachment, AttachmentKind, Capabilities, FileToSave, MessageInfo, Request, ServerEvent,
};
use minchat_tui::text::SafeText;

use test_support::story::*;

const ME: AccountId = AccountId(0);

fn file(url: &str) -> MessageInfo {
    let attachment = Attachment {
        kind: AttachmentKind::Image,
        name: SafeText::line("cat.png"),
        size: SafeText::line("2 MB"),
        bytes: None,
        url: SafeText::line(url),
        duration: None,
    };
    MessageInfo { attachment: Some(Box::new(attachment)), ..message("m3", "alice", "", 1_000) }
}

/// A chat with Alice whose last message has a file, and is selected.
fn with_file(can: Capabilities, url: &str) -> Story {
    let mut story = Story::chat_on(can, 100, 24);
    story.server(ServerEvent::Message(file(url))).keys("tab").shows("[image] cat.png (2 MB)");
    story.effects.clear();
    story
}

/// Answers the request for a path.
fn suggests(story: &mut Story, path: &str) {
    let found = story.effects.iter().find_map(|effect| match effect {
        Effect::FindPath(_, file) => Some(file.clone()),
        _ => None,
    });
    let file: FileToSave = found.expect("a request");
    assert_eq!((file.name.as_str(), file.url.as_str()), ("cat.png", "https://files.example/cat.png"));
    story.effects.clear();
    story.event(Event::PathFound(ME, file, path.to_owned()));
}

/// Takes the request for a download.
fn take_download(story: &mut Story) -> (u64, Download) {
    let found = story.effects.iter().find_map(|effect| match effect {
        Effect::Download(_, id, download) => Some((*id, download.clone())),
        _ => None,
    });
    story.effects.clear();
    found.expect("a download")
}

#[test]
fn file_is_saved_to_the_path_that_the_user_accepts() {
    for can in [MINCHAT, VCHAT] {
        let mut story = with_file(can, "https://files.example/cat.png");
        story.shows("w save").keys("w");
        suggests(&mut story, "~/Downloads/cat.png");
        story.shows("Save cat.png").shows("› ~/Downloads/cat.png").shows("Enter save");
        story.keys("ctrl+w").types("~/tom.png").keys("enter").lacks("Save cat.png");
        let (id, download) = take_download(&mut story);
        assert_eq!((download.path.as_str(), download.replaces), ("~/tom.png", false));
        story.shows("Saving…");
        assert!(!story.pane().contains("[image]"), "{}", story.screen());
        for step in 1..=5 {
            story.event(Event::Download(ME, id, DownloadReply::Progress(step * 200_000, 2_000_000))).wait(500);
        }
        story.shows("Saving 50 % ━━━━━━━━┄┄┄┄┄┄┄┄ 400 kB/s · 0:03 left");
        story.event(Event::Download(ME, id, DownloadReply::Finished("~/tom.png".into(), 2_000_000)));
        story.shows("Saved to ~/tom.png (2 MB).").shows("[image] cat.png (2 MB)");
    }
}

#[test]
fn prompt_can_be_closed_and_ignores_an_empty_path() {
    let mut story = with_file(VCHAT, "https://files.example/cat.png");
    story.keys("w");
    suggests(&mut story, "~/cat.png");
    story.keys("ctrl+u enter").shows("Save cat.png").keys("esc").lacks("Save cat.png");
    assert!(!story.effects.iter().any(|effect| matches!(effect, Effect::Download(..))));
}

/// Answers the request for the content of this folder.
fn lists(story: &mut Story, folder: &str, entries: &[(&str, Option<u64>)]) {
    let found = story.effects.iter().find_map(|effect| match effect {
        Effect::ListFolder(request) => Some(request.clone()),
        _ => None,
    });
    let request = found.unwrap_or_else(|| panic!("a request for {folder}\n{}", story.screen()));
    assert_eq!(request.folder, folder);
    story.effects.clear();
    let entries = entries.iter().map(|(name, size)| FolderEntry { name: (*name).to_owned(), size: *size }).collect();
    story.event(Event::Folder(FolderListing { request, entries, is_cut: false }));
}

/// The path had to be typed as a whole, though that of a file to send is completed.
#[test]
fn path_is_completed_folder_by_folder() {
    for can in [MINCHAT, VCHAT] {
        let mut story = with_file(can, "https://files.example/cat.png");
        story.keys("w");
        suggests(&mut story, "~/cat.png");
        story.shows("Tab complete").keys("ctrl+w").types("~/pi").lacks("Files and folders").keys("tab");
        lists(&mut story, "~/", &[("pictures", None), ("pins.txt", Some(1_234)), ("work", None)]);
        story.shows("Files and folders").shows("pictures/").shows("1.2 kB").lacks("work/").shows("Tab insert");
        insta::assert_snapshot!(format!("path_{}", if can == VCHAT { "vchat" } else { "minchat" }), story.screen());
        story.types("c").lacks("pins.txt").keys("tab").shows("› ~/pictures/");
        lists(&mut story, "~/pictures/", &[("2026", None), ("tom.png", Some(5))]);
        story.shows("2026/").keys("down").keys("esc").lacks("2026/").shows("Save cat.png");
        story.keys("tab");
        lists(&mut story, "~/pictures/", &[("2026", None), ("tom.png", Some(5))]);
        story.keys("down enter").lacks("2026/").shows("› ~/pictures/tom.png");
        story.keys("enter").lacks("Save cat.png");
        assert_eq!(take_download(&mut story).1.path, "~/pictures/tom.png");
    }
}

/// Regression test: the blank in the name of a folder became another one, and people with a draft seemed to type.
#[test]
fn completed_path_is_inserted_as_it_is_and_announces_no_typing() {
    for can in [MINCHAT, VCHAT] {
        let mut story = with_file(can, "https://files.example/cat.png");
        story.keys("esc").types("a draft").wait(30_000).keys("ctrl+up w");
        suggests(&mut story, "~/cat.png");
        story.keys("ctrl+w").types("~/");
        story.effects.clear();
        story.keys("tab");
        lists(&mut story, "~/", &[("my\u{202f}cats", None), ("work", None)]);
        story.keys("tab");
        assert!(!story.effects.iter().any(|effect| matches!(effect, Effect::Request(_, Request::Typing { .. }))));
        lists(&mut story, "~/my\u{202f}cats/", &[]);
        story.types("tom.png").keys("enter");
        assert_eq!(take_download(&mut story).1.path, "~/my\u{202f}cats/tom.png");
    }
}

#[test]
fn completed_path_is_chosen_by_click_and_fits_small_screens() {
    for (width, height) in [(100, 24), (40, 12)] {
        let mut story = Story::chat_on(VCHAT, width, height);
        story.server(ServerEvent::Message(file("https://files.example/cat.png"))).keys("tab w");
        suggests(&mut story, "/");
        story.keys("tab");
        let names: Vec<String> = (0..20).map(|number| format!("folder{number}")).collect();
        let entries: Vec<(&str, Option<u64>)> = names.iter().map(|name| (name.as_str(), None)).collect();
        lists(&mut story, "/", &entries);
        story.shows("› /").clicks("folder1/").shows("› /folder1/").lacks("folder3/");
        story.keys("esc").lacks("Save cat.png");
        assert_eq!(story.state.ui.composer.text(), "");
    }
}

/// Enter saves what is typed, unless a row of the popup was chosen.
#[test]
fn enter_saves_although_paths_are_listed() {
    let mut story = with_file(VCHAT, "https://files.example/cat.png");
    story.keys("w");
    suggests(&mut story, "~/cat");
    story.keys("tab");
    lists(&mut story, "~/", &[("cats", None)]);
    story.shows("cats/").keys("enter").lacks("Save cat.png").lacks("cats/");
    assert_eq!(take_download(&mut story).1.path, "~/cat");
}

#[test]
fn download_is_canceled_by_a_key() {
    let mut story = with_file(MINCHAT, "https://files.example/cat.png");
    story.keys("w");
    suggests(&mut story, "~/cat.png");
    story.keys("enter");
    let (id, _) = take_download(&mut story);
    story.keys("w").shows("The file is being saved already. x cancels that.");
    story.keys("x").shows("Canceled. Nothing was saved.").shows("[image] cat.png (2 MB)");
    assert!(story.effects.contains(&Effect::CancelDownload(ME, id)));
    story.event(Event::Download(ME, id, DownloadReply::Progress(1, 2))).lacks("Saving");
    story.event(Event::Download(ME, id, DownloadReply::Finished("~/cat.png".into(), 2))).lacks("Saved");
}

#[test]
fn existing_file_is_replaced_only_after_a_question() {
    let mut story = with_file(VCHAT, "https://files.example/cat.png");
    story.keys("w");
    suggests(&mut story, "~/cat-2.png");
    story.keys("ctrl+w").types("~/cat.png").keys("enter");
    let (id, _) = take_download(&mut story);
    story.event(Event::Download(ME, id, DownloadReply::Exists("~/cat.png".into())));
    story.shows("This file exists already. Replace it?").confirms();
    let (id, download) = take_download(&mut story);
    assert!(download.replaces);
    let reason = "The server no longer has it.";
    story.event(Event::Download(ME, id, DownloadReply::Failed(reason.into())));
    story.shows("Not saved: The server no longer has it.");
}

#[test]
fn message_without_a_web_address_cannot_be_saved() {
    let mut story = with_file(VCHAT, "file:///etc/passwd");
    story.lacks("w save").keys("w").shows("This file has no http or https address, so it cannot be saved.");
    let mut story = with_file(VCHAT, "https://bank.example@files.example/cat.png");
    story.keys("w").shows("Not saved: the address hides its real host, files.example.");
    assert!(!story.effects.iter().any(|effect| matches!(effect, Effect::FindPath(..))));
}

/// Regression test: the question replaced the box that was open when it arrived, and took the keys meant for that one.
#[test]
fn question_about_a_file_waits_until_nothing_is_open() {
    for can in [MINCHAT, VCHAT] {
        let mut story = with_file(can, "https://files.example/cat.png");
        story.keys("w");
        suggests(&mut story, "~/cat.png");
        story.keys("enter");
        let (id, _) = take_download(&mut story);
        story.keys("ctrl+k").types("rel").event(Event::Download(ME, id, DownloadReply::Exists("~/cat.png".into())));
        story.shows("› rel").lacks("Replace it?").shows("~/cat.png exists already.");
        story.wait(1_000).types("y").shows("› rely");
        assert!(!story.effects.iter().any(|effect| matches!(effect, Effect::Download(..))));
        story.keys("esc").shows("This file exists already. Replace it?").keys("y").shows("Replace it?").confirms();
        assert!(take_download(&mut story).1.replaces);
    }
}
