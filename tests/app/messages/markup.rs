//! Markdown, HTML, links and mentions in the message pane.

use minchat_tui::app::{Effect, Event};
use minchat_tui::config::Theme;
use minchat_tui::domain::{Capabilities, ServerEvent};
use minchat_tui::input::{Mouse, MouseKind};
use minchat_tui::runtime::Screen;
use minchat_tui::text::width;
use ratatui::style::Modifier;
use test_support::story::*;

/// A text with every kind of markup.
const EVERYTHING: &str = "# Release notes\n\
    **Bold**, *italic*, ~~struck~~ and `code`, see [the docs](https://docs.example.org/start).\n\
    \n\
    > Who has time on Friday, and can bring the long cable from the office?\n\
    > > Me.\n\
    - first\n\
    - second, which is long enough to be wrapped on a small screen\n\
    \x20 3. nested\n\
    ```rust\n\
    fn main() {\n\
    \x20   println!(\"**not bold** and a line that is longer than the pane is wide on most screens\");\n\
    }\n\
    ```\n\
    | name | count |\n\
    |------|------:|\n\
    | tea | 4 |\n\
    | coffee | 12 |";

const HTML: &str =
    "<p>Hello <b>team</b> &amp; friends,</p><p>see <a href=\"https://example.org/?a=1&amp;b=2\">this</a>.</p>";

/// A chat whose newest message has this text.
fn chat(can: Capabilities, width: u16, height: u16, text: &str) -> Story {
    let mut story = Story::chat_on(can, width, height);
    story.server(ServerEvent::Message(message("m3", "alice", text, 5)));
    story
}

/// The first cell of `text` in the message pane.
#[track_caller]
fn cell_in_pane(story: &Story, text: &str) -> (u16, u16) {
    let screen = story.screen();
    let mut rows = screen.lines().zip(0..);
    let found = rows.find_map(|(line, row)| {
        let pane = line.find('│')?;
        let at = pane + line[pane..].find(text)?;
        Some((u16::try_from(width(&line[..at])).ok()?, row))
    });
    found.unwrap_or_else(|| panic!("no `{text}` in the pane of\n{screen}"))
}

/// The attributes of the first cell of `text` in the message pane.
#[track_caller]
fn attributes(story: &Story, text: &str) -> Modifier {
    story.frame().0[cell_in_pane(story, text)].modifier
}

/// Clicks the first cell of `text` in the message pane.
#[track_caller]
fn click(story: &mut Story, text: &str) {
    let (column, row) = cell_in_pane(story, text);
    story.event(Event::Mouse(Mouse { kind: MouseKind::Click, column, row }));
}

#[test]
fn every_kind_of_markup_is_shown_at_every_size() {
    for (service, can) in [("minchat", MINCHAT), ("vchat", VCHAT)] {
        for (width, height) in [(120, 36), (80, 24), (40, 12)] {
            let story = chat(can, width, height, EVERYTHING);
            insta::assert_snapshot!(format!("markup_{service}_{width}x{height}"), story.screen());
        }
    }
}

#[test]
fn markup_is_readable_in_ascii() {
    let mut story = chat(MINCHAT, 80, 24, EVERYTHING);
    story.state.options.ascii = true;
    let screen = story.screen();
    assert!(screen.is_ascii(), "\n{screen}");
    insta::assert_snapshot!("markup_ascii_80x24", screen);
}

#[test]
fn markup_is_visible_without_colors() {
    let mut story = chat(MINCHAT, 100, 40, &format!("{EVERYTHING}\n\nDear Me Myself, hello"));
    story.state.options.theme = Theme::built_in("plain").unwrap();
    for (text, attribute) in [
        ("Bold", Modifier::BOLD),
        ("italic", Modifier::ITALIC),
        ("~~struck", Modifier::CROSSED_OUT),
        ("code,", Modifier::REVERSED),
        ("the docs", Modifier::UNDERLINED),
        ("Release", Modifier::BOLD | Modifier::UNDERLINED),
        ("name   │", Modifier::BOLD),
        ("Me Myself,", Modifier::BOLD | Modifier::REVERSED),
    ] {
        assert!(attributes(&story, text).contains(attribute), "{text}");
    }
    assert_eq!(attributes(&story, "see the docs"), Modifier::empty());
}

#[test]
fn html_is_formatted_only_where_the_service_sends_it() {
    let mut minchat = chat(MINCHAT, 100, 24, HTML);
    minchat.shows("Hello team & friends,").shows("see this (example.org).").lacks("<b>").lacks("&amp;");
    assert!(attributes(&minchat, "team").contains(Modifier::BOLD));
    minchat.keys("tab").shows("o open example.org").keys("o");
    let opened = vec!["open-it".to_owned(), "https://example.org/?a=1&b=2".to_owned()];
    let opened = Effect::OpenLink(opened, "https://example.org/?a=1&b=2".to_owned());
    assert!(minchat.effects.contains(&opened), "{:?}", minchat.effects);
    let mut vchat = chat(VCHAT, 200, 24, HTML);
    vchat.shows("<p>Hello <b>team</b> &amp; friends,</p>");
}

