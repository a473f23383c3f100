//! Entry point for events.
//!
//! `update` dispatches an event to its handler, then runs the follow-up work that every event needs. Besides it, only
//! [`layout`] changes the state: before a frame it brings up to date what depends on the size of the screen.

use crate::app::deadline::screen_changes_at;
use crate::app::effect::{ConfigTrigger, Effect};
use crate::app::event::Event;
use crate::app::features::outbox::queue;
use crate::app::features::persistence::flush;
use crate::app::features::persistence::flush::ChangeKind;
use crate::app::features::rooms::{listing, navigation};
use crate::app::features::unread::ReadRooms;
use crate::app::features::{
    bundle, completion, control, deleted_rooms, downloads, export, external_editor, files, inspector, key_test, links,
    notifications, pastes, pictures, profiles, quit, refused_command, reload, search, settings, typing, unread,
};
use crate::app::handlers::key::Touched;
use crate::app::handlers::server::dispatch;
use crate::app::handlers::{action, clock_rollback, frame, key, line, mouse, search_elsewhere, store, tick};
use crate::app::layout::layout;
use crate::app::model::context::Context;
use crate::app::model::mentions::Mentions;
use crate::app::model::state::State;
use crate::app::model::terminal::Damage;
use crate::app::model::timers::Timer;
use crate::app::model::ui::{Focus, ListPosition, Place, Transition};
use crate::app::window_title::window_title;
use crate::domain::{AccountId, Request, RoomId, ServerEvent, Timestamp};
use crate::input::{Action, Mouse, MouseKind};
use crate::store::Answer;

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
            Some((account, action)) => state.with_account(account, &mut effects, |cx| {
                action::run(cx, action);
                after_screen(cx);
            }),
            None => state.with_shown(&mut effects, |cx| {
                if key::on_key(cx, key) == Touched::Composer {
                    cx.terminal.damage = damage.max(Damage::Composer);
                }
                after_input(cx);
            }),
        },
        Event::Bytes(bytes) => state.with_shown(&mut effects, |cx| key_test::on_bytes(cx, &bytes)),
        Event::Line(text) => state.with_shown(&mut effects, |cx| {
            line::on_line(cx, &text);
            after_input(cx);
        }),
        Event::Paste(text) => state.with_shown(&mut effects, |cx| {
            key_test::forget_bytes(cx);
            key::on_paste(cx, &text);
            after_input(cx);
        }),
        Event::Mouse(mouse) => on_mouse(state, &mut effects, mouse),
        Event::Resize(size) => {
            state.terminal.size = size;
            state.with_shown(&mut effects, after_screen);
        }
        Event::Focus(focused) => {
            state.terminal.focused = focused;
            state.with_shown(&mut effects, |cx| {
                key_test::forget_bytes(cx);
                after_screen(cx);
            });
        }
        Event::Background(background) => {
            state.terminal.background = Some(background);
            state.options.adapt_to(background);
            state.with_shown(&mut effects, key_test::forget_bytes);
        }
        Event::Wire(increment) => state.with_shown(&mut effects, |cx| {
            inspector::on_records(cx, increment);
            after_screen(cx);
        }),
        Event::FrameDrawn => {
            state.with_shown(&mut effects, |cx| {
                frame::on_drawn(cx);
                after_screen(cx);
            });
            for id in other_accounts(state) {
                if state.is_on_screen(id) {
                    state.with_account(id, &mut effects, |cx| {
                        frame::on_drawn(cx);
                        after_screen(cx);
                    });
                    continue;
                }
                let listed = frame::listed_rooms(state.scene(), id);
                state.with_account(id, &mut effects, |cx| frame::on_drawn_hidden(cx, &listed));
            }
            if damage == Damage::Everything {
                update_window_title(state, &mut effects);
            }
        }
        Event::BundleReady(contents) => state.with_shown(&mut effects, |cx| {
            bundle::on_ready(cx, contents);
            after_screen(cx);
        }),
        Event::Control(command) => state.with_shown(&mut effects, |cx| {
            control::on_command(cx, command);
            queue::advance(cx);
            after_input(cx);
        }),
        Event::Notice(sentence) => state.with_shown(&mut effects, |cx| {
            cx.notify(sentence);
            after_screen(cx);
        }),
        Event::LinkNotOpened(address, reason) => state.with_shown(&mut effects, |cx| {
            links::on_not_opened(cx, address, &reason);
            after_screen(cx);
        }),
        Event::CommandRefused(line, reason) => state.with_shown(&mut effects, |cx| {
            refused_command::on_refused(cx, &line, &reason);
            after_screen(cx);
        }),
        Event::ConfigLoaded(trigger, loaded) => {
            let is_late = matches!(&trigger, ConfigTrigger::Try(new) if !settings::is_wanted(state.ui.box_ref(), new));
            if is_late {
                return effects;
            }
            if let Ok(reloaded) = &loaded {
                state.options.apply(&reloaded.settings);
                for settings in reloaded.settings.profiles() {
                    let account = state.accounts.iter_mut().find(|account| account.profile.name == settings.profile);
                    if let Some(account) = account {
                        account.profile.call_command.clone_from(&settings.call_command);
                        account.profile.notifications.clone_from(&settings.notifications);
                        // A value that is only tried must not tell others anything.
                        if !matches!(trigger, ConfigTrigger::Try(_)) {
                            (account.profile.seen, account.profile.hides_typing) = (settings.seen, !settings.typing);
                        }
                    }
                }
                state.terminal.background.into_iter().for_each(|background| state.options.adapt_to(background));
                // They are derived anew, with the present words.
                state.accounts.iter_mut().for_each(|account| account.mentions = Mentions::default());
            }
            for id in state.accounts.ids() {
                state.with_account(id, &mut effects, typing::stop_if_hidden);
            }
            // With other options the rows are others.
            state.parked_mut().iter_mut().for_each(|ui| ui.pane.forget_rows());
            state.with_shown(&mut effects, |cx| {
                reload::on_loaded(cx, trigger, loaded);
                after_screen(cx);
            });
        }
        Event::Server(account, ServerEvent::Paused(None)) => state.end_pause_notice(account),
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
        Event::ProfileAdded(name) => profiles::on_added(&mut effects, name),
        Event::ProfileOpened(opened) => {
            let known = state.accounts.iter().find(|account| account.profile.name == opened.profile.name);
            let id = known.map(|account| account.id);
            let id = id.unwrap_or_else(|| state.open_account(*opened));
            go(state, &mut effects, id, Place::Last);
            effects.push(remember_profiles(state));
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
    match state.ui.transition.take() {
        Some(Transition::Go(account, place)) => go(state, &mut effects, account, place),
        Some(Transition::Close(account)) => close(state, &mut effects, account),
        Some(Transition::ChangeRoom(account, room, action)) => state.with_account(account, &mut effects, |cx| {
            listing::change(cx, room, action);
            after_screen(cx);
        }),
        Some(Transition::ReadAll) => read_all(state, &mut effects),
        None => {}
    }
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
        go(state, effects, tile, Place::Last);
    }
    let is_wheel = matches!(mouse.kind, MouseKind::WheelUp | MouseKind::WheelDown);
    let account = tile.filter(|_| is_wheel).unwrap_or(state.ui.shown);
    state.with_account(account, effects, |cx| {
        key_test::forget_bytes(cx);
        mouse::on_mouse(cx, mouse);
        // The tile may have been scrolled to the message that was selected in another one.
        if let Some(slot) = cx.ui.selected().filter(|_| clicked.is_some()) {
            cx.ui.pane.reveal = Some(slot);
        }
        after_input(cx);
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

/// Shows another account and goes to a place in it. Without a place that still exists, its last room is shown.
fn go(state: &mut State, effects: &mut Vec<Effect>, account: AccountId, place: Place) {
    if state.accounts.get(account).is_none() {
        return;
    }
    let is_hidden = !state.is_on_screen(account);
    if account != state.ui.shown {
        state.with_shown(effects, |cx| {
            settings::abandon(cx);
            if is_hidden {
                bundle::abandon(cx);
                navigation::leave_account(cx);
            }
            after_input(cx);
        });
        state.show(account);
    }
    state.with_shown(effects, |cx| {
        // In a tile, the user is where they left it.
        if is_hidden || place != Place::Last {
            navigation::arrive(cx, place);
        }
        if is_hidden {
            unread::come_back(cx);
        }
        after_input(cx);
    });
}

/// Marks all rooms of all accounts as read.
fn read_all(state: &mut State, effects: &mut Vec<Effect>) {
    let mut read = ReadRooms::default();
    let ids: Vec<AccountId> = state.scene().accounts().map(|account| account.id).collect();
    for id in ids {
        state.with_account(id, effects, |cx| {
            unread::mark_account_read(cx, &mut read);
            after_screen(cx);
        });
    }
    state.with_shown(effects, |cx| cx.notify(read.sentence()));
}

fn other_accounts(state: &State) -> Vec<AccountId> {
    state.accounts.iter().map(|account| account.id).filter(|id| *id != state.ui.shown).collect()
}

/// Closes an account, unless text would be lost. Nothing of it is on screen afterwards.
fn close(state: &mut State, effects: &mut Vec<Effect>, account: AccountId) {
    let is_shown = account == state.ui.shown;
    let scene = state.scene();
    let Some(closing) = scene.all_accounts().find(|other| other.id == account) else { return };
    let name = closing.profile.name.clone();
    let next = scene.all_accounts().map(|other| other.id).find(|other| *other != account);
    let refusal = match next {
        None => {
            let key = state.options.keymap.shown(Action::Quit);
            Some(format!("{name} is the only open profile. Press {key} to quit."))
        }
        Some(_) if quit::loses_text(scene, closing) => {
            Some(format!("{name} has text that is not saved. Send or delete it, then close the profile."))
        }
        Some(next) => {
            let call = quit::end_of_call(closing);
            if is_shown {
                go(state, effects, next, Place::Last);
            }
            effects.extend(call);
            state.with_account(account, effects, |cx| {
                let _abandoned = export::collect::abandon(cx);
                downloads::cancel_all(cx);
                notifications::withdraw_all(cx);
                flush::write_everything(cx);
            });
            state.close_account(account);
            effects.extend([Effect::CloseProfile(account), remember_profiles(state)]);
            None
        }
    };
    let sentence = refusal.unwrap_or_else(|| format!("The profile {name} is closed."));
    state.with_shown(effects, |cx| {
        cx.notify(sentence);
        after_screen(cx);
    });
}

fn remember_profiles(state: &State) -> Effect {
    Effect::RememberProfiles(state.accounts.iter().map(|account| account.profile.name.clone()).collect())
}

fn on_server_event(cx: &mut Context<'_>, event: ServerEvent) {
    let change = flush::record_server_event(cx, &event);
    export::amendments::record(cx, &event);
    let search_change = search::change_of(cx.scene(), &event);
    dispatch::on_server(cx, event);
    if let Some(search_change) = search_change {
        search::after_event(cx, &search_change);
    }
    queue::advance(cx);
    after_event(cx, change);
}

fn on_rejected_request(cx: &mut Context<'_>, request: Request) {
    dispatch::on_request_rejected(cx, request);
    queue::advance(cx);
    after_event(cx, ChangeKind::Tracked);
}

fn on_store_answer(cx: &mut Context<'_>, answer: Answer) {
    // What was typed before the stored drafts were known has not been written yet.
    let change = if matches!(answer, Answer::Loaded(_)) { ChangeKind::Drafts } else { ChangeKind::Tracked };
    store::on_store(cx, answer);
    queue::advance(cx);
    after_event(cx, change);
}

/// Returns whether silent timers have changed the screen after all.
fn on_tick(cx: &mut Context<'_>) -> bool {
    let notice_expires_at = cx.terminal.timers.get(Timer::NoticeExpires);
    let ticked = tick::on_tick(cx);
    queue::advance(cx);
    after_event(cx, ticked.change);
    ticked.has_read || cx.terminal.timers.get(Timer::NoticeExpires) != notice_expires_at
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
    if cx.ui.overlay.is_none() {
        // The next box may be opened by something else than a key.
        cx.ui.opened_by = None;
    }
    keep_focus(cx);
    completion::close_if_outdated(cx);
    notifications::withdraw_finished(cx);
    flush::after_event(cx, change);
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

/// Resets the focus to the composer if the selected message no longer exists, and to the last row of the room list if
/// the list has become shorter.
fn keep_focus(cx: &mut Context<'_>) {
    match cx.ui.focus {
        Focus::Composer => {}
        Focus::Message(slot) => {
            if cx.open_room().is_none_or(|room| room.timeline.position(slot).is_none()) {
                cx.ui.focus = Focus::Composer;
            }
        }
        Focus::Rooms(number) => cx.ui.focus = Focus::Rooms(number.min(cx.scene().list_len().saturating_sub(1))),
    }
}
