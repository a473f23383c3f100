//! Key handling: the topmost element on screen receives a key first.

use crate::app::effect::Effect;
use crate::app::features::history::{gaps, pages};
use crate::app::features::outbox::actions;
use crate::app::features::rooms::{members, navigation};
use crate::app::features::{
    calls, drafts, edits, jump, links, list_targets, lists, quit, replies, selection, sending, stars, typing,
};
use crate::app::handlers::{command, question, search};
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::app::model::permissions::action_needs;
use crate::app::model::timers::Timer;
use crate::app::model::ui::Focus;
use crate::app::overlays::list::List;
use crate::app::overlays::overlay::Overlay;
use crate::input::{Action, Code, Context as KeyContext, Key};

/// Milliseconds within which a second Ctrl+C quits.
const QUIT_WINDOW: i64 = 2_000;

/// Part of the screen that a key may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Touched {
    /// Only the text in the composer, or its cursor.
    Composer,
    /// Any part of the screen.
    Anything,
}

pub(in crate::app) fn on_key(cx: &mut Context<'_>, key: Key) -> Touched {
    if let Some(overlay) = cx.ui.overlay.take() {
        on_overlay_key(cx, overlay, key);
        return Touched::Anything;
    }
    match cx.ui.focus {
        Focus::Composer => return on_composer_key(cx, key),
        Focus::Message(_) => {
            let action = cx.options.keymap.action(&[KeyContext::Message, KeyContext::Anywhere], key);
            act_if(cx, action);
        }
        Focus::Rooms(_) => {
            let action = cx.options.keymap.action(&[KeyContext::Overlay, KeyContext::Anywhere], key);
            act_if(cx, action);
        }
    }
    Touched::Anything
}

/// Inserts pasted text literally into the composer or the query of an open search or switcher.
pub(in crate::app) fn on_paste(cx: &mut Context<'_>, text: &str) {
    if let Some(Overlay::Question(_)) = cx.ui.overlay {
        return;
    }
    if let Some(Overlay::Search(_)) = cx.ui.overlay {
        return search::on_paste(cx, text);
    }
    if let Some(Overlay::Switcher(mut switcher)) = cx.ui.overlay.take() {
        switcher.query.extend(text.chars().filter(|c| !c.is_control()));
        switcher.search();
        cx.ui.overlay = Some(Overlay::Switcher(switcher));
        return;
    }
    cx.ui.focus = Focus::Composer;
    let before = cx.is_closed().then(|| cx.ui.composer.clone());
    cx.ui.composer.paste(text);
    only_commands(cx, before);
    typing::update_typing(cx);
}

fn on_composer_key(cx: &mut Context<'_>, key: Key) -> Touched {
    // In a closed room, only commands can be typed.
    let before = cx.is_closed().then(|| cx.ui.composer.clone());
    let touched = on_editing_key(cx, key);
    if touched == Touched::Composer {
        only_commands(cx, before);
    }
    touched
}

/// Undoes typing where messages cannot be written. Once the composer is empty, a waiting draft is restored if possible.
fn only_commands(cx: &mut Context<'_>, before: Option<Composer>) {
    if let Some(before) = before.filter(|_| !cx.ui.composer.is_empty() && !cx.ui.composer.is_command()) {
        cx.ui.composer = before;
    }
    if cx.ui.composer.is_empty() {
        drafts::sync_draft(cx);
    }
}

fn on_editing_key(cx: &mut Context<'_>, key: Key) -> Touched {
    let empty = cx.ui.composer.is_empty().then_some(KeyContext::EmptyComposer);
    let here: Vec<KeyContext> = empty.into_iter().chain([KeyContext::Composer]).collect();
    if let Some(action) = cx.options.keymap.action(&here, key) {
        if cx.ui.composer.apply(action) {
            typing::update_typing(cx);
        } else {
            act(cx, action);
            return Touched::Anything;
        }
    } else if let Some(c) = key.typed() {
        cx.ui.composer.insert(c);
        typing::update_typing(cx);
    } else if let Some(action) = cx.options.keymap.action(&[KeyContext::Anywhere], key) {
        act(cx, action);
        return Touched::Anything;
    } else {
        move_cursor(cx, key);
        if cx.ui.composer.is_empty() {
            typing::update_typing(cx);
        }
    }
    Touched::Composer
}

/// Handles the cursor keys that every text field has. They are not bindings, so users cannot remove them.
fn move_cursor(cx: &mut Context<'_>, key: Key) {
    let cells = cx.ui.regions.composer_cells();
    match key.code {
        Code::Left => cx.ui.composer.left(),
        Code::Right => cx.ui.composer.right(),
        Code::Up => drop(cx.ui.composer.move_row(false, cells)),
        Code::Down => drop(cx.ui.composer.move_row(true, cells)),
        Code::Backspace => cx.ui.composer.backspace(),
        Code::Delete => cx.ui.composer.delete(),
        _ => {}
    }
}

