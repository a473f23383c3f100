//! Commands of other programs, which arrive through the control socket.

use crate::app::effect::ControlCommand;
use crate::app::features::rooms::open::{find_by_name, open};
use crate::app::features::{jump, sending};
use crate::app::model::account::Account;
use crate::app::model::context::{Context, Scene};
use crate::app::model::ui::Focus;
use crate::domain::{Content, RoomId};
use crate::text::SafeText;

/// Returns why a command cannot be carried out now, as a sentence; `None` if it can.
pub fn control_problem(scene: Scene<'_>, command: &ControlCommand) -> Option<String> {
    let unknown = |room: &str| format!("No room of this profile has the id or title `{}`.", SafeText::line(room));
    match command {
        ControlCommand::Open(room) => find(scene.account, room).is_none().then(|| unknown(room)),
        ControlCommand::Send(..) if scene.account.me.is_none() => Some("Not signed in yet.".to_owned()),
        ControlCommand::Send(Some(room), _) => find(scene.account, room).is_none().then(|| unknown(room)),
        ControlCommand::Send(None, _) => scene.open_room().is_none().then(|| "No room is open.".to_owned()),
        ControlCommand::Select(message) => {
            let is_loaded = scene.open_room().is_some_and(|room| room.timeline.find(message).is_some());
            (!is_loaded).then(|| "The open room has no loaded message with this id.".to_owned())
        }
    }
}

/// Carries out a command. Nothing happens if it is not possible.
pub(in crate::app) fn on_command(cx: &mut Context<'_>, command: ControlCommand) {
    match command {
        ControlCommand::Open(name) => {
            if let Some(room) = find(cx.account, &name) {
                cx.ui.overlay = None;
                open(cx, &room);
            }
        }
        ControlCommand::Send(name, text) => {
            let room = match name {
                Some(name) => find(cx.account, &name),
                None => cx.ui.open.clone(),
            };
            if let Some(room) = room.filter(|_| !text.trim().is_empty()) {
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

/// Finds a room by its id, or else by its title.
fn find(account: &Account, name: &str) -> Option<RoomId> {
    let id = RoomId::new(name);
    if account.rooms.get(&id).is_some() { Some(id) } else { find_by_name(account, name) }
}
