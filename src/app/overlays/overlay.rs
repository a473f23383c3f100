//! Boxes over the screen; at most one is open at a time.

use crate::app::overlays::component::{Component, HelpSection, Hint, Input, Response, Surroundings};
use crate::app::overlays::help::Help;
use crate::app::overlays::info::Info;
use crate::app::overlays::inspector::choice::InspectorChoice;
use crate::app::overlays::inspector::window::Inspector;
use crate::app::overlays::key_test::KeyTest;
use crate::app::overlays::list::{List, ListChoice};
use crate::app::overlays::menu::Menu;
use crate::app::overlays::paste::{PasteMenu, PasteUse};
use crate::app::overlays::picture::PictureView;
use crate::app::overlays::question::Question;
use crate::app::overlays::save::{SaveChoice, SavePrompt};
use crate::app::overlays::search::window::{Search, SearchChoice};
use crate::app::overlays::settings::{SettingChoice, SettingsPage};
use crate::app::overlays::switcher::{Switcher, SwitcherChoice};
use crate::app::overlays::text_input::EDITING;
use crate::input::{Action, Context, Key, Keymap};

/// An open box over the screen.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// Switcher that finds rooms, people and commands by a few letters.
    Switcher(Switcher),
    /// Help page.
    Help(Help),
    /// Information about the open room.
    Info(Info),
    /// List requested from the server, such as the members of a group.
    List(List),
    /// Search for messages that contain the typed words.
    Search(Box<Search>),
    /// Menu of the selected message.
    Menu(Menu),
    /// Question to be answered with yes or no.
    Question(Question),
    /// Menu for pasted text.
    Paste(PasteMenu),
    /// Picture on the whole screen.
    Picture(PictureView),
    /// Prompt for the path of a file.
    Save(SavePrompt),
    /// Calls and packets of the connections.
    Inspector(Box<Inspector>),
    /// Test of what the terminal sends for a key.
    KeyTest(KeyTest),
    /// Settings that can be changed.
    Settings(SettingsPage),
}

/// The user's choice in an overlay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Choice {
    Switcher(SwitcherChoice),
    List(ListChoice),
    Search(SearchChoice),
    /// An action of the menu of a message.
    Menu(Action),
    /// The question has been answered with yes.
    Question(Question),
    Paste(PasteUse),
    Save(SaveChoice),
    Inspector(InspectorChoice),
    Settings(SettingChoice),
}

impl Overlay {
    /// Whether the box is about the whole program or needs much space, so that it is not confined to one of several tiles.
    pub(in crate::app) fn needs_screen(&self) -> bool {
        matches!(self, Self::Help(_) | Self::Picture(_) | Self::Inspector(_) | Self::KeyTest(_) | Self::Settings(_))
    }

    /// Returns the action that a key is bound to in this overlay.
    pub(in crate::app) fn action(&self, keymap: &Keymap, key: Key) -> Option<Action> {
        match self {
            // Typed letters belong to the text field, even if they are bound to an action.
            Self::Switcher(_) | Self::Search(_) | Self::Save(_) | Self::Help(Help { filter: Some(_), .. })
                if key.typed().is_some() =>
            {
                None
            }
            Self::Settings(page) if page.is_typing() && key.typed().is_some() => None,
            Self::Help(Help { filter: Some(_), .. }) => {
                keymap.action(&[Context::Overlay, Context::Composer, Context::Anywhere], key)
            }
            // The key that searches from a selected message also searches the help.
            Self::Help(_) if keymap.action(&[Context::Message], key) == Some(Action::MessageSearch) => {
                Some(Action::MessageSearch)
            }
            // The key that completes a word of the composer also completes a path.
            Self::Save(_) if keymap.action(&[Context::Composer], key) == Some(Action::Complete) => {
                Some(Action::Complete)
            }
            // So do the keys that move to the ends of a list or of a line.
            Self::Switcher(_) | Self::Search(_) | Self::Save(_) => keymap
                .action(&[Context::Overlay], key)
                .filter(|action| !matches!(action, Action::First | Action::Last))
                .or_else(|| keymap.action(&[Context::Composer, Context::Anywhere], key)),
            Self::Menu(menu) => keymap
                .action(&[Context::Message], key)
                .filter(|action| menu.actions.contains(action))
                .or_else(|| keymap.action(&[Context::Overlay, Context::Anywhere], key)),
            Self::Settings(page) if page.is_typing() => keymap
                .action(&[Context::Overlay], key)
                .filter(|action| matches!(action, Action::Confirm | Action::Cancel))
                .or_else(|| keymap.action(&[Context::Composer, Context::Anywhere], key)),
            Self::Inspector(inspector) if inspector.is_typing() && key.typed().is_some() => None,
            Self::Inspector(inspector) if inspector.is_typing() => keymap
                .action(&[Context::Overlay], key)
                .filter(|action| matches!(action, Action::Confirm | Action::Cancel))
                .or_else(|| keymap.action(&[Context::Composer, Context::Anywhere], key)),
            Self::Inspector(_) => keymap.action(&[Context::Inspector, Context::Overlay, Context::Anywhere], key),
            Self::Help(_)
            | Self::Info(_)
            | Self::List(_)
            | Self::Question(_)
            | Self::Paste(_)
            | Self::Picture(_)
            | Self::KeyTest(_)
            | Self::Settings(_) => keymap.action(&[Context::Overlay, Context::Anywhere], key),
        }
    }

