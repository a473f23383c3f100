//! Conversion of frames to terminal output: compares the new frame with the last one and writes the difference.
//!
//! This replaces `ratatui::Terminal`, which flushes several times per frame. Here a frame is assembled in memory and
//! written with one call inside a synchronized update, and a frame without changes writes nothing.

use std::io::{self, Write};
use std::sync::Arc;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::{Position, Rect};

use crate::app::{Damage, State};
use crate::config::PictureProtocol;
use crate::domain::Drawing;
use crate::text::{Link, stable_hash};
use crate::view::{LinkRun, PictureCell, paint_with_links};

use super::frame_diff;
use super::graphics::Graphics;
use super::picture_cells::{Change, PictureCells, PictureRow};

/// The content of the terminal and the next frame.
#[derive(Debug)]
pub struct Screen<W> {
    out: W,
    shown: Buffer,
    next: Buffer,
    cursor: Option<Position>,
    /// Whether links are passed to the terminal.
    hyperlinks: bool,
    /// The links of `shown` and of `next`. Cells do not know them.
    shown_links: Vec<LinkRun>,
    next_links: Vec<LinkRun>,
    /// How the terminal draws pictures itself, if it does.
    graphics: Option<Graphics>,
    /// Numbers of the pictures that the terminal has stored.
    stored: Vec<u32>,
    /// Whether the content of the terminal is unknown, so that everything has to be written.
    unknown: bool,
    bytes: Vec<u8>,
}

