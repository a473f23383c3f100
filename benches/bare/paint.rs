//! The bare program: ratatui and crossterm, one frame, then a frame for each key. The least a terminal program costs.

mod screen;

use std::io;

use ratatui::crossterm::event;

use screen::Screen;

fn main() -> io::Result<()> {
    let mut screen = Screen::open()?;
    while screen.take(&event::read()?) {
        screen.paint()?;
    }
    Ok(())
}