    /// Handles an input.
    pub(in crate::app) fn on_input(&mut self, input: Input<'_>, around: Surroundings<'_>) -> Response<Choice> {
        match self {
            Self::Switcher(switcher) => switcher.on_input(input, around).map(Choice::Switcher),
            Self::Help(help) => help.on_input(input, around).map(|never| match never {}),
            Self::Info(info) => info.on_input(input, around).map(|never| match never {}),
            Self::List(list) => list.on_input(input, around).map(Choice::List),
            Self::Search(search) => search.on_input(input, around).map(Choice::Search),
            Self::Menu(menu) => menu.on_input(input, around).map(Choice::Menu),
            Self::Question(question) => question.on_input(input, around).map(Choice::Question),
            Self::Paste(menu) => menu.on_input(input, around).map(Choice::Paste),
            Self::Picture(view) => view.on_input(input, around).map(|never| match never {}),
            Self::Save(prompt) => prompt.on_input(input, around).map(Choice::Save),
            Self::Inspector(inspector) => inspector.on_input(input, around).map(Choice::Inspector),
            Self::KeyTest(test) => test.on_input(input, around).map(|never| match never {}),
            Self::Settings(page) => page.on_input(input, around).map(Choice::Settings),
        }
    }

    /// Returns the keys that have a hint on the status line now.
    pub(in crate::app) fn hints(&self) -> Vec<(Action, Hint)> {
        match self {
            Self::Switcher(switcher) => switcher.hints(),
            Self::Help(help) => help.hints(),
            Self::Info(info) => info.hints(),
            Self::List(list) => list.hints(),
            Self::Search(search) => search.hints(),
            Self::Menu(menu) => menu.hints(),
            Self::Question(question) => question.hints(),
            Self::Paste(menu) => menu.hints(),
            Self::Picture(view) => view.hints(),
            Self::Save(prompt) => prompt.hints(),
            Self::Inspector(inspector) => inspector.hints(),
            Self::KeyTest(test) => test.hints(),
            Self::Settings(page) => page.hints(),
        }
    }

    /// Returns the sections of the help: one for each overlay, and one for their text fields.
    pub(in crate::app) fn help_sections() -> Vec<HelpSection> {
        let fields = HelpSection { heading: "In a text field", rows: EDITING.to_vec() };
        vec![
            Switcher::help(),
            List::help(),
            Search::help(),
            Menu::help(),
            Question::help(),
            PasteMenu::help(),
            PictureView::help(),
            SavePrompt::help(),
            SettingsPage::help(),
            Inspector::help(),
            KeyTest::help(),
            Help::help(),
            Info::help(),
            fields,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_overlay_action_is_in_the_help_of_an_overlay() {
        let rows: Vec<Action> =
            Overlay::help_sections().into_iter().flat_map(|section| section.rows).map(|(action, _)| action).collect();
        // A key is only typed in the wizard, which is no overlay.
        let is_of_wizard = |action: &Action| *action == Action::ShowSecret;
        let missing: Vec<&str> = Action::all()
            .filter(|action| {
                matches!(action.context(), Context::Overlay | Context::Inspector)
                    && !rows.contains(action)
                    && !is_of_wizard(action)
            })
            .map(Action::name)
            .collect();
        assert_eq!(missing, [""; 0]);
    }
}