impl<W: Write> Screen<W> {
    /// A screen with unknown content that writes to `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            shown: Buffer::empty(Rect::ZERO),
            next: Buffer::empty(Rect::ZERO),
            cursor: None,
            hyperlinks: false,
            shown_links: Vec::new(),
            next_links: Vec::new(),
            graphics: None,
            stored: Vec::new(),
            unknown: true,
            bytes: Vec::new(),
        }
    }

    /// Returns the screen with hyperlinks on or off.
    pub fn with_hyperlinks(self, hyperlinks: bool) -> Self {
        Self { hyperlinks, ..self }
    }

    /// Turns hyperlinks on or off from the next frame on.
    pub fn set_hyperlinks(&mut self, hyperlinks: bool) {
        self.hyperlinks = hyperlinks;
    }

    /// Shows pictures by this protocol from the next frame on.
    pub fn set_pictures(&mut self, protocol: PictureProtocol) {
        self.graphics = Graphics::choose(protocol);
    }

    /// Removes the pictures that the terminal has stored.
    pub(super) fn forget_pictures(&mut self) -> io::Result<()> {
        let Some(graphics) = self.graphics else { return Ok(()) };
        let forgotten: String = self.stored.drain(..).map(|id| graphics.forget(id)).collect();
        self.out.write_all(forgotten.as_bytes())?;
        self.out.flush()
    }

    /// Returns what is written to.
    pub fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// Returns the last frame.
    pub fn shown(&self) -> &Buffer {
        &self.shown
    }

    /// Marks the content of the terminal as unknown: the next frame is written completely.
    pub fn invalidate(&mut self) {
        self.unknown = true;
        self.stored.clear();
    }

    /// Draws a screen of its own, which `paint` paints. Returns whether anything was written.
    ///
    /// # Errors
    /// The terminal cannot be written.
    pub fn draw_page(
        &mut self,
        area: Rect,
        paint: impl FnOnce(Rect, &mut Buffer) -> Option<Position>,
    ) -> io::Result<bool> {
        self.fit(area);
        self.begin(area);
        let cursor = paint(area, &mut self.next);
        self.next_links.clear();
        self.compose(cursor, None, &|_| None)?;
        std::mem::swap(&mut self.shown, &mut self.next);
        self.finish(cursor)
    }

    /// Draws the state, which must be laid out. Returns whether anything was written.
    ///
    /// # Errors
    /// The terminal cannot be written.
    pub fn draw(&mut self, state: &State) -> io::Result<bool> {
        let area = Rect::new(0, 0, state.terminal.size.width, state.terminal.size.height);
        self.fit(area);
        let composer = state.ui.regions.composer;
        let part = match state.terminal.damage {
            // A key usually changes a row or two. Painting and comparing the rest would double the time until it is
            // visible.
            Damage::Composer if !self.unknown && composer.height > 0 => {
                Rect::new(composer.x, composer.y, composer.width, composer.height)
            }
            Damage::Nothing | Damage::Composer | Damage::Everything => area,
        };
        self.begin(part);
        let (cursor, links) = paint_with_links(state, area, &mut self.next);
        if part == area {
            self.next_links = if self.hyperlinks { links } else { Vec::new() };
            self.compose(cursor, None, &|id| state.drawing(id))?;
            std::mem::swap(&mut self.shown, &mut self.next);
            std::mem::swap(&mut self.shown_links, &mut self.next_links);
        } else {
            // There are no links in the composer.
            let before = part_of(&self.shown, part);
            self.compose(cursor, Some(&before), &|_| None)?;
            for position in part.positions() {
                self.shown[position] = self.next[position].clone();
            }
        }
        self.finish(cursor)
    }

    /// Makes the next frame a blank one of this area.
    fn begin(&mut self, area: Rect) {
        if self.next.area == area {
            self.next.reset();
        } else {
            self.next.content.clear();
            self.next.resize(area);
        }
    }

    /// Forgets the content of the terminal if it is unknown or has another size.
    fn fit(&mut self, area: Rect) {
        if self.unknown || self.shown.area != area {
            self.unknown = true;
            self.shown = Buffer::empty(Rect::ZERO);
        }
    }

    /// Writes the assembled frame. Returns whether there was anything to write.
    fn finish(&mut self, cursor: Option<Position>) -> io::Result<bool> {
        self.cursor = cursor;
        self.unknown = false;
        if self.bytes.is_empty() {
            return Ok(false);
        }
        self.out.write_all(&self.bytes)?;
        self.out.flush()?;
        Ok(true)
    }

    /// Assembles the bytes of this frame; none if nothing changed. `before` is the last content of the painted part, if
    /// only a part was painted. `drawing` returns what draws a picture.
    fn compose<'a>(
        &mut self,
        cursor: Option<Position>,
        before: Option<&Buffer>,
        drawing: &dyn Fn(u32) -> Option<&'a Drawing>,
    ) -> io::Result<()> {
        self.bytes.clear();
        let (links, relinked) = match before {
            Some(_) => (&[][..], Vec::new()),
            None => (&self.next_links[..], rows_with_other_links(&self.shown_links, &self.next_links)),
        };
        let before = before.unwrap_or(&self.shown);
        let changes =
            if self.unknown { frame_diff::content(&self.next) } else { frame_diff::changes(before, &self.next) };
        if changes.is_empty() && relinked.is_empty() && cursor == self.cursor && !self.unknown {
            return Ok(());
        }
        queue!(self.bytes, BeginSynchronizedUpdate, Hide)?;
        if self.unknown {
            queue!(self.bytes, Clear(ClearType::All))?;
        }
        let mut changes = with_whole_rows(&changes, before, &self.next);
        if !relinked.is_empty() {
            changes.retain(|change| !relinked.contains(&change.1));
            changes.extend(relinked.iter().flat_map(|y| cells_of(&self.next, *y)));
        }
        let mut pictures = PictureCells::take_from(&mut changes, drawing, self.graphics.is_some());
        if self.graphics.is_some_and(|graphics| graphics.keeps_covered) {
            pictures.replace_covered(&changes, before, &self.next, drawing);
            if pictures.are_removed {
                self.bytes.extend_from_slice(Graphics::REMOVE_ALL);
            }
        }
        for (id, data) in pictures.stored {
            if !self.stored.contains(&id) {
                self.bytes.extend_from_slice(data);
                self.stored.push(id);
            }
        }
        let link_of = |change: &Change<'_>| link_at(links, change.0, change.1);
        for run in changes.chunk_by(|one, other| {
            let is_next = other.0 == one.0 + 1 && other.1 == one.1;
            (!is_ambiguous(one.2) || !is_next) && link_of(one) == link_of(other)
        }) {
            let link = run.first().and_then(link_of);
            if let Some(link) = link {
                // By the id, the terminal recognises the parts of a link that is broken into several rows.
                let id = stable_hash(&link.address);
                write!(self.bytes, "\x1b]8;id={id:08x};{}\x1b\\", link.address)?;
            }
            // Each run begins with a cursor movement, so the width that the terminal gives to a character does not
            // matter.
            CrosstermBackend::new(&mut self.bytes).draw(run.iter().copied())?;
            if link.is_some() {
                self.bytes.extend_from_slice(END_OF_LINK);
            }
        }
        for PictureRow { x, y, columns, data } in pictures.rows {
            queue!(self.bytes, MoveTo(x, y))?;
            self.bytes.extend_from_slice(data);
            // A box may cover a part of the row, which is drawn as a whole.
            let covering = cells_of(&self.next, y).into_iter();
            let covering: Vec<_> = covering
                .filter(|(at, _, cell)| (x..x + columns).contains(at) && PictureCell::read(cell).is_none())
                .collect();
            CrosstermBackend::new(&mut self.bytes).draw(covering.into_iter())?;
        }
        if let Some(Position { x, y }) = cursor {
            queue!(self.bytes, MoveTo(x, y), Show)?;
        }
        queue!(self.bytes, EndSynchronizedUpdate)
    }
}

