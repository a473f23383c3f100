//! Completion: the popup above the composer, what it offers, what accepting inserts, and what Enter does.

use minchat_tui::app::{Effect, Event, FolderEntry, FolderListing, FolderRequest, HelpLine, help_lines};
use minchat_tui::domain::{Content, Request, RoomInfo, RoomKind, ServerEvent};
use minchat_tui::input::{Action, COMMANDS, Keymap, MouseKind};
use minchat_tui::text::width;
use test_support::story::vchat::*;
use test_support::story::*;

/// The rows of the popup, without its frame; empty if there is none.
fn popup(story: &Story) -> Vec<String> {
    let Some(popup) = &story.state.ui.completion.popup else { return Vec::new() };
    let area = story.state.ui.regions.completion;
    let (buffer, _) = story.frame();
    let row = |y: u16| {
        let (mut row, mut x) = (String::new(), area.x);
        while x < area.x + area.width {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            x += u16::try_from(width(symbol)).expect("a symbol").max(1);
        }
        row.trim_matches(['│', ' ']).to_owned()
    };
    popup.visible(area).map(|(_, region)| row(region.y)).collect()
}

fn text(story: &Story) -> String {
    story.state.ui.composer.text().to_owned()
}

/// The last line of the screen.
fn status(story: &Story) -> String {
    story.screen().lines().last().unwrap_or_default().to_owned()
}

/// The texts of messages that were sent since the last call.
fn sent(story: &mut Story) -> Vec<String> {
    let texts = story.requests().into_iter().filter_map(|request| match request {
        Request::Send { content: Content::Text { text, .. }, .. } => Some(text),
        _ => None,
    });
    texts.collect()
}

/// A group with messages of Bob, Carol and then Alice; Dave has written nothing.
fn group(width: u16, height: u16) -> Story {
    let mut story = Story::online(width, height);
    let last = message("g3", "alice", "third", -60_000);
    let crew = room("r2", "Release crew", &["alice", "bob", "carol", "dave"], last);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![crew] });
    let messages = [("g1", "carol", -300_000), ("g2", "bob", -200_000), ("g3", "alice", -60_000)];
    let messages = messages.map(|(id, author, at)| seen(in_room("r2", message(id, author, "text", at))));
    story.history("r2", 1, 1, messages.to_vec());
    let request = Request::Person { id: person_id("dave"), username: "dave".into() };
    story.server(ServerEvent::Person { request, person: Some(person("dave", "Dave Dunn")) });
    story.effects.clear();
    story
}

#[test]
fn slash_lists_the_commands_with_their_help() {
    for mut story in [Story::chat(80, 24), vchat_story(80, 24)] {
        story.types("/");
        let rows = popup(&story);
        assert_eq!(rows.len(), 8, "{}", story.screen());
        assert!(rows[0].starts_with("/dm") && rows[0].contains("Open the direct message"), "{rows:?}");
        assert!(status(&story).contains("Tab insert · Esc close"), "{}", status(&story));
        story.keys("backspace");
        assert!(popup(&story).is_empty(), "{}", story.screen());
    }
}

/// A command that the service lacks, or that makes no sense in the room, is not offered.
#[test]
fn only_usable_commands_are_offered() {
    let offered = |story: &mut Story, text: &str| {
        story.keys("ctrl+u").types(text);
        popup(story).join("\n")
    };
    let mut minchat = Story::chat(80, 24);
    assert!(!offered(&mut minchat, "/bloc").contains("/block "), "{}", minchat.screen());
    let mut vchat = vchat_story(80, 24);
    assert!(offered(&mut vchat, "/bloc").contains("/block "), "{}", vchat.screen());
    assert!(!offered(&mut vchat, "/unmu").contains("/unmute"), "not muted: {}", vchat.screen());
    assert!(!offered(&mut vchat, "/leav").contains("/leave"), "a direct message: {}", vchat.screen());
    assert!(offered(&mut vchat, "/cal").contains("/call "), "{}", vchat.screen());
    vchat.keys("ctrl+u alt+down").shows("Message Release crew");
    assert!(offered(&mut vchat, "/leav").contains("/leave"), "{}", vchat.screen());
    assert!(!offered(&mut vchat, "/cal").contains("/call "), "{}", vchat.screen());
}

