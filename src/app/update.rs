//! Entry point for events.
//!
//! `update` dispatches an event to its handler, then runs the work that follows every event. Besides it, only [`layout`]
//! changes the state: before a frame it brings up to date what depends on the size of the screen.

mod configuration;
mod follow_up;
mod transition;

use crate::app::deadline::screen_changes_at;
use crate::app::effect::Effect;
use crate::app::event::Event;
use crate::app::features::outbox::queue;
use crate::app::features::persistence::flush;
use crate::app::features::persistence::flush::ChangeKind::{Drafts, Tracked};
use crate::app::features::{
    bundle, completion, control, downloads, export, external_editor, files, inspector, key_test, links, pastes,
    pictures, profiles, refused_command, search, waiting_questions,
};
use crate::app::handlers::key::Touched;
use crate::app::handlers::server::dispatch;
use crate::app::handlers::{action, clock_rollback, frame, key, line, mouse, search_elsewhere, store, tick};
use crate::app::layout::layout;
use crate::app::model::context::Context;
use crate::app::model::state::State;
use crate::app::model::terminal::Damage;
use crate::app::model::timers::TerminalTimer;
use crate::app::model::ui::{Focus, ListPosition, Place};
use crate::app::window_title::window_title;
use crate::domain::{AccountId, Request, RoomId, ServerEvent, Timestamp};
use crate::input::{Mouse, MouseKind};
use crate::store::Answer;

use crate::app::update::follow_up::{follow_up, on_account, on_shown};

