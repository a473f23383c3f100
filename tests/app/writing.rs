//! Writing in the composer: selection, deleted texts, pasting, the user's editor.

use minchat_tui::app::{Effect, Event};
use minchat_tui::domain::{
    AccountId, AttachmentKind, Capabilities, Content, DroppedFile, OutgoingFile, Request, ServerEvent,
};
use minchat_tui::input::MouseKind;
use minchat_tui::store::OutboxPayload;
use test_support::story::vchat::{incoming_call, vchat_story};
use test_support::story::*;

/// Six lines, one more than are pasted without a question.
const SIX: &str = "one\ntwo\nthree\nfour\nfive\nsix";

/// Runs a test with the capabilities of both services.
fn on_both(test: impl Fn(Story)) {
    for can in [MINCHAT, VCHAT] {
        test(chat_on(can));
    }
}

fn chat_on(can: Capabilities) -> Story {
    Story::chat_on(can, 100, 24)
}

/// The texts that are queued or were sent, and not confirmed yet.
fn outgoing(story: &Story) -> Vec<String> {
    let entries = story.state.account().outbox.iter();
    let texts = entries.filter_map(|entry| match entry.payload() {
        OutboxPayload::Send(Content::Text { text, .. }) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

/// The texts that were copied to the clipboard.
fn copied(story: &Story) -> Vec<&str> {
    let copies = story.effects.iter();
    copies.filter_map(|effect| if let Effect::Copy(text) = effect { Some(text.as_str()) } else { None }).collect()
}

fn paste<'a>(story: &'a mut Story, text: &str) -> &'a mut Story {
    story.event(Event::Paste(text.into()))
}

#[test]
fn selected_text_is_visible_copied_and_replaced() {
    on_both(|mut story| {
        story.types("hello brave world").keys("ctrl+shift+left shift+left ctrl+c").shows("Copied.");
        assert_eq!(copied(&story), [" world"]);
        story.wait(7_000).shows("Ctrl+C copy · Ctrl+X cut · Esc deselect");
        let (buffer, _) = story.frame();
        let (x, y) = story.cell_of("› hello").expect("the draft");
        let style = |column: u16| buffer[(x + 2 + column, y)].style();
        assert_eq!(style(11), style(16), "{}", story.screen());
        assert_ne!(style(10), style(11), "the selection looks like the rest");
        story.keys("esc").lacks("Ctrl+X cut").keys("shift+home").types("x").shows("› x").lacks("brave");
        story.keys("alt+z").shows("› hello brave world").keys("alt+shift+a ctrl+x").lacks("brave");
        assert_eq!(copied(&story), [" world", "hello brave world"]);
        story.keys("ctrl+v ctrl+v").shows("› hello brave worldhello brave world");
    });
}

#[test]
fn selection_is_visible_without_colour() {
    let mut story = chat_on(MINCHAT);
    story.state.options.theme = minchat_tui::config::Theme::built_in("plain").expect("a theme without colours");
    story.types("word").keys("shift+left");
    let (buffer, _) = story.frame();
    let (x, y) = story.cell_of("› word").expect("the draft");
    assert_ne!(buffer[(x + 4, y)].modifier, buffer[(x + 5, y)].modifier, "{}", story.screen());
}

/// Ctrl+C with a selection copies; without one it is the first of the two that quit.
#[test]
fn ctrl_c_without_selection_still_quits() {
    let mut story = chat_on(MINCHAT);
    story.types("ab").keys("shift+left ctrl+c ctrl+c").lacks("again to quit");
    story.keys("right ctrl+c").shows("Press Ctrl+C again to quit.");
}

#[test]
fn deleted_text_moves_to_another_room() {
    on_both(|mut story| {
        let other = room("r2", "Bob Brown", &["bob"], message("b1", "bob", "hi", -3_600_000));
        story.server(minchat_tui::domain::ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other] });
        story.types("older").keys("ctrl+u").types("for Bob").keys("ctrl+u alt+down").shows("Message Bob Brown…");
        story.keys("ctrl+y").shows("› for Bob").keys("alt+y").shows("› older").keys("alt+y").shows("› for Bob");
    });
}

/// Alt+Y and Alt+N belong to the call while it rings, and to the text otherwise.
#[test]
fn ringing_call_has_the_keys_of_the_composer() {
    let mut story = vchat_story(100, 24);
    story.types("one").keys("ctrl+u").types("two").keys("ctrl+u ctrl+y alt+y").shows("› one");
    story.server(incoming_call("c1", "r1", "alice", false)).shows("Alt+Y accept · Alt+N decline").effects.clear();
    story.keys("alt+n").shows("You declined the voice call").shows("› one");
    story.keys("alt+y").shows("› two");
    story.server(incoming_call("c2", "r1", "alice", false)).types("yn").shows("› twoyn").shows("Alt+Y accept");
}

