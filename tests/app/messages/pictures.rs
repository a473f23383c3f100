//! Pictures among the messages.

use minchat_tui::app::{Effect, Event, PersistenceState};
use minchat_tui::config::{ColorDepth, PictureProtocol, Pictures};
use minchat_tui::domain::{
    AccountId, Attachment, AttachmentKind, Capabilities, ConnectionStatus, Drawing, DrawingForm, MessageInfo, Picture,
    PictureRequest, Request, ServerEvent,
};
use minchat_tui::input::{Mouse, MouseKind};
use minchat_tui::runtime::Screen;
use minchat_tui::store::Answer;
use minchat_tui::text::SafeText;
use ratatui::style::Color;
use test_support::story::*;

const URL: &str = "https://chat.example/files/cat.png";

/// A message with a picture at this address.
fn picture_message(id: &str, url: &str, at: i64) -> MessageInfo {
    let file = Attachment {
        kind: AttachmentKind::Image,
        name: SafeText::line("cat.png"),
        size: SafeText::line("2 MB"),
        bytes: None,
        url: SafeText::line(url),
        duration: None,
    };
    MessageInfo { attachment: Some(Box::new(file)), ..message(id, "alice", "", at) }
}

/// A chat on `chat.example` that shows pictures.
fn chat(can: Capabilities, width: u16, height: u16, pictures: Pictures) -> Story {
    let mut story = Story::chat_on(can, width, height);
    story.state.options.pictures = pictures;
    story.state.account_mut().profile.url = "https://chat.example".into();
    story
}

/// Returns the pictures that were requested since the last call.
fn requested(story: &mut Story) -> Vec<PictureRequest> {
    let requests = story.effects.iter().filter_map(|effect| match effect {
        Effect::LoadPicture(_, request) => Some(request.clone()),
        _ => None,
    });
    let requests = requests.collect();
    story.effects.clear();
    requests
}

/// Four red pixels above four blue ones, and so on.
fn stripes(width: u16, rows: u16) -> Picture {
    let pixels = (0..rows * 2).flat_map(|y| {
        let color = if y % 2 == 0 { [255, 0, 0] } else { [0, 0, 255] };
        vec![Some(color); width.into()]
    });
    Picture::new(width, pixels.collect::<Vec<_>>())
}

fn answer(story: &mut Story, request: PictureRequest, loaded: Result<Picture, &str>) {
    story.event(Event::Picture(AccountId(0), request, loaded.map_err(str::to_owned)));
}

/// The rows of the pane on which half blocks are shown.
fn rows_with_blocks(story: &Story) -> usize {
    story.pane().lines().filter(|row| row.contains('▀')).count()
}

#[test]
fn picture_on_screen_is_loaded_and_shown() {
    for can in [MINCHAT, VCHAT] {
        let mut story = chat(can, 100, 30, Pictures::SameHost);
        story.server(ServerEvent::Message(picture_message("m3", URL, 5)));
        let requests = requested(&mut story);
        assert_eq!(requests, [PictureRequest { url: URL.into(), columns: 56, rows: 10, is_enlarged: false }]);
        story.shows("[image] cat.png (2 MB)").shows("Loading picture…");
        let before = story.screen();
        answer(&mut story, requests[0].clone(), Ok(stripes(8, 10)));
        story.lacks("Loading picture").shows("▀▀▀▀▀▀▀▀");
        assert_eq!(rows_with_blocks(&story), 10);
        let name = |screen: &str| screen.lines().position(|row| row.contains("cat.png (2 MB)"));
        assert_eq!(name(&before), name(&story.screen()), "nothing moves when the picture arrives");
        let frame = story.frame().0;
        let cell = frame.content().iter().find(|cell| cell.symbol() == "▀").unwrap();
        assert_eq!((cell.fg, cell.bg), (Color::Rgb(255, 0, 0), Color::Rgb(0, 0, 255)));
        story.state.options.colors = ColorDepth::Palette;
        let frame = story.frame().0;
        let cell = frame.content().iter().find(|cell| cell.symbol() == "▀").unwrap();
        assert_eq!((cell.fg, cell.bg), (Color::Indexed(196), Color::Indexed(21)));
        assert_eq!(requested(&mut story), [], "it is loaded once");
    }
}

