//! Help page.

use crate::app::overlays::component::{Component, Hint, KeyRow, Response, Surroundings, no_hint};
use crate::app::overlays::frame;
use crate::app::overlays::rows::WHEEL_ROWS;
use crate::app::overlays::text_input::TextInput;
use crate::app::regions::{Region, Size};
use crate::input::{Action, Key, Mouse, MouseKind};
use std::convert::Infallible;

/// Maximum width of the box, in columns.
const WIDTH: u16 = 78;

/// State of the open help page.
#[derive(Debug, Clone, Default)]
pub struct Help {
    /// Number of lines scrolled past the top.
    pub scroll: usize,
    /// Words that the listed keys and commands contain; `None` until the user filters them.
    pub filter: Option<TextInput>,
}

impl Help {
    /// Creates a help page with a filter, or without one if there are no words.
    pub(in crate::app) fn filtered(words: &str) -> Self {
        let filter = (!words.is_empty()).then(|| {
            let mut filter = TextInput::default();
            filter.insert(words);
            filter
        });
        Self { scroll: 0, filter }
    }

    /// Returns the size of a box around so many lines.
    pub(in crate::app) fn size(lines: usize) -> Size {
        Size { width: WIDTH, height: frame::height_around(lines) }
    }

    /// Returns the width of the text on this screen.
    pub(in crate::app) fn text_cells(screen: Size) -> usize {
        frame::cells(screen, WIDTH)
    }

    /// Returns the area of the lines within the box. The filter has a row above them.
    pub fn lines_region(&self, inside: Region) -> Region {
        let mut lines = inside;
        if self.filter.is_some() {
            lines.take_top(1);
        }
        lines
    }

    /// Stops scrolling at the end of the lines.
    pub(in crate::app) fn settle(&mut self, inside: Region, lines: usize) {
        self.scroll = self.scroll.min(lines.saturating_sub(self.lines_region(inside).height.into()));
    }

    /// Removes the filter, or closes the help if there is none.
    fn cancel(&mut self) -> Response<Infallible> {
        self.scroll = 0;
        if self.filter.take().is_some() { Response::Stay } else { Response::Close }
    }

    fn scroll_by(&mut self, lines: isize) -> Response<Infallible> {
        self.scroll = self.scroll.saturating_add_signed(lines);
        Response::Stay
    }
}

impl Component for Help {
    type Choice = Infallible;

    const HEADING: &'static str = "In the help";

    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::Cancel,
            help: "Close",
            hint: |help| Some(Hint::of(if help.filter.is_some() { "show all" } else { "close" })),
            run: |help, _| help.cancel(),
        },
        KeyRow {
            action: Action::MessageSearch,
            help: "Filter",
            hint: |help| help.filter.is_none().then(|| Hint::of("filter")),
            run: |help, _| {
                help.filter.get_or_insert_default();
                Response::Stay
            },
        },
        KeyRow { action: Action::Up, help: "Up", hint: no_hint, run: |help, _| help.scroll_by(-1) },
        KeyRow { action: Action::Down, help: "Down", hint: no_hint, run: |help, _| help.scroll_by(1) },
        KeyRow {
            action: Action::ScrollUp,
            help: "Page up",
            hint: no_hint,
            run: |help, around| help.scroll_by(-around.page()),
        },
        KeyRow {
            action: Action::ScrollDown,
            help: "Page down",
            hint: no_hint,
            run: |help, around| help.scroll_by(around.page()),
        },
        KeyRow { action: Action::First, help: "Start", hint: no_hint, run: |help, _| help.scroll_by(isize::MIN) },
        KeyRow { action: Action::Last, help: "End", hint: no_hint, run: |help, _| help.scroll_by(isize::MAX) },
    ];

    fn text_input(&mut self) -> Option<&mut TextInput> {
        self.filter.as_mut()
    }

    /// Shows the matches from the first one.
    fn on_edited(&mut self) {
        self.scroll = 0;
    }

    /// Closes the help if nothing is filtered. Of the letters only `q` does: others would be the beginning of a text, the
    /// rest of which would go elsewhere.
    fn on_other_key(&mut self, key: Key) -> Response<Infallible> {
        let closes = key.typed().is_none_or(|c| c == 'q');
        if closes && self.filter.is_none() { Response::Close } else { Response::Stay }
    }

    fn on_mouse(&mut self, mouse: Mouse, _: Surroundings<'_>) -> Response<Infallible> {
        match mouse.kind {
            MouseKind::WheelUp => self.scroll_by(-WHEEL_ROWS),
            MouseKind::WheelDown => self.scroll_by(WHEEL_ROWS),
            MouseKind::Click | MouseKind::Drag => Response::Stay,
        }
    }
}
