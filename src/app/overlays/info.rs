//! Information about the open room, for rooms without a member list on the server.

use crate::app::overlays::component::{Component, KeyRow, Response, Surroundings};
use crate::app::overlays::frame;
use crate::app::regions::Size;
use crate::input::{Action, Key, Mouse};
use std::convert::Infallible;

/// Maximum width of the box, in columns.
const WIDTH: u16 = 60;

/// The open room info, which has no state of its own.
#[derive(Debug, Clone, Copy)]
pub struct Info;

impl Info {
    /// Returns the size of a box around so many lines.
    pub(in crate::app) fn size(lines: usize) -> Size {
        Size { width: WIDTH, height: frame::height_around(lines) }
    }
}

impl Component for Info {
    type Choice = Infallible;

    const HEADING: &'static str = "In the room info";

    const KEYS: &'static [KeyRow<Self>] =
        &[KeyRow { action: Action::Cancel, help: "Close", hint: |_| Some("close"), run: |_, _| Response::Close }];

    /// Any other key closes the room info as well.
    fn on_other_key(&mut self, _: Key) -> Response<Infallible> {
        Response::Close
    }

    fn on_paste(&mut self, _: &str) -> Response<Infallible> {
        Response::PasteRejected
    }

    fn on_mouse(&mut self, _: Mouse, _: Surroundings<'_>) -> Response<Infallible> {
        Response::Stay
    }
}
