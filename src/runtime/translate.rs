//! Translation of crossterm events into inputs of the program.

use crossterm::event::{self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::app::{Event, Size};
use crate::input::{Code, Key, Mouse, MouseKind};

use super::event_loop::Input;

/// Returns the input for a terminal event; `None` if the event is of no interest.
pub(super) fn translate(event: event::Event) -> Option<Input> {
    let event = match event {
        event::Event::Key(key) if key.kind != KeyEventKind::Release => Event::Key(translate_key(key)?),
        event::Event::Paste(text) => Event::Paste(text),
        event::Event::Resize(width, height) => Event::Resize(Size { width, height }),
        event::Event::FocusGained => Event::Focus(true),
        event::Event::FocusLost => Event::Focus(false),
        event::Event::Mouse(mouse) => Event::Mouse(translate_mouse(mouse)?),
        event::Event::Key(_) => return None,
    };
    Some(Input::Event(event))
}

fn translate_key(key: KeyEvent) -> Option<Key> {
    let mut shift = key.modifiers.contains(KeyModifiers::SHIFT);
    let mut ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let code = match key.code {
        // In legacy encodings Ctrl+/ arrives as Ctrl+7, and Ctrl+J as a line feed.
        KeyCode::Char('7') if ctrl => Code::Char('/'),
        KeyCode::Char('\n') => {
            ctrl = true;
            Code::Char('j')
        }
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::F(number) => Code::F(number),
        KeyCode::Enter => Code::Enter,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => {
            shift = true;
            Code::Tab
        }
        KeyCode::Esc => Code::Esc,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    Some(Key::new(code, ctrl, key.modifiers.contains(KeyModifiers::ALT), shift))
}

fn translate_mouse(mouse: MouseEvent) -> Option<Mouse> {
    let kind = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseKind::Click,
        MouseEventKind::Drag(MouseButton::Left) => MouseKind::Drag,
        MouseEventKind::ScrollUp => MouseKind::WheelUp,
        MouseEventKind::ScrollDown => MouseKind::WheelDown,
        _ => return None,
    };
    Some(Mouse { kind, column: mouse.column, row: mouse.row })
}
