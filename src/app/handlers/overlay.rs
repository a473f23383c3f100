//! Input to the open overlay: passes it on, and turns what the user has chosen into calls of features.

use crate::app::effect::Effect;
use crate::app::features::rooms::{members, navigation};
use crate::app::features::{
    bundle, completion, downloads, inspector, list_targets, lists, member_list, pastes, search, search_navigation,
    settings,
};
use crate::app::handlers::{action, command, question};
use crate::app::model::context::Context;
use crate::app::overlays::component::{Input, Response, Surroundings};
use crate::app::overlays::frame;
use crate::app::overlays::list::{List, ListChoice, ListKind};
use crate::app::overlays::overlay::{Choice, Overlay};
use crate::app::overlays::question::Question;
use crate::app::overlays::save::SaveChoice;
use crate::app::overlays::search::window::SearchChoice;
use crate::input::{Action, Code, Key, Mouse};

pub(in crate::app) fn on_key(cx: &mut Context<'_>, key: Key) {
    let Some(overlay) = &cx.ui.overlay else { return };
    let bound = overlay.action(&cx.options.keymap, key);
    let bound = if closes(cx, overlay, bound, key) { Some(Action::Cancel) } else { bound };
    let is_own = bound.is_some_and(|bound| overlay.has_key(bound));
    if matches!(overlay, Overlay::Question(_)) && key.typed().is_some_and(char::is_alphabetic) && !is_own {
        // Whoever types a word has not seen the question: a `y` later in it must not answer.
        on_action(cx, Action::Cancel);
        let (yes, no) = (cx.options.keymap.shown(Action::Yes), cx.options.keymap.shown(Action::No));
        return cx.notify(format!("Nothing was done: the question takes {yes} or {no}."));
    }
    match bound.map(|bound| (bound, if is_own { KeyEffect::Overlay } else { effect_of(bound) })) {
        Some((bound, KeyEffect::CloseAndRun)) => {
            close(cx);
            action::run(cx, bound);
        }
        Some((bound, KeyEffect::Run)) => action::run(cx, bound),
        Some((_, KeyEffect::Overlay)) | None => on_input(cx, Input::Key(bound, key)),
    }
}

/// Whether a key opens this overlay, and therefore closes it: the one that did open it, or another key for it. A key that
/// has a meaning of its own there, such as a letter in a text field, does not.
fn closes(cx: &Context<'_>, overlay: &Overlay, bound: Option<Action>, key: Key) -> bool {
    let opens = match overlay {
        Overlay::Help(..) => matches!(bound, Some(Action::Help | Action::MessageHelp)),
        Overlay::Info(_) | Overlay::List(List { kind: ListKind::Members(_), .. }) => match bound {
            Some(Action::ToggleMembers) => !member_list::fits(cx.scene()),
            bound => bound == Some(Action::RoomInfo),
        },
        // It has to be answered.
        Overlay::Question(_) | Overlay::Paste(_) | Overlay::KeyTest(_) => return false,
        _ => false,
    };
    let is_typed = overlay.is_typing() && key.typed().is_some();
    let has_meaning = is_typed || key.code == Code::Enter || bound.is_some_and(|bound| overlay.has_key(bound));
    opens || (cx.ui.opened_by == Some(key) && !has_meaning)
}

/// Passes an action to the open overlay, as if a key that is bound to it had been pressed.
pub(in crate::app) fn on_action(cx: &mut Context<'_>, action: Action) {
    on_input(cx, Input::Key(Some(action), Key::plain(Code::Enter)));
}

/// Closes whatever is open, so that nothing waits for an answer.
pub(in crate::app) fn close(cx: &mut Context<'_>) {
    settings::abandon(cx);
    bundle::abandon(cx);
    match cx.ui.box_ref() {
        Some(Overlay::Inspector(_)) => inspector::close(cx),
        _ => cx.ui.overlay = None,
    }
}

/// Effect of a key while an overlay is open.
enum KeyEffect {
    /// The overlay handles it, or ignores it.
    Overlay,
    /// Its action runs at once, and the overlay stays open.
    Run,
    /// The overlay is closed, then the action runs.
    CloseAndRun,
}

