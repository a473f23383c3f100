//! Minimal ratatui program: one frame at the start, then one for each key. It is the baseline for any
//! terminal program.

mod screen;

use std::io;

use ratatui::crossterm::event;

use screen::Screen;

fn main() -> io::Result<()> {
    let mut screen = Screen::open()?;
    while screen.handle(&event::read()?) {
        screen.paint()?;
    }
    Ok(())
}
