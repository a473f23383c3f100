//! The terminal: set up, given back on every way out, and read.

use std::io::{self, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{
    self, DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, KeyboardEnhancementFlags, MouseButton,
    MouseEvent, MouseEventKind, PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{execute, queue};
use tokio::sync::mpsc;

use crate::app::{Event, Size, State};
use crate::input::{Code, Key, Mouse, MouseKind};

use super::event_loop::{Display, Input};
use super::screen::Screen;

/// Whether the terminal is ours now. Global, since the panic hook has to know.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours.
#[derive(Debug)]
pub(super) struct Terminal {
    screen: Screen<Stdout>,
    mouse: bool,
}

impl Terminal {
    /// Takes the terminal over.
    pub(super) fn enter(mouse: bool) -> io::Result<Self> {
        set_up(mouse)?;
        Ok(Self { screen: Screen::new(io::stdout()), mouse })
    }

    /// Its size.
    pub(super) fn size() -> Size {
        let (width, height) = crossterm::terminal::size().unwrap_or((80, 24));
        Size { width, height }
    }
}

impl Display for Terminal {
    fn draw(&mut self, state: &State) -> io::Result<()> {
        self.screen.draw(state)
    }

    fn invalidate(&mut self) {
        self.screen.invalidate();
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))
    }

    fn suspend(&mut self) -> io::Result<()> {
        give_back();
        super::signals::stop_process()?;
        self.resume()
    }

    fn resume(&mut self) -> io::Result<()> {
        set_up(self.mouse)?;
        self.screen.invalidate();
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

fn set_up(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    let mut out = io::stdout();
    queue!(out, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange)?;
    // Sent without asking whether the terminal knows it: the question costs a round trip, and those that do not
    // know it ignore it.
    queue!(out, PushKeyboardEnhancementFlags(KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES))?;
    if mouse {
        queue!(out, EnableMouseCapture)?;
    }
    out.flush()
}

/// Gives the terminal back as it was, if it is ours. Safe to call from anywhere, any number of times.
pub(super) fn give_back() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    // Nothing can be done for a terminal that is gone.
    let _ = execute!(
        io::stdout(),
        DisableMouseCapture,
        PopKeyboardEnhancementFlags,
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        crossterm::cursor::Show,
    );
    let _ = disable_raw_mode();
}

/// Reads the terminal on a thread of its own, which waits when the queue is full.
pub(super) fn read_into(inputs: mpsc::Sender<Input>) -> io::Result<()> {
    let reader = thread::Builder::new().name("terminal".to_owned()).stack_size(256 * 1024);
    reader.spawn(move || {
        loop {
            let input = match event::read() {
                Ok(event) => translate(event),
                Err(_) => Some(Input::End),
            };
            let ended = input == Some(Input::End);
            if input.is_some_and(|input| inputs.blocking_send(input).is_err()) || ended {
                return;
            }
        }
    })?;
    Ok(())
}

fn translate(event: event::Event) -> Option<Input> {
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
        // Legacy terminals send the byte of Ctrl+/ as Ctrl+7 and that of Ctrl+J as a line feed.
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
        MouseEventKind::ScrollUp => MouseKind::WheelUp,
        MouseEventKind::ScrollDown => MouseKind::WheelDown,
        _ => return None,
    };
    Some(Mouse { kind, column: mouse.column, row: mouse.row })
}