fn on_overlay_key(cx: &mut Context<'_>, overlay: Overlay, key: Key) {
    let keymap = &cx.options.keymap;
    let action = match &overlay {
        // Typed letters belong to the query, even if they are bound to an action.
        Overlay::Switcher(_) | Overlay::Search(_) if key.typed().is_some() => None,
        Overlay::Search(_) => keymap.action(&[KeyContext::Overlay, KeyContext::Composer, KeyContext::Anywhere], key),
        _ => keymap.action(&[KeyContext::Overlay, KeyContext::Anywhere], key),
    };
    match (overlay, action) {
        (_, Some(Action::Quit | Action::Interrupt | Action::Redraw | Action::Suspend)) => {
            act_if(cx, action);
        }
        // Call actions work at once, even while an overlay is open.
        (overlay, Some(Action::AcceptCall | Action::RejectCall | Action::HangUp)) => {
            act_if(cx, action);
            cx.ui.overlay.get_or_insert(overlay);
        }
        // Any key closes an overlay that only informs.
        (Overlay::Info, _) | (_, Some(Action::Cancel | Action::No)) => {}
        // Enter does not confirm: it could be a repeat of the Enter that opened the question.
        (Overlay::Question(question), Some(Action::Yes)) => {
            question::answer_yes(cx, question);
        }
        (Overlay::Switcher(mut switcher), _) => match (action, key) {
            (Some(Action::Confirm), _) => {
                let action = navigation::open_switcher_choice(cx, &switcher);
                act_if(cx, action);
            }
            (Some(Action::Up | Action::Down), _) => {
                switcher.step(action == Some(Action::Down));
                cx.ui.overlay = Some(Overlay::Switcher(switcher));
            }
            _ => {
                if key.code == Code::Backspace {
                    switcher.query.pop();
                } else if let Some(c) = key.typed() {
                    switcher.query.push(c);
                }
                switcher.search();
                cx.ui.overlay = Some(Overlay::Switcher(switcher));
            }
        },
        (Overlay::Search(search), _) => search::on_key(cx, search, action, key),
        (Overlay::List(list), _) => on_list_key(cx, list, action),
        (Overlay::Help { scroll }, _) => on_help_key(cx, scroll, action),
        (overlay @ Overlay::Question(_), _) => cx.ui.overlay = Some(overlay),
    }
}

fn on_help_key(cx: &mut Context<'_>, scroll: usize, action: Option<Action>) {
    let page = usize::from(cx.ui.size.height / 2).max(1);
    let scroll = match action {
        Some(Action::Up) => scroll.saturating_sub(1),
        Some(Action::Down) => scroll + 1,
        Some(Action::ScrollUp) => scroll.saturating_sub(page),
        Some(Action::ScrollDown) => scroll + page,
        _ => return,
    };
    cx.ui.overlay = Some(Overlay::Help { scroll });
}

fn on_list_key(cx: &mut Context<'_>, mut list: List, action: Option<Action>) {
    let page = usize::from(list.height(cx.ui.size).saturating_sub(3)).max(1).cast_signed();
    match action {
        Some(Action::Confirm) => return list_targets::open_target(cx, list),
        Some(Action::Up) => list.step(-1),
        Some(Action::Down) => list.step(1),
        Some(Action::ScrollUp) => list.step(-page),
        Some(Action::ScrollDown) => list.step(page),
        Some(Action::ToOldest) => list.step(isize::MIN),
        Some(Action::ToNewest) => list.step(isize::MAX),
        _ => {}
    }
    cx.ui.overlay = Some(Overlay::List(list));
    lists::request_next_page(cx);
    if let Some(action @ (Action::MemberPromote | Action::MemberDemote | Action::MemberRemove)) = action {
        members::change_chosen(cx, action);
    }
}

fn act_if(cx: &mut Context<'_>, action: Option<Action>) {
    if let Some(action) = action {
        act(cx, action);
    }
}

