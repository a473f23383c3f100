//! Graphemes that terminals measure differently. The emulator here gives each character the cells that it has alone, so
//! that a family emoji takes eight; borders, times and titles must stay in their columns all the same.

use std::io;

use minchat_tui::app::{Event, State};
use minchat_tui::config::Bidi;
use minchat_tui::domain::{MessageInfo, RoomInfo, ServerEvent};
use minchat_tui::runtime::Screen;
use minchat_tui::text::{SafeText, graphemes, width};
use ratatui::buffer::{Buffer, CellWidth};
use test_support::story::*;

/// Forty graphemes that terminals draw differently, or that run from right to left.
const GRAPHEMES: [&str; 40] = [
    "🇩🇪",
    "🇯🇵",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "🏳️‍🌈",
    "👨‍👩‍👧",
    "👩🏽‍👩🏽‍👧🏽‍👦🏽",
    "👩🏽‍❤️‍💋‍👨🏽",
    "👩‍🚀",
    "👍🏽",
    "❤️",
    "❤",
    "☕️",
    "☕\u{fe0e}",
    "1️⃣",
    "#️⃣",
    "©️",
    "日",
    "葛\u{e0100}",
    "カ\u{3099}",
    "ｶﾞ",
    "한",
    "\u{1112}\u{1161}\u{11ab}",
    "ｗ",
    "א",
    "שָׁ",
    "לּ",
    "ع",
    "لا",
    "سّ",
    "ﷺ",
    "क्षि",
    "र्त्स्न्य",
    "த்து",
    "ก๊ำ",
    "བརྒྱུ",
    "Z\u{310}\u{316}\u{301}\u{345}\u{317}\u{30d}\u{33d}\u{35d}",
    "g\u{308}",
    "ờ",
    "⟨",
    "\u{e0b0}",
];

/// Texts with each grapheme alone, next to letters and digits, and next to others of its kind.
fn difficult_texts() -> Vec<String> {
    let mut all = vec![
        GRAPHEMES.concat(),
        GRAPHEMES.join(" "),
        "שלום עולם 12:30 ואז world".to_owned(),
        "مرحبا بالعالم 12:30 لا لا لا".to_owned(),
        "👨‍👩‍👧".repeat(60),
        "🇩🇪".repeat(60),
        "❤️".repeat(60),
    ];
    all.extend(GRAPHEMES.map(|grapheme| format!("{grapheme}{grapheme} 1{grapheme}a")));
    all
}

/// A terminal emulator behind the program's own writer.
struct Emulator {
    screen: Screen<Bytes>,
    parser: vt100::Parser,
}

#[derive(Clone, Default)]
struct Bytes(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl io::Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Emulator {
    fn new(width: u16, height: u16) -> (Self, Bytes) {
        let bytes = Bytes::default();
        (Self { screen: Screen::new(bytes.clone()), parser: vt100::Parser::new(height, width, 0) }, bytes)
    }

    /// Draws, and fails unless each cell on which all terminals agree shows what was painted.
    fn draw(&mut self, bytes: &Bytes, state: &State, what: &str) {
        self.screen.draw(state).unwrap();
        self.parser.process(&std::mem::take(&mut *bytes.0.lock().unwrap()));
        let buffer = self.screen.shown();
        for y in 0..buffer.area.height {
            let mut x = 0;
            while x < buffer.area.width {
                let cell = &buffer[(x, y)];
                let symbol = cell.symbol();
                // This terminal may not join what belongs together, but the neighbours must be right.
                if symbol.chars().nth(1).is_none() {
                    let shown = self.parser.screen().cell(y, x).unwrap();
                    let shown = if shown.has_contents() { shown.contents() } else { " " };
                    // The mark of an isolate that follows is stored in the cell before it.
                    let shown = shown.trim_end_matches(['\u{2066}', '\u{2067}', '\u{2069}', '\u{202c}', '\u{202d}']);
                    let symbol = if symbol.is_empty() { " " } else { symbol };
                    assert_eq!(shown, symbol, "{what}: column {x} of row {y}\n{}", rows(buffer));
                }
                let next = x + cell.cell_width().max(1);
                for covered in x + 1..next {
                    let remains = self.parser.screen().cell(y, covered).unwrap().contents();
                    assert!(!remains.contains(|c: char| c.is_ascii_graphic()), "{what}: {remains} is left in row {y}");
                }
                x = next;
            }
        }
    }
}

fn rows(buffer: &Buffer) -> String {
    let row = |y| (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..buffer.area.height).map(row).collect::<Vec<_>>().join("\n")
}

/// A chat in which every name, title and message is `text`.
fn chat_of(text: &str, width: u16, height: u16) -> Story {
    let mut story = Story::online(width, height);
    let named = |username: &str| {
        let mut person = person(username, text);
        person.username = SafeText::line(&format!("{username}{text}"));
        Some(Box::new(person))
    };
    let message_of =
        |id: &str, author: &str, at| MessageInfo { author_info: named(author), ..message(id, author, text, at) };
    let last = || message_of("m2", "alice", -60_000);
    let older = MessageInfo { sent_at: BEGIN + -300_000, ..last() };
    let rooms: Vec<RoomInfo> =
        vec![room("r1", text, &["alice"], last()), room("r2", &format!("a{text}"), &["alice", "bob"], older)];
    for _load_and_reload in 0..2 {
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: rooms.clone() });
        story.history("r1", 1, 1, vec![message_of("m1", "me", -120_000), message_of("m2", "alice", -60_000)]);
        story.wait(2_000);
    }
    story
}