/// Ends a hyperlink.
const END_OF_LINK: &[u8] = b"\x1b]8;;\x1b\\";

/// Longest address that is passed to the terminal. VTE ignores longer ones.
const MAX_ADDRESS: usize = 2_000;

/// Returns the link that a cell belongs to, if the terminal may open it without a question: its address consists of
/// printable ASCII characters, as [`Link`] guarantees, and does not hide its host.
fn link_at(links: &[LinkRun], x: u16, y: u16) -> Option<&Arc<Link>> {
    let run = links.iter().find(|run| run.y == y && (run.start..run.end).contains(&x))?;
    let is_safe = !run.link.disguised && !run.link.has_credentials && run.link.address.len() <= MAX_ADDRESS;
    is_safe.then_some(&run.link)
}

/// Returns the rows in which the links of two frames differ.
fn rows_with_other_links(before: &[LinkRun], next: &[LinkRun]) -> Vec<u16> {
    if before == next {
        return Vec::new();
    }
    let differs = |y: u16| {
        let of_row = |links: &[LinkRun]| links.iter().filter(|run| run.y == y).cloned().collect::<Vec<_>>();
        of_row(before) != of_row(next)
    };
    let mut rows: Vec<u16> = before.iter().chain(next).map(|run| run.y).collect();
    rows.sort_unstable();
    rows.dedup();
    rows.retain(|y| differs(*y));
    rows
}

/// Returns a copy of a part of `buffer`.
fn part_of(buffer: &Buffer, part: Rect) -> Buffer {
    let mut copy = Buffer::empty(part);
    for position in part.positions() {
        copy[position] = buffer[position].clone();
    }
    copy
}

/// Adds the rest of each changed row that contains, or contained, a character of ambiguous width: flags, skin tones,
/// joined emoji, combining marks. If the terminal gives it another width than we do, its neighbours are misplaced and
/// have to be overwritten.
fn with_whole_rows<'a>(changes: &[Change<'a>], before: &Buffer, next: &'a Buffer) -> Vec<Change<'a>> {
    let mut all = Vec::with_capacity(changes.len());
    for row in changes.chunk_by(|one, other| one.1 == other.1) {
        let Some((_, y, _)) = row.first() else { continue };
        if has_ambiguous(before, *y) || has_ambiguous(next, *y) {
            all.extend(cells_of(next, *y));
        } else {
            all.extend_from_slice(row);
        }
    }
    all
}

/// Whether terminals disagree about the width of a cell.
fn is_ambiguous(cell: &Cell) -> bool {
    cell.symbol().len() > 1 && cell.symbol().chars().nth(1).is_some() && PictureCell::read(cell).is_none()
}

fn has_ambiguous(buffer: &Buffer, y: u16) -> bool {
    let width = usize::from(buffer.area.width);
    let row = y.checked_sub(buffer.area.y).map(|row| usize::from(row) * width);
    let cells = row.and_then(|start| buffer.content.get(start..start + width));
    cells.is_some_and(|cells| cells.iter().any(is_ambiguous))
}

/// Returns every cell of a row. The cells that a wide character covers come before it: a terminal that draws it narrow
/// would not overwrite their old content.
fn cells_of(buffer: &Buffer, y: u16) -> Vec<Change<'_>> {
    let area = buffer.area;
    let mut cells = Vec::new();
    let mut x = area.x;
    while x < area.right() {
        let cell = &buffer[(x, y)];
        let end = x.saturating_add(cell.cell_width().max(1)).min(area.right());
        if is_ambiguous(cell) {
            cells.extend((x + 1..end).map(|x| (x, y, &buffer[(x, y)])));
        }
        cells.push((x, y, cell));
        x = end;
    }
    cells
}