#[test]
fn click_ends_the_selection() {
    let mut story = chat_on(MINCHAT);
    story.types("some words").keys("shift+home").mouse(MouseKind::Click, "words").types("X").shows("› some Xwords");
}

#[test]
fn five_lines_are_pasted_without_a_question() {
    on_both(|mut story| {
        paste(&mut story, "one\ntwo\nthree\nfour\nfive\n").lacks("Pasted").shows("› one");
        assert_eq!(outgoing(&story), [""; 0]);
    });
}

#[test]
fn many_pasted_lines_are_sent_only_after_a_choice() {
    on_both(|mut story| {
        story.types("look: ");
        paste(&mut story, SIX).shows("Pasted 6 lines").shows("Keep in the composer").shows("Send as a file");
        story.shows("Enter choose · Esc keep").keys("enter").lacks("Pasted 6 lines").shows("six");
        assert_eq!(outgoing(&story), [""; 0], "an Enter meant for the composer sends nothing");
        assert_eq!(story.state.ui.composer.text(), format!("look: {SIX}"));
        story.keys("alt+z");
        assert_eq!(story.state.ui.composer.text(), "look: ");
        paste(&mut story, SIX).keys("esc").lacks("Pasted 6 lines").keys("alt+z");
        paste(&mut story, SIX).keys("down enter");
        assert_eq!(outgoing(&story), [format!("look: {SIX}")]);
        story.types("code: ");
        paste(&mut story, SIX).clicks("Send as a code block");
        assert_eq!(outgoing(&story)[1..], [format!("code: \n```\n{SIX}\n```")]);
        paste(&mut story, SIX).keys("down down down down enter").lacks("Pasted");
        assert!(story.state.ui.composer.is_empty());
        story.keys("alt+z");
        assert_eq!(story.state.ui.composer.text(), SIX, "what was discarded can be brought back");
    });
}

#[test]
fn pasted_lines_are_sent_as_a_file() {
    on_both(|mut story| {
        story.types("see: ");
        paste(&mut story, SIX).clicks("Send as a file");
        let Some(Effect::SavePaste(AccountId(0), pasted, name)) = story.effects.pop() else { panic!("not saved") };
        assert_eq!((pasted.text.as_str(), name.as_str()), (SIX, "paste-2026-11-21-180004.txt"));
        // Until there is a file, the text is in the composer.
        let failed = Err("The text cannot be saved.".to_owned());
        story.event(Event::PasteSaved(AccountId(0), pasted.clone(), failed)).shows("The text cannot be saved.");
        assert_eq!(story.state.ui.composer.text(), format!("see: {SIX}"));
        let file = OutgoingFile {
            path: "/data/paste.txt".into(),
            name,
            kind: AttachmentKind::File,
            mime: "text/plain".into(),
            size: 27,
            duration: None,
        };
        story
            .event(Event::PasteSaved(AccountId(0), pasted, Ok(file)))
            .shows("[file] paste-2026-11-21-180004.txt (27 B)");
        assert_eq!(story.state.ui.composer.text(), "see: ");
    });
}

#[test]
fn paste_into_an_edit_or_a_command_is_not_asked_about() {
    let mut story = chat_on(MINCHAT);
    story.keys("up");
    paste(&mut story, SIX).lacks("Pasted").keys("esc");
    story.state.ui.overlay = None;
    let mut story = chat_on(MINCHAT);
    story.types("/send ");
    paste(&mut story, "/tmp/a.png").shows("› /send /tmp/a.png");
    assert!(!story.effects.iter().any(|effect| matches!(effect, Effect::FindFiles(..))));
}

