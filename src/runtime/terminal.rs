//! The terminal: taken over at the start and restored on every way out of the program.

use std::io::{self, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange, KeyboardEnhancementFlags,
    PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use crossterm::style::Print;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{execute, queue};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::{Notification, NotificationId, Options, Size, State, Wizard};
use crate::config::PictureProtocol;
use crate::text::SafeText;
use crate::view::paint_wizard;

use super::device;
use super::event_loop::Display;
use super::screen::Screen;
use super::terminal_notifications::TerminalNotifier;

/// Whether the terminal is taken over. Global, because the panic hook has to know.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Size that is assumed if the terminal does not know its own, as on some serial lines.
const UNKNOWN_SIZE: Size = Size { width: 80, height: 24 };

/// Enhancements of the kitty keyboard protocol. The alternate keys tell where a key is on a US keyboard.
const KEYBOARD: KeyboardEnhancementFlags =
    KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES.union(KeyboardEnhancementFlags::REPORT_ALTERNATE_KEYS);

/// Turns xterm's modifyOtherKeys on, for terminals without the kitty protocol: tmux, xterm, mintty. Level 1 encodes
/// only combinations that have no encoding otherwise, such as Shift+Enter.
const MODIFY_OTHER_KEYS: &str = "\x1b[>4;1m";

/// Resets modifyOtherKeys.
const RESET_OTHER_KEYS: &str = "\x1b[>4m";

/// Asks the terminal for its background color (xterm, "Operating System Commands"). Nothing waits for the answer:
/// terminals that do not know the query ignore it.
const ASK_FOR_BACKGROUND: &str = "\x1b]11;?\x1b\\";

/// Asks the terminal for its name and version (xterm, XTVERSION). Nothing waits for the answer.
const ASK_FOR_VERSION: &str = "\x1b[>q";

/// Resets what a program that crashed may leave behind: keys of applications, scroll margins, colours, mouse, paste and
/// focus reports.
const RESET_MODES: &str = "\x1b[?1l\x1b>\x1b[r\x1b[m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1004l";

/// Turns reports of clicks, the wheel and movements with a button held on. The sequence of crossterm includes all
/// movements, which would wake the program whenever the mouse moves over the window. Terminals without the second mode
/// report clicks only.
#[cfg(unix)]
const MOUSE_ON: Print<&str> = Print("\x1b[?1000h\x1b[?1002h\x1b[?1006h");

/// Turns the mouse reports off.
#[cfg(unix)]
const MOUSE_OFF: Print<&str> = Print("\x1b[?1006l\x1b[?1002l\x1b[?1000l");

/// On other platforms there is no such sequence for all terminals.
#[cfg(not(unix))]
const MOUSE_ON: crossterm::event::EnableMouseCapture = crossterm::event::EnableMouseCapture;

#[cfg(not(unix))]
const MOUSE_OFF: crossterm::event::DisableMouseCapture = crossterm::event::DisableMouseCapture;

/// Saves the title of the window in the terminal, and replaces it by the saved one. Terminals without the sequence ignore
/// it.
const SAVE_TITLE: &str = "\x1b[22;0t";

const RESTORE_TITLE: &str = "\x1b[23;0t";

/// Whether the title of the window is the program's. Global like [`ENTERED`].
static TITLED: AtomicBool = AtomicBool::new(false);

/// The terminal while the program uses it. Dropping it restores the terminal.
#[derive(Debug)]
pub(super) struct Terminal {
    screen: Screen<Stdout>,
    mouse: bool,
    /// Has written the last notification, if the terminal shows any.
    notifier: Option<TerminalNotifier>,
    /// The title of the window; empty before there is one.
    title: String,
    /// The settings of the terminal before it was lent to another program.
    lent: Option<device::Modes>,
    /// Whether the next continue signal belongs to a suspension that this type has handled itself.
    ignore_continue: bool,
}

impl Terminal {
    /// Takes over the terminal. With `hyperlinks`, it is told which cells belong to a link.
    pub(super) fn enter(mouse: bool, hyperlinks: bool) -> io::Result<Self> {
        set_up(mouse).inspect_err(|_| restore())?;
        Ok(Self {
            screen: Screen::new(io::stdout()).with_hyperlinks(hyperlinks),
            mouse,
            notifier: None,
            title: String::new(),
            lent: None,
            ignore_continue: false,
        })
    }

    /// Asks the terminal for its name and version. The answer arrives among the keys.
    pub(super) fn ask_for_version(&self) -> io::Result<()> {
        self.write(ASK_FOR_VERSION)
    }

    /// Writes a sequence that draws nothing. Nothing is written while another program has the terminal.
    fn write(&self, sequence: &str) -> io::Result<()> {
        if self.lent.is_some() { Ok(()) } else { execute!(io::stdout(), Print(sequence)) }
    }

    /// Sets the title of the window, if there is one. That of the shell is saved before.
    fn write_title(&self) -> io::Result<()> {
        // The console of Linux has no title and may show the sequence.
        let has_title = std::env::var("TERM").is_ok_and(|term| term != "linux");
        if self.lent.is_some() || !has_title {
            return Ok(());
        }
        if self.title.is_empty() {
            let was_set = TITLED.swap(false, Ordering::SeqCst);
            return if was_set { execute!(io::stdout(), Print(RESTORE_TITLE)) } else { Ok(()) };
        }
        let save = if TITLED.swap(true, Ordering::SeqCst) { "" } else { SAVE_TITLE };
        execute!(io::stdout(), Print(save), Print(format_args!("\x1b]2;{}\x1b\\", SafeText::line(&self.title))))
    }
}

impl Terminal {
    /// Draws a screen of its own, which `paint` paints.
    pub(super) fn draw_page(&mut self, paint: impl FnOnce(Rect, &mut Buffer) -> Option<Position>) -> io::Result<bool> {
        let Size { width, height } = size();
        self.screen.draw_page(Rect::new(0, 0, width, height), paint)
    }

    /// Draws the wizard.
    pub(super) fn draw_wizard(&mut self, wizard: &Wizard, options: &Options) -> io::Result<bool> {
        self.draw_page(|area, buffer| paint_wizard(wizard, options, area, buffer))
    }
}

/// Returns the size of the terminal, or 80x24 if it is unknown.
pub(super) fn size() -> Size {
    match crossterm::terminal::size() {
        Ok((width, height)) if width > 0 && height > 0 => Size { width, height },
        Ok(_) | Err(_) => UNKNOWN_SIZE,
    }
}

impl Display for Terminal {
    fn draw(&mut self, state: &State) -> io::Result<bool> {
        self.screen.draw(state)
    }

    fn shown(&self) -> Option<&Buffer> {
        Some(self.screen.shown())
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

    fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if self.lent.is_some() {
            // Set once the terminal is taken back.
            return Ok(());
        }
        if on { execute!(io::stdout(), MOUSE_ON) } else { execute!(io::stdout(), MOUSE_OFF) }
    }

    fn ask_for_background(&mut self) -> io::Result<()> {
        self.write(ASK_FOR_BACKGROUND)
    }

    fn set_pictures(&mut self, protocol: PictureProtocol) {
        self.screen.set_pictures(protocol);
    }

    fn set_hyperlinks(&mut self, on: bool) {
        self.screen.set_hyperlinks(on);
    }

    fn ring(&mut self) -> io::Result<()> {
        self.write("\x07")
    }

    fn set_title(&mut self, title: &str) -> io::Result<()> {
        title.clone_into(&mut self.title);
        self.write_title()
    }

    fn notify(&mut self, notification: &Notification) -> io::Result<()> {
        self.notifier = TerminalNotifier::choose(notification.channel);
        match self.notifier {
            Some(notifier) => self.write(&notifier.show(notification)),
            None => Ok(()),
        }
    }

    fn withdraw(&mut self, id: NotificationId) -> io::Result<()> {
        match self.notifier.and_then(|notifier| notifier.withdraw(id)) {
            Some(sequence) => self.write(&sequence),
            None => Ok(()),
        }
    }

    fn can_suspend(&self) -> bool {
        super::signals::has_job_control()
    }

    fn suspend(&mut self) -> io::Result<()> {
        restore();
        super::signals::stop_process_group()?;
        self.ignore_continue = true;
        set_up(self.mouse)?;
        self.screen.invalidate();
        self.write_title()
    }

    fn lend(&mut self) -> io::Result<()> {
        restore();
        self.lent = Some(device::modes()?);
        Ok(())
    }

    fn stop(&mut self) -> io::Result<()> {
        super::signals::stop_process_group()
    }

    fn take_back(&mut self) -> io::Result<()> {
        // A program that crashed leaves its settings behind, which would become those that the shell gets in the end.
        if let Some(modes) = self.lent.take() {
            device::set_modes(&modes)?;
        }
        execute!(io::stdout(), Print(RESET_MODES))?;
        set_up(self.mouse)?;
        self.screen.invalidate();
        self.write_title()
    }

    fn resume(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.ignore_continue) {
            return Ok(());
        }
        // The process was stopped by a signal that cannot be caught, and the shell has used the terminal meanwhile. It
        // is restored first, for two reasons: raw mode is only set if it is believed to be off, and keyboard flags that
        // are pushed twice and popped once would stay active in the shell.
        restore();
        set_up(self.mouse)?;
        self.screen.invalidate();
        self.write_title()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Errors are ignored as in `restore`.
        let _ = self.screen.forget_pictures();
        restore();
    }
}

fn set_up(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    device::set_nonblocking_reads()?;
    let mut out = io::stdout();
    queue!(out, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange)?;
    // Sent without a query for support: a query costs a round trip, and terminals without support ignore the sequence.
    queue!(out, Print(MODIFY_OTHER_KEYS), PushKeyboardEnhancementFlags(KEYBOARD))?;
    if mouse {
        queue!(out, MOUSE_ON)?;
    }
    out.flush()
}

/// Restores the terminal if it is taken over. May be called from anywhere and any number of times.
pub(super) fn restore() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    // Errors are ignored: if the terminal is gone, there is nothing to restore.
    if TITLED.swap(false, Ordering::SeqCst) {
        let _ = execute!(io::stdout(), Print(RESTORE_TITLE));
    }
    let _ = execute!(
        io::stdout(),
        MOUSE_OFF,
        PopKeyboardEnhancementFlags,
        Print(RESET_OTHER_KEYS),
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        crossterm::cursor::Show,
    );
    let _ = disable_raw_mode();
}
