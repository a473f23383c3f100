//! What a key means: the nearest thing on screen takes it first.

use crate::input::{Action, Code, Context, Key};

use super::abilities::action_needs;
use super::access;
use super::actions;
use super::composer::Composer;
use super::effect::Effect;
use super::hunt;
use super::list::List;
use super::overlay::Overlay;
use super::search;
use super::state::{Focus, State};

/// A second Ctrl+C within this many milliseconds quits.
const QUIT_WINDOW: i64 = 2_000;

/// What a key may have changed on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Touched {
    /// The text in the composer, or its cursor, and nothing else.
    Composer,
    /// Anything.
    Anything,
}

pub(super) fn on_key(state: &mut State, key: Key, effects: &mut Vec<Effect>) -> Touched {
    if let Some(overlay) = state.overlay.take() {
        on_overlay_key(state, overlay, key, effects);
        return Touched::Anything;
    }
    match state.focus {
        Focus::Composer => return on_composer_key(state, key, effects),
        Focus::Message(_) => {
            let action = state.options.keymap.action(&[Context::Message, Context::Anywhere], key);
            act_if(state, action, effects);
        }
        Focus::Rooms(_) => {
            let action = state.options.keymap.action(&[Context::Overlay, Context::Anywhere], key);
            act_if(state, action, effects);
        }
    }
    Touched::Anything
}

/// Pasted text is literal: it goes into the composer, or into the switcher's query.
pub(super) fn on_paste(state: &mut State, text: &str, effects: &mut Vec<Effect>) {
    if let Some(Overlay::Question(_)) = state.overlay {
        return;
    }
    if let Some(Overlay::Search(_)) = state.overlay {
        return search::on_paste(state, text, effects);
    }
    if let Some(Overlay::Switcher(mut switcher)) = state.overlay.take() {
        switcher.query.extend(text.chars().filter(|c| !c.is_control()));
        switcher.search();
        state.overlay = Some(Overlay::Switcher(switcher));
        return;
    }
    state.focus = Focus::Composer;
    let before = state.is_closed().then(|| state.composer.clone());
    state.composer.paste(text);
    only_commands(state, before, effects);
    actions::typing::typed(state, effects);
}

fn on_composer_key(state: &mut State, key: Key, effects: &mut Vec<Effect>) -> Touched {
    // In a room that is closed to us only a command can be written.
    let before = state.is_closed().then(|| state.composer.clone());
    let touched = on_editing_key(state, key, effects);
    if touched == Touched::Composer {
        only_commands(state, before, effects);
    }
    touched
}

/// Takes back what was written where nothing can be; once it is empty, a draft that waited comes back where it can.
fn only_commands(state: &mut State, before: Option<Composer>, effects: &mut Vec<Effect>) {
    if let Some(before) = before.filter(|_| !state.composer.is_empty() && !state.composer.is_command()) {
        state.composer = before;
    }
    if state.composer.is_empty() {
        access::follow(state, effects);
    }
}

fn on_editing_key(state: &mut State, key: Key, effects: &mut Vec<Effect>) -> Touched {
    let empty = state.composer.is_empty().then_some(Context::EmptyComposer);
    let here: Vec<Context> = empty.into_iter().chain([Context::Composer]).collect();
    if let Some(action) = state.options.keymap.action(&here, key) {
        if state.composer.act(action) {
            actions::typing::typed(state, effects);
        } else {
            act(state, action, effects);
            return Touched::Anything;
        }
    } else if let Some(c) = key.typed() {
        state.composer.insert(c);
        actions::typing::typed(state, effects);
    } else if let Some(action) = state.options.keymap.action(&[Context::Anywhere], key) {
        act(state, action, effects);
        return Touched::Anything;
    } else {
        move_cursor(state, key);
        if state.composer.is_empty() {
            actions::typing::typed(state, effects);
        }
    }
    Touched::Composer
}

/// The keys every text field has; they are not bound, and so cannot be taken away.
fn move_cursor(state: &mut State, key: Key) {
    let cells = state.areas.composer_cells();
    match key.code {
        Code::Left => state.composer.left(),
        Code::Right => state.composer.right(),
        Code::Up => drop(state.composer.move_row(false, cells)),
        Code::Down => drop(state.composer.move_row(true, cells)),
        Code::Backspace => state.composer.backspace(),
        Code::Delete => state.composer.delete(),
        _ => {}
    }
}

