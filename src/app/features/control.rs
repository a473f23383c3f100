//! Commands of other programs, which arrive through the control socket.

use crate::app::effect::ControlCommand;
use crate::app::features::rooms::names::look_up;
use crate::app::features::rooms::open::open;
use crate::app::features::{jump, sending};
use crate::app::model::account::Account;
use crate::app::model::composer::MAX_TEXT;
use crate::app::model::context::{Context, Scene};
use crate::app::model::outbox::entry::OutboxEntry;
use crate::app::model::ui::Focus;
use crate::domain::{Content, LocalId, RoomId, RoomLookup, ServerEvent, format_limit};
use crate::text::SafeText;

/// Maximum number of rooms with the same name that a refusal lists.
const MAX_CANDIDATES: usize = 10;

/// Returns why a command cannot be carried out now, as a sentence; `None` if it can.
pub fn control_problem(scene: Scene<'_>, command: &ControlCommand) -> Option<String> {
    match command {
        ControlCommand::Open(name) => find(scene.account, name).err(),
        ControlCommand::Send(..) if scene.account.me.is_none() => Some("Not signed in yet.".to_owned()),
        ControlCommand::Send(name, text) => {
            let room = match name {
                Some(name) => find(scene.account, name).map(|id| scene.account.rooms.get(&id)),
                None => Ok(scene.open_room()),
            };
            match room {
                Ok(Some(room)) => text_problem(scene, text).or_else(|| scene.closed_reason_of(room)),
                Ok(None) => Some("No room is open.".to_owned()),
                Err(problem) => Some(problem),
            }
        }
        ControlCommand::Select(message) => {
            let is_loaded = scene.open_room().is_some_and(|room| room.timeline.find(message).is_some());
            (!is_loaded).then(|| "The open room has no loaded message with this id.".to_owned())
        }
    }
}

/// Returns why a text cannot be sent, in any room.
fn text_problem(scene: Scene<'_>, text: &str) -> Option<String> {
    if text.trim().is_empty() {
        Some("The text is empty.".to_owned())
    } else if text.len() > MAX_TEXT {
        Some(format!("A text may have at most {}.", format_limit(MAX_TEXT as u64)))
    } else {
        scene.account.outbox.full_reason()
    }
}

/// Returns the entry of the outbox that was queued last.
pub fn newest_entry(scene: Scene<'_>) -> Option<LocalId> {
    scene.account.outbox.iter().last().map(OutboxEntry::local)
}

/// Whether other programs may be told about an event before it is applied. The client ignores messages, edits and
/// deletions whose author or room is not the known one; the handlers of the server's events log why.
pub fn is_credible(account: &Account, event: &ServerEvent) -> bool {
    if let ServerEvent::Message(info) = event {
        return !account.is_for_left_room(info) && account.other_author(&info.room, &info.id, &info.author).is_none();
    }
    event.message_change().is_none_or(|change| account.is_credible(&change))
}

/// Carries out a command. Nothing happens if it is not possible.
pub(in crate::app) fn on_command(cx: &mut Context<'_>, command: ControlCommand) {
    if control_problem(cx.scene(), &command).is_some() {
        return;
    }
    match command {
        ControlCommand::Open(name) => {
            if let Ok(room) = find(cx.account, &name) {
                cx.ui.overlay = None;
                open(cx, &room);
            }
        }
        ControlCommand::Send(name, text) => {
            let room = match name {
                Some(name) => find(cx.account, &name).ok(),
                None => cx.ui.open.clone(),
            };
            if let Some(room) = room {
                let shown = SafeText::block(&text);
                sending::enqueue_message(cx, &room, shown, Content::text(text), |message| message);
            }
        }
        ControlCommand::Select(message) => {
            let found = cx.open_room().and_then(|room| Some((room.info.id.clone(), room.timeline.find(&message)?)));
            if let Some((room, slot)) = found {
                cx.ui.overlay = None;
                jump::jump_to(cx, &room, &message);
                cx.ui.focus = Focus::Message(slot);
            }
        }
    }
}

/// Finds the room that a program has named. Fails with a sentence.
fn find(account: &Account, name: &str) -> Result<RoomId, String> {
    let shown = SafeText::line(name);
    match look_up(account, name) {
        RoomLookup::Found(room) => Ok(room.clone()),
        RoomLookup::Unknown => Err(format!("No room of this profile has the id or title `{shown}`.")),
        RoomLookup::Ambiguous(rooms) => {
            let candidates: Vec<String> = rooms.iter().take(MAX_CANDIDATES).map(ToString::to_string).collect();
            let more = if rooms.len() > MAX_CANDIDATES { ", …" } else { "" };
            let candidates = candidates.join(", ");
            Err(format!("Several rooms are called `{shown}`. Name one of them by its id: {candidates}{more}."))
        }
    }
}
