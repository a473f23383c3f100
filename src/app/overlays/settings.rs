//! Settings that can be changed while the program runs: a list of options, and an editor for the selected one.
//!
//! The editor of an option with fixed values is a list of them; the selected one is tried at once. All others have a
//! text field. Confirming writes the value to the configuration file, canceling restores the value before.

use crate::app::effect::NewValue;
use crate::app::overlays::component::{Component, Hint, KeyRow, Response, Surroundings, no_hint};
use crate::app::overlays::text_input::TextInput;
use crate::app::overlays::{frame, rows};
use crate::app::regions::{Region, Size};
use crate::config::{Backend, EffectiveValue, Kind, OptionSpec, Scope, Source};
use crate::input::{Action, Key, Mouse, MouseKind};

/// Maximum width of the box, in columns.
const WIDTH: u16 = 76;

/// Maximum number of rows of a list.
const MAX_ROWS: usize = 16;

/// Rows below the list for the description of the option, with the blank row above it.
pub(in crate::app) const NOTE_ROWS: u16 = 3;

/// Words of a switch.
const SWITCH: &[&str] = &["true", "false"];

/// The open settings.
#[derive(Debug, Clone)]
pub struct SettingsPage {
    /// The options.
    pub rows: Vec<SettingRow>,
    /// Index of the selected option.
    pub selected: usize,
    /// Index of the first option on screen, as computed by `layout`.
    pub first: usize,
    /// The editor of the selected option, while it is open.
    pub editor: Option<SettingEditor>,
    /// The name of the profile whose values are shown.
    profile: String,
    /// Whether only one option is shown, so that closing its editor closes the page.
    is_single: bool,
    /// The names of all themes.
    themes: Vec<String>,
}

/// An option with its effective value.
#[derive(Debug, Clone)]
pub struct SettingRow {
    /// The option.
    pub option: &'static OptionSpec,
    /// The value; the default in words if it is not set.
    pub value: String,
    /// The origin of the value, such as `config.toml:3` or `--theme`.
    pub origin: String,
}

/// The editor of an option.
#[derive(Debug, Clone)]
pub enum SettingEditor {
    /// A list of values.
    Choices {
        /// The values; `None` is the default.
        values: Vec<Option<String>>,
        /// Index of the selected value.
        selected: usize,
        /// Index of the first value on screen, as computed by `layout`.
        first: usize,
    },
    /// A text field.
    Text {
        /// The text; if it is blank, the default is used.
        input: TextInput,
        /// The text at the start, which need not be saved.
        before: String,
        /// The reason for which the text cannot be used.
        error: Option<String>,
    },
}

/// The user's choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum SettingChoice {
    /// Use a value for the time being.
    Try(NewValue),
    /// Restore the value before.
    Abandon,
    /// Save a value.
    Save(NewValue),
}

impl SettingsPage {
    /// Creates the page of all options of a profile that can be changed, or of one of them. `backend` is that of the
    /// account, if there is one in the configuration; options of an account only exist on V Chat.
    pub(in crate::app) fn new(
        effective: &[EffectiveValue],
        themes: Vec<String>,
        single: Option<&'static str>,
        profile: &str,
        backend: Option<Backend>,
    ) -> Self {
        let has_account_options = backend == Some(Backend::VChat);
        let is_shown = |option: &OptionSpec| option.live && (has_account_options || option.scope != Scope::Profile);
        let options = crate::config::OPTIONS.iter().copied().filter(|option| is_shown(option));
        let rows = options.map(|option| SettingRow::of(option, effective, profile)).collect();
        let (profile, is_single) = (profile.to_owned(), single.is_some());
        let mut page = Self { rows, selected: 0, first: 0, editor: None, profile, is_single, themes };
        if let Some(place) = single.and_then(|key| page.rows.iter().position(|row| row.option.key == key)) {
            page.selected = place;
            page.open_editor();
        }
        page
    }

    /// Takes over other effective values.
    pub(in crate::app) fn refresh(&mut self, effective: &[EffectiveValue]) {
        for row in &mut self.rows {
            *row = SettingRow::of(row.option, effective, &self.profile);
        }
    }

    /// Returns the selected option.
    pub fn selected(&self) -> Option<&SettingRow> {
        self.rows.get(self.selected)
    }