fn effect_of(action: Action) -> KeyEffect {
    match action {
        // What leads elsewhere does so from a box, too.
        Action::Quit
        | Action::Interrupt
        | Action::Switcher
        | Action::Search
        | Action::RoomInfo
        | Action::NextRoom
        | Action::PreviousRoom
        | Action::NextUnread
        | Action::PreviousUnread
        | Action::NextMention => KeyEffect::CloseAndRun,
        Action::Help
        | Action::MessageHelp
        | Action::Reconnect
        | Action::Redraw
        | Action::Inspector
        | Action::Latency
        | Action::ToggleMembers
        | Action::ToggleRooms
        | Action::NarrowRooms
        | Action::WidenRooms
        | Action::NarrowMembers
        | Action::WidenMembers
        | Action::ToggleDensity
        | Action::ToggleMarkdown
        | Action::ToggleMouse
        | Action::Suspend
        | Action::AcceptCall
        | Action::RejectCall
        | Action::HangUp => KeyEffect::Run,
        Action::ScrollUp
        | Action::ScrollDown
        | Action::ToOldest
        | Action::ToNewest
        | Action::JumpBack
        | Action::SelectMessage
        | Action::FocusRooms
        | Action::PinRoom
        | Action::MuteRoom
        | Action::ArchiveRoom
        | Action::ReadRoom
        | Action::SortRooms
        | Action::FilterRooms
        | Action::MarkAllRead
        | Action::MessageUnread
        | Action::NextProfile
        | Action::FillGap
        | Action::Cancel
        | Action::Up
        | Action::Down
        | Action::First
        | Action::Last
        | Action::Confirm
        | Action::ZoomIn
        | Action::ZoomOut
        | Action::ZoomFit
        | Action::Left
        | Action::Right
        | Action::Yes
        | Action::No
        | Action::SearchScope
        | Action::ShowSecret
        | Action::MemberPromote
        | Action::MemberDemote
        | Action::MemberRemove
        | Action::MessageUp
        | Action::MessageDown
        | Action::MessageOldest
        | Action::MessageNewest
        | Action::MessageMenu
        | Action::MessageDetails
        | Action::MessageInspect
        | Action::InspectorPane
        | Action::InspectorFilter
        | Action::InspectorSearch
        | Action::InspectorNext
        | Action::InspectorPrevious
        | Action::InspectorCopy
        | Action::InspectorPause
        | Action::InspectorGroup
        | Action::InspectorFold
        | Action::MessageMark
        | Action::MessageSearch
        | Action::MessageReply
        | Action::MessageForward
        | Action::MessageQuoted
        | Action::FoundOlder
        | Action::FoundNewer
        | Action::MessageStar
        | Action::MessageSeenBy
        | Action::MessageEdit
        | Action::MessageDelete
        | Action::MessageDeleteForMe
        | Action::MessageCopy
        | Action::MessageOpen
        | Action::MessageCopyLink
        | Action::MessageSource
        | Action::MessageFold
        | Action::MessagePicture
        | Action::MessageSave
        | Action::MessageRetry
        | Action::MessageCancel
        | Action::EditLast
        | Action::FocusMessages
        | Action::CompletionAccept
        | Action::CompletionConfirm
        | Action::CompletionUp
        | Action::CompletionDown
        | Action::CompletionClose
        | Action::Complete
        | Action::Send
        | Action::NewLine
        | Action::ExternalEditor
        | Action::PasteImage
        | Action::OlderLine
        | Action::NewerLine
        | Action::LineStart
        | Action::LineEnd
        | Action::WordLeft
        | Action::WordRight
        | Action::DeleteNext
        | Action::DeleteWord
        | Action::DeleteNextWord
        | Action::DeleteToStart
        | Action::DeleteToEnd
        | Action::Yank
        | Action::Undo
        | Action::DeleteToBlank
        | Action::DeleteBlanks
        | Action::YankPop
        | Action::TransposeChars
        | Action::TransposeWords
        | Action::UpperCaseWord
        | Action::LowerCaseWord
        | Action::CapitalizeWord
        | Action::SelectLeft
        | Action::SelectRight
        | Action::SelectUp
        | Action::SelectDown
        | Action::SelectWordLeft
        | Action::SelectWordRight
        | Action::SelectToLineStart
        | Action::SelectToLineEnd
        | Action::SelectAll
        | Action::Copy
        | Action::Cut
        | Action::CharLeft
        | Action::CharRight
        | Action::RowUp
        | Action::RowDown
        | Action::Redo => KeyEffect::Overlay,
    }
}

