//! A random story for the program's state: keys, server frames as the adapters decode them, answers to requests,
//! failures and time. The invariants of [`crate::story`] are checked after each step.

use minchat_tui::app::{Event, FilePurpose, FileRequest, FolderEntry, FolderListing, FolderRequest, Size};
use minchat_tui::domain::{AccountId, Capabilities, ConnectionStatus, Failure, OutgoingFile, Request, ServerEvent};
use minchat_tui::input::{Code, Key, Mouse, MouseKind};
use minchat_tui::protocol::Protocol;
use minchat_tui::text::SafeText;

use super::adapters;
use super::dice::Dice;
use crate::story::{MINCHAT, Story, VCHAT, check, room_id};

/// Maximum number of steps of a story.
const STEPS: usize = 120;

const KEYS: [&str; 51] = [
    "enter",
    "up",
    "down",
    "left",
    "right",
    "esc",
    "tab",
    "e",
    "d",
    "y",
    "n",
    "r",
    "x",
    "f",
    "s",
    "pageup",
    "pagedown",
    "ctrl+k",
    "ctrl+b",
    "alt+down",
    "alt+up",
    "alt+a",
    "f1",
    "f2",
    "backspace",
    "ctrl+home",
    "ctrl+end",
    "alt+enter",
    "ctrl+w",
    "ctrl+c",
    "p",
    "home",
    "end",
    "delete",
    "ctrl+u",
    "ctrl+f",
    "ctrl+y",
    "alt+y",
    "alt+p",
    "alt+n",
    "alt+t",
    "ctrl+t",
    "alt+u",
    "alt+z",
    "alt+shift+z",
    "shift+left",
    "shift+up",
    "shift+home",
    "ctrl+shift+right",
    "ctrl+x",
    "alt+e",
];

const TYPED: [&str; 20] = [
    "a",
    "word and word",
    "日本語",
    "👨‍👩‍👧",
    "/go x",
    "/archived",
    "/people a",
    "/info",
    "/leave",
    "/unblock",
    "/archive",
    "/stars",
    "/calls",
    "/call",
    "hi @a",
    "`:tada:` :wave",
    "/file /x",
    "//y",
    "/broadcast t a b",
    "/group t a b",
];

/// Runs one story.
pub fn run(data: &[u8]) {
    let mut dice = Dice::new(data);
    let vchat = dice.chance();
    let can = if vchat { VCHAT } else { MINCHAT };
    let mut protocol: Box<dyn Protocol> =
        if vchat { Box::new(adapters::vchat()) } else { Box::new(adapters::minchat()) };
    let mut story = if dice.below(4) == 0 { Story::new(60, 12) } else { Story::chat_on(can, 70, 16) };
    let mut requests: Vec<Request> = Vec::new();
    for _ in 0..STEPS {
        if dice.is_exhausted() {
            break;
        }
        step(&mut story, can, &mut *protocol, &mut requests, &mut dice);
        requests.extend(story.requests());
        // The network holds a bounded number of requests too.
        let surplus = requests.len().saturating_sub(32);
        requests.drain(..surplus);
        check(&story);
    }
}

/// Runs one step.
fn step(
    story: &mut Story,
    can: Capabilities,
    protocol: &mut dyn Protocol,
    requests: &mut Vec<Request>,
    dice: &mut Dice<'_>,
) {
    match dice.below(18) {
        0..=3 => {
            story.keys(dice.one_of(&KEYS));
        }
        4 => {
            let text = dice.one_of(&TYPED);
            story.types(text);
            if text.starts_with("/file") {
                let folder = FolderEntry { name: "x日本".into(), size: None };
                let entries = vec![folder, FolderEntry { name: "xyz".into(), size: Some(7) }];
                let request = FolderRequest { folder: String::new(), prefix: String::new() };
                story.event(Event::Folder(FolderListing { request, entries: entries.clone(), is_cut: false }));
                let request = FolderRequest { folder: "/".into(), prefix: String::new() };
                story.event(Event::Folder(FolderListing { request, entries, is_cut: false }));
            }
        }
        5 => {
            let text = dice.text(&TYPED);
            story.event(Event::Paste(text));
        }
        6 => {
            let c = char::from_u32(u32::from(dice.byte()) << dice.below(13)).unwrap_or('x');
            story.event(Event::Key(Key { code: Code::Char(c), ctrl: dice.chance(), alt: dice.chance(), shift: false }));
        }
        7 => {
            let kind = dice.one_of(&[MouseKind::Click, MouseKind::Drag, MouseKind::WheelUp, MouseKind::WheelDown]);
            let (column, row) = (u16::from(dice.byte()), u16::from(dice.byte()));
            story.event(Event::Mouse(Mouse { kind, column, row }));
        }
        8 => {
            let (width, height) = (u16::from(dice.byte()), u16::from(dice.byte() % 60));
            story.event(Event::Resize(Size { width, height }));
        }
        9 => {
            story.event(Event::Focus(dice.chance()));
        }
        10 => {
            story.wait(i64::from(dice.byte()) * 100);
        }
        11 => {
            let events = protocol.decode(adapters::frame_for(can, dice));
            handle_all(story, events.unwrap_or_default());
        }
        12..=14 => {
            let Some(request) = requests.pop() else { return };
            let events = protocol.decode(adapters::answer_for(can, request.clone(), dice));
            let reason = SafeText::line("It cannot be read.");
            let failure = Failure::Uncertain;
            handle_all(story, events.unwrap_or_else(|_| vec![ServerEvent::Failed { request, failure, reason }]));
        }
        15 => {
            let Some(request) = requests.pop() else { return };
            match dice.below(3) {
                0 => drop(story.event(Event::RequestRejected(AccountId(0), request))),
                1 => drop(story.server(ServerEvent::Done(request))),
                _ => {
                    let ways = [Failure::Refused, Failure::NotSent, Failure::RetryLater, Failure::Uncertain];
                    // Does not use the dice, so that stored inputs keep their meaning.
                    let failure = ways[requests.len() % ways.len()];
                    story.server(ServerEvent::Failed { request, failure, reason: SafeText::line("No.") });
                }
            }
        }
        16 => {
            let reason = SafeText::line("The network is down.");
            let status = match dice.below(4) {
                0 => ConnectionStatus::Connecting,
                1 => ConnectionStatus::Online,
                2 => ConnectionStatus::Refused { reason },
                _ => ConnectionStatus::Offline { retry_in: dice.number(), reason },
            };
            story.server(ServerEvent::Connection(status));
        }
        _ => match dice.below(4) {
            0 => drop(story.server(ServerEvent::EventsLost)),
            1 => drop(story.event(Event::Notice("A program could not be started.".into()))),
            2 => {
                let request = FileRequest {
                    path: "/x".into(),
                    purpose: FilePurpose::Message { room: room_id("r1"), reply_to: None, as_file: dice.chance() },
                };
                let facts: Result<OutgoingFile, String> = Err("There is no such file.".into());
                story.event(Event::File(AccountId(0), request, facts));
            }
            _ => drop(story.event(Event::Server(AccountId(7), ServerEvent::EventsLost))),
        },
    }
}

fn handle_all(story: &mut Story, events: Vec<ServerEvent>) {
    for event in events {
        story.server(event);
    }
}