    /// Whether a text is being edited, so that letters belong to it.
    pub(in crate::app) fn is_typing(&self) -> bool {
        matches!(self.editor, Some(SettingEditor::Text { .. }))
    }

    /// Whether the selected value is tried at the moment.
    pub(in crate::app) fn is_trying(&self) -> bool {
        matches!(self.editor, Some(SettingEditor::Choices { .. }))
    }

    /// Returns the value in the editor.
    pub(in crate::app) fn edited(&self) -> Option<NewValue> {
        let option = self.selected()?.option;
        let value = match self.editor.as_ref()? {
            SettingEditor::Choices { values, selected, .. } => values.get(*selected)?.clone(),
            SettingEditor::Text { input, .. } => Some(input.text.trim().to_owned()).filter(|text| !text.is_empty()),
        };
        Some(NewValue { option, profile: self.profile.clone(), value })
    }

    /// Shows why the text cannot be used. Returns whether a text field is open.
    pub(in crate::app) fn refuse(&mut self, sentence: &str) -> bool {
        let Some(SettingEditor::Text { error, .. }) = &mut self.editor else { return false };
        *error = Some(sentence.to_owned());
        true
    }

    /// Closes the editor. Returns whether the page stays open.
    pub(in crate::app) fn close_editor(&mut self) -> bool {
        self.editor = None;
        !self.is_single
    }

    /// Returns the size of the box.
    pub(in crate::app) fn size(&self) -> Size {
        let count = match &self.editor {
            Some(SettingEditor::Choices { values, .. }) => values.len(),
            Some(SettingEditor::Text { .. }) => 1,
            None => self.rows.len(),
        };
        Size { width: WIDTH, height: frame::height_around(count.min(MAX_ROWS)).saturating_add(NOTE_ROWS) }
    }

    /// Returns the area of the list within the box.
    pub fn list_area(inside: Region) -> Region {
        Region { height: inside.height.saturating_sub(NOTE_ROWS).max(1).min(inside.height), ..inside }
    }

    /// Returns the visible rows of the list, or of the values, and their regions.
    pub fn visible(&self, inside: Region) -> impl Iterator<Item = (usize, Region)> + use<> {
        let (first, count) = match &self.editor {
            Some(SettingEditor::Choices { values, first, .. }) => (*first, values.len()),
            Some(SettingEditor::Text { .. }) => (0, 0),
            None => (self.first, self.rows.len()),
        };
        rows::visible(Self::list_area(inside), 1, first, count)
    }

    /// Scrolls just far enough to show the selection.
    pub(in crate::app) fn settle(&mut self, inside: Region) {
        let shown = Self::list_area(inside).height.into();
        self.first = rows::reveal(self.first, self.selected, self.rows.len(), shown);
        if let Some(SettingEditor::Choices { values, selected, first }) = &mut self.editor {
            *first = rows::reveal(*first, *selected, values.len(), shown);
        }
    }

    /// Opens the editor of the selected option.
    fn open_editor(&mut self) {
        let Some(row) = self.selected() else { return };
        let words: Option<Vec<String>> = match row.option.kind {
            _ if row.option.key == "theme" => Some(self.themes.clone()),
            Kind::Choice(words) => Some(words.iter().map(|word| (*word).to_owned()).collect()),
            Kind::Switch => Some(SWITCH.iter().map(|word| (*word).to_owned()).collect()),
            _ => None,
        };
        self.editor = Some(match words {
            Some(words) => {
                let values: Vec<_> = std::iter::once(None).chain(words.into_iter().map(Some)).collect();
                let present = values.iter().position(|value| value.as_deref() == Some(row.value.as_str()));
                SettingEditor::Choices { values, selected: present.unwrap_or_default(), first: 0 }
            }
            None => {
                let mut input = TextInput::default();
                // A secret in the value is not known here, so it has to be typed again.
                if row.value != row.option.default && !row.value.contains("***") {
                    input.insert(&row.value);
                }
                SettingEditor::Text { before: input.text.clone(), input, error: None }
            }
        });
    }