/// Nobody wants to send `/he`: Enter completes the name of a command, and a second Enter runs it.
#[test]
fn enter_completes_the_name_of_a_command_and_never_runs_another() {
    let mut story = Story::chat(80, 24);
    story.types("/he");
    assert!(status(&story).contains("Enter insert · Esc close"), "{}", status(&story));
    story.keys("enter").lacks("Keys and commands");
    assert_eq!(text(&story), "/help ");
    assert!(popup(&story).is_empty());
    story.keys("enter").shows("Keys and commands").keys("esc");
    // A complete name runs, although another one begins with it.
    story.types("/group");
    assert!(popup(&story).iter().any(|row| row.starts_with("/group ")), "{}", story.screen());
    story.keys("enter").shows("Usage: /group TITLE: USER USER …");
    story.keys("ctrl+u").types("/xyz").keys("enter").shows("Unknown command /xyz");
    assert_eq!(text(&story), "/xyz");
    // Its letters occur in `/delete-chat`.
    story.keys("ctrl+u").types("/etc").keys("enter").shows("Unknown command /etc");
}

/// The arguments took the whole row on a narrow screen, and the names were cut off.
#[test]
fn names_of_commands_are_whole_on_narrow_screens() {
    let mut story = Story::chat(40, 12);
    for command in COMMANDS {
        story.types(&format!("/{}", command.name));
        let offered = story.state.ui.completion.popup.iter().flat_map(|popup| &popup.rows);
        for (row, shown) in offered.zip(popup(&story)) {
            let rest = shown.strip_prefix(&row.candidate.label);
            assert!(rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')), "{}", story.screen());
        }
        story.keys("ctrl+u");
    }
}

#[test]
fn names_of_commands_are_whole_in_a_narrow_switcher() {
    let mut story = Story::chat(40, 12);
    story.keys("ctrl+k").types("/exp").shows("/export  ").keys("ctrl+u").types("/noti").shows("/notify  ");
}

/// Regression test: `/emo` offered `/remove`, and the hint said that Enter runs it.
#[test]
fn enter_never_runs_a_command_found_by_a_few_letters() {
    for letters in ["emo", "rem", "rmv", "lve", "lea", "de", "lgo", "qt"] {
        let mut story = vchat_story(80, 24);
        story.keys("alt+down").shows("Message Release crew").types(&format!("/{letters}"));
        assert!(!popup(&story).is_empty(), "{letters} finds nothing");
        assert!(!status(&story).contains("run"), "{}", status(&story));
        assert!(status(&story).contains("Enter insert"), "{}", status(&story));
        story.effects.clear();
        story.keys("enter");
        assert!(story.state.ui.overlay.is_none(), "{letters}: {}", story.screen());
        assert_eq!(story.requests(), [], "{letters}");
        let name = text(&story);
        assert!(name.starts_with('/') && name.len() > letters.len() + 1, "{letters}: {name}");
    }
}

#[test]
fn enter_sends_text_with_a_mention_or_a_colon_as_typed() {
    for line in ["@ali", "I agree :smi", "@", ":thumbs", "see you at 10:30", "ratio a:bc", "hi @bob"] {
        let mut story = Story::chat(80, 24);
        story.types(line).keys("enter");
        assert_eq!(sent(&mut story), [line]);
        assert_eq!(text(&story), "");
    }
}

#[test]
fn enter_inserts_a_row_that_was_chosen_with_the_keys() {
    let mut story = group(80, 24);
    story.types("hi @").keys("down enter");
    assert_eq!(text(&story), "hi @Bob Brown ");
    assert!(sent(&mut story).is_empty());
    // Typing makes the choice void.
    story.keys("ctrl+u").types("@").keys("down").types("bo").keys("enter");
    assert_eq!(sent(&mut story), ["@bo"]);
}

#[test]
fn mention_lists_the_people_of_the_room_by_recent_speech() {
    let mut story = group(80, 24);
    story.types("@");
    let names: Vec<String> =
        popup(&story).iter().map(|row| row.split('@').next().unwrap_or_default().trim().into()).collect();
    assert_eq!(names, ["Alice Archer", "Bob Brown", "Carol Chen", "Dave Dunn"], "{}", story.screen());
    story.types("da");
    assert_eq!(popup(&story), ["Dave Dunn @dave"]);
    story.keys("tab");
    assert_eq!(text(&story), "@Dave Dunn ");
    story.keys("ctrl+u").types("@carol");
    assert_eq!(popup(&story).len(), 1, "by user name: {}", story.screen());
    story.keys("ctrl+u").types("@nobody");
    assert!(popup(&story).is_empty());
}

#[test]
fn escape_closes_the_popup_and_keeps_the_text() {
    let mut story = vchat_story(80, 24);
    story.keys("tab r").shows("Replying to").types("@al");
    assert!(!popup(&story).is_empty());
    story.keys("esc").shows("Replying to");
    assert!(popup(&story).is_empty());
    assert_eq!(text(&story), "@al");
    // It stays closed for this word, and opens for the next one or with Tab.
    story.types("i");
    assert!(popup(&story).is_empty());
    story.keys("tab");
    assert!(!popup(&story).is_empty(), "{}", story.screen());
    story.keys("esc").types(" @");
    assert!(!popup(&story).is_empty());
    story.keys("esc esc").lacks("Replying to");
}

/// Regression test: in a new account, `/dm ` showed nothing, so nobody knew what to type.
#[test]
fn popup_says_what_to_type_where_nobody_is_known() {
    let mut story = Story::online(100, 24);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: Vec::new() });
    story.types("/dm ").shows("/dm USER").shows("Type a user name. MinChat has no list of people.");
    assert!(status(&story).contains("Enter run · Esc close"), "{}", status(&story));
    story.types("bob").shows("has no list of people").keys("enter");
    assert!(story.requests().contains(&Request::OpenDirect { username: "bob".into() }));
    story.types("/group Crew: ").shows("Type user names. MinChat has no list of people.");
    story.keys("esc").lacks("Type user names");

    let mut story = Story::online_on(VCHAT, 40, 12);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: Vec::new() });
    story.types("/dm ").shows("Type a user name. /people NAME").shows("searches people.");
    // Whoever is known is offered.
    let mut story = Story::chat(100, 24);
    story.types("/dm ").lacks("Type a user name").shows("Alice Archer");
}