/// The list read the first 200 characters, which lacked the closing tag.
#[test]
fn long_html_has_no_tags_in_the_list() {
    let text = format!("<p>Dear <b>all</b>, {}</p>", "the meeting is moved. ".repeat(400));
    let story = chat(MINCHAT, 120, 24, &text);
    let list: Vec<String> = story.screen().lines().filter_map(|row| Some(row.split_once('│')?.0.to_owned())).collect();
    assert!(list.iter().any(|row| row.contains("Dear all, ")), "{list:#?}");
    assert!(!list.iter().any(|row| row.contains('<')), "{list:#?}");
}

#[test]
fn source_of_a_message_is_shown_by_key_and_copied() {
    let mut story = chat(MINCHAT, 100, 24, "**bold** `x`");
    story.shows("bold x").lacks("**").keys("tab").shows("t source").keys("t").shows("**bold** `x`");
    story.keys("t").lacks("**").keys("y");
    assert!(story.effects.contains(&Effect::Copy("**bold** `x`".into())), "{:?}", story.effects);
    let mut plain = chat(MINCHAT, 100, 24, "nothing special");
    plain.keys("tab").lacks("t source").keys("t").shows("This message is shown as it was written.");
}

#[test]
fn markdown_can_be_turned_off() {
    let mut story = Story::chat(100, 24);
    story.state.options.markdown = false;
    story.server(ServerEvent::Message(message("m3", "alice", "**bold** <b>x</b> https://a.example", 5)));
    story.shows("**bold** <b>x</b> https://a.example").keys("tab").lacks("t source").shows("o open a.example");
    assert!(attributes(&story, "https://a.example").contains(Modifier::UNDERLINED), "addresses are links all the same");
}

#[test]
fn markdown_is_turned_off_and_on_by_key() {
    let mut story = chat(MINCHAT, 120, 24, "**bold**");
    story.keys("f8").shows("  **bold**").shows("Markdown is shown as it was written. F8 formats it again.");
    assert_eq!(story.screen().matches("**bold**").count(), 2, "the room list as well:\n{}", story.screen());
    story.keys("f8").lacks("**bold**").shows("Markdown is shown as formatted text.");
}

#[test]
fn edited_message_is_formatted_again() {
    let mut story = chat(MINCHAT, 100, 24, "**one**");
    story.server(ServerEvent::Edited(message("m3", "alice", "*two*", 5)));
    story.lacks("one").shows("two (edited)");
    assert_eq!(attributes(&story, "two"), Modifier::ITALIC);
    assert!(attributes(&story, "(edited)").contains(Modifier::DIM));
}

#[test]
fn room_list_shows_text_without_markup() {
    let mut story = chat(MINCHAT, 120, 24, "**hi** [x](https://y.example)\n- a");
    story.shows("hi x (y.example) - a").lacks("**hi");
}

#[test]
fn search_shows_text_without_markup() {
    let mut story = chat(MINCHAT, 120, 24, "the **needle** is `here`");
    story.keys("ctrl+f").types("needle").wait(1_000).shows("the needle is here").lacks("**needle");
}

#[test]
fn clicked_link_is_opened() {
    let mut story = chat(MINCHAT, 100, 24, "see https://one.example/x and [two](https://two.example)");
    story.effects.clear();
    for text in ["one.example/x", "two (", "and"] {
        click(&mut story, text);
    }
    let spawned: Vec<_> = story
        .effects
        .iter()
        .filter_map(|effect| if let Effect::OpenLink(argv, _) = effect { Some(&argv[1]) } else { None })
        .collect();
    assert_eq!(spawned, ["https://one.example/x", "https://two.example/"]);
}

#[test]
fn clicked_disguised_link_asks_first() {
    let mut story = chat(MINCHAT, 100, 24, "https://ex\u{430}mple.org/login");
    story.effects.clear();
    click(&mut story, "https://ex");
    story.shows("Check the address");
    assert_eq!(story.effects, []);
}

#[test]
fn picker_of_links_takes_numbers() {
    let mut story = chat(MINCHAT, 100, 24, "https://one.example https://two.example");
    story.keys("tab o").shows("1  https://one.example/").shows("2  https://two.example/");
    story.effects.clear();
    story.keys("9").shows("Links").keys("2").shows("Opening two.example.");
    assert_eq!(
        story.effects,
        [Effect::OpenLink(vec!["open-it".into(), "https://two.example/".into()], "https://two.example/".into())]
    );
}