#[test]
fn picture_elsewhere_is_shown_only_if_all_are() {
    for (url, expected) in [
        (URL, [true, true]),
        ("https://chat.example:8443/cat.png", [true, true]),
        ("http://chat.example/cat.png", [false, true]),
        ("https://tracker.example/cat.png", [false, true]),
        ("https://chat.example.evil.example/cat.png", [false, true]),
        ("https://chat.example@evil.example/cat.png", [false, false]),
        ("https://me:secret@chat.example/cat.png", [false, false]),
        ("file:///home/me/cat.png", [false, false]),
        ("/home/me/cat.png", [false, false]),
    ] {
        for (pictures, is_shown) in [Pictures::SameHost, Pictures::All].into_iter().zip(expected) {
            let mut story = chat(MINCHAT, 100, 30, pictures);
            story.server(ServerEvent::Message(picture_message("m3", url, 5))).shows("[image] cat.png (2 MB)");
            assert_eq!(requested(&mut story).len(), usize::from(is_shown), "{url} {pictures:?}");
            if !is_shown {
                story.lacks("Loading picture");
            }
        }
    }
}

#[test]
fn pictures_can_be_turned_off_and_need_space() {
    for (pictures, width, height) in [(Pictures::Off, 100, 30), (Pictures::All, 40, 12)] {
        let mut story = chat(MINCHAT, width, height, pictures);
        story.server(ServerEvent::Message(picture_message("m3", URL, 5))).shows("cat.png").lacks("Loading picture");
        assert_eq!(requested(&mut story), []);
    }
}

#[test]
fn picture_that_cannot_be_shown_says_why() {
    let mut story = chat(MINCHAT, 100, 30, Pictures::SameHost);
    story.server(ServerEvent::Message(picture_message("m3", URL, 5)));
    let request = requested(&mut story).remove(0);
    answer(&mut story, request, Err("its file is damaged."));
    story.shows("[image] cat.png (2 MB)").shows("Cannot show the picture: its file is damaged.");
    assert_eq!(requested(&mut story), [], "it is not requested again and again");
    story.server(ServerEvent::Connection(minchat_tui::domain::ConnectionStatus::Connecting));
    story.server(ServerEvent::Connection(minchat_tui::domain::ConnectionStatus::Online));
    assert_eq!(requested(&mut story).len(), 1, "a new connection may help");
}

#[test]
fn only_pictures_on_screen_are_loaded_a_few_at_a_time() {
    let mut story = chat(MINCHAT, 100, 60, Pictures::SameHost);
    for number in 0..12 {
        let url = format!("https://chat.example/{number}.png");
        story.server(ServerEvent::Message(picture_message(&format!("p{number}"), &url, 5 + number)));
    }
    let first = requested(&mut story);
    assert!(first.len() <= 4, "{first:?}");
    let mut loaded = 0;
    let mut waiting = first;
    while let Some(request) = waiting.pop() {
        loaded += 1;
        answer(&mut story, request, Ok(stripes(8, 14)));
        waiting.extend(requested(&mut story));
    }
    assert!((4..12).contains(&loaded), "{loaded} pictures were loaded");
}