fn on_overlay_key(state: &mut State, overlay: Overlay, key: Key, effects: &mut Vec<Effect>) {
    let keymap = &state.options.keymap;
    let action = match &overlay {
        // Letters are what is looked for, whatever else they are bound to.
        Overlay::Switcher(_) | Overlay::Search(_) if key.typed().is_some() => None,
        Overlay::Search(_) => keymap.action(&[Context::Overlay, Context::Composer, Context::Anywhere], key),
        _ => keymap.action(&[Context::Overlay, Context::Anywhere], key),
    };
    match (overlay, action) {
        (_, Some(Action::Quit | Action::Interrupt | Action::Redraw | Action::Suspend)) => {
            act_if(state, action, effects);
        }
        // A call does not wait until what lies over the screen is done with.
        (overlay, Some(Action::AcceptCall | Action::RejectCall | Action::HangUp)) => {
            act_if(state, action, effects);
            state.overlay.get_or_insert(overlay);
        }
        // Any key closes what only informs.
        (Overlay::Info, _) | (_, Some(Action::Cancel | Action::No)) => {}
        // Not Enter: it may still be on its way from the line that asked.
        (Overlay::Question(question), Some(Action::Yes)) => {
            actions::answer_yes(state, question, effects);
        }
        (Overlay::Switcher(mut switcher), _) => match (action, key) {
            (Some(Action::Confirm), _) => {
                let action = actions::rooms::switch_to(state, &switcher, effects);
                act_if(state, action, effects);
            }
            (Some(Action::Up | Action::Down), _) => {
                switcher.step(action == Some(Action::Down));
                state.overlay = Some(Overlay::Switcher(switcher));
            }
            _ => {
                if key.code == Code::Backspace {
                    switcher.query.pop();
                } else if let Some(c) = key.typed() {
                    switcher.query.push(c);
                }
                switcher.search();
                state.overlay = Some(Overlay::Switcher(switcher));
            }
        },
        (Overlay::Search(search), _) => search::on_key(state, search, action, key, effects),
        (Overlay::List(list), _) => on_list_key(state, list, action, effects),
        (Overlay::Help { scroll }, _) => on_help_key(state, scroll, action),
        (overlay @ Overlay::Question(_), _) => state.overlay = Some(overlay),
    }
}

fn on_help_key(state: &mut State, scroll: usize, action: Option<Action>) {
    let page = usize::from(state.size.height / 2).max(1);
    let scroll = match action {
        Some(Action::Up) => scroll.saturating_sub(1),
        Some(Action::Down) => scroll + 1,
        Some(Action::ScrollUp) => scroll.saturating_sub(page),
        Some(Action::ScrollDown) => scroll + page,
        _ => return,
    };
    state.overlay = Some(Overlay::Help { scroll });
}

fn on_list_key(state: &mut State, mut list: List, action: Option<Action>, effects: &mut Vec<Effect>) {
    let page = usize::from(list.height(state.size).saturating_sub(3)).max(1).cast_signed();
    match action {
        Some(Action::Confirm) => return actions::lists::go(state, list, effects),
        Some(Action::Up) => list.step(-1),
        Some(Action::Down) => list.step(1),
        Some(Action::ScrollUp) => list.step(-page),
        Some(Action::ScrollDown) => list.step(page),
        Some(Action::ToOldest) => list.step(isize::MIN),
        Some(Action::ToNewest) => list.step(isize::MAX),
        _ => {}
    }
    state.overlay = Some(Overlay::List(list));
    actions::lists::ask_more(state, effects);
    if let Some(action @ (Action::MemberPromote | Action::MemberDemote | Action::MemberRemove)) = action {
        actions::members::act_on_listed(state, action, effects);
    }
}

fn act_if(state: &mut State, action: Option<Action>, effects: &mut Vec<Effect>) {
    if let Some(action) = action {
        act(state, action, effects);
    }
}

