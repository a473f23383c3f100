//! A picture on the whole screen, which can be zoomed and moved.

use crate::app::overlays::component::{Component, Hint, KeyRow, Response, Surroundings, no_hint};
use crate::app::regions::{Region, Size};
use crate::input::{Action, Key, Mouse, MouseKind};
use std::convert::Infallible;

/// Maximum zoom.
const MAX_ZOOM: u16 = 8;

/// Number of steps from one end of the picture to the other, without zoom.
const STEPS: u16 = 8;

/// State of the open picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureView {
    /// Address of the picture.
    pub url: String,
    /// What it is called.
    pub title: String,
    /// How many times larger it is than the screen.
    pub zoom: u16,
    /// The point of the picture that is in the middle of the screen: columns and rows, in thousandths of the picture.
    centre: (u16, u16),
}

impl PictureView {
    /// Shows the picture at this address.
    pub(in crate::app) fn new(url: String, title: String) -> Self {
        Self { url, title, zoom: 1, centre: (500, 500) }
    }

    /// Returns the size of the box: the whole screen.
    pub(in crate::app) fn size() -> Size {
        Size { width: u16::MAX, height: u16::MAX }
    }

    /// Returns the columns and rows of the space for the picture, of which the screen shows a part.
    pub(in crate::app) fn space(&self, inside: Region) -> (u16, u16) {
        (inside.width.saturating_mul(self.zoom), inside.height.saturating_mul(self.zoom))
    }

    /// Returns the first column and row of a picture of this size that are on the screen.
    pub fn first(&self, picture: Size, inside: Region) -> (u16, u16) {
        let first = |centre: u16, all: u16, shown: u16| {
            let middle = u32::from(centre) * u32::from(all) / 1000;
            let middle = u16::try_from(middle).unwrap_or(u16::MAX);
            middle.saturating_sub(shown / 2).min(all.saturating_sub(shown))
        };
        let (x, y) = self.centre;
        (first(x, picture.width, inside.width), first(y, picture.height, inside.height))
    }

    fn zoom_to(&mut self, zoom: u16) -> Response<Infallible> {
        self.zoom = zoom.clamp(1, MAX_ZOOM);
        self.move_by(0, 0)
    }

    fn move_by(&mut self, columns: i16, rows: i16) -> Response<Infallible> {
        let step = (1000 / (STEPS * self.zoom)).cast_signed();
        // Beyond these points the middle of the screen would not move, and coming back would take as many keys.
        let half = 500 / self.zoom;
        let moved = |centre: u16, by: i16| centre.saturating_add_signed(by * step).clamp(half, 1000 - half);
        self.centre = (moved(self.centre.0, columns), moved(self.centre.1, rows));
        Response::Stay
    }
}

impl Component for PictureView {
    type Choice = Infallible;

    const HEADING: &'static str = "In a picture";

    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::ZoomIn,
            help: "Zoom in",
            hint: |view| (view.zoom < MAX_ZOOM).then(|| Hint::of("zoom in")),
            run: |view, _| view.zoom_to(view.zoom * 2),
        },
        KeyRow {
            action: Action::ZoomOut,
            help: "Zoom out",
            hint: |view| (view.zoom > 1).then(|| Hint::of("zoom out")),
            run: |view, _| view.zoom_to(view.zoom / 2),
        },
        KeyRow { action: Action::ZoomFit, help: "Whole picture", hint: no_hint, run: |view, _| view.zoom_to(1) },
        KeyRow { action: Action::Left, help: "Left", hint: no_hint, run: |view, _| view.move_by(-1, 0) },
        KeyRow { action: Action::Right, help: "Right", hint: no_hint, run: |view, _| view.move_by(1, 0) },
        KeyRow { action: Action::Up, help: "Up", hint: no_hint, run: |view, _| view.move_by(0, -1) },
        KeyRow { action: Action::Down, help: "Down", hint: no_hint, run: |view, _| view.move_by(0, 1) },
        KeyRow {
            action: Action::Cancel,
            help: "Close",
            hint: |_| Some(Hint::of("close")),
            run: |_, _| Response::Close,
        },
    ];

    fn on_other_key(&mut self, _: Key) -> Response<Infallible> {
        Response::Stay
    }

    fn on_mouse(&mut self, mouse: Mouse, _: Surroundings<'_>) -> Response<Infallible> {
        match mouse.kind {
            MouseKind::WheelUp => self.zoom_to(self.zoom * 2),
            MouseKind::WheelDown => self.zoom_to(self.zoom / 2),
            MouseKind::Click | MouseKind::Drag => Response::Stay,
        }
    }
}