    fn move_by(&mut self, by: isize) -> Response<SettingChoice> {
        let place = |selected: usize, count: usize| selected.saturating_add_signed(by).min(count.saturating_sub(1));
        match &mut self.editor {
            Some(SettingEditor::Choices { values, selected, .. }) => {
                *selected = place(*selected, values.len());
                Response::choose_if(self.edited().map(SettingChoice::Try))
            }
            Some(SettingEditor::Text { .. }) => Response::Stay,
            None => {
                self.selected = place(self.selected, self.rows.len());
                Response::Stay
            }
        }
    }

    fn confirm(&mut self) -> Response<SettingChoice> {
        match &self.editor {
            Some(SettingEditor::Text { input, before, .. }) if input.text == *before => return self.cancel(),
            Some(_) => return Response::choose_if(self.edited().map(SettingChoice::Save)),
            None => {}
        }
        self.open_editor();
        Response::Stay
    }

    fn cancel(&mut self) -> Response<SettingChoice> {
        if self.editor.is_none() { Response::Close } else { Response::Choose(SettingChoice::Abandon) }
    }
}

impl SettingRow {
    fn of(option: &'static OptionSpec, effective: &[EffectiveValue], profile: &str) -> Self {
        let (value, origin) = match EffectiveValue::find(effective, option.key, profile) {
            Some(EffectiveValue { value, source: Source::File(at), .. }) => {
                let file = at.file.rsplit(['/', '\\']).next().unwrap_or_default();
                (value.clone(), format!("{file}:{}", at.line))
            }
            Some(EffectiveValue { value, source, .. }) => (value.clone(), source.to_string()),
            None => (option.default.to_owned(), Source::Default.to_string()),
        };
        Self { option, value, origin }
    }
}

/// The choice is a value of the selected option.
impl Component for SettingsPage {
    type Choice = SettingChoice;

    const HEADING: &'static str = "In the settings";

    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::Confirm,
            help: "Change the selected option, or save the selected value",
            hint: |page| Some(Hint::of(if page.editor.is_some() { "save" } else { "change" })),
            run: |page, _| page.confirm(),
        },
        KeyRow {
            action: Action::Cancel,
            help: "Restore the value, or close",
            hint: |page| Some(Hint::of(if page.editor.is_some() { "cancel" } else { "close" })),
            run: |page, _| page.cancel(),
        },
        KeyRow { action: Action::Up, help: "Up", hint: no_hint, run: |page, _| page.move_by(-1) },
        KeyRow { action: Action::Down, help: "Down", hint: no_hint, run: |page, _| page.move_by(1) },
        KeyRow {
            action: Action::ScrollUp,
            help: "Page up",
            hint: no_hint,
            run: |page, around| page.move_by(-around.page()),
        },
        KeyRow {
            action: Action::ScrollDown,
            help: "Page down",
            hint: no_hint,
            run: |page, around| page.move_by(around.page()),
        },
        KeyRow { action: Action::First, help: "First row", hint: no_hint, run: |page, _| page.move_by(isize::MIN) },
        KeyRow { action: Action::Last, help: "Last row", hint: no_hint, run: |page, _| page.move_by(isize::MAX) },
    ];

    fn text_input(&mut self) -> Option<&mut TextInput> {
        match &mut self.editor {
            Some(SettingEditor::Text { input, .. }) => Some(input),
            Some(SettingEditor::Choices { .. }) | None => None,
        }
    }

    fn on_edited(&mut self) {
        if let Some(SettingEditor::Text { error, .. }) = &mut self.editor {
            *error = None;
        }
    }

    fn on_other_key(&mut self, _: Key) -> Response<SettingChoice> {
        Response::Stay
    }

    fn on_mouse(&mut self, mouse: Mouse, around: Surroundings<'_>) -> Response<SettingChoice> {
        match mouse.kind {
            MouseKind::WheelUp => self.move_by(-1),
            MouseKind::WheelDown => self.move_by(1),
            MouseKind::Drag => Response::Stay,
            MouseKind::Click => {
                match (rows::at(self.visible(around.inside), mouse.column, mouse.row), &mut self.editor) {
                    (Some(place), Some(SettingEditor::Choices { selected, .. })) => {
                        *selected = place;
                        Response::choose_if(self.edited().map(SettingChoice::Try))
                    }
                    (Some(place), None) => {
                        self.selected = place;
                        self.confirm()
                    }
                    (_, _) => Response::Stay,
                }
            }
        }
    }
}
