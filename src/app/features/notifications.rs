//! Notifications: which messages and calls the user is told about while looking elsewhere.
//!
//! Only what is received live counts, never what is fetched. Messages wait for a moment, so that a burst causes a single
//! notification, and so that none appears for what is read meanwhile. How a notification is shown is not decided here.

use crate::app::effect::{Effect, Notification, NotificationFacts};
use crate::app::model::account::Account;
use crate::app::model::call::Call;
use crate::app::model::context::{Context, Scene};
use crate::app::model::notifications::{NotificationSubject, WaitingRoom};
use crate::app::model::timers::AccountTimer;
use crate::config::{DesktopNotifications, NotificationRules, NotifyContent};
use crate::domain::{MINUTE, Message, Room, RoomId, SECOND, Slot, Timestamp};
use crate::text::{own_words, visible_text};

/// Milliseconds for which a message waits for others.
const BURST: i64 = 400;

/// Minimum number of milliseconds between two notifications.
const MIN_INTERVAL: i64 = 5 * SECOND;

/// Age in milliseconds beyond which a message is old news, although it has just been received.
const MAX_AGE: i64 = 5 * MINUTE;

/// Maximum width of the title of a notification, in cells.
const TITLE_CELLS: usize = 80;

/// Maximum width of the text of a notification, in cells.
const BODY_CELLS: usize = 200;

/// Maximum number of rooms that a notification names.
const NAMED_ROOMS: usize = 4;

/// Title of a notification that reveals nothing.
const PROGRAM: &str = "minchat-tui";

/// Handles a message that somebody else has just sent: it waits to be notified about if the user wants that.
pub(in crate::app) fn on_message(cx: &mut Context<'_>, room: &RoomId, slot: Slot, is_mention: bool) {
    let Some(known) = cx.account.rooms.get(room) else { return };
    let message = known.timeline.get(slot);
    if message.kind.is_system() || message.deleted || !is_wanted(cx.scene(), known, message.sent_at, is_mention) {
        return;
    }
    let new = WaitingRoom {
        room: room.clone(),
        count: 1,
        is_mention,
        sender: cx.account.label_of(&message.author).to_string(),
        text: line_of(cx.scene(), message),
    };
    cx.account.notifications.add(new);
    // After the clock was set back, the last notification may be in the future.
    let last = cx.account.notifications.last_sent.filter(|last| *last <= cx.now);
    let at = last.map_or(cx.now + BURST, |last| (last + MIN_INTERVAL).max(cx.now + BURST));
    cx.account.timers.set_once(AccountTimer::Notify, at);
}

/// Whether the user wants to be notified about a new message of a room.
fn is_wanted(scene: Scene<'_>, room: &Room, sent_at: Timestamp, is_mention: bool) -> bool {
    let rules = &scene.account.profile.notifications;
    let level = room.info.settings.notify.unwrap_or(rules.level);
    let is_recent = scene.server_time() - sent_at <= MAX_AGE;
    is_recent
        && level.includes(scene.account.is_shown_as_direct(room), is_mention)
        && !room.is_muted()
        && (is_mention || !room.is_hidden())
        && !is_in_view(scene, &room.info.id)
        && !is_quiet(scene)
}

/// Whether the user is looking at a room.
fn is_in_view(scene: Scene<'_>, room: &RoomId) -> bool {
    scene.has_focus() && scene.is_open(room)
}

/// Whether the user wants silence at this time of the day.
fn is_quiet(scene: Scene<'_>) -> bool {
    let Some(hours) = scene.account.profile.notifications.quiet_hours else { return false };
    let at = scene.now.zoned(&scene.options.times.zone);
    let minute = u16::try_from(i32::from(at.hour()) * 60 + i32::from(at.minute())).unwrap_or_default();
    hours.include(minute)
}

/// Returns a message as one line without markup, and without what it quotes.
fn line_of(scene: Scene<'_>, message: &Message) -> String {
    match &message.attachment {
        Some(file) if message.text.is_empty() => file.summary(),
        _ => visible_text(own_words(&message.text), scene.text_format()).into_owned(),
    }
}

/// Notifies about the messages that have waited long enough and are still unread.
pub(in crate::app) fn send_waiting(cx: &mut Context<'_>) {
    let mut waiting = cx.account.notifications.take_waiting();
    waiting.retain(|waiting| {
        let is_unread = cx.account.rooms.get(&waiting.room).is_some_and(|room| room.unread().any());
        is_unread && !is_in_view(cx.scene(), &waiting.room)
    });
    if waiting.is_empty() {
        return;
    }
    let facts = facts(cx.scene(), &waiting);
    let rooms = waiting.into_iter().map(|waiting| waiting.room).collect();
    emit(cx, facts, NotificationSubject::Rooms(rooms), true);
}