#[test]
fn dropped_files_are_offered_to_be_sent() {
    on_both(|mut story| {
        story.types("these: ");
        paste(&mut story, "'/tmp/a b.png' '/tmp/c.txt'").lacks("Pasted");
        let Some(Effect::FindFiles(_, pasted, ways)) = story.effects.pop() else { panic!("not looked for") };
        assert_eq!(ways, [["/tmp/a b.png", "/tmp/c.txt"]]);
        let files = vec![
            DroppedFile { path: "/tmp/a b.png".into(), size: 2_000_000 },
            DroppedFile { path: "/tmp/c.txt".into(), size: 1_000 },
        ];
        story.event(Event::FilesFound(AccountId(0), pasted.clone(), files.clone()));
        story.shows("Pasted the paths of 2 files").shows("Send 2 files (2 MB)").keys("enter");
        assert_eq!(story.state.ui.composer.text(), "these: '/tmp/a b.png' '/tmp/c.txt'");
        story.event(Event::FilesFound(AccountId(0), pasted.clone(), files[..1].to_vec()));
        story.shows("Pasted the path of a file").shows("Send a b.png (2 MB)").clicks("Send a b.png");
        assert_eq!(story.state.ui.composer.text(), "these: ");
        let inspected = story.effects.iter().find_map(|effect| match effect {
            Effect::Inspect(_, request) => Some(request.path.as_str()),
            _ => None,
        });
        assert_eq!(inspected, Some("/tmp/a b.png"));
        // The text is gone, so a late answer asks nothing.
        story.event(Event::FilesFound(AccountId(0), pasted, files)).lacks("Pasted");
    });
}

#[test]
fn paths_that_name_no_files_are_text() {
    on_both(|mut story| {
        let lines = "/a\n/b\n/c\n/d\n/e\n/f";
        paste(&mut story, lines).lacks("Pasted");
        let Some(Effect::FindFiles(_, pasted, _)) = story.effects.pop() else { panic!("not looked for") };
        story.event(Event::FilesFound(AccountId(0), pasted, Vec::new())).shows("Pasted 6 lines");
    });
}

#[test]
fn paste_menu_fits_small_screens() {
    for (width, height) in [(40, 12), (20, 6), (1, 1)] {
        let mut story = Story::chat_on(VCHAT, width, height);
        paste(&mut story, SIX).keys("down down down down enter");
        assert!(story.state.ui.composer.is_empty(), "{}", story.screen());
    }
}

#[test]
fn draft_changes_only_if_the_editor_succeeds() {
    on_both(|mut story| {
        story.types("a draft").keys("left alt+e");
        let Some(Effect::EditText(account, request)) = story.effects.pop() else { panic!("no editor") };
        assert_eq!(request.text, "a draft");
        let failed = Err("vim ended with exit code 1. The text is unchanged.".to_owned());
        story.event(Event::TextEdited(account, request.clone(), failed)).shows("vim ended with exit code 1.");
        story.event(Event::TextEdited(account, request.clone(), Ok("a draft".into()))).types("X").shows("› a drafXt");
        story.keys("alt+z").event(Event::TextEdited(account, request, Ok("/quit\r\na\x07 long draft".into())));
        assert_eq!(story.state.ui.composer.text(), "/quit\na long draft");
        story.types("er").keys("enter");
        assert_eq!(outgoing(&story), ["/quit\na longer draft"]);
    });
}

#[test]
fn text_of_the_editor_follows_a_changed_draft() {
    on_both(|mut story| {
        let other = room("r2", "Bob Brown", &["bob"], message("b1", "bob", "hi", -3_600_000));
        story.server(minchat_tui::domain::ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other] });
        story.types("one").keys("alt+e");
        let Some(Effect::EditText(account, request)) = story.effects.pop() else { panic!("no editor") };
        story.types("!").event(Event::TextEdited(account, request.clone(), Ok("two".into())));
        assert_eq!(story.state.ui.composer.text(), "one!\ntwo");
        story.keys("alt+down").event(Event::TextEdited(account, request, Ok("three".into())));
        story.shows("Message Bob Brown…").keys("alt+up");
        assert_eq!(story.state.ui.composer.text(), "one!\ntwo\nthree");
    });
}

#[test]
fn commands_compose_a_message() {
    on_both(|mut story| {
        story.types("/me waves :wave:").keys("enter").shows("  waves 👋").lacks("_waves");
        story.types("/shrug").keys("enter").shows(r"  ¯\_(ツ)_/¯");
        story.types("/shrug who knows").keys("enter").shows(r"  who knows ¯\_(ツ)_/¯");
        story.types("/tableflip  enough ").keys("enter").shows("  enough (╯°□°)╯︵ ┻━┻");
        let sent = ["_waves 👋_", r"¯\_(ツ)_/¯", r"who knows ¯\_(ツ)_/¯", "enough (╯°□°)╯︵ ┻━┻"];
        assert_eq!(outgoing(&story), sent);
        // What was typed comes back, not what was sent.
        story.keys("alt+p").shows("› /tableflip  enough").keys("ctrl+u").types("/me").keys("esc enter");
        story.shows("Usage: /me TEXT");
        assert_eq!(outgoing(&story).len(), sent.len());
    });
}

