//! Right-to-left text: its place and its order on screen.

use minchat_tui::app::Event;
use minchat_tui::config::Bidi;
use minchat_tui::domain::{MessageInfo, Quote, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::vchat::{quote, sent_message, vchat_story};
use test_support::story::*;

/// The columns to the right of a message's text, before the next region.
const GUTTER: usize = 10;

/// A chat with a message, on a screen whose text is ordered by `bidi`.
fn chat(bidi: Bidi, text: &str) -> Story {
    let mut story = Story::chat(60, 20);
    story.state.options.bidi = bidi;
    story.server(ServerEvent::Message(message("m3", "alice", text, 10)));
    story.event(Event::Focus(true));
    story
}

/// The row of the messages with this text, without the characters that keep it apart.
fn row(story: &Story, text: &str) -> String {
    let hidden = ['\u{2066}', '\u{2067}', '\u{2069}', '\u{202c}', '\u{202d}'];
    let rows: Vec<String> = story.pane().lines().map(|row| row.replace(hidden, "")).collect();
    rows.iter().find(|row| row.contains(text)).unwrap_or_else(|| panic!("{text} is not in {rows:#?}")).clone()
}

/// The number of columns after the text.
fn columns_after(row: &str, text: &str) -> usize {
    row.split_once(text).expect("the text").1.trim_end_matches('│').chars().count()
}

#[test]
fn right_to_left_message_is_at_the_right() {
    for (bidi, shown) in [(Bidi::Terminal, "שלום עולם"), (Bidi::Program, "םלוע םולש")] {
        let story = chat(bidi, "שלום עולם");
        let row = row(&story, shown);
        assert!(columns_after(&row, shown) <= GUTTER, "{row:?}");
    }
}

#[test]
fn message_in_another_direction_stays_at_the_left() {
    let story = chat(Bidi::Program, "He said שלום to me");
    let row = row(&story, "He said םולש to me");
    assert!(row.trim_start_matches([' ', '│']).starts_with("He said"), "{row:?}");
}

#[test]
fn styled_parts_and_links_are_ordered_together() {
    let mut story = chat(Bidi::Program, "שלום **עולם** טוב");
    row(&story, "בוט םלוע םולש");
    story.server(ServerEvent::Message(message("m4", "alice", "ראו https://example.org עכשיו", 20)));
    row(&story, "וישכע https://example.org ואר");
}

/// Its bar was between the quotation and the left edge of the message.
#[test]
fn quotation_has_the_side_of_its_words() {
    for (bidi, words, end) in [(Bidi::Program, "םולש", "▎"), (Bidi::Terminal, "שלום", "שלום")] {
        let mut story = vchat_story(60, 20);
        story.state.options.bidi = bidi;
        let quoted =
            Quote { author_name: SafeText::line("נועם"), ..quote(&sent_message("q", "zoe", "שלום", 5)) };
        let reply = MessageInfo { quote: Some(Box::new(quoted)), ..sent_message("m3", "alice", "כן", 10) };
        story.server(ServerEvent::Message(reply));
        let quotation = row(&story, words);
        assert!(columns_after(&quotation, end) <= GUTTER, "{quotation:?}");
        let quoted = quote(&sent_message("q", "bob", "שלום", 5));
        let reply = MessageInfo { quote: Some(Box::new(quoted)), ..sent_message("m4", "alice", "yes", 20) };
        story.server(ServerEvent::Message(reply));
        let quotation = row(&story, "▎ Bob");
        assert!(quotation.trim_start_matches([' ', '│']).starts_with("▎ Bob"), "{quotation:?}");
    }
}

#[test]
fn brackets_open_towards_their_text() {
    let story = chat(Bidi::Program, "שלום (עולם)");
    row(&story, "(םלוע) םולש");
}

#[test]
fn draft_is_ordered_while_it_is_typed() {
    let mut story = Story::chat(60, 20);
    story.types("שלום");
    let hidden = ['\u{202c}', '\u{202d}'];
    assert!(story.screen().replace(hidden, "").contains("› םולש"), "{}", story.screen());
}

/// The composer took each row for a text of its own, and the list the whole message.
#[test]
fn each_line_of_a_message_has_its_own_direction() {
    for can in [MINCHAT, VCHAT] {
        // The second row begins with another script than its line.
        for (line, shown) in [("שלום abc.", ".abc םולש"), ("**שלום** abc.", ".abc םולש"), ("abc שלום.", "abc םולש.")]
        {
            let mut story = Story::chat_on(can, 60, 20);
            story.state.options.bidi = Bidi::Program;
            story.server(ServerEvent::Message(message("m3", "alice", &format!("hello\n{line}"), 10)));
            story.event(Event::Focus(true));
            row(&story, shown);
            story.server(ServerEvent::Message(message("m4", "alice", &format!("שלום\n{line}"), 20)));
            row(&story, shown);
            let typed = line.replace('*', "");
            story.event(Event::Paste(format!("hello\n{typed}")));
            let hidden = ['\u{202c}', '\u{202d}'];
            let screen = story.screen().replace(hidden, "");
            assert!(screen.contains(&format!("  {shown}")), "{screen}");
        }
    }
}

#[test]
fn wrapped_rows_have_the_direction_of_their_line() {
    let long = format!("שלום {}", "abc ".repeat(20));
    let mut story = chat(Bidi::Program, "hello");
    story.types(&long);
    let hidden = ['\u{202c}', '\u{202d}'];
    let screen = story.screen().replace(hidden, "");
    assert!(screen.contains("abc םולש"), "{screen}");
    story.types("!");
    let screen = story.screen().replace(hidden, "");
    // The end of a line that is read from right to left is at the left.
    assert!(screen.contains("! abc"), "{screen}");
}
