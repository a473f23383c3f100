//! The parts that every overlay has: a table of keys, and a text field where it has one, and reactions to
//! other keys and the mouse.
//!
//! An overlay changes only itself. What it cannot do alone, it returns as a [`Response`]; `handlers::overlay` turns
//! that into calls of features. Key handling, the hints on the status line and the section in the help are all
//! generated from [`Component::KEYS`].

use crate::app::overlays::text_input::{Edit, TextInput};
use crate::app::regions::Region;
use crate::input::{Action, Key, Keymap, Mouse};

/// Result of an input to an overlay. `C` is what the user can choose in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Response<C> {
    /// The overlay stays open. It has handled the input, or ignores it.
    Stay,
    /// The overlay is to be closed.
    Close,
    /// Pasted text was not inserted, because the overlay has no text field.
    PasteRejected,
    /// The user has chosen something.
    Choose(C),
}

impl<C> Response<C> {
    /// Converts the choice.
    pub(in crate::app) fn map<D>(self, convert: impl FnOnce(C) -> D) -> Response<D> {
        match self {
            Self::Stay => Response::Stay,
            Self::Close => Response::Close,
            Self::PasteRejected => Response::PasteRejected,
            Self::Choose(choice) => Response::Choose(convert(choice)),
        }
    }

    /// Returns `Choose` for a choice, and `Stay` if there is none.
    pub(in crate::app) fn choose_if(choice: Option<C>) -> Self {
        choice.map_or(Self::Stay, Self::Choose)
    }
}

/// An input to an overlay.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) enum Input<'a> {
    /// A key, and the action that it is bound to.
    Key(Option<Action>, Key),
    /// Pasted text.
    Paste(&'a str),
    /// A mouse event inside the box.
    Mouse(Mouse),
}

/// Everything besides its own state that the input handling of an overlay depends on.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct Surroundings<'a> {
    /// The live key bindings.
    pub(in crate::app) keymap: &'a Keymap,
    /// Area inside the box, as computed by `layout`.
    pub(in crate::app) inside: Region,
}

impl Surroundings<'_> {
    /// Number of rows by which a page key scrolls; one row of the last page stays visible.
    pub(in crate::app) fn page(&self) -> isize {
        isize::try_from(self.inside.height.saturating_sub(1).max(1)).unwrap_or(1)
    }
}

/// Word for a key on the status line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct Hint {
    pub(in crate::app) word: &'static str,
    pub(in crate::app) needs: Needs,
}

impl Hint {
    /// Returns the hint for a key that always works.
    pub(in crate::app) fn of(word: &'static str) -> Self {
        Self { word, needs: Needs::Nothing }
    }
}

/// Condition for a hint that an overlay cannot check itself, because it depends on the account or the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Needs {
    Nothing,
    /// The target of the selected row can be opened.
    OpenableRow,
    /// The user may do this to the selected member.
    MemberRights,
    /// A room is open.
    OpenRoom,
    /// The question accepts a yes.
    TimeToRead,
}

/// A key of an overlay: what it does, and its words in the help and on the status line.
pub(in crate::app) struct KeyRow<T: Component> {
    /// Action to which the key is bound.
    pub(in crate::app) action: Action,
    /// Text in the help.
    pub(in crate::app) help: &'static str,
    /// Word on the status line; `None` if the key has no hint or does nothing now.
    pub(in crate::app) hint: fn(&T) -> Option<Hint>,
    /// Handles the key.
    pub(in crate::app) run: fn(&mut T, Surroundings<'_>) -> Response<T::Choice>,
}

/// Value of [`KeyRow::hint`] for a key that is listed only in the help.
pub(in crate::app) fn no_hint<T>(_: &T) -> Option<Hint> {
    None
}

/// An overlay.
pub(in crate::app) trait Component: Sized + 'static {
    /// The user's possible choices in this overlay.
    type Choice;

    /// Heading of its section in the help.
    const HEADING: &'static str;

    /// Its keys, in the order of the help and of the hints.
    const KEYS: &'static [KeyRow<Self>];

    /// Returns its text field, if it has one. Editing keys and pasted text go there.
    fn text_input(&mut self) -> Option<&mut TextInput> {
        None
    }

    /// Follows a change of the text field.
    fn on_edited(&mut self) {}

    /// Handles a key that is neither in the table nor edits the text field.
    fn on_other_key(&mut self, key: Key) -> Response<Self::Choice>;

    /// Handles a mouse event inside the box.
    fn on_mouse(&mut self, mouse: Mouse, around: Surroundings<'_>) -> Response<Self::Choice>;

    /// Handles an input.
    fn on_input(&mut self, input: Input<'_>, around: Surroundings<'_>) -> Response<Self::Choice> {
        match input {
            Input::Key(action, key) => {
                let response = action.and_then(|action| self.run(action, around));
                let response = response.or_else(|| self.edit(|input| input.on_key(action, key)));
                response.unwrap_or_else(|| self.on_other_key(key))
            }
            Input::Paste(text) => self.edit(|input| Some(input.insert(text))).unwrap_or(Response::PasteRejected),
            Input::Mouse(mouse) => self.on_mouse(mouse, around),
        }
    }

    /// Passes an input to the text field; `None` if there is no field or the input is not for it.
    fn edit(&mut self, edit: impl FnOnce(&mut TextInput) -> Option<Edit>) -> Option<Response<Self::Choice>> {
        if edit(self.text_input()?)? == Edit::Changed {
            self.on_edited();
        }
        Some(Response::Stay)
    }

    /// Runs the row of the table that is bound to `action`, if there is one.
    fn run(&mut self, action: Action, around: Surroundings<'_>) -> Option<Response<Self::Choice>> {
        let row = Self::KEYS.iter().find(|row| row.action == action)?;
        Some((row.run)(self, around))
    }

    /// Returns the keys that have a hint now.
    fn hints(&self) -> Vec<(Action, Hint)> {
        Self::KEYS.iter().filter_map(|row| Some((row.action, (row.hint)(self)?))).collect()
    }

    /// Returns its section of the help.
    fn help() -> HelpSection {
        HelpSection { heading: Self::HEADING, rows: Self::KEYS.iter().map(|row| (row.action, row.help)).collect() }
    }
}

/// Section of the help about one overlay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct HelpSection {
    /// Heading.
    pub(in crate::app) heading: &'static str,
    /// Keys by the action they are bound to, each with its description.
    pub(in crate::app) rows: Vec<(Action, &'static str)>,
}