#[test]
fn arguments_are_completed_by_their_kind() {
    let mut story = vchat_story(100, 24);
    story.types("/rol");
    let roles = popup(&story).into_iter().find(|row| row.starts_with("/role"));
    assert_eq!(roles, None, "a direct message has no roles");
    story.keys("ctrl+u alt+down").shows("Message Release crew").types("/role").keys("tab");
    assert_eq!(text(&story), "/role ");
    story.shows("/role USER member|admin");
    story.types("bob ");
    assert_eq!(popup(&story), ["member", "admin"]);
    story.types("ad").keys("tab");
    assert_eq!(text(&story), "/role bob admin");
    assert!(popup(&story).is_empty());
    story.keys("ctrl+u").types("/go al");
    assert_eq!(popup(&story), ["Alice Archer"]);
    story.keys("tab enter").shows("Message Alice Archer");
    story.types("/dm bo").keys("tab");
    assert_eq!(text(&story), "/dm bob");
    story.keys("ctrl+u").types("/group Two words: al").keys("tab").types("bo").keys("tab enter");
    let request = story.requests().into_iter().find(|request| matches!(request, Request::CreateGroup { .. }));
    let usernames = vec!["alice".to_owned(), "bob".to_owned()];
    assert_eq!(request, Some(Request::CreateGroup { title: "Two words".into(), usernames }));
}