#[test]
fn picture_is_scaled_again_when_the_screen_changes() {
    let mut story = chat(MINCHAT, 100, 30, Pictures::SameHost);
    story.server(ServerEvent::Message(picture_message("m3", URL, 5)));
    let request = requested(&mut story).remove(0);
    answer(&mut story, request, Ok(stripes(40, 10)));
    story.event(Event::Resize(minchat_tui::app::Size { width: 80, height: 24 }));
    let requests = requested(&mut story);
    assert_eq!(requests, [PictureRequest { url: URL.into(), columns: 42, rows: 8, is_enlarged: false }]);
    assert_eq!(rows_with_blocks(&story), 8, "the old one is shown until then");
    answer(&mut story, requests[0].clone(), Ok(stripes(6, 8)));
    story.shows("▀▀▀▀▀▀").lacks("▀▀▀▀▀▀▀");
}

#[test]
fn selection_does_not_change_the_colors_of_a_picture() {
    let mut story = chat(MINCHAT, 100, 30, Pictures::SameHost);
    story.server(ServerEvent::Message(picture_message("m3", URL, 5)));
    let request = requested(&mut story).remove(0);
    answer(&mut story, request, Ok(stripes(8, 10)));
    let colors = |story: &Story| {
        let frame = story.frame().0;
        let cells = frame.content().iter().filter(|cell| cell.symbol() == "▀");
        cells.map(|cell| (cell.fg, cell.bg, cell.modifier)).collect::<Vec<_>>()
    };
    let before = colors(&story);
    story.keys("tab");
    assert_eq!(colors(&story), before);
}

/// A picture of `width` columns in which each column has a red part of its own.
fn gradient(width: u16, rows: u16) -> Picture {
    let pixels = (0..rows * 2).flat_map(|_| (0..width).map(|x| Some([u8::try_from(x).unwrap_or(255), 0, 0])));
    Picture::new(width, pixels.collect::<Vec<_>>())
}

/// The red part of the first and the last cell of the row of blocks in the middle of the screen.
fn ends(story: &Story) -> (u8, u8) {
    let frame = story.frame().0;
    let row = frame.area.height / 2;
    let cells = (0..frame.area.width).map(|x| &frame[(x, row)]).filter(|cell| cell.symbol() == "▀");
    let red = |color| if let Color::Rgb(red, ..) = color { red } else { panic!("no color") };
    let reds: Vec<u8> = cells.map(|cell| red(cell.fg)).collect();
    (reds[0], reds[reds.len() - 1])
}

#[test]
fn picture_is_enlarged_zoomed_and_moved() {
    for can in [MINCHAT, VCHAT] {
        let mut story = chat(can, 100, 30, Pictures::SameHost);
        story.server(ServerEvent::Message(picture_message("m3", URL, 5)));
        let request = requested(&mut story).remove(0);
        answer(&mut story, request, Ok(stripes(8, 10)));
        story.keys("tab").shows("p picture").keys("p");
        story.shows("[image] cat.png (2 MB)").shows("Loading picture…").shows("+ zoom in · Esc close");
        let whole = PictureRequest { url: URL.into(), columns: 96, rows: 27, is_enlarged: true };
        assert_eq!(requested(&mut story), std::slice::from_ref(&whole));
        answer(&mut story, whole.clone(), Ok(gradient(40, 27)));
        assert_eq!((ends(&story), rows_of_blocks(&story)), ((0, 39), 27));
        insta::assert_snapshot!(format!("picture_{}", if can == VCHAT { "vchat" } else { "minchat" }), story.screen());
        story.keys("+").shows("200 %").shows("- zoom out");
        let zoomed = PictureRequest { columns: 192, rows: 54, ..whole.clone() };
        assert_eq!(requested(&mut story), std::slice::from_ref(&zoomed));
        answer(&mut story, zoomed, Ok(gradient(192, 54)));
        assert_eq!(ends(&story), (48, 143), "the middle stays");
        story.keys("left left left left left left left");
        assert_eq!(ends(&story), (0, 95));
        story.keys("l");
        assert!(ends(&story).0 > 0, "one key comes back from the end");
        story.keys("0").lacks("200 %");
        assert_eq!(requested(&mut story), [whole]);
        story.keys("esc").lacks("zoom in").lacks("Esc close");
    }
}