/// A receipt is sent only for what was completely on screen.
#[test]
fn formatted_message_is_seen_when_its_last_row_is_visible() {
    let mut story = chat(MINCHAT, 80, 24, "**short**");
    let seen = |story: &mut Story| format!("{:?}", story.requests()).contains("m3");
    story.wait(3_000);
    assert!(seen(&mut story), "its last row is on screen");
    let mut story = chat(MINCHAT, 80, 24, &"**a row**\n".repeat(60));
    story.keys("pageup pageup");
    assert!(story.screen().contains("a row"));
}

/// A terminal with hyperlinks: the output of a frame.
fn written(story: &Story, hyperlinks: bool) -> String {
    let mut out = Vec::new();
    Screen::new(&mut out).with_hyperlinks(hyperlinks).draw(&story.state).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn hyperlinks_are_written_only_where_they_are_supported() {
    let story = chat(MINCHAT, 100, 24, "see [docs](https://one.example/x) now");
    let output = written(&story, true);
    let start = output.find(";https://one.example/x\x1b\\").expect("a hyperlink");
    let rest = &output[start..];
    let link = &rest[..rest.find("\x1b]8;;\x1b\\").expect("its end")];
    assert!(link.contains("(one.example)") && link.contains("docs"), "{link:?}");
    assert!(!written(&story, false).contains("\x1b]8;"));
}

/// Cells that keep their text and style are not written again, so a changed address would have been missed.
#[test]
fn hyperlink_changes_with_its_address() {
    struct Out(std::rc::Rc<std::cell::RefCell<Vec<u8>>>);
    impl std::io::Write for Out {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let out = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let mut screen = Screen::new(Out(out.clone())).with_hyperlinks(true);
    let mut story = chat(MINCHAT, 100, 24, "[docs](https://one.example/a)");
    screen.draw(&story.state).unwrap();
    out.borrow_mut().clear();
    assert!(!screen.draw(&story.state).unwrap(), "nothing has changed");
    story.server(ServerEvent::Edited(message("m3", "alice", "[docs](https://one.example/b)", 5)));
    screen.draw(&story.state).unwrap();
    let output = String::from_utf8(out.borrow().clone()).unwrap();
    assert!(output.contains(";https://one.example/b\x1b\\") && !output.contains("example/a"), "{output:?}");
}

#[test]
fn hyperlink_under_an_overlay_is_not_written() {
    let mut story = chat(MINCHAT, 40, 12, "[docs](https://one.example/a)");
    story.keys("f1");
    assert!(!written(&story, true).contains("one.example"), "{}", story.screen());
}

#[test]
fn mention_has_a_badge_until_the_room_is_read() {
    let mut story = Story::chat(100, 24);
    let rooms = ["r1", "r2", "r3"].map(|id| {
        let last = in_room(id, message(&format!("{id}m"), "bob", "Hello", -90_000));
        room(id, &format!("Room {id}"), &["alice", "bob"], seen(last))
    });
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: rooms.to_vec() });
    story.server(ServerEvent::Message(in_room("r2", message("a1", "bob", "nothing for you", 6))));
    story.lacks("@ 1").keys("alt+m").shows("There are no unread mentions.");
    story.server(ServerEvent::Message(in_room("r3", message("a2", "bob", "ask @Me myself", 7))));
    story.shows("@ 1").keys("alt+m");
    assert_eq!(story.state.ui.open, Some(room_id("r3")));
    story.history("r3", 1, 1, vec![in_room("r3", message("a2", "bob", "ask @Me myself", 7))]).wait(3_000).lacks("@ 1");
    assert!(attributes(&story, "@Me myself").contains(Modifier::REVERSED));
}

#[test]
fn mentions_in_own_messages_have_no_badge() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Message(message("a1", "me", "I am Me Myself", 6)));
    assert_eq!(story.state.account().rooms.iter().map(|room| room.unread().mentions).sum::<u32>(), 0);
}

#[test]
fn configured_words_are_mentions() {
    let mut story = Story::chat(100, 24);
    story.state.options.mention_words = vec!["on-call".into()];
    story.server(ServerEvent::SignedIn { me: person("me", "Mia"), capabilities: MINCHAT });
    story.server(ServerEvent::Message(message("a1", "alice", "who is On-Call today", 6)));
    assert!(attributes(&story, "On-Call").contains(Modifier::REVERSED));
}

/// Such a table was shown as it was written, with its lines broken anywhere.
#[test]
fn wide_table_fits_every_pane() {
    let table = "| Service | What it does | Cost |\n|:--|:--|--:|\n\
                 | 日本 👍 | sends one message to every member of the room | 12 |\n| beta | waits | 7 |";
    for can in [MINCHAT, VCHAT] {
        let mut story = chat(can, 70, 24, table);
        story.shows("日本 👍 │ sends one").shows("beta    │ waits                                    │    7");
        let mut story = chat(can, 30, 24, table);
        story.shows("Service: 日本 👍").shows("Cost: 12").shows("What it does: waits");
    }
}
