//! The terminal: set up, and given back on every way out.

use std::io::{self, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture, KeyboardEnhancementFlags, PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{execute, queue};

use crate::app::{Size, State};

use super::event_loop::Display;
use super::screen::Screen;

/// Whether the terminal is ours now. Global, since the panic hook has to know.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours.
#[derive(Debug)]
pub(super) struct Terminal {
    screen: Screen<Stdout>,
    mouse: bool,
    /// We stopped and went on by ourselves; the signal that says so is still to come, and changes nothing.
    told: bool,
}

impl Terminal {
    /// Takes the terminal over.
    pub(super) fn enter(mouse: bool) -> io::Result<Self> {
        set_up(mouse).inspect_err(|_| give_back())?;
        Ok(Self { screen: Screen::new(io::stdout()), mouse, told: false })
    }
}

/// The size of the terminal; the usual one where it does not say.
pub(super) fn size() -> Size {
    let (width, height) = crossterm::terminal::size().unwrap_or((80, 24));
    Size { width, height }
}

impl Display for Terminal {
    fn draw(&mut self, state: &State) -> io::Result<bool> {
        self.screen.draw(state)
    }

    fn size(&self) -> Size {
        size()
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
        self.told = true;
        set_up(self.mouse)?;
        self.screen.invalidate();
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.told) {
            return Ok(());
        }
        // The stop could not be caught, so the terminal is still set up as far as we know; but the shell has had it
        // meanwhile. From the beginning, then: raw mode is only entered by whoever thinks it is off, and keyboard
        // flags that are pushed twice and popped once stay behind in the shell.
        give_back();
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
    super::tty::never_block()?;
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