fn rows_of_blocks(story: &Story) -> usize {
    story.screen().lines().filter(|row| row.contains('▀')).count()
}

#[test]
fn picture_is_enlarged_by_click_and_menu_and_on_small_screens() {
    let mut story = chat(MINCHAT, 100, 30, Pictures::SameHost);
    story.server(ServerEvent::Message(picture_message("m3", URL, 5)));
    let row = story.screen().lines().position(|row| row.contains("Loading picture")).unwrap();
    let mouse = Mouse { kind: MouseKind::Click, column: 60, row: u16::try_from(row).unwrap() };
    story.event(Event::Mouse(mouse)).shows("zoom in").keys("esc").lacks("zoom in");
    story.keys("enter").shows("Show the picture on the whole screen");
    let mut small = chat(MINCHAT, 40, 12, Pictures::SameHost);
    small.server(ServerEvent::Message(picture_message("m3", URL, 5))).keys("tab p").shows("Loading picture");
    let request = requested(&mut small).remove(0);
    assert_eq!((request.columns, request.rows, request.is_enlarged), (36, 9, true));
    answer(&mut small, request, Err("its file is damaged."));
    small.shows("its file is damaged.");
}

#[test]
fn message_without_a_permitted_picture_offers_none() {
    for (pictures, url, reason) in [
        (Pictures::Off, URL, "Pictures are off. To show them, change pictures in /settings."),
        (
            Pictures::SameHost,
            "https://tracker.example:4700/x.png",
            "This picture is on another host, tracker.example:4700. To show it, set pictures to all in /settings.",
        ),
        (
            Pictures::SameHost,
            "http://chat.example/x.png",
            "This picture is not encrypted on its way. To show it, set pictures to all in /settings.",
        ),
        (
            Pictures::All,
            "https://me:secret@chat.example/x.png",
            "The address of this picture has a password, so it is not loaded. Press o to open it.",
        ),
        (Pictures::All, "file:///x.png", "This picture has no web address, so it cannot be shown."),
    ] {
        let mut story = chat(MINCHAT, 130, 30, pictures);
        story.server(ServerEvent::Message(picture_message("m3", url, 5))).keys("tab").lacks("p picture");
        story.keys("p").shows(reason);
        assert_eq!(requested(&mut story), []);
    }
}

#[test]
fn terminal_without_pictures_is_named() {
    type Change = fn(&mut minchat_tui::app::Options);
    let changes: [(Change, &str); 2] = [
        (|options| options.ascii = true, "Pictures cannot be shown in ASCII. Press o to open it."),
        (
            |options| options.theme = minchat_tui::config::Theme::built_in("plain").expect("a theme"),
            "Pictures cannot be shown without colors. Press o to open it.",
        ),
    ];
    for (change, reason) in changes {
        let mut story = chat(VCHAT, 120, 30, Pictures::Off);
        change(&mut story.state.options);
        story.server(ServerEvent::Message(picture_message("m3", URL, 5))).keys("tab p").shows(reason);
        story.keys("up p").shows("This message has no picture.");
    }
}

#[test]
fn picture_of_a_deleted_message_is_gone() {
    let mut story = chat(MINCHAT, 100, 30, Pictures::SameHost);
    story.server(ServerEvent::Message(picture_message("m3", URL, 5)));
    let request = requested(&mut story).remove(0);
    answer(&mut story, request, Ok(stripes(8, 10)));
    story.server(ServerEvent::Deleted(message_id("m3"))).shows("Message deleted");
    assert_eq!(rows_with_blocks(&story), 0);
}

/// Returns the addresses whose pictures were to be removed from the disk since the last call.
fn forgotten(story: &mut Story) -> Vec<String> {
    let effects = std::mem::take(&mut story.effects).into_iter();
    let urls = effects.filter_map(|effect| match effect {
        Effect::ForgetPictures(_, urls) => Some(urls),
        _ => None,
    });
    urls.flatten().collect()
}

