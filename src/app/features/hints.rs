//! Hints for the keys that do something right now, for the status line and the first section of the help.

use std::borrow::Cow;

use crate::app::features::overlay_hints::overlay_hints;
use crate::app::features::{marked, quote_reply};
use crate::app::model::account::ConnectionState;
use crate::app::model::completion::{Completion, is_command};
use crate::app::model::context::Scene;
use crate::app::model::links::links_of;
use crate::app::model::ui::Focus;
use crate::domain::{Feature, Slot};
use crate::input::{Action, Context};
use crate::text::clip;

/// Maximum width of a host name in a hint, in cells.
const HOST_WIDTH: usize = 30;

/// What a key does right now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The action that the key is bound to.
    pub action: Action,
    /// What it does, in a few words in lower case.
    pub word: Cow<'static, str>,
}

impl From<(Action, &'static str)> for Hint {
    fn from((action, word): (Action, &'static str)) -> Self {
        Self { action, word: word.into() }
    }
}

/// Returns the words for the next match, with the place of the present one among all.
fn found_place(scene: Scene<'_>, word: &'static str) -> Cow<'static, str> {
    match scene.ui.searched.as_ref().filter(|search| search.results.len() > 1) {
        Some(search) => {
            let more = if search.more { "+" } else { "" };
            format!("{word} ({} of {}{more})", search.selected + 1, search.results.len()).into()
        }
        None => word.into(),
    }
}

/// Returns the hints for what has the focus, the most useful first.
pub fn hints(scene: Scene<'_>) -> Vec<Hint> {
    if let Some(popup) = scene.ui.completion.popup.as_ref().filter(|_| scene.ui.overlay.is_some()) {
        return popup_hints(scene, popup).into_iter().flatten().map(Hint::from).collect();
    }
    if scene.ui.overlay.is_some() {
        return overlay_hints(scene).into_iter().map(Hint::from).collect();
    }
    hints_below_overlay(scene)
}

/// Returns the keys that do something right now with what they do, as a text.
pub fn key_list(scene: Scene<'_>) -> String {
    let keys = hints(scene).into_iter().map(|hint| (scene.options.key_name(hint.action), hint.word));
    let keys = keys.filter(|(key, _)| !key.is_empty()).map(|(key, word)| format!("{key} {word}"));
    keys.collect::<Vec<_>>().join(", ")
}

/// Returns the hints for what will have the focus once the open overlay is closed.
pub(in crate::app) fn hints_below_overlay(scene: Scene<'_>) -> Vec<Hint> {
    match scene.ui.focus {
        Focus::Message(slot) => message_hints(scene, slot),
        Focus::Rooms(_) => {
            let of_rooms = Action::hinted(Context::Rooms);
            let all = [(Action::Confirm, "open")].into_iter().chain(of_rooms).chain([(Action::Cancel, "back")]);
            all.map(Hint::from).collect()
        }
        Focus::Composer => match &scene.ui.completion.popup {
            Some(popup) => popup_hints(scene, popup).into_iter().flatten().map(Hint::from).collect(),
            None => composer_hints(scene).into_iter().map(Hint::from).collect(),
        },
    }
}

/// What can be done with the text in the composer, then the keys that work anywhere.
pub(in crate::app) fn composer_hints(scene: Scene<'_>) -> Vec<(Action, &'static str)> {
    let composer = &scene.ui.composer;
    let (is_edit, is_reply) = (composer.editing.is_some(), composer.reply.is_some());
    let is_reply = is_reply || quote_reply::is_begun(composer);
    let cancel = if is_edit { Some("cancel") } else { is_reply.then_some("cancel reply") };
    let can_select = composer.is_empty() && !is_edit && scene.ui.pane.rows.iter().any(|row| row.message().is_some());
    let enter = enter_word(scene);
    // The text goes into the room that is opened next.
    let has_no_room = scene.ui.open.is_none() && !composer.is_empty() && !composer.is_command();
    let is_offline = matches!(scene.account.connection, ConnectionState::Offline { .. });
    // Where the list has no space of its own, nothing else on screen leads to it.
    let is_list_hidden = scene.ui.regions.rooms.height == 0;
    let selected = composer.selection().is_some();
    let selected = [(Action::Copy, "copy"), (Action::Cut, "cut"), (Action::Cancel, "deselect")]
        .map(|hint| selected.then_some(hint));
    let own = [
        (is_list_hidden && enter.is_none()).then_some((Action::FocusRooms, "rooms")),
        enter.map(|word| (Action::Send, word)),
        cancel.map(|word| (Action::Cancel, word)),
        enter.filter(|word| *word != "run").map(|_| (Action::NewLine, "new line")),
        is_offline.then_some((Action::Reconnect, "reconnect")),
    ];
    let anywhere = [
        scene.ui.tile().map(|_| (Action::NextProfile, "next person")),
        Some((Action::Switcher, if has_no_room { "choose a room" } else { "go to" })),
        can_select.then_some((Action::FocusMessages, "select")),
        Some((Action::Help, "help")),
        Some((Action::Quit, "quit")),
    ];
    selected.into_iter().chain(own).chain(anywhere).flatten().collect()
}

