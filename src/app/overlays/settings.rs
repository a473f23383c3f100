//! Settings that can be changed while the program runs: a list of options, which can be filtered, and an editor for the
//! selected one.
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
    /// Indices of the options that match the filter, in their order.
    pub shown: Vec<usize>,
    /// Index of the selected option among those that are shown.
    pub selected: usize,
    /// Index of the first option on screen among those that are shown, as computed by `layout`.
    pub first: usize,
    /// Words that the listed options contain; `None` until the user filters them.
    pub filter: Option<TextInput>,
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
        let rows: Vec<SettingRow> = options.map(|option| SettingRow::of(option, effective, profile)).collect();
        let (shown, profile, is_single) = ((0..rows.len()).collect(), profile.to_owned(), single.is_some());
        let mut page =
            Self { rows, shown, selected: 0, first: 0, filter: None, editor: None, profile, is_single, themes };
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
        self.rows.get(*self.shown.get(self.selected)?)
    }

    /// Whether a text is being edited, so that letters belong to it.
    pub(in crate::app) fn is_typing(&self) -> bool {
        matches!(self.editor, Some(SettingEditor::Text { .. })) || self.is_filtering()
    }

    /// Whether the list is being filtered, so that letters belong to the filter.
    pub(in crate::app) fn is_filtering(&self) -> bool {
        self.filter.is_some() && self.editor.is_none()
    }

    /// Lists the options that contain every word of the filter, and selects the first of them.
    fn apply_filter(&mut self) {
        let filter = self.filter.as_ref().map_or_else(String::new, |filter| filter.text.to_lowercase());
        let words: Vec<&str> = filter.split_whitespace().collect();
        let matches = |row: &SettingRow| words.iter().all(|word| row.searched_text().contains(word));
        self.shown = (0..self.rows.len()).filter(|place| matches(&self.rows[*place])).collect();
        (self.selected, self.first) = (0, 0);
    }

    /// Opens the filter.
    fn open_filter(&mut self) -> Response<SettingChoice> {
        if self.editor.is_none() {
            self.filter.get_or_insert_default();
        }
        Response::Stay
    }

    /// Lists all options again. The same one stays selected.
    fn close_filter(&mut self) {
        let selected = self.shown.get(self.selected).copied();
        self.filter = None;
        self.apply_filter();
        self.selected = selected.unwrap_or_default();
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
            // While it is filtered, the box stays as large, so that it does not move.
            None => self.rows.len().saturating_add(usize::from(self.filter.is_some())),
        };
        Size { width: WIDTH, height: frame::height_around(count.min(MAX_ROWS)).saturating_add(NOTE_ROWS) }
    }

    /// Returns the area of the list within the box. The filter has a row above it.
    pub fn list_area(&self, inside: Region) -> Region {
        let mut list = Region { height: inside.height.saturating_sub(NOTE_ROWS).max(1).min(inside.height), ..inside };
        if self.is_filtering() {
            list.take_top(1);
        }
        list
    }

    /// Returns how many rows of the list, or of the values, are below the last one on screen.
    pub fn rows_below(&self, inside: Region) -> usize {
        let last = self.visible(inside).last().map_or(0, |(index, _)| index + 1);
        self.row_count().saturating_sub(last)
    }

    fn row_count(&self) -> usize {
        match &self.editor {
            Some(SettingEditor::Choices { values, .. }) => values.len(),
            Some(SettingEditor::Text { .. }) => 0,
            None => self.shown.len(),
        }
    }

    /// Returns the visible rows of the list, or of the values, and their regions.
    pub fn visible(&self, inside: Region) -> impl Iterator<Item = (usize, Region)> + use<> {
        let first = match &self.editor {
            Some(SettingEditor::Choices { first, .. }) => *first,
            Some(SettingEditor::Text { .. }) => 0,
            None => self.first,
        };
        rows::visible(self.list_area(inside), 1, first, self.row_count())
    }

    /// Scrolls just far enough to show the selection.
    pub(in crate::app) fn settle(&mut self, inside: Region) {
        let shown = self.list_area(inside).height.into();
        self.first = rows::reveal(self.first, self.selected, self.shown.len(), shown);
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
                self.selected = place(self.selected, self.shown.len());
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
        if self.editor.is_some() {
            return Response::Choose(SettingChoice::Abandon);
        }
        if self.filter.is_none() {
            return Response::Close;
        }
        self.close_filter();
        Response::Stay
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

    /// Returns the text that the filter searches, in lower case.
    fn searched_text(&self) -> String {
        format!("{} {} {}", self.option.key, self.value, self.option.help).to_lowercase()
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
            hint: |page| page.selected().map(|_| Hint::of(if page.editor.is_some() { "save" } else { "change" })),
            run: |page, _| page.confirm(),
        },
        KeyRow {
            action: Action::Cancel,
            help: "Restore the value, show all options, or close",
            hint: |page| {
                Some(Hint::of(match (&page.editor, &page.filter) {
                    (Some(_), _) => "cancel",
                    (None, Some(_)) => "show all",
                    (None, None) => "close",
                }))
            },
            run: |page, _| page.cancel(),
        },
        KeyRow {
            action: Action::MessageSearch,
            help: "Filter the options",
            hint: |page| (page.editor.is_none() && page.filter.is_none()).then(|| Hint::of("filter")),
            run: |page, _| page.open_filter(),
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
            Some(SettingEditor::Choices { .. }) => None,
            None => self.filter.as_mut(),
        }
    }

    fn on_edited(&mut self) {
        match &mut self.editor {
            Some(SettingEditor::Text { error, .. }) => *error = None,
            Some(SettingEditor::Choices { .. }) => {}
            None => self.apply_filter(),
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
