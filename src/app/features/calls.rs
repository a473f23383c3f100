//! Ringing, answering, hanging up.

use crate::app::effect::Effect;
use crate::app::features::notes::note;
use crate::app::model::call::{Call, CallStage, RING_TIMEOUT};
use crate::app::model::context::{Context, Scene};
use crate::app::overlays::list::{List, ListKind};
use crate::app::overlays::overlay::Overlay;
use crate::domain::{CallId, Request, RoomId, RoomKind};

/// Rings the other side of the open chat.
pub(in crate::app) fn start(cx: &mut Context<'_>, video: bool) {
    let Some(room) = cx.open_room() else {
        cx.notify_no_room();
        return;
    };
    let two = match room.info.kind {
        RoomKind::Direct => true,
        RoomKind::Unknown => cx.account.me.as_ref().is_some_and(|me| room.peer(me).is_some()),
        RoomKind::Group | RoomKind::Broadcast | RoomKind::Order => false,
    };
    let room = room.info.id.clone();
    if let Some(call) = cx.account.call.as_ref().filter(|call| call.is_shown()) {
        let hang_up = cx.options.keymap.shown(crate::input::Action::HangUp);
        cx.notify(format!("There is already a call with {}. Press {hang_up} to hang up.", call.peer_name));
    } else if !two {
        cx.notify("Calls work only in direct messages. Open one with /dm USER.");
    } else {
        let stage = CallStage::Outgoing(cx.now + RING_TIMEOUT);
        cx.account.call =
            Some(Call { id: None, peer_name: name_in(cx.scene(), &room), room: room.clone(), video, stage });
        cx.request(Request::StartCall { room, video });
    }
}

/// What the other side of a room is called.
pub(in crate::app) fn name_in(scene: Scene<'_>, room: &RoomId) -> String {
    scene.account.rooms.get(room).map_or_else(|| "Unknown user".to_owned(), |room| room.info.title.to_string())
}

/// Takes the call that rings.
pub(in crate::app) fn accept(cx: &mut Context<'_>) {
    let ringing = cx.account.call.as_mut().filter(|call| matches!(call.stage, CallStage::Incoming(_)));
    let Some((id, call)) = ringing.and_then(|call| Some((call.id.clone()?, call))) else {
        cx.notify("There is no incoming call.");
        return;
    };
    call.stage = CallStage::Accepting(cx.now + RING_TIMEOUT);
    cx.request(Request::AcceptCall { call: id });
}

/// Refuses the call that rings.
pub(in crate::app) fn reject(cx: &mut Context<'_>) {
    let Some(call) = cx.account.call.take_if(|call| matches!(call.stage, CallStage::Incoming(_))) else {
        cx.notify("There is no incoming call.");
        return;
    };
    cx.account.left_call.clone_from(&call.id);
    let sentence = format!("You declined the {} from {}.", call.kind_name(), call.peer_name);
    cx.effects.extend(call.id.map(|call| cx.account.request(Request::RejectCall { call })));
    cx.notify(sentence);
}

/// Hangs up, or gives up ringing.
pub(in crate::app) fn hang_up(cx: &mut Context<'_>) {
    let Some(call) = cx.account.call.as_mut().filter(|call| call.is_shown()) else {
        cx.notify("There is no call to hang up.");
        return;
    };
    match (&call.id, call.stage) {
        (_, CallStage::Incoming(_)) => reject(cx),
        (None, _) => {
            // The server has not said yet what the call is called: it is ended as soon as it has.
            call.stage = CallStage::Canceling(cx.now + RING_TIMEOUT);
            let (room, sentence) = (call.room.clone(), format!("You canceled the call to {}", call.peer_name));
            note(cx, &room, &sentence);
            cx.notify(format!("{sentence}."));
        }
        (Some(id), _) => {
            let request = Request::EndCall { call: id.clone() };
            cx.account.left_call = Some(id.clone());
            let (rang, room) = (matches!(call.stage, CallStage::Outgoing(_)), call.room.clone());
            let sentence = if rang {
                format!("You canceled the call to {}.", call.peer_name)
            } else {
                format!("You ended the {} with {}.", call.kind_name(), call.peer_name)
            };
            cx.account.call = None;
            cx.request(request);
            if rang {
                // The service says nothing of it in the room.
                note(cx, &room, sentence.trim_end_matches('.'));
            }
            cx.notify(sentence);
        }
    }
}

/// Shows the calls of the past.
pub(in crate::app) fn history(cx: &mut Context<'_>) {
    cx.ui.overlay = Some(Overlay::List(List::waiting(ListKind::Calls)));
    cx.request(Request::Calls);
}

/// Has the sound and picture of the call carried, by the program that was chosen for it; a terminal carries neither.
pub(in crate::app) fn carry(cx: &mut Context<'_>) {
    let Some(call) = &cx.account.call else { return };
    let Some(program) = cx.options.call_command.first().filter(|program| !program.is_empty()) else {
        cx.notify("A terminal has no sound or video. Set call_command to a program for calls.");
        return;
    };
    let id = call.id.as_ref().map(CallId::as_str).unwrap_or_default();
    let video = if call.video { "true" } else { "false" };
    let values = [
        ("{room}", call.room.as_str()),
        ("{call}", id),
        ("{url}", cx.account.profile.url.as_str()),
        ("{name}", call.peer_name.as_str()),
        ("{video}", video),
    ];
    let arguments = cx.options.call_command.iter().skip(1).map(|argument| fill_in(argument, &values));
    // The program itself is the user's choice alone: nothing that a server says gets into its name.
    let argv: Vec<String> = std::iter::once(program.clone()).chain(arguments).collect();
    cx.notify(format!("Started {program} for the {}.", call.kind_name()));
    cx.effects.push(Effect::Spawn(argv));
}

/// Puts the values into one argument, each once: what a server chose is never looked through for placeholders itself,
/// and cannot turn an argument that stands for it into an option.
fn fill_in(argument: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(argument.len());
    let mut rest = argument;
    while let Some(c) = rest.chars().next() {
        if let Some((placeholder, value)) = values.iter().find(|(placeholder, _)| rest.starts_with(placeholder)) {
            out.push_str(if out.is_empty() { value.trim_start_matches('-') } else { value });
            rest = &rest[placeholder.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_filled_in_once_and_makes_no_option() {
        let values = [("{room}", "--{call}"), ("{call}", "c1")];
        assert_eq!(fill_in("{room}", &values), "{call}");
        assert_eq!(fill_in("--room={room}&call={call}", &values), "--room=--{call}&call=c1");
        assert_eq!(fill_in("{nothing}", &values), "{nothing}");
    }
}