#[test]
fn emoji_are_found_by_shortcode_with_skin_tones() {
    let mut story = Story::chat(80, 24);
    story.types(":ta");
    assert!(popup(&story).iter().any(|row| row.starts_with("🎉 :tada:")), "{}", story.screen());
    story.types("d").keys("tab");
    assert_eq!(text(&story), "🎉 ");
    story.keys("ctrl+u").types(":wave");
    let rows = popup(&story);
    assert!(rows[0].starts_with("👋 :wave:") && rows[1].contains(":wave_tone1:"), "{rows:?}");
    assert!(rows[2].contains("medium-light skin tone"), "many terminals show no tones: {rows:?}");
    story.keys("down down tab");
    assert_eq!(text(&story), "👋🏼 ");
}

/// Regression test: the popup waited for a second letter. A colon alone opens nothing, so `:)` can be typed.
#[test]
fn popup_of_emoji_opens_with_the_first_letter() {
    let mut story = Story::chat(80, 24);
    story.types(":");
    assert!(popup(&story).is_empty());
    story.types("t");
    assert!(popup(&story).len() > 1, "{}", story.screen());
    story.keys("ctrl+u").types("fine :)");
    assert!(popup(&story).is_empty());
    for line in ["fine :)", ":D", ":p", ":"] {
        let mut story = Story::chat(80, 24);
        story.types(line).keys("enter");
        assert_eq!(sent(&mut story), [line], "Enter never changes it");
    }
    // Tab after the colon lists those used lately.
    story.keys("ctrl+u").types(":tada:").keys("enter").types(":").keys("tab");
    assert!(popup(&story)[0].contains(":tada:"), "{}", story.screen());
    story.types("wav");
    assert!(popup(&story)[0].contains(":wave:"), "{}", story.screen());
}

/// Regression test: only emoji that were chosen from the popup counted as used.
#[test]
fn emoji_that_was_typed_counts_as_used() {
    for line in ["done :thumbsdown:", "done 👎"] {
        let mut story = Story::chat(80, 24);
        story.types(line).keys("enter").types(":thu");
        assert!(popup(&story)[0].contains("thumbsdown"), "{line}: {}", story.screen());
    }
    let mut story = Story::chat(80, 24);
    story.keys("up ctrl+u").types("👎").keys("enter").types(":thu");
    assert!(popup(&story)[0].contains("thumbsdown"), "an edit: {}", story.screen());
}

#[test]
fn recently_used_emoji_come_first() {
    let mut story = Story::chat(80, 24);
    story.types(":thu");
    let first = popup(&story)[0].clone();
    assert!(!first.contains("thumbsdown"), "{first}");
    story.types("mbsdown").keys("tab ctrl+u").types(":thu");
    assert!(popup(&story)[0].contains("thumbsdown"), "{}", story.screen());
}

#[test]
fn shortcodes_are_sent_as_emoji_except_in_code() {
    for mut story in [Story::chat(80, 24), vchat_story(80, 24)] {
        story.types("well done :tada: `:tada:` at 10:30:45").keys("enter");
        assert_eq!(sent(&mut story), ["well done 🎉 `:tada:` at 10:30:45"]);
    }
    for mut story in [Story::chat(80, 24), vchat_story(80, 24)] {
        story.state.options.emoji_shortcodes = false;
        story.types(":tada: :tada:").keys("enter");
        assert_eq!(sent(&mut story), [":tada: :tada:"]);
    }
}