/// Applies an event that happened at the time `now` and returns the resulting effects in order.
pub fn update(state: &mut State, now: Timestamp, event: Event) -> Vec<Effect> {
    let mut is_silent = matches!(event, Event::Tick)
        && state.now <= now
        && state.ui.overlay.is_none()
        && screen_changes_at(state).is_none_or(|at| at > now);
    let rollback = std::mem::replace(&mut state.now, now) - now;
    if rollback > 0 {
        clock_rollback::move_deadlines_back(state, rollback);
    }
    if matches!(event, Event::Key(_)) && state.ui.pane.scroll_by != 0 {
        // A key in the same read as the one that scrolled acts on what the user will see.
        layout(state);
    }
    let mut effects = Vec::new();
    let damage = std::mem::replace(&mut state.terminal.damage, Damage::Everything);
    let was_drawn = matches!(event, Event::FrameDrawn);
    let focused = focused_row(state).filter(|_| !matches!(event, Event::Key(_) | Event::Mouse(_) | Event::Paste(_)));
    match event {
        Event::Key(key) => match key::call_of_other(state.scene(), key) {
            Some((account, action)) => on_account(state, &mut effects, account, Tracked, |cx| action::run(cx, action)),
            None => on_shown(state, &mut effects, Drafts, |cx| {
                if key::on_key(cx, key) == Touched::Composer {
                    cx.terminal.damage = damage.max(Damage::Composer);
                }
            }),
        },
        Event::Bytes(bytes) => on_shown(state, &mut effects, Tracked, |cx| key_test::on_bytes(cx, &bytes)),
        Event::Line(text) => on_shown(state, &mut effects, Drafts, |cx| line::on_line(cx, &text)),
        Event::Paste(text) => on_shown(state, &mut effects, Drafts, |cx| {
            key_test::forget_bytes(cx);
            key::on_paste(cx, &text);
        }),
        Event::Mouse(mouse) => on_mouse(state, &mut effects, mouse),
        Event::Resize(size) => {
            state.terminal.size = size;
            on_shown(state, &mut effects, Tracked, |_| {});
        }
        Event::Focus(focused) => {
            state.terminal.focused = focused;
            on_shown(state, &mut effects, Tracked, key_test::forget_bytes);
        }
        Event::Background(background) => {
            state.terminal.background = Some(background);
            state.options.adapt_to(background);
            on_shown(state, &mut effects, Tracked, key_test::forget_bytes);
        }
        Event::Wire(increment) => on_shown(state, &mut effects, Tracked, |cx| inspector::on_records(cx, increment)),
        Event::FromWire(outcome) => on_shown(state, &mut effects, Tracked, |cx| inspector::on_outcome(cx, outcome)),
        Event::FrameDrawn => {
            on_shown(state, &mut effects, Tracked, frame::on_drawn);
            for id in other_accounts(state) {
                if state.is_on_screen(id) {
                    on_account(state, &mut effects, id, Tracked, frame::on_drawn);
                    continue;
                }
                let listed = frame::listed_rooms(state.scene(), id);
                state.with_account(id, &mut effects, |cx| frame::on_drawn_hidden(cx, &listed));
            }
            if damage == Damage::Everything {
                update_window_title(state, &mut effects);
            }
        }
        Event::BundleReady(contents) => on_shown(state, &mut effects, Tracked, |cx| bundle::on_ready(cx, contents)),
        Event::Control(command) => on_shown(state, &mut effects, Drafts, |cx| {
            control::on_command(cx, command);
            queue::advance(cx);
        }),
        Event::Notice(sentence) => on_shown(state, &mut effects, Tracked, |cx| cx.notify(sentence)),
        Event::LinkNotOpened(address, reason) => {
            on_shown(state, &mut effects, Tracked, |cx| links::on_not_opened(cx, address, &reason));
        }
        Event::CommandRefused(line, reason) => {
            on_shown(state, &mut effects, Tracked, |cx| refused_command::on_refused(cx, &line, &reason));
        }
        Event::ConfigLoaded(trigger, loaded) => configuration::on_loaded(state, &mut effects, trigger, loaded),
        Event::Server(account, ServerEvent::Paused(None)) => state.end_pause_notice(account),
        Event::Server(account, event) => {
            state.with_account(account, &mut effects, |cx| on_server_event(cx, event));
        }
        Event::RequestRejected(account, request) => {
            state.with_account(account, &mut effects, |cx| on_rejected_request(cx, request));
        }
        Event::File(account, request, result) => {
            on_account(state, &mut effects, account, Tracked, |cx| files::on_inspected(cx, &request, result));
        }
        Event::FilesFound(account, pasted, files) => {
            on_account(state, &mut effects, account, Tracked, |cx| pastes::on_files_found(cx, pasted, files));
        }
        Event::PasteSaved(account, pasted, result) => {
            on_account(state, &mut effects, account, Drafts, |cx| pastes::on_saved(cx, &pasted, result));
        }
        Event::TextEdited(account, request, result) => {
            on_account(state, &mut effects, account, Drafts, |cx| external_editor::on_closed(cx, &request, result));
        }
        Event::PathFound(account, file, path) => {
            on_account(state, &mut effects, account, Tracked, |cx| downloads::on_path_found(cx, file, &path));
        }
        Event::Download(account, id, reply) => {
            on_account(state, &mut effects, account, Tracked, |cx| downloads::on_reply(cx, id, reply));
        }
        Event::Export(account, id, reply) => {
            on_account(state, &mut effects, account, Tracked, |cx| export::collect::on_reply(cx, id, reply));
        }
        Event::Folder(listing) => on_shown(state, &mut effects, Tracked, |cx| completion::on_listed(cx, listing)),
        Event::Picture(account, request, loaded) => {
            on_account(state, &mut effects, account, Tracked, |cx| pictures::on_loaded(cx, &request, loaded));
        }
        Event::ProfileAdded(name) => profiles::on_added(&mut effects, name),
        Event::ProfileOpened(opened) => {
            let known = state.accounts.iter().find(|account| account.profile.name == opened.profile.name);
            let id = known.map(|account| account.id);
            let id = id.unwrap_or_else(|| state.open_account(*opened));
            transition::go(state, &mut effects, id, Place::Last);
            effects.push(transition::remember_profiles(state));
        }
        Event::Store(account, answer) => {
            state.with_account(account, &mut effects, |cx| on_store_answer(cx, answer));
        }
        Event::Tick => {
            for id in state.accounts.ids() {
                state.with_account(id, &mut effects, |cx| is_silent &= !on_tick(cx));
            }
        }
    }
    transition::follow(state, &mut effects);
    state.with_shown(&mut effects, waiting_questions::ask_next);
    let exists = |account, room: &RoomId| {
        state.accounts.iter().any(|known| known.id == account && known.rooms.get(room).is_some())
    };
    state.terminal.visits.note(state.ui.shown, state.ui.open.as_ref(), exists);
    search_elsewhere::search(state, &mut effects);
    keep_focused_row(state, focused.as_ref());
    if effects.iter().all(Effect::is_invisible) {
        if was_drawn {
            state.terminal.damage = Damage::Nothing;
        } else if is_silent {
            state.terminal.damage = damage;
        }
    }
    effects
}

