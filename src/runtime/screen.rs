//! Frames to bytes: two buffers, their difference, one write.
//!
//! `ratatui::Terminal` flushes several times a frame; here a frame is put together in memory and written at once,
//! inside a synchronized update, and a frame that changes nothing writes nothing.

use std::io::{self, Write};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::{Damage, State};
use crate::view::paint;

/// What the terminal shows, and what it is to show.
#[derive(Debug)]
pub struct Screen<W> {
    out: W,
    shown: Buffer,
    next: Buffer,
    cursor: Option<Position>,
    /// What the terminal shows is not known.
    unknown: bool,
    bytes: Vec<u8>,
}

impl<W: Write> Screen<W> {
    /// A screen of which nothing is known, that writes to `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            shown: Buffer::empty(Rect::ZERO),
            next: Buffer::empty(Rect::ZERO),
            cursor: None,
            unknown: true,
            bytes: Vec::new(),
        }
    }

    /// What the terminal shows, as far as is known.
    pub fn shown(&self) -> &Buffer {
        &self.shown
    }

    /// What the terminal shows is not known any more.
    pub fn invalidate(&mut self) {
        self.unknown = true;
    }

    /// Draws the state that has been laid out; says whether that changed anything.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn draw(&mut self, state: &State) -> io::Result<bool> {
        let area = Rect::new(0, 0, state.size.width, state.size.height);
        if self.unknown || self.shown.area != area {
            self.unknown = true;
            self.shown.resize(area);
            self.shown.reset();
        }
        let composer = state.areas.composer;
        let part = match state.damage {
            // What a key changed is a row or two: painting and comparing the rest would double the time to the glyph.
            Damage::Composer if !self.unknown && composer.height > 0 => {
                Rect::new(composer.x, composer.y, composer.width, composer.height)
            }
            Damage::Nothing | Damage::Composer | Damage::Everything => area,
        };
        self.next.resize(part);
        self.next.reset();
        let cursor = paint(state, area, &mut self.next);
        if part == area {
            self.compose(cursor, None)?;
            std::mem::swap(&mut self.shown, &mut self.next);
        } else {
            let before = part_of(&self.shown, part);
            self.compose(cursor, Some(&before))?;
            for position in part.positions() {
                self.shown[position] = self.next[position].clone();
            }
        }
        self.cursor = cursor;
        self.unknown = false;
        if self.bytes.is_empty() {
            return Ok(false);
        }
        self.out.write_all(&self.bytes)?;
        self.out.flush()?;
        Ok(true)
    }

    /// Puts the bytes of this frame together; none when nothing changed. `before` is what the part that was painted
    /// shows, if it was not all.
    fn compose(&mut self, cursor: Option<Position>, before: Option<&Buffer>) -> io::Result<()> {
        self.bytes.clear();
        let mut changes = before.unwrap_or(&self.shown).diff_iter(&self.next).peekable();
        if changes.peek().is_none() && cursor == self.cursor && !self.unknown {
            return Ok(());
        }
        queue!(self.bytes, BeginSynchronizedUpdate, Hide)?;
        if self.unknown {
            queue!(self.bytes, Clear(ClearType::All))?;
        }
        CrosstermBackend::new(&mut self.bytes).draw(changes)?;
        if let Some(Position { x, y }) = cursor {
            queue!(self.bytes, MoveTo(x, y), Show)?;
        }
        queue!(self.bytes, EndSynchronizedUpdate)
    }
}

/// A copy of a part of `buffer`.
fn part_of(buffer: &Buffer, part: Rect) -> Buffer {
    let mut copy = Buffer::empty(part);
    for position in part.positions() {
        copy[position] = buffer[position].clone();
    }
    copy
}
