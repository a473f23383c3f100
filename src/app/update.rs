//! Entry point for events; the only code that changes the state.
//!
//! `update` dispatches an event to its handler, then runs the follow-up work that every event needs.

use crate::app::effect::{ConfigTrigger, Effect};
use crate::app::event::Event;
use crate::app::features::outbox::queue;
use crate::app::features::persistence::flush;
use crate::app::features::persistence::flush::ChangeKind;
use crate::app::features::{
    completion, deleted_rooms, downloads, export, external_editor, files, key_test, notifications, pastes, pictures,
    reload, search, settings,
};
use crate::app::handlers::key::Touched;
use crate::app::handlers::server::dispatch;
use crate::app::handlers::{clock_rollback, frame, key, mouse, store, tick};
use crate::app::model::context::Context;
use crate::app::model::state::State;
use crate::app::model::ui::{Damage, Focus};
use crate::app::window_title::window_title;
use crate::domain::{AccountId, Request, RoomId, ServerEvent, Timestamp};
use crate::store::Answer;

/// Applies an event that happened at the time `now` and returns the resulting effects in order.
pub fn update(state: &mut State, now: Timestamp, event: Event) -> Vec<Effect> {
    let rollback = std::mem::replace(&mut state.now, now) - now;
    if rollback > 0 {
        clock_rollback::move_deadlines_back(state, rollback);
    }
    let mut effects = Vec::new();
    let damage = std::mem::replace(&mut state.ui.damage, Damage::Everything);
    match event {
        Event::Key(key) => state.with_shown(&mut effects, |cx| {
            if key::on_key(cx, key) == Touched::Composer {
                cx.ui.damage = damage.max(Damage::Composer);
            }
            after_input(cx);
        }),
        Event::Bytes(bytes) => state.with_shown(&mut effects, |cx| key_test::on_bytes(cx, &bytes)),
        Event::Paste(text) => state.with_shown(&mut effects, |cx| {
            key::on_paste(cx, &text);
            after_input(cx);
        }),
        Event::Mouse(mouse) => state.with_shown(&mut effects, |cx| {
            mouse::on_mouse(cx, mouse);
            after_input(cx);
        }),
        Event::Resize(size) => {
            state.ui.size = size;
            state.with_shown(&mut effects, after_screen);
        }
        Event::Focus(focused) => {
            state.ui.focused = focused;
            state.with_shown(&mut effects, after_screen);
        }
        Event::Background(background) => {
            state.ui.background = Some(background);
            state.options.adapt_to(background);
        }
        Event::FrameDrawn => {
            state.with_shown(&mut effects, |cx| {
                frame::on_drawn(cx);
                if cx.effects.is_empty() {
                    cx.ui.damage = Damage::Nothing;
                }
                after_screen(cx);
            });
            for id in hidden_accounts(state) {
                state.with_account(id, &mut effects, frame::on_drawn_hidden);
            }
            if damage == Damage::Everything {
                update_window_title(state, &mut effects);
            }
        }
        Event::Notice(sentence) => state.with_shown(&mut effects, |cx| {
            cx.notify(sentence);
            after_screen(cx);
        }),
        Event::ConfigLoaded(trigger, loaded) => {
            let is_late =
                matches!(&trigger, ConfigTrigger::Try(new) if !settings::is_wanted(state.ui.overlay.as_ref(), new));
            if is_late {
                return effects;
            }
            if let Ok(reloaded) = &loaded {
                state.options.apply(&reloaded.settings);
                state.ui.background.into_iter().for_each(|background| state.options.adapt_to(background));
            }
            state.with_shown(&mut effects, |cx| {
                reload::on_loaded(cx, trigger, loaded);
                after_screen(cx);
            });
        }
        Event::Server(account, event) => {
            state.with_account(account, &mut effects, |cx| on_server_event(cx, event));
        }
        Event::RequestRejected(account, request) => {
            state.with_account(account, &mut effects, |cx| on_rejected_request(cx, request));
        }
        Event::File(account, request, result) => state.with_account(account, &mut effects, |cx| {
            files::on_inspected(cx, &request, result);
            after_screen(cx);
        }),
        Event::FilesFound(account, pasted, files) => state.with_account(account, &mut effects, |cx| {
            pastes::on_files_found(cx, pasted, files);
            after_screen(cx);
        }),
        Event::PasteSaved(account, pasted, result) => state.with_account(account, &mut effects, |cx| {
            pastes::on_saved(cx, &pasted, result);
            after_input(cx);
        }),
        Event::TextEdited(account, request, result) => state.with_account(account, &mut effects, |cx| {
            external_editor::on_closed(cx, &request, result);
            after_input(cx);
        }),
        Event::PathFound(account, file, path) => state.with_account(account, &mut effects, |cx| {
            downloads::on_path_found(cx, file, &path);
            after_screen(cx);
        }),
        Event::Download(account, id, reply) => state.with_account(account, &mut effects, |cx| {
            downloads::on_reply(cx, id, reply);
            after_screen(cx);
        }),
        Event::Export(account, id, reply) => state.with_account(account, &mut effects, |cx| {
            export::collect::on_reply(cx, id, reply);
            after_screen(cx);
        }),
        Event::Folder(listing) => state.with_shown(&mut effects, |cx| {
            completion::on_listed(cx, listing);
            after_screen(cx);
        }),
        Event::Picture(account, request, loaded) => state.with_account(account, &mut effects, |cx| {
            pictures::on_loaded(cx, &request, loaded);
            after_screen(cx);
        }),
        Event::Store(account, answer) => {
            state.with_account(account, &mut effects, |cx| on_store_answer(cx, answer));
        }
        Event::Tick => {
            for id in state.accounts.ids() {
                state.with_account(id, &mut effects, on_tick);
            }
        }
    }
    effects
}