/// Runs the action that a key is bound to, if the service supports it.
fn act(cx: &mut Context<'_>, action: Action) {
    // The notice is about an earlier action and would hide the hints for the current one.
    cx.ui.notice = None;
    if let Action::MemberPromote | Action::MemberDemote | Action::MemberRemove = action {
        // Works only in the member list, which handles its keys before this function.
        return;
    }
    // These actions check permissions themselves, because a queued message can be canceled anywhere.
    let looks = matches!(action, Action::MessageEdit | Action::EditLast | Action::MessageDelete);
    if let Some(feature) = action_needs(action).filter(|_| !looks)
        && !cx.account.can(feature)
    {
        cx.notify_unsupported(feature);
        return;
    }
    let page = usize::from(cx.ui.regions.messages.height.saturating_sub(2).max(1)).cast_signed();
    match action {
        Action::Switcher => navigation::open_switcher(cx),
        Action::NextRoom => navigation::step_room(cx, 1),
        Action::PreviousRoom => navigation::step_room(cx, -1),
        Action::NextUnread => navigation::step_unread(cx, true),
        Action::PreviousUnread => navigation::step_unread(cx, false),
        Action::ScrollUp => {
            cx.ui.pane.scroll_by -= page;
            pages::clear_load_error(cx);
        }
        Action::ScrollDown => cx.ui.pane.scroll_by += page,
        Action::ToOldest => selection::scroll_to_oldest(cx),
        Action::ToNewest => selection::scroll_to_newest(cx),
        Action::Search => search::open(cx, ""),
        Action::SelectMessage | Action::FocusMessages => selection::select_newest(cx),
        Action::FocusRooms => navigation::toggle_list_focus(cx),
        Action::Help => cx.ui.overlay = Some(Overlay::Help { scroll: 0 }),
        Action::RoomInfo => navigation::show_info(cx),
        Action::Reconnect => navigation::reconnect(cx),
        Action::FillGap => gaps::fill_nearest(cx),
        Action::Redraw => cx.effects.push(Effect::Redraw),
        Action::Suspend => cx.effects.push(Effect::Suspend),
        Action::Interrupt => interrupt(cx),
        Action::Quit => quit::quit(cx),
        Action::Cancel => cancel(cx),
        Action::Up => navigation::step_list(cx, -1),
        Action::Down => navigation::step_list(cx, 1),
        Action::Confirm => navigation::open_highlighted(cx),
        Action::MessageUp => selection::step_selection(cx, -1),
        Action::MessageDown => selection::step_selection(cx, 1),
        Action::MessageEdit => edits::edit_selected(cx),
        Action::MessageDelete => edits::delete_selected(cx),
        Action::MessageReply => replies::reply(cx),
        Action::MessageForward => replies::choose_forward_target(cx),
        Action::MessageQuoted => replies::jump_to_quoted(cx),
        Action::FoundOlder => search::older_or_newer(cx, true),
        Action::FoundNewer => search::older_or_newer(cx, false),
        Action::MessageStar => stars::toggle(cx),
        Action::MessageSeenBy => stars::show_seen_by(cx),
        Action::MessageDeleteForMe => replies::delete_for_me(cx),
        Action::AcceptCall => calls::accept(cx),
        Action::RejectCall => calls::decline(cx),
        Action::HangUp => calls::hang_up(cx),
        Action::MessageCopy => selection::copy_selected(cx),
        Action::MessageOpen => links::open(cx),
        Action::MessageCopyLink => links::copy(cx),
        Action::MessageRetry => actions::retry_selected(cx),
        Action::MessageDiscard => actions::cancel_selected(cx),
        Action::EditLast => edits::edit_last(cx),
        Action::Send => command::send(cx),
        Action::MemberPromote
        | Action::MemberDemote
        | Action::MemberRemove
        | Action::SearchScope
        | Action::Yes
        | Action::No
        | Action::NewLine
        | Action::LineStart
        | Action::LineEnd
        | Action::WordLeft
        | Action::WordRight
        | Action::DeleteWord
        | Action::DeleteToStart
        | Action::DeleteToEnd
        | Action::Undo
        | Action::Redo => {}
    }
}

/// Handles Esc, one step at a time. Overlays have been closed before; next come the reply or edit, the selection and
/// the unread marker. The room list is left first, because on a narrow screen it hides the composer.
fn cancel(cx: &mut Context<'_>) {
    if jump::cancel(cx) {
        return;
    }
    if !matches!(cx.ui.focus, Focus::Rooms(_)) && cx.ui.composer.reply.take().is_some() {
        return;
    }
    if cx.ui.focus != Focus::Composer {
        cx.ui.focus = Focus::Composer;
    } else if cx.ui.composer.editing.is_some() {
        sending::clear_composer(cx);
    } else if let Some(room) = cx.open_room_mut() {
        room.clear_unread_marker();
        selection::scroll_to_newest(cx);
    }
}

fn interrupt(cx: &mut Context<'_>) {
    if cx.ui.timers.get(Timer::QuitDisarms).is_some_and(|until| cx.now < until) {
        quit::quit(cx);
        return;
    }
    cx.ui.timers.set(Timer::QuitDisarms, cx.now + QUIT_WINDOW);
    let key = cx.options.keymap.shown(Action::Interrupt);
    cx.notify(format!("Press {key} again to quit."));
}
