//! Prompt for the path to which a file is saved.

use crate::app::overlays::component::{Component, Hint, KeyRow, Response, Surroundings};
use crate::app::overlays::frame;
use crate::app::overlays::text_input::TextInput;
use crate::app::regions::Size;
use crate::domain::FileToSave;
use crate::input::{Action, Key, Mouse};

/// Maximum width of the box, in columns.
const WIDTH: u16 = 72;

/// The open prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavePrompt {
    file: FileToSave,
    /// The path.
    pub input: TextInput,
}

/// The user's choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum SaveChoice {
    /// Save the file to this path.
    Save(SavePath),
    /// Complete the path.
    Complete,
}

/// File and the path that the user has typed for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct SavePath {
    pub(in crate::app) file: FileToSave,
    pub(in crate::app) path: String,
}

impl SavePrompt {
    /// Creates a prompt with a suggestion.
    pub(in crate::app) fn of(file: FileToSave, path: &str) -> Self {
        let mut input = TextInput::default();
        input.insert(path);
        Self { file, input }
    }

    /// Returns the title of the box.
    pub fn title(&self) -> String {
        if self.file.name.is_empty() { "Save file".to_owned() } else { format!("Save {}", self.file.name) }
    }

    /// Returns the size of the box.
    pub(in crate::app) fn size() -> Size {
        Size { width: WIDTH, height: frame::height_around(1) }
    }

    fn choose(&self) -> Response<SaveChoice> {
        let path = || SavePath { file: self.file.clone(), path: self.input.text.trim().to_owned() };
        let chosen = || SaveChoice::Save(path());
        Response::choose_if((!self.input.is_blank()).then(chosen))
    }
}

impl Component for SavePrompt {
    type Choice = SaveChoice;

    const HEADING: &'static str = "When saving a file";

    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::Confirm,
            help: "Save the file to this path",
            hint: |_| Some(Hint::of("save")),
            run: |prompt, _| prompt.choose(),
        },
        KeyRow {
            action: Action::Complete,
            help: "Complete the path before the cursor",
            hint: |_| Some(Hint::of("complete")),
            run: |_, _| Response::Choose(SaveChoice::Complete),
        },
        KeyRow {
            action: Action::Cancel,
            help: "Close",
            hint: |_| Some(Hint::of("close")),
            run: |_, _| Response::Close,
        },
    ];

    fn text_input(&mut self) -> Option<&mut TextInput> {
        Some(&mut self.input)
    }

    fn on_other_key(&mut self, _: Key) -> Response<SaveChoice> {
        Response::Stay
    }

    fn on_mouse(&mut self, _: Mouse, _: Surroundings<'_>) -> Response<SaveChoice> {
        Response::Stay
    }
}
