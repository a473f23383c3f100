//! Menu of everything that can be done with the selected message.

use crate::app::overlays::component::{Component, Hint, KeyRow, Response, Surroundings, no_hint};
use crate::app::overlays::{frame, rows};
use crate::app::regions::{Region, Size};
use crate::input::{Action, Key, Mouse, MouseKind};

/// Maximum width of the box, in columns.
const WIDTH: u16 = 50;

/// State of the open menu.
#[derive(Debug, Clone)]
pub struct Menu {
    /// Actions that are possible on the message.
    pub actions: Vec<Action>,
    /// Index of the selected action.
    pub selected: usize,
    /// Index of the first action on screen, as computed by `layout`.
    pub first: usize,
    /// Number of marked messages that the actions concern; 0 for the selected one.
    pub marked: usize,
}

impl Menu {
    /// Returns a menu of these actions on the selected message, or on so many marked ones.
    pub(in crate::app) fn of(actions: Vec<Action>, marked: usize) -> Self {
        Self { actions, selected: 0, first: 0, marked }
    }

    /// Returns the size of the box.
    pub(in crate::app) fn size(&self) -> Size {
        Size { width: WIDTH, height: frame::height_around(self.actions.len()) }
    }

    /// Returns the visible actions and their regions.
    pub fn visible(&self, inside: Region) -> impl Iterator<Item = (usize, Region)> + use<> {
        rows::visible(inside, 1, self.first, self.actions.len())
    }

    /// Scrolls just far enough to show the selection.
    pub(in crate::app) fn settle(&mut self, inside: Region) {
        self.first = rows::reveal(self.first, self.selected, self.actions.len(), inside.height.into());
    }

    fn move_by(&mut self, by: isize) -> Response<Action> {
        self.selected = self.selected.saturating_add_signed(by).min(self.actions.len().saturating_sub(1));
        Response::Stay
    }

    fn scroll(&mut self, by: isize, inside: Region) -> Response<Action> {
        let shown = inside.height.into();
        (self.first, self.selected) = rows::scroll(self.first, self.selected, by, self.actions.len(), shown);
        Response::Stay
    }

    fn choose(&self, place: usize) -> Response<Action> {
        Response::choose_if(self.actions.get(place).copied())
    }
}

/// The choice is the action to run.
impl Component for Menu {
    type Choice = Action;

    const HEADING: &'static str = "In the menu of a message";

    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::Confirm,
            help: "Choose the selected row",
            hint: |_| Some(Hint::of("choose")),
            run: |menu, _| menu.choose(menu.selected),
        },
        KeyRow {
            action: Action::Cancel,
            help: "Close",
            hint: |_| Some(Hint::of("close")),
            run: |_, _| Response::Close,
        },
        KeyRow { action: Action::Up, help: "Up", hint: no_hint, run: |menu, _| menu.move_by(-1) },
        KeyRow { action: Action::Down, help: "Down", hint: no_hint, run: |menu, _| menu.move_by(1) },
        KeyRow {
            action: Action::ScrollUp,
            help: "Page up",
            hint: no_hint,
            run: |menu, around| menu.move_by(-around.page()),
        },
        KeyRow {
            action: Action::ScrollDown,
            help: "Page down",
            hint: no_hint,
            run: |menu, around| menu.move_by(around.page()),
        },
        KeyRow { action: Action::First, help: "First row", hint: no_hint, run: |menu, _| menu.move_by(isize::MIN) },
        KeyRow { action: Action::Last, help: "Last row", hint: no_hint, run: |menu, _| menu.move_by(isize::MAX) },
    ];

    /// The keys shown beside the actions work here as well.
    fn run(&mut self, action: Action, around: Surroundings<'_>) -> Option<Response<Action>> {
        if self.actions.contains(&action) {
            return Some(Response::Choose(action));
        }
        let row = Self::KEYS.iter().find(|row| row.action == action)?;
        Some((row.run)(self, around))
    }

    fn on_other_key(&mut self, _: Key) -> Response<Action> {
        Response::Stay
    }

    fn on_mouse(&mut self, mouse: Mouse, around: Surroundings<'_>) -> Response<Action> {
        match mouse.kind {
            MouseKind::WheelUp => self.scroll(-rows::WHEEL_ROWS, around.inside),
            MouseKind::WheelDown => self.scroll(rows::WHEEL_ROWS, around.inside),
            MouseKind::Drag => Response::Stay,
            MouseKind::Click => match rows::at(self.visible(around.inside), mouse.column, mouse.row) {
                Some(place) => self.choose(place),
                None => Response::Stay,
            },
        }
    }
}
