//! A text to be read: information about the open room, where the server has no member list, or the newest notices.

use crate::app::overlays::component::{Component, Hint, KeyRow, Response, Surroundings, no_hint};
use crate::app::overlays::frame;
use crate::app::overlays::rows::WHEEL_ROWS;
use crate::app::regions::{Region, Size};
use crate::input::{Action, Key, Mouse, MouseKind};
use std::convert::Infallible;

/// Maximum width of the box, in columns.
const WIDTH: u16 = 60;

/// Subject of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InfoSubject {
    /// The open room.
    Room,
    /// The newest notices.
    Notices,
}

/// State of the open text.
#[derive(Debug, Clone, Copy)]
pub struct Info {
    /// Its subject.
    pub subject: InfoSubject,
    /// Number of lines scrolled past the top.
    pub scroll: usize,
}

impl Info {
    /// Opens the text about a subject.
    pub(in crate::app) fn about(subject: InfoSubject) -> Self {
        Self { subject, scroll: 0 }
    }

    /// Returns the size of a box around so many lines.
    pub(in crate::app) fn size(lines: usize) -> Size {
        Size { width: WIDTH, height: frame::height_around(lines) }
    }

    /// Returns the width of the text on this screen.
    pub(in crate::app) fn text_cells(screen: Size) -> usize {
        frame::cells(screen, WIDTH)
    }

    /// Stops scrolling at the end of the lines.
    pub(in crate::app) fn settle(&mut self, inside: Region, lines: usize) {
        self.scroll = self.scroll.min(lines.saturating_sub(inside.height.into()));
    }

    fn scroll_by(&mut self, lines: isize) -> Response<Infallible> {
        self.scroll = self.scroll.saturating_add_signed(lines);
        Response::Stay
    }
}

impl Component for Info {
    type Choice = Infallible;

    const HEADING: &'static str = "In the room info and the notices";

    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::Cancel,
            help: "Close",
            hint: |_| Some(Hint::of("close")),
            run: |_, _| Response::Close,
        },
        KeyRow { action: Action::Up, help: "Up", hint: no_hint, run: |info, _| info.scroll_by(-1) },
        KeyRow { action: Action::Down, help: "Down", hint: no_hint, run: |info, _| info.scroll_by(1) },
        KeyRow {
            action: Action::ScrollUp,
            help: "Page up",
            hint: no_hint,
            run: |info, around| info.scroll_by(-around.page()),
        },
        KeyRow {
            action: Action::ScrollDown,
            help: "Page down",
            hint: no_hint,
            run: |info, around| info.scroll_by(around.page()),
        },
    ];

    /// Any other key closes the text as well.
    fn on_other_key(&mut self, _: Key) -> Response<Infallible> {
        Response::Close
    }

    fn on_mouse(&mut self, mouse: Mouse, _: Surroundings<'_>) -> Response<Infallible> {
        match mouse.kind {
            MouseKind::WheelUp => self.scroll_by(-WHEEL_ROWS),
            MouseKind::WheelDown => self.scroll_by(WHEEL_ROWS),
            MouseKind::Click | MouseKind::Drag => Response::Stay,
        }
    }
}