/// Does what a key is bound to, if the service can.
fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    // What was said was said of what went before; it would only hide what can be done now.
    state.notice = None;
    use actions::{calls, compose, gaps, links, messages, quotes, rooms, stars, unsent};
    if let Action::MemberPromote | Action::MemberDemote | Action::MemberRemove = action {
        // Only in the list of members, which takes them before they come here.
        return;
    }
    // These look for themselves: what waits can be taken back anywhere.
    let looks = matches!(action, Action::MessageEdit | Action::EditLast | Action::MessageDelete);
    if let Some(feature) = action_needs(action).filter(|_| !looks)
        && !state.can(feature)
    {
        state.say_impossible(feature);
        return;
    }
    let page = usize::from(state.areas.messages.height.saturating_sub(2).max(1)).cast_signed();
    match action {
        Action::Switcher => rooms::open_switcher(state),
        Action::NextRoom => rooms::step(state, 1, effects),
        Action::PreviousRoom => rooms::step(state, -1, effects),
        Action::NextUnread => rooms::step_unread(state, true, effects),
        Action::PreviousUnread => rooms::step_unread(state, false, effects),
        Action::ScrollUp => {
            state.pane.scroll_by -= page;
            rooms::unstick(state);
        }
        Action::ScrollDown => state.pane.scroll_by += page,
        Action::ToOldest => messages::to_oldest(state),
        Action::ToNewest => messages::to_newest(state),
        Action::Search => search::open(state, "", effects),
        Action::SelectMessage | Action::FocusMessages => messages::select(state),
        Action::FocusRooms => rooms::focus_list(state),
        Action::Help => state.overlay = Some(Overlay::Help { scroll: 0 }),
        Action::RoomInfo => rooms::show_info(state, effects),
        Action::Reconnect => rooms::reconnect(state, effects),
        Action::FillGap => gaps::fill(state, effects),
        Action::Redraw => effects.push(Effect::Redraw),
        Action::Suspend => effects.push(Effect::Suspend),
        Action::Interrupt => interrupt(state, effects),
        Action::Quit => actions::quit(state, effects),
        Action::Cancel => cancel(state, effects),
        Action::Up => rooms::step_list(state, -1),
        Action::Down => rooms::step_list(state, 1),
        Action::Confirm => rooms::open_listed(state, effects),
        Action::MessageUp => messages::step(state, -1),
        Action::MessageDown => messages::step(state, 1),
        Action::MessageEdit => messages::edit_selected(state, effects),
        Action::MessageDelete => messages::delete_selected(state),
        Action::MessageReply => quotes::reply(state, effects),
        Action::MessageForward => quotes::forward(state),
        Action::MessageQuoted => quotes::to_quoted(state, effects),
        Action::FoundOlder => search::older_or_newer(state, true, effects),
        Action::FoundNewer => search::older_or_newer(state, false, effects),
        Action::MessageStar => stars::toggle(state, effects),
        Action::MessageSeenBy => stars::seen_by(state, effects),
        Action::MessageDeleteForMe => quotes::delete_for_me(state),
        Action::AcceptCall => calls::accept(state, effects),
        Action::RejectCall => calls::reject(state, effects),
        Action::HangUp => calls::hang_up(state, effects),
        Action::MessageCopy => messages::copy_selected(state, effects),
        Action::MessageOpen => links::open(state, effects),
        Action::MessageCopyLink => links::copy(state, effects),
        Action::MessageRetry => unsent::retry_selected(state, effects),
        Action::MessageDiscard => unsent::take_back_selected(state, effects),
        Action::EditLast => messages::edit_last(state, effects),
        Action::Send => compose::send(state, effects),
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

/// The order of Esc (ux note): what is on top has been closed already; then the reply or edit, the selection, the "new"
/// line. The room list is left first, since on a narrow screen it hides what is being written.
fn cancel(state: &mut State, effects: &mut Vec<Effect>) {
    if hunt::stop(state) {
        return;
    }
    if !matches!(state.focus, Focus::Rooms(_)) && state.composer.reply.take().is_some() {
        return;
    }
    if state.focus != Focus::Composer {
        state.focus = Focus::Composer;
    } else if state.composer.editing.is_some() {
        actions::compose::reset(state, effects);
    } else if let Some(room) = state.open_room_mut() {
        room.forget_new();
        actions::messages::to_newest(state);
    }
}

fn interrupt(state: &mut State, effects: &mut Vec<Effect>) {
    if state.quit_armed_until.is_some_and(|until| state.now < until) {
        actions::quit(state, effects);
        return;
    }
    state.quit_armed_until = Some(state.now + QUIT_WINDOW);
    state.say("Press Ctrl+C again to quit.");
}
