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
use crate::app::overlays::switcher::{Switcher, SwitcherChoice, SwitcherPurpose};
use crate::app::overlays::text_input::{EDITING, TextInput};
use crate::input::{Action, Context, Key, Keymap};

/// An open box over the screen.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// Switcher that finds rooms, people and commands by a few letters.
    Switcher(Switcher),
    /// Help page, and the box that it covers, which is open again once the help is closed.
    Help(Help, Option<Box<Overlay>>),
    /// Information about the open room, or the newest notices.
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
        matches!(self, Self::Help(..) | Self::Picture(_) | Self::Inspector(_) | Self::KeyTest(_) | Self::Settings(_))
    }

    /// Returns the box that the help covers; any other overlay itself, or a help that covers none.
    pub(in crate::app) fn uncovered(&self) -> &Self {
        match self {
            Self::Help(_, Some(covered)) => covered,
            other => other,
        }
    }

    /// The same as [`uncovered`](Self::uncovered), to be changed.
    pub(in crate::app) fn uncovered_mut(&mut self) -> &mut Self {
        match self {
            Self::Help(_, Some(covered)) => covered,
            other => other,
        }
    }

    /// Whether a text is being typed, so that letters belong to it.
    pub fn is_typing(&self) -> bool {
        match self {
            Self::Switcher(_) | Self::Search(_) | Self::Save(_) => true,
            Self::Help(help, _) => help.filter.is_some(),
            Self::List(list) => list.is_typing(),
            Self::Settings(page) => page.is_typing(),
            Self::Inspector(inspector) => inspector.is_typing(),
            Self::Info(_)
            | Self::Menu(_)
            | Self::Question(_)
            | Self::Paste(_)
            | Self::Picture(_)
            | Self::KeyTest(_) => false,
        }
    }

    /// Whether the text that is being typed narrows a list from which the user then chooses what has an effect: a message
    /// is forwarded, or a setting changed. A room that is found is opened at once.
    pub fn is_filtering(&self) -> bool {
        match self {
            Self::Switcher(switcher) => switcher.purpose != SwitcherPurpose::GoTo,
            Self::Settings(page) => page.is_filtering(),
            Self::Help(..) | Self::List(_) => self.is_typing(),
            Self::Search(_)
            | Self::Save(_)
            | Self::Inspector(_)
            | Self::Info(_)
            | Self::Menu(_)
            | Self::Question(_)
            | Self::Paste(_)
            | Self::Picture(_)
            | Self::KeyTest(_) => false,
        }
    }

    /// Returns the text field, if there is one now.
    fn text_input(&mut self) -> Option<&mut TextInput> {
        match self {
            Self::Switcher(switcher) => switcher.text_input(),
            Self::Help(help, _) => help.text_input(),
            Self::List(list) => list.text_input(),
            Self::Search(search) => search.text_input(),
            Self::Save(prompt) => prompt.text_input(),
            Self::Inspector(inspector) => inspector.text_input(),
            Self::Settings(page) => page.text_input(),
            Self::Info(_)
            | Self::Menu(_)
            | Self::Question(_)
            | Self::Paste(_)
            | Self::Picture(_)
            | Self::KeyTest(_) => None,
        }
    }

    /// Removes the text of the text field, so that another one takes its place.
    pub(in crate::app) fn clear_text(&mut self) {
        if let Some(input) = self.text_input() {
            input.replace(0..input.text.len(), "");
        }
    }

    /// Returns the action that a key is bound to in this overlay.
    pub(in crate::app) fn action(&self, keymap: &Keymap, key: Key) -> Option<Action> {
        let of_message = || keymap.action(&[Context::Message], key);
        let opens_switcher = || {
            let contexts = [Context::Overlay, Context::Composer, Context::Anywhere];
            keymap.action(&contexts, key) == Some(Action::Switcher)
        };
        match self {
            // Typed letters belong to the text field, even if they are bound to an action.
            _ if self.is_typing() && key.typed().is_some() => None,
            // The key that shows the help from a selected message does so everywhere.
            _ if of_message() == Some(Action::MessageHelp) => Some(Action::MessageHelp),
            // The key that opens the switcher goes down in it.
            Self::Switcher(_) if opens_switcher() => Some(Action::Down),
            Self::Help(Help { filter: Some(_), .. }, _) => {
                keymap.action(&[Context::Overlay, Context::Composer, Context::Anywhere], key)
            }
            // The key that searches from a selected message also searches lists, the help and the settings.
            Self::Help(..) | Self::List(_) | Self::Settings(_) if of_message() == Some(Action::MessageSearch) => {
                Some(Action::MessageSearch)
            }
            // The key that completes a word of the composer also completes a path.
            Self::Save(_) if keymap.action(&[Context::Composer], key) == Some(Action::Complete) => {
                Some(Action::Complete)
            }
            Self::Switcher(_) | Self::Search(_) | Self::Save(_) => of_list_with_field(keymap, key),
            Self::List(list) if list.is_typing() => of_list_with_field(keymap, key),
            Self::Settings(page) if page.is_filtering() => of_list_with_field(keymap, key),
            Self::Menu(menu) => keymap
                .action(&[Context::Message], key)
                .filter(|action| menu.actions.contains(action))
                .or_else(|| keymap.action(&[Context::Overlay, Context::Anywhere], key)),
            Self::Settings(page) if page.is_typing() => keymap
                .action(&[Context::Overlay], key)
                .filter(|action| matches!(action, Action::Confirm | Action::Cancel))
                .or_else(|| keymap.action(&[Context::Composer, Context::Anywhere], key)),
            Self::Inspector(inspector) if inspector.is_typing() => keymap
                .action(&[Context::Overlay], key)
                .filter(|action| matches!(action, Action::Confirm | Action::Cancel))
                .or_else(|| keymap.action(&[Context::Composer, Context::Anywhere], key)),
            Self::Inspector(_) => keymap.action(&[Context::Inspector, Context::Overlay, Context::Anywhere], key),
            Self::Help(..)
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
            Self::Help(help, _) => help.on_input(input, around).map(|never| match never {}),
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
            Self::Help(help, _) => help.hints(),
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

    /// Whether one of its own keys has this action, so that it means nothing else here.
    pub(in crate::app) fn has_key(&self, action: Action) -> bool {
        self.own_help().iter().flat_map(|section| &section.rows).any(|(own, _)| *own == action)
    }

    /// Returns its section of the help, and that of its text field if it has one now.
    pub(in crate::app) fn own_help(&self) -> Vec<HelpSection> {
        let own = match self {
            Self::Switcher(_) => Switcher::help(),
            Self::Help(..) => Help::help(),
            Self::Info(_) => Info::help(),
            Self::List(_) => List::help(),
            Self::Search(_) => Search::help(),
            Self::Menu(_) => Menu::help(),
            Self::Question(_) => Question::help(),
            Self::Paste(_) => PasteMenu::help(),
            Self::Picture(_) => PictureView::help(),
            Self::Save(_) => SavePrompt::help(),
            Self::Inspector(_) => Inspector::help(),
            Self::KeyTest(_) => KeyTest::help(),
            Self::Settings(_) => SettingsPage::help(),
        };
        let field = self.is_typing().then(text_field_help);
        std::iter::once(own).chain(field).collect()
    }

    /// Returns the sections of the help: one for each overlay, and one for their text fields.
    pub(in crate::app) fn help_sections() -> Vec<HelpSection> {
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
            text_field_help(),
        ]
    }
}

/// Returns the action of a key in a list with a text field, where the keys for the ends of a line belong to the field.
fn of_list_with_field(keymap: &Keymap, key: Key) -> Option<Action> {
    let of_list = keymap.action(&[Context::Overlay], key);
    let of_list = of_list.filter(|action| !matches!(action, Action::First | Action::Last));
    of_list.or_else(|| keymap.action(&[Context::Composer, Context::Anywhere], key))
}

fn text_field_help() -> HelpSection {
    HelpSection { heading: "In a text field", rows: EDITING.to_vec() }
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