#[test]
fn borders_and_times_stay_in_their_columns() {
    for (width, height) in [(80, 24), (40, 12), (23, 9)] {
        for text in difficult_texts() {
            let (mut emulator, bytes) = Emulator::new(width, height);
            emulator.draw(&bytes, &chat_of(&"x".repeat(60), width, height).state, "the previous frame");
            let mut story = chat_of(&text, width, height);
            let mut draw =
                |story: &Story, what: &str| emulator.draw(&bytes, &story.state, &format!("{what} of {text}"));
            draw(&story, "the chat");
            let person = person("alice", &text);
            story.server(ServerEvent::Typing {
                person,
                room: None,
                activity: Some(minchat_tui::domain::Activity::Typing),
            });
            draw(&story, "typing");
            story.types(&text);
            draw(&story, "the composer");
            for keys in ["f2", "esc", "ctrl+k", "esc", "tab", "d", "esc", "esc", "pageup"] {
                story.keys(keys);
                draw(&story, keys);
            }
            for typed in [text.as_str(), "x", "日"] {
                story.keys("esc ctrl+f");
                story.event(Event::Paste(typed.to_owned()));
                draw(&story, "the search");
                story.keys("esc");
            }
            story.server(ServerEvent::Deleted(message_id("m2")));
            story.server(ServerEvent::Notice(SafeText::line(&text)));
            draw(&story, "the frame after deletion");
        }
    }
}

#[test]
fn time_is_in_the_column_it_has_beside_plain_text() {
    let column = |story: &Story| {
        let (buffer, _) = story.frame();
        let at = |y: u16| {
            let row = (0..80u16).map(|x| {
                buffer[(x, y)]
                    .symbol()
                    .chars()
                    .find(|c| !matches!(c, '\u{2066}' | '\u{2067}' | '\u{2069}' | '\u{202c}' | '\u{202d}'))
            });
            let row: String = row.map(|c| c.unwrap_or(' ')).collect();
            row.char_indices().find(|(at, _)| row[*at..].starts_with("17:5")).map(|(at, _)| row[..at].chars().count())
        };
        // Times beside a name are where the name ends.
        (0..24).filter_map(at).filter(|column| !(24..60).contains(column)).collect::<Vec<_>>()
    };
    let chat_of = |text: &str, width, height| {
        let mut story = chat_of(text, width, height);
        story.keys("tab");
        story
    };
    let plain = column(&chat_of("plain", 80, 24));
    assert!(plain.iter().any(|column| *column > 60), "{plain:?}");
    for grapheme in GRAPHEMES {
        assert_eq!(column(&chat_of(grapheme, 80, 24)), plain, "{grapheme}");
    }
}

#[test]
fn text_and_painter_measure_equally() {
    for text in difficult_texts() {
        let safe = SafeText::block(&text);
        assert_eq!(safe.as_str(), text, "ordinary text is not changed");
        assert_eq!(width(&text), graphemes(&text).map(|(_, cells)| cells).sum::<usize>());
    }
    let (buffer, _) = chat_of(&GRAPHEMES.concat(), 100, 40).frame();
    for cell in buffer.content() {
        let measured = width(cell.symbol()).max(1);
        assert_eq!(usize::from(cell.cell_width()).max(1), measured, "{:?}", cell.symbol());
    }
}

/// Each isolate or override that begins on a row ends on it, also under an overlay.
#[test]
fn only_right_to_left_text_is_isolated() {
    let count = |story: &Story| {
        let (buffer, _) = story.frame();
        let mut begun = 0;
        for row in rows(&buffer).lines() {
            let mut open = 0;
            for c in row.chars() {
                match c {
                    '\u{2066}' | '\u{2067}' | '\u{202d}' => (open, begun) = (open + 1, begun + 1),
                    '\u{2069}' | '\u{202c}' => open -= 1,
                    '│' | '╭' | '╮' => assert_eq!(open, 0, "a border inside an isolate: {row}"),
                    _ => {}
                }
                assert!((0..=1).contains(&open), "{row}");
            }
            assert_eq!(open, 0, "{row}");
        }
        begun
    };
    let texts = ["שלום עולם, שלום עולם, שלום עולם, שלום עולם, שלום", "سلام 12:30", "א"];
    for (text, bidi) in texts.iter().flat_map(|text| [(*text, Bidi::Terminal), (*text, Bidi::Program)]) {
        let mut story = chat_of(text, 90, 20);
        story.state.options.bidi = bidi;
        assert!(count(&story) >= 6, "{}", story.screen());
        story.types(text);
        for keys in ["f2", "esc", "ctrl+k", "esc", "f1", "esc", "ctrl+b"] {
            story.keys(keys);
            assert!(count(&story) > 0, "{keys}: {}", story.screen());
        }
        for typed in [text, &text[..2]] {
            story.keys("esc ctrl+f").event(Event::Paste(typed.to_owned()));
            assert!(count(&story) > 0, "{typed}: {}", story.screen());
        }
        story.state.options.ascii = true;
        assert_eq!(count(&story), 0);
    }
    assert_eq!(count(&chat_of("Grüße 👨‍👩‍👧 日本", 60, 16)), 0);
}