/// The cached picture of a deleted message stayed on disk until newer ones took its place.
#[test]
fn picture_of_a_deleted_message_leaves_the_disk() {
    let deletions = [
        ("by anyone", ServerEvent::Deleted(message_id("m3"))),
        ("for me", ServerEvent::Done(Request::DeleteForMe { room: room_id("r1"), message: message_id("m3") })),
        ("reported again", {
            let info = picture_message("m3", URL, 5);
            ServerEvent::Message(MessageInfo { deleted: true, attachment: None, ..info })
        }),
        ("room", ServerEvent::RoomDeleted(room_id("r1"))),
    ];
    for can in [MINCHAT, VCHAT] {
        for is_stored in [false, true] {
            for (how, deletion) in &deletions {
                let mut story = chat(can, 100, 30, Pictures::SameHost);
                if is_stored {
                    story.state.account_mut().persistence = PersistenceState::on_disk();
                    story.event(Event::Store(AccountId(0), Answer::Loaded(Box::default())));
                }
                story.server(ServerEvent::Message(picture_message("m3", URL, 5))).wait(1_000);
                assert_eq!(forgotten(&mut story), [""; 0], "{how}");
                story.server(deletion.clone()).wait(1_000);
                assert_eq!(forgotten(&mut story), [URL], "{how} {is_stored}");
                story.server(ServerEvent::Message(message("m9", "alice", "Next", 9))).wait(1_000);
                assert_eq!(forgotten(&mut story), [""; 0], "{how}: once");
            }
        }
    }
}

#[test]
fn picture_missing_from_a_page_leaves_the_disk() {
    let mut story = chat(MINCHAT, 100, 30, Pictures::SameHost);
    story.server(ServerEvent::Message(picture_message("m3", URL, 5)));
    story.server(ServerEvent::Message(message("m4", "alice", "Next", 6)));
    story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 1_000, reason: SafeText::default() }));
    story.server(ServerEvent::Connection(ConnectionStatus::Online));
    assert_eq!(forgotten(&mut story), [""; 0]);
    let page = [message("m2", "alice", "How are you?", -60_000), message("m4", "alice", "Next", 6)];
    story.history("r1", 1, 1, page.to_vec()).wait(1_000);
    story.shows("Message deleted");
    assert_eq!(forgotten(&mut story), [URL]);
}

/// Regression test: the picture was fetched again, and stayed on the disk.
#[test]
fn enlarged_picture_is_closed_when_its_message_is_deleted() {
    for can in [MINCHAT, VCHAT] {
        let mut story = chat(can, 100, 30, Pictures::SameHost);
        story.server(ServerEvent::Message(picture_message("m3", URL, 5))).keys("tab p").shows("zoom in");
        let loading = requested(&mut story);
        let revoked =
            ServerEvent::Revoked { room: room_id("r1"), message: message_id("m3"), author: person_id("alice") };
        story.server(if can == VCHAT { revoked } else { ServerEvent::Deleted(message_id("m3")) }).wait(1_000);
        story.lacks("zoom in").shows("Message deleted");
        for request in loading {
            answer(&mut story, request, Ok(gradient(40, 27)));
        }
        assert_eq!(requested(story.wait(1_000)), []);
    }
}

/// A chat with a picture of eight columns and two rows that the terminal draws itself.
fn chat_with_drawing(form: DrawingForm) -> Story {
    let mut story = chat(MINCHAT, 100, 30, Pictures::SameHost);
    story.server(ServerEvent::Message(picture_message("m3", URL, 5)));
    let request = requested(&mut story).remove(0);
    let drawing = Drawing { id: 0x01_02_03, columns: 8, form };
    answer(&mut story, request, Ok(stripes(8, 2).with_drawing(Some(drawing))));
    story
}

fn screen(protocol: PictureProtocol) -> Screen<Vec<u8>> {
    let mut screen = Screen::new(Vec::new());
    screen.set_pictures(protocol);
    screen
}