/// Sets the title of the window if it has changed, and an empty one if the user does not want any.
fn update_window_title(state: &mut State, effects: &mut Vec<Effect>) {
    let title = if state.options.window_title { window_title(state) } else { String::new() };
    if title != state.ui.window_title {
        state.ui.window_title.clone_from(&title);
        effects.push(Effect::WindowTitle(title));
    }
}

fn hidden_accounts(state: &State) -> Vec<AccountId> {
    state.accounts.iter().map(|account| account.id).filter(|id| *id != state.ui.shown).collect()
}

fn on_server_event(cx: &mut Context<'_>, event: ServerEvent) {
    let focused = focused_room(cx);
    let change = flush::record_server_event(cx, &event);
    let search_change = search::change_of(cx.scene(), &event);
    dispatch::on_server(cx, event);
    if let Some(search_change) = search_change {
        search::after_event(cx, &search_change);
    }
    queue::advance(cx);
    keep_focused_room(cx, focused);
    after_event(cx, change);
}

fn on_rejected_request(cx: &mut Context<'_>, request: Request) {
    let focused = focused_room(cx);
    dispatch::on_request_rejected(cx, request);
    queue::advance(cx);
    keep_focused_room(cx, focused);
    after_event(cx, ChangeKind::Tracked);
}

fn on_store_answer(cx: &mut Context<'_>, answer: Answer) {
    let focused = focused_room(cx);
    store::on_store(cx, answer);
    queue::advance(cx);
    keep_focused_room(cx, focused);
    after_event(cx, ChangeKind::Tracked);
}

fn on_tick(cx: &mut Context<'_>) {
    let focused = focused_room(cx);
    let change = tick::on_tick(cx);
    queue::advance(cx);
    keep_focused_room(cx, focused);
    after_event(cx, change);
}

/// Follow-up after a key, a paste or a click, any of which may have changed a draft.
fn after_input(cx: &mut Context<'_>) {
    after_event(cx, ChangeKind::Drafts);
}

/// Follow-up after an event that concerns the screen only.
fn after_screen(cx: &mut Context<'_>) {
    after_event(cx, ChangeKind::Tracked);
}

/// Follow-up after every event: closes an empty deleted room, keeps the focus valid and passes changes to the store.
fn after_event(cx: &mut Context<'_>, change: ChangeKind) {
    deleted_rooms::remove_if_empty(cx);
    keep_focus(cx);
    completion::close_if_outdated(cx);
    notifications::withdraw_finished(cx);
    flush::after_event(cx, change);
}

/// Returns the room that has the focus in the room list.
fn focused_room(cx: &Context<'_>) -> Option<RoomId> {
    match cx.ui.focus {
        Focus::Rooms(place) => cx.account.rooms.at(place).map(|room| room.info.id.clone()),
        Focus::Composer | Focus::Message(_) => None,
    }
}

/// Keeps the focus on `room` after an event has moved it in the list.
fn keep_focused_room(cx: &mut Context<'_>, room: Option<RoomId>) {
    if let Some(place) = room.and_then(|room| cx.account.rooms.index_of(&room))
        && let Focus::Rooms(_) = cx.ui.focus
    {
        cx.ui.focus = Focus::Rooms(place);
    }
}

/// Resets the focus to the composer if the selected message or the focused room no longer exists.
fn keep_focus(cx: &mut Context<'_>) {
    let is_valid = match cx.ui.focus {
        Focus::Composer => true,
        Focus::Message(slot) => cx.open_room().is_some_and(|room| room.timeline.position(slot).is_some()),
        Focus::Rooms(place) => place < cx.account.rooms.len().max(1),
    };
    if !is_valid {
        cx.ui.focus = Focus::Composer;
    }
}