/// A message that was sent with shortcodes is not rewritten by the correction of another word.
#[test]
fn edit_keeps_the_shortcodes_of_the_message() {
    for (old, typed, new) in [
        ("old :tada:", " :wave:", "old :tada: :wave:"),
        ("plain", " :wave:", "plain 👋"),
        ("`:tada:`", " :wave:", "`:tada:` 👋"),
    ] {
        let mut story = Story::online(80, 24);
        let mine = seen(message("m1", "me", old, -60_000));
        let rooms = vec![room("r1", "Alice Archer", &["alice"], mine.clone())];
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
        story.history("r1", 1, 1, vec![mine]);
        story.effects.clear();
        story.keys("up").types(typed).keys("enter");
        let edit = story.requests().into_iter().find(|request| matches!(request, Request::Edit { .. }));
        assert_eq!(edit, Some(Request::Edit { message: message_id("m1"), text: new.into() }));
    }
}

/// Answers the last request to list a folder.
fn list(story: &mut Story, entries: &[(&str, Option<u64>)], is_cut: bool) -> FolderRequest {
    let last = story.effects.iter().rev().find_map(|effect| match effect {
        Effect::ListFolder(request) => Some(request.clone()),
        _ => None,
    });
    let request = last.expect("a request");
    story.effects.clear();
    let entries = entries.iter().map(|(name, size)| FolderEntry { name: (*name).to_owned(), size: *size }).collect();
    story.event(Event::Folder(FolderListing { request: request.clone(), entries, is_cut }));
    request
}

#[test]
fn paths_are_completed_folder_by_folder() {
    let mut story = vchat_story(80, 24);
    story.types("/sen").keys("tab");
    assert_eq!(text(&story), "/send ");
    let home = [("Pictures", None), (".ssh", None), ("notes.txt", Some(1_234))];
    assert_eq!(list(&mut story, &home, false).folder, "");
    assert_eq!(popup(&story).len(), 2, "hidden files are left out: {}", story.screen());
    assert!(popup(&story)[1].starts_with("notes.txt") && popup(&story)[1].ends_with("1.2 kB"), "{}", story.screen());
    story.types("~").keys("tab");
    assert_eq!(text(&story), "/send ~/");
    assert_eq!(list(&mut story, &home, false).folder, "~/");
    story.types("pic").keys("tab");
    assert_eq!(text(&story), "/send ~/Pictures/");
    let request = list(&mut story, &[("a cat.png", Some(2_000_000)), ("dog.png", Some(3))], false);
    assert_eq!(request.folder, "~/Pictures/");
    story.types("cat");
    assert_eq!(popup(&story).len(), 1);
    story.keys("tab");
    assert_eq!(text(&story), "/send ~/Pictures/a cat.png");
    assert!(popup(&story).is_empty());
    assert!(story.effects.is_empty(), "nothing is listed again: {:?}", story.effects);
    story.keys("ctrl+u").types("/send .s");
    list(&mut story, &home, false);
    assert_eq!(popup(&story), [".ssh/"]);
}

/// A folder with more names than are listed is listed again for the letters typed since.
#[test]
fn large_folder_is_listed_again_by_its_letters() {
    let mut story = vchat_story(80, 24);
    story.types("/send /big/");
    list(&mut story, &[("a", Some(1))], true);
    assert_eq!(popup(&story).len(), 1);
    story.types("inv");
    assert_eq!(list(&mut story, &[("invoice", Some(1))], true).prefix, "i");
    assert_eq!(list(&mut story, &[("invoice", Some(1))], true).prefix, "inv");
    assert_eq!(popup(&story).len(), 1);
}

/// The answer for a path that is no longer in the composer opened nothing, and changed nothing.
#[test]
fn late_folder_is_ignored() {
    let mut story = vchat_story(80, 24);
    story.types("/send /tmp/");
    let request = FolderRequest { folder: "/tmp/".into(), prefix: String::new() };
    let entries = vec![FolderEntry { name: "x".into(), size: Some(1) }];
    let late = FolderListing { request, entries, is_cut: false };
    story.keys("ctrl+u").types("hello");
    story.event(Event::Folder(late.clone()));
    assert!(popup(&story).is_empty());
    assert_eq!(text(&story), "hello");
    story.keys("ctrl+u").types("/send /tmp/").keys("esc");
    story.event(Event::Folder(late));
    story.shows("/send /tmp/");
}