/// Draws a frame and returns what was written.
fn written(screen: &mut Screen<Vec<u8>>, story: &Story) -> String {
    screen.draw(&story.state).unwrap();
    String::from_utf8(std::mem::take(screen.out())).unwrap()
}

#[test]
fn terminal_stores_a_picture_once_and_gets_its_cells() {
    let mut story = chat_with_drawing(DrawingForm::Stored(b"<stored>".as_slice().into()));
    let mut screen = screen(PictureProtocol::Kitty);
    let output = written(&mut screen, &story);
    assert_eq!(output.matches("<stored>").count(), 1);
    let (first, last) = ("\u{10eeee}\u{305}\u{305}", "\u{10eeee}\u{30d}\u{33f}");
    assert!(output.find("<stored>") < output.find(first), "before the first cell");
    assert!(output.contains("\x1b[38;2;1;2;3") && output.contains(first) && output.contains(last), "{output:?}");
    story.server(ServerEvent::Message(message("m4", "alice", "Next", 6)));
    let output = written(&mut screen, &story);
    assert!(output.contains(first) && !output.contains("<stored>"), "{output:?}");
    // Another program may have removed it.
    screen.invalidate();
    assert_eq!(written(&mut screen, &story).matches("<stored>").count(), 1);
}

#[test]
fn terminal_draws_the_rows_of_a_picture_that_changed() {
    let mut story = chat_with_drawing(DrawingForm::Rows([b"<one>".to_vec(), b"<two>".to_vec()].into()));
    let mut screen = screen(PictureProtocol::Sixel);
    let output = written(&mut screen, &story);
    assert_eq!((output.matches("<one>").count(), output.matches("<two>").count()), (1, 1), "{output:?}");
    assert!(!output.contains('\u{10eeee}'), "the terminal does not know these cells");
    story.types("x");
    let output = written(&mut screen, &story);
    assert!(!output.contains("<one>") && !output.contains("<two>"), "they are still there");
    story.server(ServerEvent::Message(message("m4", "alice", "Next", 6)));
    let output = written(&mut screen, &story);
    assert!(output.contains("<one>") && output.contains("<two>"), "they have moved");
}

/// A row of a picture is drawn as a whole, so the part of a box over it has to be drawn again.
#[test]
fn box_over_a_picture_stays_readable() {
    let rows: Vec<Vec<u8>> = (0..10).map(|row| format!("<{row}>").into_bytes()).collect();
    let mut story = chat(MINCHAT, 100, 30, Pictures::SameHost);
    story.server(ServerEvent::Message(picture_message("m3", URL, 5)));
    let request = requested(&mut story).remove(0);
    let drawing = Drawing { id: 1, columns: 56, form: DrawingForm::Rows(rows.into()) };
    answer(&mut story, request, Ok(stripes(56, 10).with_drawing(Some(drawing))));
    let mut screen = screen(PictureProtocol::Sixel);
    story.keys("ctrl+k").shows("Jump to latest");
    let output = written(&mut screen, &story);
    assert!(!output.contains('\u{10eeee}'), "{output:?}");
    let (_, after) = output.split_once("<1>").expect("a part of the picture is visible beside the box");
    assert!(after.contains("Ctrl+O"), "{after:?}");
    story.keys("esc");
    assert!(written(&mut screen, &story).contains("<0>"), "drawn again when the box is closed");
}

#[test]
fn terminal_without_pictures_gets_half_blocks() {
    let mut story = chat(MINCHAT, 100, 30, Pictures::SameHost);
    story.server(ServerEvent::Message(picture_message("m3", URL, 5)));
    let request = requested(&mut story).remove(0);
    answer(&mut story, request, Ok(stripes(8, 2)));
    let mut screen = screen(PictureProtocol::Blocks);
    let output = written(&mut screen, &story);
    assert!(output.contains('▀') && !output.contains('\u{10eeee}'));
}
