//! Frames to bytes: two buffers, their difference, one write.
//!
//! `ratatui::Terminal` flushes several times a frame; here a frame is put together in memory and written at once,
//! inside a synchronized update, and a frame that changes nothing writes nothing.

use std::io::{self, Write};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::{Buffer, Cell, CellWidth};
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
        let area = Rect::new(0, 0, state.ui.size.width, state.ui.size.height);
        if self.unknown || self.shown.area != area {
            self.unknown = true;
            self.shown.resize(area);
            self.shown.reset();
        }
        let composer = state.ui.regions.composer;
        let part = match state.ui.damage {
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
        let before = before.unwrap_or(&self.shown);
        let changes: Vec<_> = before.diff_iter(&self.next).collect();
        if changes.is_empty() && cursor == self.cursor && !self.unknown {
            return Ok(());
        }
        queue!(self.bytes, BeginSynchronizedUpdate, Hide)?;
        if self.unknown {
            queue!(self.bytes, Clear(ClearType::All))?;
        }
        let changes = with_whole_rows(&changes, before, &self.next);
        for stretch in changes.chunk_by(|one, other| !is_disputed(one.2) || other.0 != one.0 + 1 || other.1 != one.1) {
            // Each begins with the cursor put in its place, wherever the terminal believes that it stands.
            CrosstermBackend::new(&mut self.bytes).draw(stretch.iter().copied())?;
        }
        if let Some(Position { x, y }) = cursor {
            queue!(self.bytes, MoveTo(x, y), Show)?;
        }
        queue!(self.bytes, EndSynchronizedUpdate)
    }
}

/// A cell to be written, and where.
type Change<'a> = (u16, u16, &'a Cell);

/// A copy of a part of `buffer`.
fn part_of(buffer: &Buffer, part: Rect) -> Buffer {
    let mut copy = Buffer::empty(part);
    for position in part.positions() {
        copy[position] = buffer[position].clone();
    }
    copy
}

/// Adds the rest of each changed row in which something stands, or stood, whose width terminals do not agree on: flags,
/// skin tones, joined emoji, marks. What such a terminal put beside it is then written over, and not left behind.
fn with_whole_rows<'a>(changes: &[Change<'a>], before: &Buffer, next: &'a Buffer) -> Vec<Change<'a>> {
    let mut all = Vec::with_capacity(changes.len());
    for row in changes.chunk_by(|one, other| one.1 == other.1) {
        let Some((_, y, _)) = row.first() else { continue };
        if any_disputed(before, *y) || any_disputed(next, *y) {
            all.extend(cells_of(next, *y));
        } else {
            all.extend_from_slice(row);
        }
    }
    all
}

/// Whether terminals do not agree on how wide it is.
fn is_disputed(cell: &Cell) -> bool {
    cell.symbol().len() > 1 && cell.symbol().chars().nth(1).is_some()
}

fn any_disputed(buffer: &Buffer, y: u16) -> bool {
    let area = buffer.area;
    (area.y..area.bottom()).contains(&y) && (area.x..area.right()).any(|x| is_disputed(&buffer[(x, y)]))
}

/// Every cell of a row. What a wide one covers comes before it: a terminal that makes it narrow would leave there what
/// was there.
fn cells_of(buffer: &Buffer, y: u16) -> Vec<Change<'_>> {
    let area = buffer.area;
    let mut cells = Vec::new();
    let mut x = area.x;
    while x < area.right() {
        let cell = &buffer[(x, y)];
        let end = x.saturating_add(cell.cell_width().max(1)).min(area.right());
        if is_disputed(cell) {
            cells.extend((x + 1..end).map(|x| (x, y, &buffer[(x, y)])));
        }
        cells.push((x, y, cell));
        x = end;
    }
    cells
}
