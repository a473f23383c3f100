//! Links: detected, shown with their true host, and opened without a shell.

use minchat_tui::app::{Effect, Event};
use minchat_tui::domain::{Attachment, AttachmentKind, MessageInfo, ServerEvent};
use minchat_tui::text::SafeText;

use test_support::story::*;

/// A chat whose newest message has this text and is selected.
fn select_message(text: &str) -> Story {
    let mut story = Story::chat(120, 24);
    story.server(ServerEvent::Message(message("m3", "alice", text, 5))).keys("tab").effects.clear();
    story
}

fn file(url: &str) -> Option<Box<Attachment>> {
    let (name, size) = (SafeText::line("a.png"), SafeText::default());
    Some(Box::new(Attachment {
        kind: AttachmentKind::Image,
        name,
        size,
        bytes: None,
        url: SafeText::line(url),
        duration: None,
    }))
}

fn with_file(url: &str) -> Story {
    let mut story = Story::chat(120, 24);
    let info = MessageInfo { attachment: file(url), ..message("m3", "alice", "", 5) };
    story.server(ServerEvent::Message(info)).keys("tab").effects.clear();
    story
}

/// Argument vectors of the programs that were started.
fn spawned(story: &mut Story) -> Vec<Vec<String>> {
    let effects = std::mem::take(&mut story.effects).into_iter();
    effects.filter_map(|effect| if let Effect::OpenLink(argv, _) = effect { Some(argv) } else { None }).collect()
}

#[test]
fn link_is_opened_without_a_shell_and_shows_its_host() {
    let mut story = select_message("look: https://example.org/a?b=$(reboot);c, now");
    story.shows("o open example.org").shows("Y copy link");
    story.keys("o").shows("Opening example.org");
    assert_eq!(spawned(&mut story), [["open-it", "https://example.org/a?b=$(reboot);c"]]);
    story.keys("Y").shows("Copied the link to example.org.");
    assert!(story.effects.contains(&Effect::Copy("https://example.org/a?b=$(reboot);c".into())));
}

#[test]
fn open_command_may_have_the_link_in_the_middle() {
    let mut story = select_message("https://example.org/");
    story.state.options.open_command = ["browse", "--url={url}", "--private"].map(str::to_owned).to_vec();
    story.keys("o");
    assert_eq!(spawned(&mut story), [["browse", "--url=https://example.org/", "--private"]]);
    story.state.options.open_command.clear();
    story.keys("o").shows("The link was copied instead of opened. Set open_command");
    assert_eq!(spawned(&mut story), Vec::<Vec<String>>::new());
}

#[test]
fn host_in_another_script_is_encoded_and_confirmed() {
    let mut story = select_message("https://ex\u{430}mple.org/login");
    story.shows("o open xn--exmple-4nf.org").keys("o").shows("Links").shows("https://xn--exmple-4nf.org/login");
    assert_eq!(spawned(&mut story), Vec::<Vec<String>>::new(), "not before it is confirmed");
    story.keys("enter").shows("Opening xn--exmple-4nf.org");
    assert_eq!(spawned(&mut story), [["open-it", "https://xn--exmple-4nf.org/login"]]);
    let mut story = select_message("https://ex\u{430}mple.org/login");
    story.keys("o esc");
    assert_eq!(spawned(&mut story), Vec::<Vec<String>>::new());
}

#[test]
fn link_with_a_user_name_is_not_opened() {
    let mut story = select_message("https://example.org@evil.example/login");
    story.shows("o open evil.example").keys("o").shows("real host, evil.example. If you trust it, press Y to copy it");
    assert_eq!(spawned(&mut story), Vec::<Vec<String>>::new());
}

#[test]
fn several_links_open_a_list() {
    let mut story = select_message("https://one.example/ and https://two.example/x or https://one.example/");
    story
        .shows("o open one of 2 links")
        .keys("o")
        .shows("https://one.example/")
        .shows("two.example")
        .shows("Enter open");
    story.keys("down enter").shows("Opening two.example");
    assert_eq!(spawned(&mut story), [["open-it", "https://two.example/x"]]);
    story.wait(7_000).effects.clear();
    story.keys("Y down").shows("Enter copy").keys("enter").shows("Copied the link to two.example.");
    assert_eq!(story.effects, [Effect::Copy("https://two.example/x".into())]);
}

#[test]
fn file_opens_by_its_url_or_explains_its_absence() {
    let mut story = with_file("https://files.example/a.png");
    story.keys("o").shows("Opening files.example");
    assert_eq!(spawned(&mut story), [["open-it", "https://files.example/a.png"]]);
    with_file("").lacks("o open").keys("o").shows("The server sent no address for this file");
    let mut story = with_file("file:///etc/passwd");
    story.lacks("o open").keys("o").shows("no http or https address");
    assert_eq!(spawned(&mut story), Vec::<Vec<String>>::new());
    let mut story = select_message("file:///etc/passwd javascript:alert(1) ssh://-oProxyCommand=x");
    story.lacks("o open").keys("o").shows("There is no http or https link in this message.");
    story.keys("Y").shows("There is no http or https link");
    assert_eq!(spawned(&mut story), Vec::<Vec<String>>::new());
}

#[test]
fn control_characters_never_reach_a_program() {
    let mut story = select_message("https://example.org/a\u{1b}[2J\u{202e}b\nhttps://example.org/\u{9b}c");
    story.keys("o");
    if story.state.ui.overlay.is_some() {
        story.keys("enter");
    }
    for argv in spawned(&mut story) {
        assert!(argv.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_graphic())), "{argv:?}");
    }
}

/// Regression test: without a browser, as over ssh, the notice only said that there is none.
#[test]
fn link_that_cannot_be_opened_is_copied() {
    let mut story = Story::chat(100, 24);
    let address = "https://two.example/".to_owned();
    let reason = "xdg-open could not be started: not found.".to_owned();
    story.event(Event::LinkNotOpened(address.clone(), reason));
    story.shows("The link was copied instead of opened. xdg-open could not be started: not found.");
    assert_eq!(story.effects, [Effect::Copy(address)]);
}
