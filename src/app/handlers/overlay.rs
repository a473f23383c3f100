//! Input to the open overlay: passes it on, and turns what the user has chosen into calls of features.

use crate::app::effect::{Effect, WireOutcome};
use crate::app::features::rooms::members;
use crate::app::features::{
    bundle, completion, downloads, inspector, list_targets, lists, member_list, navigation, pastes, search,
    search_navigation, settings,
};
use crate::app::handlers::{action, command, question};
use crate::app::model::context::Context;
use crate::app::overlays::component::{Input, Response, Surroundings};
use crate::app::overlays::frame;
use crate::app::overlays::info::{Info, InfoSubject};
use crate::app::overlays::list::{List, ListChoice, ListKind};
use crate::app::overlays::overlay::{Choice, Overlay};
use crate::app::overlays::save::SaveChoice;
use crate::app::overlays::search::window::SearchChoice;
use crate::input::{Action, Code, InOverlay, Key, Mouse};

pub(in crate::app) fn on_key(cx: &mut Context<'_>, key: Key) {
    let Some(overlay) = &cx.ui.overlay else { return };
    let bound = overlay.action(&cx.options.keymap, key);
    let bound = if closes(cx, overlay, bound, key) { Some(Action::Cancel) } else { bound };
    let is_own = bound.is_some_and(|bound| overlay.has_key(bound));
    match bound.map(|bound| (bound, if is_own { InOverlay::Pass } else { bound.in_overlay() })) {
        Some((bound, InOverlay::CloseAndRun)) => {
            close(cx);
            action::run(cx, bound);
        }
        Some((bound, InOverlay::Run)) => action::run(cx, bound),
        Some((_, InOverlay::Pass)) | None => on_input(cx, Input::Key(bound, key)),
    }
}

/// Whether a key opens this overlay, and therefore closes it: the one that did open it, or another key for it. A key that
/// has a meaning of its own there, such as a letter in a text field, does not.
fn closes(cx: &Context<'_>, overlay: &Overlay, bound: Option<Action>, key: Key) -> bool {
    let opens = match overlay {
        Overlay::Help(..) => matches!(bound, Some(Action::Help | Action::MessageHelp)),
        Overlay::Info(Info { subject: InfoSubject::Notices, .. }) => bound == Some(Action::Notices),
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
        Response::Close if matches!(overlay, Overlay::Inspector(_)) => {
            cx.effects.push(Effect::FromWire(WireOutcome::Closed));
        }
        Response::Close => match cx.ui.overlay.take() {
            // What the help covered is open again.
            Some(Overlay::Help(_, covered)) => cx.ui.overlay = covered.map(|covered| *covered),
            Some(Overlay::Question(question)) => {
                question::dismiss_early(cx);
                question::answer_no(cx, question);
            }
            _ => {}
        },
        Response::PasteRejected => {
            let press = cx.options.press(Action::Cancel);
            cx.notify(format!("Text cannot be pasted here. {press} and paste again."));
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
        Choice::Question(_) if !cx.scene().accepts_yes() => question::notify_early(cx),
        Choice::Question(question) => {
            cx.ui.overlay = None;
            question::dismiss_early(cx);
            question::answer_yes(cx, question);
        }
    }
}