pub(in crate::app) fn on_paste(cx: &mut Context<'_>, text: &str) {
    on_input(cx, Input::Paste(text));
}

/// Handles a mouse event; outside the box it is ignored.
pub(in crate::app) fn on_mouse(cx: &mut Context<'_>, mouse: Mouse) {
    if cx.ui.regions.overlay.contains(mouse.column, mouse.row) {
        on_input(cx, Input::Mouse(mouse));
    }
}

fn on_input(cx: &mut Context<'_>, input: Input<'_>) {
    let around = Surroundings { keymap: &cx.options.keymap, inside: frame::inside(cx.ui.regions.overlay) };
    let Some(overlay) = &mut cx.ui.overlay else { return };
    match overlay.on_input(input, around) {
        Response::Stay => {}
        Response::Close => match cx.ui.overlay.take() {
            // What the help covered is open again.
            Some(Overlay::Help(_, covered)) => cx.ui.overlay = covered.map(|covered| *covered),
            Some(Overlay::Inspector(_)) => inspector::close(cx),
            Some(Overlay::Question(Question::WriteBundle(_))) => cx.effects.push(Effect::DiscardBundle),
            _ => {}
        },
        Response::PasteRejected => {
            let close = cx.options.keymap.shown(Action::Cancel);
            cx.notify(format!("Text cannot be pasted here. Press {close} and paste again."));
        }
        Response::Choose(choice) => on_choice(cx, choice),
    }
    match &cx.ui.overlay {
        Some(Overlay::List(_)) => lists::request_next_page(cx),
        Some(Overlay::Search(_)) => search::search_if_changed(cx),
        // The popup follows the path, and opens when it is asked for.
        Some(Overlay::Save(_)) => completion::refresh(cx, false),
        Some(
            Overlay::Switcher(_)
            | Overlay::Help(..)
            | Overlay::Info(_)
            | Overlay::Menu(_)
            | Overlay::Question(_)
            | Overlay::Paste(_)
            | Overlay::Picture(_)
            | Overlay::Settings(_)
            | Overlay::Inspector(_)
            | Overlay::KeyTest(_),
        )
        | None => {}
    }
}

fn on_choice(cx: &mut Context<'_>, choice: Choice) {
    match choice {
        Choice::Switcher(choice) => {
            if let Some(chosen) = navigation::open_switcher_choice(cx, choice) {
                action::run(cx, chosen);
            }
        }
        Choice::Paste(chosen) => {
            if pastes::on_chosen(cx, chosen) {
                command::send(cx);
            }
        }
        Choice::Inspector(choice) => inspector::on_choice(cx, choice),
        Choice::Settings(choice) => settings::on_choice(cx, choice),
        Choice::Save(SaveChoice::Save(chosen)) => downloads::start(cx, chosen),
        Choice::Save(SaveChoice::Complete) => completion::open(cx),
        Choice::List(ListChoice::Open(target)) => list_targets::open_target(cx, target),
        Choice::List(ListChoice::ChangeMember(change)) => members::change_selected(cx, change),
        Choice::Search(SearchChoice::ToggleScope) => search_navigation::toggle_scope(cx),
        Choice::Search(SearchChoice::Jump) => {
            if let Some(Overlay::Search(search)) = cx.ui.overlay.take() {
                search_navigation::jump_to_selected(cx, search);
            }
        }
        Choice::Menu(chosen) => {
            cx.ui.overlay = None;
            action::run(cx, chosen);
        }
        // It does not show this answer yet.
        Choice::Question(_) if !cx.scene().accepts_yes() => {}
        Choice::Question(question) => {
            cx.ui.overlay = None;
            question::answer_yes(cx, question);
        }
    }
}