/// Passes a mouse event to what is below the pointer. A click on a tile gives it the keys.
fn on_mouse(state: &mut State, effects: &mut Vec<Effect>, mouse: Mouse) {
    let tile = state.tile_under(mouse.column, mouse.row).filter(|_| state.ui.overlay.is_none());
    let clicked = tile.filter(|_| mouse.kind == MouseKind::Click);
    if let Some(tile) = clicked {
        transition::go(state, effects, tile, Place::Last);
    }
    let is_wheel = matches!(mouse.kind, MouseKind::WheelUp | MouseKind::WheelDown);
    let account = tile.filter(|_| is_wheel).unwrap_or(state.ui.shown);
    on_account(state, effects, account, Drafts, |cx| {
        key_test::forget_bytes(cx);
        mouse::on_mouse(cx, mouse);
        // The tile may have been scrolled to the message that was selected in another one.
        if let Some(slot) = cx.ui.selected().filter(|_| clicked.is_some()) {
            cx.ui.pane.reveal = Some(slot);
        }
    });
}

/// Sets the title of the window if it has changed, and an empty one if the user does not want any.
fn update_window_title(state: &mut State, effects: &mut Vec<Effect>) {
    let title = if state.options.window_title { window_title(state) } else { String::new() };
    if title != state.terminal.window_title {
        state.terminal.window_title.clone_from(&title);
        effects.push(Effect::WindowTitle(title));
    }
}

fn other_accounts(state: &State) -> Vec<AccountId> {
    state.accounts.iter().map(|account| account.id).filter(|id| *id != state.ui.shown).collect()
}

fn on_server_event(cx: &mut Context<'_>, event: ServerEvent) {
    let message_change = event.message_change().filter(|change| cx.account.is_credible(change));
    let change = flush::record_server_event(cx, &event, message_change.as_ref());
    let search_change = search::change_of(cx.scene(), &event, message_change.as_ref());
    if let Some(message_change) = message_change {
        cx.account.record_change(&message_change);
        export::amendments::record(cx, message_change);
    }
    dispatch::on_server(cx, event);
    cx.account.forget_changes();
    if let Some(search_change) = search_change {
        search::after_event(cx, &search_change);
    }
    queue::advance(cx);
    follow_up(cx, change);
}

fn on_rejected_request(cx: &mut Context<'_>, request: Request) {
    dispatch::on_request_rejected(cx, request);
    queue::advance(cx);
    follow_up(cx, Tracked);
}

fn on_store_answer(cx: &mut Context<'_>, answer: Answer) {
    // What was typed before the stored drafts were known has not been written yet.
    let change = if matches!(answer, Answer::Loaded(_)) { Drafts } else { Tracked };
    store::on_store(cx, answer);
    queue::advance(cx);
    follow_up(cx, change);
}

/// Returns whether silent timers have changed the screen after all.
fn on_tick(cx: &mut Context<'_>) -> bool {
    let notice_expires_at = cx.terminal.timers.get(TerminalTimer::NoticeExpires);
    let ticked = tick::on_tick(cx);
    queue::advance(cx);
    follow_up(cx, ticked.change);
    ticked.has_read || cx.terminal.timers.get(TerminalTimer::NoticeExpires) != notice_expires_at
}

/// Returns what has the focus in the room list.
fn focused_row(state: &State) -> Option<ListPosition> {
    match state.ui.focus {
        Focus::Rooms(number) => state.scene().list_position(number),
        Focus::Composer | Focus::Message(_) => None,
    }
}

/// Keeps the focus on a row of the room list after an event has moved it.
fn keep_focused_row(state: &mut State, focused: Option<&ListPosition>) {
    if let Some(number) = focused.and_then(|position| state.scene().list_number(position))
        && let Focus::Rooms(_) = state.ui.focus
    {
        state.ui.focus = Focus::Rooms(number);
    }
}