/// Notifies about a call that has just begun to ring, also if its room is in view, because it soon ends.
pub(in crate::app) fn on_call(cx: &mut Context<'_>) {
    let Some(call) = cx.account.call.as_ref().filter(|call| call.is_ringing()) else { return };
    let rules = &cx.account.profile.notifications;
    let room = cx.account.rooms.get(&call.room);
    let level = room.and_then(|room| room.info.settings.notify).unwrap_or(rules.level);
    if !level.includes(true, false) || room.is_some_and(Room::is_muted) || is_quiet(cx.scene()) {
        return;
    }
    let what = format!("Incoming {}", call.kind_name());
    let (title, body) = match rules.content {
        NotifyContent::Full | NotifyContent::Sender => (format!("{what} from {}", call.peer_name), String::new()),
        NotifyContent::None => (PROGRAM.to_owned(), what),
    };
    let caller = Some(call.peer_name.clone()).filter(|_| rules.content != NotifyContent::None);
    let facts = NotificationFacts {
        profile: cx.account.profile.label().to_owned(),
        is_call: true,
        count: 0,
        is_mention: false,
        is_direct: true,
        rooms: caller.clone().into_iter().collect(),
        sender: caller,
        text: None,
        title: cx.options.terminal_line(&title, TITLE_CELLS),
        body: cx.options.terminal_line(&body, BODY_CELLS),
    };
    // The call bar is on screen, whatever room is open. The screen of an account that is not shown has no focus.
    let is_seen = cx.scene().has_focus();
    emit(cx, facts, NotificationSubject::Call, !is_seen);
}

/// Withdraws the notifications about what the user has read, and about a call that rings no more.
pub(in crate::app) fn withdraw_finished(cx: &mut Context<'_>) {
    if !cx.account.notifications.has_shown() {
        return;
    }
    let Account { notifications, rooms, call, id, .. } = &mut *cx.account;
    let is_ringing = call.as_ref().is_some_and(Call::is_ringing);
    let finished = notifications.take_finished(|subject| match subject {
        NotificationSubject::Rooms(about) => {
            !about.iter().any(|room| rooms.get(room).is_some_and(|room| room.unread().any()))
        }
        NotificationSubject::Call => !is_ringing,
    });
    debug_assert!(finished.iter().all(|finished| finished.account == *id), "ids name their account");
    cx.effects.extend(finished.into_iter().map(Effect::WithdrawNotification));
}

/// Withdraws all notifications of an account that is closed.
pub(in crate::app) fn withdraw_all(cx: &mut Context<'_>) {
    let shown = cx.account.notifications.take_finished(|_| true);
    cx.effects.extend(shown.into_iter().map(Effect::WithdrawNotification));
}

/// Sends a notification through every channel of the account.
fn emit(cx: &mut Context<'_>, mut facts: NotificationFacts, subject: NotificationSubject, shows: bool) {
    let NotificationRules { bell, desktop, command, .. } = cx.account.profile.notifications.clone();
    cx.account.notifications.last_sent = Some(cx.now);
    if let Some(profile) = cx.scene().profile_label() {
        facts.title = cx.options.terminal_line(&format!("{profile}: {}", facts.title), TITLE_CELLS);
    }
    if bell {
        cx.effects.push(Effect::Bell);
    }
    if shows && desktop != DesktopNotifications::Off {
        let id = cx.account.notifications.show(cx.account.id, subject);
        let (title, body, is_urgent) = (facts.title.clone(), facts.body.clone(), facts.is_call);
        cx.effects.push(Effect::ShowNotification(Notification { id, title, body, is_urgent, channel: desktop }));
    }
    if !command.is_empty() {
        cx.effects.push(Effect::NotifyCommand(command, Box::new(facts)));
    }
}

/// Describes new messages, as far as the user allows.
fn facts(scene: Scene<'_>, waiting: &[WaitingRoom]) -> NotificationFacts {
    let (account, line) = (scene.account, |text: &str, cells| scene.options.terminal_line(text, cells));
    let content = account.profile.notifications.content;
    let count: u32 = waiting.iter().map(|waiting| waiting.count).sum();
    let rooms: Vec<&Room> = waiting.iter().filter_map(|waiting| account.rooms.get(&waiting.room)).collect();
    let is_mention = waiting.iter().any(|waiting| waiting.is_mention);
    let is_direct = rooms.iter().all(|room| account.is_shown_as_direct(room));
    let titles: Vec<String> = rooms.iter().map(|room| account.room_label(room).to_string()).collect();
    let messages = match (count, is_mention) {
        (1, true) => "New message that mentions you".to_owned(),
        (1, false) => "New message".to_owned(),
        (count, true) => format!("{count} new messages, with a mention of you"),
        (count, false) => format!("{count} new messages"),
    };
    let (title, body) = match (waiting, content) {
        (_, NotifyContent::None) => (PROGRAM.to_owned(), messages),
        ([only], content) => {
            let room = titles.first().filter(|_| !is_direct).map(|room| format!(" in {room}"));
            let title = format!("{}{}", only.sender, room.unwrap_or_default());
            let body = match (content, only.count) {
                (NotifyContent::Full, 1) => only.text.clone(),
                (NotifyContent::Full, _) => format!("{messages}: {}", only.text),
                _ => messages,
            };
            (title, body)
        }
        (several, _) => {
            let more = several.len().saturating_sub(NAMED_ROOMS);
            let named = titles.iter().take(NAMED_ROOMS).cloned().collect::<Vec<_>>().join(", ");
            (messages, if more > 0 { format!("{named} and {more} more") } else { named })
        }
    };
    let last = waiting.last();
    NotificationFacts {
        profile: account.profile.label().to_owned(),
        is_call: false,
        count,
        is_mention,
        is_direct,
        rooms: if content == NotifyContent::None { Vec::new() } else { titles },
        sender: last.map(|last| last.sender.clone()).filter(|_| content != NotifyContent::None),
        text: last.map(|last| line(&last.text, BODY_CELLS)).filter(|_| content == NotifyContent::Full),
        title: line(&title, TITLE_CELLS),
        body: line(&body, BODY_CELLS),
    }
}