#[test]
fn mouse_scrolls_and_chooses() {
    let mut story = Story::chat(80, 24);
    story.types("/");
    let first = popup(&story)[0].clone();
    story.mouse(MouseKind::WheelDown, "/dm");
    assert_ne!(popup(&story)[0], first);
    story.mouse(MouseKind::WheelUp, "/archive").clicks("/dm");
    assert_eq!(text(&story), "/dm ");
    story.keys("ctrl+u").types("/fin").clicks("Commands");
    assert_eq!(text(&story), "/fin", "the border is no row");
}

#[test]
fn popup_closes_with_its_text() {
    let mut story = Story::chat(80, 24);
    story.types("@al").keys("ctrl+k");
    assert!(story.state.ui.regions.completion.height == 0, "{}", story.screen());
    story.keys("esc ctrl+u");
    assert!(popup(&story).is_empty());
    story.types("@al").event(Event::Paste("x".into()));
    assert!(popup(&story).is_empty(), "pasted text opens nothing");
    story.event(Event::Paste(" @al".into()));
    assert!(popup(&story).is_empty());
    story.types("i");
    assert!(!popup(&story).is_empty());
    story.keys("home");
    assert!(popup(&story).is_empty(), "the cursor left the word");
}

/// The word before the cursor may be the beginning of a name, as in IRC clients.
#[test]
fn tab_completes_any_word_to_a_name() {
    let mut story = group(80, 24);
    story.types("thanks car");
    assert!(popup(&story).is_empty());
    story.keys("tab");
    assert_eq!(popup(&story), ["Carol Chen @carol"]);
    story.types("o");
    assert_eq!(popup(&story).len(), 1, "{}", story.screen());
    story.keys("tab");
    assert_eq!(text(&story), "thanks @Carol Chen ");
}

#[test]
fn keys_of_the_popup_can_be_changed() {
    let mut story = Story::chat(100, 24);
    let change = |action, key: &str| (action, vec![key.to_owned()]);
    let changes = [change(Action::CompletionAccept, "ctrl+o"), change(Action::CompletionClose, "ctrl+g")];
    story.state.options.keymap = Keymap::new(&changes).expect("valid keys");
    story.types("@al");
    assert!(status(&story).contains("Ctrl+O insert · Enter send · Ctrl+G close"), "{}", status(&story));
    story.keys("ctrl+g");
    assert!(popup(&story).is_empty());
    story.types(" @al").keys("ctrl+o");
    assert_eq!(text(&story), "@al @Alice Archer ");
    let lines = help_lines(story.state.scene());
    assert!(lines.contains(&HelpLine::Heading("In the completion popup")));
}

/// Deleted text can be inserted again after a completion, and one undo step takes the completion back.
#[test]
fn completion_keeps_the_deleted_text_and_can_be_undone() {
    let mut story = Story::chat(80, 24);
    story.types("kept").keys("ctrl+w").types("@al").keys("tab ctrl+y");
    assert_eq!(text(&story), "@Alice Archer kept");
    story.keys("alt+z alt+z");
    assert_eq!(text(&story), "@al", "{}", story.screen());
}

#[test]
fn names_that_look_alike_are_mentioned_by_user_name() {
    let mut story = Story::online(80, 24);
    let info = room("r2", "Release crew", &["alice", "bob"], message("g1", "bob", "hi", -60_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![RoomInfo { kind: RoomKind::Group, ..info }] });
    for name in ["alice", "bob"] {
        let request = Request::Person { id: person_id(name), username: name.into() };
        story.server(ServerEvent::Person { request, person: Some(person(name, "Sam")) });
    }
    story.types("@sam").keys("down tab");
    assert_eq!(text(&story), "@bob ");
}