/// Returns what Enter does with the text in the composer; `None` if there is nothing to do.
fn enter_word(scene: Scene<'_>) -> Option<&'static str> {
    let composer = &scene.ui.composer;
    match composer.text().trim().is_empty() {
        // Saving an edit without a text offers to discard or to delete the message.
        true if composer.edited_send().is_some() => Some("discard"),
        true if composer.editing.is_some() => scene.account.can(Feature::Delete).then_some("delete"),
        false if composer.editing.is_some() => Some("save"),
        false if composer.is_command() => names_command(composer.text()).then_some("run"),
        false if scene.ui.open.is_some() => Some("send"),
        _ => None,
    }
}

/// Whether a text that begins with a slash begins with the whole name of a command.
fn names_command(text: &str) -> bool {
    text.get(1..).and_then(|line| line.split(char::is_whitespace).next()).is_some_and(is_command)
}

/// What can be done while the completion popup is open.
fn popup_hints(scene: Scene<'_>, popup: &Completion) -> [Option<(Action, &'static str)>; 3] {
    let takes_enter = popup.takes_enter();
    let accept = if takes_enter { Action::CompletionConfirm } else { Action::CompletionAccept };
    let enter = match scene.ui.overlay {
        Some(_) => Some((Action::Confirm, "save")),
        None => enter_word(scene).map(|word| (Action::Send, word)),
    };
    let inserts = !popup.rows.is_empty();
    [inserts.then_some((accept, "insert")), enter.filter(|_| !takes_enter), Some((Action::CompletionClose, "close"))]
}

/// Hints for what can be done with all marked messages.
fn marked_hints(scene: Scene<'_>) -> Vec<Hint> {
    marked::actions(scene).into_iter().chain([(Action::Cancel, "unmark all")]).map(Hint::from).collect()
}

/// Hints for what can be done with the selected message, taken from the action table.
fn message_hints(scene: Scene<'_>, slot: Slot) -> Vec<Hint> {
    let Some(room) = scene.open_room() else { return Vec::new() };
    let message = room.timeline.get(slot);
    if !scene.ui.pane.marked.is_empty() {
        return marked_hints(scene);
    }
    let word = |action: Action, word: &'static str| -> Cow<'static, str> {
        match action {
            Action::MessageOpen => match links_of(message, scene.text_format()).as_slice() {
                // The real host is shown before the link is opened.
                [link] => format!("open {}", clip(&link.display_host(), HOST_WIDTH)).into(),
                links => format!("open one of {} links", links.len()).into(),
            },
            Action::FoundOlder => found_place(scene, word),
            Action::FoundNewer if !scene.offers_on(message, Action::FoundOlder) => found_place(scene, word),
            Action::MessageFold if !scene.ui.pane.unfolded.contains(&slot) => "show all".into(),
            Action::MessageStar if message.starred => "unstar".into(),
            Action::MessageDelete if scene.account.send_status(message).is_some() => "discard".into(),
            _ => word.into(),
        }
    };
    Action::hinted(Context::Message)
        .into_iter()
        .chain([(Action::Cancel, "back")])
        .filter(|(action, _)| scene.offers_on(message, *action))
        .map(|(action, default)| Hint { action, word: word(action, default) })
        .collect()
}