#[test]
fn composed_message_is_a_reply_like_any_other() {
    let mut story = vchat_story(100, 24);
    story.keys("tab r").types("/me nods").keys("enter");
    let entries = story.state.account().outbox.iter();
    let replies = entries.filter(|entry| match entry.payload() {
        OutboxPayload::Send(Content::Text { text, reply_to }) => text == "_nods_" && reply_to.is_some(),
        _ => false,
    });
    assert_eq!(replies.count(), 1, "{}", story.screen());
}

/// The file had only the part that fits a message.
#[test]
fn text_that_is_too_long_for_a_message_becomes_a_whole_file() {
    for can in [MINCHAT, VCHAT] {
        for text in ["all work and no play\n".repeat(4_000), "x".repeat(80_000)] {
            let mut story = Story::chat_on(can, 100, 24);
            story.event(Event::Paste(text.clone())).shows("Pasted more than fits a message");
            story.shows("Keep the first 65 kB in the composer").shows("Send the first 65 kB as a message");
            let size = minchat_tui::domain::format_size(text.len() as u64);
            story.shows(&format!("Send all {size} as a file")).keys("down down down enter");
            let saved = story.effects.iter().find_map(|effect| match effect {
                Effect::SavePaste(_, pasted, _) => Some(pasted.clone()),
                _ => None,
            });
            let saved = saved.expect("a file");
            assert!(format!("{}{}", saved.text, saved.rest) == text, "it is not the whole text");
        }
    }
}

/// It offered a choice among no rooms.
#[test]
fn notice_without_any_room_says_how_to_begin() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::new(100, 24);
        story.server(ServerEvent::SignedIn { me: me(), capabilities: can });
        story.server(ServerEvent::Connection(minchat_tui::domain::ConnectionStatus::Online));
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: Vec::new() });
        story.shows("No rooms yet").types("hello").keys("enter");
        story.shows("No room is open. Type /dm USER to message someone. Your text is kept.");
    }
}

/// `/dm` had to be typed into the composer that had the text.
#[test]
fn text_without_a_room_follows_into_the_next_one() {
    let mut story = Story::online(100, 24);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: Vec::new() });
    story.types("first message").shows("Ctrl+K choose a room").keys("enter");
    story.shows("No room is open. Type /dm USER to message someone. Your text is kept.");
    story.keys("ctrl+k").types("/dm").keys("enter").shows("› /dm").lacks("first message");
    // A command that was given up is text, too.
    story.keys("home delete ctrl+k").types("/dm").keys("enter").shows("› /dm").keys("ctrl+u");
    assert_eq!(story.state.ui.composer.text(), "first message\ndm ");
    story.keys("backspace backspace backspace backspace").shows("› first message");
    story.keys("ctrl+k").types("/dm").keys("enter").types("bob").keys("enter").shows("› first message");
    assert_eq!(story.requests().last(), Some(&Request::OpenDirect { username: "bob".into() }));
    let opened = room("r9", "Bob Brown", &["bob"], message("b1", "bob", "hi", -60_000));
    story.server(ServerEvent::RoomOpened(Box::new(opened))).shows("│ Bob Brown").shows("› first message");
    story.keys("enter");
    assert_eq!(outgoing(&story), ["first message"]);
}

#[test]
fn draft_waits_while_a_command_of_the_switcher_is_typed() {
    let mut story = chat_on(VCHAT);
    story.types("half").keys("ctrl+k").types("/nick").keys("enter").shows("› /nick").lacks("half");
    story.keys("ctrl+k").types("/send").keys("enter").shows("Send or clear your draft, then type /send.");
    story.types("Ally").keys("enter").shows("› half").keys("enter");
    assert_eq!(outgoing(&story), ["half"]);
}

/// Over ssh, many terminals take no text from a program, so that a copied message could not be inserted anywhere.
#[test]
fn copied_message_can_be_inserted_here() {
    on_both(|mut story| {
        story.keys("tab y esc ctrl+y").shows("› How are you?");
    });
}

/// A command that was typed in a room with a draft was sent to the people there, as the end of the draft.
#[test]
fn command_that_begins_after_a_draft_has_returned_is_a_command() {
    on_both(|mut story| {
        let other = room("r2", "Bob Brown", &["bob"], message("b1", "bob", "hi", -3_600_000));
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other] });
        story.types("for Alice").keys("alt+down alt+up").shows("› for Alice");
        story.types("/go bob").shows("› /go bob").shows("The draft returns after the command.");
        story.keys("enter").shows("Message Bob Brown…").keys("alt+up").shows("› for Alice");
        story.types("/").keys("backspace").shows("› for Alice");
        story.types(" and/or").shows("› for Alice and/or");
        assert!(story.requests().iter().all(|request| !matches!(request, Request::Send { .. })));
    });
}
