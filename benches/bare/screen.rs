//! Screen of the minimal programs: the terminal modes that a chat client needs and two lines of text.

use std::io::{self, Stdout, stdout};

use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange, Event, KeyCode, KeyEventKind,
    KeyModifiers,
};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::widgets::Paragraph;

/// Text in the top row of the first frame.
pub(crate) const READY: &str = "bare ready";

/// Terminal in the modes of a chat client, until dropped, with two lines of text.
pub(crate) struct Screen {
    terminal: ratatui::Terminal<CrosstermBackend<Stdout>>,
    /// The top row.
    pub(crate) head: String,
    /// The row with the typed text.
    pub(crate) typed: String,
}

impl Screen {
    /// Sets the terminal modes and paints the first frame.
    pub(crate) fn open() -> io::Result<Self> {
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange)?;
        let terminal = ratatui::Terminal::new(CrosstermBackend::new(stdout()))?;
        let mut screen = Self { terminal, head: READY.to_owned(), typed: String::new() };
        screen.paint()?;
        Ok(screen)
    }

    /// Paints both lines.
    pub(crate) fn paint(&mut self) -> io::Result<()> {
        let text = format!("{}\n\n{}", self.head, self.typed);
        self.terminal.draw(|frame| frame.render_widget(Paragraph::new(text), frame.area()))?;
        Ok(())
    }

    /// Handles a terminal event. Returns false if it asks to quit.
    pub(crate) fn handle(&mut self, event: &Event) -> bool {
        let Event::Key(key) = event else { return true };
        if key.kind == KeyEventKind::Release {
            return true;
        }
        match key.code {
            KeyCode::Char('q') if key.modifiers.contains(KeyModifiers::CONTROL) => return false,
            KeyCode::Char(c) => self.typed.push(c),
            KeyCode::Backspace => {
                self.typed.pop();
            }
            _ => {}
        }
        true
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // An error while leaving can no longer be reported.
        let _ = execute!(stdout(), DisableFocusChange, DisableBracketedPaste, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}
